/* Proves the growth path: intervals are Wilson's, by published values; a part is met or not met
   only with its whole interval; what is not asked does not count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agreement/ladder.h"
#include "support/capacity.h"

static char told[1024];

static void note_fault([[maybe_unused]] void *context, const char *path, const char *words)
{
  size_t used = strlen(told);
  (void)snprintf(told + used, sizeof told - used, "%s: %s\n", path, words);
}

/* Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
   (1998), table I, method 3, to four digits. */
static void intervals_are_those_of_wilson([[maybe_unused]] void **state)
{
  static const struct {
    struct hs_hits hits;
    double low, high;
  } ROWS[] = {{{81, 263}, 0.2553, 0.3662},
              {{15, 148}, 0.0624, 0.1605},
              {{0, 20}, 0.0000, 0.1611},
              {{1, 29}, 0.0061, 0.1718}};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    double low, high;
    hs_ladder_wilson(ROWS[i].hits, &low, &high);
    assert_true(fabs(low - ROWS[i].low) <= 0.00005);
    assert_true(fabs(high - ROWS[i].high) <= 0.00005);
  }
}

/* Its bounds are the parts p at which the score |hits/n - p| is z times its deviation under p. */
static void bounds_solve_the_score_equation([[maybe_unused]] void **state)
{
  for (int64_t n = 1; n <= 60; n++)
    for (int64_t hits = 0; hits <= n; hits++) {
      double low, high;
      double share = (double)hits / (double)n;
      hs_ladder_wilson((struct hs_hits){hits, n}, &low, &high);
      assert_true(low >= 0 && low <= share && share <= high && high <= 1);
      double bounds[] = {low, high};
      for (size_t b = 0; b < 2; b++) {
        double p = bounds[b];
        double score = fabs(share - p) - 1.959963984540054 * sqrt(p * (1 - p) / (double)n);
        assert_true(fabs(score) < 1e-9); /* rounding of doubles near 1 */
      }
    }
  double low, high;
  hs_ladder_wilson((struct hs_hits){0, 0}, &low, &high);
  assert_true(low == 0 && high == 1);
}

static struct hs_ladder judged(const struct hs_track_record *record, size_t step)
{
  struct hs_ladder ladder;
  hs_ladder_judge(record, &hs_ladder_usual[step], &ladder);
  return ladder;
}

static void a_part_is_judged_by_its_whole_interval([[maybe_unused]] void **state)
{
  /* At most 15 % refunded: 5 of 100 reach 11.2 %, 12 of 100 reach from 7.0 to 19.8 %, 30 of 100
     begin at 21.9 %. */
  static const struct {
    struct hs_hits refunded;
    enum hs_ladder_verdict verdict;
  } ROWS[] = {{{5, 100}, HS_LADDER_MET},
              {{12, 100}, HS_LADDER_NOT_ENOUGH_DATA},
              {{30, 100}, HS_LADDER_NOT_MET},
              {{0, 0}, HS_LADDER_NOT_ENOUGH_DATA}};
  struct hs_track_record record = {.months = 8,
                                   .orders = 1000,
                                   .new_customers = {500, 1000},
                                   .retained = {100, 300},
                                   .disputed = {2, 1000}};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    record.refunded = ROWS[i].refunded;
    struct hs_ladder ladder = judged(&record, 0);
    assert_int_equal(ladder.readings[HS_LADDER_REFUNDED].verdict, ROWS[i].verdict);
    assert_int_equal(ladder.verdict, ROWS[i].verdict);
    assert_int_equal(ladder.readings[HS_LADDER_KEPT].is_asked, 0);
    assert_int_equal(isnan(ladder.readings[HS_LADDER_REFUNDED].figure) != 0,
                     ROWS[i].refunded.sample == 0);
  }
  record.refunded = (struct hs_hits){5, 100};
  record.months = 5; /* of 6 */
  assert_int_equal(judged(&record, 0).verdict, HS_LADDER_NOT_MET);
}

static void higher_steps_ask_for_more([[maybe_unused]] void **state)
{
  for (size_t step = 1; step < 3; step++)
    for (enum hs_ladder_criterion c = 0; c < HS_LADDER_CRITERION_COUNT; c++) {
      double before = hs_ladder_usual[step - 1].bound[c];
      double here = hs_ladder_usual[step].bound[c];
      assert_true(hs_ladder_is_at_most(c) ? here < before : here > before);
    }
  /* Commitments are asked for from the second step on: without any there are not enough data. */
  struct hs_track_record record = {.months = 30,
                                   .orders = 5000,
                                   .refunded = {100, 5000},
                                   .new_customers = {3000, 5000},
                                   .retained = {900, 2000},
                                   .disputed = {5, 5000}};
  assert_int_equal(judged(&record, 0).verdict, HS_LADDER_MET);
  assert_int_equal(judged(&record, 2).verdict, HS_LADDER_NOT_ENOUGH_DATA);
  record.kept = (struct hs_hits){120, 122};
  assert_int_equal(judged(&record, 2).verdict, HS_LADDER_MET);
}

#define RECORD                                                                                     \
  "{\"months\": 14, \"orders\": 420, \"refunded_orders\": 21, \"orders_of_new_customers\": 260, "  \
  "\"disputed_orders\": 3, \"customers\": 210, \"customers_who_bought_again\": 61, "               \
  "\"commitments_due\": 12, \"commitments_kept\": 11}"

static enum hs_status read_in([[maybe_unused]] void *context, struct hs_arena *arena,
                              struct hs_err *err)
{
  struct hs_track_record record;
  enum hs_status status = hs_track_record_read(HS_STR(RECORD), arena, &record, NULL, NULL, err);
  if (status == HS_OK) {
    assert_int_equal(record.retained.sample, 210);
    assert_int_equal(record.disputed.hits, 3);
    assert_int_equal(record.kept.hits, 11);
  }
  return status;
}

static void records_are_read_and_checked([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  struct hs_track_record record;
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  assert_int_equal(read_in(NULL, &arena, NULL), HS_OK);
  assert_int_equal(
      hs_track_record_read(HS_STR("{\"months\": -1}"), &arena, &record, note_fault, NULL, NULL),
      HS_INVALID);
  assert_non_null(strstr(told, "months: must be 0 to 9223372036854775807, got -1"));
  told[0] = '\0';
  assert_int_equal(
      hs_track_record_read(HS_STR("{\"months\": 1, \"orders\": 4, \"refunded_orders\": 5, "
                                  "\"orders_of_new_customers\": 1, \"disputed_orders\": 0, "
                                  "\"customers\": 1, \"customers_who_bought_again\": 2, "
                                  "\"commitments_due\": 0, \"commitments_kept\": 0}"),
                           &arena, &record, note_fault, NULL, NULL),
      HS_INVALID);
  assert_string_equal(told, "refunded_orders: must be at most 4, got 5\n"
                            "customers_who_bought_again: must be at most 1, got 2\n");
  hs_arena_release(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(intervals_are_those_of_wilson),
      cmocka_unit_test(bounds_solve_the_score_equation),
      cmocka_unit_test(a_part_is_judged_by_its_whole_interval),
      cmocka_unit_test(higher_steps_ask_for_more),
      cmocka_unit_test(records_are_read_and_checked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
