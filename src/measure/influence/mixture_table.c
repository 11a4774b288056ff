#include <math.h>

#include "measure/influence/mixture_priv.h"

/* Fewer figures in the window say nothing of an effect's growth. */
#define GROWTH_ROWS_MIN 3

static const double TWO_PI = 6.283185307179586;

static void plan_season(const struct hs_mixture_question *question, struct hs_mixture_table *table)
{
  size_t season = question->season;
  if (season < 2 || question->start < 2 * season)
    return;
  table->season_places = (double)season;
  table->is_season_places = season <= HS_MIXTURE_SEASON_PLACES_MAX;
  table->season_count = table->is_season_places ? season - 1 : 2 * (size_t)HS_MIXTURE_SEASON_WAVES;
}

/* Not so near the ends of the history that a step would be taken for the noise of a few rows, or
   for the event. */
static void plan_old_steps(struct hs_mixture_table *table)
{
  if (table->start < 3 * HS_MIXTURE_OLD_STEP_MARGIN)
    return;
  size_t room = table->start - 2 * HS_MIXTURE_OLD_STEP_MARGIN;
  size_t apart = (room + HS_MIXTURE_OLD_STEPS_MAX - 1) / HS_MIXTURE_OLD_STEPS_MAX;
  for (size_t at = HS_MIXTURE_OLD_STEP_MARGIN;
       at <= table->start - HS_MIXTURE_OLD_STEP_MARGIN &&
       table->column_count < table->main_count + HS_MIXTURE_OLD_STEPS_MAX;
       at += apart)
    table->old_step[table->column_count++ - table->main_count] = at;
}

static void plan(const struct hs_mixture_question *question, struct hs_mixture_table *table)
{
  table->may_grow = table->judged_count >= GROWTH_ROWS_MIN;
  plan_season(question, table);
  table->season_at = HS_MIXTURE_GROWTH + 1;
  table->shape_at = table->season_at + table->season_count;
  table->control_at = table->shape_at + 1;
  table->control_count = question->control_count;
  table->outcome_at = table->control_at + table->control_count;
  table->main_count = table->outcome_at + 1;
  table->column_count = table->main_count;
  plan_old_steps(table);
}

/* Effects of places as contrasts with the last one: they sum to zero. */
static void fill_season(const struct hs_mixture_table *table, size_t t, double *row)
{
  size_t count = table->season_count;
  if (table->is_season_places) {
    size_t place = t % (count + 1);
    for (size_t q = 0; q < count; q++)
      row[q] = place == count ? -1 : place == q;
    return;
  }
  for (size_t q = 0; q < count; q += 2) {
    size_t wave = q / 2 + 1;
    double angle = TWO_PI * (double)wave * (double)t / table->season_places;
    row[q] = cos(angle);
    row[q + 1] = sin(angle);
  }
}

/* Mean and standard deviation before the start, over rows whose outcome was observed; a column that
   does not vary gets deviation 0. */
static void standard_of(const double *values, const unsigned char *seen, size_t start,
                        double *center, double *unit)
{
  double mean = 0;
  double squares = 0;
  double count = 0;
  for (size_t t = 0; t < start; t++) {
    if (!seen[t])
      continue;
    count++;
    double away = values[t] - mean;
    mean += away / count;
    squares += away * (values[t] - mean);
  }
  *center = mean;
  *unit = count > 1 && squares > 1e-24 * count * mean * mean ? sqrt(squares / (count - 1)) : 0;
}

static void fill_standard(const struct hs_mixture_table *table, size_t column, const double *values,
                          double center, double unit)
{
  for (size_t t = 0; t < table->row_count; t++)
    table->values[t * table->column_count + column] =
        unit > 0 && !isnan(values[t]) ? (values[t] - center) / unit : 0;
}

static void fill(const struct hs_mixture_question *question, struct hs_mixture_table *table)
{
  double window = (double)(table->row_count - table->start);
  for (size_t t = 0; t < table->row_count; t++) {
    double *row = table->values + t * table->column_count;
    row[0] = 1;
    row[1] = t >= table->start;
    row[HS_MIXTURE_GROWTH] =
        t >= table->start ? ((double)(t - table->start) + 0.5) / window - 0.5 : 0;
    fill_season(table, t, row + table->season_at);
    row[table->shape_at] = (double)t / (double)table->start - 0.5;
  }
  for (size_t j = 0; j < table->control_count; j++) {
    double center;
    double *unit = &table->control_unit[j];
    standard_of(question->controls[j], table->seen, table->start, &center, unit);
    fill_standard(table, table->control_at + j, question->controls[j], center, *unit);
  }
  fill_standard(table, table->outcome_at, question->outcome, table->center, table->unit);
}

static void fill_old_steps(const struct hs_mixture_table *table)
{
  for (size_t t = 0; t < table->row_count; t++)
    for (size_t c = table->main_count; c < table->column_count; c++)
      table->values[t * table->column_count + c] = t >= table->old_step[c - table->main_count];
}

static enum hs_status count_seen(const struct hs_mixture_question *question,
                                 struct hs_mixture_table *table, struct hs_err *err)
{
  size_t before = 0;
  for (size_t t = 0; t < table->row_count; t++) {
    table->seen[t] = (unsigned char)!isnan(question->outcome[t]);
    table->seen_count += table->seen[t];
    before += table->seen[t] && t < table->start;
  }
  table->judged_count = table->seen_count - before;
  if (before < HS_MIXTURE_BEFORE_MIN)
    return hs_fail(err, HS_INVALID, "there must be at least %d figures before the start, got %zu",
                   HS_MIXTURE_BEFORE_MIN, before);
  if (table->judged_count == 0)
    return hs_fail(err, HS_INVALID, "the window holds no figure");
  for (size_t t = table->start; t < table->row_count; t++)
    table->window[t - table->start] = table->seen[t] ? 1 / (double)table->judged_count : 0;
  return HS_OK;
}

enum hs_status hs_mixture_table_make(struct hs_arena *arena,
                                     const struct hs_mixture_question *question,
                                     struct hs_mixture_table *table, struct hs_err *err)
{
  HS_ASSERT(question->control_count <= HS_MIXTURE_CONTROLS_MAX);
  *table = (struct hs_mixture_table){.row_count = question->end, .start = question->start};
  table->window = hs_arena_alloc(arena, table->row_count, sizeof(double));
  table->seen = hs_arena_alloc(arena, table->row_count, 1);
  if (table->window == NULL || table->seen == NULL)
    return hs_arena_full(arena, "the rows of an influence analysis", err);
  enum hs_status status = count_seen(question, table, err);
  if (status != HS_OK)
    return status;
  plan(question, table);
  table->values = hs_arena_alloc_raw(arena, table->row_count * table->column_count, sizeof(double));
  if (table->values == NULL)
    return hs_arena_full(arena, "the columns of an influence analysis", err);
  standard_of(question->outcome, table->seen, table->start, &table->center, &table->unit);
  if (!(table->unit > 0))
    return hs_fail(err, HS_INVALID, "the outcome does not vary before the start");
  fill(question, table);
  status = hs_mixture_place_old_step(arena, table, err);
  fill_old_steps(table);
  return status;
}
