/* hs_parse_time, hs_parse_day, hs_parse_period: what they accept lies in the years that there are
   and comes back from its canonical text; what they refuse leaves the outputs alone. */
#include "fuzz.h"

#include <string.h>

#include "base/time.h"

static void check_time(struct hs_str s)
{
  int64_t at_us = 7;
  enum hs_zone_said said = HS_ZONE_NONE;
  if (!hs_parse_time(s, &at_us, &said)) {
    HS_ASSERT(at_us == 7);
    return;
  }
  HS_ASSERT(at_us >= HS_TIME_MIN_US && at_us <= HS_TIME_MAX_US);
  char text[HS_TIME_TEXT];
  int64_t back_us = 0;
  enum hs_zone_said back_said = HS_ZONE_NONE;
  hs_format_time(at_us, text);
  HS_ASSERT(hs_parse_time(hs_str_of(text), &back_us, &back_said));
  HS_ASSERT(back_us == at_us && back_said == HS_ZONE_OFFSET);
  struct hs_civil civil = hs_civil_of_us(at_us);
  HS_ASSERT(hs_civil_is_valid(&civil) && hs_civil_to_us(&civil) == at_us);
}

static void check_day(struct hs_str s)
{
  int32_t day = 7;
  if (!hs_parse_day(s, &day)) {
    HS_ASSERT(day == 7);
    return;
  }
  char text[HS_TIME_TEXT];
  hs_format_day(day, text);
  HS_ASSERT(hs_str_equal(hs_str_of(text), s));
}

static void check_period(struct hs_str s)
{
  struct hs_period period = {7, 7};
  struct hs_err err = {0};
  enum hs_status status = hs_parse_period(s, hs_zone_utc(), &period, &err);
  if (status != HS_OK) {
    HS_ASSERT(status == HS_INVALID && err.status == HS_INVALID && err.text[0] != '\0');
    HS_ASSERT(period.from_us == 7 && period.until_us == 7);
    return;
  }
  HS_ASSERT(period.from_us < period.until_us);
  HS_ASSERT(period.from_us >= HS_TIME_MIN_US && period.until_us <= HS_TIME_MAX_US + 1);
  HS_ASSERT(period.from_us % HS_DAY_US == 0 && period.until_us % HS_DAY_US == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_str s = {(const char *)data, size};
  check_time(s);
  check_day(s);
  check_period(s);
  return 0;
}
