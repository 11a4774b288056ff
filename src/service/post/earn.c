#include "service/post/earn.h"

struct earning {
  const struct hs_in_force *in_force;
  int is_sale;
  struct hs_tally_table *tallies;
  int32_t days[HS_CYCLE_COUNT];
  hs_earned_fn each;
  void *context;
};

/* ---- bonuses ---- */

/* What the agreement has paid for in all, after this commission. An order whose items several rules
   pay for is one order. */
static void add_to_all(struct hs_tallies *all, const struct hs_tallies *before,
                       const struct hs_tallies *after, int is_counted)
{
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    if (!is_counted)
      all->of[c].order_count += after->of[c].order_count - before->of[c].order_count;
    all->of[c].base_minor += after->of[c].base_minor - before->of[c].base_minor;
    all->of[c].earned_minor += after->of[c].earned_minor - before->of[c].earned_minor;
    all->of[c].paid_minor += after->of[c].paid_minor - before->of[c].paid_minor;
  }
}

/* A threshold may be passed twice where orders were judged again in between; the bonus is for the
   first time. That it was given is a tally of its own, under a name that no rule can have. */
static enum hs_status note_given(const struct earning *earning, const struct hs_judged_share *share,
                                 const struct hs_bonus *bonus, int *was_given, struct hs_err *err)
{
  struct hs_buf name = hs_buf_in(earning->tallies->arena);
  struct hs_tally_holder *holder = NULL;
  struct hs_tallies given;
  hs_buf_add_text(&name, "\n");
  hs_buf_add_str(&name, bonus->name);
  struct hs_tally_name of = {share->version->agreement, earning->in_force->partners[share->partner],
                             hs_buf_str(&name)};
  enum hs_status status = hs_buf_status(&name, "a bonus", err);
  if (status == HS_OK)
    status = hs_tallies_get(earning->tallies, &of, earning->days, &holder, &given, err);
  if (status != HS_OK)
    return status;
  *was_given = given.of[bonus->period].order_count > 0;
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++)
    given.of[c].order_count++;
  hs_tallies_set(holder, &given);
  return HS_OK;
}

static enum hs_status give_bonus(const struct earning *earning, const struct hs_judged_share *share,
                                 const struct hs_bonus *bonus, const struct hs_tallies *before,
                                 const struct hs_tallies *after, struct hs_err *err)
{
  int was_given = 0;
  struct hs_earned earned = {.share = share,
                             .rule = bonus->name,
                             .amount_minor = bonus->amount_minor,
                             .bonus = bonus,
                             .bonus_before = &before->of[bonus->period],
                             .bonus_after = &after->of[bonus->period]};
  if (!hs_bonus_is_reached(bonus, earned.bonus_before, earned.bonus_after))
    return HS_OK;
  enum hs_status status = note_given(earning, share, bonus, &was_given, err);
  return status == HS_OK && !was_given ? earning->each(earning->context, &earned, err) : status;
}

static enum hs_status give_bonuses(const struct earning *earning,
                                   const struct hs_judged_share *share,
                                   const struct hs_tallies *rule_before,
                                   const struct hs_tallies *rule_after, int is_counted,
                                   struct hs_err *err)
{
  const struct hs_terms *terms = &share->version->terms;
  struct hs_tally_name name = {share->version->agreement,
                               earning->in_force->partners[share->partner], HS_STR("")};
  struct hs_tally_holder *holder = NULL;
  struct hs_tallies before;
  enum hs_status status =
      hs_tallies_get(earning->tallies, &name, earning->days, &holder, &before, err);
  if (status != HS_OK)
    return status;
  struct hs_tallies after = before;
  add_to_all(&after, rule_before, rule_after, is_counted);
  for (size_t b = 0; b < terms->bonus_count && status == HS_OK; b++)
    status = give_bonus(earning, share, &terms->bonuses[b], &before, &after, err);
  if (status == HS_OK)
    hs_tallies_set(holder, &after);
  return status;
}

/* ---- one share ---- */

/* What cannot be priced pays nobody; it is given all the same, so that somebody can look at it. */
static enum hs_status refuse(const struct earning *earning, const struct hs_judged_share *share,
                             struct hs_err *err)
{
  struct hs_earned earned = {.share = share, .rule = HS_STR("refused")};
  return earning->each(earning->context, &earned, err);
}

/* *is_counted: whether the order stands in the tallies of all that the agreement pays for. */
static enum hs_status earn_portion(const struct earning *earning,
                                   const struct hs_judged_share *share,
                                   const struct hs_portion *portion, int *is_counted,
                                   struct hs_err *err)
{
  struct hs_tally_name name = {share->version->agreement,
                               earning->in_force->partners[share->partner], portion->rule->name};
  struct hs_sold sold = {.base_minor = portion->base_minor,
                         .count = portion->count,
                         .share = share->part,
                         .exchange = share->conversion != NULL ? share->conversion->per_minor
                                                               : (struct hs_ratio){0}};
  int64_t base_minor = portion->base_minor;
  struct hs_tally_holder *holder = NULL;
  struct hs_tallies before;
  struct hs_price price;
  struct hs_err why;
  enum hs_status status =
      hs_tallies_get(earning->tallies, &name, earning->days, &holder, &before, err);
  if (status != HS_OK)
    return status;
  int fits =
      share->conversion == NULL || hs_conversion_amount(share->conversion, base_minor, &base_minor);
  if (!fits)
    (void)hs_fail(&why, HS_INVALID, "its base does not fit in the currency of the terms");
  if (!fits || hs_price_sale(portion->rule, share->version->terms.rounding, &sold, &before, &price,
                             &why) != HS_OK) {
    struct hs_judged_share unpriced = *share;
    unpriced.refused = why.text;
    return refuse(earning, &unpriced, err);
  }
  struct hs_earned earned = {.share = share,
                             .rule = portion->rule->name,
                             .base_minor = base_minor,
                             .amount_minor = price.amount_minor,
                             .portion = portion,
                             .before = &before,
                             .price = &price};
  status = earning->each(earning->context, &earned, err);
  if (status != HS_OK)
    return status;
  hs_tallies_set(holder, &price.after);
  if (earning->is_sale)
    status = give_bonuses(earning, share, &before, &price.after, *is_counted, err);
  *is_counted = 1;
  return status;
}

static enum hs_status earn_share(const struct earning *earning, const struct hs_judged_share *share,
                                 struct hs_err *err)
{
  enum hs_status status = HS_OK;
  int is_counted = 0;
  if (share->refused != NULL)
    return refuse(earning, share, err);
  for (size_t p = 0; p < share->portion_count && status == HS_OK; p++)
    status = earn_portion(earning, share, &share->portions[p], &is_counted, err);
  return status;
}

enum hs_status hs_earn(const struct hs_in_force *in_force, const struct hs_case *order,
                       const struct hs_judgement *judgement, struct hs_tally_table *tallies,
                       hs_earned_fn each, void *context, struct hs_err *err)
{
  struct earning earning = {.in_force = in_force,
                            .is_sale = order->event == HS_RULE_SALE,
                            .tallies = tallies,
                            .each = each,
                            .context = context};
  enum hs_status status = HS_OK;
  hs_tally_days(in_force->zone, order->at_us, earning.days);
  for (size_t s = 0; s < judgement->share_count && status == HS_OK; s++)
    status = earn_share(&earning, &judgement->shares[s], err);
  return status;
}
