/* Markov chains against explicit walks: the removal of a channel is carried out on an independent,
   naive chain by moving probability step by step, for every removal, orders 1 to 4, small chains
   (solved by LU) and large ones (by Gauss-Seidel). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "measure/removal.h"
#include "support/near.h"
#include "support/small_paths.h"

/* Walks of the samples have at most a few dozen steps on average: what has not ended after so many
   is below 1e-12. */
#define WALK_STEPS 4000
#define NAIVE_STATE_MAX 2000

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 4 * HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

struct naive {
  size_t n;
  uint16_t windows[NAIVE_STATE_MAX][4]; /* channel + 1, oldest first, 0 behind the end */
  double *moves;                        /* [from × n_max + to] */
  double start[NAIVE_STATE_MAX], ends[NAIVE_STATE_MAX];
  double conversions[NAIVE_STATE_MAX], value[NAIVE_STATE_MAX];
};

static size_t state_of(struct naive *naive, const uint16_t *steps, size_t length)
{
  uint16_t window[4] = {0};
  for (size_t i = 0; i < length; i++)
    window[i] = (uint16_t)(steps[i] + 1);
  for (size_t s = 0; s < naive->n; s++)
    if (memcmp(naive->windows[s], window, sizeof window) == 0)
      return s;
  assert_true(naive->n < NAIVE_STATE_MAX);
  memcpy(naive->windows[naive->n], window, sizeof window);
  return naive->n++;
}

static struct naive *make_naive(const struct hs_paths *paths, size_t order)
{
  struct naive *naive = hs_arena_alloc(&arena, 1, sizeof *naive);
  naive->moves = hs_arena_alloc(&arena, (size_t)NAIVE_STATE_MAX * NAIVE_STATE_MAX, sizeof(double));
  assert_true(naive != NULL && naive->moves != NULL);
  for (size_t p = 0; p < paths->path_count; p++) {
    const uint16_t *steps = paths->steps + paths->first_step[p];
    size_t length = paths->first_step[p + 1] - paths->first_step[p];
    double journeys = paths->conversions[p] + paths->nulls[p];
    size_t size = length < order ? length : order;
    size_t at = state_of(naive, steps, size);
    naive->start[at] += journeys;
    for (size_t i = 1; i + size <= length; i++) {
      size_t next = state_of(naive, steps + i, size);
      if (next != at)
        naive->moves[at * NAIVE_STATE_MAX + next] += journeys;
      at = next;
    }
    naive->ends[at] += journeys;
    naive->conversions[at] += paths->conversions[p];
    naive->value[at] += paths->value[p];
  }
  return naive;
}

static int holds(const struct naive *naive, size_t state, size_t channel)
{
  for (size_t i = 0; i < 4; i++)
    if (naive->windows[state][i] == channel + 1)
      return 1;
  return 0;
}

static int holds_another(const struct naive *naive, size_t state, size_t channel)
{
  for (size_t i = 0; i < 4; i++)
    if (naive->windows[state][i] != 0 && naive->windows[state][i] != channel + 1)
      return 1;
  return 0;
}

/* What walks bring that only go where is_open says. rescales: the open ways share what the closed
   ones carried. */
static void walk(const struct naive *naive, const unsigned char *is_open, int rescales,
                 double result[2])
{
  static double mass[NAIVE_STATE_MAX], next[NAIVE_STATE_MAX], outflow[NAIVE_STATE_MAX];
  double starts = 0;
  for (size_t s = 0; s < naive->n; s++) {
    starts += rescales && !is_open[s] ? 0 : naive->start[s];
    outflow[s] = naive->ends[s];
    for (size_t t = 0; t < naive->n; t++)
      outflow[s] += rescales && !is_open[t] ? 0 : naive->moves[s * NAIVE_STATE_MAX + t];
  }
  result[0] = result[1] = 0;
  for (size_t s = 0; s < naive->n; s++)
    mass[s] = is_open[s] && starts > 0 ? naive->start[s] / starts : 0;
  double left = 1.0;
  for (size_t step = 0; step < WALK_STEPS && left > 1e-14; step++) {
    memset(next, 0, naive->n * sizeof *next);
    left = 0;
    for (size_t s = 0; s < naive->n; s++) {
      if (!(mass[s] > 0) || !(outflow[s] > 0))
        continue;
      result[0] += mass[s] * naive->conversions[s] / outflow[s];
      result[1] += mass[s] * naive->value[s] / outflow[s];
      for (size_t t = 0; t < naive->n; t++)
        if (is_open[t])
          next[t] += mass[s] * naive->moves[s * NAIVE_STATE_MAX + t] / outflow[s];
    }
    for (size_t s = 0; s < naive->n; s++) {
      mass[s] = next[s];
      left += mass[s];
    }
  }
}

/* P − g and V − g, as removal.h defines them. */
static void lose(const struct naive *naive, enum hs_removal removal, size_t channel, double lost[2])
{
  static unsigned char is_open[NAIVE_STATE_MAX];
  double all[2];
  memset(is_open, 1, sizeof is_open);
  walk(naive, is_open, 0, all);
  for (size_t s = 0; s < naive->n; s++)
    is_open[s] =
        removal == HS_REMOVAL_SKIP ? !holds_another(naive, s, channel) : !holds(naive, s, channel);
  walk(naive, is_open, removal == HS_REMOVAL_RENORMALISE, lost);
  for (size_t k = 0; k < 2 && removal != HS_REMOVAL_SKIP; k++)
    lost[k] = all[k] - lost[k];
}

static struct hs_traffic traffic_of(const struct hs_chain *chain, const struct hs_paths *paths)
{
  double *flow = hs_arena_alloc(&arena, chain->flow_count, sizeof *flow);
  double *conversions = hs_arena_alloc(&arena, chain->state_count, sizeof *conversions);
  double *value = hs_arena_alloc(&arena, chain->state_count, sizeof *value);
  assert_true(flow != NULL && conversions != NULL && value != NULL);
  for (size_t p = 0; p < paths->path_count; p++) {
    for (size_t i = chain->first_flow[p]; i < chain->first_flow[p + 1]; i++)
      flow[chain->path_flow[i]] += paths->conversions[p] + paths->nulls[p];
    size_t last = chain->flow_to[chain->path_flow[chain->first_flow[p + 1] - 1]];
    conversions[last] += paths->conversions[p];
    value[last] += paths->value[p];
  }
  return (struct hs_traffic){flow, conversions, value};
}

static void check_chain(const struct hs_paths *paths, uint32_t order, size_t channels_checked,
                        size_t *state_count)
{
  struct hs_chain chain;
  struct naive *naive = make_naive(paths, order);
  assert_int_equal(hs_chain_make(&arena, paths, order, &chain, NULL), HS_OK);
  assert_int_equal(chain.state_count, naive->n);
  struct hs_traffic traffic = traffic_of(&chain, paths);
  for (enum hs_removal removal = HS_REMOVAL_NULL; removal <= HS_REMOVAL_RENORMALISE; removal++) {
    struct hs_solver *solver = NULL;
    struct hs_err err = {0};
    if (hs_solver_open(&arena, &chain, &traffic, removal, 0, &solver, &err) != HS_OK)
      fail_msg("%s", err.text);
    for (size_t c = 0; c < channels_checked; c++) {
      struct hs_removed removed;
      double lost[2];
      if (hs_solver_remove(solver, c, &removed, &err) != HS_OK)
        fail_msg("%s", err.text);
      lose(naive, removal, c, lost);
      assert_near(removed.lost_conversions, lost[0], 1e-10);
      assert_near(removed.lost_value, lost[1], 1e-8);
    }
  }
  *state_count = chain.state_count;
}

static struct hs_sample settled(struct small_random *random, const struct small_options *options)
{
  struct hs_sample sample;
  struct hs_paths raw = small_paths(&arena, random, options);
  assert_int_equal(hs_paths_settle(&arena, &raw, &sample, NULL), HS_OK);
  return sample;
}

static void small_chains_equal_explicit_walks([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < 20; seed++) {
    size_t mark = hs_arena_mark(&arena);
    struct small_random random = {seed};
    struct small_options options = {
        .channel_count = 2 + seed % 4, .path_count = 40, .length_max = 1 + seed % 7};
    struct hs_sample sample = settled(&random, &options);
    size_t states = 0;
    for (uint32_t order = 1; order <= 4; order++)
      check_chain(&sample.paths, order, options.channel_count, &states);
    hs_arena_reset(&arena, mark);
  }
}

static void large_chains_equal_explicit_walks([[maybe_unused]] void **state)
{
  struct small_random random = {77};
  struct small_options options = {.channel_count = 9, .path_count = 400, .length_max = 8};
  struct hs_sample sample = settled(&random, &options);
  size_t states = 0;
  check_chain(&sample.paths, 3, 2, &states);
  assert_true(states > HS_DENSE_STATE_MAX);
  hs_arena_reset(&arena, 0);
}

/* a and b lead to each other and end only through c: without c, renormalised walks never end. */
static void walks_that_can_never_leave_end_without_an_order([[maybe_unused]] void **state)
{
  static const struct hs_str names[] = {{"a", 1}, {"b", 1}, {"c", 1}};
  static const uint32_t first[] = {0, 5};
  static const uint16_t steps[] = {0, 1, 0, 1, 2};
  static const double one[] = {1}, zero[] = {0};
  const struct hs_paths paths = {.channel_count = 3,
                                 .channels = names,
                                 .path_count = 1,
                                 .first_step = first,
                                 .steps = steps,
                                 .conversions = one,
                                 .value = one,
                                 .nulls = zero};
  size_t states = 0;
  check_chain(&paths, 1, 3, &states);
  assert_int_equal(states, 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small_chains_equal_explicit_walks),
      cmocka_unit_test(large_chains_equal_explicit_walks),
      cmocka_unit_test(walks_that_can_never_leave_end_without_an_order),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
