/* From a sheet as it is written to one that can be computed. Reading goes on after a fault, so that
   a person sees all that is wrong at once. */
#include "service/joint/statement_file.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "ledger/sharing_terms.h"
#include "service/joint/sheet_line.h"
#include "service/joint/statement_words.h"

struct making {
  const struct hs_sheet_text *text;
  struct hs_sheet *sheet;
  struct hs_arena *arena;
  struct hs_line_terms terms;
  struct hs_sheet_faults faults;
};

static struct hs_sheet_place item_of(const char *list, size_t index)
{
  struct hs_sheet_place place;
  (void)snprintf(place.text, sizeof place.text, "%s[%zu]", list, index);
  return place;
}

static const struct hs_sheet_place ROOT = {""};

static int64_t minor_of(struct making *making, const struct hs_sheet_place *place,
                        const char *field, struct hs_decimal written)
{
  return hs_sheet_minor(&making->faults, place, field, written, making->sheet->currency);
}

static uint32_t side_of(struct making *making, const struct hs_sheet_place *place,
                        const char *field, struct hs_str name)
{
  return hs_sheet_side_named(&making->faults, place, field, &making->terms, name);
}

/* ---- sides, and what they agreed ---- */

static void make_sides(struct making *making)
{
  const struct hs_side_text *sides = making->text->sides.items;
  struct hs_sheet *sheet = making->sheet;
  for (size_t s = 0; s < making->text->sides.count; s++) {
    struct hs_sheet_place place = item_of("sides", s);
    if (hs_line_terms_find(&making->terms, sides[s].party) != HS_NOBODY)
      hs_sheet_tell(&making->faults, &place, "party", "stands twice");
    sheet->sides[s] = making->terms.sides[s] = sides[s].party;
    making->terms.hour_rates[s] = sides[s].hour_rate;
    sheet->sharing.side_count = making->terms.side_count = s + 1;
    sheet->sharing.unrecouped_minor[s] =
        minor_of(making, &place, "unrecouped", sides[s].unrecouped);
  }
}

static void note_fault(void *context, const char *path, const char *words)
{
  struct hs_sheet_faults *faults = context;
  faults->count++;
  if (faults->fault != NULL)
    faults->fault(faults->context, path, words);
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
  struct hs_err *err = making->faults.count == 0 ? making->faults.err : NULL;
  if (hs_together_check(&agreement, note_fault, &making->faults, err) != HS_OK)
    return;
  if (hs_sharing_make(text->sharing, sheet->sides, sides, sheet->currency,
                      (enum hs_rounding)text->rounding, &sharing, &trouble) != HS_OK) {
    hs_sheet_tell(&making->faults, &ROOT, "sharing", "%s", trouble.text);
    return;
  }
  memcpy(sharing.unrecouped_minor, sheet->sharing.unrecouped_minor,
         sizeof sharing.unrecouped_minor);
  sheet->sharing = sharing;
}

/* ---- lines ---- */

static int make_lines(struct making *making)
{
  const struct hs_line_text *written = making->text->lines.items;
  size_t count = making->text->lines.count;
  struct hs_joint_line *lines = hs_arena_alloc(making->arena, count, sizeof *lines);
  for (size_t i = 0; lines != NULL && i < count; i++) {
    struct hs_sheet_place place = item_of("lines", i);
    hs_sheet_line_make(&written[i], &place, &making->terms, &making->faults, making->arena,
                       &lines[i]);
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
    struct hs_sheet_place place = item_of("paid", i);
    paid[i] = (struct hs_joint_payment){.from = side_of(making, &place, "from", written[i].from),
                                        .to = side_of(making, &place, "to", written[i].to),
                                        .amount_minor =
                                            minor_of(making, &place, "amount", written[i].amount),
                                        .what = written[i].what};
  }
  making->sheet->paid = paid;
  making->sheet->paid_count = count;
  return paid != NULL;
}

/* ---- the balance ---- */

/* Counts a list that names each side once. */
static void check_each(struct making *making, const struct hs_sheet_place *place, const char *field,
                       uint32_t named, size_t count)
{
  size_t sides = making->sheet->sharing.side_count;
  if (named != (1U << sides) - 1 || count != sides)
    hs_sheet_tell(&making->faults, place, field, "must name each of the %zu sides once", sides);
}

/* Only of a sheet without faults: then each side has its range. */
static int make_fairness(struct making *making)
{
  const struct hs_sheet_text *text = making->text;
  struct hs_sheet *sheet = making->sheet;
  if (text->fairness == NULL || making->faults.count > 0)
    return 1;
  struct hs_fairness *fairness = hs_arena_alloc(making->arena, 1, sizeof *fairness);
  if (fairness == NULL)
    return 0;
  struct hs_err trouble = {0};
  if (hs_fairness_make(text->fairness, sheet->sides, sheet->sharing.side_count, fairness,
                       &trouble) != HS_OK)
    hs_sheet_tell(&making->faults, &ROOT, "fairness", "%s", trouble.text);
  sheet->fairness = fairness;
  return 1;
}

static void make_benefits(struct making *making, const struct hs_history_text *written,
                          size_t index, int64_t *benefits)
{
  struct hs_sheet_place period = item_of("history", index);
  uint32_t named = 0;
  for (size_t i = 0; i < written->benefits.count; i++) {
    const struct hs_benefit_text *benefit =
        (const struct hs_benefit_text *)written->benefits.items + i;
    uint32_t side = side_of(making, &period, "benefits", benefit->party);
    benefits[side] = minor_of(making, &period, "benefits", benefit->amount);
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
    hs_sheet_tell(&making->faults, &ROOT, "period", "%s", trouble.text);
  making->terms.from_day = (int32_t)(period.from_us / HS_DAY_US);
  making->terms.until_day = (int32_t)(period.until_us / HS_DAY_US);
  making->terms.day_hours = text->day_hours;
  making->terms.currency = making->sheet->currency;
  making->terms.rounding = (enum hs_rounding)text->rounding;
}

static enum hs_status make(struct making *making)
{
  const struct hs_sheet_text *text = making->text;
  if (!hs_currency_parse(text->currency, &making->sheet->currency)) {
    hs_sheet_tell(&making->faults, &ROOT, "currency", "must be a code of ISO 4217, got \"%.*s\"",
                  HS_STR_ARG(text->currency));
    return HS_INVALID; /* no amount can be read without it */
  }
  make_head(making);
  make_sides(making);
  make_agreed(making);
  if (!make_lines(making) || !make_paid(making) || !make_fairness(making) || !make_history(making))
    return hs_arena_full(making->arena, "a joint profit and loss", making->faults.err);
  return making->faults.count == 0 ? HS_OK : HS_INVALID;
}

enum hs_status hs_sheet_parse(struct hs_str json, struct hs_arena *arena, struct hs_sheet *out,
                              hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_sheet_text text;
  struct hs_sheet sheet = {0};
  struct making making = {.text = &text,
                          .sheet = &sheet,
                          .arena = arena,
                          .faults = {.fault = fault, .context = context, .err = err}};
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
  for (uint32_t s = 0; s < sheet->sharing.side_count; s++)
    if (hs_str_equal(sheet->sides[s], name)) {
      *out = s;
      return HS_OK;
    }
  for (uint32_t s = 0; s < sheet->sharing.side_count && used < sizeof known; s++)
    used += (size_t)snprintf(known + used, sizeof known - used, "%s%.*s", s > 0 ? ", " : "",
                             HS_STR_ARG(sheet->sides[s]));
  return hs_fail(err, HS_NOT_FOUND, "there is no side \"%.*s\"; the sides are %s", HS_STR_ARG(name),
                 known);
}
