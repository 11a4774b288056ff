#include "ledger/renewal.h"

static struct hs_civil civil_in(const struct hs_zone *zone, int64_t at_us)
{
  int64_t wall_us = at_us + hs_zone_offset_s(zone, at_us) * HS_SECOND_US;
  if (wall_us < HS_TIME_MIN_US || wall_us > HS_TIME_MAX_US) /* the calendar's two outermost days */
    wall_us = at_us;
  return hs_civil_of_us(wall_us);
}

static int is_last_of_month(const struct hs_civil *civil)
{
  struct hs_civil next = *civil;
  next.day++;
  return !hs_civil_is_valid(&next);
}

uint32_t hs_months_since(const struct hs_zone *zone, int64_t first_us, int64_t at_us)
{
  struct hs_civil first = civil_in(zone, first_us);
  struct hs_civil at = civil_in(zone, at_us);
  int32_t months = (at.year - first.year) * 12 + at.month - first.month;
  int is_before_anniversary = at.day < first.day && !is_last_of_month(&at);
  if (at_us < first_us || months <= 0) /* a clock put back may show the month before */
    return 0;
  return (uint32_t)(months - is_before_anniversary);
}
