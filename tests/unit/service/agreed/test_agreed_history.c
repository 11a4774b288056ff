/* Proves service/agreed/agreed_history on a programme: who proposed a version and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "service/agreed/agreed_history.h"
#include "support/capacity.h"
#include "support/engine.h"

#define OFFER                                                                                      \
  "{\"format\":1,\"title\":\"Offer\",\"weight\":\"standard\",\"kind\":\"affiliate\",\"terms\":{"   \
  "\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,"                                      \
  "\"rules\":[{\"name\":\"sales\",\"rank\":1,\"rate\":\"5%\"}]}}"

static struct engine engine;

static void propose(uint64_t number, const char *reason)
{
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_PROPOSE,
                                              .agreement = HS_STR("offer"),
                                              .number = number,
                                              .document = HS_STR(OFFER),
                                              .reason = hs_str_of(reason),
                                              .from_us = ENGINE_AGREED_US});
}

/* The first version says why, the second does not. */
static int set_up([[maybe_unused]] void **state)
{
  engine_start(&engine, ENGINE_AGREED_US);
  propose(1, "creators ask for it");
  propose(2, NULL);
  return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
  engine_release(&engine);
  return 0;
}

static enum hs_status find(uint64_t number, struct hs_arena *arena, struct hs_agreed_proposal *out,
                           struct hs_err *err)
{
  return hs_agreed_proposed(&engine.programme, HS_STR("offer"), number, arena, out, err);
}

static void a_proposal_says_by_whom_and_why([[maybe_unused]] void **state)
{
  struct hs_agreed_proposal proposal;
  assert_int_equal(find(1, &engine.work, &proposal, &engine.err), HS_OK);
  assert_string_equal(proposal.by.data, "finance");
  assert_string_equal(proposal.reason.data, "creators ask for it");
  assert_int_equal(find(2, &engine.work, &proposal, &engine.err), HS_OK);
  assert_string_equal(proposal.by.data, "finance");
  assert_null(proposal.reason.data);
  assert_int_equal(find(3, &engine.work, &proposal, &engine.err), HS_OK);
  assert_null(proposal.by.data);
}

/* A text of some length without its bytes would be read as what lies at zero. */
static enum hs_status find_within([[maybe_unused]] void *context, struct hs_arena *arena,
                                  struct hs_err *err)
{
  struct hs_agreed_proposal proposal;
  enum hs_status status = find(1, arena, &proposal, err);
  if (status != HS_OK) {
    assert_null(proposal.by.data);
    assert_int_equal(proposal.reason.length, 0);
    return status;
  }
  assert_string_equal(proposal.by.data, "finance");
  assert_string_equal(proposal.reason.data, "creators ask for it");
  return HS_OK;
}

static void a_proposal_that_does_not_fit_is_told_and_not_given([[maybe_unused]] void **state)
{
  assert_int_equal(fail_every_allocation(find_within, NULL), 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_proposal_says_by_whom_and_why),
      cmocka_unit_test(a_proposal_that_does_not_fit_is_told_and_not_given),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
