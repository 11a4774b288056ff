/* How much of what a partner tracked would have been sold anyway, and how much it sold elsewhere,
   as far as the lines of a halo table can say: bounds. Points need a hold-out that withholds the
   coupon or the link and leaves exposure untouched (holdout.h).

   I = κ·T + halo, κ the share of tracked sales that would not have happened otherwise. Before the
   partner's start tracked sales were zero, so all that the other lines identify is the sum of their
   changes, Σ Δc = I − T. A line that fell by |Δc| lost at least so much to tracked sales, hence
   κ ≤ 1 − Σ max(−Δc, 0)/T; a line that rose by Δc gained at least so much, hence
   halo ≥ Σ max(Δc, 0). Both take it that the partner drives nobody away: sales lost for good count
   as taken over otherwise, and κ itself may then lie above its bound. */
#ifndef HANSA_MEASURE_INFLUENCE_HONESTY_BOUNDS_H
#define HANSA_MEASURE_INFLUENCE_HONESTY_BOUNDS_H

#include "base/arena.h"
#include "base/text.h"
#include "measure/influence/honesty.h"

/* More lines than this have more subsets than a bound is worth. */
#define HS_HONESTY_LINES_MAX ((size_t)10)

struct hs_honesty_lines {
  double tracked; /* T, above 0 */
  /* Effects on the lines other than the tracked one, drawn jointly: [draw × line_count + line]. */
  const double *draws;
  size_t draw_count; /* 100 or more */
  size_t line_count; /* 1 to HS_HONESTY_LINES_MAX */
  double mass;       /* of the bounds that are sure, inside (0, 1) */
};

struct hs_honesty_bounds {
  double difference; /* I − T = Σ Δc at the mean of the draws */
  double taken_over; /* Σ max(−Δc, 0) there: sales of other lines that became tracked ones */
  double kappa_most; /* 1 − taken_over/T; negative when more fell away elsewhere than was tracked */
  double halo_least; /* Σ max(Δc, 0) there */
  /* The same with the error of the lines: true with at least the mass, each by itself. */
  double kappa_most_sure, halo_least_sure;
};

/* The sure bounds are the largest over subsets of lines: since Σ max(Δc, 0) is the largest Σ_S Δc,
   each Σ_S Δ̂c − k·sd(Σ_S Δc) is below it once k is the quantile, at the mass, of the largest
   standardised error over all subsets at once (Scheffé's way with the subsets for contrasts). A sum
   of max(Δ̂c, 0) by itself is no bound: noise on lines where nothing happened adds to it. The arena
   holds what is needed while this runs, 2^line_count numbers twice and draw_count. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_honesty_bound(struct hs_arena *arena,
                                              const struct hs_honesty_lines *lines,
                                              struct hs_honesty_bounds *out, struct hs_err *err);

/* κ and halo as points, when a hold-out measured κ. kappa is independent of incremental. */
struct hs_honesty_points {
  struct hs_honesty_figure kappa, halo;
  int contradicts; /* κ's interval lies above its sure bound: one of the two designs is broken, or
                      the partner drives sales away */
};
[[nodiscard]] struct hs_honesty_points
hs_honesty_point(double tracked, const struct hs_belief *incremental, const struct hs_belief *kappa,
                 const struct hs_honesty_bounds *bounds, double mass);

/* "These data fix only I − T = …; κ is at most …, halo at least …; a hold-out of … orders separates
   them", with the sure bounds; orders of 0 leaves the last part out. */
void hs_honesty_refusal(struct hs_buf *out, const struct hs_honesty_bounds *bounds, double orders);

#endif
