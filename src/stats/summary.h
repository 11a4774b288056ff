/* Mean and variance one value at a time (Welford, Technometrics 4, 1962; merging by Chan, Golub and
   LeVeque, 1979), safe where a sum of squares would cancel. */
#ifndef HANSA_STATS_SUMMARY_H
#define HANSA_STATS_SUMMARY_H

/* The zero value is ready. */
struct hs_summary {
  double weight; /* the number of values, or the sum of their weights */
  double mean;
  double squares; /* the weighted sum of squared deviations from the mean */
};

void hs_summary_add(struct hs_summary *summary, double value, double weight); /* weight 0 or more */
void hs_summary_merge(struct hs_summary *into, const struct hs_summary *other);
/* squares/(weight − 1): the unbiased variance when every weight was 1; 0 for fewer than two. */
[[nodiscard]] double hs_summary_variance(const struct hs_summary *summary);
[[nodiscard]] double hs_summary_deviation(const struct hs_summary *summary);

#endif
