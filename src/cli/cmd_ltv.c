#include "cli/commands.h"

#include <math.h>

#include "cli/form.h"
#include "cli/rejects.h"
#include "service/decide/lifetime_write.h"
#include "service/decide/ltv.h"
#include "service/decide/worth.h"

/* Worlds in which channels are compared; each interval end is then good to a few in the hundred. */
#define WORLDS 2000

static const struct hs_option options[] = {
    HS_OPTION_DATA,
    {"look-back", HS_OPTION_INTEGER, "DAYS", "30", 1, 365,
     "with --data: how long before an order a touchpoint counts"},
    {"summary", HS_OPTION_TEXT, "COLUMNS", NULL, 0, 0,
     "one row a customer: repeat purchases, time of the last, time watched, mean value (may be "
     "left out)"},
    {"log", HS_OPTION_TEXT, "COLUMNS", NULL, 0, 0,
     "one row a purchase: customer, day, value (may be left out)"},
    {"until", HS_OPTION_TEXT, "DAY", NULL, 0, 0,
     "with --log: learn up to this day, hold against what follows; the first half without it"},
    {"horizon", HS_OPTION_NUMBER, "N", "52", 0.01, 100000,
     "how far to look ahead, in the file's unit of time; a log is counted in weeks"},
    {"year", HS_OPTION_NUMBER, "N", "52", 0.01, 1000000, "how many of those units a year has"},
    {"discount", HS_OPTION_NUMBER, "PERCENT", "10", 0, 1000, "a year"},
    {"margin", HS_OPTION_NUMBER, "PERCENT", "100", 0, 100, "what is left of a purchase's value"},
    {"model", HS_OPTION_TEXT, "NAME", "both", 0, 0, "bgnbd, or both it and pareto"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "90", 1, 99.9, "level of the intervals"},
    {"draws", HS_OPTION_INTEGER, "N", "200", 0, 100000,
     "of the intervals, by curvature and by resampling each; 0 for none"},
    {"seed", HS_OPTION_INTEGER, "N", "1", 0, 9007199254740991.0, "of the draws"},
    {"threads", HS_OPTION_INTEGER, "N", "0", 0, 64, "0 is one per processor"},
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "JSON instead of tables"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "CSV: a row a figure; with --data a row a channel"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "as one page that needs nothing else, or - for output"},
    {0},
};

static enum hs_status read_lifetime(const struct hs_args *args, struct hs_lifetime_options *out,
                                    struct hs_err *err)
{
  struct hs_str model = hs_args_text(args, "model");
  int is_both = hs_str_equal(model, HS_STR("both"));
  if (!is_both && !hs_str_equal(model, HS_STR("bgnbd")))
    return hs_fail(err, HS_USAGE, "--model must be bgnbd or both, got '%.*s'", HS_STR_ARG(model));
  *out = (struct hs_lifetime_options){
      .horizon = hs_args_number(args, "horizon"),
      .discount = log1p(hs_args_number(args, "discount") / 100) / hs_args_number(args, "year"),
      .margin = hs_args_number(args, "margin") / 100,
      .level = hs_args_number(args, "interval") / 100,
      .draws = (uint32_t)hs_args_integer(args, "draws"),
      .seed = (uint64_t)hs_args_integer(args, "seed"),
      .threads = (size_t)hs_args_integer(args, "threads"),
      .with_pareto = is_both,
  };
  return HS_OK;
}

static enum hs_status read_options(const struct hs_args *args, struct hs_ltv_file_options *out,
                                   struct hs_err *err)
{
  int is_log = hs_args_has(args, "log");
  *out = (struct hs_ltv_file_options){.until_day = INT32_MIN};
  if (is_log == hs_args_has(args, "summary"))
    return hs_fail(err, HS_USAGE,
                   "say what a row is: --summary x,t_x,T,zbar (a customer) or --log "
                   "customer,day,value (a purchase)");
  if (hs_args_has(args, "until") && !is_log)
    return hs_fail(err, HS_USAGE, "--until goes with --log: a summary has no days");
  if (hs_args_has(args, "until") && !hs_parse_day(hs_args_text(args, "until"), &out->until_day))
    return hs_fail(err, HS_USAGE, "--until must be a day such as 2026-09-30, got '%.*s'",
                   HS_STR_ARG(hs_args_text(args, "until")));
  enum hs_status status = hs_ltv_columns(hs_args_text(args, is_log ? "log" : "summary"),
                                         is_log ? HS_LTV_LOG : HS_LTV_SUMMARY, out, err);
  if (!status)
    status = hs_args_delimiter(args, &out->delimiter, err);
  return status ? status : read_lifetime(args, &out->lifetime, err);
}

static enum hs_status run_on_programme(struct hs_cli *cli, const struct hs_args *args,
                                       enum hs_form form, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_worth_of_customers worth = {0};
  struct hs_worth_options asked = {.look_back_us = hs_args_integer(args, "look-back") * HS_DAY_US,
                                   .worlds = WORLDS,
                                   .interrupt = hs_cli_interrupt_flag()};
  if (hs_args_count(args) > 0 || hs_args_has(args, "summary") || hs_args_has(args, "log") ||
      hs_args_has(args, "until"))
    return hs_fail(err, HS_USAGE, "say either a FILE or a programme: --data DIR");
  enum hs_status status = read_lifetime(args, &asked.lifetime, err);
  if (!status)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (!status)
    status = hs_worth_make(&programme, &asked, &worth, err);
  if (!status) {
    struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
    if (form == HS_FORM_JSON)
      hs_worth_json(&worth, &out);
    else if (form == HS_FORM_CSV)
      hs_worth_csv(&worth, &out);
    else if (form == HS_FORM_HTML)
      hs_worth_html(&worth, &out);
    else
      hs_worth_text(&worth, hs_cli_width(cli), &out);
    status = hs_form_print(cli, args, form, &out, "the answer", err);
  }
  hs_worth_release(&worth);
  hs_programme_close(&programme);
  return status;
}

static enum hs_status run_on_file(struct hs_cli *cli, const struct hs_args *args, enum hs_form form,
                                  struct hs_err *err)
{
  struct hs_ltv_file_options asked;
  struct hs_rejects rejects = {.cli = cli};
  struct hs_ltv ltv;
  enum hs_status status = read_options(args, &asked, err);
  if (!status)
    status = hs_ltv_file(hs_cli_arena(cli), hs_cli_io(cli), hs_args_at(args, 0).data, &asked,
                         hs_rejects_tell_figures, &rejects, &ltv, err);
  hs_rejects_end(&rejects);
  if (status)
    return status;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_ltv_json(&ltv, &out);
  else if (form == HS_FORM_CSV)
    hs_lifetime_csv(&ltv.lifetime, &out);
  else if (form == HS_FORM_HTML)
    hs_ltv_html(&ltv, &out);
  else
    hs_ltv_text(&ltv, hs_cli_width(cli), &out);
  status = hs_form_print(cli, args, form, &out, "the answer", err);
  return status ? status : hs_rejects_status_of(&rejects, ltv.row_count, err);
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status)
    return status;
  if (hs_args_has(args, "data"))
    return run_on_programme(cli, args, form, err);
  if (hs_args_count(args) == 0)
    return hs_fail(err, HS_USAGE, "say either a FILE or a programme: --data DIR");
  if (hs_args_has(args, "look-back"))
    return hs_fail(err, HS_USAGE, "--look-back goes with a programme (--data)");
  return run_on_file(cli, args, form, err);
}

const struct hs_command hs_cmd_ltv = {
    .name = "ltv",
    .synopsis = "FILE.csv|- --summary x,t_x,T[,zbar] [--horizon N] [--json|--csv|--html FILE]\n"
                "       hansa ltv FILE.csv|- --log customer,day[,value] [--until DAY] "
                "[--json|--csv|--html FILE]\n"
                "       hansa ltv --data DIR [--horizon N] [--json|--csv|--html FILE]",
    .summary = "what customers are worth: how often they buy, when they stop, what they spend",
    .details =
        "BG/NBD and Pareto/NBD for how often customers buy and when they stop, Gamma-Gamma for "
        "what\n"
        "a purchase is worth, each with intervals by the curvature of the likelihood and by\n"
        "resampling customers; the correlation of the two; and a table of what customers bought "
        "in\n"
        "a time that was kept from the models. From a programme, also by the channels that "
        "brought\n"
        "the customers. Rows that cannot be used are named on standard\n"
        "error and left out (exit code 3).",
    .examples = "  hansa ltv customers.csv --summary x,t_x,T,zbar --json\n"
                "  hansa ltv purchases.csv --log customer,day,value --until 2026-06-30\n"
                "  hansa ltv purchases.csv --log customer,day,value --margin 35 --horizon 104\n"
                "  hansa ltv --data programme --margin 35",
    .positional_min = 0,
    .positional_max = 1,
    .options = options,
    .run = run,
};
