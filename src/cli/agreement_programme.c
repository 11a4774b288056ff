#include "cli/agreement_programme.h"

#include <inttypes.h>

#include "cli/agreement_changes.h"
#include "cli/agreement_funds.h"
#include "cli/agreement_standing.h"
#include "cli/result.h"
#include "service/agreed/agreed.h"
#include "service/agreed/agreed_history.h"
#include "service/agreed/agreement_simulate.h"
#include "service/agreed/agreement_words.h"

static struct hs_agreed agreed_of(const struct hs_args *args, struct hs_str name)
{
  return (struct hs_agreed){.name = name,
                            .by = hs_args_text(args, "by"),
                            .reason = hs_args_text(args, "reason"),
                            .attested_by = hs_args_text(args, "attest")};
}

/* --from, today without it; --until, 0 without it: the day is still in. */
static enum hs_status read_days(const struct hs_args *args, const struct hs_programme *programme,
                                int64_t *from_us, int64_t *until_us, struct hs_err *err)
{
  struct hs_period until = {0};
  *from_us = programme->io->now_us(programme->io->self);
  enum hs_status status = hs_args_day(args, "from", programme->zone, from_us, err);
  if (status == HS_OK)
    status = hs_args_day(args, "until", programme->zone, &until.from_us, err);
  *until_us = until.from_us == 0 ? 0 : until.from_us + HS_DAY_US;
  return status;
}

/* ---- add, sign ---- */

static enum hs_status add(struct hs_cli *cli, const struct hs_args *args,
                          struct hs_programme *programme, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_agreed agreed = agreed_of(args, hs_args_text(args, "name"));
  int64_t from_us = 0;
  int64_t until_us = 0;
  uint64_t number = 0;
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status == HS_OK)
    status = read_days(args, programme, &from_us, &until_us, err);
  if (status == HS_OK)
    status = hs_agreed_propose(programme, &agreed, &file, from_us, until_us, &number, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "version %" PRIu64 " of %.*s is proposed; it holds once it is signed\n",
                  number, HS_STR_ARG(agreed.name));
  return status;
}

void hs_cli_tell_objection(void *context, const struct hs_check_row *row)
{
  if (row->level == HS_CHECK_OBJECTION)
    hs_cli_note(context, "%s: %s (%s)", row->path, row->words, row->code);
}

static enum hs_status sign(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  struct hs_agreed agreed = agreed_of(args, hs_args_at(args, 1));
  enum hs_status status =
      hs_agreed_sign(programme, &agreed, (uint64_t)hs_args_integer(args, "number"),
                     hs_args_text(args, "party"), hs_cli_tell_objection, cli, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "%.*s is signed\n", HS_STR_ARG(agreed.name));
  return status;
}

/* ---- enrol, end ---- */

static enum hs_status enrol(struct hs_cli *cli, const struct hs_args *args,
                            struct hs_programme *programme, struct hs_err *err)
{
  struct hs_agreed agreed = agreed_of(args, hs_args_at(args, 1));
  struct hs_str partner;
  int64_t from_us = 0;
  int64_t until_us = 0;
  size_t index = 0;
  size_t count = 0;
  enum hs_status status = read_days(args, programme, &from_us, &until_us, err);
  while (status == HS_OK && hs_args_next(args, "partner", &index, &partner)) {
    status = hs_agreed_enrol(programme, &agreed, partner, from_us, until_us, err);
    count += status == HS_OK;
  }
  if (status == HS_OK && count == 0)
    return hs_fail(err, HS_USAGE, "say who takes part: --partner NAME");
  if (count > 0)
    hs_cli_printf(cli, "%zu %s part in %.*s\n", count,
                  hs_plural(count, "partner takes", "partners take"), HS_STR_ARG(agreed.name));
  return status;
}

static enum hs_status end(struct hs_cli *cli, const struct hs_args *args,
                          struct hs_programme *programme, struct hs_err *err)
{
  struct hs_agreed agreed = agreed_of(args, hs_args_at(args, 1));
  int64_t from_us = programme->io->now_us(programme->io->self);
  enum hs_status status = hs_args_day(args, "from", programme->zone, &from_us, err);
  if (status == HS_OK)
    status = hs_agreed_end(programme, &agreed, from_us, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "%.*s ends\n", HS_STR_ARG(agreed.name));
  return status;
}

/* ---- list, show ---- */

static const char *const LIST_COLUMNS[] = {"agreement", "version", "state",         "from", "until",
                                           "partners",  "open",    "renegotiation", "title"};

/* The month by whose end a renegotiation was opened last, in month; absent for none. */
struct opened {
  char month[16];
};

static enum hs_status note_opened(void *context, const struct hs_renegotiation_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct opened *opened = context;
  (void)snprintf(opened->month, sizeof opened->month, "%.*s", HS_STR_ARG(row->period));
  return HS_OK;
}

struct listing {
  struct hs_result_sink sink;
  const struct hs_ledger_reader *ledger;
};

static enum hs_status print_line(void *context, const struct hs_agreed_line *line,
                                 struct hs_err *err)
{
  const struct listing *listing = context;
  const struct hs_result_sink *sink = &listing->sink;
  struct opened opened = {""};
  enum hs_status status =
      listing->ledger->renegotiations(listing->ledger->self, line->name, note_opened, &opened, err);
  if (status != HS_OK)
    return status;
  char number[24];
  char from[HS_TIME_TEXT];
  char until[HS_TIME_TEXT];
  char partners[24];
  (void)snprintf(number, sizeof number, "%" PRIu64, line->number);
  (void)snprintf(partners, sizeof partners, "%zu", line->partner_count);
  hs_format_time(line->from_us, from);
  if (line->until_us != INT64_MAX)
    hs_format_time(line->until_us, until);
  struct hs_str values[] = {line->name,
                            hs_str_of(number),
                            line->state,
                            hs_str_of(from),
                            line->until_us == INT64_MAX ? (struct hs_str){0} : hs_str_of(until),
                            hs_str_of(partners),
                            line->open,
                            opened.month[0] == '\0' ? (struct hs_str){0} : hs_str_of(opened.month),
                            line->title};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  struct listing listing = {.ledger = &programme->book.ledger};
  struct hs_result_printer *printer = NULL;
  enum hs_status status =
      hs_result_texts_begin(cli, args, sizeof LIST_COLUMNS / sizeof *LIST_COLUMNS, LIST_COLUMNS,
                            &listing.sink, &printer, err);
  if (status == HS_OK)
    status = hs_agreed_list(programme, (struct hs_str){0}, print_line, &listing, err);
  return hs_result_texts_end(printer, status, err);
}

static enum hs_status say_version(void *context, const struct hs_agreed_line *line,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct hs_buf *out = context;
  char from[HS_TIME_TEXT];
  char until[HS_TIME_TEXT];
  hs_format_time(line->from_us, from);
  hs_buf_printf(out, "%3" PRIu64 "  %-10.*s  from %s", line->number, HS_STR_ARG(line->state), from);
  if (line->until_us != INT64_MAX) {
    hs_format_time(line->until_us, until);
    hs_buf_printf(out, " until %s", until);
  }
  if (line->open.data != NULL) {
    hs_buf_add_text(out, ", ");
    hs_buf_add_str(out, line->open);
  }
  hs_buf_add_char(out, '\n');
  return HS_OK;
}

static enum hs_status say_event(void *context, const struct hs_agreed_event *event,
                                [[maybe_unused]] struct hs_err *err)
{
  struct hs_buf *out = context;
  char at[HS_TIME_TEXT];
  hs_format_time(event->at_us, at);
  hs_buf_printf(out, "%3" PRIu64 "  %s  ", event->number, at);
  hs_agreed_event_say(event, out);
  if (event->by.data != NULL) {
    hs_buf_add_text(out, " (");
    (void)hs_buf_add_shown(out, event->by, SIZE_MAX);
    hs_buf_add_char(out, ')');
  }
  if (event->reason.data != NULL) {
    hs_buf_add_text(out, ": ");
    (void)hs_buf_add_shown(out, event->reason, SIZE_MAX);
  }
  if (event->attested_by.data != NULL) {
    hs_buf_add_text(out, "; disclosure attested by ");
    (void)hs_buf_add_shown(out, event->attested_by, SIZE_MAX);
  }
  hs_buf_add_char(out, '\n');
  return HS_OK;
}

static enum hs_status say_renegotiation(void *context, const struct hs_renegotiation_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "\nRenegotiation opened by the end of %.*s: %.*s\n",
                HS_STR_ARG(row->period), HS_STR_ARG(row->what));
  return HS_OK;
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  struct hs_arena *arena = hs_cli_arena(cli);
  struct hs_agreement_file file;
  struct hs_str document;
  struct hs_str name = hs_args_at(args, 1);
  struct hs_buf out = hs_buf_in(arena);
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  uint64_t number = (uint64_t)hs_args_integer(args, "number");
  enum hs_status status = hs_agreed_document(programme, name, &number, arena, &document, err);
  if (status == HS_OK)
    status = hs_agreement_read(document, arena, &file.agreement, &file.terms, NULL, NULL, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json")) {
    hs_buf_add_str(&out, document);
  } else {
    hs_agreement_say(&file, &out);
    hs_buf_add_text(&out, "\nVersions\n");
    status = hs_agreed_list(programme, name, say_version, &out, err);
    hs_buf_add_text(&out, "\nWhat was decided and said\n");
    if (status == HS_OK)
      status = hs_agreed_events(programme, name, say_event, &out, err);
    if (status == HS_OK)
      status = ledger->renegotiations(ledger->self, name, say_renegotiation, &out, err);
  }
  return status == HS_OK ? hs_cli_write_buf(cli, &out, err) : status;
}

/* ---- history, partners ---- */

static const char *const HISTORY_COLUMNS[] = {"version", "what", "at",     "party",      "by",
                                              "how",     "hash", "reason", "attested_by"};

static enum hs_status print_event(void *context, const struct hs_agreed_event *event,
                                  struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char number[24];
  char at[HS_TIME_TEXT];
  (void)snprintf(number, sizeof number, "%" PRIu64, event->number);
  hs_format_time(event->at_us, at);
  struct hs_str values[] = {hs_str_of(number), event->state,  hs_str_of(at),
                            event->party,      event->by,     event->method,
                            event->reference,  event->reason, event->attested_by};
  return sink->row(sink->self, values, err);
}

static enum hs_status history(struct hs_cli *cli, const struct hs_args *args,
                              struct hs_programme *programme, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  struct hs_str name = hs_args_at(args, 1);
  struct hs_str document;
  uint64_t number = 0;
  enum hs_status status =
      hs_agreed_document(programme, name, &number, hs_cli_arena(cli), &document, err);
  if (status == HS_OK)
    status = hs_result_texts_begin(cli, args, sizeof HISTORY_COLUMNS / sizeof *HISTORY_COLUMNS,
                                   HISTORY_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_agreed_events(programme, name, print_event, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

static const char *const PARTNER_COLUMNS[] = {"partner", "version", "from", "until",
                                              "disclosure_attested_by"};

static enum hs_status print_partner(void *context, const struct hs_agreed_partner *partner,
                                    struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char number[24];
  char from[HS_TIME_TEXT];
  char until[HS_TIME_TEXT];
  int has_end = partner->until_us != INT64_MAX;
  (void)snprintf(number, sizeof number, "%" PRIu64, partner->number);
  hs_format_time(partner->from_us, from);
  if (has_end)
    hs_format_time(partner->until_us, until);
  struct hs_str values[] = {partner->partner, hs_str_of(number), hs_str_of(from),
                            has_end ? hs_str_of(until) : (struct hs_str){0}, partner->attested_by};
  return sink->row(sink->self, values, err);
}

static enum hs_status partners(struct hs_cli *cli, const struct hs_args *args,
                               struct hs_programme *programme, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status =
      hs_result_texts_begin(cli, args, sizeof PARTNER_COLUMNS / sizeof *PARTNER_COLUMNS,
                            PARTNER_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_agreed_partners(programme, hs_args_at(args, 1), print_partner, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

/* ---- simulate ---- */

static const char *const SIMULATED_COLUMNS[] = {"partner",    "commissions_now", "commissions_then",
                                                "earned_now", "earned_then",     "difference",
                                                "currency"};

struct simulated {
  const struct hs_result_sink *sink;
  struct hs_currency currency;
  struct hs_simulated total;
};

static enum hs_status print_simulated(void *context, const struct hs_simulated *line,
                                      struct hs_err *err)
{
  struct simulated *simulated = context;
  char counts[2][24];
  char amounts[3][HS_MONEY_TEXT];
  (void)snprintf(counts[0], sizeof counts[0], "%" PRIu64, line->commissions_now);
  (void)snprintf(counts[1], sizeof counts[1], "%" PRIu64, line->commissions_then);
  hs_money_format_number((struct hs_money){line->earned_now_minor, simulated->currency},
                         amounts[0]);
  hs_money_format_number((struct hs_money){line->earned_then_minor, simulated->currency},
                         amounts[1]);
  hs_money_format_number(
      (struct hs_money){line->earned_then_minor - line->earned_now_minor, simulated->currency},
      amounts[2]);
  struct hs_str values[] = {line->partner,
                            hs_str_of(counts[0]),
                            hs_str_of(counts[1]),
                            hs_str_of(amounts[0]),
                            hs_str_of(amounts[1]),
                            hs_str_of(amounts[2]),
                            hs_str_of(simulated->currency.code)};
  simulated->total.earned_now_minor += line->earned_now_minor;
  simulated->total.earned_then_minor += line->earned_then_minor;
  return simulated->sink->row(simulated->sink->self, values, err);
}

static void show_simulating(void *context, double share)
{
  hs_cli_progress(context, "judging orders", share, NULL);
}

static enum hs_status run_simulation(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_programme *programme,
                                     const struct hs_simulation *simulation, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  struct simulated simulated = {.sink = &sink, .currency = simulation->file->terms.currency};
  enum hs_status status =
      hs_result_texts_begin(cli, args, sizeof SIMULATED_COLUMNS / sizeof *SIMULATED_COLUMNS,
                            SIMULATED_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_agreement_simulate(programme, simulation, print_simulated, &simulated, err);
  hs_cli_progress_end(cli);
  enum hs_status ended = hs_result_texts_end(printer, status, err);
  if (status == HS_OK) {
    char amounts[2][HS_MONEY_TEXT];
    hs_money_format_number((struct hs_money){simulated.total.earned_now_minor, simulated.currency},
                           amounts[0]);
    hs_money_format_number((struct hs_money){simulated.total.earned_then_minor, simulated.currency},
                           amounts[1]);
    hs_cli_note(cli, "all together %s %s by what is agreed, %s %s by these terms", amounts[0],
                simulated.currency.code, amounts[1], simulated.currency.code);
  }
  return ended;
}

static enum hs_status simulate(struct hs_cli *cli, const struct hs_args *args,
                               struct hs_programme *programme, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_str version = hs_args_at(args, 1);
  struct hs_simulation simulation = {.agreement = hs_args_text(args, "name"),
                                     .file = &file,
                                     .period = {INT64_MIN, INT64_MAX},
                                     .progress = show_simulating,
                                     .context = cli,
                                     .interrupt = hs_cli_interrupt_flag()};
  if (hs_args_has(args, "period"))
    return hs_fail(err, HS_USAGE, "the orders to be judged are named by --against PERIOD");
  enum hs_status status =
      simulation.agreement.data != NULL
          ? hs_cli_read_agreement(cli, version, &file, err)
          : hs_cli_agreed_version(cli, programme, version, &simulation.agreement, &file, err);
  if (status == HS_NOT_FOUND && !hs_args_has(args, "name"))
    hs_err_prefix(err, "terms in a file need --name NAME, and of the programme");
  if (status == HS_OK)
    status = hs_args_period_named(args, "against", programme->zone, &simulation.period, err);
  return status == HS_OK ? run_simulation(cli, args, programme, &simulation, err) : status;
}

/* ---- the verbs ---- */

static const struct {
  const char *name;
  size_t least, most; /* arguments that follow the verb */
  const char *says;   /* what they are */
  enum hs_status (*run)(struct hs_cli *cli, const struct hs_args *args,
                        struct hs_programme *programme, struct hs_err *err);
} VERBS[] = {{"add", 1, 1, "a file", add},
             {"sign", 1, 1, "an agreement", sign},
             {"change", 2, SIZE_MAX, "an agreement and FIELD=VALUE", hs_cli_agreed_change},
             {"notify", 1, 1, "an agreement", hs_cli_agreed_notify},
             {"answer", 2, 2, "an agreement and accept, decline or counter", hs_cli_agreed_answer},
             {"enrol", 1, 1, "an agreement", enrol},
             {"end", 1, 1, "an agreement", end},
             {"simulate", 1, 1, "a version such as NAME@2, or a file", simulate},
             {"list", 0, 0, "nothing", list},
             {"show", 1, 1, "an agreement", show},
             {"history", 1, 1, "an agreement", history},
             {"partners", 1, 1, "an agreement", partners},
             {"diff", 2, 2, "two versions such as NAME@1", hs_cli_agreed_diff},
             {"kind", 1, 1, "an agreement", hs_cli_agreed_kind},
             {"growth", 0, 1, "an agreement or --partner", hs_cli_agreed_growth},
             {"results", 1, 1, "an agreement", hs_cli_agreed_results},
             {"fund", 3, 3, "an agreement, request, approve, decline or claim, and what for",
              hs_cli_agreed_fund},
             {"funds", 1, 1, "an agreement", hs_cli_agreed_funds}};

enum hs_status hs_agreement_programme_run(struct hs_cli *cli, const struct hs_args *args,
                                          struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  size_t count = hs_args_count(args) - 1;
  struct hs_programme programme = {.lock = -1};
  for (size_t v = 0; v < sizeof VERBS / sizeof *VERBS; v++) {
    if (!hs_str_equal(verb, hs_str_of(VERBS[v].name)))
      continue;
    if (count < VERBS[v].least || count > VERBS[v].most)
      return hs_fail(err, HS_USAGE, "agreement %s takes %s, got %zu", VERBS[v].name, VERBS[v].says,
                     count);
    enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
    if (status == HS_OK)
      status = VERBS[v].run(cli, args, &programme, err);
    hs_programme_close(&programme);
    return status;
  }
  return hs_fail(err, HS_USAGE,
                 "with --data agreement can add, sign, change, notify, answer, enrol, end, "
                 "simulate, list, show, history, partners, diff, kind, growth, results, fund and "
                 "funds, not \"%.*s\"",
                 HS_STR_ARG(verb));
}
