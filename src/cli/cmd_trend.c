#include "cli/commands.h"
#include "cli/rejects.h"

#include <math.h>

#include "cli/figuring.h"
#include "cli/form.h"
#include "service/decide/trend_programme.h"

static const struct hs_option options[] = {
    HS_OPTION_DATA,
    HS_OPTION_DATE("days (YYYY-MM-DD), or of numbers such as 1871 or 1949.25"),
    {"value", HS_OPTION_TEXT, "COL", NULL, 0, 0, "column of what the partnership brings us"},
    {"partner", HS_OPTION_TEXT, "COL", NULL, 0, 0, "column of what it brings the other side"},
    {"effort", HS_OPTION_TEXT, "COL", NULL, 0, 0, "column of what was put in"},
    {"effort-planned", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "effort was varied by plan, so that what follows from it can be estimated"},
    {"company", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of what the whole company did; its growth is netted out"},
    {"cohort", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of whose value a row is, such as the quarter in which customers came"},
    {"period", HS_OPTION_TEXT, "NAME", NULL, 0, 0,
     "add days up to each month, quarter or year (days and weeks become months without it)"},
    {"per-year", HS_OPTION_NUMBER, "N", NULL, 0.01, 400,
     "periods a year, when the times do not say it"},
    {"season", HS_OPTION_INTEGER, "N", NULL, 0, HS_TREND_SEASON_MAX,
     "periods in a round of seasons, 0 for none (a year's, of months and quarters)"},
    {"material", HS_OPTION_NUMBER, "PERCENT", "10", 0.1, 1000, "growth a year that matters"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "90", 51, 99.9,
     "level of the intervals, and the probability that a verdict needs"},
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "JSON instead of text"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "every period as CSV: value, what is fitted, level"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "as one page with pictures, that needs nothing else"},
    {0},
};

static enum hs_status read_period(struct hs_str name, enum hs_trend_period *out, struct hs_err *err)
{
  static const char *const names[] = {"month", "quarter", "year"};
  static const enum hs_trend_period periods[] = {HS_TREND_MONTH, HS_TREND_QUARTER, HS_TREND_YEAR};
  if (name.data == NULL)
    return HS_OK;
  for (size_t i = 0; i < 3; i++)
    if (hs_str_equal(name, hs_str_of(names[i]))) {
      *out = periods[i];
      return HS_OK;
    }
  return hs_fail(err, HS_USAGE, "--period must be month, quarter or year, got '%.*s'",
                 HS_STR_ARG(name));
}

static struct hs_trend_rules read_rules(const struct hs_args *args)
{
  return (struct hs_trend_rules){.material = log1p(hs_args_number(args, "material") / 100),
                                 .mass = hs_args_number(args, "interval") / 100,
                                 .is_effort_planned = hs_args_has(args, "effort-planned")};
}

static enum hs_status read_request(const struct hs_args *args, struct hs_trend_request *out,
                                   struct hs_err *err)
{
  *out = (struct hs_trend_request){
      .path = hs_args_at(args, 0).data,
      .date = hs_args_text(args, "date"),
      .value = hs_args_text(args, "value"),
      .partner = hs_args_text(args, "partner"),
      .effort = hs_args_text(args, "effort"),
      .company = hs_args_text(args, "company"),
      .cohort = hs_args_text(args, "cohort"),
      .per_year = hs_args_has(args, "per-year") ? hs_args_number(args, "per-year") : 0,
      .season = hs_args_has(args, "season") ? (int32_t)hs_args_integer(args, "season") : -1,
      .rules = read_rules(args)};
  if (out->value.data == NULL)
    return hs_fail(err, HS_USAGE, "--value names the column to read, and is missing");
  if (out->rules.is_effort_planned && out->effort.data == NULL)
    return hs_fail(err, HS_USAGE, "--effort-planned goes with --effort");
  enum hs_status status = read_period(hs_args_text(args, "period"), &out->period, err);
  return status == HS_OK ? hs_args_delimiter(args, &out->delimiter, err) : status;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           const struct hs_trend_answer *answer, enum hs_form form,
                           struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_trend_json(answer, &text);
  else if (form == HS_FORM_CSV)
    hs_trend_csv(answer, &text);
  else if (form == HS_FORM_HTML)
    hs_trend_html(answer, &text);
  else
    hs_trend_text(answer, hs_cli_width(cli), &text);
  return hs_form_print(cli, args, form, &text, "the trend", err);
}

static enum hs_status run_on_file(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_err *err)
{
  struct hs_trend_request request;
  struct hs_rejects rejects = {.cli = cli};
  struct hs_trend_answer answer;
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = read_request(args, &request, err);
  if (status == HS_OK)
    status = hs_trend_file(hs_cli_arena(cli), hs_cli_io(cli), &request, hs_rejects_tell_figures,
                           &rejects, &answer, err);
  hs_rejects_end(&rejects);
  if (status == HS_OK)
    status = show(cli, args, &answer, form, err);
  return status == HS_OK ? hs_rejects_status_of(&rejects, answer.row_count, err) : status;
}

static enum hs_status show_programme(struct hs_cli *cli, const struct hs_args *args,
                                     const struct hs_trend_programme *trends, enum hs_form form,
                                     struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_trend_programme_json(trends, &text);
  else if (form == HS_FORM_CSV)
    hs_trend_programme_csv(trends, &text);
  else if (form == HS_FORM_HTML)
    hs_trend_programme_html(trends, &text);
  else
    hs_trend_programme_text(trends, hs_cli_width(cli), &text);
  return hs_form_print(cli, args, form, &text, "the trends", err);
}

static enum hs_status run_on_programme(struct hs_cli *cli, const struct hs_args *args,
                                       struct hs_err *err)
{
  static const char *const of_files[] = {"date",   "value",    "partner", "effort",    "company",
                                         "period", "per-year", "season",  "delimiter", "cohort"};
  struct hs_programme programme = {.lock = -1};
  struct hs_trend_programme trends;
  const struct hs_trend_rules rules = read_rules(args);
  enum hs_form form = HS_FORM_TEXT;
  if (hs_args_count(args) > 0)
    return hs_fail(err, HS_USAGE, "say either a FILE or a programme: --data DIR");
  for (size_t i = 0; i < sizeof of_files / sizeof of_files[0]; i++)
    if (hs_args_has(args, of_files[i]))
      return hs_fail(err, HS_USAGE, "--%s is of a FILE, and not of a programme", of_files[i]);
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_trend_of_programme(hs_cli_arena(cli), &programme, &rules, &trends, err);
  if (status == HS_OK)
    status = show_programme(cli, args, &trends, form, err);
  hs_programme_close(&programme);
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  if (hs_args_has(args, "data"))
    return run_on_programme(cli, args, err);
  if (hs_args_count(args) == 0)
    return hs_fail(err, HS_USAGE, "say either a FILE or a programme: --data DIR");
  return run_on_file(cli, args, err);
}

const struct hs_command hs_cmd_trend = {
    .name = "trend",
    .synopsis = "FILE.csv|- --date COL --value COL [--partner COL] [--effort COL] [--company COL]\n"
                "                   [--json|--csv|--html FILE]\n"
                "       hansa trend --data DIR [--json|--csv|--html FILE]",
    .summary = "does a partnership compound, has it reached a plateau, does it fade",
    .details =
        "Growth of the last year, net of seasons, of what follows from effort and of the whole\n"
        "company's growth, with its uncertainty; a verdict only at the probability asked for, "
        "else\n"
        "\"too early to say\" with how many more periods would decide. Breaks and simple curves\n"
        "stand beside it. Of a programme, every agreement by month: what its orders came to, the\n"
        "commission on them, costs of the partner as effort, the rest of the company netted out. "
        "Rows that cannot be used are named on standard error and left out (exit\n"
        "code 3).",
    .examples =
        "  hansa trend quarters.csv --date quarter --value revenue --effort spend --json\n"
        "  hansa trend days.csv --date day --value ours --partner theirs --html trend.html\n"
        "  hansa trend years.csv --date year --value sales --company all_sales\n"
        "  hansa trend --data programme --html trends.html",
    .positional_min = 0,
    .positional_max = 1,
    .options = options,
    .run = run,
};
