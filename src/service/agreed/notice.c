#include "service/agreed/notice.h"

#include <inttypes.h>

#include "service/joint/statement_page.h"
#include "service/json_member.h"

/* ---- sentences ---- */

int32_t hs_notice_answer_day(const struct hs_agreed_change *change, const struct hs_zone *zone)
{
  return hs_zone_day_of_us(zone, change->from_us) - 1;
}

static void say_day(int32_t day, struct hs_buf *out)
{
  char text[HS_TIME_TEXT];
  hs_format_day(day, text);
  hs_buf_add_text(out, text);
}

void hs_notice_say_time(const struct hs_agreed_change *change, const struct hs_zone *zone,
                        struct hs_buf *out)
{
  hs_buf_add_text(out, "from ");
  say_day(hs_zone_day_of_us(zone, change->from_us), out);
  hs_buf_add_text(out, change->until_us == INT64_MAX ? " on" : " to ");
  if (change->until_us != INT64_MAX)
    say_day(hs_zone_day_of_us(zone, change->until_us - 1), out);
}

static void say_about(const struct hs_notice *notice, struct hs_buf *out)
{
  const struct hs_agreed_change *change = notice->change;
  (void)hs_buf_add_shown(out, change->after.agreement.title, SIZE_MAX);
  hs_buf_printf(out, ": version %" PRIu64 " in the place of version %" PRIu64 ", ", change->number,
                change->standing);
  hs_notice_say_time(change, notice->zone, out);
}

static void say_author(const struct hs_notice *notice, struct hs_buf *out)
{
  hs_buf_add_text(out, "Proposed by ");
  (void)hs_buf_add_shown(out, notice->by, SIZE_MAX);
  if (notice->reason.data != NULL) {
    hs_buf_add_text(out, ": ");
    (void)hs_buf_add_shown(out, notice->reason, SIZE_MAX);
  }
}

void hs_notice_say_answer(const struct hs_notice *notice, struct hs_buf *out)
{
  int32_t last = hs_notice_answer_day(notice->change, notice->zone);
  if (notice->change->after.agreement.weight == HS_WEIGHT_STANDARD) {
    hs_buf_add_text(out, "Nothing has to be done for it to hold. Whoever declines by the end of ");
    say_day(last, out);
    hs_buf_add_text(out, " goes on with the terms as they are.");
  } else {
    hs_buf_add_text(out, "It holds once every party has accepted. Accept, decline or propose other "
                         "terms by the end of ");
    say_day(last, out);
    hs_buf_add_text(out, "; without an answer the terms stay as they are.");
  }
  hs_buf_add_text(out, " Orders whose touchpoint came before ");
  say_day(last + 1, out);
  hs_buf_add_text(out, " are judged by the terms as they were.");
}

static void say_amount(const struct hs_notice *notice, int64_t minor, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){minor, notice->effect->currency}, text);
  hs_buf_add_text(out, text);
}

/* What it would have come to for whoever reads it; nothing where that was not looked at. */
static void say_effect(const struct hs_notice *notice, struct hs_buf *out)
{
  const struct hs_agreed_effect *effect = notice->effect;
  if (effect == NULL || notice->partner.data == NULL)
    return;
  const struct hs_simulated *line = hs_agreed_effect_of(effect, notice->partner);
  hs_buf_add_text(out, "By the orders from ");
  say_day(hs_zone_day_of_us(notice->zone, effect->period.from_us), out);
  hs_buf_add_text(out, " to ");
  say_day(hs_zone_day_of_us(notice->zone, effect->period.until_us), out);
  if (line == NULL) {
    hs_buf_add_text(out, " nothing was earned, so there are not enough data to say.");
    return;
  }
  int64_t more = line->earned_then_minor - line->earned_now_minor;
  hs_buf_add_text(out, " you earn ");
  say_amount(notice, line->earned_now_minor, out);
  hs_buf_add_text(out, " by the terms as they are and would earn ");
  say_amount(notice, line->earned_then_minor, out);
  hs_buf_add_text(out, " by the changed ones, before refunds: ");
  if (more == 0) {
    hs_buf_add_text(out, "the same.");
    return;
  }
  say_amount(notice, more < 0 ? -more : more, out);
  hs_buf_add_text(out, more < 0 ? " less." : " more.");
}

/* ---- as text ---- */

static void add_paragraph(const struct hs_buf *words, size_t width, struct hs_buf *out)
{
  hs_buf_fail_with(out, words);
  if (words->length == 0)
    return;
  hs_buf_add_char(out, '\n');
  hs_buf_add_wrapped(out, hs_buf_str(words), width, 0);
}

void hs_notice_text(const struct hs_notice *notice, size_t width, struct hs_buf *out)
{
  struct hs_buf about = hs_buf_in(out->arena);
  struct hs_buf author = hs_buf_in(out->arena);
  struct hs_buf effect = hs_buf_in(out->arena);
  struct hs_buf answer = hs_buf_in(out->arena);
  say_about(notice, &about);
  say_author(notice, &author);
  say_effect(notice, &effect);
  hs_notice_say_answer(notice, &answer);
  hs_buf_add_text(out, "Changed terms");
  if (notice->partner.data != NULL) {
    hs_buf_add_text(out, " for ");
    (void)hs_buf_add_shown(out, notice->partner, SIZE_MAX);
  }
  hs_buf_add_char(out, '\n');
  add_paragraph(&about, width, out);
  hs_buf_add_text(out, "\nWhat changes\n");
  hs_changes_say(notice->changes, notice->change_count, width, out);
  add_paragraph(&effect, width, out);
  add_paragraph(&answer, width, out);
  add_paragraph(&author, width, out);
}

/* ---- as a page ---- */

static void add_changes(const struct hs_notice *notice, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>What changes</h2>\n<div class=\"wide\"><table><thead><tr><th></th>"
                       "<th>so far</th><th>then</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < notice->change_count; i++) {
    const struct hs_term_change *change = &notice->changes[i];
    hs_buf_add_text(out, "<tr>");
    hs_page_cell(change->what, out);
    hs_page_cell(change->before.data != NULL ? change->before : HS_STR("nothing"), out);
    hs_page_cell(change->after.data != NULL ? change->after : HS_STR("no longer"), out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

void hs_notice_html(const struct hs_notice *notice, struct hs_buf *out)
{
  struct hs_buf about = hs_buf_in(out->arena);
  struct hs_buf author = hs_buf_in(out->arena);
  struct hs_buf effect = hs_buf_in(out->arena);
  struct hs_buf answer = hs_buf_in(out->arena);
  struct hs_buf title = hs_buf_in(out->arena);
  say_about(notice, &about);
  say_author(notice, &author);
  say_effect(notice, &effect);
  hs_notice_say_answer(notice, &answer);
  hs_buf_add_text(&title, "Changed terms");
  if (notice->partner.data != NULL)
    hs_buf_add_text(&title, " for ");
  hs_buf_add_str(&title, notice->partner);
  hs_buf_fail_with(out, &title);
  hs_page_begin(hs_buf_str(&title), out);
  hs_page_words(&about, "<p class=\"soft\">", "</p>\n", out);
  add_changes(notice, out);
  hs_page_words(&effect, "<h2>What it would have come to</h2>\n<p>", "</p>\n", out);
  hs_page_words(&answer, "<h2>How to answer</h2>\n<p>", "</p>\n", out);
  hs_page_words(&author, "<p class=\"soft\">", "</p>\n", out);
  hs_page_end(out);
}

/* ---- as JSON ---- */

static void add_day(const char *name, int32_t day, struct hs_buf *out)
{
  char text[HS_TIME_TEXT];
  hs_format_day(day, text);
  hs_json_text(out, name, hs_str_of(text));
}

static void add_effect(const struct hs_notice *notice, struct hs_buf *out)
{
  const struct hs_agreed_effect *effect = notice->effect;
  const struct hs_simulated *line = effect == NULL || notice->partner.data == NULL
                                        ? NULL
                                        : hs_agreed_effect_of(effect, notice->partner);
  hs_json_key(out, "effect");
  if (line == NULL) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  add_day("from", hs_zone_day_of_us(notice->zone, effect->period.from_us), out);
  add_day("to", hs_zone_day_of_us(notice->zone, effect->period.until_us), out);
  hs_json_text(out, "currency", hs_str_of(effect->currency.code));
  hs_json_key(out, "earned_now_minor");
  hs_buf_printf(out, "%" PRId64, line->earned_now_minor);
  hs_json_key(out, "earned_then_minor");
  hs_buf_printf(out, "%" PRId64, line->earned_then_minor);
  hs_buf_add_char(out, '}');
}

void hs_notice_json(const struct hs_notice *notice, struct hs_buf *out)
{
  const struct hs_agreed_change *change = notice->change;
  struct hs_buf answer = hs_buf_in(out->arena);
  hs_notice_say_answer(notice, &answer);
  hs_buf_fail_with(out, &answer);
  hs_buf_add_char(out, '{');
  hs_json_text(out, "agreement", change->agreement);
  hs_json_text(out, "title", change->after.agreement.title);
  hs_json_key(out, "version");
  hs_buf_printf(out, "%" PRIu64, change->number);
  hs_json_key(out, "instead_of");
  hs_buf_printf(out, "%" PRIu64, change->standing);
  hs_json_text(out, "partner", notice->partner);
  add_day("from", hs_zone_day_of_us(notice->zone, change->from_us), out);
  if (change->until_us == INT64_MAX)
    hs_json_text(out, "until", (struct hs_str){0});
  else
    add_day("until", hs_zone_day_of_us(notice->zone, change->until_us - 1), out);
  hs_json_text(out, "proposed_by", notice->by);
  hs_json_text(out, "reason", notice->reason);
  hs_json_key(out, "changes");
  hs_changes_json(notice->changes, notice->change_count, out);
  add_effect(notice, out);
  hs_json_flag(out, "needs_acceptance", change->after.agreement.weight != HS_WEIGHT_STANDARD);
  add_day("answer_until", hs_notice_answer_day(change, notice->zone), out);
  hs_json_text(out, "how_to_answer", hs_buf_str(&answer));
  hs_buf_add_text(out, "}\n");
}
