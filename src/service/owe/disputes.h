/* Disputes and adjustments as people ask for them, and a dispute as it is shown: what is disputed
   and held, what is paid on time, until when it could be said, who decided what. Each is a decision
   (post.h); the arithmetic is the poster's. */
#ifndef HANSA_SERVICE_OWE_DISPUTES_H
#define HANSA_SERVICE_OWE_DISPUTES_H

#include "service/post/post.h"

/* Amounts are written in units, "12.50", in the currency that is named: without one in that of the
   commission, or of the programme. */
struct hs_dispute_opening {
  struct hs_id commission; /* or the zero id: then */
  struct hs_str order_id, partner;
  struct hs_str about; /* untracked, wrong amount, wrongly reversed */
  struct hs_str amount, currency;
  struct hs_str by, words;
};
/* HS_DENIED when its time is over, HS_CONFLICT when the partner has a commission for an order that
   is said to be untracked. *id is the dispute's. */
[[nodiscard]] enum hs_status hs_dispute_open(struct hs_programme *programme,
                                             const struct hs_dispute_opening *opening,
                                             struct hs_id *id, struct hs_err *err);

struct hs_dispute_verdict {
  struct hs_id dispute;
  struct hs_str verdict; /* upheld declined incomplete */
  struct hs_str amount;  /* upheld: what the partner gets on top, or, below 0, what is taken back;
                            absent: what was disputed */
  struct hs_str by, second, words;
};
/* Upheld needs two persons. Only what was incomplete can be decided again (HS_CONFLICT). */
[[nodiscard]] enum hs_status hs_dispute_decide(struct hs_programme *programme,
                                               const struct hs_dispute_verdict *verdict,
                                               struct hs_err *err);

struct hs_adjustment {
  struct hs_id commission; /* or the zero id: then */
  struct hs_str partner;
  struct hs_str amount, currency;
  struct hs_str by, second, reason;
};
/* *commission is the one that was adjusted or that it brought; the zero id when the partner owes it
   now. */
[[nodiscard]] enum hs_status hs_adjust(struct hs_programme *programme,
                                       const struct hs_adjustment *adjustment,
                                       struct hs_id *decision, struct hs_id *commission,
                                       struct hs_err *err);

struct hs_dispute_line {
  const struct hs_dispute_row *dispute;
  struct hs_str verdict; /* the last one, or "open" */
  int64_t held_minor;    /* of it, still */
};
typedef enum hs_status (*hs_dispute_line_fn)(void *context, const struct hs_dispute_line *line,
                                             struct hs_err *err);
enum hs_dispute_choice { HS_DISPUTES_ALL, HS_DISPUTES_OPEN };
/* In the order in which they were opened. partner: absent for all. */
[[nodiscard]] enum hs_status hs_dispute_list(struct hs_programme *programme, struct hs_str partner,
                                             enum hs_dispute_choice choice, hs_dispute_line_fn each,
                                             void *context, struct hs_err *err);

/* So often may one be looked at before it is decided. */
#define HS_DISPUTE_VERDICTS_MAX 100

/* One dispute in words and as JSON. HS_NOT_FOUND. */
[[nodiscard]] enum hs_status hs_dispute_say(struct hs_programme *programme, const struct hs_id *id,
                                            struct hs_buf *out, struct hs_err *err);
[[nodiscard]] enum hs_status hs_dispute_json(struct hs_programme *programme, const struct hs_id *id,
                                             struct hs_buf *out, struct hs_err *err);

#endif
