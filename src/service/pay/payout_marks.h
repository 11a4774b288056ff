/* What became of payouts, into the ledger: by a person's word or by what the bank or the service
   reports. Arrived settles; failed and canceled bring the money back to what is owed, and cancel
   the invoice. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_MARKS_H
#define HANSA_SERVICE_PAY_PAYOUT_MARKS_H

#include "service/pay/payout_status.h"
#include "service/post/post.h"

/* By its id or by the number of one of its invoices. HS_INVALID for what is neither. */
[[nodiscard]] enum hs_status hs_payout_find(const struct hs_ledger_reader *ledger,
                                            struct hs_str text, struct hs_id *out,
                                            struct hs_err *err);

/* processing, sent, completed, failed or canceled; the last two with a reason. Never back, and
   nothing behind the last three: HS_CONFLICT. */
[[nodiscard]] enum hs_status hs_payout_mark(struct hs_programme *programme,
                                            const struct hs_id *payout, struct hs_str state,
                                            struct hs_str by, struct hs_str reason,
                                            struct hs_err *err);

/*  X(symbol, "word", "what it says to people") */
#define HS_MARK_TABLE(X)                                                                           \
  X(HS_MARK_POSTED, "posted", "posted now")                                                        \
  X(HS_MARK_ALREADY, "already", "known already, nothing is posted")                                \
  X(HS_MARK_WAITS, "waits", "the bank has not said the last word")                                 \
  X(HS_MARK_CONTRADICTS, "contradicts", "the ledger has another end of it; look at both")          \
  X(HS_MARK_UNKNOWN, "unknown", "no payout of this programme")

enum hs_mark {
#define HS_MARK_SYMBOL(symbol, word, says) symbol,
  HS_MARK_TABLE(HS_MARK_SYMBOL)
#undef HS_MARK_SYMBOL
      HS_MARK_COUNT
};
const char *hs_mark_word(enum hs_mark mark);
const char *hs_mark_says(enum hs_mark mark);

struct hs_marked {
  const struct hs_payout_status_row *row; /* that says it: of the payment, its block or its file */
  struct hs_id payout;                    /* zero when unknown */
  enum hs_mark mark;
};
typedef enum hs_status (*hs_marked_fn)(void *context, const struct hs_marked *marked,
                                       struct hs_err *err);

/* Posts what a report says, payout by payout, each in its own frame: interrupted, the same report
   again posts the rest, and nothing twice. What a block or the whole file is said to be holds for
   those of its payments that have no row of their own. */
[[nodiscard]] enum hs_status hs_payout_statuses_post(struct hs_programme *programme,
                                                     const struct hs_payout_statuses *statuses,
                                                     struct hs_str by, struct hs_arena *arena,
                                                     hs_marked_fn each, void *context,
                                                     struct hs_err *err);

#endif
