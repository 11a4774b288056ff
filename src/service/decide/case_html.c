/* The case as one page for a board: the answer, what would change it, where the next amount goes
   and what costs without selling; below that what it is made of, defensible apart from context. It
   needs nothing else, and prints. Every text that came from data goes through hs_page_text. */
#include "service/decide/case_answer.h"
#include "service/decide/case_words.h"

#include <math.h>

#include "service/decide/case_picture.h"
#include "service/page.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--bar:#2f6f9f;--range:#e0a030;--warn:#a6521b;--card:#f4f7f9",
                    "--bar:#5aa2d6;--range:#d9a441;--warn:#f0a070;--card:#1a222a")
    "*{box-sizing:border-box}"
    HS_PAGE_BODY("74rem")
    "h1{margin:0 0 1rem;font-size:1.8rem}h2{margin:2rem 0 .4rem;font-size:1.2rem}"
    "h3{margin:.9rem 0 .2rem;font-size:1rem}"
    "p,li{max-width:60rem;margin:.35rem 0}ul{padding-left:1.2rem}"
    ".soft{color:var(--soft)}.two{display:grid;grid-template-columns:1fr 1fr;gap:0 2rem}"
    ".two>section{border-top:3px solid var(--bar);padding-top:.2rem}"
    ".two>section.context{border-color:var(--range)}"
    ".card{background:var(--card);padding:.8rem 1.1rem 1rem}.card h2{margin-top:.3rem}"
    ".card .lead{font-size:1.25rem;line-height:1.35;font-weight:600;margin:.4rem 0 .8rem}"
    ".times{display:flex;gap:1.4rem;align-items:center;margin:1.4rem 0;border-left:4px solid var(--bar);padding:.2rem 0 .2rem 1.1rem}"
    ".times.context{border-color:var(--range)}"
    ".times b{font-size:2.6rem;line-height:1;white-space:nowrap}"
    ".idle li{border-left:4px solid var(--warn);padding-left:.8rem;list-style:none}.idle{padding:0}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.9rem}"
    "th,td{padding:.25rem .5rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft);vertical-align:bottom}"
    ".wide th{white-space:normal}"
    "th:first-child,td:first-child,th:last-child,td:last-child{text-align:left}"
    "td:first-child,table.words td{white-space:normal;overflow-wrap:break-word}td:first-child{max-width:14rem}"
    "table.words td,table.words th{text-align:left;vertical-align:top;max-width:none}"
    ".loses{color:var(--warn)}"
    "svg{display:block;width:100%;height:auto}svg text{fill:var(--ink);font:12px system-ui,sans-serif}"
    "svg .soft{fill:var(--soft)}"
    "footer{margin-top:2rem;border-top:1px solid var(--line);padding-top:.8rem;font-size:.9rem}"
    "@media screen and (max-width:50rem){.two{display:block}.two>section{margin-bottom:1rem}}"
    HS_PAGE_PRINT("--bar:#444;--range:#999;--warn:#000;--card:#fff", "9.5pt")
    "h1{margin-bottom:.4rem;font-size:16pt}h2{margin:.9rem 0 .2rem;font-size:11pt}h3{font-size:9.5pt}"
    ".card{padding:.2rem 0}.card .lead{font-size:11pt}.times{margin:.6rem 0}.times b{font-size:22pt}"
    "h2,svg,tr,li,.card,.times{break-inside:avoid}h2,h3{break-after:avoid}"
    "table{font-size:7.5pt}th,td{padding:.12rem .3rem}.wide{overflow:visible}@page{margin:14mm}}";
/* clang-format on */

typedef void (*words_fn)(const struct hs_capital_case *case_, struct hs_buf *out);
typedef void (*choice_fn)(const struct hs_capital_case *case_, const struct hs_choice *choice,
                          struct hs_buf *out);

static void add_words(const struct hs_capital_case *case_, words_fn words, const char *class,
                      struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(case_, &text);
  hs_page_paragraph(&text, class, out);
}

static void add_choice(const struct hs_capital_case *case_, const struct hs_choice *choice,
                       choice_fn words, const char *class, struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(case_, choice, &text);
  hs_page_paragraph(&text, class, out);
}

/* ---- the answer -------------------------------------------------------------------------------
 */

static void answer(const struct hs_capital_case *case_, const struct hs_choice *choice,
                   struct hs_buf *out)
{
  struct hs_buf years = hs_buf_in(out->arena);
  add_choice(case_, choice, hs_capital_words_basis, "soft", out);
  add_choice(case_, choice, hs_capital_words_answer, "lead", out);
  hs_capital_picture_ways(case_, choice, out);
  hs_buf_printf(&years, "%s, ", case_->currency.code);
  hs_capital_words_years(case_, &years);
  hs_page_paragraph(&years, "soft", out);
}

static void answers(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out, "<div class=\"two\"><section class=\"card\"><h2>The answer by what was "
                       "measured</h2>\n");
  if (case_->has_measured)
    answer(case_, &case_->measured, out);
  else
    hs_buf_add_text(out, "<p class=\"lead\">Nothing was measured.</p><p>No partner's incremental "
                         "share has evidence that can be checked.</p>\n");
  hs_buf_add_text(out, "</section><section class=\"card context\"><h2>The answer with what is "
                       "assumed</h2>\n");
  if (case_->has_all)
    answer(case_, &case_->all, out);
  else
    hs_buf_add_text(out, "<p class=\"lead\">No partnership cost anything.</p>\n");
  hs_buf_add_text(out, "</section></div>\n");
}

static void times(const struct hs_capital_case *case_, struct hs_buf *out)
{
  const struct hs_choice *choice = hs_capital_times(case_);
  hs_buf_printf(out, "<div class=\"times%s\">",
                choice == NULL || choice == &case_->all ? " context" : "");
  if (choice != NULL) {
    char middle[HS_CAPITAL_FIGURE];
    hs_capital_figure(choice->times_dearer.middle, middle);
    hs_buf_printf(out, "<b>%s ×</b>", middle);
  }
  add_words(case_, hs_capital_words_times, NULL, out);
  hs_buf_add_text(out, "</div>\n");
}

/* ---- what would change it ----------------------------------------------------------------------
 */

static void flips(const struct hs_capital_case *case_, const struct hs_choice *choice,
                  enum hs_way other, struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  if (!hs_capital_is_weighed(choice, other))
    return;
  hs_capital_words_no_flip(case_, choice, other, &text);
  hs_page_words(&text, "<li>", "</li>\n", out);
  for (size_t i = 0; i < HS_ASSUMPTION_COUNT; i++) {
    enum hs_assumption assumption = (enum hs_assumption)i;
    hs_buf_clear(&text);
    if (hs_capital_flips(choice, other, assumption))
      hs_capital_words_flip(case_, choice, other, assumption, &text);
    hs_page_words(&text, "<li>", "</li>\n", out);
  }
}

static void changes_against_paid(const struct hs_capital_case *case_,
                                 const struct hs_choice *choice, const char *title,
                                 struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  if (!hs_capital_is_weighed(choice, HS_WAY_PAID))
    return;
  hs_buf_printf(out, "<h3>%s</h3>\n<ul>\n", title);
  hs_capital_words_each(case_, choice, &text);
  hs_page_words(&text, "<li>", "</li>\n", out);
  flips(case_, choice, HS_WAY_PAID, out);
  hs_buf_add_text(out, "</ul>\n");
}

static void changes(const struct hs_capital_case *case_, struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  hs_buf_add_text(out, "<h2>What would change it</h2>\n");
  if (case_->has_measured)
    changes_against_paid(case_, &case_->measured, "The measured partners against paid channels",
                         out);
  if (case_->has_all)
    changes_against_paid(case_, &case_->all, "All partners against paid channels", out);
  hs_buf_add_text(out, "<h3>All partners against building it ourselves</h3>\n<ul>\n");
  hs_capital_words_build(case_, &text);
  hs_page_words(&text, "<li>", "</li>\n", out);
  if (case_->has_all)
    flips(case_, &case_->all, HS_WAY_BUILD, out);
  hs_buf_add_text(out, "</ul>\n");
}

/* ---- the next amount ---------------------------------------------------------------------------
 */

static void cell(struct hs_buf *out, double value)
{
  char text[HS_CAPITAL_FIGURE];
  hs_capital_figure(value, text);
  hs_buf_printf(out, "<td>%s</td>", text);
}

static void interval(struct hs_buf *out, const struct hs_estimate *e)
{
  char middle[HS_CAPITAL_FIGURE], low[HS_CAPITAL_FIGURE], high[HS_CAPITAL_FIGURE];
  hs_capital_figure(e->middle, middle);
  hs_capital_figure(e->low, low);
  hs_capital_figure(e->high, high);
  hs_buf_printf(out, "<td>%s <span class=\"soft\">[%s, %s]</span></td>", middle, low, high);
}

static void next_row(const struct hs_capital_line *line, struct hs_buf *out)
{
  hs_buf_add_text(out, "<tr><td>");
  hs_page_text_cut(line->title, 40, out);
  hs_buf_add_text(out, "</td>");
  cell(out, line->next.amount);
  interval(out, &line->next.returns);
  interval(out, &line->next.marginal);
  hs_buf_printf(out, "<td>%.0f of 100</td><td>%s</td></tr>\n", 100 * line->next.p_marginal_pays,
                line->is_measured ? "measured" : "nobody measured it");
}

static void next(const struct hs_capital_case *case_, struct hs_buf *out)
{
  char amount[HS_CAPITAL_FIGURE];
  if (!(case_->options.next_amount > 0))
    return;
  hs_capital_figure(case_->options.next_amount, amount);
  hs_buf_printf(out,
                "<h2>Where the next %s %s go</h2>\n<div class=\"wide\"><table><thead><tr><th></th>"
                "<th>Amount</th><th>Brings</th><th>The first unit brings</th><th>More than "
                "itself</th><th>Its effect</th></tr></thead><tbody>\n",
                amount, case_->currency.code);
  for (size_t i = 0; i < case_->count; i++)
    if (case_->lines[i].next.amount > 0)
      next_row(&case_->lines[i], out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
  add_words(case_, hs_capital_words_kept, NULL, out);
}

/* ---- the lines ---------------------------------------------------------------------------------
 */

static size_t list(const struct hs_capital_case *case_, enum hs_capital_place place,
                   struct hs_buf *out)
{
  size_t shown = 0;
  hs_buf_printf(out, "<ul%s>\n", place == HS_CAPITAL_AT_IDLE ? " class=\"idle\"" : "");
  for (size_t i = 0; i < case_->count; i++) {
    const struct hs_capital_line *line = &case_->lines[i];
    struct hs_buf text = hs_buf_in(out->arena);
    if (!line->is_partner || hs_capital_place_of(line) != place)
      continue;
    hs_buf_printf(out, "<li class=\"%s\"><b>", hs_capital_verdict_name(line->verdict));
    hs_page_text_cut(line->title, 60, out);
    hs_capital_words_line(case_, line, &text);
    hs_page_words(&text, "</b>: ", ".</li>\n", out);
    shown++;
  }
  hs_buf_add_text(out, "</ul>\n");
  return shown;
}

static void idle(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>Activity without sales</h2>\n");
  if (list(case_, HS_CAPITAL_AT_IDLE, out) == 0)
    hs_buf_add_text(out, "<p>No partner with subscribers is shown to be a cost centre.</p>\n");
}

/* Those that cannot pay by what is tracked are many in some programmes: a row each. */
static void needs(const struct hs_capital_case *case_, struct hs_buf *out)
{
  size_t shown = 0;
  for (size_t i = 0; i < case_->count; i++) {
    const struct hs_capital_line *line = &case_->lines[i];
    struct hs_buf text = hs_buf_in(out->arena);
    if (!line->is_partner || hs_capital_place_of(line) != HS_CAPITAL_AT_NEEDS)
      continue;
    if (shown++ == 0)
      hs_buf_add_text(out, "<p>" HS_CAPITAL_WORDS_NEEDS "</p>\n<table><tbody>\n");
    hs_buf_add_text(out, "<tr><td>");
    hs_page_text_cut(line->title, 60, out);
    hs_buf_add_text(out, "</td><td>");
    hs_capital_words_needs(line, &text);
    hs_page_words(&text, "", "</td></tr>\n", out);
  }
  if (shown > 0)
    hs_buf_add_text(out, "</tbody></table>\n");
}

static void halves(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out, "<div class=\"two\"><section><h2>Defensible</h2><p class=\"soft\">From the "
                       "record and from what was measured.</p>\n");
  add_words(case_, hs_capital_words_record, NULL, out);
  (void)list(case_, HS_CAPITAL_AT_MEASURED, out);
  needs(case_, out);
  hs_buf_add_text(out,
                  "</section><section class=\"context\"><h2>Context</h2><p class=\"soft\">Rests "
                  "on what somebody said or assumed.</p>\n");
  add_words(case_, hs_capital_words_times_of_all, NULL, out);
  (void)list(case_, HS_CAPITAL_AT_CONTEXT, out);
  hs_buf_add_text(out, "</section></div>\n");
}

/* ---- the table
 * ------------------------------------------------------------------------------------- */

static void row(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                struct hs_buf *out)
{
  const struct hs_venture_economics *e = &line->economics;
  const struct hs_estimate none = {(double)NAN, (double)NAN, (double)NAN};
  hs_buf_add_text(out, "<tr><td>");
  hs_page_text_cut(line->title, 40, out);
  hs_buf_add_text(out, "</td>");
  cell(out, line->cost.commission);
  cell(out, line->cost.discount);
  cell(out, line->total - line->cost.commission - line->cost.discount);
  cell(out, line->total);
  cell(out, line->tracked);
  cell(out, line->tracked > 0 ? e->cost_each_tracked : (double)NAN);
  if (line->venture.has_share)
    interval(out, &e->cost_each);
  else
    cell(out, none.middle);
  interval(out, &e->value);
  if (case_->options.next_amount > 0)
    cell(out, line->next.amount);
  hs_buf_printf(out, "<td>%s</td></tr>\n",
                hs_capital_is_defensible(line) ? "defensible" : "context");
}

static void table(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_printf(out,
                "<h2>What each cost, and what a customer of theirs is worth (%s)</h2>\n<div "
                "class=\"wide\"><table><thead><tr><th>Partner</th><th>Commission</th><th>Discount</"
                "th><th>Media, content, tools, hours</th><th>Cost</th><th>Tracked "
                "customers</th><th>Cost of a tracked one</th><th>Cost of one who would not have "
                "come otherwise</th><th>Value of one</th>%s<th>Verdict "
                "is</th></tr></thead><tbody>\n",
                case_->currency.code,
                case_->options.next_amount > 0 ? "<th>Of the next amount</th>" : "");
  for (size_t i = 0; i < case_->count; i++)
    row(case_, &case_->lines[i], out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void assumptions(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>Assumptions</h2>\n<ul>\n");
  for (int i = 0; i < HS_PLAN_ITEM_COUNT; i++) {
    struct hs_buf text = hs_buf_in(out->arena);
    hs_capital_words_item(case_, (enum hs_plan_item)i, &text);
    hs_page_words(&text, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

void hs_capital_html(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_page_head(HS_STR("The case for the partnerships"), STYLE, out);
  hs_buf_add_text(out, "<h1>The case for the partnerships</h1>\n");
  answers(case_, out);
  times(case_, out);
  changes(case_, out);
  next(case_, out);
  idle(case_, out);
  halves(case_, out);
  hs_capital_picture_costs(case_, out);
  table(case_, out);
  assumptions(case_, out);
  hs_buf_add_text(out, "<footer>\n");
  add_words(case_, hs_capital_words_limits, NULL, out);
  add_words(case_, hs_capital_words_source, NULL, out);
  hs_buf_add_text(out, "</footer>");
  hs_page_end(out);
}
