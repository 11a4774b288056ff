#include "cli/commands.h"
#include "cli/figuring.h"
#include "cli/form.h"
#include "cli/rejects.h"
#include "service/believe/power.h"

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    HS_OPTION_DATE("days or of numbers that count rows"),
    {"outcome", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of what would be judged; with --data orders, revenue or METRIC[@REGION]"},
    {"controls", HS_OPTION_TEXT, "LIST", NULL, 0, 0, "columns or metrics, with commas"},
    {"until", HS_OPTION_TEXT, "DATE", NULL, 0, 0,
     "the first row that is not history; all of it is without it"},
    {"window", HS_OPTION_INTEGER, "ROWS", "28", 1, 3660, "rows that would be judged"},
    {"dates", HS_OPTION_INTEGER, "N", "24", 2, 400, "at most so many dates of the history"},
    {"effects", HS_OPTION_TEXT, "LIST", "0,2,5,10,20", 0, 0,
     "effects in percent of what was to be expected, with commas"},
    {"power", HS_OPTION_NUMBER, "PERCENT", "80", 50, 99, "of the smallest effect that is shown"},
    HS_OPTION_SEASON,
    {"mode", HS_OPTION_TEXT, "MODE", "default", 0, 0, "default or parity"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "95", 50, 99.9, "level of the intervals"},
    {"draws", HS_OPTION_INTEGER, "N", "1000", 100, 100000, "where the method draws"},
    {"seed", HS_OPTION_INTEGER, "S", "1", 0, 9007199254740991.0, "of the draws"},
    {"threads", HS_OPTION_INTEGER, "N", "0", 0, 64, "0 is one per processor; changes no figure"},
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "how often each effect is found, as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "as one page with a picture, or - for output"},
    {0},
};

static enum hs_status read_effects(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_power_asking *a, struct hs_err *err)
{
  struct hs_str *texts = NULL;
  size_t count = 0;
  enum hs_status status = hs_figuring_names(cli, args, "effects", &texts, &count, err);
  if (status != HS_OK)
    return status;
  double *effects = hs_arena_alloc(hs_cli_arena(cli), count, sizeof *effects);
  if (effects == NULL)
    return hs_arena_full(hs_cli_arena(cli), "effects", err);
  for (size_t i = 0; i < count; i++) {
    if (!hs_parse_double(texts[i], &effects[i]) || effects[i] < -100 || effects[i] > 10000)
      return hs_fail(err, HS_USAGE, "--effects must be percents from -100 to 10000, got '%.*s'",
                     HS_STR_ARG(texts[i]));
    effects[i] /= 100;
  }
  a->effects = effects;
  a->effect_count = count;
  return HS_OK;
}

static enum hs_status read_asking(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_power_asking *a, struct hs_err *err)
{
  struct hs_str mode = hs_args_text(args, "mode");
  struct hs_str *controls = NULL;
  *a = (struct hs_power_asking){
      .file = {.path = hs_args_count(args) == 1 ? hs_args_at(args, 0).data : NULL,
               .date = hs_args_text(args, "date"),
               .outcome = hs_args_text(args, "outcome")},
      .until = hs_args_text(args, "until"),
      .window_rows = (size_t)hs_args_integer(args, "window"),
      .date_count = (size_t)hs_args_integer(args, "dates"),
      .power = hs_args_number(args, "power") / 100,
      .common = {.season = hs_figuring_season(args),
                 .level = hs_args_number(args, "interval") / 100,
                 .seed = (uint64_t)hs_args_integer(args, "seed"),
                 .draws = (uint32_t)hs_args_integer(args, "draws"),
                 .threads = (size_t)hs_args_integer(args, "threads")},
  };
  if (a->file.outcome.data == NULL)
    return hs_fail(err, HS_USAGE, "--outcome names the column to look at, and is missing");
  if (!hs_influence_mode_parse(mode, &a->mode))
    return hs_fail(err, HS_USAGE, "--mode must be default or parity, got '%.*s'", HS_STR_ARG(mode));
  enum hs_status status = hs_args_delimiter(args, &a->file.delimiter, err);
  if (status == HS_OK)
    status = read_effects(cli, args, a, err);
  if (status == HS_OK)
    status = hs_figuring_names(cli, args, "controls", &controls, &a->file.control_count, err);
  a->file.controls = controls;
  return status;
}

static enum hs_status ask_programme(struct hs_cli *cli, const struct hs_args *args,
                                    const struct hs_power_asking *asking,
                                    struct hs_power_answer *answer, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  enum hs_status status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_power_programme(hs_cli_arena(cli), &programme, asking, answer, err);
  hs_programme_close(&programme);
  return status;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           const struct hs_power_answer *answer, enum hs_form form,
                           struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_power_json(answer, &text);
  else if (form == HS_FORM_CSV)
    hs_power_csv(answer, &text);
  else if (form == HS_FORM_HTML)
    hs_power_html(answer, &text);
  else
    hs_power_text(answer, hs_cli_width(cli), &text);
  return hs_form_print(cli, args, form, &text, "the power", err);
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  struct hs_power_asking asking;
  struct hs_power_answer answer;
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_figuring_source(args, 0, err);
  if (status == HS_OK)
    status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = read_asking(cli, args, &asking, err);
  if (status == HS_OK && asking.file.path == NULL)
    status = ask_programme(cli, args, &asking, &answer, err);
  else if (status == HS_OK)
    status = hs_power_file(hs_cli_arena(cli), hs_cli_io(cli), &asking, hs_rejects_tell_figures,
                           &rejects, &answer, err);
  hs_rejects_end(&rejects);
  if (status == HS_OK)
    status = show(cli, args, &answer, form, err);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

const struct hs_command hs_cmd_power = {
    .name = "power",
    .synopsis = "FILE.csv --outcome COL [--controls LIST] [--window ROWS] [--effects LIST] "
                "[--json|--csv|--html FILE]\n"
                "       hansa power --data DIR --outcome orders|revenue|METRIC [--until DAY]",
    .summary = "what the influence of a partner would have to be to be seen in a series",
    .details =
        "Tries the method at dates of the history, where nothing happened: how often it finds\n"
        "something there, and how often it finds an effect that is put in. A method that finds\n"
        "too much where nothing happened is told no power.",
    .examples = "  hansa power daily.csv --outcome sales --controls category_searches --window 28",
    .positional_min = 0,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
