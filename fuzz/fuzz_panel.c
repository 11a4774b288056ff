/* Figures of regions of any bytes, from the file to the answer: a panel has no holes and its times
   rise, and whatever a method answers with HS_OK holds no figure that is not a number where one is
   promised, an interval in order, and a verdict that the interval bears. The first byte chooses the
   method and the level, the rest is the file. */
#include <math.h>

#include "fuzz.h"
#include "intake/figures.h"
#include "measure/influence/geo.h"

#define UNITS_MAX 12 /* an answer takes milliseconds then */
#define PERIODS_MAX 60

static const struct hs_figures_want WANTS[] = {
    {{"u", 1}, HS_FIGURES_NAME}, {{"t", 1}, HS_FIGURES_TIME}, {{"y", 1}, HS_FIGURES_NUMBER}};

static void check_panel(const struct hs_panel *panel)
{
  for (size_t k = 1; k < panel->period_count; k++)
    HS_ASSERT(panel->times[k] > panel->times[k - 1]);
  for (size_t i = 0; i < panel->unit_count * panel->period_count; i++)
    HS_ASSERT(isfinite(panel->values[i]));
}

static void check_verdict(const struct hs_geo_result *result)
{
  switch (result->verdict) {
  case HS_INFLUENCE_REFUSED:
    HS_ASSERT(result->refused_because != NULL && isnan(result->low) && isnan(result->high));
    break;
  case HS_INFLUENCE_UP:
    HS_ASSERT(result->low > 0 && result->overturn.drift > 0);
    break;
  case HS_INFLUENCE_DOWN:
    HS_ASSERT(result->high < 0 && result->overturn.drift < 0);
    break;
  case HS_INFLUENCE_UNDETERMINED:
    HS_ASSERT(result->low <= 0 && result->high >= 0 && isnan(result->overturn.drift));
    break;
  case HS_INFLUENCE_INTERIM:
    HS_ASSERT(0); /* a method knows no end to come */
  }
}

static void check_result(const struct hs_geo_result *result)
{
  HS_ASSERT(isfinite(result->att) && isfinite(result->predicted) && isfinite(result->plain));
  HS_ASSERT(result->l2 >= 0 && isfinite(result->l2));
  HS_ASSERT(result->p > 0 && result->p <= 1 && result->p >= result->p_resolution - 1e-12);
  for (size_t k = 0; k < result->period_count; k++)
    HS_ASSERT(isfinite(result->actual[k]) && isfinite(result->predicted_series[k]));
  check_verdict(result);
}

static void ask(struct hs_arena *arena, const struct hs_panel *panel, uint8_t how)
{
  static const size_t TREATED[] = {0};
  const struct hs_geo_input input = {.panel = panel,
                                     .treated = TREATED,
                                     .treated_count = 1,
                                     .start = panel->period_count * 2 / 3,
                                     .method = (enum hs_geo_method)(how % 4),
                                     .lambda = (double)NAN,
                                     .season = how / 4 % 8,
                                     .level = how & 0x80 ? .9 : .5,
                                     .replicates = 3,
                                     .seed = 1};
  struct hs_geo_result result;
  if (hs_geo_run(arena, &input, &result, NULL) == HS_OK)
    check_result(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct hs_arena arena;
  const struct hs_figures_options options = {0};
  struct hs_source *source = NULL;
  struct hs_figures figures;
  struct hs_panel panel;
  if (size < 1)
    return 0;
  if (arena.base == NULL)
    HS_ASSERT(hs_arena_init(&arena, 256 * HS_MIB, NULL) == HS_OK);
  hs_arena_reset(&arena, 0);
  if (hs_source_of_text(&arena, (struct hs_str){(const char *)data + 1, size - 1}, &source, NULL) !=
      HS_OK)
    return 0;
  enum hs_status status =
      hs_figures_read(&arena, source, &options, WANTS, 3, NULL, NULL, &figures, NULL);
  hs_source_close(source);
  if (status != HS_OK || figures.row_count > (size_t)UNITS_MAX * PERIODS_MAX)
    return 0;
  const struct hs_panel_rows rows = {.count = figures.row_count,
                                     .units = figures.columns[0].names,
                                     .unit_names = figures.columns[0].name_list,
                                     .unit_count = figures.columns[0].name_count,
                                     .times = figures.columns[1].values,
                                     .time_texts = figures.columns[1].texts,
                                     .values = figures.columns[2].values,
                                     .lines = figures.lines,
                                     .absent_is_zero = data[0] >> 6 & 1};
  if (hs_panel_make(&arena, &rows, &panel, NULL) != HS_OK)
    return 0;
  check_panel(&panel);
  if (panel.unit_count <= UNITS_MAX && panel.period_count <= PERIODS_MAX)
    ask(&arena, &panel, data[0]);
  return 0;
}
