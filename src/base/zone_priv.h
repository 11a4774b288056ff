/* What zone_tzif.c reads and zone.c looks up. For base/ alone. */
#ifndef HANSA_BASE_ZONE_PRIV_H
#define HANSA_BASE_ZONE_PRIV_H

#include "base/time.h"

/* No offset is further from Greenwich (RFC 8536, section 3.2, with room). */
#define HS_ZONE_OFFSET_MAX_S (26 * 3600)

/* A day of each year as POSIX writes it, and the local time on it. */
struct hs_zone_date {
  enum { HS_DATE_MONTH, HS_DATE_JULIAN, HS_DATE_ZERO } kind;
  int32_t month;  /* MONTH: 1 to 12 */
  int32_t week;   /* MONTH: 1 to 5; 5 is the last */
  int32_t day;    /* MONTH: weekday, 0 is Sunday; JULIAN: 1 to 365 without 29 February;
                     ZERO: 0 to 365 */
  int32_t time_s; /* −167 to 167 hours */
};

/* What holds after the last transition of the table, for ever. */
struct hs_zone_rule {
  int32_t standard_offset_s;
  int32_t daylight_offset_s;
  int has_daylight;
  struct hs_zone_date daylight_from;  /* in standard time */
  struct hs_zone_date daylight_until; /* in daylight time */
};

struct hs_zone {
  int32_t first_offset_s; /* before the first transition */
  size_t transition_count;
  const int64_t *starts_s; /* ascending */
  const int32_t *offsets_s;
  int has_rule;
  struct hs_zone_rule rule;
};

/* Reads a TZif file. HS_CORRUPT, HS_UNSUPPORTED and HS_NOMEM with the reason, without the name. */
enum hs_status hs_zone_read_tzif(struct hs_arena *arena, struct hs_str file, struct hs_zone *out,
                                 struct hs_err *err);

#endif
