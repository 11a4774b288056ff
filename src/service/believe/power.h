/* `hansa power`: what the method could see in a series, tried where nothing happened. */
#ifndef HANSA_SERVICE_BELIEVE_POWER_H
#define HANSA_SERVICE_BELIEVE_POWER_H

#include "measure/influence/power.h"
#include "service/believe/periods_programme.h"
#include "service/believe/season.h"

struct hs_power_asking {
  struct hs_periods_request file; /* path NULL for a programme */
  struct hs_str until;            /* the first time that is not history; absent: all of it is */
  size_t window_rows, date_count;
  const double *effects; /* shares of what was predicted, such as 0.05 */
  size_t effect_count;
  double power;
  struct hs_influence_input common; /* season (or HS_SEASON_UNSAID), level, seed, draws, threads */
  enum hs_influence_mode mode;
};

struct hs_power_answer {
  struct hs_power power;
  struct hs_power_asking asked;
  double days_between; /* two rows; NaN when they are no days */
  size_t more_rows;    /* of history, until something can be told; 0 when it can */
  uint64_t reject_count;
};

/* Failures of reading (periods.h; HS_USAGE for an until outside of the rows) and of hs_power.
   Everything lives in the arena, and asking is borrowed. */
[[nodiscard]] enum hs_status hs_power_file(struct hs_arena *arena, const struct hs_io *io,
                                           const struct hs_power_asking *asking,
                                           hs_figures_reject_fn on_reject, void *context,
                                           struct hs_power_answer *out, struct hs_err *err);
[[nodiscard]] enum hs_status hs_power_programme(struct hs_arena *arena,
                                                struct hs_programme *programme,
                                                const struct hs_power_asking *asking,
                                                struct hs_power_answer *out, struct hs_err *err);
void hs_power_text(const struct hs_power_answer *answer, int width, struct hs_buf *out);
void hs_power_json(const struct hs_power_answer *answer, struct hs_buf *out);
/* effect,found: shares; no row where no power is told. */
void hs_power_csv(const struct hs_power_answer *answer, struct hs_buf *out);
void hs_power_html(const struct hs_power_answer *answer, struct hs_buf *out);

#endif
