/* Evidence is a nested document, so jansson reads it. Every number in it is whole, and what is not
   is a fraction in quotes: what jansson makes of 12.10 never shows. */
#include "service/post/explain.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/ratio.h"
#include "base/time.h"
#include "ledger/allocate.h"
#include "service/agreed/agreement_words.h"
#include "service/owe/commission_words.h"
#include "service/post/conversion_words.h"
#include "service/post/explain_back.h"
#include "service/post/explain_second.h"

static void say_money(struct hs_buf *out, int64_t amount_minor, struct hs_currency currency)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, currency}, text);
  hs_buf_add_text(out, text);
}

static void say_moment(struct hs_buf *out, const struct hs_zone *zone, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time_in(zone, at_us, text);
  hs_buf_printf(out, "%.10s %.5s", text, text + 11); /* to the minute, in the programme's clock */
}

static int64_t integer_of(const json_t *object, const char *name)
{
  return (int64_t)json_integer_value(json_object_get(object, name));
}

static const char *text_of(const json_t *object, const char *name)
{
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? text : "";
}

static void say_moment_of(struct hs_buf *out, const struct hs_zone *zone, const json_t *object,
                          const char *name)
{
  int64_t at_us = 0;
  enum hs_zone_said said;
  if (hs_parse_time(hs_str_of(text_of(object, name)), &at_us, &said))
    say_moment(out, zone, at_us);
}

/* ---- what it came from ---- */

static const char *verdict_words(const char *name)
{
  for (int v = HS_SHARE_AFTER_ORDER; v <= HS_SHARE_GIVEN; v++)
    if (hs_str_equal(hs_str_of(name), hs_str_of(hs_share_verdict_name((enum hs_share_verdict)v))))
      return hs_share_verdict_words((enum hs_share_verdict)v);
  return name;
}

static void say_action(struct hs_buf *out, const struct hs_zone *zone,
                       const struct hs_commission_row *row, const json_t *action)
{
  static const char *const WORDS[] = {"status", "link", "name"};
  hs_buf_printf(out, "\n%s ", hs_commission_noun(row->type));
  hs_buf_add_shown(out, row->order_id, 200);
  for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
    if (json_object_get(action, WORDS[i]) != NULL) {
      hs_buf_printf(out, ", %s ", WORDS[i]);
      hs_buf_add_shown(out, hs_str_of(text_of(action, WORDS[i])), 200);
    }
  hs_buf_add_text(out, ", ");
  say_moment_of(out, zone, action, "at");
  if (json_object_get(action, "came_in_at") != NULL) {
    hs_buf_add_text(out, ", came in ");
    say_moment_of(out, zone, action, "came_in_at");
  }
  hs_buf_add_char(out, '\n');
}

/* "  with 7.17 EUR tax, 5.00 EUR shipping", as far as the order says it. */
static void say_figures(struct hs_buf *out, struct hs_currency currency, const json_t *order)
{
  static const struct {
    const char *name, *words;
  } FIGURES[] = {{"tax_minor", "tax"},
                 {"shipping_minor", "shipping"},
                 {"discount_minor", "discount taken off"},
                 {"cost_minor", "cost of the goods"}};
  int count = 0;
  for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++) {
    if (json_object_get(order, FIGURES[i].name) == NULL)
      continue;
    hs_buf_add_text(out, count++ == 0 ? "  with " : ", ");
    say_money(out, integer_of(order, FIGURES[i].name), currency);
    hs_buf_printf(out, " %s", FIGURES[i].words);
  }
  if (count > 0)
    hs_buf_add_char(out, '\n');
}

/* An order may be in another currency than what it earns. */
static struct hs_currency currency_of_order(const struct hs_commission_row *row,
                                            const json_t *evidence)
{
  struct hs_currency currency = row->currency;
  const json_t *order = json_object_get(evidence, "order");
  (void)hs_currency_parse(hs_str_of(text_of(order, "currency")), &currency);
  return currency;
}

static void say_order(struct hs_buf *out, const struct hs_zone *zone,
                      const struct hs_commission_row *row, const json_t *evidence)
{
  const struct hs_currency currency = currency_of_order(row, evidence);
  const json_t *order = json_object_get(evidence, "order");
  const json_t *action = json_object_get(evidence, row->type.data);
  if (action != NULL) {
    say_action(out, zone, row, action);
    return;
  }
  hs_buf_add_text(out, "\norder ");
  hs_buf_add_shown(out, row->order_id, 200);
  if (order == NULL)
    return;
  hs_buf_add_text(out, " of ");
  say_money(out, integer_of(order, "amount_minor"), currency);
  hs_buf_add_text(out, ", ");
  say_moment_of(out, zone, order, "at");
  if (json_object_get(order, "first") == NULL)
    hs_buf_add_char(out, '\n');
  else
    hs_buf_add_text(out, json_is_true(json_object_get(order, "first"))
                             ? ", the customer's first\n"
                             : ", of a customer who had ordered before\n");
  say_figures(out, currency, order);
  if (json_object_get(order, "cart_at") != NULL) {
    hs_buf_add_text(out, "  its cart began ");
    say_moment_of(out, zone, order, "cart_at");
    hs_buf_add_char(out, '\n');
  }
}

static void say_touches(struct hs_buf *out, const struct hs_zone *zone,
                        const struct hs_commission_row *row, const json_t *evidence)
{
  const json_t *touches = json_object_get(evidence, "touchpoints");
  int64_t before = integer_of(evidence, "touchpoints_before");
  size_t index;
  const json_t *touch;
  if (json_array_size(touches) == 0)
    return;
  hs_buf_add_text(out, "\ntouchpoints before it\n");
  if (before > 0)
    hs_buf_printf(out, "  %" PRId64 " earlier\n", before);
  json_array_foreach(touches, index, touch)
  {
    hs_buf_add_text(out, "  ");
    say_moment_of(out, zone, touch, "at");
    hs_buf_add_text(out, "  ");
    hs_buf_add_shown(out, hs_str_of(text_of(touch, "partner")), 60);
    if (json_is_true(json_object_get(touch, "code")))
      hs_buf_add_text(out, " (its code was used)");
    if (json_is_true(json_object_get(touch, "named")))
      hs_buf_add_text(out, " (named with it)");
    if (json_is_true(json_object_get(touch, "stands_down")))
      hs_buf_add_text(out, " (says that it stands down)");
    hs_buf_add_text(out, ": ");
    hs_commission_say_about(row->type, verdict_words(text_of(touch, "verdict")), out);
    hs_buf_add_char(out, '\n');
  }
}

static void say_pieces(struct hs_buf *out, const struct hs_commission_row *row,
                       const json_t *evidence)
{
  const json_t *pieces = json_object_get(evidence, "pieces");
  struct hs_decimal rate;
  size_t index;
  const json_t *piece;
  hs_buf_printf(out, "\nin the smallest units of %s, exactly\n", row->currency.code);
  json_array_foreach(pieces, index, piece)
  {
    if (json_object_get(piece, "rate") != NULL) {
      hs_buf_printf(out, "  %s × ", text_of(piece, "base_minor"));
      if (hs_decimal_parse(hs_str_of(text_of(piece, "rate")), &rate))
        hs_percentage_say(rate, out);
    } else {
      hs_buf_printf(out, "  %s × %" PRId64, text_of(piece, "times"),
                    integer_of(piece, "amount_minor"));
    }
    hs_buf_printf(out, " = %s\n", text_of(piece, "exact_minor"));
  }
  hs_buf_printf(out, "  %s rounded %s: %" PRId64 "\n", text_of(evidence, "exact_minor"),
                hs_str_equal(hs_str_of(text_of(evidence, "rounding")), HS_STR("half_up"))
                    ? "half up"
                    : "half to even",
                integer_of(evidence, "rounded_minor"));
  int64_t catch_up = integer_of(evidence, "catch_up_minor");
  if (catch_up != 0)
    hs_buf_printf(out,
                  "  %" PRId64
                  " for earlier orders of the period: the tier reached holds for all of it\n",
                  catch_up);
  if (integer_of(evidence, "rounded_minor") + catch_up > row->amount_minor)
    hs_buf_printf(out, "  a cap leaves %" PRId64 "\n", row->amount_minor);
}

static const char *base_words(const char *base)
{
  if (strcmp(base, "margin") == 0)
    return "the net value less what it cost";
  return strcmp(base, "gross") == 0 ? "what was paid" : "the net value, without tax and shipping";
}

/* Which of the order's items the rule pays for. */
static void say_items(struct hs_buf *out, const struct hs_commission_row *row,
                      const json_t *evidence)
{
  const json_t *items = json_object_get(evidence, "items");
  int64_t more = integer_of(evidence, "items_more");
  size_t index;
  const json_t *item;
  if (json_array_size(items) == 0)
    return;
  hs_buf_printf(out, "it pays for these items, by %s\n", base_words(text_of(evidence, "base")));
  json_array_foreach(items, index, item)
  {
    hs_buf_printf(out, "  %" PRId64 " × ", integer_of(item, "quantity"));
    hs_buf_add_shown(out, hs_str_of(text_of(item, "product")), 100);
    hs_buf_add_text(out, ": ");
    say_money(out, integer_of(item, "base_minor"), currency_of_order(row, evidence));
    hs_buf_add_char(out, '\n');
  }
  if (more > 0)
    hs_buf_printf(out, "  and %" PRId64 " more\n", more);
}

static void say_price(struct hs_buf *out, const struct hs_zone *zone,
                      const struct hs_commission_row *row, const json_t *evidence)
{
  hs_buf_printf(out, "\nby policy %" PRIu64 " the partner's part of the %s is %.*s\n", row->policy,
                hs_commission_noun(row->type), HS_STR_ARG(row->part));
  hs_buf_add_text(out, "by ");
  hs_buf_add_shown(out, row->agreement, 100);
  hs_buf_printf(out, ", version %" PRIu64 ", in force at the touchpoint of ", row->version);
  say_moment(out, zone, row->touched_at_us);
  hs_buf_add_text(out, "\n");
  if (json_object_get(evidence, "kept_from") != NULL) {
    hs_buf_add_text(out, "the customer stays with the partners of its first sale: order ");
    hs_buf_add_shown(out, hs_str_of(text_of(evidence, "kept_from")), 200);
    hs_buf_add_text(out, "\n");
  }
  if (json_object_get(evidence, "refused") != NULL) {
    hs_buf_add_text(out, json_is_true(json_object_get(evidence, "waits"))
                             ? "nothing is owed yet: "
                             : "nothing is owed, because it could not be priced: ");
    hs_buf_add_shown(out, hs_str_of(text_of(evidence, "refused")), 400);
    hs_buf_add_text(out, "\n");
    return;
  }
  if (json_object_get(evidence, "waited_until") != NULL) {
    hs_buf_add_text(out, "it had to wait for an exchange rate, until ");
    say_moment_of(out, zone, evidence, "waited_until");
    hs_buf_add_text(out, "\n");
  }
  hs_buf_add_text(out, "rule ");
  hs_buf_add_shown(out, row->rule, 100);
  hs_buf_add_text(out, "\n");
  if (json_object_get(evidence, "bonus") != NULL) {
    hs_buf_add_text(out, "a bonus, for what the period has reached with this order\n");
  } else {
    say_items(out, row, evidence);
    hs_conversion_say_evidence(json_object_get(evidence, "exchange"), "", out);
    say_pieces(out, row, evidence);
  }
}

/* Of a commission that no rule brought. */
static void say_decision(struct hs_buf *out, const struct hs_zone *zone,
                         const struct hs_commission_row *row, const json_t *decided)
{
  hs_buf_add_text(out, "\nby decision of ");
  hs_buf_add_shown(out, hs_str_of(text_of(decided, "by")), 100);
  hs_buf_add_text(out, " and ");
  hs_buf_add_shown(out, hs_str_of(text_of(decided, "seconded_by")), 100);
  hs_buf_add_text(out, ", ");
  say_moment_of(out, zone, decided, "at");
  hs_buf_add_text(out, " (");
  hs_buf_add_shown(out, hs_str_of(text_of(decided, "reference")), 100);
  hs_buf_add_text(out, "), ");
  hs_buf_add_shown(out, hs_str_of(text_of(decided, "reason")), 400);
  if (json_object_get(decided, "words") != NULL) {
    hs_buf_add_text(out, ": ");
    hs_buf_add_shown(out, hs_str_of(text_of(decided, "words")), 2000);
  }
  hs_buf_add_text(out, "\nunder ");
  hs_buf_add_shown(out, row->agreement, 100);
  hs_buf_printf(out, ", version %" PRIu64 "\n", row->version);
}

/* ---- what has happened to it ---- */

struct saying {
  struct hs_buf *out;
  const struct hs_zone *zone; /* for words */
  size_t count;               /* for JSON */
};

static enum hs_status say_entry(void *context, const struct hs_transfer_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  struct saying *saying = context;
  enum hs_transfer_kind kind;
  hs_buf_add_text(saying->out, "  ");
  say_moment(saying->out, saying->zone, row->effective_us);
  hs_buf_add_text(saying->out, "  ");
  say_money(saying->out, row->amount_minor, row->currency);
  hs_buf_add_text(saying->out, "  ");
  if (hs_transfer_kind_parse(row->kind, &kind))
    hs_buf_add_text(saying->out, hs_transfer_spec(kind)->says);
  if (row->reason.data != NULL) {
    hs_buf_add_text(saying->out, ", ");
    hs_buf_add_shown(saying->out, row->reason, 100);
  }
  hs_buf_printf(saying->out, " (entry %" PRIu64 ")\n", row->number);
  return HS_OK;
}

static void say_owed(struct hs_buf *out, const struct hs_commission_row *row,
                     const struct hs_owed *owed)
{
  const struct {
    const char *words;
    int64_t amount_minor;
  } LINES[] = {{"in its return period", owed->pending},
               {"owed", owed->payable},
               {"disputed", owed->disputed},
               {"paid or set off", owed->settled},
               {"taken back", owed->taken_back}};
  hs_buf_add_text(out, "\nnow\n");
  for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
    if (LINES[i].amount_minor == 0)
      continue;
    hs_buf_add_text(out, "  ");
    say_money(out, LINES[i].amount_minor, row->currency);
    hs_buf_printf(out, "  %s\n", LINES[i].words);
  }
}

/* ---- one commission ---- */

struct explaining {
  struct hs_programme *programme;
  struct hs_buf *out;
};

static enum hs_status say(const struct explaining *explaining, const struct hs_commission_row *row,
                          const json_t *evidence, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &explaining->programme->book.ledger;
  const struct hs_zone *zone = explaining->programme->zone;
  struct hs_buf *out = explaining->out;
  struct saying saying = {.out = out, .zone = zone};
  struct hs_owed owed;
  hs_buf_printf(out, "commission %s of ", row->id.text);
  hs_buf_add_shown(out, row->partner, 100);
  hs_buf_add_text(out, ": ");
  say_money(out, row->amount_minor, row->currency);
  hs_buf_add_char(out, '\n');
  say_order(out, zone, row, evidence);
  if (json_object_get(evidence, "decided") != NULL) {
    say_decision(out, zone, row, json_object_get(evidence, "decided"));
  } else {
    say_touches(out, zone, row, evidence);
    say_price(out, zone, row, evidence);
  }
  hs_buf_add_text(out, "\nledger entries\n");
  enum hs_status status =
      ledger->transfers_of_commission(ledger->self, &row->id, say_entry, &saying, err);
  if (status == HS_OK)
    status = hs_ledger_owed(ledger, &row->id, &owed, err);
  if (status == HS_OK)
    say_owed(out, row, &owed);
  hs_buf_add_text(out, "  the return period ends ");
  say_moment(out, zone, row->locks_at_us);
  hs_buf_add_char(out, '\n');
  if (status == HS_OK)
    status = hs_taken_back_say(explaining->programme, row, out, err);
  return status == HS_OK ? hs_second_judgement_say(explaining->programme, row, out, err) : status;
}

static enum hs_status entry_json(void *context, const struct hs_transfer_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct saying *saying = context;
  char at[HS_TIME_TEXT];
  hs_format_time(row->effective_us, at);
  hs_buf_printf(saying->out,
                "%s{\"number\":%" PRIu64 ",\"kind\":\"%.*s\",\"debit\":\"%s\",\"credit\":\"%s\","
                "\"amount_minor\":%" PRId64 ",\"effective_at\":\"%s\",\"reason\":",
                saying->count++ > 0 ? "," : "", row->number, HS_STR_ARG(row->kind),
                hs_account_word(row->debit.kind), hs_account_word(row->credit.kind),
                row->amount_minor, at);
  if (row->reason.data != NULL)
    hs_buf_add_json(saying->out, row->reason);
  else
    hs_buf_add_text(saying->out, "null");
  hs_buf_add_char(saying->out, '}');
  return HS_OK;
}

static void commission_json(struct hs_buf *out, const struct hs_commission_row *row)
{
  char at[HS_TIME_TEXT];
  const struct {
    const char *name;
    struct hs_str value;
  } TEXTS[] = {{"type", row->type},       {"order_id", row->order_id},
               {"partner", row->partner}, {"agreement", row->agreement},
               {"rule", row->rule},       {"part", row->part}};
  hs_buf_printf(out, "{\"id\":\"%s\"", row->id.text);
  for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
    hs_buf_printf(out, ",\"%s\":", TEXTS[i].name);
    hs_buf_add_json(out, TEXTS[i].value);
  }
  hs_format_time(row->locks_at_us, at);
  hs_buf_printf(out,
                ",\"version\":%" PRIu64 ",\"policy\":%" PRIu64 ",\"currency\":\"%s\","
                "\"amount_minor\":%" PRId64 ",\"locks_at\":\"%s\",\"evidence\":",
                row->version, row->policy, row->currency.code, row->amount_minor, at);
  if (row->evidence.data != NULL)
    hs_buf_add_str(out, row->evidence);
  else
    hs_buf_add_text(out, "null");
}

static enum hs_status put_json(const struct explaining *explaining,
                               const struct hs_commission_row *row, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &explaining->programme->book.ledger;
  struct saying saying = {.out = explaining->out};
  struct hs_owed owed;
  commission_json(explaining->out, row);
  hs_buf_add_text(explaining->out, ",\"entries\":[");
  enum hs_status status =
      ledger->transfers_of_commission(ledger->self, &row->id, entry_json, &saying, err);
  if (status == HS_OK)
    status = hs_ledger_owed(ledger, &row->id, &owed, err);
  if (status == HS_OK)
    hs_buf_printf(
        explaining->out,
        "],\"owed\":{\"earned_minor\":%" PRId64 ",\"pending_minor\":%" PRId64
        ",\"payable_minor\":%" PRId64 ",\"disputed_minor\":%" PRId64 ",\"settled_minor\":%" PRId64
        ",\"taken_back_minor\":%" PRId64 "},\"taken_back\":",
        owed.earned, owed.pending, owed.payable, owed.disputed, owed.settled, owed.taken_back);
  if (status == HS_OK)
    status = hs_taken_back_json(explaining->programme, row, explaining->out, err);
  hs_buf_add_text(explaining->out, ",\"second_judgement\":");
  if (status == HS_OK)
    status = hs_second_judgement_json(explaining->programme, row, explaining->out, err);
  hs_buf_add_text(explaining->out, "}\n");
  return status;
}

static enum hs_status explain(struct hs_programme *programme, const struct hs_id *id, int is_json,
                              struct hs_buf *out, struct hs_err *err)
{
  struct explaining explaining = {programme, out};
  struct hs_commission_row row;
  json_error_t fault;
  enum hs_status status = hs_ledger_commission(&programme->book.ledger, id, out->arena, &row, err);
  if (status != HS_OK || is_json)
    return status == HS_OK ? put_json(&explaining, &row, err) : status;
  json_t *evidence = json_loadb(row.evidence.data, row.evidence.length, 0, &fault);
  if (evidence == NULL)
    return hs_fail(err, HS_CORRUPT, "the evidence of %s cannot be read: %s", id->text, fault.text);
  status = say(&explaining, &row, evidence, err);
  json_decref(evidence);
  return status;
}

enum hs_status hs_commission_say(struct hs_programme *programme, const struct hs_id *id,
                                 struct hs_buf *out, struct hs_err *err)
{
  return explain(programme, id, 0, out, err);
}

enum hs_status hs_commission_json(struct hs_programme *programme, const struct hs_id *id,
                                  struct hs_buf *out, struct hs_err *err)
{
  return explain(programme, id, 1, out, err);
}
