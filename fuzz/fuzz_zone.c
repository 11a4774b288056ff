/* The reader of TZif files: a simulated machine holds the input as a zone of its database. Whatever
   the file says, a zone that opens answers every moment, and the way through wall time comes back
   to a moment that shows it. */
#include "fuzz.h"

#include <string.h>

#include "base/io_sim.h"
#include "base/time.h"

#define DATABASE "/usr/share/zoneinfo"

static void store(const struct hs_io *io, const uint8_t *data, size_t size)
{
  static const char *const DIRECTORIES[] = {"/usr", "/usr/share", DATABASE};
  for (size_t i = 0; i < 3; i++)
    HS_ASSERT(io->make_directory(io->self, DIRECTORIES[i], NULL) == HS_OK);
  HS_ASSERT(hs_io_replace_file(io, DATABASE "/Made", data, size, NULL) == HS_OK);
}

static void check_moment(const struct hs_zone *zone, int64_t at_us)
{
  int64_t wall_us = at_us + hs_zone_offset_s(zone, at_us) * HS_SECOND_US;
  int64_t back_us = 0;
  char text[HS_TIME_TEXT];
  hs_format_time_in(zone, at_us, text);
  HS_ASSERT(strlen(text) < HS_TIME_TEXT);
  HS_ASSERT(hs_zone_day_start_us(zone, hs_day_of_us(at_us)) >= HS_TIME_MIN_US);
  if (!hs_zone_to_utc(zone, wall_us, &back_us)) {
    /* Only where the first moment that showed it lies before the year 1. */
    HS_ASSERT(at_us < HS_TIME_MIN_US + 3 * HS_DAY_US);
    return;
  }
  HS_ASSERT(back_us <= at_us);
  HS_ASSERT(back_us + hs_zone_offset_s(zone, back_us) * HS_SECOND_US == wall_us);
}

static void check_zone(const struct hs_zone *zone)
{
  /* About every 110 years, and day by day through one that rules and tables both reach. */
  for (int64_t at_us = HS_TIME_MIN_US; at_us < HS_TIME_MAX_US; at_us += 40009 * HS_DAY_US)
    check_moment(zone, at_us);
  check_moment(zone, HS_TIME_MAX_US);
  int64_t start_us = hs_day_of(2026, 1, 1) * HS_DAY_US;
  for (int hour = 0; hour < 366 * 24; hour += 23)
    check_moment(zone, start_us + hour * HS_HOUR_US);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_sim *sim = NULL;
  struct hs_arena arena = {0};
  const struct hs_zone *zone = NULL;
  struct hs_err err = {0};
  HS_ASSERT(hs_sim_open(&(struct hs_sim_options){.seed = 1}, &sim, NULL) == HS_OK);
  HS_ASSERT(hs_arena_init(&arena, 4 * HS_MIB, NULL) == HS_OK);
  store(hs_sim_io(sim), data, size);
  enum hs_status status = hs_zone_open(&arena, hs_sim_io(sim), HS_STR("Made"), &zone, &err);
  if (status == HS_OK)
    check_zone(zone);
  else
    HS_ASSERT((status == HS_CORRUPT || status == HS_UNSUPPORTED || status == HS_NOMEM) &&
              err.status == status && zone == NULL);
  hs_arena_release(&arena);
  hs_sim_close(sim);
  return 0;
}
