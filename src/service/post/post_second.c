/* One order's second judgement: what it would earn by now beside what it has earned. Of shares that
   are the same in partner, version, rule and part nothing is posted; what differs is taken back and
   posted anew. */
#include "base/room.h"
#include "service/post/evidence.h"
#include "service/post/post_priv.h"

/* ---- what stands ---- */

/* A commission of the first judgement, or of a share of it that waited for an exchange rate. Its
   texts are in the scratch arena. */
struct standing {
  struct hs_id id;
  struct hs_str partner, agreement, rule, part;
  uint64_t version;
  int waits; /* for an exchange rate */
  int is_kept;
};

struct second {
  struct hs_case_posting *one;
  struct hs_tally_table *tallies;
  size_t standing_count, standing_capacity;
  struct standing *standing; /* without bonuses: what was reached stays reached */
  size_t unpaid_count;       /* shares that the first judgement kept without a commission, */
  size_t unpaid_kept;        /* and those of them that are among the shares of this one */
  unsigned char *is_same;    /* of each share: what it earns stands already */
};

static enum hs_status note_standing(void *context, const struct hs_commission_row *row,
                                    struct hs_err *err)
{
  struct second *second = context;
  struct hs_arena *arena = second->one->posting->scratch;
  struct standing standing = {.id = row->id,
                              .partner = row->partner,
                              .agreement = row->agreement,
                              .rule = row->rule,
                              .part = row->part,
                              .version = row->version,
                              .waits = hs_evidence_waits(row->evidence)};
  struct hs_str *texts[] = {&standing.partner, &standing.agreement, &standing.rule, &standing.part};
  if (hs_evidence_is_of_bonus(row->evidence) ||
      (row->sequence != second->one->order->sequence && !hs_evidence_waited(row->evidence)))
    return HS_OK;
  struct standing *grown = hs_arena_room(arena, second->standing, second->standing_count, 1,
                                         &second->standing_capacity, sizeof *grown);
  if (grown == NULL || !hs_strs_keep(arena, texts, sizeof texts / sizeof *texts))
    return hs_arena_full(arena, "the commissions of an order", err);
  second->standing = grown;
  second->standing[second->standing_count++] = standing;
  return HS_OK;
}

/* What waited stands no more once it was priced: the commissions that came of it do. */
static void drop_priced(struct second *second)
{
  size_t kept = 0;
  for (size_t c = 0; c < second->standing_count; c++) {
    const struct standing *waiting = &second->standing[c];
    int is_priced = 0;
    for (size_t other = 0; waiting->waits && other < second->standing_count; other++) {
      const struct standing *priced = &second->standing[other];
      is_priced |= !priced->waits && priced->version == waiting->version &&
                   hs_str_equal(priced->partner, waiting->partner) &&
                   hs_str_equal(priced->agreement, waiting->agreement);
    }
    if (!is_priced)
      second->standing[kept++] = *waiting;
  }
  second->standing_count = kept;
}

static struct hs_str partner_of(const struct second *second, const struct hs_judged_share *share)
{
  return second->one->posting->in_force->partners[share->partner];
}

static int is_unpaid(const struct hs_judged_share *share)
{
  return share->refused == NULL && share->portion_count == 0;
}

/* What was refused then is refused now for the same reason: neither order nor version change. What
   waited for a rate and has one by now is not priced here: when the rate came it was left to
   people, who had granted something for it. */
static int pays_the_same(const struct standing *standing, const struct hs_judged_share *share)
{
  if (hs_str_equal(standing->rule, HS_STR("refused")))
    return !is_unpaid(share);
  for (size_t p = 0; share->refused == NULL && p < share->portion_count; p++)
    if (hs_str_equal(standing->rule, share->portions[p].rule->name))
      return 1;
  return 0;
}

static int is_of_share(const struct second *second, const struct standing *standing,
                       const struct hs_judged_share *share)
{
  char part[HS_RATIO_TEXT];
  hs_ratio_format(share->part, part);
  return standing->version == share->version->number &&
         hs_str_equal(standing->agreement, share->version->agreement) &&
         hs_str_equal(standing->part, hs_str_of(part)) && pays_the_same(standing, share) &&
         hs_str_equal(standing->partner, partner_of(second, share));
}

/* A share is the same when the partner's commissions are what it pays, no more and no less. */
static int is_same_share(const struct second *second, const struct hs_judged_share *share)
{
  size_t wanted = share->refused != NULL ? 1 : share->portion_count;
  size_t found = 0;
  for (size_t c = 0; c < second->standing_count; c++) {
    const struct standing *standing = &second->standing[c];
    if (!hs_str_equal(standing->partner, partner_of(second, share)))
      continue;
    if (!is_of_share(second, standing, share))
      return 0;
    found++;
  }
  return found == wanted;
}

static void compare(struct second *second)
{
  const struct hs_judgement *judgement = &second->one->judgement;
  for (size_t s = 0; s < judgement->share_count; s++) {
    const struct hs_judged_share *share = &judgement->shares[s];
    second->is_same[s] = (unsigned char)is_same_share(second, share);
    for (size_t c = 0; c < second->standing_count && second->is_same[s]; c++)
      second->standing[c].is_kept |= is_of_share(second, &second->standing[c], share);
  }
}

static enum hs_status note_unpaid(void *context, const struct hs_order_share_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct second *second = context;
  const struct hs_judgement *judgement = &second->one->judgement;
  second->unpaid_count++;
  for (size_t s = 0; s < judgement->share_count; s++) {
    const struct hs_judged_share *share = &judgement->shares[s];
    char part[HS_RATIO_TEXT];
    hs_ratio_format(share->part, part);
    second->unpaid_kept +=
        is_unpaid(share) && hs_str_equal(row->partner, partner_of(second, share)) &&
        hs_str_equal(row->agreement, share->version->agreement) &&
        row->version == share->version->number && hs_str_equal(row->part, hs_str_of(part));
  }
  return HS_OK;
}

/* Shares that earn nothing matter to renewals of a first sale, and to nobody else. */
static int unpaid_differ(const struct second *second)
{
  const struct hs_judgement *judgement = &second->one->judgement;
  size_t unpaid = 0;
  for (size_t s = 0; s < judgement->share_count; s++)
    unpaid += (size_t)is_unpaid(&judgement->shares[s]);
  return second->one->order->is_first && second->one->order->person != 0 &&
         (unpaid != second->unpaid_kept || second->unpaid_count != second->unpaid_kept);
}

static int differs(const struct second *second)
{
  for (size_t c = 0; c < second->standing_count; c++)
    if (!second->standing[c].is_kept)
      return 1;
  for (size_t s = 0; s < second->one->judgement.share_count; s++)
    if (!second->is_same[s])
      return 1;
  return unpaid_differ(second);
}

/* ---- taking back ---- */

static struct hs_tally less(struct hs_tally tally, struct hs_tally part)
{
  return (struct hs_tally){tally.order_count - part.order_count, tally.base_minor - part.base_minor,
                           tally.earned_minor - part.earned_minor,
                           tally.paid_minor - part.paid_minor};
}

static enum hs_status turn_back(struct second *second, struct hs_tally_name name,
                                struct hs_tally part, struct hs_err *err)
{
  struct hs_tally_table *tallies = second->tallies;
  struct hs_tally_holder *holder = NULL;
  struct hs_tallies seen;
  int32_t days[HS_CYCLE_COUNT];
  hs_tally_days(second->one->posting->in_force->zone, second->one->order->at_us, days);
  enum hs_status status = hs_tallies_get(tallies, &name, days, &holder, &seen, err);
  if (status != HS_OK)
    return status;
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++)
    seen.of[c] = less(seen.of[c], part);
  hs_tallies_set(holder, &seen);
  return HS_OK;
}

/* What tiers, caps and bonuses have seen of it they have not: the order is another partner's, or
   earns by another rule. */
static enum hs_status turn_tallies_back(struct second *second, const struct standing *standing,
                                        const struct hs_commission_row *row, struct hs_err *err)
{
  struct hs_arena *arena = second->tallies->arena;
  struct hs_tally part = {.order_count = 1, .paid_minor = row->amount_minor};
  struct hs_tally_name name = {standing->agreement, standing->partner, standing->rule};
  struct hs_ratio share;
  struct hs_ratio base;
  if (hs_str_equal(standing->rule, HS_STR("refused")))
    return HS_OK;
  enum hs_status status = hs_evidence_priced(row->evidence, &base, &part.earned_minor, err);
  if (status != HS_OK)
    return status;
  if (!hs_ratio_parse(standing->part, &share) || !hs_ratio_multiply(base, share, &base) ||
      !hs_ratio_round(base, HS_ROUND_HALF_EVEN, &part.base_minor))
    return hs_fail(err, HS_CORRUPT, "commission %s has no part that one can take", row->id.text);
  struct hs_str *names[] = {&name.agreement, &name.partner, &name.rule};
  if (status == HS_OK && !hs_strs_keep(arena, names, sizeof names / sizeof *names))
    status = hs_arena_full(arena, "the commissions of an order", err);
  if (status == HS_OK)
    status = turn_back(second, name, part, err);
  name.rule = HS_STR("");
  return status == HS_OK ? turn_back(second, name, part, err) : status;
}

static enum hs_status withdraw(struct second *second, const struct standing *standing,
                               struct hs_err *err)
{
  struct hs_posting *posting = second->one->posting;
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  struct hs_commission_row row;
  struct hs_owed owed;
  size_t count = 0;
  enum hs_status status = hs_ledger_commission(now, &standing->id, posting->scratch, &row, err);
  if (status == HS_OK)
    status = hs_ledger_owed(now, &standing->id, &owed, err);
  /* What people have granted on top stays. */
  if (status == HS_OK && row.amount_minor > owed.taken_back)
    status = hs_owed_take_back(&owed, row.amount_minor - owed.taken_back, steps, &count, err);
  for (size_t i = 0; i < count && status == HS_OK; i++)
    status = hs_post_commission(posting, steps[i].kind, &row, steps[i].amount_minor,
                                second->one->judged_at_us, (struct hs_str){0},
                                HS_STR("judged_again"), err);
  return status == HS_OK ? turn_tallies_back(second, standing, &row, err) : status;
}

/* ---- another outcome ---- */

static enum hs_status keep_judgement(struct second *second, struct hs_err *err)
{
  struct hs_posting *posting = second->one->posting;
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  const struct hs_judgement *judgement = &second->one->judgement;
  struct hs_judged_again_row row = {.order_id = second->one->order->id,
                                    .locked_at_us = second->one->judged_at_us,
                                    .sequence = posting->sequence};
  enum hs_status status =
      hs_evidence_of_judgement(posting->in_force, second->one->order, judgement,
                               second->one->judged_at_us, posting->scratch, &row.evidence, err);
  if (status == HS_OK)
    status = ledger->add_judged_again(ledger->self, &row, err);
  for (size_t s = 0; s < judgement->share_count && status == HS_OK; s++)
    status = hs_post_share(second->one, &judgement->shares[s], err);
  return status;
}

static void drop_same(struct second *second)
{
  struct hs_judgement *judgement = &second->one->judgement;
  size_t kept = 0;
  for (size_t s = 0; s < judgement->share_count; s++)
    if (!second->is_same[s])
      judgement->shares[kept++] = judgement->shares[s];
  judgement->share_count = kept;
}

static enum hs_status replace(struct second *second, struct hs_err *err)
{
  struct hs_posting *posting = second->one->posting;
  enum hs_status status = HS_OK;
  for (size_t c = 0; c < second->standing_count && status == HS_OK; c++)
    if (!second->standing[c].is_kept)
      status = withdraw(second, &second->standing[c], err);
  if (status == HS_OK)
    status = keep_judgement(second, err);
  if (status != HS_OK)
    return status;
  drop_same(second);
  posting->counts->judged_again++;
  status = hs_post_judged(second->one, second->tallies, err);
  return status == HS_OK
             ? hs_post_refunded(posting, second->one->order, second->one->judged_at_us, err)
             : status;
}

/* ---- the judgement ---- */

static enum hs_status look_at_standing(struct second *second, struct hs_err *err)
{
  const struct hs_ledger_reader *now = &second->one->posting->writer->ledger_now;
  const struct hs_case *order = second->one->order;
  enum hs_status status =
      now->commissions_of_order(now->self, order->id, note_standing, second, err);
  drop_priced(second);
  if (status == HS_OK && order->is_first)
    status = now->order_shares(now->self, order->id, note_unpaid, second, err);
  return status;
}

enum hs_status hs_post_second(struct hs_case_posting *one, struct hs_tally_table *tallies,
                              struct hs_err *err)
{
  const struct hs_posting *posting = one->posting;
  struct second second = {.one = one, .tallies = tallies};
  enum hs_status status = hs_judge(posting->in_force, &posting->writer->ledger_now, one->order,
                                   posting->scratch, &one->judgement, err);
  if (status == HS_OK)
    status = look_at_standing(&second, err);
  if (status != HS_OK)
    return status;
  second.is_same = hs_arena_alloc(posting->scratch, one->judgement.share_count, 1);
  if (second.is_same == NULL)
    return hs_arena_full(posting->scratch, "the shares of an order", err);
  compare(&second);
  return differs(&second) ? replace(&second, err) : HS_OK;
}
