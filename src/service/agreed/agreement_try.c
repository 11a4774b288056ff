#include "service/agreed/agreement_try.h"

#include <inttypes.h>

#include "service/agreed/agreement_words.h"

static enum hs_status read_amount(const struct hs_terms *terms, const char *name,
                                  struct hs_str text, int64_t *out, struct hs_err *err)
{
  struct hs_money money;
  struct hs_err trouble = {0};
  if (hs_money_parse(text, terms->currency, &money, &trouble) != HS_OK)
    return hs_fail(err, HS_USAGE, "--%s: %s", name, trouble.text);
  if (money.amount_minor < 0)
    return hs_fail(err, HS_USAGE, "--%s must be 0 or more, got %.*s", name, HS_STR_ARG(text));
  *out = money.amount_minor;
  return HS_OK;
}

static enum hs_status read_share(struct hs_str text, struct hs_ratio *out, struct hs_err *err)
{
  *out = HS_RATIO_ONE;
  if (text.data == NULL)
    return HS_OK;
  if (!hs_ratio_parse_part(text, out))
    return hs_fail(err, HS_USAGE, "--share must be such as 40%%, 0.4 or 1/3, got %.*s",
                   HS_STR_ARG(text));
  if (out->top <= 0 || hs_ratio_compare(*out, HS_RATIO_ONE) > 0)
    return hs_fail(err, HS_USAGE, "--share must be above 0 and at most 1, got %.*s",
                   HS_STR_ARG(text));
  return HS_OK;
}

static enum hs_status price(const struct hs_agreement_file *file, const struct hs_try *asked,
                            struct hs_tried *tried, struct hs_err *err)
{
  struct hs_tallies tallies = {0};
  int64_t before = 0;
  if (asked->before.data != NULL) {
    enum hs_status status = read_amount(&file->terms, "revenue", asked->before, &before, err);
    if (status != HS_OK)
      return status;
  }
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    tallies.of[c].order_count = asked->nth - 1;
    tallies.of[c].base_minor = before;
  }
  const struct hs_sold sold = {
      .base_minor = tried->amount_minor, .count = 1, .share = tried->share};
  return hs_price_sale(tried->rule, file->terms.rounding, &sold, &tallies, &tried->price, err);
}

enum hs_status hs_agreement_try(const struct hs_agreement_file *file, const struct hs_try *asked,
                                struct hs_tried *out, struct hs_err *err)
{
  struct hs_tried tried = {0};
  struct hs_sale sale = asked->sale;
  int64_t refund = 0;
  enum hs_status status =
      read_amount(&file->terms, "amount", asked->amount, &tried.amount_minor, err);
  if (status == HS_OK)
    status = read_share(asked->share, &tried.share, err);
  if (status == HS_OK && asked->refund.data != NULL)
    status = read_amount(&file->terms, "refund", asked->refund, &refund, err);
  if (status != HS_OK)
    return status;
  sale.value_minor = tried.amount_minor;
  tried.rule = hs_rule_for_sale(&file->terms, &sale);
  if (tried.rule != NULL)
    status = price(file, asked, &tried, err);
  if (status == HS_OK && refund > 0 && tried.amount_minor > 0)
    status = hs_price_take_back(tried.price.amount_minor, tried.amount_minor, refund, 0,
                                file->terms.rounding, &tried.taken_back_minor, err);
  if (status == HS_OK)
    *out = tried;
  return status;
}

/* ---- in words ---- */

/* Exact minor units as people write amounts: 4.80, or a fraction of a cent where it is one. */
static void say_exact(struct hs_ratio minor, struct hs_buf *out)
{
  char text[HS_RATIO_TEXT];
  hs_ratio_format(minor, text);
  hs_buf_add_text(out, text);
}

static void say_piece(const struct hs_terms *terms, const struct hs_price_piece *piece,
                      struct hs_buf *out)
{
  hs_buf_add_text(out, "  ");
  if (piece->rate.structure == HS_STRUCTURE_FLAT)
    say_exact(piece->times, out);
  else
    say_exact(piece->base_minor, out);
  hs_buf_add_text(out, " × ");
  hs_rate_say(terms, &piece->rate, out);
  hs_buf_add_text(out, " = ");
  say_exact(piece->exact_minor, out);
  hs_buf_add_char(out, '\n');
}

void hs_tried_say(const struct hs_agreement_file *file, const struct hs_tried *tried,
                  struct hs_buf *out)
{
  const struct hs_terms *terms = &file->terms;
  if (tried->rule == NULL) {
    hs_buf_add_text(out, "no rule holds for this order: nothing is earned\n");
    return;
  }
  hs_buf_printf(out, "rule %d, ", (int)tried->rule->rank);
  hs_buf_add_shown(out, tried->rule->name, 200);
  hs_buf_add_text(out, ": ");
  hs_rule_say(terms, tried->rule, out);
  hs_buf_printf(out, "\n\nin the smallest units of %s, exactly:\n", terms->currency.code);
  for (size_t p = 0; p < tried->price.piece_count; p++)
    say_piece(terms, &tried->price.pieces[p], out);
  if (tried->price.catch_up_minor != 0)
    hs_buf_printf(out, "  %" PRId64 " for earlier orders of the period\n",
                  tried->price.catch_up_minor);
  if (tried->price.amount_minor < tried->price.rounded_minor + tried->price.catch_up_minor)
    hs_buf_add_text(out, "  a cap leaves less\n");
  hs_buf_add_text(out, "\ncommission   ");
  hs_money_say(terms, tried->price.amount_minor, out);
  if (tried->taken_back_minor > 0) {
    hs_buf_add_text(out, "\ntaken back   ");
    hs_money_say(terms, tried->taken_back_minor, out);
    hs_buf_add_text(out, "\nleft         ");
    hs_money_say(terms, tried->price.amount_minor - tried->taken_back_minor, out);
  }
  hs_buf_add_char(out, '\n');
}

/* ---- as JSON ---- */

static void add_ratio(const char *name, struct hs_ratio ratio, struct hs_buf *out)
{
  char text[HS_RATIO_TEXT];
  hs_ratio_format(ratio, text);
  hs_buf_printf(out, "\"%s\":\"%s\"", name, text);
}

static void add_piece(const struct hs_price_piece *piece, struct hs_buf *out)
{
  char rate[HS_DECIMAL_TEXT];
  hs_buf_add_char(out, '{');
  add_ratio("base_minor", piece->base_minor, out);
  hs_decimal_format(piece->rate.percentage, rate);
  if (piece->rate.structure == HS_STRUCTURE_FLAT)
    hs_buf_printf(out, ",\"amount_minor\":%" PRId64 ",", piece->rate.flat_minor);
  else
    hs_buf_printf(out, ",\"rate\":\"%s\",", rate);
  add_ratio("exact_minor", piece->exact_minor, out);
  hs_buf_add_char(out, '}');
}

void hs_tried_json(const struct hs_agreement_file *file, const struct hs_tried *tried,
                   struct hs_buf *out)
{
  const struct hs_price *price = &tried->price;
  hs_buf_printf(out, "{\"currency\":\"%s\",\"rule\":", file->terms.currency.code);
  if (tried->rule == NULL) {
    hs_buf_add_text(out, "null,\"commission_minor\":0}\n");
    return;
  }
  hs_buf_add_json(out, tried->rule->name);
  hs_buf_printf(out, ",\"rank\":%d,", (int)tried->rule->rank);
  add_ratio("share", tried->share, out);
  hs_buf_add_text(out, ",\"pieces\":[");
  for (size_t p = 0; p < price->piece_count; p++) {
    hs_buf_add_text(out, p > 0 ? "," : "");
    add_piece(&price->pieces[p], out);
  }
  hs_buf_add_text(out, "],");
  add_ratio("exact_minor", price->exact_minor, out);
  hs_buf_printf(out,
                ",\"rounded_minor\":%" PRId64 ",\"catch_up_minor\":%" PRId64
                ",\"commission_minor\":%" PRId64 ",\"taken_back_minor\":%" PRId64 "}\n",
                price->rounded_minor, price->catch_up_minor, price->amount_minor,
                tried->taken_back_minor);
}
