#include <inttypes.h>

#include "cli/commands.h"
#include "cli/result.h"
#include "service/closing.h"

static const char *const COLUMNS[] = {"open", "currency", "count", "amount", "what"};

static enum hs_status print_line(void *context, const struct hs_open_line *line, struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char count[24];
  char amount[HS_MONEY_TEXT];
  int has_amount = line->currency.code[0] != '\0';
  (void)snprintf(count, sizeof count, "%" PRIu64, line->count);
  if (has_amount)
    hs_money_format_number((struct hs_money){line->amount_minor, line->currency}, amount);
  struct hs_str values[] = {hs_str_of(hs_open_word(line->kind)),
                            has_amount ? hs_str_of(line->currency.code) : (struct hs_str){0},
                            hs_str_of(count), has_amount ? hs_str_of(amount) : (struct hs_str){0},
                            hs_str_of(hs_open_says(line->kind))};
  return sink->row(sink->self, values, err);
}

static enum hs_status show_open(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_programme *programme, const struct hs_period *period,
                                struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status = hs_result_texts_begin(cli, args, sizeof COLUMNS / sizeof *COLUMNS,
                                                COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_closing_open(programme, period, print_line, &sink, err);
  return hs_result_texts_end(printer, status, err);
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
  return HS_OK;
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
    .details = "Without --by it only lists what is pending, owed, disputed or on its way at the "
               "end of the\n"
               "period. Closing needs two persons. Nothing is booked into a closed period any "
               "more: what is\n"
               "learnt of it later is booked behind its end.",
    .examples = "  hansa close --period 2026-09 --data programme\n"
                "  hansa close --period 2026-09 --by finance --second chief --data programme",
    .options = OPTIONS,
    .run = run,
};
