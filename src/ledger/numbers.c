#include "ledger/numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define YEAR_MIN 2000
#define YEAR_MAX 9999
#define DIGITS_MIN 6

static int is_capital(char c) { return c >= 'A' && c <= 'Z'; }
static int is_digit(char c) { return c >= '0' && c <= '9'; }

enum hs_status hs_series_make(struct hs_str prefix, int32_t year, struct hs_series *out,
                              struct hs_err *err)
{
  struct hs_series series = {.year = year};
  int is_good = prefix.length >= 1 && prefix.length <= HS_SERIES_PREFIX_MAX &&
                is_capital(prefix.data[0]) && prefix.data[prefix.length - 1] != '-';
  for (size_t i = 0; i < prefix.length && is_good; i++)
    is_good = is_capital(prefix.data[i]) || is_digit(prefix.data[i]) || prefix.data[i] == '-';
  if (!is_good)
    return hs_fail(err, HS_INVALID,
                   "a series must be 1 to %d of A to Z, 0 to 9 and -, such as SB, got \"%.*s\"",
                   HS_SERIES_PREFIX_MAX, HS_STR_ARG(prefix));
  if (year < YEAR_MIN || year > YEAR_MAX)
    return hs_fail(err, HS_INVALID, "the year of a series must be %d to %d, got %d", YEAR_MIN,
                   YEAR_MAX, (int)year);
  memcpy(series.prefix, prefix.data, prefix.length);
  *out = series;
  return HS_OK;
}

void hs_number_format(const struct hs_series *series, uint64_t number, char out[HS_NUMBER_TEXT])
{
  (void)snprintf(out, HS_NUMBER_TEXT, "%s-%04d-%0*" PRIu64, series->prefix, (int)series->year,
                 DIGITS_MIN, number);
}

/* What stands behind the last - of s, which it takes off; absent when there is none. */
static struct hs_str cut_last(struct hs_str *s)
{
  for (size_t i = s->length; i-- > 0;)
    if (s->data[i] == '-') {
      struct hs_str last = {s->data + i + 1, s->length - i - 1};
      s->length = i;
      return last;
    }
  return (struct hs_str){0};
}

void hs_series_format(const struct hs_series *series, char out[HS_SERIES_TEXT])
{
  (void)snprintf(out, HS_SERIES_TEXT, "%s-%04d", series->prefix, (int)series->year);
}

int hs_series_parse(struct hs_str text, struct hs_series *out)
{
  struct hs_str prefix = text;
  struct hs_str year_text = cut_last(&prefix);
  uint64_t year = 0;
  return year_text.length == 4 && hs_parse_u64(year_text, &year) &&
         hs_series_make(prefix, (int32_t)year, out, NULL) == HS_OK;
}

int hs_number_parse(struct hs_str text, struct hs_series *series, uint64_t *number)
{
  struct hs_str rest = text;
  struct hs_str digits = cut_last(&rest);
  struct hs_series found;
  uint64_t count = 0;
  char again[HS_NUMBER_TEXT];
  if (!hs_parse_u64(digits, &count) || count == 0 || !hs_series_parse(rest, &found))
    return 0;
  hs_number_format(&found, count, again);
  if (!hs_str_equal(text, hs_str_of(again)))
    return 0;
  *series = found;
  *number = count;
  return 1;
}

enum hs_status hs_numbers_check(const struct hs_series *series, const uint64_t *numbers,
                                size_t count, struct hs_err *err)
{
  char text[HS_NUMBER_TEXT];
  for (size_t i = 0; i < count; i++) {
    if (numbers[i] == i + 1)
      continue;
    int is_twice = numbers[i] < i + 1;
    hs_number_format(series, is_twice ? numbers[i] : i + 1, text);
    return hs_fail(err, HS_CONFLICT, "%s %s", text, is_twice ? "is there twice" : "is missing");
  }
  return HS_OK;
}
