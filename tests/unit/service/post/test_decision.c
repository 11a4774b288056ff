/* Proves service/decision: every kind is read back as it was written, what a kind must say is asked
   for by name, and what is no decision is never half taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/time.h"
#include "service/post/decision.h"
#include "support/journal.h"

static struct hs_arena arena;
static struct hs_err err;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* Everything that a decision can say; each kind writes its own part. */
static struct hs_decision everything(enum hs_decision_kind kind)
{
  struct hs_decision decision = {.kind = kind,
                                 .by = HS_STR("a \"b\"\n"),
                                 .seconded_by = HS_STR("c"),
                                 .agreement = HS_STR("offer"),
                                 .party = HS_STR("blog"),
                                 .number = UINT64_MAX,
                                 .document = HS_STR("{\"a\":1}"),
                                 .from_us = 1788220800 * HS_SECOND_US,
                                 .until_us = 1788220800 * HS_SECOND_US + 1,
                                 .first = HS_STR("2/5"),
                                 .last = HS_STR("1/3"),
                                 .minimum = HS_STR("0"),
                                 .order_id = HS_STR("o1"),
                                 .customer = HS_STR("c1"),
                                 .about = HS_STR("untracked"),
                                 .verdict = HS_STR("upheld"),
                                 .state = HS_STR("completed"),
                                 .method = HS_STR("bank"),
                                 .reference = HS_STR("r"),
                                 .period = HS_STR("2026-09"),
                                 .currency = {"EUR"},
                                 .amount_minor = INT64_MIN,
                                 .reason = HS_STR("why"),
                                 .words = HS_STR("w"),
                                 .attested_by = HS_STR("b")};
  static const unsigned char REST[10] = {1, 2, 3};
  decision.id = hs_id_of("dec", 1, REST);
  decision.commission = hs_id_of("cms", 2, REST);
  decision.dispute = hs_id_of("dsp", 3, REST);
  decision.payout = hs_id_of("pay", 4, REST);
  return decision;
}

static void every_kind_is_read_back_as_it_was_written([[maybe_unused]] void **state)
{
  for (int k = 0; k < HS_DECISION_KIND_COUNT; k++) {
    struct hs_decision decision = everything((enum hs_decision_kind)k);
    struct hs_decision read;
    struct hs_str once;
    struct hs_str twice;
    hs_arena_reset(&arena, 0);
    assert_ok(hs_decision_write(&arena, &decision, &once, &err));
    assert_ok(hs_decision_read(&arena, HS_DECISION_FRAME_VERSION, once, &read, &err));
    assert_int_equal(read.kind, k);
    assert_string_equal(read.id.text, decision.id.text);
    assert_ok(hs_decision_write(&arena, &read, &twice, &err));
    assert_true(hs_str_equal(once, twice));
  }
}

static void the_members_of_a_proposal_are_what_they_were([[maybe_unused]] void **state)
{
  struct hs_decision decision = everything(HS_DECISION_PROPOSE);
  struct hs_decision read;
  struct hs_str text;
  assert_ok(hs_decision_write(&arena, &decision, &text, &err));
  assert_ok(hs_decision_read(&arena, HS_DECISION_FRAME_VERSION, text, &read, &err));
  assert_true(hs_str_equal(read.by, decision.by));
  assert_true(hs_str_equal(read.document, decision.document));
  assert_true(read.number == decision.number);
  assert_int_equal(read.from_us, decision.from_us);
  assert_int_equal(read.until_us, decision.until_us);
  assert_null(read.verdict.data); /* is not of this kind */
}

static void what_a_kind_must_say_is_asked_for([[maybe_unused]] void **state)
{
  struct hs_decision decision = {.kind = HS_DECISION_POLICY, .by = HS_STR("a"), .number = 2};
  struct hs_str text;
  assert_int_equal(hs_decision_write(&arena, &decision, &text, &err), HS_INVALID);
  assert_string_equal(err.text, "a decision to policy must say from");
}

static void what_is_no_decision_is_refused([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    enum hs_status status;
  } ROWS[] = {
      {"", HS_CORRUPT},
      {"[]", HS_CORRUPT},
      {"{\"decision\":\"dance\"}", HS_UNSUPPORTED},
      {"{\"decision\":\"lock\",\"until\":\"2026-09-01T00:00:00Z\"}", HS_CORRUPT},
      {"{\"id\":\"dec_00000000000000000000000001\",\"decision\":\"lock\"}", HS_CORRUPT},
      {"{\"id\":\"dec_00000000000000000000000001\",\"decision\":\"lock\",\"until\":\"soon\"}",
       HS_CORRUPT},
      {"{\"id\":\"dec_00000000000000000000000001\",\"decision\":\"lock\",\"until\":\"2026-09-01\"}",
       HS_CORRUPT}, /* in whose zone? */
      {"{\"id\":\"dec_00000000000000000000000001\",\"decision\":\"lock\","
       "\"until\":\"2026-09-01T00:00:00Z\",\"new\":1}",
       HS_OK}, /* a later writer may say more */
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_decision read = {.number = 77};
    enum hs_status status =
        hs_decision_read(&arena, HS_DECISION_FRAME_VERSION, hs_str_of(ROWS[i].text), &read, &err);
    assert_int_equal(status, ROWS[i].status);
    assert_int_equal(read.number, status == HS_OK ? 0 : 77);
  }
  struct hs_decision read;
  assert_int_equal(
      hs_decision_read(&arena, HS_DECISION_FRAME_VERSION + 1, HS_STR("{}"), &read, &err),
      HS_UNSUPPORTED);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_is_read_back_as_it_was_written),
      cmocka_unit_test(the_members_of_a_proposal_are_what_they_were),
      cmocka_unit_test(what_a_kind_must_say_is_asked_for),
      cmocka_unit_test(what_is_no_decision_is_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
