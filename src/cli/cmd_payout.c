#include "base/time.h"
#include "cli/commands.h"
#include "cli/result.h"
#include "service/payout_file.h"
#include "service/payout_status.h"

/* ---- faults ---- */

/* As many as a person reads; the rest is counted. The first is the command's error, which the frame
   tells. */
#define FAULTS_TOLD 50

struct telling {
  struct hs_cli *cli;
  size_t count;
};

static void tell_fault(void *context, const char *path, const char *words)
{
  struct telling *telling = context;
  if (++telling->count > 1 && telling->count <= FAULTS_TOLD)
    hs_cli_note(telling->cli, "%s%s%s", path, *path != '\0' ? ": " : "", words);
}

static void tell_rest(const struct telling *telling)
{
  if (telling->count > FAULTS_TOLD)
    hs_cli_note(telling->cli, "and %zu more", telling->count - FAULTS_TOLD);
}

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
    return hs_fail(err, HS_USAGE, "payout file needs --format: pain.001, paypal or wise");
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

/* "3 payments: 1,283.33 EUR, 80.00 USD" */
static void tell_sums(struct hs_cli *cli, size_t count, const struct hs_money *sums,
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

static enum hs_status make_file(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  const struct hs_io *io = hs_cli_io(cli);
  struct hs_arena *arena = hs_cli_arena(cli);
  struct hs_payout_batch batch;
  struct hs_payout_options options = {.now_us = io->now_us(io->self),
                                      .has_decimal_comma = hs_args_has(args, "decimal-comma")};
  struct telling telling = {.cli = cli};
  struct hs_money *sums = NULL;
  size_t sum_count = 0;
  enum hs_status status = read_format(args, &options.format, err);
  if (status == HS_OK && hs_args_has(args, "json") && !hs_args_has(args, "out"))
    status =
        hs_fail(err, HS_USAGE, "payout file --json needs --out: the answer is the file itself");
  if (status != HS_OK)
    return status;
  const char *path = hs_args_at(args, 1).data;
  status = hs_payout_batch_file(io, path, arena, &batch, tell_fault, &telling, err);
  if (status == HS_OK)
    status = take_options(args, &batch, err);
  if (status == HS_OK)
    status = hs_payout_batch_sums(&batch, arena, &sums, &sum_count, err);
  struct hs_buf text = hs_buf_in(arena); /* last in the arena, so that it grows in its place */
  if (status == HS_OK)
    status = hs_payout_file_write(&batch, &options, arena, &text, tell_fault, &telling, err);
  tell_rest(&telling);
  if (status == HS_OK)
    status = write_out(cli, args, &text, err);
  if (status != HS_OK)
    return status;
  tell_sums(cli, batch.payment_count, sums, sum_count);
  if (hs_args_has(args, "json"))
    status = write_summary(cli, batch.payment_count, sums, sum_count, err);
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
  struct telling telling = {.cli = cli};
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
  status = hs_payout_status_read(text, format, delimiter, hs_cli_arena(cli), &statuses, tell_fault,
                                 &telling, err);
  tell_rest(&telling);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  if (status == HS_OK)
    status = print_statuses(cli, args, &statuses, err);
  if (status == HS_OK)
    tell_states(cli, &statuses);
  return status;
}

/* ---- the command ---- */

static const struct {
  const char *name;
  enum hs_status (*run)(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err);
} VERBS[] = {{"file", make_file}, {"status", show_status}};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  for (size_t v = 0; v < sizeof VERBS / sizeof *VERBS; v++)
    if (hs_str_equal(verb, hs_str_of(VERBS[v].name)))
      return VERBS[v].run(cli, args, err);
  return hs_fail(err, HS_USAGE, "payout can file and status, not \"%.*s\"", HS_STR_ARG(verb));
}

static const struct hs_option OPTIONS[] = {
    {"format", HS_OPTION_TEXT, "FORMAT", NULL, 0, 0,
     "file: pain.001, paypal or wise; status: pain.002, paypal, wise or auto"},
    {"out", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "file: write there instead of standard output"},
    {"id", HS_OPTION_TEXT, "ID", NULL, 0, 0, "file: what it is called at the bank"},
    {"day", HS_OPTION_TEXT, "DAY", NULL, 0, 0, "file: on which day it is to be paid"},
    {"payer", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "file: who pays"},
    {"iban", HS_OPTION_TEXT, "IBAN", NULL, 0, 0, "file: from which account"},
    {"bic", HS_OPTION_TEXT, "BIC", NULL, 0, 0, "file: of which bank"},
    {"town", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "file: the payer's town"},
    {"country", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "file: the payer's country"},
    {"currency", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "file: what Wise pays from"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON; of file, what was written with --out"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as CSV, of status"},
    HS_OPTION_DELIMITER,
    {"decimal-comma", HS_OPTION_FLAG, NULL, NULL, 0, 0, "file: amounts for PayPal as 12,50"},
    {0},
};

const struct hs_command hs_cmd_payout = {
    .name = "payout",
    .synopsis =
        "file BATCH --format pain.001|paypal|wise [--out FILE] | status FILE [--json|--csv]",
    .summary = "write the files by which partners are paid, and read what became of them",
    .details =
        "file writes payments as the file that a bank or a payment service takes: BATCH is JSON or "
        "CSV.\n"
        "status reads what the bank or the service reports of payments: pain.002 or CSV.\n"
        "Nothing is sent; moving money is the bank's job.\n"
        "What stands in which format: docs/reference/payout-files.md.",
    .examples = "  hansa payout file docs/examples/payments.json --format pain.001 --out "
                "payments.xml",
    .positional_min = 2,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
