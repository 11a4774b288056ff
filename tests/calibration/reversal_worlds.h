/* Invented shops whose orders come back by a known law, and whether the interval of
   measure/reversals holds what is taken back in the end.

   A world has orders of some days, each with an amount, and each comes back, whole or in part, with
   some probability at an age drawn from the world's law. On its last day one part of the orders is
   open; the truth is what the law takes back of them afterwards, up to the age that the estimate
   says it can reach. */
#ifndef HANSA_TESTS_REVERSAL_WORLDS_H
#define HANSA_TESTS_REVERSAL_WORLDS_H

#include "measure/reversals.h"

struct reversal_world {
  const char *name;
  const char *words;
  int32_t days;        /* of the shop so far */
  double orders_a_day; /* mean of a Poisson number */
  double spread;       /* of amounts: standard deviation of their logarithm */
  double share;        /* of orders that come back sooner or later */
  double drift;        /* of that share over the days: at the end it is (1 + drift) times as high */
  double dearer;       /* exponent of the amount in that share: dear orders come back more */
  double partly;       /* of those that come back: in part, a uniform fraction */
  double mean_days;    /* to the return: Gamma of shape 2 */
  int32_t hold_days;   /* younger orders are pending, older ones payable for as long again */
  int is_met;          /* the assumptions hold: the interval is judged */
};

extern const struct reversal_world REVERSAL_WORLDS[];
extern const size_t REVERSAL_WORLD_COUNT;

struct reversal_tally {
  size_t asked;
  size_t untold;                       /* worlds with too few returns to tell */
  size_t below, above;                 /* the truth lay below the interval, above it */
  double open, expected, truth, width; /* means */
};

/* world_count worlds of a kind, by seed; of[HS_REVERSAL_OF_COUNT]. */
void reversal_trial(const struct reversal_world *world, uint64_t seed, size_t world_count,
                    double level, struct reversal_tally *of);
double reversal_coverage(const struct reversal_tally *tally);

#endif
