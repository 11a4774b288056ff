#include "cli/agreement_funds.h"

#include "cli/result.h"
#include "service/agreed/funds.h"

/* ---- fund ---- */

static enum hs_status read_step(struct hs_str word, struct hs_str *out, struct hs_err *err)
{
  static const char *const WORDS[][2] = {{"request", "requested"},
                                         {"approve", "approved"},
                                         {"decline", "declined"},
                                         {"claim", "claimed"}};
  for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
    if (hs_str_equal(word, hs_str_of(WORDS[i][0]))) {
      *out = hs_str_of(WORDS[i][1]);
      return HS_OK;
    }
  return hs_fail(err, HS_USAGE,
                 "with a fund one can request, approve, decline or claim, not \"%.*s\"",
                 HS_STR_ARG(word));
}

enum hs_status hs_cli_agreed_fund(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_agreed agreed = {.name = hs_args_at(args, 1),
                                   .by = hs_args_text(args, "by"),
                                   .reason = hs_args_text(args, "reason")};
  struct hs_fund_step step = {.what = hs_args_at(args, 3),
                              .party = hs_args_text(args, "party"),
                              .proof = hs_args_text(args, "proof")};
  if (hs_args_has(args, "amount"))
    step.amount = hs_args_text(args, "amount");
  enum hs_status status = read_step(hs_args_at(args, 2), &step.state, err);
  if (status == HS_OK)
    status = hs_fund_decide(programme, &agreed, &step, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "%.*s is %.*s\n", HS_STR_ARG(step.what), HS_STR_ARG(step.state));
  return status;
}

/* ---- funds ---- */

static const char *const FUND_COLUMNS[] = {"what", "state", "amount", "currency", "party",
                                           "by",   "proof", "reason", "at"};

static enum hs_status print_fund(void *context, const struct hs_fund_line *line, struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char amount[HS_MONEY_TEXT];
  char at[HS_TIME_TEXT];
  hs_money_format_number(line->amount, amount);
  hs_format_time(line->at_us, at);
  struct hs_str values[] = {
      line->what,   line->state, hs_str_of(amount), hs_str_of(line->amount.currency.code),
      line->party,  line->by,    line->proof,       line->reason,
      hs_str_of(at)};
  return sink->row(sink->self, values, err);
}

enum hs_status hs_cli_agreed_funds(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_programme *programme, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status = hs_result_texts_begin(
      cli, args, sizeof FUND_COLUMNS / sizeof *FUND_COLUMNS, FUND_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_funds_list(programme, hs_args_at(args, 1), print_fund, &sink, err);
  return hs_result_texts_end(printer, status, err);
}
