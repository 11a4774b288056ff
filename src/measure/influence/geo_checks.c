/* The facts from which a grade follows: whether the same test finds an effect where there can be
   none, and whether the regions compared with were left alone at the start. */
#include <math.h>
#include <string.h>

#include "measure/influence/geo_priv.h"
#include "measure/influence/mixture.h"
#include "stats/distribution.h"
#include "stats/multiple.h"
#include "stats/quantile.h"

/* The last window of a placebo ends where the effect begins, the earliest begins where half of the
   periods before it are left to fit on. */
#define PLACEBO_FIT_SHARE 0.5
/* A window is as long as the real one, but no longer than this share of the periods before. */
#define PLACEBO_WINDOW_SHARE 0.25
/* Placebos fail when so many rejections or more would happen with this chance or less. Windows are
   few, so that the usual 5 % would let a method pass that is wrong in one of two. */
#define PLACEBO_DOUBT 0.2
/* Below so many donors their spread says little about any one of them; above so many the check
   would cost more than the estimate. */
#define DONORS_MIN 8
#define DONORS_MAX 300
/* Donors that carry less weight than this cannot carry their own break into the result. */
#define WEIGHT_MIN 0.01
/* With fewer degrees of freedom than this no donor could be told from the others. */
#define GAP_DF_MIN 2
/* Makes the median of absolute deviations of a normal its standard deviation: 1/Φ⁻¹(3/4). */
#define MEDIAN_DEVIATION 1.4826022185056018
/* At this level, over all donors, a donor counts as contaminated. */
#define CONTAMINATED_P 0.05

static enum hs_status cut_panel(struct hs_arena *arena, const struct hs_panel *panel, size_t end,
                                struct hs_panel *out, struct hs_err *err)
{
  struct hs_panel cut = *panel;
  cut.period_count = end;
  cut.values = hs_arena_alloc_raw(arena, panel->unit_count * end, sizeof *cut.values);
  if (cut.values == NULL)
    return hs_arena_full(arena, "a placebo", err);
  for (size_t i = 0; i < panel->unit_count; i++)
    memcpy(cut.values + i * end, panel->values + i * panel->period_count, end * sizeof *cut.values);
  *out = cut;
  return HS_OK;
}

/* The whole method at a pseudo-start: 1 in *is_rejected when it finds what is not there. */
static enum hs_status run_placebo(struct hs_arena *arena, const struct hs_geo_input *input,
                                  size_t start, size_t end, int *is_rejected, struct hs_err *err)
{
  struct hs_panel cut;
  struct hs_geo_input placebo = *input;
  struct hs_geo_result result;
  enum hs_status status = cut_panel(arena, input->panel, end, &cut, err);
  placebo.panel = &cut;
  placebo.start = start;
  placebo.replicates = 0;
  if (status == HS_OK)
    status = hs_geo_estimate_run(arena, &placebo, &result, err);
  if (status == HS_OK)
    *is_rejected = result.p <= 1 - input->level + 1e-12;
  return status;
}

/* Windows without a common period, the last one first. One whose test cannot reject at the level
   proves nothing and is not run. */
static enum hs_status run_placebos(struct hs_arena *arena, const struct hs_geo_input *input,
                                   struct hs_geo_result *out, struct hs_err *err)
{
  size_t window = input->panel->period_count - input->start;
  size_t most = (size_t)(PLACEBO_WINDOW_SHARE * (double)input->start);
  size_t fit_min = (size_t)ceil(PLACEBO_FIT_SHARE * (double)input->start);
  window = window < most ? window : most;
  fit_min = fit_min > 4 ? fit_min : 4;
  for (size_t end = input->start; window > 0 && end >= fit_min + window; end -= window) {
    int is_rejected = 0;
    size_t mark = hs_arena_mark(arena);
    if (1 / (double)end > 1 - input->level)
      break;
    enum hs_status status = run_placebo(arena, input, end - window, end, &is_rejected, err);
    hs_arena_reset(arena, mark);
    if (status == HS_INSUFFICIENT) /* flat in the shorter history: nothing to test there */
      break;
    if (status != HS_OK)
      return status;
    out->placebo_count++;
    out->placebo_rejected += (size_t)is_rejected;
  }
  return HS_OK;
}

/* More rejections than chance at the level explains easily. */
static int are_placebos_failed(const struct hs_geo_result *result)
{
  double n = (double)result->placebo_count;
  double k = (double)result->placebo_rejected;
  double alpha = 1 - result->level;
  /* The upper tail of a binomial as an incomplete beta function (DLMF 8.17.5). */
  return k > 0 && hs_beta_regularized(alpha, k, n - k + 1) <= PLACEBO_DOUBT;
}

/* As long as the real window, or half of what lies before it. */
static size_t gap_window(size_t start, size_t count)
{
  return count - start < start / 2 ? count - start : start / 2;
}

/* The mean gap from the start on, in units of what such means are before it. */
static double studentised_gap(const double *gap, size_t start, size_t count)
{
  size_t window = gap_window(start, count);
  double squares = 0;
  double sum = 0;
  double after = 0;
  for (size_t k = 0; k < start; k++) {
    sum += gap[k] - (k >= window ? gap[k - window] : 0);
    if (k + 1 >= window)
      squares += sum / (double)window * (sum / (double)window);
  }
  for (size_t k = start; k < count; k++)
    after += gap[k] / (double)(count - start);
  return after / sqrt(squares / (double)(start - window + 1));
}

/* What the check of the donors works in. */
struct others {
  struct hs_geo_fit fit; /* of all donors, on the periods before the start */
  struct hs_simplex_room room;
  double *p, *q, *w; /* of the members */
  size_t *members;   /* donors that one is compared with */
  double *gap;       /* period_count */
};

static enum hs_status make_others(struct hs_arena *arena, const struct hs_geo_case *of,
                                  struct others *out, struct hs_err *err)
{
  size_t n = of->donor_count;
  const struct hs_geo_fit_how how = {.count = of->start, .has_fixed_effects = 1};
  enum hs_status status = hs_geo_fit_make(arena, of, &how, &out->fit, err);
  if (status == HS_OK)
    status = hs_simplex_room_init(arena, n, &out->room, err);
  if (status != HS_OK)
    return status;
  out->p = hs_arena_alloc(arena, n * n, sizeof *out->p);
  out->q = hs_arena_alloc(arena, n, sizeof *out->q);
  out->w = hs_arena_alloc(arena, n, sizeof *out->w);
  out->members = hs_arena_alloc(arena, n, sizeof *out->members);
  out->gap = hs_arena_alloc(arena, of->period_count, sizeof *out->gap);
  if (out->p == NULL || out->q == NULL || out->w == NULL || out->members == NULL ||
      out->gap == NULL)
    return hs_arena_full(arena, "the check of the regions", err);
  return HS_OK;
}

/* All donors but i and those that broke: they would make others look broken that lean on them. */
static size_t find_members(struct others *others, const struct hs_geo_result *result, size_t i)
{
  size_t count = 0;
  for (size_t j = 0; j < result->donor_count; j++)
    if (j != i && !result->donors[j].is_contaminated)
      others->members[count++] = j;
  return count;
}

/* Donor i less what the members say of it, as if it had been treated. 0 when no weights were found.
 */
static int find_gap(struct others *others, size_t i, size_t count)
{
  const struct hs_geo_fit *fit = &others->fit;
  size_t n = fit->of->donor_count;
  size_t t = fit->of->period_count;
  const struct hs_simplex_qp programme = {.n = count, .p = others->p, .q = others->q};
  for (size_t r = 0; r < count; r++) {
    const double *row = fit->inner + others->members[r] * n;
    others->q[r] = row[i];
    others->w[r] = 0;
    for (size_t c = 0; c < count; c++)
      others->p[r * count + c] = row[others->members[c]];
  }
  others->room.n = count;
  if (!hs_simplex_qp_solve(&programme, &others->room, others->w))
    return 0;
  memcpy(others->gap, fit->x + i * t, t * sizeof *others->gap);
  for (size_t r = 0; r < count; r++)
    for (size_t k = 0; others->w[r] != 0 && k < t; k++)
      others->gap[k] -= others->w[r] * fit->x[others->members[r] * t + k];
  return 1;
}

/* A donor that is flat, or that the others repeat exactly, has no gap to judge: what comes out is
   not finite. */
static void find_gaps(struct others *others, const struct hs_geo_result *result, double *out)
{
  const struct hs_geo_case *of = others->fit.of;
  for (size_t i = 0; i < result->donor_count; i++) {
    size_t count = find_members(others, result, i);
    out[i] = (double)NAN;
    if (!result->donors[i].is_contaminated && find_gap(others, i, count))
      out[i] = studentised_gap(others->gap, of->start, of->period_count);
  }
}

static double median(double *values, size_t count)
{
  hs_sort(values, count);
  return hs_quantile(values, count, 0.5);
}

/* Centre and spread of the finite gaps, by medians: those that broke must not hide themselves. */
static size_t find_spread(const double *gaps, size_t n, double *work, double *centre,
                          double *spread)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    if (isfinite(gaps[i]))
      work[count++] = gaps[i];
  if (count < DONORS_MIN)
    return count;
  *centre = median(work, count);
  for (size_t i = 0; i < count; i++)
    work[i] = fabs(work[i] - *centre);
  *spread = MEDIAN_DEVIATION * median(work, count);
  return count;
}

static int is_weighty(const struct hs_geo_donor *donor)
{
  return isnan(donor->weight) || fabs(donor->weight) >= WEIGHT_MIN;
}

/* p of each weighty donor's gap among all donors' gaps, adjusted over the weighty ones; gives the
   one that broke most clearly, or their number. Each gap
   was divided by a spread of its own that rests on few windows, so that gaps have the tails of
   Student's t with one degree of freedom less than there are windows: a normal would accuse the
   innocent. work and order hold an entry a donor. */
static size_t judge_donors(const double *gaps, struct hs_geo_result *out, double *work,
                           size_t *order)
{
  size_t n = out->donor_count;
  size_t worst = n;
  double centre = 0;
  double spread = 0;
  size_t count = find_spread(gaps, n, work, &centre, &spread);
  size_t windows = out->start / gap_window(out->start, out->period_count);
  double df = (double)windows - 1;
  if (count < DONORS_MIN || !(spread > 0) || df < GAP_DF_MIN)
    return n;
  for (size_t i = 0; i < n; i++) {
    work[i] = (double)NAN;
    if (isfinite(gaps[i]) && is_weighty(&out->donors[i]))
      work[i] = out->donors[i].p_own_break = 2 * hs_t_cdf(-fabs(gaps[i] - centre) / spread, df);
  }
  hs_holm(work, n, order, work);
  for (size_t i = 0; i < n; i++)
    if (!isnan(work[i])) {
      out->donors[i].p_holm = work[i];
      if (work[i] < CONTAMINATED_P &&
          (worst == n || out->donors[i].p_own_break < out->donors[worst].p_own_break))
        worst = i;
    }
  return worst;
}

/* One after another, the worst first, each time compared with those that are left. */
static enum hs_status check_donors(struct hs_arena *arena, const struct hs_geo_input *input,
                                   struct hs_geo_result *out, struct hs_err *err)
{
  size_t n = out->donor_count;
  struct hs_geo_case of;
  struct others others;
  double *gaps = hs_arena_alloc(arena, 2 * n, sizeof *gaps);
  size_t *order = hs_arena_alloc(arena, n, sizeof *order);
  if (gaps == NULL || order == NULL)
    return hs_arena_full(arena, "the check of the regions", err);
  if (n < DONORS_MIN || n > DONORS_MAX)
    return HS_OK;
  enum hs_status status = hs_geo_case_make(arena, input, out, &of, err);
  if (status == HS_OK)
    status = make_others(arena, &of, &others, err);
  while (status == HS_OK) {
    find_gaps(&others, out, gaps);
    size_t worst = judge_donors(gaps, out, gaps + n, order);
    if (worst == n)
      break;
    out->donors[worst].is_contaminated = 1;
    out->contaminated_count++;
  }
  return status;
}

/* The estimate once more with the donors that were left alone. */
static enum hs_status estimate_clean(struct hs_arena *arena, const struct hs_geo_input *input,
                                     struct hs_geo_result *out, struct hs_err *err)
{
  size_t *clean = hs_arena_alloc(arena, out->donor_count, sizeof *clean);
  struct hs_geo_input again = *input;
  struct hs_geo_result result;
  if (clean == NULL)
    return hs_arena_full(arena, "the regions", err);
  again.donors = clean;
  again.donor_count = 0;
  again.replicates = 0;
  for (size_t i = 0; i < out->donor_count; i++)
    if (!out->donors[i].is_contaminated)
      clean[again.donor_count++] = out->donors[i].unit;
  enum hs_status status = hs_geo_estimate_run(arena, &again, &result, err);
  if (status == HS_OK)
    out->clean = (struct hs_geo_estimate){
        .att = result.att, .low = result.low, .high = result.high, .p = result.p, .l2 = result.l2};
  return status;
}

static void add_grade(struct hs_geo_result *out)
{
  int is_checked = 0;
  for (size_t i = 0; i < out->donor_count; i++)
    is_checked |= !isnan(out->donors[i].p_own_break);
  if (out->placebo_count == 0)
    out->grade_because = "the periods before the start hold no window on which to test the method";
  else if (are_placebos_failed(out))
    out->grade_because = "the method found effects before the start, where there are none";
  else if (out->start < HS_MIXTURE_BEFORE_MIN)
    out->grade_because = "there are too few periods before the start to tell whether the "
                         "comparison wanders";
  else if (!is_checked)
    out->grade_because =
        "whether a region compared with broke by itself at the start cannot be told";
  else if (out->contaminated_count > 0)
    out->grade_because = "a region compared with broke by itself at the start";
  else {
    out->grade = HS_GRADE_B;
    out->grade_because =
        "placebos and comparison regions passed; where it began was not drawn by lot";
  }
}

enum hs_status hs_geo_check_facts(struct hs_arena *arena, const struct hs_geo_input *input,
                                  struct hs_geo_result *out, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = run_placebos(arena, input, out, err);
  if (status == HS_OK)
    status = check_donors(arena, input, out, err);
  if (status == HS_OK && out->contaminated_count > 0)
    status = estimate_clean(arena, input, out, err);
  hs_arena_reset(arena, mark);
  if (status == HS_OK)
    add_grade(out);
  return status;
}
