#include "ledger/allocate.h"

#define COUNTS HS_SHARE_GIVEN /* of a touchpoint: no hurdle stopped it so far */

static const struct {
  const char *name, *words;
} VERDICTS[] = {
#define ROW(symbol, name, words) [symbol] = {name, words},
    HS_SHARE_VERDICT_TABLE(ROW)
#undef ROW
};

const char *hs_share_verdict_name(enum hs_share_verdict verdict) { return VERDICTS[verdict].name; }

const char *hs_share_verdict_words(enum hs_share_verdict verdict)
{
  return VERDICTS[verdict].words;
}

/* One order being judged. */
struct judging {
  const struct hs_policy *policy;
  const struct hs_claims *claims;
  enum hs_share_verdict *verdicts;
  uint32_t *partners; /* of the touchpoints that count, for the division */
  struct hs_share *shares;
  size_t count;
  struct hs_allotment *allotments;
  int64_t *appeared_us; /* of each of them: its first touchpoint that is in time; INT64_MAX: none */
};

/* ---- hurdles, in the order of the verdicts ---- */

/* Those that a touchpoint passes or not whatever the others are. */
static enum hs_share_verdict judge_alone(const struct judging *judging,
                                         const struct hs_touchpoint *touch)
{
  if (touch->at_us > judging->claims->ordered_at_us)
    return HS_SHARE_AFTER_ORDER;
  if (judging->claims->is_named && (touch->marks & HS_TOUCH_NAMED) == 0)
    return HS_SHARE_NAMED_OTHER;
  if (touch->marks & HS_TOUCH_UNAGREED)
    return HS_SHARE_NO_AGREEMENT;
  if ((touch->marks & HS_TOUCH_SELF) && !judging->policy->allows_self_referral)
    return HS_SHARE_SELF_REFERRAL;
  return touch->until_us < judging->claims->ordered_at_us ? HS_SHARE_EXPIRED : COUNTS;
}

/* The codes that the order used speak for themselves: they are always typed after the cart began.
 */
static int goes_first(const struct judging *judging, const struct hs_touchpoint *touch)
{
  return judging->policy->is_coupon_first && (touch->marks & HS_TOUCH_CODE) != 0;
}

static size_t index_of(struct judging *judging, uint32_t partner)
{
  size_t at = 0;
  while (at < judging->count && judging->allotments[at].partner != partner)
    at++;
  if (at == judging->count)
    judging->allotments[judging->count++] =
        (struct hs_allotment){.partner = partner, .part = HS_RATIO_ZERO, .touch = SIZE_MAX};
  return at;
}

static void judge_carts(struct judging *judging)
{
  const struct hs_claims *claims = judging->claims;
  for (size_t i = 0; i < claims->touch_count; i++) {
    const struct hs_touchpoint *touch = &claims->touches[i];
    int64_t *appeared_us = &judging->appeared_us[index_of(judging, touch->partner)];
    if (judging->verdicts[i] != COUNTS)
      continue;
    if (touch->at_us < *appeared_us)
      *appeared_us = touch->at_us;
    if (judging->policy->is_cart_barrier && *appeared_us >= claims->cart_at_us &&
        !goes_first(judging, touch))
      judging->verdicts[i] = HS_SHARE_AFTER_CART;
  }
}

/* Of the touchpoints that count: the last, and the last that is of another partner than that one.
 */
struct trail_of_two {
  const struct hs_touchpoint *last, *other;
};

static void step(struct trail_of_two *trail, const struct hs_touchpoint *touch)
{
  if (trail->last != NULL && trail->last->partner != touch->partner)
    trail->other = trail->last;
  trail->last = touch;
}

static int has_to_yield(const struct judging *judging, const struct trail_of_two *trail,
                        const struct hs_touchpoint *touch)
{
  const struct hs_touchpoint *before = trail->last;
  if (before != NULL && before->partner == touch->partner)
    before = trail->other;
  int64_t gap_us = 0;
  return (touch->marks & HS_TOUCH_STANDS_DOWN) != 0 && judging->policy->stand_down_us > 0 &&
         before != NULL && !__builtin_sub_overflow(touch->at_us, before->at_us, &gap_us) &&
         gap_us <= judging->policy->stand_down_us;
}

static void judge_stand_down(struct judging *judging)
{
  const struct hs_claims *claims = judging->claims;
  struct trail_of_two trail = {NULL, NULL};
  for (size_t i = 0; i < claims->touch_count; i++) {
    const struct hs_touchpoint *touch = &claims->touches[i];
    if (judging->verdicts[i] != COUNTS)
      continue;
    if (!goes_first(judging, touch) && has_to_yield(judging, &trail, touch))
      judging->verdicts[i] = HS_SHARE_STOOD_DOWN;
    else
      step(&trail, touch);
  }
}

static void judge_coupons(struct judging *judging)
{
  const struct hs_claims *claims = judging->claims;
  int is_code_used = 0;
  for (size_t i = 0; i < claims->touch_count; i++)
    is_code_used |= judging->verdicts[i] == COUNTS && goes_first(judging, &claims->touches[i]);
  for (size_t i = 0; i < claims->touch_count && is_code_used; i++)
    if (judging->verdicts[i] == COUNTS && !goes_first(judging, &claims->touches[i]))
      judging->verdicts[i] = HS_SHARE_COUPON_FIRST;
}

static size_t count_standing(const struct judging *judging)
{
  size_t count = 0;
  for (size_t i = 0; i < judging->claims->touch_count; i++)
    count += judging->verdicts[i] == COUNTS;
  return count;
}

static void judge_touches(struct judging *judging)
{
  const struct hs_claims *claims = judging->claims;
  int is_kept = judging->policy->renewals == HS_RENEWALS_ALWAYS && claims->first_share_count > 0;
  for (size_t i = 0; i < claims->touch_count; i++) {
    HS_ASSERT(i == 0 || claims->touches[i].at_us >= claims->touches[i - 1].at_us);
    judging->verdicts[i] = judge_alone(judging, &claims->touches[i]);
    if (is_kept && judging->verdicts[i] == COUNTS)
      judging->verdicts[i] = HS_SHARE_CUSTOMER_KEPT;
  }
  judge_carts(judging);
  judge_stand_down(judging);
  judge_coupons(judging);
}

/* ---- partners ---- */

/* A touchpoint that counts gets its partner no further than to a place: whether that is worth
   something is what the division says. */
static void judge_partners(struct judging *judging)
{
  const struct hs_claims *claims = judging->claims;
  for (size_t i = 0; i < claims->touch_count; i++) {
    struct hs_allotment *allotment =
        &judging->allotments[index_of(judging, claims->touches[i].partner)];
    enum hs_share_verdict verdict =
        judging->verdicts[i] == COUNTS ? HS_SHARE_NO_PLACE : judging->verdicts[i];
    if (allotment->touch != SIZE_MAX && verdict < allotment->verdict)
      continue;
    allotment->verdict = verdict;
    allotment->touch = i;
    allotment->judged_at_us = claims->touches[i].at_us;
  }
}

static void give(struct judging *judging, const struct hs_share *shares, size_t count,
                 enum hs_share_verdict verdict)
{
  for (size_t i = 0; i < count; i++) {
    struct hs_allotment *allotment = &judging->allotments[index_of(judging, shares[i].partner)];
    allotment->verdict = verdict;
    allotment->part = verdict == HS_SHARE_GIVEN ? shares[i].part : HS_RATIO_ZERO;
  }
}

/* Who has a place but would get too little is found by dividing without a minimum first. Where
   there is none, that is the division. */
static enum hs_status divide(struct judging *judging, struct hs_err *err)
{
  struct hs_policy without_minimum = *judging->policy;
  size_t touch_count = 0;
  size_t share_count = 0;
  for (size_t i = 0; i < judging->claims->touch_count; i++)
    if (judging->verdicts[i] == COUNTS)
      judging->partners[touch_count++] = judging->claims->touches[i].partner;
  without_minimum.minimum = HS_RATIO_ZERO;
  enum hs_status status = hs_policy_divide(&without_minimum, judging->partners, touch_count,
                                           judging->shares, &share_count, err);
  if (status != HS_OK)
    return status;
  if (judging->policy->minimum.top == 0) {
    give(judging, judging->shares, share_count, HS_SHARE_GIVEN);
    return HS_OK;
  }
  give(judging, judging->shares, share_count, HS_SHARE_BELOW_MINIMUM);
  status = hs_policy_divide(judging->policy, judging->partners, touch_count, judging->shares,
                            &share_count, err);
  if (status == HS_OK)
    give(judging, judging->shares, share_count, HS_SHARE_GIVEN);
  return status;
}

static void renew(struct judging *judging)
{
  const struct hs_claims *claims = judging->claims;
  for (size_t i = 0; i < claims->first_share_count; i++) {
    const struct hs_first_share *first = &claims->first_shares[i];
    judging->allotments[index_of(judging, first->partner)] =
        (struct hs_allotment){.partner = first->partner,
                              .verdict = HS_SHARE_GIVEN,
                              .part = first->part,
                              .touch = SIZE_MAX,
                              .judged_at_us = first->judged_at_us};
  }
}

static int take_room(struct judging *judging, struct hs_arena *arena, size_t *mark)
{
  size_t touches = judging->claims->touch_count;
  size_t partners = touches + judging->claims->first_share_count;
  judging->verdicts = hs_arena_alloc(arena, touches, sizeof *judging->verdicts);
  judging->allotments = hs_arena_alloc(arena, partners, sizeof *judging->allotments);
  *mark = hs_arena_mark(arena);
  judging->appeared_us = hs_arena_alloc(arena, partners, sizeof *judging->appeared_us);
  judging->partners = hs_arena_alloc(arena, touches, sizeof *judging->partners);
  judging->shares = hs_arena_alloc(arena, touches, sizeof *judging->shares);
  if (judging->verdicts == NULL || judging->allotments == NULL || judging->appeared_us == NULL ||
      judging->partners == NULL || judging->shares == NULL)
    return 0;
  for (size_t i = 0; i < partners; i++)
    judging->appeared_us[i] = INT64_MAX;
  return 1;
}

enum hs_status hs_allocate(const struct hs_policy *policy, const struct hs_claims *claims,
                           struct hs_arena *arena, struct hs_allocation *out, struct hs_err *err)
{
  struct judging judging = {.policy = policy, .claims = claims};
  enum hs_status status = HS_OK;
  size_t mark = 0;
  if (!take_room(&judging, arena, &mark))
    return hs_arena_full(arena, "the touchpoints of an order", err);
  judge_touches(&judging);
  judge_partners(&judging);
  if (count_standing(&judging) > 0)
    status = divide(&judging, err);
  else if (policy->renewals != HS_RENEWALS_NEVER)
    renew(&judging);
  hs_arena_reset(arena, mark);
  if (status == HS_OK)
    *out = (struct hs_allocation){judging.verdicts, judging.count, judging.allotments};
  return status;
}
