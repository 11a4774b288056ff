#include "service/post/explain_share.h"

#include <inttypes.h>

#include "service/owe/commission_words.h"
#include "service/post/conversion_words.h"

/* ---- one partner ---- */

/* Everything that is said of one: share is NULL unless it has one, allotment NULL when nothing of
   the partner was known. */
struct answer {
  uint32_t partner;
  const struct hs_allotment *allotment;
  const struct hs_judged_share *share;
};

static struct answer answer_for(const struct hs_explained *explained, uint32_t partner)
{
  const struct hs_judgement *judgement = explained->judgement;
  struct answer answer = {.partner = partner};
  for (size_t i = 0; i < judgement->allocation.count; i++)
    if (judgement->allocation.allotments[i].partner == partner)
      answer.allotment = &judgement->allocation.allotments[i];
  for (size_t i = 0; i < judgement->share_count; i++)
    if (judgement->shares[i].partner == partner)
      answer.share = &judgement->shares[i];
  return answer;
}

/* In words about an order. */
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

static void say_reason(const struct hs_explained *explained, const struct answer *answer,
                       struct hs_buf *out)
{
  const char *type = hs_rule_event_word(explained->order->event);
  hs_commission_say_about(hs_str_of(type), reason_of(answer), out);
}

static const char *code_of(const struct answer *answer)
{
  if (answer->allotment == NULL)
    return "no_touchpoint";
  if (answer->share == NULL)
    return hs_share_verdict_name(answer->allotment->verdict);
  if (answer->share->refused != NULL)
    return answer->share->waits ? "waits" : "refused";
  return answer->share->portion_count == 0 ? "no_rule" : "given";
}

/* ---- in words ---- */

static void say_rule(const struct hs_rule *rule, const char *words, struct hs_buf *out)
{
  hs_buf_printf(out, "    rule %d, ", (int)rule->rank);
  hs_buf_add_shown(out, rule->name, 100);
  hs_buf_printf(out, ": %s\n", words);
}

static void say_rules(const struct answer *answer, struct hs_buf *out)
{
  const struct hs_terms *terms = &answer->share->version->terms;
  for (size_t r = 0; r < terms->rule_count; r++) {
    enum hs_rule_verdict verdict = hs_rule_judge(&terms->rules[r], answer->share->sale);
    say_rule(&terms->rules[r], hs_rule_verdict_words(verdict), out);
    if (verdict == HS_RULE_HOLDS)
      break; /* the first that holds pays; the others are not asked */
  }
}

/* Which rule pays for each item. */
static void say_items(const struct hs_explained *explained, const struct answer *answer,
                      struct hs_buf *out)
{
  const struct hs_bought *bought = &explained->order->bought;
  const struct hs_terms *terms = &answer->share->version->terms;
  for (size_t i = 0; i < bought->item_count; i++) {
    const struct hs_item *item = &answer->share->items[i];
    const struct hs_rule *rule = hs_rule_for_item(terms, answer->share->sale, item);
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

static void say_answer(const struct hs_explained *explained, const struct answer *answer,
                       struct hs_buf *out)
{
  char part[HS_RATIO_TEXT];
  hs_buf_add_text(out, "  ");
  hs_buf_add_shown(out, explained->in_force->partners[answer->partner], 100);
  hs_buf_add_text(out, ": ");
  say_reason(explained, answer, out);
  hs_buf_add_char(out, '\n');
  if (answer->share == NULL)
    return;
  hs_ratio_format(answer->share->part, part);
  hs_buf_printf(out, "    its part of the %s is %s, by ",
                hs_commission_noun(hs_str_of(hs_rule_event_word(explained->order->event))), part);
  hs_buf_add_shown(out, answer->share->version->agreement, 100);
  hs_buf_printf(out, ", version %" PRIu64 "\n", answer->share->version->number);
  if (answer->share->is_kept) {
    hs_buf_add_text(out, "    the customer stays with the partners of its first sale: order ");
    hs_buf_add_shown(out, explained->order->first_order, 200);
    hs_buf_add_char(out, '\n');
  }
  if (answer->share->conversion != NULL)
    hs_conversion_say(answer->share->conversion, "    ", out);
  if (answer->share->waits)
    return;
  if (explained->order->bought.has_items)
    say_items(explained, answer, out);
  else
    say_rules(answer, out);
}

/* ---- as JSON ---- */

static void add_items(const struct hs_explained *explained, const struct answer *answer,
                      struct hs_buf *out)
{
  const struct hs_bought *bought = &explained->order->bought;
  const struct hs_terms *terms = &answer->share->version->terms;
  hs_buf_add_text(out, ",\"items\":[");
  for (size_t i = 0; i < bought->item_count; i++) {
    const struct hs_item *item = &answer->share->items[i];
    const struct hs_rule *rule = hs_rule_for_item(terms, answer->share->sale, item);
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

static void add_answer(const struct hs_explained *explained, const struct answer *answer,
                       struct hs_buf *out)
{
  char part[HS_RATIO_TEXT] = "0";
  struct hs_buf words = hs_buf_in(out->arena);
  say_reason(explained, answer, &words);
  hs_buf_fail_with(out, &words);
  hs_buf_add_text(out, "{\"partner\":");
  hs_buf_add_json(out, explained->in_force->partners[answer->partner]);
  hs_buf_printf(out, ",\"reason\":\"%s\",\"words\":", code_of(answer));
  hs_buf_add_json(out, hs_buf_str(&words));
  if (answer->share != NULL) {
    hs_ratio_format(answer->share->part, part);
    hs_buf_add_text(out, ",\"agreement\":");
    hs_buf_add_json(out, answer->share->version->agreement);
    hs_buf_printf(out, ",\"version\":%" PRIu64 ",\"rule\":", answer->share->version->number);
    if (answer->share->portion_count > 0)
      hs_buf_add_json(out, answer->share->portions[0].rule->name);
    else
      hs_buf_add_text(out, "null");
    if (explained->order->bought.has_items)
      add_items(explained, answer, out);
    if (answer->share->conversion != NULL) {
      hs_buf_add_text(out, ",\"exchange\":");
      hs_conversion_json(answer->share->conversion, out);
    }
    if (answer->share->is_kept) {
      hs_buf_add_text(out, ",\"kept_from\":");
      hs_buf_add_json(out, explained->order->first_order);
    }
  }
  hs_buf_printf(out, ",\"part\":\"%s\"}", part);
}

/* ---- public ---- */

static void put(const struct hs_explained *explained, uint32_t partner, int is_json, size_t count,
                struct hs_buf *out)
{
  struct answer answer = answer_for(explained, partner);
  if (is_json && count > 0)
    hs_buf_add_char(out, ',');
  if (is_json)
    add_answer(explained, &answer, out);
  else
    say_answer(explained, &answer, out);
}

void hs_explained_put(const struct hs_explained *explained, uint32_t partner, int is_json,
                      struct hs_buf *out)
{
  const struct hs_allocation *allocation = &explained->judgement->allocation;
  if (partner != HS_NO_PARTNER)
    put(explained, partner, is_json, 0, out);
  for (size_t i = 0; partner == HS_NO_PARTNER && i < allocation->count; i++)
    put(explained, allocation->allotments[i].partner, is_json, i, out);
  if (!is_json && partner == HS_NO_PARTNER && allocation->count == 0)
    hs_buf_add_text(out,
                    "  no touchpoint of a partner with this customer was known when it came\n");
}

enum hs_status hs_explained_partner(const struct hs_in_force *in_force, struct hs_str name,
                                    uint32_t *out, struct hs_err *err)
{
  *out = name.data == NULL ? HS_NO_PARTNER : hs_in_force_partner(in_force, name);
  return name.data != NULL && *out == HS_NO_PARTNER
             ? hs_fail(err, HS_NOT_FOUND, "there is no partner %.*s", HS_STR_ARG(name))
             : HS_OK;
}
