#include "service/post/evidence.h"

#include <inttypes.h>
#include <jansson.h>

#include "service/post/actions.h"
#include "service/post/conversion_words.h"

static const char *const CYCLES[HS_CYCLE_COUNT] = {[HS_CYCLE_DAY] = "day",
                                                   [HS_CYCLE_WEEK] = "week",
                                                   [HS_CYCLE_MONTH] = "month",
                                                   [HS_CYCLE_EVER] = "ever"};

static void add_ratio(struct hs_buf *buf, const char *name, struct hs_ratio ratio)
{
  char text[HS_RATIO_TEXT];
  hs_ratio_format(ratio, text);
  hs_buf_printf(buf, ",\"%s\":\"%s\"", name, text);
}

static void add_moment(struct hs_buf *buf, const char *name, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time(at_us, text);
  hs_buf_printf(buf, "\"%s\":\"%s\"", name, text);
}

#define BONUS_BEGINS "{\"bonus\":"
#define WAITS_ENDS ",\"waits\":true}"
#define WAITED_UNTIL "waited_until"

/* ---- the order and its touchpoints ---- */

/* "lead":{"at":…,"status":…} */
static void add_action(struct hs_buf *buf, const struct hs_case *action)
{
  hs_buf_printf(buf, "{\"%s\":{", hs_rule_event_word(action->event));
  add_moment(buf, "at", action->at_us);
  if (action->claimed_at_us != action->at_us) {
    hs_buf_add_char(buf, ',');
    add_moment(buf, "came_in_at", action->claimed_at_us);
  }
  if (action->named.data != NULL) {
    hs_buf_add_text(buf, ",\"partner\":");
    hs_buf_add_json(buf, action->named);
  }
  if (action->word.data != NULL) {
    hs_buf_printf(buf, ",\"%s\":", hs_action_word_name(action->event));
    hs_buf_add_json(buf, action->word);
  }
  hs_buf_add_char(buf, '}');
}

/* What was not said has no figure. */
static void add_bought(struct hs_buf *buf, const struct hs_bought *bought)
{
  const struct {
    const char *name;
    int64_t minor;
    int is_said;
  } FIGURES[] = {{"tax_minor", bought->tax_minor, bought->tax_minor > 0},
                 {"shipping_minor", bought->shipping_minor, bought->shipping_minor > 0},
                 {"discount_minor", bought->discount_minor, bought->discount_minor > 0},
                 {"cost_minor", bought->cost_minor, bought->cost_minor >= 0}};
  for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++)
    if (FIGURES[i].is_said)
      hs_buf_printf(buf, ",\"%s\":%" PRId64, FIGURES[i].name, FIGURES[i].minor);
  if (bought->country.data != NULL) {
    hs_buf_add_text(buf, ",\"country\":");
    hs_buf_add_json(buf, bought->country);
  }
}

static void add_order(struct hs_buf *buf, const struct hs_case *order,
                      const struct hs_judgement *judgement)
{
  hs_buf_add_text(buf, "{\"order\":{");
  add_moment(buf, "at", order->at_us);
  hs_buf_printf(buf, ",\"amount_minor\":%" PRId64 ",\"currency\":\"%s\",\"first\":%s,\"months\":%u",
                order->amount_minor, order->currency.code, order->is_first ? "true" : "false",
                (unsigned)judgement->sale->months);
  if (order->coupon.data != NULL) {
    hs_buf_add_text(buf, ",\"coupon\":");
    hs_buf_add_json(buf, order->coupon);
  }
  add_bought(buf, &order->bought);
  if (order->cart_at_us != INT64_MAX) {
    hs_buf_add_char(buf, ',');
    add_moment(buf, "cart_at", order->cart_at_us);
  }
  hs_buf_add_char(buf, '}');
}

static void add_touches(struct hs_buf *buf, const struct hs_in_force *in_force,
                        const struct hs_judgement *judgement)
{
  const struct hs_allocation *allocation = &judgement->allocation;
  size_t skipped = judgement->touch_count > HS_EVIDENCE_TOUCHES_MAX
                       ? judgement->touch_count - HS_EVIDENCE_TOUCHES_MAX
                       : 0;
  hs_buf_add_text(buf, ",\"touchpoints\":[");
  for (size_t i = skipped; i < judgement->touch_count; i++) {
    const struct hs_touchpoint *touch = &judgement->touches[i];
    hs_buf_add_text(buf, i > skipped ? ",{\"partner\":" : "{\"partner\":");
    hs_buf_add_json(buf, in_force->partners[touch->partner]);
    hs_buf_add_char(buf, ',');
    add_moment(buf, "at", touch->at_us);
    if (touch->marks & HS_TOUCH_CODE)
      hs_buf_add_text(buf, ",\"code\":true");
    if (touch->marks & HS_TOUCH_NAMED)
      hs_buf_add_text(buf, ",\"named\":true");
    if (touch->marks & HS_TOUCH_STANDS_DOWN)
      hs_buf_add_text(buf, ",\"stands_down\":true");
    hs_buf_printf(buf, ",\"verdict\":\"%s\"}", hs_share_verdict_name(allocation->verdicts[i]));
  }
  hs_buf_add_char(buf, ']');
  if (skipped > 0)
    hs_buf_printf(buf, ",\"touchpoints_before\":%zu", skipped);
}

/* ---- the price ---- */

static void add_piece(struct hs_buf *buf, const struct hs_price_piece *piece)
{
  char rate[HS_DECIMAL_TEXT];
  if (piece->rate.structure == HS_STRUCTURE_FLAT) {
    hs_buf_printf(buf, "{\"amount_minor\":%" PRId64, piece->rate.flat_minor);
    add_ratio(buf, "times", piece->times);
  } else {
    hs_decimal_format(piece->rate.percentage, rate);
    hs_buf_printf(buf, "{\"rate\":\"%s\"", rate);
    add_ratio(buf, "base_minor", piece->base_minor);
  }
  add_ratio(buf, "exact_minor", piece->exact_minor);
  hs_buf_add_char(buf, '}');
}

static void add_tally(struct hs_buf *buf, const struct hs_tally *tally)
{
  hs_buf_printf(buf,
                "{\"orders\":%" PRId64 ",\"base_minor\":%" PRId64 ",\"earned_minor\":%" PRId64
                ",\"paid_minor\":%" PRId64 "}",
                tally->order_count, tally->base_minor, tally->earned_minor, tally->paid_minor);
}

/* Those of the order's items that the rule pays for, as far as there is room; the rest as a number.
 */
static void add_items(struct hs_buf *buf, const struct hs_case *order,
                      const struct hs_earned *earned)
{
  const struct hs_rule *rule = earned->portion->rule;
  const struct hs_terms *terms = &earned->share->version->terms;
  size_t count = 0;
  hs_buf_add_text(buf, ",\"items\":[");
  for (size_t i = 0; i < order->bought.item_count; i++) {
    const struct hs_item *item = &earned->share->items[i];
    if (hs_rule_for_item(terms, earned->share->sale, item) != rule ||
        count++ >= HS_EVIDENCE_ITEMS_MAX)
      continue;
    hs_buf_add_text(buf, count > 1 ? ",{\"product\":" : "{\"product\":");
    hs_buf_add_json(buf, item->product);
    hs_buf_printf(buf, ",\"quantity\":%" PRId64 ",\"base_minor\":%" PRId64 "}", item->count,
                  item->base_minor[rule->base]);
  }
  hs_buf_add_char(buf, ']');
  if (count > HS_EVIDENCE_ITEMS_MAX)
    hs_buf_printf(buf, ",\"items_more\":%zu", count - HS_EVIDENCE_ITEMS_MAX);
}

static void add_price(struct hs_buf *buf, const struct hs_earned *earned)
{
  const struct hs_price *price = earned->price;
  hs_buf_printf(buf, ",\"base_minor\":%" PRId64 ",\"count\":%" PRId64 ",\"pieces\":[",
                earned->portion->base_minor, earned->portion->count);
  for (size_t p = 0; p < price->piece_count; p++) {
    if (p > 0)
      hs_buf_add_char(buf, ',');
    add_piece(buf, &price->pieces[p]);
  }
  hs_buf_add_char(buf, ']');
  add_ratio(buf, "exact_minor", price->exact_minor);
  hs_buf_printf(
      buf, ",\"rounding\":\"%s\",\"rounded_minor\":%" PRId64 ",\"catch_up_minor\":%" PRId64,
      earned->share->version->terms.rounding == HS_ROUND_HALF_UP ? "half_up" : "half_even",
      price->rounded_minor, price->catch_up_minor);
  hs_buf_printf(buf, ",\"amount_minor\":%" PRId64 ",\"before\":{", price->amount_minor);
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    hs_buf_printf(buf, c > 0 ? ",\"%s\":" : "\"%s\":", CYCLES[c]);
    add_tally(buf, &earned->before->of[c]);
  }
  hs_buf_add_char(buf, '}');
}

static const char *const BASES[HS_BASE_COUNT] = {
    [HS_BASE_NET] = "net", [HS_BASE_GROSS] = "gross", [HS_BASE_MARGIN] = "margin"};

static void add_rule(struct hs_buf *buf, const struct hs_case *order,
                     const struct hs_earned *earned)
{
  const struct hs_rule *rule = earned->portion->rule;
  hs_buf_printf(buf, ",\"rank\":%d", (int)rule->rank);
  if (order->event == HS_RULE_SALE)
    hs_buf_printf(buf, ",\"base\":\"%s\"", BASES[rule->base]);
  if (order->bought.has_items)
    add_items(buf, order, earned);
  if (earned->share->conversion != NULL) {
    hs_buf_add_text(buf, ",\"exchange\":");
    hs_conversion_json(earned->share->conversion, buf);
  }
  add_price(buf, earned);
}

enum hs_status hs_evidence_of_share(const struct hs_in_force *in_force, const struct hs_case *order,
                                    const struct hs_judgement *judgement,
                                    const struct hs_earned *earned, struct hs_arena *arena,
                                    struct hs_str *out, struct hs_err *err)
{
  struct hs_buf buf = hs_buf_in(arena);
  const struct hs_judged_share *share = earned->share;
  if (order->event == HS_RULE_SALE)
    add_order(&buf, order, judgement);
  else
    add_action(&buf, order);
  add_touches(&buf, in_force, judgement);
  add_ratio(&buf, "part", share->part);
  hs_buf_add_char(&buf, ',');
  add_moment(&buf, "judged_at", share->touched_at_us);
  if (judgement->waited_until_us != 0) {
    hs_buf_add_char(&buf, ',');
    add_moment(&buf, WAITED_UNTIL, judgement->waited_until_us);
  }
  if (share->is_kept) {
    hs_buf_add_text(&buf, ",\"kept_from\":");
    hs_buf_add_json(&buf, order->first_order);
  }
  if (earned->price != NULL) {
    add_rule(&buf, order, earned);
  } else {
    hs_buf_add_text(&buf, ",\"refused\":");
    hs_buf_add_json(&buf, hs_str_of(share->refused));
  }
  hs_buf_add_text(&buf, share->waits ? WAITS_ENDS : "}");
  *out = hs_buf_str(&buf);
  return hs_buf_status(&buf, "the evidence of a commission", err);
}

enum hs_status hs_evidence_of_bonus(const struct hs_bonus *bonus, const struct hs_tally *before,
                                    const struct hs_tally *after, struct hs_arena *arena,
                                    struct hs_str *out, struct hs_err *err)
{
  struct hs_buf buf = hs_buf_in(arena);
  hs_buf_printf(&buf,
                BONUS_BEGINS "{\"measure\":\"%s\",\"period\":\"%s\",\"from\":%" PRId64
                             ",\"amount_minor\":%" PRId64 "},\"before\":",
                bonus->measure == HS_TIER_ORDERS ? "orders" : "revenue", CYCLES[bonus->period],
                bonus->from, bonus->amount_minor);
  add_tally(&buf, before);
  hs_buf_add_text(&buf, ",\"after\":");
  add_tally(&buf, after);
  hs_buf_add_char(&buf, '}');
  *out = hs_buf_str(&buf);
  return hs_buf_status(&buf, "the evidence of a bonus", err);
}

/* ---- judged again ---- */

static void add_shares(struct hs_buf *buf, const struct hs_in_force *in_force,
                       const struct hs_judgement *judgement)
{
  hs_buf_add_text(buf, ",\"shares\":[");
  for (size_t s = 0; s < judgement->share_count; s++) {
    const struct hs_judged_share *share = &judgement->shares[s];
    hs_buf_add_text(buf, s > 0 ? ",{\"partner\":" : "{\"partner\":");
    hs_buf_add_json(buf, in_force->partners[share->partner]);
    add_ratio(buf, "part", share->part);
    hs_buf_add_text(buf, ",\"agreement\":");
    hs_buf_add_json(buf, share->version->agreement);
    hs_buf_printf(buf, ",\"version\":%" PRIu64 "}", share->version->number);
  }
  hs_buf_add_char(buf, ']');
}

enum hs_status hs_evidence_of_judgement(const struct hs_in_force *in_force,
                                        const struct hs_case *order,
                                        const struct hs_judgement *judgement, int64_t judged_at_us,
                                        struct hs_arena *arena, struct hs_str *out,
                                        struct hs_err *err)
{
  struct hs_buf buf = hs_buf_in(arena);
  add_order(&buf, order, judgement);
  add_touches(&buf, in_force, judgement);
  hs_buf_add_char(&buf, ',');
  add_moment(&buf, "judged_at", judged_at_us);
  add_shares(&buf, in_force, judgement);
  hs_buf_add_char(&buf, '}');
  *out = hs_buf_str(&buf);
  return hs_buf_status(&buf, "the evidence of a judgement", err);
}

/* ---- read again ---- */

int hs_evidence_is_of_bonus(struct hs_str evidence)
{
  struct hs_str begins = HS_STR(BONUS_BEGINS);
  return evidence.length >= begins.length &&
         hs_str_equal((struct hs_str){evidence.data, begins.length}, begins);
}

int hs_evidence_waits(struct hs_str evidence)
{
  struct hs_str ends = HS_STR(WAITS_ENDS);
  return evidence.length >= ends.length &&
         hs_str_equal((struct hs_str){evidence.data + evidence.length - ends.length, ends.length},
                      ends);
}

int hs_evidence_waited(struct hs_str evidence)
{
  json_t *document = json_loadb(evidence.data, evidence.length, 0, NULL);
  int waited = json_object_get(document, WAITED_UNTIL) != NULL;
  json_decref(document);
  return waited;
}

static int read_base(const json_t *document, struct hs_ratio *out)
{
  const json_t *exchange = json_object_get(document, "exchange");
  const char *per_minor = json_string_value(json_object_get(exchange, "per_minor"));
  struct hs_ratio base =
      hs_ratio_of((int64_t)json_integer_value(json_object_get(document, "base_minor")), 1);
  struct hs_ratio rate = HS_RATIO_ONE;
  return (exchange == NULL || (per_minor != NULL && hs_ratio_parse(hs_str_of(per_minor), &rate))) &&
         hs_ratio_multiply(base, rate, out);
}

enum hs_status hs_evidence_priced(struct hs_str evidence, struct hs_ratio *base_minor,
                                  int64_t *earned_minor, struct hs_err *err)
{
  json_error_t fault;
  json_t *document = json_loadb(evidence.data, evidence.length, 0, &fault);
  if (document == NULL)
    return hs_fail(err, HS_CORRUPT, "the evidence of a commission cannot be read: %s", fault.text);
  int is_read = read_base(document, base_minor);
  *earned_minor = (int64_t)json_integer_value(json_object_get(document, "rounded_minor")) +
                  (int64_t)json_integer_value(json_object_get(document, "catch_up_minor"));
  json_decref(document);
  return is_read ? HS_OK : hs_fail(err, HS_CORRUPT, "a commission's base cannot be read");
}
