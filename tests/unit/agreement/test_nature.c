/* Proves the test of five questions: what the examples are on paper and in practice, that more that
   is shared never makes less of an agreement, and that what nobody knows is not named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "agreement/nature.h"
#include "agreement/terms.h"
#include "support/agreements.h"

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

static struct hs_nature nature_of(struct hs_str json)
{
  struct hs_agreement agreement;
  struct hs_terms terms;
  struct hs_nature nature;
  assert_int_equal(hs_agreement_read(json, &arena, &agreement, &terms, NULL, NULL, NULL), HS_OK);
  hs_agreement_nature(&agreement, &nature);
  return nature;
}

/* One letter a question: Y, N or ? */
static void expect_paper(const struct hs_nature *nature, const char *answers)
{
  for (size_t q = 0; q < HS_NATURE_QUESTION_COUNT; q++)
    assert_int_equal(nature->answers[q].on_paper, answers[q] == 'Y' ? HS_SHARED_YES : HS_SHARED_NO);
}

static void examples_are_what_they_are_called([[maybe_unused]] void **state)
{
  static const struct {
    const char *name, *answers;
    enum hs_nature_kind on_paper;
  } ROWS[] = {
      {"standard-offer.json", "NNNYN", HS_NATURE_AFFILIATE},
      {"co-marketing.json", "YNNYN", HS_NATURE_CO_MARKETING},
      {"joint-venture.json", "YNYYY", HS_NATURE_JOINT_VENTURE},
      {"alliance.json", "YYYYY", HS_NATURE_ALLIANCE},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_nature nature = nature_of(agreement_example(&arena, ROWS[i].name));
    expect_paper(&nature, ROWS[i].answers);
    assert_int_equal(nature.on_paper, ROWS[i].on_paper);
  }
}

static void practice_is_what_was_answered_with_evidence([[maybe_unused]] void **state)
{
  struct hs_str alliance = agreement_example(&arena, "alliance.json");
  assert_int_equal(nature_of(alliance).in_practice, HS_NATURE_ALLIANCE);
  struct hs_str vendor = alliance;
  for (size_t i = 0; i < HS_NATURE_QUESTION_COUNT; i++)
    vendor = agreement_with(&arena, vendor, "\"shared\": true", "\"shared\": false");
  struct hs_nature nature = nature_of(vendor);
  assert_int_equal(nature.called, HS_NATURE_ALLIANCE);
  assert_int_equal(nature.on_paper, HS_NATURE_ALLIANCE);
  assert_int_equal(nature.in_practice, HS_NATURE_VENDOR_CONTRACT);
  /* A guess is no answer; whether it is an alliance hangs on it. */
  nature = nature_of(agreement_with(&arena, alliance, "the loss of March was borne in halves",
                                    "guessing: we would share"));
  assert_int_equal(nature.answers[HS_NATURE_RISKS].in_practice, HS_SHARED_UNKNOWN);
  assert_int_equal(nature.in_practice, HS_NATURE_CANNOT_TELL);
  assert_int_equal(nature_of(agreement_example(&arena, "joint-venture.json")).in_practice,
                   HS_NATURE_CANNOT_TELL);
}

/* All 243 answers: what is not known is bounded by no and by yes, and named only where these two
   agree. */
static void more_that_is_shared_never_makes_less([[maybe_unused]] void **state)
{
  for (int code = 0; code < 243; code++) {
    enum hs_shared shared[HS_NATURE_QUESTION_COUNT];
    int rest = code;
    enum hs_nature_kind low = HS_NATURE_CANNOT_TELL;
    enum hs_nature_kind high = HS_NATURE_VENDOR_CONTRACT;
    for (size_t q = 0; q < HS_NATURE_QUESTION_COUNT; q++, rest /= 3)
      shared[q] = (enum hs_shared)(rest % 3);
    for (unsigned known = 0; known < 32; known++) { /* every way to settle what is not known */
      enum hs_shared settled[HS_NATURE_QUESTION_COUNT];
      for (unsigned q = 0; q < HS_NATURE_QUESTION_COUNT; q++)
        settled[q] = shared[q] != HS_SHARED_UNKNOWN ? shared[q] : (enum hs_shared)(known >> q & 1);
      enum hs_nature_kind kind = hs_nature_kind_of(settled);
      assert_int_not_equal(kind, HS_NATURE_CANNOT_TELL);
      low = kind < low ? kind : low;
      high = kind > high ? kind : high;
      for (unsigned q = 0; q < HS_NATURE_QUESTION_COUNT; q++) {
        enum hs_shared more[HS_NATURE_QUESTION_COUNT];
        memcpy(more, settled, sizeof more);
        more[q] = HS_SHARED_YES;
        assert_true(hs_nature_kind_of(more) >= kind);
      }
    }
    assert_int_equal(hs_nature_kind_of(shared), low == high ? low : HS_NATURE_CANNOT_TELL);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(examples_are_what_they_are_called),
      cmocka_unit_test(practice_is_what_was_answered_with_evidence),
      cmocka_unit_test(more_that_is_shared_never_makes_less),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
