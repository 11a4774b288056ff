/* What has been paid for leads, kept in memory by who tries terms on what came: the ledger's reader
   asks the ledger instead. */
#ifndef HANSA_SERVICE_POST_PAID_LEADS_H
#define HANSA_SERVICE_POST_PAID_LEADS_H

#include "service/post/judge.h"

struct hs_paid_lead;

/* The zero value with an arena is empty. */
struct hs_paid_leads {
  struct hs_arena *arena; /* some 50 bytes a lead and partner; nothing else may grow in it */
  struct hs_paid_lead *slots;
  size_t slot_count; /* a power of two, or 0 */
  size_t used_count;
};

/* Takes the shares out of the judgement that are paid already, and notes what is left of it as
   paid. Leads are told apart by a hash of 64 bits. */
[[nodiscard]] enum hs_status hs_paid_leads_pass(struct hs_paid_leads *paid,
                                                const struct hs_case *lead,
                                                struct hs_judgement *judgement, struct hs_err *err);

#endif
