#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/reading.h"
#include "service/track/import.h"

/* Reading is as fast as one core parses; more than this many never helped against one disk. */
#define READING_THREADS_MAX 8

struct import {
  struct hs_cli *cli;
  struct hs_import_options options;
  struct hs_reading_map map;
  char rejects_path[HS_PATH_BYTES];
};

static void show_progress(void *context, uint64_t done, uint64_t total)
{
  char detail[64];
  struct import *import = context;
  (void)snprintf(detail, sizeof detail, "%.1f MB", (double)done / 1e6);
  hs_cli_progress(import->cli, "reading", total > 0 ? (double)done / (double)total : -1, detail);
}

static int is_same_file(const char *a, const char *b)
{
  struct stat of_a;
  struct stat of_b;
  return strcmp(a, "-") != 0 && stat(a, &of_a) == 0 && stat(b, &of_b) == 0 &&
         of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

static enum hs_status read_what(struct import *import, const struct hs_args *args,
                                struct hs_err *err)
{
  struct hs_intake_options *intake = &import->options.intake;
  struct hs_str rejects = hs_args_text(args, "rejects");
  if (!hs_event_kind_parse(hs_args_at(args, 0), &intake->kind))
    return hs_fail(err, HS_USAGE,
                   "there is no kind %.*s; there are touches, orders, refunds, leads, identities, "
                   "series, costs, activity, paths, network_commissions, events, surveys, rates",
                   HS_STR_ARG(hs_args_at(args, 0)));
  intake->path = hs_args_at(args, 1).data;
  int length = 0;
  if (rejects.data != NULL)
    length =
        snprintf(import->rejects_path, sizeof import->rejects_path, "%.*s", HS_STR_ARG(rejects));
  else
    length = snprintf(import->rejects_path, sizeof import->rejects_path, "%s.rejects.csv",
                      strcmp(intake->path, "-") == 0 ? "stdin" : intake->path);
  if (is_same_file(intake->path, import->rejects_path))
    return hs_fail(err, HS_USAGE, "--rejects %s would replace the file that is read",
                   import->rejects_path);
  if (length >= (int)sizeof import->rejects_path)
    return hs_fail(err, HS_USAGE, "the file's path is too long: %s", intake->path);
  import->options.rejects_path = import->rejects_path;
  return HS_OK;
}

static void say_how_it_was_read(struct hs_cli *cli, const struct hs_intake_report *report)
{
  hs_cli_printf(cli, "read as %s%s%s%s%s:", hs_intake_format_name(report->format),
                report->is_gzip ? " in gzip" : "",
                report->is_format_guessed ? " (found out from its content)" : "",
                report->network != NULL ? ", an export of " : "",
                report->network != NULL ? report->network->title : "");
  if (report->rate_columns > 0)
    hs_cli_printf(cli, " a table with a day a row and %zu %s,", report->rate_columns,
                  hs_plural(report->rate_columns, "currency", "currencies"));
  for (size_t i = 0; i < report->mapped_count; i++) {
    struct hs_str column = report->mapped[i].column;
    struct hs_str field = report->mapped[i].field;
    if (hs_str_equal(column, field))
      hs_cli_printf(cli, " %.*s", HS_STR_ARG(column));
    else {
      hs_cli_printf(cli, " %.*s=", HS_STR_ARG(column));
      hs_cli_shown(cli, field);
    }
  }
  hs_cli_printf(cli, "\n");
  size_t named = report->unmapped_count < HS_INTAKE_UNMAPPED_MAX ? report->unmapped_count
                                                                 : HS_INTAKE_UNMAPPED_MAX;
  if (named > 0)
    hs_cli_printf(cli, "not read:");
  for (size_t i = 0; i < named; i++) {
    hs_cli_printf(cli, " ");
    hs_cli_shown(cli, report->unmapped[i]);
  }
  if (named > 0)
    hs_cli_printf(cli, "\n");
}

static void say_what_was_rejected(struct hs_cli *cli, const struct hs_intake_report *report,
                                  const char *where)
{
  if (report->rows_rejected == 0)
    return;
  hs_cli_printf(cli, "%llu %s rejected, listed in %s:\n", (unsigned long long)report->rows_rejected,
                hs_plural(report->rows_rejected, "row", "rows"), where);
  for (size_t i = 0; i < HS_INTAKE_REASON_COUNT; i++)
    if (report->rejected_by[i] > 0)
      hs_cli_printf(cli, "  %8llu  %s\n", (unsigned long long)report->rejected_by[i],
                    hs_intake_reason_words((enum hs_intake_reason)i));
}

/* "1 touch", "3 touches"; rows of what cannot be counted. */
static const char *noun(enum hs_event_kind kind, uint64_t count)
{
  static const char *const ONE[HS_EVENT_KIND_COUNT] = {
      [HS_EVENT_TOUCH] = "touch",       [HS_EVENT_ORDER] = "order",
      [HS_EVENT_REFUND] = "refund",     [HS_EVENT_LEAD] = "lead",
      [HS_EVENT_COST] = "cost",         [HS_EVENT_PATH] = "path",
      [HS_EVENT_IDENTITY] = "identity", [HS_EVENT_SERIES] = "series",
      [HS_EVENT_ACTIVITY] = "activity", [HS_EVENT_NETWORK_COMMISSION] = "commission",
      [HS_EVENT_CUSTOM] = "event",      [HS_EVENT_SURVEY] = "answer",
      [HS_EVENT_RATE] = "rate"};
  return hs_plural(count, ONE[kind],
                   kind == HS_EVENT_NETWORK_COMMISSION ? "commissions" : hs_event_spec(kind)->name);
}

static void say_counts(const struct import *import, const struct hs_import_result *result)
{
  const struct hs_load_counts *counts = &result->counts;
  hs_cli_printf(import->cli, "%llu %s %s in as %s; %llu %s there already, %llu %s what is there\n",
                (unsigned long long)counts->accepted,
                noun(import->options.intake.kind, counts->accepted),
                hs_plural(counts->accepted, "is", "are"), result->id.text,
                (unsigned long long)counts->duplicates,
                hs_plural(counts->duplicates, "was", "were"), (unsigned long long)counts->conflicts,
                hs_plural(counts->conflicts, "contradicts", "contradict"));
}

static void say_result(const struct import *import, const struct hs_import_result *result,
                       int is_dry_run)
{
  char first[HS_TIME_TEXT];
  char last[HS_TIME_TEXT];
  struct hs_cli *cli = import->cli;
  const struct hs_intake_report *report = &result->report;
  say_how_it_was_read(cli, report);
  if (result->is_repeat)
    hs_cli_printf(cli, "this file was imported before, as %s: nothing changed\n", result->id.text);
  else if (is_dry_run)
    hs_cli_printf(cli, "%llu %s %s good; nothing was stored\n",
                  (unsigned long long)report->rows_good,
                  noun(import->options.intake.kind, report->rows_good),
                  hs_plural(report->rows_good, "is", "are"));
  else if (report->rows_good > 0)
    say_counts(import, result);
  else
    hs_cli_printf(cli, "no rows behind the names of the columns; nothing was stored\n");
  if (report->first_us <= report->last_us && report->rows_good > 0) {
    hs_format_time(report->first_us, first);
    hs_format_time(report->last_us, last);
    hs_cli_printf(cli, "from %s to %s\n", first, last);
  }
  if (result->counts.conflicts > 0)
    hs_cli_printf(cli, "see them: hansa sql \"SELECT * FROM conflicts\" --data DIR\n");
  say_what_was_rejected(cli, report, import->rejects_path);
}

static int is_told(enum hs_status status) { return status == HS_OK || status == HS_REJECTED_ROWS; }

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct import import = {.cli = cli};
  struct hs_programme programme = {.lock = -1};
  struct hs_import_result result = {0};
  int is_dry_run = hs_args_has(args, "dry-run");
  enum hs_status status = read_what(&import, args, err);
  if (status == HS_OK)
    status = hs_args_reading(cli, args, &import.options.intake, &import.map, err);
  import.options.time_zone = hs_args_text(args, "time-zone");
  if (status == HS_OK)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (status != HS_OK)
    return status;
  struct hs_intake_options *intake = &import.options.intake;
  intake->slot_count = (unsigned)hs_args_integer(args, "threads");
  intake->context = &import;
  intake->progress = show_progress;
  intake->interrupt = hs_cli_interrupt_flag();
  if (is_dry_run)
    status = hs_import_try(hs_cli_wiring(cli), hs_cli_arena(cli), &import.options, &result, err);
  else
    status = hs_import_run(&programme, hs_cli_arena(cli), &import.options, &result, err);
  hs_programme_close(&programme);
  if (is_told(status))
    say_result(&import, &result, is_dry_run);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    HS_OPTIONS_READING,
    {"rejects", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "where rejected rows go; FILE.rejects.csv beside the input without it"},
    {"threads", HS_OPTION_INTEGER, "N", "2", 1, READING_THREADS_MAX, "how many threads read"},
    {"dry-run", HS_OPTION_FLAG, NULL, NULL, 0, 0, "read and check only, store nothing"},
    {0},
};

const struct hs_command hs_cmd_import = {
    .name = "import",
    .synopsis = "KIND FILE|- --data DIR [--map COLUMN=FIELD …] [--dry-run]",
    .summary = "take in touches, orders, refunds, costs and other kinds of rows",
    .details = "Reads CSV, NDJSON or Parquet, also in gzip; - is standard input. Good rows go in "
               "once, however often the\n"
               "same file or the same key comes; bad rows are written to FILE.rejects.csv with "
               "line, column, value and\n"
               "reason, and the exit code is then 3. It may be interrupted and run again. Columns, "
               "aliases and types:\n"
               "docs/reference/import.md.",
    .examples =
        "  hansa import touches clicks.csv --data programme --time-zone Europe/Berlin\n"
        "  hansa import orders shop.ndjson.gz --data programme --map person=cid --currency EUR\n"
        "  hansa import network_commissions awin.csv --data programme --time-zone Europe/Berlin "
        "--currency EUR",
    .positional_min = 2,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
