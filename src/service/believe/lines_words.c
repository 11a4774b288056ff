#include <math.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/lines_show.h"
#include "service/believe/report_words.h"

const char *hs_lines_title(enum hs_lines_kind kind)
{
  static const char *const TITLES[HS_LINES_KIND_COUNT] = {"first met", "assisted", "self-reported",
                                                          "brand search", "come back"};
  return TITLES[kind];
}

const char *hs_lines_gap_words(enum hs_lines_gap gap)
{
  static const char *const WORDS[] = {
      [HS_LINES_NO_GAP] = "",
      [HS_LINES_NOTHING_RECORDED] = "nothing of the kind is recorded",
      [HS_LINES_SHORT_RECORD] = "the record is too short",
      [HS_LINES_TOO_FEW] = "fewer than 20 cases",
      [HS_LINES_NO_VARIATION] = "the partner did about the same every week",
      [HS_LINES_BY_CHANCE] = "one of so many partners may look like that by chance",
      [HS_LINES_TOO_UNCERTAIN] = "the interval holds both a change and none",
  };
  return WORDS[gap];
}

static long long compared_days(const struct hs_lines_view *view)
{
  return 7 * (long long)view->window_weeks;
}

void hs_words_lines_meaning(const struct hs_lines_view *view, struct hs_buf *out)
{
  hs_buf_add_text(out, "What the last click does not see. Evidence: indication (grade D), so a "
                       "direction and never money; nothing here may be added to attributed "
                       "revenue, which it overlaps. ");
  if (view->window_weeks > 0)
    hs_buf_printf(out,
                  "↑ up, → flat (within a quarter), ↓ down: the last %lld days against the %lld "
                  "before; searches against weeks with less activity, returning customers against "
                  "all others. At most one in ten of the arrows up and down of a column is "
                  "expected to be wrong.",
                  compared_days(view), compared_days(view));
  else
    hs_buf_add_text(out, "The record is too short to compare with what was before: that takes "
                         "eight weeks.");
}

void hs_words_lines_answers(const struct hs_lines_view *view, struct hs_buf *out)
{
  char answers[HS_FIGURE_TEXT];
  char unnamed[HS_FIGURE_TEXT];
  hs_figure((double)view->answers, 0, answers);
  hs_figure((double)view->answers_unnamed, 0, unnamed);
  if (view->answers == 0)
    hs_buf_add_text(out, "Nobody was asked how they heard of us: import the answers with hansa "
                         "import surveys.");
  else
    hs_buf_printf(out,
                  "Of %s %s to \"how did you hear of us\", %s %s no partner. People forget and "
                  "guess: an answer says what they remember.",
                  answers, hs_plural(view->answers, "answer", "answers"), unnamed,
                  hs_plural(view->answers_unnamed, "names", "name"));
}

/* ---- one line ---- */

static void share_range(double low, double high, char out[HS_LINES_RANGE_TEXT])
{
  int digits = high < .0995 || high - low < .02 ? 1 : 0;
  (void)snprintf(out, HS_LINES_RANGE_TEXT, "%.*f–%.*f %%", digits, low * 100, digits, high * 100);
}

/* A factor as a change: 1.05 is "+5"; what rounds to nothing has no sign but plus. */
static double change_of(double factor)
{
  double change = round((factor - 1) * 100);
  return change == 0 ? 0 : change;
}

void hs_lines_range(const struct hs_lines_line *line, enum hs_lines_kind kind,
                    char out[HS_LINES_RANGE_TEXT])
{
  if (kind != HS_LINES_BRAND_SEARCH && !isnan(line->low))
    share_range(line->low, line->high, out);
  else if (kind == HS_LINES_BRAND_SEARCH && !isnan(line->ratio_low))
    (void)snprintf(out, HS_LINES_RANGE_TEXT, "%+.0f..%+.0f %%", change_of(line->ratio_low),
                   change_of(fmin(line->ratio_high, 100)));
  else
    memcpy(out, "–", sizeof "–");
}

static void add_sample(const struct hs_lines_line *line, enum hs_lines_kind kind,
                       struct hs_buf *out)
{
  static const char *const VERBS[HS_LINES_KIND_COUNT] = {
      [HS_LINES_FIRST_MET] = "First met %s of %s new customers",
      [HS_LINES_ASSISTED] = "Took part in %s of %s orders in which somebody else was last",
      [HS_LINES_SELF_REPORTED] = "Named in %s of %s answers",
      [HS_LINES_REPEAT_RATE] = "%s of %s new customers it met first bought again within 90 days"};
  char count[HS_FIGURE_TEXT];
  char of[HS_FIGURE_TEXT];
  char range[HS_LINES_RANGE_TEXT];
  hs_figure((double)line->count, 0, count);
  hs_figure((double)line->of, 0, of);
  if (kind == HS_LINES_BRAND_SEARCH) {
    hs_buf_printf(out, "Searches for our name in %s %s", of, hs_plural(line->of, "week", "weeks"));
    return;
  }
  /* The formats are those above. */
  const char *rest = VERBS[kind];
  const char *const VALUES[2] = {count, of};
  for (size_t i = 0; i < 2; i++) {
    const char *at = strstr(rest, "%s");
    hs_buf_add(out, rest, (size_t)(at - rest));
    hs_buf_add_text(out, VALUES[i]);
    rest = at + 2;
  }
  hs_buf_add_text(out, rest);
  if (isnan(line->low))
    return;
  share_range(line->low, line->high, range);
  hs_buf_printf(out, " (%s)", range);
}

static void add_compared(const struct hs_lines_view *view, enum hs_lines_kind kind,
                         struct hs_buf *out)
{
  if (kind == HS_LINES_BRAND_SEARCH)
    hs_buf_add_text(out, "in a week with twice its activity");
  else if (kind == HS_LINES_REPEAT_RATE)
    hs_buf_add_text(out, "against all other new customers");
  else
    hs_buf_printf(out, "against the %lld days before", compared_days(view));
}

static void add_ratio(const struct hs_lines_line *line, struct hs_buf *out)
{
  hs_buf_printf(out, "%.2f times, %.2f to %.2f", line->ratio, line->ratio_low, line->ratio_high);
}

static void add_direction(const struct hs_lines_view *view, const struct hs_lines_line *line,
                          enum hs_lines_kind kind, struct hs_buf *out)
{
  static const char *const WORDS[] = {"up", "flat", "down"};
  hs_buf_printf(out, "%s ", WORDS[line->verdict]);
  add_compared(view, kind, out);
  hs_buf_add_text(out, " (");
  add_ratio(line, out);
  hs_buf_add_char(out, ')');
}

static void add_gap(const struct hs_lines_view *view, const struct hs_lines_line *line,
                    enum hs_lines_kind kind, struct hs_buf *out)
{
  hs_buf_printf(out, "cannot be told, because %s", hs_lines_gap_words(line->gap));
  if (isnan(line->ratio))
    return;
  hs_buf_add_char(out, ' ');
  add_compared(view, kind, out);
  hs_buf_add_text(out, " (");
  add_ratio(line, out);
  hs_buf_printf(out, "; %.2f times would have shown)", line->detectable);
}

void hs_words_line(const struct hs_lines_view *view, const struct hs_lines_line *line,
                   enum hs_lines_kind kind, struct hs_buf *out)
{
  add_sample(line, kind, out);
  hs_buf_add_text(out, ": ");
  if (line->verdict == HS_LINES_CANNOT_TELL)
    add_gap(view, line, kind, out);
  else
    add_direction(view, line, kind, out);
  hs_buf_add_char(out, '.');
}

/* ---- ranks ---- */

void hs_words_line_rank(const struct hs_lines_partner *partner, struct hs_buf *out)
{
  const struct hs_lines_place *rank = &partner->rank;
  hs_buf_add_str(out, partner->title);
  if (!rank->is_ranked) {
    hs_buf_add_text(out, ": fewer than 20 cases, no rank");
    return;
  }
  hs_buf_printf(out, ": place %u by these lines, %u by the last click", rank->line_rank,
                rank->tracked_rank);
  if (rank->gap > 0)
    hs_buf_printf(out, "; %d %s higher (%d to %d)", (int)rank->gap,
                  hs_plural((uint64_t)rank->gap, "place", "places"), (int)rank->gap_low,
                  (int)rank->gap_high);
}

void hs_words_lines_undervalued(const struct hs_lines_view *view, struct hs_buf *out)
{
  if (view->undervalued_count > 0)
    hs_buf_printf(out,
                  "The ones that last-click undervalues: far higher by first met, assisted and "
                  "self-reported than by revenue of the last click (of %zu that are ranked; places "
                  "are drawn in where they rest on little). Whether a partner brings customers or "
                  "leads them elsewhere no line can see: an experiment can.",
                  view->ranked_count);
  else if (view->ranked_count > 0)
    hs_buf_printf(out,
                  "None of the %zu partners that are ranked stands far higher by these lines than "
                  "by the last click with enough certainty to be named.",
                  view->ranked_count);
}
