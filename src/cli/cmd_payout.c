#include "base/time.h"
#include "cli/commands.h"
#include "service/payout_file.h"

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

/* ---- the command ---- */

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  if (!hs_str_equal(verb, HS_STR("file")))
    return hs_fail(err, HS_USAGE, "payout can file, not \"%.*s\"", HS_STR_ARG(verb));
  if (hs_args_count(args) != 2)
    return hs_fail(err, HS_USAGE, "payout file takes one file, got %zu", hs_args_count(args) - 1);
  return make_file(cli, args, err);
}

static const struct hs_option OPTIONS[] = {
    {"format", HS_OPTION_TEXT, "FORMAT", NULL, 0, 0, "pain.001, paypal or wise"},
    {"out", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "file: write there instead of standard output"},
    {"id", HS_OPTION_TEXT, "ID", NULL, 0, 0, "file: what it is called at the bank"},
    {"day", HS_OPTION_TEXT, "DAY", NULL, 0, 0, "file: on which day it is to be paid"},
    {"payer", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "file: who pays"},
    {"iban", HS_OPTION_TEXT, "IBAN", NULL, 0, 0, "file: from which account"},
    {"bic", HS_OPTION_TEXT, "BIC", NULL, 0, 0, "file: of which bank"},
    {"town", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "file: the payer's town"},
    {"country", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "file: the payer's country"},
    {"currency", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "file: what Wise pays from"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "with --out: what was written, as JSON"},
    {"decimal-comma", HS_OPTION_FLAG, NULL, NULL, 0, 0, "file: amounts for PayPal as 12,50"},
    {0},
};

const struct hs_command hs_cmd_payout = {
    .name = "payout",
    .synopsis = "file BATCH --format pain.001|paypal|wise [--out FILE]",
    .summary = "write the files by which partners are paid",
    .details =
        "file writes payments as the file that a bank or a payment service takes: BATCH is JSON or "
        "CSV.\n"
        "Nothing is sent; moving money is the bank's job.\n"
        "What stands in which format: docs/reference/payout-files.md.",
    .examples = "  hansa payout file docs/examples/payments.json --format pain.001 --out "
                "payments.xml",
    .positional_min = 2,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
