#include "cli/commands.h"

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme_options options = {.currency = hs_args_text(args, "currency"),
                                         .time_zone = hs_args_text(args, "time-zone")};
  const char *directory = hs_args_at(args, 0).data;
  enum hs_status status = hs_programme_create(hs_cli_wiring(cli), directory, &options, err);
  if (status == HS_OK)
    hs_cli_printf(
        cli,
        "An empty programme stands in %s: it reports in %.*s, its days are those of %.*s.\n"
        "Next: hansa import touches FILE.csv --data %s\n",
        directory, HS_STR_ARG(options.currency), HS_STR_ARG(options.time_zone), directory);
  return status;
}

static const struct hs_option OPTIONS[] = {
    {"currency", HS_OPTION_TEXT, "CODE", "EUR", 0, 0,
     "the currency in which the programme reports"},
    {"time-zone", HS_OPTION_TEXT, "ZONE", "UTC", 0, 0,
     "whose days and months reports use, such as Europe/Berlin"},
    {0},
};

const struct hs_command hs_cmd_init = {
    .name = "init",
    .synopsis = "DIR [--currency CODE] [--time-zone ZONE]",
    .summary = "make an empty programme",
    .details = "A programme is one directory: copy it and you have moved it. DIR must be empty or "
               "missing.",
    .examples = "  hansa init programme --currency EUR --time-zone Europe/Berlin",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
