#include "cli/commands.h"
#include "service/track/repair.h"

static enum hs_status check(struct hs_cli *cli, const char *directory, struct hs_err *err)
{
  struct hs_check_result result;
  enum hs_status status = hs_directory_check(hs_cli_wiring(cli), directory, &result, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "sound: %llu %s in %llu %s and %llu kept %s are as they were written\n",
                  (unsigned long long)result.journal.frame_count,
                  hs_plural(result.journal.frame_count, "entry", "entries"),
                  (unsigned long long)result.journal.segment_count,
                  hs_plural(result.journal.segment_count, "segment", "segments"),
                  (unsigned long long)result.kept_count,
                  hs_plural(result.kept_count, "import", "imports"));
  return status;
}

static enum hs_status repair(struct hs_cli *cli, const char *directory, struct hs_err *err)
{
  struct hs_journal_report report;
  enum hs_status status = hs_directory_repair(hs_cli_wiring(cli), directory, &report, err);
  if (status != HS_OK)
    return status;
  if (report.damage_count == 0) {
    hs_cli_printf(cli, "nothing to mend: %llu %s sound\n", (unsigned long long)report.frame_count,
                  hs_plural(report.frame_count, "entry is", "entries are"));
    return HS_OK;
  }
  hs_cli_printf(cli, "mended %llu %s; %llu %s sound\n", (unsigned long long)report.damage_count,
                hs_plural(report.damage_count, "place", "places"),
                (unsigned long long)report.frame_count,
                hs_plural(report.frame_count, "entry is", "entries are"));
  if (report.lost_sequence_count > 0)
    hs_cli_printf(cli, "lost: %llu %s, the first is number %llu; import their files again\n",
                  (unsigned long long)report.lost_sequence_count,
                  hs_plural(report.lost_sequence_count, "entry", "entries"),
                  (unsigned long long)report.first_lost_sequence);
  if (report.aside[0] != '\0')
    hs_cli_printf(cli, "what was overwritten stands in %s (%llu bytes)\n", report.aside,
                  (unsigned long long)report.dropped_bytes);
  return HS_OK;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str directory = hs_args_text(args, "data");
  if (directory.data == NULL)
    return hs_fail(err, HS_USAGE, "say where the programme is: --data DIR");
  return hs_args_has(args, "check") ? check(cli, directory.data, err)
                                    : repair(cli, directory.data, err);
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"check", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "only read everything and recompute every checksum; change nothing"},
    {0},
};

const struct hs_command hs_cmd_repair = {
    .name = "repair",
    .synopsis = "--data DIR [--check]",
    .summary = "check a data directory, or mend one that does not open",
    .details =
        "Mends a journal with damaged places, giving up as little as possible: what can still be\n"
        "read stays where it is, what cannot is written aside first. Other commands never do this "
        "on\n"
        "their own. With --check nothing is changed: the journal and every kept import are read\n"
        "whole, and the exit code is 12 when something is damaged.",
    .examples = "  hansa repair --check --data programme",
    .positional_min = 0,
    .positional_max = 0,
    .options = OPTIONS,
    .run = run,
};
