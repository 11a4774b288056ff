/* A table of partners from a programme's own record: a halo table for each whose start is known. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/believe/analysis.h"
#include "service/believe/honesty_priv.h"
#include "service/believe/season.h"

#define NONE ((double)NAN)

struct making {
  struct hs_arena *arena;
  const struct hs_partners_programme *how;
  struct hs_meeting meeting;
  struct hs_partners *out;
  size_t first_row, end_row; /* from the first window to the last */
};

static const struct hs_partners_hold_out *hold_out_of(const struct making *making,
                                                      struct hs_str partner)
{
  for (size_t i = 0; i < making->how->hold_out_count; i++)
    if (hs_str_equal(making->how->hold_outs[i].partner, partner))
      return &making->how->hold_outs[i];
  return NULL;
}

/* A result that bears no comparison is a partner that was not tested. */
static const char *told(const struct hs_halo_answer *table)
{
  if (table->is_interim)
    return "its window has not ended: a look before the end gives no verdict";
  if (table->halo.verdict == HS_HALO_JOINT)
    return "another partner came or went with it: only the effect of both is there";
  return table->halo.verdict == HS_HALO_TOLD ? NULL : table->halo.refused_because;
}

static enum hs_status test(struct making *making, const struct hs_meeting_partner *partner,
                           struct hs_partners_line *line, struct hs_err *err)
{
  struct hs_halo_asking asking = making->how->halo;
  const struct hs_partners_hold_out *hold_out = hold_out_of(making, partner->name);
  struct hs_halo_answer *table = hs_arena_alloc(making->arena, 1, sizeof *table);
  if (table == NULL)
    return hs_arena_full(making->arena, "a halo table", err);
  asking.honesty = making->out->asked.honesty;
  asking.kappa = hold_out != NULL ? hold_out->kappa : NONE;
  asking.kappa_sd = hold_out != NULL ? hold_out->sd : NONE;
  struct hs_err fault = {0};
  enum hs_status status =
      hs_halo_meet(making->arena, &making->meeting, partner, &asking, table, &fault);
  if (status == HS_INVALID || status == HS_INSUFFICIENT) { /* of this partner, and no other */
    line->untested_because = hs_arena_copy(making->arena, fault.text, strlen(fault.text));
    return line->untested_because != NULL ? HS_OK
                                          : hs_arena_full(making->arena, "a halo table", err);
  }
  if (status != HS_OK)
    return hs_fail(err, status, "%s", fault.text);
  line->untested_because = told(table);
  line->tracked = table->halo.tracked;
  line->is_tested = line->untested_because == NULL;
  line->honesty = table->halo.honesty;
  line->table = line->is_tested ? table : NULL;
  if (line->is_tested) {
    making->first_row = partner->start < making->first_row ? partner->start : making->first_row;
    making->end_row = partner->end > making->end_row ? partner->end : making->end_row;
  }
  return HS_OK;
}

/* Tested ones first, most orders first; the others by name. */
static int by_interest(const void *a, const void *b)
{
  const struct hs_partners_line *x = a;
  const struct hs_partners_line *y = b;
  if (x->is_tested != y->is_tested)
    return y->is_tested - x->is_tested;
  if (x->is_tested && (x->tracked < y->tracked || x->tracked > y->tracked))
    return x->tracked < y->tracked ? 1 : -1;
  return hs_str_compare(x->name, y->name);
}

/* What was sold while any of them was looked at: what they brought in parts of it cannot be more.
 */
static double sold_meanwhile(const struct making *making)
{
  double sold = 0;
  for (size_t row = making->first_row; row < making->end_row; row++) {
    double orders = making->meeting.periods.outcome[row];
    sold += isnan(orders) ? 0 : orders;
  }
  return making->end_row > making->first_row ? sold : NONE;
}

static enum hs_status fill_lines(struct making *making, struct hs_err *err)
{
  const struct hs_meeting *meeting = &making->meeting;
  struct hs_partners *out = making->out;
  size_t done = 0;
  out->lines = hs_arena_alloc(making->arena, meeting->partner_count, sizeof *out->lines);
  if (out->lines == NULL)
    return hs_arena_full(making->arena, "partners", err);
  for (size_t i = 0; i < meeting->partner_count; i++) {
    const struct hs_meeting_partner *partner = &meeting->partners[i];
    struct hs_partners_line *line = &out->lines[out->line_count++];
    *line = (struct hs_partners_line){.name = partner->name,
                                      .title = partner->title,
                                      .kind = partner->kind,
                                      .tracked = NONE,
                                      .untested_because = partner->untested_because};
    if (partner->untested_because != NULL)
      continue;
    if (making->how->progress != NULL)
      making->how->progress(making->how->progress_context, partner->title, done++,
                            meeting->tested_count);
    enum hs_status status = test(making, partner, line, err);
    if (status != HS_OK)
      return status;
  }
  if (out->line_count > 1)
    qsort(out->lines, out->line_count, sizeof *out->lines, by_interest);
  return HS_OK;
}

struct hs_partners_programme hs_partners_usual(void)
{
  return (struct hs_partners_programme){
      .meeting = {.model = HS_MEETING_SHAPLEY,
                  .look_back_us = HS_LOOK_BACK_DAYS_DEFAULT * HS_DAY_US,
                  .window_days = HS_MEETING_WINDOW_DAYS_DEFAULT},
      .halo = {.common = {.season = HS_SEASON_UNSAID,
                          .level = HS_HONESTY_DEFAULTS.mass,
                          .seed = 1,
                          .draws = HS_MEETING_DRAWS},
               .can_switch = 1,
               .can_withhold_regions = 1}};
}

enum hs_status hs_partners_of_programme(struct hs_arena *arena, struct hs_programme *programme,
                                        const struct hs_partners_asking *asking,
                                        const struct hs_partners_programme *how,
                                        struct hs_partners *out, struct hs_err *err)
{
  struct hs_partners partners = {.asked = *asking, .is_programme = 1, .model = how->meeting.model};
  struct making making = {.arena = arena, .how = how, .out = &partners, .first_row = SIZE_MAX};
  enum hs_status status = hs_meeting_gather(arena, programme, &how->meeting, &making.meeting, err);
  for (size_t i = 0; status == HS_OK && i < how->hold_out_count; i++)
    if (hs_meeting_find(&making.meeting, how->hold_outs[i].partner) == NULL)
      status = hs_fail(err, HS_NOT_FOUND, "there is no partner %.*s",
                       HS_STR_ARG(how->hold_outs[i].partner));
  if (status == HS_OK)
    status = fill_lines(&making, err);
  if (status != HS_OK)
    return status;
  partners.asked.total = sold_meanwhile(&making);
  status = hs_partners_conclude(arena, &partners, err);
  if (status == HS_OK)
    *out = partners;
  return status;
}
