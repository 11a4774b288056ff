/* Proves the joint profit and loss by sheets worked out by hand, and its laws by random ones: the
   parts sum to the whole, both sides' settlements are each other's negative, and nothing of a
   private line reaches another side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/time.h"
#include "ledger/joint.h"
#include "support/random.h"

#define BRAND 0
#define TRAILS 1
#define LINES_MAX 40

static struct hs_joint_line line(enum hs_joint_kind kind, uint32_t side, int64_t amount_minor)
{
  return (struct hs_joint_line){
      .kind = kind, .side = side, .to = HS_NOBODY, .amount_minor = amount_minor};
}

static struct hs_joint_line owed(enum hs_joint_kind kind, uint32_t from, uint32_t to,
                                 int64_t amount_minor)
{
  struct hs_joint_line out = line(kind, from, amount_minor);
  out.to = to;
  return out;
}

static struct hs_joint_line private_line(enum hs_joint_kind kind, uint32_t side, int64_t amount)
{
  struct hs_joint_line out = line(kind, side, amount);
  out.is_private = 1;
  return out;
}

static struct hs_joint_line between(struct hs_joint_line revenue, int64_t low, int64_t high)
{
  revenue.has_interval = 1;
  revenue.low_minor = low;
  revenue.high_minor = high;
  return revenue;
}

/* Two sides, sixty to forty. */
static struct hs_sharing sixty_forty(enum hs_sharing_kind kind)
{
  struct hs_sharing sharing = {.kind = kind, .side_count = 2};
  sharing.share[BRAND] = sharing.loss[BRAND] = hs_ratio_of(3, 5);
  sharing.share[TRAILS] = sharing.loss[TRAILS] = hs_ratio_of(2, 5);
  assert_int_equal(hs_sharing_check(&sharing, NULL), HS_OK);
  return sharing;
}

static struct hs_joint make_under(const struct hs_joint_line *lines, size_t count,
                                  const struct hs_sharing *sharing, enum hs_joint_case under)
{
  struct hs_joint joint;
  assert_int_equal(hs_joint_check(lines, count, sharing->side_count, NULL), HS_OK);
  assert_int_equal(hs_joint_make(lines, count, NULL, 0, sharing, under, &joint, NULL), HS_OK);
  return joint;
}

static struct hs_joint make(const struct hs_joint_line *lines, size_t count,
                            const struct hs_sharing *sharing)
{
  return make_under(lines, count, sharing, HS_JOINT_AS_STATED);
}

/* ---- sheets worked out by hand ---- */

/* The brand sold 18,400.00 with 1,200.00 of discount on goods for 7,000.00, and spent 2,500.00 on
   media; the partner put in content for 900.00. Left: 10,200.00 − 3,400.00 = 6,800.00, of which 60
   % are 4,080.00. The brand holds 7,700.00, the partner −900.00. 1,500.00 were paid on account: the
   brand pays 7,700.00 − 4,080.00 − 1,500.00 = 2,120.00 more. */
static const struct hs_joint_line SEPTEMBER[] = {
    {HS_JOINT_REVENUE, {0}, BRAND, HS_NOBODY, 0, 3, 1840000, 1, 1590000, 2070000, {0}},
    {HS_JOINT_DISCOUNT, {0}, BRAND, HS_NOBODY, 0, 3, 120000, 0, 0, 0, {0}},
    {HS_JOINT_GOODS, {0}, BRAND, HS_NOBODY, 0, 1, 700000, 1, 600000, 790000, {0}},
    {HS_JOINT_COMMISSION, {0}, BRAND, TRAILS, 0, 3, 184000, 0, 0, 0, {0}},
    {HS_JOINT_MEDIA, {0}, BRAND, HS_NOBODY, 0, 1, 250000, 0, 0, 0, {0}},
    {HS_JOINT_CONTENT, {0}, TRAILS, HS_NOBODY, 0, 2, 90000, 0, 0, 0, {0}},
};
#define SEPTEMBER_COUNT (sizeof SEPTEMBER / sizeof *SEPTEMBER)

static void what_was_had_counts_towards_the_share([[maybe_unused]] void **state)
{
  const struct hs_joint_payment paid = {.from = BRAND, .to = TRAILS, .amount_minor = 150000};
  struct hs_sharing sharing = sixty_forty(HS_SHARING_SHARES);
  struct hs_joint_payment payments[HS_SIDES_MAX];
  struct hs_joint joint;
  assert_int_equal(hs_joint_make(SEPTEMBER, SEPTEMBER_COUNT, &paid, 1, &sharing, HS_JOINT_AS_STATED,
                                 &joint, NULL),
                   HS_OK);
  assert_int_equal(joint.brought_minor, 1020000);
  assert_int_equal(joint.costs_minor, 340000);
  assert_int_equal(joint.result_minor, 680000);
  assert_int_equal(joint.parts[BRAND].entitled_minor, 408000);
  assert_int_equal(joint.parts[TRAILS].entitled_minor, 272000);
  assert_int_equal(joint.parts[BRAND].settles_minor, -212000);
  assert_int_equal(hs_joint_settle(&joint, payments), 1);
  assert_int_equal(payments[0].from, BRAND);
  assert_int_equal(payments[0].to, TRAILS);
  assert_int_equal(payments[0].amount_minor, 212000);
}

/* Of 6,800.00 the commission of 1,840.00 comes first; 60 % of the other 4,960.00 are 2,976.00. */
static void a_commission_that_comes_first_is_besides_the_share([[maybe_unused]] void **state)
{
  struct hs_sharing sharing = sixty_forty(HS_SHARING_SHARES);
  sharing.earned = HS_EARNED_FIRST;
  struct hs_joint joint = make(SEPTEMBER, SEPTEMBER_COUNT, &sharing);
  assert_int_equal(joint.parts[BRAND].entitled_minor, 297600);
  assert_int_equal(joint.parts[TRAILS].entitled_minor, 184000 + 198400);
}

/* An affiliate's agreement: nothing is shared, and the settlement is the commission not yet paid.
 */
static void where_each_keeps_its_own_only_commissions_are_settled([[maybe_unused]] void **state)
{
  const struct hs_joint_payment paid = {.from = BRAND, .to = TRAILS, .amount_minor = 100000};
  const struct hs_sharing sharing = {.kind = HS_SHARING_KEPT, .side_count = 2};
  struct hs_joint joint;
  assert_int_equal(hs_joint_make(SEPTEMBER, SEPTEMBER_COUNT, &paid, 1, &sharing, HS_JOINT_AS_STATED,
                                 &joint, NULL),
                   HS_OK);
  assert_int_equal(joint.parts[TRAILS].settles_minor, 84000);
  assert_int_equal(joint.parts[TRAILS].entitled_minor, 184000 - 90000);
  assert_int_equal(joint.parts[BRAND].entitled_minor, 1020000 - 250000 - 184000);
}

/* Losses of 1,000.01: shares of one third and two thirds for gains, halves for losses; the odd cent
   goes to the side named first. */
static void losses_have_shares_of_their_own([[maybe_unused]] void **state)
{
  const struct hs_joint_line lines[] = {line(HS_JOINT_TOOLS, BRAND, 100001)};
  struct hs_sharing sharing = sixty_forty(HS_SHARING_SHARES);
  sharing.share[BRAND] = hs_ratio_of(1, 3);
  sharing.share[TRAILS] = hs_ratio_of(2, 3);
  sharing.loss[BRAND] = sharing.loss[TRAILS] = hs_ratio_of(1, 2);
  struct hs_joint joint = make(lines, 1, &sharing);
  assert_int_equal(joint.parts[BRAND].entitled_minor, -50001);
  assert_int_equal(joint.parts[TRAILS].entitled_minor, -50000);
  assert_int_equal(joint.parts[TRAILS].settles_minor, -50000);
}

/* ---- the waterfall ---- */

/* 10,200.00 were brought in. The partner recoups its 900.00 first, then the brand its 2,500.00;
   the partner has 8 % on its costs, 72.00; the brand 10 % of what is left of 6,728.00, at most
   500.00; the rest, 6,228.00, is split: 3,736.80 and 2,491.20. */
static void a_waterfall_goes_step_by_step([[maybe_unused]] void **state)
{
  struct hs_sharing sharing = sixty_forty(HS_SHARING_WATERFALL);
  sharing.step_count = 4;
  sharing.steps[0] = (struct hs_waterfall_step){.kind = HS_STEP_RECOUP, .side = TRAILS};
  sharing.steps[1] = (struct hs_waterfall_step){.kind = HS_STEP_RECOUP, .side = BRAND};
  sharing.steps[2] = (struct hs_waterfall_step){HS_STEP_PREFERRED, TRAILS, HS_STEP_OF_COSTS,
                                                hs_ratio_of(2, 25), INT64_MAX};
  sharing.steps[3] = (struct hs_waterfall_step){HS_STEP_PREFERRED, BRAND, HS_STEP_OF_LEFT,
                                                hs_ratio_of(1, 10), 50000};
  assert_int_equal(hs_sharing_check(&sharing, NULL), HS_OK);
  struct hs_joint joint = make(SEPTEMBER, SEPTEMBER_COUNT, &sharing);
  const struct hs_waterfall *waterfall = &joint.waterfall;
  assert_int_equal(waterfall->step_count, 5);
  assert_int_equal(waterfall->steps[0].given_minor[TRAILS], 90000);
  assert_int_equal(waterfall->steps[1].given_minor[BRAND], 250000);
  assert_int_equal(waterfall->steps[2].given_minor[TRAILS], 7200);
  assert_int_equal(waterfall->steps[3].there_minor, 672800);
  assert_int_equal(waterfall->steps[3].given_minor[BRAND], 50000);
  assert_int_equal(waterfall->steps[4].given_minor[BRAND], 373680);
  assert_int_equal(waterfall->steps[4].given_minor[TRAILS], 249120);
  assert_int_equal(joint.parts[TRAILS].entitled_minor, 7200 + 249120);
  assert_int_equal(joint.parts[BRAND].entitled_minor, 50000 + 373680);
}

/* 1,000.00 against costs of 900.00 and 2,500.00: the first in the order has all of its costs back,
   the second 100.00, and recoups 2,400.00 later; with the two in proportion it is 264.71 and
   735.29. */
static void what_cannot_be_recouped_is_carried_on([[maybe_unused]] void **state)
{
  const struct hs_joint_line lines[] = {line(HS_JOINT_REVENUE, BRAND, 100000),
                                        line(HS_JOINT_CONTENT, TRAILS, 90000),
                                        line(HS_JOINT_MEDIA, BRAND, 250000)};
  struct hs_sharing sharing = sixty_forty(HS_SHARING_WATERFALL);
  sharing.step_count = 2;
  sharing.steps[0] = (struct hs_waterfall_step){.kind = HS_STEP_RECOUP, .side = TRAILS};
  sharing.steps[1] = (struct hs_waterfall_step){.kind = HS_STEP_RECOUP, .side = BRAND};
  struct hs_joint joint = make(lines, 3, &sharing);
  assert_int_equal(joint.waterfall.given_minor[TRAILS], 90000);
  assert_int_equal(joint.waterfall.given_minor[BRAND], 10000);
  assert_int_equal(joint.waterfall.unrecouped_minor[BRAND], 240000);
  sharing.step_count = 1;
  sharing.steps[0].side = HS_NOBODY;
  joint = make(lines, 3, &sharing);
  assert_int_equal(joint.waterfall.given_minor[TRAILS], 26471);
  assert_int_equal(joint.waterfall.given_minor[BRAND], 73529);
  /* The next month: 5,000.00 and no costs. What is still due comes first. */
  memcpy(sharing.unrecouped_minor, joint.waterfall.unrecouped_minor,
         sizeof sharing.unrecouped_minor);
  const struct hs_joint_line next[] = {line(HS_JOINT_REVENUE, BRAND, 500000)};
  joint = make(next, 1, &sharing);
  assert_int_equal(joint.waterfall.steps[0].given_minor[TRAILS], 90000 - 26471);
  assert_int_equal(joint.waterfall.steps[0].given_minor[BRAND], 250000 - 73529);
  assert_int_equal(joint.waterfall.unrecouped_minor[BRAND], 0);
}

/* More was returned than sold: nothing is recouped of that, and the loss shares bear it. */
static void below_zero_a_waterfall_only_splits([[maybe_unused]] void **state)
{
  const struct hs_joint_line lines[] = {line(HS_JOINT_REVENUE, BRAND, -10000),
                                        line(HS_JOINT_CONTENT, TRAILS, 90000)};
  struct hs_sharing sharing = sixty_forty(HS_SHARING_WATERFALL);
  sharing.step_count = 1;
  sharing.steps[0] = (struct hs_waterfall_step){.kind = HS_STEP_RECOUP, .side = TRAILS};
  struct hs_joint joint = make(lines, 2, &sharing);
  assert_int_equal(joint.waterfall.given_minor[BRAND], -6000);
  assert_int_equal(joint.waterfall.given_minor[TRAILS], -4000);
  assert_int_equal(joint.waterfall.unrecouped_minor[TRAILS], 90000);
}

static void terms_that_cannot_be_applied_are_refused([[maybe_unused]] void **state)
{
  struct hs_err err = {0};
  struct hs_sharing sharing = sixty_forty(HS_SHARING_WATERFALL);
  sharing.share[BRAND] = hs_ratio_of(1, 2);
  assert_int_equal(hs_sharing_check(&sharing, &err), HS_INVALID);
  assert_string_equal(err.text, "the shares must sum to 1, got 9/10");
  sharing.share[BRAND] = hs_ratio_of(8, 5);
  sharing.share[TRAILS] = hs_ratio_of(-3, 5);
  assert_int_equal(hs_sharing_check(&sharing, &err), HS_INVALID);
  assert_string_equal(err.text, "a share must be 0 or more, got -3/5");
  sharing = sixty_forty(HS_SHARING_WATERFALL);
  sharing.step_count = 1;
  sharing.steps[0] = (struct hs_waterfall_step){.kind = HS_STEP_RECOUP, .side = 2};
  assert_int_equal(hs_sharing_check(&sharing, &err), HS_INVALID);
  assert_string_equal(err.text, "step 1: there is no side 2");
  sharing.steps[0] =
      (struct hs_waterfall_step){.kind = HS_STEP_PREFERRED, .side = BRAND, .most_minor = INT64_MAX};
  assert_int_equal(hs_sharing_check(&sharing, &err), HS_INVALID);
  assert_string_equal(err.text, "step 1: a preferred share is a rate, an amount or both");
  sharing.steps[0].most_minor = -1;
  assert_int_equal(hs_sharing_check(&sharing, &err), HS_INVALID);
  sharing.step_count = 0;
  sharing.unrecouped_minor[TRAILS] = -1;
  assert_int_equal(hs_sharing_check(&sharing, &err), HS_INVALID);
  assert_string_equal(err.text, "what was not recouped must be 0 or more, got -1");
  sharing.side_count = 1;
  assert_int_equal(hs_sharing_check(&sharing, &err), HS_INVALID);
  assert_string_equal(err.text, "an agreement has 2 to 12 sides, got 1");
}

/* ---- lines ---- */

static void a_line_that_makes_no_sense_is_refused([[maybe_unused]] void **state)
{
  const struct {
    struct hs_joint_line line;
    const char *words;
  } ROWS[] = {
      {line(HS_JOINT_TOOLS, 2, 1), "line 1: there is no such side"},
      {owed(HS_JOINT_FEE, 0, 2, 1), "line 1: there is no such side"},
      {owed(HS_JOINT_TOOLS, 0, 1, 1),
       "line 1: only commissions and fees go from one side to another"},
      {owed(HS_JOINT_FEE, 1, 1, 1), "line 1: a side owes itself nothing"},
      {between(line(HS_JOINT_TOOLS, 0, 1), 1, 1),
       "line 1: only what is brought in has an interval"},
      {between(line(HS_JOINT_REVENUE, 0, 5), 6, 7), "line 1: the amount must lie in its interval"},
      {between(line(HS_JOINT_REVENUE, 0, 5), 1, 4), "line 1: the amount must lie in its interval"},
  };
  struct hs_err err = {0};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    assert_int_equal(hs_joint_check(&ROWS[i].line, 1, 2, &err), HS_INVALID);
    assert_string_equal(err.text, ROWS[i].words);
  }
  struct hs_joint_line secret = owed(HS_JOINT_COMMISSION, 0, 1, 1);
  secret.is_private = 1;
  assert_int_equal(hs_joint_check(&secret, 1, 2, &err), HS_INVALID);
  assert_string_equal(err.text, "line 1: what one side owes another is not private");
}

static void sums_that_do_not_fit_are_told([[maybe_unused]] void **state)
{
  struct hs_sharing sharing = sixty_forty(HS_SHARING_SHARES);
  struct hs_joint joint = {.side_count = 99};
  struct hs_joint_line lines[] = {line(HS_JOINT_REVENUE, BRAND, INT64_MAX),
                                  line(HS_JOINT_REVENUE, BRAND, 1)};
  for (int kind = HS_SHARING_KEPT; kind <= HS_SHARING_WATERFALL; kind++) {
    sharing.kind = (enum hs_sharing_kind)kind;
    assert_int_equal(hs_joint_make(lines, 2, NULL, 0, &sharing, HS_JOINT_AS_STATED, &joint, NULL),
                     HS_INVALID);
    assert_int_equal(joint.side_count, 99); /* untouched */
  }
  lines[1].side = TRAILS;
  assert_int_equal(hs_joint_make(lines, 2, NULL, 0, &sharing, HS_JOINT_AS_STATED, &joint, NULL),
                   HS_INVALID);
}

/* ---- what it says ---- */

/* At the low end 15,900.00 − 1,200.00 − 6,000.00 − 3,400.00 = 5,300.00 are left: justified. With
   costs of 12,000.00 more, 6,700.00 are missing at the low end and 3,800.00 at the high one: not.
   With 6,000.00 more, the two ends differ in sign: it cannot tell. */
static void the_interval_says_whether_it_is_justified([[maybe_unused]] void **state)
{
  static const struct {
    int64_t more_costs;
    enum hs_worth expected;
  } ROWS[] = {{0, HS_WORTH_JUSTIFIED}, {1200000, HS_WORTH_NOT}, {600000, HS_WORTH_CANNOT_TELL}};
  struct hs_sharing sharing = sixty_forty(HS_SHARING_SHARES);
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_joint_line lines[SEPTEMBER_COUNT + 1];
    memcpy(lines, SEPTEMBER, sizeof SEPTEMBER);
    lines[SEPTEMBER_COUNT] = line(HS_JOINT_SHARED_COST, TRAILS, ROWS[i].more_costs);
    struct hs_joint low = make_under(lines, SEPTEMBER_COUNT + 1, &sharing, HS_JOINT_AT_LOW);
    struct hs_joint high = make_under(lines, SEPTEMBER_COUNT + 1, &sharing, HS_JOINT_AT_HIGH);
    assert_int_equal(low.result_minor, 530000 - ROWS[i].more_costs);
    assert_int_equal(high.result_minor, 820000 - ROWS[i].more_costs);
    assert_true(low.has_interval);
    assert_int_equal(hs_joint_worth(low.has_interval, low.result_minor, high.result_minor),
                     ROWS[i].expected);
  }
  assert_int_equal(hs_joint_worth(0, 1, 1), HS_WORTH_CANNOT_TELL);
  assert_int_equal(hs_joint_worth(1, 0, 1), HS_WORTH_CANNOT_TELL);
}

static void one_revenue_without_an_interval_leaves_none([[maybe_unused]] void **state)
{
  struct hs_sharing sharing = sixty_forty(HS_SHARING_SHARES);
  struct hs_joint_line lines[] = {between(line(HS_JOINT_REVENUE, BRAND, 5), 4, 6),
                                  private_line(HS_JOINT_REVENUE, BRAND, 5)};
  struct hs_joint joint = make(lines, 2, &sharing);
  assert_true(joint.has_interval);
  assert_false(joint.own_has_interval);
  lines[1].is_private = 0;
  assert_false(make(lines, 2, &sharing).has_interval);
  assert_false(make(lines, 0, &sharing).has_interval);
}

/* Had nothing been sold, costs of 2,500.00 and 900.00 are left: 3,400.00, shared as 2,040.00 and
   1,360.00. The brand would lose less than it put in, the partner more. */
static void the_stake_is_what_is_lost_when_nothing_comes([[maybe_unused]] void **state)
{
  struct hs_sharing sharing = sixty_forty(HS_SHARING_SHARES);
  struct hs_joint joint = make_under(SEPTEMBER, SEPTEMBER_COUNT, &sharing, HS_JOINT_AT_NOTHING);
  struct hs_joint_stake brand = hs_joint_stake_of(&joint, &sharing, BRAND);
  struct hs_joint_stake trails = hs_joint_stake_of(&joint, &sharing, TRAILS);
  assert_int_equal(brand.put_in_minor, 250000);
  assert_int_equal(brand.lost_minor, 204000);
  assert_int_equal(trails.put_in_minor, 90000);
  assert_int_equal(trails.lost_minor, 136000);
}

/* A fee that is paid whatever comes covers the partner's content: it has nothing at stake, the
   brand everything. */
static void a_fee_takes_the_stake_away([[maybe_unused]] void **state)
{
  const struct hs_sharing sharing = {.kind = HS_SHARING_KEPT, .side_count = 2};
  const struct hs_joint_line lines[] = {
      line(HS_JOINT_REVENUE, BRAND, 1000000), line(HS_JOINT_CONTENT, TRAILS, 90000),
      owed(HS_JOINT_FEE, BRAND, TRAILS, 100000), owed(HS_JOINT_COMMISSION, BRAND, TRAILS, 50000),
      line(HS_JOINT_MEDIA, BRAND, 200000)};
  struct hs_joint joint = make_under(lines, 5, &sharing, HS_JOINT_AT_NOTHING);
  struct hs_joint_stake brand = hs_joint_stake_of(&joint, &sharing, BRAND);
  struct hs_joint_stake trails = hs_joint_stake_of(&joint, &sharing, TRAILS);
  assert_int_equal(brand.put_in_minor, 300000);
  assert_int_equal(brand.lost_minor, 300000);
  assert_int_equal(trails.put_in_minor, 90000);
  assert_int_equal(trails.lost_minor, 0);
}

/* ---- hours ---- */

/* September 2026 has 22 working days: it begins on a Tuesday and has thirty days. A fifth of 8
   hours on each is 35.2 hours, at 65.00 an hour 2,288.00. */
static void hours_default_to_a_share_of_the_working_time([[maybe_unused]] void **state)
{
  struct hs_currency euro, yen;
  struct hs_ratio hours;
  struct hs_decimal rate;
  int64_t cost = 0;
  assert_true(hs_currency_parse(HS_STR("EUR"), &euro));
  assert_true(hs_currency_parse(HS_STR("JPY"), &yen));
  assert_true(hs_working_hours(hs_day_of(2026, 9, 1), hs_day_of(2026, 10, 1),
                               (struct hs_decimal){8, 0}, &hours));
  assert_int_equal(hs_ratio_compare(hours, hs_ratio_of(176, 1)), 0);
  assert_true(hs_ratio_multiply(hours, hs_ratio_of(1, 5), &hours));
  assert_true(hs_decimal_parse(HS_STR("65.00"), &rate));
  assert_true(hs_hours_cost(hours, rate, euro, HS_ROUND_HALF_EVEN, &cost));
  assert_int_equal(cost, 228800);
  assert_true(hs_hours_cost(hours, rate, yen, HS_ROUND_HALF_EVEN, &cost));
  assert_int_equal(cost, 2288);
  assert_false(hs_hours_cost(hs_ratio_of(INT64_MAX, 1), rate, euro, HS_ROUND_HALF_EVEN, &cost));
}

/* Against a calendar walked day by day. 2026-11-23 is a Monday. */
static void working_days_are_monday_to_friday([[maybe_unused]] void **state)
{
  int32_t monday = hs_day_of(2026, 11, 23);
  for (int32_t first = -20; first < 20; first++)
    for (int32_t length = 0; length < 40; length++) {
      struct hs_ratio hours;
      int64_t days = 0;
      for (int32_t d = first; d < first + length; d++)
        days += (d + 21) % 7 < 5;
      assert_true(hs_working_hours(monday + first, monday + first + length,
                                   (struct hs_decimal){1, 0}, &hours));
      assert_int_equal(hs_ratio_compare(hours, hs_ratio_of(days, 1)), 0);
    }
}

/* ---- laws ---- */

static uint64_t seed = 20260911;

static int64_t random_below(int64_t bound)
{
  return (int64_t)((next_random(&seed) >> 11) % (uint64_t)bound);
}

static struct hs_joint_line random_line(size_t side_count)
{
  struct hs_joint_line out =
      line((enum hs_joint_kind)random_below(HS_JOINT_KIND_COUNT),
           (uint32_t)random_below((int64_t)side_count), random_below(2000000) - 100000);
  if ((out.kind == HS_JOINT_COMMISSION || out.kind == HS_JOINT_FEE) && random_below(4) > 0)
    out.to =
        (out.side + 1 + (uint32_t)random_below((int64_t)side_count - 1)) % (uint32_t)side_count;
  out.is_private = out.to == HS_NOBODY && random_below(3) == 0;
  if (out.kind == HS_JOINT_REVENUE && random_below(2) > 0)
    out = between(out, out.amount_minor - random_below(50000),
                  out.amount_minor + random_below(50000));
  return out;
}

static void random_shares(struct hs_ratio *shares, size_t count)
{
  int64_t tops[HS_SIDES_MAX] = {0};
  int64_t bottom = 0;
  for (size_t i = 0; i < count; i++)
    bottom += tops[i] = random_below(20);
  tops[0] += bottom == 0;
  bottom += bottom == 0;
  for (size_t i = 0; i < count; i++)
    shares[i] = hs_ratio_of(tops[i], bottom);
}

static struct hs_sharing random_sharing(void)
{
  struct hs_sharing sharing = {.kind = (enum hs_sharing_kind)random_below(3),
                               .earned = (enum hs_earned_is)random_below(2),
                               .side_count = 2 + (size_t)random_below(3)};
  random_shares(sharing.share, sharing.side_count);
  random_shares(sharing.loss, sharing.side_count);
  sharing.step_count = (size_t)random_below(5);
  for (size_t s = 0; s < sharing.step_count; s++)
    sharing.steps[s] = (struct hs_waterfall_step){
        .kind = (enum hs_step_kind)random_below(2),
        .side = (uint32_t)random_below((int64_t)sharing.side_count),
        .of = (enum hs_step_of)random_below(2),
        .rate = hs_ratio_of(random_below(30), 1 + random_below(100)),
        .most_minor = random_below(2) > 0 ? INT64_MAX : random_below(100000)};
  assert_int_equal(hs_sharing_check(&sharing, NULL), HS_OK);
  return sharing;
}

struct sheet {
  struct hs_sharing sharing;
  size_t line_count;
  struct hs_joint_line lines[LINES_MAX];
  struct hs_joint_payment paid[3];
};

static struct sheet random_sheet(void)
{
  struct sheet sheet = {.sharing = random_sharing(), .line_count = (size_t)random_below(LINES_MAX)};
  size_t sides = sheet.sharing.side_count;
  for (size_t i = 0; i < sheet.line_count; i++)
    sheet.lines[i] = random_line(sides);
  for (size_t i = 0; i < 3; i++)
    sheet.paid[i] = (struct hs_joint_payment){.from = (uint32_t)random_below((int64_t)sides),
                                              .to = (uint32_t)random_below((int64_t)sides),
                                              .amount_minor = random_below(100000)};
  return sheet;
}

static struct hs_joint make_sheet(const struct sheet *sheet, uint32_t viewer,
                                  enum hs_joint_case under)
{
  struct hs_joint_line seen[LINES_MAX];
  struct hs_joint joint;
  size_t count = hs_joint_view(sheet->lines, sheet->line_count, viewer, seen);
  assert_int_equal(hs_joint_check(seen, count, sheet->sharing.side_count, NULL), HS_OK);
  assert_int_equal(hs_joint_make(seen, count, sheet->paid, 3, &sheet->sharing, under, &joint, NULL),
                   HS_OK);
  return joint;
}

/* L5: entitlements sum to the result, settlements to zero, and with its settlement each side has
   what it is entitled to. */
static void parts_sum_to_the_whole([[maybe_unused]] void **state)
{
  for (int round = 0; round < 50000; round++) {
    struct sheet sheet = random_sheet();
    struct hs_joint joint =
        make_sheet(&sheet, HS_NOBODY, (enum hs_joint_case)random_below(HS_JOINT_AT_NOTHING + 1));
    int64_t entitled = 0;
    int64_t settled = 0;
    for (size_t s = 0; s < joint.side_count; s++) {
      const struct hs_joint_part *part = &joint.parts[s];
      entitled += part->entitled_minor;
      settled += part->settles_minor;
      assert_int_equal(part->brought_minor - part->costs_minor + part->had_minor +
                           part->settles_minor,
                       part->entitled_minor);
    }
    assert_int_equal(entitled, joint.result_minor);
    assert_int_equal(joint.result_minor, joint.brought_minor - joint.costs_minor);
    assert_int_equal(settled, 0);
  }
}

/* Of two sides each computes the sheet from its own view: what one reads as to be received the
   other reads as to be paid. The payments of a settlement square all sides. */
static void both_sides_settlements_are_each_others_negative([[maybe_unused]] void **state)
{
  for (int round = 0; round < 50000; round++) {
    struct sheet sheet = random_sheet();
    size_t sides = sheet.sharing.side_count;
    struct hs_joint first = make_sheet(&sheet, 0, HS_JOINT_AS_STATED);
    struct hs_joint last = make_sheet(&sheet, (uint32_t)sides - 1, HS_JOINT_AS_STATED);
    struct hs_joint_payment payments[HS_SIDES_MAX];
    int64_t open[HS_SIDES_MAX];
    if (sides == 2)
      assert_int_equal(first.parts[0].settles_minor, -last.parts[1].settles_minor);
    for (size_t s = 0; s < sides; s++)
      open[s] = last.parts[s].settles_minor;
    size_t count = hs_joint_settle(&first, payments);
    assert_true(count < sides);
    for (size_t p = 0; p < count; p++) {
      assert_true(payments[p].amount_minor > 0);
      open[payments[p].from] += payments[p].amount_minor;
      open[payments[p].to] -= payments[p].amount_minor;
    }
    for (size_t s = 0; s < sides; s++)
      assert_int_equal(open[s], 0);
  }
}

/* Whatever stands in the private lines of others, a side's view and every figure made of it stay
   the same to the byte. */
static void private_lines_never_reach_the_other_side([[maybe_unused]] void **state)
{
  for (int round = 0; round < 20000; round++) {
    struct sheet sheet = random_sheet();
    uint32_t viewer = (uint32_t)random_below((int64_t)sheet.sharing.side_count);
    struct hs_joint_line seen[LINES_MAX];
    struct hs_joint before = make_sheet(&sheet, viewer, HS_JOINT_AS_STATED);
    size_t count = hs_joint_view(sheet.lines, sheet.line_count, viewer, seen);
    for (size_t i = 0; i < count; i++)
      assert_true(!seen[i].is_private || seen[i].side == viewer);
    for (size_t i = 0; i < sheet.line_count; i++)
      if (sheet.lines[i].is_private && sheet.lines[i].side != viewer) {
        sheet.lines[i].amount_minor = random_below(1000000);
        sheet.lines[i].has_interval = 0;
      }
    struct hs_joint after = make_sheet(&sheet, viewer, HS_JOINT_AS_STATED);
    assert_memory_equal(&before, &after, sizeof before);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_had_counts_towards_the_share),
      cmocka_unit_test(a_commission_that_comes_first_is_besides_the_share),
      cmocka_unit_test(where_each_keeps_its_own_only_commissions_are_settled),
      cmocka_unit_test(losses_have_shares_of_their_own),
      cmocka_unit_test(a_waterfall_goes_step_by_step),
      cmocka_unit_test(what_cannot_be_recouped_is_carried_on),
      cmocka_unit_test(below_zero_a_waterfall_only_splits),
      cmocka_unit_test(terms_that_cannot_be_applied_are_refused),
      cmocka_unit_test(a_line_that_makes_no_sense_is_refused),
      cmocka_unit_test(sums_that_do_not_fit_are_told),
      cmocka_unit_test(the_interval_says_whether_it_is_justified),
      cmocka_unit_test(one_revenue_without_an_interval_leaves_none),
      cmocka_unit_test(the_stake_is_what_is_lost_when_nothing_comes),
      cmocka_unit_test(a_fee_takes_the_stake_away),
      cmocka_unit_test(hours_default_to_a_share_of_the_working_time),
      cmocka_unit_test(working_days_are_monday_to_friday),
      cmocka_unit_test(parts_sum_to_the_whole),
      cmocka_unit_test(both_sides_settlements_are_each_others_negative),
      cmocka_unit_test(private_lines_never_reach_the_other_side),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
