#include <math.h>

#include "service/decide/trend_words.h"

typedef void (*side_words_fn)(const struct hs_trend_answer *answer, size_t side,
                              struct hs_buf *out);

static void add_sentence(struct hs_str sentence, int width, struct hs_buf *out)
{
  if (sentence.length > 0)
    hs_buf_add_wrapped(out, sentence, (size_t)width, 0);
}

static void add_side(const struct hs_trend_answer *answer, size_t side, side_words_fn words,
                     int width, struct hs_buf *out)
{
  struct hs_buf sentence = hs_buf_in(out->arena);
  words(answer, side, &sentence);
  hs_buf_fail_with(out, &sentence);
  add_sentence(hs_buf_str(&sentence), width, out);
}

/* The table that MEASURE asks for: what the verdict is for each elasticity. */
static void table(const struct hs_trend *t, struct hs_buf *out)
{
  hs_buf_add_text(out, "\n  elasticity   weight    growth      from        to   verdict\n");
  for (size_t e = 0; e < HS_TREND_ELASTICITY_COUNT; e++) {
    const struct hs_trend_growth *growth = &t->by_elasticity[e];
    char mean[HS_TREND_PERCENT_TEXT];
    char low[HS_TREND_PERCENT_TEXT];
    char high[HS_TREND_PERCENT_TEXT];
    hs_trend_percent(growth->mean, mean);
    hs_trend_percent(growth->low, low);
    hs_trend_percent(growth->high, high);
    hs_buf_printf(out, "  %10.1f  %5.0f %%  %8s  %8s  %8s   %s\n",
                  (double)e / (HS_TREND_ELASTICITY_COUNT - 1), 100 * t->elasticity_weight[e], mean,
                  low, high, hs_trend_verdict_words(t->verdict_by_elasticity[e]));
  }
}

static void side_text(const struct hs_trend_answer *answer, size_t side, int width,
                      struct hs_buf *out)
{
  static const side_words_fn words[] = {hs_trend_words_side, hs_trend_words_effort,
                                        hs_trend_words_breaks, hs_trend_words_curve};
  const struct hs_trend *t = &answer->partnership.sides[side];
  hs_buf_add_char(out, '\n');
  (void)hs_buf_add_shown(out, answer->series.side_names[side], 60);
  hs_buf_printf(out, ": %s\n", hs_trend_verdict_words(t->verdict));
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    add_side(answer, side, words[i], width, out);
  if (answer->series.effort != NULL && !isnan(t->elasticity))
    table(t, out);
}

void hs_trend_text(const struct hs_trend_answer *answer, int width, struct hs_buf *out)
{
  struct hs_buf sentence = hs_buf_in(out->arena);
  hs_trend_words_verdict(answer, &sentence);
  add_sentence(hs_buf_str(&sentence), width, out);
  hs_buf_clear(&sentence);
  hs_trend_words_reason(answer, &sentence);
  add_sentence(hs_buf_str(&sentence), width, out);
  for (size_t i = 0; i < answer->partnership.side_count; i++)
    side_text(answer, i, width, out);
  hs_buf_clear(&sentence);
  hs_trend_words_stack(answer, &sentence);
  add_sentence(hs_buf_str(&sentence), width, out);
  hs_buf_add_char(out, '\n');
  for (enum hs_trend_caution c = HS_TREND_ONE_SIDE; c < HS_TREND_CAUTION_COUNT; c++)
    if (hs_trend_has_caution(answer, c)) {
      hs_buf_add_text(out, "- ");
      hs_buf_add_wrapped(out, hs_str_of(hs_trend_caution_words(c)), (size_t)width, 2);
    }
  hs_buf_clear(&sentence);
  hs_trend_words_rows(answer, &sentence);
  hs_buf_add_char(out, '\n');
  add_sentence(hs_buf_str(&sentence), width, out);
  hs_buf_fail_with(out, &sentence);
}
