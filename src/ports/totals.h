/* The fold behind hs_trail.totals: what falls to each partner and channel, and how a cost is shared
   over the days of its period. Both trails feed it, so that the sharing rule of trail.h stands in
   one place; how touches and persons are counted is each trail's own. */
#ifndef HANSA_PORTS_TOTALS_H
#define HANSA_PORTS_TOTALS_H

#include "ports/trail.h"

struct hs_totals_line;

/* Lines live in the arena; texts given to add must live as long as the fold. */
struct hs_totals {
  struct hs_arena *arena;
  int64_t day_first; /* the calendar days of the period: [day_first, day_end) */
  int64_t day_end;
  struct hs_totals_line *lines;
  size_t count;
  size_t capacity;
  uint32_t *slots; /* hash table of line numbers from 1, twice the capacity */
};

void hs_totals_init(struct hs_totals *totals, struct hs_arena *arena, int64_t from_us,
                    int64_t until_us);

/* For the partner's line (channel empty) or one of its kinds. */
[[nodiscard]] enum hs_status hs_totals_add_touches(struct hs_totals *totals, struct hs_str partner,
                                                   struct hs_str channel, uint64_t touches,
                                                   uint64_t persons, struct hs_err *err);
[[nodiscard]] enum hs_status hs_totals_add_leads(struct hs_totals *totals, struct hs_str partner,
                                                 uint64_t leads, struct hs_err *err);
/* kind: impressions, subscribers, reach; any other word is other activity. A sum below zero is
 * given as zero. */
[[nodiscard]] enum hs_status hs_totals_add_activity(struct hs_totals *totals, struct hs_str partner,
                                                    struct hs_str kind, int64_t count,
                                                    struct hs_err *err);

struct hs_totals_cost {
  struct hs_str partner; /* empty when absent, as the other texts */
  struct hs_str channel;
  struct hs_str currency; /* without it there is no amount */
  int64_t amount_minor;
  int64_t from_day;
  int64_t to_day; /* a day before from_day counts as from_day */
  double hours;   /* rounded to millionths, halves away from zero; beyond 9e12 it is HS_INVALID */
};
/* Adds the share of the days that lie in the period. HS_INVALID when a sum does not fit or a line
 * has more than 8 currencies. */
[[nodiscard]] enum hs_status
hs_totals_add_cost(struct hs_totals *totals, const struct hs_totals_cost *cost, struct hs_err *err);
/* Calls each for every line in order. */
[[nodiscard]] enum hs_status hs_totals_give(struct hs_totals *totals, hs_total_fn each,
                                            void *context, struct hs_err *err);

/* What falls to the days [0, day) of an amount that is shared over day_count days. */
int64_t hs_totals_share(int64_t amount, int64_t day, int64_t day_count);

#endif
