#include "cli/commands.h"
#include "cli/form.h"
#include "service/statement_file.h"

static enum hs_status make(struct hs_cli *cli, const struct hs_args *args, struct hs_statement *out,
                           struct hs_err *err)
{
  struct hs_cli_telling telling = {.cli = cli};
  struct hs_sheet sheet;
  struct hs_str side = hs_args_text(args, "side");
  const char *path = hs_args_at(args, 0).data;
  uint32_t viewer = HS_NOBODY;
  enum hs_status status = hs_sheet_read(hs_cli_io(cli), path, hs_cli_arena(cli), &sheet,
                                        hs_cli_tell_fault, &telling, err);
  hs_cli_tell_rest(&telling);
  if (status == HS_OK && side.data != NULL)
    status = hs_sheet_side(&sheet, side, &viewer, err);
  if (status != HS_OK)
    return status;
  status = hs_statement_make(&sheet, viewer, hs_cli_arena(cli), out, err);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  return status;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           const struct hs_statement *statement, enum hs_form form,
                           struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_statement_json(statement, &out);
  else if (form == HS_FORM_CSV)
    hs_statement_csv(statement, &out);
  else if (form == HS_FORM_HTML)
    hs_statement_html(statement, &out);
  else
    hs_statement_text(statement, (size_t)hs_cli_width(cli), &out);
  return hs_form_print(cli, args, form, &out, "the joint P&L", err);
}

static enum hs_status print_schema(struct hs_cli *cli, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  hs_shape_schema(&hs_sheet_shape, "A joint profit and loss of Hansa", &out);
  enum hs_status status = hs_buf_status(&out, "the schema", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_statement statement;
  enum hs_form form = HS_FORM_TEXT;
  int schema = hs_args_has(args, "schema");
  if (hs_args_count(args) != (schema ? 0U : 1U))
    return hs_fail(err, HS_USAGE, schema ? "--schema takes no file" : "joint needs one file");
  if (schema)
    return print_schema(cli, err);
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = make(cli, args, &statement, err);
  if (status == HS_OK)
    status = show(cli, args, &statement, form, err);
  return status;
}

static const struct hs_option OPTIONS[] = {
    {"side", HS_OPTION_TEXT, "NAME", NULL, 0, 0,
     "as this company sees it, with its own private lines"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "the lines, parts and settlement as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "as one page that needs nothing else, for print"},
    {"schema", HS_OPTION_FLAG, NULL, NULL, 0, 0, "prints the JSON Schema of the file, and ends"},
    {0},
};

const struct hs_command hs_cmd_joint = {
    .name = "joint",
    .synopsis = "FILE [--side NAME] [--json|--html FILE|--csv]",
    .summary = "the joint P&L of an agreement, from a file of lines",
    .details =
        "What an agreement brings and costs to run, what each side is entitled to, and the one "
        "payment that\n"
        "squares it. Without --side it holds the lines that all sides see; with it, that side's "
        "private ones too.\n"
        "The file is JSON: docs/user/joint-profit-and-loss.md.",
    .examples = "  hansa joint docs/examples/joint-first-month.json\n"
                "  hansa joint docs/examples/joint-waterfall.json --side brand.example --html "
                "2026-09.html",
    .positional_min = 0,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
