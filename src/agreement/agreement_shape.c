/* The tables of the agreement: one row a field. What they say to people is what the schema, the
   errors and the documentation say. */
#include "agreement/agreement_shape_priv.h"
#include "agreement/terms.h"

static const char *const WEIGHTS[] = {"standard", "managed", "alliance", NULL};
static const char *const KINDS[] = {"affiliate", "co_marketing", "joint_venture", "alliance", NULL};
static const char *const CONTRIBUTIONS[] = {"cash", "people",  "data",    "audience",
                                            "ip",   "channel", "content", NULL};
static const char *const EVENTS[] = {"sale", "lead", "click", "custom", NULL};
static const char *const BASES[] = {"net", "gross", "margin", NULL};
static const char *const CUSTOMERS[] = {"any", "new", "returning", NULL};
static const char *const PERIODS[] = {"day", "week", "month", "ever", NULL};
static const char *const TIER_MEASURES[] = {"orders", "revenue", NULL};
static const char *const LEVELS[] = {"order", "item", NULL};
static const char *const ROUNDINGS[] = {"half_even", "half_up", NULL};
static const char *const LAYERS[] = {"steering", "managers", "team", NULL};
static const char *const TRIGGERS[] = {"date", "threshold", "balance", "law", "success", NULL};

const char *hs_rule_event_word(enum hs_rule_event event) { return EVENTS[event]; }

/* ---- what is wanted ---- */

static const struct hs_field MEASURE[] = {
    HS_MEMBER(hs_measure, what, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What is counted."),
    HS_MEMBER(hs_measure, unit, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "In which unit."),
    HS_MEMBER(hs_measure, baseline, HS_FIELD_DECIMAL, .required = HS_ALWAYS,
              .meaning = "What it is without this agreement."),
    HS_MEMBER(hs_measure, target, HS_FIELD_DECIMAL, .required = HS_ALWAYS,
              .meaning = "What it shall be."),
    HS_MEMBER(hs_measure, due, HS_FIELD_DATE, .required = HS_ALWAYS, .meaning = "By which day."),
    HS_MEMBER(hs_measure, source, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Where both sides read the figure."),
};
HS_SHAPE(MEASURE_SHAPE, "measure", hs_measure, MEASURE);

static const struct hs_field OUTCOME[] = {
    HS_MEMBER(hs_outcome, measure, HS_FIELD_OBJECT, .shape = &MEASURE_SHAPE, .required = HS_ALWAYS,
              .meaning = "The one figure that both sides want to move."),
    HS_MEMBER(hs_outcome, when_interests_diverge, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "Which rule holds when the sides want different things."),
};
HS_SHAPE(OUTCOME_SHAPE, "outcome", hs_outcome, OUTCOME);

static const struct hs_field INTENT[] = {
    HS_MEMBER(hs_intent, problem, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "What the customers of both sides are trying to solve."),
    HS_MEMBER(hs_intent, moment, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "When they are at it, on both sides."),
    HS_MEMBER(hs_intent, evidence, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "How that is known; the word \"guessing\" when it is not."),
};
HS_SHAPE(INTENT_SHAPE, "intent", hs_intent, INTENT);

/* ---- sides ---- */

static const struct hs_field AUTHORITY[] = {
    HS_MEMBER(hs_authority, rate, HS_FIELD_DECIMAL, .high = 1,
              .meaning = "The highest rate that this person may grant, as a share of an order."),
    HS_MEMBER(hs_authority, budget, HS_FIELD_DECIMAL, .high = INT32_MAX,
              .meaning = "What this person may spend in a year, in the currency of the terms."),
    HS_MEMBER(hs_authority, ending, HS_FIELD_FLAG, .fallback = "false",
              .meaning = "Whether this person may end the agreement."),
};
HS_SHAPE(AUTHORITY_SHAPE, "authority", hs_authority, AUTHORITY);

static const struct hs_field OWNER[] = {
    HS_MEMBER(hs_owner, name, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Who it is."),
    HS_MEMBER(hs_owner, role, HS_FIELD_TEXT, .required = ALLIANCE,
              .meaning = "Their position in the company."),
    HS_MEMBER(hs_owner, from, HS_FIELD_DATE, .required = MANAGED, .meaning = "Since when."),
    HS_MEMBER(hs_owner, until, HS_FIELD_DATE, .meaning = "Until when, once that is known."),
    HS_MEMBER(hs_owner, authority, HS_FIELD_OBJECT, .shape = &AUTHORITY_SHAPE, .required = ALLIANCE,
              .meaning = "What this person may decide alone."),
    HS_MEMBER(hs_owner, incentive, HS_FIELD_TEXT, .required = ALLIANCE,
              .meaning = "Which of their own targets depends on this agreement."),
    HS_MEMBER(hs_owner, time, HS_FIELD_DECIMAL, .high = 1,
              .meaning = "The share of their working time that goes to it."),
};
HS_SHAPE(OWNER_SHAPE, "person", hs_owner, OWNER);

static const struct hs_field EXCHANGE[] = {
    HS_MEMBER(hs_exchange, what, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "What it is."),
    HS_MEMBER(hs_exchange, kind, HS_FIELD_WORD, .words = CONTRIBUTIONS, .required = MANAGED,
              .meaning = "Of which kind."),
    HS_MEMBER(hs_exchange, measure, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "By what one sees that it came."),
    HS_MEMBER(hs_exchange, valued_by, HS_FIELD_TEXT,
              .meaning = "How it is valued when it is no money."),
};
HS_SHAPE(EXCHANGE_SHAPE, "exchange", hs_exchange, EXCHANGE);

static const struct hs_field SIDE[] = {
    HS_MEMBER(hs_side, party, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The company, as it stands under parties."),
    HS_MEMBER(hs_side, need, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "What it needs from this to call it a success in twelve months."),
    HS_MEMBER(hs_side, success, HS_FIELD_OBJECT, .shape = &MEASURE_SHAPE, .required = ALLIANCE,
              .meaning = "The figure by which it will judge that."),
    HS_MEMBER(hs_side, answers_for, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "Its piece of the joint outcome."),
    HS_MEMBER(hs_side, accountable, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "The person who answers for that piece."),
    HS_MEMBER(hs_side, gives, HS_FIELD_LIST, .shape = &EXCHANGE_SHAPE, .low = 1, .high = 50,
              .required = MANAGED, .meaning = "What it gives."),
    HS_NAMED(hs_side, receives, "gets", HS_FIELD_LIST, .shape = &EXCHANGE_SHAPE, .low = 1,
             .high = 50, .required = MANAGED, .meaning = "What it gets."),
    HS_MEMBER(hs_side, owner, HS_FIELD_OBJECT, .shape = &OWNER_SHAPE, .required = MANAGED,
              .meaning = "Who owns the agreement on this side."),
    HS_MEMBER(hs_side, deputy, HS_FIELD_OBJECT, .shape = &OWNER_SHAPE, .required = ALLIANCE,
              .meaning = "Who stands in."),
    HS_MEMBER(hs_side, sponsor, HS_FIELD_OBJECT, .shape = &OWNER_SHAPE, .required = ALLIANCE,
              .meaning = "The executive behind it."),
    HS_MEMBER(hs_side, hour_rate, HS_FIELD_DECIMAL, .high = 1000000,
              .meaning =
                  "What an hour of its people costs, blended over roles: never a salary. With "
                  "the owner's share of time it makes the hours of a joint P&L."),
};
HS_SHAPE(SIDE_SHAPE, "side", hs_side, SIDE);

/* ---- terms ---- */

static const struct hs_field STEP[] = {
    HS_MEMBER(hs_tier_step, from, HS_FIELD_DECIMAL, .required = HS_ALWAYS, .high = INT32_MAX,
              .meaning = "The number of the order, or the revenue, from which on it holds."),
    HS_MEMBER(hs_tier_step, rate, HS_FIELD_DECIMAL, .high = 1, .meaning = "Share of the base."),
    HS_MEMBER(hs_tier_step, amount, HS_FIELD_DECIMAL, .high = INT32_MAX,
              .meaning = "Amount for an order, instead of a rate."),
};
HS_SHAPE(STEP_SHAPE, "tier", hs_tier_step, STEP);

static const struct hs_field TIERS[] = {
    HS_MEMBER(hs_tier_table, measure, HS_FIELD_WORD, .words = TIER_MEASURES, .required = HS_ALWAYS,
              .meaning = "What is counted: orders, or revenue in the currency of the terms."),
    HS_MEMBER(hs_tier_table, period, HS_FIELD_WORD, .words = PERIODS, .required = HS_ALWAYS,
              .meaning = "Over which period; then it begins again."),
    HS_NAMED(hs_tier_table, is_retroactive, "retroactive", HS_FIELD_FLAG, .fallback = "false",
             .meaning = "Whether a tier that is reached holds for the whole period."),
    HS_MEMBER(hs_tier_table, steps, HS_FIELD_LIST, .shape = &STEP_SHAPE, .low = 1,
              .high = HS_TIERS_MAX, .required = HS_ALWAYS, .meaning = "The tiers, rising."),
};
HS_SHAPE(TIERS_SHAPE, "tiers", hs_tier_table, TIERS);

static const struct hs_field CAP[] = {
    HS_MEMBER(hs_cap, period, HS_FIELD_WORD, .words = PERIODS, .required = HS_ALWAYS,
              .meaning = "In each day, week or month, or ever."),
    HS_MEMBER(hs_cap, amount, HS_FIELD_DECIMAL, .required = HS_ALWAYS, .high = INT32_MAX,
              .meaning = "At most so much."),
};
HS_SHAPE(CAP_SHAPE, "cap", hs_cap, CAP);

static const struct hs_field METADATA[] = {
    HS_MEMBER(hs_metadata_condition, key, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The key in the event's metadata."),
    HS_MEMBER(hs_metadata_condition, values, HS_FIELD_TEXTS, .low = 1, .high = 1000,
              .required = HS_ALWAYS, .meaning = "The values of which it has one."),
};
HS_SHAPE(METADATA_SHAPE, "metadata", hs_metadata_condition, METADATA);

static const struct hs_field RULE[] = {
    HS_MEMBER(hs_rule_text, name, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What people call it."),
    HS_MEMBER(hs_rule_text, rank, HS_FIELD_INTEGER, .low = 1, .high = 1000, .required = HS_ALWAYS,
              .meaning = "The first rule by rank whose conditions hold pays, and no other."),
    HS_MEMBER(hs_rule_text, event, HS_FIELD_WORD, .words = EVENTS, .fallback = "sale",
              .meaning = "What is paid for."),
    HS_MEMBER(hs_rule_text, event_names, HS_FIELD_TEXTS, .low = 1, .high = 100,
              .meaning = "Only for custom events of these names."),
    HS_MEMBER(hs_rule_text, level, HS_FIELD_WORD, .words = LEVELS, .fallback = "order",
              .meaning =
                  "Whether an amount, value_min and value_max are for the order, or for each "
                  "piece and each item of it."),
    HS_MEMBER(hs_rule_text, rate, HS_FIELD_DECIMAL, .high = 1,
              .meaning = "Share of the base, such as \"12%\"."),
    HS_MEMBER(hs_rule_text, amount, HS_FIELD_DECIMAL, .high = INT32_MAX,
              .meaning = "Amount for each, instead of a rate."),
    HS_MEMBER(hs_rule_text, base, HS_FIELD_WORD, .words = BASES, .fallback = "net",
              .meaning =
                  "What a rate is taken of: net of discount, tax and shipping; gross; margin."),
    HS_MEMBER(hs_rule_text, customer, HS_FIELD_WORD, .words = CUSTOMERS, .fallback = "any",
              .meaning = "For which customers."),
    HS_MEMBER(hs_rule_text, coupons, HS_FIELD_TEXTS, .low = 1, .high = 1000,
              .meaning = "Only for orders with one of these codes."),
    HS_MEMBER(hs_rule_text, countries, HS_FIELD_TEXTS, .low = 1, .high = 300,
              .meaning = "Only for orders from these countries."),
    HS_MEMBER(hs_rule_text, products, HS_FIELD_TEXTS, .low = 1, .high = 10000,
              .meaning = "Only for these products."),
    HS_MEMBER(hs_rule_text, metadata, HS_FIELD_LIST, .shape = &METADATA_SHAPE, .low = 1, .high = 20,
              .meaning = "Only where the event's metadata say so."),
    HS_MEMBER(hs_rule_text, value_min, HS_FIELD_DECIMAL, .high = INT32_MAX,
              .meaning = "Only for orders of at least so much."),
    HS_MEMBER(hs_rule_text, value_max, HS_FIELD_DECIMAL, .high = INT32_MAX,
              .meaning = "Only for orders of at most so much."),
    HS_MEMBER(hs_rule_text, tiers, HS_FIELD_OBJECT, .shape = &TIERS_SHAPE,
              .meaning = "Other rates from a number of orders or a revenue on."),
    HS_MEMBER(hs_rule_text, caps, HS_FIELD_LIST, .shape = &CAP_SHAPE, .low = 1,
              .high = HS_CYCLE_COUNT, .meaning = "Limits of what is paid."),
    HS_MEMBER(hs_rule_text, months, HS_FIELD_INTEGER, .low = 1, .high = 1200,
              .meaning =
                  "Only so many months from a customer's first order; for life when absent."),
    HS_NAMED(hs_rule_text, is_first_only, "first_order_only", HS_FIELD_FLAG, .fallback = "false",
             .meaning = "Only for a customer's first order."),
};
HS_SHAPE(RULE_SHAPE, "rule", hs_rule_text, RULE);

static const struct hs_field BONUS[] = {
    HS_MEMBER(hs_bonus_text, name, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What people call it."),
    HS_MEMBER(hs_bonus_text, measure, HS_FIELD_WORD, .words = TIER_MEASURES, .required = HS_ALWAYS,
              .meaning = "What is counted: orders, or revenue in the currency of the terms."),
    HS_MEMBER(hs_bonus_text, period, HS_FIELD_WORD, .words = PERIODS, .required = HS_ALWAYS,
              .meaning = "Over which period; it is paid once in each."),
    HS_MEMBER(hs_bonus_text, from, HS_FIELD_DECIMAL, .required = HS_ALWAYS, .high = INT32_MAX,
              .meaning = "From how much on."),
    HS_MEMBER(hs_bonus_text, amount, HS_FIELD_DECIMAL, .required = HS_ALWAYS, .high = INT32_MAX,
              .meaning = "What is paid then."),
};
HS_SHAPE(BONUS_SHAPE, "bonus", hs_bonus_text, BONUS);

static const struct hs_field TERMS[] = {
    HS_MEMBER(hs_terms_text, currency, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "In which currency amounts stand and commissions are paid (ISO 4217)."),
    HS_MEMBER(hs_terms_text, rounding, HS_FIELD_WORD, .words = ROUNDINGS, .fallback = "half_even",
              .meaning = "How half a cent is rounded, once, when a commission is posted."),
    HS_MEMBER(hs_terms_text, window_days, HS_FIELD_INTEGER, .low = 1, .high = 365, .fallback = "30",
              .meaning = "How long a touchpoint may share an order."),
    HS_MEMBER(hs_terms_text, hold_days, HS_FIELD_INTEGER, .low = 0, .high = 365, .fallback = "30",
              .meaning = "The return period: how long after the order a commission becomes owed."),
    HS_MEMBER(hs_terms_text, dispute_days, HS_FIELD_INTEGER, .low = 1, .high = 730,
              .fallback = "90",
              .meaning = "How long an amount can be disputed after the partner could see it."),
    HS_MEMBER(hs_terms_text, rules, HS_FIELD_LIST, .shape = &RULE_SHAPE, .low = 1,
              .high = HS_RULES_MAX, .required = HS_ALWAYS, .meaning = "What is paid for what."),
    HS_MEMBER(hs_terms_text, bonuses, HS_FIELD_LIST, .shape = &BONUS_SHAPE, .low = 1, .high = 20,
              .meaning = "One-off amounts when a threshold is reached, beside what the rules pay."),
};
HS_SHAPE(TERMS_SHAPE, "terms", hs_terms_text, TERMS);

/* ---- living together ---- */

static const struct hs_field FORUM[] = {
    HS_MEMBER(hs_forum, name, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What it is called."),
    HS_MEMBER(hs_forum, layer, HS_FIELD_WORD, .words = LAYERS, .fallback = "managers",
              .meaning = "Who meets."),
    HS_MEMBER(hs_forum, repeats, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "How often, as in calendars: FREQ=MONTHLY;BYDAY=1TU (RFC 5545)."),
    HS_NAMED(hs_forum, is_protected, "protected", HS_FIELD_FLAG, .fallback = "true",
             .meaning = "Whether skipping it is an event with consequences."),
};
HS_SHAPE(FORUM_SHAPE, "forum", hs_forum, FORUM);

static const struct hs_field ESCALATION[] = {
    HS_MEMBER(hs_escalation_step, role, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Who answers on each side."),
    HS_MEMBER(hs_escalation_step, days, HS_FIELD_INTEGER, .low = 1, .high = 365,
              .required = HS_ALWAYS, .meaning = "Working days until it climbs by itself."),
};
HS_SHAPE(ESCALATION_SHAPE, "escalation_step", hs_escalation_step, ESCALATION);

static const struct hs_field DISCLOSURE[] = {
    HS_MEMBER(hs_disclosure, country, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "For which country (ISO 3166)."),
    HS_MEMBER(hs_disclosure, text, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What is shown."),
    HS_MEMBER(hs_disclosure, place, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Where it must stand."),
    HS_MEMBER(hs_disclosure, attested_by, HS_FIELD_TEXT,
              .meaning = "Who on the partner's side says that it stands there."),
    HS_MEMBER(hs_disclosure, attested_on, HS_FIELD_DATE, .meaning = "When they said so."),
};
HS_SHAPE(DISCLOSURE_SHAPE, "disclosure", hs_disclosure, DISCLOSURE);

static const struct hs_field DISCLOSURE_CHECK[] = {
    HS_MEMBER(hs_disclosure_check, party, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Which company looks."),
    HS_MEMBER(hs_disclosure_check, owner, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Who looks."),
    HS_MEMBER(hs_disclosure_check, pages, HS_FIELD_INTEGER, .low = 1, .high = 100000,
              .fallback = "20", .meaning = "At how many places, drawn by lot."),
    HS_MEMBER(hs_disclosure_check, repeats, HS_FIELD_TEXT, .fallback = "FREQ=MONTHLY",
              .meaning = "How often, as in calendars (RFC 5545)."),
};
HS_SHAPE(DISCLOSURE_CHECK_SHAPE, "disclosure_check", hs_disclosure_check, DISCLOSURE_CHECK);

static const struct hs_field CREATORS[] = {
    HS_MEMBER(hs_creator_rules, must, HS_FIELD_TEXTS, .low = 1, .high = 50,
              .meaning = "What must be said."),
    HS_MEMBER(hs_creator_rules, must_not, HS_FIELD_TEXTS, .low = 1, .high = 50,
              .meaning = "What must not be said."),
    HS_MEMBER(hs_creator_rules, free, HS_FIELD_TEXTS, .low = 1, .high = 50,
              .meaning = "What is theirs to say as they like."),
};
HS_SHAPE(CREATORS_SHAPE, "creators", hs_creator_rules, CREATORS);

static const struct hs_field TRIGGER[] = {
    HS_MEMBER(hs_trigger, on, HS_FIELD_WORD, .words = TRIGGERS, .required = HS_ALWAYS,
              .meaning = "What opens it."),
    HS_MEMBER(hs_trigger, when, HS_FIELD_TEXT, .meaning = "The threshold, band or law, in words."),
    HS_MEMBER(hs_trigger, day, HS_FIELD_DATE, .meaning = "The day, where the trigger is one."),
};
HS_SHAPE(TRIGGER_SHAPE, "trigger", hs_trigger, TRIGGER);

static const struct hs_field EXIT[] = {
    HS_MEMBER(hs_exit_plan, notice_days, HS_FIELD_INTEGER, .low = 0, .high = 730,
              .required = HS_ALWAYS, .meaning = "Days of notice."),
    HS_MEMBER(hs_exit_plan, customers, HS_FIELD_TEXT, .required = ALLIANCE,
              .meaning = "Whose the customers are afterwards."),
    HS_MEMBER(hs_exit_plan, data, HS_FIELD_TEXT, .required = ALLIANCE,
              .meaning = "Whose the data are."),
    HS_MEMBER(hs_exit_plan, money, HS_FIELD_TEXT, .required = ALLIANCE,
              .meaning = "What is still paid, and until when."),
    HS_MEMBER(hs_exit_plan, ip, HS_FIELD_TEXT, .required = ALLIANCE,
              .meaning = "Whose the joint work is."),
    HS_MEMBER(hs_exit_plan, last_tested, HS_FIELD_DATE, .meaning = "When the plan was last tried."),
};
HS_SHAPE(EXIT_SHAPE, "exit", hs_exit_plan, EXIT);

static const struct hs_field OVERRIDE[] = {
    HS_MEMBER(hs_override, of, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Which demand is set aside, by its code."),
    HS_MEMBER(hs_override, by, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Who decided that."),
    HS_MEMBER(hs_override, reason, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Why."),
    HS_MEMBER(hs_override, on, HS_FIELD_DATE, .required = HS_ALWAYS, .meaning = "When."),
};
HS_SHAPE(OVERRIDE_SHAPE, "override", hs_override, OVERRIDE);

/* ---- the whole ---- */

static const struct hs_field AGREEMENT[] = {
    HS_MEMBER(hs_agreement, format, HS_FIELD_INTEGER, .low = 1, .high = 1, .fallback = "1",
              .meaning = "The version of this form."),
    HS_MEMBER(hs_agreement, title, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What people call the agreement."),
    HS_MEMBER(hs_agreement, weight, HS_FIELD_WORD, .words = WEIGHTS, .required = HS_ALWAYS,
              .meaning = "standard: one offer that many accept; managed: people on both sides; "
                         "alliance: control is shared."),
    HS_MEMBER(hs_agreement, kind, HS_FIELD_WORD, .words = KINDS, .required = HS_ALWAYS,
              .meaning = "What the parties do together."),
    HS_MEMBER(hs_agreement, parties, HS_FIELD_TEXTS, .low = 1, .high = 12, .required = MANAGED,
              .meaning =
                  "The companies, by name, ours first; a standard offer names its partners when "
                  "they accept it."),
    HS_MEMBER(hs_agreement, purpose, HS_FIELD_TEXT, .required = MANAGED,
              .meaning = "What it is for."),
    HS_MEMBER(hs_agreement, outcome, HS_FIELD_OBJECT, .shape = &OUTCOME_SHAPE, .required = MANAGED,
              .meaning = "The one joint commercial outcome."),
    HS_MEMBER(hs_agreement, group_owner, HS_FIELD_OBJECT, .shape = &OWNER_SHAPE,
              .meaning = "Of a standard offer: who owns it for all who accept it."),
    HS_MEMBER(hs_agreement, sides, HS_FIELD_LIST, .shape = &SIDE_SHAPE, .low = 1, .high = 12,
              .required = MANAGED,
              .meaning = "Each side: what it needs, gives and gets, and who owns it."),
    HS_MEMBER(hs_agreement, intent, HS_FIELD_OBJECT, .shape = &INTENT_SHAPE, .required = MANAGED,
              .meaning = "The customers' intent that it rests on."),
    HS_MEMBER(hs_agreement, terms, HS_FIELD_OBJECT, .shape = &TERMS_SHAPE, .required = HS_ALWAYS,
              .meaning = "What is paid for what."),
    HS_MEMBER(hs_agreement, campaign, HS_FIELD_OBJECT, .shape = &hs_campaign_shape,
              .required = CAMPAIGN, .meaning = "The campaign, of co-marketing."),
    HS_MEMBER(hs_agreement, shared_costs, HS_FIELD_LIST, .shape = &hs_shared_cost_shape, .low = 1,
              .high = 100, .required = JOINT, .meaning = "Costs that are borne together."),
    HS_MEMBER(hs_agreement, resources, HS_FIELD_LIST, .shape = &hs_resource_shape, .low = 1,
              .high = 100, .required = JOINT, .meaning = "What each side commits besides money."),
    HS_MEMBER(hs_agreement, decisions, HS_FIELD_LIST, .shape = &hs_decision_right_shape, .low = 1,
              .high = 100, .required = JOINT, .meaning = "Who decides what."),
    HS_MEMBER(hs_agreement, sharing, HS_FIELD_OBJECT, .shape = &hs_sharing_shape, .required = JOINT,
              .meaning = "How the result is shared."),
    HS_MEMBER(hs_agreement, fairness, HS_FIELD_OBJECT, .shape = &hs_fairness_shape,
              .required = JOINT,
              .meaning = "The fairness range: leaving it opens the terms again."),
    HS_MEMBER(hs_agreement, practice, HS_FIELD_OBJECT, .shape = &hs_practice_shape,
              .meaning = "What is shared in practice, asked again from time to time."),
    HS_MEMBER(hs_agreement, forums, HS_FIELD_LIST, .shape = &FORUM_SHAPE, .low = 1, .high = 10,
              .required = ALLIANCE, .meaning = "Who meets how often."),
    HS_MEMBER(hs_agreement, first_review, HS_FIELD_DATE, .required = MANAGED,
              .meaning = "The day of the first review."),
    HS_MEMBER(hs_agreement, escalation, HS_FIELD_LIST, .shape = &ESCALATION_SHAPE, .low = 1,
              .high = 6, .required = MANAGED,
              .meaning = "Who is asked when the owners do not agree."),
    HS_MEMBER(hs_agreement, disclosure, HS_FIELD_LIST, .shape = &DISCLOSURE_SHAPE, .low = 1,
              .high = 250, .meaning = "How the partner tells its readers that it is paid."),
    HS_MEMBER(hs_agreement, disclosure_check, HS_FIELD_OBJECT, .shape = &DISCLOSURE_CHECK_SHAPE,
              .meaning =
                  "The commitment to look at a sample of places, each month when nothing else is "
                  "said."),
    HS_MEMBER(hs_agreement, creators, HS_FIELD_OBJECT, .shape = &CREATORS_SHAPE,
              .meaning = "For creators: what is fixed and what is free."),
    HS_MEMBER(hs_agreement, data_rules, HS_FIELD_TEXTS, .low = 1, .high = 50, .required = ALLIANCE,
              .meaning = "What each side may do with data of the other."),
    HS_MEMBER(hs_agreement, renegotiation, HS_FIELD_LIST, .shape = &TRIGGER_SHAPE, .low = 1,
              .high = 50, .required = ALLIANCE, .meaning = "What opens the terms again."),
    HS_MEMBER(hs_agreement, change_notice_days, HS_FIELD_INTEGER, .low = 0, .high = 365,
              .fallback = "30",
              .meaning = "Days from the proposal of changed terms to the first day on which they "
                         "hold."),
    HS_MEMBER(hs_agreement, exit, HS_FIELD_OBJECT, .shape = &EXIT_SHAPE, .required = MANAGED,
              .meaning = "How it ends well."),
    HS_MEMBER(hs_agreement, overrides, HS_FIELD_LIST, .shape = &OVERRIDE_SHAPE, .low = 1,
              .high = 50, .meaning = "Which demands were set aside, by whom and why."),
};

const struct hs_shape hs_agreement_shape = HS_SHAPE_OF("agreement", hs_agreement, AGREEMENT);
