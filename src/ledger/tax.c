#include "ledger/tax.h"

#include "ledger/bank.h"

static const struct {
  const char *word, *says;
} TREATMENTS[] = {
#define TREATMENT(symbol, word, says) {word, says},
    HS_TAX_TABLE(TREATMENT)
#undef TREATMENT
};

const char *hs_tax_word(enum hs_tax_treatment treatment) { return TREATMENTS[treatment].word; }
const char *hs_tax_says(enum hs_tax_treatment treatment) { return TREATMENTS[treatment].says; }

int hs_tax_parse(struct hs_str word, enum hs_tax_treatment *out)
{
  for (int t = 0; t < HS_TAX_TREATMENT_COUNT; t++)
    if (hs_str_equal(word, hs_str_of(TREATMENTS[t].word))) {
      *out = (enum hs_tax_treatment)t;
      return 1;
    }
  return 0;
}

/* ---- presets ---- */

static int is_share(struct hs_decimal rate)
{
  return hs_decimal_compare(rate, (struct hs_decimal){0, 0}) >= 0 &&
         hs_decimal_compare(rate, (struct hs_decimal){1, 0}) <= 0;
}

static int overlap(const struct hs_tax_preset *a, const struct hs_tax_preset *b)
{
  return a->treatment == b->treatment && hs_str_equal(a->country, b->country) &&
         a->from_day < b->until_day && b->from_day < a->until_day;
}

static enum hs_status check_preset(const struct hs_tax_preset *preset, size_t index,
                                   struct hs_err *err)
{
  if (!hs_is_country(preset->country))
    return hs_fail(err, HS_INVALID,
                   "preset %zu: the country must be two capital letters, got \"%.*s\"", index,
                   HS_STR_ARG(preset->country));
  if (!is_share(preset->rate) || !is_share(preset->withholding))
    return hs_fail(err, HS_INVALID, "preset %zu: rates are 0 to 1, such as 0.19 or 19%%", index);
  if (preset->treatment != HS_TAX_VAT && preset->rate.digits != 0)
    return hs_fail(err, HS_INVALID, "preset %zu: %s has no rate on top", index,
                   hs_tax_word(preset->treatment));
  if (preset->from_day >= preset->until_day)
    return hs_fail(err, HS_INVALID, "preset %zu ends before it begins", index);
  return HS_OK;
}

enum hs_status hs_tax_presets_check(const struct hs_tax_preset *presets, size_t count,
                                    struct hs_err *err)
{
  for (size_t p = 0; p < count; p++) {
    enum hs_status status = check_preset(&presets[p], p, err);
    if (status != HS_OK)
      return status;
    for (size_t before = 0; before < p; before++)
      if (overlap(&presets[before], &presets[p]))
        return hs_fail(err, HS_INVALID,
                       "presets %zu and %zu both hold for %s in %.*s on the same day", before, p,
                       hs_tax_word(presets[p].treatment), HS_STR_ARG(presets[p].country));
  }
  return HS_OK;
}

const struct hs_tax_standing *hs_tax_standing_on(const struct hs_tax_standing *standings,
                                                 size_t count, int32_t day)
{
  for (size_t s = count; s-- > 0;)
    if (standings[s].from_day <= day && day < standings[s].until_day)
      return &standings[s];
  return NULL;
}

const struct hs_tax_preset *hs_tax_preset_on(const struct hs_tax_preset *presets, size_t count,
                                             const struct hs_tax_standing *standing, int32_t day)
{
  for (size_t p = 0; p < count; p++)
    if (presets[p].treatment == standing->treatment &&
        hs_str_equal(presets[p].country, standing->country) && presets[p].from_day <= day &&
        day < presets[p].until_day)
      return &presets[p];
  return NULL;
}

/* ---- arithmetic ---- */

enum hs_status hs_tax_apply(const struct hs_tax_preset *preset, int64_t net_minor,
                            enum hs_rounding rounding, struct hs_taxed *out, struct hs_err *err)
{
  struct hs_taxed taxed = {.net_minor = net_minor};
  HS_ASSERT(net_minor >= 0);
  if (!hs_decimal_of_amount(net_minor, preset->rate, rounding, &taxed.tax_minor) ||
      !hs_decimal_of_amount(net_minor, preset->withholding, rounding, &taxed.withheld_minor) ||
      __builtin_add_overflow(net_minor - taxed.withheld_minor, taxed.tax_minor, &taxed.paid_minor))
    return hs_fail(err, HS_INVALID, "%lld with its tax does not fit", (long long)net_minor);
  *out = taxed;
  return HS_OK;
}
