#include "ledger/fairness.h"

enum hs_status hs_fairness_check(const struct hs_fairness *fairness, struct hs_err *err)
{
  struct hs_ratio low = HS_RATIO_ZERO;
  struct hs_ratio high = HS_RATIO_ZERO;
  int fits = 1;
  if (fairness->side_count < 2 || fairness->side_count > HS_SIDES_MAX)
    return hs_fail(err, HS_INVALID, "an agreement has 2 to %d sides, got %zu", HS_SIDES_MAX,
                   fairness->side_count);
  if (fairness->least == 0)
    return hs_fail(err, HS_INVALID, "it takes 1 period or more to judge, got 0");
  for (size_t s = 0; s < fairness->side_count; s++) {
    if (fairness->low[s].top < 0 || hs_ratio_compare(fairness->low[s], fairness->high[s]) > 0 ||
        hs_ratio_compare(fairness->high[s], HS_RATIO_ONE) > 0)
      return hs_fail(err, HS_INVALID, "side %zu: a fairness range lies between 0 and 1", s + 1);
    fits = fits && hs_ratio_add(low, fairness->low[s], &low) &&
           hs_ratio_add(high, fairness->high[s], &high);
  }
  if (!fits)
    return hs_fail(err, HS_INVALID, "the fairness range is too fine to be applied");
  if (hs_ratio_compare(low, HS_RATIO_ONE) > 0 || hs_ratio_compare(high, HS_RATIO_ONE) < 0)
    return hs_fail(err, HS_INVALID, "no division of the benefit is inside all fairness ranges");
  return HS_OK;
}

/* How far a benefit lies outside the part of `together` that the range allows: above zero for below
   the range, below zero for above it. */
static int gap_of(const struct hs_fairness *fairness, size_t side, hs_wide benefit,
                  hs_wide together, struct hs_ratio *out)
{
  struct hs_ratio least, most, gap;
  struct hs_ratio whole = {together, 1};
  if (!hs_ratio_multiply(fairness->low[side], whole, &least) ||
      !hs_ratio_multiply(fairness->high[side], whole, &most))
    return 0;
  if (together < 0) { /* of a loss the larger part is the smaller figure */
    struct hs_ratio larger = least;
    least = most;
    most = larger;
  }
  *out = HS_RATIO_ZERO;
  if (!hs_ratio_subtract(least, (struct hs_ratio){benefit, 1}, &gap))
    return 0;
  if (gap.top > 0)
    *out = gap;
  if (!hs_ratio_subtract(most, (struct hs_ratio){benefit, 1}, &gap))
    return 0;
  if (gap.top < 0)
    *out = gap;
  return 1;
}

/* Whole cents that close a gap: away from zero. */
static int close_gap(struct hs_ratio gap, int64_t *out)
{
  hs_wide whole = gap.top / gap.bottom;
  if (gap.top % gap.bottom != 0)
    whole += gap.top < 0 ? -1 : 1;
  *out = (int64_t)whole;
  return *out == whole;
}

/* The side that is farthest below its range, or where none is, the one farthest above; side is
   HS_NOBODY when all are inside. */
static int find_gap(const struct hs_fairness *fairness, const hs_wide *benefits, hs_wide together,
                    uint32_t *side, struct hs_ratio *gap)
{
  *side = HS_NOBODY;
  *gap = HS_RATIO_ZERO;
  for (size_t s = 0; s < fairness->side_count; s++) {
    struct hs_ratio here;
    if (!gap_of(fairness, s, benefits[s], together, &here))
      return 0;
    int is_below_more = here.top > 0 && hs_ratio_compare(here, *gap) > 0;
    int is_above_more = here.top < 0 && gap->top <= 0 && hs_ratio_compare(here, *gap) < 0;
    if (is_below_more || is_above_more) {
      *gap = here;
      *side = (uint32_t)s;
    }
  }
  return 1;
}

/* Moves the window on to a period. */
static void roll(const struct hs_fairness *fairness, const int64_t *benefits, size_t period,
                 hs_wide *sums)
{
  for (size_t s = 0; s < fairness->side_count; s++) {
    sums[s] += benefits[period * fairness->side_count + s];
    if (fairness->window > 0 && period >= fairness->window)
      sums[s] -= benefits[(period - fairness->window) * fairness->side_count + s];
  }
}

static int judge(const struct hs_fairness *fairness, const hs_wide *sums, size_t period,
                 struct hs_balance *balance)
{
  struct hs_ratio gap;
  hs_wide together = 0;
  for (size_t s = 0; s < fairness->side_count; s++)
    together += sums[s];
  if (!find_gap(fairness, sums, together, &balance->side, &gap) ||
      !close_gap(gap, &balance->gap_minor))
    return 0;
  enum hs_balance_state before = balance->state;
  if (period + 1 < fairness->least)
    balance->state = HS_BALANCE_TOO_EARLY;
  else
    balance->state = balance->side == HS_NOBODY ? HS_BALANCE_INSIDE : HS_BALANCE_OUTSIDE;
  if (balance->state == HS_BALANCE_OUTSIDE && before != HS_BALANCE_OUTSIDE)
    balance->since = period;
  return 1;
}

static int narrow_sums(const struct hs_fairness *fairness, const hs_wide *sums,
                       struct hs_balance *balance)
{
  hs_wide together = 0;
  int fits = 1;
  for (size_t s = 0; s < fairness->side_count; s++) {
    together += sums[s];
    balance->benefit_minor[s] = (int64_t)sums[s];
    fits = fits && balance->benefit_minor[s] == sums[s];
  }
  balance->together_minor = (int64_t)together;
  return fits && balance->together_minor == together;
}

enum hs_status hs_balance_make(const struct hs_fairness *fairness, const int64_t *benefits,
                               size_t periods, struct hs_balance *out, struct hs_err *err)
{
  hs_wide sums[HS_SIDES_MAX] = {0};
  struct hs_balance balance = {.state = HS_BALANCE_TOO_EARLY, .side = HS_NOBODY};
  int fits = 1;
  for (size_t p = 0; p < periods && fits; p++) {
    roll(fairness, benefits, p, sums);
    fits = judge(fairness, sums, p, &balance);
  }
  if (!fits || !narrow_sums(fairness, sums, &balance))
    return hs_fail(err, HS_INVALID, "the benefits of %zu periods do not fit", periods);
  *out = balance;
  return HS_OK;
}
