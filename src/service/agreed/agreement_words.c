/* An agreement in sentences. Nothing is decided here; what is said is what the terms do. */
#include "service/agreed/agreement_words.h"

#include "base/time.h"

/* Of one text of the document. */
#define SHOWN_MAX ((size_t)1000)

/* ---- figures ---- */

void hs_percentage_say(struct hs_decimal rate, struct hs_buf *out)
{
  char text[HS_DECIMAL_TEXT];
  struct hs_decimal hundredfold = rate;
  if (hundredfold.scale >= 2)
    hundredfold.scale -= 2;
  else /* at most 1: the digits stay small */
    hundredfold = (struct hs_decimal){rate.digits * (rate.scale == 1 ? 10 : 100), 0};
  hs_decimal_format(hundredfold, text);
  hs_buf_printf(out, "%s %%", text);
}

void hs_money_say(const struct hs_terms *terms, int64_t amount_minor, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, terms->currency}, text);
  hs_buf_add_text(out, text);
}

void hs_rate_say(const struct hs_terms *terms, const struct hs_rate *rate, struct hs_buf *out)
{
  if (rate->structure == HS_STRUCTURE_FLAT)
    hs_money_say(terms, rate->flat_minor, out);
  else
    hs_percentage_say(rate->percentage, out);
}

/* ---- rules ---- */

static const char *const EVENT_WORDS[] = {"an order", "a lead", "a click", "an event"};
static const char *const ITEM_WORDS = "each piece of an item";
static const char *const BASE_WORDS[] = {"what was paid without tax, shipping and discount",
                                         "what was paid", "the margin"};
static const char *const PERIOD_WORDS[] = {"a day", "a week", "a month", "in all"};
static const char *const CUSTOMER_WORDS[] = {"", " of new customers", " of returning customers"};

static void say_list(const char *before, const struct hs_list *list, struct hs_buf *out)
{
  const struct hs_str *items = list->items;
  for (size_t i = 0; i < list->count; i++) {
    hs_buf_add_text(out, i == 0 ? before : i + 1 == list->count ? " or " : ", ");
    hs_buf_add_shown(out, items[i], SHOWN_MAX);
  }
}

static void say_conditions(const struct hs_terms *terms, const struct hs_rule *rule,
                           struct hs_buf *out)
{
  const struct hs_conditions *when = &rule->when;
  const struct hs_metadata_condition *metadata = when->metadata.items;
  say_list(" called ", &when->event_names, out);
  hs_buf_add_text(out, CUSTOMER_WORDS[when->customer]);
  say_list(" with the code ", &when->coupons, out);
  say_list(" from ", &when->countries, out);
  say_list(" for ", &when->products, out);
  for (size_t i = 0; i < when->metadata.count; i++) {
    hs_buf_add_text(out, i == 0 ? " where " : " and ");
    hs_buf_add_shown(out, metadata[i].key, SHOWN_MAX);
    say_list(" is ", &metadata[i].values, out);
  }
  if (when->value_min_minor > 0) {
    hs_buf_add_text(out, " of at least ");
    hs_money_say(terms, when->value_min_minor, out);
  }
  if (when->value_max_minor < INT64_MAX) {
    hs_buf_add_text(out, " of at most ");
    hs_money_say(terms, when->value_max_minor, out);
  }
  if (rule->is_first_only)
    hs_buf_add_text(out, ", only a customer's first");
  if (rule->months_max > 0)
    hs_buf_printf(out, ", for %u %s from a customer's first", rule->months_max,
                  hs_plural(rule->months_max, "month", "months"));
}

static void say_tiers(const struct hs_terms *terms, const struct hs_tiers *tiers,
                      struct hs_buf *out)
{
  for (size_t i = 0; i < tiers->count; i++) {
    hs_buf_add_text(out, "; ");
    hs_rate_say(terms, &tiers->tier[i].rate, out);
    if (tiers->measure == HS_TIER_ORDERS) {
      hs_buf_printf(out, " from order %lld %s on", (long long)tiers->tier[i].from,
                    PERIOD_WORDS[tiers->period]);
    } else {
      hs_buf_add_text(out, " from ");
      hs_money_say(terms, tiers->tier[i].from, out);
      hs_buf_printf(out, " %s on", PERIOD_WORDS[tiers->period]);
    }
    if (tiers->is_retroactive)
      hs_buf_add_text(out, ", then for all before as well");
  }
}

void hs_rule_say(const struct hs_terms *terms, const struct hs_rule *rule, struct hs_buf *out)
{
  hs_rate_say(terms, &rule->rate, out);
  if (rule->rate.structure == HS_STRUCTURE_PERCENTAGE)
    hs_buf_printf(out, " of %s", BASE_WORDS[rule->base]);
  hs_buf_printf(out, " for %s",
                rule->level == HS_LEVEL_ITEM ? ITEM_WORDS : EVENT_WORDS[rule->event]);
  say_conditions(terms, rule, out);
  say_tiers(terms, &rule->tiers, out);
  for (size_t p = 0; p < HS_CYCLE_COUNT; p++) {
    if (rule->caps.most_minor[p] == 0)
      continue;
    hs_buf_add_text(out, "; at most ");
    hs_money_say(terms, rule->caps.most_minor[p], out);
    hs_buf_printf(out, " %s", PERIOD_WORDS[p]);
  }
}

/* ---- the agreement ---- */

static void say_line(const char *label, struct hs_str text, struct hs_buf *out)
{
  if (text.data == NULL)
    return;
  hs_buf_printf(out, "%-14s ", label);
  hs_buf_add_shown(out, text, SHOWN_MAX);
  hs_buf_add_char(out, '\n');
}

static void say_measure(const char *label, const struct hs_measure *measure, struct hs_buf *out)
{
  char baseline[HS_DECIMAL_TEXT];
  char target[HS_DECIMAL_TEXT];
  char due[HS_TIME_TEXT];
  if (measure == NULL)
    return;
  hs_decimal_format(measure->baseline, baseline);
  hs_decimal_format(measure->target, target);
  hs_format_day(measure->due, due);
  say_line(label, measure->what, out);
  hs_buf_printf(out, "%-14s from %s to %s ", "", baseline, target);
  hs_buf_add_shown(out, measure->unit, SHOWN_MAX);
  hs_buf_printf(out, " by %s, read from ", due);
  hs_buf_add_shown(out, measure->source, SHOWN_MAX);
  hs_buf_add_char(out, '\n');
}

static void say_exchange(const char *label, const struct hs_list *list, struct hs_buf *out)
{
  const struct hs_exchange *items = list->items;
  for (size_t i = 0; i < list->count; i++)
    say_line(i == 0 ? label : "", items[i].what, out);
}

static void say_side(const struct hs_side *side, struct hs_buf *out)
{
  hs_buf_add_char(out, '\n');
  hs_buf_add_shown(out, side->party, SHOWN_MAX);
  hs_buf_add_char(out, '\n');
  say_line("  needs", side->need, out);
  say_measure("  success", side->success, out);
  say_line("  answers for", side->answers_for, out);
  say_exchange("  gives", &side->gives, out);
  say_exchange("  gets", &side->receives, out);
  if (side->owner != NULL)
    say_line("  owner", side->owner->name, out);
}

static void say_bonus(const struct hs_terms *terms, const struct hs_bonus *bonus,
                      struct hs_buf *out)
{
  hs_buf_add_text(out, "  +  ");
  hs_buf_add_shown(out, bonus->name, SHOWN_MAX);
  hs_buf_add_text(out, ": ");
  hs_money_say(terms, bonus->amount_minor, out);
  hs_buf_add_text(out, " once ");
  if (bonus->measure == HS_TIER_ORDERS)
    hs_buf_printf(out, "%lld orders", (long long)bonus->from);
  else
    hs_money_say(terms, bonus->from, out);
  hs_buf_printf(out, " %s are reached\n", PERIOD_WORDS[bonus->period]);
}

static void say_terms(const struct hs_terms *terms, struct hs_buf *out)
{
  hs_buf_printf(out,
                "\nPays (%u %s from touchpoint to order, %u %s of return period, %u %s to dispute "
                "an amount)\n",
                terms->window_days, hs_plural(terms->window_days, "day", "days"), terms->hold_days,
                hs_plural(terms->hold_days, "day", "days"), terms->dispute_days,
                hs_plural(terms->dispute_days, "day", "days"));
  for (size_t r = 0; r < terms->rule_count; r++) {
    hs_buf_printf(out, "%3d. ", (int)terms->rules[r].rank);
    hs_buf_add_shown(out, terms->rules[r].name, SHOWN_MAX);
    hs_buf_add_text(out, ": ");
    hs_rule_say(terms, &terms->rules[r], out);
    hs_buf_add_char(out, '\n');
  }
  for (size_t b = 0; b < terms->bonus_count; b++)
    say_bonus(terms, &terms->bonuses[b], out);
}

/* ---- what is shared ---- */

static void say_campaign(const struct hs_campaign *campaign, struct hs_buf *out)
{
  if (campaign == NULL)
    return;
  const struct hs_campaign_side *sides = campaign->sides.items;
  hs_buf_add_text(out, "\nCampaign\n");
  say_line("  problem", campaign->problem, out);
  say_line("  audience", campaign->audience, out);
  say_line("  together", campaign->joint_output, out);
  say_line("  neither alone", campaign->neither_alone, out);
  for (size_t s = 0; s < campaign->sides.count; s++) {
    say_line("  brought by", sides[s].party, out);
    say_line("", sides[s].brings, out);
    if (sides[s].test != NULL)
      say_line("  known by", sides[s].test->evidence, out);
  }
}

static void say_step(const struct hs_sharing_step *step, struct hs_buf *out)
{
  static const char *const OF_WORDS[] = {"its costs", "what is left"};
  char most[HS_DECIMAL_TEXT];
  if (step->kind == HS_TEXT_RECOUP) {
    hs_buf_add_text(out, "costs come back first");
    if (step->party.data != NULL)
      hs_buf_add_text(out, ", those of ");
    hs_buf_add_shown(out, step->party, SHOWN_MAX);
  } else {
    hs_buf_add_shown(out, step->party, SHOWN_MAX);
    hs_buf_add_text(out, " comes first with ");
    if (step->rate.scale >= 0) {
      hs_percentage_say(step->rate, out);
      hs_buf_printf(out, " of %s", OF_WORDS[step->of]);
    }
    if (step->most.scale >= 0) {
      hs_decimal_format(step->most, most);
      hs_buf_printf(out, "%s%s", step->rate.scale >= 0 ? ", at most " : "", most);
    }
  }
  hs_buf_add_char(out, '\n');
}

static void say_sharing(const struct hs_sharing_text *sharing, struct hs_buf *out)
{
  if (sharing == NULL)
    return;
  const struct hs_sharing_step *steps = sharing->steps.items;
  const struct hs_side_share *shares = sharing->shares.items;
  hs_buf_add_text(out, "\nThe result\n");
  if (sharing->kind == HS_TEXT_KEPT)
    hs_buf_add_text(out, "  each side keeps what it has\n");
  for (size_t i = 0; i < sharing->steps.count; i++) {
    hs_buf_printf(out, "%3zu. ", i + 1);
    say_step(&steps[i], out);
  }
  for (size_t i = 0; i < sharing->shares.count; i++) {
    hs_buf_add_text(out, "  ");
    hs_buf_add_shown(out, shares[i].party, SHOWN_MAX);
    hs_buf_add_text(out, " gets ");
    hs_percentage_say(shares[i].share, out);
    hs_buf_add_text(out, sharing->steps.count > 0 ? " of what is left" : " of it");
    if (shares[i].loss.scale >= 0) {
      hs_buf_add_text(out, " and bears ");
      hs_percentage_say(shares[i].loss, out);
      hs_buf_add_text(out, " of a loss");
    }
    hs_buf_add_char(out, '\n');
  }
}

static void say_fairness(const struct hs_fairness_text *fairness, struct hs_buf *out)
{
  for (size_t i = 0; fairness != NULL && i < fairness->ranges.count; i++) {
    const struct hs_fair_range *range = (const struct hs_fair_range *)fairness->ranges.items + i;
    hs_buf_add_text(out, i == 0 ? "\nFairness range\n  " : "  ");
    hs_buf_add_shown(out, range->party, SHOWN_MAX);
    hs_buf_add_text(out, " has ");
    hs_percentage_say(range->low, out);
    hs_buf_add_text(out, " to ");
    hs_percentage_say(range->high, out);
    hs_buf_add_text(out, " of what both get out of it\n");
  }
}

static void say_decisions(const struct hs_list *list, struct hs_buf *out)
{
  const struct hs_decision_right *decisions = list->items;
  for (size_t i = 0; i < list->count; i++) {
    hs_buf_add_text(out, i == 0 ? "\nWho decides\n  " : "  ");
    hs_buf_add_shown(out, decisions[i].question, SHOWN_MAX);
    hs_buf_add_text(out, ": ");
    hs_buf_add_shown(out, decisions[i].decided_by, SHOWN_MAX);
    if (decisions[i].when_divided.data != NULL)
      hs_buf_add_text(out, "; else ");
    hs_buf_add_shown(out, decisions[i].when_divided, SHOWN_MAX);
    hs_buf_add_char(out, '\n');
  }
}

void hs_agreement_say(const struct hs_agreement_file *file, struct hs_buf *out)
{
  static const char *const WEIGHT_WORDS[] = {"standard offer", "managed agreement", "alliance"};
  static const char *const KIND_WORDS[] = {"affiliate", "co-marketing", "joint venture",
                                           "alliance"};
  const struct hs_agreement *agreement = &file->agreement;
  const struct hs_side *sides = agreement->sides.items;
  hs_buf_add_shown(out, agreement->title, SHOWN_MAX);
  hs_buf_printf(out, "\n%s, %s\n\n", WEIGHT_WORDS[agreement->weight], KIND_WORDS[agreement->kind]);
  say_line("purpose", agreement->purpose, out);
  if (agreement->outcome != NULL)
    say_measure("outcome", agreement->outcome->measure, out);
  if (agreement->intent != NULL) {
    say_line("customers are", agreement->intent->problem, out);
    say_line("when", agreement->intent->moment, out);
    say_line("known by", agreement->intent->evidence, out);
  }
  for (size_t s = 0; s < agreement->sides.count; s++)
    say_side(&sides[s], out);
  say_campaign(agreement->campaign, out);
  say_decisions(&agreement->decisions, out);
  say_sharing(agreement->sharing, out);
  say_fairness(agreement->fairness, out);
  say_terms(&file->terms, out);
}
