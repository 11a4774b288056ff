#include <inttypes.h>

#include "cli/commands.h"
#include "cli/ledger_alarms.h"
#include "cli/result.h"
#include "service/pay/payout_book.h"
#include "service/post/post.h"

typedef enum hs_status (*verb_fn)(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err);

static void show_posting(void *context, uint64_t sequence, uint64_t until)
{
  hs_cli_progress(context, "posting", until == 0 ? -1 : (double)sequence / (double)until, NULL);
}

/* ---- post, replay ---- */

static void print_posted(struct hs_cli *cli, const struct hs_args *args,
                         const struct hs_posted *posted)
{
  if (hs_args_has(args, "json")) {
    hs_cli_printf(cli,
                  "{\"orders\":%" PRIu64 ",\"other_events\":%" PRIu64 ",\"commissions\":%" PRIu64
                  ",\"refused\":%" PRIu64 ",\"judged_again\":%" PRIu64 ",\"refunds\":%" PRIu64
                  ",\"decisions\":%" PRIu64 ",\"entries\":%" PRIu64 "}\n",
                  posted->orders, posted->actions, posted->commissions, posted->refused,
                  posted->judged_again, posted->refunds, posted->decisions, posted->transfers);
    return;
  }
  hs_cli_printf(cli, "orders judged      %" PRIu64 "\n", posted->orders);
  if (posted->actions > 0)
    hs_cli_printf(cli, "other events       %" PRIu64 "\n", posted->actions);
  hs_cli_printf(cli, "commissions        %" PRIu64 "\n", posted->commissions);
  if (posted->judged_again > 0)
    hs_cli_printf(cli, "judged otherwise   %" PRIu64 "\n", posted->judged_again);
  hs_cli_printf(cli, "refunds applied    %" PRIu64 "\n", posted->refunds);
  hs_cli_printf(cli, "decisions applied  %" PRIu64 "\n", posted->decisions);
  hs_cli_printf(cli, "ledger entries     %" PRIu64 "\n", posted->transfers);
  if (posted->refused > 0)
    hs_cli_note(cli, "%" PRIu64 " %s: hansa ledger alarms says why", posted->refused,
                hs_plural(posted->refused, "commission could not be priced and pays nobody",
                          "commissions could not be priced and pay nobody"));
}

static enum hs_status post(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  struct hs_posted posted = {0};
  enum hs_status status = hs_ledger_catch_up(programme, show_posting, cli, &posted, err);
  hs_cli_progress_end(cli);
  if (status == HS_OK)
    print_posted(cli, args, &posted);
  return status;
}

static enum hs_status replay(struct hs_cli *cli, const struct hs_args *args,
                             struct hs_programme *programme, struct hs_err *err)
{
  struct hs_posted posted = {0};
  enum hs_status status = hs_ledger_replay(programme, show_posting, cli, &posted, err);
  hs_cli_progress_end(cli);
  if (status == HS_OK)
    print_posted(cli, args, &posted);
  return status;
}

/* ---- tables ---- */

static struct hs_str amount_text(int64_t amount_minor, struct hs_currency currency,
                                 char text[HS_MONEY_TEXT])
{
  hs_money_format_number((struct hs_money){amount_minor, currency}, text);
  return hs_str_of(text);
}

static const char *const BALANCE_COLUMNS[] = {"account", "partner", "currency",
                                              "debit",   "credit",  "balance"};

static enum hs_status print_balance(void *context, const struct hs_balance_row *row,
                                    struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char debit[HS_MONEY_TEXT];
  char credit[HS_MONEY_TEXT];
  char balance[HS_MONEY_TEXT];
  struct hs_str values[] = {
      hs_str_of(hs_account_word(row->account.kind)),
      row->account.party,
      hs_str_of(row->currency.code),
      amount_text(row->debit_minor, row->currency, debit),
      amount_text(row->credit_minor, row->currency, credit),
      amount_text(row->debit_minor - row->credit_minor, row->currency, balance)};
  return sink->row(sink->self, values, err);
}

static enum hs_status trial_balance(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  int64_t until_us = INT64_MAX;
  enum hs_status status = hs_args_day(args, "until", programme->zone, &until_us, err);
  if (status == HS_OK)
    status = hs_result_texts_begin(cli, args, sizeof BALANCE_COLUMNS / sizeof *BALANCE_COLUMNS,
                                   BALANCE_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = ledger->balances(ledger->self, until_us, print_balance, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

static const char *const ENTRY_COLUMNS[] = {"number", "effective_at", "kind",       "debit",
                                            "credit", "amount",       "commission", "reason"};

/* "payable shoes-blog" */
static struct hs_str account_text(const struct hs_account *account, char text[160])
{
  (void)snprintf(text, 160, "%s%s%.*s", hs_account_word(account->kind),
                 account->party.length > 0 ? " " : "", HS_STR_ARG(account->party));
  return hs_str_of(text);
}

static enum hs_status print_entry(void *context, const struct hs_transfer_row *row,
                                  struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char number[24];
  char at[HS_TIME_TEXT];
  char debit[160];
  char credit[160];
  char amount[HS_MONEY_TEXT];
  (void)snprintf(number, sizeof number, "%" PRIu64, row->number);
  hs_format_time(row->effective_us, at);
  hs_money_format((struct hs_money){row->amount_minor, row->currency}, amount);
  struct hs_str values[] = {hs_str_of(number),
                            hs_str_of(at),
                            row->kind,
                            account_text(&row->debit, debit),
                            account_text(&row->credit, credit),
                            hs_str_of(amount),
                            row->commission.text[0] == '\0' ? (struct hs_str){0}
                                                            : hs_str_of(row->commission.text),
                            row->reason};
  return sink->row(sink->self, values, err);
}

static enum hs_status entries(struct hs_cli *cli, const struct hs_args *args,
                              struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_period period = {INT64_MIN, INT64_MAX};
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status = hs_args_period(args, programme->zone, &period, err);
  if (status == HS_OK)
    status = hs_result_texts_begin(cli, args, sizeof ENTRY_COLUMNS / sizeof *ENTRY_COLUMNS,
                                   ENTRY_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = ledger->transfers(ledger->self, hs_args_text(args, "partner"), period.from_us,
                               period.until_us, print_entry, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

/* ---- export ---- */

#define MAPPING_BYTES_MAX HS_MIB

static enum hs_status read_mapping(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_gl_mapping *mapping, struct hs_err *err)
{
  struct hs_cli_telling telling = {.cli = cli};
  struct hs_str path = hs_args_text(args, "mapping");
  struct hs_str json;
  if (path.data == NULL)
    return hs_fail(err, HS_USAGE, "say which of your accounts ours are: --mapping FILE");
  enum hs_status status =
      hs_io_read_file(hs_cli_io(cli), hs_cli_arena(cli), path.data, MAPPING_BYTES_MAX, &json, err);
  if (status != HS_OK)
    return status;
  status = hs_gl_mapping_read(json, hs_cli_arena(cli), mapping, hs_cli_tell_fault, &telling, err);
  if (status != HS_OK)
    hs_err_prefix(err, "%s", path.data);
  hs_cli_tell_rest(&telling);
  return status;
}

static enum hs_status export_entries(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_programme *programme, struct hs_err *err)
{
  struct hs_arena *arena = hs_cli_arena(cli);
  struct hs_period period = {INT64_MIN, INT64_MAX};
  struct hs_gl_mapping mapping;
  struct hs_gl gl;
  struct hs_buf out = hs_buf_in(arena);
  enum hs_status status = read_mapping(cli, args, &mapping, err);
  if (status == HS_OK)
    status = hs_args_period(args, programme->zone, &period, err);
  if (status == HS_OK)
    status = hs_gl_of_book(&programme->book.ledger, &period, &mapping,
                           hs_args_has(args, "days") ? HS_GL_DAYS : HS_GL_TRANSFERS,
                           programme->zone, arena, &gl, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    hs_gl_json(&gl, &out);
  else
    hs_gl_csv(&gl, &out);
  status = hs_buf_status(&out, "the general ledger", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  if (status == HS_OK && gl.estimates_left_out > 0)
    hs_cli_note(cli,
                "%zu %s of what will be taken back %s left out: the mapping has no account "
                "\"reversals\"",
                gl.estimates_left_out, hs_plural(gl.estimates_left_out, "estimate", "estimates"),
                hs_plural(gl.estimates_left_out, "is", "are"));
  return status;
}

/* ---- lock ---- */

static enum hs_status lock(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  struct hs_decision decision = {.kind = HS_DECISION_LOCK,
                                 .until_us = programme->io->now_us(programme->io->self)};
  enum hs_status status = hs_args_day(args, "until", programme->zone, &decision.until_us, err);
  if (status == HS_OK && decision.until_us > programme->io->now_us(programme->io->self))
    return hs_fail(err, HS_INVALID, "return periods of the future cannot be over");
  if (status == HS_OK)
    status = hs_decide(programme, &decision, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "what had its return period is owed\n");
  return status;
}

/* ---- the command ---- */

typedef enum hs_status (*open_fn)(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *out, struct hs_err *err);

/* Who posts by itself opens the programme alone; the others find the ledger caught up. */
static const struct {
  const char *name;
  open_fn open;
  verb_fn run;
} VERBS[] = {{"post", hs_cli_open_programme, post},
             {"trial-balance", hs_cli_open_ledger, trial_balance},
             {"entries", hs_cli_open_ledger, entries},
             {"lock", hs_cli_open_ledger, lock},
             {"export", hs_cli_open_ledger, export_entries},
             {"alarms", hs_cli_open_programme, hs_ledger_alarms},
             {"replay", hs_cli_open_programme, replay}};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  struct hs_programme programme = {.lock = -1};
  for (size_t v = 0; v < sizeof VERBS / sizeof *VERBS; v++) {
    if (!hs_str_equal(verb, hs_str_of(VERBS[v].name)))
      continue;
    enum hs_status status = VERBS[v].open(cli, args, &programme, err);
    if (status == HS_OK)
      status = VERBS[v].run(cli, args, &programme, err);
    hs_programme_close(&programme);
    return status;
  }
  return hs_fail(
      err, HS_USAGE,
      "ledger can post, trial-balance, entries, lock, export, alarms and replay, not \"%.*s\"",
      HS_STR_ARG(verb));
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"until", HS_OPTION_TEXT, "DAY", NULL, 0, 0,
     "trial-balance, lock: up to the beginning of this day; up to now without it"},
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "entries: of this partner's accounts alone"},
    {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0,
     "entries, export: of 2026, 2026-Q3, 2026-09 or 2026-09-01..2026-09-15"},
    {"mapping", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "export: which accounts of the company ours are, as JSON"},
    {"days", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "export: one document a day and currency, not one an entry"},
    HS_LEDGER_ALARMS_OPTIONS,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "tables as CSV"},
    {0},
};

const struct hs_command hs_cmd_ledger = {
    .name = "ledger",
    .synopsis = "post|trial-balance|entries|lock|export|alarms|replay --data DIR [--json|--csv]",
    .summary = "post what is owed, and read the ledger",
    .details =
        "post judges the orders and refunds that have come since; commands that need the ledger do "
        "so by\n"
        "themselves. trial-balance lists every account, entries every posting. lock ends the "
        "return periods\n"
        "that are over: what was pending is owed. export writes the entries on the company's own "
        "account\n"
        "numbers. alarms lists what somebody has to look at, with what to do next. replay empties "
        "the ledger and reads the journal again, which gives the same "
        "entries.",
    .examples = "  hansa ledger trial-balance --data programme",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
