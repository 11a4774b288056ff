#include "service/decide/case_words.h"

#include <math.h>
#include <stdio.h>

#include "service/believe/report_words.h"

void hs_capital_figure(double value, char out[HS_CAPITAL_FIGURE])
{
  char text[HS_FIGURE_TEXT] = "–";
  if (isinf(value))
    (void)snprintf(text, sizeof text, "no end");
  else if (!isnan(value))
    hs_figure(value, fabs(value) < 10 ? 2 : fabs(value) < 100 ? 1 : 0, text);
  (void)snprintf(out, HS_CAPITAL_FIGURE, "%s", text);
}

int hs_capital_is_defensible(const struct hs_capital_line *line)
{
  return line->venture.has_share || line->verdict == HS_CAPITAL_COST_CENTRE ||
         line->verdict == HS_CAPITAL_NEEDS_MORE;
}

/* Figures of one sentence. */
struct figures {
  char middle[HS_CAPITAL_FIGURE], low[HS_CAPITAL_FIGURE], high[HS_CAPITAL_FIGURE];
};

static struct figures figures_of(const struct hs_estimate *estimate)
{
  struct figures f;
  hs_capital_figure(estimate->middle, f.middle);
  hs_capital_figure(estimate->low, f.low);
  hs_capital_figure(estimate->high, f.high);
  return f;
}

void hs_capital_words_source(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_printf(out,
                "From %llu orders of %zu customers in %.0f weeks, the ledger and the costs of the "
                "record up to event %llu; %u worlds, seed %llu. A customer is worth the margin of "
                "%.0f %% of what they buy in %.0f weeks, discounted by %.0f %% a year. Intervals "
                "hold %.0f %%.",
                (unsigned long long)case_->worth.customers.order_count,
                case_->worth.customers.customers.count, case_->worth.customers.weeks,
                (unsigned long long)case_->cursor.sequence, case_->options.draws,
                (unsigned long long)case_->options.seed, 100 * case_->options.margin,
                case_->options.horizon_weeks, 100 * case_->options.discount,
                100 * case_->options.level);
}

void hs_capital_words_record(const struct hs_capital_case *case_, struct hs_buf *out)
{
  char cost[HS_CAPITAL_FIGURE], customers[HS_CAPITAL_FIGURE];
  hs_capital_figure(case_->cost, cost);
  hs_capital_figure(case_->tracked_customers, customers);
  hs_buf_printf(out,
                "The partnerships cost %s %s, fully loaded, and %s new customers are tracked to "
                "them. What was caused and not only tracked is measured for %zu of them.",
                cost, case_->currency.code, customers, case_->measured_count);
}

void hs_capital_words_times(const struct hs_capital_case *case_, const struct hs_choice *choice,
                            struct hs_buf *out)
{
  struct figures f = figures_of(&choice->times_dearer);
  if (isnan(choice->times_dearer.middle)) {
    hs_buf_add_text(out,
                    case_->paid == SIZE_MAX
                        ? "What this audience would cost through paid channels cannot be said: "
                          "the record holds no cost and customers of a paid channel, and the "
                          "plan gives none (paid.spend, paid.new_customers)."
                        : "What this audience would cost through paid channels cannot be said "
                          "from what was measured: nobody measured how many customers of paid "
                          "channels would have come anyway (paid.incremental_share).");
    return;
  }
  hs_buf_printf(out,
                "This audience would cost %s times as much through paid channels [%s to %s]: the "
                "same incremental customers at what a paid one costs, over what the partnerships "
                "cost.",
                f.middle, f.low, f.high);
}

void hs_capital_words_paid(const struct hs_capital_case *case_, const struct hs_choice *choice,
                           struct hs_buf *out)
{
  struct figures partners = figures_of(&choice->partners), paid = figures_of(&choice->paid);
  struct figures each = figures_of(&choice->paid_cost_each);
  char flip[HS_CAPITAL_FIGURE];
  double years = case_->options.plan.items[HS_PLAN_YEARS].range.likely;
  if (isnan(choice->p_over_paid)) {
    hs_buf_printf(out,
                  "Over %g years the partnerships bring %s %s [%s to %s] net, in present value.",
                  years, partners.middle, case_->currency.code, partners.low, partners.high);
    return;
  }
  hs_capital_figure(choice->paid_flip, flip);
  hs_buf_printf(out,
                "Over %g years the partnerships bring %s %s [%s to %s] net, in present value; the "
                "same customers through paid channels %s [%s to %s]. The partnerships are better "
                "in %.0f of 100 worlds. It flips where an incremental paid customer costs %s than "
                "%s; now one costs %s [%s to %s].",
                years, partners.middle, case_->currency.code, partners.low, partners.high,
                paid.middle, paid.low, paid.high, 100 * choice->p_over_paid,
                choice->p_over_paid < 0.5 ? "more" : "less", flip, each.middle, each.low,
                each.high);
}

void hs_capital_words_build(const struct hs_capital_case *case_, const struct hs_choice *choice,
                            struct hs_buf *out)
{
  struct figures build = figures_of(&choice->build);
  if (!hs_plan_has_build(&case_->options.plan)) {
    hs_buf_add_text(out, "Building it ourselves is not weighed: the plan does not say what that "
                         "takes (build.once, build.yearly, build.months, build.new_customers).");
    return;
  }
  hs_buf_printf(out,
                "Building it ourselves brings %s %s [%s to %s] net; the partnerships are better in "
                "%.0f of 100 worlds. ",
                build.middle, case_->currency.code, build.low, build.high,
                100 * choice->p_over_build);
  if (isnan(choice->switch_over_flip))
    hs_buf_add_text(out, "That does not flip, whatever part of the partners' customers would come "
                         "through what we build (switch-over, 0 to 100 %).");
  else
    hs_buf_printf(out,
                  "It flips when %.0f %% of the partners' customers would come through what we "
                  "build (switch-over).",
                  100 * choice->switch_over_flip);
}

static void words_cost_centre(const struct hs_capital_case *case_,
                              const struct hs_capital_line *line, struct hs_buf *out)
{
  const struct hs_idle *idle = &line->idle;
  char cost[HS_CAPITAL_FIGURE];
  hs_capital_figure(line->total, cost);
  hs_buf_printf(out,
                "a cost centre: activity and no sales. %llu subscribers, %.0f orders, %s %s spent. "
                "At most %.3f %% of such subscribers order (95 %%, Clopper and Pearson); to pay, ",
                (unsigned long long)line->cost.subscribers, line->orders_touched, cost,
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

/* What a partner whose share was measured costs and brings, customer by customer and in all. */
static void words_measured(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                           struct hs_buf *out)
{
  const struct hs_venture_economics *e = &line->economics;
  const struct hs_range *share = &line->venture.share;
  struct figures each = figures_of(&e->cost_each), value = figures_of(&e->value);
  struct figures ratio = figures_of(&e->value_to_cost), weeks = figures_of(&e->payback_weeks);
  struct figures net = figures_of(&e->net);
  const char *code = case_->currency.code;
  hs_buf_printf(out,
                "%s in %.0f of 100 worlds. A customer that it caused costs %s %s [%s to %s] and is "
                "worth %s [%s to %s], %s times that [%s to %s]; ",
                line->verdict == HS_CAPITAL_PAYS    ? "it pays,"
                : line->verdict == HS_CAPITAL_LOSES ? "it does not pay: it would"
                                                    : "cannot be told: it pays",
                100 * e->p_pays, each.middle, code, each.low, each.high, value.middle, value.low,
                value.high, ratio.middle, ratio.low, ratio.high);
  if (isinf(e->payback_weeks.low))
    hs_buf_add_text(out, "not paid back within the horizon. ");
  else
    hs_buf_printf(out, "paid back after weeks: %s [%s to %s]. ", weeks.middle, weeks.low,
                  weeks.high);
  hs_buf_printf(out, "Net %s %s [%s to %s]. Incremental share %g to %g, most likely %g (",
                net.middle, code, net.low, net.high, share->low, share->high, share->likely);
  (void)hs_buf_add_shown(out, line->share_source, 200);
  hs_buf_add_char(out, ')');
}

void hs_capital_words_line(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                           struct hs_buf *out)
{
  struct figures needed = figures_of(&line->economics.share_needed);
  double share = line->economics.share_needed.middle;
  switch (line->verdict) {
  case HS_CAPITAL_COST_CENTRE:
    words_cost_centre(case_, line, out);
    return;
  case HS_CAPITAL_PAYS:
  case HS_CAPITAL_LOSES:
  case HS_CAPITAL_CANNOT_TELL:
    words_measured(case_, line, out);
    return;
  case HS_CAPITAL_NEEDS_MORE:
    hs_buf_printf(
        out,
        "does not pay by its tracked customers, were every one of them caused: %s times as "
        "many would be needed [%s to %s]; customers that no path shows could change that",
        needed.middle, needed.low, needed.high);
    return;
  case HS_CAPITAL_IT_DEPENDS:
    hs_buf_printf(out,
                  "depends: it pays if at least %.0f %% [%.0f to %.0f] of its tracked customers "
                  "would not have come otherwise, which nobody measured",
                  100 * share, 100 * line->economics.share_needed.low,
                  100 * fmin(line->economics.share_needed.high, 99.99));
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
                  "partner may cause customers that no path shows; where its share was "
                  "measured, that is in it, and may be above 1. Partners are weighed one by one "
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
