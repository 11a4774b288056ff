#include "stats/summary.h"

#include <math.h>

void hs_summary_add(struct hs_summary *summary, double value, double weight)
{
  if (weight <= 0)
    return;
  double before = value - summary->mean;
  summary->weight += weight;
  summary->mean += before * (weight / summary->weight);
  summary->squares += weight * before * (value - summary->mean);
}

void hs_summary_merge(struct hs_summary *into, const struct hs_summary *other)
{
  double weight = into->weight + other->weight;
  if (other->weight <= 0)
    return;
  double apart = other->mean - into->mean;
  into->squares += other->squares + apart * apart * into->weight * (other->weight / weight);
  into->mean += apart * (other->weight / weight);
  into->weight = weight;
}

double hs_summary_variance(const struct hs_summary *summary)
{
  return summary->weight > 1 ? summary->squares / (summary->weight - 1) : 0;
}

double hs_summary_deviation(const struct hs_summary *summary)
{
  return sqrt(hs_summary_variance(summary));
}
