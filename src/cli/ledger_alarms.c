#include "cli/ledger_alarms.h"

#include <inttypes.h>

#include "cli/result.h"
#include "service/owe/alarms.h"

enum { ALARM, SINCE, PARTNER, WHAT, CURRENCY, AMOUNT, REASON, NEXT, COLUMN_COUNT };

static const char *const COLUMNS[COLUMN_COUNT] = {"alarm",    "since",  "partner", "what",
                                                  "currency", "amount", "reason",  "next"};

/* Rows for machines, or paragraphs for people. */
struct showing {
  struct hs_cli *cli;
  const struct hs_zone *zone;
  struct hs_result_sink sink;
  int is_text;
  uint64_t count;
};

static enum hs_status print_row(struct showing *showing, const struct hs_alarm *alarm,
                                struct hs_str next, struct hs_err *err)
{
  char since[HS_TIME_TEXT];
  char amount[HS_MONEY_TEXT];
  struct hs_str values[COLUMN_COUNT] = {[ALARM] = hs_str_of(hs_alarm_word(alarm->kind)),
                                        [PARTNER] = alarm->partner,
                                        [WHAT] = alarm->what,
                                        [REASON] = alarm->reason,
                                        [NEXT] = next};
  if (alarm->since_us != INT64_MIN) {
    hs_format_time(alarm->since_us, since);
    values[SINCE] = hs_str_of(since);
  }
  if (alarm->currency.code[0] != '\0') {
    hs_money_format_number((struct hs_money){alarm->amount_minor, alarm->currency}, amount);
    values[CURRENCY] = hs_str_of(alarm->currency.code);
    values[AMOUNT] = hs_str_of(amount);
  }
  return showing->sink.row(showing->sink.self, values, err);
}

/* "cms_… of blog, 12.00 EUR, since 2026-09-01: why". */
static void add_facts(const struct showing *showing, const struct hs_alarm *alarm,
                      struct hs_buf *out)
{
  char amount[HS_MONEY_TEXT];
  char since[HS_TIME_TEXT];
  (void)hs_buf_add_shown(out, alarm->what, SIZE_MAX);
  if (alarm->partner.length > 0) {
    hs_buf_add_text(out, alarm->what.length > 0 ? " of " : "");
    (void)hs_buf_add_shown(out, alarm->partner, SIZE_MAX);
  }
  if (alarm->currency.code[0] != '\0') {
    hs_money_format_grouped((struct hs_money){alarm->amount_minor, alarm->currency}, amount);
    hs_buf_printf(out, ", %s", amount);
  }
  if (alarm->since_us != INT64_MIN) {
    hs_format_time_in(showing->zone, alarm->since_us, since);
    hs_buf_printf(out, "%ssince %.10s", alarm->what.length > 0 ? ", " : "", since);
  }
  if (alarm->reason.length > 0) {
    hs_buf_add_text(out, alarm->what.length > 0 || alarm->since_us != INT64_MIN ? ": " : "");
    (void)hs_buf_add_shown(out, alarm->reason, SIZE_MAX);
  }
}

/* What it is; what is known of it; what to do. */
static enum hs_status print_paragraph(struct showing *showing, const struct hs_alarm *alarm,
                                      struct hs_str next, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(showing->cli));
  hs_buf_printf(&out, "%s%s: %s\n  ", showing->count > 1 ? "\n" : "", hs_alarm_word(alarm->kind),
                hs_alarm_says(alarm->kind));
  add_facts(showing, alarm, &out);
  hs_buf_add_text(&out, "\n  ");
  hs_buf_add_wrapped(&out, next, (size_t)hs_cli_width(showing->cli), 2);
  enum hs_status status = hs_buf_status(&out, "an alarm", err);
  if (status == HS_OK)
    hs_cli_write(showing->cli, hs_buf_str(&out));
  return status;
}

static enum hs_status print_alarm(void *context, const struct hs_alarm *alarm, struct hs_err *err)
{
  struct showing *showing = context;
  struct hs_buf next = hs_buf_in(hs_cli_arena(showing->cli));
  hs_alarm_next(alarm, &next);
  showing->count++;
  enum hs_status status = hs_buf_status(&next, "an alarm", err);
  if (status != HS_OK)
    return status;
  return showing->is_text ? print_paragraph(showing, alarm, hs_buf_str(&next), err)
                          : print_row(showing, alarm, hs_buf_str(&next), err);
}

enum hs_status hs_ledger_alarms(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_programme *programme, struct hs_err *err)
{
  struct showing showing = {.cli = cli, .zone = programme->zone};
  struct hs_alarm_options options = {.dispute_days = hs_args_integer(args, "dispute-days"),
                                     .wait_days = hs_args_integer(args, "wait-days")};
  struct hs_result_printer *printer = NULL;
  enum hs_result_form form;
  enum hs_status status = hs_result_form_of(args, &form, err);
  if (status != HS_OK)
    return status;
  showing.is_text = form == HS_RESULT_TABLE;
  if (!showing.is_text)
    status = hs_result_texts_begin(cli, args, COLUMN_COUNT, COLUMNS, &showing.sink, &printer, err);
  if (status == HS_OK)
    status = hs_alarms_list(programme, &options, print_alarm, &showing, err);
  if (!showing.is_text)
    status = hs_result_texts_end(printer, status, err);
  else if (status == HS_OK && showing.count == 0)
    hs_cli_printf(cli, "nothing needs to be looked at\n");
  if (status == HS_OK && showing.count > 0 && hs_args_has(args, "check"))
    return hs_fail(err, HS_ATTENTION, "%" PRIu64 " %s to be looked at", showing.count,
                   hs_plural(showing.count, "thing needs", "things need"));
  return status;
}
