#include <math.h>

#include "cli/commands.h"
#include "cli/figuring.h"
#include "cli/form.h"
#include "cli/rejects.h"
#include "service/believe/geo_pairs.h"

static const struct hs_option options[] = {
    HS_OPTION_DATA,
    {"unit", HS_OPTION_TEXT, "COL", NULL, 0, 0, "column of the regions"},
    {"time", HS_OPTION_TEXT, "COL", NULL, 0, 0, "column of the days or numbers of periods"},
    {"outcome", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of what is measured; with --data the metric of a series by region"},
    {"treated", HS_OPTION_LIST, "NAMES", NULL, 0, 0, "regions in which it began; may be repeated"},
    {"start", HS_OPTION_TEXT, "TIME", NULL, 0, 0, "the first period with it"},
    {"end", HS_OPTION_TEXT, "TIME", NULL, 0, 0,
     "the last period that counts, the last of all without it; one to come makes it a look before "
     "the end"},
    {"controls", HS_OPTION_LIST, "NAMES", NULL, 0, 0,
     "compare with these alone; with all the others without it"},
    {"without", HS_OPTION_LIST, "NAMES", NULL, 0, 0, "do not compare with these"},
    {"method", HS_OPTION_TEXT, "METHOD", "sc", 0, 0, "sc, ascm, sdid, tbr, or tm for pairs"},
    {"without-fixed-effects", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "of sc and ascm: levels are compared too"},
    {"lambda", HS_OPTION_NUMBER, "PENALTY", NULL, 1e-300, 1e300,
     "of ascm; chosen from the periods before the start without it"},
    {"cost", HS_OPTION_TEXT, "COL", NULL, 0, 0, "column of what was spent: the return per unit"},
    {"pair", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "of tm: column of which pair a region is of; one of each was drawn by lot"},
    {"absent-is-zero", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "a region without a row in a period had nothing in it"},
    HS_OPTION_SEASON,
    HS_OPTION_EVENT("what else happened in the window, which lowers the grade: "),
    {"interval", HS_OPTION_NUMBER, "PERCENT", "95", 1, 99.9, "level of the interval"},
    {"replicates", HS_OPTION_INTEGER, "N", "200", 0, 100000,
     "of sdid: placebos for its standard error"},
    {"seed", HS_OPTION_INTEGER, "N", "1", 0, 9007199254740992.0, "of those placebos"},
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "JSON, numbers in full precision"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "CSV, one row a period"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "one page with pictures that needs nothing else; - for standard output"},
    {0},
};

static enum hs_status read_names(struct hs_cli *cli, const struct hs_args *args, const char *option,
                                 const struct hs_str **out, size_t *count, struct hs_err *err)
{
  struct hs_str *names = NULL;
  struct hs_str value;
  size_t index = 0;
  size_t n = 0;
  while (hs_args_next(args, option, &index, &value)) {
    struct hs_str *grown = hs_arena_grow(hs_cli_arena(cli), names, n, n + 1, sizeof *names);
    if (grown == NULL)
      return hs_arena_full(hs_cli_arena(cli), "names", err);
    names = grown;
    names[n++] = value;
  }
  *out = names;
  *count = n;
  return HS_OK;
}

static enum hs_status check_present(const struct hs_args *args, const char *const *names,
                                    struct hs_err *err)
{
  for (; *names != NULL; names++)
    if (!hs_args_has(args, *names))
      return hs_fail(err, HS_USAGE, "--%s is missing", *names);
  return HS_OK;
}

/* What cannot be guessed, and what a programme has no use for. */
static enum hs_status check_needed(const struct hs_args *args, struct hs_err *err)
{
  static const char *const NEEDED[] = {"outcome", "treated", "start", NULL};
  static const char *const OF_FILES[] = {"unit", "time", NULL};
  static const char *const NOT_OF_PROGRAMMES[] = {"unit", "time",      "cost",
                                                  "pair", "delimiter", NULL};
  int is_programme = hs_args_has(args, "data");
  if ((hs_args_count(args) == 1) == is_programme)
    return hs_fail(err, HS_USAGE, "say either a FILE or a programme: --data DIR");
  for (const char *const *name = NOT_OF_PROGRAMMES; is_programme && *name != NULL; name++)
    if (hs_args_has(args, *name))
      return hs_fail(err, HS_USAGE, "--%s goes with a file, not with --data", *name);
  enum hs_status status = check_present(args, NEEDED, err);
  return status == HS_OK && !is_programme ? check_present(args, OF_FILES, err) : status;
}

/* An option that would change nothing is a misunderstanding. */
static enum hs_status check_method(const struct hs_args *args, enum hs_geo_method method,
                                   struct hs_err *err)
{
  static const struct {
    const char *option;
    unsigned methods;
  } OF[] = {{"lambda", 1U << HS_GEO_ASCM},
            {"without-fixed-effects", 1U << HS_GEO_SC | 1U << HS_GEO_ASCM},
            {"replicates", 1U << HS_GEO_SDID},
            {"seed", 1U << HS_GEO_SDID},
            {"pair", 0}};
  for (size_t i = 0; i < sizeof OF / sizeof *OF; i++)
    if (hs_args_has(args, OF[i].option) && !(OF[i].methods >> method & 1))
      return hs_fail(err, HS_USAGE, "--%s means nothing to the method %s", OF[i].option,
                     hs_geo_method_name(method));
  return HS_OK;
}

/* What every method is asked about. */
static enum hs_status read_file_request(struct hs_cli *cli, const struct hs_args *args,
                                        struct hs_geo_request *out, struct hs_err *err)
{
  *out = (struct hs_geo_request){
      .path = hs_args_count(args) == 1 ? hs_args_at(args, 0).data : NULL,
      .unit = hs_args_text(args, "unit"),
      .time = hs_args_text(args, "time"),
      .outcome = hs_args_text(args, "outcome"),
      .cost = hs_args_text(args, "cost"),
      .pair = hs_args_text(args, "pair"),
      .start = hs_args_text(args, "start"),
      .end = hs_args_text(args, "end"),
      .absent_is_zero = hs_args_has(args, "absent-is-zero"),
      .season = hs_figuring_season(args),
      .lambda = (double)NAN,
      .level = hs_args_number(args, "interval") / 100,
  };
  enum hs_status status = check_needed(args, err);
  if (status == HS_OK)
    status = hs_args_delimiter(args, &out->delimiter, err);
  if (status == HS_OK)
    status = hs_figuring_events(cli, args, &out->events, &out->event_count, err);
  return status == HS_OK ? read_names(cli, args, "treated", &out->treated, &out->treated_count, err)
                         : status;
}

static enum hs_status read_request(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_geo_request *out, struct hs_err *err)
{
  struct hs_str method = hs_args_text(args, "method");
  enum hs_status status = read_file_request(cli, args, out, err);
  if (status != HS_OK)
    return status;
  out->without_fixed_effects = hs_args_has(args, "without-fixed-effects");
  out->replicates = (size_t)hs_args_integer(args, "replicates");
  out->seed = (uint64_t)hs_args_integer(args, "seed");
  if (hs_args_has(args, "lambda"))
    out->lambda = hs_args_number(args, "lambda");
  if (!hs_geo_method_parse(method, &out->method))
    return hs_fail(err, HS_USAGE, "there is no method '%.*s'; there are sc, ascm, sdid, tbr, tm",
                   HS_STR_ARG(method));
  status = check_method(args, out->method, err);
  if (status == HS_OK)
    status = read_names(cli, args, "controls", &out->controls, &out->control_count, err);
  return status == HS_OK
             ? read_names(cli, args, "without", &out->excluded, &out->excluded_count, err)
             : status;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args, enum hs_form form,
                           const struct hs_geo_answer *answer, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_geo_json(answer, &out);
  else if (form == HS_FORM_CSV)
    hs_geo_csv(answer, &out);
  else if (form == HS_FORM_HTML)
    hs_geo_html(answer, &out);
  else
    hs_geo_text(answer, hs_cli_width(cli), &out);
  return hs_form_print(cli, args, form, &out, "the page", err);
}

static enum hs_status ask_programme(struct hs_cli *cli, const struct hs_args *args,
                                    const struct hs_geo_request *request,
                                    struct hs_geo_answer *answer, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  enum hs_status status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_geo_programme(hs_cli_arena(cli), &programme, request, answer, err);
  hs_programme_close(&programme);
  return status;
}

static enum hs_status run_regions(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_rejects *rejects, struct hs_err *err)
{
  struct hs_geo_request request;
  struct hs_geo_answer answer;
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = read_request(cli, args, &request, err);
  if (status == HS_OK && request.path == NULL)
    status = ask_programme(cli, args, &request, &answer, err);
  else if (status == HS_OK)
    status = hs_geo_file(hs_cli_arena(cli), hs_cli_io(cli), &request, hs_rejects_tell_figures,
                         rejects, &answer, err);
  return status == HS_OK ? show(cli, args, form, &answer, err) : status;
}

/* Pairs have no weights, no series and no page. */
static enum hs_status check_pairs(const struct hs_args *args, enum hs_form form, struct hs_err *err)
{
  static const char *const MEANINGLESS[] = {"controls", "without", "without-fixed-effects",
                                            "lambda",   "seed",    "replicates",
                                            "season",   "event",   "data",
                                            NULL};
  for (const char *const *name = MEANINGLESS; *name != NULL; name++)
    if (hs_args_has(args, *name))
      return hs_fail(err, HS_USAGE, "--%s means nothing to the method tm", *name);
  if (form != HS_FORM_TEXT && form != HS_FORM_JSON)
    return hs_fail(err, HS_USAGE, "the method tm is told as text or with --json");
  if (!hs_args_has(args, "pair") || !hs_args_has(args, "cost"))
    return hs_fail(err, HS_USAGE, "the method tm needs --pair and --cost");
  return HS_OK;
}

static enum hs_status run_pairs(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_rejects *rejects, struct hs_err *err)
{
  struct hs_geo_request request;
  struct hs_geo_pairs_answer answer;
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = check_pairs(args, form, err);
  if (status == HS_OK)
    status = read_file_request(cli, args, &request, err);
  if (status == HS_OK)
    status = hs_geo_pairs_file(hs_cli_arena(cli), hs_cli_io(cli), &request, hs_rejects_tell_figures,
                               rejects, &answer, err);
  if (status != HS_OK)
    return status;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_geo_pairs_json(&answer, &out);
  else
    hs_geo_pairs_text(&answer, hs_cli_width(cli), &out);
  return hs_form_print(cli, args, form, &out, "the answer", err);
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  int is_paired = hs_str_equal(hs_args_text(args, "method"), HS_STR("tm"));
  enum hs_status status =
      is_paired ? run_pairs(cli, args, &rejects, err) : run_regions(cli, args, &rejects, err);
  hs_rejects_end(&rejects);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

const struct hs_command hs_cmd_geo = {
    .name = "geo",
    .synopsis = "FILE.csv|- --unit COL --time COL --outcome COL --treated NAMES --start TIME "
                "[--method sc|ascm|sdid|tbr|tm] [--json|--csv|--html FILE]\n"
                "       hansa geo --data DIR --outcome METRIC --treated NAMES --start DAY",
    .summary = "what changed in some regions, by what the others did",
    .details =
        "From a CSV file with one row a region and period, or from the series of a programme that\n"
        "have regions. The regions without it say what would have been: by weights that repeat "
        "the\n"
        "history (sc, ascm, sdid) or by a regression on their total (tbr); tm is for pairs of "
        "which\n"
        "one was drawn by lot. p and interval come from one test, so that they never disagree; "
        "the\n"
        "grade of the evidence follows from what was checked. Methods: docs/reference/geo.md.",
    .examples =
        "  hansa geo sales.csv --unit city --time day --outcome orders --treated "
        "hamburg,bremen \\\n"
        "      --start 2026-04-01\n"
        "  hansa geo sales.csv --unit city --time week --outcome revenue --treated lyon \\\n"
        "      --start 40 --method sdid --html lyon.html\n"
        "  hansa geo --data programme --outcome brand_searches --treated north --start 2026-03-01",
    .positional_min = 0,
    .positional_max = 1,
    .options = options,
    .run = run,
};
