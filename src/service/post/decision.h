/* The payload of an HS_FRAME_DECISION, version 1: one flat JSON object that says who decided what.
   What changes money is decided by such frames and by nothing else, so that it has its place among
   the events: an order before it is judged without it, an order behind it with it. */
#ifndef HANSA_SERVICE_POST_DECISION_H
#define HANSA_SERVICE_POST_DECISION_H

#include "base/id.h"
#include "base/money.h"

#define HS_DECISION_FRAME_VERSION 1

enum hs_decision_kind {
  HS_DECISION_PROPOSE, /* a version of an agreement */
  HS_DECISION_SIGN,    /* for one party, or for all when none is named */
  HS_DECISION_NOTIFY,  /* that a version is proposed was told: to one party, or to all */
  HS_DECISION_ANSWER,  /* of a party to a version that is proposed */
  HS_DECISION_END,     /* of an agreement, from a moment on */
  HS_DECISION_ENROL,   /* a party takes part in an agreement from a moment on */
  HS_DECISION_OWN,     /* a customer is the party itself, or is so no more */
  HS_DECISION_POLICY,  /* who shares an order */
  HS_DECISION_LOCK,    /* what had its return period by then is owed */
  HS_DECISION_DISPUTE,
  HS_DECISION_JUDGE, /* a dispute */
  HS_DECISION_ADJUST,
  HS_DECISION_PAYOUT,
  HS_DECISION_PAYOUT_RUN, /* payouts that go out together, with their invoices */
  HS_DECISION_PAYOUT_STATE,
  HS_DECISION_CLOSE,   /* a period */
  HS_DECISION_SHEET,   /* a side writes lines on the joint P&L of an agreement's month */
  HS_DECISION_FUND,    /* money for what is done together: asked for, granted, claimed */
  HS_DECISION_CONFIRM, /* a side stands by lines of it */
  HS_DECISION_KIND_COUNT
};

/* Which members a kind has, and which of them it must have, is a table (decision.c); the others are
   absent: {NULL, 0}, 0 and the zero id. */
struct hs_decision {
  enum hs_decision_kind kind;
  struct hs_id id; /* dec_… */
  struct hs_str by, seconded_by;
  struct hs_str agreement, party;
  uint64_t number; /* of a version or a policy */
  struct hs_str document;
  int64_t from_us, until_us;
  struct hs_str first, last, minimum; /* exact fractions: "2/5" */
  struct hs_id commission, dispute, payout;
  struct hs_str order_id, customer;
  struct hs_str about, verdict, state, method, reference, period;
  struct hs_currency currency;
  int64_t amount_minor;
  struct hs_str reason, words;
  struct hs_str attested_by; /* that the disclosure stands where it must */
};

/* "propose" */
const char *hs_decision_word(enum hs_decision_kind kind);

/* The JSON text in arena. HS_INVALID names the member that the kind must have and lacks. */
[[nodiscard]] enum hs_status hs_decision_write(struct hs_arena *arena,
                                               const struct hs_decision *decision,
                                               struct hs_str *out, struct hs_err *err);
/* Texts are in arena. HS_CORRUPT for what is no such object, HS_UNSUPPORTED for another version or
   a kind that is not known here, HS_NOMEM. Members that the kind does not have are passed over. */
[[nodiscard]] enum hs_status hs_decision_read(struct hs_arena *arena, unsigned version,
                                              struct hs_str payload, struct hs_decision *out,
                                              struct hs_err *err);

#endif
