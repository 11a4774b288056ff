/* Terms that are only proposed, against orders, leads, events and clicks that really came: what
   each partner earned by what is agreed, and what it would have earned by the other terms.
   Renegotiation with numbers. */
#ifndef HANSA_SERVICE_AGREED_AGREEMENT_SIMULATE_H
#define HANSA_SERVICE_AGREED_AGREEMENT_SIMULATE_H

#include <stdatomic.h>

#include "service/agreed/agreement_file.h"
#include "service/programme.h"

/* A partner whose earnings differ or who has any. */
struct hs_simulated {
  struct hs_str partner;
  uint64_t commissions_now, commissions_then;
  int64_t earned_now_minor, earned_then_minor; /* before refunds */
};
typedef enum hs_status (*hs_simulated_fn)(void *context, const struct hs_simulated *line,
                                          struct hs_err *err);

struct hs_simulation {
  struct hs_str agreement;                       /* whose terms are replaced, for all its time */
  const struct hs_agreement_file *file;          /* by these */
  struct hs_period period;                       /* of orders and the rest */
  void (*progress)(void *context, double share); /* NULL for nobody */
  void *context;
  const atomic_int *interrupt; /* not 0: HS_INTERRUPTED at the next page; NULL for nobody */
};

/* Judges every order and whatever else is paid for of the period twice, in the order of the journal
   and with all that is known today: by what is agreed today, and with the agreement's terms
   replaced. Periods of tiers and caps begin empty in both, and renewals stay with the partners that
   really shared the first sale. Two threads. Nothing is written. Memory: some 150 MiB for a page of
   orders, 200 bytes for each person of the programme, and what the trail may use. Lines in order of
   partner. HS_NOT_FOUND when there is no such agreement, HS_INVALID when the terms are in another
   currency than today's. */
[[nodiscard]] enum hs_status hs_agreement_simulate(struct hs_programme *programme,
                                                   const struct hs_simulation *simulation,
                                                   hs_simulated_fn each, void *context,
                                                   struct hs_err *err);

#endif
