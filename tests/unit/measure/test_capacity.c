/* Proves that everything between paths and credits says when its arena is full: settling, the plan,
   the estimate, the intervals and the claims, each allocation made to fail once, with persons and
   ages and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "measure/claims.h"
#include "measure/jackknife.h"
#include "measure/journeys.h"
#include "support/capacity.h"
#include "support/small_paths.h"

#define MODEL_COUNT 9

/* Every rule, and Markov of orders 1 and 3: a dense and a sparse chain. */
static void some_models(struct hs_model models[MODEL_COUNT])
{
  for (unsigned kind = HS_MODEL_FIRST; kind <= HS_MODEL_MARKOV; kind++)
    models[kind] = hs_model_default((enum hs_model_kind)kind);
  models[MODEL_COUNT - 1] = hs_model_default(HS_MODEL_MARKOV);
  models[MODEL_COUNT - 1].order = 3;
}

struct chain {
  struct hs_paths raw;
  struct hs_model models[MODEL_COUNT];
  size_t model_count;
  struct hs_model_credits *expected; /* NULL until the first run, which is not bounded */
  struct hs_claims expected_claims;
};

static void assert_expected(const struct chain *chain, const struct hs_model_credits *credits,
                            const struct hs_claims *claims)
{
  size_t bytes = chain->raw.channel_count * sizeof *credits->channels;
  for (size_t m = 0; m < chain->model_count; m++)
    assert_memory_equal(credits[m].channels, chain->expected[m].channels, bytes);
  assert_memory_equal(claims->channels, chain->expected_claims.channels,
                      chain->raw.channel_count * sizeof *claims->channels);
}

static enum hs_status from_paths_to_claims(void *context, struct hs_arena *arena,
                                           struct hs_err *err)
{
  struct chain *chain = context;
  struct hs_sample sample;
  struct hs_credit_plan *plan = NULL;
  struct hs_model_credits *credits = NULL;
  struct hs_claims claims = {0};
  enum hs_status status = hs_paths_settle(arena, &chain->raw, &sample, err);
  if (status == HS_OK)
    status = hs_credit_plan_make(arena, &sample, chain->models, chain->model_count, &plan, err);
  if (status == HS_OK)
    status = hs_credit_estimate(arena, plan, &credits, err);
  if (status == HS_OK)
    status = hs_jackknife_intervals(arena, plan, 0.9, credits, err);
  if (status == HS_OK)
    status = hs_claims_make(arena, &sample, credits, chain->model_count, &claims, err);
  if (status == HS_OK && chain->expected != NULL)
    assert_expected(chain, credits, &claims);
  chain->expected = chain->expected == NULL ? credits : chain->expected;
  chain->expected_claims =
      chain->expected_claims.channels == NULL ? claims : chain->expected_claims;
  return status;
}

static void every_allocation_between_paths_and_claims_may_fail([[maybe_unused]] void **state)
{
  for (int shape = 0; shape < 4; shape++) {
    struct hs_arena arena = {0};
    assert_int_equal(hs_arena_init(&arena, 64 * HS_MIB, NULL), HS_OK);
    struct small_random random = {(uint64_t)shape + 1};
    struct small_options options = {.channel_count = 4,
                                    .path_count = 40,
                                    .length_max = 4,
                                    .has_persons = shape & 1,
                                    .has_ages = (shape & 2) != 0};
    struct chain chain = {.raw = small_paths(&arena, &random, &options),
                          .model_count = MODEL_COUNT};
    struct hs_err err = {0};
    some_models(chain.models);
    if (from_paths_to_claims(&chain, &arena, &err) != HS_OK)
      fail_msg("%s", err.text);
    assert_true(fail_every_allocation(from_paths_to_claims, &chain) >= 20);
    hs_arena_release(&arena);
  }
}

/* Of more channels than a block holds, what removing each of them changes is kept for the second
   round where there is room, and solved for again where there is not: the same bits either way. */
static void what_is_not_kept_is_solved_again([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 64 * HS_MIB, NULL), HS_OK);
  struct small_random random = {9};
  struct small_options options = {.channel_count = 40, .path_count = 80, .length_max = 4};
  struct chain chain = {.raw = small_paths(&arena, &random, &options),
                        .models = {hs_model_default(HS_MODEL_MARKOV)},
                        .model_count = 1};
  struct hs_err err = {0};
  if (from_paths_to_claims(&chain, &arena, &err) != HS_OK)
    fail_msg("%s", err.text);
  assert_true(fail_every_allocation(from_paths_to_claims, &chain) >= 20);
  hs_arena_release(&arena);
}

/* The builder's arrays stand in arenas of its own: each of them is given no room in turn. */
static void every_array_of_the_path_builder_may_be_full([[maybe_unused]] void **state)
{
  const uint16_t channels[] = {0, 1};
  const int64_t at_us[] = {0, HS_SECOND_US};
  const struct hs_journey journey = {
      .step_count = 2, .channels = channels, .at_us = at_us, .end_us = 2 * HS_SECOND_US};
  const struct hs_currency euro = {"EUR"};
  struct hs_path_builder builder;
  assert_int_equal(hs_path_builder_open(&builder, euro, NULL), HS_OK);
  size_t array_count = 0;
  for (; builder.parts[array_count].capacity_bytes > 0; array_count++) {
    struct hs_arena *part = &builder.parts[array_count];
    struct hs_err err = {0};
    size_t capacity = part->capacity_bytes;
    part->capacity_bytes = part->used_bytes;
    assert_int_equal(hs_path_builder_add(&builder, &journey, &err), HS_NOMEM);
    assert_non_null(strstr(err.text, "0 journeys"));
    assert_int_equal(builder.path_count, 0);
    part->capacity_bytes = capacity;
  }
  assert_int_equal(array_count, 7);
  assert_int_equal(hs_path_builder_add(&builder, &journey, NULL), HS_OK);
  assert_int_equal(builder.path_count, 1);
  hs_path_builder_release(&builder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_allocation_between_paths_and_claims_may_fail),
      cmocka_unit_test(what_is_not_kept_is_solved_again),
      cmocka_unit_test(every_array_of_the_path_builder_may_be_full),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
