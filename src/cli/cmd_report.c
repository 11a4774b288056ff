#include "cli/commands.h"
#include "cli/form.h"
#include "service/believe/report.h"

#define REPORT_TEXT_BYTES_MAX (256 * HS_MIB)

static enum hs_status read_options(struct hs_programme *programme, const struct hs_args *args,
                                   struct hs_report_options *options, struct hs_err *err)
{
  struct hs_str model = hs_args_text(args, "model");
  struct hs_str period = hs_args_text(args, "period");
  enum hs_status status = hs_report_usual(programme, options, err);
  if (status != HS_OK)
    return status;
  options->look_back_us = hs_args_integer(args, "look-back") * HS_DAY_US;
  options->level = hs_args_number(args, "interval") / 100;
  if (hs_args_has(args, "unseen"))
    options->loss_share = hs_args_number(args, "unseen") / 100;
  if (!hs_model_parse(model, &options->headline) || options->headline == HS_MODEL_HAZARD)
    return hs_fail(err, HS_USAGE,
                   "--model must be first, last, last_non_direct, linear, position, decay, shapley "
                   "or markov, got %.*s",
                   HS_STR_ARG(model));
  if (period.data == NULL)
    return HS_OK;
  options->period_name = period;
  status = hs_args_period(args, programme->zone, &options->period, err);
  options->owed = options->period;
  return status;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           const struct hs_report *report, enum hs_form form, struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = hs_arena_init(&arena, REPORT_TEXT_BYTES_MAX, err);
  if (status != HS_OK)
    return status;
  struct hs_buf text = hs_buf_in(&arena);
  struct hs_report_style style = {hs_cli_width(cli), hs_cli_has_colour(cli)};
  if (form == HS_FORM_JSON)
    hs_report_json(report, &text);
  else if (form == HS_FORM_CSV)
    hs_report_csv(report, &text);
  else if (form == HS_FORM_HTML)
    hs_report_html(report, &text);
  else
    hs_report_text(report, &style, &text);
  status = hs_form_print(cli, args, form, &text, "the report", err);
  hs_arena_release(&arena);
  return status;
}

static void show_posting(void *context, uint64_t sequence, uint64_t until)
{
  hs_cli_progress(context, "posting", until == 0 ? -1 : (double)sequence / (double)until, NULL);
}

static void show_testing(void *context, struct hs_str partner, size_t done, size_t count)
{
  char what[64];
  hs_format_shown(partner, "", what, sizeof what);
  hs_cli_progress(context, what, (double)done / (double)count, NULL);
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_report_options options;
  struct hs_report report = {0};
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = read_options(&programme, args, &options, err);
  options.interrupt = hs_cli_interrupt_flag();
  options.posting = show_posting;
  options.posting_context = cli;
  options.testing = show_testing;
  options.testing_context = cli;
  if (status == HS_OK)
    status = hs_report_make(&programme, &options, &report, err);
  if (status == HS_OK)
    status = show(cli, args, &report, form, err);
  hs_report_release(&report);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0,
     "2026, 2026-Q3, 2026-03, a day, or DAY..DAY; everything without it"},
    {"model", HS_OPTION_TEXT, "MODEL", "shapley", 0, 0, "whose figures stand in front"},
    {"look-back", HS_OPTION_INTEGER, "DAYS", "30", 1, 365,
     "how long before an order a touchpoint counts"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "90", 1, 99.9, "level of the intervals"},
    {"unseen", HS_OPTION_NUMBER, "PERCENT", NULL, 0, 99,
     "share of touchpoints that tracking misses, for the bounds"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "the lines as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "as one page that needs nothing else, with charts"},
    {0},
};

const struct hs_command hs_cmd_report = {
    .name = "report",
    .synopsis = "--data DIR [--period 2026-Q3] [--json|--html FILE|--csv]",
    .summary = "what partners brought, with its limits, and what is owed to them",
    .details = "Revenue with a path of touchpoints behind it, by partner, each figure with its "
               "interval, the range over\n"
               "models, the bounds if touchpoints went unseen, and what the partner could claim. "
               "Then what is not\n"
               "tracked, who has too little data, and activity without sales yet. Beside it, never "
               "added: what lies\n"
               "beyond the click, as an indication, and for each partner that began within the "
               "record what changed\n"
               "because of it, in orders. And, as another question, what the ledger owes to each "
               "partner.",
    .examples = "  hansa report --data programme --period 2026-Q3\n"
                "  hansa report --data programme --period 2026-Q3 --html q3.html",
    .positional_min = 0,
    .positional_max = 0,
    .options = OPTIONS,
    .run = run,
};
