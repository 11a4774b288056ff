/* What looking early costs: a test at a nominal level, repeated while the data come in, and stopped
   at the first "significant", is false far more often than its level says. */
#ifndef HANSA_STATS_LOOKS_H
#define HANSA_STATS_LOOKS_H

#include <stdint.h>

#define HS_LOOKS_MAX 366U

/* The chance that a two-sided test at that level (inside (0, 1)) is called significant in at least
   one of looks (1 to HS_LOOKS_MAX) evenly spaced looks at the mean of independent normal figures in
   which there is nothing: Armitage, McPherson and Rowe, "Repeated significance tests on
   accumulating data" (JRSS A 132, 1969), by their recursion over the density of the sum, on a grid;
   about 1e−4 absolute. */
[[nodiscard]] double hs_looks_false_rate(uint32_t looks, double level);

#endif
