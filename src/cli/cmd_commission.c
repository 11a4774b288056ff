#include <inttypes.h>

#include "cli/commands.h"
#include "cli/result.h"
#include "service/post/explain.h"

/* ---- list ---- */

static const char *const COLUMNS[] = {"id",   "type",   "order_id", "partner",    "agreement",
                                      "rule", "amount", "currency", "occurred_at"};

struct listing {
  const struct hs_result_sink *sink;
  size_t left; /* of --limit */
};

static enum hs_status print_commission(void *context, const struct hs_commission_row *row,
                                       struct hs_err *err)
{
  struct listing *listing = context;
  char amount[HS_MONEY_TEXT];
  char at[HS_TIME_TEXT];
  if (listing->left == 0)
    return HS_OK;
  listing->left--;
  hs_money_format_number((struct hs_money){row->amount_minor, row->currency}, amount);
  hs_format_time(row->occurred_at_us, at);
  struct hs_str values[] = {hs_str_of(row->id.text),
                            row->type,
                            row->order_id,
                            row->partner,
                            row->agreement,
                            row->rule,
                            hs_str_of(amount),
                            hs_str_of(row->currency.code),
                            hs_str_of(at)};
  return listing->sink->row(listing->sink->self, values, err);
}

static enum hs_status list(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_period period = {INT64_MIN, INT64_MAX};
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  struct listing listing = {&sink, (size_t)hs_args_integer(args, "limit")};
  enum hs_status status = hs_args_period(args, programme->zone, &period, err);
  if (status == HS_OK)
    status = hs_result_texts_begin(cli, args, sizeof COLUMNS / sizeof *COLUMNS, COLUMNS, &sink,
                                   &printer, err);
  if (status == HS_OK)
    status = ledger->commissions(ledger->self, hs_args_text(args, "partner"), period.from_us,
                                 period.until_us, print_commission, &listing, err);
  return hs_result_texts_end(printer, status, err);
}

/* ---- explain ---- */

static enum hs_status explain(struct hs_cli *cli, const struct hs_args *args,
                              struct hs_programme *programme, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  struct hs_id id;
  if (!hs_id_parse(hs_args_at(args, 1), "cms", &id))
    return hs_fail(err, HS_USAGE, "a commission is called cms_…, got %.*s",
                   HS_STR_ARG(hs_args_at(args, 1)));
  enum hs_status status = hs_args_has(args, "json") ? hs_commission_json(programme, &id, &out, err)
                                                    : hs_commission_say(programme, &id, &out, err);
  if (status == HS_NOT_FOUND)
    return hs_fail(err, HS_NOT_FOUND, "there is no commission %s", id.text);
  if (status == HS_OK)
    status = hs_buf_status(&out, "the explanation", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

/* ---- the command ---- */

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  struct hs_programme programme = {.lock = -1};
  int is_list = hs_str_equal(verb, HS_STR("list"));
  if (!is_list && !hs_str_equal(verb, HS_STR("explain")))
    return hs_fail(err, HS_USAGE, "commission can list and explain, not \"%.*s\"",
                   HS_STR_ARG(verb));
  if (hs_args_count(args) != (is_list ? 1 : 2))
    return hs_fail(err, HS_USAGE,
                   is_list ? "commission list takes nothing else"
                           : "say which one: hansa commission explain ID");
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = is_list ? list(cli, args, &programme, err) : explain(cli, args, &programme, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "list: of this partner alone"},
    {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0,
     "list: of orders in 2026, 2026-Q3, 2026-09 or 2026-09-01..2026-09-15"},
    {"limit", HS_OPTION_INTEGER, "N", "1000", 1, 1e9, "list: at most so many"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "list as CSV"},
    {0},
};

const struct hs_command hs_cmd_commission = {
    .name = "commission",
    .synopsis = "list|explain ID --data DIR [--json|--csv]",
    .summary = "list commissions, and explain one to the cent",
    .details = "explain prints the touchpoints with what became of each, the version and the rule, "
               "every number\n"
               "on the way to the amount, the rounding, and all that has happened to it since.",
    .examples = "  hansa commission list --partner shoes-blog --period 2026-09 --data programme",
    .positional_min = 1,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
