#include <math.h>
#include <string.h>

#include "service/believe/lines_show.h"
#include "service/believe/report_words.h"
#include "service/json_member.h"

static void range(struct hs_buf *out, const char *name, double low, double high)
{
  hs_json_key(out, name);
  hs_buf_add_char(out, '{');
  hs_json_number(out, "low", low);
  hs_json_number(out, "high", high);
  hs_buf_add_char(out, '}');
}

/* What the period's activity cost, in money and hours. */
static void spending(struct hs_buf *out, int64_t cost_minor, int has_other_currency_cost,
                     double hours)
{
  hs_json_key(out, "cost_minor");
  hs_buf_printf(out, "%lld", (long long)cost_minor);
  hs_json_flag(out, "cost_in_other_currencies", has_other_currency_cost);
  hs_json_number(out, "hours", hours);
}

static void add_line(const struct hs_report_line *line, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "name", line->name);
  hs_json_text(out, "title", line->title);
  hs_json_flag(out, "partner", line->is_partner);
  hs_json_flag(out, "insufficient", line->is_insufficient);
  hs_json_key(out, "rank");
  if (line->rank == 0)
    hs_buf_add_text(out, "null");
  else
    hs_buf_printf(out, "%u", line->rank);
  hs_json_number(out, "revenue", line->revenue);
  range(out, "sampling", line->revenue_low, line->revenue_high);
  hs_json_number(out, "orders", line->orders);
  hs_json_number(out, "share", line->share);
  hs_json_number(out, "converting_journeys", line->converting_journeys);
  range(out, "models", line->model_low, line->model_high);
  if (!isnan(line->model_low)) {
    hs_json_text(out, "model_low", hs_str_of(hs_model_name(line->model_low_kind)));
    hs_json_text(out, "model_high", hs_str_of(hs_model_name(line->model_high_kind)));
  }
  range(out, "if_unseen", line->loss_low, line->loss_high);
  hs_json_count(out, "orders_joined", line->orders_joined);
  hs_json_number(out, "claim_revenue", line->claim_revenue);
  hs_json_count(out, "claim_orders", line->claim_orders);
  hs_json_number(out, "favourite_revenue", line->favourite_revenue);
  hs_json_count(out, "touchpoints", line->touches);
  hs_json_count(out, "ids", line->persons);
  hs_json_count(out, "leads", line->leads);
  hs_json_count(out, "impressions", line->impressions);
  hs_json_count(out, "subscribers", line->subscribers);
  hs_json_count(out, "reach", line->reach);
  spending(out, line->cost_minor, line->has_other_currency_cost, line->hours);
  hs_buf_add_char(out, '}');
}

static void add_idle(const struct hs_report *report, const struct hs_report_idle *idle,
                     struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "name", idle->name);
  hs_json_count(out, "subscribers", idle->subscribers);
  hs_json_count(out, "impressions", idle->impressions);
  hs_json_count(out, "reach", idle->reach);
  spending(out, idle->cost_minor, idle->has_other_currency_cost, idle->hours);
  hs_json_moment(out, "last_order_at", idle->last_order_us);
  hs_json_count(out, "days", (uint64_t)report->options.activity_days);
  hs_buf_add_char(out, '}');
}

static void add_totals(const struct hs_report *report, struct hs_buf *out)
{
  const struct hs_journey_stats *stats = &report->analysis.stats;
  hs_json_key(out, "totals");
  hs_buf_add_char(out, '{');
  hs_json_number(out, "revenue_with_path", report->revenue_with_path);
  hs_json_number(out, "revenue_without_path", report->revenue_without_path);
  hs_json_number(out, "revenue_with_partner", report->sold_to_partners);
  hs_json_count(out, "orders_with_path", stats->orders_with_path);
  hs_json_count(out, "orders_without_path", stats->orders_without_path);
  hs_json_count(out, "orders_other_currency", stats->orders_other_currency);
  hs_json_count(out, "orders_taken_back", stats->orders_taken_back);
  hs_json_count(out, "refunds_order_unknown", report->stray_refunds.order_unknown);
  hs_json_count(out, "refunds_other_currency", report->stray_refunds.other_currency);
  hs_json_count(out, "orders_joined", stats->orders_joined);
  hs_json_count(out, "journeys_without_order", stats->journeys_without_order);
  hs_json_count(out, "touchpoints", stats->touches);
  hs_json_count(out, "touchpoints_automatic", stats->touches_automatic);
  hs_json_count(out, "conflicts", report->conflict_count);
  hs_buf_add_char(out, '}');
}

static void add_paths(const struct hs_report *report, struct hs_buf *out)
{
  const struct hs_analysis *paths = &report->paths;
  hs_json_key(out, "imported_paths");
  hs_buf_add_text(out, "{\"models\":[");
  for (size_t m = 0; paths->credits != NULL && m < paths->model_count; m++) {
    hs_buf_printf(out, "%s{\"model\":\"%s\",\"credits\":[", m == 0 ? "" : ",",
                  hs_model_name(paths->credits[m].model.kind));
    for (size_t i = 0; i < paths->channel_count; i++) {
      const struct hs_credit *credit = &paths->credits[m].channels[i];
      hs_buf_add_text(out, i == 0 ? "{" : ",{");
      hs_json_text(out, "channel", paths->channels[i]);
      hs_json_number(out, "conversions", credit->conversions);
      hs_json_number(out, "low", credit->conversions_low);
      hs_json_number(out, "high", credit->conversions_high);
      hs_json_number(out, "value", credit->value);
      hs_json_flag(out, "insufficient", credit->is_insufficient);
      hs_buf_add_char(out, '}');
    }
    hs_buf_add_text(out, "]}");
  }
  hs_buf_add_char(out, ']');
  hs_json_number(out, "conversions", paths->sample.conversions);
  hs_json_number(out, "value", paths->sample.value);
  hs_json_number(out, "nulls", paths->sample.nulls);
  hs_buf_add_char(out, '}');
}

static void amount(struct hs_buf *out, const char *name, int64_t amount_minor)
{
  hs_json_key(out, name);
  hs_buf_printf(out, "%lld", (long long)amount_minor);
}

static void add_money(const struct hs_report_money *money, struct hs_buf *out)
{
  hs_json_key(out, "money_owed");
  hs_buf_add_char(out, '{');
  hs_json_flag(out, "signed", money->is_signed);
  hs_json_text(out, "stopped", money->stopped);
  hs_json_moment(out, "as_of", money->as_of_us == INT64_MAX ? INT64_MIN : money->as_of_us);
  hs_json_key(out, "lines");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < money->owed_count; i++) {
    const struct hs_report_owed *owed = &money->owed[i];
    hs_buf_add_text(out, i == 0 ? "{" : ",\n{");
    hs_json_text(out, "partner", owed->partner);
    hs_json_text(out, "title", owed->title);
    hs_json_text(out, "currency", hs_str_of(owed->currency.code));
    amount(out, "in_return_period_minor", owed->pending_minor);
    amount(out, "owed_minor", owed->payable_minor);
    amount(out, "under_investigation_minor", owed->disputed_minor);
    amount(out, "to_be_set_off_minor", owed->receivable_minor);
    amount(out, "paid_in_period_minor", owed->paid_minor);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "]}");
}

void hs_report_json(const struct hs_report *report, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "view", HS_STR("trackable"));
  hs_json_text(out, "period", report->options.period_name);
  hs_json_moment(out, "from", report->options.period.from_us);
  hs_json_moment(out, "until", report->options.period.until_us);
  hs_json_text(out, "time_zone", hs_str_of(report->zone_name));
  hs_json_text(out, "currency", hs_str_of(report->currency.code));
  hs_json_text(out, "model", hs_str_of(hs_model_name(report->options.headline)));
  hs_json_number(out, "level", report->options.level);
  hs_json_count(out, "look_back_days", (uint64_t)(report->options.look_back_us / HS_DAY_US));
  hs_json_count(out, "sequence", report->cursor.sequence);
  hs_json_number(out, "unseen_share", report->loss_share);
  hs_json_flag(out, "unseen_share_assumed", report->is_loss_assumed);
  hs_json_number(out, "claimed_against_sold", report->claimed_ratio);
  hs_json_number(out, "favourites_against_sold", report->favourite_ratio);
  if (report->analysis.refused != NULL)
    hs_json_text(out, "refused_because", hs_str_of(report->analysis.refused));
  add_totals(report, out);
  hs_json_key(out, "lines");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < report->line_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",\n");
    add_line(&report->lines[i], out);
  }
  hs_buf_add_char(out, ']');
  hs_json_key(out, "activity_without_sales_yet");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < report->idle_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    add_idle(report, &report->idle[i], out);
  }
  hs_buf_add_char(out, ']');
  if (report->paths.credits != NULL)
    add_paths(report, out);
  add_money(&report->money, out);
  hs_json_key(out, "influence");
  hs_lines_json(&report->beyond, out);
  hs_json_key(out, "honesty");
  hs_partners_json_object(&report->meeting, out);
  hs_buf_add_text(out, "}\n");
}

/* ---- CSV ---- */

static void field(struct hs_buf *out, double value)
{
  hs_buf_add_char(out, ',');
  if (isfinite(value))
    hs_buf_add_double(out, value);
}

void hs_report_csv(const struct hs_report *report, struct hs_buf *out)
{
  hs_buf_add_text(
      out,
      "name,title,partner,rank,insufficient,currency,revenue,revenue_low,revenue_high,orders,share,"
      "converting_journeys,model_low,model_high,if_unseen_low,if_unseen_high,claim_revenue,claim_"
      "orders,"
      "orders_joined,touchpoints,leads,impressions,subscribers,reach,cost_minor,hours,cost_in_"
      "other_currencies\n");
  for (size_t i = 0; i < report->line_count; i++) {
    const struct hs_report_line *line = &report->lines[i];
    hs_buf_add_csv_safe(out, line->name);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv_safe(out, line->title);
    hs_buf_printf(out, ",%d,", line->is_partner);
    if (line->rank > 0)
      hs_buf_printf(out, "%u", line->rank);
    hs_buf_printf(out, ",%d,%s", line->is_insufficient, report->currency.code);
    const double figures[] = {line->revenue,   line->revenue_low,  line->revenue_high,
                              line->orders,    line->share,        line->converting_journeys,
                              line->model_low, line->model_high,   line->loss_low,
                              line->loss_high, line->claim_revenue};
    for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
      field(out, figures[k]);
    const uint64_t counts[] = {line->claim_orders, line->orders_joined, line->touches, line->leads,
                               line->impressions,  line->subscribers,   line->reach};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
      hs_buf_printf(out, ",%llu", (unsigned long long)counts[k]);
    hs_buf_printf(out, ",%lld", (long long)line->cost_minor);
    field(out, line->hours);
    hs_buf_printf(out, ",%d\n", line->has_other_currency_cost);
  }
}
