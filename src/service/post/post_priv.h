/* One change of the ledger while it is being made. For the post_*.c files alone. */
#ifndef HANSA_SERVICE_POST_POST_PRIV_H
#define HANSA_SERVICE_POST_POST_PRIV_H

#include "ledger/transfers.h"
#include "service/post/cases.h"
#include "service/post/judge.h"
#include "service/post/post.h"
#include "service/post/tallies.h"

struct hs_posting {
  struct hs_programme *programme;
  const struct hs_book_writer *writer;
  struct hs_in_force *in_force; /* read by hs_posting_agreed, stale before and after decisions */
  struct hs_arena *agreed;      /* in which in_force lies */
  int is_stale;
  struct hs_cases *cases;
  struct hs_arena *scratch;  /* for one order, refund or commission; emptied between them */
  struct hs_arena *tallying; /* for the tallies of the change */
  uint64_t sequence;         /* of the frame */
  int64_t at_us;             /* when it was appended */
  int64_t closed_until_us;   /* nothing is booked before; INT64_MIN when nothing is closed */
  int64_t locked_until_us;   /* return periods up to here are over; INT64_MIN when none is */
  struct hs_posted *counts;
};

/* Books one transfer of a commission or, with commission NULL, of a partner alone. effective_us
   moves to the end of what is closed. reference and reason may be absent. */
struct hs_entry {
  enum hs_transfer_kind kind;
  struct hs_str partner;
  const struct hs_id *commission;
  struct hs_currency currency;
  int64_t amount_minor;
  int64_t effective_us;
  struct hs_str reference, reason;
};
[[nodiscard]] enum hs_status hs_post_entry(struct hs_posting *posting, const struct hs_entry *entry,
                                           struct hs_err *err);
/* The same with what a commission says of itself; nothing for an amount of 0. */
[[nodiscard]] enum hs_status hs_post_commission(struct hs_posting *posting,
                                                enum hs_transfer_kind kind,
                                                const struct hs_commission_row *commission,
                                                int64_t amount_minor, int64_t effective_us,
                                                struct hs_str reference, struct hs_str reason,
                                                struct hs_err *err);
/* To be called before posting->in_force is looked at: reads it, with what this change has done so
   far, when a decision may have changed it since. Most decisions and all reading commands never
   need it. */
[[nodiscard]] enum hs_status hs_posting_agreed(struct hs_posting *posting, struct hs_err *err);

/* An order, lead, event or click on its way into the ledger, judged. */
struct hs_case_posting {
  struct hs_posting *posting;
  const struct hs_case *order;
  struct hs_judgement judgement;
  unsigned commission_count; /* of it, so far */
  int is_late;               /* it had waited for an exchange rate */
  int is_second;             /* judged again at the end of its return period, */
  int64_t judged_at_us;      /* or of the dispute about it: what it earns is booked by then */
};
/* Writes and books what it earns. */
[[nodiscard]] enum hs_status hs_post_judged(struct hs_case_posting *one,
                                            struct hs_tally_table *tallies, struct hs_err *err);

/* Keeps a share that no commission tells of. */
[[nodiscard]] enum hs_status hs_post_share(const struct hs_case_posting *one,
                                           const struct hs_judged_share *share, struct hs_err *err);

/* The leads, custom events or clicks of the frame. */
[[nodiscard]] enum hs_status hs_post_actions(struct hs_posting *posting, enum hs_event_kind kind,
                                             struct hs_err *err);
/* The orders of the frame, and the refunds that hold from it on. */
[[nodiscard]] enum hs_status hs_post_orders(struct hs_posting *posting, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_refunds(struct hs_posting *posting, struct hs_err *err);

/* The shares that waited for a rate which the frame brings. */
[[nodiscard]] enum hs_status hs_post_rates(struct hs_posting *posting, struct hs_err *err);
/* Of all refunds up to the frame those of some orders, once more: what is missing of what they take
   back is taken back now. */
typedef int (*hs_order_wanted_fn)(const void *context, struct hs_str order_id);
[[nodiscard]] enum hs_status hs_post_refunds_of(struct hs_posting *posting,
                                                hs_order_wanted_fn is_wanted, const void *context,
                                                struct hs_err *err);

/* The part of an order that has been refunded by now is taken back of what this change has earned
   for it. */
[[nodiscard]] enum hs_status hs_post_refunded(struct hs_posting *posting,
                                              const struct hs_case *order, int64_t effective_us,
                                              struct hs_err *err);

/* What people dispute, as far as a lock has to know. */
struct hs_disputed {
  struct hs_id id, commission; /* commission is zero for an order that has none */
  struct hs_str order_id;
  struct hs_str about;
  int64_t amount_minor;
  int is_open;   /* nobody has decided, or not for good */
  int is_upheld; /* somebody has, otherwise than the rules had */
};
/* Judges one of them again: one->order as it is known by now, posting->in_force as it was when it
   came, one->judged_at_us the end of its return period. The scratch arena is empty. */
[[nodiscard]] enum hs_status hs_post_second(struct hs_case_posting *one,
                                            struct hs_tally_table *tallies, struct hs_err *err);
/* Judges the orders again whose return period ends in (after_us, until_us], with all that is known
   by now and by what was agreed when they came; see docs/user/what-we-owe.md for when that is.
   Orders with a dispute that is open or was upheld are left to people. */
[[nodiscard]] enum hs_status hs_post_judge_again(struct hs_posting *posting, int64_t after_us,
                                                 int64_t until_us,
                                                 const struct hs_disputed *disputes,
                                                 size_t dispute_count, struct hs_err *err);
/* Judges the order again that a lock left to people, now that they have declined: nothing while one
   of its disputes is open or was upheld, or when none was open at the lock. */
[[nodiscard]] enum hs_status hs_post_judge_left(struct hs_posting *posting, struct hs_str order_id,
                                                struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_lock(struct hs_posting *posting,
                                          const struct hs_decision *decision, struct hs_err *err);

/* A decision of any kind, by the table of kinds; and those that have a file of their own. */
typedef enum hs_status (*hs_apply_fn)(struct hs_posting *posting,
                                      const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_decision(struct hs_posting *posting,
                                              const struct hs_decision *decision,
                                              struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_fund(struct hs_posting *posting,
                                          const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status
hs_post_propose(struct hs_posting *posting, const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_sign(struct hs_posting *posting,
                                          const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_notify(struct hs_posting *posting,
                                            const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_answer(struct hs_posting *posting,
                                            const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_end(struct hs_posting *posting,
                                         const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_enrol(struct hs_posting *posting,
                                           const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_own(struct hs_posting *posting,
                                         const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_policy(struct hs_posting *posting,
                                            const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_adjustment(struct hs_posting *posting,
                                                const struct hs_decision *decision,
                                                struct hs_err *err);
[[nodiscard]] enum hs_status
hs_post_dispute(struct hs_posting *posting, const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status
hs_post_verdict(struct hs_posting *posting, const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_payout(struct hs_posting *posting,
                                            const struct hs_decision *decision, struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_payout_run(struct hs_posting *posting,
                                                const struct hs_decision *decision,
                                                struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_payout_state(struct hs_posting *posting,
                                                  const struct hs_decision *decision,
                                                  struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_sheet(struct hs_posting *posting,
                                           const struct hs_decision *decision, struct hs_err *err);
/* What the end of a month opens, when a period is closed. */
[[nodiscard]] enum hs_status hs_post_renegotiations(struct hs_posting *posting,
                                                    const struct hs_decision *decision,
                                                    struct hs_err *err);
[[nodiscard]] enum hs_status hs_post_confirmation(struct hs_posting *posting,
                                                  const struct hs_decision *decision,
                                                  struct hs_err *err);

/* An order as the trail knows it at the posting's frame; sequence is 0 when it does not. */
struct hs_known_order {
  uint64_t sequence;
  int64_t at_us;
  int64_t amount_minor;
  struct hs_currency currency;
};
[[nodiscard]] enum hs_status hs_posting_order(struct hs_posting *posting, struct hs_str order_id,
                                              struct hs_known_order *out, struct hs_err *err);
/* What the terms say that hold for a partner at a moment, or what users expect. in_force has been
   read. */
#define HS_DISPUTE_DAYS 90
uint32_t hs_posting_dispute_days(const struct hs_posting *posting, struct hs_str partner,
                                 int64_t at_us);

/* A commission that a decision brings, owed at once: for an order, or for whatever has the name. By
   the agreement that was in force for the partner at the moment: HS_NOT_FOUND without one,
   HS_INVALID when it pays in another currency. */
struct hs_granted {
  struct hs_str type, name;
  struct hs_str partner;
  struct hs_currency currency;
  int64_t amount_minor; /* above 0 */
  int64_t at_us;
  const struct hs_known_order *order; /* NULL: of none that is known */
  struct hs_str reference, reason;
};
[[nodiscard]] enum hs_status hs_post_granted(struct hs_posting *posting,
                                             const struct hs_decision *decision,
                                             const struct hs_granted *granted, struct hs_err *err);

#endif
