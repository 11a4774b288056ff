/* Tax on what partners are paid. Rates are never constants of the program: they stand in presets
   with the days between which they hold, which the company's tax adviser fills in, and each partner
   has dated standings that say which preset is theirs. */
#ifndef HANSA_LEDGER_TAX_H
#define HANSA_LEDGER_TAX_H

#include <stdint.h>

#include "base/money.h"

/*  X(symbol, "word", "what it says to people") */
#define HS_TAX_TABLE(X)                                                                            \
  X(HS_TAX_VAT, "vat", "value added tax is paid on top")                                           \
  X(HS_TAX_REVERSE_CHARGE, "reverse_charge", "the tax is owed by the payer: reverse charge")       \
  X(HS_TAX_SMALL_BUSINESS, "small_business", "no tax is charged: small business")                  \
  X(HS_TAX_PRIVATE, "private", "no tax is charged: not in business")

enum hs_tax_treatment {
#define HS_TAX_SYMBOL(symbol, word, says) symbol,
  HS_TAX_TABLE(HS_TAX_SYMBOL)
#undef HS_TAX_SYMBOL
      HS_TAX_TREATMENT_COUNT
};

const char *hs_tax_word(enum hs_tax_treatment treatment);
const char *hs_tax_says(enum hs_tax_treatment treatment);
[[nodiscard]] int hs_tax_parse(struct hs_str word, enum hs_tax_treatment *out);

/* What holds for partners of a country that are treated one way, on days from from_day up to but
   not including until_day (INT32_MAX: until something says otherwise). */
struct hs_tax_preset {
  struct hs_str country; /* two letters of ISO 3166 */
  enum hs_tax_treatment treatment;
  struct hs_decimal rate;        /* on top: 0.19; 0 unless the treatment is HS_TAX_VAT */
  struct hs_decimal withholding; /* kept back of what is paid before tax and sent to the tax
                                    office: 0.15 */
  int32_t from_day, until_day;
  struct hs_str note; /* what the law wants to be said on the document */
};

/* How a partner is treated on the days of its tax form: [from_day, until_day). */
struct hs_tax_standing {
  struct hs_str country;
  enum hs_tax_treatment treatment;
  int32_t from_day, until_day;
};

/* HS_INVALID names the first preset, by index, that is out of range: a country that is none, a rate
   below 0 or above 1, a rate on top where the treatment has none, no days at all, or days of which
   another preset of the same country and treatment holds one too. */
[[nodiscard]] enum hs_status hs_tax_presets_check(const struct hs_tax_preset *presets, size_t count,
                                                  struct hs_err *err);
/* The standing that holds on the day, the last one where several do (a form that was corrected);
   NULL when there is none: nobody knows how to pay this partner. */
const struct hs_tax_standing *hs_tax_standing_on(const struct hs_tax_standing *standings,
                                                 size_t count, int32_t day);
/* The preset of a standing on the day, or NULL. */
const struct hs_tax_preset *hs_tax_preset_on(const struct hs_tax_preset *presets, size_t count,
                                             const struct hs_tax_standing *standing, int32_t day);

struct hs_taxed {
  int64_t net_minor;      /* what was earned */
  int64_t tax_minor;      /* on top of it */
  int64_t withheld_minor; /* of net, for the tax office */
  int64_t paid_minor;     /* net + tax − withheld */
};
/* Each of the two rounded once, from net; net is 0 or more. HS_INVALID when a sum does not fit. */
[[nodiscard]] enum hs_status hs_tax_apply(const struct hs_tax_preset *preset, int64_t net_minor,
                                          enum hs_rounding rounding, struct hs_taxed *out,
                                          struct hs_err *err);

#endif
