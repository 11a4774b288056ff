/* Glossary: pair i has the differences yᵢ of outcome and cᵢ of cost; eᵢ(θ) = yᵢ − θ cᵢ; k pairs are
   trimmed at each end of n, m = n − 2k stay. Two e cross at θᵢⱼ = (yᵢ − yⱼ)/(cᵢ − cⱼ): between two
   neighbouring crossings their order stands still, so that the trimmed sum is linear in θ there and
   the winsorised sum of squares a parabola. */
#include "measure/influence/trimmed_match.h"

#include <math.h>

#include "stats/distribution.h"
#include "stats/quantile.h"

/* Crossings nearer to each other than this part of their size are one. */
#define SAME 1e-12

struct work {
  const struct hs_matched_pair *pairs;
  size_t n, trim_count;
  double *crossings; /* rising */
  size_t crossing_count;
  size_t *order; /* of the pairs by e */
};

/* On a stretch: trimmed sum Y − θC; winsorised squares about their mean a θ² − 2bθ + c. */
struct stretch {
  double from, to;
  double outcome, cost;
  double a, b, c;
};

static double residual(const struct hs_matched_pair *pair, double theta)
{
  return pair->outcome - theta * pair->cost;
}

static void find_crossings(struct work *work)
{
  size_t kept = 0;
  for (size_t i = 0; i < work->n; i++)
    for (size_t j = 0; j < i; j++) {
      double theta = (work->pairs[i].outcome - work->pairs[j].outcome) /
                     (work->pairs[i].cost - work->pairs[j].cost);
      if (isfinite(theta)) /* equal costs never cross */
        work->crossings[work->crossing_count++] = theta;
    }
  hs_sort(work->crossings, work->crossing_count);
  for (size_t k = 0; k < work->crossing_count; k++)
    if (kept == 0 ||
        work->crossings[k] - work->crossings[kept - 1] > SAME * fabs(work->crossings[k]))
      work->crossings[kept++] = work->crossings[k];
  work->crossing_count = kept;
}

/* By insertion: from one stretch to the next a few neighbours change places. */
static void sort_at(struct work *work, double theta)
{
  for (size_t i = 1; i < work->n; i++) {
    size_t moved = work->order[i];
    double value = residual(&work->pairs[moved], theta);
    size_t at = i;
    for (; at > 0 && residual(&work->pairs[work->order[at - 1]], theta) > value; at--)
      work->order[at] = work->order[at - 1];
    work->order[at] = moved;
  }
}

/* The pair whose e stands at that rank once the ends are winsorised. */
static const struct hs_matched_pair *at_rank(const struct work *work, size_t rank)
{
  size_t k = work->trim_count;
  size_t last = work->n - 1 - k;
  return &work->pairs[work->order[rank < k ? k : rank > last ? last : rank]];
}

static void sum_stretch(const struct work *work, struct stretch *out)
{
  double n = (double)work->n;
  double sum_y = 0;
  double sum_c = 0;
  for (size_t r = 0; r < work->n; r++) {
    const struct hs_matched_pair *pair = at_rank(work, r);
    int is_kept = r >= work->trim_count && r < work->n - work->trim_count;
    sum_y += pair->outcome / n;
    sum_c += pair->cost / n;
    out->outcome += is_kept ? pair->outcome : 0;
    out->cost += is_kept ? pair->cost : 0;
  }
  for (size_t r = 0; r < work->n; r++) {
    double y = at_rank(work, r)->outcome - sum_y;
    double c = at_rank(work, r)->cost - sum_c;
    out->a += c * c;
    out->b += c * y;
    out->c += y * y;
  }
}

/* Stretch s of crossing_count + 1, from left to right; they must be asked for in that order for
   sort_at to be cheap, not to be right. */
static struct stretch stretch_at(struct work *work, size_t s)
{
  struct stretch found = {.from = -(double)INFINITY, .to = (double)INFINITY};
  double inside = 0;
  if (s > 0)
    found.from = work->crossings[s - 1];
  if (s < work->crossing_count)
    found.to = work->crossings[s];
  if (isfinite(found.from) && isfinite(found.to))
    inside = found.from + (found.to - found.from) / 2;
  else if (isfinite(found.from))
    inside = found.from + fmax(1, fabs(found.from));
  else if (isfinite(found.to))
    inside = found.to - fmax(1, fabs(found.to));
  sort_at(work, inside);
  sum_stretch(work, &found);
  return found;
}

/* How lopsided the kept e are at θ: of several values that make the trimmed mean 0 the one is taken
   around which they are most alike on both sides. */
static double lopsidedness(struct work *work, double theta)
{
  double sum = 0;
  sort_at(work, theta);
  for (size_t r = work->trim_count; r < work->n - work->trim_count; r++)
    sum += fabs(residual(&work->pairs[work->order[r]], theta) +
                residual(&work->pairs[work->order[work->n - 1 - r]], theta));
  return sum;
}

/* 1 when there is a θ at which the trimmed mean is 0. */
static int find_value(struct work *work, double *value)
{
  double least = (double)INFINITY;
  for (size_t s = 0; s <= work->crossing_count; s++) {
    struct stretch stretch = stretch_at(work, s);
    double zero = stretch.outcome / stretch.cost;
    if (!isfinite(zero) || zero < stretch.from || zero > stretch.to)
      continue;
    double found = lopsidedness(work, zero);
    if (found < least) {
      least = found;
      *value = zero;
    }
  }
  return isfinite(least);
}

/* Equation 8.2 of the authors' report: winsorised squares over the trimmed cost. */
static double find_error(struct work *work, double value)
{
  double squares = 0;
  double cost = 0;
  sort_at(work, value);
  for (size_t r = 0; r < work->n; r++) {
    double e = residual(at_rank(work, r), value);
    squares += e * e;
    if (r >= work->trim_count && r < work->n - work->trim_count)
      cost += work->pairs[work->order[r]].cost;
  }
  return sqrt(squares) / fabs(cost);
}

struct range {
  double low, high;
};

static void widen(struct range *range, double low, double high)
{
  range->low = fmin(range->low, low);
  range->high = fmax(range->high, high);
}

/* Where on the stretch a θ² − 2bθ + c is 0 or more: both ends of it as they are, and between the
   roots or outside of them. */
static void add_compatible(const struct stretch *stretch, double a, double b, double c,
                           struct range *range)
{
  double discriminant = b * b - a * c;
  if (discriminant < 0 || a == 0) {
    double half = b != 0 ? c / (2 * b) : (double)NAN;
    if (a == 0 && b > 0)
      widen(range, stretch->from, fmax(stretch->from, fmin(half, stretch->to)));
    else if (a == 0 && b < 0)
      widen(range, fmin(stretch->to, fmax(half, stretch->from)), stretch->to);
    else if (a > 0 || (a == 0 && c >= 0))
      widen(range, stretch->from, stretch->to);
    return;
  }
  double first = fmin((b - sqrt(discriminant)) / a, (b + sqrt(discriminant)) / a);
  double second = fmax((b - sqrt(discriminant)) / a, (b + sqrt(discriminant)) / a);
  if (a < 0) {
    if (second >= stretch->from && first <= stretch->to)
      widen(range, fmax(first, stretch->from), fmin(second, stretch->to));
    return;
  }
  if (stretch->from <= first)
    widen(range, stretch->from, fmin(first, stretch->to));
  if (stretch->to >= second)
    widen(range, fmax(second, stretch->from), stretch->to);
}

/* {θ : t(θ)² ≤ quantile²}, t = (Y − θC) / √(m/(m − 1) · squares): the numerator's variance. */
static struct range find_range(struct work *work, double quantile)
{
  struct range range = {(double)INFINITY, -(double)INFINITY};
  double m = (double)(work->n - 2 * work->trim_count);
  double h = quantile * quantile * m / (m - 1);
  for (size_t s = 0; s <= work->crossing_count; s++) {
    struct stretch stretch = stretch_at(work, s);
    add_compatible(&stretch, h * stretch.a - stretch.cost * stretch.cost,
                   h * stretch.b - stretch.cost * stretch.outcome,
                   h * stretch.c - stretch.outcome * stretch.outcome, &range);
  }
  return range;
}

static double find_p(struct work *work)
{
  double m = (double)(work->n - 2 * work->trim_count);
  struct stretch here = {0};
  sort_at(work, 0);
  sum_stretch(work, &here);
  double t = fabs(here.outcome) / sqrt(m / (m - 1) * here.c);
  if (isnan(t)) /* no difference and no spread */
    return 1;
  return isinf(t) ? 0 : 2 * hs_t_cdf(-t, m - 1);
}

/* The fewest trimmed pairs whose standard error is near the least. Gives 0 when there is no value
   for any. */
static int choose_trim(struct work *work, size_t most)
{
  double bar = (double)INFINITY;
  double value = 0;
  for (size_t k = 0; k <= most && 2 * k + 2 <= work->n; k++) {
    work->trim_count = k;
    if (find_value(work, &value))
      bar = fmin(bar, find_error(work, value));
  }
  bar *= 1 + 0.25 / sqrt((double)work->n);
  for (size_t k = 0; k <= most && 2 * k + 2 <= work->n; k++) {
    work->trim_count = k;
    if (find_value(work, &value) && find_error(work, value) <= bar)
      return 1;
  }
  return 0;
}

static enum hs_status check(const struct hs_trimmed_input *input, struct hs_err *err)
{
  double share = isnan(input->trim) ? input->trim_most : input->trim;
  if (input->count < 2 || input->count > HS_TRIMMED_PAIRS_MAX)
    return hs_fail(err, HS_INVALID, "2 to %zu pairs can be judged, got %zu", HS_TRIMMED_PAIRS_MAX,
                   input->count);
  if (!(share >= 0 && share <= HS_TRIM_MAX))
    return hs_fail(err, HS_INVALID, "the share to trim must be 0 to %g, got %g", HS_TRIM_MAX,
                   share);
  if (!(input->level > 0 && input->level < 1))
    return hs_fail(err, HS_INVALID, "the level must be inside 0 and 1, got %g", input->level);
  for (size_t i = 0; i < input->count; i++)
    if (!isfinite(input->pairs[i].outcome) || !isfinite(input->pairs[i].cost))
      return hs_fail(err, HS_INVALID, "pair %zu has a figure that is not finite", i + 1);
  return HS_OK;
}

static void fill_in(struct work *work, const struct hs_trimmed_input *input, double value,
                    struct hs_trimmed_result *out)
{
  double df = (double)(work->n - 2 * work->trim_count) - 1;
  double error = find_error(work, value);
  struct range range = find_range(work, hs_t_quantile(0.5 + input->level / 2, df));
  int is_bounded = isfinite(range.low) && isfinite(range.high);
  double cost = 0;
  for (size_t i = 0; i < work->n; i++)
    cost += work->pairs[i].cost;
  *out = (struct hs_trimmed_result){.value = value,
                                    .error = error,
                                    .low = is_bounded ? range.low : (double)NAN,
                                    .high = is_bounded ? range.high : (double)NAN,
                                    .p = find_p(work),
                                    .trim_count = work->trim_count,
                                    .incremental = value * cost};
}

enum hs_status hs_trimmed_match(struct hs_arena *arena, const struct hs_trimmed_input *input,
                                struct hs_trimmed_result *out, struct hs_err *err)
{
  size_t n = input->count;
  struct work work = {.pairs = input->pairs, .n = n};
  double value = 0;
  enum hs_status status = check(input, err);
  if (status != HS_OK)
    return status;
  size_t mark = hs_arena_mark(arena);
  work.crossings = hs_arena_alloc(arena, n * (n - 1) / 2, sizeof *work.crossings);
  work.order = hs_arena_alloc(arena, n, sizeof *work.order);
  if (work.crossings == NULL || work.order == NULL)
    return hs_arena_full(arena, "pairs of regions", err);
  for (size_t i = 0; i < n; i++)
    work.order[i] = i;
  find_crossings(&work);
  if (isnan(input->trim))
    (void)choose_trim(&work, (size_t)(input->trim_most * (double)n + SAME));
  else
    work.trim_count = (size_t)ceil(input->trim * (double)n - SAME);
  if (2 * work.trim_count + 2 > n)
    status = hs_fail(err, HS_INVALID, "trimming %zu of %zu pairs at each end leaves fewer than two",
                     work.trim_count, n);
  else if (!find_value(&work, &value))
    status = hs_fail(err, HS_INSUFFICIENT, "the pairs' costs do not differ: there is no return");
  if (status == HS_OK)
    fill_in(&work, input, value, out);
  hs_arena_reset(arena, mark);
  return status;
}
