#include "base/time.h"

#include <string.h>

#define DAY_OF_YEAR_1 (-719162)      /* 0001-01-01 */
#define DAY_OF_YEAR_9999_END 2932896 /* 9999-12-31 */

static int is_leap(uint32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static uint32_t days_in_month(uint32_t year, uint32_t month)
{
  static const unsigned char DAYS[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : DAYS[month];
}

static int date_exists(uint32_t year, uint32_t month, uint32_t day)
{
  return year - 1 < 9999 && month - 1 < 12 && day - 1 < days_in_month(year, month);
}

/* Years that begin in March put the leap day last, so that the days before a month are one linear
   formula, and 400 years repeat exactly (146097 days). Years 1 to 9999 keep it unsigned. */
static int32_t days_from_civil(uint32_t year, uint32_t month, uint32_t day)
{
  uint32_t march_year = year - (month <= 2);
  uint32_t march_month = month > 2 ? month - 3 : month + 9;
  uint32_t before = march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400;
  return (int32_t)(before + (153 * march_month + 2) / 5 + day - 1) - 719468;
}

static void civil_from_days(int32_t day, struct hs_civil *out)
{
  uint32_t shifted = (uint32_t)(day + 719468); /* since 0000-03-01 */
  uint32_t era = shifted / 146097;
  uint32_t of_era = shifted % 146097;
  uint32_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  uint32_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  uint32_t march_month = (5 * of_year + 2) / 153;
  out->day = (int32_t)(of_year - (153 * march_month + 2) / 5 + 1);
  out->month = (int32_t)(march_month < 10 ? march_month + 3 : march_month - 9);
  out->year = (int32_t)(year_of_era + era * 400) + (out->month <= 2);
}

int hs_civil_is_valid(const struct hs_civil *civil)
{
  return date_exists((uint32_t)civil->year, (uint32_t)civil->month, (uint32_t)civil->day) &&
         (uint32_t)civil->hour < 24 && (uint32_t)civil->minute < 60 &&
         (uint32_t)civil->second < 60 && (uint32_t)civil->microsecond < 1000000;
}

int64_t hs_civil_to_us(const struct hs_civil *civil)
{
  HS_ASSERT(hs_civil_is_valid(civil));
  return hs_day_of(civil->year, civil->month, civil->day) * HS_DAY_US + civil->hour * HS_HOUR_US +
         civil->minute * HS_MINUTE_US + civil->second * HS_SECOND_US + civil->microsecond;
}

int32_t hs_day_of_us(int64_t at_us)
{
  return (int32_t)(at_us / HS_DAY_US - (at_us % HS_DAY_US < 0));
}

struct hs_civil hs_civil_of_us(int64_t at_us)
{
  HS_ASSERT(at_us >= HS_TIME_MIN_US && at_us <= HS_TIME_MAX_US);
  int32_t day = hs_day_of_us(at_us);
  int64_t of_day = at_us - day * HS_DAY_US;
  struct hs_civil civil = {
      .hour = (int32_t)(of_day / HS_HOUR_US),
      .minute = (int32_t)(of_day / HS_MINUTE_US % 60),
      .second = (int32_t)(of_day / HS_SECOND_US % 60),
      .microsecond = (int32_t)(of_day % HS_SECOND_US),
  };
  civil_from_days(day, &civil);
  return civil;
}

int32_t hs_day_of(int32_t year, int32_t month, int32_t day)
{
  HS_ASSERT(date_exists((uint32_t)year, (uint32_t)month, (uint32_t)day));
  return days_from_civil((uint32_t)year, (uint32_t)month, (uint32_t)day);
}

struct hs_civil hs_civil_of_day(int32_t day)
{
  HS_ASSERT(day >= DAY_OF_YEAR_1 && day <= DAY_OF_YEAR_9999_END);
  struct hs_civil civil = {0};
  civil_from_days(day, &civil);
  return civil;
}

/* Reading. Import reads a column of moments for every row, so the digits are gathered without a
   branch each: what is no digit raises a flag that is looked at once. */

static uint32_t digit(char c, uint32_t *bad)
{
  uint32_t value = (uint32_t)(unsigned char)c - '0';
  *bad |= (uint32_t)(value > 9);
  return value;
}

static uint32_t two_digits(const char *p, uint32_t *bad)
{
  return digit(p[0], bad) * 10 + digit(p[1], bad);
}

/* The ten bytes YYYY-MM-DD. */
static int parse_date(const char *p, int32_t *day)
{
  uint32_t bad = 0;
  uint32_t year = two_digits(p, &bad) * 100 + two_digits(p + 2, &bad);
  uint32_t month = two_digits(p + 5, &bad);
  uint32_t of_month = two_digits(p + 8, &bad);
  if (bad || p[4] != '-' || p[7] != '-' || !date_exists(year, month, of_month))
    return 0;
  *day = days_from_civil(year, month, of_month);
  return 1;
}

/* What follows the point: 1 to 9 digits, of which the first six count and the rest must be zero.
   Gives the place after them, or NULL. */
static const char *parse_fraction(const char *p, const char *end, int64_t *microseconds)
{
  static const int32_t SCALES[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
  uint32_t value = 0;
  size_t count = 0;
  for (; p < end && (unsigned char)(*p - '0') <= 9; p++, count++) {
    if (count < 6)
      value = value * 10 + (uint32_t)(*p - '0');
    else if (*p != '0' || count == 9)
      return NULL;
  }
  if (count == 0)
    return NULL;
  *microseconds = (int64_t)value * SCALES[count < 6 ? count : 6];
  return p;
}

/* HH:MM, HH:MM:SS or HH:MM:SS.ffffff. Gives the place after it, or NULL. */
static const char *parse_clock(const char *p, const char *end, int64_t *of_day_us)
{
  if (end - p < 5 || p[2] != ':')
    return NULL;
  uint32_t bad = 0;
  uint32_t hour = two_digits(p, &bad);
  uint32_t minute = two_digits(p + 3, &bad);
  uint32_t second = 0;
  int64_t microseconds = 0;
  p += 5;
  if (p < end && *p == ':') {
    if (end - p < 3)
      return NULL;
    second = two_digits(p + 1, &bad);
    p += 3;
    if (p < end && *p == '.')
      p = parse_fraction(p + 1, end, &microseconds);
  }
  if (bad || hour > 23 || minute > 59 || second > 59)
    return NULL;
  *of_day_us = (int64_t)(hour * 3600 + minute * 60 + second) * HS_SECOND_US + microseconds;
  return p;
}

/* The rest of the text, which must be an offset and nothing more. */
static int parse_offset(const char *p, const char *end, int64_t *offset_us)
{
  if (end - p == 1 && (*p == 'Z' || *p == 'z')) {
    *offset_us = 0;
    return 1;
  }
  if (*p == ' ')
    p++;
  if (end - p == 3 && memcmp(p, "UTC", 3) == 0) {
    *offset_us = 0;
    return 1;
  }
  int has_colon = end - p == 6 && p[3] == ':';
  if ((end - p != 3 && end - p != 5 && !has_colon) || (*p != '+' && *p != '-'))
    return 0;
  uint32_t bad = 0;
  uint32_t hour = two_digits(p + 1, &bad);
  uint32_t minute = end - p == 3 ? 0 : two_digits(p + (has_colon ? 4 : 3), &bad);
  if (bad || hour > 23 || minute > 59)
    return 0;
  int64_t magnitude = (int64_t)(hour * 60 + minute) * HS_MINUTE_US;
  *offset_us = *p == '-' ? -magnitude : magnitude;
  return 1;
}

int hs_parse_time(struct hs_str s, int64_t *at_us, enum hs_zone_said *said)
{
  int32_t day = 0;
  int64_t of_day_us = 0;
  int64_t offset_us = 0;
  if (s.length < 10 || !parse_date(s.data, &day))
    return 0;
  const char *p = s.data + 10;
  const char *end = s.data + s.length;
  if (p < end) {
    if (*p != 'T' && *p != ' ' && *p != 't')
      return 0;
    p = parse_clock(p + 1, end, &of_day_us);
    if (p == NULL || (p < end && !parse_offset(p, end, &offset_us)))
      return 0;
  }
  int64_t moment = day * HS_DAY_US + of_day_us - offset_us;
  /* An offset can lead out of the years that there are. */
  if (moment < HS_TIME_MIN_US || moment > HS_TIME_MAX_US)
    return 0;
  *said = p < end ? HS_ZONE_OFFSET : HS_ZONE_NONE;
  *at_us = moment;
  return 1;
}

int hs_parse_day(struct hs_str s, int32_t *day)
{
  return s.length == 10 && parse_date(s.data, day);
}

/* Writing, by hand as well: exports write a moment for every row. */

static char *put_two(char *out, int32_t value)
{
  out[0] = (char)('0' + value / 10);
  out[1] = (char)('0' + value % 10);
  return out + 2;
}

static char *put_date(char *out, const struct hs_civil *civil)
{
  out = put_two(out, civil->year / 100);
  out = put_two(out, civil->year % 100);
  *out++ = '-';
  out = put_two(out, civil->month);
  *out++ = '-';
  return put_two(out, civil->day);
}

/* The fraction without its trailing zeros; nothing when it is zero. */
static char *put_fraction(char *out, int32_t microsecond)
{
  if (microsecond == 0)
    return out;
  *out++ = '.';
  for (int32_t scale = 100000; microsecond > 0; scale /= 10) {
    *out++ = (char)('0' + microsecond / scale);
    microsecond %= scale;
  }
  return out;
}

void hs_format_time(int64_t at_us, char out[HS_TIME_TEXT])
{
  struct hs_civil civil = hs_civil_of_us(at_us);
  out = put_date(out, &civil);
  *out++ = 'T';
  out = put_two(out, civil.hour);
  *out++ = ':';
  out = put_two(out, civil.minute);
  *out++ = ':';
  out = put_two(out, civil.second);
  out = put_fraction(out, civil.microsecond);
  out[0] = 'Z';
  out[1] = '\0';
}

void hs_format_day(int32_t day, char out[HS_TIME_TEXT])
{
  struct hs_civil civil = hs_civil_of_day(day);
  *put_date(out, &civil) = '\0';
}
