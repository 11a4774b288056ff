/* Money for what two sides do together: asked for by one person, granted by another, and claimed
   with a proof for no more than was granted. */
#include <inttypes.h>

#include "service/post/post_priv.h"

/* What became of one fund so far. */
struct fund {
  const struct hs_decision *decision;
  int is_requested, is_approved;
  int is_own_request; /* by whoever decides now */
  struct hs_currency currency;
  int64_t requested_minor, approved_minor, claimed_minor;
};

static enum hs_status note_state(void *context, const struct hs_fund_row *row, struct hs_err *err)
{
  struct fund *fund = context;
  if (!hs_str_equal(row->what, fund->decision->words))
    return HS_OK;
  if (hs_str_equal(row->state, HS_STR("requested"))) {
    fund->is_requested = 1;
    fund->is_own_request = hs_str_equal(row->decided_by, fund->decision->by);
    fund->requested_minor = row->amount_minor;
    fund->currency = row->currency;
  } else if (hs_str_equal(row->state, HS_STR("declined"))) {
    fund->is_requested = 0;
  } else if (hs_str_equal(row->state, HS_STR("approved"))) {
    fund->is_approved = 1;
    fund->approved_minor = row->amount_minor;
  } else if (__builtin_add_overflow(fund->claimed_minor, row->amount_minor, &fund->claimed_minor)) {
    return hs_fail(err, HS_INVALID, "the claims do not fit");
  }
  return HS_OK;
}

/* HS_CONFLICT for what cannot come next. */
static enum hs_status check_order(const struct fund *fund, struct hs_err *err)
{
  struct hs_str what = fund->decision->words;
  struct hs_str state = fund->decision->state;
  if (hs_str_equal(state, HS_STR("requested")))
    return !fund->is_requested
               ? HS_OK
               : hs_fail(err, HS_CONFLICT, "%.*s is asked for already", HS_STR_ARG(what));
  if (hs_str_equal(state, HS_STR("claimed")))
    return fund->is_approved ? HS_OK
                             : hs_fail(err, HS_CONFLICT, "%.*s was not granted", HS_STR_ARG(what));
  if (!fund->is_requested)
    return hs_fail(err, HS_CONFLICT, "nobody has asked for %.*s", HS_STR_ARG(what));
  return !fund->is_approved
             ? HS_OK
             : hs_fail(err, HS_CONFLICT, "%.*s is granted already", HS_STR_ARG(what));
}

static enum hs_status check_most(const struct fund *fund, int64_t most_minor, const char *words,
                                 struct hs_err *err)
{
  char most[HS_MONEY_TEXT];
  char asked[HS_MONEY_TEXT];
  if (fund->decision->amount_minor <= most_minor)
    return HS_OK;
  hs_money_format((struct hs_money){most_minor, fund->currency}, most);
  hs_money_format((struct hs_money){fund->decision->amount_minor, fund->currency}, asked);
  return hs_fail(err, HS_DENIED, "%.*s: %s %s, got %s", HS_STR_ARG(fund->decision->words), most,
                 words, asked);
}

static enum hs_status check_fund(const struct fund *fund, struct hs_err *err)
{
  const struct hs_decision *decision = fund->decision;
  enum hs_status status = check_order(fund, err);
  if (status != HS_OK || hs_str_equal(decision->state, HS_STR("requested")))
    return status;
  if (!hs_currency_equal(decision->currency, fund->currency))
    return hs_fail(err, HS_INVALID, "%.*s was asked for in %s, not in %s",
                   HS_STR_ARG(decision->words), fund->currency.code, decision->currency.code);
  if (hs_str_equal(decision->state, HS_STR("claimed"))) {
    if (decision->reference.length == 0)
      return hs_fail(err, HS_INVALID, "a claim of %.*s needs a proof", HS_STR_ARG(decision->words));
    return check_most(fund, fund->approved_minor - fund->claimed_minor, "can still be claimed",
                      err);
  }
  if (fund->is_own_request)
    return hs_fail(err, HS_DENIED, "%.*s has asked for it: somebody else has to decide",
                   HS_STR_ARG(decision->by));
  return check_most(fund, fund->requested_minor, "was asked for", err);
}

enum hs_status hs_post_fund(struct hs_posting *posting, const struct hs_decision *decision,
                            struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  struct fund fund = {.decision = decision};
  struct hs_fund_row row = {.agreement = decision->agreement,
                            .what = decision->words,
                            .state = decision->state,
                            .party = decision->party,
                            .currency = decision->currency,
                            .amount_minor = decision->amount_minor,
                            .proof = decision->reference,
                            .reason = decision->reason,
                            .decided_by = decision->by,
                            .at_us = posting->at_us,
                            .sequence = posting->sequence};
  enum hs_status status = now->funds(now->self, decision->agreement, note_state, &fund, err);
  if (status == HS_OK)
    status = check_fund(&fund, err);
  return status == HS_OK ? ledger->add_fund(ledger->self, &row, err) : status;
}
