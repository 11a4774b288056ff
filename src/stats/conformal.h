/* One test of a constant effect in the last periods of a series, and the interval that is that test
   turned round: the moving-block conformal test of Chernozhukov, Wüthrich and Zhu, "An exact and
   robust conformal inference method for counterfactual and synthetic controls" (Journal of the
   American Statistical Association 116, 2021).

   Under the hypothesis that the effect was θ in each of the last T₁ of T periods, the effect is
   taken out, the counterfactual is fitted again on all T periods, and the residuals u(θ) should
   look the same wherever one looks. The statistic is the absolute mean of T₁ successive residuals,
   in a circle; p(θ) is the share of all T places where it is at least what it is in the last T₁
   periods, that place and ties counted. The interval at a level is {θ : p(θ) > 1 − level}.

   u is linear in θ between places where the fit changes its shape. So no grid is laid: each piece
   is taken as it is, with the places where two means cross, and the interval's ends are exact. */
#ifndef HANSA_STATS_CONFORMAL_H
#define HANSA_STATS_CONFORMAL_H

#include "base/arena.h"

/* The residuals at θ (into u, T of them), their change per unit of δ as θ moves to θ + direction·δ
   (into change), and in *reach the δ up to which that holds, which may be 0 or INFINITY. direction
   is 1 or −1. Fails only as the fit itself fails. */
typedef enum hs_status (*hs_residuals_fn)(void *context, double theta, int direction, double *u,
                                          double *change, double *reach, struct hs_err *err);

struct hs_conformal_test {
  size_t count;       /* T */
  size_t after_count; /* T₁: 1 to T − 1 */
  double level;       /* inside (0, 1) */
  double from;        /* a θ to begin at, such as the estimate: saves time and changes nothing */
  double scale;       /* above 0: a θ of this size matters; 10⁻⁷ of it does not */
  hs_residuals_fn residuals;
  void *context;
};

struct hs_conformal {
  double p;          /* of no effect, θ = 0 */
  double resolution; /* 1/T: no p is smaller */
  double windows;    /* T/T₁: how many windows of that length share no period */
  int is_decidable;  /* the resolution is not coarser than 1 − level; else low and high are NaN */
  double low, high;  /* of the interval; NaN also when no θ is compatible */
  size_t piece_count; /* in which the set came; low and high span them */
};

/* HS_NOMEM; HS_NO_CONVERGENCE when the fit changes its shape without end; what residuals says. The
   arena is left as it was. Of order T² a piece. */
[[nodiscard]] enum hs_status hs_conformal_run(struct hs_arena *arena,
                                              const struct hs_conformal_test *test,
                                              struct hs_conformal *out, struct hs_err *err);

/* p of no effect alone, where the interval is not wanted; level, from and scale are not read. */
[[nodiscard]] enum hs_status hs_conformal_p(struct hs_arena *arena,
                                            const struct hs_conformal_test *test, double *p,
                                            struct hs_err *err);

#endif
