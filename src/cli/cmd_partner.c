#include "cli/commands.h"
#include "cli/state_command.h"
#include "service/agreed/agreed.h"

/* ---- add and list ---- */

static enum hs_status add(struct hs_programme *programme, const struct hs_args *args,
                          struct hs_str name, struct hs_err *err)
{
  struct hs_party party = {.name = name,
                           .title = hs_args_text(args, "title"),
                           .kind = hs_args_text(args, "kind"),
                           .enrolment = hs_args_text(args, "enrolment")};
  return hs_state_add_party(programme, &party, err);
}

static enum hs_status print_party(void *context, const struct hs_party *party, struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char created[HS_TIME_TEXT];
  hs_format_time(party->created_at_us, created);
  struct hs_str values[] = {party->name,      party->title,       party->kind,
                            party->enrolment, hs_str_of(created), hs_str_of(party->id.text)};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_programme *programme, const struct hs_result_sink *sink,
                           struct hs_err *err)
{
  struct hs_result_sink copy = *sink;
  return programme->book.parties(programme->book.self, print_party, &copy, err);
}

static const char *const COLUMNS[] = {"name", "title", "kind", "enrolment", "created_at", "id"};
static const struct hs_state_command PARTNER = {"partner", sizeof COLUMNS / sizeof *COLUMNS,
                                                COLUMNS, add, list};

/* ---- own ---- */

#define OWN_IDS_MAX 100

static enum hs_status declare(struct hs_cli *cli, const struct hs_args *args,
                              struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_agreed agreed = {.by = hs_args_text(args, "by"),
                                   .reason = hs_args_text(args, "reason")};
  struct hs_str name = hs_args_at(args, 1);
  enum hs_own own = hs_args_has(args, "withdraw") ? HS_OWN_WITHDRAWN : HS_OWN_DECLARED;
  enum hs_status status = HS_OK;
  size_t count = hs_args_count(args);
  for (size_t i = 2; i < count && status == HS_OK; i++)
    status = hs_agreed_own(programme, &agreed, name, hs_args_at(args, i), own, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "%zu %s of %.*s %s from now on\n", count - 2,
                  hs_plural(count - 2, "id is", "ids are"), HS_STR_ARG(name),
                  own == HS_OWN_DECLARED ? "its own" : "no more its own");
  return status;
}

struct owning {
  struct hs_str partner;
  const struct hs_result_sink *sink;
};

static enum hs_status print_own(void *context, const struct hs_own_customer_row *row,
                                struct hs_err *err)
{
  const struct owning *owning = context;
  struct hs_str values[] = {row->customer, row->state, row->decided_by};
  return hs_str_equal(row->party, owning->partner)
             ? owning->sink->row(owning->sink->self, values, err)
             : HS_OK;
}

static const char *const OWN_COLUMNS[] = {"customer", "state", "by"};

static enum hs_status list_own(struct hs_cli *cli, const struct hs_args *args,
                               struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  struct owning owning = {hs_args_at(args, 1), &sink};
  enum hs_status status = hs_result_texts_begin(cli, args, sizeof OWN_COLUMNS / sizeof *OWN_COLUMNS,
                                                OWN_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = ledger->own_customers(ledger->self, print_own, &owning, err);
  return hs_result_texts_end(printer, status, err);
}

static enum hs_status own(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  if (hs_args_count(args) < 2)
    return hs_fail(err, HS_USAGE, "say whose: hansa partner own NAME CUSTOMER…");
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = hs_args_count(args) > 2 ? declare(cli, args, &programme, err)
                                     : list_own(cli, args, &programme, err);
  hs_programme_close(&programme);
  return status;
}

/* ---- the command ---- */

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  return hs_str_equal(hs_args_at(args, 0), HS_STR("own"))
             ? own(cli, args, err)
             : hs_state_command_run(cli, args, &PARTNER, err);
}

static const struct hs_option OPTIONS[] = {
    HS_STATE_COMMAND_OPTIONS,
    {"title", HS_OPTION_TEXT, "TEXT", NULL, 0, 0, "the name for people"},
    {"kind", HS_OPTION_TEXT, "WORD", NULL, 0, 0, "affiliate, creator, newsletter or another word"},
    {"enrolment", HS_OPTION_TEXT, "WORD", "approved", 0, 0,
     "invited, pending, approved, declined, paused, ended or banned"},
    HS_OPTION_BY,
    HS_OPTION_REASON,
    {"withdraw", HS_OPTION_FLAG, NULL, NULL, 0, 0, "own: the ids are its own no more"},
    {0},
};

const struct hs_command hs_cmd_partner = {
    .name = "partner",
    .synopsis = "add NAME|list|own NAME [CUSTOMER…] --data DIR",
    .summary = "enter and list partners, and say which customers are their own",
    .details =
        "NAME is what touchpoints, costs and activity call the partner. Entries are never "
        "changed.\n"
        "own declares ids of customers that are the partner itself: it is not paid for what they "
        "buy.\n"
        "Without ids it lists what was declared.",
    .examples = "  hansa partner add shoes-blog --title \"The Shoes Blog\" --kind creator --data "
                "programme\n"
                "  hansa partner own shoes-blog c-17 --by \"head of sales\" --data programme",
    .positional_min = 1,
    .positional_max = OWN_IDS_MAX + 2,
    .options = OPTIONS,
    .run = run,
};
