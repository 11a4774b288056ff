/* The case for a terminal. */
#include "service/decide/case_words.h"

#include "service/decide/lifetime_write.h"

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
  hs_buf_printf(page->out, "%*s", indent, "");
  hs_buf_add_wrapped(page->out, hs_buf_str(words), (size_t)page->width, (size_t)indent);
}

static void say(const struct page *page, words_fn words)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  words(page->case_, &text);
  show(page, 0, &text);
}

static void say_choice(const struct page *page, const struct hs_choice *choice, choice_fn words)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  words(page->case_, choice, &text);
  show(page, 2, &text);
}

static void choice(const struct page *page, int is_there, const struct hs_choice *made)
{
  if (!is_there) {
    hs_buf_add_text(page->out, "  No partner's incremental share was measured.\n");
    return;
  }
  say_choice(page, made, hs_capital_words_times);
  say_choice(page, made, hs_capital_words_paid);
  if (made == &page->case_->all)
    say_choice(page, made, hs_capital_words_build);
}

static void line_words(const struct page *page, const struct hs_capital_line *line)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  (void)hs_buf_add_shown(&text, line->title, 40);
  hs_buf_add_text(&text, ": ");
  hs_capital_words_line(page->case_, line, &text);
  hs_buf_add_char(&text, '.');
  show(page, 2, &text);
}

static void lines(const struct page *page, int is_defensible)
{
  for (size_t i = 0; i < page->case_->count; i++)
    if (page->case_->lines[i].is_partner &&
        hs_capital_is_defensible(&page->case_->lines[i]) == is_defensible)
      line_words(page, &page->case_->lines[i]);
}

static void row(const struct page *page, const struct hs_capital_line *line)
{
  char cost[HS_CAPITAL_FIGURE], value[HS_CAPITAL_FIGURE], each[HS_CAPITAL_FIGURE],
      next[HS_CAPITAL_FIGURE];
  size_t shown = hs_buf_add_shown(page->out, line->title, 20);
  hs_capital_figure(line->total, cost);
  hs_capital_figure(line->economics.cost_each_tracked, each);
  hs_capital_figure(line->economics.value.middle, value);
  hs_capital_figure(line->next.amount, next);
  hs_buf_printf(page->out, "%*s %11s %9.1f %11s %9s", (int)(20 - shown), "", cost, line->tracked,
                each, value);
  if (page->case_->options.next_amount > 0)
    hs_buf_printf(page->out, " %11s", next);
  hs_buf_add_char(page->out, '\n');
}

static void table(const struct page *page)
{
  int has_next = page->case_->options.next_amount > 0;
  hs_buf_printf(page->out, "\n%-20s %11s %9s %11s %9s%s\n", "", "cost", "tracked", "cost each",
                "value", has_next ? "    the next" : "");
  for (size_t i = 0; i < page->case_->count; i++)
    row(page, &page->case_->lines[i]);
  if (has_next && page->case_->next_kept > 0) {
    char kept[HS_CAPITAL_FIGURE];
    hs_capital_figure(page->case_->next_kept, kept);
    hs_text_sentence(
        page->out, page->width, 0,
        "%s of the next amount is kept: at the plan's elasticity nobody would bring it "
        "back.",
        kept);
  }
}

void hs_capital_text(const struct hs_capital_case *case_, int width, struct hs_buf *out)
{
  const struct page page = {case_, width, out};
  say(&page, hs_capital_words_record);
  table(&page);
  hs_buf_add_text(out, "\nDefensible: from the record and from what was measured\n");
  choice(&page, case_->has_measured, &case_->measured);
  lines(&page, 1);
  hs_buf_add_text(out, "\nContext: rests on what somebody assumed\n");
  choice(&page, case_->has_all, &case_->all);
  lines(&page, 0);
  hs_buf_add_text(out, "\nAssumptions\n");
  for (int i = 0; i < HS_PLAN_ITEM_COUNT; i++) {
    struct hs_buf text = hs_buf_in(out->arena);
    hs_capital_words_item(case_, (enum hs_plan_item)i, &text);
    show(&page, 2, &text);
  }
  hs_buf_add_char(out, '\n');
  say(&page, hs_capital_words_limits);
  say(&page, hs_capital_words_source);
}
