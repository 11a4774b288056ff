/* Proves ledger/transfers: each kind moves one amount between two accounts, what is owed for a
   commission is the fold of its transfers, and nothing is given or taken twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "ledger/transfers.h"

static struct hs_err err;

static void add(struct hs_owed *owed, enum hs_transfer_kind kind, int64_t amount_minor)
{
  assert_int_equal(hs_owed_add(owed, kind, amount_minor, &err), HS_OK);
}

static size_t take_back(struct hs_owed *owed, int64_t amount_minor, struct hs_step *steps)
{
  size_t count = 0;
  assert_int_equal(hs_owed_take_back(owed, amount_minor, steps, &count, &err), HS_OK);
  for (size_t i = 0; i < count; i++)
    add(owed, steps[i].kind, steps[i].amount_minor);
  return count;
}

static void every_kind_has_two_accounts_and_a_word_that_is_read_back(void **state)
{
  (void)state;
  for (size_t i = 0; i < HS_TRANSFER_KIND_COUNT; i++) {
    const struct hs_transfer_spec *spec = hs_transfer_spec((enum hs_transfer_kind)i);
    enum hs_transfer_kind kind = HS_TRANSFER_KIND_COUNT;
    enum hs_account_kind account = HS_ACCOUNT_KIND_COUNT;
    assert_int_not_equal(spec->debit, spec->credit);
    assert_true(hs_transfer_kind_parse(hs_str_of(spec->word), &kind));
    assert_int_equal(kind, i);
    assert_true(hs_account_kind_parse(hs_str_of(hs_account_word(spec->debit)), &account));
    assert_int_equal(account, spec->debit);
  }
}

static void a_refund_takes_first_what_is_pending_and_last_what_was_paid(void **state)
{
  (void)state;
  struct hs_owed owed = {0};
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  add(&owed, HS_TRANSFER_EARN, 480);
  assert_int_equal(take_back(&owed, 160, steps), 1);
  assert_int_equal(steps[0].kind, HS_TRANSFER_CANCEL);
  add(&owed, HS_TRANSFER_RELEASE, 320);
  add(&owed, HS_TRANSFER_HOLD, 100);
  add(&owed, HS_TRANSFER_PAY, 200);
  assert_int_equal(take_back(&owed, 320, steps), 3);
  assert_int_equal(steps[0].kind, HS_TRANSFER_DENY);
  assert_int_equal(steps[1].kind, HS_TRANSFER_TAKE_BACK);
  assert_int_equal(steps[2].kind, HS_TRANSFER_CLAW_BACK);
  assert_int_equal(steps[2].amount_minor, 200);
  assert_int_equal(owed.taken_back, owed.earned);
}

static void nothing_is_taken_that_is_not_there(void **state)
{
  (void)state;
  struct hs_owed owed = {0};
  struct hs_owed before;
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  size_t count = 9;
  add(&owed, HS_TRANSFER_EARN, 10);
  memcpy(&before, &owed, sizeof before);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_PAY, 1, &err), HS_CONFLICT);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_RELEASE, 11, &err), HS_CONFLICT);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_CLAW_BACK, 1, &err), HS_CONFLICT);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_EARN, 0, &err), HS_INVALID);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_EARN, INT64_MAX, &err), HS_INVALID);
  assert_int_equal(hs_owed_take_back(&owed, 11, steps, &count, &err), HS_CONFLICT);
  assert_string_equal(err.text, "11 cannot be taken back: 10 is left of the commission");
  assert_int_equal(count, 9);
  assert_memory_equal(&owed, &before, sizeof before);
}

static void a_payment_that_came_back_is_owed_again_and_pays_what_was_clawed_back(void **state)
{
  (void)state;
  struct hs_owed owed = {0};
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  add(&owed, HS_TRANSFER_EARN, 100);
  add(&owed, HS_TRANSFER_RELEASE, 100);
  add(&owed, HS_TRANSFER_PAY, 100);
  add(&owed, HS_TRANSFER_CLAW_BACK, 40);
  add(&owed, HS_TRANSFER_RETURN, 100);
  assert_int_equal(owed.payable, 100);
  add(&owed, HS_TRANSFER_SET_OFF, 40);
  add(&owed, HS_TRANSFER_PAY, 60);
  assert_int_equal(owed.settled - owed.clawed, 60);
  assert_int_equal(take_back(&owed, 60, steps), 1);
}

/* Money arrives or comes back once; what was set off never travelled. */
static void a_payment_comes_to_one_end(void **state)
{
  (void)state;
  struct hs_owed owed = {0};
  add(&owed, HS_TRANSFER_EARN, 100);
  add(&owed, HS_TRANSFER_RELEASE, 100);
  add(&owed, HS_TRANSFER_SET_OFF, 30);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_RETURN, 1, &err), HS_CONFLICT);
  add(&owed, HS_TRANSFER_PAY, 70);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_SETTLE, 71, &err), HS_CONFLICT);
  assert_string_equal(err.text, "settle of 71: only 0 pending, 0 payable, 0 disputed, 70 on its "
                                "way, 100 settled, 100 left of the commission");
  add(&owed, HS_TRANSFER_SETTLE, 70);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_SETTLE, 1, &err), HS_CONFLICT);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_RETURN, 1, &err), HS_CONFLICT);
}

/* The 100 are payable again though 40 of them were taken back: those can be set off, not taken back
   once more. */
static void no_more_is_taken_back_than_was_earned(void **state)
{
  (void)state;
  struct hs_owed owed = {0};
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  size_t count = 0;
  add(&owed, HS_TRANSFER_EARN, 100);
  add(&owed, HS_TRANSFER_RELEASE, 100);
  add(&owed, HS_TRANSFER_PAY, 100);
  add(&owed, HS_TRANSFER_CLAW_BACK, 40);
  add(&owed, HS_TRANSFER_RETURN, 100);
  assert_int_equal(hs_owed_take_back(&owed, 61, steps, &count, &err), HS_CONFLICT);
  assert_string_equal(err.text, "61 cannot be taken back: 60 is left of the commission");
  add(&owed, HS_TRANSFER_HOLD, 100);
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_DENY, 61, &err), HS_CONFLICT);
  add(&owed, HS_TRANSFER_DENY, 60);
  assert_int_equal(owed.taken_back, owed.earned);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_has_two_accounts_and_a_word_that_is_read_back),
      cmocka_unit_test(a_refund_takes_first_what_is_pending_and_last_what_was_paid),
      cmocka_unit_test(nothing_is_taken_that_is_not_there),
      cmocka_unit_test(a_payment_that_came_back_is_owed_again_and_pays_what_was_clawed_back),
      cmocka_unit_test(a_payment_comes_to_one_end),
      cmocka_unit_test(no_more_is_taken_back_than_was_earned),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
