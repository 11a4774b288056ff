#include "ledger/payout.h"

static const struct {
  const char *word, *says;
} VERDICTS[] = {
#define VERDICT(symbol, word, says) {word, says},
    HS_PAYOUT_VERDICT_TABLE(VERDICT)
#undef VERDICT
};

const char *hs_payout_verdict_word(enum hs_payout_verdict verdict)
{
  return VERDICTS[verdict].word;
}

const char *hs_payout_verdict_says(enum hs_payout_verdict verdict)
{
  return VERDICTS[verdict].says;
}

static int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }

/* Nothing left to pay: why. */
static enum hs_payout_verdict why_nothing(const struct hs_payout_balance *balance)
{
  if (balance->payable_minor > 0)
    return HS_PAYOUT_SET_OFF;
  return balance->disputed_minor > 0 ? HS_PAYOUT_DISPUTED : HS_PAYOUT_NOTHING;
}

/* net_minor is above 0. */
static enum hs_payout_verdict judge(int64_t net_minor, const struct hs_payout_payee *payee,
                                    const struct hs_payout_rules *rules,
                                    struct hs_payout_plan *plan)
{
  if (payee->is_on_hold)
    return HS_PAYOUT_ON_HOLD;
  const struct hs_tax_standing *standing =
      hs_tax_standing_on(payee->standings, payee->standing_count, rules->day);
  if (standing == NULL)
    return HS_PAYOUT_NO_TAX_FORM;
  plan->preset = hs_tax_preset_on(rules->presets, rules->preset_count, standing, rules->day);
  if (plan->preset == NULL)
    return HS_PAYOUT_NO_TAX_PRESET;
  if (!payee->has_account)
    return HS_PAYOUT_NO_ACCOUNT;
  if (net_minor < payee->threshold_minor && !payee->ignores_threshold)
    return HS_PAYOUT_BELOW_THRESHOLD;
  if (hs_tax_apply(plan->preset, net_minor, rules->rounding, &plan->taxed, NULL) != HS_OK)
    return HS_PAYOUT_NO_FIT;
  return HS_PAYOUT_PAY;
}

void hs_payout_decide(const struct hs_payout_balance *balance, const struct hs_payout_payee *payee,
                      const struct hs_payout_rules *rules, struct hs_payout_plan *out)
{
  HS_ASSERT(balance->payable_minor >= 0 && balance->disputed_minor >= 0 &&
            balance->receivable_minor >= 0);
  int64_t set_off = lesser(balance->payable_minor, balance->receivable_minor);
  int64_t net = balance->payable_minor - set_off;
  *out = (struct hs_payout_plan){
      .set_off_minor = set_off,
      .held_minor = balance->disputed_minor,
      .receivable_minor = balance->receivable_minor - set_off,
  };
  out->verdict = net > 0 ? judge(net, payee, rules, out) : why_nothing(balance);
  if (out->verdict != HS_PAYOUT_PAY) {
    out->carried_minor = net;
    out->preset = NULL;
  }
}

enum hs_status hs_payout_spread(int64_t amount_minor, const int64_t *open_minor, size_t count,
                                int64_t *lines_minor, struct hs_err *err)
{
  int64_t left = amount_minor;
  HS_ASSERT(amount_minor >= 0);
  for (size_t i = 0; i < count; i++) {
    HS_ASSERT(open_minor[i] >= 0);
    lines_minor[i] = lesser(left, open_minor[i]);
    left -= lines_minor[i];
  }
  if (left > 0)
    return hs_fail(err, HS_CONFLICT, "%lld is to be paid, but commissions come to %lld",
                   (long long)amount_minor, (long long)(amount_minor - left));
  return HS_OK;
}
