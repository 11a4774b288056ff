#include "measure/influence/honesty_settle.h"

#include <math.h>

#include "base/status.h"

const char *hs_settle_name(enum hs_settle_kind kind)
{
  static const char *const NAMES[] = {"go on", "switch-back", "regions"};
  return NAMES[kind];
}

/* From outside the band its near edge has to be cleared, from inside the nearer of both. */
static double distance_of(const struct hs_settle_question *q)
{
  double effect = isnan(q->ratio) ? 0 : q->ratio * q->tracked_week;
  double low = (1 - q->honesty.band) * q->tracked_week;
  double high = (1 + q->honesty.band) * q->tracked_week;
  return fmin(fabs(effect - low), fabs(effect - high));
}

static int is_better(const struct hs_settle_answer *answer, size_t a, size_t b)
{
  if (answer->withheld[a] < answer->withheld[b] || answer->withheld[a] > answer->withheld[b])
    return answer->withheld[a] < answer->withheld[b];
  return answer->weeks[a] < answer->weeks[b];
}

struct hs_settle_answer hs_honesty_settle(const struct hs_settle_question *q)
{
  struct hs_settle_answer answer = {.distance = distance_of(q)};
  const struct hs_belief normal = {.sd = 1};
  double c = hs_belief_detectable(&normal, q->honesty.mass, q->honesty.power);
  /* Nothing is known yet: what is withheld may be all that is tracked. */
  double effect = isnan(q->ratio) ? q->tracked_week : fmax(0, q->ratio * q->tracked_week);
  for (size_t i = 0; i < HS_SETTLE_COUNT; i++) {
    const struct hs_settle_way *way = &q->ways[i];
    double errors = c * way->noise_week / answer.distance;
    answer.weeks[i] = fmax(way->weeks_min, ceil(errors * errors));
    answer.withheld[i] = way->withheld_share * effect * answer.weeks[i];
    answer.could[i] = way->is_open && answer.weeks[i] <= q->weeks_max;
    if (i == HS_SETTLE_WAIT || !answer.could[i])
      continue;
    if (!answer.is_any || is_better(&answer, i, (size_t)answer.best))
      answer.best = (enum hs_settle_kind)i;
    answer.is_any = 1;
  }
  return answer;
}
