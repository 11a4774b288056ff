/* A small batch of payments that every format of payout files can be made of by little changes. */
#ifndef HANSA_TESTS_SUPPORT_PAYMENTS_H
#define HANSA_TESTS_SUPPORT_PAYMENTS_H

#include "service/pay/payout_file.h"

struct hs_money money_of(const char *amount, const char *currency);
/* In euros, from Germany to Austria, which pain.001 takes as it stands. */
struct hs_payment plain_payment(const char *id, const char *amount);
struct hs_payout_batch plain_batch(const struct hs_payment *payments, size_t count);
/* 2026-09-30, at noon; the plain batch is to be paid on 2026-10-01. */
#define PAYOUT_NOON_US INT64_C(1790769600000000)

/* Writes the batch and asserts that it is refused with this fault, its path and a part of its
   words; nothing may have been written. */
void assert_refused(const struct hs_payout_batch *batch, enum hs_payout_format format,
                    const char *path, const char *words);
/* Asserts that it is written; what it is lies in arena. */
struct hs_str assert_written(const struct hs_payout_batch *batch, enum hs_payout_format format,
                             struct hs_arena *arena);

#endif
