/* A partner's track record out of the ledger and the events: what the growth path asks for. */
#ifndef HANSA_SERVICE_AGREED_TRACK_RECORD_H
#define HANSA_SERVICE_AGREED_TRACK_RECORD_H

#include <stdatomic.h>

#include "agreement/ladder.h"
#include "service/programme.h"

/* A referred customer has so long to buy again: half a year after the first order. */
#define HS_RETENTION_DAYS 180

struct hs_track_ask {
  struct hs_str partner;
  void (*progress)(void *context, double share); /* NULL for nobody */
  void *context;
  const atomic_int *interrupt; /* not 0: HS_INTERRUPTED at the next page; NULL for nobody */
};

/* Counts the orders in which the partner has a share, under whatever agreement: whole months since
   the first of them; those of which something was given back; first orders of customers; disputed
   ones, however the dispute ended. A referred customer's first order is one of them: of those
   customers whose half year is over it counts who bought again within it, from whom it may be.
   Commitments are not kept in a programme yet, so nothing is known of them. HS_NOT_FOUND when there
   is no such partner. Costs a pass over all orders. */
[[nodiscard]] enum hs_status hs_track_record_make(struct hs_programme *programme,
                                                  const struct hs_track_ask *ask,
                                                  struct hs_track_record *out, struct hs_err *err);

#endif
