/* An influence for a terminal. */
#include <math.h>
#include <stdio.h>

#include "service/believe/influence_words.h"

typedef void (*words_fn)(const struct hs_influence_answer *answer, struct hs_buf *out);

/* Data goes into these sentences through hs_buf_add_shown, so that no terminal obeys it. */
static void paragraph(const struct hs_influence_answer *answer, words_fn words, int width,
                      struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(answer, &text);
  hs_buf_fail_with(out, &text);
  if (text.length == 0)
    return;
  hs_buf_add_wrapped(out, hs_buf_str(&text), (size_t)width, 0);
  hs_buf_add_char(out, '\n');
}

static void row(const char *what, const struct hs_influence_estimate *of, struct hs_buf *out)
{
  int digits = hs_influence_digits(of);
  char actual[HS_FIGURE_TEXT];
  char predicted[HS_FIGURE_TEXT];
  char effect[HS_FIGURE_TEXT];
  char range[HS_FIGURE_RANGE_TEXT];
  hs_figure(of->actual, digits, actual);
  hs_figure(of->predicted, digits, predicted);
  hs_figure(of->effect, digits, effect);
  hs_influence_range(of->low, of->high, digits, range);
  hs_buf_printf(out, "  %-10s %13s %13s %13s   %s\n", what, actual, predicted, effect, range);
}

static void table(const struct hs_influence_result *result, struct hs_buf *out)
{
  char effect[HS_FIGURE_TEXT];
  char range[HS_FIGURE_RANGE_TEXT];
  hs_buf_printf(out, "  %-10s %13s %13s %13s   %g %% interval\n", "", "actual", "without it",
                "effect", 100 * result->level);
  row("a period", &result->average, out);
  row("in all", &result->cumulative, out);
  if (!isnan(result->relative.effect)) {
    hs_influence_share(&result->relative, effect);
    hs_influence_share_range(&result->relative, range);
    hs_buf_printf(out, "  %-10s %13s %13s %13s   %s\n", "as a share", "", "", effect, range);
  }
  hs_buf_add_char(out, '\n');
}

static void controls(const struct hs_influence_result *result, struct hs_buf *out)
{
  if (result->control_count == 0)
    return;
  hs_buf_printf(out, "  %-24s %10s %14s\n", "control", "taken in", "coefficient");
  for (size_t c = 0; c < result->control_count; c++) {
    const struct hs_influence_control *control = &result->controls[c];
    char inclusion[HS_FIGURE_TEXT];
    hs_figure_share(control->inclusion, inclusion);
    hs_buf_add_text(out, "  ");
    for (size_t width = hs_buf_add_shown(out, control->name, 24); width < 24; width++)
      hs_buf_add_char(out, ' ');
    hs_buf_printf(out, " %10s", inclusion);
    if (isnan(control->coefficient))
      hs_buf_printf(out, " %14s", "");
    else
      hs_buf_printf(out, " %14.4g", control->coefficient);
    struct hs_buf words = hs_buf_in(out->arena);
    hs_influence_words_control(control, &words);
    hs_buf_fail_with(out, &words);
    if (words.length > 0)
      hs_buf_printf(out, "  %s", words.data);
    hs_buf_add_char(out, '\n');
  }
  hs_buf_add_char(out, '\n');
}

void hs_influence_text(const struct hs_influence_answer *answer, int width, struct hs_buf *out)
{
  paragraph(answer, hs_influence_words_question, width, out);
  if (answer->result.verdict != HS_INFLUENCE_REFUSED)
    table(&answer->result, out);
  paragraph(answer, hs_influence_words_verdict, width, out);
  paragraph(answer, hs_influence_words_grade, width, out);
  paragraph(answer, hs_influence_words_placebos, width, out);
  controls(&answer->result, out);
  paragraph(answer, hs_influence_words_contaminated, width, out);
  paragraph(answer, hs_influence_words_rows, width, out);
  paragraph(answer, hs_influence_words_method, width, out);
}
