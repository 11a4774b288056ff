/* Moments and days. A moment is int64 microseconds since 1970-01-01T00:00:00Z (`at_us`), a day is
   int32 days since 1970-01-01 (`day`), both in the proleptic Gregorian calendar, years 0001 to
   9999. Leap seconds do not exist here: a 60th second is refused. Zones are for reading what people
   wrote and for showing; storage is always UTC. */
#ifndef HANSA_BASE_TIME_H
#define HANSA_BASE_TIME_H

#include <stdint.h>

#include "base/io.h"
#include "base/text.h"

#define HS_SECOND_US ((int64_t)1000000)
#define HS_MINUTE_US (60 * HS_SECOND_US)
#define HS_HOUR_US (60 * HS_MINUTE_US)
#define HS_DAY_US (24 * HS_HOUR_US)

/* The first and the last moment that there is. Every function here takes only moments between
   them; who reads one from a file or computes one checks it. */
#define HS_TIME_MIN_US (-719162 * HS_DAY_US)
#define HS_TIME_MAX_US (2932897 * HS_DAY_US - 1)

struct hs_civil {
  int32_t year;                 /* 1 to 9999 */
  int32_t month;                /* 1 to 12 */
  int32_t day;                  /* 1 to 31 */
  int32_t hour, minute, second; /* 0 to 23, 59, 59 */
  int32_t microsecond;
};

/* Whether the civil time exists; its moment read as UTC; and back. */
[[nodiscard]] int hs_civil_is_valid(const struct hs_civil *civil);
int64_t hs_civil_to_us(const struct hs_civil *civil);
struct hs_civil hs_civil_of_us(int64_t at_us);
/* The date must exist. */
int32_t hs_day_of(int32_t year, int32_t month, int32_t day);
struct hs_civil hs_civil_of_day(int32_t day); /* its midnight */
int32_t hs_day_of_us(int64_t at_us);          /* rounds towards the past */

/* How a text said where on Earth its clock stood. */
enum hs_zone_said {
  HS_ZONE_NONE,   /* "2026-03-01 12:00:00": nothing was said */
  HS_ZONE_OFFSET, /* "…Z" or "…+02:00" */
};

/* Reads a moment: RFC 3339 with 0 to 9 digits of fraction (beyond six must be zero), `T`, `t` or
   one blank between date and time, seconds optional, an offset optional; or a plain date, which is
   its midnight. The offset is Z, +02:00, or as databases and scripts write it +0200, +02 or UTC,
   one blank before it allowed. The result is UTC when an offset stood there and wall-clock time (to
   be shifted by hs_zone_to_utc) when none did. 0 when the text is none of this. */
[[nodiscard]] int hs_parse_time(struct hs_str s, int64_t *at_us, enum hs_zone_said *said);
/* YYYY-MM-DD. */
[[nodiscard]] int hs_parse_day(struct hs_str s, int32_t *day);
/* "2026-03-01T12:00:00Z", with as many of six fraction digits as are not zero. */
#define HS_TIME_TEXT 40
void hs_format_time(int64_t at_us, char out[HS_TIME_TEXT]);
void hs_format_day(int32_t day, char out[HS_TIME_TEXT]);

/* A time zone of the IANA database (TZif, RFC 8536, footer rule included) or a fixed offset
 * "+02:00" or "UTC". */
struct hs_zone;
/* Reads it from the system's database (/usr/share/zoneinfo) through io; lives in the arena.
   HS_NOT_FOUND names the zone and where it was looked for; names with ".." or a leading "/" are
   HS_INVALID. */
[[nodiscard]] enum hs_status hs_zone_open(struct hs_arena *arena, const struct hs_io *io,
                                          struct hs_str name, const struct hs_zone **out,
                                          struct hs_err *err);
const struct hs_zone *hs_zone_utc(void);
/* Seconds east of Greenwich at a moment. */
int32_t hs_zone_offset_s(const struct hs_zone *zone, int64_t at_us);
/* The moment at which the zone's clocks showed wall_us. Twice-shown times give the first of the
   two; times that a change skipped, or whose moment lies outside the years 1 to 9999, give 0 and
   leave *at_us untouched. */
[[nodiscard]] int hs_zone_to_utc(const struct hs_zone *zone, int64_t wall_us, int64_t *at_us);
/* The day that the zone's clocks show at a moment. */
int32_t hs_zone_day_of_us(const struct hs_zone *zone, int64_t at_us);
/* The first moment of a day in the zone: midnight, or where a change skips that, the change. Kept
   within HS_TIME_MIN_US and HS_TIME_MAX_US + 1. day may be one more than the last day. */
int64_t hs_zone_day_start_us(const struct hs_zone *zone, int32_t day);
/* As hs_format_time in the zone's clock with its offset: "2026-03-01T13:00:00+01:00"; in UTC where
   that clock shows a year outside 1 to 9999. */
void hs_format_time_in(const struct hs_zone *zone, int64_t at_us, char out[HS_TIME_TEXT]);

/* A period of reports: [from_us, until_us), whole days of the zone. Text forms: 2026, 2026-Q3,
   2026-03, 2026-03-01, 2026-03-01..2026-04-15 (both days included). HS_INVALID names the text and
   the forms. */
struct hs_period {
  int64_t from_us;
  int64_t until_us;
};
[[nodiscard]] enum hs_status hs_parse_period(struct hs_str s, const struct hs_zone *zone,
                                             struct hs_period *out, struct hs_err *err);

#endif
