#include "cli/commands.h"
#include "cli/result.h"
#include "service/owe/disputes.h"

/* As it stands now. */
static enum hs_status print_one(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_programme *programme, const struct hs_id *id,
                                struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = hs_args_has(args, "json") ? hs_dispute_json(programme, id, &out, err)
                                                    : hs_dispute_say(programme, id, &out, err);
  if (status == HS_OK)
    status = hs_buf_status(&out, "the dispute", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

static enum hs_status read_id(const struct hs_args *args, struct hs_id *out, struct hs_err *err)
{
  if (hs_args_count(args) < 2)
    return hs_fail(err, HS_USAGE, "say which one: hansa dispute %.*s dsp_…",
                   HS_STR_ARG(hs_args_at(args, 0)));
  return hs_id_parse(hs_args_at(args, 1), "dsp", out)
             ? HS_OK
             : hs_fail(err, HS_USAGE, "a dispute is called dsp_…, got %.*s",
                       HS_STR_ARG(hs_args_at(args, 1)));
}

/* ---- open ---- */

static enum hs_status open_one(struct hs_cli *cli, const struct hs_args *args,
                               struct hs_programme *programme, struct hs_err *err)
{
  struct hs_dispute_opening opening = {.order_id = hs_args_text(args, "order"),
                                       .partner = hs_args_text(args, "partner"),
                                       .about = hs_args_text(args, "about"),
                                       .amount = hs_args_text(args, "amount"),
                                       .currency = hs_args_text(args, "currency"),
                                       .by = hs_args_text(args, "by"),
                                       .words = hs_args_text(args, "words")};
  struct hs_id id;
  if (hs_args_count(args) == 2 && !hs_id_parse(hs_args_at(args, 1), "cms", &opening.commission))
    return hs_fail(err, HS_USAGE, "a commission is called cms_…, got %.*s",
                   HS_STR_ARG(hs_args_at(args, 1)));
  if ((hs_args_count(args) == 2) == hs_args_has(args, "order"))
    return hs_fail(err, HS_USAGE,
                   "say what is disputed: a commission, or --order ID with --partner NAME");
  if (opening.about.data == NULL)
    return hs_fail(err, HS_USAGE,
                   "say what it is --about: untracked, \"wrong amount\" or \"wrongly reversed\"");
  enum hs_status status = hs_dispute_open(programme, &opening, &id, err);
  return status == HS_OK ? print_one(cli, args, programme, &id, err) : status;
}

/* ---- decide ---- */

static enum hs_status decide(struct hs_cli *cli, const struct hs_args *args,
                             struct hs_programme *programme, struct hs_err *err)
{
  struct hs_dispute_verdict verdict = {.amount = hs_args_text(args, "amount"),
                                       .by = hs_args_text(args, "by"),
                                       .second = hs_args_text(args, "second"),
                                       .words = hs_args_text(args, "words")};
  enum hs_status status = read_id(args, &verdict.dispute, err);
  if (status != HS_OK)
    return status;
  if (hs_args_count(args) != 3)
    return hs_fail(err, HS_USAGE, "say how: upheld, declined or incomplete");
  verdict.verdict = hs_args_at(args, 2);
  status = hs_dispute_decide(programme, &verdict, err);
  return status == HS_OK ? print_one(cli, args, programme, &verdict.dispute, err) : status;
}

/* ---- list ---- */

static const char *const COLUMNS[] = {"id",         "partner",   "about",    "state",
                                      "commission", "order_id",  "amount",   "held",
                                      "currency",   "opened_at", "opened_by"};
#define COLUMN_COUNT (sizeof COLUMNS / sizeof *COLUMNS)

static enum hs_status print_line(void *context, const struct hs_dispute_line *line,
                                 struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  const struct hs_dispute_row *row = line->dispute;
  const struct hs_str none = {0};
  char amount[HS_MONEY_TEXT];
  char held[HS_MONEY_TEXT];
  char at[HS_TIME_TEXT];
  hs_money_format_number((struct hs_money){row->amount_minor, row->currency}, amount);
  hs_money_format_number((struct hs_money){line->held_minor, row->currency}, held);
  hs_format_time(row->opened_at_us, at);
  struct hs_str values[COLUMN_COUNT] = {
      hs_str_of(row->id.text),
      row->partner,
      row->about,
      line->verdict,
      row->commission.text[0] != '\0' ? hs_str_of(row->commission.text) : none,
      row->order_id,
      hs_str_of(amount),
      hs_str_of(held),
      hs_str_of(row->currency.code),
      hs_str_of(at),
      row->opened_by};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status =
      hs_result_texts_begin(cli, args, COLUMN_COUNT, COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_dispute_list(programme, hs_args_text(args, "partner"),
                             hs_args_has(args, "open") ? HS_DISPUTES_OPEN : HS_DISPUTES_ALL,
                             print_line, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

/* ---- show ---- */

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  struct hs_id id;
  enum hs_status status = read_id(args, &id, err);
  return status == HS_OK ? print_one(cli, args, programme, &id, err) : status;
}

/* ---- the command ---- */

static const struct {
  const char *name;
  enum hs_status (*run)(struct hs_cli *cli, const struct hs_args *args,
                        struct hs_programme *programme, struct hs_err *err);
} VERBS[] = {{"open", open_one}, {"decide", decide}, {"list", list}, {"show", show}};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  for (size_t v = 0; v < sizeof VERBS / sizeof *VERBS; v++) {
    if (!hs_str_equal(verb, hs_str_of(VERBS[v].name)))
      continue;
    struct hs_programme programme = {.lock = -1};
    enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
    if (status == HS_OK)
      status = VERBS[v].run(cli, args, &programme, err);
    hs_programme_close(&programme);
    return status;
  }
  return hs_fail(err, HS_USAGE, "dispute can open, decide, list and show, not \"%.*s\"",
                 HS_STR_ARG(verb));
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"order", HS_OPTION_TEXT, "ID", NULL, 0, 0, "open: an order that was not tracked"},
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "open: whose order it was; list: of this one"},
    {"about", HS_OPTION_TEXT, "WHAT", NULL, 0, 0,
     "open: untracked, \"wrong amount\" or \"wrongly reversed\""},
    {"amount", HS_OPTION_TEXT, "AMOUNT", NULL, 0, 0,
     "open: how much is disputed; decide: what is granted, or below 0 taken back"},
    {"currency", HS_OPTION_TEXT, "CODE", NULL, 0, 0,
     "open: of the amount; the programme's without it"},
    {"open", HS_OPTION_FLAG, NULL, NULL, 0, 0, "list: only what is not decided"},
    HS_OPTION_BY,
    HS_OPTION_SECOND,
    {"words", HS_OPTION_TEXT, "TEXT", NULL, 0, 0, "what is said of it, as it stays in the record"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "list as CSV"},
    {0},
};

const struct hs_command hs_cmd_dispute = {
    .name = "dispute",
    .synopsis = "open COMMISSION|--order ID --partner NAME --about WHAT --amount AMOUNT --by NAME\n"
                "  | decide ID upheld|declined|incomplete --by NAME [--second NAME] [--amount "
                "AMOUNT]\n  | list [--open] | show ID   --data DIR [--json|--csv]",
    .summary = "dispute an amount, decide it, and see what is held until then",
    .details = "Only the disputed part is held; the rest is paid on time. Upheld needs two "
               "persons: the\n"
               "partner gets the amount on top, or, below 0, it is taken back. What was not "
               "tracked becomes a\n"
               "commission. What is incomplete stays open.",
    .examples =
        "  hansa dispute open cms_… --about \"wrong amount\" --amount 1.20 --by blog --words "
        "\"12 %, not 10\" --data programme\n"
        "  hansa dispute list --open --data programme",
    .positional_min = 1,
    .positional_max = 3,
    .options = OPTIONS,
    .run = run,
};
