/* The first portfolio page as one JSON object. Amounts are minor units; what the sample is too
   small for is null. */
#include "service/json_member.h"
#include "service/start/start_words.h"

static void sums(const struct hs_start_sums *sums, struct hs_buf *out)
{
  hs_buf_printf(out, "\"orders\":%llu", (unsigned long long)sums->orders);
  hs_json_count(out, "orders_pending", sums->orders_pending);
  hs_json_integer(out, "sales_minor", sums->sales_minor);
  hs_json_integer(out, "earned_minor", sums->earned_minor);
  hs_json_integer(out, "reversed_minor", sums->reversed_minor);
  hs_json_integer(out, "net_minor", hs_start_net(sums));
  hs_json_integer(out, "pending_minor", sums->pending_minor);
  hs_json_integer(out, "approved_minor", sums->approved_minor);
  hs_json_integer(out, "paid_minor", sums->paid_minor);
  hs_json_moment(out, "first_order_at", sums->orders > 0 ? sums->first_us : INT64_MIN);
  hs_json_moment(out, "last_order_at", sums->orders > 0 ? sums->last_us : INT64_MIN);
  hs_json_moment(out, "oldest_pending_at", sums->oldest_pending_us);
  hs_json_count(out, "orders_recent", sums->orders_recent);
  hs_json_count(out, "orders_before", sums->orders_before);
  hs_json_integer(out, "net_recent_minor", sums->net_recent_minor);
  hs_json_integer(out, "net_before_minor", sums->net_before_minor);
  hs_buf_printf(out, ",\"reversal\":{\"orders\":%llu,\"of_decided\":%llu",
                (unsigned long long)sums->reversal.count, (unsigned long long)sums->reversal.of);
  hs_json_number(out, "share", sums->reversal.share);
  hs_json_number(out, "low", sums->reversal.low);
  hs_json_number(out, "high", sums->reversal.high);
  hs_buf_printf(out, "},\"days_to_approval\":{\"commissions\":%llu",
                (unsigned long long)sums->approval_days.of);
  hs_json_number(out, "mean", sums->approval_days.mean);
  hs_json_number(out, "low", sums->approval_days.low);
  hs_json_number(out, "high", sums->approval_days.high);
  hs_buf_add_char(out, '}');
}

static void partner(const struct hs_start *start, const struct hs_start_partner *one,
                    struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "partner", one->name);
  hs_json_text(out, "partner_id", one->id);
  hs_json_number(out, "commission_share", one->commission_share);
  hs_buf_printf(out, ",\"is_dormant\":%s,", one->is_dormant ? "true" : "false");
  sums(&one->sums, out);
  hs_buf_add_text(out, ",\"net_by_month_minor\":[");
  for (size_t i = 0; i < start->month_count; i++)
    hs_buf_printf(out, "%s%lld", i == 0 ? "" : ",", (long long)one->month_net_minor[i]);
  hs_buf_add_text(out, "]}");
}

static void months(const struct hs_start *start, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"months\":[");
  for (size_t i = 0; i < start->month_count; i++) {
    const struct hs_start_month *month = &start->months[i];
    hs_buf_printf(out, "%s{\"month\":\"%04d-%02d\"", i == 0 ? "" : ",", month->year, month->month);
    hs_json_count(out, "orders", month->orders);
    hs_json_count(out, "partners", month->partners);
    hs_json_integer(out, "sales_minor", month->sales_minor);
    hs_json_integer(out, "net_minor", month->net_minor);
    hs_buf_printf(out, ",\"is_cut\":%s}", month->is_cut ? "true" : "false");
  }
  hs_buf_add_char(out, ']');
}

static void left_out(const struct hs_start *start, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"left_out\":{\"rejected\":%llu", (unsigned long long)start->rows_rejected);
  hs_json_count(out, "repeated", start->rows_repeated);
  hs_json_count(out, "other_currencies", start->rows_other);
  hs_buf_add_text(out, ",\"by_currency\":{");
  for (size_t i = 0; i < start->other_count; i++)
    hs_buf_printf(out, "%s\"%s\":%llu", i == 0 ? "" : ",", start->others[i].currency.code,
                  (unsigned long long)start->others[i].rows);
  hs_buf_add_text(out, "}}");
}

static void known(const struct hs_start *start, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"rows_with\":{\"amount\":%llu",
                (unsigned long long)start->rows_with_amount);
  hs_json_count(out, "order_id", start->rows_with_order);
  hs_json_count(out, "customer", start->rows_with_customer);
  hs_json_count(out, "coupon", start->rows_with_coupon);
  hs_json_count(out, "click_time", start->rows_with_click);
  hs_buf_add_char(out, '}');
}

static void unknowns(struct hs_buf *out)
{
  const struct hs_start_unknown *all = hs_start_unknowns();
  hs_buf_add_text(out, ",\"cannot_tell\":[");
  for (const struct hs_start_unknown *one = all; one->question != NULL; one++) {
    hs_buf_add_text(out, one == all ? "{" : ",{");
    hs_json_text(out, "question", hs_str_of(one->question));
    hs_json_text(out, "why", hs_str_of(one->why));
    hs_json_text(out, "it_takes", hs_str_of(one->instead));
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

void hs_start_json(const struct hs_start *start, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "network", hs_str_of(start->network != NULL ? start->network->name : NULL));
  hs_buf_printf(out, ",\"currency\":\"%s\"", start->currency.code);
  hs_json_count(out, "commissions", start->rows);
  left_out(start, out);
  known(start, out);
  hs_buf_add_text(out, ",\"all\":{");
  sums(&start->all, out);
  hs_buf_printf(out, "},\"has_trend\":%s", hs_start_has_trend(start) ? "true" : "false");
  hs_buf_printf(out, ",\"concentration\":{\"partners_for_half\":%zu", start->half_count);
  hs_json_number(out, "top_share", start->top_share);
  hs_json_number(out, "top_three_share", start->top_three_share);
  hs_json_number(out, "effective_partners", start->effective_partners);
  hs_buf_add_char(out, '}');
  hs_json_count(out, "shared_orders", start->shared_orders);
  hs_buf_add_text(out, ",\"partners\":[");
  for (size_t i = 0; i < start->partner_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    partner(start, &start->partners[i], out);
  }
  hs_buf_add_char(out, ']');
  months(start, out);
  unknowns(out);
  hs_buf_add_text(out, "}\n");
}
