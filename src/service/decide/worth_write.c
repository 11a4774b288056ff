/* Customers of a programme by channel: JSON for machines, tables for people. */
#include "service/decide/lifetime_write.h"
#include "service/decide/worth.h"
#include "service/json_member.h"
#include "service/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* qsort_r's context: partners before channels of our own, more customers first. */
static int by_customers(const void *left, const void *right, void *context)
{
  const struct hs_worth_of_customers *worth = context;
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  const struct hs_channel_facts *facts = worth->customers.analysis.facts;
  if (facts[a].is_partner != facts[b].is_partner)
    return facts[b].is_partner - facts[a].is_partner;
  if (worth->acquired[a] < worth->acquired[b] || worth->acquired[a] > worth->acquired[b])
    return worth->acquired[a] < worth->acquired[b] ? 1 : -1;
  return a < b ? -1 : 1;
}

static uint32_t *in_order(const struct hs_worth_of_customers *worth, struct hs_buf *out)
{
  size_t count = worth->customers.analysis.channel_count;
  uint32_t *order = hs_arena_alloc_raw(out->arena, count, sizeof *order);
  for (size_t i = 0; order && i < count; i++)
    order[i] = (uint32_t)i;
  if (order)
    qsort_r(order, count, sizeof *order, by_customers,
            (void *)(uintptr_t)worth); /* which it only reads */
  else
    out->is_bad = 1;
  return order;
}

static void json_channel(const struct hs_worth_of_customers *worth, uint32_t c, struct hs_buf *out)
{
  const struct hs_partner_seen *seen = &worth->seen[c];
  const struct hs_partner_worth *w = &worth->worth[c];
  const struct hs_estimate *value = &worth->value[c];
  hs_buf_add_text(out, "{\"channel\":");
  hs_buf_add_json(out, worth->customers.analysis.channels[c]);
  hs_json_text(out, "title", worth->titles[c]);
  hs_buf_printf(out, ",\"partner\":%s",
                worth->customers.analysis.facts[c].is_partner ? "true" : "false");
  hs_json_number(out, "customers", worth->acquired[c]);
  hs_json_number(out, "repeats", seen->repeats);
  hs_json_number(out, "repeats_expected", seen->expected);
  hs_json_number(out, "rate", w->rate_shape / w->rate_rate);
  hs_json_number(out, "mean_spend", seen->spend);
  hs_json_number(out, "spend_factor", w->spend_factor);
  hs_buf_add_text(out, ",\"value\":{");
  hs_json_number(out, "middle", value->middle);
  hs_json_number(out, "low", value->low);
  hs_json_number(out, "high", value->high);
  hs_buf_add_text(out, "}}");
}

void hs_worth_json(const struct hs_worth_of_customers *worth, struct hs_buf *out)
{
  uint32_t *order = in_order(worth, out);
  hs_buf_add_char(out, '{');
  hs_lifetime_json(&worth->lifetime, out);
  hs_buf_add_text(out, ",\"unit\":\"week\"");
  hs_json_number(out, "weeks", worth->customers.weeks);
  hs_json_number(out, "orders", (double)worth->customers.order_count);
  hs_json_number(out, "orders_of_nobody", (double)worth->customers.nobodys_orders);
  hs_json_number(out, "rate_spread", worth->pool.spread);
  hs_json_number(out, "spend_spread", worth->pool.spend_spread);
  hs_json_number(out, "dispersion", worth->pool.dispersion);
  hs_buf_add_text(out, ",\"channels\":[");
  for (size_t i = 0; order && i < worth->customers.analysis.channel_count; i++) {
    hs_buf_add_text(out, i ? "," : "");
    json_channel(worth, order[i], out);
  }
  hs_buf_add_text(out, "]}\n");
}

static void text_channel(const struct hs_worth_of_customers *worth, uint32_t c, struct hs_buf *out)
{
  const struct hs_estimate *value = &worth->value[c];
  const struct hs_partner_worth *w = &worth->worth[c];
  char interval[48];
  size_t shown = hs_buf_add_shown(out, worth->titles[c], 20);
  (void)snprintf(interval, sizeof interval, "[%.2f, %.2f]", value->low, value->high);
  hs_buf_printf(out, "%*s %9.1f %9.1f %9.1f %7.2f %7.2f %9.2f %20s\n", (int)(20 - shown), "",
                worth->acquired[c], worth->seen[c].repeats, worth->seen[c].expected,
                w->rate_shape / w->rate_rate, w->spend_factor, value->middle, interval);
}

static void csv_channel(const struct hs_worth_of_customers *worth, uint32_t c, struct hs_buf *out)
{
  const struct hs_partner_worth *w = &worth->worth[c];
  const double numbers[] = {worth->acquired[c],      worth->seen[c].repeats,
                            worth->seen[c].expected, w->rate_shape / w->rate_rate,
                            w->spend_factor,         worth->value[c].middle,
                            worth->value[c].low,     worth->value[c].high};
  hs_buf_add_csv_safe(out, worth->customers.analysis.channels[c]);
  hs_buf_add_char(out, ',');
  hs_buf_add_csv_safe(out, worth->titles[c]);
  hs_buf_printf(out, ",%s", worth->customers.analysis.facts[c].is_partner ? "true" : "false");
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    hs_buf_add_char(out, ',');
    if (isfinite(numbers[i]))
      hs_buf_add_double(out, numbers[i]);
  }
  hs_buf_add_text(out, "\r\n");
}

void hs_worth_csv(const struct hs_worth_of_customers *worth, struct hs_buf *out)
{
  uint32_t *order = in_order(worth, out);
  hs_buf_add_text(out, "channel,title,partner,customers,repeats,repeats_expected,rate,spend_factor,"
                       "value,low,high\r\n");
  for (size_t i = 0; order && i < worth->customers.analysis.channel_count; i++)
    csv_channel(worth, order[i], out);
}

static void words_channels(const struct hs_worth_of_customers *worth, struct hs_buf *out)
{
  hs_buf_printf(
      out,
      "By the channels of a customer's first order, each with an equal share of the customer. Rate "
      "and spend are against all customers, drawn to their mean by how few there are (rates differ "
      "by %.2f among channels, spends by %.2f; single customers scatter %.1f times as Poisson).",
      worth->pool.spread, worth->pool.spend_spread, worth->pool.dispersion);
}

static void html_channel(const struct hs_worth_of_customers *worth, uint32_t c, struct hs_buf *out)
{
  const struct hs_partner_worth *w = &worth->worth[c];
  const struct hs_estimate *value = &worth->value[c];
  hs_buf_add_text(out, "<tr>");
  hs_page_cell(worth->titles[c], out);
  hs_buf_printf(out,
                "<td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.2f</td><td>%.2f</td><td>%.2f</td>"
                "<td>%.2f to %.2f</td></tr>\n",
                worth->acquired[c], worth->seen[c].repeats, worth->seen[c].expected,
                w->rate_shape / w->rate_rate, w->spend_factor, value->middle, value->low,
                value->high);
}

void hs_worth_html(const struct hs_worth_of_customers *worth, struct hs_buf *out)
{
  uint32_t *order = in_order(worth, out);
  struct hs_buf words = hs_buf_in(out->arena);
  hs_lifetime_html_begin(&worth->lifetime, HS_STR("weeks"), out);
  hs_buf_add_text(out, "<h2>By channel</h2>\n");
  words_channels(worth, &words);
  hs_page_paragraph(&words, NULL, out);
  hs_buf_add_text(out, "<div class=\"wide\"><table><thead><tr><th>channel</th><th>customers</th>"
                       "<th>repeats</th><th>expected</th><th>rate</th><th>spend</th><th>value</th>"
                       "<th>interval</th></tr></thead><tbody>\n");
  for (size_t i = 0; order && i < worth->customers.analysis.channel_count; i++)
    html_channel(worth, order[i], out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
  if (worth->customers.nobodys_orders > 0)
    hs_buf_printf(out, "<p>%llu orders name no person and are in none of this.</p>\n",
                  (unsigned long long)worth->customers.nobodys_orders);
  hs_page_end(out);
}

void hs_worth_text(const struct hs_worth_of_customers *worth, int width, struct hs_buf *out)
{
  uint32_t *order = in_order(worth, out);
  struct hs_buf words = hs_buf_in(out->arena);
  hs_lifetime_text(&worth->lifetime, HS_STR("weeks"), width, out);
  hs_buf_add_char(out, '\n');
  words_channels(worth, &words);
  hs_buf_fail_with(out, &words);
  hs_buf_add_wrapped(out, hs_buf_str(&words), (size_t)width, 0);
  hs_buf_printf(out, "\n%-20s %9s %9s %9s %7s %7s %9s %20s\n", "channel", "customers", "repeats",
                "expected", "rate", "spend", "value", "interval");
  for (size_t i = 0; order && i < worth->customers.analysis.channel_count; i++)
    text_channel(worth, order[i], out);
  if (worth->customers.nobodys_orders > 0) {
    hs_buf_add_char(out, '\n');
    hs_text_sentence(out, width, 0, "%llu orders name no person and are in none of this.",
                     (unsigned long long)worth->customers.nobodys_orders);
  }
}
