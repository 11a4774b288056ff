#include "cli/commands.h"
#include "cli/figuring.h"
#include "cli/form.h"
#include "cli/rejects.h"
#include "service/believe/influence.h"

#define INFLUENCE_TEXT_BYTES_MAX (256 * HS_MIB)

static enum hs_status read_request(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_influence_request *request, struct hs_err *err)
{
  struct hs_str mode = hs_args_text(args, "mode");
  struct hs_str date = hs_args_text(args, "date");
  *request = (struct hs_influence_request){
      .path = hs_args_count(args) == 1 ? hs_args_at(args, 0).data : NULL,
      .file = {.date = hs_str_equal(date, HS_STR("none")) ? (struct hs_str){0} : date,
               .outcome = hs_args_text(args, "outcome")},
      .start = hs_args_text(args, "start"),
      .end = hs_args_text(args, "end"),
      .season = hs_figuring_season(args),
      .level = hs_args_number(args, "interval") / 100,
      .draws = (uint32_t)hs_args_integer(args, "draws"),
      .seed = (uint64_t)hs_args_integer(args, "seed"),
      .threads = (size_t)hs_args_integer(args, "threads"),
  };
  if (request->file.outcome.data == NULL)
    return hs_fail(err, HS_USAGE, "--outcome says what may have changed, and is missing");
  if (!hs_influence_mode_parse(mode, &request->mode))
    return hs_fail(err, HS_USAGE, "--mode must be default or parity, got %.*s", HS_STR_ARG(mode));
  struct hs_str *controls = NULL;
  enum hs_status status = hs_args_delimiter(args, &request->file.delimiter, err);
  if (status == HS_OK)
    status = hs_figuring_names(cli, args, "controls", &controls, &request->file.control_count, err);
  request->file.controls = controls;
  if (status == HS_OK)
    status = hs_figuring_events_of_rows(cli, args, &request->events, &request->event_count, err);
  return status;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           const struct hs_influence_answer *answer, enum hs_form form,
                           struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = hs_arena_init(&arena, INFLUENCE_TEXT_BYTES_MAX, err);
  if (status != HS_OK)
    return status;
  struct hs_buf text = hs_buf_in(&arena);
  if (form == HS_FORM_JSON)
    hs_influence_json(answer, &text);
  else if (form == HS_FORM_CSV)
    hs_influence_csv(answer, &text);
  else if (form == HS_FORM_HTML)
    hs_influence_html(answer, &text);
  else
    hs_influence_text(answer, hs_cli_width(cli), &text);
  status = hs_form_print(cli, args, form, &text, "the influence", err);
  hs_arena_release(&arena);
  return status;
}

static enum hs_status run_on_file(struct hs_cli *cli, const struct hs_args *args,
                                  const struct hs_influence_request *request, enum hs_form form,
                                  struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  struct hs_influence_answer answer;
  enum hs_status status = hs_influence_file(hs_cli_arena(cli), hs_cli_io(cli), request,
                                            hs_rejects_tell_figures, &rejects, &answer, err);
  hs_rejects_end(&rejects);
  if (status == HS_OK)
    status = show(cli, args, &answer, form, err);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

static enum hs_status run_on_programme(struct hs_cli *cli, const struct hs_args *args,
                                       const struct hs_influence_request *request,
                                       enum hs_form form, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_influence_answer answer;
  enum hs_status status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_influence_programme(hs_cli_arena(cli), &programme, request, &answer, err);
  if (status == HS_OK)
    status = show(cli, args, &answer, form, err);
  hs_programme_close(&programme);
  return status;
}

/* An option that would change nothing is a misunderstanding. */
static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_influence_request request;
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_figuring_source(args, 0, err);
  if (status == HS_OK)
    status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = read_request(cli, args, &request, err);
  if (status != HS_OK)
    return status;
  return hs_args_has(args, "data") ? run_on_programme(cli, args, &request, form, err)
                                   : run_on_file(cli, args, &request, form, err);
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    HS_OPTION_DATE("days or numbers that rise; none: the rows count from 1"),
    {"outcome", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of what may have changed; with --data orders, revenue or METRIC[@REGION]"},
    {"controls", HS_OPTION_TEXT, "LIST", NULL, 0, 0,
     "columns or metrics, with commas, that what began cannot have touched"},
    {"start", HS_OPTION_TEXT, "DATE", NULL, 0, 0, "when it began, as the file has its dates"},
    {"end", HS_OPTION_TEXT, "DATE", NULL, 0, 0, "the last to be judged; the last row without it"},
    HS_OPTION_SEASON,
    {"mode", HS_OPTION_TEXT, "MODE", "default", 0, 0,
     "default, or parity for the figures of CausalImpact"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "95", 1, 99.9, "level of the intervals"},
    {"draws", HS_OPTION_INTEGER, "N", "4000", 100, 1000000,
     "from the posterior; in parity mode more are steadier"},
    {"seed", HS_OPTION_INTEGER, "S", "1", 0, 9007199254740992.0, "of the draws"},
    {"threads", HS_OPTION_INTEGER, "N", "0", 0, 64, "0 is one per processor; changes no figure"},
    HS_OPTION_EVENT("what else happened in the window, which lowers the grade: "),
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON, with every row"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "every row as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "as one page with pictures, or - for output"},
    {0},
};

const struct hs_command hs_cmd_influence = {
    .name = "influence",
    .synopsis = "FILE.csv|- --outcome COL --start DATE [--date COL] [--controls a,b] [--season 7] "
                "[--json|--csv|--html FILE]\n"
                "       hansa influence --data DIR --outcome orders|revenue|METRIC --start DATE "
                "[--controls METRICS] [--season 7]",
    .summary = "what changed in a series because of something that began on a day",
    .details =
        "The rows before the start teach what the outcome would have been without it, from its own "
        "past and\n"
        "from controls; what it was, less that, is the effect, with its interval, and a verdict "
        "only when the\n"
        "interval bears one. Evidence is graded from facts. Rows that cannot be used are named on "
        "standard\n"
        "error and left out (exit code 3).",
    .examples =
        "  hansa influence sales.csv --date day --outcome sales --controls visits --start "
        "2026-03-01\n"
        "  hansa influence sales.csv --date day --outcome sales --start 2026-03-01 --season 7 "
        "--html effect.html\n"
        "  hansa influence --data programme --outcome revenue --controls weather --start "
        "2026-03-01 "
        "--season 7",
    .positional_min = 0,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
