/* What a person buys, given the partners that exist. Everything random was drawn before, so two
   worlds differ only by what the removed partners did. */
#include "market/market_priv.h"

#include <math.h>

#define FAMILIARITY_MAX 1.6
#define LOG_ODDS_STRANGER (-2.3)
#define LOG_ODDS_PER_FAMILIARITY 1.2
/* Several reasons within one need saturate. */
#define LIFT_MAX 2.5
/* How a need finds us without a partner: by a search without our name, or by it. */
#define GENERIC_SEARCH .42
#define BRAND_RECALL 1.4

static double familiarity_at(const struct person *person, uint64_t removed, int64_t at_us)
{
  double sum = person->familiarity;
  for (size_t i = 0; i < person->contact_count; i++) {
    const struct contact *contact = &person->contacts[i];
    if (contact->awareness > 0 && contact->at_us < at_us && !(removed >> contact->partner & 1))
      sum += contact->awareness * exp(-(double)(at_us - contact->at_us) / MEMORY_US);
  }
  return sum;
}

/* The log odds that clicks and visits within the need add; whether one of them spoke for us. */
static double lift_of(const struct person *person, uint64_t removed, size_t need, int *is_led)
{
  double sum = 0;
  *is_led = 0;
  for (size_t i = 0; i < person->contact_count; i++) {
    const struct contact *contact = &person->contacts[i];
    if (contact->need != (int32_t)need || removed >> contact->partner & 1)
      continue;
    sum += contact->lift;
    *is_led |= contact->lift > 0;
  }
  return LIFT_MAX * tanh(sum / LIFT_MAX);
}

static int is_customer_at(const struct person *person, const struct outcome *outcome, size_t need)
{
  for (size_t k = 0; k < need; k++)
    if (outcome->is_bought[k] && person->needs[k].decide_us <= person->needs[need].at_us)
      return 1;
  return 0;
}

static void need_decide(const struct world *world, const struct person *person, uint64_t removed,
                        size_t k, struct outcome *outcome)
{
  const struct need *need = &person->needs[k];
  double familiarity = familiarity_at(person, removed, need->decide_us);
  if (is_customer_at(person, outcome, k))
    familiarity += CUSTOMER_FAMILIARITY;
  familiarity = fmin(familiarity, FAMILIARITY_MAX);
  int is_led;
  double lift = lift_of(person, removed, k, &is_led);
  int is_by_itself =
      need->generic < GENERIC_SEARCH || need->brand < 1 - exp(-BRAND_RECALL * familiarity);
  int is_engaged = is_led || is_by_itself;
  double log_odds =
      LOG_ODDS_STRANGER + person->taste + LOG_ODDS_PER_FAMILIARITY * familiarity + lift;
  outcome->familiarity[k] = familiarity;
  outcome->is_by_itself[k] = (uint8_t)is_by_itself;
  outcome->is_engaged[k] = (uint8_t)is_engaged;
  int is_in_run = hs_market_is_in_run(world, need->decide_us);
  outcome->is_bought[k] = is_engaged && is_in_run && need->threshold < 1 / (1 + exp(-log_odds));
}

void hs_market_decide(const struct world *world, const struct person *person, uint64_t removed,
                      struct outcome *outcome)
{
  for (size_t k = 0; k < person->need_count; k++)
    need_decide(world, person, removed, k, outcome);
}
