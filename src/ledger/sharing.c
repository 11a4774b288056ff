#include "ledger/sharing.h"

/* ---- checking ---- */

/* Whole weights in the proportions of fractions: their tops over one bottom. */
static int weights_of(const struct hs_ratio *shares, size_t count, uint64_t *weights)
{
  hs_wide bottom = 1;
  for (size_t i = 0; i < count; i++) {
    struct hs_ratio missing; /* the factors of this bottom that the common one lacks */
    if (!hs_ratio_divide((struct hs_ratio){shares[i].bottom, 1}, (struct hs_ratio){bottom, 1},
                         &missing) ||
        __builtin_mul_overflow(bottom, missing.top, &bottom))
      return 0;
  }
  for (size_t i = 0; i < count; i++) {
    hs_wide weight = 0;
    if (__builtin_mul_overflow(shares[i].top, bottom / shares[i].bottom, &weight) ||
        weight > (hs_wide)UINT64_MAX)
      return 0;
    weights[i] = (uint64_t)weight;
  }
  return 1;
}

static enum hs_status check_shares(const struct hs_ratio *shares, size_t count, const char *what,
                                   struct hs_err *err)
{
  char text[HS_RATIO_TEXT];
  uint64_t weights[HS_SIDES_MAX];
  struct hs_ratio sum = HS_RATIO_ZERO;
  for (size_t i = 0; i < count; i++) {
    hs_ratio_format(shares[i], text);
    if (shares[i].top < 0)
      return hs_fail(err, HS_INVALID, "a %s must be 0 or more, got %s", what, text);
    if (!hs_ratio_add(sum, shares[i], &sum))
      return hs_fail(err, HS_INVALID, "the %ss are too fine: %s", what, text);
  }
  hs_ratio_format(sum, text);
  if (hs_ratio_compare(sum, HS_RATIO_ONE) != 0)
    return hs_fail(err, HS_INVALID, "the %ss must sum to 1, got %s", what, text);
  if (!weights_of(shares, count, weights))
    return hs_fail(err, HS_INVALID, "the %ss are too fine to be applied", what);
  return HS_OK;
}

static enum hs_status check_step(const struct hs_sharing *sharing, size_t at, struct hs_err *err)
{
  const struct hs_waterfall_step *step = &sharing->steps[at];
  int is_for_all = step->kind == HS_STEP_RECOUP && step->side == HS_NOBODY;
  if (!is_for_all && step->side >= sharing->side_count)
    return hs_fail(err, HS_INVALID, "step %zu: there is no side %u", at + 1, step->side);
  if (step->kind == HS_STEP_RECOUP)
    return HS_OK;
  if (step->rate.bottom != 0 && step->rate.top < 0)
    return hs_fail(err, HS_INVALID, "step %zu: the rate must be 0 or more", at + 1);
  if (step->most_minor < 0)
    return hs_fail(err, HS_INVALID, "step %zu: the amount must be 0 or more", at + 1);
  if (step->rate.bottom == 0 && step->most_minor == INT64_MAX)
    return hs_fail(err, HS_INVALID, "step %zu: a preferred share is a rate, an amount or both",
                   at + 1);
  return HS_OK;
}

enum hs_status hs_sharing_check(const struct hs_sharing *sharing, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  if (sharing->side_count < 2 || sharing->side_count > HS_SIDES_MAX)
    return hs_fail(err, HS_INVALID, "an agreement has 2 to %d sides, got %zu", HS_SIDES_MAX,
                   sharing->side_count);
  if (sharing->step_count > HS_STEPS_MAX)
    return hs_fail(err, HS_INVALID, "a waterfall has at most %d steps, got %zu", HS_STEPS_MAX,
                   sharing->step_count);
  if (sharing->kind == HS_SHARING_KEPT)
    return HS_OK;
  status = check_shares(sharing->share, sharing->side_count, "share", err);
  if (status == HS_OK)
    status = check_shares(sharing->loss, sharing->side_count, "share of losses", err);
  for (size_t s = 0; s < sharing->step_count && status == HS_OK; s++)
    status = check_step(sharing, s, err);
  for (size_t i = 0; i < sharing->side_count && status == HS_OK; i++)
    if (sharing->unrecouped_minor[i] < 0)
      status = hs_fail(err, HS_INVALID, "what was not recouped must be 0 or more, got %lld",
                       (long long)sharing->unrecouped_minor[i]);
  return status;
}

/* ---- dividing ---- */

enum hs_status hs_sharing_split(const struct hs_sharing *sharing, int64_t amount_minor,
                                int64_t *parts, struct hs_err *err)
{
  uint64_t weights[HS_SIDES_MAX];
  const struct hs_ratio *shares = amount_minor < 0 ? sharing->loss : sharing->share;
  if (!weights_of(shares, sharing->side_count, weights))
    return hs_fail(err, HS_INVALID, "the shares are too fine to be applied");
  return hs_money_split(amount_minor, weights, sharing->side_count, parts, err);
}

/* A side's costs that it may still recoup, and what all of them are. */
struct recouping {
  int64_t due[HS_SIDES_MAX];
  int64_t costs[HS_SIDES_MAX]; /* with those of earlier periods: what a preferred rate is of */
};

static int begin(const struct hs_sharing *sharing, const int64_t *costs_minor,
                 struct recouping *out)
{
  for (size_t i = 0; i < sharing->side_count; i++) {
    if (__builtin_add_overflow(costs_minor[i], sharing->unrecouped_minor[i], &out->costs[i]))
      return 0;
    out->costs[i] = out->costs[i] > 0 ? out->costs[i] : 0; /* corrections may outweigh costs */
    out->due[i] = out->costs[i];
  }
  return 1;
}

/* In proportion to what is due, where there is not enough for all: a part never exceeds its due,
   since the exact part is below it and the due is whole. */
static enum hs_status recoup_all(struct recouping *recouping, size_t side_count, int64_t there,
                                 int64_t *given, struct hs_err *err)
{
  uint64_t weights[HS_SIDES_MAX];
  hs_wide sum = 0;
  for (size_t i = 0; i < side_count; i++) {
    weights[i] = (uint64_t)recouping->due[i];
    sum += recouping->due[i];
  }
  if (sum == 0)
    return HS_OK;
  enum hs_status status =
      hs_money_split(sum < there ? (int64_t)sum : there, weights, side_count, given, err);
  for (size_t i = 0; i < side_count && status == HS_OK; i++)
    recouping->due[i] -= given[i];
  return status;
}

/* The rate only counts where it gives less than the most, so that a large one need not fit. */
static enum hs_status give_preferred(const struct hs_sharing *sharing,
                                     const struct hs_waterfall_step *step,
                                     const struct recouping *recouping, int64_t there,
                                     int64_t *given, struct hs_err *err)
{
  struct hs_ratio exact;
  int64_t of = step->of == HS_STEP_OF_COSTS ? recouping->costs[step->side] : there;
  int64_t amount = step->most_minor < there ? step->most_minor : there;
  if (step->rate.bottom != 0 && (!hs_ratio_multiply(step->rate, hs_ratio_of(of, 1), &exact) ||
                                 (hs_ratio_compare(exact, hs_ratio_of(amount, 1)) < 0 &&
                                  !hs_ratio_round(exact, sharing->rounding, &amount))))
    return hs_fail(err, HS_INVALID, "a preferred share of %lld does not fit", (long long)of);
  given[step->side] = amount;
  return HS_OK;
}

static enum hs_status run_step(const struct hs_sharing *sharing,
                               const struct hs_waterfall_step *step, struct recouping *recouping,
                               struct hs_step_given *out, struct hs_err *err)
{
  if (step->kind == HS_STEP_PREFERRED)
    return give_preferred(sharing, step, recouping, out->there_minor, out->given_minor, err);
  if (step->side == HS_NOBODY)
    return recoup_all(recouping, sharing->side_count, out->there_minor, out->given_minor, err);
  int64_t *due = &recouping->due[step->side];
  int64_t given = *due < out->there_minor ? *due : out->there_minor;
  out->given_minor[step->side] = given;
  *due -= given;
  return HS_OK;
}

/* What a step gave is taken from what was there: both have the same sign, so nothing overflows. */
static int64_t count_step(struct hs_waterfall *waterfall, const struct hs_step_given *step,
                          size_t side_count)
{
  int64_t left = step->there_minor;
  for (size_t i = 0; i < side_count; i++) {
    left -= step->given_minor[i];
    waterfall->given_minor[i] += step->given_minor[i];
  }
  return left;
}

enum hs_status hs_waterfall_run(const struct hs_sharing *sharing, int64_t proceeds_minor,
                                const int64_t *costs_minor, struct hs_waterfall *out,
                                struct hs_err *err)
{
  struct hs_waterfall waterfall = {.step_count = sharing->step_count + 1};
  struct recouping recouping;
  enum hs_status status = HS_OK;
  int64_t left = proceeds_minor;
  if (!begin(sharing, costs_minor, &recouping))
    return hs_fail(err, HS_INVALID, "the costs to recoup do not fit");
  for (size_t s = 0; s < sharing->step_count && status == HS_OK; s++) {
    struct hs_step_given *given = &waterfall.steps[s];
    given->there_minor = left;
    if (left > 0)
      status = run_step(sharing, &sharing->steps[s], &recouping, given, err);
    left = count_step(&waterfall, given, sharing->side_count);
  }
  struct hs_step_given *split = &waterfall.steps[sharing->step_count];
  split->there_minor = left;
  if (status == HS_OK)
    status = hs_sharing_split(sharing, left, split->given_minor, err);
  if (status != HS_OK)
    return status;
  left = count_step(&waterfall, split, sharing->side_count);
  HS_ASSERT(left == 0);
  for (size_t i = 0; i < sharing->side_count; i++)
    waterfall.unrecouped_minor[i] = recouping.due[i];
  *out = waterfall;
  return HS_OK;
}
