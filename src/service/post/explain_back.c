#include "service/post/explain_back.h"

#include <inttypes.h>

#include "base/time.h"
#include "service/json_member.h"
#include "service/owe/disputable.h"

#define ARENA_BYTES (64 * HS_MIB)
#define TAKINGS_MAX 1000

/* The entries that one frame made for one reason: what was pending, disputed, owed and paid are
   taken back by an entry each. */
struct taking {
  uint64_t sequence;
  struct hs_str reference, reason;
  int64_t at_us;
  int64_t amount_minor;
  int64_t earned_minor, before_minor; /* of the commission, and taken back of it, until then */
  int64_t until_us;                   /* up to when it can be disputed */
  /* of a refund; order_minor is 0 when it was none */
  int64_t order_minor, refunded_minor;
  /* of a decision */
  struct hs_str decided_by, seconded_by, words;
};

struct explaining {
  struct hs_programme *programme;
  const struct hs_commission_row *commission;
  struct hs_arena arena;
  struct hs_owed owed;
  struct taking *takings;
  struct taking *taking; /* the one that is looked at */
  size_t count;
};

static enum hs_status keep(struct hs_arena *arena, struct hs_str text, struct hs_str *out,
                           struct hs_err *err)
{
  *out = text;
  return hs_str_keep(arena, out) ? HS_OK : hs_arena_full(arena, "an explanation", err);
}

/* ---- what was taken ---- */

static enum hs_status begin_taking(struct explaining *explaining, const struct hs_transfer_row *row,
                                   struct hs_err *err)
{
  if (explaining->count == TAKINGS_MAX)
    return hs_fail(err, HS_NOMEM, "a part of %s was taken back more than %d times",
                   row->commission.text, TAKINGS_MAX);
  struct taking *taking = &explaining->takings[explaining->count++];
  taking->sequence = row->sequence;
  taking->at_us = row->effective_us;
  taking->earned_minor = explaining->owed.earned;
  taking->before_minor = explaining->owed.taken_back;
  enum hs_status status = keep(&explaining->arena, row->reference, &taking->reference, err);
  return status == HS_OK ? keep(&explaining->arena, row->reason, &taking->reason, err) : status;
}

/* Whether the entry belongs to what was begun last. */
static int goes_on(const struct explaining *explaining, const struct hs_transfer_row *row)
{
  if (explaining->count == 0)
    return 0;
  const struct taking *last = &explaining->takings[explaining->count - 1];
  return last->sequence == row->sequence && hs_str_equal(last->reference, row->reference);
}

static enum hs_status note_entry(void *context, const struct hs_transfer_row *row,
                                 struct hs_err *err)
{
  struct explaining *explaining = context;
  enum hs_transfer_kind kind;
  enum hs_status status = HS_OK;
  if (row->credit.kind == HS_ACCOUNT_EXPENSE) {
    if (!goes_on(explaining, row))
      status = begin_taking(explaining, row, err);
    if (status == HS_OK)
      explaining->takings[explaining->count - 1].amount_minor += row->amount_minor;
  }
  if (status == HS_OK && hs_transfer_kind_parse(row->kind, &kind))
    status = hs_owed_add(&explaining->owed, kind, row->amount_minor, err);
  return status;
}

/* ---- why ---- */

/* Refunds that an order had before a second judgement gave it to this partner: all of them, up to
   the last one. */
static int is_of_earlier(const struct explaining *explaining, const struct taking *taking)
{
  return taking->sequence == explaining->commission->sequence;
}

static enum hs_status note_refund(void *context, const struct hs_refund_batch *batch,
                                  [[maybe_unused]] struct hs_err *err)
{
  const struct explaining *explaining = context;
  struct taking *taking = explaining->taking;
  int is_sale = hs_str_equal(explaining->commission->type, HS_STR("sale"));
  for (size_t i = 0; i < batch->count && is_sale; i++)
    if (hs_str_equal(batch->order_id[i], explaining->commission->order_id) &&
        (is_of_earlier(explaining, taking) ||
         hs_str_equal(batch->refund_id[i], taking->reference))) {
      taking->order_minor = batch->order_amount_minor[i];
      taking->refunded_minor = batch->refunded_minor[i];
    }
  return HS_OK;
}

static enum hs_status note_verdict(void *context, const struct hs_dispute_decision_row *row,
                                   struct hs_err *err)
{
  struct explaining *explaining = context;
  struct taking *taking = explaining->taking;
  if (row->sequence != taking->sequence)
    return HS_OK;
  enum hs_status status = keep(&explaining->arena, row->decided_by, &taking->decided_by, err);
  if (status == HS_OK)
    status = keep(&explaining->arena, row->seconded_by, &taking->seconded_by, err);
  return status == HS_OK ? keep(&explaining->arena, row->words, &taking->words, err) : status;
}

static enum hs_status note_adjustment(void *context, const struct hs_adjustment_row *row,
                                      struct hs_err *err)
{
  struct explaining *explaining = context;
  struct taking *taking = explaining->taking;
  if (row->sequence != taking->sequence)
    return HS_OK;
  enum hs_status status = keep(&explaining->arena, row->decided_by, &taking->decided_by, err);
  if (status == HS_OK)
    status = keep(&explaining->arena, row->seconded_by, &taking->seconded_by, err);
  return status == HS_OK ? keep(&explaining->arena, row->words, &taking->words, err) : status;
}

static enum hs_status find_why(struct explaining *explaining, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &explaining->programme->book.ledger;
  const struct hs_trail *trail = &explaining->programme->trail;
  const struct taking *taking = explaining->taking;
  struct hs_id id;
  if (hs_id_parse(taking->reference, "dsp", &id))
    return ledger->dispute_decisions(ledger->self, &id, note_verdict, explaining, err);
  if (hs_id_parse(taking->reference, "dec", &id))
    return ledger->adjustments(ledger->self, explaining->commission->partner, note_adjustment,
                               explaining, err);
  if (hs_str_equal(taking->reason, HS_STR("judged_again")))
    return HS_OK; /* explain_second.c says why */
  return trail->new_refunds(trail->self,
                            is_of_earlier(explaining, taking) ? 0 : taking->sequence - 1,
                            taking->sequence, note_refund, explaining, err);
}

static enum hs_status find_takings(struct explaining *explaining, struct hs_err *err)
{
  struct hs_programme *programme = explaining->programme;
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  uint32_t days = 0;
  enum hs_status status = ledger->transfers_of_commission(ledger->self, &explaining->commission->id,
                                                          note_entry, explaining, err);
  if (status == HS_OK && explaining->count > 0)
    status = hs_commission_dispute_days(programme, explaining->commission, &days, err);
  for (size_t i = 0; i < explaining->count && status == HS_OK; i++) {
    struct taking *taking = explaining->taking = &explaining->takings[i];
    status = find_why(explaining, err);
    if (status == HS_OK)
      status = hs_disputable_until(&programme->book, ledger, taking->at_us, taking->sequence, days,
                                   &taking->until_us, err);
  }
  return status;
}

/* ---- in words ---- */

static void say_money(const struct explaining *explaining, int64_t amount_minor, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, explaining->commission->currency}, text);
  hs_buf_add_text(out, text);
}

static void say_moment(const struct explaining *explaining, int64_t at_us, struct hs_buf *out)
{
  char text[HS_TIME_TEXT];
  hs_format_time_in(explaining->programme->zone, at_us, text);
  hs_buf_printf(out, "%.10s %.5s", text, text + 11);
}

static void say_refund(const struct explaining *explaining, const struct taking *taking,
                       struct hs_buf *out)
{
  const struct hs_commission_row *commission = explaining->commission;
  hs_buf_add_text(out, "    by then ");
  say_money(explaining, taking->refunded_minor, out);
  hs_buf_add_text(out, " of the order's ");
  say_money(explaining, taking->order_minor, out);
  hs_buf_add_text(out, " had come back, and so the same part of ");
  say_money(explaining, taking->earned_minor, out);
  hs_buf_add_text(out, ", rounded once\n    ");
  say_money(explaining, taking->before_minor + taking->amount_minor, out);
  hs_buf_add_text(out, " less ");
  say_money(explaining, taking->before_minor, out);
  hs_buf_add_text(out, " taken back before\n    by the terms of ");
  hs_buf_add_shown(out, commission->agreement, 100);
  hs_buf_printf(out, ", version %" PRIu64 "; nobody decided it by hand\n", commission->version);
}

static void say_decided(const struct taking *taking, struct hs_buf *out)
{
  hs_buf_add_text(out, "    decided by ");
  hs_buf_add_shown(out, taking->decided_by, 100);
  if (taking->seconded_by.data != NULL) {
    hs_buf_add_text(out, " and ");
    hs_buf_add_shown(out, taking->seconded_by, 100);
  }
  if (taking->words.data != NULL) {
    hs_buf_add_text(out, ": ");
    hs_buf_add_shown(out, taking->words, 1000);
  }
  hs_buf_add_char(out, '\n');
}

static void say_taking(const struct explaining *explaining, const struct taking *taking,
                       struct hs_buf *out)
{
  hs_buf_add_text(out, "  ");
  say_moment(explaining, taking->at_us, out);
  hs_buf_add_text(out, "  ");
  say_money(explaining, taking->amount_minor, out);
  if (taking->reference.data != NULL) {
    hs_buf_add_text(out, taking->order_minor > 0 ? " for refund " : " by ");
    hs_buf_add_shown(out, taking->reference, 100);
  }
  if (hs_str_equal(taking->reason, HS_STR("judged_again"))) {
    hs_buf_add_text(out, ", judged again with what was learnt in the return period");
  } else if (taking->reason.data != NULL) {
    hs_buf_add_text(out, ", ");
    hs_buf_add_shown(out, taking->reason, 200);
  }
  hs_buf_add_char(out, '\n');
  if (taking->order_minor > 0)
    say_refund(explaining, taking, out);
  if (taking->decided_by.data != NULL)
    say_decided(taking, out);
  hs_buf_add_text(out, "    it can be disputed until ");
  say_moment(explaining, taking->until_us, out);
  hs_buf_add_char(out, '\n');
}

static void say_all(const struct explaining *explaining, struct hs_buf *out)
{
  if (explaining->count == 0)
    return;
  hs_buf_add_text(out, "\ntaken back, and why\n");
  for (size_t i = 0; i < explaining->count; i++)
    say_taking(explaining, &explaining->takings[i], out);
}

/* ---- as JSON ---- */

static void put_number(struct hs_buf *out, const char *name, int64_t value)
{
  hs_json_key(out, name);
  hs_buf_printf(out, "%" PRId64, value);
}

static void put_moment(struct hs_buf *out, const char *name, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time(at_us, text);
  hs_json_text(out, name, hs_str_of(text));
}

static void put_taking(const struct taking *taking, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  put_number(out, "amount_minor", taking->amount_minor);
  put_moment(out, "at", taking->at_us);
  hs_json_text(out, "reference", taking->reference);
  hs_json_text(out, "reason", taking->reason);
  put_number(out, "earned_minor", taking->earned_minor);
  put_number(out, "before_minor", taking->before_minor);
  if (taking->order_minor > 0) {
    put_number(out, "order_minor", taking->order_minor);
    put_number(out, "refunded_minor", taking->refunded_minor);
  }
  hs_json_text(out, "decided_by", taking->decided_by);
  hs_json_text(out, "seconded_by", taking->seconded_by);
  put_moment(out, "disputable_until", taking->until_us);
  hs_buf_add_char(out, '}');
}

static void put_all(const struct explaining *explaining, struct hs_buf *out)
{
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < explaining->count; i++) {
    if (i > 0)
      hs_buf_add_char(out, ',');
    put_taking(&explaining->takings[i], out);
  }
  hs_buf_add_char(out, ']');
}

/* ---- both ---- */

enum form { WORDS, JSON };

static enum hs_status explain(struct hs_programme *programme,
                              const struct hs_commission_row *commission, enum form form,
                              struct hs_buf *out, struct hs_err *err)
{
  struct explaining explaining = {.programme = programme, .commission = commission};
  enum hs_status status = hs_arena_init(&explaining.arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  explaining.takings = hs_arena_alloc(&explaining.arena, TAKINGS_MAX, sizeof *explaining.takings);
  HS_ASSERT(explaining.takings != NULL);
  status = find_takings(&explaining, err);
  if (status == HS_OK && form == WORDS)
    say_all(&explaining, out);
  else if (status == HS_OK)
    put_all(&explaining, out);
  hs_arena_release(&explaining.arena);
  return status;
}

enum hs_status hs_taken_back_say(struct hs_programme *programme,
                                 const struct hs_commission_row *commission, struct hs_buf *out,
                                 struct hs_err *err)
{
  return explain(programme, commission, WORDS, out, err);
}

enum hs_status hs_taken_back_json(struct hs_programme *programme,
                                  const struct hs_commission_row *commission, struct hs_buf *out,
                                  struct hs_err *err)
{
  return explain(programme, commission, JSON, out, err);
}
