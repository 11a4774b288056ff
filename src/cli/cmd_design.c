#include <math.h>

#include "cli/commands.h"
#include "cli/figuring.h"
#include "cli/rejects.h"
#include "service/believe/design.h"

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"start", HS_OPTION_TEXT, "DAY", NULL, 0, 0, "first day of the design"},
    {"name", HS_OPTION_TEXT, "TEXT", NULL, 0, 0, "of the partner or the question"},
    HS_OPTION_DATE("days"),
    {"outcome", HS_OPTION_TEXT, "COL", "sales", 0, 0,
     "column of what is judged; with --data orders, revenue or METRIC, by region for geo"},
    {"unit", HS_OPTION_TEXT, "COL", "region", 0, 0, "of geo: column of regions"},
    {"group", HS_OPTION_TEXT, "COL", "group", 0, 0, "of holdout: column that says offered or held"},
    {"tracked", HS_OPTION_TEXT, "COL", "tracked", 0, 0,
     "of holdout: column of sales that were tracked for the partner"},
    {"pairs", HS_OPTION_INTEGER, "N", NULL, 1, 400,
     "pairs of blocks (10) or of regions (all there can be)"},
    {"block", HS_OPTION_INTEGER, "DAYS", "7", 1, 366, "of switchback: days in a block"},
    {"carry", HS_OPTION_INTEGER, "DAYS", "2", 0, 365,
     "of switchback: first days of a block that are left out"},
    {"season", HS_OPTION_INTEGER, "DAYS", "7", 0, 366,
     "of switchback: season whose means are taken out; 0 for none"},
    {"window", HS_OPTION_INTEGER, "DAYS", "28", 1, 366, "of geo: days that are judged"},
    {"base", HS_OPTION_INTEGER, "DAYS", "56", 1, 3660,
     "of geo: days before the start that growth is measured from"},
    {"orders-week", HS_OPTION_NUMBER, "N", NULL, 0.001, 1e9,
     "of holdout: orders tracked for the partner in a week"},
    {"held", HS_OPTION_NUMBER, "PERCENT", "50", 1, 99,
     "of holdout: share that is not offered the coupon or link"},
    {"half-width", HS_OPTION_NUMBER, "PERCENT", "10", 0.1, 50,
     "of holdout: half of the interval that is wanted"},
    {"kappa", HS_OPTION_NUMBER, "PERCENT", "0", 0, 99,
     "of holdout: share to plan for that would not have bought otherwise"},
    {"variation", HS_OPTION_NUMBER, "PERCENT", "0", 0, 1000,
     "of holdout: standard deviation of an order over its mean; 0 counts orders"},
    {"interval", HS_OPTION_NUMBER, "PERCENT", "95", 50, 99.9, "level of the interval"},
    {"power", HS_OPTION_NUMBER, "PERCENT", "80", 50, 99, "of the smallest effect that is shown"},
    {"trials", HS_OPTION_INTEGER, "N", "400", 40, 10000, "on the history"},
    {"seed", HS_OPTION_INTEGER, "N", "1", 0, 9007199254740991.0, "of the coins"},
    {"register", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "write the design down, with its hash"},
    {"analyse", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "judge the figures by a registered design"},
    {"hash", HS_OPTION_TEXT, "SHA256", NULL, 0, 0, "with --analyse: the hash that was kept"},
    HS_OPTION_EVENT("with --analyse: "),
    HS_OPTION_DELIMITER,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "JSON instead of words"},
    {0},
};

static enum hs_status read_kind(struct hs_str name, enum hs_design_kind *out, struct hs_err *err)
{
  for (size_t kind = 0; kind < HS_DESIGN_KIND_COUNT; kind++)
    if (hs_str_equal(name, hs_str_of(hs_design_kind_name((enum hs_design_kind)kind)))) {
      *out = (enum hs_design_kind)kind;
      return HS_OK;
    }
  return hs_fail(err, HS_USAGE, "a design is geo, switchback or holdout, got '%.*s'",
                 HS_STR_ARG(name));
}

static double share(const struct hs_args *args, const char *name)
{
  return hs_args_number(args, name) / 100;
}

static enum hs_status read_days(struct hs_cli *cli, const struct hs_args *args, struct hs_design *d,
                                struct hs_err *err)
{
  const struct hs_io *io = hs_cli_io(cli);
  struct hs_str text = hs_args_text(args, "start");
  if (text.data == NULL)
    return hs_fail(err, HS_USAGE, "a design needs --start DAY");
  if (!hs_parse_day(text, &d->first_day))
    return hs_fail(err, HS_USAGE, "--start must be a day such as 2026-03-01, got '%.*s'",
                   HS_STR_ARG(text));
  d->registered_day = hs_day_of_us(io->now_us(io->self));
  int32_t days = d->kind == HS_DESIGN_GEO ? (int32_t)hs_args_integer(args, "window")
                                          : (int32_t)(2 * (size_t)d->pair_count * d->block_days);
  d->last_day = d->first_day + days - 1;
  if (d->last_day > hs_day_of_us(HS_TIME_MAX_US))
    return hs_fail(err, HS_USAGE, "the design would end after the year 9999");
  return HS_OK;
}

/* Members that a kind has no use for stay 0, so that they are not registered. */
static enum hs_status read_design(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_design *d, struct hs_err *err)
{
  d->name = hs_args_text(args, "name");
  d->outcome = hs_args_text(args, "outcome");
  d->level = share(args, "interval");
  d->power = share(args, "power");
  d->seed = (uint64_t)hs_args_integer(args, "seed");
  if (d->kind != HS_DESIGN_HOLDOUT) {
    d->date = hs_args_text(args, "date");
    d->pair_count = (uint32_t)hs_args_integer(args, "pairs");
  }
  switch (d->kind) {
  case HS_DESIGN_GEO:
    d->unit = hs_args_text(args, "unit");
    d->base_days = (uint32_t)hs_args_integer(args, "base");
    break;
  case HS_DESIGN_SWITCHBACK:
    d->pair_count = d->pair_count > 0 ? d->pair_count : 10;
    d->block_days = (uint32_t)hs_args_integer(args, "block");
    d->carry_days = (uint32_t)hs_args_integer(args, "carry");
    d->season = (uint32_t)hs_args_integer(args, "season");
    if (d->carry_days >= d->block_days)
      return hs_fail(err, HS_USAGE, "--carry %u leaves nothing of a block of %u days",
                     d->carry_days, d->block_days);
    break;
  case HS_DESIGN_HOLDOUT:
    d->group = hs_args_text(args, "group");
    d->tracked = hs_args_text(args, "tracked");
    d->held_share = share(args, "held");
    d->half_width = share(args, "half-width");
    break;
  }
  return read_days(cli, args, d, err);
}

static enum hs_status print(struct hs_cli *cli, const struct hs_buf *text, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(text, "the design", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(text));
  return status;
}

static enum hs_status write_down(struct hs_cli *cli, const char *path,
                                 const struct hs_design *design, struct hs_err *err)
{
  struct hs_hash hash;
  char text[HS_HASH_TEXT];
  enum hs_status status =
      hs_design_register(hs_cli_arena(cli), hs_cli_io(cli), path, design, &hash, err);
  if (status != HS_OK)
    return status;
  hs_hash_format(&hash, text);
  hs_cli_note(cli, "the design stands in %s; keep its hash where both sides see it: %s", path,
              text);
  if (design->registered_day >= design->first_day)
    hs_cli_note(cli, "it is registered after its start, which lowers its grade");
  return HS_OK;
}

/* ---- options that mean something ---- */

enum { OF_GEO = 1, OF_SWITCHBACK = 2, OF_HOLDOUT = 4, OF_SERIES = OF_GEO | OF_SWITCHBACK };

/* Which designs read an option before the start; one that is not here every design reads. */
static const struct {
  const char *option;
  unsigned kinds;
  const char *instead; /* what to do */
} READ_BY[] = {
    {"pairs", OF_SERIES, "--held says how many are not offered it"},
    {"date", OF_SERIES, "it is sized without a file"},
    {"delimiter", OF_SERIES, "it is sized without a file"},
    {"trials", OF_SERIES, "its size follows from a formula"},
    {"data", OF_SERIES, "it is sized without figures, from --orders-week"},
    {"unit", OF_GEO, "only geo has regions"},
    {"window", OF_GEO, "its length follows from --pairs and --block, or from the orders"},
    {"base", OF_GEO, "only geo measures growth"},
    {"block", OF_SWITCHBACK, "only switchback has blocks; --window is the length of geo"},
    {"carry", OF_SWITCHBACK, "only switchback has blocks"},
    {"season", OF_SWITCHBACK, "only switchback takes a season out"},
    {"group", OF_HOLDOUT, "only holdout has groups"},
    {"tracked", OF_HOLDOUT, "only holdout reads tracked sales"},
    {"orders-week", OF_HOLDOUT, "the others are sized by trials on their history"},
    {"held", OF_HOLDOUT, "the others have the partner in half of the pairs"},
    {"half-width", OF_HOLDOUT, "--power and --interval say what the others shall see"},
    {"kappa", OF_HOLDOUT, "the others are sized by trials on their history"},
    {"variation", OF_HOLDOUT, "the others are sized by trials on their history"},
    {"hash", 0, "it goes with --analyse"},
    {"event", 0, "it goes with --analyse: what happened is known afterwards"},
};

/* An option that would change nothing is a misunderstanding. */
static enum hs_status check_before(const struct hs_args *args, enum hs_design_kind kind,
                                   struct hs_err *err)
{
  for (size_t i = 0; i < sizeof READ_BY / sizeof *READ_BY; i++)
    if (hs_args_has(args, READ_BY[i].option) && !(READ_BY[i].kinds >> kind & 1U))
      return hs_fail(err, HS_USAGE,
                     "--%s means nothing to a design of kind %s before its start: %s",
                     READ_BY[i].option, hs_design_kind_name(kind), READ_BY[i].instead);
  return HS_OK;
}

/* After the end the plan says everything. */
static enum hs_status check_after(const struct hs_args *args, struct hs_err *err)
{
  static const char *const OWN[] = {"analyse", "hash", "event", "delimiter",
                                    "data",    "json", "help"};
  for (const struct hs_option *option = OPTIONS; option->name != NULL; option++) {
    int is_own = 0;
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++)
      is_own |= hs_str_equal(hs_str_of(option->name), hs_str_of(OWN[i]));
    if (!is_own && hs_args_has(args, option->name))
      return hs_fail(err, HS_USAGE,
                     "--%s is settled by the plan; leave it out, or register another plan",
                     option->name);
  }
  return HS_OK;
}

/* ---- figures ---- */

/* A file of rows, or the programme that --data opens; programme is to be closed in any case. */
static enum hs_status open_source(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_rejects *rejects, struct hs_programme *programme,
                                  struct hs_design_source *out, struct hs_err *err)
{
  *out = (struct hs_design_source){.on_reject = hs_rejects_tell_figures, .context = rejects};
  enum hs_status status = hs_figuring_source(args, 1, err);
  if (status == HS_OK)
    status = hs_args_delimiter(args, &out->delimiter, err);
  if (status != HS_OK)
    return status;
  if (!hs_args_has(args, "data")) {
    out->path = hs_args_at(args, 1).data;
    return HS_OK;
  }
  out->programme = programme;
  return hs_cli_open_programme(cli, args, programme, err);
}

/* ---- before the start ---- */

static enum hs_status show_before(struct hs_cli *cli, const struct hs_args *args,
                                  const struct hs_design_before *before, struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(hs_cli_arena(cli));
  if (hs_args_has(args, "json"))
    hs_design_before_json(before, &text);
  else
    hs_design_before_text(before, hs_cli_width(cli), &text);
  return print(cli, &text, err);
}

static enum hs_status plan(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_design_asking *asking, struct hs_err *err)
{
  struct hs_design_before before;
  enum hs_status status = read_design(cli, args, &asking->design, err);
  if (status == HS_OK)
    status = hs_design_before(hs_cli_arena(cli), hs_cli_io(cli), asking, &before, err);
  if (status == HS_OK && hs_args_has(args, "register"))
    status = write_down(cli, hs_args_text(args, "register").data, &before.design, err);
  return status == HS_OK ? show_before(cli, args, &before, err) : status;
}

static enum hs_status run_before(struct hs_cli *cli, const struct hs_args *args,
                                 enum hs_design_kind kind, struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  struct hs_programme programme = {.lock = -1};
  struct hs_design_source source;
  struct hs_design_asking asking = {.design.kind = kind,
                                    .trial_count = (size_t)hs_args_integer(args, "trials"),
                                    .orders_week = hs_args_number(args, "orders-week"),
                                    .kappa = share(args, "kappa"),
                                    .order_variance = pow(share(args, "variation"), 2)};
  int is_holdout = kind == HS_DESIGN_HOLDOUT;
  enum hs_status status = check_before(args, kind, err);
  if (status != HS_OK)
    return status;
  if (is_holdout && !hs_args_has(args, "orders-week"))
    return hs_fail(err, HS_USAGE, "a hold-out needs --orders-week N");
  if (is_holdout && hs_args_count(args) > 1)
    return hs_fail(err, HS_USAGE, "a hold-out is sized without a file; --analyse reads one");
  if (!is_holdout && hs_args_count(args) == 1 && !hs_args_has(args, "data"))
    return hs_fail(err, HS_USAGE, "the design needs a FILE with figures from before its start");
  if (!is_holdout) {
    status = open_source(cli, args, &rejects, &programme, &source, err);
    asking.source = &source;
  }
  if (status == HS_OK)
    status = plan(cli, args, &asking, err);
  hs_programme_close(&programme);
  hs_rejects_end(&rejects);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

/* ---- after the end ---- */

static enum hs_status judge(struct hs_cli *cli, const struct hs_args *args,
                            const struct hs_design_looking *looking, enum hs_design_kind kind,
                            struct hs_err *err)
{
  struct hs_design_after after;
  enum hs_status status = hs_design_after(hs_cli_arena(cli), hs_cli_io(cli), looking, &after, err);
  if (status != HS_OK)
    return status;
  if (after.design.kind != kind)
    return hs_fail(err, HS_USAGE, "%s is a design of kind %s", looking->plan_path,
                   hs_design_kind_name(after.design.kind));
  struct hs_buf text = hs_buf_in(hs_cli_arena(cli));
  if (hs_args_has(args, "json"))
    hs_design_after_json(&after, &text);
  else
    hs_design_after_text(&after, hs_cli_width(cli), &text);
  return print(cli, &text, err);
}

static enum hs_status run_after(struct hs_cli *cli, const struct hs_args *args,
                                enum hs_design_kind kind, struct hs_err *err)
{
  struct hs_rejects rejects = {.cli = cli};
  struct hs_programme programme = {.lock = -1};
  struct hs_design_looking looking = {.plan_path = hs_args_text(args, "analyse").data,
                                      .hash = hs_args_text(args, "hash")};
  enum hs_status status = check_after(args, err);
  if (status != HS_OK)
    return status;
  if (hs_args_count(args) != 2 && !hs_args_has(args, "data"))
    return hs_fail(err, HS_USAGE, "--analyse needs a FILE with the figures");
  if (kind == HS_DESIGN_HOLDOUT && hs_args_has(args, "data"))
    return hs_fail(err, HS_USAGE,
                   "a hold-out is judged by a FILE with a row a unit: a programme does not know "
                   "who was not offered it");
  status = open_source(cli, args, &rejects, &programme, &looking.source, err);
  if (status == HS_OK)
    status = hs_figuring_events(cli, args, &looking.events, &looking.event_count, err);
  if (status == HS_OK)
    status = judge(cli, args, &looking, kind, err);
  hs_programme_close(&programme);
  hs_rejects_end(&rejects);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  enum hs_design_kind kind = HS_DESIGN_GEO;
  enum hs_status status = read_kind(hs_args_at(args, 0), &kind, err);
  if (status != HS_OK)
    return status;
  return hs_args_has(args, "analyse") ? run_after(cli, args, kind, err)
                                      : run_before(cli, args, kind, err);
}

const struct hs_command hs_cmd_design = {
    .name = "design",
    .synopsis =
        "geo|switchback FILE.csv --start DAY [--register PLAN.json] [--json]\n"
        "       hansa design holdout --orders-week N --start DAY [--register PLAN.json] [--json]\n"
        "       hansa design geo|switchback|holdout FILE.csv --analyse PLAN.json [--json]\n"
        "       hansa design geo|switchback --data DIR --outcome METRIC --start DAY [--analyse "
        "PLAN.json]",
    .summary = "experiments that really withhold something: plan, register, judge",
    .details =
        "Before the start it shows on history what the design can see, and how often it sees\n"
        "something where nothing was done; --register writes the design down with a hash. After\n"
        "the end --analyse judges the figures by it. A look before the end gives no verdict.\n"
        "geo pairs regions and gives one of each pair the partner, by a coin; switchback turns "
        "the\n"
        "partner on and off; holdout withholds a coupon or link from a share of customers.",
    .examples =
        "  hansa design geo regions.csv --unit region --outcome sales --start 2026-05-01\n"
        "  hansa design switchback daily.csv --start 2026-05-01 --pairs 10 --register plan.json\n"
        "  hansa design switchback daily.csv --analyse plan.json --event promotion=2026-06-01\n"
        "  hansa design holdout --orders-week 120 --start 2026-05-01",
    .positional_min = 1,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
