#include "measure/influence/honesty_bounds.h"

#include <math.h>

#include "stats/quantile.h"
#include "stats/summary.h"

/* Sums over subsets are told by a mask of lines. Each is the sum without its lowest line, plus
   that line. */
static size_t lowest_line(size_t mask) { return (size_t)__builtin_ctzll(mask); }

struct subsets {
  size_t count; /* 2^lines */
  double *mean; /* of the sum over the subset; [0] is the empty one */
  double *sd;
  double *sums; /* of the draw that is looked at */
};

static enum hs_status take_room(struct hs_arena *arena, const struct hs_honesty_lines *lines,
                                struct subsets *s, double **largest, struct hs_err *err)
{
  s->count = (size_t)1 << lines->line_count;
  s->mean = hs_arena_alloc(arena, s->count, sizeof *s->mean);
  s->sd = hs_arena_alloc(arena, s->count, sizeof *s->sd);
  s->sums = hs_arena_alloc(arena, s->count, sizeof *s->sums);
  *largest = hs_arena_alloc(arena, lines->draw_count, sizeof **largest);
  if (s->mean == NULL || s->sd == NULL || s->sums == NULL || *largest == NULL)
    return hs_arena_full(arena, "the bounds of what was sold elsewhere", err);
  return HS_OK;
}

static void sum_draw(struct subsets *s, const double *draw)
{
  s->sums[0] = 0;
  for (size_t mask = 1; mask < s->count; mask++)
    s->sums[mask] = s->sums[mask & (mask - 1)] + draw[lowest_line(mask)];
}

static void moments(struct subsets *s, const struct hs_honesty_lines *lines)
{
  for (size_t d = 0; d < lines->draw_count; d++) {
    sum_draw(s, lines->draws + d * lines->line_count);
    for (size_t mask = 1; mask < s->count; mask++) { /* Welford; sd holds the squares */
      double step = s->sums[mask] - s->mean[mask];
      s->mean[mask] += step / (double)(d + 1);
      s->sd[mask] += step * (s->sums[mask] - s->mean[mask]);
    }
  }
  for (size_t mask = 1; mask < s->count; mask++)
    s->sd[mask] = sqrt(s->sd[mask] / (double)(lines->draw_count - 1));
}

/* The quantile of max over subsets of direction·(draw − mean)/sd: how far all sums may err upwards
   at once. */
static double joint_quantile(struct subsets *s, const struct hs_honesty_lines *lines,
                             double direction, double *largest)
{
  for (size_t d = 0; d < lines->draw_count; d++) {
    sum_draw(s, lines->draws + d * lines->line_count);
    largest[d] = 0;
    for (size_t mask = 1; mask < s->count; mask++)
      if (s->sd[mask] > 0)
        largest[d] = fmax(largest[d], direction * (s->sums[mask] - s->mean[mask]) / s->sd[mask]);
  }
  hs_sort(largest, lines->draw_count);
  return hs_quantile(largest, lines->draw_count, lines->mass);
}

/* The largest lower bound of direction·Σ over a subset; the empty one says 0. */
static double sure(const struct subsets *s, double direction, double k)
{
  double most = 0;
  for (size_t mask = 1; mask < s->count; mask++)
    most = fmax(most, direction * s->mean[mask] - k * s->sd[mask]);
  return most;
}

enum hs_status hs_honesty_bound(struct hs_arena *arena, const struct hs_honesty_lines *lines,
                                struct hs_honesty_bounds *out, struct hs_err *err)
{
  struct subsets s = {0};
  double *largest = NULL;
  size_t mark = hs_arena_mark(arena);
  HS_ASSERT(lines->tracked > 0 && lines->draw_count >= 100 && lines->line_count >= 1 &&
            lines->line_count <= HS_HONESTY_LINES_MAX && lines->mass > 0 && lines->mass < 1);
  enum hs_status status = take_room(arena, lines, &s, &largest, err);
  if (status != HS_OK)
    return status;
  moments(&s, lines);
  *out = (struct hs_honesty_bounds){.difference = s.mean[s.count - 1]};
  for (size_t line = 0; line < lines->line_count; line++) {
    double effect = s.mean[(size_t)1 << line];
    out->taken_over += fmax(-effect, 0);
    out->halo_least += fmax(effect, 0);
  }
  out->kappa_most = 1 - out->taken_over / lines->tracked;
  /* A draw errs upwards where the truth lies below the mean, so each side asks the other one's. */
  double fallen = sure(&s, -1, joint_quantile(&s, lines, 1, largest));
  out->kappa_most_sure = 1 - fallen / lines->tracked;
  out->halo_least_sure = sure(&s, 1, joint_quantile(&s, lines, -1, largest));
  hs_arena_reset(arena, mark);
  return HS_OK;
}

static struct hs_honesty_figure figure_of(const struct hs_belief *belief, double mass)
{
  return (struct hs_honesty_figure){belief->mean, belief->sd,
                                    hs_belief_quantile(belief, (1 - mass) / 2),
                                    hs_belief_quantile(belief, (1 + mass) / 2)};
}

struct hs_honesty_points hs_honesty_point(double tracked, const struct hs_belief *incremental,
                                          const struct hs_belief *kappa,
                                          const struct hs_honesty_bounds *bounds, double mass)
{
  struct hs_belief halo = hs_belief_combine(1, incremental, -tracked, kappa);
  struct hs_honesty_points points = {figure_of(kappa, mass), figure_of(&halo, mass), 0};
  points.contradicts = points.kappa.low > bounds->kappa_most_sure;
  return points;
}

void hs_honesty_refusal(struct hs_buf *out, const struct hs_honesty_bounds *bounds, double orders)
{
  int digits = fabs(bounds->difference) < 100 || bounds->halo_least_sure < 100 ? 2 : 0;
  hs_buf_printf(out, "These data fix only I − T = %.*f; κ is at most %.2f, halo at least %.*f",
                digits, bounds->difference, bounds->kappa_most_sure, digits,
                bounds->halo_least_sure);
  if (orders > 0)
    hs_buf_printf(out, "; a hold-out of %.0f orders separates them", ceil(orders));
}
