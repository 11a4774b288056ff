#include "measure/trend/sides.h"

#include <math.h>

#include "base/status.h"
#include "stats/multiple.h"

/* The least mass that a side is within ±material while no other one is below: one of them within is
   enough, so the best one counts. */
static double least_within(const struct hs_trend_partnership *p)
{
  double best = 0;
  for (size_t j = 0; j < p->side_count; j++) {
    double mass = p->sides[j].within;
    for (size_t i = 0; i < p->side_count; i++)
      if (i != j)
        mass -= 1 - p->sides[i].within - p->sides[i].above;
    best = fmax(best, mass);
  }
  return best;
}

static void join_masses(struct hs_trend_partnership *p)
{
  p->above = 1;
  p->below = 0;
  for (size_t i = 0; i < p->side_count; i++) {
    p->above -= 1 - p->sides[i].above;
    p->below = fmax(p->below, p->sides[i].below);
  }
  p->above = fmax(0, p->above);
  p->within = least_within(p);
}

static void withhold(struct hs_trend_partnership *p)
{
  p->periods_to_decide = 0;
  for (size_t i = 0; i < p->side_count; i++) {
    const struct hs_trend *side = &p->sides[i];
    if (side->reason == HS_TREND_NO_REASON)
      continue;
    if (p->reason == HS_TREND_NO_REASON)
      p->reason = side->reason;
    if (side->periods_to_decide > p->periods_to_decide)
      p->periods_to_decide = side->periods_to_decide;
  }
  /* Each side has its verdict, but not with the mass that both together would need. */
  if (p->reason == HS_TREND_NO_REASON) {
    p->reason = HS_TREND_UNSETTLED;
    p->periods_to_decide = SIZE_MAX;
  }
}

void hs_trend_join(struct hs_trend_partnership *p, double mass)
{
  HS_ASSERT(p->side_count > 0 && p->side_count <= HS_TREND_SIDE_MAX);
  int has_masses = 1;
  p->reason = HS_TREND_NO_REASON;
  p->periods_to_decide = SIZE_MAX;
  p->above = p->within = p->below = p->p_adjusted = (double)NAN;
  for (size_t i = 0; i < p->side_count; i++) {
    if (p->sides[i].verdict == HS_TREND_REFUSED) {
      p->verdict = HS_TREND_REFUSED;
      p->reason = p->sides[i].reason;
      return;
    }
    has_masses = has_masses && !isnan(p->sides[i].above);
  }
  p->verdict = HS_TREND_TOO_EARLY;
  if (has_masses) {
    join_masses(p);
    p->verdict = hs_trend_judge(p->above, p->within, p->below, mass);
  }
  if (p->verdict == HS_TREND_TOO_EARLY)
    withhold(p);
  else
    p->p_adjusted = 1 - fmax(p->above, fmax(p->within, p->below));
}

void hs_trend_family(struct hs_trend_partnership *const *partnerships, size_t count, double mass,
                     double *room, size_t *order)
{
  double *p = room;
  double *adjusted = room + count;
  /* What has no verdict was asked about as well, and counts. */
  for (size_t i = 0; i < count; i++) {
    const struct hs_trend_partnership *one = partnerships[i];
    p[i] = isnan(one->above) ? (double)NAN
                             : fmin(1, 1 - fmax(one->above, fmax(one->within, one->below)));
  }
  hs_benjamini_hochberg(p, count, order, adjusted);
  for (size_t i = 0; i < count; i++) {
    struct hs_trend_partnership *one = partnerships[i];
    if (one->verdict < HS_TREND_FADING)
      continue;
    one->p_adjusted = adjusted[i];
    /* 1 − .9 is not .1 to the last bit. */
    if (adjusted[i] <= 1 - mass + 1e-12)
      continue;
    one->verdict = HS_TREND_TOO_EARLY;
    one->reason = HS_TREND_FAMILY;
  }
}
