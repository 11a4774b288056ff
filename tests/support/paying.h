/* Payout runs on an engine's programme. */
#ifndef HANSA_TESTS_SUPPORT_PAYING_H
#define HANSA_TESTS_SUPPORT_PAYING_H

#include "service/pay/payout_pay.h"
#include "support/engine.h"

/* alpha and beta, with a tax of 19 % on top, by bank, with 5.00 as the least that is paid. */
void paying_payees(struct hs_arena *arena, struct hs_payees *out);
/* By two persons, of all that is owed today, to a file. What hs_payout_pay says. */
enum hs_status paying_run(struct engine *engine, const char *name, const char *path,
                          struct hs_paid *paid);

#endif
