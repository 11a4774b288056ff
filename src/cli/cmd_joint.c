#include "cli/commands.h"
#include "cli/joint_programme.h"
#include "service/joint/sheet_text.h"
#include "service/joint/statement_file.h"

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

static enum hs_status print_schema(struct hs_cli *cli, const struct hs_shape *shape,
                                   const char *title, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  hs_shape_schema(shape, title, &out);
  enum hs_status status = hs_buf_status(&out, "the schema", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

/* Of a file, or of what is added to a programme. */
static enum hs_status schema(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  size_t count = hs_args_count(args);
  if (count == 0)
    return print_schema(cli, &hs_sheet_shape, "A joint profit and loss of Hansa", err);
  if (count == 1 && hs_str_equal(hs_args_at(args, 0), HS_STR("add")))
    return print_schema(cli, &hs_added_shape, "Lines for a joint profit and loss of Hansa", err);
  return hs_fail(err, HS_USAGE, "--schema takes no file");
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_statement statement;
  if (hs_args_has(args, "schema"))
    return schema(cli, args, err);
  if (hs_args_text(args, "data").data != NULL)
    return hs_joint_programme_run(cli, args, err);
  if (hs_args_count(args) != 1)
    return hs_fail(err, HS_USAGE, "joint needs one file, or --data and what to do there");
  enum hs_status status = make(cli, args, &statement, err);
  return status == HS_OK ? hs_joint_show(cli, args, &statement, err) : status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"period", HS_OPTION_TEXT, "MONTH", NULL, 0, 0, "of a programme: which month, such as 2026-09"},
    HS_OPTION_BY,
    {"line", HS_OPTION_LIST, "NAME", NULL, 0, 0, "to confirm only this line; may be given often"},
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
    .synopsis = "FILE [--side NAME] [--json|--html FILE|--csv] | add|confirm|list AGREEMENT [FILE] "
                "--data DIR --period MONTH",
    .summary =
        "the joint P&L of an agreement, from a file of lines; and the lines of a programme's",
    .details =
        "What an agreement brings and costs to run, what each side is entitled to, and the one "
        "payment that\n"
        "squares it. Without --side it holds the lines that all sides see; with it, that side's "
        "private ones too.\n"
        "The file is JSON: docs/user/joint-profit-and-loss.md.\n\n"
        "In a programme the ledger's lines are there already, and each side adds its own:\n"
        "  add AGREEMENT FILE  lines of --side; one of a name that is there takes its place\n"
        "  confirm AGREEMENT   --side stands by the shared lines, or by each --line\n"
        "  list AGREEMENT      all that was written, with what took its place\n"
        "The joint P&L itself is hansa statement AGREEMENT.",
    .examples = "  hansa joint docs/examples/joint-first-month.json\n"
                "  hansa joint docs/examples/joint-waterfall.json --side brand.example --html "
                "2026-09.html\n"
                "  hansa joint add venture lines.json --data programme --period 2026-09 --side "
                "brand.example --by ann\n"
                "  hansa joint confirm venture --data programme --period 2026-09 --side "
                "trails.example --by ben",
    .positional_min = 0,
    .positional_max = 3,
    .options = OPTIONS,
    .run = run,
};
