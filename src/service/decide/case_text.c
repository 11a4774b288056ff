/* The case for a terminal: the answer first, then what would change it, and below that what it is
   made of. */
#include "service/decide/case_answer.h"
#include "service/decide/case_words.h"

#include <math.h>

typedef void (*words_fn)(const struct hs_capital_case *case_, struct hs_buf *out);
typedef void (*choice_fn)(const struct hs_capital_case *case_, const struct hs_choice *choice,
                          struct hs_buf *out);

struct page {
  const struct hs_capital_case *case_;
  int width;
  struct hs_buf *out;
};

static void show(const struct page *page, int indent, const struct hs_buf *words)
{
  hs_buf_fail_with(page->out, words);
  if (words->length == 0)
    return;
  hs_buf_printf(page->out, "%*s", indent, "");
  hs_buf_add_wrapped(page->out, hs_buf_str(words), (size_t)page->width, (size_t)indent);
}

static void say(const struct page *page, int indent, words_fn words)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  words(page->case_, &text);
  show(page, indent, &text);
}

static void say_choice(const struct page *page, int indent, const struct hs_choice *choice,
                       choice_fn words)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  words(page->case_, choice, &text);
  show(page, indent, &text);
}

/* ---- the answer -------------------------------------------------------------------------------
 */

static void way_row(const struct page *page, const struct hs_choice *choice, enum hs_way way)
{
  char net[HS_CAPITAL_INTERVAL];
  if (!hs_capital_is_weighed(choice, way))
    return;
  hs_capital_interval(hs_capital_net(choice, way), net);
  hs_buf_printf(page->out, "    %-22s %s %s; best in %.0f of 100 scenarios\n",
                hs_capital_way_name(way), net, page->case_->currency.code,
                100 * choice->p_best[way]);
}

static void answer(const struct page *page, const struct hs_choice *choice)
{
  struct hs_buf basis = hs_buf_in(page->out->arena);
  hs_capital_words_basis(page->case_, choice, &basis);
  hs_buf_add_text(&basis, ":");
  show(page, 2, &basis);
  say_choice(page, 4, choice, hs_capital_words_answer);
  for (size_t i = 0; i < HS_WAY_COUNT; i++)
    way_row(page, choice, (enum hs_way)i);
  hs_buf_clear(&basis);
  hs_capital_words_years(page->case_, &basis);
  hs_buf_add_text(page->out, "    (");
  hs_buf_add_str(page->out, hs_buf_str(&basis));
  hs_buf_add_text(page->out, ")\n");
}

static void answers(const struct page *page)
{
  hs_buf_add_text(page->out, "The answer\n");
  if (page->case_->has_measured)
    answer(page, &page->case_->measured);
  else
    hs_buf_add_text(page->out, "  By what was measured: nothing. No partner's incremental share "
                               "has evidence.\n");
  if (page->case_->has_all)
    answer(page, &page->case_->all);
  hs_buf_add_char(page->out, '\n');
  say(page, 2, hs_capital_words_times);
}

/* ---- what would change it ----------------------------------------------------------------------
 */

static void flips(const struct page *page, const struct hs_choice *choice, enum hs_way other)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  if (!hs_capital_is_weighed(choice, other))
    return;
  hs_capital_words_no_flip(page->case_, choice, other, &text);
  show(page, 4, &text);
  for (size_t i = 0; i < HS_ASSUMPTION_COUNT; i++) {
    enum hs_assumption assumption = (enum hs_assumption)i;
    hs_buf_clear(&text);
    if (hs_capital_flips(choice, other, assumption))
      hs_capital_words_flip(page->case_, choice, other, assumption, &text);
    show(page, 4, &text);
  }
}

static void changes(const struct page *page)
{
  const struct hs_capital_case *case_ = page->case_;
  hs_buf_add_text(page->out, "\nWhat would change it\n");
  if (case_->has_measured && hs_capital_is_weighed(&case_->measured, HS_WAY_PAID)) {
    hs_buf_add_text(page->out, "  The measured partners against paid channels\n");
    say_choice(page, 4, &case_->measured, hs_capital_words_each);
    flips(page, &case_->measured, HS_WAY_PAID);
  }
  if (case_->has_all && hs_capital_is_weighed(&case_->all, HS_WAY_PAID)) {
    hs_buf_add_text(page->out, "  All partners against paid channels\n");
    say_choice(page, 4, &case_->all, hs_capital_words_each);
    flips(page, &case_->all, HS_WAY_PAID);
  }
  hs_buf_add_text(page->out, "  All partners against building it ourselves\n");
  say(page, 4, hs_capital_words_build);
  if (case_->has_all)
    flips(page, &case_->all, HS_WAY_BUILD);
}

/* ---- the next amount, and what does not sell --------------------------------------------------
 */

static void line_head(const struct hs_capital_line *line, struct hs_buf *text)
{
  hs_buf_clear(text);
  (void)hs_buf_add_shown(text, line->title, 40);
  hs_buf_add_text(text, ": ");
}

static void next(const struct page *page)
{
  const struct hs_capital_case *case_ = page->case_;
  char amount[HS_CAPITAL_FIGURE];
  if (!(case_->options.next_amount > 0))
    return;
  hs_capital_figure(case_->options.next_amount, amount);
  hs_buf_printf(page->out, "\nWhere the next %s %s go\n", amount, case_->currency.code);
  struct hs_buf text = hs_buf_in(page->out->arena);
  for (size_t i = 0; i < case_->count; i++) {
    if (!(case_->lines[i].next.amount > 0))
      continue;
    line_head(&case_->lines[i], &text);
    hs_capital_words_next(case_, &case_->lines[i], &text);
    show(page, 2, &text);
  }
  say(page, 2, hs_capital_words_kept);
}

static size_t lines(const struct page *page, enum hs_capital_place place)
{
  const struct hs_capital_case *case_ = page->case_;
  struct hs_buf text = hs_buf_in(page->out->arena);
  size_t shown = 0;
  for (size_t i = 0; i < case_->count; i++) {
    const struct hs_capital_line *line = &case_->lines[i];
    if (!line->is_partner || hs_capital_place_of(line) != place)
      continue;
    if (place == HS_CAPITAL_AT_NEEDS && shown == 0) {
      hs_buf_add_text(&text, HS_CAPITAL_WORDS_NEEDS);
      show(page, 2, &text);
    }
    line_head(line, &text);
    if (place == HS_CAPITAL_AT_NEEDS)
      hs_capital_words_needs(line, &text);
    else
      hs_capital_words_line(case_, line, &text);
    hs_buf_add_text(&text, place == HS_CAPITAL_AT_NEEDS ? "" : ".");
    show(page, place == HS_CAPITAL_AT_NEEDS ? 4 : 2, &text);
    shown++;
  }
  return shown;
}

/* ---- the table ---------------------------------------------------------------------------------
 */

static void row(const struct page *page, const struct hs_capital_line *line)
{
  char cost[HS_CAPITAL_FIGURE], value[HS_CAPITAL_FIGURE], tracked[HS_CAPITAL_FIGURE],
      each[HS_CAPITAL_FIGURE], next_amount[HS_CAPITAL_FIGURE];
  size_t shown = hs_buf_add_shown(page->out, line->title, 20);
  hs_capital_figure(line->total, cost);
  hs_capital_figure(line->tracked > 0 ? line->economics.cost_each_tracked : (double)NAN, tracked);
  hs_capital_figure(line->venture.has_share ? line->economics.cost_each.middle : (double)NAN, each);
  hs_capital_figure(line->economics.value.middle, value);
  hs_capital_figure(line->next.amount, next_amount);
  hs_buf_printf(page->out, "%*s %11s %9.1f %12s %12s %9s", (int)(20 - shown), "", cost,
                line->tracked, tracked, each, value);
  if (page->case_->options.next_amount > 0)
    hs_buf_printf(page->out, " %11s", next_amount);
  hs_buf_add_char(page->out, '\n');
}

static void table(const struct page *page)
{
  int has_next = page->case_->options.next_amount > 0;
  hs_buf_printf(page->out, "\n%-20s %11s %9s %12s %12s %9s%s\n", "", "", "tracked", "cost of one",
                "cost of one", "value", "");
  hs_buf_printf(page->out, "%-20s %11s %9s %12s %12s %9s%s\n", "", "cost", "customers", "tracked",
                "caused", "of one", has_next ? "    the next" : "");
  for (size_t i = 0; i < page->case_->count; i++)
    row(page, &page->case_->lines[i]);
}

void hs_capital_text(const struct hs_capital_case *case_, int width, struct hs_buf *out)
{
  const struct page page = {case_, width, out};
  answers(&page);
  changes(&page);
  next(&page);
  hs_buf_add_text(out, "\nActivity without sales\n");
  if (lines(&page, HS_CAPITAL_AT_IDLE) == 0)
    hs_buf_add_text(out, "  No partner with subscribers is shown to be a cost centre.\n");
  hs_buf_add_text(out, "\nDefensible: from the record and from what was measured\n");
  say(&page, 2, hs_capital_words_record);
  (void)lines(&page, HS_CAPITAL_AT_MEASURED);
  (void)lines(&page, HS_CAPITAL_AT_NEEDS);
  hs_buf_add_text(out, "\nContext: rests on what somebody assumed\n");
  say(&page, 2, hs_capital_words_times_of_all);
  (void)lines(&page, HS_CAPITAL_AT_CONTEXT);
  table(&page);
  hs_buf_add_text(out, "\nAssumptions\n");
  for (int i = 0; i < HS_PLAN_ITEM_COUNT; i++) {
    struct hs_buf text = hs_buf_in(out->arena);
    hs_capital_words_item(case_, (enum hs_plan_item)i, &text);
    show(&page, 2, &text);
  }
  hs_buf_add_char(out, '\n');
  say(&page, 0, hs_capital_words_limits);
  say(&page, 0, hs_capital_words_source);
}
