/* A payout with all that is known of it. For payouts.c and invoices.c. */
#ifndef HANSA_SERVICE_PAY_PAYOUTS_PRIV_H
#define HANSA_SERVICE_PAY_PAYOUTS_PRIV_H

#include "service/pay/payout_record.h"
#include "service/pay/payouts.h"

struct hs_paid_commission {
  struct hs_payout_line_row line;
  struct hs_commission_row commission;
};

struct hs_payout_seen {
  struct hs_payout_row payout;
  struct hs_list lines;    /* of struct hs_paid_commission */
  struct hs_list states;   /* of struct hs_payout_state_row */
  struct hs_list invoices; /* of struct hs_invoice_row */
  int has_kept;            /* what the run kept of the people is still there: */
  struct hs_kept_run kept;
  const struct hs_kept_payee *payee; /* NULL when it is not */
};

/* In arena. HS_NOT_FOUND. */
[[nodiscard]] enum hs_status hs_payout_see(struct hs_programme *programme, const struct hs_id *id,
                                           struct hs_arena *arena, struct hs_payout_seen *out,
                                           struct hs_err *err);
/* "SB-2026-000017" */
void hs_invoice_number(const struct hs_invoice_row *invoice, char out[HS_NUMBER_TEXT]);
/* What is paid for it, or asked back: net and tax less what is withheld. */
int64_t hs_invoice_total(const struct hs_invoice_row *invoice);

#endif
