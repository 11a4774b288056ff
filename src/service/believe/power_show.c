/* What a method can see, in words, as JSON, as CSV and as a page: the same sentences on screen and
   paper. */
#include <math.h>

#include "service/believe/power.h"
#include "service/json_member.h"
#include "service/page.h"

/* ---- sentences ---- */

static int is_told(const struct hs_power_answer *a)
{
  return !a->power.power.is_refused && !a->power.power.is_too_few;
}

static void words_asked(const struct hs_power_answer *a, struct hs_buf *out)
{
  hs_buf_printf(out, "Power of the %s mode, windows of %zu rows, level %g %%",
                hs_influence_mode_name(a->asked.mode), a->asked.window_rows,
                100 * a->asked.common.level);
}

static void words_false(const struct hs_power_answer *a, struct hs_buf *out)
{
  const struct hs_pairs_power *p = &a->power.power;
  hs_buf_printf(out,
                "Where nothing happened it found an effect at %zu of %zu dates: %.1f %% [%.1f, "
                "%.1f], counting the %zu windows that share no row; %.1f %% is allowed.",
                p->false_count, p->trial_count, 100 * p->false_positive_rate, 100 * p->rate_low,
                100 * p->rate_high, a->power.disjoint, 100 * (1 - a->asked.common.level));
  if (a->power.refused_count > 0)
    hs_buf_printf(out, " At %zu further %s it had no interval.", a->power.refused_count,
                  hs_plural(a->power.refused_count, "date", "dates"));
}

static void words_cannot_tell(const struct hs_power_answer *a, struct hs_buf *out)
{
  double weeks = ceil((double)a->more_rows * a->days_between / 7);
  hs_buf_add_text(out, "Cannot tell");
  if (isfinite(weeks) && weeks > 0)
    hs_buf_printf(out, " yet, needs %.0f more %s of history", weeks,
                  hs_plural_rounded(weeks, "week", "weeks"));
  else if (a->more_rows > 0)
    hs_buf_printf(out, " yet, needs %zu more rows of history", a->more_rows);
  hs_buf_printf(out, ": %zu %s that share no row bear no smallest effect; %zu are the least.",
                a->power.disjoint, hs_plural(a->power.disjoint, "window", "windows"),
                hs_pairs_trials_min(a->asked.power));
}

static void words_smallest(const struct hs_power_answer *a, struct hs_buf *out)
{
  const struct hs_pairs_power *p = &a->power.power;
  hs_buf_printf(out,
                "Smallest effect found %g times in 100: %.2f %% of what was to be expected (at "
                "least %.2f %%, ",
                100 * a->asked.power, 100 * p->detectable, 100 * p->detectable_low);
  if (isnan(p->detectable_high))
    hs_buf_add_text(out, "no end above, with so few windows");
  else
    hs_buf_printf(out, "at most %.2f %%", 100 * p->detectable_high);
  hs_buf_add_text(out, "; 95 % interval).");
}

/* The last one: what it can see, or why that is not told. */
static void words_found(const struct hs_power_answer *a, struct hs_buf *out)
{
  if (a->power.power.is_refused)
    hs_buf_add_text(out,
                    "No power is told: a method that sees effects where there are none has none.");
  else if (a->power.power.is_too_few)
    words_cannot_tell(a, out);
  else
    words_smallest(a, out);
}

typedef void (*words_fn)(const struct hs_power_answer *a, struct hs_buf *out);

/* ---- text ---- */

static void wrapped(const struct hs_power_answer *a, words_fn words, int width, struct hs_buf *out)
{
  struct hs_buf sentence = hs_buf_in(out->arena);
  words(a, &sentence);
  hs_buf_fail_with(out, &sentence);
  hs_buf_add_wrapped(out, hs_buf_str(&sentence), (size_t)width, 0);
}

void hs_power_text(const struct hs_power_answer *a, int width, struct hs_buf *out)
{
  wrapped(a, words_asked, width, out);
  wrapped(a, words_false, width, out);
  if (is_told(a)) {
    hs_buf_printf(out, "\n  %10s  %s\n", "effect", "found");
    for (size_t i = 0; i < a->asked.effect_count; i++)
      hs_buf_printf(out, "  %8.2f %%  %4.0f %%\n", 100 * a->asked.effects[i],
                    100 * hs_power_at(&a->power, a->asked.effects[i]));
    hs_buf_add_char(out, '\n');
  }
  wrapped(a, words_found, width, out);
}

/* ---- CSV ---- */

void hs_power_csv(const struct hs_power_answer *a, struct hs_buf *out)
{
  hs_buf_add_text(out, "effect,found\r\n");
  for (size_t i = 0; is_told(a) && i < a->asked.effect_count; i++) {
    hs_buf_add_double(out, a->asked.effects[i]);
    hs_buf_add_char(out, ',');
    hs_buf_add_double(out, hs_power_at(&a->power, a->asked.effects[i]));
    hs_buf_add_text(out, "\r\n");
  }
}

/* ---- page ---- */

static const char STYLE[] = HS_PAGE_COLOURS("--bar:#2f6f9f", "--bar:#5aa2d6")
    HS_PAGE_BODY("46rem") "h1{font-size:1.6rem;margin:0 0 1rem}"
                          "table{border-collapse:collapse;margin:1.2rem 0;width:100%}"
                          "th,td{padding:.3rem .8rem .3rem 0;text-align:right;"
                          "border-bottom:1px solid var(--line)}"
                          "th{color:var(--soft);font-weight:600}"
                          "td:last-child{width:60%;text-align:left}"
                          "i{display:inline-block;height:.8rem;background:var(--bar)}"
                          ".soft{color:var(--soft)}" HS_PAGE_PRINT(
                              "--bar:#000;", "10pt") "tr{break-inside:avoid}@page{margin:16mm}}";

static void paragraph(const struct hs_power_answer *a, words_fn words, const char *class,
                      struct hs_buf *out)
{
  struct hs_buf sentence = hs_buf_in(out->arena);
  words(a, &sentence);
  hs_page_paragraph(&sentence, class, out);
}

static void table(const struct hs_power_answer *a, struct hs_buf *out)
{
  hs_buf_add_text(out, "<table><thead><tr><th>effect</th><th>found</th><th></th></tr></thead>\n"
                       "<tbody>\n");
  for (size_t i = 0; i < a->asked.effect_count; i++) {
    double found = hs_power_at(&a->power, a->asked.effects[i]);
    hs_buf_printf(out,
                  "<tr><td>%.2f %%</td><td>%.0f %%</td><td><i style=\"width:%.1f%%\"></i></td>"
                  "</tr>\n",
                  100 * a->asked.effects[i], 100 * found, 100 * found);
  }
  hs_buf_add_text(out, "</tbody></table>\n");
}

void hs_power_html(const struct hs_power_answer *a, struct hs_buf *out)
{
  hs_page_head(HS_STR("What could be seen"), STYLE, out);
  hs_buf_add_text(out, "<h1>What could be seen in ");
  hs_page_text(a->asked.file.outcome, out);
  hs_buf_add_text(out, "</h1>\n");
  paragraph(a, words_asked, "soft", out);
  paragraph(a, words_false, NULL, out);
  if (is_told(a))
    table(a, out);
  paragraph(a, words_found, NULL, out);
  hs_page_end(out);
}

/* ---- JSON ---- */

void hs_power_json(const struct hs_power_answer *a, struct hs_buf *out)
{
  const struct hs_pairs_power *p = &a->power.power;
  hs_buf_printf(out, "{\"mode\":\"%s\",\"window\":%zu,\"dates\":%zu,\"dates_refused\":%zu",
                hs_influence_mode_name(a->asked.mode), a->asked.window_rows, a->power.date_count,
                a->power.refused_count);
  hs_json_number(out, "level", a->asked.common.level);
  hs_buf_printf(out, ",\"seed\":%llu,\"disjoint\":%zu", (unsigned long long)a->asked.common.seed,
                a->power.disjoint);
  hs_json_number(out, "false_positive_rate", p->false_positive_rate);
  hs_json_number(out, "rate_low", p->rate_low);
  hs_json_number(out, "rate_high", p->rate_high);
  hs_json_number(out, "power", a->asked.power);
  hs_json_number(out, "detectable", p->detectable);
  hs_json_number(out, "detectable_low", p->detectable_low);
  hs_json_number(out, "detectable_high", p->detectable_high);
  hs_json_count(out, "more_rows", a->more_rows);
  hs_buf_add_text(out, ",\"effects\":[");
  for (size_t i = 0; !p->is_refused && !p->is_too_few && i < a->asked.effect_count; i++) {
    hs_buf_add_text(out, i == 0 ? "{\"effect\":" : ",{\"effect\":");
    hs_buf_add_double(out, a->asked.effects[i]);
    hs_json_number(out, "found", hs_power_at(&a->power, a->asked.effects[i]));
    hs_buf_add_char(out, '}');
  }
  hs_buf_printf(out, "],\"refused_because\":%s}\n",
                p->is_refused   ? "\"it sees effects where nothing happened\""
                : p->is_too_few ? "\"the history holds too few windows that share no row\""
                                : "null");
}
