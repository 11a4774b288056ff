#include "base/time.h"

/* The digits at the start of s, taken off, as a number of exactly `count` digits. */
static int take_number(struct hs_str *s, size_t count, int32_t *out)
{
  uint64_t value = 0;
  if (s->length < count || !hs_parse_u64((struct hs_str){s->data, count}, &value))
    return 0;
  s->data += count;
  s->length -= count;
  *out = (int32_t)value;
  return 1;
}

static int take_char(struct hs_str *s, char c)
{
  if (s->length == 0 || s->data[0] != c)
    return 0;
  s->data++;
  s->length--;
  return 1;
}

/* 1 January of the year after 9999 has no date but is where that year ends. */
static int32_t first_day_of_month(int32_t year, int32_t month)
{
  if (month > 12) {
    year++;
    month -= 12;
  }
  return year > 9999 ? hs_day_of(9999, 12, 31) + 1 : hs_day_of(year, month, 1);
}

/* 2026, 2026-Q3, 2026-03: the days [*from, *until). */
static int parse_months(struct hs_str s, int32_t *from, int32_t *until)
{
  int32_t year = 0;
  int32_t month = 1;
  int32_t count = 12;
  if (!take_number(&s, 4, &year) || year < 1)
    return 0;
  if (s.length > 0) {
    if (!take_char(&s, '-'))
      return 0;
    int is_quarter = take_char(&s, 'Q');
    int32_t number = 0;
    if (!take_number(&s, is_quarter ? 1 : 2, &number) || number < 1 ||
        number > (is_quarter ? 4 : 12) || s.length > 0)
      return 0;
    count = is_quarter ? 3 : 1;
    month = (number - 1) * count + 1;
  }
  *from = first_day_of_month(year, month);
  *until = first_day_of_month(year, month + count);
  return 1;
}

/* 2026-03-01 or 2026-03-01..2026-04-15. */
static int parse_days(struct hs_str s, int32_t *from, int32_t *until)
{
  int32_t last = 0;
  struct hs_str first = {s.data, s.length < 10 ? s.length : 10};
  if (!hs_parse_day(first, from))
    return 0;
  last = *from;
  if (s.length > 10) {
    struct hs_str dots = {s.data + 10, s.length < 12 ? s.length - 10 : 2};
    struct hs_str rest = {dots.data + dots.length, s.length - 10 - dots.length};
    if (!hs_str_equal(dots, HS_STR("..")) || !hs_parse_day(rest, &last))
      return 0;
  }
  *until = last + 1;
  return 1;
}

enum hs_status hs_parse_period(struct hs_str s, const struct hs_zone *zone, struct hs_period *out,
                               struct hs_err *err)
{
  int32_t from = 0;
  int32_t until = 0;
  int shown = s.length < 40 ? (int)s.length : 40;
  if (!parse_months(s, &from, &until) && !parse_days(s, &from, &until))
    return hs_fail(err, HS_INVALID,
                   "\"%.*s\" is no period; periods are 2026, 2026-Q3, 2026-03, 2026-03-01 and "
                   "2026-03-01..2026-04-15",
                   shown, s.data);
  if (until <= from)
    return hs_fail(err, HS_INVALID, "the period %.*s ends before it begins", shown, s.data);
  *out = (struct hs_period){
      .from_us = hs_zone_day_start_us(zone, from),
      .until_us = hs_zone_day_start_us(zone, until),
  };
  return HS_OK;
}
