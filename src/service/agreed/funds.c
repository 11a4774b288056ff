#include "service/agreed/funds.h"

#include "service/agreed/agreed_history.h"
#include "service/post/post.h"

#define AGREED_ARENA_BYTES (1 * HS_GIB)

struct listing {
  hs_fund_line_fn each;
  void *context;
};

static enum hs_status give_line(void *context, const struct hs_fund_row *row, struct hs_err *err)
{
  const struct listing *listing = context;
  const struct hs_fund_line line = {.what = row->what,
                                    .state = row->state,
                                    .party = row->party,
                                    .proof = row->proof,
                                    .reason = row->reason,
                                    .by = row->decided_by,
                                    .amount = {row->amount_minor, row->currency},
                                    .at_us = row->at_us};
  return listing->each(listing->context, &line, err);
}

enum hs_status hs_funds_list(struct hs_programme *programme, struct hs_str agreement,
                             hs_fund_line_fn each, void *context, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct listing listing = {each, context};
  return ledger->funds(ledger->self, agreement, give_line, &listing, err);
}

/* ---- one step ---- */

/* What is left to say for a step that names no amount. */
struct left {
  struct hs_str what;
  int is_claim;
  int64_t minor;
};

static enum hs_status note_left(void *context, const struct hs_fund_line *line,
                                [[maybe_unused]] struct hs_err *err)
{
  struct left *left = context;
  if (!hs_str_equal(line->what, left->what))
    return HS_OK;
  if (hs_str_equal(line->state, left->is_claim ? HS_STR("approved") : HS_STR("requested")))
    left->minor = line->amount.amount_minor;
  else if (left->is_claim && hs_str_equal(line->state, HS_STR("claimed")))
    left->minor -= line->amount.amount_minor;
  return HS_OK;
}

static enum hs_status find_amount(struct hs_programme *programme, const struct hs_agreed *agreed,
                                  const struct hs_fund_step *step, struct hs_currency currency,
                                  int64_t *out, struct hs_err *err)
{
  struct hs_money money = {0};
  struct left left = {.what = step->what, .is_claim = hs_str_equal(step->state, HS_STR("claimed"))};
  if (step->amount.data != NULL) {
    enum hs_status status = hs_money_parse(step->amount, currency, &money, err);
    *out = money.amount_minor;
    if (status != HS_OK)
      hs_err_prefix(err, "--amount");
    else if (money.amount_minor <= 0)
      return hs_fail(err, HS_USAGE, "--amount must be above 0, got %.*s", HS_STR_ARG(step->amount));
    return status == HS_OK ? HS_OK : HS_USAGE;
  }
  if (hs_str_equal(step->state, HS_STR("requested")))
    return hs_fail(err, HS_USAGE, "say how much is asked for: --amount 5000");
  enum hs_status status = hs_funds_list(programme, agreed->name, note_left, &left, err);
  if (status == HS_OK && left.minor <= 0)
    return hs_fail(err, HS_CONFLICT,
                   left.is_claim ? "nothing of %.*s can be claimed" : "nobody has asked for %.*s",
                   HS_STR_ARG(step->what));
  *out = left.minor;
  return status;
}

enum hs_status hs_fund_decide(struct hs_programme *programme, const struct hs_agreed *agreed,
                              const struct hs_fund_step *step, struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_agreement_file file;
  struct hs_decision decision = {.kind = HS_DECISION_FUND,
                                 .by = agreed->by,
                                 .agreement = agreed->name,
                                 .party = step->party,
                                 .state = step->state,
                                 .words = step->what,
                                 .reference = step->proof,
                                 .reason = agreed->reason};
  enum hs_status status = hs_agreed_check_by(agreed, err);
  if (status == HS_OK)
    status = hs_arena_init(&arena, AGREED_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_agreed_current(programme, agreed->name, &arena, &file, err);
  if (status == HS_OK) {
    decision.currency = file.terms.currency;
    status = find_amount(programme, agreed, step, file.terms.currency, &decision.amount_minor, err);
  }
  hs_arena_release(&arena);
  return status == HS_OK ? hs_decide(programme, &decision, err) : status;
}
