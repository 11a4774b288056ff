/* Parity mode against figures that CausalImpact printed for the same files, as MEASURE's table of
   values gives them. Both sides sample, so that the tolerances are those of two samples: at 10,000
   draws and more the mean within a tenth of its deviation, the deviation within a twentieth, the
   ends of the interval within .15 deviations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "intake/figures.h"
#include "measure/influence/parity.h"
#include "support/near.h"
#include "support/shared_data.h"

enum { DRAWS = 20000, CONTROLS_MAX = 10 };

struct row {
  const char *file, *outcome;
  const char *controls[CONTROLS_MAX + 1];
  size_t start;
  uint32_t season;
  double added; /* to the outcome from the start on */
  double effect, sd, low, high;
  double p; /* 0: none is stated */
};

#define NONE ((double)NAN)

static const struct row ROWS[] = {
    {"ci_vignette_toy.csv", "y", {"x1"}, 70, 0, 0, 10.517, 0.359, 9.824, 11.225, 0},
    {"ci_arma_data.csv", "y", {"X"}, 70, 0, 5, 4.885, 0.299, 4.290, 5.467, 0},
    {"ci_arma_data.csv", "y", {"X"}, 70, 0, 0, -0.115, 0.304, NONE, NONE, 0.355},
    {"ci_basque.csv", "Basque", {"another"}, 21, 0, 0, -0.767, 0.311, -1.368, -0.160, 0},
    {"own_sim_daily730_10cov_effect4.csv",
     "y",
     {"x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10"},
     700,
     7,
     0,
     3.785,
     NONE,
     2.800,
     4.795,
     0},
};

static struct hs_arena arena;

static void load(const struct row *row, const char *path, struct hs_influence_input *input)
{
  static const double *controls[CONTROLS_MAX];
  struct hs_figures_want wants[CONTROLS_MAX + 1] = {{hs_str_of(row->outcome), HS_FIGURES_NUMBER}};
  size_t count = 1;
  struct hs_source *source = NULL;
  struct hs_figures figures;
  struct hs_err err = {0};
  while (row->controls[count - 1] != NULL) {
    wants[count] = (struct hs_figures_want){hs_str_of(row->controls[count - 1]), HS_FIGURES_NUMBER};
    count++;
  }
  assert_int_equal(hs_source_open(&arena, hs_io_real(), path, &source, &err), HS_OK);
  if (hs_figures_read(&arena, source, &(struct hs_figures_options){0}, wants, count, NULL, NULL,
                      &figures, &err) != HS_OK)
    fail_msg("%s: %s", path, err.text);
  hs_source_close(source);
  for (size_t t = row->start; t < figures.row_count; t++)
    figures.columns[0].values[t] += row->added;
  for (size_t c = 1; c < count; c++)
    controls[c - 1] = figures.columns[c].values;
  *input = (struct hs_influence_input){.outcome = figures.columns[0].values,
                                       .count = figures.row_count,
                                       .controls = controls,
                                       .control_count = count - 1,
                                       .start = row->start,
                                       .end = figures.row_count,
                                       .season = row->season,
                                       .level = 0.95,
                                       .seed = 1,
                                       .draws = DRAWS};
}

/* A tail of .355 sampled 20,000 times here and 1,000 times there: a standard error of .016. */
#define TAIL_TOLERANCE 0.03

/* The deviation of a row that states none: its interval is nearly normal. */
static double deviation_of(const struct row *row)
{
  return isnan(row->sd) ? (row->high - row->low) / (2 * 1.96) : row->sd;
}

static void check(const struct row *row, const struct hs_influence_result *result)
{
  double sd = deviation_of(row);
  assert_near(result->average.effect, row->effect, 0.1 * sd);
  if (!isnan(row->sd))
    assert_near(result->average.sd, row->sd, 0.05 * sd);
  if (!isnan(row->low)) {
    assert_near(result->average.low, row->low, 0.15 * sd);
    assert_near(result->average.high, row->high, 0.15 * sd);
  }
  if (row->p > 0)
    assert_near(result->p, row->p, TAIL_TOLERANCE);
  double rows = (double)result->judged_count;
  assert_close(result->cumulative.effect, result->average.effect * rows, 1e-12);
}

static void run(const struct row *row, struct hs_influence_result *result)
{
  char path[4096];
  struct hs_influence_input input;
  struct hs_err err = {0};
  if (!shared_data_find(row->file, "golden.influence_parity", path))
    skip();
  hs_arena_reset(&arena, 0);
  load(row, path, &input);
  if (hs_influence_parity(&arena, &input, result, &err) != HS_OK)
    fail_msg("%s: %s", row->file, err.text);
}

static void the_figures_are_causal_impacts([[maybe_unused]] void **state)
{
  for (size_t r = 0; r < sizeof ROWS / sizeof *ROWS; r++) {
    struct hs_influence_result result;
    run(&ROWS[r], &result);
    check(&ROWS[r], &result);
  }
}

/* The sum over the vignette's window is stated too: 315.50. */
static void the_vignette_adds_up([[maybe_unused]] void **state)
{
  struct hs_influence_result result;
  run(&ROWS[0], &result);
  assert_near(result.cumulative.effect, 315.50, 30 * 0.1 * ROWS[0].sd);
  assert_int_equal(result.verdict, HS_INFLUENCE_UP);
}

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_figures_are_causal_impacts),
      cmocka_unit_test(the_vignette_adds_up),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
