/* Payouts as they are shown: each with what it is made of, what became of it, and its invoices. */
#ifndef HANSA_SERVICE_PAY_PAYOUTS_H
#define HANSA_SERVICE_PAY_PAYOUTS_H

#include "ledger/numbers.h"
#include "service/post/post.h"

struct hs_payout_line {
  const struct hs_payout_row *payout;
  struct hs_str state;
  char invoice[HS_NUMBER_TEXT]; /* "" when it has none */
  int64_t paid_minor;           /* after tax */
};
typedef enum hs_status (*hs_payout_line_fn)(void *context, const struct hs_payout_line *line,
                                            struct hs_err *err);
/* By time. partner and run: absent for all. */
[[nodiscard]] enum hs_status hs_payout_list(struct hs_programme *programme, struct hs_str partner,
                                            struct hs_str run, hs_payout_line_fn each,
                                            void *context, struct hs_err *err);

/* HS_NOT_FOUND. */
[[nodiscard]] enum hs_status hs_payout_say(struct hs_programme *programme, const struct hs_id *id,
                                           struct hs_buf *out, struct hs_err *err);
[[nodiscard]] enum hs_status hs_payout_json(struct hs_programme *programme, const struct hs_id *id,
                                            struct hs_buf *out, struct hs_err *err);

/* The documents of a payout, or the one of that number, as one page for print: the invoice that the
   company writes in the partner's name, the credit note over what was set off, the cancellation of
   what came back. name: a payout's id or a number. HS_NOT_FOUND also when the payout has none. */
[[nodiscard]] enum hs_status hs_invoice_html(struct hs_programme *programme, struct hs_str name,
                                             struct hs_buf *out, struct hs_err *err);

#endif
