#include "service/joint/sheet_line.h"

#include <stdio.h>

#include "service/joint/statement_words.h"

void hs_sheet_tell(struct hs_sheet_faults *faults, const struct hs_sheet_place *place,
                   const char *field, const char *format, ...)
{
  char path[2 * sizeof place->text];
  char words[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  (void)snprintf(path, sizeof path, "%s%s%s", place->text, place->text[0] != '\0' ? "." : "",
                 field);
  if (faults->count++ == 0)
    (void)hs_fail(faults->err, HS_INVALID, "%s: %s", path, words);
  if (faults->fault != NULL)
    faults->fault(faults->context, path, words);
}

/* ---- values ---- */

static int is_given(struct hs_decimal decimal) { return decimal.scale >= 0; }

int64_t hs_sheet_minor(struct hs_sheet_faults *faults, const struct hs_sheet_place *place,
                       const char *field, struct hs_decimal written, struct hs_currency currency)
{
  struct hs_money money = {0, currency};
  struct hs_err trouble = {0};
  char text[HS_DECIMAL_TEXT];
  if (!is_given(written))
    return 0;
  hs_decimal_format(written, text);
  if (hs_money_parse(hs_str_of(text), currency, &money, &trouble) != HS_OK)
    hs_sheet_tell(faults, place, field, "%s", trouble.text);
  return money.amount_minor;
}

uint32_t hs_line_terms_find(const struct hs_line_terms *terms, struct hs_str name)
{
  for (uint32_t s = 0; s < terms->side_count; s++)
    if (hs_str_equal(terms->sides[s], name))
      return s;
  return HS_NOBODY;
}

uint32_t hs_sheet_side_named(struct hs_sheet_faults *faults, const struct hs_sheet_place *place,
                             const char *field, const struct hs_line_terms *terms,
                             struct hs_str name)
{
  uint32_t side = hs_line_terms_find(terms, name);
  if (side != HS_NOBODY)
    return side;
  hs_sheet_tell(faults, place, field, "there is no side \"%.*s\"", HS_STR_ARG(name));
  return 0;
}

/* ---- hours ---- */

static void say_rate(const struct hs_line_terms *terms, struct hs_decimal rate,
                     struct hs_buf *words)
{
  char text[HS_DECIMAL_TEXT];
  hs_decimal_format(rate, text);
  hs_buf_printf(words, " hours at %s %s", text, terms->currency.code);
}

int hs_time_cost(const struct hs_line_terms *terms, struct hs_ratio time, struct hs_decimal rate,
                 int64_t *cost_minor, struct hs_buf *words)
{
  struct hs_ratio hours;
  if (!hs_working_hours(terms->from_day, terms->until_day, terms->day_hours, &hours))
    return 0;
  hs_part_say(time, words);
  hs_buf_add_text(words, " of ");
  hs_number_say(hours, words);
  say_rate(terms, rate, words);
  return hs_ratio_multiply(hours, time, &hours) &&
         hs_hours_cost(hours, rate, terms->currency, terms->rounding, cost_minor);
}

static int cost_of_hours(const struct hs_line_terms *terms, struct hs_decimal written,
                         struct hs_decimal rate, int64_t *cost_minor, struct hs_buf *words)
{
  struct hs_ratio hours = hs_ratio_of_decimal(written);
  hs_number_say(hours, words);
  say_rate(terms, rate, words);
  return hs_hours_cost(hours, rate, terms->currency, terms->rounding, cost_minor);
}

static void value_hours(const struct hs_line_text *written, const struct hs_sheet_place *place,
                        const struct hs_line_terms *terms, struct hs_sheet_faults *faults,
                        struct hs_arena *arena, struct hs_joint_line *line)
{
  struct hs_decimal rate = is_given(written->rate) ? written->rate : terms->hour_rates[line->side];
  struct hs_buf words = hs_buf_in(arena);
  if (!is_given(rate)) {
    hs_sheet_tell(faults, place, "rate",
                  "missing: what an hour costs, here or as hour_rate of the side");
    return;
  }
  int fits = is_given(written->hours)
                 ? cost_of_hours(terms, written->hours, rate, &line->amount_minor, &words)
                 : hs_time_cost(terms, hs_ratio_of_decimal(written->time), rate,
                                &line->amount_minor, &words);
  if (!fits)
    hs_sheet_tell(faults, place, is_given(written->hours) ? "hours" : "time",
                  "what the hours cost does not fit");
  if (written->valued_by.data != NULL)
    hs_buf_add_text(&words, "; ");
  hs_buf_add_str(&words, written->valued_by);
  line->valued_by = hs_buf_str(&words);
}

/* ---- the line ---- */

static void make_amount(const struct hs_line_text *written, const struct hs_sheet_place *place,
                        const struct hs_line_terms *terms, struct hs_sheet_faults *faults,
                        struct hs_arena *arena, struct hs_joint_line *line)
{
  int by_hours = is_given(written->hours) || is_given(written->time);
  int ways = is_given(written->amount) + is_given(written->hours) + is_given(written->time);
  if (by_hours && line->kind != HS_JOINT_HOURS)
    hs_sheet_tell(faults, place, "hours", "are only for lines of the kind hours");
  else if (ways != 1)
    hs_sheet_tell(faults, place, "amount",
                  line->kind == HS_JOINT_HOURS ? "one of amount, hours and time is needed"
                                               : "missing");
  else if (by_hours)
    value_hours(written, place, terms, faults, arena, line);
  else
    line->amount_minor = hs_sheet_minor(faults, place, "amount", written->amount, terms->currency);
}

static void make_interval(const struct hs_line_text *written, const struct hs_sheet_place *place,
                          const struct hs_line_terms *terms, struct hs_sheet_faults *faults,
                          struct hs_joint_line *line)
{
  line->has_interval = is_given(written->low) || is_given(written->high);
  if (is_given(written->low) != is_given(written->high))
    hs_sheet_tell(faults, place, is_given(written->low) ? "high" : "low",
                  "missing: an interval has two ends");
  line->low_minor = hs_sheet_minor(faults, place, "low", written->low, terms->currency);
  line->high_minor = hs_sheet_minor(faults, place, "high", written->high, terms->currency);
}

void hs_sheet_line_make(const struct hs_line_text *written, const struct hs_sheet_place *place,
                        const struct hs_line_terms *terms, struct hs_sheet_faults *faults,
                        struct hs_arena *arena, struct hs_joint_line *out)
{
  const struct hs_str *names = written->confirmed_by.items;
  *out = (struct hs_joint_line){
      .kind = (enum hs_joint_kind)written->kind,
      .what = written->what,
      .side = hs_sheet_side_named(faults, place, "side", terms, written->side),
      .to = HS_NOBODY,
      .is_private = written->is_private,
      .valued_by = written->valued_by};
  if (written->to.data != NULL)
    out->to = hs_sheet_side_named(faults, place, "to", terms, written->to);
  for (size_t i = 0; i < written->confirmed_by.count; i++)
    out->confirmed |= 1U << hs_sheet_side_named(faults, place, "confirmed_by", terms, names[i]);
  if (out->kind == HS_JOINT_IN_KIND && written->valued_by.data == NULL)
    hs_sheet_tell(faults, place, "valued_by", "missing: how what is in kind was valued");
  make_amount(written, place, terms, faults, arena, out);
  make_interval(written, place, terms, faults, out);
}
