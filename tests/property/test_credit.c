/* Laws of measure/ on seeded random samples: credits sum to the total, no bit depends on the order
   of rows, of channels or on what other lanes hold; Shapley equals the average over all coalitions;
   chains equal explicit walks; the jackknife equals the derivative by the weights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "measure/credit.h"
#include "measure/jackknife.h"
#include "support/near.h"
#include "support/small_paths.h"

#define WORLD_COUNT 40

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 2 * HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

enum { MODEL_COUNT = 7 + 4 + 2 + 2 };

/* Every rule, Markov of orders 1 to 4, and the other removals at orders 1 and 2. */
static void all_models(struct hs_model models[MODEL_COUNT])
{
  static const struct hs_str direct[] = {{"dA", 2}}; /* "da" without case */
  size_t count = 0;
  for (unsigned k = HS_MODEL_FIRST; k <= HS_MODEL_SHAPLEY; k++)
    models[count++] = hs_model_default((enum hs_model_kind)k);
  models[HS_MODEL_LAST_NON_DIRECT].direct = direct;
  models[HS_MODEL_LAST_NON_DIRECT].direct_count = 1;
  models[HS_MODEL_POSITION].position_first = 0.3;
  for (uint32_t order = 1; order <= 4; order++) {
    models[count] = hs_model_default(HS_MODEL_MARKOV);
    models[count++].order = order;
  }
  for (unsigned removal = HS_REMOVAL_SKIP; removal <= HS_REMOVAL_RENORMALISE; removal++)
    for (uint32_t order = 1; order <= 2; order++) {
      models[count] = hs_model_default(HS_MODEL_MARKOV);
      models[count].order = order;
      models[count++].removal = (enum hs_removal)removal;
    }
  assert_int_equal(count, MODEL_COUNT);
}

struct world {
  size_t model_count;
  struct hs_model models[MODEL_COUNT];
  struct hs_paths raw;
  struct hs_sample sample;
  struct hs_credit_plan *plan;
  struct hs_model_credits *credits;
};

static void solve_world(struct world *w)
{
  struct hs_err err = {0};
  all_models(w->models);
  assert_int_equal(hs_paths_settle(&arena, &w->raw, &w->sample, &err), HS_OK);
  enum hs_status status = HS_INSUFFICIENT;
  /* Where closing channels helps on the whole, renormalise (the last two models) refuses, rightly.
   */
  for (w->model_count = MODEL_COUNT; status == HS_INSUFFICIENT && w->model_count >= MODEL_COUNT - 2;
       w->model_count -= status == HS_INSUFFICIENT ? 1 : 0) {
    assert_int_equal(
        hs_credit_plan_make(&arena, &w->sample, w->models, w->model_count, &w->plan, &err), HS_OK);
    status = hs_credit_estimate(&arena, w->plan, &w->credits, &err);
  }
  if (status != HS_OK)
    fail_msg("%s", err.text);
}

/* Short paths are many, so that the skip variant has something to share. */
static struct world *make_world(uint64_t seed, int has_persons, int has_ages)
{
  struct small_random random = {seed};
  struct small_options options = {.channel_count = 2 + small_random_below(&random, 5),
                                  .path_count = 60,
                                  .length_max = 1 + small_random_below(&random, 6),
                                  .has_persons = has_persons,
                                  .has_ages = has_ages};
  struct world *w = hs_arena_alloc(&arena, 1, sizeof *w);
  assert_non_null(w);
  w->raw = small_paths(&arena, &random, &options);
  solve_world(w);
  return w;
}

static void credits_sum_to_the_total([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLD_COUNT; seed++) {
    size_t mark = hs_arena_mark(&arena);
    struct world *w = make_world(seed, seed % 2 != 0, seed % 3 == 0);
    for (size_t m = 0; m < w->model_count; m++) {
      double conversions = 0;
      double value = 0;
      for (size_t c = 0; c < w->sample.paths.channel_count; c++) {
        conversions += w->credits[m].channels[c].conversions;
        value += w->credits[m].channels[c].value;
      }
      assert_close(conversions, w->sample.conversions, 1e-12);
      assert_close(value, w->sample.value, 1e-12);
    }
    hs_arena_reset(&arena, mark);
  }
}

static void no_bit_depends_on_the_order_of_rows_or_channels([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLD_COUNT; seed++) {
    size_t mark = hs_arena_mark(&arena);
    struct small_random random = {seed + 1000};
    struct world *w = make_world(seed, 0, seed % 2 != 0);
    struct world other = {.raw = small_shuffled(&arena, &random, &w->raw)};
    solve_world(&other);
    assert_int_equal(hs_jackknife_intervals(&arena, w->plan, 0.9, w->credits, NULL), HS_OK);
    assert_int_equal(hs_jackknife_intervals(&arena, other.plan, 0.9, other.credits, NULL), HS_OK);
    for (size_t m = 0; m < w->model_count; m++)
      assert_memory_equal(w->credits[m].channels, other.credits[m].channels,
                          w->sample.paths.channel_count * sizeof(struct hs_credit));
    hs_arena_reset(&arena, mark);
  }
}

/* Evaluates with the weights of lane `from` in lane `to` of a batch of lane_count. */
static double *evaluate(const struct world *w, const double *weights, size_t lane_count, size_t to)
{
  size_t units = w->sample.unit_count;
  size_t count = w->model_count * w->sample.paths.channel_count;
  struct hs_credit_batch *batch = NULL;
  double *all = hs_arena_alloc(&arena, units * lane_count, sizeof *all);
  double *shares = hs_arena_alloc(&arena, 2 * count * lane_count, sizeof *shares);
  double *result = hs_arena_alloc(&arena, 2 * count, sizeof *result);
  assert_true(all != NULL && shares != NULL && result != NULL);
  for (size_t u = 0; u < units; u++)
    for (size_t l = 0; l < lane_count; l++)
      all[u * lane_count + l] = l == to ? weights[u] : 1.0 + (double)((u + l) % 3);
  assert_int_equal(hs_credit_batch_open(&arena, w->plan, lane_count, &batch, NULL), HS_OK);
  /* In two pieces, after something that is to be forgotten. */
  hs_credit_batch_add(batch, 0, units, all);
  hs_credit_batch_clear(batch);
  hs_credit_batch_add(batch, 0, units / 2, all);
  hs_credit_batch_add(batch, units / 2, units - units / 2, all + units / 2 * lane_count);
  assert_int_equal(hs_credit_batch_shares(batch, shares, shares + count * lane_count, NULL), HS_OK);
  for (size_t i = 0; i < 2 * count; i++)
    result[i] = shares[i * lane_count + to];
  return result;
}

static void no_bit_depends_on_other_lanes([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLD_COUNT / 4; seed++) {
    size_t mark = hs_arena_mark(&arena);
    struct small_random random = {seed};
    struct world *w = make_world(seed, seed % 2 != 0, 0);
    /* Without renormalise, which may refuse one weighting and not another. */
    w->model_count = MODEL_COUNT - 2;
    assert_int_equal(
        hs_credit_plan_make(&arena, &w->sample, w->models, w->model_count, &w->plan, NULL), HS_OK);
    double *weights = hs_arena_alloc(&arena, w->sample.unit_count, sizeof *weights);
    for (size_t u = 0; u < w->sample.unit_count; u++)
      weights[u] = 0.2 + small_random_unit(&random);
    double *alone = evaluate(w, weights, 1, 0);
    size_t bytes = 2 * w->model_count * w->sample.paths.channel_count * sizeof *alone;
    assert_memory_equal(evaluate(w, weights, 8, 5), alone, bytes);
    assert_memory_equal(evaluate(w, weights, 3, 1), alone, bytes);
    hs_arena_reset(&arena, mark);
  }
}

/* ψ by central differences: one unit's weight a little up and a little down. */
static void the_jackknife_is_the_derivative_by_the_weights([[maybe_unused]] void **state)
{
  static const double step = 1e-4;
  for (uint64_t seed = 0; seed < 8; seed++) {
    size_t begin = hs_arena_mark(&arena);
    struct world *w = make_world(seed, seed % 2 != 0, seed % 3 == 0);
    size_t count = w->model_count * w->sample.paths.channel_count;
    struct hs_influence *expected = hs_arena_alloc(&arena, 2 * count, sizeof *expected);
    struct hs_influence *influences = hs_arena_alloc(&arena, 2 * count, sizeof *influences);
    double *weights = hs_arena_alloc(&arena, w->sample.unit_count, sizeof *weights);
    for (size_t u = 0; u < w->sample.unit_count; u++)
      weights[u] = 1.0;
    for (size_t u = 0; u < w->sample.unit_count; u++) {
      size_t mark = hs_arena_mark(&arena);
      weights[u] = 1.0 + step;
      const double *up = evaluate(w, weights, 1, 0);
      weights[u] = 1.0 - step;
      const double *down = evaluate(w, weights, 1, 0);
      weights[u] = 1.0;
      for (size_t i = 0; i < 2 * count; i++) {
        /* evaluate has all conversions first, influences have both sides side by side. */
        double psi = (up[i] - down[i]) / (2 * step);
        double shape = w->sample.unit_shape[u];
        struct hs_influence *sum = &expected[2 * (i % count) + i / count];
        sum->square += psi * psi / shape;
        sum->fourth += psi * psi * psi * psi / (shape * shape * shape);
      }
      hs_arena_reset(&arena, mark);
    }
    assert_int_equal(hs_jackknife(&arena, w->plan, w->credits, influences, NULL), HS_OK);
    for (size_t i = 0; i < 2 * count; i++) {
      /* The differences err by about step² relative, and by rounding where nothing varies. */
      assert_near(influences[i].square, expected[i].square, 1e-5 * expected[i].square + 1e-12);
      assert_near(influences[i].fourth, expected[i].fourth, 1e-4 * expected[i].fourth + 1e-14);
    }
    hs_arena_reset(&arena, begin);
  }
}

/* v(S): conversions of the paths whose channels all lie in S. */
static double worth(const struct hs_paths *paths, unsigned coalition)
{
  double sum = 0;
  for (size_t p = 0; p < paths->path_count; p++) {
    unsigned set = 0;
    for (size_t i = paths->first_step[p]; i < paths->first_step[p + 1]; i++)
      set |= 1U << paths->steps[i];
    sum += (set & ~coalition) == 0 ? paths->conversions[p] : 0;
  }
  return sum;
}

static double factorial(unsigned n) { return n < 2 ? 1.0 : n * factorial(n - 1); }

static void shapley_is_the_average_over_all_coalitions([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLD_COUNT; seed++) {
    size_t mark = hs_arena_mark(&arena);
    struct world *w = make_world(seed, 0, 0);
    unsigned n = (unsigned)w->sample.paths.channel_count;
    for (unsigned c = 0; c < n; c++) {
      double sum = 0;
      for (unsigned s = 0; s < 1U << n; s++) {
        if (s >> c & 1)
          continue;
        unsigned size = (unsigned)__builtin_popcount(s);
        sum += factorial(size) * factorial(n - size - 1) / factorial(n) *
               (worth(&w->sample.paths, s | 1U << c) - worth(&w->sample.paths, s));
      }
      assert_near(w->credits[HS_MODEL_SHAPLEY].channels[c].conversions, sum, 1e-9);
    }
    hs_arena_reset(&arena, mark);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(credits_sum_to_the_total),
      cmocka_unit_test(no_bit_depends_on_the_order_of_rows_or_channels),
      cmocka_unit_test(no_bit_depends_on_other_lanes),
      cmocka_unit_test(the_jackknife_is_the_derivative_by_the_weights),
      cmocka_unit_test(shapley_is_the_average_over_all_coalitions),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
