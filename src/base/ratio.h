/* Exact fractions, for what is owed before it is rounded: a third of an order at 12.5 %. 128 bits
   above and below the line, always in lowest terms; what does not fit is told and never rounded. */
#ifndef HANSA_BASE_RATIO_H
#define HANSA_BASE_RATIO_H

#include "base/money.h"

__extension__ typedef __int128 hs_wide;

/* top / bottom in lowest terms, bottom positive. The zero value is no fraction. */
struct hs_ratio {
  hs_wide top, bottom;
};

#define HS_RATIO_ZERO ((struct hs_ratio){0, 1})
#define HS_RATIO_ONE ((struct hs_ratio){1, 1})

/* bottom must not be 0. */
struct hs_ratio hs_ratio_of(int64_t top, int64_t bottom);
struct hs_ratio hs_ratio_of_decimal(struct hs_decimal decimal);

/* 1 with the result; 0 when it does not fit, *out untouched. out may be an argument. */
[[nodiscard]] int hs_ratio_add(struct hs_ratio a, struct hs_ratio b, struct hs_ratio *out);
[[nodiscard]] int hs_ratio_subtract(struct hs_ratio a, struct hs_ratio b, struct hs_ratio *out);
[[nodiscard]] int hs_ratio_multiply(struct hs_ratio a, struct hs_ratio b, struct hs_ratio *out);
/* b must not be zero. */
[[nodiscard]] int hs_ratio_divide(struct hs_ratio a, struct hs_ratio b, struct hs_ratio *out);

/* < 0, 0, > 0, exactly, whatever the size. */
int hs_ratio_compare(struct hs_ratio a, struct hs_ratio b);
/* The nearest whole number; 0 when it does not fit an int64. */
[[nodiscard]] int hs_ratio_round(struct hs_ratio ratio, enum hs_rounding rounding, int64_t *out);

/* "1250/3", or "417" for a whole number: the form in which evidence is stored. */
#define HS_RATIO_TEXT 84
void hs_ratio_format(struct hs_ratio ratio, char out[HS_RATIO_TEXT]);
/* Reads that form, in lowest terms or not; 0 for anything else and for what does not fit. */
[[nodiscard]] int hs_ratio_parse(struct hs_str text, struct hs_ratio *out);
/* As people write parts: that form, or a decimal such as "0.4" and "40%". */
[[nodiscard]] int hs_ratio_parse_part(struct hs_str text, struct hs_ratio *out);

#endif
