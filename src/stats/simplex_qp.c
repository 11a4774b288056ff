/* Everything rests on one identity: because Σw = 1, adding τ to every entry of P adds a constant to
   the objective and changes no solution. With τ > 0 the matrix on F is positive definite exactly
   when F is affinely independent, so that one Cholesky factorisation both solves on F's plane and
   tells when a weight must not enter. */
#include "stats/simplex_qp.h"

#include <math.h>
#include <string.h>

#include "stats/linear.h"

/* A pivot below this part of its diagonal is rounding: the weight depends on those in F. */
#define PIVOT_MIN 1e-12
/* A gradient below μ by less than this part of the programme's scale is rounding. */
#define GRADIENT_TOLERANCE 1e-13
/* A slope below this part of what the direction could cause is rounding: taken at its word it would
   end a stretch 10^16 away that never ends. */
#define SLOPE_MIN 1e-12
/* Steps per weight before the search is given up; a solution usually takes about one. */
#define STEPS_PER_WEIGHT 50

enum hs_status hs_simplex_room_init(struct hs_arena *arena, size_t n, struct hs_simplex_room *room,
                                    struct hs_err *err)
{
  HS_ASSERT(n > 0);
  *room = (struct hs_simplex_room){.n = n};
  room->factor = hs_arena_alloc_raw(arena, n * n, sizeof *room->factor);
  room->plane = hs_arena_alloc(arena, n, sizeof *room->plane);
  room->aim = hs_arena_alloc(arena, n, sizeof *room->aim);
  room->gradient = hs_arena_alloc(arena, n, sizeof *room->gradient);
  room->free = hs_arena_alloc(arena, n, sizeof *room->free);
  room->is_free = hs_arena_alloc(arena, n, sizeof *room->is_free);
  room->is_barred = hs_arena_alloc(arena, n, sizeof *room->is_barred);
  if (room->factor == NULL || room->plane == NULL || room->aim == NULL || room->gradient == NULL ||
      room->free == NULL || room->is_free == NULL || room->is_barred == NULL)
    return hs_arena_full(arena, "weights", err);
  return HS_OK;
}

/* τ, and the scale against which rounding is judged. */
static double mean_diagonal(const struct hs_simplex_qp *problem)
{
  double sum = 0;
  for (size_t i = 0; i < problem->n; i++)
    sum += problem->p[i * problem->n + i];
  double mean = sum / (double)problem->n;
  return mean > 0 ? mean : 1;
}

static double largest_entry(const struct hs_simplex_qp *problem)
{
  double largest = 0;
  for (size_t i = 0; i < problem->n; i++)
    largest = fmax(largest, fmax(problem->p[i * problem->n + i], fabs(problem->q[i])));
  return largest;
}

static int is_finite(const struct hs_simplex_qp *problem)
{
  for (size_t i = 0; i < problem->n; i++)
    if (!isfinite(problem->q[i]))
      return 0;
  for (size_t i = 0; i < problem->n * problem->n; i++)
    if (!isfinite(problem->p[i]))
      return 0;
  return 1;
}

/* Factors (P + τ11') on F. 0 when its last entry depends on the others. */
static int factor_free(const struct hs_simplex_qp *problem, struct hs_simplex_room *room,
                       double shift)
{
  size_t count = room->free_count;
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j <= i; j++)
      room->factor[i * count + j] = problem->p[room->free[i] * problem->n + room->free[j]] + shift;
  double last = room->factor[count * count - 1];
  if (hs_cholesky_factor(room->factor, count) != 0)
    return 0;
  double pivot = room->factor[count * count - 1];
  return pivot * pivot > PIVOT_MIN * last;
}

static double sum_of(const double *values, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum;
}

/* Solves on F's plane for the right side that stands in aim (by place in F), Σ aim = total. */
static void solve_on_plane(struct hs_simplex_room *room, double total)
{
  size_t count = room->free_count;
  for (size_t i = 0; i < count; i++)
    room->plane[i] = 1;
  hs_cholesky_solve(room->factor, count, room->plane);
  hs_cholesky_solve(room->factor, count, room->aim);
  double along = (total - sum_of(room->aim, count)) / sum_of(room->plane, count);
  for (size_t i = 0; i < count; i++)
    room->aim[i] += along * room->plane[i];
}

/* Walks from w towards the aim until a weight reaches 0; weights there leave F. 1 when the aim was
   reached with every weight positive. */
static int step_to_aim(struct hs_simplex_room *room, double *w)
{
  double part = 1;
  size_t blocking = room->free_count;
  size_t kept = 0;
  for (size_t i = 0; i < room->free_count; i++) {
    double from = w[room->free[i]];
    if (room->aim[i] <= 0 && from <= part * (from - room->aim[i])) {
      part = from / (from - room->aim[i]);
      blocking = i;
    }
  }
  int is_reached = blocking == room->free_count;
  for (size_t i = 0; i < room->free_count; i++) {
    size_t k = room->free[i];
    w[k] += part * (room->aim[i] - w[k]);
    if (is_reached || (i != blocking && w[k] > 0)) {
      room->free[kept++] = k;
      continue;
    }
    w[k] = 0;
    room->is_free[k] = 0;
  }
  room->free_count = kept;
  return is_reached;
}

/* The minimiser on F's plane, into aim. 0 when F is dependent. */
static int find_aim(const struct hs_simplex_qp *problem, struct hs_simplex_room *room, double shift)
{
  if (!factor_free(problem, room, shift))
    return 0;
  for (size_t i = 0; i < room->free_count; i++)
    room->aim[i] = problem->q[room->free[i]];
  solve_on_plane(room, 1);
  return 1;
}

/* Moves w to the minimiser over the face that F leaves. 0 when rounding left no weight on it. */
static int settle_on_face(const struct hs_simplex_qp *problem, struct hs_simplex_room *room,
                          double shift, double *w)
{
  do
    if (room->free_count == 0 || !find_aim(problem, room, shift))
      return 0;
  while (!step_to_aim(room, w));
  return 1;
}

/* out = Pv, over the entries of v that are in F: all others are 0. */
static void times_p(const struct hs_simplex_qp *problem, const struct hs_simplex_room *room,
                    const double *v, double *out)
{
  memset(out, 0, problem->n * sizeof *out);
  for (size_t f = 0; f < room->free_count; f++) {
    const double *row = problem->p + room->free[f] * problem->n;
    double weight = v[room->free[f]];
    for (size_t i = 0; i < problem->n; i++)
      out[i] += weight * row[i];
  }
}

static double free_mean(const struct hs_simplex_room *room, const double *values)
{
  double sum = 0;
  for (size_t f = 0; f < room->free_count; f++)
    sum += values[room->free[f]];
  return sum / (double)room->free_count;
}

/* The weight outside of F by which the objective falls fastest, or n when there is none. */
static size_t find_entering(const struct hs_simplex_qp *problem, struct hs_simplex_room *room,
                            const double *w, double tolerance)
{
  size_t best = problem->n;
  times_p(problem, room, w, room->gradient);
  for (size_t i = 0; i < problem->n; i++)
    room->gradient[i] -= problem->q[i];
  double bound = free_mean(room, room->gradient) - tolerance;
  for (size_t i = 0; i < problem->n; i++)
    if (!room->is_free[i] && !room->is_barred[i] && room->gradient[i] < bound) {
      bound = room->gradient[i];
      best = i;
    }
  return best;
}

static void add_free(struct hs_simplex_room *room, size_t i)
{
  room->free[room->free_count++] = i;
  room->is_free[i] = 1;
}

/* Lets a weight into F, unless it depends on those there or would have to fall below 0 at once: by
   the gradient neither can be, so that it is rounding, and the weight stays out until w has moved.
 */
static int try_entering(const struct hs_simplex_qp *problem, struct hs_simplex_room *room,
                        double shift, size_t entering)
{
  add_free(room, entering);
  if (find_aim(problem, room, shift) && room->aim[room->free_count - 1] > 0)
    return 1;
  room->is_free[entering] = 0;
  room->is_barred[entering] = 1;
  room->free_count--;
  return 0;
}

/* F from the starting point: its weights one by one, leaving out what depends on the others; then
   the point is rescaled, which is a start as good as any. */
static void open_free_set(const struct hs_simplex_qp *problem, struct hs_simplex_room *room,
                          double shift, double *w)
{
  room->free_count = 0;
  memset(room->is_free, 0, problem->n);
  memset(room->is_barred, 0, problem->n);
  for (size_t i = 0; i < problem->n; i++) {
    if (!(w[i] > 0)) {
      w[i] = 0;
      continue;
    }
    add_free(room, i);
    if (factor_free(problem, room, shift))
      continue;
    w[i] = 0;
    room->is_free[i] = 0;
    room->free_count--;
  }
  double sum = sum_of(w, problem->n);
  for (size_t i = 0; i < problem->n && sum > 0; i++)
    w[i] /= sum;
}

/* The vertex with the least objective. */
static void open_at_vertex(const struct hs_simplex_qp *problem, struct hs_simplex_room *room,
                           double *w)
{
  size_t best = 0;
  for (size_t i = 1; i < problem->n; i++)
    if (problem->p[i * problem->n + i] / 2 - problem->q[i] <
        problem->p[best * problem->n + best] / 2 - problem->q[best])
      best = i;
  w[best] = 1;
  add_free(room, best);
}

int hs_simplex_qp_solve(const struct hs_simplex_qp *problem, struct hs_simplex_room *room,
                        double *w)
{
  HS_ASSERT(room->n == problem->n);
  if (!is_finite(problem))
    return 0;
  double shift = mean_diagonal(problem);
  double tolerance = GRADIENT_TOLERANCE * largest_entry(problem);
  open_free_set(problem, room, shift, w);
  if (room->free_count == 0)
    open_at_vertex(problem, room, w);
  if (!settle_on_face(problem, room, shift, w))
    return 0;
  for (size_t step = 0; step < STEPS_PER_WEIGHT * (problem->n + 1); step++) {
    size_t entering = find_entering(problem, room, w, tolerance);
    if (entering == problem->n)
      return factor_free(problem, room, shift);
    if (!try_entering(problem, room, shift, entering))
      continue;
    if (!settle_on_face(problem, room, shift, w))
      return 0;
    memset(room->is_barred, 0, problem->n);
  }
  return 0;
}

/* The first δ at which value + δ change is no longer positive; a change above −least is none. */
static double bound_by(double value, double change, double least, double bound)
{
  return change < -least ? fmin(bound, fmax(value, 0) / -change) : bound;
}

double hs_simplex_qp_slope(const struct hs_simplex_qp *problem, struct hs_simplex_room *room,
                           const double *w, const double *direction, double *slope)
{
  size_t n = problem->n;
  double bound = (double)INFINITY;
  double least = 0;
  for (size_t i = 0; i < n; i++)
    least = fmax(least, SLOPE_MIN * fabs(direction[i]));
  for (size_t f = 0; f < room->free_count; f++)
    room->aim[f] = direction[room->free[f]];
  solve_on_plane(room, 0);
  double least_weight = least / mean_diagonal(problem);
  memset(slope, 0, n * sizeof *slope);
  for (size_t f = 0; f < room->free_count; f++) {
    slope[room->free[f]] = room->aim[f];
    bound = bound_by(w[room->free[f]], room->aim[f], least_weight, bound);
  }
  /* room->gradient is that of w; the change of it takes the place of the aim. */
  double level = free_mean(room, room->gradient);
  times_p(problem, room, slope, room->aim);
  for (size_t i = 0; i < n; i++)
    room->aim[i] -= direction[i];
  double level_change = free_mean(room, room->aim);
  for (size_t i = 0; i < n; i++)
    if (!room->is_free[i] && !room->is_barred[i])
      bound = bound_by(room->gradient[i] - level, room->aim[i] - level_change, least, bound);
  return bound;
}
