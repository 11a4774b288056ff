#include "cli/commands.h"
#include "cli/form.h"
#include "service/decide/case.h"

static const struct hs_option options[] = {
    HS_OPTION_DATA,
    {"plan", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "CSV of what the record does not know: item,low,likely,high,source[,evidence,sha256]"},
    {"next", HS_OPTION_NUMBER, "AMOUNT", NULL, 0, 1e15,
     "where so much more money would bring most"},
    {"margin", HS_OPTION_NUMBER, "PERCENT", "100", 0.01, 100,
     "what is left of an order's value before what it took to win it"},
    {"horizon", HS_OPTION_NUMBER, "WEEKS", "104", 1, 5200, "over which a customer's value counts"},
    {"discount", HS_OPTION_NUMBER, "PERCENT", "10", 0, 1000, "a year"},
    {"look-back", HS_OPTION_INTEGER, "DAYS", "30", 1, 365,
     "how long before an order a touchpoint counts"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "90", 1, 99.9, "level of the intervals"},
    {"draws", HS_OPTION_INTEGER, "N", "4000", 100, 1000000, "scenarios"},
    {"seed", HS_OPTION_INTEGER, "N", "1", 0, 9007199254740991.0, "of the scenarios"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "JSON instead of text"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "the lines as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "one page that needs nothing else; - for stdout"},
    {0},
};

static enum hs_status read_options(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_capital_options *out, struct hs_err *err)
{
  *out = (struct hs_capital_options){
      .horizon_weeks = hs_args_number(args, "horizon"),
      .margin = hs_args_number(args, "margin") / 100,
      .discount = hs_args_number(args, "discount") / 100,
      .level = hs_args_number(args, "interval") / 100,
      .draws = (uint32_t)hs_args_integer(args, "draws"),
      .seed = (uint64_t)hs_args_integer(args, "seed"),
      .look_back_us = hs_args_integer(args, "look-back") * HS_DAY_US,
      .next_amount = hs_args_number(args, "next"),
      .interrupt = hs_cli_interrupt_flag(),
  };
  hs_plan_usual(&out->plan);
  return hs_args_has(args, "plan") ? hs_plan_read(hs_cli_arena(cli), hs_cli_io(cli),
                                                  hs_args_text(args, "plan").data, &out->plan, err)
                                   : HS_OK;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args, enum hs_form form,
                           const struct hs_capital_case *made, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_capital_json(made, &out);
  else if (form == HS_FORM_CSV)
    hs_capital_csv(made, &out);
  else if (form == HS_FORM_HTML)
    hs_capital_html(made, &out);
  else
    hs_capital_text(made, hs_cli_width(cli), &out);
  enum hs_status status = hs_buf_status(&out, "the case", err);
  return status ? status : hs_form_print(cli, args, form, &out, "case", err);
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_capital_options asked;
  struct hs_capital_case made = {0};
  enum hs_form form;
  enum hs_status status = hs_form_read(args, &form, err);
  if (!status)
    status = read_options(cli, args, &asked, err);
  if (!status)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (!status)
    status = hs_capital_make(&programme, &asked, &made, err);
  if (!status)
    status = show(cli, args, form, &made, err);
  hs_capital_release(&made);
  hs_programme_close(&programme);
  return status;
}

const struct hs_command hs_cmd_case = {
    .name = "case",
    .synopsis = "--data DIR [--margin PERCENT] [--plan FILE.csv] [--next AMOUNT] "
                "[--json|--csv|--html FILE]",
    .summary = "the case for capital: partners, paid channels or building it ourselves",
    .details =
        "The answer first: partnerships, paid channels or building it, with what would change it,\n"
        "where the next amount would bring most, and what costs without selling. Below that what "
        "each\n"
        "partnership cost, fully loaded, and what its customers are worth; whether it pays, and "
        "where\n"
        "nobody measured that, what would have to be true. Defensible is what the record holds and "
        "what\n"
        "has evidence that can be checked; what rests on somebody's word stands apart. Nothing is "
        "owed\n"
        "or paid by it.",
    .examples = "  hansa case --data programme --margin 40\n"
                "  hansa case --data programme --margin 40 --plan plan.csv --html case.html\n"
                "  hansa case --data programme --margin 40 --plan plan.csv --next 50000 --json",
    .positional_min = 0,
    .positional_max = 0,
    .options = options,
    .run = run,
};
