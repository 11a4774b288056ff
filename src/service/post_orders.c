/* Orders become commissions: judged, priced by what the period has seen, written with the evidence
   that repeats the arithmetic, and booked as earned. */
#include "service/evidence.h"
#include "service/post_priv.h"

/* So many orders are asked for at once: what the trail does for a page costs little more for a
   larger one. A page holds some kilobytes an order. */
#define PAGE_ORDERS 32768
#define COMMISSIONS_PER_ORDER_MAX 256

/* One order on its way. */
struct order_posting {
  struct hs_posting *posting;
  struct hs_tally_table *tallies;
  const struct hs_case *order;
  struct hs_judgement judgement;
  int32_t days[HS_CYCLE_COUNT];
  unsigned commission_count;
};

/* A commission's name says where it came from: the frame, the row in it, and which of the order's
   it is. So it is the same whenever the journal is read, and the book's index grows at its end. */
static struct hs_id commission_id(const struct order_posting *one)
{
  unsigned char rest[10];
  uint64_t sequence = one->posting->sequence;
  uint64_t row = (uint64_t)one->order->row_number;
  HS_ASSERT(sequence < UINT64_C(1) << 40 && row < UINT64_C(1) << 32);
  for (size_t i = 0; i < 5; i++)
    rest[i] = (unsigned char)(sequence >> (8 * (4 - i)));
  for (size_t i = 0; i < 4; i++)
    rest[5 + i] = (unsigned char)(row >> (8 * (3 - i)));
  rest[9] = (unsigned char)one->commission_count;
  return hs_id_of("cms", one->posting->at_us / 1000, rest);
}

static int64_t locks_at(const struct order_posting *one, const struct hs_terms *terms)
{
  int64_t at_us = one->order->at_us + (int64_t)terms->hold_days * HS_DAY_US;
  int64_t locked = one->posting->locked_until_us;
  return at_us > locked ? at_us : locked + 1; /* the next lock takes what came too late for one */
}

/* ---- one commission ---- */

static enum hs_status add_commission(struct order_posting *one, const struct hs_judged_share *share,
                                     struct hs_str rule, int64_t base_minor, int64_t amount_minor,
                                     struct hs_str evidence, struct hs_err *err)
{
  struct hs_posting *posting = one->posting;
  const struct hs_case *order = one->order;
  char part[HS_RATIO_TEXT];
  if (one->commission_count == COMMISSIONS_PER_ORDER_MAX)
    return hs_fail(err, HS_INVALID, "order %.*s has more than %d commissions",
                   HS_STR_ARG(order->order_id), COMMISSIONS_PER_ORDER_MAX);
  hs_ratio_format(share->part, part);
  struct hs_commission_row row = {.id = commission_id(one),
                                  .order_id = order->order_id,
                                  .partner = posting->in_force->partners[share->partner],
                                  .agreement = share->version->agreement,
                                  .version = share->version->number,
                                  .rule = rule,
                                  .policy = one->judgement.policy->number,
                                  .part = hs_str_of(part),
                                  .base_minor = base_minor,
                                  .currency = share->version->terms.currency,
                                  .amount_minor = amount_minor,
                                  .occurred_at_us = order->at_us,
                                  .touched_at_us = share->touched_at_us,
                                  .locks_at_us = locks_at(one, &share->version->terms),
                                  .sequence = posting->sequence,
                                  .evidence = evidence};
  one->commission_count++;
  posting->counts->commissions++;
  enum hs_status status =
      posting->writer->ledger.add_commission(posting->writer->ledger.self, &row, err);
  if (status != HS_OK || amount_minor == 0)
    return status;
  struct hs_entry entry = {.kind = HS_TRANSFER_EARN,
                           .partner = row.partner,
                           .commission = &row.id,
                           .currency = row.currency,
                           .amount_minor = amount_minor,
                           .effective_us = order->at_us};
  return hs_post_entry(posting, &entry, err);
}

/* What cannot be priced pays nobody, stands in the ledger with its reason, and is counted. */
static enum hs_status refuse(struct order_posting *one, const struct hs_judged_share *share,
                             struct hs_err *err)
{
  struct hs_str evidence;
  enum hs_status status =
      hs_evidence_of_share(one->posting->in_force, one->order, &one->judgement, share, NULL, NULL,
                           one->posting->scratch, &evidence, err);
  one->posting->counts->refused++;
  return status == HS_OK ? add_commission(one, share, HS_STR("refused"), 0, 0, evidence, err)
                         : status;
}

/* ---- bonuses ---- */

/* What the agreement has paid for in all, after this commission. */
static void add_to_all(struct hs_tallies *all, const struct hs_tallies *before,
                       const struct hs_tallies *after)
{
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    all->of[c].order_count += after->of[c].order_count - before->of[c].order_count;
    all->of[c].base_minor += after->of[c].base_minor - before->of[c].base_minor;
    all->of[c].earned_minor += after->of[c].earned_minor - before->of[c].earned_minor;
    all->of[c].paid_minor += after->of[c].paid_minor - before->of[c].paid_minor;
  }
}

static enum hs_status add_bonus(struct order_posting *one, const struct hs_judged_share *share,
                                const struct hs_bonus *bonus, const struct hs_tallies *before,
                                const struct hs_tallies *after, struct hs_err *err)
{
  const struct hs_tally *from = &before->of[bonus->period];
  const struct hs_tally *to = &after->of[bonus->period];
  struct hs_str evidence;
  if (!hs_bonus_is_reached(bonus, from, to))
    return HS_OK;
  enum hs_status status =
      hs_evidence_of_bonus(bonus, from, to, one->posting->scratch, &evidence, err);
  return status == HS_OK
             ? add_commission(one, share, bonus->name, 0, bonus->amount_minor, evidence, err)
             : status;
}

static enum hs_status add_bonuses(struct order_posting *one, const struct hs_judged_share *share,
                                  const struct hs_tallies *rule_before,
                                  const struct hs_tallies *rule_after, struct hs_err *err)
{
  const struct hs_terms *terms = &share->version->terms;
  struct hs_tally_name name = {share->version->agreement,
                               one->posting->in_force->partners[share->partner], HS_STR("")};
  struct hs_tallies before;
  enum hs_status status = hs_tallies_get(one->tallies, &name, one->days, &before, err);
  if (status != HS_OK)
    return status;
  struct hs_tallies after = before;
  add_to_all(&after, rule_before, rule_after);
  for (size_t b = 0; b < terms->bonus_count && status == HS_OK; b++)
    status = add_bonus(one, share, &terms->bonuses[b], &before, &after, err);
  if (status == HS_OK)
    hs_tallies_set(one->tallies, &name, one->days, &after);
  return status;
}

/* ---- one share ---- */

static enum hs_status post_priced(struct order_posting *one, const struct hs_judged_share *share,
                                  const struct hs_tallies *before, const struct hs_price *price,
                                  struct hs_err *err)
{
  struct hs_str evidence;
  enum hs_status status =
      hs_evidence_of_share(one->posting->in_force, one->order, &one->judgement, share, before,
                           price, one->posting->scratch, &evidence, err);
  return status == HS_OK
             ? add_commission(one, share, share->portion.rule->name, share->portion.base_minor,
                              price->amount_minor, evidence, err)
             : status;
}

static enum hs_status post_share(struct order_posting *one, struct hs_judged_share *share,
                                 struct hs_err *err)
{
  if (share->refused != NULL)
    return refuse(one, share, err);
  if (share->portion.rule == NULL)
    return HS_OK;
  struct hs_tally_name name = {share->version->agreement,
                               one->posting->in_force->partners[share->partner],
                               share->portion.rule->name};
  struct hs_sold sold = {share->portion.base_minor, share->portion.count, share->part};
  struct hs_tallies before;
  struct hs_price price;
  struct hs_err why;
  enum hs_status status = hs_tallies_get(one->tallies, &name, one->days, &before, err);
  if (status != HS_OK)
    return status;
  if (hs_price_sale(share->portion.rule, share->version->terms.rounding, &sold, &before, &price,
                    &why) != HS_OK) {
    share->refused = why.text;
    return refuse(one, share, err);
  }
  status = post_priced(one, share, &before, &price, err);
  if (status != HS_OK)
    return status;
  hs_tallies_set(one->tallies, &name, one->days, &price.after);
  return add_bonuses(one, share, &before, &price.after, err);
}

static enum hs_status post_order(struct hs_posting *posting, struct hs_tally_table *tallies,
                                 const struct hs_case *order, struct hs_err *err)
{
  struct order_posting one = {.posting = posting, .tallies = tallies, .order = order};
  hs_arena_reset(posting->scratch, 0);
  enum hs_status status = hs_judge(posting->in_force, order, posting->scratch, &one.judgement, err);
  hs_tally_days(posting->in_force->zone, order->at_us, one.days);
  for (size_t s = 0; s < one.judgement.share_count && status == HS_OK; s++)
    status = post_share(&one, &one.judgement.shares[s], err);
  posting->counts->orders++;
  if (status != HS_OK)
    hs_err_prefix(err, "order %.*s", HS_STR_ARG(order->order_id));
  return status;
}

/* ---- pages ---- */

static enum hs_status post_page(struct hs_posting *posting, struct hs_err *err)
{
  struct hs_tally_table tallies = {.ledger = &posting->writer->ledger_now,
                                   .arena = posting->tallying};
  enum hs_status status = HS_OK;
  hs_arena_reset(posting->tallying, 0);
  for (size_t i = 0; i < posting->cases->count && status == HS_OK; i++)
    status = post_order(posting, &tallies, &posting->cases->cases[i], err);
  return status == HS_OK ? hs_tallies_put(&tallies, &posting->writer->ledger, err) : status;
}

enum hs_status hs_post_orders(struct hs_posting *posting, struct hs_err *err)
{
  struct hs_order_page page = {.after_sequence = posting->sequence - 1,
                               .after_row = INT64_MAX,
                               .until_sequence = posting->sequence,
                               .count_max = PAGE_ORDERS};
  if (!posting->in_force->has_signed)
    return HS_OK;
  for (;;) {
    enum hs_status status =
        hs_cases_load(posting->cases, &posting->programme->trail, posting->in_force, &page, err);
    if (status == HS_OK)
      status = post_page(posting, err);
    if (status != HS_OK || posting->cases->count < page.count_max)
      return status;
    page.after_sequence = posting->sequence;
    page.after_row = posting->cases->cases[posting->cases->count - 1].row_number;
  }
}
