/* An oracle for money: the rational numbers of GMP, which share no code with us and have no bound
   of 128 bits; and seeded cases that are held against them. Include after cmocka.h. */
#ifndef HANSA_TESTS_SUPPORT_EXACT_H
#define HANSA_TESTS_SUPPORT_EXACT_H

#include <gmp.h>

#include "base/ratio.h"
#include "support/seeded.h"

__extension__ typedef unsigned __int128 unsigned_wide;

/* ---- cases ---- */

extern uint64_t case_seed;   /* of the case in hand */
extern uint64_t case_chance; /* the state of its chance */

/* Runs HANSA_PRICES cases (200,000) from the seed HANSA_SEED (1) on, each by one of the checks. */
typedef void (*check_fn)(void);
void run_cases(const check_fn *checks, size_t count);

#define HOLD(condition)                                                                            \
  do {                                                                                             \
    if (!(condition))                                                                              \
      fail_msg("%s: does not hold (again: HANSA_SEED=%llu HANSA_PRICES=1)", #condition,            \
               (unsigned long long)case_seed);                                                     \
  } while (0)

uint64_t below(uint64_t n);
int64_t from_to(int64_t low, int64_t high); /* both included */
int64_t any_size(int bits_max);             /* 0 or more; as many have few digits as many */
enum hs_rounding any_rounding(void);

/* ---- between ours and GMP's ---- */

void set_int(mpq_t out, int64_t value);
void set_decimal(mpq_t out, struct hs_decimal decimal);
/* As it stands, reduced or not. */
void set_ratio(mpq_t out, struct hs_ratio ratio);
/* Whether ours is this number in lowest terms. */
int is_ratio(const mpq_t value, struct hs_ratio ratio);
/* Whether a fraction of ours could hold it. */
int fits_wide(const mpq_t value);
/* Of the two whole numbers around the value the nearer; of two that are as near, by the rule. Gives
   whether it fits. */
int round_exact(const mpq_t value, enum hs_rounding rounding, int64_t *out);

#endif
