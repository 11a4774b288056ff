#include "service/pay/payout_marks.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/room.h"
#include "ledger/numbers.h"
#include "service/pay/payout_record.h"

static const struct {
  const char *word, *says;
} MARKS[] = {
#define MARK(symbol, word, says) {word, says},
    HS_MARK_TABLE(MARK)
#undef MARK
};

const char *hs_mark_word(enum hs_mark mark) { return MARKS[mark].word; }
const char *hs_mark_says(enum hs_mark mark) { return MARKS[mark].says; }

/* ---- finding one ---- */

static enum hs_status note_payout_of(void *context, const struct hs_invoice_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  *(struct hs_id *)context = row->payout;
  return HS_OK;
}

enum hs_status hs_payout_find(const struct hs_ledger_reader *ledger, struct hs_str text,
                              struct hs_id *out, struct hs_err *err)
{
  struct hs_series series;
  char series_text[HS_SERIES_TEXT];
  uint64_t number = 0;
  if (hs_id_parse(text, "pay", out))
    return HS_OK;
  if (!hs_number_parse(text, &series, &number))
    return hs_fail(err, HS_INVALID,
                   "a payout is called pay_…, or by the number of its invoice, such as "
                   "SB-2026-000017; got %.*s",
                   HS_STR_ARG(text));
  hs_series_format(&series, series_text);
  return ledger->invoice(ledger->self, hs_str_of(series_text), number, note_payout_of, out, err);
}

/* ---- by a person's word ---- */

static int needs_reason(struct hs_str state)
{
  return hs_str_equal(state, HS_STR("failed")) || hs_str_equal(state, HS_STR("canceled"));
}

enum hs_status hs_payout_mark(struct hs_programme *programme, const struct hs_id *payout,
                              struct hs_str state, struct hs_str by, struct hs_str reason,
                              struct hs_err *err)
{
  struct hs_decision decision = {.kind = HS_DECISION_PAYOUT_STATE,
                                 .by = by,
                                 .payout = *payout,
                                 .state = state,
                                 .reason = reason};
  if (by.length == 0)
    return hs_fail(err, HS_INVALID, "say who says so: --by NAME");
  if (needs_reason(state) && reason.length == 0)
    return hs_fail(err, HS_INVALID,
                   "the money is owed again: say why, as it stays in the record: --reason TEXT");
  return hs_decide(programme, &decision, err);
}

/* ---- by a report ---- */

struct marking {
  struct hs_programme *programme;
  const struct hs_payout_statuses *statuses;
  struct hs_str by;
  struct hs_arena *arena;
  hs_marked_fn each;
  void *context;
};

struct last_state {
  char word[16];
};

static enum hs_status note_state(void *context, const struct hs_payout_state_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct last_state *last = context;
  (void)snprintf(last->word, sizeof last->word, "%.*s", HS_STR_ARG(row->state));
  return HS_OK;
}

static int is_end(const char *word)
{
  return strcmp(word, "completed") == 0 || strcmp(word, "failed") == 0 ||
         strcmp(word, "canceled") == 0;
}

/* A payment that was called off here and rejected there came to the same end. */
static int agree(const char *known, const char *said)
{
  return (strcmp(known, "completed") == 0) == (strcmp(said, "completed") == 0);
}

static enum hs_status post_one(const struct marking *marking,
                               const struct hs_payout_status_row *row, const struct hs_id *payout,
                               struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &marking->programme->book.ledger;
  const char *said = hs_payment_state_word(row->state);
  struct hs_marked marked = {row, *payout, HS_MARK_WAITS};
  struct last_state last = {""};
  enum hs_status status = ledger->payout_states(ledger->self, payout, note_state, &last, err);
  if (status != HS_OK)
    return status;
  if (row->state == HS_PAYMENT_PENDING) {
    marked.mark = HS_MARK_WAITS;
  } else if (is_end(last.word)) {
    marked.mark = agree(last.word, said) ? HS_MARK_ALREADY : HS_MARK_CONTRADICTS;
  } else {
    struct hs_str reason = row->reason.length > 0 ? row->reason : row->said;
    marked.mark = HS_MARK_POSTED;
    status = hs_payout_mark(marking->programme, payout, hs_str_of(said), marking->by, reason, err);
  }
  return status == HS_OK ? marking->each(marking->context, &marked, err) : status;
}

static enum hs_status post_payment(const struct marking *marking,
                                   const struct hs_payout_status_row *row, struct hs_err *err)
{
  const struct hs_marked unknown = {.row = row, .mark = HS_MARK_UNKNOWN};
  struct hs_id payout;
  enum hs_status status = hs_payout_find(&marking->programme->book.ledger, row->id, &payout, NULL);
  if (status == HS_NOT_FOUND || status == HS_INVALID)
    return marking->each(marking->context, &unknown, err);
  return status == HS_OK ? post_one(marking, row, &payout, err) : status;
}

/* ---- what is said of a block or of a file ---- */

struct run_payouts {
  struct hs_arena *arena;
  struct hs_id *ids;
  size_t count, capacity;
};

static enum hs_status note_payout(void *context, const struct hs_payout_row *row,
                                  struct hs_err *err)
{
  struct run_payouts *payouts = context;
  struct hs_id *ids = hs_arena_room(payouts->arena, payouts->ids, payouts->count, 1,
                                    &payouts->capacity, sizeof *ids);
  if (ids == NULL)
    return hs_arena_full(payouts->arena, "payouts", err);
  payouts->ids = ids;
  payouts->ids[payouts->count++] = row->id;
  return HS_OK;
}

static enum hs_status note_number(void *context, const struct hs_invoice_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct hs_series series;
  if (hs_str_equal(row->kind, HS_STR("invoice")) && hs_series_parse(row->series, &series))
    hs_number_format(&series, row->number, context);
  return HS_OK;
}

static int has_own_row(const struct hs_payout_statuses *statuses, const char *number)
{
  for (size_t r = 0; r < statuses->row_count; r++)
    if (statuses->rows[r].scope == HS_STATUS_OF_PAYMENT &&
        hs_str_equal(statuses->rows[r].id, hs_str_of(number)))
      return 1;
  return 0;
}

static struct hs_str from_first(struct hs_str text, const char *what)
{
  size_t length = strlen(what);
  if (text.data == NULL)
    return text;
  for (size_t i = 0; i + length <= text.length; i++)
    if (memcmp(text.data + i, what, length) == 0)
      return (struct hs_str){text.data + i + length, text.length - i - length};
  return (struct hs_str){0};
}

/* Whether a payment stands in a block of a pain.001 that we wrote. */
static int is_in_block(struct hs_str file, struct hs_str block, const char *number)
{
  char tag[128];
  (void)snprintf(tag, sizeof tag, "<PmtInfId>%.*s</PmtInfId>", HS_STR_ARG(block));
  struct hs_str inside = from_first(file, tag);
  struct hs_str behind = from_first(inside, "</PmtInf>");
  inside.length -= behind.length;
  (void)snprintf(tag, sizeof tag, "<EndToEndId>%s</EndToEndId>", number);
  return from_first(inside, tag).data != NULL;
}

static enum hs_status note_kept(void *context, const struct hs_payout_run_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  (void)snprintf(context, HS_HASH_TEXT, "%.*s", HS_STR_ARG(row->kept));
  return HS_OK;
}

static enum hs_status read_kept(const struct marking *marking, struct hs_str run,
                                struct hs_str *file, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &marking->programme->book.ledger;
  struct hs_kept_run kept;
  char hash[HS_HASH_TEXT] = "";
  enum hs_status status = ledger->payout_run(ledger->self, run, note_kept, hash, err);
  if (status == HS_OK)
    status = hs_kept_run_read(marking->programme, hs_str_of(hash), marking->arena, &kept, err);
  if (status == HS_OK)
    *file = kept.file;
  return status;
}

static enum hs_status post_others(const struct marking *marking,
                                  const struct hs_payout_status_row *row, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &marking->programme->book.ledger;
  const struct hs_marked unknown = {.row = row, .mark = HS_MARK_UNKNOWN};
  struct run_payouts payouts = {.arena = marking->arena};
  struct hs_str file = {0};
  enum hs_status status =
      ledger->payouts_of_run(ledger->self, row->batch, note_payout, &payouts, err);
  if (status == HS_OK && payouts.count == 0)
    return marking->each(marking->context, &unknown, err);
  if (status == HS_OK && row->scope == HS_STATUS_OF_BLOCK)
    status = read_kept(marking, row->batch, &file, err);
  for (size_t p = 0; p < payouts.count && status == HS_OK; p++) {
    char number[HS_NUMBER_TEXT] = "";
    status = ledger->invoices(ledger->self, &payouts.ids[p], note_number, number, err);
    int is_meant = row->scope == HS_STATUS_OF_FILE || is_in_block(file, row->block, number);
    if (status == HS_OK && is_meant && !has_own_row(marking->statuses, number))
      status = post_one(marking, row, &payouts.ids[p], err);
  }
  return status;
}

enum hs_status hs_payout_statuses_post(struct hs_programme *programme,
                                       const struct hs_payout_statuses *statuses, struct hs_str by,
                                       struct hs_arena *arena, hs_marked_fn each, void *context,
                                       struct hs_err *err)
{
  const struct marking marking = {programme, statuses, by, arena, each, context};
  enum hs_status status = HS_OK;
  if (by.length == 0)
    return hs_fail(err, HS_INVALID, "say who posts it: --by NAME");
  for (size_t r = 0; r < statuses->row_count && status == HS_OK; r++)
    status = statuses->rows[r].scope == HS_STATUS_OF_PAYMENT
                 ? post_payment(&marking, &statuses->rows[r], err)
                 : post_others(&marking, &statuses->rows[r], err);
  return status;
}
