/* From a sheet as it is written to one that can be computed. Reading goes on after a fault, so that
   a person sees all that is wrong at once. */
#include "service/statement_file.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "ledger/sharing_terms.h"
#include "service/sheet_text.h"
#include "service/statement_words.h"

#define PATH_BYTES 96

struct making {
  const struct hs_sheet_text *text;
  struct hs_sheet *sheet;
  struct hs_arena *arena;
  int32_t from_day, until_day;
  hs_fault_fn fault;
  void *context;
  struct hs_err *err;
  size_t fault_count;
};

/* One item of a list: "lines[3]"; empty for the sheet itself. */
struct place {
  char text[PATH_BYTES];
};

static struct place item_of(const char *list, size_t index)
{
  struct place place;
  (void)snprintf(place.text, sizeof place.text, "%s[%zu]", list, index);
  return place;
}

static const struct place ROOT = {""};

static void tell(struct making *making, const struct place *place, const char *field,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

static void tell(struct making *making, const struct place *place, const char *field,
                 const char *format, ...)
{
  char path[2 * PATH_BYTES];
  char words[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  (void)snprintf(path, sizeof path, "%s%s%s", place->text, place->text[0] != '\0' ? "." : "",
                 field);
  if (making->fault_count++ == 0)
    (void)hs_fail(making->err, HS_INVALID, "%s: %s", path, words);
  if (making->fault != NULL)
    making->fault(making->context, path, words);
}

/* ---- values ---- */

static int is_given(struct hs_decimal decimal) { return decimal.scale >= 0; }

static int64_t minor_of(struct making *making, const struct place *place, const char *field,
                        struct hs_decimal written, int64_t fallback)
{
  struct hs_money money = {fallback, making->sheet->currency};
  struct hs_err trouble = {0};
  char text[HS_DECIMAL_TEXT];
  if (!is_given(written))
    return fallback;
  hs_decimal_format(written, text);
  if (hs_money_parse(hs_str_of(text), making->sheet->currency, &money, &trouble) != HS_OK)
    tell(making, place, field, "%s", trouble.text);
  return money.amount_minor;
}

static uint32_t find_side(const struct hs_sheet *sheet, struct hs_str name)
{
  for (uint32_t s = 0; s < sheet->sharing.side_count; s++)
    if (hs_str_equal(sheet->sides[s], name))
      return s;
  return HS_NOBODY;
}

/* 0 for a name that is no side's: the fault is told, and reading goes on. */
static uint32_t side_of(struct making *making, const struct place *place, const char *field,
                        struct hs_str name)
{
  uint32_t side = find_side(making->sheet, name);
  if (side != HS_NOBODY)
    return side;
  tell(making, place, field, "there is no side \"%.*s\"", HS_STR_ARG(name));
  return 0;
}

/* ---- sides, and what they agreed ---- */

static void make_sides(struct making *making)
{
  const struct hs_side_text *sides = making->text->sides.items;
  struct hs_sheet *sheet = making->sheet;
  for (size_t s = 0; s < making->text->sides.count; s++) {
    struct place place = item_of("sides", s);
    if (find_side(sheet, sides[s].party) != HS_NOBODY)
      tell(making, &place, "party", "stands twice");
    sheet->sides[s] = sides[s].party;
    sheet->sharing.side_count = s + 1;
    sheet->sharing.unrecouped_minor[s] =
        minor_of(making, &place, "unrecouped", sides[s].unrecouped, 0);
  }
}

static void note_fault(void *context, const char *path, const char *words)
{
  struct making *making = context;
  making->fault_count++;
  if (making->fault != NULL)
    making->fault(making->context, path, words);
}

/* What was agreed is held to what an agreement's is held to. */
static void make_agreed(struct making *making)
{
  const struct hs_sheet_text *text = making->text;
  struct hs_sheet *sheet = making->sheet;
  size_t sides = sheet->sharing.side_count;
  const struct hs_agreement agreement = {
      .parties = {sheet->sides, sides}, .sharing = text->sharing, .fairness = text->fairness};
  struct hs_sharing sharing;
  struct hs_err trouble = {0};
  struct hs_err *err = making->fault_count == 0 ? making->err : NULL;
  if (hs_together_check(&agreement, note_fault, making, err) != HS_OK)
    return;
  if (hs_sharing_make(text->sharing, sheet->sides, sides, sheet->currency,
                      (enum hs_rounding)text->rounding, &sharing, &trouble) != HS_OK) {
    tell(making, &ROOT, "sharing", "%s", trouble.text);
    return;
  }
  memcpy(sharing.unrecouped_minor, sheet->sharing.unrecouped_minor,
         sizeof sharing.unrecouped_minor);
  sheet->sharing = sharing;
}

/* ---- lines ---- */

/* How many hours, and in words how they came about. */
static struct hs_ratio count_hours(struct making *making, const struct hs_line_text *written,
                                   const struct place *place, struct hs_buf *words)
{
  struct hs_ratio hours = HS_RATIO_ZERO;
  if (is_given(written->hours)) {
    hours = hs_ratio_of_decimal(written->hours);
    hs_number_say(hours, words);
    return hours;
  }
  struct hs_ratio time = hs_ratio_of_decimal(written->time);
  if (!hs_working_hours(making->from_day, making->until_day, making->text->day_hours, &hours)) {
    tell(making, place, "time", "the working hours do not fit");
    return hours;
  }
  hs_part_say(time, words);
  hs_buf_add_text(words, " of ");
  hs_number_say(hours, words);
  if (!hs_ratio_multiply(hours, time, &hours))
    tell(making, place, "time", "the hours do not fit");
  return hours;
}

static void value_hours(struct making *making, const struct hs_line_text *written,
                        const struct place *place, struct hs_joint_line *line)
{
  const struct hs_side_text *side =
      (const struct hs_side_text *)making->text->sides.items + line->side;
  struct hs_decimal rate = is_given(written->rate) ? written->rate : side->hour_rate;
  struct hs_buf words = hs_buf_in(making->arena);
  char text[HS_DECIMAL_TEXT];
  if (!is_given(rate)) {
    tell(making, place, "rate", "missing: what an hour costs, here or as hour_rate of the side");
    return;
  }
  struct hs_ratio hours = count_hours(making, written, place, &words);
  if (!hs_hours_cost(hours, rate, making->sheet->currency, (enum hs_rounding)making->text->rounding,
                     &line->amount_minor))
    tell(making, place, "rate", "what the hours cost does not fit");
  hs_decimal_format(rate, text);
  hs_buf_printf(&words, " hours at %s %s", text, making->sheet->currency.code);
  if (written->valued_by.data != NULL)
    hs_buf_add_text(&words, "; ");
  hs_buf_add_str(&words, written->valued_by);
  line->valued_by = hs_buf_str(&words);
}

static void make_amount(struct making *making, const struct hs_line_text *written,
                        const struct place *place, struct hs_joint_line *line)
{
  int by_hours = is_given(written->hours) || is_given(written->time);
  int ways = is_given(written->amount) + is_given(written->hours) + is_given(written->time);
  if (by_hours && line->kind != HS_JOINT_HOURS)
    tell(making, place, "hours", "are only for lines of the kind hours");
  else if (ways != 1)
    tell(making, place, "amount",
         line->kind == HS_JOINT_HOURS ? "one of amount, hours and time is needed" : "missing");
  else if (by_hours)
    value_hours(making, written, place, line);
  else
    line->amount_minor = minor_of(making, place, "amount", written->amount, 0);
}

static void make_interval(struct making *making, const struct hs_line_text *written,
                          const struct place *place, struct hs_joint_line *line)
{
  line->has_interval = is_given(written->low) || is_given(written->high);
  if (is_given(written->low) != is_given(written->high))
    tell(making, place, is_given(written->low) ? "high" : "low",
         "missing: an interval has two ends");
  line->low_minor = minor_of(making, place, "low", written->low, 0);
  line->high_minor = minor_of(making, place, "high", written->high, 0);
}

static void make_line(struct making *making, const struct hs_line_text *written,
                      const struct place *place, struct hs_joint_line *line)
{
  const struct hs_str *names = written->confirmed_by.items;
  *line = (struct hs_joint_line){.kind = (enum hs_joint_kind)written->kind,
                                 .what = written->what,
                                 .side = side_of(making, place, "side", written->side),
                                 .to = HS_NOBODY,
                                 .is_private = written->is_private,
                                 .valued_by = written->valued_by};
  if (written->to.data != NULL)
    line->to = side_of(making, place, "to", written->to);
  for (size_t i = 0; i < written->confirmed_by.count; i++)
    line->confirmed |= 1U << side_of(making, place, "confirmed_by", names[i]);
  if (line->kind == HS_JOINT_IN_KIND && written->valued_by.data == NULL)
    tell(making, place, "valued_by", "missing: how what is in kind was valued");
  make_amount(making, written, place, line);
  make_interval(making, written, place, line);
}

static int make_lines(struct making *making)
{
  const struct hs_line_text *written = making->text->lines.items;
  size_t count = making->text->lines.count;
  struct hs_joint_line *lines = hs_arena_alloc(making->arena, count, sizeof *lines);
  for (size_t i = 0; lines != NULL && i < count; i++) {
    struct place place = item_of("lines", i);
    make_line(making, &written[i], &place, &lines[i]);
  }
  making->sheet->lines = lines;
  making->sheet->line_count = count;
  return lines != NULL;
}

static int make_paid(struct making *making)
{
  const struct hs_paid_text *written = making->text->paid.items;
  size_t count = making->text->paid.count;
  struct hs_joint_payment *paid = hs_arena_alloc(making->arena, count, sizeof *paid);
  for (size_t i = 0; paid != NULL && i < count; i++) {
    struct place place = item_of("paid", i);
    paid[i] = (struct hs_joint_payment){
        .from = side_of(making, &place, "from", written[i].from),
        .to = side_of(making, &place, "to", written[i].to),
        .amount_minor = minor_of(making, &place, "amount", written[i].amount, 0),
        .what = written[i].what};
  }
  making->sheet->paid = paid;
  making->sheet->paid_count = count;
  return paid != NULL;
}

/* ---- the balance ---- */

/* Counts a list that names each side once. */
static void check_each(struct making *making, const struct place *place, const char *field,
                       uint32_t named, size_t count)
{
  size_t sides = making->sheet->sharing.side_count;
  if (named != (1U << sides) - 1 || count != sides)
    tell(making, place, field, "must name each of the %zu sides once", sides);
}

/* Only of a sheet without faults: then each side has its range. */
static int make_fairness(struct making *making)
{
  const struct hs_sheet_text *text = making->text;
  struct hs_sheet *sheet = making->sheet;
  if (text->fairness == NULL || making->fault_count > 0)
    return 1;
  struct hs_fairness *fairness = hs_arena_alloc(making->arena, 1, sizeof *fairness);
  if (fairness == NULL)
    return 0;
  struct hs_err trouble = {0};
  if (hs_fairness_make(text->fairness, sheet->sides, sheet->sharing.side_count, fairness,
                       &trouble) != HS_OK)
    tell(making, &ROOT, "fairness", "%s", trouble.text);
  sheet->fairness = fairness;
  return 1;
}

static void make_benefits(struct making *making, const struct hs_history_text *written,
                          size_t index, int64_t *benefits)
{
  struct place period = item_of("history", index);
  uint32_t named = 0;
  for (size_t i = 0; i < written->benefits.count; i++) {
    const struct hs_benefit_text *benefit =
        (const struct hs_benefit_text *)written->benefits.items + i;
    uint32_t side = side_of(making, &period, "benefits", benefit->party);
    benefits[side] = minor_of(making, &period, "benefits", benefit->amount, 0);
    named |= 1U << side;
  }
  check_each(making, &period, "benefits", named, written->benefits.count);
}

static int make_history(struct making *making)
{
  const struct hs_history_text *written = making->text->history.items;
  size_t count = making->text->history.count;
  size_t sides = making->sheet->sharing.side_count;
  struct hs_str *periods = hs_arena_alloc(making->arena, count, sizeof *periods);
  int64_t *benefits = hs_arena_alloc(making->arena, count * sides, sizeof *benefits);
  if (periods == NULL || benefits == NULL)
    return 0;
  for (size_t i = 0; i < count; i++) {
    periods[i] = written[i].period;
    make_benefits(making, &written[i], i, benefits + i * sides);
  }
  making->sheet->history_count = count;
  making->sheet->history_periods = periods;
  making->sheet->history_minor = benefits;
  return 1;
}

/* ---- the whole ---- */

static void make_head(struct making *making)
{
  const struct hs_sheet_text *text = making->text;
  struct hs_period period = {0};
  struct hs_err trouble = {0};
  making->sheet->title = text->title;
  making->sheet->period = text->period;
  making->sheet->number = text->number;
  if (hs_parse_period(text->period, hs_zone_utc(), &period, &trouble) != HS_OK)
    tell(making, &ROOT, "period", "%s", trouble.text);
  making->from_day = (int32_t)(period.from_us / HS_DAY_US);
  making->until_day = (int32_t)(period.until_us / HS_DAY_US);
}

static enum hs_status make(struct making *making)
{
  const struct hs_sheet_text *text = making->text;
  if (!hs_currency_parse(text->currency, &making->sheet->currency)) {
    tell(making, &ROOT, "currency", "must be a code of ISO 4217, got \"%.*s\"",
         HS_STR_ARG(text->currency));
    return HS_INVALID; /* no amount can be read without it */
  }
  make_head(making);
  make_sides(making);
  make_agreed(making);
  if (!make_lines(making) || !make_paid(making) || !make_fairness(making) || !make_history(making))
    return hs_arena_full(making->arena, "a joint profit and loss", making->err);
  return making->fault_count == 0 ? HS_OK : HS_INVALID;
}

enum hs_status hs_sheet_parse(struct hs_str json, struct hs_arena *arena, struct hs_sheet *out,
                              hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_sheet_text text;
  struct hs_sheet sheet = {0};
  struct making making = {.text = &text,
                          .sheet = &sheet,
                          .arena = arena,
                          .fault = fault,
                          .context = context,
                          .err = err};
  enum hs_status status = hs_shape_read(&hs_sheet_shape, json, arena, &text, fault, context, err);
  if (status == HS_OK)
    status = hs_shape_complete(&hs_sheet_shape, &text, 0, fault, context, err);
  if (status == HS_OK)
    status = make(&making);
  if (status == HS_OK)
    *out = sheet;
  return status;
}

enum hs_status hs_sheet_read(const struct hs_io *io, const char *path, struct hs_arena *arena,
                             struct hs_sheet *out, hs_fault_fn fault, void *context,
                             struct hs_err *err)
{
  struct hs_file_info info;
  struct hs_str json = {0};
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_OK && info.is_directory)
    status = hs_fail(err, HS_INVALID, "%s is a directory; a joint P&L is a JSON file", path);
  if (status == HS_OK)
    status = hs_io_read_file(io, arena, path, HS_SHEET_BYTES_MAX, &json, err);
  if (status != HS_OK)
    return status;
  status = hs_sheet_parse(json, arena, out, fault, context, err);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  return status;
}

enum hs_status hs_sheet_side(const struct hs_sheet *sheet, struct hs_str name, uint32_t *out,
                             struct hs_err *err)
{
  char known[512] = "";
  size_t used = 0;
  uint32_t side = find_side(sheet, name);
  if (side != HS_NOBODY) {
    *out = side;
    return HS_OK;
  }
  for (uint32_t s = 0; s < sheet->sharing.side_count && used < sizeof known; s++)
    used += (size_t)snprintf(known + used, sizeof known - used, "%s%.*s", s > 0 ? ", " : "",
                             HS_STR_ARG(sheet->sides[s]));
  return hs_fail(err, HS_NOT_FOUND, "there is no side \"%.*s\"; the sides are %s", HS_STR_ARG(name),
                 known);
}
