#include "cli/commands.h"
#include "cli/form.h"
#include "service/commission_statement.h"

/* ---- what is asked ---- */

struct looking {
  struct hs_str name;
  int is_found;
};

static enum hs_status look(void *context, const struct hs_party *party,
                           [[maybe_unused]] struct hs_err *err)
{
  struct looking *looking = context;
  looking->is_found |= hs_str_equal(party->name, looking->name);
  return HS_OK;
}

static enum hs_status find_partner(const struct hs_book *book, struct hs_str name,
                                   struct hs_err *err)
{
  struct looking looking = {.name = name};
  enum hs_status status = book->parties(book->self, look, &looking, err);
  if (status == HS_OK && !looking.is_found)
    status = hs_fail(err, HS_NOT_FOUND, "there is no partner \"%.*s\"", HS_STR_ARG(name));
  return status;
}

static enum hs_status read_options(const struct hs_programme *programme, const struct hs_args *args,
                                   struct hs_commission_statement_options *out, struct hs_err *err)
{
  struct hs_str currency = hs_args_text(args, "currency");
  *out = (struct hs_commission_statement_options){.partner = hs_args_at(args, 0),
                                                  .period_name = hs_args_text(args, "period"),
                                                  .currency = programme->currency,
                                                  .number = hs_args_text(args, "number"),
                                                  .zone = programme->zone};
  if (out->period_name.data == NULL)
    return hs_fail(err, HS_USAGE, "statement needs --period, such as 2026-09");
  if (currency.data != NULL && !hs_currency_parse(currency, &out->currency))
    return hs_fail(err, HS_USAGE, "--currency must be a code of ISO 4217, got %.*s",
                   HS_STR_ARG(currency));
  return hs_args_period(args, programme->zone, &out->period, err);
}

/* ---- the command ---- */

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           const struct hs_commission_statement *statement, enum hs_form form,
                           struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (form == HS_FORM_JSON)
    hs_commission_statement_json(statement, &out);
  else if (form == HS_FORM_CSV)
    hs_commission_statement_csv(statement, &out);
  else if (form == HS_FORM_HTML)
    hs_commission_statement_html(statement, &out);
  else
    hs_commission_statement_text(statement, (size_t)hs_cli_width(cli), &out);
  return hs_form_print(cli, args, form, &out, "the statement", err);
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_commission_statement_options options;
  struct hs_commission_statement statement;
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = read_options(&programme, args, &options, err);
  if (status == HS_OK)
    status = find_partner(&programme.book, options.partner, err);
  if (status == HS_OK)
    status = hs_commission_statement_make(&programme.book.ledger, &options, hs_cli_arena(cli),
                                          &statement, err);
  if (status == HS_OK)
    status = show(cli, args, &statement, form, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0, "2026, 2026-Q3, 2026-09, a day, or DAY..DAY"},
    {"currency", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "instead of the programme's"},
    {"number", HS_OPTION_TEXT, "NUMBER", NULL, 0, 0, "of a self-billed statement"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "the entries as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "as one page that needs nothing else, for print"},
    {0},
};

const struct hs_command hs_cmd_statement = {
    .name = "statement",
    .synopsis = "PARTNER --data DIR --period 2026-09 [--json|--html FILE|--csv]",
    .summary = "a partner's commission statement for a period",
    .details = "What stands open before and after, what happened in between, and every ledger "
               "entry with its order,\n"
               "rule and reason. Entries that do not add up are no statement: then it says so.",
    .examples = "  hansa statement shoes-blog --data programme --period 2026-09\n"
                "  hansa statement shoes-blog --data programme --period 2026-09 --html "
                "statement.html",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
