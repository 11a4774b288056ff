/* The tables of campaigns, of what joint ventures and alliances share, and of practice. */
#include "agreement/agreement_shape_priv.h"

static const char *const SHARINGS[] = {"kept", "shares", "waterfall", NULL};
static const char *const COMMISSIONS[] = {"on_account", "first", NULL};
static const char *const STEP_KINDS[] = {"recoup", "preferred", NULL};
static const char *const STEP_OF[] = {"costs", "left", NULL};

/* ---- a campaign of co-marketing ---- */

static const struct hs_field BASELINE[] = {
    HS_MEMBER(hs_baseline, what, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What is counted."),
    HS_MEMBER(hs_baseline, unit, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "In which unit."),
    HS_MEMBER(hs_baseline, figure, HS_FIELD_DECIMAL, .required = HS_ALWAYS,
              .meaning = "How much of it the side reaches alone."),
    HS_MEMBER(hs_baseline, source, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Where that was read."),
};
HS_SHAPE(BASELINE_SHAPE, "baseline", hs_baseline, BASELINE);

static const struct hs_field TEST[] = {
    HS_MEMBER(hs_practical_test, cross_purchase, HS_FIELD_DECIMAL, .high = 1,
              .meaning = "The part of this side's customers who buy what the other side offers "
                         "already, here or elsewhere."),
    HS_MEMBER(hs_practical_test, overlap, HS_FIELD_DECIMAL, .high = 1,
              .meaning =
                  "The part of this side's customers who are customers of the other as well."),
    HS_MEMBER(hs_practical_test, evidence, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "How that is known, or the word \"guessing\"."),
};
HS_SHAPE(TEST_SHAPE, "practical_test", hs_practical_test, TEST);

static const struct hs_field CAMPAIGN_SIDE[] = {
    HS_MEMBER(hs_campaign_side, party, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The company, as it stands under parties."),
    HS_MEMBER(hs_campaign_side, credibility, HS_FIELD_TEXT, .required = CAMPAIGN,
              .meaning = "Why customers believe it from this brand."),
    HS_MEMBER(hs_campaign_side, brings, HS_FIELD_TEXT, .required = CAMPAIGN,
              .meaning = "What this side brings."),
    HS_MEMBER(hs_campaign_side, baseline, HS_FIELD_OBJECT, .shape = &BASELINE_SHAPE,
              .required = CAMPAIGN, .meaning = "What this side reaches alone."),
    HS_MEMBER(hs_campaign_side, budget, HS_FIELD_DECIMAL, .high = 1, .required = CAMPAIGN,
              .meaning = "Its part of the budget."),
    HS_MEMBER(hs_campaign_side, test, HS_FIELD_OBJECT, .shape = &TEST_SHAPE, .required = CAMPAIGN,
              .meaning =
                  "Whether its customers would value the other's offer without the campaign."),
};
HS_SHAPE(CAMPAIGN_SIDE_SHAPE, "campaign_side", hs_campaign_side, CAMPAIGN_SIDE);

static const struct hs_field TASK[] = {
    HS_MEMBER(hs_task, what, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What is to be done."),
    HS_MEMBER(hs_task, party, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "By which company."),
    HS_MEMBER(hs_task, owner, HS_FIELD_TEXT, .required = CAMPAIGN, .meaning = "By whom."),
    HS_MEMBER(hs_task, due, HS_FIELD_DATE, .required = CAMPAIGN, .meaning = "By which day."),
};
HS_SHAPE(TASK_SHAPE, "task", hs_task, TASK);

static const struct hs_field FUND[] = {
    HS_MEMBER(hs_fund, what, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "What it is for."),
    HS_MEMBER(hs_fund, party, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Who pays it."),
    HS_MEMBER(hs_fund, amount, HS_FIELD_DECIMAL, .high = INT32_MAX, .required = HS_ALWAYS,
              .meaning = "At most so much, in the currency of the terms."),
    HS_MEMBER(hs_fund, requested_by, HS_FIELD_TEXT, .meaning = "Who asked for it."),
    HS_MEMBER(hs_fund, approved_by, HS_FIELD_TEXT, .meaning = "Who granted it."),
    HS_MEMBER(hs_fund, approved_on, HS_FIELD_DATE, .meaning = "When."),
    HS_MEMBER(hs_fund, proof, HS_FIELD_TEXT, .required = CAMPAIGN,
              .meaning = "What has to be shown when it is claimed."),
    HS_MEMBER(hs_fund, claim_until, HS_FIELD_DATE, .meaning = "Until when it can be claimed."),
};
HS_SHAPE(FUND_SHAPE, "fund", hs_fund, FUND);

static const struct hs_field CAMPAIGN_FIELDS[] = {
    HS_MEMBER(hs_campaign, problem, HS_FIELD_TEXT, .required = CAMPAIGN,
              .meaning = "What the campaign helps customers with."),
    HS_MEMBER(hs_campaign, audience, HS_FIELD_TEXT, .required = CAMPAIGN, .meaning = "Which ones."),
    HS_MEMBER(hs_campaign, sides, HS_FIELD_LIST, .shape = &CAMPAIGN_SIDE_SHAPE, .low = 1,
              .high = 12, .required = CAMPAIGN, .meaning = "Each side's part in it."),
    HS_MEMBER(hs_campaign, joint_output, HS_FIELD_TEXT, .required = CAMPAIGN,
              .meaning = "What both make together."),
    HS_MEMBER(hs_campaign, neither_alone, HS_FIELD_TEXT, .required = CAMPAIGN,
              .meaning = "Which part of it neither side could have made alone."),
    HS_MEMBER(hs_campaign, tasks, HS_FIELD_LIST, .shape = &TASK_SHAPE, .low = 1, .high = 200,
              .required = CAMPAIGN, .meaning = "Who does what by when."),
    HS_MEMBER(hs_campaign, funds, HS_FIELD_LIST, .shape = &FUND_SHAPE, .low = 1, .high = 50,
              .meaning = "Money for it: asked for, granted, claimed with a proof."),
};
const struct hs_shape hs_campaign_shape = HS_SHAPE_OF("campaign", hs_campaign, CAMPAIGN_FIELDS);

/* ---- joint ventures and alliances ---- */

static const struct hs_field SHARED_COST[] = {
    HS_MEMBER(hs_shared_cost, what, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "For what."),
    HS_MEMBER(hs_shared_cost, paid_by, HS_FIELD_TEXT, .required = JOINT,
              .meaning = "Who pays first."),
    HS_MEMBER(hs_shared_cost, budget, HS_FIELD_DECIMAL, .high = INT32_MAX, .required = JOINT,
              .meaning = "At most so much in a year, in the currency of the terms."),
};
const struct hs_shape hs_shared_cost_shape =
    HS_SHAPE_OF("shared_cost", hs_shared_cost, SHARED_COST);

static const struct hs_field RESOURCE[] = {
    HS_MEMBER(hs_resource, what, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "People, machines, rights, channels."),
    HS_MEMBER(hs_resource, party, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Whose it is."),
    HS_MEMBER(hs_resource, committed, HS_FIELD_TEXT, .required = JOINT,
              .meaning = "How much of it, and for how long."),
};
const struct hs_shape hs_resource_shape = HS_SHAPE_OF("resource", hs_resource, RESOURCE);

static const struct hs_field DECISION_RIGHT[] = {
    HS_MEMBER(hs_decision_right, question, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What is decided."),
    HS_MEMBER(hs_decision_right, decided_by, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "By which company, or the word \"both\"."),
    HS_MEMBER(hs_decision_right, when_divided, HS_FIELD_TEXT, .required = JOINT,
              .meaning = "What holds while they do not agree."),
};
const struct hs_shape hs_decision_right_shape =
    HS_SHAPE_OF("decision_right", hs_decision_right, DECISION_RIGHT);

static const struct hs_field SIDE_SHARE[] = {
    HS_MEMBER(hs_side_share, party, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The company."),
    HS_MEMBER(hs_side_share, share, HS_FIELD_DECIMAL, .high = 1, .required = HS_ALWAYS,
              .meaning = "Its part of the result; all parts together are 1."),
    HS_MEMBER(hs_side_share, loss, HS_FIELD_DECIMAL, .high = 1,
              .meaning = "Its part of a loss; as its part of the result when absent."),
};
HS_SHAPE(SIDE_SHARE_SHAPE, "side_share", hs_side_share, SIDE_SHARE);

static const struct hs_field SHARING_STEP[] = {
    HS_MEMBER(hs_sharing_step, kind, HS_FIELD_WORD, .words = STEP_KINDS, .required = HS_ALWAYS,
              .meaning =
                  "recoup: costs come back first; preferred: a part comes before the others."),
    HS_MEMBER(hs_sharing_step, party, HS_FIELD_TEXT,
              .meaning = "To which company; a recoup without one is for all, in proportion."),
    HS_MEMBER(hs_sharing_step, of, HS_FIELD_WORD, .words = STEP_OF, .fallback = "left",
              .meaning =
                  "What the rate of a preferred part is taken of: its costs, or what is left."),
    HS_MEMBER(hs_sharing_step, rate, HS_FIELD_DECIMAL, .high = 100,
              .meaning = "Of a preferred part, such as \"8%\"."),
    HS_MEMBER(hs_sharing_step, most, HS_FIELD_DECIMAL, .high = INT32_MAX,
              .meaning = "Of a preferred part: at most so much, or the amount itself."),
};
HS_SHAPE(SHARING_STEP_SHAPE, "sharing_step", hs_sharing_step, SHARING_STEP);

static const struct hs_field SHARING[] = {
    HS_MEMBER(hs_sharing_text, kind, HS_FIELD_WORD, .words = SHARINGS, .required = HS_ALWAYS,
              .meaning =
                  "kept: each side keeps what it has; shares: the result is divided; waterfall: "
                  "step by step, and what is left is divided."),
    HS_MEMBER(hs_sharing_text, commissions, HS_FIELD_WORD, .words = COMMISSIONS,
              .fallback = "on_account",
              .meaning = "on_account: commissions are a part of a side's share; first: they come "
                         "besides it."),
    HS_MEMBER(hs_sharing_text, shares, HS_FIELD_LIST, .shape = &SIDE_SHARE_SHAPE, .low = 2,
              .high = 12, .meaning = "Each side's part."),
    HS_MEMBER(hs_sharing_text, steps, HS_FIELD_LIST, .shape = &SHARING_STEP_SHAPE, .low = 1,
              .high = 24, .meaning = "What comes before the parts, in this order."),
};
const struct hs_shape hs_sharing_shape = HS_SHAPE_OF("sharing", hs_sharing_text, SHARING);

static const struct hs_field FAIR_RANGE[] = {
    HS_MEMBER(hs_fair_range, party, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The company."),
    HS_MEMBER(hs_fair_range, low, HS_FIELD_DECIMAL, .high = 1, .required = HS_ALWAYS,
              .meaning = "At least this part of what all get out of it."),
    HS_MEMBER(hs_fair_range, high, HS_FIELD_DECIMAL, .high = 1, .required = HS_ALWAYS,
              .meaning = "At most this part."),
};
HS_SHAPE(FAIR_RANGE_SHAPE, "fair_range", hs_fair_range, FAIR_RANGE);

static const struct hs_field FAIRNESS[] = {
    HS_MEMBER(hs_fairness_text, ranges, HS_FIELD_LIST, .shape = &FAIR_RANGE_SHAPE, .low = 2,
              .high = 12, .required = HS_ALWAYS, .meaning = "Each side's range."),
    HS_MEMBER(hs_fairness_text, window, HS_FIELD_INTEGER, .low = 0, .high = 120, .fallback = "12",
              .meaning = "Months looked back on; 0 for all."),
    HS_MEMBER(hs_fairness_text, least, HS_FIELD_INTEGER, .low = 1, .high = 120, .fallback = "3",
              .meaning = "Months that it takes before anything is said."),
};
const struct hs_shape hs_fairness_shape = HS_SHAPE_OF("fairness", hs_fairness_text, FAIRNESS);

/* ---- in practice ---- */

static const struct hs_field ANSWER[] = {
    HS_NAMED(hs_practice_answer, is_shared, "shared", HS_FIELD_FLAG, .required = HS_ALWAYS,
             .meaning = "Whether both sides share it."),
    HS_MEMBER(hs_practice_answer, evidence, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "By what one sees that; the word \"guessing\" where nobody has looked."),
};
HS_SHAPE(ANSWER_SHAPE, "practice_answer", hs_practice_answer, ANSWER);

static const struct hs_field PRACTICE[] = {
    HS_MEMBER(hs_practice, assets, HS_FIELD_OBJECT, .shape = &ANSWER_SHAPE,
              .meaning = "What both put in: customers, data, brands, rights, channels."),
    HS_MEMBER(hs_practice, expertise, HS_FIELD_OBJECT, .shape = &ANSWER_SHAPE,
              .meaning = "What people of both know and teach each other."),
    HS_MEMBER(hs_practice, risks, HS_FIELD_OBJECT, .shape = &ANSWER_SHAPE,
              .meaning = "Who loses what when it fails."),
    HS_MEMBER(hs_practice, rewards, HS_FIELD_OBJECT, .shape = &ANSWER_SHAPE,
              .meaning = "Who gains when it works."),
    HS_MEMBER(hs_practice, control, HS_FIELD_OBJECT, .shape = &ANSWER_SHAPE,
              .meaning = "Who decides."),
};
const struct hs_shape hs_practice_shape = HS_SHAPE_OF("practice", hs_practice, PRACTICE);
