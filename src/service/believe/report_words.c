#include "service/believe/report_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "measure/bounds.h"

static void group(const char *plain, char out[HS_FIGURE_TEXT])
{
  size_t used = 0;
  size_t digits = strspn(plain + (plain[0] == '-'), "0123456789");
  const char *p = plain;
  if (*p == '-')
    out[used++] = *p++;
  for (size_t left = digits; left > 0 && used + 2 < HS_FIGURE_TEXT; left--) {
    out[used++] = *p++;
    if (left > 1 && left % 3 == 1)
      out[used++] = ',';
  }
  while (*p != '\0' && used + 1 < HS_FIGURE_TEXT)
    out[used++] = *p++;
  out[used] = '\0';
}

void hs_figure(double value, int digits, char out[HS_FIGURE_TEXT])
{
  char plain[HS_FIGURE_TEXT];
  if (!isfinite(value) || fabs(value) > 1e15) {
    memcpy(out, "–", sizeof "–");
    return;
  }
  (void)snprintf(plain, sizeof plain, "%.*f", digits, value);
  /* What rounds to nothing has no sign. */
  int is_nothing = plain[strspn(plain, "-0.")] == '\0';
  group(is_nothing && plain[0] == '-' ? plain + 1 : plain, out);
}

void hs_figure_of_any_size(double value, char out[HS_FIGURE_TEXT])
{
  int digits = 3;
  for (double size = fabs(value); digits > 0 && size >= 10; size /= 10)
    digits--;
  for (double size = fabs(value); digits >= 3 && digits < 12 && size > 0 && size < 1; size *= 10)
    digits++;
  hs_figure(value, digits, out);
  if (digits == 0 || strchr(out, '.') == NULL)
    return;
  size_t length = strlen(out);
  while (out[length - 1] == '0')
    length--;
  out[out[length - 1] == '.' ? length - 1 : length] = '\0';
}

void hs_figure_interval(double figure, double low, double high, char out[HS_FIGURE_INTERVAL_TEXT])
{
  char middle[HS_FIGURE_TEXT];
  char from[HS_FIGURE_TEXT];
  char to[HS_FIGURE_TEXT];
  hs_figure_of_any_size(figure, middle);
  hs_figure_of_any_size(low, from);
  hs_figure_of_any_size(high, to);
  if (isnan(figure) || isnan(low))
    (void)snprintf(out, HS_FIGURE_INTERVAL_TEXT, "%s", middle);
  else
    (void)snprintf(out, HS_FIGURE_INTERVAL_TEXT, "%s [%s, %s]", middle, from, to);
}

void hs_figure_orders(double orders, char out[HS_FIGURE_TEXT])
{
  hs_figure(orders, fabs(orders) < 9.95 ? 1 : 0, out);
}

void hs_figure_range(double low, double high, char out[HS_FIGURE_RANGE_TEXT])
{
  char from[HS_FIGURE_TEXT];
  char to[HS_FIGURE_TEXT];
  hs_figure(low, 0, from);
  hs_figure(high, 0, to);
  if (isnan(low) || isnan(high))
    memcpy(out, "–", sizeof "–");
  else
    (void)snprintf(out, HS_FIGURE_RANGE_TEXT, "%s–%s", from, to);
}

void hs_figure_share(double share, char out[HS_FIGURE_TEXT])
{
  if (isnan(share))
    memcpy(out, "–", sizeof "–");
  else
    (void)snprintf(out, HS_FIGURE_TEXT, "%.*f %%", fabs(share) < 0.0995 ? 1 : 0, share * 100);
}

const char *hs_model_title(enum hs_model_kind kind)
{
  static const char *const TITLES[HS_MODEL_KIND_COUNT] = {
      [HS_MODEL_FIRST] = "first touch",
      [HS_MODEL_LAST] = "last touch",
      [HS_MODEL_LAST_NON_DIRECT] = "last non-direct touch",
      [HS_MODEL_LINEAR] = "linear",
      [HS_MODEL_POSITION] = "position",
      [HS_MODEL_DECAY] = "time decay",
      [HS_MODEL_SHAPLEY] = "equal shares (Shapley)",
      [HS_MODEL_MARKOV] = "Markov chain",
      [HS_MODEL_HAZARD] = "additive hazard"};
  return TITLES[kind];
}

int hs_report_has_only_paths(const struct hs_report *report)
{
  return report->path_line_count > 0 && report->line_count == 0 &&
         report->analysis.stats.orders_without_path == 0;
}

int hs_report_is_seen(const struct hs_report_line *line)
{
  return line->claim_orders > 0 || line->touches > 0;
}

static const char *code_of(const struct hs_report *report) { return report->currency.code; }

void hs_words_period(const struct hs_report *report, struct hs_buf *out)
{
  char from[HS_TIME_TEXT];
  char until[HS_TIME_TEXT];
  if (hs_report_has_only_paths(report)) {
    hs_buf_printf(out,
                  "Only imported paths stand in this programme, and they carry no dates; model: "
                  "%s, intervals at %.0f %%",
                  hs_model_title(report->options.headline), report->options.level * 100);
    return;
  }
  long long look_back = (long long)(report->options.look_back_us / HS_DAY_US);
  hs_format_time_in(report->zone, report->options.period.from_us, from);
  hs_format_time_in(report->zone, report->options.period.until_us - 1, until);
  hs_buf_printf(out,
                "%.10s to %.10s (%s), attributed revenue in %s by %s, look-back %lld %s, "
                "intervals at %.0f %%",
                from, until, report->zone_name, code_of(report),
                hs_model_title(report->options.headline), look_back,
                hs_plural((uint64_t)look_back, "day", "days"), report->options.level * 100);
}

void hs_words_claims(const struct hs_report *report, struct hs_buf *out)
{
  char sold[HS_FIGURE_TEXT];
  hs_figure(report->sold_to_partners, 0, sold);
  if (isnan(report->claimed_ratio))
    hs_buf_add_text(
        out, "No order of this period has a partner in its path, so there is nothing to claim.");
  else
    hs_buf_printf(out,
                  "Partners together could claim %.1f times what was sold: each order counted in "
                  "full for everyone who "
                  "touched it, against %s %s sold with a partner in the path.",
                  report->claimed_ratio, sold, code_of(report));
}

void hs_words_favourites(const struct hs_report *report, struct hs_buf *out)
{
  if (!isnan(report->favourite_ratio))
    hs_buf_printf(
        out,
        "If each partner chose the model that favours it most, they would claim %.2f times that.",
        report->favourite_ratio);
}

void hs_words_untracked(const struct hs_report *report, struct hs_buf *out)
{
  char revenue[HS_FIGURE_TEXT];
  char share[HS_FIGURE_TEXT];
  char orders[HS_FIGURE_TEXT];
  double total = report->revenue_with_path + report->revenue_without_path;
  hs_figure(report->revenue_without_path, 0, revenue);
  hs_figure_share(total > 0 ? report->revenue_without_path / total : (double)NAN, share);
  hs_figure((double)report->analysis.stats.orders_without_path, 0, orders);
  hs_buf_printf(
      out, "%s %s of revenue (%s, %s %s) has no touchpoint behind it: nobody is given it here.",
      revenue, code_of(report), share, orders,
      hs_plural(report->analysis.stats.orders_without_path, "order", "orders"));
}

void hs_words_loss(const struct hs_report *report, struct hs_buf *out)
{
  char share[HS_FIGURE_TEXT];
  hs_figure_share(report->loss_share, share);
  hs_buf_printf(out,
                "If %s of touchpoints were not seen, a partner's true figure lies within the "
                "bounds \"if unseen\"; that "
                "share %s.",
                share,
                report->is_loss_assumed
                    ? "is not known: it is set to the share of revenue without a path"
                    : "was given for this report");
}

void hs_words_joined(const struct hs_report *report, struct hs_buf *out)
{
  const struct hs_journey_stats *stats = &report->analysis.stats;
  char joined[HS_FIGURE_TEXT];
  char all[HS_FIGURE_TEXT];
  double share = hs_share_on_joins((double)stats->orders_joined, (double)stats->orders_with_path);
  char text[HS_FIGURE_TEXT];
  hs_figure_share(share, text);
  hs_figure((double)stats->orders_joined, 0, joined);
  hs_figure((double)stats->orders_with_path, 0, all);
  hs_buf_printf(
      out,
      "%s of %s %s with a path (%s) %s on joined customers: without the evidence that "
      "joins their ids, %s.",
      joined, all, hs_plural(stats->orders_with_path, "order", "orders"), text,
      hs_plural(stats->orders_joined, "rests", "rest"),
      hs_plural(stats->orders_joined, "its path would be another", "their paths would be others"));
}

/* Nothing recorded is not known to be nothing. */
static void add_cost(const struct hs_report *report, const struct hs_report_idle *idle,
                     struct hs_buf *out)
{
  char cost[HS_MONEY_TEXT];
  const char *before = ", cost ";
  if (idle->cost_minor != 0) {
    hs_money_format_grouped((struct hs_money){idle->cost_minor, report->currency}, cost);
    hs_buf_printf(out, "%s%s", before, cost);
    before = " and ";
  }
  if (idle->has_other_currency_cost) {
    hs_buf_printf(out, "%smoney of other currencies", before);
    before = " and ";
  }
  if (idle->hours > 0)
    hs_buf_printf(out, "%s%.0f %s", before, idle->hours,
                  hs_plural_rounded(idle->hours, "hour", "hours"));
  else if (before[0] == ',')
    hs_buf_add_text(out, ", no cost recorded");
}

void hs_words_idle(const struct hs_report *report, const struct hs_report_idle *idle,
                   struct hs_buf *out)
{
  const struct {
    uint64_t count;
    const char *one, *many;
  } figures[] = {{idle->subscribers, "subscriber", "subscribers"},
                 {idle->impressions, "impression", "impressions"},
                 {idle->reach, "reach", "reach"}};
  char text[HS_FIGURE_TEXT];
  int is_first = 1;
  hs_buf_add_str(out, idle->title);
  for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
    if (figures[i].count == 0)
      continue;
    hs_figure((double)figures[i].count, 0, text);
    hs_buf_printf(out, "%s %s %s", is_first ? ":" : ",", text,
                  hs_plural(figures[i].count, figures[i].one, figures[i].many));
    is_first = 0;
  }
  hs_buf_printf(out, ", no order in %d %s", (int)report->options.activity_days,
                hs_plural((uint64_t)report->options.activity_days, "day", "days"));
  add_cost(report, idle, out);
}

void hs_words_left_out(const struct hs_report *report, struct hs_buf *out)
{
  const struct hs_journey_stats *stats = &report->analysis.stats;
  const struct {
    uint64_t count;
    const char *one, *many;
  } left[] = {
      {stats->orders_other_currency, "order in another currency", "orders in other currencies"},
      {stats->orders_taken_back, "order that was taken back whole",
       "orders that were taken back whole"},
      {report->stray_refunds.order_unknown, "refund that names an order that is not here",
       "refunds that name an order that is not here"},
      {report->stray_refunds.other_currency, "refund in another currency than its order",
       "refunds in another currency than their orders"},
      {stats->touches_automatic, "touchpoint of automatic traffic",
       "touchpoints of automatic traffic"},
      {report->conflict_count, "event that contradicts an earlier one",
       "events that contradict earlier ones"},
      {report->analysis.persons.shared_visitor_count, "shared device, which joins nobody",
       "shared devices, which join nobody"},
      {report->analysis.persons.shared_customer_count, "shared account, which joins nobody",
       "shared accounts, which join nobody"},
  };
  int is_first = 1;
  for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
    if (left[i].count == 0)
      continue;
    char text[HS_FIGURE_TEXT];
    hs_figure((double)left[i].count, 0, text);
    hs_buf_printf(out, "%s%s %s", is_first ? "Left out: " : ", ", text,
                  hs_plural(left[i].count, left[i].one, left[i].many));
    is_first = 0;
  }
  if (!is_first)
    hs_buf_add_char(out, '.');
}

void hs_words_source(const struct hs_report *report, struct hs_buf *out)
{
  char made[HS_TIME_TEXT];
  hs_format_time_in(report->zone, report->made_at_us, made);
  hs_buf_printf(
      out, "Made %s from the record up to entry %llu; the events behind every figure: hansa sql.",
      made, (unsigned long long)report->cursor.sequence);
}

void hs_words_limits(const struct hs_report *report, struct hs_buf *out)
{
  hs_buf_printf(out,
                "The interval is that of sampling alone (which customers happened to come). The "
                "choice of model, touchpoints that were not seen and joined customers are stated "
                "beside it and not in it. No figure here says what would have happened without a "
                "partner. In front stands the model of %s. %s",
                hs_model_title(report->options.headline),
                hs_model_meaning(report->options.headline));
}
