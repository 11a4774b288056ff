#include "base/time.h"
#include "cli/commands.h"
#include "cli/result.h"
#include "service/owe/disputes.h"
#include "service/post/explain.h"

/* COMMISSION AMOUNT, or AMOUNT with --partner. */
static enum hs_status read_asked(const struct hs_args *args, struct hs_adjustment *out,
                                 struct hs_err *err)
{
  size_t count = hs_args_count(args);
  *out = (struct hs_adjustment){.partner = hs_args_text(args, "partner"),
                                .amount = hs_args_at(args, count - 1),
                                .currency = hs_args_text(args, "currency"),
                                .by = hs_args_text(args, "by"),
                                .second = hs_args_text(args, "second"),
                                .reason = hs_args_text(args, "reason")};
  if (count == 1 && out->partner.data == NULL)
    return hs_fail(err, HS_USAGE, "say what is adjusted: a commission, or --partner NAME");
  if (count == 2 && !hs_id_parse(hs_args_at(args, 0), "cms", &out->commission))
    return hs_fail(err, HS_USAGE, "a commission is called cms_…, got %.*s",
                   HS_STR_ARG(hs_args_at(args, 0)));
  return HS_OK;
}

static enum hs_status print_adjusted(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_programme *programme, const struct hs_id *decision,
                                     const struct hs_id *commission, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = HS_OK;
  if (hs_args_has(args, "json")) {
    hs_buf_printf(&out, "{\"id\":\"%s\",\"commission\":", decision->text);
    hs_buf_printf(&out, commission->text[0] != '\0' ? "\"%s\"}\n" : "null}\n", commission->text);
  } else {
    hs_buf_printf(&out, "adjustment %s is booked\n", decision->text);
    if (commission->text[0] != '\0')
      status = hs_commission_say(programme, commission, &out, err);
    else
      hs_buf_add_text(&out, "the partner owes it, and the next payout is lowered by it\n");
  }
  if (status == HS_OK)
    status = hs_buf_status(&out, "the adjustment", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

static enum hs_status adjust(struct hs_cli *cli, const struct hs_args *args,
                             struct hs_programme *programme, struct hs_err *err)
{
  struct hs_adjustment adjustment;
  struct hs_id decision;
  struct hs_id commission;
  enum hs_status status = read_asked(args, &adjustment, err);
  if (status == HS_OK)
    status = hs_adjust(programme, &adjustment, &decision, &commission, err);
  return status == HS_OK ? print_adjusted(cli, args, programme, &decision, &commission, err)
                         : status;
}

/* ---- list ---- */

static const char *const COLUMNS[] = {"id", "partner", "commission", "amount", "currency",
                                      "at", "by",      "second",     "reason"};
#define COLUMN_COUNT (sizeof COLUMNS / sizeof *COLUMNS)

static enum hs_status print_row(void *context, const struct hs_adjustment_row *row,
                                struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  const struct hs_str none = {0};
  char amount[HS_MONEY_TEXT];
  char at[HS_TIME_TEXT];
  hs_money_format_number((struct hs_money){row->amount_minor, row->currency}, amount);
  hs_format_time(row->at_us, at);
  struct hs_str values[COLUMN_COUNT] = {
      hs_str_of(row->id.text),
      row->partner,
      row->commission.text[0] != '\0' ? hs_str_of(row->commission.text) : none,
      hs_str_of(amount),
      hs_str_of(row->currency.code),
      hs_str_of(at),
      row->decided_by,
      row->seconded_by,
      row->reason};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status =
      hs_result_texts_begin(cli, args, COLUMN_COUNT, COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status =
        ledger->adjustments(ledger->self, hs_args_text(args, "partner"), print_row, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

/* ---- the command ---- */

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  int is_list = hs_str_equal(hs_args_at(args, 0), HS_STR("list"));
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = is_list ? list(cli, args, &programme, err) : adjust(cli, args, &programme, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0,
     "of this partner, for no single commission; list: of this one alone"},
    {"currency", HS_OPTION_TEXT, "CODE", NULL, 0, 0,
     "of the amount; the commission's or the programme's without it"},
    HS_OPTION_BY,
    HS_OPTION_SECOND,
    HS_OPTION_REASON,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "list as CSV"},
    {0},
};

const struct hs_command hs_cmd_adjust = {
    .name = "adjust",
    .synopsis =
        "COMMISSION|--partner NAME AMOUNT --by NAME --second NAME --reason TEXT --data DIR\n"
        "  | list [--partner NAME] --data DIR",
    .summary = "give or take back an amount by decision of two persons, with a trail",
    .details =
        "Above 0 the partner gets it on top, below 0 it is taken back; what was paid already "
        "is set off\n"
        "against the next payout. For a partner, what is given becomes a commission of its "
        "own.",
    .examples =
        "  hansa adjust cms_… -1.20 --by finance --second chief --reason \"rate misread\" "
        "--data programme\n"
        "  hansa adjust --partner blog 25.00 --by finance --second chief --reason \"goodwill "
        "for May\" --data programme",
    .positional_min = 1,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
