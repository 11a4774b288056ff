#include <string.h>

#include "cli/commands.h"
#include "cli/reading.h"
#include "cli/rejects.h"

static enum hs_status write_page(struct hs_cli *cli, const struct hs_args *args,
                                 const struct hs_start *start, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  struct hs_str html = hs_args_text(args, "html");
  if (hs_args_has(args, "json"))
    hs_start_json(start, &out);
  else if (html.data != NULL)
    hs_start_html(start, &out);
  else
    hs_start_text(start, hs_cli_width(cli), &out);
  enum hs_status status = hs_buf_status(&out, "the page", err);
  if (status != HS_OK || html.data == NULL || strcmp(html.data, "-") == 0) {
    hs_cli_write(cli, hs_buf_str(&out));
    return status;
  }
  status = hs_io_replace_file(hs_cli_io(cli), html.data, out.data, out.length, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "the page stands in %s\n", html.data);
  return status;
}

static enum hs_status read_options(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_start_options *options, struct hs_reading_map *map,
                                   struct hs_err *err)
{
  struct hs_str currency = hs_args_text(args, "in");
  if (hs_args_has(args, "json") && hs_args_has(args, "html"))
    return hs_fail(err, HS_USAGE, "--json and --html exclude each other");
  if (hs_args_has(args, "html") && hs_args_text(args, "html").length == 0)
    return hs_fail(err, HS_USAGE, "--html needs the name of a file, or - for standard output");
  if (currency.data != NULL && !hs_currency_parse(currency, &options->currency))
    return hs_fail(err, HS_USAGE, "--in: %.*s is no currency of ISO 4217", HS_STR_ARG(currency));
  options->intake.kind = HS_EVENT_NETWORK_COMMISSION;
  options->intake.path = hs_args_at(args, 0).data;
  options->intake.parquet = hs_cli_wiring(cli)->typed_files;
  options->intake.interrupt = hs_cli_interrupt_flag();
  enum hs_status status = hs_args_reading(cli, args, &options->intake, map, err);
  options->zone = options->intake.zone != NULL ? options->intake.zone : hs_zone_utc();
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_start_options options = {0};
  struct hs_reading_map map;
  struct hs_start start = {0};
  struct hs_rejects rejects = {.cli = cli};
  enum hs_status status = read_options(cli, args, &options, &map, err);
  if (status == HS_OK)
    status = hs_start_read(hs_cli_arena(cli), hs_cli_io(cli), &options, hs_rejects_tell, &rejects,
                           &start, err);
  hs_rejects_end(&rejects);
  if (status == HS_OK)
    status = write_page(cli, args, &start, err);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTIONS_READING,
    {"in", HS_OPTION_TEXT, "CODE", NULL, 0, 0,
     "the currency of the page; that of most rows without it"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "as one page that needs nothing else, with charts"},
    {0},
};

const struct hs_command hs_cmd_start = {
    .name = "start",
    .synopsis = "FILE|- [--network NAME] [--time-zone ZONE] [--currency CODE] [--json|--html FILE]",
    .summary = "a first portfolio page from a partner network's export of commissions",
    .details = "Without a programme and without set-up: what each partner sold and earned by the "
               "network's count, what\n"
               "was taken back, how long approval takes, how much is pending, how far it all rests "
               "on a few, who is\n"
               "dormant; and what such an export cannot tell. Networks and what they leave open:\n"
               "docs/user/coming-from-a-network.md.",
    .examples = "  hansa start rewardful.csv\n"
                "  hansa start awin.csv --time-zone Europe/Berlin --currency EUR --html page.html",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
