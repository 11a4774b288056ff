/* Assertions on floating-point numbers that say what they met. Include after cmocka.h. */
#ifndef HANSA_TESTS_NEAR_H
#define HANSA_TESTS_NEAR_H

#include <math.h>

/* |value − expected| ≤ tolerance. */
#define assert_near(value, expected, tolerance)                                                    \
  assert_near_at((value), (expected), (tolerance), #value, __FILE__, __LINE__)
/* |value − expected| ≤ relative · |expected|. */
#define assert_close(value, expected, relative)                                                    \
  assert_near_at((value), (expected), (relative)*fabs(expected), #value, __FILE__, __LINE__)

static inline void assert_near_at(double value, double expected, double tolerance, const char *what,
                                  const char *file, int line)
{
  if (!(fabs(value - expected) <= tolerance)) {
    print_error("%s is %.17g, not %.17g within %g\n", what, value, expected, tolerance);
    _fail(file, line);
  }
}

#endif
