#include "base/time.h"
#include "cli/commands.h"
#include "cli/payout_programme.h"
#include "cli/result.h"
#include "service/pay/payout_book.h"
#include "service/pay/payout_file.h"
#include "service/pay/payout_status.h"
#include "service/post/post.h"

/* ---- file ---- */

static enum hs_status read_format(const struct hs_args *args, enum hs_payout_format *out,
                                  struct hs_err *err)
{
  struct hs_str name = hs_args_text(args, "format");
  for (int f = 0; f < HS_PAYOUT_FORMAT_COUNT; f++)
    if (hs_str_equal(name, hs_str_of(hs_payout_format_name((enum hs_payout_format)f)))) {
      *out = (enum hs_payout_format)f;
      return HS_OK;
    }
  if (name.data == NULL)
    return hs_fail(err, HS_USAGE, "payout needs --format: pain.001, paypal or wise");
  return hs_fail(err, HS_USAGE, "--format must be pain.001, paypal or wise, got \"%.*s\"",
                 HS_STR_ARG(name));
}

static void take_text(const struct hs_args *args, const char *option, struct hs_str *out)
{
  if (hs_args_has(args, option))
    *out = hs_args_text(args, option);
}

/* What was given on the command line counts before what the file says; a CSV file says nothing of
   it. */
static enum hs_status take_options(const struct hs_args *args, struct hs_payout_batch *batch,
                                   struct hs_err *err)
{
  struct hs_str day = hs_args_text(args, "day");
  take_text(args, "id", &batch->id);
  take_text(args, "payer", &batch->payer.name);
  take_text(args, "iban", &batch->payer.iban);
  take_text(args, "bic", &batch->payer.bic);
  take_text(args, "town", &batch->payer.town);
  take_text(args, "country", &batch->payer.country);
  take_text(args, "currency", &batch->payer.currency);
  if (day.data != NULL && !hs_parse_day(day, &batch->day))
    return hs_fail(err, HS_USAGE, "--day must be such as 2026-09-30, got \"%.*s\"",
                   HS_STR_ARG(day));
  return HS_OK;
}

static enum hs_status write_out(struct hs_cli *cli, const struct hs_args *args,
                                const struct hs_buf *text, struct hs_err *err)
{
  struct hs_str out = hs_args_text(args, "out");
  if (out.data == NULL) {
    hs_cli_write(cli, hs_buf_str(text));
    return HS_OK;
  }
  return hs_io_replace_file(hs_cli_io(cli), out.data, text->data, text->length, err);
}

void hs_cli_tell_payments(struct hs_cli *cli, size_t count, const struct hs_money *sums,
                          size_t sum_count)
{
  struct hs_buf line = hs_buf_in(hs_cli_arena(cli));
  for (size_t s = 0; s < sum_count; s++) {
    char amount[HS_MONEY_TEXT];
    hs_money_format_grouped(sums[s], amount);
    hs_buf_printf(&line, "%s%s", s > 0 ? ", " : "", amount);
  }
  hs_cli_note(cli, "%zu %s: %s", count, hs_plural(count, "payment", "payments"),
              line.data != NULL ? line.data : "");
}

static enum hs_status write_summary(struct hs_cli *cli, size_t count, const struct hs_money *sums,
                                    size_t sum_count, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  hs_buf_printf(&out, "{\"payments\": %zu, \"sums\": [", count);
  for (size_t s = 0; s < sum_count; s++)
    hs_buf_printf(&out, "%s{\"currency\": \"%s\", \"amount_minor\": %lld}", s > 0 ? ", " : "",
                  sums[s].currency.code, (long long)sums[s].amount_minor);
  hs_buf_add_text(&out, "]}\n");
  enum hs_status status = hs_buf_status(&out, "a summary", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

/* The payments as the file that was asked for, and what they come to. */
static enum hs_status write_batch(struct hs_cli *cli, const struct hs_args *args,
                                  const struct hs_payout_batch *batch, enum hs_payout_format format,
                                  struct hs_cli_telling *telling, struct hs_err *err)
{
  const struct hs_io *io = hs_cli_io(cli);
  struct hs_arena *arena = hs_cli_arena(cli);
  const struct hs_payout_options options = {.format = format,
                                            .now_us = io->now_us(io->self),
                                            .has_decimal_comma =
                                                hs_args_has(args, "decimal-comma")};
  struct hs_money *sums = NULL;
  size_t sum_count = 0;
  enum hs_status status = hs_payout_batch_sums(batch, arena, &sums, &sum_count, err);
  struct hs_buf text = hs_buf_in(arena); /* last in the arena, so that it grows in its place */
  if (status == HS_OK)
    status = hs_payout_file_write(batch, &options, arena, &text, hs_cli_tell_fault, telling, err);
  hs_cli_tell_rest(telling);
  if (status == HS_OK)
    status = write_out(cli, args, &text, err);
  if (status != HS_OK)
    return status;
  hs_cli_tell_payments(cli, batch->payment_count, sums, sum_count);
  if (hs_args_has(args, "json") && hs_str_equal(hs_args_at(args, 0), HS_STR("file")))
    status = write_summary(cli, batch->payment_count, sums, sum_count, err);
  return status;
}

static enum hs_status make_file(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_payout_batch batch;
  struct hs_cli_telling telling = {.cli = cli};
  enum hs_payout_format format;
  enum hs_status status = read_format(args, &format, err);
  if (status == HS_OK && hs_args_has(args, "json") && !hs_args_has(args, "out"))
    status =
        hs_fail(err, HS_USAGE, "payout file --json needs --out: the answer is the file itself");
  if (status != HS_OK)
    return status;
  const char *path = hs_args_at(args, 1).data;
  status = hs_payout_batch_file(hs_cli_io(cli), path, hs_cli_arena(cli), &batch, hs_cli_tell_fault,
                                &telling, err);
  if (status != HS_OK)
    hs_cli_tell_rest(&telling);
  if (status == HS_OK)
    status = take_options(args, &batch, err);
  return status == HS_OK ? write_batch(cli, args, &batch, format, &telling, err) : status;
}

/* ---- plan ---- */

struct planning {
  struct hs_payees payees;
  struct hs_due *dues;
  size_t due_count;
  struct hs_payout_run_options options;
  struct hs_payout_run run;
};

enum hs_status hs_cli_read_payees(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_cli_telling *telling, struct hs_payees *out,
                                  struct hs_err *err)
{
  const char *path = hs_args_text(args, "payees").data;
  struct hs_str text = {0};
  enum hs_status status =
      hs_io_read_file(hs_cli_io(cli), hs_cli_arena(cli), path, HS_PAYEES_BYTES_MAX, &text, err);
  if (status != HS_OK)
    return status;
  status = hs_payees_read(text, hs_cli_arena(cli), out, hs_cli_tell_fault, telling, err);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  return status;
}

static enum hs_status read_dues(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_cli_telling *telling, struct planning *out,
                                struct hs_err *err)
{
  const char *path = hs_args_at(args, 1).data;
  struct hs_str text = {0};
  enum hs_status status =
      hs_io_read_file(hs_cli_io(cli), hs_cli_arena(cli), path, HS_PAYEES_BYTES_MAX, &text, err);
  if (status != HS_OK)
    return status;
  status = hs_dues_read(text, hs_cli_arena(cli), &out->dues, &out->due_count, hs_cli_tell_fault,
                        telling, err);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  return status;
}

static void show_posting(void *context, uint64_t sequence, uint64_t until)
{
  hs_cli_progress(context, "posting", until == 0 ? -1 : (double)sequence / (double)until, NULL);
}

/* Of all that is booked before the day of payment is over. */
static enum hs_status ask_dues(struct hs_cli *cli, const struct hs_args *args, struct planning *out,
                               struct hs_err *err)
{
  struct hs_programme programme = {0};
  enum hs_status status = hs_cli_open_programme(cli, args, &programme, err);
  if (status != HS_OK)
    return status;
  status = hs_ledger_catch_up(&programme, show_posting, cli, NULL, err);
  hs_cli_progress_end(cli);
  if (status == HS_OK)
    status = hs_dues_of_book(&programme.book.ledger,
                             hs_zone_day_start_us(programme.zone, out->options.day + 1),
                             hs_cli_arena(cli), &out->dues, &out->due_count, err);
  hs_programme_close(&programme);
  return status;
}

static enum hs_status read_plan(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_cli_telling *telling, struct planning *out,
                                struct hs_err *err)
{
  enum hs_status status = hs_cli_read_payees(cli, args, telling, &out->payees, err);
  if (status != HS_OK)
    return status;
  return hs_args_has(args, "data") ? ask_dues(cli, args, out, err)
                                   : read_dues(cli, args, telling, out, err);
}

static enum hs_status read_plan_options(const struct hs_args *args,
                                        struct hs_payout_run_options *out, struct hs_err *err)
{
  struct hs_str day = hs_args_text(args, "day");
  *out = (struct hs_payout_run_options){.next_number = (uint64_t)hs_args_integer(args, "next")};
  if (hs_args_has(args, "data") == (hs_args_count(args) == 2))
    return hs_fail(err, HS_USAGE, "payout plan takes a file of balances, or --data");
  if (!hs_args_has(args, "payees"))
    return hs_fail(err, HS_USAGE, "payout plan needs --payees FILE: how partners are paid");
  if (day.data == NULL)
    return hs_fail(err, HS_USAGE, "payout plan needs --day: on which day it is to be paid");
  if (!hs_parse_day(day, &out->day))
    return hs_fail(err, HS_USAGE, "--day must be such as 2026-09-30, got \"%.*s\"",
                   HS_STR_ARG(day));
  if (hs_args_has(args, "format") && !hs_args_has(args, "out"))
    return hs_fail(err, HS_USAGE, "payout plan --format needs --out: the answer is the plan");
  return HS_OK;
}

static const char *const PLAN_COLUMNS[] = {
    "partner", "currency", "verdict",  "invoice", "credit_note", "payable", "set_off",
    "net",     "tax",      "withheld", "paid",    "carried",     "disputed"};
#define PLAN_COLUMN_COUNT (sizeof PLAN_COLUMNS / sizeof *PLAN_COLUMNS)
#define PLAN_AMOUNT_FIRST 5

static enum hs_status print_rows(struct hs_cli *cli, const struct hs_args *args,
                                 const struct hs_payout_run *run, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status =
      hs_result_texts_begin(cli, args, PLAN_COLUMN_COUNT, PLAN_COLUMNS, &sink, &printer, err);
  for (size_t r = 0; r < run->row_count && status == HS_OK; r++) {
    const struct hs_planned_payout *row = &run->rows[r];
    const struct hs_payout_plan *plan = &row->plan;
    const int64_t amounts[] = {row->due->balance.payable_minor,
                               plan->set_off_minor,
                               plan->taxed.net_minor,
                               plan->taxed.tax_minor,
                               plan->taxed.withheld_minor,
                               plan->taxed.paid_minor,
                               plan->carried_minor,
                               plan->held_minor};
    char texts[PLAN_COLUMN_COUNT - PLAN_AMOUNT_FIRST][HS_MONEY_TEXT];
    struct hs_str values[PLAN_COLUMN_COUNT] = {
        row->due->partner, hs_str_of(row->due->currency.code),
        hs_str_of(hs_payout_verdict_word(plan->verdict)),
        row->number[0] != '\0' ? hs_str_of(row->number) : (struct hs_str){0},
        row->credit_note[0] != '\0' ? hs_str_of(row->credit_note) : (struct hs_str){0}};
    for (size_t a = 0; a < PLAN_COLUMN_COUNT - PLAN_AMOUNT_FIRST; a++) {
      hs_money_format_number((struct hs_money){amounts[a], row->due->currency}, texts[a]);
      values[PLAN_AMOUNT_FIRST + a] = hs_str_of(texts[a]);
    }
    status = sink.row(sink.self, values, err);
  }
  return status == HS_OK ? hs_result_printer_end(printer, err) : status;
}

/* How many partners each reason keeps waiting. */
static void tell_plan(struct hs_cli *cli, const struct hs_payout_run *run)
{
  size_t counts[HS_PAYOUT_VERDICT_COUNT] = {0};
  for (size_t r = 0; r < run->row_count; r++)
    counts[run->rows[r].plan.verdict]++;
  for (int v = 0; v < HS_PAYOUT_VERDICT_COUNT; v++)
    if (counts[v] > 0)
      hs_cli_note(cli, "%zu: %s", counts[v], hs_payout_verdict_says((enum hs_payout_verdict)v));
}

enum hs_status hs_cli_print_plan(struct hs_cli *cli, const struct hs_args *args,
                                 const struct hs_payout_run *run, struct hs_err *err)
{
  enum hs_status status = print_rows(cli, args, run, err);
  if (status == HS_OK)
    tell_plan(cli, run);
  return status;
}

static enum hs_status write_plan_file(struct hs_cli *cli, const struct hs_args *args,
                                      const struct planning *planning,
                                      struct hs_cli_telling *telling, struct hs_err *err)
{
  struct hs_payout_batch batch;
  enum hs_payout_format format;
  enum hs_status status = read_format(args, &format, err);
  if (status == HS_OK)
    status = hs_payout_run_batch(&planning->run, &planning->payees, planning->options.day,
                                 hs_args_text(args, "id"), hs_cli_arena(cli), &batch, err);
  if (status == HS_OK)
    status = take_options(args, &batch, err);
  return status == HS_OK ? write_batch(cli, args, &batch, format, telling, err) : status;
}

static enum hs_status make_plan(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct planning planning = {0};
  struct hs_cli_telling telling = {.cli = cli};
  enum hs_status status = read_plan_options(args, &planning.options, err);
  if (status == HS_OK)
    status = read_plan(cli, args, &telling, &planning, err);
  hs_cli_tell_rest(&telling);
  if (status == HS_OK)
    status = hs_payout_run_make(planning.dues, planning.due_count, &planning.payees,
                                &planning.options, hs_cli_arena(cli), &planning.run, err);
  if (status == HS_OK && hs_args_has(args, "out"))
    status = write_plan_file(cli, args, &planning, &telling, err);
  if (status == HS_OK)
    status = hs_cli_print_plan(cli, args, &planning.run, err);
  return status;
}

/* ---- status ---- */

static enum hs_status read_status_format(const struct hs_args *args, enum hs_status_format *out,
                                         struct hs_err *err)
{
  struct hs_str name = hs_args_text(args, "format");
  *out = HS_STATUS_AUTO;
  for (int f = 0; f < HS_STATUS_FORMAT_COUNT && name.data != NULL; f++)
    if (hs_str_equal(name, hs_str_of(hs_status_format_name((enum hs_status_format)f)))) {
      *out = (enum hs_status_format)f;
      return HS_OK;
    }
  if (name.data == NULL)
    return HS_OK;
  return hs_fail(err, HS_USAGE, "--format must be pain.002, wise, paypal or auto, got \"%.*s\"",
                 HS_STR_ARG(name));
}

static const char *const STATUS_COLUMNS[] = {"id",     "state", "said",  "reference",
                                             "reason", "scope", "batch", "block"};
#define STATUS_COLUMN_COUNT (sizeof STATUS_COLUMNS / sizeof *STATUS_COLUMNS)

static enum hs_status print_statuses(struct hs_cli *cli, const struct hs_args *args,
                                     const struct hs_payout_statuses *statuses, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status =
      hs_result_texts_begin(cli, args, STATUS_COLUMN_COUNT, STATUS_COLUMNS, &sink, &printer, err);
  for (size_t r = 0; r < statuses->row_count && status == HS_OK; r++) {
    const struct hs_payout_status_row *row = &statuses->rows[r];
    struct hs_str values[STATUS_COLUMN_COUNT] = {
        row->id,     hs_str_of(hs_payment_state_word(row->state)), row->said,  row->reference,
        row->reason, hs_str_of(hs_status_scope_word(row->scope)),  row->batch, row->block};
    status = sink.row(sink.self, values, err);
  }
  return status == HS_OK ? hs_result_printer_end(printer, err) : status;
}

static void tell_states(struct hs_cli *cli, const struct hs_payout_statuses *statuses)
{
  size_t counts[HS_PAYMENT_FAILED + 1] = {0};
  size_t payments = 0;
  for (size_t r = 0; r < statuses->row_count; r++)
    if (statuses->rows[r].scope == HS_STATUS_OF_PAYMENT) {
      counts[statuses->rows[r].state]++;
      payments++;
    }
  hs_cli_note(cli, "%s: %zu %s, %zu completed, %zu failed, %zu pending",
              hs_status_format_name(statuses->format), payments,
              hs_plural(payments, "payment", "payments"), counts[HS_PAYMENT_COMPLETED],
              counts[HS_PAYMENT_FAILED], counts[HS_PAYMENT_PENDING]);
  if (statuses->passed_over > 0)
    hs_cli_note(cli, "%llu %s no payment of ours: without an id, or money coming in",
                (unsigned long long)statuses->passed_over,
                hs_plural(statuses->passed_over, "row is", "rows are"));
}

static enum hs_status show_status(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_err *err)
{
  const char *path = hs_args_at(args, 1).data;
  struct hs_payout_statuses statuses;
  struct hs_str text = {0};
  struct hs_cli_telling telling = {.cli = cli};
  enum hs_status_format format;
  char delimiter = 0;
  enum hs_status status = read_status_format(args, &format, err);
  if (status == HS_OK)
    status = hs_args_delimiter(args, &delimiter, err);
  if (status == HS_OK)
    status =
        hs_io_read_file(hs_cli_io(cli), hs_cli_arena(cli), path, HS_STATUS_BYTES_MAX, &text, err);
  if (status != HS_OK)
    return status;
  status = hs_payout_status_read(text, format, delimiter, hs_cli_arena(cli), &statuses,
                                 hs_cli_tell_fault, &telling, err);
  hs_cli_tell_rest(&telling);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  if (status == HS_OK && hs_args_has(args, "post"))
    return hs_cli_payout_post(cli, args, &statuses, err);
  if (status == HS_OK)
    status = print_statuses(cli, args, &statuses, err);
  if (status == HS_OK)
    tell_states(cli, &statuses);
  return status;
}

/* ---- the command ---- */

static const struct {
  const char *name;
  int needs_file;
  enum hs_status (*run)(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err);
} VERBS[] = {{"plan", 0, make_plan},          {"file", 1, make_file},
             {"status", 1, show_status},      {"run", 0, hs_cli_payout_run},
             {"list", 0, hs_cli_payout_list}, {"show", 0, hs_cli_payout_show},
             {"mark", 0, hs_cli_payout_mark}, {"invoice", 0, hs_cli_payout_invoice}};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  for (size_t v = 0; v < sizeof VERBS / sizeof *VERBS; v++) {
    if (!hs_str_equal(verb, hs_str_of(VERBS[v].name)))
      continue;
    if (hs_args_count(args) == 1 && VERBS[v].needs_file)
      return hs_fail(err, HS_USAGE, "payout %s takes a file", VERBS[v].name);
    return VERBS[v].run(cli, args, err);
  }
  return hs_fail(err, HS_USAGE,
                 "payout can plan, run, list, show, mark, invoice, file and status, not \"%.*s\"",
                 HS_STR_ARG(verb));
}

static const struct hs_option OPTIONS[] = {
    {"data", HS_OPTION_TEXT, "DIR", NULL, 0, 0,
     "the programme's data directory; plan: instead of BALANCES"},
    {"format", HS_OPTION_TEXT, "FORMAT", NULL, 0, 0,
     "pain.001, paypal or wise; status: pain.002, paypal, wise or auto"},
    {"out", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "write the payments there; file, invoice: instead of to standard output"},
    {"id", HS_OPTION_TEXT, "ID", NULL, 0, 0,
     "what the file, and with it the run, is called at the bank"},
    {"until", HS_OPTION_TEXT, "DAY", NULL, 0, 0, "run: pay what was owed by the end of this day"},
    {"method", HS_OPTION_TEXT, "METHOD", "sepa", 0, 0, "run: sepa, paypal or wise"},
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "list: of this one alone"},
    HS_OPTION_BY,
    HS_OPTION_SECOND,
    HS_OPTION_REASON,
    {"post", HS_OPTION_FLAG, NULL, NULL, 0, 0, "status: post it to the payouts of --data"},
    {"html", HS_OPTION_FLAG, NULL, NULL, 0, 0, "invoice: as a page for print"},
    {"day", HS_OPTION_TEXT, "DAY", NULL, 0, 0, "on which day it is to be paid"},
    {"payees", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "plan, run: how partners are taxed and paid"},
    {"next", HS_OPTION_INTEGER, "N", "1", 1, 9007199254740991.0,
     "plan: the next number of an invoice in the year"},
    {"payer", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "who pays"},
    {"iban", HS_OPTION_TEXT, "IBAN", NULL, 0, 0, "from which account"},
    {"bic", HS_OPTION_TEXT, "BIC", NULL, 0, 0, "of which bank"},
    {"town", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "the payer's town"},
    {"country", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "the payer's country"},
    {"currency", HS_OPTION_TEXT, "CODE", NULL, 0, 0,
     "run: only what is owed in it; else what Wise pays from"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON; of file, what was written with --out"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as CSV, of status, plan, run and list"},
    HS_OPTION_DELIMITER,
    {"decimal-comma", HS_OPTION_FLAG, NULL, NULL, 0, 0, "amounts for PayPal as 12,50"},
    {0},
};

const struct hs_command hs_cmd_payout = {
    .name = "payout",
    .synopsis =
        "run --until DAY --payees FILE --by NAME --second NAME [--method METHOD] [--out FILE]\n"
        "  | plan BALANCES|--data DIR --payees FILE --day DAY | list | show ID\n"
        "  | mark ID STATE --by NAME | invoice ID --html | status FILE [--post --by NAME]\n"
        "  | file BATCH --format FORMAT   --data DIR [--json|--csv]",
    .summary = "pay partners: plan, record and write it as a file, and post what became of it",
    .details =
        "run pays what was owed by a day: payouts and invoices in the ledger, and the file. The "
        "same run\n"
        "again writes the same file and pays nobody twice.\n"
        "plan says what is paid to whom, and what waits and why: set-off, thresholds, tax, "
        "accounts.\n"
        "status reads what the bank or the service reports (pain.002 or CSV), and --post books "
        "it; mark\n"
        "does so by a person's word. What failed is owed again, and its invoice cancelled.\n"
        "file writes payments from elsewhere: BATCH is JSON or CSV.\n"
        "Nothing is sent; moving money is the bank's job.\n"
        "What stands in which format: docs/reference/payout-files.md.",
    .examples = "  hansa payout run --until 2026-09-30 --payees payees.json --by finance --second "
                "chief \\\n    --out payments.xml --data programme\n"
                "  hansa payout status answer.xml --post --by finance --data programme\n"
                "  hansa payout file docs/examples/payments.json --format pain.001 --out "
                "payments.xml",
    .positional_min = 1,
    .positional_max = 3,
    .options = OPTIONS,
    .run = run,
};
