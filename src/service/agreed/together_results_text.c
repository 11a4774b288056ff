/* Results of working together, for people and machines. */
#include <inttypes.h>

#include "service/agreed/together_results.h"
#include "service/json_member.h"

static const struct {
  const char *word, *says;
} AUDIENCES[HS_AUDIENCE_COUNT] = {
    [HS_AUDIENCE_PARTNER] = {"partner", "the partner's"},
    [HS_AUDIENCE_OWN] = {"own", "our own (email, direct)"},
    [HS_AUDIENCE_COLD] = {"cold", "strangers (paid search, social, impressions)"},
};

#define LABEL_WIDTH 46

/* ---- figures ---- */

static void say_decimal(struct hs_decimal figure, struct hs_buf *out)
{
  char text[HS_DECIMAL_TEXT];
  hs_decimal_format(figure, text);
  hs_buf_add_text(out, text);
}

static void say_part(struct hs_hits hits, struct hs_buf *out)
{
  double low;
  double high;
  if (hits.sample == 0) {
    hs_buf_add_text(out, "not enough data");
    return;
  }
  hs_ladder_wilson(hits, &low, &high);
  hs_buf_printf(out, "%.1f %% (%.1f to %.1f %%) of %" PRId64,
                100 * (double)hits.hits / (double)hits.sample, 100 * low, 100 * high, hits.sample);
}

static void say_baseline(const struct hs_baseline_result *baseline, size_t width,
                         struct hs_buf *out)
{
  struct hs_buf line = hs_buf_in(out->arena);
  if (baseline->of.data != NULL) {
    (void)hs_buf_add_shown(&line, baseline->of, SIZE_MAX);
    hs_buf_add_text(&line, " alone: ");
  }
  (void)hs_buf_add_shown(&line, baseline->what, SIZE_MAX);
  hs_buf_add_text(&line, ", ");
  say_decimal(baseline->baseline, &line);
  hs_buf_add_char(&line, ' ');
  (void)hs_buf_add_shown(&line, baseline->unit, SIZE_MAX);
  if (baseline->target.scale >= 0) {
    hs_buf_add_text(&line, " to begin with, ");
    say_decimal(baseline->target, &line);
    hs_buf_add_text(&line, " wanted");
  }
  if (baseline->is_seen) {
    hs_buf_printf(&line, "; %.1f orders a month with a touchpoint of the partner",
                  baseline->orders_a_month);
  } else {
    hs_buf_add_text(&line, "; the programme does not see it: ");
    (void)hs_buf_add_shown(&line, baseline->source, SIZE_MAX);
  }
  hs_buf_fail_with(out, &line);
  hs_buf_add_text(out, "  ");
  hs_buf_add_wrapped(out, hs_buf_str(&line), width, 4);
}

/* ---- trust ---- */

static const char *compared_words(enum hs_compared compared)
{
  static const char *const WORDS[] = {"more often than", "less often than",
                                      "cannot tell yet, beside"};
  return WORDS[compared];
}

static void say_trust(const struct hs_together_results *results, struct hs_buf *out)
{
  hs_buf_add_text(out, "\nTrust: journeys that ended in an order, by how they began\n");
  for (size_t a = 0; a < HS_AUDIENCE_COUNT; a++) {
    hs_buf_printf(out, "  %-*s", LABEL_WIDTH, AUDIENCES[a].says);
    say_part(results->of[a].orders, out);
    hs_buf_add_char(out, '\n');
  }
  hs_buf_printf(out, "  the partner's audience buys: %s strangers, %s our own\n",
                compared_words(results->than_cold), compared_words(results->than_own));
}

static void say_reaction(const char *label, int is_known, int64_t count,
                         const struct hs_mailing *mailing, struct hs_buf *out)
{
  hs_buf_printf(out, "  %-*s", LABEL_WIDTH, label);
  if (is_known && mailing->has_sends && mailing->sends > 0 && count >= 0 && count <= mailing->sends)
    say_part((struct hs_hits){count, mailing->sends}, out);
  else
    hs_buf_add_text(out, "not enough data");
  hs_buf_add_char(out, '\n');
}

static void say_mailings(const struct hs_together_results *results, struct hs_buf *out)
{
  const struct hs_mailing *partner = &results->of[HS_AUDIENCE_PARTNER].mailing;
  const struct hs_mailing *own = &results->of[HS_AUDIENCE_OWN].mailing;
  hs_buf_add_text(out, "\nUnsubscribes and complaints, of mails sent\n");
  say_reaction("unsubscribes, the partner's", partner->has_unsubscribes, partner->unsubscribes,
               partner, out);
  say_reaction("unsubscribes, our own", own->has_unsubscribes, own->unsubscribes, own, out);
  say_reaction("complaints, the partner's", partner->has_complaints, partner->complaints, partner,
               out);
  say_reaction("complaints, our own", own->has_complaints, own->complaints, own, out);
}

/* Of a company, which kinds of activity nobody has imported. */
static void say_missing(struct hs_str company, const struct hs_mailing *mailing, struct hs_buf *out)
{
  if (company.data == NULL ||
      (mailing->has_sends && mailing->has_unsubscribes && mailing->has_complaints))
    return;
  hs_buf_add_text(out, "  missing: activity of the kinds");
  hs_buf_add_text(out, mailing->has_sends ? "" : " sends");
  hs_buf_add_text(out, mailing->has_unsubscribes ? "" : " unsubscribes");
  hs_buf_add_text(out, mailing->has_complaints ? "" : " complaints");
  hs_buf_add_text(out, " under the name ");
  (void)hs_buf_add_shown(out, company, SIZE_MAX);
  hs_buf_add_char(out, '\n');
}

void hs_together_results_say(const struct hs_together_results *results, const struct hs_zone *zone,
                             size_t width, struct hs_buf *out)
{
  char from[HS_TIME_TEXT];
  char to[HS_TIME_TEXT];
  hs_format_day(hs_zone_day_of_us(zone, results->period.from_us), from);
  hs_format_day(hs_zone_day_of_us(zone, results->period.until_us - 1), to);
  (void)hs_buf_add_shown(out, results->agreement, SIZE_MAX);
  hs_buf_printf(out, " with ");
  (void)hs_buf_add_shown(out, results->partner, SIZE_MAX);
  hs_buf_printf(out, ", %s to %s\n\nBeside what was agreed to begin with\n", from, to);
  for (size_t i = 0; i < results->baseline_count; i++)
    say_baseline(&results->baselines[i], width, out);
  if (results->baseline_count == 0)
    hs_buf_add_text(out, "  the agreement names no figure\n");
  say_trust(results, out);
  say_mailings(results, out);
  say_missing(results->partner, &results->of[HS_AUDIENCE_PARTNER].mailing, out);
  say_missing(results->own, &results->of[HS_AUDIENCE_OWN].mailing, out);
  hs_buf_add_text(out,
                  "\nIntervals at 95 % (Wilson); more or less often is said only where two do not "
                  "meet. It says how each audience behaves, not why.\n");
}

/* ---- as JSON ---- */

static void add_count(const char *name, int is_known, int64_t count, struct hs_buf *out)
{
  hs_json_key(out, name);
  if (is_known)
    hs_buf_printf(out, "%" PRId64, count);
  else
    hs_buf_add_text(out, "null");
}

static void add_audience(const struct hs_audience_figures *figures, const char *word,
                         struct hs_buf *out)
{
  double low;
  double high;
  hs_ladder_wilson(figures->orders, &low, &high);
  hs_buf_add_char(out, '{');
  hs_json_text(out, "audience", hs_str_of(word));
  add_count("journeys", 1, figures->orders.sample, out);
  add_count("orders", 1, figures->orders.hits, out);
  hs_json_key(out, "low");
  hs_buf_add_double(out, low);
  hs_json_key(out, "high");
  hs_buf_add_double(out, high);
  add_count("sends", figures->mailing.has_sends, figures->mailing.sends, out);
  add_count("unsubscribes", figures->mailing.has_unsubscribes, figures->mailing.unsubscribes, out);
  add_count("complaints", figures->mailing.has_complaints, figures->mailing.complaints, out);
  hs_buf_add_char(out, '}');
}

static void add_decimal(const char *name, struct hs_decimal figure, struct hs_buf *out)
{
  char text[HS_DECIMAL_TEXT];
  if (figure.scale >= 0)
    hs_decimal_format(figure, text);
  hs_json_text(out, name, figure.scale >= 0 ? hs_str_of(text) : (struct hs_str){0});
}

static void add_baseline(const struct hs_baseline_result *baseline, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "of", baseline->of);
  hs_json_text(out, "what", baseline->what);
  hs_json_text(out, "unit", baseline->unit);
  add_decimal("baseline", baseline->baseline, out);
  add_decimal("target", baseline->target, out);
  hs_json_text(out, "source", baseline->source);
  hs_json_key(out, "orders_a_month");
  if (baseline->is_seen)
    hs_buf_add_double(out, baseline->orders_a_month);
  else
    hs_buf_add_text(out, "null");
  hs_buf_add_char(out, '}');
}

void hs_together_results_json(const struct hs_together_results *results, const struct hs_zone *zone,
                              struct hs_buf *out)
{
  static const char *const COMPARED[] = {"more", "less", "cannot tell"};
  char day[HS_TIME_TEXT];
  hs_buf_add_char(out, '{');
  hs_json_text(out, "agreement", results->agreement);
  hs_json_text(out, "partner", results->partner);
  hs_format_day(hs_zone_day_of_us(zone, results->period.from_us), day);
  hs_json_text(out, "from", hs_str_of(day));
  hs_format_day(hs_zone_day_of_us(zone, results->period.until_us - 1), day);
  hs_json_text(out, "to", hs_str_of(day));
  hs_buf_add_text(out, ",\"baselines\":[");
  for (size_t i = 0; i < results->baseline_count; i++) {
    hs_buf_add_text(out, i > 0 ? "," : "");
    add_baseline(&results->baselines[i], out);
  }
  hs_buf_add_text(out, "],\"audiences\":[");
  for (size_t a = 0; a < HS_AUDIENCE_COUNT; a++) {
    hs_buf_add_text(out, a > 0 ? "," : "");
    add_audience(&results->of[a], AUDIENCES[a].word, out);
  }
  hs_buf_add_char(out, ']');
  hs_json_text(out, "buys_than_strangers", hs_str_of(COMPARED[results->than_cold]));
  hs_json_text(out, "buys_than_own", hs_str_of(COMPARED[results->than_own]));
  hs_buf_add_text(out, "}\n");
}
