#include <math.h>

#include "cli/commands.h"
#include "cli/form.h"
#include "cli/meeting.h"
#include "cli/rejects.h"
#include "service/believe/honesty.h"

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    HS_OPTION_MEETING_MODEL,
    HS_OPTION_MEETING_LOOK_BACK,
    HS_OPTION_MEETING_WINDOW,
    {"controls", HS_OPTION_TEXT, "LIST", NULL, 0, 0,
     "with --data: metrics of imported series, with commas, that no partner can have touched; "
     "category_searches without it"},
    {"hold-out", HS_OPTION_LIST, "NAME=PERCENT..PERCENT", NULL, 0, 0,
     "with --data: of a partner, the 95 % interval of tracked sales that would not have been made "
     "otherwise; may be repeated"},
    {"partner", HS_OPTION_TEXT, "COL", "partner", 0, 0, "column of names"},
    {"tracked", HS_OPTION_TEXT, "COL", "tracked", 0, 0, "column of what was tracked"},
    {"incremental", HS_OPTION_TEXT, "COL", "incremental", 0, 0,
     "column of what changed because of the partner; empty where it was not tested"},
    {"sd", HS_OPTION_TEXT, "COL", "sd", 0, 0, "column of its standard error"},
    {"kind", HS_OPTION_TEXT, "COL", NULL, 0, 0,
     "column of kinds: what the tested ones say of the others"},
    {"total", HS_OPTION_NUMBER, "N", NULL, 0, 1e15,
     "all that was sold in the window, for what the partners sum to"},
    {"correlation", HS_OPTION_NUMBER, "PERCENT", "0", 0, 100,
     "of the errors of any two partners; those of one market share its luck"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "95", 50, 99.9,
     "level of intervals, and of the posterior that a verdict takes"},
    {"band", HS_OPTION_NUMBER, "PERCENT", "10", 0, 90,
     "so near to what is tracked counts as consistent"},
    {"power", HS_OPTION_NUMBER, "PERCENT", "80", 50, 99, "of the smallest detectable effect"},
    {"experiments", HS_OPTION_TEXT, "LIST", "switchback,regions", 0, 0,
     "with --data: what could be done to settle it: switchback, regions, or none"},
    {"seed", HS_OPTION_INTEGER, "S", "1", 0, 9007199254740991.0, "with --data: of the draws"},
    {"threads", HS_OPTION_INTEGER, "N", "0", 0, 64, "0 is one per processor; changes no figure"},
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "a row a partner as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "as one page with a picture, or - for output"},
    {0},
};

static const char *const OF_FILES[] = {"partner", "tracked", "incremental", "sd",
                                       "kind",    "total",   "delimiter"};
static const char *const OF_PROGRAMMES[] = {"model",    "look-back",   "window", "controls",
                                            "hold-out", "experiments", "seed"};

static struct hs_partners_asking asking_of(const struct hs_args *args)
{
  return (struct hs_partners_asking){
      .partner = hs_args_text(args, "partner"),
      .kind = hs_args_text(args, "kind"),
      .tracked = hs_args_text(args, "tracked"),
      .incremental = hs_args_text(args, "incremental"),
      .sd = hs_args_text(args, "sd"),
      .honesty = {.band = hs_args_number(args, "band") / 100,
                  .mass = hs_args_number(args, "interval") / 100,
                  .power = hs_args_number(args, "power") / 100},
      .total = hs_args_has(args, "total") ? hs_args_number(args, "total") : (double)NAN,
      .correlation = hs_args_number(args, "correlation") / 100,
  };
}

/* ---- a programme ---- */

/* "shop-blog=20..40": the middle, and a quarter of the width is the standard error, near enough. */
static enum hs_status read_hold_out(struct hs_str text, struct hs_partners_hold_out *out,
                                    struct hs_err *err)
{
  struct hs_str rest = text;
  struct hs_str partner = hs_str_cut(&rest, '=');
  struct hs_halo_period ends = hs_figuring_period(rest);
  double low = 0;
  double high = 0;
  if (partner.length == 0 || !hs_parse_double(ends.first, &low) ||
      !hs_parse_double(ends.last, &high) || !(low < high))
    return hs_fail(err, HS_USAGE,
                   "--hold-out must be a partner, = and an interval in percent such as "
                   "shop-blog=20..40, got '%.*s'",
                   HS_STR_ARG(text));
  *out = (struct hs_partners_hold_out){partner, (low + high) / 200,
                                       (high - low) / 200 / 1.959963984540054};
  return HS_OK;
}

static enum hs_status read_hold_outs(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_partners_programme *how, struct hs_err *err)
{
  struct hs_str text;
  size_t count = 0;
  enum hs_status status = HS_OK;
  for (size_t i = 0; hs_args_next(args, "hold-out", &i, &text);)
    count++;
  struct hs_partners_hold_out *all = hs_arena_alloc(hs_cli_arena(cli), count, sizeof *all);
  if (all == NULL)
    return hs_arena_full(hs_cli_arena(cli), "hold-outs", err);
  for (size_t i = 0; status == HS_OK && hs_args_next(args, "hold-out", &i, &text);)
    status = read_hold_out(text, &all[how->hold_out_count++], err);
  how->hold_outs = all;
  return status;
}

static void show_progress(void *context, struct hs_str partner, size_t done, size_t count)
{
  char what[64];
  hs_format_shown(partner, "", what, sizeof what);
  hs_cli_progress(context, what, (double)done / (double)count, NULL);
}

static enum hs_status read_how(struct hs_cli *cli, const struct hs_args *args,
                               struct hs_partners_programme *how, struct hs_err *err)
{
  struct hs_str *controls = NULL;
  *how = (struct hs_partners_programme){.progress = show_progress, .progress_context = cli};
  enum hs_status status = hs_cli_meeting(args, &how->meeting, err);
  how->halo.common = (struct hs_influence_input){
      .season = HS_SEASON_UNSAID,
      .level = hs_args_number(args, "interval") / 100,
      .seed = (uint64_t)hs_args_integer(args, "seed"),
      .draws = HS_MEETING_DRAWS,
      .threads = (size_t)hs_args_integer(args, "threads"),
  };
  if (status == HS_OK)
    status = hs_figuring_names(cli, args, "controls", &controls, &how->meeting.control_count, err);
  how->meeting.controls = how->meeting.control_count > 0 ? controls : NULL;
  if (status == HS_OK)
    status = hs_cli_experiments(args, &how->halo, err);
  return status == HS_OK ? read_hold_outs(cli, args, how, err) : status;
}

static enum hs_status ask_programme(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_partners *out, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_partners_asking asking = asking_of(args);
  struct hs_partners_programme how;
  enum hs_status status =
      hs_cli_without(args, OF_FILES, sizeof OF_FILES / sizeof *OF_FILES, "a file", err);
  if (status == HS_OK)
    status = read_how(cli, args, &how, err);
  if (status == HS_OK)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_partners_of_programme(hs_cli_arena(cli), &programme, &asking, &how, out, err);
  hs_cli_progress_end(cli);
  hs_programme_close(&programme);
  return status;
}

/* ---- a file ---- */

static enum hs_status ask_file(struct hs_cli *cli, const struct hs_args *args,
                               struct hs_rejects *rejects, struct hs_partners *out,
                               struct hs_err *err)
{
  struct hs_partners_asking asking = asking_of(args);
  asking.path = hs_args_at(args, 0).data;
  asking.on_reject = hs_rejects_tell_figures;
  asking.context = rejects;
  enum hs_status status = hs_cli_without(
      args, OF_PROGRAMMES, sizeof OF_PROGRAMMES / sizeof *OF_PROGRAMMES, "--data", err);
  if (status == HS_OK)
    status = hs_args_delimiter(args, &asking.delimiter, err);
  if (status == HS_OK)
    status = hs_partners_ask(hs_cli_arena(cli), hs_cli_io(cli), &asking, out, err);
  hs_rejects_end(rejects);
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  struct hs_partners partners;
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK && (hs_args_count(args) == 1) == hs_args_has(args, "data"))
    status = hs_fail(err, HS_USAGE, "say either a FILE or a programme: --data DIR");
  if (status == HS_OK)
    status = hs_args_has(args, "data") ? ask_programme(cli, args, &partners, err)
                                       : ask_file(cli, args, &rejects, &partners, err);
  if (status != HS_OK)
    return status;
  struct hs_buf text = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_partners_json(&partners, &text);
  else if (form == HS_FORM_CSV)
    hs_partners_csv(&partners, &text);
  else if (form == HS_FORM_HTML)
    hs_partners_html(&partners, &text);
  else
    hs_partners_text(&partners, hs_cli_width(cli), &text);
  status = hs_form_print(cli, args, form, &text, "the table of partners", err);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

const struct hs_command hs_cmd_honesty = {
    .name = "honesty",
    .synopsis = "FILE.csv|- [--kind COL] [--total N] [--json|--csv|--html FILE]\n"
                "       hansa honesty --data DIR [--hold-out NAME=PERCENT..PERCENT] "
                "[--json|--csv|--html FILE]",
    .summary = "tracked beside incremental for all partners, their sum and their kinds",
    .details =
        "Says of each partner whether more or less is tracked than it brought, or that nobody can "
        "tell yet and\n"
        "what would settle it; how many of 100 tracked would not have bought otherwise and what "
        "was sold\n"
        "elsewhere; whether all of them sum to more than was sold; and what the tested partners of "
        "a kind let\n"
        "one expect of the others. From a file with a row a partner, as halo tables and "
        "experiments gave it,\n"
        "or from a programme: each partner that began within the record gets its halo table, some "
        "tenths of a\n"
        "second each, 20 at most; of every other one it says why it was not tested.",
    .examples = "  hansa honesty partners.csv --kind channel --total 250000\n"
                "  hansa honesty --data programme --html honesty.html",
    .positional_min = 0,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
