/* `hansa power`: what the method could see in a series, tried where nothing happened. */
#ifndef HANSA_SERVICE_BELIEVE_POWER_H
#define HANSA_SERVICE_BELIEVE_POWER_H

#include "measure/influence/power.h"
#include "service/believe/spaced.h"

struct hs_power_asking {
  struct hs_spaced_file file;
  struct hs_str outcome;
  const struct hs_str *controls;
  size_t control_count;
  struct hs_str until; /* the first time that is not history; absent: all of it is */
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
  uint64_t reject_count;
};

[[nodiscard]] enum hs_status hs_power_ask(struct hs_arena *arena, const struct hs_io *io,
                                          const struct hs_power_asking *asking,
                                          struct hs_power_answer *out, struct hs_err *err);
void hs_power_text(const struct hs_power_answer *answer, int width, struct hs_buf *out);
void hs_power_json(const struct hs_power_answer *answer, struct hs_buf *out);

#endif
