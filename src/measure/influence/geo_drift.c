/* What the gap between the treated and what the others say tells about itself: the effect by a
   correlation that is averaged over, whether that view or the published test is to be believed, and
   how far the gap would have to drift by itself to overturn what was said. */
#include <math.h>

#include "measure/influence/geo_priv.h"
#include "measure/influence/mixture_priv.h"

/* A gap is taken for a row of stretches alike when the weight on memory that outlasts a few periods
   is below this, which takes a gap that shows a short one or a hundred periods that show none, and
   when it grew no louder than this. These were chosen on simulated panels of another seed than
   that of docs/calibration/geo.md. */
#define WANDERING_MAX 0.065
#define LOUDER_MAX 1.05
/* Weights that were fitted to a history with a long memory have followed some of it, and most of
   one that walks, so that the gap of the window is less sure than the history's: by so much where
   all of it is of that kind. */
#define WIDER_FOR_MEMORY 0.04
#define WIDER_FOR_WALKS 0.18

static int is_walk(enum hs_mixture_kind kind)
{
  return kind == HS_MIXTURE_WALK_SLOW || kind == HS_MIXTURE_WALK || kind == HS_MIXTURE_WALK_FAST ||
         kind == HS_MIXTURE_DRIFT || kind == HS_MIXTURE_WALK_AR;
}

/* The weight on walks of any kind, and on those and strong correlation. */
static void weigh_memory(const struct hs_mixture *mixture, double *walking, double *wandering)
{
  struct hs_mixture_member grid[HS_MIXTURE_GRID_MAX];
  size_t count = hs_mixture_grid(grid);
  *walking = *wandering = 0;
  for (size_t i = 0; i < mixture->part_count; i++) {
    HS_ASSERT(mixture->part[i].covariance < count);
    enum hs_mixture_kind kind = grid[mixture->part[i].covariance].kind;
    *walking += is_walk(kind) ? mixture->weight[i] : 0;
    *wandering += is_walk(kind) || kind == HS_MIXTURE_AR_STRONG ? mixture->weight[i] : 0;
  }
}

static void tell_drift(const struct hs_mixture *mixture, double level, struct hs_geo_result *out)
{
  struct hs_t_mixture effect = hs_mixture_effect(mixture);
  double tail = (1 - level) / 2;
  double mean = hs_t_mixture_mean(&effect);
  double walking = 0;
  weigh_memory(mixture, &walking, &out->wandering);
  double wider = out->louder * out->errors.leverage *
                 (1 + WIDER_FOR_MEMORY * out->wandering + WIDER_FOR_WALKS * walking);
  out->drift.p = hs_t_mixture_two_sided(&effect, mean - mean / wider);
  out->drift.low = mean + wider * (hs_t_mixture_quantile(&effect, tail) - mean);
  out->drift.high = mean + wider * (hs_t_mixture_quantile(&effect, 1 - tail) - mean);
  if (out->wandering > WANDERING_MAX || out->louder > LOUDER_MAX)
    out->judge = HS_GEO_DRIFT;
}

/* A comparison that leaves nothing has no drift to speak of: HS_INVALID of the mixture. */
enum hs_status hs_geo_look_for_drift(struct hs_arena *arena, const struct hs_geo_input *input,
                                     const double *gap, struct hs_geo_result *out,
                                     struct hs_err *err)
{
  struct hs_mixture mixture;
  const struct hs_mixture_question question = {
      .outcome = gap, .start = out->start, .end = out->period_count, .season = input->season};
  size_t mark = hs_arena_mark(arena);
  if (out->start < HS_MIXTURE_BEFORE_MIN)
    return HS_OK;
  enum hs_status status = hs_mixture_fit(arena, &question, 1, &mixture, err);
  if (status == HS_OK)
    status = hs_mixture_restlessness(arena, &question, &mixture, &out->louder, err);
  if (status == HS_OK)
    tell_drift(&mixture, input->level, out);
  hs_arena_reset(arena, mark);
  return status == HS_INVALID ? HS_OK : status;
}

/* The slope of a straight line through count figures, by least squares. */
static double slope_of(const double *values, size_t count)
{
  double middle = ((double)count - 1) / 2;
  double along = 0;
  double squares = 0;
  for (size_t k = 0; k < count; k++) {
    double from_middle = (double)k - middle;
    along += from_middle * values[k];
    squares += from_middle * from_middle;
  }
  return along / squares;
}

/* A drift of δ a period that sets in with the window adds δ, 2δ, … T₁δ to it: δ(T₁ + 1)/2 to its
   mean, and as much to both ends. */
void hs_geo_find_overturn(const double *gap, struct hs_geo_result *out)
{
  size_t after = out->period_count - out->start;
  double reach = ((double)after + 1) / 2;
  struct hs_geo_overturn *overturn = &out->overturn;
  if (out->verdict == HS_INFLUENCE_UP)
    overturn->drift = out->low / reach;
  if (out->verdict == HS_INFLUENCE_DOWN)
    overturn->drift = out->high / reach;
  if (isnan(overturn->drift) || after + 1 > out->start)
    return;
  overturn->steepest = 0;
  for (size_t from = 0; from + after + 1 <= out->start; from++)
    overturn->steepest = fmax(overturn->steepest, fabs(slope_of(gap + from, after + 1)));
}
