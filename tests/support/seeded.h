/* What tests share that run over seeds: a campaign runs more of them, and a failure names the one
   that shows it again. */
#ifndef HANSA_TESTS_SUPPORT_SEEDED_H
#define HANSA_TESTS_SUPPORT_SEEDED_H

#include <stdint.h>

/* splitmix64: seeded chance that is the same everywhere. */
uint64_t test_random(uint64_t *state);
/* A number from the environment, for seeds and counts. */
uint64_t test_number(const char *name, uint64_t otherwise);

#endif
