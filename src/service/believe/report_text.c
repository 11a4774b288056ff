/* The report for a terminal. Widths are in characters; the widest line is the table of partners,
   which drops its last columns when the terminal is narrow. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/lines_show.h"
#include "service/believe/report_words.h"

#define BAR_CELLS 8
#define NAME_WIDTH 22

struct page {
  const struct hs_report *report;
  const struct hs_report_style *style;
  struct hs_buf *out;
};

static void colour(const struct page *page, const char *code)
{
  if (page->style->has_colour)
    hs_buf_printf(page->out, "\033[%sm", code);
}

static void heading(const struct page *page, const char *text)
{
  hs_buf_add_char(page->out, '\n');
  colour(page, "1");
  hs_buf_add_text(page->out, text);
  colour(page, "0");
  hs_buf_add_char(page->out, '\n');
}

static size_t width_of(const char *text, size_t bytes)
{
  size_t width = 0;
  for (size_t i = 0; i < bytes; i++)
    width += ((unsigned char)text[i] & 0xC0) != 0x80;
  return width;
}

static void wrap(const struct page *page, struct hs_str text, size_t indent)
{
  hs_buf_add_wrapped(page->out, text, (size_t)page->style->width, indent);
}

static void paragraph(const struct page *page,
                      void (*words)(const struct hs_report *report, struct hs_buf *out))
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  words(page->report, &text);
  hs_buf_fail_with(page->out, &text);
  if (text.length == 0)
    return;
  hs_buf_add_text(page->out, "  ");
  wrap(page, hs_buf_str(&text), 2);
}

static void words_refused(const struct hs_report *report, struct hs_buf *out)
{
  hs_buf_printf(out, "No figures by partner: %s.", report->analysis.refused);
}

/* A cell of a fixed width: left-aligned text, cut with … when it is longer. */
static void cell(const struct page *page, struct hs_str text, size_t width)
{
  size_t shown = hs_buf_add_shown(page->out, text, width);
  hs_buf_printf(page->out, "%*s", (int)(width - shown), "");
}

static void right_cell(const struct page *page, const char *text, size_t width)
{
  size_t total = width_of(text, strlen(text));
  hs_buf_printf(page->out, "%*s%s", (int)(total < width ? width - total : 0), "", text);
}

/* share of the widest, 0 to 1, in eighths of a cell. */
static void bar(const struct page *page, double share)
{
  static const char *const EIGHTHS[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  int eighths = isfinite(share) && share > 0 ? (int)(share * BAR_CELLS * 8 + 0.5) : 0;
  int cells = 0;
  colour(page, "36");
  for (; cells < eighths / 8; cells++)
    hs_buf_add_text(page->out, "█");
  hs_buf_add_text(page->out, EIGHTHS[eighths % 8]);
  colour(page, "0");
  cells += eighths % 8 != 0;
  hs_buf_printf(page->out, "%*s", BAR_CELLS - cells, "");
}

enum { COLUMN_WIDTH = 20, WIDTH_WITH_MODELS = 99, WIDTH_WITH_LOSS = 120, WIDTH_WITH_CLAIM = 132 };

static void table_head(const struct page *page, const char *first)
{
  int width = page->style->width;
  colour(page, "2");
  hs_buf_add_text(page->out, "     ");
  cell(page, hs_str_of(first), NAME_WIDTH);
  hs_buf_printf(page->out, " %*s%12s", BAR_CELLS, "", "revenue");
  right_cell(page, "interval", COLUMN_WIDTH + 1);
  right_cell(page, "orders", 8);
  if (width >= WIDTH_WITH_MODELS)
    right_cell(page, "across models", COLUMN_WIDTH + 1);
  if (width >= WIDTH_WITH_LOSS)
    right_cell(page, "if unseen", COLUMN_WIDTH + 1);
  if (width >= WIDTH_WITH_CLAIM)
    right_cell(page, "could claim", 12);
  colour(page, "0");
  hs_buf_add_char(page->out, '\n');
}

static void table_line(const struct page *page, const struct hs_report_line *line, double widest)
{
  char text[HS_FIGURE_RANGE_TEXT];
  int width = page->style->width;
  if (line->rank > 0)
    hs_buf_printf(page->out, "%4u ", line->rank);
  else
    hs_buf_add_text(page->out, "     ");
  cell(page, line->title, NAME_WIDTH);
  hs_buf_add_char(page->out, ' ');
  bar(page, widest > 0 ? line->revenue / widest : 0);
  hs_figure(line->revenue, 0, text);
  right_cell(page, text, 12);
  hs_figure_range(line->revenue_low, line->revenue_high, text);
  right_cell(page, text, COLUMN_WIDTH + 1);
  hs_figure_orders(line->orders, text);
  right_cell(page, text, 8);
  if (width >= WIDTH_WITH_MODELS) {
    hs_figure_range(line->model_low, line->model_high, text);
    right_cell(page, text, COLUMN_WIDTH + 1);
  }
  if (width >= WIDTH_WITH_LOSS) {
    hs_figure_range(line->loss_low, line->loss_high, text);
    right_cell(page, text, COLUMN_WIDTH + 1);
  }
  if (width >= WIDTH_WITH_CLAIM) {
    hs_figure(line->claim_revenue, 0, text);
    right_cell(page, text, 12);
  }
  hs_buf_add_char(page->out, '\n');
}

static double widest_revenue(const struct hs_report *report)
{
  double widest = 0;
  for (size_t i = 0; i < report->line_count; i++)
    if (report->lines[i].revenue > widest)
      widest = report->lines[i].revenue;
  return widest;
}

static void lines_of(const struct page *page, const char *title, int is_partner,
                     int is_insufficient)
{
  int is_empty = 1;
  double widest = widest_revenue(page->report);
  for (size_t i = 0; i < page->report->line_count; i++) {
    const struct hs_report_line *line = &page->report->lines[i];
    if (line->is_partner != is_partner || (is_partner && line->is_insufficient != is_insufficient))
      continue;
    if (is_insufficient && !hs_report_is_seen(line))
      continue;
    if (is_empty)
      table_head(page, title);
    is_empty = 0;
    table_line(page, line, widest);
  }
}

static void total(const struct page *page, const char *what, double revenue, uint64_t orders,
                  const char *meaning, const char *code)
{
  char figure[HS_FIGURE_TEXT];
  char count[HS_FIGURE_TEXT];
  hs_figure(revenue, hs_currency_digits(page->report->currency), figure);
  hs_figure((double)orders, 0, count);
  hs_buf_printf(page->out, "  %-22s", what);
  colour(page, code);
  right_cell(page, figure, 17);
  colour(page, "0");
  hs_buf_printf(page->out, " %s  %s %s", page->report->currency.code, count,
                hs_plural(orders, "order", "orders"));
  /* In a narrow terminal the sections below have to say it. */
  hs_buf_printf(page->out, "%s%s\n", page->style->width < WIDTH_WITH_MODELS ? "" : " ",
                page->style->width < WIDTH_WITH_MODELS ? "" : meaning);
}

static void totals(const struct page *page)
{
  const struct hs_report *report = page->report;
  const struct hs_journey_stats *stats = &report->analysis.stats;
  hs_buf_add_char(page->out, '\n');
  total(page, "Attributed revenue", report->revenue_with_path, stats->orders_with_path,
        "with a path of touchpoints behind them", "1");
  total(page, "Without a path", report->revenue_without_path, stats->orders_without_path,
        "that nobody is given", "0");
}

static void idle_section(const struct page *page)
{
  if (page->report->idle_count == 0)
    return;
  heading(page, "Activity without sales yet");
  for (size_t i = 0; i < page->report->idle_count; i++) {
    colour(page, "33");
    hs_buf_add_text(page->out, "  • ");
    colour(page, "0");
    struct hs_buf text = hs_buf_in(page->out->arena);
    struct hs_buf shown = hs_buf_in(page->out->arena);
    hs_words_idle(page->report, &page->report->idle[i], &text);
    (void)hs_buf_add_shown(&shown, hs_buf_str(&text), SIZE_MAX);
    hs_buf_fail_with(page->out, &text);
    hs_buf_fail_with(page->out, &shown);
    wrap(page, hs_buf_str(&shown), 4);
  }
}

static void path_head(const struct page *page)
{
  colour(page, "2");
  hs_buf_printf(page->out, "     %*s %*s%12s", NAME_WIDTH, "", BAR_CELLS, "", "conversions");
  right_cell(page, "interval", COLUMN_WIDTH + 1);
  if (page->style->width >= WIDTH_WITH_MODELS)
    right_cell(page, "across models", COLUMN_WIDTH + 1);
  colour(page, "0");
  hs_buf_add_char(page->out, '\n');
}

static void path_line(const struct page *page, const struct hs_report_path *path, double widest)
{
  char text[HS_FIGURE_RANGE_TEXT];
  hs_buf_add_text(page->out, "     ");
  cell(page, path->channel, NAME_WIDTH);
  hs_buf_add_char(page->out, ' ');
  bar(page, path->conversions / widest);
  hs_figure(path->conversions, 0, text);
  right_cell(page, text, 12);
  hs_figure_range(path->low, path->high, text);
  right_cell(page, text, COLUMN_WIDTH + 1);
  hs_figure_range(path->model_low, path->model_high, text);
  if (page->style->width >= WIDTH_WITH_MODELS)
    right_cell(page, text, COLUMN_WIDTH + 1);
  hs_buf_add_char(page->out, '\n');
}

/* Those with enough data, or under a word the others: beside their figures it would not fit. */
static void path_lines(const struct page *page, int is_insufficient)
{
  const struct hs_report *report = page->report;
  int is_empty = 1;
  for (size_t i = 0; i < report->path_line_count; i++) {
    if (report->path_lines[i].is_insufficient != is_insufficient)
      continue;
    if (is_empty && is_insufficient)
      hs_buf_add_text(page->out, "  Not enough data (fewer than 20 orders)\n");
    is_empty = 0;
    path_line(page, &report->path_lines[i], report->path_lines[0].conversions);
  }
}

static void path_section(const struct page *page)
{
  if (page->report->path_line_count == 0)
    return;
  heading(page, "Imported paths (a table from elsewhere; not part of the figures above)");
  path_head(page);
  path_lines(page, 0);
  path_lines(page, 1);
}

/* ---- money owed ---- */

enum { OWED_WIDTH = 13, OWED_NAME_WIDTH = 17, OWED_COLUMNS = 5 };

/* Two lines of words over each column, so that the table fits into a narrow terminal. */
static void owed_head(const struct page *page, struct hs_currency currency)
{
  static const char *const HEADS[2][OWED_COLUMNS] = {
      {"in return", "", "under in-", "to be", "paid in"},
      {"period", "owed", "vestigation", "set off", "the period"}};
  colour(page, "2");
  for (size_t line = 0; line < 2; line++) {
    hs_buf_add_text(page->out, "  ");
    cell(page, line == 0 ? HS_STR("") : hs_str_of(currency.code), OWED_NAME_WIDTH);
    for (size_t column = 0; column < OWED_COLUMNS; column++)
      right_cell(page, HEADS[line][column], OWED_WIDTH - 1);
    hs_buf_add_char(page->out, '\n');
  }
  colour(page, "0");
}

static void owed_line(const struct page *page, const struct hs_report_owed *owed)
{
  const int64_t amounts[OWED_COLUMNS] = {owed->pending_minor, owed->payable_minor,
                                         owed->disputed_minor, owed->receivable_minor,
                                         owed->paid_minor};
  char text[HS_MONEY_TEXT];
  hs_buf_add_text(page->out, "  ");
  cell(page, owed->title, OWED_NAME_WIDTH);
  for (size_t column = 0; column < OWED_COLUMNS; column++) {
    hs_money_format_number((struct hs_money){amounts[column], owed->currency}, text);
    right_cell(page, amounts[column] == 0 ? "–" : text, OWED_WIDTH - 1);
  }
  hs_buf_add_char(page->out, '\n');
}

static void words_money(const struct hs_report *report, struct hs_buf *out)
{
  hs_words_money(&report->money, report->zone, out);
}

static void words_money_missing(const struct hs_report *report, struct hs_buf *out)
{
  hs_words_money_missing(&report->money, out);
}

static void money_section(const struct page *page)
{
  const struct hs_report_money *money = &page->report->money;
  heading(page, "Money owed");
  paragraph(page, words_money);
  paragraph(page, words_money_missing);
  for (size_t i = 0; i < money->owed_count; i++) {
    if (i == 0 || !hs_currency_equal(money->owed[i - 1].currency, money->owed[i].currency))
      owed_head(page, money->owed[i].currency);
    owed_line(page, &money->owed[i]);
  }
}

static int has_insufficient(const struct hs_report *report)
{
  for (size_t i = 0; i < report->line_count; i++)
    if (report->lines[i].is_partner && report->lines[i].is_insufficient &&
        hs_report_is_seen(&report->lines[i]))
      return 1;
  return 0;
}

void hs_report_text(const struct hs_report *report, const struct hs_report_style *style,
                    struct hs_buf *out)
{
  struct page page = {report, style, out};
  colour(&page, "1");
  hs_buf_add_text(out, "Partner value");
  colour(&page, "0");
  hs_buf_add_char(out, '\n');
  paragraph(&page, hs_words_period);
  if (!hs_report_has_only_paths(report)) {
    totals(&page);
    if (report->analysis.refused != NULL)
      paragraph(&page, words_refused);
    heading(&page, "Partners");
    lines_of(&page, "", 1, 0);
    if (has_insufficient(report)) {
      heading(&page, "Not enough data (fewer than 20 orders): an interval, and no rank");
      lines_of(&page, "", 1, 1);
    }
    heading(&page, "Our own channels");
    lines_of(&page, "", 0, 0);
    heading(&page, "Claimed against sold");
    paragraph(&page, hs_words_claims);
    paragraph(&page, hs_words_favourites);
    heading(&page, "What is not tracked");
    paragraph(&page, hs_words_untracked);
    paragraph(&page, hs_words_loss);
    paragraph(&page, hs_words_joined);
    paragraph(&page, hs_words_left_out);
    idle_section(&page);
  }
  path_section(&page);
  if (!hs_report_has_only_paths(report))
    hs_lines_text(&report->beyond, &(struct hs_lines_style){style->width, style->has_colour}, out);
  if (!hs_report_has_only_paths(report)) {
    heading(&page, "Tracked beside what changed");
    hs_partners_text_section(&report->meeting, style->width, out);
  }
  money_section(&page);
  heading(&page, "How to read this");
  paragraph(&page, hs_words_limits);
  paragraph(&page, hs_words_source);
}
