/* How a result over regions is written for a terminal. */
#include <math.h>
#include <stdio.h>

#include "service/believe/geo_words.h"

/* More regions than this are counted and not listed. */
#define DONORS_SHOWN 15

static void wrapped(const struct hs_geo_answer *answer, hs_geo_words_fn words, int width,
                    struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(answer, &text);
  hs_buf_fail_with(out, &text);
  if (text.length > 0)
    hs_buf_add_wrapped(out, hs_buf_str(&text), (size_t)width, 0);
}

static void figures_row(const char *title, double effect, double low, double high,
                        struct hs_buf *out)
{
  char figure[HS_GEO_FIGURE_TEXT];
  char range[HS_GEO_RANGE_TEXT];
  hs_geo_figure(effect, fabs(effect), figure);
  hs_geo_range(low, high, fabs(effect), range);
  hs_buf_printf(out, "  %-24s %14s   %s\n", title, figure, range);
}

static void figures(const struct hs_geo_result *result, struct hs_buf *out)
{
  char expected[HS_GEO_FIGURE_TEXT];
  hs_buf_printf(out, "  %-24s %14s   %.4g %% interval\n", "", "effect", 100 * result->level);
  figures_row("per region and period", result->att, result->low, result->high, out);
  figures_row("in all", result->incremental, result->incremental_low, result->incremental_high,
              out);
  hs_geo_figure(result->predicted, fabs(result->predicted), expected);
  if (!isnan(result->lift))
    hs_buf_printf(out, "  %-24s %13.1f%%   of %s expected without it\n", "lift", 100 * result->lift,
                  expected);
}

static void donors(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  size_t *order = hs_arena_alloc(out->arena, result->donor_count, sizeof *order);
  if (order == NULL) {
    out->is_bad = 1;
    return;
  }
  size_t count = hs_geo_by_weight(result, order);
  if (count == 0)
    return;
  hs_buf_add_text(out, "\nCompared with\n");
  for (size_t i = 0; i < count && i < DONORS_SHOWN; i++) {
    const struct hs_geo_donor *donor = &result->donors[order[i]];
    hs_buf_printf(out, "  %7.1f %%  ", 100 * donor->weight);
    (void)hs_buf_add_shown(out, answer->panel.units[donor->unit], 50);
    hs_buf_add_text(out, donor->is_contaminated ? "   broke at the start\n" : "\n");
  }
  if (count > DONORS_SHOWN)
    hs_buf_printf(out, "  and %zu more\n", count - DONORS_SHOWN);
}

void hs_geo_text(const struct hs_geo_answer *answer, int width, struct hs_buf *out)
{
  static const hs_geo_words_fn before[] = {hs_geo_words_verdict, hs_geo_words_return,
                                           hs_geo_words_test, hs_geo_words_overturn,
                                           hs_geo_words_grade};
  static const hs_geo_words_fn after[] = {hs_geo_words_fit, hs_geo_words_method,
                                          hs_geo_words_placebos, hs_geo_words_contaminated,
                                          hs_geo_words_plain};
  hs_buf_add_text(out, "Effect in ");
  hs_geo_words_treated(answer, out);
  hs_buf_add_text(out, "\n");
  wrapped(answer, hs_geo_words_window, width, out);
  hs_buf_add_text(out, "\n");
  figures(&answer->result, out);
  hs_buf_add_text(out, "\n");
  for (size_t i = 0; i < sizeof before / sizeof *before; i++)
    wrapped(answer, before[i], width, out);
  donors(answer, out);
  hs_buf_add_text(out, "\n");
  for (size_t i = 0; i < sizeof after / sizeof *after; i++)
    wrapped(answer, after[i], width, out);
}
