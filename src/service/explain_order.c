#include "service/explain_order.h"

#include <inttypes.h>

#include "service/judge.h"

#define AGREED_ARENA_BYTES (1 * HS_GIB)

struct explaining {
  struct hs_programme *programme;
  struct hs_arena arena;
  struct hs_in_force in_force;
  struct hs_cases cases;
  const struct hs_case *order;
  struct hs_judgement judgement;
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

static enum hs_status judge_again(struct explaining *explaining, const struct place *place,
                                  struct hs_err *err)
{
  struct hs_programme *programme = explaining->programme;
  const struct hs_order_page page = {.after_sequence = place->sequence,
                                     .after_row = place->row_number - 1,
                                     .until_sequence = place->sequence,
                                     .count_max = 1};
  enum hs_status status =
      hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, place->sequence,
                       &explaining->arena, &explaining->in_force, err);
  if (status == HS_OK)
    status =
        hs_cases_load(&explaining->cases, &programme->trail, &explaining->in_force, &page, err);
  if (status != HS_OK)
    return status;
  HS_ASSERT(explaining->cases.count == 1);
  explaining->order = &explaining->cases.cases[0];
  return hs_judge(&explaining->in_force, &programme->book.ledger, explaining->order,
                  &explaining->arena, &explaining->judgement, err);
}

/* ---- one partner ---- */

/* Everything that is said of one: share is NULL unless it has one, allotment NULL when nothing of
   the partner was known. */
struct answer {
  uint32_t partner;
  const struct hs_allotment *allotment;
  const struct hs_judged_share *share;
};

static struct answer answer_for(const struct explaining *explaining, uint32_t partner)
{
  const struct hs_judgement *judgement = &explaining->judgement;
  struct answer answer = {.partner = partner};
  for (size_t i = 0; i < judgement->allocation.count; i++)
    if (judgement->allocation.allotments[i].partner == partner)
      answer.allotment = &judgement->allocation.allotments[i];
  for (size_t i = 0; i < judgement->share_count; i++)
    if (judgement->shares[i].partner == partner)
      answer.share = &judgement->shares[i];
  return answer;
}

static const char *reason_of(const struct answer *answer)
{
  if (answer->allotment == NULL)
    return "no touchpoint of the partner with this customer was known when the order came";
  if (answer->share == NULL)
    return hs_share_verdict_words(answer->allotment->verdict);
  if (answer->share->refused != NULL)
    return answer->share->refused;
  return answer->share->portion_count == 0 ? "no rule of the agreement holds for this order"
                                           : "the partner shares the order";
}

static const char *code_of(const struct answer *answer)
{
  if (answer->allotment == NULL)
    return "no_touchpoint";
  if (answer->share == NULL)
    return hs_share_verdict_name(answer->allotment->verdict);
  if (answer->share->refused != NULL)
    return "refused";
  return answer->share->portion_count == 0 ? "no_rule" : "given";
}

/* ---- in words ---- */

static void say_rule(const struct hs_rule *rule, const char *words, struct hs_buf *out)
{
  hs_buf_printf(out, "    rule %d, ", (int)rule->rank);
  hs_buf_add_shown(out, rule->name, 100);
  hs_buf_printf(out, ": %s\n", words);
}

static void say_rules(const struct explaining *explaining, const struct answer *answer,
                      struct hs_buf *out)
{
  const struct hs_terms *terms = &answer->share->version->terms;
  for (size_t r = 0; r < terms->rule_count; r++) {
    enum hs_rule_verdict verdict = hs_rule_judge(&terms->rules[r], &explaining->judgement.sale);
    say_rule(&terms->rules[r], hs_rule_verdict_words(verdict), out);
    if (verdict == HS_RULE_HOLDS)
      break; /* the first that holds pays; the others are not asked */
  }
}

/* Which rule pays for each item. */
static void say_items(const struct explaining *explaining, const struct answer *answer,
                      struct hs_buf *out)
{
  const struct hs_bought *bought = &explaining->order->bought;
  const struct hs_terms *terms = &answer->share->version->terms;
  for (size_t i = 0; i < bought->item_count; i++) {
    const struct hs_item *item = &bought->items[i];
    const struct hs_rule *rule = hs_rule_for_item(terms, &explaining->judgement.sale, item);
    hs_buf_printf(out, "    %" PRId64 " × ", item->count);
    hs_buf_add_shown(out, item->product, 100);
    if (rule == NULL) {
      hs_buf_add_text(out, ": no rule of the agreement holds for it\n");
      continue;
    }
    hs_buf_printf(out, ": rule %d, ", (int)rule->rank);
    hs_buf_add_shown(out, rule->name, 100);
    hs_buf_add_char(out, '\n');
  }
}

static void say_answer(const struct explaining *explaining, const struct answer *answer,
                       struct hs_buf *out)
{
  char part[HS_RATIO_TEXT];
  hs_buf_add_text(out, "  ");
  hs_buf_add_shown(out, explaining->in_force.partners[answer->partner], 100);
  hs_buf_printf(out, ": %s\n", reason_of(answer));
  if (answer->share == NULL)
    return;
  hs_ratio_format(answer->share->part, part);
  hs_buf_printf(out, "    its part of the order is %s, by ", part);
  hs_buf_add_shown(out, answer->share->version->agreement, 100);
  hs_buf_printf(out, ", version %" PRIu64 "\n", answer->share->version->number);
  if (answer->share->is_kept) {
    hs_buf_add_text(out, "    the customer stays with the partners of its first sale: order ");
    hs_buf_add_shown(out, explaining->order->first_order, 200);
    hs_buf_add_char(out, '\n');
  }
  if (explaining->order->bought.has_items)
    say_items(explaining, answer, out);
  else
    say_rules(explaining, answer, out);
}

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
}

/* ---- as JSON ---- */

static void add_items(const struct explaining *explaining, const struct answer *answer,
                      struct hs_buf *out)
{
  const struct hs_bought *bought = &explaining->order->bought;
  const struct hs_terms *terms = &answer->share->version->terms;
  hs_buf_add_text(out, ",\"items\":[");
  for (size_t i = 0; i < bought->item_count; i++) {
    const struct hs_item *item = &bought->items[i];
    const struct hs_rule *rule = hs_rule_for_item(terms, &explaining->judgement.sale, item);
    hs_buf_add_text(out, i > 0 ? ",{\"product\":" : "{\"product\":");
    hs_buf_add_json(out, item->product);
    hs_buf_printf(out, ",\"quantity\":%" PRId64 ",\"rule\":", item->count);
    if (rule != NULL)
      hs_buf_add_json(out, rule->name);
    else
      hs_buf_add_text(out, "null");
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void add_answer(const struct explaining *explaining, const struct answer *answer,
                       struct hs_buf *out)
{
  char part[HS_RATIO_TEXT] = "0";
  hs_buf_add_text(out, "{\"partner\":");
  hs_buf_add_json(out, explaining->in_force.partners[answer->partner]);
  hs_buf_printf(out, ",\"reason\":\"%s\",\"words\":", code_of(answer));
  hs_buf_add_json(out, hs_str_of(reason_of(answer)));
  if (answer->share != NULL) {
    hs_ratio_format(answer->share->part, part);
    hs_buf_add_text(out, ",\"agreement\":");
    hs_buf_add_json(out, answer->share->version->agreement);
    hs_buf_printf(out, ",\"version\":%" PRIu64 ",\"rule\":", answer->share->version->number);
    if (answer->share->portion_count > 0)
      hs_buf_add_json(out, answer->share->portions[0].rule->name);
    else
      hs_buf_add_text(out, "null");
    if (explaining->order->bought.has_items)
      add_items(explaining, answer, out);
    if (answer->share->is_kept) {
      hs_buf_add_text(out, ",\"kept_from\":");
      hs_buf_add_json(out, explaining->order->first_order);
    }
  }
  hs_buf_printf(out, ",\"part\":\"%s\"}", part);
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
                "\"first\":%s,\"partners\":[",
                order->amount_minor, order->currency.code, at, order->is_first ? "true" : "false");
}

/* ---- all of it ---- */

static void put_answer(const struct explaining *explaining, uint32_t partner, int is_json,
                       size_t count, struct hs_buf *out)
{
  struct answer answer = answer_for(explaining, partner);
  if (is_json && count > 0)
    hs_buf_add_char(out, ',');
  if (is_json)
    add_answer(explaining, &answer, out);
  else
    say_answer(explaining, &answer, out);
}

static enum hs_status put_answers(const struct explaining *explaining, struct hs_str partner,
                                  int is_json, struct hs_buf *out, struct hs_err *err)
{
  const struct hs_allocation *allocation = &explaining->judgement.allocation;
  uint32_t wanted = hs_in_force_partner(&explaining->in_force, partner);
  if (partner.data != NULL && wanted == HS_NO_PARTNER)
    return hs_fail(err, HS_NOT_FOUND, "there is no partner %.*s", HS_STR_ARG(partner));
  if (is_json)
    add_order(explaining, out);
  else
    say_order(explaining, out);
  if (partner.data != NULL)
    put_answer(explaining, wanted, is_json, 0, out);
  for (size_t i = 0; partner.data == NULL && i < allocation->count; i++)
    put_answer(explaining, allocation->allotments[i].partner, is_json, i, out);
  if (is_json)
    hs_buf_add_text(out, "]}\n");
  else if (partner.data == NULL && allocation->count == 0)
    hs_buf_add_text(out,
                    "  no touchpoint of a partner with this customer was known when it came\n");
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
    status = judge_again(&explaining, &place, err);
  if (status == HS_OK)
    status = put_answers(&explaining, partner, is_json, out, err);
  hs_cases_release(&explaining.cases);
  hs_arena_release(&explaining.arena);
  return status;
}
