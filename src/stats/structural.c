#include "stats/structural.h"

#include <math.h>

#include "stats/minimise.h"
#include "stats/summary.h"

/* Variances that may be searched. */
#define FREE_MAX 5
/* In a start where one variance leads, the others are this part of it. */
#define FOLLOWER 1e-3
/* A variance of less than this part of the largest goes to 0 when the likelihood is not the worse
   for it; what rounding leaves of a zero is far below. */
#define NEGLIGIBLE 1e-4
/* Of the log-likelihood: what setting such a variance to 0 may cost. */
#define INDIFFERENT 1e-7

struct hs_kalman_model hs_structural_model(enum hs_structural_kind kind, size_t count,
                                           uint32_t season_count)
{
  const struct hs_kalman_part part = {.is_in = 1, .variance = 1, .phi = 1};
  struct hs_kalman_model model = {.count = count, .noise_variance = 1, .level = part};
  if (kind != HS_STRUCTURAL_LEVEL)
    model.slope = part;
  if (kind == HS_STRUCTURAL_BASIC) {
    model.season = part;
    model.season_count = season_count;
  }
  return model;
}

struct search {
  struct hs_kalman *kalman;
  const double *y;
  double *variances[FREE_MAX]; /* in the model */
  size_t count;
  double scale; /* of y, squared: x is in its root */
};

static void list_variances(struct search *search)
{
  struct hs_kalman_model *model = &search->kalman->model;
  double *const all[FREE_MAX] = {&model->noise_variance, &model->level.variance,
                                 &model->slope.variance, &model->season.variance,
                                 &model->ar.variance};
  const int is_in[FREE_MAX] = {1, model->level.is_in, model->slope.is_in, model->season.is_in,
                               model->ar.is_in};
  for (size_t i = 0; i < FREE_MAX; i++)
    if (is_in[i] && *all[i] > 0)
      search->variances[search->count++] = all[i];
}

/* Minus the log-likelihood at standard deviations x: squares need no bound, and where a variance is
   0 at the best place its deviation is at rest there. */
static double loss(const double *x, [[maybe_unused]] double *gradient, void *context)
{
  struct search *search = context;
  for (size_t i = 0; i < search->count; i++)
    *search->variances[i] = search->scale * x[i] * x[i];
  hs_kalman_filter(search->kalman, search->y);
  return -search->kalman->log_likelihood;
}

static enum hs_status measure_scale(struct search *search, struct hs_err *err)
{
  struct hs_summary steps = {0};
  double last = (double)NAN;
  size_t seen = 0;
  for (size_t t = 0; t < search->kalman->model.count; t++) {
    if (isnan(search->y[t]))
      continue;
    if (seen++ > 0)
      hs_summary_add(&steps, search->y[t] - last, 1);
    last = search->y[t];
  }
  hs_kalman_filter(search->kalman, search->y);
  size_t diffuse = search->kalman->settled_count + search->kalman->diffuse_count;
  if (search->kalman->diffuse_count > 0 || seen < diffuse + 2)
    return hs_fail(err, HS_INSUFFICIENT,
                   "%zu observed values are too few for a model of %zu unknown states", seen,
                   diffuse);
  search->scale = hs_summary_variance(&steps);
  if (!(search->scale > 0))
    return hs_fail(err, HS_INSUFFICIENT, "the values do not vary about their trend");
  return HS_OK;
}

/* Near a bound the likelihood may be too flat for derivatives: then what the simplex has found is
   the place, to the digits that there are. */
static enum hs_status descend(struct search *search, double *x, double *value, struct hs_err *err)
{
  const struct hs_minimise_problem problem = {
      .value = loss, .context = search, .count = search->count, .has_no_gradient = 1};
  double size[FREE_MAX];
  struct hs_minimum minimum;
  for (size_t i = 0; i < search->count; i++)
    size[i] = 0.3;
  const struct hs_minimise_options options = {.size = size};
  enum hs_status status = hs_minimise_simplex(&problem, &options, x, &minimum, err);
  if (status != HS_OK)
    return status;
  *value = minimum.value;
  status = hs_minimise_bfgs(&problem, &options, x, &minimum, NULL);
  if (status == HS_OK)
    *value = minimum.value;
  return status == HS_NO_CONVERGENCE ? HS_OK : status;
}

/* From one start after the other: all alike, then each one leading. Likelihoods of structural
   models have ridges along which one variance stands for another. */
static enum hs_status search_all(struct search *search, double *best, struct hs_err *err)
{
  double best_value = (double)INFINITY;
  enum hs_status status = HS_OK;
  size_t starts = search->count > 1 ? search->count + 1 : 1;
  for (size_t start = 0; start < starts; start++) {
    double x[FREE_MAX];
    double value = 0;
    for (size_t i = 0; i < search->count; i++)
      x[i] = sqrt(start == 0 || start == i + 1 ? 0.5 : 0.5 * FOLLOWER);
    enum hs_status found = descend(search, x, &value, err);
    if (found == HS_OK && value < best_value) {
      best_value = value;
      for (size_t i = 0; i < search->count; i++)
        best[i] = fabs(x[i]);
    }
    status = found != HS_OK ? found : status;
  }
  return isfinite(best_value) ? HS_OK : status;
}

static void drop_negligible(struct search *search, double *x)
{
  double largest = 0;
  for (size_t i = 0; i < search->count; i++)
    largest = fmax(largest, x[i] * x[i]);
  double best = loss(x, NULL, search);
  for (size_t i = 0; i < search->count; i++) {
    double kept = x[i];
    if (kept * kept > NEGLIGIBLE * largest)
      continue;
    x[i] = 0;
    double without = loss(x, NULL, search);
    if (without <= best + INDIFFERENT)
      best = fmin(best, without);
    else
      x[i] = kept;
  }
  (void)loss(x, NULL, search);
}

enum hs_status hs_structural_fit(struct hs_kalman *kalman, const double *y, struct hs_err *err)
{
  const struct hs_kalman_model model = kalman->model;
  struct search search = {.kalman = kalman, .y = y};
  double best[FREE_MAX] = {0};
  list_variances(&search);
  HS_ASSERT(search.count > 0);
  enum hs_status status = measure_scale(&search, err);
  if (status == HS_OK)
    status = search_all(&search, best, err);
  if (status == HS_OK)
    drop_negligible(&search, best);
  else
    kalman->model = model;
  return status;
}
