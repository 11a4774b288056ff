/* What people decide about single commissions: adjustments and disputes. */
#include <string.h>

#include "service/owe/disputable.h"
#include "service/post/post_priv.h"

/* ---- commissions by hand ---- */

static enum hs_status find_commission(struct hs_posting *posting, const struct hs_id *id,
                                      struct hs_commission_row *out, struct hs_owed *owed,
                                      struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &posting->writer->ledger_now;
  enum hs_status status = hs_ledger_commission(ledger, id, posting->scratch, out, err);
  return status == HS_OK ? hs_ledger_owed(ledger, id, owed, err) : status;
}

static enum hs_status take_back(struct hs_posting *posting,
                                const struct hs_commission_row *commission,
                                const struct hs_owed *owed, int64_t amount_minor,
                                struct hs_str reference, struct hs_str reason, struct hs_err *err)
{
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  size_t count = 0;
  enum hs_status status = hs_owed_take_back(owed, amount_minor, steps, &count, err);
  for (size_t i = 0; i < count && status == HS_OK; i++)
    status = hs_post_commission(posting, steps[i].kind, commission, steps[i].amount_minor,
                                posting->at_us, reference, reason, err);
  return status;
}

/* Above 0 on top of the commission, below it taken back. What is granted in the return period is
   owed at once: somebody has looked at it. */
static enum hs_status correct(struct hs_posting *posting,
                              const struct hs_commission_row *commission,
                              const struct hs_owed *owed, int64_t amount_minor,
                              struct hs_str reference, struct hs_str reason, struct hs_err *err)
{
  if (amount_minor == INT64_MIN)
    return hs_fail(err, HS_INVALID, "the amount does not fit");
  if (amount_minor < 0)
    return take_back(posting, commission, owed, -amount_minor, reference, reason, err);
  return hs_post_commission(posting, HS_TRANSFER_GRANT, commission, amount_minor, posting->at_us,
                            reference, reason, err);
}

static enum hs_status require_two(const char *what, const struct hs_decision *decision,
                                  struct hs_err *err)
{
  if (decision->seconded_by.length == 0)
    return hs_fail(err, HS_INVALID, "%s needs two persons, and only %.*s decided", what,
                   HS_STR_ARG(decision->by));
  return hs_str_equal(decision->by, decision->seconded_by)
             ? hs_fail(err, HS_INVALID, "%s needs two persons, got %.*s twice", what,
                       HS_STR_ARG(decision->by))
             : HS_OK;
}

/* ---- adjustments ---- */

static enum hs_status add_adjustment(struct hs_posting *posting, const struct hs_decision *decision,
                                     const struct hs_id *commission, struct hs_str partner,
                                     struct hs_currency currency, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  const struct hs_adjustment_row row = {.id = decision->id,
                                        .partner = partner,
                                        .commission = *commission,
                                        .currency = currency,
                                        .amount_minor = decision->amount_minor,
                                        .at_us = posting->at_us,
                                        .decided_by = decision->by,
                                        .seconded_by = decision->seconded_by,
                                        .reason = decision->reason,
                                        .words = decision->words,
                                        .sequence = posting->sequence};
  return ledger->add_adjustment(ledger->self, &row, err);
}

static enum hs_status adjust_commission(struct hs_posting *posting,
                                        const struct hs_decision *decision, struct hs_err *err)
{
  struct hs_commission_row commission;
  struct hs_owed owed;
  enum hs_status status = find_commission(posting, &decision->commission, &commission, &owed, err);
  if (status != HS_OK)
    return status;
  if (decision->party.data != NULL && !hs_str_equal(decision->party, commission.partner))
    return hs_fail(err, HS_INVALID, "commission %s is %.*s's, not %.*s's", commission.id.text,
                   HS_STR_ARG(commission.partner), HS_STR_ARG(decision->party));
  status = correct(posting, &commission, &owed, decision->amount_minor,
                   hs_str_of(decision->id.text), decision->reason, err);
  return status == HS_OK ? add_adjustment(posting, decision, &commission.id, commission.partner,
                                          commission.currency, err)
                         : status;
}

static enum hs_status grant_partner(struct hs_posting *posting, const struct hs_decision *decision,
                                    struct hs_err *err)
{
  const struct hs_granted granted = {.type = HS_STR("custom"),
                                     .name = hs_str_of(decision->id.text),
                                     .partner = decision->party,
                                     .currency = decision->currency,
                                     .amount_minor = decision->amount_minor,
                                     .at_us = posting->at_us,
                                     .reference = hs_str_of(decision->id.text),
                                     .reason = decision->reason};
  return hs_post_granted(posting, decision, &granted, err);
}

/* What is taken from a partner without a commission to take it from is what it owes us, and the
   next payout is lowered by it. */
static enum hs_status charge_partner(struct hs_posting *posting, const struct hs_decision *decision,
                                     struct hs_err *err)
{
  if (decision->amount_minor == INT64_MIN)
    return hs_fail(err, HS_INVALID, "the amount does not fit");
  const struct hs_entry entry = {.kind = HS_TRANSFER_CLAW_BACK,
                                 .partner = decision->party,
                                 .currency = decision->currency,
                                 .amount_minor = -decision->amount_minor,
                                 .effective_us = posting->at_us,
                                 .reference = hs_str_of(decision->id.text),
                                 .reason = decision->reason};
  return hs_post_entry(posting, &entry, err);
}

static enum hs_status adjust_partner(struct hs_posting *posting, const struct hs_decision *decision,
                                     struct hs_err *err)
{
  if (decision->party.data == NULL || decision->currency.code[0] == '\0')
    return hs_fail(err, HS_INVALID,
                   "an adjustment is of a commission, or of a partner's amount "
                   "in a currency");
  const struct hs_id none = {0};
  struct hs_id granted_id = hs_granted_id(decision);
  enum hs_status status = decision->amount_minor > 0 ? grant_partner(posting, decision, err)
                                                     : charge_partner(posting, decision, err);
  return status == HS_OK
             ? add_adjustment(posting, decision, decision->amount_minor > 0 ? &granted_id : &none,
                              decision->party, decision->currency, err)
             : status;
}

enum hs_status hs_post_adjustment(struct hs_posting *posting, const struct hs_decision *decision,
                                  struct hs_err *err)
{
  enum hs_status status = require_two("an adjustment", decision, err);
  if (status != HS_OK)
    return status;
  return decision->commission.text[0] != '\0' ? adjust_commission(posting, decision, err)
                                              : adjust_partner(posting, decision, err);
}

/* ---- opening a dispute ---- */

enum about { ABOUT_UNTRACKED, ABOUT_AMOUNT, ABOUT_REVERSED, ABOUT_COUNT };
static const char *const ABOUTS[ABOUT_COUNT] = {"untracked", "wrong amount", "wrongly reversed"};

static int parse_about(struct hs_str word, enum about *out)
{
  for (int a = 0; a < ABOUT_COUNT; a++)
    if (hs_str_equal(word, hs_str_of(ABOUTS[a]))) {
      *out = (enum about)a;
      return 1;
    }
  return 0;
}

static enum hs_status require_time(const struct hs_posting *posting, int64_t until_us,
                                   struct hs_err *err)
{
  char day[HS_TIME_TEXT];
  if (posting->at_us <= until_us)
    return HS_OK;
  hs_format_day(hs_zone_day_of_us(posting->programme->zone, until_us), day);
  return hs_fail(err, HS_DENIED,
                 "it could be disputed until %s; what two persons find right can "
                 "still be adjusted (hansa adjust)",
                 day);
}

/* Of what is owed only the part that is disputed waits; the rest is paid on time. What is in its
   return period is not paid anyway, and is held when that is over. */
static enum hs_status hold(struct hs_posting *posting, const struct hs_decision *decision,
                           const struct hs_commission_row *commission, const struct hs_owed *owed,
                           struct hs_err *err)
{
  int64_t held = decision->amount_minor < owed->payable ? decision->amount_minor : owed->payable;
  return hs_post_commission(posting, HS_TRANSFER_HOLD, commission, held, posting->at_us,
                            hs_str_of(decision->dispute.text), decision->about, err);
}

static enum hs_status dispute_commission(struct hs_posting *posting,
                                         const struct hs_decision *decision, enum about about,
                                         struct hs_err *err)
{
  struct hs_commission_row commission;
  struct hs_owed owed;
  int64_t until_us = 0;
  enum hs_status status = find_commission(posting, &decision->commission, &commission, &owed, err);
  if (status == HS_OK)
    status = hs_posting_agreed(posting, err);
  if (status != HS_OK)
    return status;
  if (!hs_str_equal(decision->party, commission.partner))
    return hs_fail(err, HS_INVALID, "commission %s is %.*s's, not %.*s's", commission.id.text,
                   HS_STR_ARG(commission.partner), HS_STR_ARG(decision->party));
  if (!hs_currency_equal(decision->currency, commission.currency))
    return hs_fail(err, HS_INVALID, "commission %s is in %s, not in %s", commission.id.text,
                   commission.currency.code, decision->currency.code);
  if (about == ABOUT_REVERSED && decision->amount_minor > owed.taken_back)
    return hs_fail(err, HS_INVALID, "%lld of commission %s was taken back, not %lld",
                   (long long)owed.taken_back, commission.id.text,
                   (long long)decision->amount_minor);
  const struct hs_agreed_version *version =
      hs_in_force_numbered(posting->in_force, commission.agreement, commission.version);
  HS_ASSERT(version != NULL); /* the book refuses a commission without it */
  status =
      hs_commission_disputable_until(&posting->programme->book, &posting->writer->ledger_now,
                                     &commission.id, version->terms.dispute_days, &until_us, err);
  if (status == HS_OK)
    status = require_time(posting, until_us, err);
  return status == HS_OK && about == ABOUT_AMOUNT ? hold(posting, decision, &commission, &owed, err)
                                                  : status;
}

struct own_commission {
  struct hs_str partner;
  struct hs_id id;
};

static enum hs_status note_own(void *context, const struct hs_commission_row *row,
                               [[maybe_unused]] struct hs_err *err)
{
  struct own_commission *own = context;
  if (row->amount_minor > 0 && hs_str_equal(row->partner, own->partner))
    own->id = row->id;
  return HS_OK;
}

/* An order that we do not know may be disputed at any time: that it was never tracked is what is
   said of it. */
static enum hs_status dispute_order(struct hs_posting *posting, const struct hs_decision *decision,
                                    struct hs_err *err)
{
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  struct own_commission own = {.partner = decision->party};
  struct hs_known_order order;
  enum hs_status status =
      now->commissions_of_order(now->self, decision->order_id, note_own, &own, err);
  if (status == HS_OK && own.id.text[0] != '\0')
    return hs_fail(err, HS_CONFLICT,
                   "%.*s has commission %s for order %.*s: dispute its amount instead",
                   HS_STR_ARG(decision->party), own.id.text, HS_STR_ARG(decision->order_id));
  if (status == HS_OK)
    status = hs_posting_order(posting, decision->order_id, &order, err);
  if (status != HS_OK || order.sequence == 0)
    return status;
  int64_t until_us = 0;
  status = hs_posting_agreed(posting, err);
  if (status == HS_OK)
    status = hs_disputable_until(&posting->programme->book, now, order.at_us, order.sequence,
                                 hs_posting_dispute_days(posting, decision->party, order.at_us),
                                 &until_us, err);
  return status == HS_OK ? require_time(posting, until_us, err) : status;
}

enum hs_status hs_post_dispute(struct hs_posting *posting, const struct hs_decision *decision,
                               struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  enum about about;
  struct hs_dispute_row row = {.id = decision->dispute,
                               .partner = decision->party,
                               .commission = decision->commission,
                               .order_id = decision->order_id,
                               .about = decision->about,
                               .currency = decision->currency,
                               .amount_minor = decision->amount_minor,
                               .opened_at_us = posting->at_us,
                               .opened_by = decision->by,
                               .words = decision->words,
                               .sequence = posting->sequence};
  int is_of_commission = decision->commission.text[0] != '\0';
  if (!parse_about(decision->about, &about))
    return hs_fail(err, HS_INVALID,
                   "a dispute is about untracked, wrong amount or wrongly reversed, got \"%.*s\"",
                   HS_STR_ARG(decision->about));
  if (is_of_commission != (about != ABOUT_UNTRACKED))
    return hs_fail(err, HS_INVALID,
                   about == ABOUT_UNTRACKED ? "what was not tracked is an order, not a commission"
                                            : "%s is said of a commission",
                   ABOUTS[about]);
  enum hs_status status = ledger->add_dispute(ledger->self, &row, err);
  if (status != HS_OK)
    return status;
  return is_of_commission ? dispute_commission(posting, decision, about, err)
                          : dispute_order(posting, decision, err);
}

/* ---- deciding it ---- */

/* Others may hold parts of the same commission. A refund takes back what is disputed, whoever
   disputes it; so there may be less than was held. */
static enum hs_status free_held(struct hs_posting *posting,
                                const struct hs_commission_row *commission, struct hs_str reference,
                                struct hs_str reason, struct hs_err *err)
{
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  int64_t held = 0;
  enum hs_status status = hs_ledger_held(now, &commission->id, reference, &held, err);
  return status == HS_OK ? hs_post_commission(posting, HS_TRANSFER_FREE, commission, held,
                                              posting->at_us, reference, reason, err)
                         : status;
}

static enum hs_status settle_commission(struct hs_posting *posting,
                                        const struct hs_decision *decision,
                                        const struct hs_id *commission_id, struct hs_err *err)
{
  struct hs_commission_row commission;
  struct hs_owed owed;
  struct hs_str reference = hs_str_of(decision->dispute.text);
  enum hs_status status = find_commission(posting, commission_id, &commission, &owed, err);
  if (status == HS_OK && hs_str_equal(decision->verdict, HS_STR("upheld")))
    status = correct(posting, &commission, &owed, decision->amount_minor, reference,
                     decision->verdict, err);
  return status == HS_OK ? free_held(posting, &commission, reference, decision->verdict, err)
                         : status;
}

/* Upheld, what was not tracked becomes a commission. */
static enum hs_status settle_order(struct hs_posting *posting, const struct hs_decision *decision,
                                   const struct hs_dispute_row *opened, struct hs_err *err)
{
  struct hs_known_order order;
  if (!hs_str_equal(decision->verdict, HS_STR("upheld")))
    return HS_OK;
  if (decision->amount_minor < 0)
    return hs_fail(err, HS_INVALID, "of an order that was not tracked nothing can be taken back");
  enum hs_status status = hs_posting_order(posting, opened->order_id, &order, err);
  const struct hs_granted granted = {.type = HS_STR("sale"),
                                     .name = opened->order_id,
                                     .partner = opened->partner,
                                     .currency = opened->currency,
                                     .amount_minor = decision->amount_minor,
                                     .at_us =
                                         order.sequence != 0 ? order.at_us : opened->opened_at_us,
                                     .order = order.sequence != 0 ? &order : NULL,
                                     .reference = hs_str_of(decision->dispute.text),
                                     .reason = opened->about};
  return status == HS_OK ? hs_post_granted(posting, decision, &granted, err) : status;
}

/* The order's second judgement waited for this when its return period ended meanwhile. */
static enum hs_status judge_left(struct hs_posting *posting, const struct hs_dispute_row *opened,
                                 struct hs_err *err)
{
  struct hs_commission_row commission = {.type = HS_STR("sale"), .order_id = opened->order_id};
  enum hs_status status = HS_OK;
  if (opened->commission.text[0] != '\0')
    status = hs_ledger_commission(&posting->writer->ledger_now, &opened->commission,
                                  posting->scratch, &commission, err);
  if (status != HS_OK || !hs_str_equal(commission.type, HS_STR("sale")))
    return status;
  return hs_post_judge_left(posting, commission.order_id, err);
}

static enum hs_status check_verdict(const struct hs_decision *decision, struct hs_err *err)
{
  if (!hs_str_equal(decision->verdict, HS_STR("upheld")))
    return HS_OK;
  if (decision->amount_minor == 0)
    return hs_fail(err, HS_INVALID, "upheld: by how much must be said");
  return require_two("a dispute that is upheld", decision, err);
}

enum hs_status hs_post_verdict(struct hs_posting *posting, const struct hs_decision *decision,
                               struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  struct hs_dispute_row opened;
  struct hs_dispute_decision_row row = {.dispute = decision->dispute,
                                        .verdict = decision->verdict,
                                        .amount_minor = decision->amount_minor,
                                        .at_us = posting->at_us,
                                        .decided_by = decision->by,
                                        .seconded_by = decision->seconded_by,
                                        .words = decision->words,
                                        .sequence = posting->sequence};
  enum hs_status status =
      hs_ledger_dispute(now, &decision->dispute, posting->scratch, &opened, err);
  if (status == HS_OK)
    status = check_verdict(decision, err);
  if (status == HS_OK)
    status = ledger->add_dispute_decision(ledger->self, &row, err);
  if (status != HS_OK || hs_str_equal(decision->verdict, HS_STR("incomplete")))
    return status;
  status = opened.commission.text[0] != '\0'
               ? settle_commission(posting, decision, &opened.commission, err)
               : settle_order(posting, decision, &opened, err);
  return status == HS_OK && hs_str_equal(decision->verdict, HS_STR("declined"))
             ? judge_left(posting, &opened, err)
             : status;
}
