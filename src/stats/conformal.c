#include "stats/conformal.h"

#include <math.h>
#include <stdlib.h>

/* Two means that differ by less than this part of the largest are a tie: the residuals come out of
   a fit that is exact to about 10⁻¹². */
#define TIE 1e-10
/* How far a trace goes beyond a place where the fit changes its shape, in parts of the scale: far
   enough that the new shape is told from rounding. */
#define STEP_PAST 1e-8
/* A fit has at most a few changes of shape per weight. */
#define SHAPES_MAX ((size_t)200000)

/* What was found on one side of the start. */
struct side {
  double nearest, farthest; /* ends, as θ, of the pieces that belong to the set */
  size_t piece_count;
  int starts_inside; /* the first piece, which begins at the start, belongs to the set */
};

struct trace {
  const struct hs_conformal_test *test;
  int direction;
  double *u, *change;
  double *sums, *slopes; /* of the T windows, at δ = 0 and per δ; entry 0 is the window tested */
  double *events;        /* δ where a window's mean crosses that of the window tested */
  size_t event_count;
  int was_inside; /* the piece before this one belongs to the set */
  struct side side;
};

/* sums[s] is the sum over the T₁ values that begin s places after the tested window, in a circle.
 */
static void sum_windows(const double *values, size_t count, size_t after_count, double *sums)
{
  size_t first = count - after_count;
  double sum = 0;
  for (size_t k = 0; k < after_count; k++)
    sum += values[first + k];
  for (size_t s = 0; s < count; s++) {
    sums[s] = sum;
    sum += values[(first + s + after_count) % count] - values[(first + s) % count];
  }
}

/* How many windows are at least as far from 0 as the one tested, at δ. */
static size_t count_as_far(const double *sums, const double *slopes, size_t count, double delta)
{
  double largest = 0;
  size_t found = 0;
  for (size_t s = 0; s < count; s++)
    largest = fmax(largest, fabs(sums[s] + delta * slopes[s]));
  double bar = fabs(sums[0] + delta * slopes[0]) - TIE * largest;
  for (size_t s = 0; s < count; s++)
    found += fabs(sums[s] + delta * slopes[s]) >= bar;
  return found;
}

/* The set is {p > 1 − level}; p is a count over T, and 10⁻⁹ is far less than one count. */
static int is_inside(const struct hs_conformal_test *test, size_t found)
{
  return (double)found > (1 - test->level) * (double)test->count + 1e-9;
}

static int compare_doubles(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

static void add_event(struct trace *trace, double from, double slope, double reach)
{
  double delta =
      -from / slope; /* where from + δ slope is 0; a slope of 0 gives what is not finite */
  if (isfinite(delta) && delta > 0 && delta < reach)
    trace->events[trace->event_count++] = delta;
}

static void find_events(struct trace *trace, double reach)
{
  const double *a = trace->sums;
  const double *b = trace->slopes;
  trace->event_count = 0;
  for (size_t s = 1; s < trace->test->count; s++) {
    add_event(trace, a[s] - a[0], b[s] - b[0], reach);
    add_event(trace, a[s] + a[0], b[s] + b[0], reach);
  }
  qsort(trace->events, trace->event_count, sizeof *trace->events, compare_doubles);
}

/* A δ inside the piece from `left` to `right`, which may be INFINITY. */
static double inner_point(const struct trace *trace, double left, double right)
{
  return isfinite(right) ? left + (right - left) / 2 : left + fmax(left, trace->test->scale);
}

static void add_piece(struct trace *trace, double near, double far)
{
  struct side *side = &trace->side;
  if (side->piece_count == 0) {
    side->nearest = near;
    side->starts_inside = near == trace->test->from;
  }
  side->piece_count += !trace->was_inside;
  side->farthest = far;
}

/* Judges the pieces of one linear stretch that begins at theta. */
static void judge_stretch(struct trace *trace, double theta, double reach)
{
  const struct hs_conformal_test *test = trace->test;
  double left = 0;
  sum_windows(trace->u, test->count, test->after_count, trace->sums);
  sum_windows(trace->change, test->count, test->after_count, trace->slopes);
  find_events(trace, reach);
  for (size_t e = 0; e <= trace->event_count; e++) {
    double right = e < trace->event_count ? trace->events[e] : reach;
    size_t found =
        count_as_far(trace->sums, trace->slopes, test->count, inner_point(trace, left, right));
    int inside = is_inside(test, found);
    if (inside)
      add_piece(trace, theta + trace->direction * left, theta + trace->direction * right);
    trace->was_inside = inside;
    left = right;
  }
}

/* From test->from outwards, until nothing changes its shape any more. */
static enum hs_status walk(struct trace *trace, struct hs_err *err)
{
  const struct hs_conformal_test *test = trace->test;
  double theta = test->from;
  double step = STEP_PAST * test->scale;
  for (size_t shape = 0; shape < SHAPES_MAX; shape++) {
    double reach = 0;
    enum hs_status status = test->residuals(test->context, theta, trace->direction, trace->u,
                                            trace->change, &reach, err);
    if (status != HS_OK)
      return status;
    judge_stretch(trace, theta, reach);
    if (!isfinite(reach))
      return HS_OK;
    /* Where the shape changes within rounding, longer and longer steps get past it. */
    step = reach > step ? STEP_PAST * test->scale : 2 * step;
    theta += trace->direction * (reach + step);
  }
  return hs_fail(err, HS_NO_CONVERGENCE, "the interval of the effect was not found in %zu steps",
                 SHAPES_MAX);
}

static enum hs_status make_room(struct hs_arena *arena, size_t count, struct trace *trace,
                                struct hs_err *err)
{
  double *values = hs_arena_alloc(arena, 6 * count, sizeof *values);
  if (values == NULL)
    return hs_arena_full(arena, "the interval of an effect", err);
  trace->u = values;
  trace->change = values + count;
  trace->sums = values + 2 * count;
  trace->slopes = values + 3 * count;
  trace->events = values + 4 * count;
  return HS_OK;
}

static enum hs_status find_p(struct trace *trace, double *p, struct hs_err *err)
{
  const struct hs_conformal_test *test = trace->test;
  double reach = 0;
  enum hs_status status =
      test->residuals(test->context, 0, 1, trace->u, trace->change, &reach, err);
  if (status != HS_OK)
    return status;
  sum_windows(trace->u, test->count, test->after_count, trace->sums);
  *p = (double)count_as_far(trace->sums, trace->sums, test->count, 0) / (double)test->count;
  return HS_OK;
}

static enum hs_status walk_side(struct trace *trace, int direction, struct side *out,
                                struct hs_err *err)
{
  trace->direction = direction;
  trace->was_inside = 0;
  trace->side = (struct side){.nearest = (double)NAN, .farthest = (double)NAN};
  enum hs_status status = walk(trace, err);
  *out = trace->side;
  return status;
}

/* Both ways from the start; a piece that holds the start is met twice and is one. */
static enum hs_status find_interval(struct trace *trace, struct hs_conformal *out,
                                    struct hs_err *err)
{
  struct side below;
  struct side above;
  enum hs_status status = walk_side(trace, -1, &below, err);
  if (status == HS_OK)
    status = walk_side(trace, 1, &above, err);
  if (status != HS_OK)
    return status;
  out->low = below.piece_count > 0 ? below.farthest : above.nearest;
  out->high = above.piece_count > 0 ? above.farthest : below.nearest;
  out->piece_count = below.piece_count + above.piece_count;
  out->piece_count -= (size_t)(below.starts_inside && above.starts_inside);
  return HS_OK;
}

enum hs_status hs_conformal_p(struct hs_arena *arena, const struct hs_conformal_test *test,
                              double *p, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  struct trace trace = {.test = test};
  HS_ASSERT(test->after_count > 0 && test->after_count < test->count);
  enum hs_status status = make_room(arena, test->count, &trace, err);
  if (status == HS_OK)
    status = find_p(&trace, p, err);
  hs_arena_reset(arena, mark);
  return status;
}

enum hs_status hs_conformal_run(struct hs_arena *arena, const struct hs_conformal_test *test,
                                struct hs_conformal *out, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  struct trace trace = {.test = test};
  struct hs_conformal found = {.resolution = 1 / (double)test->count,
                               .windows = (double)test->count / (double)test->after_count,
                               .low = (double)NAN,
                               .high = (double)NAN};
  HS_ASSERT(test->after_count > 0 && test->after_count < test->count && test->scale > 0);
  found.is_decidable = !is_inside(test, 1);
  enum hs_status status = make_room(arena, test->count, &trace, err);
  if (status == HS_OK)
    status = find_p(&trace, &found.p, err);
  if (status == HS_OK && found.is_decidable)
    status = find_interval(&trace, &found, err);
  hs_arena_reset(arena, mark);
  if (status == HS_OK)
    *out = found;
  return status;
}
