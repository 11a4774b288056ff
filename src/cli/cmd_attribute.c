#include "cli/commands.h"
#include "cli/rejects.h"
#include "service/believe/attribute_programme.h"
#include "service/believe/tables.h"

static const struct hs_option options[] = {
    HS_OPTION_DATA,
    {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0,
     "with --data: 2026, 2026-Q3, 2026-03, a day, or DAY..DAY; everything without it"},
    {"look-back", HS_OPTION_INTEGER, "DAYS", "30", 1, 365,
     "with --data: how long before an order a touchpoint counts"},
    {"path", HS_OPTION_TEXT, "COL", NULL, 0, 0, "column of the paths (path)"},
    {"conversions", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of how often a path ended in an order (conversions, total_conversions)"},
    {"value", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of what those were worth (value, total_conversion_value)"},
    {"null", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of how often it did not (null, total_null)"},
    {"separator", HS_OPTION_TEXT, "TEXT", ">", 0, 0, "what stands between two steps of a path"},
    HS_OPTION_DELIMITER,
    {"models", HS_OPTION_TEXT, "LIST", "first,last,linear,position,decay,markov,shapley", 0, 0,
     "also last_non_direct, and hazard with --data"},
    {"order", HS_OPTION_INTEGER, "K", "1", 1, HS_MARKOV_ORDER_MAX,
     "how many channels back the Markov chain remembers"},
    {"removal", HS_OPTION_TEXT, "LIST", "null", 0, 0,
     "what taking out a channel means: null, skip, renormalise, or several of them"},
    {"direct", HS_OPTION_LIST, "NAME", NULL, 0, 0,
     "a channel that last_non_direct passes over (direct); may be repeated"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "90", 0, 99.9, "level of the intervals; 0 for none"},
    {"draws", HS_OPTION_INTEGER, "N", NULL, 40, 100000,
     "intervals by so many bootstrap replicates instead of the jackknife"},
    {"seed", HS_OPTION_INTEGER, "N", "1", 0, 9007199254740991.0, "of the bootstrap"},
    {"threads", HS_OPTION_INTEGER, "N", "0", 0, 64, "of the bootstrap; 0 is one per processor"},
    {"places", HS_OPTION_INTEGER, "N", NULL, 1, 20,
     "divide Shapley by place in the path, the last of N places for all later ones"},
    {"screen", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "also share single orders by removal effect, with totals of its own"},
    {"unseen", HS_OPTION_NUMBER, "PERCENT", NULL, 0, 99,
     "bounds if this share of touchpoints was never seen"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "JSON instead of tables"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "CSV instead of tables"},
    {0},
};

/* The ways of taking a channel out, in the order asked for. */
struct removals {
  enum hs_removal items[HS_REMOVAL_RENORMALISE + 1];
  size_t count;
};

static int has_removal(const struct removals *removals, enum hs_removal removal)
{
  for (size_t i = 0; i < removals->count; i++)
    if (removals->items[i] == removal)
      return 1;
  return 0;
}

static enum hs_status read_removals(struct hs_str names, struct removals *out, struct hs_err *err)
{
  *out = (struct removals){0};
  while (names.data != NULL) {
    struct hs_str name = hs_str_trim(hs_str_cut(&names, ','));
    enum hs_removal removal = HS_REMOVAL_NULL;
    while (removal <= HS_REMOVAL_RENORMALISE &&
           !hs_str_equal(name, hs_str_of(hs_removal_name(removal))))
      removal++;
    if (removal > HS_REMOVAL_RENORMALISE)
      return hs_fail(err, HS_USAGE, "--removal must be null, skip or renormalise, got '%.*s'",
                     HS_STR_ARG(name));
    if (has_removal(out, removal))
      return hs_fail(err, HS_USAGE, "--removal names %s twice", hs_removal_name(removal));
    out->items[out->count++] = removal;
  }
  return HS_OK;
}

static enum hs_status read_direct(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_str **out, size_t *count, struct hs_err *err)
{
  struct hs_str name;
  size_t n = 0;
  for (size_t i = 0; hs_args_next(args, "direct", &i, &name);)
    n++;
  *out = hs_arena_alloc(hs_cli_arena(cli), n, sizeof **out);
  if (*out == NULL)
    return hs_arena_full(hs_cli_arena(cli), "names of channels", err);
  *count = 0;
  for (size_t i = 0; hs_args_next(args, "direct", &i, &name);)
    (*out)[(*count)++] = name;
  return HS_OK;
}

/* A Markov model stands in the answer once for each way of taking a channel out. */
static enum hs_status add_models(struct hs_cli *cli, const struct hs_model *named, size_t count,
                                 const struct removals *removals, struct hs_attribute_options *o,
                                 struct hs_err *err)
{
  struct hs_model *models =
      hs_arena_alloc(hs_cli_arena(cli), count * removals->count, sizeof *models);
  if (models == NULL)
    return hs_arena_full(hs_cli_arena(cli), "models", err);
  for (size_t m = 0; m < count; m++)
    for (size_t r = 0; r < removals->count; r++) {
      if (r > 0 && named[m].kind != HS_MODEL_MARKOV)
        break;
      models[o->model_count] = named[m];
      models[o->model_count++].removal = removals->items[r];
    }
  o->models = models;
  return HS_OK;
}

static enum hs_status read_models(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_attribute_options *o, struct hs_err *err)
{
  struct hs_model *models = NULL;
  struct hs_str *direct = NULL;
  size_t count = 0;
  size_t direct_count = 0;
  struct removals removals;
  enum hs_status status = read_removals(hs_args_text(args, "removal"), &removals, err);
  if (status == HS_OK)
    status = read_direct(cli, args, &direct, &direct_count, err);
  if (status == HS_OK)
    status =
        hs_attribute_models(hs_cli_arena(cli), hs_args_text(args, "models"), &models, &count, err);
  for (size_t m = 0; status == HS_OK && m < count; m++) {
    models[m].order = (uint32_t)hs_args_integer(args, "order");
    if (direct_count > 0) {
      models[m].direct = direct;
      models[m].direct_count = direct_count;
    }
  }
  return status == HS_OK ? add_models(cli, models, count, &removals, o, err) : status;
}

static void write_result(struct hs_cli *cli, const struct hs_args *args,
                         const struct hs_attribute_result *result, struct hs_buf *out)
{
  if (hs_args_has(args, "json"))
    hs_attribute_json(result, out);
  else if (hs_args_has(args, "csv"))
    hs_attribute_csv(result, out);
  else
    hs_attribute_text(result, hs_cli_width(cli), out);
  hs_cli_write(cli, hs_buf_str(out));
}

static struct hs_attribute_options read_options(const struct hs_args *args)
{
  return (struct hs_attribute_options){
      .file = {.path = hs_args_text(args, "path"),
               .conversions = hs_args_text(args, "conversions"),
               .value = hs_args_text(args, "value"),
               .nulls = hs_args_text(args, "null"),
               .separator = hs_args_text(args, "separator")},
      .level = hs_args_number(args, "interval") / 100,
      .draws = (size_t)hs_args_integer(args, "draws"),
      .seed = (uint64_t)hs_args_integer(args, "seed"),
      .threads = (size_t)hs_args_integer(args, "threads"),
      .place_count = (size_t)hs_args_integer(args, "places"),
      .with_screen = hs_args_has(args, "screen"),
      .untracked_share = hs_args_number(args, "unseen") / 100,
  };
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           const struct hs_attribute_result *result, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  write_result(cli, args, result, &out);
  return hs_buf_status(&out, "the answer", err);
}

static enum hs_status run_on_file(struct hs_cli *cli, const struct hs_args *args,
                                  const struct hs_attribute_options *o, struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  struct hs_attribute_result result;
  enum hs_status status =
      hs_attribute_file(hs_cli_arena(cli), hs_cli_io(cli), hs_args_at(args, 0).data, o,
                        hs_rejects_tell_figures, &rejects, &result, err);
  hs_rejects_end(&rejects);
  if (status == HS_OK)
    status = show(cli, args, &result, err);
  return status == HS_OK ? hs_rejects_status_of(&rejects, result.row_count, err) : status;
}

static enum hs_status run_on_programme(struct hs_cli *cli, const struct hs_args *args,
                                       const struct hs_attribute_options *o, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_analysis_options analysis_options = {0};
  struct hs_analysis analysis = {0};
  struct hs_attribute_result result;
  int has_period = hs_args_has(args, "period");
  enum hs_status status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_tables_options(&programme, &analysis_options, err);
  if (status == HS_OK)
    status = hs_args_period(args, programme.zone, &analysis_options.period, err);
  if (status == HS_OK && !has_period &&
      analysis_options.period.from_us >= analysis_options.period.until_us)
    status = hs_fail(err, HS_INSUFFICIENT, "the programme holds no touchpoint and no order yet");
  analysis_options.interrupt = hs_cli_interrupt_flag();
  analysis_options.look_back_us = hs_args_integer(args, "look-back") * HS_DAY_US;
  if (status == HS_OK)
    status = hs_attribute_programme(&programme, &analysis_options, o, &analysis, &result, err);
  if (status == HS_OK)
    status = show(cli, args, &result, err);
  hs_analysis_release(&analysis);
  hs_programme_close(&programme);
  return status;
}

/* An option that would change nothing is a misunderstanding, and a wrong figure if nobody says so.
 */
static enum hs_status check_source(const struct hs_args *args, int has_file, struct hs_err *err)
{
  static const char *const OF_PROGRAMMES[] = {"period", "look-back", NULL};
  static const char *const OF_FILES[] = {"path",      "conversions", "value", "null",
                                         "separator", "delimiter",   NULL};
  struct hs_str separator = hs_args_text(args, "separator");
  if (has_file == hs_args_has(args, "data"))
    return hs_fail(err, HS_USAGE, "say either a FILE of paths or a programme: --data DIR");
  for (const char *const *name = has_file ? OF_PROGRAMMES : OF_FILES; *name != NULL; name++)
    if (hs_args_has(args, *name))
      return hs_fail(err, HS_USAGE, "--%s goes with %s", *name,
                     has_file ? "a programme (--data), not with a file of paths"
                              : "a file of paths, not with --data");
  if (separator.length == 0)
    return hs_fail(err, HS_USAGE, "--separator must not be empty");
  return HS_OK;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_attribute_options o = read_options(args);
  int has_file = hs_args_count(args) == 1;
  enum hs_status status = check_source(args, has_file, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json") && hs_args_has(args, "csv"))
    return hs_fail(err, HS_USAGE, "--json and --csv cannot stand together");
  status = hs_args_delimiter(args, &o.file.delimiter, err);
  if (status == HS_OK)
    status = read_models(cli, args, &o, err);
  if (status != HS_OK)
    return status;
  return has_file ? run_on_file(cli, args, &o, err) : run_on_programme(cli, args, &o, err);
}

const struct hs_command hs_cmd_attribute = {
    .name = "attribute",
    .synopsis =
        "FILE.csv|- [--models LIST] [--order K] [--json|--csv]\n"
        "       hansa attribute --data DIR [--period 2026-Q3] [--models LIST] [--json|--csv]",
    .summary = "attribute orders to channels, from a file of paths or from a programme",
    .details =
        "From a CSV file (gzip too) with one row a path, without any set-up; or from the journeys "
        "of\n"
        "a programme. Every channel gets its part of the orders and of their value under each "
        "model,\n"
        "with an interval from sampling, the spread over the models, and what the channels could\n"
        "claim. Markov models are exact. Rows that cannot be used are named on standard error and\n"
        "left out (exit code 3).",
    .examples = "  hansa attribute paths.csv\n"
                "  hansa attribute paths.csv --models markov --order 2 --json\n"
                "  gzip -dc paths.csv.gz | hansa attribute - --interval 0 --csv\n"
                "  hansa attribute --data programme --period 2026-Q3 --models last,markov,hazard",
    .positional_min = 0,
    .positional_max = 1,
    .options = options,
    .run = run,
};
