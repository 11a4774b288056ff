/* The Kolmogorov–Smirnov distance of a sample from a distribution, for tests of random numbers. */
#ifndef HANSA_TESTS_KOLMOGOROV_H
#define HANSA_TESTS_KOLMOGOROV_H

#include <stddef.h>

/* Sorts the sample; gives √count · sup |F_count − F|. Under the distribution its tail is
   2·exp(−2t²) − … (Kolmogorov 1933): above KOLMOGOROV_LIMIT once in 10^5 samples. */
double kolmogorov_distance(double *sample, size_t count, double (*cdf)(double x, double parameter),
                           double parameter);
#define KOLMOGOROV_LIMIT 2.47 /* 2·exp(−2·2.47²) = 1.0e−5 */

#endif
