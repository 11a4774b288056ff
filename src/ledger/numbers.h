/* Numbers of self-billed invoices: the company writes the partner's invoice itself, so the law asks
   of it that numbers of a series run without a gap. A series is a prefix and a year; its next
   number follows from how many it has, which is why the count and the invoice are written in one
   change of the book. */
#ifndef HANSA_LEDGER_NUMBERS_H
#define HANSA_LEDGER_NUMBERS_H

#include "base/text.h"

/* Prefix: 1 to 10 of A to Z, 0 to 9 and -, beginning with a letter, not ending in -. */
#define HS_SERIES_PREFIX_MAX 10
struct hs_series {
  char prefix[HS_SERIES_PREFIX_MAX + 1];
  int32_t year; /* 2000 to 9999 */
};
/* HS_INVALID says what is wrong with the prefix or the year. */
[[nodiscard]] enum hs_status hs_series_make(struct hs_str prefix, int32_t year,
                                            struct hs_series *out, struct hs_err *err);

/* "SB-2026", and back: 0 for anything else. */
#define HS_SERIES_TEXT 20
void hs_series_format(const struct hs_series *series, char out[HS_SERIES_TEXT]);
[[nodiscard]] int hs_series_parse(struct hs_str text, struct hs_series *out);

/* "SB-2026-000017": six digits at least, so that they sort as they count up to a million; short and
   plain enough to be the end-to-end id of its payment. */
#define HS_NUMBER_TEXT 40
void hs_number_format(const struct hs_series *series, uint64_t number, char out[HS_NUMBER_TEXT]);
/* Reads that form and no other: one number has one spelling. 0 for anything else. */
[[nodiscard]] int hs_number_parse(struct hs_str text, struct hs_series *series, uint64_t *number);

/* Whether the numbers of one series, in rising order, are 1 to count. HS_CONFLICT names the first
   that is missing or there twice. */
[[nodiscard]] enum hs_status hs_numbers_check(const struct hs_series *series,
                                              const uint64_t *numbers, size_t count,
                                              struct hs_err *err);

#endif
