#include "service/start/start_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void hs_start_figure(const struct hs_start *start, int64_t amount_minor, char out[HS_MONEY_TEXT])
{
  hs_money_format_grouped((struct hs_money){amount_minor, start->currency}, out);
  out[strcspn(out, " ")] = '\0';
}

void hs_start_figure_share(const struct hs_start_share *share, char out[HS_FIGURE_RANGE_TEXT])
{
  int length = snprintf(out, HS_FIGURE_RANGE_TEXT, "%llu of %llu", (unsigned long long)share->count,
                        (unsigned long long)share->of);
  if (!isnan(share->share))
    (void)snprintf(out + length, HS_FIGURE_RANGE_TEXT - (size_t)length, ", %.0f–%.0f %%",
                   100 * share->low, 100 * share->high);
}

void hs_start_figure_days(const struct hs_start_mean *mean, char out[HS_FIGURE_RANGE_TEXT])
{
  if (isnan(mean->mean))
    (void)snprintf(out, HS_FIGURE_RANGE_TEXT, "– of %llu", (unsigned long long)mean->of);
  else
    (void)snprintf(out, HS_FIGURE_RANGE_TEXT, "%.0f–%.0f of %llu", mean->low, mean->high,
                   (unsigned long long)mean->of);
}

int64_t hs_start_net(const struct hs_start_sums *sums)
{
  return sums->earned_minor - sums->reversed_minor;
}

static void add_money(const struct hs_start *start, int64_t amount_minor, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, start->currency}, text);
  hs_buf_add_text(out, text);
}

static void add_day(int64_t at_us, struct hs_buf *out)
{
  char text[HS_TIME_TEXT];
  hs_format_day(hs_day_of_us(at_us), text);
  hs_buf_add_text(out, text);
}

static void add_count(uint64_t count, const char *one, const char *many, struct hs_buf *out)
{
  char text[HS_FIGURE_TEXT];
  hs_figure((double)count, 0, text);
  hs_buf_printf(out, "%s %s", text, hs_plural(count, one, many));
}

void hs_start_words_source(const struct hs_start *start, struct hs_buf *out)
{
  hs_buf_printf(
      out, "%s: ", start->network != NULL ? start->network->title : "Commissions by our own names");
  add_count(start->rows, "commission", "commissions", out);
  if (start->all.orders > 0) {
    hs_buf_add_text(out, " for orders from ");
    add_day(start->all.first_us, out);
    hs_buf_add_text(out, " to ");
    add_day(start->all.last_us, out);
  }
  hs_buf_printf(out, ", in %s. What the network counts, not what caused it.", start->currency.code);
}

void hs_start_words_left_out(const struct hs_start *start, struct hs_buf *out)
{
  const char *before = "Left out: ";
  if (start->rows_rejected > 0) {
    hs_buf_add_text(out, before);
    add_count(start->rows_rejected, "row that could not be used", "rows that could not be used",
              out);
    before = "; ";
  }
  if (start->rows_repeated > 0) {
    hs_buf_add_text(out, before);
    add_count(start->rows_repeated, "row whose commission stands in the export again",
              "rows whose commission stands in the export again", out);
    before = "; ";
  }
  if (start->rows_other > 0) {
    hs_buf_add_text(out, before);
    add_count(start->rows_other, "row in another currency", "rows in other currencies", out);
    for (size_t i = 0; i < start->other_count; i++)
      hs_buf_printf(out, "%s%s", i == 0 ? " (--in " : ", ", start->others[i].currency.code);
    hs_buf_add_text(out, ")");
    before = "; ";
  }
  if (before[0] == ';')
    hs_buf_add_char(out, '.');
}

void hs_start_words_totals(const struct hs_start *start, struct hs_buf *out)
{
  const struct hs_start_sums *all = &start->all;
  add_count(all->orders, "order", "orders", out);
  hs_buf_add_text(out, " by ");
  add_count(start->partner_count, "partner", "partners", out);
  if (start->rows_with_amount > 0) {
    hs_buf_add_text(out, ", worth ");
    add_money(start, all->sales_minor, out);
    if (start->rows_with_amount < start->rows)
      hs_buf_printf(out, " (an amount stands with %llu of %llu commissions)",
                    (unsigned long long)start->rows_with_amount, (unsigned long long)start->rows);
  }
  hs_buf_add_text(out, ". Commissions: ");
  add_money(start, all->earned_minor, out);
  hs_buf_add_text(out, ", of which ");
  add_money(start, all->reversed_minor, out);
  hs_buf_add_text(out, " was taken back; ");
  add_money(start, all->pending_minor, out);
  hs_buf_add_text(out, " is pending, ");
  add_money(start, all->approved_minor, out);
  hs_buf_add_text(out, " approved and not paid, ");
  add_money(start, all->paid_minor, out);
  hs_buf_add_text(out, " paid.");
  if (start->rows_with_amount == 0)
    hs_buf_add_text(out, " The export does not say what orders were worth.");
}

void hs_start_words_reversal(const struct hs_start *start, struct hs_buf *out)
{
  const struct hs_start_share *share = &start->all.reversal;
  hs_buf_printf(out, "Reversals: %llu of ", (unsigned long long)share->count);
  add_count(share->of, "decided order", "decided orders", out);
  if (isnan(share->share))
    hs_buf_printf(out, "; not enough data for a share (%d needed).", HS_START_SAMPLE_MIN);
  else
    hs_buf_printf(out, ", %.1f %% (%.1f to %.1f %% at %.0f %%).", 100 * share->share,
                  100 * share->low, 100 * share->high, 100 * HS_START_LEVEL);
}

void hs_start_words_approval(const struct hs_start *start, struct hs_buf *out)
{
  const struct hs_start_mean *mean = &start->all.approval_days;
  if (mean->of == 0) {
    hs_buf_add_text(out, "Days to approval: the export does not say when commissions were "
                         "approved.");
    return;
  }
  hs_buf_add_text(out, "Days to approval: ");
  if (isnan(mean->mean)) {
    hs_buf_printf(out, "not enough data (%llu approved %s, %d needed).",
                  (unsigned long long)mean->of, hs_plural(mean->of, "commission", "commissions"),
                  HS_START_SAMPLE_MIN);
    return;
  }
  hs_buf_printf(out, "%.1f on average (%.1f to %.1f at %.0f %%), of ", mean->mean, mean->low,
                mean->high, 100 * HS_START_LEVEL);
  add_count(mean->of, "commission", "commissions", out);
  hs_buf_add_char(out, '.');
}

void hs_start_words_pending(const struct hs_start *start, struct hs_buf *out)
{
  const struct hs_start_sums *all = &start->all;
  if (all->oldest_pending_us == HS_START_NEVER) {
    hs_buf_add_text(out, "Nothing is pending.");
    return;
  }
  hs_buf_add_text(out, "Pending: ");
  add_count(all->orders_pending, "order", "orders", out);
  hs_buf_add_text(out, ", ");
  add_money(start, all->pending_minor, out);
  hs_buf_add_text(out, "; the oldest since ");
  add_day(all->oldest_pending_us, out);
  hs_buf_add_char(out, '.');
}

void hs_start_words_concentration(const struct hs_start *start, struct hs_buf *out)
{
  char share[HS_FIGURE_TEXT];
  if (isnan(start->top_share)) {
    hs_buf_add_text(out, "Concentration: no commission is left to divide.");
    return;
  }
  hs_figure_share(start->top_share, share);
  hs_buf_printf(out, "Concentration: the first partner has %s of all commissions", share);
  hs_figure_share(start->top_three_share, share);
  if (start->partner_count > 3)
    hs_buf_printf(out, ", the first three %s", share);
  hs_buf_printf(out, "; half of them goes to %zu of %zu; spread as evenly as over %.1f equal ones.",
                start->half_count, start->partner_count, start->effective_partners);
}

void hs_start_words_shared(const struct hs_start *start, struct hs_buf *out)
{
  if (start->shared_orders == 0)
    return;
  add_count(start->shared_orders, "order stands", "orders stand", out);
  hs_buf_add_text(out, " under more than one partner and counts for each of them.");
}

void hs_start_words_trend(const struct hs_start *start, struct hs_buf *out)
{
  const struct hs_start_sums *all = &start->all;
  if (!hs_start_has_trend(start)) {
    hs_buf_printf(out, "Trend: the export spans fewer than %d days, too few to compare.",
                  2 * HS_START_RECENT_DAYS);
    return;
  }
  hs_buf_printf(out, "Trend: in the last %d days of the export ", HS_START_RECENT_DAYS);
  add_count(all->orders_recent, "order", "orders", out);
  hs_buf_add_text(out, " and ");
  add_money(start, all->net_recent_minor, out);
  hs_buf_add_text(out, " of commissions, after ");
  add_count(all->orders_before, "order", "orders", out);
  hs_buf_add_text(out, " and ");
  add_money(start, all->net_before_minor, out);
  hs_buf_add_text(out, " in the as many before. What is pending may still be taken back.");
}

void hs_start_words_dormant(const struct hs_start *start, const struct hs_start_partner *partner,
                            struct hs_buf *out)
{
  hs_buf_add_str(out, partner->name);
  hs_buf_add_text(out, ": last order ");
  add_day(partner->sums.last_us, out);
  hs_buf_add_text(out, ", ");
  add_count(partner->sums.orders, "order", "orders", out);
  hs_buf_add_text(out, " before, ");
  add_money(start, hs_start_net(&partner->sums), out);
}

void hs_start_words_columns(const struct hs_start *start, struct hs_buf *out)
{
  hs_buf_printf(out,
                "sales: orders that were not reversed, by the network's count; commission: less "
                "what was taken back; reversed: of the decided orders, and what their share may "
                "be; days: from order to approval, what their mean may be, and of how many "
                "commissions (at %.0f %%, from a sample of %d on)",
                100 * HS_START_LEVEL, HS_START_SAMPLE_MIN);
  if (hs_start_has_trend(start))
    hs_buf_printf(out,
                  "; last and before: commission of the last %d days of the export and of as many "
                  "before",
                  HS_START_RECENT_DAYS);
  hs_buf_add_char(out, '.');
}

const struct hs_start_unknown *hs_start_unknowns(void)
{
  static const struct hs_start_unknown UNKNOWNS[] = {
      {"Who shares an order?",
       "the export names the partner who was paid; others who met the customer on the way are "
       "not in it",
       "touchpoints of all partners and channels (hansa import touches)"},
      {"Were the customers new?", "who bought before, without a partner, is not in it",
       "all orders with their customers (hansa import orders)"},
      {"Would they have bought anyway?",
       "a commission proves a click before the order, not its cause",
       "an experiment or a comparison; paths alone cannot tell either"},
      {"Did a coupon take the sale at checkout?",
       "what happened between the first touchpoint and the code is not in it",
       "touchpoints with their times, and the code on the order"},
      {"What did partners bring without a click?",
       "mentions, searches for the brand and direct visits leave no commission",
       "daily figures of the market (hansa import series)"},
      {"What does a partner cost in all?",
       "network fees, fixed fees, content and hours are not in it", "costs (hansa import costs)"},
      {"What will still come back?",
       "refunds after the export, and of orders that are still pending, are not in it",
       "refunds (hansa import refunds), or the next export"},
      {NULL, NULL, NULL},
  };
  return UNKNOWNS;
}
