#include "service/agreed/agreed_effect.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/room.h"
#include "service/json_member.h"

struct weighing {
  struct hs_agreed_effect *effect;
  struct hs_arena *arena;
  size_t capacity;
};

static enum hs_status keep_line(void *context, const struct hs_simulated *line, struct hs_err *err)
{
  struct weighing *weighing = context;
  struct hs_agreed_effect *effect = weighing->effect;
  struct hs_simulated kept = *line;
  struct hs_simulated *lines = hs_arena_room(weighing->arena, effect->lines, effect->count, 1,
                                             &weighing->capacity, sizeof *lines);
  if (lines == NULL || !hs_str_keep(weighing->arena, &kept.partner))
    return hs_arena_full(weighing->arena, "who gains and loses", err);
  effect->lines = lines;
  effect->lines[effect->count++] = kept;
  effect->gain += line->earned_then_minor > line->earned_now_minor;
  effect->lose += line->earned_then_minor < line->earned_now_minor;
  return __builtin_add_overflow(effect->now_minor, line->earned_now_minor, &effect->now_minor) ||
                 __builtin_add_overflow(effect->then_minor, line->earned_then_minor,
                                        &effect->then_minor)
             ? hs_fail(err, HS_INVALID, "the commissions of all partners do not fit")
             : HS_OK;
}

/* From the same day a year ago; on the 29th of February from the 1st of March. */
static struct hs_period last_year(const struct hs_programme *programme)
{
  int64_t now_us = programme->io->now_us(programme->io->self);
  struct hs_civil civil = hs_civil_of_day(hs_zone_day_of_us(programme->zone, now_us));
  civil.year--;
  if (!hs_civil_is_valid(&civil)) {
    civil.month++;
    civil.day = 1;
  }
  int32_t day = hs_day_of(civil.year, civil.month, civil.day);
  return (struct hs_period){hs_zone_day_start_us(programme->zone, day), now_us};
}

enum hs_status hs_agreed_weigh(struct hs_programme *programme,
                               const struct hs_agreed_change *change,
                               const struct hs_simulation *simulation, struct hs_arena *arena,
                               struct hs_agreed_effect *out, struct hs_err *err)
{
  struct hs_simulation asked = *simulation;
  struct weighing weighing = {.effect = out, .arena = arena};
  *out = (struct hs_agreed_effect){.period = last_year(programme),
                                   .currency = change->after.terms.currency};
  asked.agreement = change->agreement;
  asked.file = &change->after;
  asked.period = out->period;
  return hs_agreement_simulate(programme, &asked, keep_line, &weighing, err);
}

const struct hs_simulated *hs_agreed_effect_of(const struct hs_agreed_effect *effect,
                                               struct hs_str partner)
{
  for (size_t i = 0; i < effect->count; i++)
    if (hs_str_equal(effect->lines[i].partner, partner))
      return &effect->lines[i];
  return NULL;
}

/* ---- for people and machines ---- */

/* As many partners as a screen holds. */
#define SHOWN_PARTNERS ((size_t)20)
#define NAME_WIDTH ((size_t)28)

static int64_t difference(const struct hs_simulated *line)
{
  return line->earned_then_minor - line->earned_now_minor;
}

static int by_size_of_difference(const void *left, const void *right)
{
  const struct hs_simulated *a = *(const struct hs_simulated *const *)left;
  const struct hs_simulated *b = *(const struct hs_simulated *const *)right;
  int64_t da = difference(a) < 0 ? -difference(a) : difference(a);
  int64_t db = difference(b) < 0 ? -difference(b) : difference(b);
  return da != db ? (da < db) - (da > db) : hs_str_compare(a->partner, b->partner);
}

static void say_row(const struct hs_agreed_effect *effect, struct hs_str name, int64_t now_minor,
                    int64_t then_minor, struct hs_buf *out)
{
  int64_t amounts[3] = {now_minor, then_minor, then_minor - now_minor};
  hs_buf_add_text(out, "  ");
  size_t used = hs_buf_add_shown(out, name, NAME_WIDTH);
  hs_buf_printf(out, "%*s", (int)(NAME_WIDTH > used ? NAME_WIDTH - used : 0), "");
  for (size_t i = 0; i < 3; i++) {
    char text[HS_MONEY_TEXT];
    hs_money_format_grouped((struct hs_money){amounts[i], effect->currency}, text);
    hs_buf_printf(out, "  %16s", text);
  }
  hs_buf_add_char(out, '\n');
}

static void say_lines(const struct hs_agreed_effect *effect, struct hs_buf *out)
{
  const struct hs_simulated **sorted = hs_arena_alloc(out->arena, effect->count, sizeof *sorted);
  if (sorted == NULL) {
    struct hs_buf full = {.is_bad = 1};
    hs_buf_fail_with(out, &full);
    return;
  }
  for (size_t i = 0; i < effect->count; i++)
    sorted[i] = &effect->lines[i];
  qsort(sorted, effect->count, sizeof *sorted, by_size_of_difference);
  for (size_t i = 0; i < effect->count && i < SHOWN_PARTNERS; i++)
    say_row(effect, sorted[i]->partner, sorted[i]->earned_now_minor, sorted[i]->earned_then_minor,
            out);
  if (effect->count > SHOWN_PARTNERS)
    hs_buf_printf(out, "  and %zu more with smaller differences\n", effect->count - SHOWN_PARTNERS);
}

static void format_days(const struct hs_agreed_effect *effect, const struct hs_zone *zone,
                        char from[HS_TIME_TEXT], char to[HS_TIME_TEXT])
{
  hs_format_day(hs_zone_day_of_us(zone, effect->period.from_us), from);
  hs_format_day(hs_zone_day_of_us(zone, effect->period.until_us), to);
}

void hs_agreed_effect_say(const struct hs_agreed_effect *effect, const struct hs_zone *zone,
                          struct hs_buf *out)
{
  char from[HS_TIME_TEXT];
  char to[HS_TIME_TEXT];
  format_days(effect, zone, from, to);
  hs_buf_printf(out, "Who gains and loses, by the orders from %s to %s and before refunds\n", from,
                to);
  if (effect->count == 0) {
    hs_buf_add_text(out, "  nobody earned anything by either: not enough data\n");
    return;
  }
  hs_buf_printf(out, "  %-*s  %16s  %16s  %16s\n", (int)NAME_WIDTH, "", "so far", "then",
                "difference");
  say_lines(effect, out);
  if (effect->count > 1)
    say_row(effect, HS_STR("all together"), effect->now_minor, effect->then_minor, out);
  hs_buf_printf(out, "  %zu gain, %zu lose, %zu stay as they are\n", effect->gain, effect->lose,
                effect->count - effect->gain - effect->lose);
}

static void add_figures(int64_t now_minor, int64_t then_minor, struct hs_buf *out)
{
  hs_json_key(out, "earned_now_minor");
  hs_buf_printf(out, "%" PRId64, now_minor);
  hs_json_key(out, "earned_then_minor");
  hs_buf_printf(out, "%" PRId64, then_minor);
}

void hs_agreed_effect_json(const struct hs_agreed_effect *effect, const struct hs_zone *zone,
                           struct hs_buf *out)
{
  char from[HS_TIME_TEXT];
  char to[HS_TIME_TEXT];
  format_days(effect, zone, from, to);
  hs_buf_add_char(out, '{');
  hs_json_text(out, "from", hs_str_of(from));
  hs_json_text(out, "to", hs_str_of(to));
  hs_json_text(out, "currency", hs_str_of(effect->currency.code));
  add_figures(effect->now_minor, effect->then_minor, out);
  hs_buf_printf(out, ",\"gain\":%zu,\"lose\":%zu,\"partners\":[", effect->gain, effect->lose);
  for (size_t i = 0; i < effect->count; i++) {
    hs_buf_add_text(out, i > 0 ? ",{" : "{");
    hs_json_text(out, "partner", effect->lines[i].partner);
    add_figures(effect->lines[i].earned_now_minor, effect->lines[i].earned_then_minor, out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "]}");
}
