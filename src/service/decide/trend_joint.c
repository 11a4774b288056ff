#include "service/decide/trend_joint.h"

#include "base/room.h"
#include "service/joint/joint_book.h"

/* Address space; one agreement's book at a time. */
#define SCRATCH_BYTES (4 * HS_GIB)

struct reading {
  struct hs_arena *arena;
  struct hs_arena agreed; /* in which in_force lies */
  struct hs_arena scratch;
  struct hs_programme *programme;
  struct hs_in_force in_force;
  int64_t first_month;
  size_t month_count;
  struct hs_trend_joint *found;
  size_t count, capacity;
};

/* The newest signed version of each agreement; those of one stand together, the newest first. */
static int is_sharing(const struct hs_in_force *in_force, size_t v)
{
  const struct hs_agreed_version *version = &in_force->versions[v];
  for (size_t i = v; i-- > 0 && hs_str_equal(in_force->versions[i].agreement, version->agreement);)
    if (in_force->versions[i].is_signed)
      return 0;
  return version->is_signed && version->document.sharing != NULL &&
         version->document.sharing->kind != HS_TEXT_KEPT;
}

static enum hs_status begin(struct reading *reading, const struct hs_joint_book *book,
                            struct hs_str agreement, struct hs_trend_joint *out, struct hs_err *err)
{
  const struct hs_sheet *sheet = &book->sheet;
  uint32_t other = book->terms.ours == 0 ? 1 : 0;
  *out = (struct hs_trend_joint){.agreement = agreement,
                                 .others = sheet->sharing.side_count == 2 ? sheet->sides[other]
                                                                          : HS_STR("others"),
                                 .from = reading->month_count};
  out->ours = hs_arena_alloc(reading->arena, 2 * reading->month_count, sizeof *out->ours);
  if (out->ours == NULL || !hs_str_keep(reading->arena, &out->agreement) ||
      !hs_str_keep(reading->arena, &out->others))
    return hs_arena_full(reading->arena, "the parts of a joint result", err);
  out->theirs = out->ours + reading->month_count;
  return HS_OK;
}

static void take_months(const struct reading *reading, const struct hs_joint_book *book,
                        struct hs_trend_joint *out)
{
  const struct hs_sheet *sheet = &book->sheet;
  size_t sides = sheet->sharing.side_count;
  double unit = hs_currency_minor_unit(sheet->currency);
  for (size_t i = 0; i < sheet->history_count; i++) {
    int64_t place = hs_month_parse(sheet->history_periods[i]) - reading->first_month;
    if (place < 0 || place >= (int64_t)reading->month_count)
      continue;
    size_t month = (size_t)place;
    if (out->from == reading->month_count)
      out->from = month;
    for (size_t s = 0; s < sides; s++) {
      double part = (double)sheet->history_minor[i * sides + s] * unit;
      *(s == book->terms.ours ? &out->ours[month] : &out->theirs[month]) += part;
    }
  }
}

/* The book of the month behind them has all of them as its history. */
static enum hs_status read_one(struct reading *reading, struct hs_str agreement, struct hs_err *err)
{
  struct hs_programme *programme = reading->programme;
  char period[HS_MONTH_TEXT];
  struct hs_joint_book book;
  struct hs_trend_joint one;
  struct hs_joint_source source = {.ledger = &programme->book.ledger,
                                   .trail = &programme->trail,
                                   .in_force = &reading->in_force,
                                   .until_sequence =
                                       hs_journal_position(programme->journal).cursor.sequence};
  hs_month_format((int32_t)(reading->first_month + (int64_t)reading->month_count), period);
  hs_arena_reset(&reading->scratch, 0);
  enum hs_status status =
      hs_joint_book_make(&source, agreement, hs_str_of(period), &reading->scratch, &book, err);
  if (status == HS_NOT_FOUND)
    return HS_OK; /* it has not begun yet */
  if (status != HS_OK)
    hs_err_prefix(err, "the joint profit and loss of %.*s", HS_STR_ARG(agreement));
  if (status == HS_OK && (book.sheet.history_count == 0 ||
                          !hs_currency_equal(book.sheet.currency, programme->currency)))
    return HS_OK;
  if (status == HS_OK)
    status = begin(reading, &book, agreement, &one, err);
  if (status != HS_OK)
    return status;
  take_months(reading, &book, &one);
  struct hs_trend_joint *found = hs_arena_room(reading->arena, reading->found, reading->count, 1,
                                               &reading->capacity, sizeof *found);
  if (found == NULL)
    return hs_arena_full(reading->arena, "the parts of a joint result", err);
  reading->found = found;
  if (one.from < reading->month_count)
    found[reading->count++] = one;
  return HS_OK;
}

static enum hs_status read_all(struct reading *reading, struct hs_err *err)
{
  struct hs_programme *programme = reading->programme;
  enum hs_status status = hs_arena_init(&reading->agreed, SCRATCH_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&reading->scratch, SCRATCH_BYTES, err);
  if (status == HS_OK)
    status = hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone,
                              UINT64_MAX, &reading->agreed, &reading->in_force, err);
  for (size_t v = 0; status == HS_OK && v < reading->in_force.version_count; v++)
    if (is_sharing(&reading->in_force, v))
      status = read_one(reading, reading->in_force.versions[v].agreement, err);
  return status;
}

enum hs_status hs_trend_joint_read(struct hs_arena *arena, struct hs_programme *programme,
                                   int64_t first_month, size_t month_count,
                                   struct hs_trend_joint **out, size_t *count, struct hs_err *err)
{
  struct reading reading = {.arena = arena,
                            .programme = programme,
                            .first_month = first_month,
                            .month_count = month_count};
  enum hs_status status = read_all(&reading, err);
  hs_arena_release(&reading.scratch);
  hs_arena_release(&reading.agreed);
  if (status != HS_OK)
    return status;
  *out = reading.found;
  *count = reading.count;
  return HS_OK;
}
