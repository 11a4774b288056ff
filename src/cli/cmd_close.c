#include <inttypes.h>

#include "cli/commands.h"
#include "cli/result.h"
#include "service/owe/closing.h"

enum { KIND, CURRENCY, COUNT, AMOUNT, LOW, HIGH, ORDERS, DAYS, WHAT, COLUMN_COUNT };

static const char *const COLUMNS[COLUMN_COUNT] = {"open", "currency", "count", "amount", "low",
                                                  "high", "orders",   "days",  "what"};

static struct hs_str figure_text(int64_t figure, char text[24])
{
  (void)snprintf(text, 24, "%" PRId64, figure);
  return hs_str_of(text);
}

static struct hs_str amount_text(const struct hs_open_line *line, int64_t amount_minor,
                                 char text[HS_MONEY_TEXT])
{
  hs_money_format_number((struct hs_money){amount_minor, line->currency}, text);
  return hs_str_of(text);
}

/* The table, and behind it a sentence about each estimate. */
struct showing {
  struct hs_cli *cli;
  struct hs_result_sink sink;
  struct hs_buf sentences;
};

static void add_sentence(struct showing *showing, const struct hs_open_line *line)
{
  struct hs_buf words = hs_buf_in(hs_cli_arena(showing->cli));
  hs_open_words(line, &words);
  hs_buf_fail_with(&showing->sentences, &words);
  hs_buf_add_char(&showing->sentences, '\n');
  hs_buf_add_wrapped(&showing->sentences, hs_buf_str(&words), (size_t)hs_cli_width(showing->cli),
                     0);
}

static enum hs_status print_line(void *context, const struct hs_open_line *line, struct hs_err *err)
{
  struct showing *showing = context;
  const struct hs_accrual *accrual = line->accrual;
  char figures[3][24];
  char amounts[3][HS_MONEY_TEXT];
  struct hs_str values[COLUMN_COUNT] = {
      [KIND] = hs_str_of(hs_open_word(line->kind)), [WHAT] = hs_str_of(hs_open_says(line->kind))};
  values[COUNT] = figure_text((int64_t)line->count, figures[0]);
  if (line->currency.code[0] != '\0')
    values[CURRENCY] = hs_str_of(line->currency.code);
  if (hs_open_has_amount(line))
    values[AMOUNT] = amount_text(line, line->amount_minor, amounts[0]);
  if (accrual != NULL) {
    values[ORDERS] = figure_text(accrual->order_count, figures[1]);
    values[DAYS] = figure_text(accrual->reach_days, figures[2]);
    add_sentence(showing, line);
  }
  if (accrual != NULL && hs_accrual_is_told(accrual)) {
    values[LOW] = amount_text(line, accrual->low_minor, amounts[1]);
    values[HIGH] = amount_text(line, accrual->high_minor, amounts[2]);
  }
  return showing->sink.row(showing->sink.self, values, err);
}

static enum hs_status show_open(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_programme *programme, const struct hs_period *period,
                                struct hs_err *err)
{
  struct showing showing = {.cli = cli, .sentences = hs_buf_in(hs_cli_arena(cli))};
  struct hs_result_printer *printer = NULL;
  enum hs_status status =
      hs_result_texts_begin(cli, args, COLUMN_COUNT, COLUMNS, &showing.sink, &printer, err);
  if (status == HS_OK)
    status = hs_closing_open(programme, period, print_line, &showing, err);
  status = hs_result_texts_end(printer, status, err);
  if (status == HS_OK)
    status = hs_buf_status(&showing.sentences, "what is open", err);
  if (status == HS_OK && !hs_args_has(args, "json") && !hs_args_has(args, "csv"))
    hs_cli_write(cli, hs_buf_str(&showing.sentences));
  return status;
}

/* By which months of the period renegotiations were opened. */
struct opening {
  struct hs_cli *cli;
  const struct hs_zone *zone;
  const struct hs_period *period;
};

static enum hs_status tell_opened(void *context, const struct hs_renegotiation_row *row,
                                  struct hs_err *err)
{
  const struct opening *opening = context;
  struct hs_period month;
  enum hs_status status = hs_parse_period(row->period, opening->zone, &month, err);
  if (status == HS_OK && month.from_us >= opening->period->from_us &&
      month.until_us <= opening->period->until_us)
    hs_cli_note(opening->cli, "a renegotiation of %.*s is open: %.*s", HS_STR_ARG(row->agreement),
                HS_STR_ARG(row->what));
  return status;
}

static enum hs_status close_period(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_programme *programme, const struct hs_period *period,
                                   struct hs_err *err)
{
  struct hs_str name = hs_args_text(args, "period");
  struct hs_hash hash;
  char text[HS_HASH_TEXT];
  enum hs_status status = hs_closing_close(programme, name, period, hs_args_text(args, "by"),
                                           hs_args_text(args, "second"), &hash, err);
  if (status != HS_OK)
    return status;
  hs_hash_format(&hash, text);
  hs_cli_note(cli, "%.*s is closed; its entries have the hash %s", HS_STR_ARG(name), text);
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct opening opening = {cli, programme->zone, period};
  return ledger->renegotiations(ledger->self, (struct hs_str){0}, tell_opened, &opening, err);
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_period period;
  if (hs_args_text(args, "period").data == NULL)
    return hs_fail(err, HS_USAGE, "say which period: --period 2026-09");
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_args_period(args, programme.zone, &period, err);
  if (status == HS_OK)
    status = show_open(cli, args, &programme, &period, err);
  if (status == HS_OK && (hs_args_has(args, "by") || hs_args_has(args, "second")))
    status = close_period(cli, args, &programme, &period, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0,
     "which: 2026-09, 2026-Q3, 2026 or 2026-09-01..2026-09-15"},
    HS_OPTION_BY,
    HS_OPTION_SECOND,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "what is open, as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "what is open, as CSV"},
    {0},
};

const struct hs_command hs_cmd_close = {
    .name = "close",
    .synopsis = "--period PERIOD [--by NAME --second NAME] --data DIR",
    .summary = "list what is open in a period, and close it",
    .details =
        "Without --by it only lists what is pending, owed, disputed or on its way at the "
        "end of the\n"
        "period, and what of it is expected to be taken back, with its interval and "
        "sample. Closing keeps\n"
        "that estimate. Closing needs two persons. Nothing is booked into a closed period any "
        "more: what is\n"
        "learnt of it later is booked behind its end.",
    .examples = "  hansa close --period 2026-09 --data programme\n"
                "  hansa close --period 2026-09 --by finance --second chief --data programme",
    .options = OPTIONS,
    .run = run,
};
