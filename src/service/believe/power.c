#include "service/believe/power.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "service/json_member.h"

/* Windows that share no row come one after the other, so what is missing is whole windows. */
static size_t more_rows(const struct hs_power_answer *answer)
{
  size_t needed = hs_pairs_trials_min(answer->asked.power);
  if (!answer->power.power.is_too_few || answer->power.disjoint >= needed)
    return 0;
  return (needed - answer->power.disjoint) * answer->asked.window_rows;
}

static enum hs_status ask(struct hs_arena *arena, const struct hs_power_asking *asking,
                          const struct hs_periods *periods, struct hs_power_answer *out,
                          struct hs_err *err)
{
  struct hs_power_input input = {.history = asking->common,
                                 .mode = asking->mode,
                                 .window_rows = asking->window_rows,
                                 .date_count = asking->date_count,
                                 .power = asking->power};
  *out = (struct hs_power_answer){.asked = *asking, .reject_count = periods->reject_count};
  input.history.season = hs_season_of_periods(input.history.season, asking->mode, periods);
  input.history.outcome = periods->outcome;
  input.history.controls = (const double *const *)periods->controls;
  input.history.control_names = asking->file.controls;
  input.history.control_count = asking->file.control_count;
  input.history.count = periods->count;
  out->days_between =
      periods->is_day && periods->count > 1 ? periods->times[1] - periods->times[0] : (double)NAN;
  enum hs_status status = HS_OK;
  if (asking->until.data != NULL)
    status = hs_periods_before(periods, "until", asking->until, &input.history.count, err);
  if (status == HS_OK)
    status = hs_power(arena, &input, &out->power, err);
  out->more_rows = status == HS_OK ? more_rows(out) : 0;
  return status;
}

enum hs_status hs_power_file(struct hs_arena *arena, const struct hs_io *io,
                             const struct hs_power_asking *asking, hs_figures_reject_fn on_reject,
                             void *context, struct hs_power_answer *out, struct hs_err *err)
{
  struct hs_periods periods = {0};
  struct hs_source *source = NULL;
  enum hs_status status = hs_source_open(arena, io, asking->file.path, &source, err);
  if (status != HS_OK)
    return status;
  status = hs_periods_read(arena, source, &asking->file, on_reject, context, &periods, err);
  hs_source_close(source);
  return status == HS_OK ? ask(arena, asking, &periods, out, err) : status;
}

enum hs_status hs_power_programme(struct hs_arena *arena, struct hs_programme *programme,
                                  const struct hs_power_asking *asking, struct hs_power_answer *out,
                                  struct hs_err *err)
{
  struct hs_periods periods = {0};
  enum hs_status status = hs_periods_of_programme(arena, programme, &asking->file, &periods, err);
  return status == HS_OK ? ask(arena, asking, &periods, out, err) : status;
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

static void cannot_tell(const struct hs_power_answer *a, int width, struct hs_buf *out)
{
  double weeks = ceil((double)a->more_rows * a->days_between / 7);
  char needs[64] = "";
  if (isfinite(weeks) && weeks > 0)
    (void)snprintf(needs, sizeof needs, " yet, needs %.0f more %s of history", weeks,
                   hs_plural_rounded(weeks, "week", "weeks"));
  else if (a->more_rows > 0)
    (void)snprintf(needs, sizeof needs, " yet, needs %zu more rows of history", a->more_rows);
  sentence(out, width,
           "Cannot tell%s: %zu %s that share no row bear no smallest effect; %zu are the least.",
           needs, a->power.disjoint, hs_plural(a->power.disjoint, "window", "windows"),
           hs_pairs_trials_min(a->asked.power));
}

static void smallest(const struct hs_power_answer *a, int width, struct hs_buf *out)
{
  const struct hs_pairs_power *p = &a->power.power;
  char most[64] = "no end above, with so few windows";
  if (!isnan(p->detectable_high))
    (void)snprintf(most, sizeof most, "at most %.2f %%", 100 * p->detectable_high);
  sentence(out, width,
           "Smallest effect found %g times in 100: %.2f %% of what was to be expected (at least "
           "%.2f %%, %s; 95 %% interval).",
           100 * a->asked.power, 100 * p->detectable, 100 * p->detectable_low, most);
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
  if (p->is_too_few) {
    cannot_tell(a, width, out);
    return;
  }
  add_powers(a, out);
  smallest(a, width, out);
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
