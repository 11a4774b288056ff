#include "service/believe/honesty_priv.h"

#include <math.h>
#include <stdlib.h>

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

/* Why a row cannot be used, and in which column; NULL when it can. */
static const char *fault_of(const struct hs_figures *figures, size_t i, size_t *column)
{
  double tracked = figures->columns[TRACKED].values[i];
  double incremental = figures->columns[INCREMENTAL].values[i];
  double sd = figures->columns[SD].values[i];
  *column = TRACKED;
  if (!(tracked >= 0) || isinf(tracked))
    return "tracked sales must be 0 or more";
  *column = INCREMENTAL;
  if (isinf(incremental) || (isnan(incremental) && !isnan(sd)))
    return "a standard error stands there without its effect";
  *column = SD;
  if (isnan(sd) && !isnan(incremental))
    return "an effect stands there without its standard error";
  return sd <= 0 || isinf(sd) ? "a standard error must be above 0" : NULL;
}

static void reject(const struct hs_figures *figures, size_t i, size_t column, const char *why,
                   struct hs_partners *out)
{
  char value[HS_DOUBLE_TEXT] = "";
  if (isfinite(figures->columns[column].values[i]))
    hs_format_double(figures->columns[column].values[i], value);
  const struct hs_partners_asking *a = &out->asked;
  const struct hs_str names[COLUMN_COUNT] = {
      [TRACKED] = a->tracked, [INCREMENTAL] = a->incremental, [SD] = a->sd};
  const struct hs_figures_reject told = {
      .line = figures->lines[i], .column = names[column], .value = hs_str_of(value), .reason = why};
  out->reject_count++;
  if (a->on_reject != NULL)
    a->on_reject(a->context, &told);
}

static struct hs_partners_line line_of(const struct hs_figures *figures, size_t i,
                                       const struct hs_partners_asking *a)
{
  const struct hs_figures_column *columns = figures->columns;
  struct hs_partners_line line = {.name = columns[PARTNER].texts[i],
                                  .title = columns[PARTNER].texts[i],
                                  .tracked = columns[TRACKED].values[i]};
  if (a->kind.data != NULL)
    line.kind = columns[KIND].texts[i];
  line.is_tested = !isnan(columns[SD].values[i]);
  if (!line.is_tested) {
    line.untested_because = "the file has no effect for it";
    return line;
  }
  const struct hs_belief tracked = hs_belief_exact(line.tracked);
  const struct hs_belief incremental = {.mean = columns[INCREMENTAL].values[i],
                                        .sd = columns[SD].values[i]};
  line.honesty = hs_honesty_compare(&tracked, &incremental, &a->honesty);
  return line;
}

static enum hs_status fill_lines(struct hs_arena *arena, const struct hs_figures *figures,
                                 struct hs_partners *out, struct hs_err *err)
{
  const struct hs_figures_column *names = &figures->columns[PARTNER];
  uint64_t *seen = hs_arena_alloc(arena, names->name_count, sizeof *seen); /* its line; 0: none */
  out->lines = hs_arena_alloc(arena, figures->row_count, sizeof *out->lines);
  if (seen == NULL || out->lines == NULL)
    return hs_arena_full(arena, "partners", err);
  for (size_t i = 0; i < figures->row_count; i++) {
    uint64_t *before = &seen[names->names[i]];
    size_t column = 0;
    if (*before != 0)
      return hs_fail(err, HS_INVALID, "lines %llu and %llu are both of partner %.*s",
                     (unsigned long long)*before, (unsigned long long)figures->lines[i],
                     HS_STR_ARG(names->texts[i]));
    *before = figures->lines[i];
    const char *fault = fault_of(figures, i, &column);
    if (fault != NULL)
      reject(figures, i, column, fault, out);
    else
      out->lines[out->line_count++] = line_of(figures, i, &out->asked);
  }
  return HS_OK;
}

/* ---- what follows from all of them ---- */

/* One verdict among many may be there by chance. */
static enum hs_status judge_family(struct hs_arena *arena, struct hs_partners *out,
                                   struct hs_err *err)
{
  struct hs_honesty **family = hs_arena_alloc(arena, out->line_count, sizeof *family);
  double *p = hs_arena_alloc(arena, out->line_count, sizeof *p);
  size_t *order = hs_arena_alloc(arena, out->line_count, sizeof *order);
  if (family == NULL || p == NULL || order == NULL)
    return hs_arena_full(arena, "partners", err);
  for (size_t i = 0; i < out->line_count; i++)
    if (out->lines[i].is_tested)
      family[out->tested_count++] = &out->lines[i].honesty;
  hs_honesty_family(family, out->tested_count, p, order);
  for (size_t i = 0; i < out->tested_count; i++)
    out->by_chance_count += (size_t)family[i]->is_by_chance;
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

static int compare_texts(const void *a, const void *b)
{
  return hs_str_compare(*(const struct hs_str *)a, *(const struct hs_str *)b);
}

/* Each kind once, in byte order. */
static enum hs_status list_kinds(struct hs_arena *arena, struct hs_partners *out,
                                 struct hs_err *err)
{
  struct hs_str *names = hs_arena_alloc(arena, out->line_count, sizeof *names);
  size_t count = 0;
  out->kinds = hs_arena_alloc(arena, out->line_count, sizeof *out->kinds);
  if (names == NULL || out->kinds == NULL)
    return hs_arena_full(arena, "kinds of partners", err);
  for (size_t i = 0; i < out->line_count; i++)
    if (out->lines[i].kind.length > 0)
      names[count++] = out->lines[i].kind;
  if (count > 1)
    qsort(names, count, sizeof *names, compare_texts);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || !hs_str_equal(names[i - 1], names[i]))
      out->kinds[out->kind_count++].name = names[i];
  return HS_OK;
}

static enum hs_status pool_kinds(struct hs_arena *arena, struct hs_partners *out,
                                 struct hs_err *err)
{
  double *numbers = hs_arena_alloc_raw(arena, 2 * out->line_count, sizeof *numbers);
  if (numbers == NULL)
    return hs_arena_full(arena, "kinds of partners", err);
  for (size_t kind = 0; kind < out->kind_count; kind++) {
    size_t count = 0;
    for (size_t i = 0; i < out->line_count; i++) {
      const struct hs_partners_line *line = &out->lines[i];
      if (!hs_str_equal(line->kind, out->kinds[kind].name) || !line->is_tested ||
          !(line->tracked > 0))
        continue;
      numbers[count] = line->honesty.ratio.mean;
      numbers[out->line_count + count++] = line->honesty.incremental.sd / line->tracked;
    }
    out->kinds[kind].pool =
        hs_honesty_pool(numbers, numbers + out->line_count, count, out->asked.honesty.mass);
  }
  return HS_OK;
}

enum hs_status hs_partners_conclude(struct hs_arena *arena, struct hs_partners *partners,
                                    struct hs_err *err)
{
  enum hs_status status = judge_family(arena, partners, err);
  if (status == HS_OK)
    status = guard(arena, partners, err);
  if (status == HS_OK)
    status = list_kinds(arena, partners, err);
  return status == HS_OK ? pool_kinds(arena, partners, err) : status;
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
    status = hs_partners_conclude(arena, &partners, err);
  if (status == HS_OK)
    *out = partners;
  return status;
}
