/* What agreements hold in which two companies make something together: a campaign of co-marketing,
   the costs, resources, decisions and results of a joint venture or an alliance, and how much of
   all that is shared in practice. Absent fields are as shape.h says. */
#ifndef HANSA_AGREEMENT_TOGETHER_H
#define HANSA_AGREEMENT_TOGETHER_H

#include "agreement/shape.h"

/* ---- a campaign of co-marketing ---- */

/* What a side reaches alone: without it nobody can say what the campaign added. */
struct hs_baseline {
  struct hs_str what, unit;
  struct hs_decimal figure;
  struct hs_str source;
};

/* Would the customers of this side value the other's offer without the campaign? */
struct hs_practical_test {
  struct hs_decimal cross_purchase; /* of this side's customers, who buy the other's kind already */
  struct hs_decimal overlap;        /* of this side's customers, who are the other's as well */
  struct hs_str evidence;           /* how that is known; the word "guessing" when it is not */
};

struct hs_campaign_side {
  struct hs_str party;
  struct hs_str credibility; /* why it is believed from this brand */
  struct hs_str brings;
  struct hs_baseline *baseline;
  struct hs_decimal budget; /* its part */
  struct hs_practical_test *test;
};

struct hs_task {
  struct hs_str what, party, owner;
  int32_t due;
};

/* Money for the campaign: asked for, granted, claimed with a proof. */
struct hs_fund {
  struct hs_str what, party; /* who pays */
  struct hs_decimal amount;
  struct hs_str requested_by, approved_by;
  int32_t approved_on;
  struct hs_str proof; /* what a claim has to show */
  int32_t claim_until;
};

struct hs_campaign {
  struct hs_str problem, audience;
  struct hs_list sides; /* struct hs_campaign_side */
  struct hs_str joint_output;
  struct hs_str neither_alone; /* the part of it that neither could have made */
  struct hs_list tasks;        /* struct hs_task */
  struct hs_list funds;        /* struct hs_fund */
};

/* ---- joint ventures and alliances ---- */

struct hs_shared_cost {
  struct hs_str what;
  struct hs_str paid_by;    /* who pays first */
  struct hs_decimal budget; /* a year */
};

struct hs_resource {
  struct hs_str what, party;
  struct hs_str committed; /* how much of it, for how long */
};

struct hs_decision_right {
  struct hs_str question;
  struct hs_str decided_by;   /* a party, or "both" */
  struct hs_str when_divided; /* what holds while they do not agree */
};

struct hs_side_share {
  struct hs_str party;
  struct hs_decimal share;
  struct hs_decimal loss; /* of what is below zero; as its share when absent */
};

struct hs_sharing_step {
  int32_t kind;        /* recoup, preferred */
  struct hs_str party; /* absent: all, in proportion; of a recoup alone */
  int32_t of;          /* costs, left */
  struct hs_decimal rate, most;
};

/* Words of the document in the order of the enums of ledger/sharing.h, which does the arithmetic.
 */
enum { HS_TEXT_KEPT, HS_TEXT_SHARES, HS_TEXT_WATERFALL };
enum { HS_TEXT_RECOUP, HS_TEXT_PREFERRED };

struct hs_sharing_text {
  int32_t kind;          /* kept, shares, waterfall */
  int32_t commissions;   /* on_account, first */
  struct hs_list shares; /* struct hs_side_share */
  struct hs_list steps;  /* struct hs_sharing_step */
};

struct hs_fair_range {
  struct hs_str party;
  struct hs_decimal low, high;
};

struct hs_fairness_text {
  struct hs_list ranges; /* struct hs_fair_range */
  int64_t window;        /* months; 0: all */
  int64_t least;
};

/* ---- in practice ---- */

struct hs_practice_answer {
  int32_t is_shared;
  struct hs_str evidence;
};

struct hs_practice {
  struct hs_practice_answer *assets, *expertise, *risks, *rewards, *control;
};

extern const struct hs_shape hs_campaign_shape;
extern const struct hs_shape hs_shared_cost_shape;
extern const struct hs_shape hs_resource_shape;
extern const struct hs_shape hs_decision_right_shape;
extern const struct hs_shape hs_sharing_shape;
extern const struct hs_shape hs_fairness_shape;
extern const struct hs_shape hs_practice_shape;

#endif
