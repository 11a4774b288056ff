#include <math.h>

#include "cli/commands.h"
#include "cli/figuring.h"
#include "cli/form.h"
#include "cli/meeting.h"
#include "cli/rejects.h"

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "with --data: whose table"},
    HS_OPTION_MEETING_MODEL,
    HS_OPTION_MEETING_LOOK_BACK,
    HS_OPTION_MEETING_WINDOW,
    HS_OPTION_DATE("days or of numbers that count rows"),
    {"tracked", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of sales tracked for the partner; none before the start"},
    {"lines", HS_OPTION_TEXT, "LIST", NULL, 0, 0,
     "columns of the other lines of sales, with commas: brand_search,organic,direct"},
    {"total", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of all sales; what is in no line becomes the line other"},
    {"controls", HS_OPTION_TEXT, "LIST", NULL, 0, 0,
     "columns, or metrics of imported series, with commas, that the partner cannot have touched"},
    {"start", HS_OPTION_TEXT, "DATE", NULL, 0, 0,
     "when the partner began; with --data its first sign of life without it"},
    {"end", HS_OPTION_TEXT, "DATE", NULL, 0, 0, "the last to be judged; the last row without it"},
    HS_OPTION_SEASON,
    {"mode", HS_OPTION_TEXT, "MODE", "default", 0, 0, "default or parity"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "95", 50, 99.9,
     "level of intervals, and of the posterior that a verdict takes"},
    {"band", HS_OPTION_NUMBER, "PERCENT", "10", 0, 90,
     "so near to what is tracked counts as consistent"},
    {"power", HS_OPTION_NUMBER, "PERCENT", "80", 50, 99, "of the smallest detectable effect"},
    {"kappa", HS_OPTION_NUMBER, "PERCENT", NULL, -1000, 1000,
     "from a hold-out: share of tracked sales that would not have been made otherwise"},
    {"kappa-sd", HS_OPTION_NUMBER, "PERCENT", NULL, 0.0001, 1000, "its standard error"},
    {"another", HS_OPTION_LIST, "DATE..DATE", NULL, 0, 0,
     "when another partner was active; may be repeated"},
    HS_OPTION_EVENT("declared: "),
    {"experiments", HS_OPTION_TEXT, "LIST", "switchback,regions", 0, 0,
     "what could be done to settle it: switchback, regions, or none"},
    {"draws", HS_OPTION_INTEGER, "N", "4000", 400, 100000, "from the joint posterior"},
    {"seed", HS_OPTION_INTEGER, "S", "1", 0, 9007199254740991.0, "of the draws"},
    {"threads", HS_OPTION_INTEGER, "N", "0", 0, 64, "0 is one per processor; changes no figure"},
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "as one page with a picture, or - for output"},
    {0},
};

static enum hs_status read_another(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_halo_asking *a, struct hs_err *err)
{
  struct hs_str text;
  size_t count = 0;
  for (size_t i = 0; hs_args_next(args, "another", &i, &text);)
    count++;
  struct hs_halo_period *periods = hs_arena_alloc(hs_cli_arena(cli), count, sizeof *periods);
  if (periods == NULL)
    return hs_arena_full(hs_cli_arena(cli), "periods of another partner", err);
  for (size_t i = 0; hs_args_next(args, "another", &i, &text);)
    periods[a->another_count++] = hs_figuring_period(text);
  a->another = periods;
  return HS_OK;
}

static enum hs_status read_lists(struct hs_cli *cli, const struct hs_args *args,
                                 struct hs_halo_asking *a, struct hs_err *err)
{
  struct hs_str *lines = NULL;
  struct hs_str *controls = NULL;
  enum hs_status status = hs_figuring_names(cli, args, "lines", &lines, &a->line_count, err);
  if (status == HS_OK)
    status = hs_figuring_names(cli, args, "controls", &controls, &a->control_count, err);
  if (status == HS_OK)
    status = read_another(cli, args, a, err);
  if (status == HS_OK)
    status = hs_cli_experiments(args, a, err);
  if (status == HS_OK)
    status = hs_figuring_events_of_rows(cli, args, &a->events, &a->event_count, err);
  if (status == HS_OK)
    status = hs_args_delimiter(args, &a->file.delimiter, err);
  a->lines = lines;
  a->controls = controls;
  return status;
}

static const char *const OF_FILES[] = {"tracked", "lines", "total", "date", "delimiter"};
static const char *const OF_PROGRAMMES[] = {"partner", "model", "look-back", "window"};

static enum hs_status check(const struct hs_args *args, const struct hs_halo_asking *a,
                            struct hs_err *err)
{
  int has_data = hs_args_has(args, "data");
  if ((hs_args_count(args) == 1) == has_data)
    return hs_fail(err, HS_USAGE, "say either a FILE or a programme: --data DIR --partner NAME");
  if (has_data && !hs_args_has(args, "partner"))
    return hs_fail(err, HS_USAGE, "--partner NAME says whose table; hansa honesty has all of them");
  enum hs_status status =
      has_data ? hs_cli_without(args, OF_FILES, sizeof OF_FILES / sizeof *OF_FILES, "a file", err)
               : hs_cli_without(args, OF_PROGRAMMES, sizeof OF_PROGRAMMES / sizeof *OF_PROGRAMMES,
                                "--data", err);
  if (status != HS_OK)
    return status;
  if (!has_data && (a->tracked.data == NULL || a->start.data == NULL || a->line_count == 0))
    return hs_fail(err, HS_USAGE,
                   "a halo table needs --tracked COL, --lines LIST and --start DATE");
  if (a->line_count >= HS_HONESTY_LINES_MAX)
    return hs_fail(err, HS_USAGE, "--lines has %zu names, at most %zu can be told apart",
                   a->line_count, HS_HONESTY_LINES_MAX - 1);
  if (hs_args_has(args, "kappa") != hs_args_has(args, "kappa-sd"))
    return hs_fail(err, HS_USAGE, "--kappa and --kappa-sd come from one hold-out: give both");
  return HS_OK;
}

static enum hs_status read_asking(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_rejects *rejects, struct hs_halo_asking *a,
                                  struct hs_err *err)
{
  struct hs_str mode = hs_args_text(args, "mode");
  double level = hs_args_number(args, "interval") / 100;
  int has_kappa = hs_args_has(args, "kappa");
  *a = (struct hs_halo_asking){
      .file = {.path = hs_args_count(args) == 1 ? hs_args_at(args, 0).data : NULL,
               .date = hs_args_text(args, "date"),
               .on_reject = hs_rejects_tell_figures,
               .context = rejects},
      .tracked = hs_args_text(args, "tracked"),
      .total = hs_args_text(args, "total"),
      .start = hs_args_text(args, "start"),
      .end = hs_args_text(args, "end"),
      .common = {.season = hs_figuring_season(args),
                 .level = level,
                 .seed = (uint64_t)hs_args_integer(args, "seed"),
                 .draws = (uint32_t)hs_args_integer(args, "draws"),
                 .threads = (size_t)hs_args_integer(args, "threads")},
      .honesty = {.band = hs_args_number(args, "band") / 100,
                  .mass = level,
                  .power = hs_args_number(args, "power") / 100},
      .kappa = has_kappa ? hs_args_number(args, "kappa") / 100 : (double)NAN,
      .kappa_sd = hs_args_number(args, "kappa-sd") / 100,
  };
  if (!hs_influence_mode_parse(mode, &a->mode))
    return hs_fail(err, HS_USAGE, "--mode must be default or parity, got '%.*s'", HS_STR_ARG(mode));
  enum hs_status status = read_lists(cli, args, a, err);
  return status == HS_OK ? check(args, a, err) : status;
}

static enum hs_status ask_programme(struct hs_cli *cli, const struct hs_args *args,
                                    const struct hs_halo_asking *asking,
                                    struct hs_halo_answer *answer, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_meeting meeting;
  struct hs_meeting_options options;
  enum hs_status status = hs_cli_meeting(args, &options, err);
  options.partner = hs_args_text(args, "partner");
  options.start = asking->start;
  options.end = asking->end;
  options.controls = asking->control_count > 0 ? asking->controls : NULL;
  options.control_count = asking->control_count;
  if (status == HS_OK)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_meeting_gather(hs_cli_arena(cli), &programme, &options, &meeting, err);
  const struct hs_meeting_partner *partner =
      status == HS_OK ? hs_meeting_find(&meeting, options.partner) : NULL;
  if (partner != NULL && partner->untested_because != NULL)
    status = hs_fail(err, HS_INSUFFICIENT, "%.*s: %s", HS_STR_ARG(partner->name),
                     partner->untested_because);
  else if (status == HS_OK)
    status = hs_halo_meet(hs_cli_arena(cli), &meeting, partner, asking, answer, err);
  hs_programme_close(&programme);
  return status;
}

static enum hs_status ask(struct hs_cli *cli, const struct hs_args *args,
                          const struct hs_halo_asking *asking, struct hs_halo_answer *answer,
                          struct hs_err *err)
{
  return hs_args_has(args, "data")
             ? ask_programme(cli, args, asking, answer, err)
             : hs_halo_ask(hs_cli_arena(cli), hs_cli_io(cli), asking, answer, err);
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  struct hs_halo_asking asking;
  struct hs_halo_answer answer;
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = read_asking(cli, args, &rejects, &asking, err);
  if (status == HS_OK && hs_args_has(args, "json") && hs_args_has(args, "html"))
    status = hs_fail(err, HS_USAGE, "--json and --html exclude each other");
  if (status == HS_OK)
    status = ask(cli, args, &asking, &answer, err);
  hs_rejects_end(&rejects);
  if (status != HS_OK)
    return status;
  struct hs_buf text = hs_buf_in(hs_cli_arena(cli));
  if (hs_args_has(args, "json")) {
    hs_halo_json(&answer, &text);
  } else if (hs_args_has(args, "html")) {
    form = HS_FORM_HTML;
    hs_halo_html(&answer, &text);
  } else {
    hs_halo_text(&answer, hs_cli_width(cli), &text);
  }
  status = hs_form_print(cli, args, form, &text, "the halo table", err);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

const struct hs_command hs_cmd_halo = {
    .name = "halo",
    .synopsis = "FILE.csv --tracked COL --lines LIST --start DATE [--total COL] [--controls LIST] "
                "[--json|--html FILE]\n"
                "       hansa halo --data DIR --partner NAME [--start DATE] [--json|--html FILE]",
    .summary = "what a partner changed in each line of sales, beside what is tracked for it",
    .details =
        "For a partner that began on a day: what changed in brand search, organic, direct and "
        "other\n"
        "sales, estimated alike, drawn jointly and reconciled so that the parts add up. Says "
        "whether\n"
        "more or less is tracked than the partner brought, or that these data cannot tell and "
        "what\n"
        "would; how many of 100 tracked sales at most would not have been made otherwise, and how\n"
        "much at least was sold elsewhere.",
    .examples =
        "  hansa halo daily.csv --tracked partner --lines brand_search,organic,direct \\\n"
        "    --total sales --controls category_searches --start 2026-03-01 --html halo.html\n"
        "  hansa halo --data programme --partner shop-blog",
    .positional_min = 0,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
