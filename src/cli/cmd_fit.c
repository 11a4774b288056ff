#include "cli/commands.h"
#include "cli/form.h"
#include "service/believe/tables.h"
#include "service/decide/fit.h"

/* Rejects beyond these are counted and not told. */
#define REJECTS_TOLD 20

static const struct hs_option options[] = {
    HS_OPTION_DATA,
    {"ours", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "our side, or what the programme does not know of it"},
    {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0,
     "with --data: 2026, 2026-Q3, 2026-03, a day, or DAY..DAY; everything without it"},
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "JSON, with every value"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "every value of both sides as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "as one page that needs nothing else"},
    {0},
};

struct rejects {
  struct hs_cli *cli;
  size_t count;
};

static void tell_reject(void *context, const char *path, uint64_t line, const char *reason)
{
  struct rejects *rejects = context;
  if (++rejects->count <= REJECTS_TOLD)
    hs_cli_note(rejects->cli, "%s, line %llu: %s", path, (unsigned long long)line, reason);
}

static enum hs_status open_ours(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_programme *programme, struct hs_fit_options *fit,
                                struct hs_err *err)
{
  struct hs_analysis_options everything = {0};
  if (!hs_args_has(args, "data"))
    return hs_args_has(args, "period")
               ? hs_fail(err, HS_USAGE, "--period goes with --data: files have no days")
               : HS_OK;
  enum hs_status status = hs_cli_open_programme(cli, args, programme, err);
  if (status == HS_OK)
    status = hs_tables_options(programme, &everything, err);
  fit->period = everything.period;
  if (status == HS_OK)
    status = hs_args_period(args, programme->zone, &fit->period, err);
  if (status == HS_OK && fit->period.from_us >= fit->period.until_us)
    status = hs_fail(err, HS_INSUFFICIENT, "the programme holds no touchpoint and no order yet");
  fit->programme = programme;
  return status;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args, const struct hs_fit *fit,
                           const struct rejects *rejects, enum hs_form form, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (rejects->count > REJECTS_TOLD)
    hs_cli_note(cli, "and %zu more %s", rejects->count - REJECTS_TOLD,
                hs_plural(rejects->count - REJECTS_TOLD, "row", "rows"));
  if (form == HS_FORM_JSON)
    hs_fit_json(fit, &out);
  else if (form == HS_FORM_CSV)
    hs_fit_csv(fit, &out);
  else if (form == HS_FORM_HTML)
    hs_fit_html(fit, &out);
  else
    hs_fit_text(fit, hs_cli_width(cli), &out);
  enum hs_status status = hs_form_print(cli, args, form, &out, "the page", err);
  if (status != HS_OK)
    return status;
  return fit->reject_count == 0
             ? HS_OK
             : hs_fail(err, HS_REJECTED_ROWS, "%llu of %llu %s %s rejected",
                       (unsigned long long)fit->reject_count, (unsigned long long)fit->row_count,
                       hs_plural(fit->row_count, "row", "rows"),
                       hs_plural(fit->reject_count, "was", "were"));
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct rejects rejects = {.cli = cli};
  struct hs_programme programme = {.lock = -1};
  struct hs_fit fit;
  struct hs_fit_options asked = {.theirs = hs_args_at(args, 0).data,
                                 .ours = hs_args_text(args, "ours").data,
                                 .on_reject = tell_reject,
                                 .context = &rejects};
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = hs_args_delimiter(args, &asked.delimiter, err);
  if (status == HS_OK)
    status = open_ours(cli, args, &programme, &asked, err);
  if (status == HS_OK)
    status = hs_fit_make(hs_cli_arena(cli), hs_cli_io(cli), &asked, &fit, err);
  if (status == HS_OK)
    status = show(cli, args, &fit, &rejects, form, err);
  hs_programme_close(&programme);
  return status;
}

const struct hs_command hs_cmd_fit = {
    .name = "fit",
    .synopsis =
        "THEIRS.csv|- --data DIR [--ours OURS.csv] [--period 2026-Q3] [--json|--csv|--html FILE]\n"
        "       hansa fit THEIRS.csv|- --ours OURS.csv [--json|--csv|--html FILE]",
    .summary = "before a partnership: do their people want what ours want?",
    .details = "Overlap of intent (queries, landing pages, categories, next purchases, timing) "
               "against overlap\n"
               "of demographics, each with its interval and its sample. Similar audience, "
               "different intent is\n"
               "named as the trap it is; too little data, as too little. A file is an aggregate "
               "(dimension,\n"
               "value, count) or a sample (a row a person, dimensions as columns).",
    .examples = "  hansa fit partner.csv --data programme\n"
                "  hansa fit partner.csv --data programme --ours our-survey.csv --json",
    .positional_min = 1,
    .positional_max = 1,
    .options = options,
    .run = run,
};
