#include "service/decide/trend.h"

#include <math.h>

#include "service/decide/trend_rows.h"

enum { COLUMN_MAX = 4 };

static enum hs_status read_figures(struct hs_arena *arena, const struct hs_io *io,
                                   const struct hs_trend_request *request,
                                   const struct hs_figures_want *wants, size_t want_count,
                                   hs_figures_reject_fn on_reject, void *context,
                                   struct hs_figures *figures, struct hs_err *err)
{
  struct hs_source *source = NULL;
  const struct hs_figures_options options = {.delimiter = request->delimiter};
  enum hs_status status = hs_source_open(arena, io, request->path, &source, err);
  if (status == HS_OK)
    status = hs_figures_read(arena, source, &options, wants, want_count, on_reject, context,
                             figures, err);
  hs_source_close(source);
  return status;
}

static uint32_t season_of(int32_t asked, double per_year)
{
  if (asked >= 0)
    return (uint32_t)asked;
  int is_usual = fabs(per_year - 4) < 0.01 || fabs(per_year - 12) < 0.01;
  return is_usual ? (uint32_t)(per_year + 0.5) : 0;
}

enum hs_status hs_trend_ask(struct hs_arena *arena, struct hs_trend_answer *answer,
                            struct hs_err *err)
{
  const struct hs_trend_series *series = &answer->series;
  struct hs_trend_partnership *partnership = &answer->partnership;
  partnership->side_count = series->side_count;
  for (size_t i = 0; i < series->side_count; i++) {
    const struct hs_trend_input input = {.value = series->sides[i],
                                         .count = series->count,
                                         .effort = series->effort,
                                         .company = series->company,
                                         .periods_per_year = series->per_year,
                                         .season = series->season,
                                         .material = answer->rules.material,
                                         .mass = answer->rules.mass,
                                         .is_effort_planned = answer->rules.is_effort_planned};
    enum hs_status status = hs_trend_estimate(arena, &input, &partnership->sides[i], err);
    if (status != HS_OK) {
      hs_err_prefix(err, "%.*s", HS_STR_ARG(series->side_names[i]));
      return status;
    }
  }
  hs_trend_join(partnership, answer->rules.mass);
  return HS_OK;
}

/* The place of a column among those wanted, or 0 (the time's) when it was not asked for. */
static size_t want(struct hs_figures_want *wants, size_t *count, struct hs_str name)
{
  if (name.data == NULL)
    return 0;
  wants[*count] = (struct hs_figures_want){name, HS_FIGURES_NUMBER};
  return (*count)++;
}

/* Value by cohort and period, stacked. The table may be far larger than the file: it is bounded. */
static enum hs_status stack_cohorts(struct hs_arena *arena, const struct hs_figures *figures,
                                    size_t column, struct hs_trend_answer *answer,
                                    struct hs_err *err)
{
  const struct hs_figures_column *cohort = &figures->columns[column];
  const double *value = figures->columns[1].values;
  struct hs_trend_series *series = &answer->series;
  size_t window = (size_t)fmax(1, floor(series->per_year + 0.5));
  size_t mark = hs_arena_mark(arena);
  double *table = hs_arena_alloc(arena, cohort->name_count * series->count, sizeof *table);
  if (table == NULL)
    return hs_arena_full(arena, "a table of cohorts by period", err);
  for (size_t i = 0; i < figures->row_count; i++)
    if (series->row_periods[i] != SIZE_MAX && !isnan(value[i]))
      table[cohort->names[i] * series->count + series->row_periods[i]] += value[i];
  answer->has_stack =
      hs_cohorts_stack(table, cohort->name_count, series->count, window, &answer->stack);
  hs_arena_reset(arena, mark);
  return HS_OK;
}

enum hs_status hs_trend_file(struct hs_arena *arena, const struct hs_io *io,
                             const struct hs_trend_request *request, hs_figures_reject_fn on_reject,
                             void *context, struct hs_trend_answer *out, struct hs_err *err)
{
  struct hs_figures_want wants[2 + COLUMN_MAX] = {{request->date, HS_FIGURES_TIME}};
  double *columns[COLUMN_MAX] = {NULL};
  struct hs_figures figures;
  struct hs_trend_answer answer = {.rules = request->rules, .effort_name = request->effort};
  struct hs_trend_series *series = &answer.series;
  size_t count = 1;
  size_t value = want(wants, &count, request->value);
  size_t partner = want(wants, &count, request->partner);
  size_t effort = want(wants, &count, request->effort);
  size_t company = want(wants, &count, request->company);
  size_t number_count = count - 1;
  size_t cohort = want(wants, &count, request->cohort);
  if (cohort > 0)
    wants[cohort].type = HS_FIGURES_NAME;
  enum hs_status status =
      read_figures(arena, io, request, wants, count, on_reject, context, &figures, err);
  if (status == HS_OK)
    status = hs_trend_rows(arena, &figures, number_count, request->period, request->per_year,
                           series, columns, err);
  if (status != HS_OK)
    return status;
  series->season = season_of(request->season, series->per_year);
  series->sides[series->side_count] = columns[value - 1];
  series->side_names[series->side_count++] = request->value;
  if (partner > 0) {
    series->sides[series->side_count] = columns[partner - 1];
    series->side_names[series->side_count++] = request->partner;
  }
  series->effort = effort > 0 ? columns[effort - 1] : NULL;
  series->company = company > 0 ? columns[company - 1] : NULL;
  answer.row_count = figures.row_count + figures.reject_count;
  answer.reject_count = figures.reject_count;
  if (cohort > 0)
    status = stack_cohorts(arena, &figures, cohort, &answer, err);
  if (status == HS_OK)
    status = hs_trend_ask(arena, &answer, err);
  if (status == HS_OK)
    *out = answer;
  return status;
}
