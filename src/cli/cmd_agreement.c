#include "cli/agreement_programme.h"
#include "cli/commands.h"
#include "cli/result.h"
#include "service/agreement_check.h"
#include "service/agreement_try.h"
#include "service/agreement_words.h"

/* ---- faults ---- */

/* What was wrong with a file goes to standard error; the first is the command's error, which the
   frame tells. */
struct telling {
  struct hs_cli *cli;
  size_t count;
};

static void tell_fault(void *context, const char *path, const char *words)
{
  struct telling *telling = context;
  if (telling->count++ > 0)
    hs_cli_note(telling->cli, "%s: %s", path, words);
}

enum hs_status hs_cli_read_agreement(struct hs_cli *cli, struct hs_str path,
                                     struct hs_agreement_file *out, struct hs_err *err)
{
  struct telling telling = {.cli = cli};
  return hs_agreement_file_read(hs_cli_io(cli), path.data, hs_cli_arena(cli), out, tell_fault,
                                &telling, err);
}

/* ---- check ---- */

static const char *const CHECK_COLUMNS[] = {"level", "code",         "where",
                                            "what",  "set_aside_by", "because"};

/* Rows go to the sink, or as sentences to the terminal. */
struct checking {
  struct hs_cli *cli;
  const struct hs_result_sink *sink; /* NULL: sentences */
  enum hs_status status;
  struct hs_err *err;
};

static void say_check(struct checking *checking, const struct hs_check_row *row)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(checking->cli));
  hs_check_say(row, (size_t)hs_cli_width(checking->cli), &out);
  checking->status = hs_buf_status(&out, "what stands against signing", checking->err);
  if (checking->status == HS_OK)
    hs_cli_write(checking->cli, hs_buf_str(&out));
}

static void print_check(void *context, const struct hs_check_row *row)
{
  struct checking *checking = context;
  const struct hs_override *override = row->overridden;
  struct hs_str values[] = {hs_str_of(hs_check_level_words(row->level)),
                            hs_str_of(row->code),
                            hs_str_of(row->path),
                            hs_str_of(row->words),
                            override != NULL ? override->by : (struct hs_str){0},
                            override != NULL ? override->reason : (struct hs_str){0}};
  if (checking->status != HS_OK)
    return;
  if (checking->sink == NULL)
    say_check(checking, row);
  else
    checking->status = checking->sink->row(checking->sink->self, values, checking->err);
}

static enum hs_status conclude(struct hs_cli *cli, const char *path, size_t standing,
                               struct hs_err *err)
{
  if (standing > 0)
    return hs_fail(err, HS_DENIED, "%s cannot be signed yet: %zu %s", path, standing,
                   hs_plural(standing, "thing stands against it", "things stand against it"));
  hs_cli_note(cli, "nothing stands against signing %s", path);
  return HS_OK;
}

static enum hs_status check_file(struct hs_cli *cli, const struct hs_args *args,
                                 const struct hs_agreement_file *file, size_t *standing,
                                 struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  struct checking checking = {.cli = cli, .err = err};
  enum hs_status status = HS_OK;
  if (hs_args_has(args, "json") || hs_args_has(args, "csv")) {
    status = hs_result_texts_begin(cli, args, 6, CHECK_COLUMNS, &sink, &printer, err);
    checking.sink = &sink;
  }
  if (status == HS_OK)
    status = hs_agreement_check(file, hs_cli_arena(cli), print_check, &checking, standing, err);
  if (status == HS_OK)
    status = checking.status;
  return status == HS_OK && printer != NULL ? hs_result_printer_end(printer, err) : status;
}

static enum hs_status check(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_agreement_file file;
  size_t standing = 0;
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status == HS_OK)
    status = check_file(cli, args, &file, &standing, err);
  return status == HS_OK ? conclude(cli, hs_args_at(args, 1).data, standing, err) : status;
}

/* ---- show, diff, schema ---- */

static enum hs_status write_out(struct hs_cli *cli, const struct hs_buf *out, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(out, "an agreement", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(out));
  return status;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    hs_shape_write(&hs_agreement_shape, &file.agreement, &out);
  else
    hs_agreement_say(&file, &out);
  return write_out(cli, &out, err);
}

static const char *const DIFF_COLUMNS[] = {"where", "before", "after"};

static void print_change(void *context, const char *path, const char *before, const char *after)
{
  struct checking *checking = context;
  struct hs_str values[] = {hs_str_of(path), hs_str_of(before), hs_str_of(after)};
  if (checking->status == HS_OK)
    checking->status = checking->sink->row(checking->sink->self, values, checking->err);
}

static enum hs_status diff(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_agreement_file before, after;
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  struct checking checking = {.sink = &sink, .err = err};
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &before, err);
  if (status == HS_OK)
    status = hs_cli_read_agreement(cli, hs_args_at(args, 2), &after, err);
  if (status == HS_OK)
    status = hs_result_texts_begin(cli, args, 3, DIFF_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_shape_compare(&hs_agreement_shape, &before.agreement, &after.agreement,
                              hs_cli_arena(cli), print_change, &checking, err);
  if (status == HS_OK)
    status = checking.status;
  return status == HS_OK ? hs_result_printer_end(printer, err) : status;
}

static enum hs_status schema(struct hs_cli *cli, [[maybe_unused]] const struct hs_args *args,
                             struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  hs_shape_schema(&hs_agreement_shape, "An agreement of Hansa", &out);
  return write_out(cli, &out, err);
}

/* ---- try ---- */

static enum hs_status try_order(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_tried tried;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  const struct hs_try asked = {.amount = hs_args_text(args, "amount"),
                               .share = hs_args_text(args, "share"),
                               .refund = hs_args_text(args, "refund"),
                               .before = hs_args_text(args, "revenue"),
                               .nth = hs_args_integer(args, "nth"),
                               .sale = {.is_new = hs_args_has(args, "new"),
                                        .months = (uint32_t)hs_args_integer(args, "months"),
                                        .coupon = hs_args_text(args, "coupon"),
                                        .country = hs_args_text(args, "country"),
                                        .product = hs_args_text(args, "product")}};
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status == HS_OK)
    status = hs_agreement_try(&file, &asked, &tried, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    hs_tried_json(&file, &tried, &out);
  else
    hs_tried_say(&file, &tried, &out);
  return write_out(cli, &out, err);
}

/* ---- the command ---- */

static const struct {
  const char *name;
  size_t files;
  enum hs_status (*run)(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err);
} VERBS[] = {{"check", 1, check},
             {"show", 1, show},
             {"diff", 2, diff},
             {"try", 1, try_order},
             {"schema", 0, schema}};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  if (hs_args_has(args, "data"))
    return hs_agreement_programme_run(cli, args, err);
  for (size_t v = 0; v < sizeof VERBS / sizeof *VERBS; v++) {
    if (!hs_str_equal(verb, hs_str_of(VERBS[v].name)))
      continue;
    if (hs_args_count(args) != VERBS[v].files + 1)
      return hs_fail(err, HS_USAGE, "agreement %s takes %zu %s, got %zu", VERBS[v].name,
                     VERBS[v].files, hs_plural(VERBS[v].files, "file", "files"),
                     hs_args_count(args) - 1);
    return VERBS[v].run(cli, args, err);
  }
  return hs_fail(err, HS_USAGE, "agreement can check, show, diff, try and schema, not \"%.*s\"",
                 HS_STR_ARG(verb));
}

static const struct hs_option OPTIONS[] = {
    HS_AGREEMENT_PROGRAMME_OPTIONS,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON; of show, the agreement in its one form"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as CSV, of check and diff"},
    {"amount", HS_OPTION_TEXT, "AMOUNT", "100", 0, 0,
     "try: of the order, without tax and shipping"},
    {"share", HS_OPTION_TEXT, "PART", NULL, 0, 0,
     "try: the partner's part of it, such as 40% or 1/3"},
    {"nth", HS_OPTION_INTEGER, "N", "1", 1, 1e9, "try: which order of the period it is"},
    {"revenue", HS_OPTION_TEXT, "AMOUNT", NULL, 0, 0,
     "try: of the partner's orders of the period before"},
    {"new", HS_OPTION_FLAG, NULL, NULL, 0, 0, "try: the customer had no order before"},
    {"months", HS_OPTION_INTEGER, "N", "0", 0, 1200, "try: since the customer's first order"},
    {"coupon", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "try: the code that was used"},
    {"country", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "try: where the order is from"},
    {"product", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "try: what was bought"},
    {"refund", HS_OPTION_TEXT, "AMOUNT", NULL, 0, 0, "try: what is returned later"},
    {0},
};

const struct hs_command hs_cmd_agreement = {
    .name = "agreement",
    .synopsis = "check FILE|show FILE|diff BEFORE AFTER|try FILE|schema [--json|--csv]\n"
                "       hansa agreement add FILE|sign NAME|enrol NAME|end NAME|list|show NAME "
                "--data DIR",
    .summary = "read, check and compare agreements",
    .details =
        "check says whether an agreement can be applied and what stands against signing it; "
        "show puts\n"
        "it in words; diff lists every field in which two differ; try says what an order would "
        "earn, step\n"
        "by step; schema prints the JSON Schema.\n"
        "An agreement is a JSON file: docs/user/agreements.md.",
    .examples = "  hansa agreement check docs/examples/co-marketing.json\n"
                "  hansa agreement try docs/examples/standard-offer.json --amount 250 --nth 11",
    .positional_min = 1,
    .positional_max = 3,
    .options = OPTIONS,
    .run = run,
};
