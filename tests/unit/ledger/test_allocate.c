/* Proves ledger/allocate: which touchpoints count for an order, who shares it, which moment's
   version judges, and of everybody else the reason; case by case as a table, and over random claims
   against the hurdles applied to one touchpoint at a time by their definitions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ledger/allocate.h"
#include "support/capacity.h"
#include "support/random.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 4 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

#define ORDERED 1000
#define UNKNOWN_CART INT64_MAX

/* A journey in letters: a partner (A, B, …), the moment, and marks: c for the order's code, s for
   standing down, m for the partner itself, u for no agreement, x for a window that ends a moment
   before the order. "A10 B20s C1000c". */
static size_t read_touches(const char *text, struct hs_touchpoint *touches)
{
  size_t count = 0;
  int used = 0;
  char partner = 0;
  int at = 0;
  while (sscanf(text, " %c%d%n", &partner, &at, &used) == 2) {
    struct hs_touchpoint touch = {.partner = (uint32_t)partner, .at_us = at, .until_us = ORDERED};
    text += used;
    for (; *text != '\0' && *text != ' '; text++) {
      touch.marks |= *text == 'c' ? HS_TOUCH_CODE : 0U;
      touch.marks |= *text == 's' ? HS_TOUCH_STANDS_DOWN : 0U;
      touch.marks |= *text == 'm' ? HS_TOUCH_SELF : 0U;
      touch.marks |= *text == 'u' ? HS_TOUCH_UNAGREED : 0U;
      touch.until_us -= *text == 'x';
    }
    touches[count++] = touch;
  }
  return count;
}

/* "A 1/2 @10, B after_cart": the part and the moment whose version judges, or the reason. */
static void format_allocation(const struct hs_allocation *allocation, char *out)
{
  *out = '\0';
  for (size_t i = 0; i < allocation->count; i++) {
    const struct hs_allotment *allotment = &allocation->allotments[i];
    char part[HS_RATIO_TEXT];
    hs_ratio_format(allotment->part, part);
    out += sprintf(out, "%s%c ", i > 0 ? ", " : "", (char)allotment->partner);
    if (allotment->verdict == HS_SHARE_GIVEN)
      out += sprintf(out, "%s @%lld", part, (long long)allotment->judged_at_us);
    else
      out += sprintf(out, "%s", hs_share_verdict_name(allotment->verdict));
    assert_true((allotment->verdict == HS_SHARE_GIVEN) == (allotment->part.top > 0));
  }
}

struct row {
  const char *touches;
  int64_t cart_at_us;
  const char *expected;
};

static void check_rows(const struct hs_policy *policy, const struct row *rows, size_t count)
{
  assert_int_equal(hs_policy_check(policy, NULL), HS_OK);
  for (size_t i = 0; i < count; i++) {
    struct hs_touchpoint touches[16];
    struct hs_allocation allocation;
    char text[512];
    const struct hs_claims claims = {.ordered_at_us = ORDERED,
                                     .cart_at_us = rows[i].cart_at_us,
                                     .touch_count = read_touches(rows[i].touches, touches),
                                     .touches = touches};
    assert_int_equal(hs_allocate(policy, &claims, &arena, &allocation, NULL), HS_OK);
    format_allocation(&allocation, text);
    assert_string_equal(text, rows[i].expected);
  }
}
#define CHECK(policy, rows) check_rows(policy, rows, sizeof(rows) / sizeof *(rows))

/* ---- hurdle by hurdle ---- */

static void by_the_usual_policy_the_last_takes_all([[maybe_unused]] void **state)
{
  static const struct row ROWS[] = {
      {"", UNKNOWN_CART, ""},
      {"A10", UNKNOWN_CART, "A 1 @10"},
      {"A10 B20", UNKNOWN_CART, "A no_place, B 1 @20"},
      {"A10 B20 A30", UNKNOWN_CART, "A 1 @30, B no_place"},
      {"A1000 B1000", UNKNOWN_CART, "A no_place, B 1 @1000"}, /* ties by order of arrival */
      {"A10 B1001", UNKNOWN_CART, "A 1 @10, B after_order"},
      {"A10 B20x", UNKNOWN_CART, "A 1 @10, B expired"},
      {"A10x", UNKNOWN_CART, "A expired"}, /* then nobody shares it */
      {"A10 B20u", UNKNOWN_CART, "A 1 @10, B no_agreement"},
      {"A10 B20m", UNKNOWN_CART, "A 1 @10, B self_referral"},
      {"A10m", UNKNOWN_CART, "A self_referral"},
      {"A10 B20c C30", UNKNOWN_CART, "A coupon_first, B 1 @20, C coupon_first"},
      {"A10 B1000cu", UNKNOWN_CART, "A 1 @10, B no_agreement"}, /* a code without an agreement */
      {"A10 B20", 15, "A no_place, B 1 @20"},            /* this policy does not ask for the cart */
      {"A10 B11s", UNKNOWN_CART, "A no_place, B 1 @11"}, /* nor anybody to stand down */
      /* Of several touchpoints, the one that came furthest speaks for the partner. */
      {"A5u A10x A20m B30", UNKNOWN_CART, "A expired, B 1 @30"},
      {"A10 A20x B30", UNKNOWN_CART, "A no_place, B 1 @30"},
  };
  CHECK(&HS_POLICY_LAST, ROWS);
}

static void who_appears_after_the_cart_gets_nothing([[maybe_unused]] void **state)
{
  struct hs_policy policy = HS_POLICY_LAST;
  policy.is_cart_barrier = 1;
  static const struct row ROWS[] = {
      {"A10 B20", 15, "A 1 @10, B after_cart"},
      {"A10 B20", 20, "A 1 @10, B after_cart"},
      {"A10 B20", 21, "A no_place, B 1 @20"},
      {"A10 B20", UNKNOWN_CART, "A no_place, B 1 @20"},
      {"B5 A10 B20", 15, "B 1 @20, A no_place"},       /* it was there before */
      {"B5x A10 B20", 15, "B after_cart, A 1 @10"},    /* too long before */
      {"A10 B20", 5, "A after_cart, B after_cart"},    /* nobody */
      {"A10 B1000c", 15, "A coupon_first, B 1 @1000"}, /* codes are always typed later */
      {"A10 B20 B1000c", 15, "A coupon_first, B 1 @1000"},
  };
  CHECK(&policy, ROWS);
  policy.is_coupon_first = 0; /* then a code is a touchpoint like any other */
  static const struct row WITHOUT[] = {{"A10 B1000c", 15, "A 1 @10, B after_cart"},
                                       {"A10 B1000c", 1001, "A no_place, B 1 @1000"}};
  CHECK(&policy, WITHOUT);
}

static void software_stands_down_for_who_came_just_before([[maybe_unused]] void **state)
{
  struct hs_policy policy = HS_POLICY_LAST;
  policy.stand_down_us = 30;
  static const struct row ROWS[] = {
      {"A100 B130s", UNKNOWN_CART, "A 1 @100, B stood_down"},
      {"A100 B131s", UNKNOWN_CART, "A no_place, B 1 @131"},
      {"A100 B110", UNKNOWN_CART, "A no_place, B 1 @110"},
      {"B100s B110s", UNKNOWN_CART, "B 1 @110"}, /* not for itself */
      {"A100 B120s B125s", UNKNOWN_CART, "A 1 @100, B stood_down"},
      {"A100 B120s C140s", UNKNOWN_CART, "A no_place, B stood_down, C 1 @140"},
      {"A100x B120s", UNKNOWN_CART, "A expired, B 1 @120"},      /* for one that counts */
      {"A100 B105 A110s", UNKNOWN_CART, "A no_place, B 1 @105"}, /* though it was there before */
      {"A100 B110sc", UNKNOWN_CART, "A coupon_first, B 1 @110"},
  };
  CHECK(&policy, ROWS);
}

static void every_partner_learns_why_it_shares_nothing([[maybe_unused]] void **state)
{
  const struct hs_policy policy = {.first = hs_ratio_of(2, 5),
                                   .last = hs_ratio_of(2, 5),
                                   .minimum = hs_ratio_of(3, 20),
                                   .is_coupon_first = 1,
                                   .is_cart_barrier = 1,
                                   .stand_down_us = 30};
  static const struct row ROWS[] = {
      {"A10 B20 C30", 500, "A 2/5 @10, B 1/5 @20, C 2/5 @30"},
      {"A10 B20 B25 A28 C30", 500, "A 2/5 @28, B 1/5 @25, C 2/5 @30"}, /* judged by the latest */
      {"A10 B20 D25 C30", 500, "A 1/2 @10, B below_minimum, D below_minimum, C 1/2 @30"},
      {"U1u M2m X3x A10 S11s C600", 500,
       "U no_agreement, M self_referral, X expired, A 1 @10, S stood_down, C after_cart"},
  };
  CHECK(&policy, ROWS);
}

static void names_and_words_are_there_for_every_verdict([[maybe_unused]] void **state)
{
  for (int a = 0; a <= HS_SHARE_GIVEN; a++) {
    assert_true(strlen(hs_share_verdict_words((enum hs_share_verdict)a)) > 10);
    for (int b = 0; b < a; b++)
      assert_string_not_equal(hs_share_verdict_name((enum hs_share_verdict)a),
                              hs_share_verdict_name((enum hs_share_verdict)b));
  }
}

/* ---- customers who come back ---- */

static void a_renewal_stays_with_the_first_sale([[maybe_unused]] void **state)
{
  static const struct {
    enum hs_renewals renewals;
    const char *touches, *expected;
  } ROWS[] = {
      {HS_RENEWALS_UNTOUCHED, "", "A 2/5 @-50, B 3/5 @-40"},
      {HS_RENEWALS_UNTOUCHED, "C10", "C 1 @10"},
      {HS_RENEWALS_UNTOUCHED, "C10x B20x", "C expired, B 3/5 @-40, A 2/5 @-50"},
      {HS_RENEWALS_ALWAYS, "", "A 2/5 @-50, B 3/5 @-40"},
      {HS_RENEWALS_ALWAYS, "C10 B20", "C customer_kept, B 3/5 @-40, A 2/5 @-50"},
      {HS_RENEWALS_ALWAYS, "C1000c", "C customer_kept, A 2/5 @-50, B 3/5 @-40"},
      {HS_RENEWALS_NEVER, "", ""},
      {HS_RENEWALS_NEVER, "C10", "C 1 @10"},
  };
  const struct hs_first_share first[] = {{'A', hs_ratio_of(2, 5), -50},
                                         {'B', hs_ratio_of(3, 5), -40}};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_policy policy = HS_POLICY_LAST;
    struct hs_touchpoint touches[16];
    struct hs_allocation allocation;
    char text[512];
    policy.renewals = ROWS[i].renewals;
    const struct hs_claims claims = {.ordered_at_us = ORDERED,
                                     .cart_at_us = UNKNOWN_CART,
                                     .touch_count = read_touches(ROWS[i].touches, touches),
                                     .touches = touches,
                                     .first_share_count = 2,
                                     .first_shares = first};
    assert_int_equal(hs_allocate(&policy, &claims, &arena, &allocation, NULL), HS_OK);
    format_allocation(&allocation, text);
    assert_string_equal(text, ROWS[i].expected);
  }
}

/* ---- laws ---- */

static uint64_t seed = 20261123;

static int one_in(uint64_t n) { return (next_random(&seed) >> 33) % n == 0; }
static int64_t up_to(int64_t n)
{
  return (int64_t)((next_random(&seed) >> 33) % (uint64_t)(n + 1));
}

static struct hs_policy random_policy(void)
{
  int64_t first = up_to(100);
  return (struct hs_policy){.first = hs_ratio_of(first, 100),
                            .last = hs_ratio_of(up_to(100 - first), 100),
                            .minimum = one_in(2) ? HS_RATIO_ZERO : hs_ratio_of(up_to(60), 100),
                            .is_coupon_first = one_in(2),
                            .is_cart_barrier = one_in(2),
                            .allows_self_referral = one_in(2),
                            .stand_down_us = one_in(2) ? 0 : up_to(40)};
}

static size_t random_touches(struct hs_touchpoint *touches, size_t most)
{
  size_t count = (size_t)up_to((int64_t)most);
  int64_t at_us = 0;
  for (size_t i = 0; i < count; i++) {
    at_us += up_to(20);
    touches[i] = (struct hs_touchpoint){
        .partner = (uint32_t)up_to(5),
        .marks = (one_in(8) ? HS_TOUCH_CODE : 0U) | (one_in(3) ? HS_TOUCH_STANDS_DOWN : 0U) |
                 (one_in(9) ? HS_TOUCH_SELF : 0U) | (one_in(9) ? HS_TOUCH_UNAGREED : 0U),
        .at_us = at_us,
        .until_us = at_us + up_to(300)};
  }
  return count;
}

/* The definition of each hurdle, one touchpoint at a time, given which others count. */
static int is_stopped_alone(const struct hs_policy *policy, const struct hs_claims *claims,
                            size_t i)
{
  const struct hs_touchpoint *touch = &claims->touches[i];
  return touch->at_us > claims->ordered_at_us || (touch->marks & HS_TOUCH_UNAGREED) != 0 ||
         ((touch->marks & HS_TOUCH_SELF) != 0 && !policy->allows_self_referral) ||
         touch->until_us < claims->ordered_at_us;
}

static int is_free(const struct hs_policy *policy, const struct hs_touchpoint *touch)
{
  return policy->is_coupon_first && (touch->marks & HS_TOUCH_CODE) != 0;
}

static int is_after_cart(const struct hs_policy *policy, const struct hs_claims *claims, size_t i)
{
  if (!policy->is_cart_barrier || is_free(policy, &claims->touches[i]))
    return 0;
  for (size_t j = 0; j < claims->touch_count; j++)
    if (claims->touches[j].partner == claims->touches[i].partner &&
        !is_stopped_alone(policy, claims, j) && claims->touches[j].at_us < claims->cart_at_us)
      return 0;
  return 1;
}

static int stands_down(const struct hs_policy *policy, const struct hs_claims *claims,
                       const enum hs_share_verdict *verdicts, size_t i)
{
  const struct hs_touchpoint *touch = &claims->touches[i];
  if (policy->stand_down_us == 0 || !(touch->marks & HS_TOUCH_STANDS_DOWN) ||
      is_free(policy, touch))
    return 0;
  for (size_t j = 0; j < i; j++) /* those that still stood when it came */
    if (claims->touches[j].partner != touch->partner && verdicts[j] >= HS_SHARE_COUPON_FIRST &&
        touch->at_us - claims->touches[j].at_us <= policy->stand_down_us)
      return 1;
  return 0;
}

static void check_verdict(const struct hs_policy *policy, const struct hs_claims *claims,
                          const enum hs_share_verdict *verdicts, size_t i)
{
  int is_code_used = 0;
  for (size_t j = 0; j < claims->touch_count; j++)
    is_code_used |= is_free(policy, &claims->touches[j]) && !is_stopped_alone(policy, claims, j);
  enum hs_share_verdict verdict = verdicts[i];
  if (is_stopped_alone(policy, claims, i))
    assert_true(verdict < HS_SHARE_CUSTOMER_KEPT);
  else if (is_after_cart(policy, claims, i))
    assert_int_equal(verdict, HS_SHARE_AFTER_CART);
  else if (stands_down(policy, claims, verdicts, i))
    assert_int_equal(verdict, HS_SHARE_STOOD_DOWN);
  else if (is_code_used && !is_free(policy, &claims->touches[i]))
    assert_int_equal(verdict, HS_SHARE_COUPON_FIRST);
  else
    assert_int_equal(verdict, HS_SHARE_GIVEN);
}

/* L5: the parts make the whole or nothing, and who has one counted. */
static void check_parts(const struct hs_claims *claims, const struct hs_allocation *allocation)
{
  struct hs_ratio sum = HS_RATIO_ZERO;
  int is_any = 0;
  for (size_t i = 0; i < claims->touch_count; i++)
    is_any |= allocation->verdicts[i] == HS_SHARE_GIVEN;
  for (size_t i = 0; i < allocation->count; i++) {
    const struct hs_allotment *allotment = &allocation->allotments[i];
    const struct hs_touchpoint *touch = &claims->touches[allotment->touch];
    assert_true(hs_ratio_add(sum, allotment->part, &sum));
    assert_int_equal(touch->partner, allotment->partner);
    assert_int_equal(touch->at_us, allotment->judged_at_us);
    enum hs_share_verdict verdict = allocation->verdicts[allotment->touch];
    assert_true(verdict == HS_SHARE_GIVEN ? allotment->verdict >= HS_SHARE_NO_PLACE
                                          : allotment->verdict == verdict);
    for (size_t t = 0; t < claims->touch_count; t++)
      if (claims->touches[t].partner == allotment->partner)
        assert_true(allocation->verdicts[t] < verdict ||
                    (allocation->verdicts[t] == verdict && t <= allotment->touch));
  }
  assert_int_equal(hs_ratio_compare(sum, is_any ? HS_RATIO_ONE : HS_RATIO_ZERO), 0);
}

static void random_claims_are_judged_as_the_hurdles_are_defined([[maybe_unused]] void **state)
{
  for (int round = 0; round < 50000; round++) {
    uint64_t replay = seed;
    struct hs_touchpoint touches[24];
    struct hs_allocation allocation;
    struct hs_policy policy = random_policy();
    struct hs_claims claims = {.touch_count = random_touches(touches, 24), .touches = touches};
    claims.ordered_at_us = 100 + up_to(200);
    claims.cart_at_us = one_in(2) ? INT64_MAX : up_to(300);
    hs_arena_reset(&arena, 0);
    if (hs_allocate(&policy, &claims, &arena, &allocation, NULL) != HS_OK)
      fail_msg("not allocated; the random state was %llu", (unsigned long long)replay);
    for (size_t i = 0; i < claims.touch_count; i++)
      check_verdict(&policy, &claims, allocation.verdicts, i);
    check_parts(&claims, &allocation);
  }
}

static enum hs_status allocate_three([[maybe_unused]] void *context, struct hs_arena *bounded,
                                     struct hs_err *err)
{
  struct hs_touchpoint touches[4];
  struct hs_allocation allocation;
  const struct hs_claims claims = {.ordered_at_us = ORDERED,
                                   .cart_at_us = UNKNOWN_CART,
                                   .touch_count = read_touches("A1 B2 C3", touches),
                                   .touches = touches};
  enum hs_status status = hs_allocate(&HS_POLICY_LAST, &claims, bounded, &allocation, err);
  if (status == HS_OK)
    assert_int_equal(allocation.count, 3);
  return status;
}

static void every_allocation_that_fails_is_said([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(allocate_three, NULL) >= 5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_the_usual_policy_the_last_takes_all),
      cmocka_unit_test(who_appears_after_the_cart_gets_nothing),
      cmocka_unit_test(software_stands_down_for_who_came_just_before),
      cmocka_unit_test(every_partner_learns_why_it_shares_nothing),
      cmocka_unit_test(names_and_words_are_there_for_every_verdict),
      cmocka_unit_test(a_renewal_stays_with_the_first_sale),
      cmocka_unit_test(random_claims_are_judged_as_the_hurdles_are_defined),
      cmocka_unit_test(every_allocation_that_fails_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
