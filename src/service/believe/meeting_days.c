/* The orders a day of a programme by line of sales, and of each tested partner those that are
   tracked for it, by the line in which they would stand without it. */
#include <math.h>

#include "base/room.h"
#include "measure/journeys.h"
#include "service/believe/meeting_priv.h"

struct reading {
  struct meeting_record *record;
  const struct hs_journey_run *run;
  size_t *line_of;    /* by channel of the run */
  size_t *partner_of; /* the same: MEETING_NOBODY for our own */
};

/* ---- lines ---- */

static size_t partners_line(const struct hs_meeting *meeting) { return meeting->line_count - 2; }
static size_t pathless_line(const struct hs_meeting *meeting) { return meeting->line_count - 1; }

static enum hs_status make_rows(struct hs_arena *arena, size_t line_count, size_t rows,
                                double ***out, struct hs_err *err)
{
  double *figures = hs_arena_alloc(arena, line_count * rows, sizeof *figures);
  *out = hs_arena_alloc(arena, line_count, sizeof **out);
  if (figures == NULL || *out == NULL)
    return hs_arena_full(arena, "the orders a day", err);
  for (size_t line = 0; line < line_count; line++)
    (*out)[line] = figures + line * rows;
  return HS_OK;
}

/* Channels are known with the first journey: our own are lines, those of partners one together. */
static enum hs_status map_channels(struct reading *reading, struct hs_err *err)
{
  struct hs_meeting *meeting = reading->record->meeting;
  struct hs_arena *arena = reading->record->arena;
  size_t count = reading->run->channel_count;
  reading->line_of = hs_arena_alloc(arena, count, sizeof *reading->line_of);
  reading->partner_of = hs_arena_alloc(arena, count, sizeof *reading->partner_of);
  meeting->line_names = hs_arena_alloc(arena, count + 2, sizeof *meeting->line_names);
  if (reading->line_of == NULL || reading->partner_of == NULL || meeting->line_names == NULL)
    return hs_arena_full(arena, "the channels of a programme", err);
  for (size_t i = 0; i < count; i++) {
    size_t partner = hs_meeting_partner_of(meeting, reading->run->channels[i]);
    int is_tested =
        partner != MEETING_NOBODY && meeting->partners[partner].untested_because == NULL;
    reading->partner_of[i] = is_tested ? partner : MEETING_NOBODY;
    reading->line_of[i] = partner == MEETING_NOBODY ? meeting->line_count : MEETING_NOBODY;
    if (partner == MEETING_NOBODY)
      meeting->line_names[meeting->line_count++] = reading->run->channels[i];
  }
  meeting->line_names[meeting->line_count++] = HS_STR("other partners");
  meeting->line_names[meeting->line_count++] = HS_STR("no path");
  for (size_t i = 0; i < count; i++)
    if (reading->line_of[i] == MEETING_NOBODY)
      reading->line_of[i] = partners_line(meeting);
  return make_rows(arena, meeting->line_count, meeting->periods.count, &meeting->lines, err);
}

/* ---- orders ---- */

static int is_repeated(const struct hs_journey *journey, size_t step)
{
  for (size_t i = 0; i < step; i++)
    if (journey->channels[i] == journey->channels[step])
      return 1;
  return 0;
}

static size_t distinct_channels(const struct hs_journey *journey)
{
  size_t count = 0;
  for (size_t i = 0; i < journey->step_count; i++)
    count += is_repeated(journey, i) ? 0 : 1;
  return count;
}

/* A touchpoint on the way to an order is a sign of life: robots come before a partner does, and
   never buy. */
static enum hs_status note_part(const struct reading *reading, const struct hs_journey *journey,
                                size_t step, const struct meeting_part *part, struct hs_err *err)
{
  struct meeting_record *record = reading->record;
  struct meeting_part *parts = hs_arena_room(&record->notes, record->parts, record->part_count, 1,
                                             &record->part_capacity, sizeof *parts);
  if (parts == NULL)
    return hs_arena_full(&record->notes, "the orders of partners", err);
  record->parts = parts;
  record->parts[record->part_count++] = *part;
  hs_meeting_note_sign(record->meeting, part->partner,
                       hs_zone_day_of_us(record->programme->zone, journey->at_us[step]), 1);
  return HS_OK;
}

/* The line in which the order would stand without the channel of a step, and its share. In equal
   shares each channel stands for its own line, a partner in that of partners; otherwise the order
   stands in the line of its last touchpoint, and is tracked for that one or for all. */
static enum hs_status cut_order(const struct reading *reading, const struct hs_journey *journey,
                                size_t row, struct hs_err *err)
{
  struct hs_meeting *meeting = reading->record->meeting;
  enum hs_meeting_model model = meeting->options.model;
  size_t last = journey->step_count - 1;
  int is_shared = model == HS_MEETING_SHAPLEY;
  double share = is_shared ? 1 / (double)distinct_channels(journey) : 1;
  enum hs_status status = HS_OK;
  if (!is_shared)
    meeting->lines[reading->line_of[journey->channels[last]]][row]++;
  for (size_t i = 0; status == HS_OK && i <= last; i++) {
    uint16_t channel = journey->channels[i];
    int is_given = model != HS_MEETING_LAST || channel == journey->channels[last];
    size_t line = reading->line_of[is_shared ? channel : journey->channels[last]];
    if (is_repeated(journey, i))
      continue;
    if (is_shared)
      meeting->lines[line][row] += share;
    const struct meeting_part part = {.partner = (uint32_t)reading->partner_of[channel],
                                      .row = (uint32_t)row,
                                      .line = (uint32_t)line,
                                      .share = is_given ? share : 0};
    if (reading->partner_of[channel] != MEETING_NOBODY)
      status = note_part(reading, journey, i, &part, err);
  }
  return status;
}

static enum hs_status take_journey(void *context, const struct hs_journey *journey,
                                   struct hs_err *err)
{
  struct reading *reading = context;
  struct hs_meeting *meeting = reading->record->meeting;
  const atomic_int *interrupt = meeting->options.interrupt;
  if (interrupt != NULL && atomic_load_explicit(interrupt, memory_order_relaxed) != 0)
    return hs_fail(err, HS_INTERRUPTED, "interrupted");
  enum hs_status status = reading->line_of == NULL ? map_channels(reading, err) : HS_OK;
  if (status != HS_OK || journey->order_id.data == NULL)
    return status;
  double day = hs_zone_day_of_us(reading->record->programme->zone, journey->end_us);
  if (day < meeting->periods.times[0] || day > meeting->periods.times[meeting->periods.count - 1])
    return HS_OK;
  return cut_order(reading, journey, (size_t)(day - meeting->periods.times[0]), err);
}

/* What is in no journey has no path. Days that a control leaves out have no figure at all. */
static void finish_lines(struct hs_meeting *meeting)
{
  size_t rest = pathless_line(meeting);
  for (size_t row = 0; row < meeting->periods.count; row++) {
    double left = meeting->periods.outcome[row];
    for (size_t line = 0; line < rest; line++)
      left -= meeting->lines[line][row];
    meeting->lines[rest][row] = left > 1e-9 ? left : 0;
  }
}

static enum hs_status join_persons(struct meeting_record *record, struct hs_persons *own,
                                   const struct hs_persons **out, struct hs_err *err)
{
  *out = record->meeting->options.persons;
  if (*out != NULL)
    return HS_OK;
  *out = own;
  return hs_persons_join(record->arena, &record->scratch, &record->programme->trail, INT64_MAX,
                         &(struct hs_persons_options){0}, own, err);
}

enum hs_status hs_meeting_read_days(struct meeting_record *record, struct hs_err *err)
{
  struct hs_meeting *meeting = record->meeting;
  const struct hs_zone *zone = record->programme->zone;
  int32_t first = (int32_t)meeting->periods.times[0];
  struct hs_persons own = {0};
  const struct hs_persons *persons = NULL;
  enum hs_status status = join_persons(record, &own, &persons, err);
  const struct hs_journey_options options = {
      .from_us = hs_zone_day_start_us(zone, first),
      .until_us = hs_zone_day_start_us(zone, first + (int32_t)meeting->periods.count),
      .look_back_us = meeting->options.look_back_us,
      .currency = record->programme->currency,
      .coupons = record->coupons,
      .coupon_count = record->coupon_count};
  struct hs_journey_run run = {.trail = &record->programme->trail,
                               .persons = persons,
                               .options = &options,
                               .arena = record->arena,
                               .scratch = &record->scratch};
  struct reading reading = {.record = record, .run = &run};
  if (status == HS_OK)
    status = hs_journeys_run(&run, take_journey, &reading, err);
  if (status == HS_OK && reading.line_of == NULL)
    status = map_channels(&reading, err);
  if (status == HS_OK)
    finish_lines(meeting);
  return status;
}

enum hs_status hs_meeting_fill_taken(struct meeting_record *record, struct hs_err *err)
{
  struct hs_meeting *meeting = record->meeting;
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < meeting->partner_count; i++)
    if (meeting->partners[i].untested_because == NULL)
      status = make_rows(record->arena, meeting->line_count, meeting->periods.count,
                         &meeting->partners[i].taken, err);
  for (size_t i = 0; status == HS_OK && i < record->part_count; i++) {
    const struct meeting_part *part = &record->parts[i];
    if (meeting->partners[part->partner].taken != NULL)
      meeting->partners[part->partner].taken[part->line][part->row] += part->share;
  }
  return status;
}
