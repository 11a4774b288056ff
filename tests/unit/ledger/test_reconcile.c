/* Proves ledger/reconcile: a table of differences worked out by hand, each with its reason; and
   that the sums differ by exactly what the reasons hold, whatever the order of the lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/reconcile.h"
#include "support/capacity.h"
#include "support/random.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) == HS_OK ? 0 : -1;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

#define NONE INT64_MIN

/* One side of one order of Mara's; earned NONE: the side has nothing; base NONE: it says no base.
 */
struct told {
  int64_t earned, back, base;
  enum hs_reconcile_state state;
  const char *currency;
};

/* Version 2 pays 12 %, and 15 % to a tier above; version 1 paid 10 %; another agreement that Mara
   is in pays 20 %, and 15 % as well; one dollar is 0.92 euro, one yen 0.0061. The export covers the
   moments from 1,000 on; orders here are at 2,000. */
#define RATE(agreement, rule, version, ...)                                                        \
  {                                                                                                \
    {"Mara", 4}, {agreement, sizeof agreement - 1}, {rule, sizeof rule - 1}, version, __VA_ARGS__  \
  }
static const struct hs_reconcile_rate RATES[] = {
    RATE("friends", "dear", 2, {15, 2}), RATE("friends", "all", 2, {2, 1}),
    RATE("offer", "sales", 1, {1, 1}), RATE("offer", "sales", 2, {12, 2}),
    RATE("offer", "many", 2, {15, 2})};
static const struct hs_reconcile_exchange EXCHANGES[] = {{{"USD"}, {"EUR"}, {92, 2}},
                                                         {{"JPY"}, {"EUR"}, {61, 4}}};

static struct hs_reconcile_options usual(void)
{
  return (struct hs_reconcile_options){.rates = RATES,
                                       .rate_count = sizeof RATES / sizeof *RATES,
                                       .exchanges = EXCHANGES,
                                       .exchange_count = 2,
                                       .from_us = 1000,
                                       .until_us = 3000};
}

static struct hs_reconcile_line line(const struct told *told)
{
  struct hs_reconcile_line out = {.order_id = HS_STR("o-1"),
                                  .partner = HS_STR("Mara"),
                                  .state = told->state,
                                  .earned_minor = told->earned,
                                  .taken_back_minor = told->back,
                                  .has_base = told->base != NONE,
                                  .base_minor = told->base != NONE ? told->base : 0,
                                  .agreement = HS_STR("offer"),
                                  .version = 2,
                                  .at_us = 2000};
  assert_true(
      hs_currency_parse(hs_str_of(told->currency != NULL ? told->currency : "EUR"), &out.currency));
  return out;
}

static struct hs_reconciled reconcile(const struct hs_reconcile_line *ours, size_t our_count,
                                      const struct hs_reconcile_line *theirs, size_t their_count)
{
  struct hs_reconciled out;
  struct hs_reconcile_options options = usual();
  assert_int_equal(hs_reconcile(&arena, ours, our_count, theirs, their_count, &options, &out, NULL),
                   HS_OK);
  return out;
}

#define PENDING HS_RECONCILE_PENDING
#define APPROVED HS_RECONCILE_APPROVED
#define PAID HS_RECONCILE_PAID
#define REVERSED HS_RECONCILE_REVERSED

static const struct {
  const char *what;
  struct told ours, theirs;
  enum hs_reconcile_verdict verdict;
  enum hs_reconcile_reason reason;
} DIFFERENCES[] = {
    {"the same",
     {1200, 0, 10000, PAID, NULL},
     {1200, 0, 10000, PAID, NULL},
     HS_RECONCILE_SAME,
     HS_RECONCILE_EQUAL},
    {"the same after a refund",
     {1200, 400, 10000, PAID, NULL},
     {1200, 400, NONE, PAID, NULL},
     HS_RECONCILE_SAME,
     HS_RECONCILE_EQUAL},
    {"they have approved it",
     {1200, 0, 10000, PENDING, NULL},
     {1200, 0, 10000, APPROVED, NULL},
     HS_RECONCILE_STATUS_DIFFERS,
     HS_RECONCILE_PROGRESS},
    /* 12 % of 33.37 is 4.0044: half-even says 4.00, rounding up 4.01. */
    {"rounded up",
     {400, 0, 3337, PAID, NULL},
     {401, 0, 3337, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_ROUNDING},
    {"a part rounded down",
     {1200, 400, 10000, PAID, NULL},
     {1200, 399, 10000, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_ROUNDING},
    {"two cents are no rounding",
     {1200, 0, NONE, PAID, NULL},
     {1202, 0, NONE, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_UNEXPLAINED},
    {"they have not seen the refund",
     {1200, 400, 10000, PAID, NULL},
     {1200, 0, 10000, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_REFUND},
    {"we have not",
     {1200, 0, 10000, PAID, NULL},
     {1200, 1200, 10000, REVERSED, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_REFUND},
    {"they wrote 0 into it",
     {1200, 0, 10000, PAID, NULL},
     {0, 0, 0, REVERSED, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_REFUND},
    /* 10 % of 100.00 is 10.00. */
    {"the rate of version 1",
     {1200, 0, 10000, PAID, NULL},
     {1000, 0, 10000, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_VERSION},
    {"and half of it back",
     {1200, 600, 10000, PAID, NULL},
     {1000, 500, 10000, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_VERSION},
    {"but another part back",
     {1200, 600, 10000, PAID, NULL},
     {1000, 700, 10000, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_UNEXPLAINED},
    /* 12 % of 119.00, tax included, is 14.28. */
    {"of another order amount",
     {1200, 0, 10000, PAID, NULL},
     {1428, 0, 11900, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_BASE},
    {"of neither",
     {1200, 0, 10000, PAID, NULL},
     {1300, 0, 11900, PAID, NULL},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_UNEXPLAINED},
    /* 13.04 USD are 11.9968 EUR; 1967 JPY are 11.9987 EUR. */
    {"in dollars",
     {1200, 0, 10000, PAID, NULL},
     {1304, 0, 10870, PAID, "USD"},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_CURRENCY},
    {"in yen",
     {1200, 0, 10000, PAID, NULL},
     {1967, 0, NONE, PAID, "JPY"},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_CURRENCY},
    {"in dollars, and too many",
     {1200, 0, 10000, PAID, NULL},
     {1400, 0, NONE, PAID, "USD"},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_UNEXPLAINED},
    {"in a currency without a rate",
     {1200, 0, 10000, PAID, NULL},
     {1200, 0, NONE, PAID, "CHF"},
     HS_RECONCILE_AMOUNT_DIFFERS,
     HS_RECONCILE_UNEXPLAINED},
    {"only ours",
     {1200, 0, 10000, PAID, NULL},
     {.earned = NONE},
     HS_RECONCILE_ONLY_OURS,
     HS_RECONCILE_UNEXPLAINED},
    {"only theirs",
     {.earned = NONE},
     {1200, 0, 10000, PAID, NULL},
     HS_RECONCILE_ONLY_THEIRS,
     HS_RECONCILE_UNEXPLAINED},
    {"only ours, and gone",
     {1200, 1200, 10000, REVERSED, NULL},
     {.earned = NONE},
     HS_RECONCILE_ONLY_OURS,
     HS_RECONCILE_NOTHING},
    {"only theirs, and gone",
     {.earned = NONE},
     {0, 0, NONE, REVERSED, NULL},
     HS_RECONCILE_ONLY_THEIRS,
     HS_RECONCILE_NOTHING},
};

static void each_difference_has_its_reason([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < sizeof DIFFERENCES / sizeof *DIFFERENCES; i++) {
    struct told ours_told = DIFFERENCES[i].ours;
    struct told theirs_told = DIFFERENCES[i].theirs;
    size_t our_count = ours_told.earned != NONE;
    size_t their_count = theirs_told.earned != NONE;
    struct hs_reconcile_line ours = {0};
    struct hs_reconcile_line theirs = {0};
    if (our_count > 0)
      ours = line(&ours_told);
    if (their_count > 0)
      theirs = line(&theirs_told);
    struct hs_reconciled found = reconcile(&ours, our_count, &theirs, their_count);
    assert_int_equal(found.pair_count, 1);
    if (found.pairs[0].verdict != DIFFERENCES[i].verdict ||
        found.pairs[0].reason != DIFFERENCES[i].reason)
      fail_msg("%s: %s, %s", DIFFERENCES[i].what, hs_reconcile_verdict_word(found.pairs[0].verdict),
               hs_reconcile_reason_code(found.pairs[0].reason));
    assert_int_equal(found.reasons[DIFFERENCES[i].reason], 1);
    assert_int_equal(found.verdicts[DIFFERENCES[i].verdict], 1);
  }
}

/* Which of the partner's rates theirs is: the one that lies nearest to the terms that we applied.
 */
static void the_rate_that_they_pay_is_named([[maybe_unused]] void **state)
{
  static const struct {
    int64_t theirs;
    enum hs_reconcile_reason reason;
    const char *agreement, *rule;
    uint64_t version;
  } ROWS[] = {{1500, HS_RECONCILE_RULE, "offer", "many", 2},
              {1000, HS_RECONCILE_VERSION, "offer", "sales", 1},
              {2000, HS_RECONCILE_AGREEMENT, "friends", "all", 2}};
  const struct told ours = {1200, 0, 10000, PAID, NULL};
  struct hs_reconcile_line a = line(&ours);
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct told theirs = {ROWS[i].theirs, 0, 10000, PAID, NULL};
    struct hs_reconcile_line b = line(&theirs);
    const struct hs_reconciled found = reconcile(&a, 1, &b, 1);
    const struct hs_reconcile_pair *pair = &found.pairs[0];
    assert_int_equal(pair->reason, ROWS[i].reason);
    assert_string_equal(pair->rate->agreement.data, ROWS[i].agreement);
    assert_string_equal(pair->rate->rule.data, ROWS[i].rule);
    assert_int_equal(pair->rate->version, ROWS[i].version);
  }
  struct told theirs = {1300, 0, 10000, PAID, NULL};
  struct hs_reconcile_line b = line(&theirs);
  assert_null(reconcile(&a, 1, &b, 1).pairs[0].rate);
}

static void the_other_version_is_named([[maybe_unused]] void **state)
{
  const struct told ours = {1200, 0, 10000, PAID, NULL};
  const struct told theirs = {1000, 0, 10000, PAID, NULL};
  struct hs_reconcile_line a = line(&ours);
  struct hs_reconcile_line b = line(&theirs);
  struct hs_reconciled found = reconcile(&a, 1, &b, 1);
  assert_int_equal(found.pairs[0].rate->version, 1);
  assert_string_equal(found.sums[0].currency.code, "EUR");
  assert_int_equal(found.sums[0].difference_minor[HS_RECONCILE_VERSION], -200);
  /* A rate of somebody else explains nothing. */
  a.partner = b.partner = HS_STR("Otto");
  assert_int_equal(reconcile(&a, 1, &b, 1).pairs[0].reason, HS_RECONCILE_UNEXPLAINED);
}

/* We share the order, two fifths of it are Mara's: 12 % of 100.00 are 12.00, of which 4.80. */
static void a_network_pays_the_whole_of_what_we_share([[maybe_unused]] void **state)
{
  const struct told part = {480, 0, 10000, PAID, NULL};
  const struct told whole = {1200, 0, 10000, PAID, NULL};
  const struct told older = {400, 0, 10000, PAID, NULL}; /* 10 % of two fifths */
  struct hs_reconcile_line ours = line(&part);
  struct hs_reconcile_line theirs = line(&whole);
  ours.part = hs_ratio_of(2, 5);
  assert_int_equal(reconcile(&ours, 1, &theirs, 1).pairs[0].reason, HS_RECONCILE_SHARE);
  theirs = line(&older);
  assert_int_equal(reconcile(&ours, 1, &theirs, 1).pairs[0].reason, HS_RECONCILE_VERSION);
  ours.part = hs_ratio_of(1, 2);
  theirs = line(&whole);
  assert_int_equal(reconcile(&ours, 1, &theirs, 1).pairs[0].reason, HS_RECONCILE_UNEXPLAINED);
}

static void an_order_under_another_partner_is_told([[maybe_unused]] void **state)
{
  const struct told one = {1200, 0, 10000, PAID, NULL};
  struct hs_reconcile_line ours = line(&one);
  struct hs_reconcile_line theirs = line(&one);
  theirs.partner = HS_STR("Otto");
  struct hs_reconciled found = reconcile(&ours, 1, &theirs, 1);
  assert_int_equal(found.pair_count, 2);
  assert_int_equal(found.pairs[0].verdict, HS_RECONCILE_ONLY_OURS);
  assert_int_equal(found.pairs[1].verdict, HS_RECONCILE_ONLY_THEIRS);
  assert_int_equal(found.reasons[HS_RECONCILE_OTHER_PARTNER], 2);
}

static void what_lies_outside_the_export_is_not_missing([[maybe_unused]] void **state)
{
  const struct told one = {1200, 0, 10000, PAID, NULL};
  struct hs_reconcile_line ours = line(&one);
  ours.at_us = 3000;
  assert_int_equal(reconcile(&ours, 1, NULL, 0).pairs[0].reason, HS_RECONCILE_NOT_COVERED);
  ours.at_us = 999;
  assert_int_equal(reconcile(&ours, 1, NULL, 0).pairs[0].reason, HS_RECONCILE_NOT_COVERED);
  ours.at_us = 1000;
  assert_int_equal(reconcile(&ours, 1, NULL, 0).pairs[0].reason, HS_RECONCILE_UNEXPLAINED);
  /* Theirs is in the export, wherever its order lies. */
  assert_int_equal(reconcile(NULL, 0, &ours, 1).pairs[0].reason, HS_RECONCILE_UNEXPLAINED);
  struct hs_reconcile_line theirs = ours;
  ours.order_id = theirs.order_id = (struct hs_str){0};
  struct hs_reconciled found = reconcile(&ours, 1, &theirs, 1);
  assert_int_equal(found.pair_count, 2); /* without an order id nothing is matched */
  assert_int_equal(found.reasons[HS_RECONCILE_NO_ORDER], 2);
}

/* They pay the order in two lines and take a part back in a third; we have it in one. */
static void lines_of_one_order_are_one_amount([[maybe_unused]] void **state)
{
  const struct told whole = {1200, 400, 10000, PAID, NULL};
  const struct told parts[] = {
      {700, 0, 10000, PAID, NULL}, {500, 0, 10000, APPROVED, NULL}, {0, 400, NONE, REVERSED, NULL}};
  struct hs_reconcile_line ours = line(&whole);
  struct hs_reconcile_line theirs[] = {line(&parts[0]), line(&parts[1]), line(&parts[2])};
  struct hs_reconciled found = reconcile(&ours, 1, theirs, 3);
  assert_int_equal(found.pair_count, 1);
  assert_int_equal(found.pairs[0].verdict, HS_RECONCILE_STATUS_DIFFERS);
  assert_int_equal(found.pairs[0].theirs.state, HS_RECONCILE_APPROVED); /* the least far of them */
  assert_int_equal(found.pairs[0].theirs.base_minor, 10000);
  theirs[1].currency = (struct hs_currency){"USD"};
  assert_int_equal(reconcile(&ours, 1, theirs, 3).pairs[0].reason, HS_RECONCILE_UNEXPLAINED);
}

static void sums_that_do_not_fit_are_told([[maybe_unused]] void **state)
{
  const struct told most = {INT64_MAX, 0, NONE, PAID, NULL};
  struct hs_reconcile_line lines[] = {line(&most), line(&most)};
  struct hs_reconciled out = {0};
  struct hs_reconcile_options options = usual();
  assert_int_equal(hs_reconcile(&arena, lines, 2, NULL, 0, &options, &out, NULL), HS_INVALID);
  lines[1].order_id = HS_STR("o-2");
  assert_int_equal(hs_reconcile(&arena, lines, 2, NULL, 0, &options, &out, NULL), HS_INVALID);
  assert_int_equal(out.pair_count, 0);
}

#define LINES 40

static struct hs_reconcile_line random_line(uint64_t *seed)
{
  static const char *const ORDERS[] = {"o-1", "o-2", "o-3", "o-4", "o-5", "o-6", "o-7", NULL};
  static const char *const PARTNERS[] = {"Mara", "Otto"};
  struct told told = {.earned = (int64_t)(next_random(seed) >> 20) % 2000,
                      .base = (int64_t)(next_random(seed) >> 20) % 3 * 5000,
                      .state = (enum hs_reconcile_state)((next_random(seed) >> 20) % 4),
                      .currency = (next_random(seed) >> 20) % 5 == 0 ? "USD" : "EUR"};
  told.back = (next_random(seed) >> 20) % 3 == 0 ? told.earned / 2 : 0;
  struct hs_reconcile_line out = line(&told);
  out.order_id = hs_str_of(ORDERS[(next_random(seed) >> 20) % 8]);
  out.partner = hs_str_of(PARTNERS[(next_random(seed) >> 20) % 2]);
  out.at_us = (int64_t)(next_random(seed) >> 20) % 4000;
  return out;
}

static void assert_same(const struct hs_reconciled *a, const struct hs_reconciled *b)
{
  assert_int_equal(a->pair_count, b->pair_count);
  assert_memory_equal(a->verdicts, b->verdicts, sizeof a->verdicts);
  assert_memory_equal(a->reasons, b->reasons, sizeof a->reasons);
  assert_int_equal(a->sum_count, b->sum_count);
  assert_memory_equal(a->sums, b->sums, a->sum_count * sizeof *a->sums);
}

static void reasons_hold_the_whole_difference_in_any_order([[maybe_unused]] void **state)
{
  for (uint64_t seed = 1; seed <= 400; seed++) {
    uint64_t chance = seed;
    struct hs_reconcile_line ours[LINES];
    struct hs_reconcile_line theirs[LINES];
    for (size_t i = 0; i < LINES; i++) {
      ours[i] = random_line(&chance);
      theirs[i] = random_line(&chance);
    }
    struct hs_reconciled found = reconcile(ours, LINES, theirs, LINES);
    for (size_t s = 0; s < found.sum_count; s++) {
      int64_t difference = 0;
      for (size_t r = 0; r < HS_RECONCILE_REASON_COUNT; r++)
        difference += found.sums[s].difference_minor[r];
      assert_int_equal(found.sums[s].theirs_minor - found.sums[s].ours_minor, difference);
    }
    for (size_t i = LINES; i > 1; i--) {
      size_t other = (size_t)((next_random(&chance) >> 20) % i);
      struct hs_reconcile_line swap = ours[i - 1];
      ours[i - 1] = ours[other];
      ours[other] = swap;
    }
    struct hs_reconciled again = reconcile(ours, LINES, theirs, LINES);
    assert_same(&found, &again);
    hs_arena_reset(&arena, 0);
  }
}

static enum hs_status run_once([[maybe_unused]] void *context, struct hs_arena *room,
                               struct hs_err *err)
{
  const struct told one = {1200, 0, 10000, PAID, NULL};
  struct hs_reconcile_line ours = line(&one);
  struct hs_reconciled out = {0};
  struct hs_reconcile_options options = usual();
  return hs_reconcile(room, &ours, 1, &ours, 1, &options, &out, err);
}

static void every_allocation_may_fail([[maybe_unused]] void **state)
{
  assert_int_equal(fail_every_allocation(run_once, NULL), 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_difference_has_its_reason),
      cmocka_unit_test(the_rate_that_they_pay_is_named),
      cmocka_unit_test(the_other_version_is_named),
      cmocka_unit_test(a_network_pays_the_whole_of_what_we_share),
      cmocka_unit_test(an_order_under_another_partner_is_told),
      cmocka_unit_test(what_lies_outside_the_export_is_not_missing),
      cmocka_unit_test(lines_of_one_order_are_one_amount),
      cmocka_unit_test(sums_that_do_not_fit_are_told),
      cmocka_unit_test(reasons_hold_the_whole_difference_in_any_order),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
