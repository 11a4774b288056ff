#include "service/post/explain_order.h"

#include <inttypes.h>

#include "service/post/explain_share.h"

#define AGREED_ARENA_BYTES (1 * HS_GIB)

struct explaining {
  struct hs_programme *programme;
  struct hs_arena arena;
  struct hs_in_force in_force;
  struct hs_cases cases;
  const struct hs_case *order;
  struct hs_judgement judgement;
  uint64_t known_until;    /* sequence by which it was judged last */
  int64_t judged_again_us; /* 0: it was judged once, or came out the same */
};

/* ---- the order, as it was judged ---- */

struct place {
  uint64_t sequence; /* 0: not found */
  int64_t row_number;
};

static enum hs_status note_place(void *context, const struct hs_new_order_batch *page,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct place *place = context;
  if (page->basic.count > 0)
    *place = (struct place){page->basic.sequence[0], page->basic.row_number[0]};
  return HS_OK;
}

static enum hs_status find_order(struct hs_programme *programme, struct hs_str order_id,
                                 struct place *place, struct hs_err *err)
{
  const struct hs_trail *trail = &programme->trail;
  const struct hs_order_page page = {.after_row = INT64_MAX,
                                     .until_sequence =
                                         hs_journal_position(programme->journal).cursor.sequence,
                                     .count_max = 1,
                                     .order_id = order_id};
  enum hs_status status = trail->new_orders(trail->self, &page, note_place, place, err);
  return status == HS_OK && place->sequence == 0
             ? hs_fail(err, HS_NOT_FOUND, "there is no order %.*s", HS_STR_ARG(order_id))
             : status;
}

static enum hs_status note_second(void *context, const struct hs_judged_again_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct explaining *explaining = context;
  explaining->known_until = row->sequence;
  explaining->judged_again_us = row->locked_at_us;
  return HS_OK;
}

/* As it was judged last: by what was known then, and agreed when the order came. Only the rate that
   it may have waited for came later. */
static enum hs_status judge_again(struct explaining *explaining, struct hs_str order_id,
                                  const struct place *place, struct hs_err *err)
{
  struct hs_programme *programme = explaining->programme;
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  explaining->known_until = place->sequence;
  enum hs_status status =
      ledger->judged_again(ledger->self, order_id, note_second, explaining, err);
  if (status != HS_OK)
    return status;
  const struct hs_order_page page = {.after_sequence = place->sequence,
                                     .after_row = place->row_number - 1,
                                     .until_sequence = explaining->known_until,
                                     .count_max = 1};
  status = hs_in_force_load(ledger, &programme->book, programme->zone, place->sequence,
                            &explaining->arena, &explaining->in_force, err);
  if (status == HS_OK)
    status =
        hs_cases_load(&explaining->cases, &programme->trail, &explaining->in_force, &page, err);
  if (status != HS_OK)
    return status;
  HS_ASSERT(explaining->cases.count == 1);
  explaining->cases.cases[0].rates_until = hs_journal_position(programme->journal).cursor.sequence;
  explaining->order = &explaining->cases.cases[0];
  return hs_judge(&explaining->in_force, &programme->book.ledger, explaining->order,
                  &explaining->arena, &explaining->judgement, err);
}

/* ---- what it was ---- */

static void say_order(const struct explaining *explaining, struct hs_buf *out)
{
  const struct hs_case *order = explaining->order;
  char amount[HS_MONEY_TEXT];
  char at[HS_TIME_TEXT];
  hs_money_format_grouped((struct hs_money){order->amount_minor, order->currency}, amount);
  hs_format_time_in(explaining->programme->zone, order->at_us, at);
  hs_buf_add_text(out, "order ");
  hs_buf_add_shown(out, order->id, 200);
  hs_buf_printf(out, " of %s, %.10s %.5s, %s\n", amount, at, at + 11,
                order->is_first ? "the customer's first" : "of a customer who had ordered before");
  if (explaining->judged_again_us == 0)
    return;
  hs_format_time_in(explaining->programme->zone, explaining->judged_again_us, at);
  hs_buf_printf(out, "judged again %.10s %.5s, with what was known then\n", at, at + 11);
}

static void add_order(const struct explaining *explaining, struct hs_buf *out)
{
  const struct hs_case *order = explaining->order;
  char at[HS_TIME_TEXT];
  hs_format_time(order->at_us, at);
  hs_buf_add_text(out, "{\"order_id\":");
  hs_buf_add_json(out, order->id);
  hs_buf_printf(out,
                ",\"amount_minor\":%" PRId64 ",\"currency\":\"%s\",\"occurred_at\":\"%s\","
                "\"first\":%s,",
                order->amount_minor, order->currency.code, at, order->is_first ? "true" : "false");
  hs_format_time(explaining->judged_again_us, at);
  if (explaining->judged_again_us != 0)
    hs_buf_printf(out, "\"judged_again_at\":\"%s\",", at);
  hs_buf_add_text(out, "\"partners\":[");
}

/* ---- all of it ---- */

static enum hs_status put_answers(const struct explaining *explaining, struct hs_str partner,
                                  int is_json, struct hs_buf *out, struct hs_err *err)
{
  const struct hs_explained explained = {&explaining->in_force, explaining->order,
                                         &explaining->judgement};
  uint32_t wanted = HS_NO_PARTNER;
  enum hs_status status = hs_explained_partner(&explaining->in_force, partner, &wanted, err);
  if (status != HS_OK)
    return status;
  if (is_json)
    add_order(explaining, out);
  else
    say_order(explaining, out);
  hs_explained_put(&explained, wanted, is_json, out);
  if (is_json)
    hs_buf_add_text(out, "]}\n");
  return HS_OK;
}

enum hs_status hs_order_explain(struct hs_programme *programme, struct hs_str order_id,
                                struct hs_str partner, int is_json, struct hs_buf *out,
                                struct hs_err *err)
{
  struct explaining explaining = {.programme = programme};
  struct place place = {0};
  enum hs_status status = hs_arena_init(&explaining.arena, AGREED_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_cases_open(&explaining.cases, err);
  if (status == HS_OK)
    status = find_order(programme, order_id, &place, err);
  if (status == HS_OK)
    status = judge_again(&explaining, order_id, &place, err);
  if (status == HS_OK)
    status = put_answers(&explaining, partner, is_json, out, err);
  hs_cases_release(&explaining.cases);
  hs_arena_release(&explaining.arena);
  return status;
}
