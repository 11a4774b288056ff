/* Programmes on the simplex against every face of it, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "stats/linear.h"
#include "stats/random.h"
#include "stats/simplex_qp.h"
#include "support/capacity.h"
#include "support/near.h"

#define N_MAX 6
/* Both sides solve systems of at most six unknowns; random matrices of rank 1 and 2 among them lose
   some digits. */
#define SLACK 1e-9

static struct hs_arena arena;

struct programme {
  size_t n;
  double p[N_MAX * N_MAX], q[N_MAX];
};

/* P = A'A of rank at most `rank`, q in the span of A' so that the minimum is bounded anyway. */
static struct programme random_programme(size_t n, size_t rank, uint64_t stream)
{
  struct programme made = {.n = n};
  struct hs_random rng = hs_random_open(5, stream);
  for (size_t r = 0; r < rank; r++) {
    double row[N_MAX];
    double target = hs_random_normal(&rng);
    for (size_t i = 0; i < n; i++)
      row[i] = hs_random_normal(&rng);
    for (size_t i = 0; i < n; i++) {
      made.q[i] += row[i] * target;
      for (size_t j = 0; j < n; j++)
        made.p[i * n + j] += row[i] * row[j];
    }
  }
  return made;
}

static double objective(const struct programme *of, const double *w)
{
  double sum = 0;
  for (size_t i = 0; i < of->n; i++) {
    sum -= of->q[i] * w[i];
    for (size_t j = 0; j < of->n; j++)
      sum += w[i] * of->p[i * of->n + j] * w[j] / 2;
  }
  return sum;
}

/* The stationary point on the plane of one face, from the equations with a multiplier for the sum.
   0 when they are singular or it leaves the simplex. */
static int solve_face(const struct programme *of, unsigned face, double *w)
{
  size_t members[N_MAX], pivots[N_MAX + 1], k = 0;
  double m[(N_MAX + 1) * (N_MAX + 1)] = {0}, x[N_MAX + 1] = {0};
  for (size_t i = 0; i < of->n; i++)
    if (face >> i & 1)
      members[k++] = i;
  for (size_t i = 0; i < k; i++) {
    for (size_t j = 0; j < k; j++)
      m[i * (k + 1) + j] = of->p[members[i] * of->n + members[j]];
    m[i * (k + 1) + k] = m[k * (k + 1) + i] = 1;
    x[i] = of->q[members[i]];
  }
  x[k] = 1;
  if (hs_lu_factor(m, k + 1, pivots) != 0)
    return 0;
  hs_lu_solve(m, k + 1, pivots, x);
  memset(w, 0, of->n * sizeof *w);
  for (size_t i = 0; i < k; i++) {
    if (!(x[i] >= 0 && x[i] <= 1 + SLACK))
      return 0;
    w[members[i]] = x[i];
  }
  return 1;
}

static double least_objective(const struct programme *of)
{
  double least = (double)INFINITY;
  for (unsigned face = 1; face < 1U << of->n; face++) {
    double w[N_MAX];
    if (solve_face(of, face, w))
      least = fmin(least, objective(of, w));
  }
  return least;
}

static void solve(const struct programme *of, struct hs_simplex_room *room, double *w)
{
  const struct hs_simplex_qp problem = {.n = of->n, .p = of->p, .q = of->q};
  double sum = 0;
  assert_true(hs_simplex_qp_solve(&problem, room, w));
  for (size_t i = 0; i < of->n; i++) {
    assert_true(w[i] >= 0);
    sum += w[i];
  }
  assert_near(sum, 1, SLACK);
}

static struct hs_simplex_room room_for(size_t n)
{
  struct hs_simplex_room room;
  hs_arena_reset(&arena, 0);
  assert_int_equal(hs_simplex_room_init(&arena, n, &room, NULL), HS_OK);
  return room;
}

/* Every optimum of a convex programme on the simplex is stationary on its own face, and the face
   may be taken small enough for its equations to have one solution. */
static void no_face_holds_a_better_point([[maybe_unused]] void **state)
{
  for (uint64_t stream = 0; stream < 3000; stream++) {
    size_t n = 1 + stream % N_MAX;
    struct programme of = random_programme(n, 1 + stream / 7 % N_MAX, stream);
    struct hs_simplex_room room = room_for(n);
    double w[N_MAX] = {0};
    solve(&of, &room, w);
    assert_near(objective(&of, w), least_objective(&of), SLACK);
  }
}

static void where_it_starts_does_not_matter([[maybe_unused]] void **state)
{
  for (uint64_t stream = 0; stream < 500; stream++) {
    struct programme of = random_programme(N_MAX, N_MAX, stream);
    struct hs_simplex_room room = room_for(N_MAX);
    double cold[N_MAX] = {0}, warm[N_MAX];
    for (size_t i = 0; i < N_MAX; i++)
      warm[i] = (double)(i + 1) / 21;
    solve(&of, &room, cold);
    solve(&of, &room, warm);
    for (size_t i = 0; i < N_MAX; i++)
      assert_near(warm[i], cold[i], 1e-6);
  }
}

/* Donors that are the same, and a target that one of them is: the objective is what the copy gives,
   and no weight is lost to rounding. */
static void copies_and_exact_matches_are_no_trouble([[maybe_unused]] void **state)
{
  struct programme of = {.n = 4, .q = {2, 2, 1, 2}};
  static const double figures[4][2] = {{1, 1}, {1, 1}, {0, 1}, {1, 1}};
  for (size_t i = 0; i < 4; i++)
    for (size_t j = 0; j < 4; j++)
      of.p[i * 4 + j] = figures[i][0] * figures[j][0] + figures[i][1] * figures[j][1];
  struct hs_simplex_room room = room_for(4);
  double w[N_MAX] = {0};
  solve(&of, &room, w);
  assert_near(objective(&of, w), -1, SLACK);
  assert_near(w[2], 0, SLACK);
}

static void a_solution_moves_along_its_slope_up_to_the_bound([[maybe_unused]] void **state)
{
  size_t moved = 0;
  for (uint64_t stream = 0; stream < 500; stream++) {
    struct programme of = random_programme(N_MAX, N_MAX, stream);
    struct hs_simplex_room room = room_for(N_MAX);
    struct hs_random rng = hs_random_open(6, stream);
    double w[N_MAX] = {0}, next[N_MAX] = {0}, direction[N_MAX], slope[N_MAX];
    const struct hs_simplex_qp problem = {.n = of.n, .p = of.p, .q = of.q};
    for (size_t i = 0; i < N_MAX; i++)
      direction[i] = hs_random_normal(&rng);
    solve(&of, &room, w);
    double reach = hs_simplex_qp_slope(&problem, &room, w, direction, slope);
    double delta = isfinite(reach) ? reach * .999 : 100;
    for (size_t i = 0; i < N_MAX; i++)
      of.q[i] += delta * direction[i];
    solve(&of, &room, next);
    for (size_t i = 0; i < N_MAX; i++)
      assert_near(next[i], w[i] + delta * slope[i], 1e-6);
    moved += delta > 0;
  }
  assert_true(moved > 490);
}

static void what_is_not_finite_has_no_solution([[maybe_unused]] void **state)
{
  struct programme of = random_programme(3, 3, 1);
  struct hs_simplex_room room = room_for(3);
  const struct hs_simplex_qp problem = {.n = of.n, .p = of.p, .q = of.q};
  double w[N_MAX] = {0};
  of.q[1] = (double)NAN;
  assert_false(hs_simplex_qp_solve(&problem, &room, w));
  of.q[1] = 0;
  of.p[4] = (double)INFINITY;
  assert_false(hs_simplex_qp_solve(&problem, &room, w));
}

static enum hs_status make_a_room([[maybe_unused]] void *context, struct hs_arena *bounded,
                                  struct hs_err *err)
{
  struct hs_simplex_room room;
  return hs_simplex_room_init(bounded, 5, &room, err);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(make_a_room, NULL) >= 7);
}

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_face_holds_a_better_point),
      cmocka_unit_test(where_it_starts_does_not_matter),
      cmocka_unit_test(copies_and_exact_matches_are_no_trouble),
      cmocka_unit_test(a_solution_moves_along_its_slope_up_to_the_bound),
      cmocka_unit_test(what_is_not_finite_has_no_solution),
      cmocka_unit_test(a_full_arena_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
