#include "service/decide/case_words.h"

#include <math.h>
#include <stdio.h>

#include "service/believe/report_words.h"

void hs_capital_figure(double value, char out[HS_CAPITAL_FIGURE])
{
  char text[HS_FIGURE_TEXT] = "–";
  if (isinf(value))
    (void)snprintf(text, sizeof text, "without end");
  else if (!isnan(value))
    hs_figure(value, !(fabs(value) > 0) || fabs(value) >= 100 ? 0 : fabs(value) < 10 ? 2 : 1, text);
  (void)snprintf(out, HS_CAPITAL_FIGURE, "%s", text);
}

void hs_capital_interval(const struct hs_estimate *estimate, char out[HS_CAPITAL_INTERVAL])
{
  char middle[HS_CAPITAL_FIGURE], low[HS_CAPITAL_FIGURE], high[HS_CAPITAL_FIGURE];
  hs_capital_figure(estimate->middle, middle);
  hs_capital_figure(estimate->low, low);
  hs_capital_figure(estimate->high, high);
  (void)snprintf(out, HS_CAPITAL_INTERVAL, "%s [%s to %s]", middle, low, high);
}

int hs_capital_is_defensible(const struct hs_capital_line *line)
{
  return line->is_measured || line->verdict == HS_CAPITAL_COST_CENTRE ||
         line->verdict == HS_CAPITAL_NEEDS_MORE;
}

enum hs_capital_place hs_capital_place_of(const struct hs_capital_line *line)
{
  return line->verdict == HS_CAPITAL_COST_CENTRE  ? HS_CAPITAL_AT_IDLE
         : line->is_measured                      ? HS_CAPITAL_AT_MEASURED
         : line->verdict == HS_CAPITAL_NEEDS_MORE ? HS_CAPITAL_AT_NEEDS
                                                  : HS_CAPITAL_AT_CONTEXT;
}

void hs_capital_words_source(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_printf(
      out,
      "From %llu orders of %zu customers in %.0f weeks, the ledger and the costs of the "
      "record up to event %llu; %u scenarios, seed %llu. A customer is worth the margin of "
      "%.0f %% of what they buy in %.0f weeks, discounted by %.0f %% a year. Intervals "
      "hold %.0f %%.",
      (unsigned long long)case_->worth.customers.order_count,
      case_->worth.customers.customers.count, case_->worth.customers.weeks,
      (unsigned long long)case_->cursor.sequence, case_->options.draws,
      (unsigned long long)case_->options.seed, 100 * case_->options.margin,
      case_->options.horizon_weeks, 100 * case_->options.discount, 100 * case_->options.level);
}

void hs_capital_words_record(const struct hs_capital_case *case_, struct hs_buf *out)
{
  char cost[HS_CAPITAL_FIGURE], customers[HS_CAPITAL_FIGURE];
  hs_capital_figure(case_->cost, cost);
  hs_capital_figure(case_->tracked_customers, customers);
  hs_buf_printf(
      out,
      "The partnerships cost %s %s so far, fully loaded, and %s new customers are tracked "
      "to them. How many of those would not have come otherwise was measured for %zu of "
      "%zu partners.",
      cost, case_->currency.code, customers, case_->measured_count, case_->partner_count);
}

static void words_cost_centre(const struct hs_capital_case *case_,
                              const struct hs_capital_line *line, struct hs_buf *out)
{
  const struct hs_idle *idle = &line->idle;
  char cost[HS_CAPITAL_FIGURE], subscribers[HS_CAPITAL_FIGURE];
  hs_capital_figure(line->total, cost);
  hs_capital_figure((double)line->cost.subscribers, subscribers);
  hs_buf_printf(out,
                "a cost centre: activity without sales. %s subscribers, %.0f %s, %s %s spent. "
                "At most %.3f %% of such subscribers order (95 %%, Clopper and Pearson); to pay, ",
                subscribers, line->orders_touched,
                hs_plural_rounded(line->orders_touched, "order", "orders"), cost,
                case_->currency.code, 100 * idle->rate_high);
  if (idle->break_even > 1)
    hs_buf_add_text(out, "more than all of them would have to");
  else
    hs_buf_printf(out, "%.2f %% would have to", 100 * idle->break_even);
  if (idle->p_usual < 1e-6)
    hs_buf_add_text(out,
                    "; if they ordered as subscribers of other partners do, so few orders would "
                    "be less likely than 1 in a million");
  else if (!isnan(idle->p_usual))
    hs_buf_printf(out,
                  "; if they ordered as subscribers of other partners do, so few orders had a "
                  "chance of %.2g",
                  idle->p_usual);
}

static void words_payback(const struct hs_capital_case *case_, const struct hs_estimate *weeks,
                          struct hs_buf *out)
{
  double horizon = case_->options.horizon_weeks;
  if (isinf(weeks->low))
    hs_buf_printf(out, "not paid back within %.0f weeks", horizon);
  else if (isinf(weeks->middle))
    hs_buf_printf(out, "more likely than not never paid back within %.0f weeks, week %.0f at best",
                  horizon, ceil(weeks->low));
  else if (!(weeks->high > 0))
    hs_buf_add_text(out, "paid back by the first order");
  else if (!(weeks->middle > 0) && isinf(weeks->high))
    hs_buf_printf(out, "paid back by the first order [up to not within %.0f weeks]", horizon);
  else if (!(weeks->middle > 0))
    hs_buf_printf(out, "paid back by the first order [up to %.0f weeks]", weeks->high);
  else if (isinf(weeks->high))
    hs_buf_printf(out, "paid back after %.0f weeks [%.0f to not within %.0f]", weeks->middle,
                  weeks->low, horizon);
  else
    hs_buf_printf(out, "paid back after %.0f weeks [%.0f to %.0f]", weeks->middle, weeks->low,
                  weeks->high);
}

/* A part of tracked customers in the words of people. */
static void words_share(const struct hs_range *share, struct hs_buf *out)
{
  hs_buf_printf(out, "Would not have bought otherwise: %.3g of 100 tracked", 100 * share->likely);
  if (share->low < share->high)
    hs_buf_printf(out, " [%.3g to %.3g]", 100 * share->low, 100 * share->high);
  if (share->high > 1)
    hs_buf_add_text(out, ", above 100 for those whom no path shows");
}

void hs_capital_words_evidence(const struct hs_capital_line *line, struct hs_buf *out)
{
  const struct hs_evidence *evidence = &line->evidence;
  if (!line->venture.has_share)
    return;
  if (line->is_measured)
    hs_buf_printf(out, "evidence: %s (grade %s), %s with the verdict \"",
                  hs_grade_word(evidence->grade), hs_grade_name(evidence->grade),
                  hs_evidence_kind_name(evidence->kind));
  else if (evidence->kind != HS_EVIDENCE_NONE)
    hs_buf_printf(out, "not measured, %s: %s with the verdict \"", evidence->because,
                  hs_evidence_kind_name(evidence->kind));
  else {
    hs_buf_add_text(out, "by the plan's word, which nobody can check: ");
    (void)hs_buf_add_shown(out, line->share_source, 200);
    return;
  }
  (void)hs_buf_add_shown(out, evidence->verdict, 60);
  hs_buf_add_text(out, "\", ");
  (void)hs_buf_add_shown(out, evidence->path, 200);
  hs_buf_printf(out, ", SHA-256 %.12s…; ", evidence->sha256.data);
  (void)hs_buf_add_shown(out, line->share_source, 200);
}

/* What a partner whose share is said costs and brings, customer by customer and in all. */
static void words_with_share(const struct hs_capital_case *case_,
                             const struct hs_capital_line *line, struct hs_buf *out)
{
  const struct hs_venture_economics *e = &line->economics;
  char each[HS_CAPITAL_INTERVAL], value[HS_CAPITAL_INTERVAL], ratio[HS_CAPITAL_INTERVAL];
  char net[HS_CAPITAL_INTERVAL], tracked[HS_CAPITAL_FIGURE];
  const char *code = case_->currency.code;
  hs_capital_interval(&e->cost_each, each);
  hs_capital_interval(&e->value, value);
  hs_capital_interval(&e->value_to_cost, ratio);
  hs_capital_interval(&e->net, net);
  hs_capital_figure(e->cost_each_tracked, tracked);
  if (line->verdict == HS_CAPITAL_PAYS)
    hs_buf_printf(out, "pays, in %.0f of 100 scenarios", 100 * e->p_pays);
  else if (line->verdict == HS_CAPITAL_LOSES)
    hs_buf_printf(out, "does not pay: it would in %.0f of 100 scenarios", 100 * e->p_pays);
  else
    hs_buf_printf(out, "cannot tell yet: it pays in %.0f of 100 scenarios", 100 * e->p_pays);
  hs_buf_printf(
      out,
      ". A customer that it caused costs %s %s (%s for each tracked one) and is worth %s, "
      "%s times that; ",
      each, code, tracked, value, ratio);
  words_payback(case_, &e->payback_weeks, out);
  hs_buf_printf(out, ". Net %s %s. ", net, code);
  words_share(&line->venture.share, out);
  hs_buf_add_text(out, "; ");
  hs_capital_words_evidence(line, out);
}

static void words_without_share(const struct hs_capital_line *line, struct hs_buf *out)
{
  const struct hs_estimate *needed = &line->economics.share_needed;
  char interval[HS_CAPITAL_INTERVAL];
  hs_capital_interval(needed, interval);
  if (line->verdict == HS_CAPITAL_NEEDS_MORE && isinf(needed->middle))
    hs_buf_add_text(out, "does not pay by what is tracked: no new customer came through it; "
                         "customers that no path shows could change that");
  else if (line->verdict == HS_CAPITAL_NEEDS_MORE)
    hs_buf_printf(out,
                  "does not pay by what is tracked, were every one of its customers caused by it: "
                  "%s times as many would be needed; customers that no path shows could change "
                  "that",
                  interval);
  else if (needed->middle > 1)
    hs_buf_printf(out,
                  "depends: it pays if it caused at least %s customers for each tracked one, which "
                  "nobody measured",
                  interval);
  else
    hs_buf_printf(out,
                  "depends: it pays if at least %.0f of 100 tracked customers [%.0f to %.0f] would "
                  "not have bought otherwise, which nobody measured",
                  100 * needed->middle, 100 * needed->low, fmin(100 * needed->high, 9999));
}

void hs_capital_words_needs(const struct hs_capital_line *line, struct hs_buf *out)
{
  char interval[HS_CAPITAL_INTERVAL];
  hs_capital_interval(&line->economics.share_needed, interval);
  if (isinf(line->economics.share_needed.middle))
    hs_buf_add_text(out, "none came");
  else
    hs_buf_printf(out, "%s times", interval);
}

void hs_capital_words_line(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                           struct hs_buf *out)
{
  switch (line->verdict) {
  case HS_CAPITAL_COST_CENTRE:
    words_cost_centre(case_, line, out);
    return;
  case HS_CAPITAL_PAYS:
  case HS_CAPITAL_LOSES:
  case HS_CAPITAL_CANNOT_TELL:
    words_with_share(case_, line, out);
    return;
  case HS_CAPITAL_NEEDS_MORE:
  case HS_CAPITAL_IT_DEPENDS:
    words_without_share(line, out);
    return;
  case HS_CAPITAL_NO_COST:
    hs_buf_add_text(out, "nothing is known to have been spent on it");
    return;
  }
}

void hs_capital_words_item(const struct hs_capital_case *case_, enum hs_plan_item item,
                           struct hs_buf *out)
{
  const struct hs_plan_entry *entry = &case_->options.plan.items[item];
  const struct hs_range *r = &entry->range;
  hs_buf_printf(out, "%s: ", hs_plan_meaning(item));
  if (isnan(r->likely))
    hs_buf_add_text(out, item == HS_PLAN_PAID_SHARE ? "nobody says; anything from 0 to 1"
                         : item == HS_PLAN_PAID_SPEND || item == HS_PLAN_PAID_CUSTOMERS
                             ? "as the record has it"
                             : "nobody says");
  else if (r->low < r->high)
    hs_buf_printf(out, "%g to %g, most likely %g", r->low, r->high, r->likely);
  else
    hs_buf_printf(out, "%g", r->likely);
  if (entry->is_given) {
    hs_buf_add_text(out, " (");
    (void)hs_buf_add_shown(out, entry->source, 200);
    hs_buf_add_char(out, ')');
  } else if (!isnan(r->likely))
    hs_buf_add_text(out, " (assumed here; nobody's word)");
}

void hs_capital_words_limits(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out,
                  "Tracked customers are those in whose first order a channel has a part. A "
                  "partner may cause customers that no path shows; where its share is "
                  "known, that is in it, and may be above 1. Partners are weighed one by one "
                  "and may replace or strengthen each other. What a partner sells to customers who "
                  "were there before is in no value, and its commission is in the cost. Hours "
                  "without an amount count only "
                  "at hour_cost.");
  if (case_->options.margin >= 1)
    hs_buf_add_text(out,
                    " Nobody said what is left of an order's value (--margin): here a customer's "
                    "value is revenue.");
  if (case_->costs.stopped.data != NULL)
    hs_buf_printf(out, " Commissions are not up to date: %.*s.", HS_STR_ARG(case_->costs.stopped));
}
