/* What a halo table says, in sentences: the same for a terminal and for a page. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "service/believe/halo_priv.h"

static void sentence(struct hs_buf *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void sentence(struct hs_buf *out, const char *format, ...)
{
  char text[768];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  hs_buf_add_text(out, text);
  hs_buf_add_char(out, '\n');
}

static void comparison(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_honesty *h = &a->halo.honesty;
  char tracked[HS_FIGURE_TEXT];
  char changed[HS_FIGURE_TEXT];
  char text[HS_FIGURE_INTERVAL_TEXT];
  hs_figure_of_any_size(h->tracked.mean, tracked);
  hs_figure_of_any_size(h->incremental.mean, changed);
  hs_figure_interval(h->difference.mean, h->difference.low, h->difference.high, text);
  sentence(out, "Tracked %s; all that changed %s; the difference is %s.", tracked, changed, text);
  if (!isnan(h->ratio.mean)) {
    hs_figure_interval(h->ratio.mean, h->ratio.low, h->ratio.high, text);
    sentence(out, "For each 1 tracked, %s came.", text);
  }
  sentence(
      out,
      "That it brought less than %.0f %% of what is tracked: %.1f %%; within the band: %.1f %%; "
      "more than %.0f %%: %.1f %%. A verdict takes %.1f %%.",
      100 * (1 - h->options.band), 100 * h->p_over, 100 * h->p_consistent,
      100 * (1 + h->options.band), 100 * h->p_under, 50 * (1 + h->options.mass));
  hs_figure_of_any_size(h->detectable_effect, tracked);
  hs_figure_of_any_size(h->detectable_difference, changed);
  sentence(out,
           "The smallest effect that could be told from none: %s; the smallest difference "
           "from what is tracked: %s.",
           tracked, changed);
}

static void separation(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_honesty_bounds *b = &a->halo.bounds;
  const struct hs_honesty_points *p = &a->halo.points;
  if (!(a->halo.tracked > 0))
    return;
  char halo[HS_FIGURE_INTERVAL_TEXT];
  if (a->halo.has_points) {
    hs_figure_interval(p->halo.mean, p->halo.low, p->halo.high, halo);
    sentence(out,
             "Would not have bought otherwise: %.0f of 100 [%.0f, %.0f]. Extra sales "
             "elsewhere: %s.",
             100 * p->kappa.mean, 100 * p->kappa.low, 100 * p->kappa.high, halo);
    if (p->contradicts)
      sentence(out, "The hold-out contradicts the lines: one of the two designs is broken, or the "
                    "partner drives sales away.");
    return;
  }
  hs_honesty_refusal(out, b, a->hold_out_orders);
  hs_buf_add_text(out, ".\n");
  hs_figure_of_any_size(b->halo_least, halo);
  sentence(out,
           "By the estimates alone: κ at most %.2f, halo at least %s. Both take it that the "
           "partner drives nobody away.",
           b->kappa_most, halo);
}

static void settling(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_settle_answer *s = &a->settle;
  if (!a->has_settle || a->halo.honesty.verdict != HS_HONESTY_UNDETERMINED)
    return;
  char withheld[HS_FIGURE_TEXT];
  hs_figure_of_any_size(s->is_any ? s->withheld[s->best] : 0, withheld);
  if (s->is_any)
    sentence(out,
             "What would settle it: %s for %.0f weeks, during which about %s of its sales "
             "are not made.",
             hs_settle_name(s->best), s->weeks[s->best], withheld);
  else
    sentence(out, "What would settle it: nothing within two years that is open here; it lies too "
                  "close to an edge of the band for its noise.");
  if (s->could[HS_SETTLE_WAIT])
    sentence(out, "Going on as now would take %.0f weeks, if nothing else changes.",
             s->weeks[HS_SETTLE_WAIT]);
}

void hs_halo_sentences(const struct hs_halo_answer *a, struct hs_buf *out)
{
  if (a->halo.refused_because != NULL)
    sentence(out, "Refused: %s.", a->halo.refused_because);
  if (!a->is_interim && a->halo.verdict == HS_HALO_TOLD) {
    comparison(a, out);
    separation(a, out);
    settling(a, out);
  }
  if (a->halo.verdict == HS_HALO_JOINT)
    sentence(out, "Wherever this partner was active the other one was too, or the other way round: "
                  "nothing separates them, and the total is the effect of both.");
  sentence(out, "Evidence %s: %s.", hs_grade_name(a->halo.grade), hs_grade_meaning(a->halo.grade));
  if (a->events_inside > 0 || a->halo.has_overlap)
    sentence(out, "The grade is lower because %s in the window.",
             a->halo.has_overlap ? "another partner was active" : "other things happened");
}
