/* A series of any bytes: periods rise, controls have no gaps, and whatever a method answers with
   HS_OK holds no figure that is not a number where a figure is promised, with ends in order. */
#include <math.h>

#include "fuzz.h"
#include "measure/influence/default.h"
#include "measure/influence/parity.h"
#include "service/believe/periods.h"

#define ROWS_MAX 60 /* an answer takes milliseconds then */

static const struct hs_str CONTROLS[] = {{"a", 1}, {"b", 1}};
static const struct hs_periods_request REQUEST = {
    .date = {"t", 1}, .outcome = {"y", 1}, .controls = CONTROLS, .control_count = 2};

static void check_periods(const struct hs_periods *periods)
{
  HS_ASSERT(periods->count == periods->row_count + periods->filled_count);
  for (size_t t = 0; t < periods->count; t++) {
    HS_ASSERT(t == 0 || periods->times[t] >= periods->times[t - 1]);
    HS_ASSERT(isfinite(periods->controls[0][t]) && isfinite(periods->controls[1][t]));
    HS_ASSERT(!isinf(periods->outcome[t]));
  }
}

static void check_estimate(const struct hs_influence_estimate *of)
{
  HS_ASSERT(isfinite(of->actual) && isfinite(of->predicted) && isfinite(of->effect));
  HS_ASSERT(of->sd >= 0 && of->low <= of->high);
}

static void check_result(const struct hs_influence_result *result)
{
  if (result->verdict == HS_INFLUENCE_REFUSED) {
    HS_ASSERT(result->refused_because != NULL);
    return;
  }
  check_estimate(&result->average);
  check_estimate(&result->cumulative);
  HS_ASSERT(result->p >= 0 && result->p <= 1);
  HS_ASSERT(result->judged_count > 0 && result->judged_count <= result->end - result->start);
  for (size_t d = 0; d < result->effect_draw_count; d++)
    HS_ASSERT(isfinite(result->effect_draws[d]));
}

static void ask(struct hs_arena *arena, const struct hs_periods *periods)
{
  const struct hs_influence_input input = {.outcome = periods->outcome,
                                           .count = periods->count,
                                           .controls = (const double *const *)periods->controls,
                                           .control_count = 2,
                                           .control_names = CONTROLS,
                                           .start = periods->count * 2 / 3,
                                           .end = periods->count,
                                           .season = (uint32_t)(periods->row_count % 8),
                                           .level = 0.95,
                                           .seed = 1,
                                           .draws = 100,
                                           .threads = 1};
  struct hs_influence_result result;
  if (hs_influence_parity(arena, &input, &result, NULL) == HS_OK)
    check_result(&result);
  if (hs_influence_default(arena, &input, &result, NULL) == HS_OK)
    check_result(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct hs_arena arena;
  struct hs_source *source = NULL;
  struct hs_periods periods;
  if (arena.base == NULL)
    HS_ASSERT(hs_arena_init(&arena, 256 * HS_MIB, NULL) == HS_OK);
  hs_arena_reset(&arena, 0);
  if (hs_source_of_text(&arena, (struct hs_str){(const char *)data, size}, &source, NULL) != HS_OK)
    return 0;
  enum hs_status status = hs_periods_read(&arena, source, &REQUEST, NULL, NULL, &periods, NULL);
  hs_source_close(source);
  if (status != HS_OK)
    return 0;
  check_periods(&periods);
  if (periods.count <= ROWS_MAX)
    ask(&arena, &periods);
  return 0;
}
