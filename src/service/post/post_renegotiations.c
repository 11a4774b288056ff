/* The end of a month may open a renegotiation: an agreement whose balance of benefit has left the
   range that was agreed says so by itself, once for each time that it leaves. */
#include <string.h>

#include "service/joint/joint_book.h"
#include "service/joint/statement_page.h"
#include "service/post/post_priv.h"

/* Address space: as much as what was agreed may take. */
#define BALANCE_ARENA_BYTES (1 * HS_GIB)

struct balancing {
  struct hs_posting *posting;
  char period[HS_MONTH_TEXT]; /* that ends */
  struct hs_arena *arena;     /* of one agreement */
  int32_t last_opened;        /* the latest month by which one was opened; -1 for none */
};

static enum hs_status note_opened(void *context, const struct hs_renegotiation_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct balancing *balancing = context;
  int32_t month = hs_month_parse(row->period);
  balancing->last_opened = month > balancing->last_opened ? month : balancing->last_opened;
  return HS_OK;
}

static void say_why(const struct hs_statement *statement, struct hs_str since, struct hs_buf *out)
{
  const struct hs_balance *balance = &statement->balance;
  char amount[HS_AMOUNT_TEXT];
  int is_below = balance->gap_minor > 0;
  hs_amount_format(statement->sheet.currency, is_below ? balance->gap_minor : -balance->gap_minor,
                   amount);
  hs_buf_printf(out,
                "balance of benefit outside of the fairness range since %.*s: %.*s %s %s %s %s",
                HS_STR_ARG(since), HS_STR_ARG(statement->sheet.sides[balance->side]),
                is_below ? "would need" : "has", amount, statement->sheet.currency.code,
                is_below ? "more" : "too much");
}

static enum hs_status open_item(const struct balancing *balancing, struct hs_str agreement,
                                const struct hs_statement *statement, struct hs_str since,
                                struct hs_err *err)
{
  const struct hs_posting *posting = balancing->posting;
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_buf words = hs_buf_in(balancing->arena);
  say_why(statement, since, &words);
  enum hs_status status = hs_buf_status(&words, "a renegotiation", err);
  struct hs_renegotiation_row row = {.agreement = agreement,
                                     .period = hs_str_of(balancing->period),
                                     .side = statement->sheet.sides[statement->balance.side],
                                     .what = hs_buf_str(&words),
                                     .opened_at_us = posting->at_us,
                                     .sequence = posting->sequence};
  return status == HS_OK ? ledger->add_renegotiation(ledger->self, &row, err) : status;
}

/* One is open already when it was opened at or after the month by whose end the range was left. */
static enum hs_status judge(struct balancing *balancing, struct hs_str agreement,
                            const struct hs_joint_book *book, struct hs_err *err)
{
  const struct hs_ledger_reader *now = &balancing->posting->writer->ledger_now;
  struct hs_statement statement;
  balancing->last_opened = -1;
  enum hs_status status =
      hs_statement_make(&book->sheet, HS_NOBODY, balancing->arena, &statement, err);
  if (status == HS_OK)
    status = now->renegotiations(now->self, agreement, note_opened, balancing, err);
  if (status != HS_OK || statement.balance.state != HS_BALANCE_OUTSIDE)
    return status;
  size_t index = statement.balance.since;
  struct hs_str since = index < statement.sheet.history_count
                            ? statement.sheet.history_periods[index]
                            : hs_str_of(balancing->period);
  return balancing->last_opened >= hs_month_parse(since)
             ? HS_OK
             : open_item(balancing, agreement, &statement, since, err);
}

static enum hs_status balance(struct balancing *balancing, struct hs_str agreement,
                              struct hs_err *err)
{
  struct hs_posting *posting = balancing->posting;
  struct hs_joint_source source = {.ledger = &posting->writer->ledger_now,
                                   .trail = &posting->programme->trail,
                                   .in_force = posting->in_force,
                                   .until_sequence = posting->sequence};
  struct hs_joint_terms terms;
  struct hs_joint_book book;
  struct hs_str period = hs_str_of(balancing->period);
  enum hs_status status = hs_joint_terms_of(posting->in_force, agreement, period, &terms, err);
  if (status == HS_NOT_FOUND)
    return HS_OK; /* not begun */
  if (status != HS_OK || terms.version->document.fairness == NULL)
    return status;
  hs_arena_reset(balancing->arena, 0);
  status = hs_joint_book_make(&source, agreement, period, balancing->arena, &book, err);
  if (status == HS_OK)
    status = judge(balancing, agreement, &book, err);
  if (status != HS_OK)
    hs_err_prefix(err, "the balance of benefit of %.*s", HS_STR_ARG(agreement));
  return status;
}

/* Versions stand by agreement: each agreement once. */
static enum hs_status balance_all(struct balancing *balancing, struct hs_err *err)
{
  const struct hs_in_force *in_force = balancing->posting->in_force;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < in_force->version_count && status == HS_OK; i++)
    if (i == 0 ||
        !hs_str_equal(in_force->versions[i].agreement, in_force->versions[i - 1].agreement))
      status = balance(balancing, in_force->versions[i].agreement, err);
  return status;
}

enum hs_status hs_post_renegotiations(struct hs_posting *posting,
                                      const struct hs_decision *decision, struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct balancing balancing = {.posting = posting, .arena = &arena};
  struct hs_period month;
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status != HS_OK || !posting->in_force->has_signed)
    return status;
  hs_month_format(hs_month_at(posting->in_force->zone, decision->until_us - 1), balancing.period);
  status = hs_parse_period(hs_str_of(balancing.period), posting->in_force->zone, &month, err);
  if (status != HS_OK || month.until_us != decision->until_us)
    return status; /* no month ends with it */
  status = hs_arena_init(&arena, BALANCE_ARENA_BYTES, err);
  if (status == HS_OK)
    status = balance_all(&balancing, err);
  hs_arena_release(&arena);
  return status;
}
