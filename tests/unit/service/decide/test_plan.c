/* Proves that a share of a plan is measured by evidence alone: a result that is the file the plan
   names, of grade A to C, ended and not refused; that evidence is looked for beside the plan; that
   a hold-out is not contradicted; and every lack of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/io_sim.h"
#include "service/decide/plan.h"
#include "support/capacity.h"
#include "support/near.h"

#define PLAN "folder/plan.csv"
#define HOLDOUT(low, high, grade)                                                                  \
  "{\"kind\":\"holdout\",\"estimator\":\"e\",\"sha256\":\"x\",\"verdict\":\"brings part\","        \
  "\"kappa\":0.5,\"low\":" low ",\"high\":" high ",\"offered_units\":9,\"held_units\":9,"          \
  "\"grade\":\"" grade "\",\"refused_because\":null}"

static struct hs_arena arena;
static struct hs_sim *sim;
static const struct hs_io *io;
static struct hs_plan plan;
static struct hs_err err;

static int set_up([[maybe_unused]] void **state)
{
  const struct hs_sim_options options = {.seed = 3};
  if (hs_sim_open(&options, &sim, NULL) != HS_OK)
    return -1;
  io = hs_sim_io(sim);
  err = (struct hs_err){0};
  assert_int_equal(io->make_directory(io->self, "folder", &err), HS_OK);
  return hs_arena_init(&arena, 8 * HS_MIB, NULL) == HS_OK ? 0 : -1;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_sim_close(sim);
  hs_arena_release(&arena);
  return 0;
}

static void put(const char *path, const char *text)
{
  assert_int_equal(hs_io_replace_file(io, path, text, strlen(text), NULL), HS_OK);
}

/* A plan with one share whose evidence is the result, in the plan's own folder. */
static void put_plan(const char *result, double likely)
{
  char text[512], hash[HS_HASH_TEXT];
  struct hs_hash sum = hs_sha256(result, strlen(result));
  hs_hash_format(&sum, hash);
  put("folder/result.json", result);
  (void)snprintf(text, sizeof text,
                 "item,low,likely,high,source,evidence,sha256\n"
                 "incremental_share.acorn,0.1,%g,1.9,June,result.json,%s\nyears,,3,,board,,\n",
                 likely, hash);
  put(PLAN, text);
}

static const struct hs_plan_entry *read_share(const char *result)
{
  put_plan(result, .5);
  assert_int_equal(hs_plan_read(&arena, io, PLAN, &plan, &err), HS_OK);
  const struct hs_plan_entry *share = hs_plan_share_of(&plan, HS_STR("acorn"));
  assert_non_null(share);
  return share;
}

static void each_analysis_is_known_by_what_it_writes([[maybe_unused]] void **state)
{
  const struct {
    const char *text;
    enum hs_evidence_kind kind;
    enum hs_grade grade;
  } results[] = {
      {HOLDOUT("0.4", "0.6", "A"), HS_EVIDENCE_HOLDOUT, HS_GRADE_A},
      {"{\"estimator\":\"e\",\"sha256\":\"x\",\"verdict\":\"up\",\"effect\":1,\"grade\":\"B\"}",
       HS_EVIDENCE_DESIGN, HS_GRADE_B},
      {"{\"method\":\"sc\",\"att\":1,\"verdict\":\"up\",\"grade\":\"B\",\"refused_because\":null}",
       HS_EVIDENCE_GEO, HS_GRADE_B},
      {"{\"mode\":\"default\",\"average\":{},\"verdict\":\"undetermined\",\"grade\":\"C\"}",
       HS_EVIDENCE_INFLUENCE, HS_GRADE_C},
  };
  for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
    const struct hs_plan_entry *share = read_share(results[i].text);
    assert_true(hs_plan_is_measured(share));
    assert_int_equal(share->evidence.kind, results[i].kind);
    assert_int_equal(share->evidence.grade, results[i].grade);
    assert_null(share->evidence.because);
    assert_false(hs_plan_is_measured(&plan.items[HS_PLAN_YEARS]));
  }
}

static void what_bears_nothing_is_kept_with_its_reason([[maybe_unused]] void **state)
{
  const char *const results[][2] = {
      {"{\"method\":\"sc\",\"att\":1,\"verdict\":\"up\",\"grade\":\"D\"}", "grade D"},
      {"{\"method\":\"sc\",\"att\":1,\"verdict\":\"up\",\"grade\":\"Z\"}", "grade D"},
      {"{\"method\":\"sc\",\"att\":1,\"verdict\":\"up\"}", "grade D"},
      {"{\"method\":\"sc\",\"att\":null,\"verdict\":\"refused\",\"grade\":\"B\","
       "\"refused_because\":\"short\"}",
       "refused"},
      {"{\"estimator\":\"e\",\"sha256\":\"x\",\"verdict\":\"interim, no verdict\","
       "\"grade\":\"A\"}",
       "not ended"},
      {"{\"method\":\"sc\",\"att\":1,\"verdict\":\"interim\",\"grade\":\"B\"}", "not ended"},
  };
  for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
    const struct hs_plan_entry *share = read_share(results[i][0]);
    assert_false(hs_plan_is_measured(share));
    assert_int_not_equal(share->evidence.kind, HS_EVIDENCE_NONE);
    assert_non_null(strstr(share->evidence.because, results[i][1]));
    assert_near(share->range.likely, .5, 0);
  }
}

static void what_is_no_result_is_refused([[maybe_unused]] void **state)
{
  const char *const results[] = {"", "[]", "{}", "{\"verdict\":\"up\"}",
                                 "{\"verdict\":1,\"verdict\":2}"};
  for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
    put_plan(results[i], .5);
    assert_int_equal(hs_plan_read(&arena, io, PLAN, &plan, &err), HS_INVALID);
    assert_non_null(strstr(err.text, "line 2: folder/result.json is no result"));
  }
}

static void a_changed_file_is_another_file([[maybe_unused]] void **state)
{
  put_plan(HOLDOUT("0.4", "0.6", "A"), .5);
  put("folder/result.json", HOLDOUT("0.4", "0.9", "A"));
  assert_int_equal(hs_plan_read(&arena, io, PLAN, &plan, &err), HS_CONFLICT);
  assert_non_null(strstr(err.text, "is not the file that the plan names"));
}

/* A hold-out measures the share itself; what is refused as evidence contradicts nothing. */
static void a_plan_does_not_contradict_its_hold_out([[maybe_unused]] void **state)
{
  put_plan(HOLDOUT("0.4", "0.6", "A"), .7);
  assert_int_equal(hs_plan_read(&arena, io, PLAN, &plan, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "likely is 0.7, and the hold-out in result.json found 0.4 to"));
  put_plan(HOLDOUT("0.4", "0.6", "D"), .7);
  assert_int_equal(hs_plan_read(&arena, io, PLAN, &plan, &err), HS_OK);
}

static void without_the_columns_it_is_somebodys_word([[maybe_unused]] void **state)
{
  put(PLAN, "item,low,likely,high,source\nincremental_share.acorn,0.1,0.5,0.9,June\n");
  assert_int_equal(hs_plan_read(&arena, io, PLAN, &plan, &err), HS_OK);
  const struct hs_plan_entry *share = hs_plan_share_of(&plan, HS_STR("acorn"));
  assert_true(share->is_given && !hs_plan_is_measured(share));
  assert_int_equal(share->evidence.kind, HS_EVIDENCE_NONE);
}

static enum hs_status read_bounded([[maybe_unused]] void *context, struct hs_arena *small,
                                   struct hs_err *out)
{
  struct hs_plan read;
  enum hs_status status = hs_plan_read(small, io, PLAN, &read, out);
  if (!status)
    assert_true(hs_plan_is_measured(&read.shares[0].entry));
  return status;
}

static void every_lack_of_memory_is_said([[maybe_unused]] void **state)
{
  put_plan(HOLDOUT("0.4", "0.6", "A"), .5);
  assert_true(fail_every_allocation(read_bounded, NULL) > 5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(each_analysis_is_known_by_what_it_writes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_bears_nothing_is_kept_with_its_reason, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(what_is_no_result_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_changed_file_is_another_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_plan_does_not_contradict_its_hold_out, set_up, tear_down),
      cmocka_unit_test_setup_teardown(without_the_columns_it_is_somebodys_word, set_up, tear_down),
      cmocka_unit_test_setup_teardown(every_lack_of_memory_is_said, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
