#include "intake/written_time.h"

#include <string.h>

#include "base/time.h"

/* A number of digits_min to digits_max digits at the front of text, taken off it. */
static int take_number(struct hs_str *text, size_t digits_min, size_t digits_max, int32_t *out)
{
  size_t length = 0;
  int32_t value = 0;
  while (length < text->length && length < digits_max && text->data[length] >= '0' &&
         text->data[length] <= '9')
    value = value * 10 + (text->data[length++] - '0');
  if (length < digits_min)
    return 0;
  text->data += length;
  text->length -= length;
  *out = value;
  return 1;
}

static int take_char(struct hs_str *text, const char *one_of, char *out)
{
  if (text->length == 0 || text->data[0] == '\0' || strchr(one_of, text->data[0]) == NULL)
    return 0;
  *out = text->data[0];
  text->data++;
  text->length--;
  return 1;
}

static int take_date(struct hs_str *text, enum hs_written_order order, struct hs_civil *civil)
{
  char first = 0;
  char second = 0;
  int32_t one = 0;
  int32_t two = 0;
  if (!take_number(text, 1, 2, &one) || !take_char(text, "/.-", &first) ||
      !take_number(text, 1, 2, &two) || !take_char(text, "/.-", &second) || first != second ||
      !take_number(text, 4, 4, &civil->year))
    return 0;
  civil->day = order == HS_WRITTEN_DAY_FIRST ? one : two;
  civil->month = order == HS_WRITTEN_DAY_FIRST ? two : one;
  return 1;
}

/* Twelve AM is midnight, twelve PM is noon. */
static int take_half(struct hs_str *text, struct hs_civil *civil)
{
  char blank = 0;
  if (text->length == 0)
    return 1;
  int is_pm = text->length == 3 && hs_str_equal_ascii_fold(*text, HS_STR(" pm"));
  if (!is_pm && !hs_str_equal_ascii_fold(*text, HS_STR(" am")))
    return 0;
  if (civil->hour < 1 || civil->hour > 12 || !take_char(text, " ", &blank))
    return 0;
  civil->hour = civil->hour % 12 + (is_pm ? 12 : 0);
  return 1;
}

static int take_clock(struct hs_str *text, struct hs_civil *civil)
{
  char separator = 0;
  if (text->length == 0)
    return 1;
  if (!take_char(text, " ", &separator) || !take_number(text, 1, 2, &civil->hour) ||
      !take_char(text, ":", &separator) || !take_number(text, 2, 2, &civil->minute))
    return 0;
  if (take_char(text, ":", &separator) && !take_number(text, 2, 2, &civil->second))
    return 0;
  return take_half(text, civil);
}

int hs_written_time_parse(struct hs_str text, enum hs_written_order order, int64_t *at_us)
{
  struct hs_civil civil = {0};
  if (!take_date(&text, order, &civil) || !take_clock(&text, &civil) || !hs_civil_is_valid(&civil))
    return 0;
  *at_us = hs_civil_to_us(&civil);
  return 1;
}
