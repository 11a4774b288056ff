/* A commission statement for a terminal, as JSON and as CSV. Amounts are minor units in JSON; in
   CSV they are decimals, as spreadsheets expect them. */
#include <inttypes.h>
#include <string.h>

#include "service/joint/statement_page.h"
#include "service/owe/commission_words.h"

/* ---- for a terminal ---- */

enum { INDENT = 2, WORDS_WIDTH = 52, AMOUNT_WIDTH = 16, NAME_WIDTH = 20 };

static void say_row(const char *words, struct hs_currency currency, const int64_t *amounts,
                    size_t count, struct hs_buf *out)
{
  hs_buf_printf(out, "%*s%-*s", INDENT, "", WORDS_WIDTH, words);
  for (size_t i = 0; i < count; i++) {
    char text[HS_AMOUNT_TEXT];
    hs_amount_format(currency, amounts[i], text);
    hs_buf_printf(out, "%*s", AMOUNT_WIDTH, text);
  }
  hs_buf_add_char(out, '\n');
}

static void say_standing(const struct hs_commission_statement *statement, struct hs_buf *out)
{
  hs_buf_printf(out, "\n%*s%-*s%*s%*s\n", INDENT, "", WORDS_WIDTH, "What stands open", AMOUNT_WIDTH,
                "before", AMOUNT_WIDTH, "after");
  for (size_t i = 0; i < HS_STANDING_COUNT; i++) {
    enum hs_account_kind kind = hs_standings[i].account;
    const int64_t amounts[] = {statement->before_minor[kind], statement->after_minor[kind]};
    if (amounts[0] != 0 || amounts[1] != 0 || kind == HS_ACCOUNT_PAYABLE)
      say_row(hs_standings[i].words, statement->options.currency, amounts, 2, out);
  }
}

static void say_totals(const struct hs_commission_statement *statement, struct hs_buf *out)
{
  if (statement->entry_count > 0)
    hs_buf_printf(out, "\n%*sWhat happened\n", INDENT, "");
  for (int k = 0; k < HS_TRANSFER_KIND_COUNT; k++)
    if (statement->total_minor[k] != 0)
      say_row(hs_transfer_spec((enum hs_transfer_kind)k)->says, statement->options.currency,
              &statement->total_minor[k], 1, out);
}

static void say_entry(const struct hs_commission_statement *statement,
                      const struct hs_commission_entry *entry, size_t width, struct hs_buf *out)
{
  char day[HS_TIME_TEXT];
  char amount[HS_AMOUNT_TEXT];
  struct hs_buf name = hs_buf_in(out->arena);
  struct hs_buf words = hs_buf_in(out->arena);
  struct hs_buf shown = hs_buf_in(out->arena);
  hs_commission_day(statement, entry->at_us, day);
  hs_amount_format(statement->options.currency, entry->amount_minor, amount);
  hs_buf_printf(out, "%*s%s%*s  ", INDENT, "", day, AMOUNT_WIDTH, amount);
  hs_commission_say_name(entry, &name);
  hs_buf_fail_with(out, &name);
  size_t taken = hs_buf_add_shown(out, hs_buf_str(&name), NAME_WIDTH);
  hs_buf_printf(out, "%*s", (int)(NAME_WIDTH - taken + 2), "");
  hs_buf_add_text(&words, hs_transfer_spec(entry->kind)->says);
  if (entry->reason.data != NULL)
    hs_buf_add_text(&words, ": ");
  hs_buf_add_str(&words, entry->reason);
  if (entry->agreement.data != NULL)
    hs_buf_add_text(&words, "; ");
  hs_commission_say_rule(entry, &words);
  hs_buf_fail_with(out, &words);
  (void)hs_buf_add_shown(&shown, hs_buf_str(&words), SIZE_MAX);
  hs_buf_fail_with(out, &shown);
  hs_buf_add_wrapped(out, hs_buf_str(&shown), width,
                     INDENT + strlen(day) + AMOUNT_WIDTH + 2 + NAME_WIDTH + 2);
}

void hs_commission_statement_text(const struct hs_commission_statement *statement, size_t width,
                                  struct hs_buf *out)
{
  struct hs_buf heading = hs_buf_in(out->arena);
  struct hs_buf others = hs_buf_in(out->arena);
  (void)hs_buf_add_shown(out, statement->options.partner, SIZE_MAX);
  hs_buf_add_char(out, '\n');
  hs_commission_say_heading(statement, &heading);
  hs_buf_fail_with(out, &heading);
  (void)hs_buf_add_shown(out, hs_buf_str(&heading), SIZE_MAX);
  hs_buf_add_char(out, '\n');
  say_standing(statement, out);
  say_totals(statement, out);
  hs_buf_printf(out, "\n%*s%s\n", INDENT, "",
                statement->entry_count > 0 ? "Entry by entry" : "Nothing happened in the period.");
  for (size_t i = 0; i < statement->entry_count; i++)
    say_entry(statement, &statement->entries[i], width, out);
  hs_commission_say_others(statement, &others);
  hs_buf_fail_with(out, &others);
  if (others.length > 0)
    hs_buf_printf(out, "\n%*s%s\n", INDENT, "", others.data);
}

/* ---- JSON ---- */

static void text(struct hs_buf *out, const char *before, struct hs_str value)
{
  hs_buf_add_text(out, before);
  if (value.data == NULL)
    hs_buf_add_text(out, "null");
  else
    hs_buf_add_json(out, value);
}

static void add_accounts(const char *name, const int64_t *accounts, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":{", name);
  for (size_t i = 0; i < HS_STANDING_COUNT; i++)
    hs_buf_printf(out, "%s\"%s_minor\":%" PRId64, i > 0 ? "," : "",
                  hs_account_word(hs_standings[i].account), accounts[hs_standings[i].account]);
  hs_buf_add_char(out, '}');
}

static struct hs_str id_of(const struct hs_commission_entry *entry)
{
  return entry->commission.text[0] == '\0' ? (struct hs_str){0} : hs_str_of(entry->commission.text);
}

static void add_entry(const struct hs_commission_entry *entry, struct hs_buf *out)
{
  char at[HS_TIME_TEXT];
  hs_format_time(entry->at_us, at);
  hs_buf_printf(
      out, "{\"at\":\"%s\",\"kind\":\"%s\",\"amount_minor\":%" PRId64 ",\"effect_minor\":%" PRId64,
      at, hs_transfer_spec(entry->kind)->word, entry->amount_minor,
      hs_commission_entry_effect(entry));
  text(out, ",\"commission\":", id_of(entry));
  text(out, ",\"type\":", entry->type);
  text(out, ",\"order_id\":", entry->order_id);
  text(out, ",\"agreement\":", entry->agreement);
  hs_buf_printf(out, ",\"agreement_version\":%" PRIu64, entry->version);
  text(out, ",\"rule\":", entry->rule);
  text(out, ",\"reason\":", entry->reason);
  text(out, ",\"reference\":", entry->reference);
  hs_buf_add_char(out, '}');
}

void hs_commission_statement_json(const struct hs_commission_statement *statement,
                                  struct hs_buf *out)
{
  const struct hs_commission_statement_options *options = &statement->options;
  text(out, "{\"partner\":", options->partner);
  text(out, ",\"period\":", options->period_name);
  text(out, ",\"number\":", options->number);
  hs_buf_printf(out, ",\"currency\":\"%s\"", options->currency.code);
  add_accounts("before", statement->before_minor, out);
  add_accounts("after", statement->after_minor, out);
  hs_buf_add_text(out, ",\"totals\":{");
  for (int k = 0; k < HS_TRANSFER_KIND_COUNT; k++)
    hs_buf_printf(out, "%s\"%s_minor\":%" PRId64, k > 0 ? "," : "",
                  hs_transfer_spec((enum hs_transfer_kind)k)->word, statement->total_minor[k]);
  hs_buf_printf(out, "},\"entries_in_other_currencies\":%zu,\"entries\":[", statement->other_count);
  for (size_t i = 0; i < statement->entry_count; i++) {
    hs_buf_add_text(out, i > 0 ? ",\n" : "");
    add_entry(&statement->entries[i], out);
  }
  hs_buf_add_text(out, "]}\n");
}

/* ---- CSV ---- */

static void field(struct hs_buf *out, struct hs_str value)
{
  hs_buf_add_char(out, ',');
  hs_buf_add_csv_safe(out, value);
}

static void amount_field(struct hs_buf *out, struct hs_currency currency, int64_t amount_minor)
{
  char digits[HS_MONEY_TEXT];
  hs_money_format_number((struct hs_money){amount_minor, currency}, digits);
  field(out, hs_str_of(digits));
}

void hs_commission_statement_csv(const struct hs_commission_statement *statement,
                                 struct hs_buf *out)
{
  struct hs_currency currency = statement->options.currency;
  hs_buf_add_text(out,
                  "at,kind,commission,type,order_id,agreement,agreement_version,rule,amount,effect,"
                  "currency,reason,reference\n");
  for (size_t i = 0; i < statement->entry_count; i++) {
    const struct hs_commission_entry *entry = &statement->entries[i];
    char at[HS_TIME_TEXT];
    hs_format_time(entry->at_us, at);
    hs_buf_printf(out, "%s,%s", at, hs_transfer_spec(entry->kind)->word);
    field(out, id_of(entry));
    field(out, entry->type);
    field(out, entry->order_id);
    field(out, entry->agreement);
    hs_buf_add_char(out, ',');
    if (entry->version > 0)
      hs_buf_printf(out, "%" PRIu64, entry->version);
    field(out, entry->rule);
    amount_field(out, currency, entry->amount_minor);
    amount_field(out, currency, hs_commission_entry_effect(entry));
    hs_buf_printf(out, ",%s", currency.code);
    field(out, entry->reason);
    field(out, entry->reference);
    hs_buf_add_char(out, '\n');
  }
}
