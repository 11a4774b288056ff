#include "cli/payout_programme.h"

#include "base/time.h"
#include "cli/result.h"
#include "service/pay/payout_marks.h"
#include "service/pay/payout_pay.h"
#include "service/pay/payouts.h"

static enum hs_status read_day(const struct hs_args *args, const char *option, int32_t *out,
                               struct hs_err *err)
{
  struct hs_str day = hs_args_text(args, option);
  *out = HS_ABSENT;
  return day.data == NULL || hs_parse_day(day, out)
             ? HS_OK
             : hs_fail(err, HS_USAGE, "--%s must be such as 2026-09-30, got \"%.*s\"", option,
                       HS_STR_ARG(day));
}

static enum hs_status need_id(const struct hs_args *args, struct hs_err *err)
{
  return hs_args_count(args) >= 2
             ? HS_OK
             : hs_fail(err, HS_USAGE, "say which one: hansa payout %.*s pay_… or SB-2026-000017",
                       HS_STR_ARG(hs_args_at(args, 0)));
}

static enum hs_status write_answer(struct hs_cli *cli, const struct hs_buf *out, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(out, "the answer", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(out));
  return status;
}

/* ---- list ---- */

static const char *const COLUMNS[] = {"id",   "partner", "run",    "state", "currency", "net",
                                      "paid", "invoice", "method", "at",    "by",       "second"};
#define COLUMN_COUNT (sizeof COLUMNS / sizeof *COLUMNS)

static enum hs_status print_line(void *context, const struct hs_payout_line *line,
                                 struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  const struct hs_payout_row *payout = line->payout;
  const struct hs_str none = {0};
  char net[HS_MONEY_TEXT];
  char paid[HS_MONEY_TEXT];
  char at[HS_TIME_TEXT];
  hs_money_format_number((struct hs_money){payout->amount_minor, payout->currency}, net);
  hs_money_format_number((struct hs_money){line->paid_minor, payout->currency}, paid);
  hs_format_time(payout->at_us, at);
  struct hs_str values[COLUMN_COUNT] = {hs_str_of(payout->id.text),
                                        payout->partner,
                                        payout->run,
                                        line->state,
                                        hs_str_of(payout->currency.code),
                                        hs_str_of(net),
                                        hs_str_of(paid),
                                        line->invoice[0] != '\0' ? hs_str_of(line->invoice) : none,
                                        payout->method,
                                        hs_str_of(at),
                                        payout->decided_by,
                                        payout->seconded_by};
  return sink->row(sink->self, values, err);
}

static enum hs_status print_payouts(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_str run,
                                    struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status =
      hs_result_texts_begin(cli, args, COLUMN_COUNT, COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_payout_list(programme, hs_args_text(args, "partner"), run, print_line, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

enum hs_status hs_cli_payout_list(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = print_payouts(cli, args, &programme, hs_args_text(args, "id"), err);
  hs_programme_close(&programme);
  return status;
}

/* ---- run ---- */

static enum hs_status read_asked(const struct hs_args *args, struct hs_paying *out,
                                 struct hs_err *err)
{
  *out = (struct hs_paying){.name = hs_args_text(args, "id"),
                            .method = hs_args_text(args, "method"),
                            .currency = hs_args_text(args, "currency"),
                            .by = hs_args_text(args, "by"),
                            .second = hs_args_text(args, "second"),
                            .out = hs_args_text(args, "out").data,
                            .has_decimal_comma = hs_args_has(args, "decimal-comma")};
  if (!hs_args_has(args, "until"))
    return hs_fail(err, HS_USAGE, "payout run needs --until: by which day it was owed");
  if (!hs_args_has(args, "payees"))
    return hs_fail(err, HS_USAGE, "payout run needs --payees FILE: how partners are paid");
  enum hs_status status = read_day(args, "until", &out->until_day, err);
  return status == HS_OK ? read_day(args, "day", &out->day, err) : status;
}

static enum hs_status print_run(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_programme *programme, const struct hs_paid *paid,
                                struct hs_err *err)
{
  if (paid->is_again) {
    hs_cli_note(cli, "run %.*s was made before: nobody is paid again", HS_STR_ARG(paid->name));
    return print_payouts(cli, args, programme, paid->name, err);
  }
  enum hs_status status = hs_cli_print_plan(cli, args, &paid->run, err);
  if (status == HS_OK && paid->run.paid_count > 0) {
    hs_cli_note(cli, "run %.*s is recorded", HS_STR_ARG(paid->name));
    hs_cli_tell_payments(cli, paid->payment_count, paid->sums, paid->sum_count);
  } else if (status == HS_OK) {
    hs_cli_note(cli, "nobody is paid, and nothing is recorded; hansa ledger lock ends the return "
                     "periods that are over");
  }
  return status;
}

enum hs_status hs_cli_payout_run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_cli_telling telling = {.cli = cli};
  struct hs_paying asked;
  struct hs_payees payees;
  struct hs_paid paid;
  enum hs_status status = read_asked(args, &asked, err);
  if (status == HS_OK)
    status = hs_cli_read_payees(cli, args, &telling, &payees, err);
  if (status == HS_OK)
    status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_payout_pay(&programme, &asked, &payees, hs_cli_arena(cli), &paid, hs_cli_tell_fault,
                           &telling, err);
  hs_cli_tell_rest(&telling);
  if (status == HS_OK)
    status = print_run(cli, args, &programme, &paid, err);
  hs_programme_close(&programme);
  return status;
}

/* ---- show, mark, invoice ---- */

static enum hs_status print_one(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_programme *programme, const struct hs_id *id,
                                struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = hs_args_has(args, "json") ? hs_payout_json(programme, id, &out, err)
                                                    : hs_payout_say(programme, id, &out, err);
  return status == HS_OK ? write_answer(cli, &out, err) : status;
}

enum hs_status hs_cli_payout_show(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_id id;
  enum hs_status status = need_id(args, err);
  if (status == HS_OK)
    status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_payout_find(&programme.book.ledger, hs_args_at(args, 1), &id, err);
  if (status == HS_OK)
    status = print_one(cli, args, &programme, &id, err);
  hs_programme_close(&programme);
  return status;
}

enum hs_status hs_cli_payout_mark(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_id id;
  enum hs_status status = need_id(args, err);
  if (status == HS_OK && hs_args_count(args) != 3)
    return hs_fail(err, HS_USAGE, "say as what: processing, sent, completed, failed or canceled");
  if (status == HS_OK)
    status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_payout_find(&programme.book.ledger, hs_args_at(args, 1), &id, err);
  if (status == HS_OK)
    status = hs_payout_mark(&programme, &id, hs_args_at(args, 2), hs_args_text(args, "by"),
                            hs_args_text(args, "reason"), err);
  if (status == HS_OK)
    status = print_one(cli, args, &programme, &id, err);
  hs_programme_close(&programme);
  return status;
}

static enum hs_status give_invoice(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_programme *programme, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  struct hs_str path = hs_args_text(args, "out");
  enum hs_status status = hs_invoice_html(programme, hs_args_at(args, 1), &out, err);
  if (status == HS_OK)
    status = hs_buf_status(&out, "the invoice", err);
  if (status == HS_OK && path.data != NULL)
    return hs_io_replace_file(hs_cli_io(cli), path.data, out.data, out.length, err);
  return status == HS_OK ? write_answer(cli, &out, err) : status;
}

enum hs_status hs_cli_payout_invoice(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  enum hs_status status = need_id(args, err);
  if (status == HS_OK && !hs_args_has(args, "html"))
    return hs_fail(err, HS_USAGE,
                   "payout invoice gives a page for print: --html [--out FILE]; its figures are in "
                   "payout show");
  if (status == HS_OK)
    status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = give_invoice(cli, args, &programme, err);
  hs_programme_close(&programme);
  return status;
}

/* ---- status ---- */

static const char *const MARK_COLUMNS[] = {"id",   "payout", "state",     "outcome",
                                           "said", "reason", "reference", "scope"};
#define MARK_COLUMN_COUNT (sizeof MARK_COLUMNS / sizeof *MARK_COLUMNS)

struct printing {
  struct hs_result_sink sink;
  size_t counts[HS_MARK_COUNT];
};

static enum hs_status print_marked(void *context, const struct hs_marked *marked,
                                   struct hs_err *err)
{
  struct printing *printing = context;
  const struct hs_payout_status_row *row = marked->row;
  const struct hs_str none = {0};
  struct hs_str values[MARK_COLUMN_COUNT] = {
      row->id,
      marked->payout.text[0] != '\0' ? hs_str_of(marked->payout.text) : none,
      hs_str_of(hs_payment_state_word(row->state)),
      hs_str_of(hs_mark_word(marked->mark)),
      row->said,
      row->reason,
      row->reference,
      hs_str_of(hs_status_scope_word(row->scope))};
  printing->counts[marked->mark]++;
  return printing->sink.row(printing->sink.self, values, err);
}

static enum hs_status post(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme,
                           const struct hs_payout_statuses *statuses, struct printing *printing,
                           struct hs_err *err)
{
  struct hs_result_printer *printer = NULL;
  enum hs_status status = hs_result_texts_begin(cli, args, MARK_COLUMN_COUNT, MARK_COLUMNS,
                                                &printing->sink, &printer, err);
  if (status == HS_OK)
    status = hs_payout_statuses_post(programme, statuses, hs_args_text(args, "by"),
                                     hs_cli_arena(cli), print_marked, printing, err);
  return hs_result_texts_end(printer, status, err);
}

enum hs_status hs_cli_payout_post(struct hs_cli *cli, const struct hs_args *args,
                                  const struct hs_payout_statuses *statuses, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct printing printing = {0};
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = post(cli, args, &programme, statuses, &printing, err);
  hs_programme_close(&programme);
  for (int m = 0; m < HS_MARK_COUNT && status == HS_OK; m++)
    if (printing.counts[m] > 0)
      hs_cli_note(cli, "%zu: %s", printing.counts[m], hs_mark_says((enum hs_mark)m));
  if (status == HS_OK && printing.counts[HS_MARK_CONTRADICTS] > 0)
    return hs_fail(err, HS_CONFLICT,
                   "%zu of the report's payments have another end in the ledger; nothing was "
                   "posted for them",
                   printing.counts[HS_MARK_CONTRADICTS]);
  return status;
}
