/* Where the next amount of money brings most, across partnerships and paid channels, given how
   little is known of each.

   What a venture brings is taken to grow with what is spent as value·((cost + more)/cost)^ε: ε, the
   elasticity, is below 1 (the next euro brings less than the last) and is an assumption of the
   plan, drawn in each world. The plan that is found has the largest expectation over the worlds:
   concave curves, so that giving each piece to whoever brings most with it is the best plan (Fox,
   Management Science 13, 1966). */
#ifndef HANSA_MEASURE_VALUE_ALLOCATE_H
#define HANSA_MEASURE_VALUE_ALLOCATE_H

#include "measure/value/economics.h"

#define HS_ALLOCATE_PIECES 100

struct hs_next_share {
  struct hs_estimate marginal; /* what the next unit of money brings, before it is paid back */
  double p_marginal_pays;      /* that it brings more than itself */
  double amount;               /* of the plan */
  struct hs_estimate returns;  /* what that amount brings; 0 without one */
};

/* A venture that may have cost nothing in the record has no curve: NaN and no amount; so has one
   whose is_open is 0. A piece that brings less than itself in expectation is not spent: *kept is
   what is left. elasticity lies inside (0, 1). scratch has HS_ALLOCATE_ROOM doubles. Reads stream
   2⁴² + world. */
void hs_next_amount(const struct hs_worlds *worlds, const struct hs_venture *ventures,
                    const int *is_open, double amount, const struct hs_range *elasticity,
                    double *scratch, struct hs_next_share *out, double *kept);
#define HS_ALLOCATE_ROOM(ventures, draws) (2 * (size_t)(draws) + 2 * (ventures))

#endif
