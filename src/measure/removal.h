/* What a Markov chain loses when a channel is taken out of it.

   P is the probability that a walk ends in an order, V what a walk brings on average. Taking out
   channel c leaves g:
   - null: walks that reach a state whose window holds c end without an order. Exactly
     g = s'Nb − (s'N)_S (N_SS)⁻¹ (Nb)_S with N = (I − Q)⁻¹, S those states, s the start, b the
     conversion probabilities (for V: value of the paths that end in a state over its outflow).
   - skip: touches of c are passed over. Only walks all of whose states consist of c alone are lost:
     P − g is the probability of starting in such a state and ending in an order from there.
   - renormalise: flows into S (and starts in S) are closed and the rest of each state's flows (and
   of the starts) share what they carried. A state that has no other way out, and walks that can
   never leave again, end without an order. g may exceed P: then the removal effect is negative. The
   removal effect is 1 − g/P.

   Chains up to HS_DENSE_STATE_MAX states are solved by one LU factorisation for all
   channels; larger ones, and renormalise, by Gauss-Seidel. There the error of g is bounded: with
   the residual r of the linear system it is at most Σ u_i |r_i|, u the expected visits while S is
   avoided, which are at most those of the whole chain, and these are known without solving: outflow
   over starts. (For renormalise: max|r| × max (I − Q)⁻¹1, the latter bounded from an approximate
   solution.) The solution is refused unless the bound is below HS_REMOVAL_ERROR_MAX of P (or V);
   rounding adds to it about 1e−16 per visit. */
#ifndef HANSA_MEASURE_REMOVAL_H
#define HANSA_MEASURE_REMOVAL_H

#include "measure/chain.h"

/* Beyond it Gauss-Seidel is the faster way. */
#define HS_DENSE_STATE_MAX ((size_t)64)
#define HS_REMOVAL_ERROR_MAX 1e-12

/* What solving for one channel gives; arrays per state belong to the solver and live until the next
   call. */
struct hs_removed {
  double lost_conversions; /* P − g */
  double lost_value;       /* V − g */
  /* For the influence of a path on what is left (skip: on what is lost); only when asked for. */
  const double *reach_conversions; /* h: from the state on, 0 on removed ones */
  const double *reach_value;
  const double
      *visits_per_outflow; /* u/O, where O leaves out what is closed; 0 on removed states */
  const unsigned char *is_removed;
  double start_count; /* F₀, without closed starts */
};

struct hs_solver;

/* Prepares to take channels out of the chain under one traffic; all borrowed while it is used,
   scratch from the arena (the caller resets it). with_reach: 1 to get the arrays of hs_removed.
   HS_INSUFFICIENT when nothing converts. */
[[nodiscard]] enum hs_status hs_solver_open(struct hs_arena *arena, const struct hs_chain *chain,
                                            const struct hs_traffic *traffic,
                                            enum hs_removal removal, int with_reach,
                                            struct hs_solver **out, struct hs_err *err);
[[nodiscard]] enum hs_status hs_solver_remove(struct hs_solver *solver, size_t channel,
                                              struct hs_removed *out, struct hs_err *err);
/* P and V. */
double hs_solver_conversions(const struct hs_solver *solver);
double hs_solver_value(const struct hs_solver *solver);
/* F₀, the number of journeys. */
double hs_solver_start_count(const struct hs_solver *solver);

#endif
