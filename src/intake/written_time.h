/* Dates as people and spreadsheets write them, 31/12/2026 or 12/31/2026, where somebody has said
   which of the first two numbers is the day. */
#ifndef HANSA_INTAKE_WRITTEN_TIME_H
#define HANSA_INTAKE_WRITTEN_TIME_H

#include <stdint.h>

#include "base/text.h"

enum hs_written_order { HS_WRITTEN_DAY_FIRST, HS_WRITTEN_MONTH_FIRST };

/* Two numbers of one or two digits and a year of four, with one of / . - between them; then, behind
   a blank, H:MM or H:MM:SS, and behind another blank AM or PM, with which hours go from 1 to 12.
   1 with wall-clock time as microseconds since 1970 (to be shifted by hs_zone_to_utc), 0 for
   anything else and for days and hours that do not exist. */
[[nodiscard]] int hs_written_time_parse(struct hs_str text, enum hs_written_order order,
                                        int64_t *at_us);

#endif
