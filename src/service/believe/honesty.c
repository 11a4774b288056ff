#include "service/believe/honesty.h"

#include <math.h>

enum { PARTNER, TRACKED, INCREMENTAL, SD, KIND, COLUMN_COUNT };

static enum hs_status read_table(struct hs_arena *arena, const struct hs_io *io,
                                 const struct hs_partners_asking *a, struct hs_figures *out,
                                 struct hs_err *err)
{
  const struct hs_figures_want wants[COLUMN_COUNT] = {
      [PARTNER] = {a->partner, HS_FIGURES_NAME},
      [TRACKED] = {a->tracked, HS_FIGURES_NUMBER},
      [INCREMENTAL] = {a->incremental, HS_FIGURES_NUMBER},
      [SD] = {a->sd, HS_FIGURES_NUMBER},
      [KIND] = {a->kind, HS_FIGURES_NAME},
  };
  const struct hs_figures_options options = {.delimiter = a->delimiter};
  struct hs_source *source = NULL;
  enum hs_status status = hs_source_open(arena, io, a->path, &source, err);
  if (status != HS_OK)
    return status;
  status = hs_figures_read(arena, source, &options, wants, COLUMN_COUNT - (a->kind.data == NULL),
                           a->on_reject, a->context, out, err);
  hs_source_close(source);
  return status;
}

static enum hs_status judge(const struct hs_figures *figures, size_t i,
                            const struct hs_partners_asking *a, struct hs_partners_line *line,
                            struct hs_err *err)
{
  const struct hs_figures_column *columns = figures->columns;
  unsigned long long at = (unsigned long long)figures->lines[i];
  double sd = columns[SD].values[i];
  *line = (struct hs_partners_line){.name = columns[PARTNER].texts[i],
                                    .tracked = columns[TRACKED].values[i]};
  if (a->kind.data != NULL)
    line->kind = columns[KIND].texts[i];
  if (!(line->tracked >= 0) || isinf(line->tracked))
    return hs_fail(err, HS_INVALID, "line %llu: tracked sales must be 0 or more, got %g", at,
                   line->tracked);
  if (sd <= 0 || isinf(sd) || isinf(columns[INCREMENTAL].values[i]))
    return hs_fail(err, HS_INVALID, "line %llu: an effect needs a standard error above 0, got %g",
                   at, sd);
  line->is_tested = !isnan(sd) && !isnan(columns[INCREMENTAL].values[i]);
  if (!line->is_tested)
    return HS_OK;
  const struct hs_belief tracked = hs_belief_exact(line->tracked);
  const struct hs_belief incremental = {.mean = columns[INCREMENTAL].values[i], .sd = sd};
  line->honesty = hs_honesty_compare(&tracked, &incremental, &a->honesty);
  return HS_OK;
}

static enum hs_status fill_lines(struct hs_arena *arena, const struct hs_figures *figures,
                                 struct hs_partners *out, struct hs_err *err)
{
  const struct hs_figures_column *names = &figures->columns[PARTNER];
  unsigned char *seen = hs_arena_alloc(arena, names->name_count, 1);
  out->lines = hs_arena_alloc(arena, figures->row_count, sizeof *out->lines);
  if (seen == NULL || out->lines == NULL)
    return hs_arena_full(arena, "partners", err);
  for (size_t i = 0; i < figures->row_count; i++) {
    if (seen[names->names[i]]++)
      return hs_fail(err, HS_INVALID, "line %llu: partner %.*s stands there twice",
                     (unsigned long long)figures->lines[i], HS_STR_ARG(names->texts[i]));
    enum hs_status status = judge(figures, i, &out->asked, &out->lines[i], err);
    if (status != HS_OK)
      return status;
    out->tested_count += (size_t)out->lines[i].is_tested;
  }
  out->line_count = figures->row_count;
  return HS_OK;
}

static enum hs_status guard(struct hs_arena *arena, struct hs_partners *out, struct hs_err *err)
{
  struct hs_belief *effects = hs_arena_alloc(arena, out->tested_count, sizeof *effects);
  size_t count = 0;
  if (isnan(out->asked.total))
    return HS_OK;
  if (effects == NULL)
    return hs_arena_full(arena, "partners", err);
  for (size_t i = 0; i < out->line_count; i++)
    if (out->lines[i].is_tested)
      effects[count++] = (struct hs_belief){.mean = out->lines[i].honesty.incremental.mean,
                                            .sd = out->lines[i].honesty.incremental.sd};
  out->sum = hs_honesty_sum_guard(effects, count, out->asked.correlation, out->asked.total,
                                  out->asked.honesty.mass);
  return HS_OK;
}

static enum hs_status pool_kinds(struct hs_arena *arena, const struct hs_figures *figures,
                                 struct hs_partners *out, struct hs_err *err)
{
  const struct hs_figures_column *kinds = &figures->columns[KIND];
  double *numbers = hs_arena_alloc_raw(arena, 2 * out->line_count, sizeof *numbers);
  out->kinds = hs_arena_alloc(arena, kinds->name_count, sizeof *out->kinds);
  if (numbers == NULL || out->kinds == NULL)
    return hs_arena_full(arena, "kinds of partners", err);
  out->kind_count = kinds->name_count;
  for (size_t kind = 0; kind < out->kind_count; kind++) {
    size_t count = 0;
    for (size_t i = 0; i < out->line_count; i++) {
      const struct hs_partners_line *line = &out->lines[i];
      if (kinds->names[i] != kind || !line->is_tested || !(line->tracked > 0))
        continue;
      numbers[count] = line->honesty.ratio.mean;
      numbers[out->line_count + count++] = line->honesty.incremental.sd / line->tracked;
    }
    out->kinds[kind] = (struct hs_partners_kind){
        kinds->name_list[kind],
        hs_honesty_pool(numbers, numbers + out->line_count, count, out->asked.honesty.mass)};
  }
  return HS_OK;
}

enum hs_status hs_partners_ask(struct hs_arena *arena, const struct hs_io *io,
                               const struct hs_partners_asking *asking, struct hs_partners *out,
                               struct hs_err *err)
{
  struct hs_figures figures = {0};
  struct hs_partners partners = {.asked = *asking};
  enum hs_status status = read_table(arena, io, asking, &figures, err);
  partners.reject_count = figures.reject_count;
  if (status == HS_OK)
    status = fill_lines(arena, &figures, &partners, err);
  if (status == HS_OK)
    status = guard(arena, &partners, err);
  if (status == HS_OK && asking->kind.data != NULL)
    status = pool_kinds(arena, &figures, &partners, err);
  if (status == HS_OK)
    *out = partners;
  return status;
}
