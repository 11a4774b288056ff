/* Agreements are filled in and changed by lines such as "sales.rate=12%", so that nobody has to
   write JSON. */
#ifndef HANSA_AGREEMENT_CHANGE_H
#define HANSA_AGREEMENT_CHANGE_H

#include "agreement/agreement.h"

/* Applies the lines, each PATH=VALUE, in their order, and reads the result as hs_agreement_read
   would. A path is that of hs_shape_set; besides, a rule is addressed by its name ("sales.rate"), a
   field of the terms by its own ("hold_days"), and a field of a rule without the rule's name where
   there is only one ("rate"). *agreement is changed also when this fails: it is the caller's copy.
   HS_USAGE for a line without =, HS_INVALID with every fault of the result, HS_NOMEM. */
[[nodiscard]] enum hs_status hs_agreement_change(struct hs_agreement *agreement,
                                                 const struct hs_str *lines, size_t line_count,
                                                 struct hs_arena *arena, struct hs_agreement *out,
                                                 struct hs_terms *terms, hs_fault_fn fault,
                                                 void *context, struct hs_err *err);

/* The first day on which terms that are proposed today can hold: after the agreed notice, and never
   today, because orders of today may be judged already. */
int32_t hs_agreement_earliest(const struct hs_agreement *agreement, int32_t today);

/* ---- templates ---- */

struct hs_template {
  struct hs_str us, partner;    /* what the companies are called; a standard offer may name none */
  struct hs_str rate, currency; /* as written: "12%", "EUR" */
  int32_t today;                /* the first review is counted from it */
};

/* An agreement of the kind with everything that has a usual value: a standard offer for affiliates,
   a managed agreement for co-marketing and joint ventures, an alliance. What only people know is
   left out for the gate to ask for. HS_INVALID for a rate or a currency that is none, and when a
   kind that has two sides lacks the partner's name; HS_NOMEM. */
[[nodiscard]] enum hs_status hs_agreement_template(enum hs_agreement_kind kind,
                                                   const struct hs_template *asked,
                                                   struct hs_arena *arena, struct hs_agreement *out,
                                                   struct hs_terms *terms, struct hs_err *err);

#endif
