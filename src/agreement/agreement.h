/* An agreement as one readable document: what the parties want together, what each gives and gets,
   what is paid for what, who owns it on each side, and how it is reviewed, changed and ended. The
   JSON form is described by docs/reference/agreement.schema.json, which is made from the tables
   that also read it.

   Agreements come in three weights, and each asks for what it needs and no more: one standard offer
   is accepted by thousands of affiliates, a managed agreement has people on both sides, an alliance
   shares control. */
#ifndef HANSA_AGREEMENT_AGREEMENT_H
#define HANSA_AGREEMENT_AGREEMENT_H

#include "agreement/shape.h"
#include "agreement/together.h"

enum hs_weight { HS_WEIGHT_STANDARD, HS_WEIGHT_MANAGED, HS_WEIGHT_ALLIANCE };
#define HS_WEIGHT_COUNT 3

enum hs_agreement_kind {
  HS_KIND_AFFILIATE,
  HS_KIND_CO_MARKETING,
  HS_KIND_JOINT_VENTURE,
  HS_KIND_ALLIANCE
};

/* A figure that can be missed: without a baseline, a target and a day it is a wish. */
struct hs_measure {
  struct hs_str what; /* "orders by readers of the newsletter" */
  struct hs_str unit; /* "orders a month" */
  struct hs_decimal baseline, target;
  int32_t due;          /* day */
  struct hs_str source; /* where both sides read it */
};

struct hs_outcome {
  struct hs_measure *measure;
  struct hs_str when_interests_diverge; /* which rule holds then */
};

struct hs_authority {
  struct hs_decimal rate;   /* may grant up to this share of an order */
  struct hs_decimal budget; /* may spend so much in a year, in the currency of the terms */
  int32_t ending;           /* may end the agreement */
};

struct hs_owner {
  struct hs_str name;
  struct hs_str role;
  int32_t from, until; /* days; until is absent while it holds */
  struct hs_authority *authority;
  struct hs_str incentive; /* the own target that is tied to this agreement */
  struct hs_decimal time;  /* share of their working time */
};

enum hs_gives {
  HS_GIVES_CASH,
  HS_GIVES_PEOPLE,
  HS_GIVES_DATA,
  HS_GIVES_AUDIENCE,
  HS_GIVES_IP,
  HS_GIVES_CHANNEL,
  HS_GIVES_CONTENT
};

struct hs_exchange {
  struct hs_str what;
  int32_t kind; /* of hs_gives */
  struct hs_str measure;
  struct hs_str valued_by; /* how what is not cash is valued */
};

struct hs_side {
  struct hs_str party;
  struct hs_str need; /* what it needs to call this a success in twelve months */
  struct hs_measure *success;
  struct hs_str answers_for; /* its piece of the joint outcome */
  struct hs_str accountable;
  struct hs_list gives, receives; /* struct hs_exchange */
  struct hs_owner *owner, *deputy, *sponsor;
  struct hs_decimal hour_rate; /* of its people, blended over roles; in the terms' currency */
};

/* Which customers the agreement rests on: what they are solving, on both sides, at the same time.
   Age, income and the size of a list say nothing of that. */
struct hs_intent {
  struct hs_str problem;  /* that the customers of both are solving */
  struct hs_str moment;   /* when they do */
  struct hs_str evidence; /* how it is known */
};

struct hs_tier_step {
  struct hs_decimal from; /* the number of the order, or the revenue in the currency's unit */
  struct hs_decimal rate, amount;
};

struct hs_tier_table {
  int32_t measure, period, is_retroactive;
  struct hs_list steps; /* struct hs_tier_step */
};

struct hs_cap {
  int32_t period;
  struct hs_decimal amount;
};

struct hs_bonus_text {
  struct hs_str name;
  int32_t measure, period;
  struct hs_decimal from, amount;
};

/* A rule as it is written; terms.h has it as it is applied. */
struct hs_rule_text {
  struct hs_str name;
  int64_t rank;
  int32_t event, level, base, customer;
  struct hs_decimal rate, amount; /* exactly one of the two */
  struct hs_list coupons, countries, products, event_names;
  struct hs_list metadata; /* struct hs_metadata_condition of terms.h */
  struct hs_decimal value_min, value_max;
  struct hs_tier_table *tiers;
  struct hs_list caps; /* struct hs_cap */
  int64_t months;
  int32_t is_first_only;
};

struct hs_terms_text {
  struct hs_str currency;
  int32_t rounding;
  int64_t window_days, hold_days, dispute_days;
  struct hs_list rules;   /* struct hs_rule_text */
  struct hs_list bonuses; /* struct hs_bonus_text */
};

struct hs_forum {
  struct hs_str name;
  int32_t layer;         /* steering managers team */
  struct hs_str repeats; /* RFC 5545: FREQ=MONTHLY;BYDAY=1TU */
  int32_t is_protected;
};

struct hs_escalation_step {
  struct hs_str role; /* on each side */
  int64_t days;       /* to answer, before it climbs */
};

struct hs_disclosure {
  struct hs_str country, text, place, attested_by;
  int32_t attested_on;
};

struct hs_disclosure_check {
  struct hs_str party, owner;
  int64_t pages;
  struct hs_str repeats; /* as of a forum */
};

struct hs_creator_rules {
  struct hs_list must, must_not, free;
};

struct hs_trigger {
  int32_t on; /* date threshold balance law success */
  struct hs_str when;
  int32_t day;
};

struct hs_exit_plan {
  int64_t notice_days;
  struct hs_str customers, data, money, ip;
  int32_t last_tested;
};

struct hs_override {
  struct hs_str of; /* the code of what would have refused it */
  struct hs_str by, reason;
  int32_t on;
};

struct hs_agreement {
  int64_t format; /* of this document: 1 */
  struct hs_str title;
  int32_t weight, kind;
  struct hs_list parties; /* struct hs_str: names */
  struct hs_str purpose;
  struct hs_outcome *outcome;
  struct hs_owner *group_owner;
  struct hs_list sides; /* struct hs_side */
  struct hs_intent *intent;
  struct hs_terms_text *terms;
  struct hs_campaign *campaign;
  struct hs_list shared_costs; /* struct hs_shared_cost */
  struct hs_list resources;    /* struct hs_resource */
  struct hs_list decisions;    /* struct hs_decision_right */
  struct hs_sharing_text *sharing;
  struct hs_fairness_text *fairness;
  struct hs_practice *practice;
  struct hs_list forums; /* struct hs_forum */
  int32_t first_review;
  struct hs_list escalation; /* struct hs_escalation_step */
  struct hs_list disclosure; /* struct hs_disclosure */
  struct hs_disclosure_check *disclosure_check;
  struct hs_creator_rules *creators;
  struct hs_list data_rules;    /* struct hs_str */
  struct hs_list renegotiation; /* struct hs_trigger */
  int64_t change_notice_days;
  struct hs_exit_plan *exit;
  struct hs_list overrides; /* struct hs_override */
};

extern const struct hs_shape hs_agreement_shape;

/* What of the tables is asked of a weight and a kind (hs_shape_complete). */
static inline unsigned hs_agreement_level(enum hs_agreement_kind kind, enum hs_weight weight)
{
  return (unsigned)kind * HS_WEIGHT_COUNT + (unsigned)weight;
}

struct hs_terms;

/* Reads an agreement and makes its terms, both in arena. HS_INVALID when it cannot be one: wrong
   form, something missing that every agreement has, terms that cannot be applied; every fault is
   told. Whether it may be signed is the gate's affair. */
[[nodiscard]] enum hs_status hs_agreement_read(struct hs_str json, struct hs_arena *arena,
                                               struct hs_agreement *out, struct hs_terms *terms,
                                               hs_fault_fn fault, void *context,
                                               struct hs_err *err);

/* What agreements say of things that are shared: HS_INVALID when that cannot be applied, each fault
   told: parts that do not sum to one, a waterfall without steps, a range that cannot be kept, a
   company that is none of the parties. hs_agreement_read has asked this already. */
[[nodiscard]] enum hs_status hs_together_check(const struct hs_agreement *agreement,
                                               hs_fault_fn fault, void *context,
                                               struct hs_err *err);

/* What the gate says of one demand. */
struct hs_objection {
  const char *code;                     /* "joint_outcome": what an override names */
  const char *path;                     /* where it would have to stand */
  const char *words;                    /* what is missing or wrong, and what to do */
  const struct hs_override *overridden; /* set aside, and by whom; NULL: it stands */
};
typedef void (*hs_objection_fn)(void *context, const struct hs_objection *objection);

/* Tells everything that stands against signing, or did before it was set aside. Returns how many
   objections stand. A standard offer meets none that are about people; what is asked of managed
   agreements and alliances is in the documentation (docs/user/agreements.md). */
size_t hs_agreement_gate(const struct hs_agreement *agreement, hs_objection_fn tell, void *context);

/* Tells each place where the document says that it is guessing: allowed, and to be seen. */
typedef void (*hs_guess_fn)(void *context, const char *path);
void hs_agreement_guesses(const struct hs_agreement *agreement, hs_guess_fn tell, void *context);

/* Who set a demand aside, by its code; NULL: nobody did. */
const struct hs_override *hs_agreement_override(const struct hs_agreement *agreement,
                                                const char *code);

#endif
