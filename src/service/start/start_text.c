/* The first portfolio page for a terminal. */
#include <string.h>

#include "service/start/start_words.h"

struct page {
  const struct hs_start *start;
  size_t width;
  struct hs_buf *out;
};

/* What fits 80 columns stands in front; the rest comes as the terminal is wider. */
enum {
  NAME_WIDTH = 20,
  MONEY_WIDTH = 13,
  REVERSED_WIDTH = 19,
  DAYS_WIDTH = 15,
  WIDTH_WITH_SALES = 93,
  WIDTH_WITH_DAYS = 108,
  WIDTH_WITH_TREND = 134
};

static void heading(const struct page *page, const char *text)
{
  hs_buf_printf(page->out, "\n%s\n", text);
}

static void sentence(const struct page *page,
                     void (*words)(const struct hs_start *start, struct hs_buf *out))
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  words(page->start, &text);
  hs_buf_fail_with(page->out, &text);
  if (text.length == 0)
    return;
  hs_buf_add_text(page->out, "  ");
  hs_buf_add_wrapped(page->out, hs_buf_str(&text), page->width, 2);
}

static void right(const struct page *page, const char *text, size_t width)
{
  size_t shown = 0;
  for (const char *p = text; *p != '\0'; p++)
    shown += ((unsigned char)*p & 0xC0) != 0x80;
  hs_buf_printf(page->out, "%*s%s", (int)(shown < width ? width - shown : 1), "", text);
}

static void money(const struct page *page, int64_t amount_minor)
{
  char text[HS_MONEY_TEXT];
  hs_start_figure(page->start, amount_minor, text);
  right(page, text, MONEY_WIDTH);
}

static void sales(const struct page *page, int64_t amount_minor)
{
  if (page->start->rows_with_amount > 0)
    money(page, amount_minor);
  else
    right(page, "–", MONEY_WIDTH);
}

static void partner_head(const struct page *page)
{
  hs_buf_printf(page->out, "  %-*s %8s%*s%7s%*s", NAME_WIDTH, "partner", "orders", MONEY_WIDTH,
                "commission", "share", REVERSED_WIDTH, "reversed");
  if (page->width >= WIDTH_WITH_SALES)
    hs_buf_printf(page->out, "%*s", MONEY_WIDTH, "sales");
  if (page->width >= WIDTH_WITH_DAYS)
    hs_buf_printf(page->out, "%*s", DAYS_WIDTH, "days");
  if (page->width >= WIDTH_WITH_TREND && hs_start_has_trend(page->start))
    hs_buf_printf(page->out, "%*s%*s", MONEY_WIDTH, "last", MONEY_WIDTH, "before");
  hs_buf_add_char(page->out, '\n');
}

static void partner_line(const struct page *page, const struct hs_start_partner *partner)
{
  char text[HS_FIGURE_RANGE_TEXT];
  const struct hs_start_sums *sums = &partner->sums;
  hs_buf_add_text(page->out, "  ");
  size_t shown = hs_buf_add_shown(page->out, partner->name, NAME_WIDTH);
  hs_buf_printf(page->out, "%*s", (int)(NAME_WIDTH - shown), "");
  hs_figure((double)sums->orders, 0, text);
  right(page, text, 9);
  money(page, hs_start_net(sums));
  hs_figure_share(partner->commission_share, text);
  right(page, text, 7);
  hs_start_figure_share(&sums->reversal, text);
  right(page, text, REVERSED_WIDTH);
  if (page->width >= WIDTH_WITH_SALES)
    sales(page, sums->sales_minor);
  if (page->width >= WIDTH_WITH_DAYS) {
    hs_start_figure_days(&sums->approval_days, text);
    right(page, text, DAYS_WIDTH);
  }
  if (page->width >= WIDTH_WITH_TREND && hs_start_has_trend(page->start)) {
    money(page, sums->net_recent_minor);
    money(page, sums->net_before_minor);
  }
  hs_buf_add_char(page->out, '\n');
}

static void partners(const struct page *page)
{
  heading(page, "Partners");
  partner_head(page);
  for (size_t i = 0; i < page->start->partner_count; i++)
    partner_line(page, &page->start->partners[i]);
  sentence(page, hs_start_words_columns);
}

static void months(const struct page *page)
{
  char orders[HS_FIGURE_TEXT];
  heading(page, "Months");
  hs_buf_printf(page->out, "  %-9s %8s%9s%*s%*s\n", "month", "orders", "partners", MONEY_WIDTH,
                "sales", MONEY_WIDTH, "commission");
  for (size_t i = 0; i < page->start->month_count; i++) {
    const struct hs_start_month *month = &page->start->months[i];
    hs_buf_printf(page->out, "  %04d-%02d%s ", month->year, month->month,
                  month->is_cut ? " *" : "  ");
    hs_figure((double)month->orders, 0, orders);
    right(page, orders, 8);
    hs_buf_printf(page->out, "%9llu", (unsigned long long)month->partners);
    sales(page, month->sales_minor);
    money(page, month->net_minor);
    hs_buf_add_char(page->out, '\n');
  }
  hs_buf_add_text(page->out, "  * the export begins or ends in it\n");
}

static void dormant(const struct page *page)
{
  int is_first = 1;
  for (size_t i = 0; i < page->start->partner_count; i++) {
    struct hs_buf text = hs_buf_in(page->out->arena);
    struct hs_buf shown = hs_buf_in(page->out->arena);
    if (!page->start->partners[i].is_dormant)
      continue;
    if (is_first)
      heading(page, "Dormant: no order in the last 90 days of the export");
    is_first = 0;
    hs_start_words_dormant(page->start, &page->start->partners[i], &text);
    (void)hs_buf_add_shown(&shown, hs_buf_str(&text), SIZE_MAX);
    hs_buf_fail_with(page->out, &text);
    hs_buf_fail_with(page->out, &shown);
    hs_buf_add_text(page->out, "  ");
    hs_buf_add_wrapped(page->out, hs_buf_str(&shown), page->width, 2);
  }
}

static void unknowns(const struct page *page)
{
  heading(page, "What this export cannot tell");
  for (const struct hs_start_unknown *one = hs_start_unknowns(); one->question != NULL; one++) {
    struct hs_buf text = hs_buf_in(page->out->arena);
    hs_buf_printf(&text, "%s %c%s. It takes %s.", one->question, one->why[0] - 'a' + 'A',
                  one->why + 1, one->instead);
    hs_buf_fail_with(page->out, &text);
    hs_buf_add_text(page->out, "  - ");
    hs_buf_add_wrapped(page->out, hs_buf_str(&text), page->width, 4);
  }
}

void hs_start_text(const struct hs_start *start, int width, struct hs_buf *out)
{
  _Static_assert(HS_START_RECENT_DAYS == 90, "the heading of dormant partners says so");
  struct page page = {start, (size_t)width, out};
  hs_buf_add_text(out, "First portfolio page\n");
  sentence(&page, hs_start_words_source);
  sentence(&page, hs_start_words_left_out);
  sentence(&page, hs_start_words_totals);
  sentence(&page, hs_start_words_shared);
  partners(&page);
  heading(&page, "All partners");
  sentence(&page, hs_start_words_concentration);
  sentence(&page, hs_start_words_reversal);
  sentence(&page, hs_start_words_approval);
  sentence(&page, hs_start_words_pending);
  sentence(&page, hs_start_words_trend);
  months(&page);
  dormant(&page);
  unknowns(&page);
}
