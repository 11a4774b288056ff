/* Random numbers of the tests' own, so that no test checks the program by its own generator: the
   64-bit xorshift of Marsaglia (2003) with shifts 13, 7 and 17. The state is the seed, and not 0.
   Its low bits are weak: a test that this matters to takes the high bits of a product. */
#ifndef HANSA_TESTS_SUPPORT_RANDOM_H
#define HANSA_TESTS_SUPPORT_RANDOM_H

#include <stdint.h>

static inline uint64_t next_random(uint64_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

#endif
