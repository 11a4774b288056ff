/* Money is a count of a currency's smallest unit with the ISO 4217 code beside it; rates are exact
   decimals. Nothing here touches binary floating point. Sums and products are checked: what does
   not fit is an error, never a wrap. */
#ifndef HANSA_BASE_MONEY_H
#define HANSA_BASE_MONEY_H

#include <stdint.h>

#include "base/text.h"

struct hs_currency {
  char code[4]; /* "EUR", zero-terminated; the zero value is "no currency" */
};

struct hs_money {
  int64_t amount_minor;
  struct hs_currency currency;
};

/* 1 when the three letters are a currency of ISO 4217 that has a minor unit; lower case is taken.
 */
[[nodiscard]] int hs_currency_parse(struct hs_str s, struct hs_currency *out);
/* Digits after the point: EUR 2, JPY 0, KWD 3. The currency must come from hs_currency_parse. */
int hs_currency_digits(struct hs_currency currency);
/* What one minor unit is in the currency's unit, as figures are shown: 0.01 for two digits. Not for
   money that is owed. */
double hs_currency_minor_unit(struct hs_currency currency);
[[nodiscard]] int hs_currency_equal(struct hs_currency a, struct hs_currency b);

/* "12.5" in EUR is 1250. HS_INVALID for what is no decimal, for one digit more than the currency
   has ("12.345 has 3 digits after the point; EUR has 2"), for what does not fit, for thousands
   separators and decimal commas. */
[[nodiscard]] enum hs_status hs_money_parse(struct hs_str s, struct hs_currency currency,
                                            struct hs_money *out, struct hs_err *err);
/* "1250.00 EUR" without grouping; at most HS_MONEY_TEXT bytes. */
#define HS_MONEY_TEXT 40
void hs_money_format(struct hs_money money, char out[HS_MONEY_TEXT]);
/* "1250.00", for columns that name the currency beside it. */
void hs_money_format_number(struct hs_money money, char out[HS_MONEY_TEXT]);
/* "1,250.00 EUR" for people. */
void hs_money_format_grouped(struct hs_money money, char out[HS_MONEY_TEXT]);
/* 1 on success; 0 when currencies differ or the sum does not fit; *out untouched then. */
[[nodiscard]] int hs_money_add(struct hs_money a, struct hs_money b, struct hs_money *out);

/* digits × 10^−scale, scale 0 to 18: an exact decimal such as a rate. hs_decimal_parse gives one
   value one form (the smallest scale); the other functions take any. */
struct hs_decimal {
  int64_t digits;
  int32_t scale;
};
[[nodiscard]] int hs_decimal_parse(struct hs_str s,
                                   struct hs_decimal *out); /* also "12.5%", which is 0.125 */
#define HS_DECIMAL_TEXT 32
void hs_decimal_format(struct hs_decimal decimal,
                       char out[HS_DECIMAL_TEXT]); /* canonical: no trailing zeros */
int hs_decimal_compare(struct hs_decimal a, struct hs_decimal b);

/* Half up is away from zero, so that a reversal takes back exactly what was given. */
enum hs_rounding { HS_ROUND_HALF_EVEN, HS_ROUND_HALF_UP };
/* amount × rate with one rounding; 0 when it does not fit an int64. */
[[nodiscard]] int hs_decimal_of_amount(int64_t amount_minor, struct hs_decimal rate,
                                       enum hs_rounding rounding, int64_t *out);
/* Splits amount over count weights (at least one positive) so that the parts sum to it exactly: by
   largest remainder, ties to the lower index. Parts have the amount's sign; a weight of 0 gets 0.
   Any amount and any weights; intermediates have 128 bits. Allocates nothing. HS_INVALID when no
   weight is positive. */
[[nodiscard]] enum hs_status hs_money_split(int64_t amount_minor, const uint64_t *weights,
                                            size_t count, int64_t *parts, struct hs_err *err);

#endif
