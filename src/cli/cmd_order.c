#include "cli/commands.h"
#include "service/post/explain_order.h"

static enum hs_status explain(struct hs_cli *cli, const struct hs_args *args,
                              struct hs_programme *programme, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status =
      hs_order_explain(programme, hs_args_at(args, 1), hs_args_text(args, "partner"),
                       hs_args_has(args, "json"), &out, err);
  if (status == HS_OK)
    status = hs_buf_status(&out, "the explanation", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  if (!hs_str_equal(hs_args_at(args, 0), HS_STR("explain")))
    return hs_fail(err, HS_USAGE, "order can explain, not \"%.*s\"",
                   HS_STR_ARG(hs_args_at(args, 0)));
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = explain(cli, args, &programme, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0,
     "why this partner earned what it did, or nothing"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {0},
};

const struct hs_command hs_cmd_order = {
    .name = "order",
    .synopsis = "explain ID [--partner NAME] --data DIR [--json]",
    .summary = "say who shares an order, and of a partner that does not, why",
    .details = "The order is judged again with what was known and agreed when it came. Without "
               "--partner every\n"
               "partner that had met the customer gets its answer.",
    .examples = "  hansa order explain 2026-4711 --partner shoes-blog --data programme",
    .positional_min = 2,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
