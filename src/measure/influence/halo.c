#include "measure/influence/halo.h"

#include <math.h>

#include "measure/influence/default.h"
#include "measure/influence/parity.h"
#include "measure/influence/register.h"
#include "stats/quantile.h"
#include "stats/summary.h"

#define NONE ((double)NAN)
/* A remainder below this share of the total is rounding. */
#define REMAINDER_MIN 1e-9

hs_influence_fn hs_influence_method(enum hs_influence_mode mode)
{
  return mode == HS_INFLUENCE_PARITY ? hs_influence_parity : hs_influence_default;
}

/* What is estimated: the lines, "other" if there is one, and the total last. */
struct work {
  struct hs_arena *arena;
  const struct hs_halo_input *input;
  const double **outcomes;
  struct hs_influence_result *results;
  size_t count;               /* of all of them */
  const unsigned char *keeps; /* common.end entries: 0 for rows left out for another partner, which
                                 the method does not see; NULL for none */
  double *draws;
};

/* ---- what there is to estimate ---- */

static int is_kept(const struct work *w, size_t row)
{
  return w->keeps == NULL || row >= w->input->common.end || w->keeps[row];
}

/* Whether the window's row counts: what one line lacks would be missing in the sum of all, and be
   taken for sales that went elsewhere. */
static int is_whole(const struct work *w, size_t row)
{
  const struct hs_halo_input *input = w->input;
  if (!is_kept(w, row))
    return 0;
  for (size_t line = 0; line < input->line_count; line++)
    if (isnan(input->lines[line][row]))
      return 0;
  return input->total == NULL || !isnan(input->total[row]);
}

static enum hs_status sum_tracked(const struct work *w, double *sum, struct hs_err *err)
{
  const struct hs_halo_input *input = w->input;
  *sum = 0;
  for (size_t row = 0; row < input->common.end; row++) {
    double value = input->tracked[row];
    if (isnan(value))
      continue;
    if (row < input->common.start && value > 0)
      return hs_fail(err, HS_INVALID,
                     "row %zu, before the start, has tracked sales of %g: a halo table is of a "
                     "partner that began at the start",
                     row + 1, value);
    if (row >= input->common.start && is_whole(w, row))
      *sum += value;
  }
  if (!(*sum >= 0) || isinf(*sum))
    return hs_fail(err, HS_INVALID, "the tracked sales of the window come to %g", *sum);
  return HS_OK;
}

static double known(double value) { return isnan(value) ? 0 : value; }

/* The tracked sales and the lines of a row; missing where a line is. */
static double parts_of(const struct hs_halo_input *input, size_t row)
{
  double sum = known(input->tracked[row]);
  for (size_t line = 0; line < input->line_count; line++)
    sum += input->lines[line][row];
  return sum;
}

/* Before the start a line stands for itself; in the window a row counts for all or for none. */
static int is_counted(const struct work *w, size_t row)
{
  return row < w->input->common.start ? is_kept(w, row) : is_whole(w, row);
}

/* The line without the rows that do not count. */
static const double *line_as_counted(struct work *w, size_t line)
{
  const struct hs_halo_input *input = w->input;
  double *copy = hs_arena_alloc_raw(w->arena, input->common.count, sizeof *copy);
  for (size_t row = 0; copy != NULL && row < input->common.count; row++)
    copy[row] = is_counted(w, row) ? input->lines[line][row] : NONE;
  return copy;
}

static enum hs_status settle_outcomes(struct work *w, struct hs_err *err)
{
  const struct hs_halo_input *input = w->input;
  size_t rows = input->common.count;
  double *other = hs_arena_alloc_raw(w->arena, rows, sizeof *other);
  double *total = hs_arena_alloc_raw(w->arena, rows, sizeof *total);
  w->outcomes = hs_arena_alloc(w->arena, input->line_count + 2, sizeof *w->outcomes);
  double largest = 0;
  double size = 0;
  if (other == NULL || total == NULL || w->outcomes == NULL)
    return hs_arena_full(w->arena, "the lines of a halo table", err);
  for (size_t row = 0; row < rows; row++) {
    double parts = parts_of(input, row);
    total[row] = input->total != NULL ? input->total[row] : parts;
    if (!is_counted(w, row))
      total[row] = NONE;
    other[row] = total[row] - parts;
    largest = fmax(largest, isnan(other[row]) ? 0 : fabs(other[row]));
    size = fmax(size, isnan(total[row]) ? 0 : fabs(total[row]));
  }
  for (size_t line = 0; line < input->line_count; line++) {
    w->outcomes[w->count] = line_as_counted(w, line);
    if (w->outcomes[w->count++] == NULL)
      return hs_arena_full(w->arena, "the lines of a halo table", err);
  }
  if (largest > REMAINDER_MIN * size)
    w->outcomes[w->count++] = other;
  w->outcomes[w->count++] = total;
  return HS_OK;
}

static struct hs_str name_of(const struct work *w, size_t i)
{
  if (i < w->input->line_count)
    return w->input->names[i];
  return i + 1 == w->count ? HS_STR("total") : HS_STR("other");
}

/* Each line by the method, one after the other: the method itself uses the threads. */
static enum hs_status estimate(struct work *w, struct hs_err *err)
{
  hs_influence_fn method = hs_influence_method(w->input->mode);
  w->results = hs_arena_alloc(w->arena, w->count, sizeof *w->results);
  if (w->results == NULL)
    return hs_arena_full(w->arena, "the lines of a halo table", err);
  for (size_t i = 0; i < w->count; i++) {
    struct hs_influence_input one = w->input->common;
    one.outcome = w->outcomes[i];
    enum hs_status status = method(w->arena, &one, &w->results[i], err);
    if (status != HS_OK) {
      struct hs_str name = name_of(w, i);
      hs_err_prefix(err, "%.*s", HS_STR_ARG(name));
      return status;
    }
  }
  return HS_OK;
}

/* ---- joint draws ---- */

/* Of what the method missed before the start, over rows where both have a figure. */
static double correlation_of(const struct work *w, size_t a, size_t b)
{
  const double *x = w->results[a].series.effect;
  const double *y = w->results[b].series.effect;
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (size_t row = 0; row < w->input->common.start; row++) {
    if (isnan(x[row]) || isnan(y[row]))
      continue;
    xx += x[row] * x[row];
    yy += y[row] * y[row];
    xy += x[row] * y[row];
  }
  return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

/* The draws of a line's average become draws of its sum over the window. */
static enum hs_status sorted_sums(struct work *w, size_t i, size_t draw_count, double **out,
                                  struct hs_err *err)
{
  const struct hs_influence_result *r = &w->results[i];
  *out = hs_arena_alloc_raw(w->arena, draw_count, sizeof **out);
  if (*out == NULL)
    return hs_arena_full(w->arena, "the draws of a halo table", err);
  for (size_t d = 0; d < draw_count; d++)
    (*out)[d] = r->effect_draws[d] * (double)r->judged_count;
  hs_sort(*out, draw_count);
  return HS_OK;
}

static enum hs_status join(struct work *w, size_t draw_count, struct hs_err *err)
{
  size_t n = w->count;
  double **sorted = hs_arena_alloc(w->arena, n, sizeof *sorted);
  double *correlation = hs_arena_alloc_raw(w->arena, n * n, sizeof *correlation);
  double *room = hs_arena_alloc_raw(w->arena, n + n * n, sizeof *room);
  w->draws = hs_arena_alloc_raw(w->arena, n * draw_count, sizeof *w->draws);
  if (sorted == NULL || correlation == NULL || room == NULL || w->draws == NULL)
    return hs_arena_full(w->arena, "the draws of a halo table", err);
  for (size_t i = 0; i < n; i++) {
    enum hs_status status = sorted_sums(w, i, draw_count, &sorted[i], err);
    if (status != HS_OK)
      return status;
    for (size_t j = 0; j < n; j++)
      correlation[i * n + j] = i == j ? 1 : correlation_of(w, i, j);
  }
  hs_halo_join(sorted, n, draw_count, correlation, w->input->common.seed, room, w->draws);
  return HS_OK;
}

/* ---- telling ---- */

static struct hs_honesty_figure raw_of(const struct hs_influence_result *r)
{
  const struct hs_influence_estimate *sum = &r->cumulative;
  return (struct hs_honesty_figure){sum->effect, sum->sd, sum->low, sum->high};
}

static struct hs_halo_line line_of(const struct work *w, size_t i)
{
  const struct hs_influence_result *r = &w->results[i];
  const double none = NONE;
  return (struct hs_halo_line){.name = name_of(w, i),
                               .raw = raw_of(r),
                               .reconciled = {none, none, none, none},
                               .verdict = HS_INFLUENCE_REFUSED,
                               .refused_because = r->refused_because,
                               .grade = r->grade};
}

static const char *fill_lines(struct work *w, struct hs_halo *out)
{
  const char *why = NULL;
  double parts = out->tracked;
  for (size_t i = 0; i < w->count; i++) {
    struct hs_halo_line line = line_of(w, i);
    if (w->results[i].verdict == HS_INFLUENCE_REFUSED && why == NULL)
      why = line.refused_because;
    if (i == 0 || line.grade > out->grade)
      out->grade_because = w->results[i].grade_because;
    out->grade = line.grade > out->grade ? line.grade : out->grade;
    if (i + 1 == w->count) {
      out->total = line;
      out->discrepancy = line.raw.mean - parts;
    } else {
      out->lines[out->line_count++] = line;
      parts += line.raw.mean;
    }
  }
  return why;
}

static enum hs_status reconcile(struct work *w, size_t draw_count, struct hs_halo *out,
                                struct hs_belief *incremental, struct hs_err *err)
{
  double tail = (1 - w->input->common.level) / 2;
  double *room = hs_arena_alloc_raw(w->arena, 2 * w->count, sizeof *room);
  double *column = hs_arena_alloc_raw(w->arena, draw_count, sizeof *column);
  if (room == NULL || column == NULL)
    return hs_arena_full(w->arena, "the draws of a halo table", err);
  hs_halo_reconcile(w->draws, draw_count, w->count - 1, out->tracked, room);
  for (size_t i = 0; i < w->count; i++) { /* the total last: its draws stay sorted in column */
    struct hs_halo_line *line = i + 1 == w->count ? &out->total : &out->lines[i];
    for (size_t d = 0; d < draw_count; d++)
      column[d] = w->draws[d * w->count + i];
    hs_sort(column, draw_count);
    *incremental = hs_belief_of_draws(column, draw_count);
    line->reconciled = (struct hs_honesty_figure){incremental->mean, incremental->sd,
                                                  hs_quantile(column, draw_count, tail),
                                                  hs_quantile(column, draw_count, 1 - tail)};
    line->verdict = line->reconciled.low > 0    ? HS_INFLUENCE_UP
                    : line->reconciled.high < 0 ? HS_INFLUENCE_DOWN
                                                : HS_INFLUENCE_UNDETERMINED;
  }
  return HS_OK;
}

/* The bounds want the lines without the total. */
static enum hs_status bound(struct work *w, size_t draw_count, struct hs_halo *out,
                            struct hs_err *err)
{
  size_t parts = w->count - 1;
  double *draws = hs_arena_alloc_raw(w->arena, parts * draw_count, sizeof *draws);
  if (draws == NULL)
    return hs_arena_full(w->arena, "the draws of a halo table", err);
  for (size_t d = 0; d < draw_count; d++)
    for (size_t i = 0; i < parts; i++)
      draws[d * parts + i] = w->draws[d * w->count + i];
  const struct hs_honesty_lines lines = {.tracked = out->tracked,
                                         .draws = draws,
                                         .draw_count = draw_count,
                                         .line_count = parts,
                                         .mass = w->input->honesty.mass};
  return hs_honesty_bound(w->arena, &lines, &out->bounds, err);
}

static double noise_of(const struct hs_influence_result *total)
{
  struct hs_summary missed = {0};
  for (size_t row = 0; row < total->start; row++)
    if (!isnan(total->series.effect[row]))
      hs_summary_add(&missed, total->series.effect[row], 1);
  return missed.weight > 1 ? hs_summary_deviation(&missed) : NONE;
}

static enum hs_status tell(struct work *w, struct hs_halo *out, struct hs_err *err)
{
  const struct hs_halo_input *input = w->input;
  size_t draw_count = w->results[0].effect_draw_count;
  struct hs_belief incremental = {0};
  const struct hs_belief tracked = hs_belief_exact(out->tracked);
  for (size_t i = 1; i < w->count; i++)
    draw_count =
        draw_count < w->results[i].effect_draw_count ? draw_count : w->results[i].effect_draw_count;
  enum hs_status status = join(w, draw_count, err);
  if (status == HS_OK)
    status = reconcile(w, draw_count, out, &incremental, err);
  if (status != HS_OK || out->verdict == HS_HALO_JOINT)
    return status;
  out->verdict = HS_HALO_TOLD;
  out->honesty = hs_honesty_compare(&tracked, &incremental, &input->honesty);
  if (!(out->tracked > 0)) /* nothing tracked: all of it is halo */
    return HS_OK;
  status = bound(w, draw_count, out, err);
  if (status != HS_OK || input->kappa == NULL)
    return status;
  out->has_points = 1;
  out->points =
      hs_honesty_point(out->tracked, &incremental, input->kappa, &out->bounds, input->honesty.mass);
  return HS_OK;
}

/* This partner is active from the start to the end, the other one in its rows. */
static enum hs_status look_for_another(struct work *w, struct hs_halo *out, struct hs_err *err)
{
  const struct hs_influence_input *common = &w->input->common;
  const unsigned char *another = w->input->another;
  if (another == NULL)
    return HS_OK;
  unsigned char *keeps = hs_arena_alloc(w->arena, common->end, 1);
  if (keeps == NULL)
    return hs_arena_full(w->arena, "the rows of two partners", err);
  for (size_t row = common->start; row < common->end; row++)
    out->has_overlap |= another[row];
  if (!hs_partners_apart(another, common->start, common->end, keeps)) {
    out->verdict = HS_HALO_JOINT;
    return HS_OK;
  }
  w->keeps = keeps;
  for (size_t row = common->start; row < common->end; row++)
    out->left_out_count += keeps[row] ? 0 : 1;
  return HS_OK;
}

/* Lines that hold each other or the total are no parts of it, and what moves in one of them would
   be counted twice: no bound could then be trusted. */
static const char *find_contradiction(const struct work *w)
{
  const struct hs_halo_input *input = w->input;
  size_t judged = 0;
  size_t above = 0;
  for (size_t row = 0; input->total != NULL && row < input->common.start; row++) {
    double rest = input->total[row] - parts_of(input, row);
    judged += isnan(rest) ? 0 : 1;
    above += rest < -REMAINDER_MIN * fabs(input->total[row]) ? 1 : 0;
  }
  return 2 * above > judged
             ? "before the start the lines come to more than the total in most rows: "
               "one of them holds the total, or lines hold each other"
             : NULL;
}

enum hs_status hs_halo(struct hs_arena *arena, const struct hs_halo_input *input,
                       struct hs_halo *out, struct hs_err *err)
{
  struct work w = {.arena = arena, .input = input};
  struct hs_halo halo = {.verdict = HS_HALO_REFUSED, .grade = HS_GRADE_A};
  HS_ASSERT(input->line_count >= 1 && input->line_count < HS_HONESTY_LINES_MAX);
  enum hs_status status = look_for_another(&w, &halo, err);
  if (status == HS_OK)
    status = sum_tracked(&w, &halo.tracked, err);
  if (status == HS_OK)
    status = settle_outcomes(&w, err);
  if (status == HS_OK)
    status = estimate(&w, err);
  if (status != HS_OK)
    return status;
  halo.lines = hs_arena_alloc(arena, w.count, sizeof *halo.lines);
  if (halo.lines == NULL)
    return hs_arena_full(arena, "the lines of a halo table", err);
  halo.refused_because = fill_lines(&w, &halo);
  if (find_contradiction(&w) != NULL)
    halo.refused_because = find_contradiction(&w);
  if (halo.refused_because != NULL)
    halo.verdict = HS_HALO_REFUSED;
  halo.judged_count = w.results[w.count - 1].judged_count;
  halo.noise_row = noise_of(&w.results[w.count - 1]);
  if (halo.has_overlap && halo.grade < HS_GRADE_D)
    halo.grade = (enum hs_grade)(halo.grade + 1);
  if (halo.refused_because == NULL)
    status = tell(&w, &halo, err);
  if (status == HS_OK)
    *out = halo;
  return status;
}
