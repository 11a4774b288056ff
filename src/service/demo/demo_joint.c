#include "service/demo/demo_joint.h"

#include <inttypes.h>
#include <stdio.h>

#include "service/joint/joint_book.h"
#include "service/joint/joint_decide.h"
#include "service/joint/joint_lines.h"
#include "service/owe/closing.h"

#define BY HS_STR("demonstration")
#define SECOND HS_STR("second demonstration")
#define ARENA_BYTES (1 * HS_GIB)
#define AGREEMENTS_MAX 64

/* Closed months, and the one behind them, of which the other sides have said nothing yet. */
#define CLOSED_MONTHS 3
#define WRITTEN_MONTHS 4

/* Who bears how much of what the agreement brings, in percent. */
struct part {
  const char *kind, *what, *valued_by;
  int percent;
};
struct story {
  struct part ours, theirs;
};

/* The first venture lives on what one side lends; the second one, and alliances, on both. */
static const struct story STORIES[] = {
    {{"in_kind", "trailers lent", "what renting them for the month costs", 80},
     {"content", "route descriptions", NULL, 2}},
    {{"in_kind", "trailers lent", "what renting them for the month costs", 40},
     {"shared_cost", "insurance of trips", NULL, 10}},
    {{"media", "search advertisements", NULL, 15}, {"content", "the planner", NULL, 20}}};
enum { LOPSIDED, VENTURE, ALLIANCE };

struct telling {
  struct hs_programme *programme;
  struct hs_in_force in_force;
  struct hs_arena *agreed;  /* in which in_force lies */
  struct hs_arena *scratch; /* of one month of one agreement */
  struct hs_str agreements[AGREEMENTS_MAX];
  const struct story *stories[AGREEMENTS_MAX];
  size_t count;
  int32_t first, last; /* months of the events */
};

/* ---- who shares ---- */

static void choose(struct telling *telling)
{
  const struct hs_in_force *in_force = &telling->in_force;
  size_t ventures = 0;
  for (size_t i = 0; i < in_force->version_count && telling->count < AGREEMENTS_MAX; i++) {
    const struct hs_agreed_version *version = &in_force->versions[i];
    const struct story *story = NULL;
    if (i > 0 && hs_str_equal(version->agreement, in_force->versions[i - 1].agreement))
      continue;
    if (version->document.kind == HS_KIND_JOINT_VENTURE)
      story = &STORIES[ventures++ == 0 ? LOPSIDED : VENTURE];
    else if (version->document.kind == HS_KIND_ALLIANCE)
      story = &STORIES[ALLIANCE];
    if (story == NULL)
      continue;
    telling->agreements[telling->count] = version->agreement;
    telling->stories[telling->count++] = story;
  }
}

/* ---- lines ---- */

static int64_t brought(const struct hs_sheet *sheet)
{
  int64_t sum = 0;
  for (size_t i = 0; i < sheet->line_count; i++)
    if (sheet->lines[i].kind == HS_JOINT_REVENUE && sheet->lines[i].amount_minor > 0)
      sum += sheet->lines[i].amount_minor;
  return sum;
}

/* Rounded to tens of the currency's unit, as people estimate. */
static void add_line(const struct part *part, int64_t brought_minor, struct hs_currency currency,
                     struct hs_buf *out)
{
  char amount[HS_MONEY_TEXT];
  int64_t tens = brought_minor / 100 * part->percent / 1000 * 1000;
  hs_money_format_number((struct hs_money){tens, currency}, amount);
  hs_buf_printf(out, "{\"kind\":\"%s\",\"what\":\"%s\",\"amount\":\"%s\"", part->kind, part->what,
                amount);
  if (part->valued_by != NULL)
    hs_buf_printf(out, ",\"valued_by\":\"%s\"", part->valued_by);
  hs_buf_add_char(out, '}');
}

static enum hs_status write_side(struct telling *telling, const struct hs_joint_acting *acting,
                                 const struct part *part, int is_ours, int64_t brought_minor,
                                 struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(telling->scratch);
  size_t count = 0;
  hs_buf_add_text(&text, "{\"lines\":[");
  add_line(part, brought_minor, telling->programme->currency, &text);
  if (is_ours)
    hs_buf_add_text(&text, ",{\"kind\":\"tools\",\"what\":\"share of the warehouse system\","
                           "\"amount\":\"310.00\",\"private\":true}");
  hs_buf_add_text(&text, "]}");
  enum hs_status status = hs_buf_status(&text, "lines of the demonstration", err);
  return status == HS_OK ? hs_joint_add(telling->programme, acting, hs_buf_str(&text),
                                        telling->scratch, &count, NULL, NULL, err)
                         : status;
}

static enum hs_status look(struct telling *telling, struct hs_str agreement, struct hs_str period,
                           struct hs_joint_book *book, struct hs_written *written,
                           struct hs_err *err)
{
  struct hs_programme *programme = telling->programme;
  struct hs_joint_source source = {.ledger = &programme->book.ledger,
                                   .trail = &programme->trail,
                                   .in_force = &telling->in_force,
                                   .until_sequence =
                                       hs_journal_position(programme->journal).cursor.sequence};
  enum hs_status status =
      hs_joint_book_make(&source, agreement, period, telling->scratch, book, err);
  return status == HS_OK ? hs_written_load(&source, agreement, telling->scratch, written, err)
                         : status;
}

static int has_written(const struct hs_written *written, int32_t month, struct hs_str side)
{
  for (size_t i = 0; i < written->line_count; i++)
    if (written->lines[i].month == month && hs_str_equal(written->lines[i].row.added_by, side))
      return 1;
  return 0;
}

/* Each side writes; of the months that are closed each stands by the other's lines too. */
static enum hs_status tell_month(struct telling *telling, size_t index, int32_t month,
                                 struct hs_err *err)
{
  char period[HS_MONTH_TEXT];
  struct hs_joint_book book;
  struct hs_written written;
  hs_month_format(month, period);
  struct hs_joint_acting acting = {
      .agreement = telling->agreements[index], .period = hs_str_of(period), .by = BY};
  hs_arena_reset(telling->scratch, 0);
  enum hs_status status = look(telling, acting.agreement, acting.period, &book, &written, err);
  if (status != HS_OK)
    return status;
  size_t sides = book.terms.lines.side_count;
  for (uint32_t s = 0; s < sides && status == HS_OK; s++) {
    int is_ours = s == book.terms.ours;
    const struct story *story = telling->stories[index];
    acting.side = book.terms.lines.sides[s];
    if (!has_written(&written, month, acting.side))
      status = write_side(telling, &acting, is_ours ? &story->ours : &story->theirs, is_ours,
                          brought(&book.sheet), err);
  }
  for (uint32_t s = 0; s < sides && status == HS_OK && month < telling->first + CLOSED_MONTHS;
       s++) {
    size_t count = 0;
    acting.side = book.terms.lines.sides[s];
    status = hs_joint_confirm(telling->programme, &acting, NULL, 0, telling->scratch, &count, err);
  }
  return status;
}

/* ---- months ---- */

static enum hs_status close_month(struct hs_programme *programme, int32_t month, struct hs_err *err)
{
  struct hs_period period;
  struct hs_hash hash;
  char name[HS_MONTH_TEXT];
  hs_month_format(month, name);
  enum hs_status status = hs_parse_period(hs_str_of(name), programme->zone, &period, err);
  if (status == HS_OK)
    status = hs_closing_close(programme, hs_str_of(name), &period, BY, SECOND, &hash, err);
  return status == HS_CONFLICT ? HS_OK : status; /* closed already */
}

static enum hs_status tell(struct telling *telling, struct hs_err *err)
{
  struct hs_programme *programme = telling->programme;
  enum hs_status status =
      hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, UINT64_MAX,
                       telling->agreed, &telling->in_force, err);
  choose(telling);
  for (int32_t month = telling->first;
       status == HS_OK && month <= telling->last && month < telling->first + WRITTEN_MONTHS;
       month++) {
    for (size_t i = 0; i < telling->count && status == HS_OK; i++)
      status = tell_month(telling, i, month, err);
    if (status == HS_OK && month < telling->first + CLOSED_MONTHS)
      status = close_month(programme, month, err);
  }
  return status;
}

enum hs_status hs_demo_joint(struct hs_programme *programme, struct hs_err *err)
{
  struct hs_arena agreed = {0};
  struct hs_arena scratch = {0};
  struct telling telling = {.programme = programme, .agreed = &agreed, .scratch = &scratch};
  int64_t first_us = 0;
  int64_t last_us = 0;
  enum hs_status status = programme->trail.range(programme->trail.self, &first_us, &last_us, err);
  telling.first = hs_month_at(programme->zone, first_us);
  telling.last = hs_month_at(programme->zone, last_us);
  if (status == HS_OK)
    status = hs_arena_init(&agreed, ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&scratch, ARENA_BYTES, err);
  if (status == HS_OK)
    status = tell(&telling, err);
  hs_arena_release(&agreed);
  hs_arena_release(&scratch);
  return status;
}

/* ---- where to look ---- */

struct finding {
  struct hs_arena *arena;
  struct hs_demo_unbalanced found;
};

static enum hs_status note_renegotiation(void *context, const struct hs_renegotiation_row *row,
                                         struct hs_err *err)
{
  struct finding *finding = context;
  struct hs_demo_unbalanced *found = &finding->found;
  if (found->agreement.data != NULL)
    return HS_OK;
  found->agreement =
      (struct hs_str){hs_arena_copy(finding->arena, row->agreement.data, row->agreement.length),
                      row->agreement.length};
  found->period = (struct hs_str){
      hs_arena_copy(finding->arena, row->period.data, row->period.length), row->period.length};
  return found->agreement.data == NULL || found->period.data == NULL
             ? hs_arena_full(finding->arena, "the demonstration's words", err)
             : HS_OK;
}

enum hs_status hs_demo_find_unbalanced(struct hs_programme *programme, struct hs_arena *arena,
                                       struct hs_demo_unbalanced *out, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct finding finding = {.arena = arena};
  enum hs_status status =
      ledger->renegotiations(ledger->self, (struct hs_str){0}, note_renegotiation, &finding, err);
  *out = finding.found;
  return status;
}
