#include "cli/commands.h"
#include "cli/form.h"
#include "cli/joint_programme.h"
#include "service/joint/joint_statement.h"
#include "service/owe/commission_statement.h"

/* ---- what is asked ---- */

/* What the name stands for. */
struct looking {
  struct hs_str name;
  int is_partner, is_agreement;
};

static enum hs_status look_at_party(void *context, const struct hs_party *party,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct looking *looking = context;
  looking->is_partner |= hs_str_equal(party->name, looking->name);
  return HS_OK;
}

static enum hs_status look_at_agreement(void *context, const struct hs_agreement_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  struct looking *looking = context;
  looking->is_agreement |= hs_str_equal(row->name, looking->name);
  return HS_OK;
}

/* *is_joint: the name is an agreement's, or is to be taken for one. */
static enum hs_status choose(const struct hs_args *args, const struct hs_book *book, int *is_joint,
                             struct hs_err *err)
{
  struct looking looking = {.name = hs_args_at(args, 0)};
  int joint = hs_args_has(args, "joint");
  int commission = hs_args_has(args, "commission");
  const char *name = looking.name.data;
  if (joint && commission)
    return hs_fail(err, HS_USAGE, "--joint or --commission: one statement at a time");
  enum hs_status status = book->parties(book->self, look_at_party, &looking, err);
  if (status == HS_OK)
    status = book->ledger.agreements(book->ledger.self, look_at_agreement, &looking, err);
  if (status != HS_OK)
    return status;
  if (looking.is_partner && looking.is_agreement && !joint && !commission)
    return hs_fail(err, HS_USAGE,
                   "%s is a partner and an agreement: add --commission for the partner's "
                   "commission statement, or --joint for the agreement's joint P&L",
                   name);
  *is_joint = joint || (looking.is_agreement && !commission);
  if (*is_joint ? !looking.is_agreement : !looking.is_partner)
    return joint || commission
               ? hs_fail(err, HS_NOT_FOUND, "there is no %s \"%s\"",
                         joint ? "agreement" : "partner", name)
               : hs_fail(err, HS_NOT_FOUND, "there is no partner and no agreement \"%s\"", name);
  return HS_OK;
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

static enum hs_status state_commissions(struct hs_cli *cli, const struct hs_args *args,
                                        struct hs_programme *programme, enum hs_form form,
                                        struct hs_err *err)
{
  struct hs_commission_statement_options options;
  struct hs_commission_statement statement;
  if (hs_args_text(args, "side").data != NULL)
    return hs_fail(err, HS_USAGE, "--side is for the joint P&L of an agreement");
  enum hs_status status = read_options(programme, args, &options, err);
  if (status == HS_OK)
    status = hs_commission_statement_make(&programme->book.ledger, &options, hs_cli_arena(cli),
                                          &statement, err);
  return status == HS_OK ? show(cli, args, &statement, form, err) : status;
}

static enum hs_status state_joint(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err)
{
  struct hs_statement statement;
  struct hs_joint_asked asked = {.agreement = hs_args_at(args, 0),
                                 .period = hs_args_text(args, "period"),
                                 .side = hs_args_text(args, "side"),
                                 .number = hs_args_text(args, "number"),
                                 .interrupt = hs_cli_interrupt_flag()};
  if (asked.period.data == NULL)
    return hs_fail(err, HS_USAGE, "statement needs --period, such as 2026-09");
  if (hs_args_text(args, "currency").data != NULL)
    return hs_fail(err, HS_USAGE,
                   "--currency is for commission statements: a joint P&L is in the currency of its "
                   "agreement");
  enum hs_status status =
      hs_joint_statement_make(programme, &asked, hs_cli_arena(cli), &statement, err);
  return status == HS_OK ? hs_joint_show(cli, args, &statement, err) : status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  enum hs_form form = HS_FORM_TEXT;
  int is_joint = 0;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status == HS_OK)
    status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = choose(args, &programme.book, &is_joint, err);
  if (status == HS_OK)
    status = is_joint ? state_joint(cli, args, &programme, err)
                      : state_commissions(cli, args, &programme, form, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0, "2026, 2026-Q3, 2026-09, a day, or DAY..DAY"},
    {"side", HS_OPTION_TEXT, "NAME", NULL, 0, 0,
     "of a joint P&L: as this company sees it, with its own private lines"},
    {"joint", HS_OPTION_FLAG, NULL, NULL, 0, 0, "the joint P&L of the agreement of that name"},
    {"commission", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "the commission statement of the partner of that name"},
    {"currency", HS_OPTION_TEXT, "CODE", NULL, 0, 0,
     "of a commission statement: instead of the programme's"},
    {"number", HS_OPTION_TEXT, "NUMBER", NULL, 0, 0, "of a self-billed statement"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "the entries or lines as CSV"},
    {"html", HS_OPTION_TEXT, "FILE", NULL, 0, 0, "as one page that needs nothing else, for print"},
    {0},
};

const struct hs_command hs_cmd_statement = {
    .name = "statement",
    .synopsis = "AGREEMENT|PARTNER --data DIR --period 2026-09 [--side NAME] [--json|--html "
                "FILE|--csv]",
    .summary = "the joint P&L of an agreement, or a partner's commission statement",
    .details =
        "Of an agreement and a month: what it brings, with its interval, and costs to run, from "
        "the "
        "ledger and the\n"
        "lines that the sides added (hansa joint add); what each side is entitled to; what was "
        "paid, "
        "and is open from\n"
        "before; the one payment that squares it; and the balance of benefit.\n"
        "Of a partner and any period: what stands open before and after, what happened in between, "
        "and every ledger\n"
        "entry with its order, rule and reason. Entries that do not add up are no statement: then "
        "it says so.",
    .examples = "  hansa statement venture --data programme --period 2026-09 --html out.html\n"
                "  hansa statement venture --data programme --period 2026-09 --side brand.example\n"
                "  hansa statement shoes-blog --data programme --period 2026-09",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
