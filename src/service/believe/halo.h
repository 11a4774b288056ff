/* `hansa halo`: the halo table of a partner that began at a known day, out of a CSV file of daily
   (or weekly) sales by line or out of a programme's own record, with tracked beside incremental,
   what of tracked sales would have come anyway, what was sold elsewhere, and what would settle it.
 */
#ifndef HANSA_SERVICE_BELIEVE_HALO_H
#define HANSA_SERVICE_BELIEVE_HALO_H

#include "measure/influence/halo.h"
#include "measure/influence/honesty_settle.h"
#include "measure/influence/register.h"
#include "service/believe/meeting.h"

struct hs_halo_period {
  struct hs_str first, last; /* as they were given; both included */
};

struct hs_halo_asking {
  struct hs_spaced_file file;
  struct hs_str tracked;      /* column */
  const struct hs_str *lines; /* columns; names are theirs */
  size_t line_count;
  struct hs_str total; /* column; absent: the lines and the tracked sales are all there is */
  const struct hs_str *controls;
  size_t control_count;
  struct hs_str start, end; /* as the file writes times; end absent: the last row */
  const struct hs_halo_period *another;
  size_t another_count;
  const struct hs_declared_event *events; /* days; they lower the grade */
  size_t event_count;
  struct hs_influence_input
      common; /* season (or HS_SEASON_UNSAID), level, seed, draws, threads; the rest is filled in */
  enum hs_influence_mode mode;
  struct hs_honesty_options honesty;
  double kappa, kappa_sd; /* from a hold-out; NaN for none */
  int can_switch, can_withhold_regions;
};

struct hs_halo_answer {
  struct hs_str partner; /* its title; absent where a file says nothing of it */
  struct hs_halo halo;
  struct hs_spaced spaced;
  size_t start, end; /* rows */
  int is_interim;    /* the window has not ended in these figures: no verdict */
  struct hs_settle_answer settle;
  int has_settle;         /* it is told: rows are days or weeks, the noise is known */
  double hold_out_orders; /* that tell κ to ±.1 in the worst case */
  size_t events_inside;
  struct hs_halo_asking asked;
};

[[nodiscard]] enum hs_status hs_halo_ask(struct hs_arena *arena, const struct hs_io *io,
                                         const struct hs_halo_asking *asking,
                                         struct hs_halo_answer *out, struct hs_err *err);

/* Of a partner that hs_meeting_gather found to be tested. Of asking the file, its columns, start
   and end are not read: they are the meeting's. */
[[nodiscard]] enum hs_status hs_halo_meet(struct hs_arena *arena, const struct hs_meeting *meeting,
                                          const struct hs_meeting_partner *partner,
                                          const struct hs_halo_asking *asking,
                                          struct hs_halo_answer *out, struct hs_err *err);

void hs_halo_text(const struct hs_halo_answer *answer, int width, struct hs_buf *out);
void hs_halo_json(const struct hs_halo_answer *answer, struct hs_buf *out);
/* One page that stands alone, with the lines as bars and their intervals. */
void hs_halo_html(const struct hs_halo_answer *answer, struct hs_buf *out);

/* The verdict, or what stands in its place: "interim, no verdict", "refused",
   "only the joint effect of both partners"; lives for ever. */
const char *hs_halo_verdict_words(const struct hs_halo_answer *answer);

#endif
