#include <math.h>

#include "cli/commands.h"
#include "cli/rejects.h"
#include "service/believe/honesty.h"

static const struct hs_option OPTIONS[] = {
    {"partner", HS_OPTION_TEXT, "COL", "partner", 0, 0, "column of names"},
    {"tracked", HS_OPTION_TEXT, "COL", "tracked", 0, 0, "column of what was tracked"},
    {"incremental", HS_OPTION_TEXT, "COL", "incremental", 0, 0,
     "column of what changed because of the partner; empty where it was not tested"},
    {"sd", HS_OPTION_TEXT, "COL", "sd", 0, 0, "column of its standard error"},
    {"kind", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of kinds: what the tested ones say of the others"},
    {"total", HS_OPTION_NUMBER, "N", NULL, 0, 1e15,
     "all that was sold in the window, for what the partners sum to"},
    {"correlation", HS_OPTION_NUMBER, "PERCENT", "0", 0, 100,
     "of the errors of any two partners; those of one market share its luck"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "95", 50, 99.9,
     "level of intervals, and of the posterior that a verdict takes"},
    {"band", HS_OPTION_NUMBER, "PERCENT", "10", 0, 90,
     "so near to what is tracked counts as consistent"},
    {"power", HS_OPTION_NUMBER, "PERCENT", "80", 50, 99, "of the smallest detectable effect"},
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {0},
};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  struct hs_partners partners;
  struct hs_partners_asking asking = {
      .path = hs_args_at(args, 0).data,
      .partner = hs_args_text(args, "partner"),
      .kind = hs_args_text(args, "kind"),
      .tracked = hs_args_text(args, "tracked"),
      .incremental = hs_args_text(args, "incremental"),
      .sd = hs_args_text(args, "sd"),
      .honesty = {.band = hs_args_number(args, "band") / 100,
                  .mass = hs_args_number(args, "interval") / 100,
                  .power = hs_args_number(args, "power") / 100},
      .total = hs_args_has(args, "total") ? hs_args_number(args, "total") : (double)NAN,
      .correlation = hs_args_number(args, "correlation") / 100,
      .on_reject = hs_rejects_tell_figures,
      .context = &rejects,
  };
  enum hs_status status = hs_args_delimiter(args, &asking.delimiter, err);
  if (status == HS_OK)
    status = hs_partners_ask(hs_cli_arena(cli), hs_cli_io(cli), &asking, &partners, err);
  hs_rejects_end(&rejects);
  if (status != HS_OK)
    return status;
  struct hs_buf text = hs_buf_in(hs_cli_arena(cli));
  if (hs_args_has(args, "json"))
    hs_partners_json(&partners, &text);
  else
    hs_partners_text(&partners, hs_cli_width(cli), &text);
  status = hs_buf_status(&text, "the partners", err);
  if (status != HS_OK)
    return status;
  hs_cli_write(cli, hs_buf_str(&text));
  return hs_rejects_status(&rejects, err);
}

const struct hs_command hs_cmd_honesty = {
    .name = "honesty",
    .synopsis = "FILE.csv|- [--kind COL] [--total N] [--json]",
    .summary = "tracked beside incremental for all partners, their sum and their kinds",
    .details =
        "Reads a row a partner: what was tracked for it, what changed because of it and the "
        "standard\n"
        "error of that, as halo tables and experiments gave them. Says of each whether more or "
        "less\n"
        "is tracked than it brought, whether all of them sum to more than was sold, and what the\n"
        "tested partners of a kind let one expect of the others.",
    .examples = "  hansa honesty partners.csv --kind channel --total 250000",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
