/* Laws of ledger/payout. Every verdict by a case of its own; and L6 over random lives of a partner:
   at a payout what has been paid before tax is at most what was posted and is neither held nor
   taken back, and what goes beyond it later is exactly what the partner owes. The totals of a life
   are kept here, apart from the balances that the plan sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ledger/payout.h"
#include "support/random.h"

#define DAY 20000

static const struct hs_tax_preset PRESETS[] = {
    {.country = {"DE", 2},
     .treatment = HS_TAX_VAT,
     .rate = {19, 2},
     .from_day = 0,
     .until_day = INT32_MAX},
    {.country = {"US", 2},
     .treatment = HS_TAX_REVERSE_CHARGE,
     .withholding = {15, 2},
     .from_day = 0,
     .until_day = INT32_MAX},
    {.country = {"FR", 2}, .treatment = HS_TAX_PRIVATE, .from_day = 0, .until_day = DAY},
};
#define PRESET_COUNT (sizeof PRESETS / sizeof *PRESETS)

static const struct hs_payout_rules RULES = {
    .presets = PRESETS, .preset_count = PRESET_COUNT, .day = DAY};

static const struct hs_tax_standing GERMAN = {{"DE", 2}, HS_TAX_VAT, 0, INT32_MAX};
static const struct hs_tax_standing AMERICAN = {{"US", 2}, HS_TAX_REVERSE_CHARGE, 0, INT32_MAX};
static const struct hs_tax_standing FRENCH = {{"FR", 2}, HS_TAX_PRIVATE, 0, INT32_MAX};
static const struct hs_tax_standing EXPIRED = {{"DE", 2}, HS_TAX_VAT, 0, DAY};

/* ---- verdicts ---- */

static void each_verdict_has_its_reason([[maybe_unused]] void **state)
{
  static const struct {
    struct hs_payout_balance balance;
    const struct hs_tax_standing *standing;
    int64_t threshold;
    int has_account, is_on_hold, leaves;
    const char *verdict;
    int64_t set_off, net, paid, carried, held, receivable;
  } ROWS[] = {
      /* payable, disputed, receivable */
      {{10000, 0, 0}, &GERMAN, 5000, 1, 0, 0, "pay", 0, 10000, 11900, 0, 0, 0},
      {{10000, 0, 0}, &AMERICAN, 5000, 1, 0, 0, "pay", 0, 10000, 8500, 0, 0, 0},
      {{10000, 700, 3000}, &GERMAN, 5000, 1, 0, 0, "pay", 3000, 7000, 8330, 0, 700, 0},
      {{10000, 0, 0}, &GERMAN, 10000, 1, 0, 0, "pay", 0, 10000, 11900, 0, 0, 0},
      {{9999, 0, 0}, &GERMAN, 10000, 1, 0, 0, "below_threshold", 0, 0, 0, 9999, 0, 0},
      {{9999, 0, 0}, &GERMAN, 10000, 1, 0, 1, "pay", 0, 9999, 11899, 0, 0, 0},
      /* what counts against the threshold is what is left after setting off */
      {{12000, 0, 3000}, &GERMAN, 10000, 1, 0, 0, "below_threshold", 3000, 0, 0, 9000, 0, 0},
      {{0, 0, 0}, &GERMAN, 0, 1, 0, 0, "nothing", 0, 0, 0, 0, 0, 0},
      {{0, 0, 500}, &GERMAN, 0, 1, 0, 0, "nothing", 0, 0, 0, 0, 0, 500},
      {{0, 800, 0}, &GERMAN, 0, 1, 0, 0, "disputed", 0, 0, 0, 0, 800, 0},
      {{400, 800, 500}, &GERMAN, 0, 1, 0, 0, "set_off", 400, 0, 0, 0, 800, 100},
      {{400, 0, 0}, &GERMAN, 0, 1, 1, 0, "on_hold", 0, 0, 0, 400, 0, 0},
      {{400, 0, 0}, NULL, 0, 1, 0, 0, "no_tax_form", 0, 0, 0, 400, 0, 0},
      {{400, 0, 0}, &EXPIRED, 0, 1, 0, 0, "no_tax_form", 0, 0, 0, 400, 0, 0},
      {{400, 0, 0}, &FRENCH, 0, 1, 0, 0, "no_tax_preset", 0, 0, 0, 400, 0, 0},
      {{400, 0, 0}, &GERMAN, 0, 0, 0, 0, "no_account", 0, 0, 0, 400, 0, 0},
      {{400, 0, 0}, &GERMAN, 500, 0, 0, 0, "no_account", 0, 0, 0, 400, 0, 0},
      {{INT64_MAX, 0, 0}, &GERMAN, 0, 1, 0, 0, "no_fit", 0, 0, 0, INT64_MAX, 0, 0},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const struct hs_payout_payee payee = {.standings = ROWS[i].standing,
                                          .standing_count = ROWS[i].standing != NULL,
                                          .threshold_minor = ROWS[i].threshold,
                                          .has_account = ROWS[i].has_account,
                                          .is_on_hold = ROWS[i].is_on_hold,
                                          .ignores_threshold = ROWS[i].leaves};
    struct hs_payout_plan plan;
    hs_payout_decide(&ROWS[i].balance, &payee, &RULES, &plan);
    assert_string_equal(hs_payout_verdict_word(plan.verdict), ROWS[i].verdict);
    assert_true(hs_payout_verdict_says(plan.verdict)[0] != '\0');
    assert_int_equal(plan.set_off_minor, ROWS[i].set_off);
    assert_int_equal(plan.taxed.net_minor, ROWS[i].net);
    assert_int_equal(plan.taxed.paid_minor, ROWS[i].paid);
    assert_int_equal(plan.carried_minor, ROWS[i].carried);
    assert_int_equal(plan.held_minor, ROWS[i].held);
    assert_int_equal(plan.receivable_minor, ROWS[i].receivable);
    assert_int_equal(plan.preset != NULL, plan.verdict == HS_PAYOUT_PAY);
  }
}

/* ---- L6 ---- */

struct life {
  struct hs_payout_balance balance;
  int64_t posted, taken_back, paid, set_off; /* in all */
};

static int64_t part_of(uint64_t *random, int64_t whole)
{
  return whole == 0 ? 0 : (int64_t)((next_random(random) >> 8) % (uint64_t)(whole + 1));
}

/* One thing that happens to a partner's money between two payouts. */
static void happen(struct life *life, uint64_t *random)
{
  struct hs_payout_balance *b = &life->balance;
  int64_t amount = 0;
  switch ((next_random(random) >> 20) % 5) {
  case 0: /* commissions lock */
    amount = part_of(random, 100000);
    life->posted += amount;
    b->payable_minor += amount;
    break;
  case 1: /* a refund of what is not paid yet */
    amount = part_of(random, b->payable_minor);
    life->taken_back += amount;
    b->payable_minor -= amount;
    break;
  case 2: /* a refund of what has been paid or set off, and not been taken back yet */
    amount = part_of(random, life->paid + life->set_off - (b->receivable_minor + life->set_off));
    life->taken_back += amount;
    b->receivable_minor += amount;
    break;
  case 3: /* a dispute holds a part */
    amount = part_of(random, b->payable_minor);
    b->payable_minor -= amount;
    b->disputed_minor += amount;
    break;
  default: /* and is decided for the partner */
    amount = part_of(random, b->disputed_minor);
    b->disputed_minor -= amount;
    b->payable_minor += amount;
  }
}

static void apply(struct life *life, const struct hs_payout_plan *plan)
{
  life->paid += plan->taxed.net_minor;
  life->set_off += plan->set_off_minor;
  life->balance.payable_minor = plan->carried_minor;
  life->balance.receivable_minor = plan->receivable_minor;
}

static void check_l6(const struct life *life, const struct hs_payout_plan *plan, int64_t payable)
{
  int64_t due = life->posted - life->balance.disputed_minor - life->taken_back;
  assert_int_equal(plan->taxed.net_minor + plan->set_off_minor + plan->carried_minor, payable);
  assert_int_equal(plan->held_minor, life->balance.disputed_minor);
  assert_true(plan->carried_minor == 0 || plan->receivable_minor == 0);
  if (plan->verdict == HS_PAYOUT_PAY)
    assert_true(life->paid <= due);
  if (life->paid > due)
    assert_int_equal(life->paid - due, life->balance.receivable_minor);
  assert_int_equal(life->paid + life->balance.payable_minor, due + life->balance.receivable_minor);
}

static void l6_nothing_is_paid_that_is_held_or_taken_back([[maybe_unused]] void **state)
{
  const struct hs_tax_standing *const standings[] = {&GERMAN, &AMERICAN, &FRENCH, &EXPIRED};
  uint64_t random = 20260601;
  size_t payments = 0;
  size_t debts = 0;
  for (int round = 0; round < 20000; round++) {
    struct life life = {0};
    for (int step = 0; step < 40; step++) {
      struct hs_payout_payee payee = {.standings = standings[(next_random(&random) >> 20) % 4],
                                      .standing_count = 1,
                                      .threshold_minor = part_of(&random, 50000),
                                      .has_account = (next_random(&random) >> 20) % 8 != 0};
      struct hs_payout_plan plan;
      happen(&life, &random);
      if ((next_random(&random) >> 20) % 4 != 0)
        continue;
      int64_t payable = life.balance.payable_minor;
      hs_payout_decide(&life.balance, &payee, &RULES, &plan);
      apply(&life, &plan);
      check_l6(&life, &plan, payable);
      payments += plan.verdict == HS_PAYOUT_PAY;
      debts += life.balance.receivable_minor > 0;
    }
  }
  assert_true(payments > 10000 && debts > 1000); /* the law was put to the test */
}

/* ---- lines ---- */

static void a_payout_is_made_of_the_oldest_commissions([[maybe_unused]] void **state)
{
  const int64_t open[] = {300, 0, 500, 200};
  int64_t lines[4];
  assert_int_equal(hs_payout_spread(650, open, 4, lines, NULL), HS_OK);
  assert_memory_equal(lines, ((const int64_t[]){300, 0, 350, 0}), sizeof lines);
  assert_int_equal(hs_payout_spread(1000, open, 4, lines, NULL), HS_OK);
  assert_memory_equal(lines, open, sizeof lines);
  assert_int_equal(hs_payout_spread(1001, open, 4, lines, NULL), HS_CONFLICT);
  assert_int_equal(hs_payout_spread(0, open, 0, lines, NULL), HS_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_verdict_has_its_reason),
      cmocka_unit_test(l6_nothing_is_paid_that_is_held_or_taken_back),
      cmocka_unit_test(a_payout_is_made_of_the_oldest_commissions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
