#include "cli/commands.h"
#include "cli/reading.h"
#include "cli/rejects.h"
#include "service/start/reconcile_export.h"

/* The value of a LIST option in its two halves; the right one is absent without the sign. */
static int next_halves(const struct hs_args *args, const char *name, size_t *index,
                       struct hs_str *left, struct hs_str *right)
{
  struct hs_str text;
  if (!hs_args_next(args, name, index, &text))
    return 0;
  *left = hs_str_cut(&text, '=');
  *right = text;
  return 1;
}

static size_t count_values(const struct hs_args *args, const char *name)
{
  struct hs_str ignored;
  size_t count = 0;
  for (size_t index = 0; hs_args_next(args, name, &index, &ignored);)
    count++;
  return count;
}

static enum hs_status read_aliases(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_reconcile_request *request, struct hs_err *err)
{
  struct hs_partner_alias *aliases =
      hs_arena_alloc(hs_cli_arena(cli), count_values(args, "partner"), sizeof *aliases);
  if (aliases == NULL)
    return hs_arena_full(hs_cli_arena(cli), "names of partners", err);
  struct hs_partner_alias alias;
  for (size_t index = 0; next_halves(args, "partner", &index, &alias.theirs, &alias.ours);) {
    if (alias.theirs.length == 0 || alias.ours.length == 0)
      return hs_fail(err, HS_USAGE, "--partner is written THEIRS=OURS, got %.*s",
                     HS_STR_ARG(alias.theirs));
    aliases[request->alias_count++] = alias;
  }
  request->aliases = aliases;
  return HS_OK;
}

/* USD/EUR=0.92: a dollar was worth so many euros. */
static int parse_exchange(struct hs_str pair, struct hs_str rate, struct hs_reconcile_exchange *out)
{
  struct hs_str to = pair;
  struct hs_str from = hs_str_cut(&to, '/');
  return rate.data != NULL && to.data != NULL && hs_currency_parse(from, &out->from) &&
         hs_currency_parse(to, &out->to) && hs_decimal_parse(rate, &out->rate) &&
         out->rate.digits > 0;
}

static enum hs_status read_exchanges(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_reconcile_request *request, struct hs_err *err)
{
  struct hs_reconcile_exchange *exchanges =
      hs_arena_alloc(hs_cli_arena(cli), count_values(args, "exchange"), sizeof *exchanges);
  if (exchanges == NULL)
    return hs_arena_full(hs_cli_arena(cli), "exchange rates", err);
  struct hs_str pair;
  struct hs_str rate;
  for (size_t index = 0; next_halves(args, "exchange", &index, &pair, &rate);)
    if (!parse_exchange(pair, rate, &exchanges[request->exchange_count++]))
      return hs_fail(err, HS_USAGE, "--exchange is written USD/EUR=0.92, got %.*s",
                     HS_STR_ARG(pair));
  request->exchanges = exchanges;
  return HS_OK;
}

static enum hs_status read_request(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_reconcile_request *request, struct hs_reading_map *map,
                                   struct hs_err *err)
{
  if (hs_args_has(args, "json") && hs_args_has(args, "csv"))
    return hs_fail(err, HS_USAGE, "--json and --csv cannot stand together");
  request->intake.kind = HS_EVENT_NETWORK_COMMISSION;
  request->intake.path = hs_args_at(args, 0).data;
  request->intake.parquet = hs_cli_wiring(cli)->typed_files;
  request->intake.interrupt = hs_cli_interrupt_flag();
  enum hs_status status = hs_args_reading(cli, args, &request->intake, map, err);
  if (status == HS_OK)
    status = read_aliases(cli, args, request, err);
  return status == HS_OK ? read_exchanges(cli, args, request, err) : status;
}

static enum hs_status write_page(struct hs_cli *cli, const struct hs_args *args,
                                 const struct hs_reconcile_page *page, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (hs_args_has(args, "json"))
    hs_reconcile_json(page, &out);
  else if (hs_args_has(args, "csv"))
    hs_reconcile_csv(page, &out);
  else
    hs_reconcile_text(page, hs_cli_width(cli), &out);
  enum hs_status status = hs_buf_status(&out, "the reconciliation", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_reconcile_request request = {0};
  struct hs_reconcile_page page;
  struct hs_reading_map map;
  struct hs_rejects rejects = {.cli = cli};
  enum hs_status status = read_request(cli, args, &request, &map, err);
  if (status == HS_OK)
    status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_reconcile_export(&programme, hs_cli_arena(cli), &request, hs_rejects_tell, &rejects,
                                 &page, err);
  hs_rejects_end(&rejects);
  if (status == HS_OK)
    status = write_page(cli, args, &page, err);
  hs_programme_close(&programme);
  return status == HS_OK ? hs_rejects_status(&rejects, err) : status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    HS_OPTIONS_READING,
    {"partner", HS_OPTION_LIST, "THEIRS=OURS", NULL, 0, 0,
     "what the network calls a partner, by name or id; may be given often"},
    {"exchange", HS_OPTION_LIST, "USD/EUR=RATE", NULL, 0, 0,
     "what one unit of their currency was worth in ours; may be given often"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON, with every order"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "every order as CSV"},
    {0},
};

const struct hs_command hs_cmd_reconcile = {
    .name = "reconcile",
    .synopsis = "FILE|- --data DIR [--network NAME] [--partner THEIRS=OURS …] [--json|--csv]",
    .summary = "a network's export of commissions beside what we owe for the same orders",
    .details =
        "Matches both sides by order id and partner. Each difference gets the one reason "
        "that the figures bear\n"
        "out (rounding, a refund one side has not seen, the rate of another rule, version or "
        "agreement, a shared\n"
        "order, another order amount, another currency, another partner), or is listed as "
        "unexplained. Nothing\n"
        "is stored.",
    .examples = "  hansa reconcile rewardful.csv --data programme --partner aff-1=mara\n"
                "  hansa reconcile cj.csv --data programme --exchange USD/EUR=0.92 --csv",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
