#include "service/believe/power.h"

#include <stdarg.h>
#include <stdio.h>

#include "service/believe/season.h"
#include "service/json_member.h"

enum hs_status hs_power_ask(struct hs_arena *arena, const struct hs_io *io,
                            const struct hs_power_asking *asking, struct hs_power_answer *out,
                            struct hs_err *err)
{
  struct hs_spaced spaced = {0};
  int32_t until = 0;
  struct hs_str *columns = hs_arena_alloc(arena, asking->control_count + 1, sizeof *columns);
  if (columns == NULL)
    return hs_arena_full(arena, "names of columns", err);
  columns[0] = asking->outcome;
  for (size_t i = 0; i < asking->control_count; i++)
    columns[i + 1] = asking->controls[i];
  *out = (struct hs_power_answer){.asked = *asking};
  enum hs_status status =
      hs_spaced_read(arena, io, &asking->file, columns, asking->control_count + 1, &spaced, err);
  if (status == HS_OK && asking->until.data != NULL)
    status = hs_spaced_time(&spaced, "until", asking->until, &until, err);
  if (status != HS_OK)
    return status;
  struct hs_power_input input = {.history = asking->common,
                                 .mode = asking->mode,
                                 .window_rows = asking->window_rows,
                                 .date_count = asking->date_count,
                                 .power = asking->power};
  input.history.season = hs_season_of_spaced(input.history.season, asking->mode, &spaced);
  input.history.outcome = spaced.series[0];
  input.history.controls = (const double *const *)spaced.series + 1;
  input.history.control_names = asking->controls;
  input.history.control_count = asking->control_count;
  input.history.count =
      asking->until.data != NULL ? hs_spaced_row(&spaced, until) : spaced.row_count;
  out->reject_count = spaced.reject_count;
  return hs_power(arena, &input, &out->power, err);
}

/* Broken at the edge of the terminal. */
static void sentence(struct hs_buf *out, int width, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void sentence(struct hs_buf *out, int width, const char *format, ...)
{
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  hs_buf_add_wrapped(out, hs_str_of(text), (size_t)width, 0);
}

static void add_powers(const struct hs_power_answer *a, struct hs_buf *out)
{
  hs_buf_printf(out, "\n  %10s  %s\n", "effect", "found");
  for (size_t i = 0; i < a->asked.effect_count; i++)
    hs_buf_printf(out, "  %8.2f %%  %4.0f %%\n", 100 * a->asked.effects[i],
                  100 * hs_power_at(&a->power, a->asked.effects[i]));
  hs_buf_add_char(out, '\n');
}

void hs_power_text(const struct hs_power_answer *a, int width, struct hs_buf *out)
{
  const struct hs_pairs_power *p = &a->power.power;
  hs_buf_printf(out, "Power of the %s mode, windows of %zu rows, level %g %%\n",
                hs_influence_mode_name(a->asked.mode), a->asked.window_rows,
                100 * a->asked.common.level);
  sentence(out, width,
           "Where nothing happened it found an effect at %zu of %zu dates: %.1f %% [%.1f, %.1f], "
           "counting the %zu windows that share no row; %.1f %% is allowed.",
           p->false_count, p->trial_count, 100 * p->false_positive_rate, 100 * p->rate_low,
           100 * p->rate_high, a->power.disjoint, 100 * (1 - a->asked.common.level));
  if (a->power.refused_count > 0)
    sentence(out, width, "At %zu further dates it had no interval.", a->power.refused_count);
  if (p->is_refused) {
    sentence(out, width,
             "No power is told: a method that sees effects where there are none has none.");
    return;
  }
  add_powers(a, out);
  sentence(out, width, "Smallest effect found %g times in 100: %.2f %% of what was to be expected.",
           100 * a->asked.power, 100 * p->detectable);
}

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
  hs_buf_add_text(out, ",\"effects\":[");
  for (size_t i = 0; !p->is_refused && i < a->asked.effect_count; i++) {
    hs_buf_add_text(out, i == 0 ? "{\"effect\":" : ",{\"effect\":");
    hs_buf_add_double(out, a->asked.effects[i]);
    hs_json_number(out, "found", hs_power_at(&a->power, a->asked.effects[i]));
    hs_buf_add_char(out, '}');
  }
  hs_buf_printf(out, "],\"refused_because\":%s}\n",
                p->is_refused ? "\"it sees effects where nothing happened\"" : "null");
}
