/* What a halo table says, in sentences: the same for a terminal and for a page. */
#include <math.h>

#include "service/believe/halo_priv.h"

static void comparison(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_honesty *h = &a->halo.honesty;
  char tracked[HS_FIGURE_TEXT];
  char changed[HS_FIGURE_TEXT];
  char text[HS_FIGURE_INTERVAL_TEXT];
  hs_figure_of_any_size(h->tracked.mean, tracked);
  hs_figure_of_any_size(h->incremental.mean, changed);
  hs_figure_interval(h->difference.mean, h->difference.low, h->difference.high, text);
  hs_buf_printf(out, "Tracked %s; all that changed %s; the difference is %s.\n", tracked, changed,
                text);
  if (!isnan(h->ratio.mean)) {
    hs_figure_interval(h->ratio.mean, h->ratio.low, h->ratio.high, text);
    hs_buf_printf(out, "For each 1 tracked, %s came.\n", text);
  }
  hs_buf_printf(out,
                "That it brought less than %.0f %% of what is tracked: %.1f %%; within the band: "
                "%.1f %%; more than %.0f %%: %.1f %%. A verdict takes %.1f %%.\n",
                100 * (1 - h->options.band), 100 * h->p_over, 100 * h->p_consistent,
                100 * (1 + h->options.band), 100 * h->p_under, 50 * (1 + h->options.mass));
  hs_figure_of_any_size(h->detectable_effect, tracked);
  hs_figure_of_any_size(h->detectable_difference, changed);
  hs_buf_printf(out,
                "The smallest effect that could be told from none: %s; the smallest difference "
                "from what is tracked: %s.\n",
                tracked, changed);
}

static void separation(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_halo *h = &a->halo;
  if (!(h->tracked > 0))
    return;
  hs_words_separation(h->tracked, &h->bounds, h->has_points ? &h->points : NULL, a->hold_out_orders,
                      out);
  if (!h->has_points)
    hs_buf_add_text(out, "Both take it that the partner drives nobody away.\n");
}

static void lowered(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_halo *h = &a->halo;
  if (h->has_overlap)
    hs_buf_add_text(out, "The grade is lower because another partner was active in the window.\n");
  else if (a->events_inside > 0)
    hs_buf_add_text(out, "The grade is lower because other things happened in the window.\n");
  if (h->left_out_count > 0)
    hs_buf_printf(out,
                  "%zu %s of the window %s not judged: another partner was there as it was not "
                  "before.\n",
                  h->left_out_count, hs_plural(h->left_out_count, "row", "rows"),
                  hs_plural(h->left_out_count, "is", "are"));
}

const char *hs_halo_line_shown(const struct hs_halo_line *line)
{
  if (line->refused_because != NULL)
    return "refused";
  return line->verdict == HS_INFLUENCE_UNDETERMINED ? "cannot tell"
                                                    : hs_influence_verdict_name(line->verdict);
}

void hs_halo_verdict_shown(const struct hs_halo_answer *a, struct hs_buf *out)
{
  if (a->is_interim || a->halo.verdict != HS_HALO_TOLD)
    hs_buf_add_text(out, hs_halo_verdict_words(a));
  else
    hs_words_honesty_verdict(&a->halo.honesty, a->has_settle ? &a->settle : NULL,
                             (double)a->halo.judged_count * a->spaced.step / 7, out);
}

void hs_halo_sentences(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_halo *h = &a->halo;
  if (h->refused_because != NULL)
    hs_buf_printf(out, "Refused: %s.\n", h->refused_because);
  if (!a->is_interim && h->verdict == HS_HALO_TOLD) {
    comparison(a, out);
    separation(a, out);
    hs_words_settle(&h->honesty, a->has_settle ? &a->settle : NULL, out);
  }
  if (h->verdict == HS_HALO_JOINT)
    hs_buf_add_text(out, "Another partner came or went with this one: too few rows are left in "
                         "which it stood as before, nothing separates them, and the total is the "
                         "effect of both.\n");
  if (h->verdict != HS_HALO_REFUSED)
    hs_words_evidence(h->grade, h->grade_because, out);
  lowered(a, out);
}
