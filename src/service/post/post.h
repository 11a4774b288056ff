/* The ledger's reader of the journal: decisions are applied in their place among the events,
   orders, leads and clicks are judged when they come, refunds take back in proportion. What it
   writes and its cursor go into the book in one change, so every frame has its effect exactly once;
   from an emptied ledger the same journal gives the same rows again.

   Needs a trail that has passed what it reads. */
#ifndef HANSA_SERVICE_POST_POST_H
#define HANSA_SERVICE_POST_POST_H

#include "base/hash.h"
#include "ledger/transfers.h"
#include "service/post/decision.h"
#include "service/programme.h"

struct hs_posted {
  uint64_t orders;       /* judged */
  uint64_t actions;      /* leads, custom events and clicks for which there are rules, judged */
  uint64_t commissions;  /* earned by all of them */
  uint64_t refused;      /* of those: not priced, and nothing is owed until somebody has looked */
  uint64_t judged_again; /* orders, at the end of their return period, with another outcome */
  uint64_t refunds;      /* applied */
  uint64_t decisions;
  uint64_t transfers;
};

/* To the end of the journal. counts may be NULL. What cannot be applied stops it with the frame's
   sequence, and nothing of that frame is posted. */
[[nodiscard]] enum hs_status hs_ledger_catch_up(struct hs_programme *programme,
                                                hs_catch_up_fn catching_up, void *context,
                                                struct hs_posted *counts, struct hs_err *err);

/* Whether such a failure to catch up is of what was written, and will come back until that is
   mended; any other is of the machine. */
[[nodiscard]] int hs_ledger_is_content(enum hs_status status);

/* Checks a decision against what holds now, appends its frame and applies it: after HS_OK it is
   durable and posted. Fills in decision->id. Otherwise what the decision's kind refuses, with
   nothing done. The ledger must have caught up. */
[[nodiscard]] enum hs_status hs_decide(struct hs_programme *programme, struct hs_decision *decision,
                                       struct hs_err *err);

/* Empties the ledger and reads the journal again from its start. */
[[nodiscard]] enum hs_status hs_ledger_replay(struct hs_programme *programme,
                                              hs_catch_up_fn catching_up, void *context,
                                              struct hs_posted *counts, struct hs_err *err);

/* What is owed for a commission: the fold of its transfers. */
[[nodiscard]] enum hs_status hs_ledger_owed(const struct hs_ledger_reader *ledger,
                                            const struct hs_id *commission, struct hs_owed *out,
                                            struct hs_err *err);

/* What a dispute holds of a commission: of its own part what is still there. */
[[nodiscard]] enum hs_status hs_ledger_held(const struct hs_ledger_reader *ledger,
                                            const struct hs_id *commission, struct hs_str dispute,
                                            int64_t *held_minor, struct hs_err *err);
/* A commission, kept in arena with its texts. HS_NOT_FOUND. */
[[nodiscard]] enum hs_status hs_ledger_commission(const struct hs_ledger_reader *ledger,
                                                  const struct hs_id *id, struct hs_arena *arena,
                                                  struct hs_commission_row *out,
                                                  struct hs_err *err);
/* A dispute, in the same way. HS_NOT_FOUND. */
[[nodiscard]] enum hs_status hs_ledger_dispute(const struct hs_ledger_reader *ledger,
                                               const struct hs_id *id, struct hs_arena *arena,
                                               struct hs_dispute_row *out, struct hs_err *err);
/* Copies the texts of a borrowed row. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_ledger_keep_dispute(struct hs_arena *arena,
                                                    struct hs_dispute_row *row, struct hs_err *err);
/* The id of the commission that a decision brings, if it brings one. */
struct hs_id hs_granted_id(const struct hs_decision *decision);
/* Over the transfers that are booked in [from_us, until_us): what a close keeps. */
[[nodiscard]] enum hs_status hs_ledger_period_hash(const struct hs_ledger_reader *ledger,
                                                   int64_t from_us, int64_t until_us,
                                                   struct hs_hash *out, struct hs_err *err);

#endif
