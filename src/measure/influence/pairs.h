/* The test of what was randomised in pairs: of two regions, or of two stretches of time, a coin
   decided which one had the partner. Under no effect a coin's other side would have changed the
   sign of that pair's difference and nothing else, so the p value is a count over all coins and
   rests on no model of the noise (Fisher, The Design of Experiments, 1935).

   The statistic is the absolute mean of the differences. Inverted under a constant effect θ it
   gives an interval in closed form: with A the pairs whose coin is turned, the turned statistic
   reaches the observed one exactly where θ lies between the mean over A and the mean over the
   others (Hartigan's typical values, J. American Statistical Association 64, 1969), so every such
   set is an interval around the estimate, and the ends are order statistics of means of subsets. */
#ifndef HANSA_MEASURE_INFLUENCE_PAIRS_H
#define HANSA_MEASURE_INFLUENCE_PAIRS_H

#include <stddef.h>
#include <stdint.h>

/* Up to so many pairs all coins are counted; beyond, this many are drawn, the observed one among
   them, which keeps the level exact (Barnard 1963; Hope 1968). */
#define HS_PAIRS_EXACT_MAX ((size_t)14)
#define HS_PAIRS_COINS ((size_t)9999)

struct hs_pairs_test {
  size_t pair_count;
  double effect; /* the mean of the differences */
  double p;      /* two-sided */
  /* The smallest p that there can be: coins all turned give the same, so 2/2^pairs. Coarser than
     1 − level: not decidable, and low and high are NaN. */
  double resolution;
  int is_decidable;
  double low, high; /* {θ : p(θ) > 1 − level} */
};

/* Numbers of room that hs_pairs_test needs for so many pairs. */
[[nodiscard]] size_t hs_pairs_room(size_t pair_count);

/* differences: of pair_count pairs (1 or more), with the partner less without it, finite. level
   inside (0, 1). room is overwritten. seed matters beyond HS_PAIRS_EXACT_MAX pairs: stream 1 of it
   is read. */
[[nodiscard]] struct hs_pairs_test hs_pairs_test(const double *differences, size_t pair_count,
                                                 double level, uint64_t seed, double *room);

/* The coins of a design, drawn from stream 0 of its seed: 1 when the first of the pair has the
   partner. */
[[nodiscard]] int hs_pairs_coin(uint64_t seed, size_t pair);

/* What a design can see, from the intervals that it gave where nothing was done: with an effect δ
   added the interval moves by δ, so δ is found where it exceeds −low (or is below −high). */
struct hs_pairs_power {
  size_t trial_count;
  size_t false_count;         /* intervals that leave 0 out, where nothing was done */
  double false_positive_rate; /* with its 95 % interval (Clopper and Pearson), outwards */
  double rate_low, rate_high;
  /* The smallest positive effect that is found with the power, and its 95 % interval by order
     statistics of as many trials as share nothing: an end that so few do not bear is NaN. All NaN
     with is_refused and with is_too_few. */
  double detectable, detectable_low, detectable_high;
  int is_too_few; /* trials that share nothing: they bear neither end */
  /* The false positives are more than the level allows, beyond chance: the design sees effects
     where there are none, and its power would mean nothing. */
  int is_refused;
};
/* lows and highs of trial_count trials (1 or more); lows are overwritten. independent_count of them
   (1 to trial_count) share nothing with each other: the interval of the rate is of so many. */
[[nodiscard]] struct hs_pairs_power hs_pairs_power(double *lows, const double *highs,
                                                   size_t trial_count, size_t independent_count,
                                                   double level, double power);
/* The fewest trials that share nothing from which something can be said of the power. */
[[nodiscard]] size_t hs_pairs_trials_min(double power);
/* The share of trials that find an effect of that size; of the arrays as they were handed in. */
[[nodiscard]] double hs_pairs_found(const double *lows, const double *highs, size_t trial_count,
                                    double effect);

/* The 95 % interval of Clopper and Pearson (Biometrika 26, 1934) of a rate seen in so many of
   trial_count cases. */
void hs_rate_interval(size_t seen_count, size_t trial_count, double *low, double *high);

#endif
