/* Convex quadratic programmes on the unit simplex, solved exactly:

     minimise  ½ w'Pw − q'w   over  w ≥ 0,  Σw = 1.

   The weights of a synthetic control are one: P holds the inner products of the donors' histories
   and q those with the treated history. The method is the active-set search of Wolfe, "Finding the
   nearest point in a polytope" (Mathematical Programming 11, 1976), on a general P: a set F of free
   weights that are affinely independent, the minimiser on F's plane, a step towards it that stops
   where a weight reaches 0, one more free weight where the gradient says so. It ends after finitely
   many steps at a point that satisfies the conditions of Karush, Kuhn and Tucker, and starts from
   where a neighbouring programme ended.

   Glossary: w weights, P and q as above, F the free set, g = Pw − q the gradient, μ its value
   common to F. */
#ifndef HANSA_STATS_SIMPLEX_QP_H
#define HANSA_STATS_SIMPLEX_QP_H

#include "base/arena.h"

struct hs_simplex_qp {
  size_t n;        /* 1 or more */
  const double *p; /* n × n by rows, symmetric and positive semi-definite */
  const double *q; /* n */
};

/* What a solution works in, and what it leaves for hs_simplex_qp_slope. */
struct hs_simplex_room {
  size_t n;
  double *factor; /* Cholesky factor on F */
  double *plane;  /* F's matrix applied backwards to ones */
  double *aim;    /* the minimiser on F's plane */
  double *gradient;
  size_t *free; /* F, in the order of its entries */
  size_t free_count;
  unsigned char *is_free;
  unsigned char *is_barred; /* affinely dependent on F */
};

[[nodiscard]] enum hs_status hs_simplex_room_init(struct hs_arena *arena, size_t n,
                                                  struct hs_simplex_room *room, struct hs_err *err);

/* Makes w (n) the minimiser. w comes in as a point of the simplex to start from, or as zeros for
   none. Where P is singular on the simplex the minimiser is not unique: this gives one with at most
   rank + 1 weights that are not 0. 1 on success; 0 when a value is not finite or the search does
   not end within its bound, which rounding alone can cause; w is then of no use. Of order
   (n + |F|³) a step. */
[[nodiscard]] int hs_simplex_qp_solve(const struct hs_simplex_qp *problem,
                                      struct hs_simplex_room *room, double *w);

/* How the solution moves when q moves along direction (n), as long as F stays as it is: w + δ slope
   solves the programme with q + δ direction for δ from 0 to the bound that comes back, which is
   INFINITY when nothing ever changes and may be 0 where a weight is about to leave or to enter.
   room is as hs_simplex_qp_solve left it for w. */
[[nodiscard]] double hs_simplex_qp_slope(const struct hs_simplex_qp *problem,
                                         struct hs_simplex_room *room, const double *w,
                                         const double *direction, double *slope);

#endif
