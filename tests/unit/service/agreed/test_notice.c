/* Proves what the other side reads of changed terms: every change once and in words, its own past
   figures and nobody else's, when it holds and until when to answer; and that what people wrote
   stays text on a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "agreement/change.h"
#include "service/agreed/notice.h"
#include "support/agreements.h"
#include "support/capacity.h"
#include "support/journal.h"

static struct hs_arena arena;
static struct hs_err err;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 16 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* 2027-01-01 */
#define FROM_US (INT64_C(1798761600) * HS_SECOND_US)

/* The example, changed by these lines: each "path=value". */
static enum hs_status change_example(struct hs_arena *in, struct hs_str before, size_t count,
                                     const struct hs_str *lines, struct hs_agreed_change *out,
                                     struct hs_err *why)
{
  struct hs_agreement copy;
  struct hs_terms terms;
  *out = (struct hs_agreed_change){.agreement = HS_STR("everybody"),
                                   .standing = 1,
                                   .number = 2,
                                   .from_us = FROM_US,
                                   .until_us = INT64_MAX};
  enum hs_status status =
      hs_agreement_read(before, in, &out->before.agreement, &out->before.terms, NULL, NULL, why);
  if (status == HS_OK)
    status = hs_agreement_read(before, in, &copy, &terms, NULL, NULL, why);
  if (status == HS_OK)
    status = hs_agreement_change(&copy, lines, count, in, &out->after.agreement, &out->after.terms,
                                 NULL, NULL, why);
  return status;
}

static struct hs_agreed_change changed(struct hs_str before, size_t count,
                                       const struct hs_str *lines)
{
  struct hs_agreed_change change;
  assert_ok(change_example(&arena, before, count, lines, &change, &err));
  return change;
}

/* ---- what changes ---- */

static void assert_change(const struct hs_term_change *change, const char *what, const char *before,
                          const char *after)
{
  assert_true(hs_str_equal(change->what, hs_str_of(what)));
  assert_true(hs_str_equal(change->before, hs_str_of(before)));
  assert_int_equal(change->before.data == NULL, before == NULL);
  assert_true(hs_str_equal(change->after, hs_str_of(after)));
  assert_int_equal(change->after.data == NULL, after == NULL);
}

#define OF_ORDERS " % of what was paid without tax, shipping and discount for an order"

static void every_change_stands_once_and_in_words([[maybe_unused]] void **state)
{
  const struct hs_str lines[] = {HS_STR("new customers.rate=15%"), HS_STR("hold_days=14"),
                                 HS_STR("terms.rules[2].name=weekend"),
                                 HS_STR("terms.rules[2].rank=3"), HS_STR("terms.rules[2].rate=1%")};
  struct hs_agreed_change change =
      changed(agreement_example(&arena, "standard-offer.json"), 5, lines);
  struct hs_term_change *changes = NULL;
  size_t count = 0;
  assert_ok(hs_agreed_changes(&change, &arena, &changes, &count, &err));
  assert_int_equal(count, 3);
  assert_change(&changes[0], "new customers",
                "12" OF_ORDERS " of new customers; at most 5,000.00 EUR a month",
                "15" OF_ORDERS " of new customers; at most 5,000.00 EUR a month");
  assert_change(&changes[1], "weekend", NULL, "1" OF_ORDERS);
  assert_change(&changes[2], "hold days", "30", "14");
  /* and the other way round it is taken out */
  struct hs_agreed_change back = change;
  back.before = change.after;
  back.after = change.before;
  assert_ok(hs_agreed_changes(&back, &arena, &changes, &count, &err));
  assert_int_equal(count, 3);
  assert_change(&changes[1], "weekend", "1" OF_ORDERS, NULL);
}

static void another_order_of_rules_is_a_change_of_both([[maybe_unused]] void **state)
{
  const struct hs_str lines[] = {HS_STR("new customers.rank=5")};
  struct hs_agreed_change change =
      changed(agreement_example(&arena, "standard-offer.json"), 1, lines);
  struct hs_term_change *changes = NULL;
  size_t count = 0;
  assert_ok(hs_agreed_changes(&change, &arena, &changes, &count, &err));
  assert_int_equal(count, 1);
  assert_int_equal(strncmp(changes[0].before.data, "rank 1: 12 %", 12), 0);
  assert_int_equal(strncmp(changes[0].after.data, "rank 5: 12 %", 12), 0);
}

static void two_versions_that_say_the_same_have_no_change([[maybe_unused]] void **state)
{
  struct hs_agreed_change change =
      changed(agreement_example(&arena, "standard-offer.json"), 0, NULL);
  struct hs_term_change *changes = NULL;
  size_t count = 7;
  assert_ok(hs_agreed_changes(&change, &arena, &changes, &count, &err));
  assert_int_equal(count, 0);
}

/* ---- the notice ---- */

static struct hs_simulated LINES[] = {{{"blog", 4}, 2, 2, 2000, 2400},
                                      {{"mail", 4}, 1, 1, 777700, 666600}};
static const struct hs_agreed_effect EFFECT = {
    .period = {FROM_US - 400 * HS_DAY_US, FROM_US - 35 * HS_DAY_US},
    .currency = {"EUR"},
    .count = 2,
    .lines = LINES};

static struct hs_notice notice_of(struct hs_agreed_change *change, const char *partner)
{
  const struct hs_str line[] = {HS_STR("new customers.rate=15%")};
  struct hs_term_change *changes = NULL;
  struct hs_notice notice = {.change = change,
                             .zone = hs_zone_utc(),
                             .by = HS_STR("sales"),
                             .reason = HS_STR("<b>we</b> grow"),
                             .partner = hs_str_of(partner),
                             .effect = &EFFECT};
  *change = changed(agreement_example(&arena, "standard-offer.json"), 1, line);
  assert_ok(hs_agreed_changes(change, &arena, &changes, &notice.change_count, &err));
  notice.changes = changes;
  return notice;
}

static const char *text_of(const struct hs_notice *notice)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_notice_text(notice, 4000, &out);
  assert_ok(hs_buf_status(&out, "a notice", &err));
  return hs_buf_str(&out).data;
}

static void a_notice_shows_its_reader_its_own_figures_alone([[maybe_unused]] void **state)
{
  struct hs_agreed_change change;
  struct hs_notice notice = notice_of(&change, "blog");
  const char *text = text_of(&notice);
  assert_non_null(strstr(text, "By the orders from 2025-11-27 to 2026-11-27 you earn 20.00 EUR by "
                               "the terms as they are and would earn 24.00 EUR by the changed "
                               "ones, before refunds: 4.00 EUR more."));
  assert_null(strstr(text, "mail"));
  assert_null(strstr(text, "7,777"));
  notice.partner = HS_STR("mail");
  assert_non_null(strstr(text_of(&notice), ": 1,111.00 EUR less."));
  notice.partner = HS_STR("nobody");
  assert_non_null(strstr(text_of(&notice), "there are not enough data to say"));
  notice.partner = (struct hs_str){0};
  assert_null(strstr(text_of(&notice), "By the orders from"));
}

static void a_notice_says_from_when_and_until_when_to_answer([[maybe_unused]] void **state)
{
  struct hs_agreed_change change;
  struct hs_notice notice = notice_of(&change, "blog");
  const char *text = text_of(&notice);
  assert_non_null(strstr(text, "version 2 in the place of version 1, from 2027-01-01 on\n"));
  assert_non_null(strstr(text, "Whoever declines by the end of 2026-12-31 goes on with"));
  assert_non_null(strstr(text, "touchpoint came before 2027-01-01 are judged by the terms as they "
                               "were."));
  change.until_us = FROM_US + 31 * HS_DAY_US;
  change.after.agreement.weight = HS_WEIGHT_MANAGED;
  text = text_of(&notice);
  assert_non_null(strstr(text, "from 2027-01-01 to 2027-01-31\n"));
  assert_non_null(strstr(text, "It holds once every party has accepted."));
}

static void what_people_wrote_stays_text_on_a_page([[maybe_unused]] void **state)
{
  struct hs_agreed_change change;
  struct hs_notice notice = notice_of(&change, "blog");
  struct hs_buf page = hs_buf_in(&arena);
  struct hs_buf json = hs_buf_in(&arena);
  hs_notice_html(&notice, &page);
  hs_notice_json(&notice, &json);
  assert_ok(hs_buf_status(&page, "a notice", &err));
  assert_non_null(strstr(hs_buf_str(&page).data, "&lt;b&gt;we&lt;/b&gt; grow"));
  assert_null(strstr(hs_buf_str(&page).data, "<b>"));
  assert_non_null(strstr(hs_buf_str(&json).data, "\"answer_until\":\"2026-12-31\""));
  assert_non_null(strstr(hs_buf_str(&json).data, "\"earned_then_minor\":2400"));
  assert_null(strstr(hs_buf_str(&json).data, "mail"));
}

/* ---- memory ---- */

static enum hs_status write_all(void *context, struct hs_arena *in, struct hs_err *why)
{
  const struct hs_str line[] = {HS_STR("new customers.rate=15%")};
  struct hs_agreed_change change;
  struct hs_term_change *changes = NULL;
  struct hs_notice notice = {.change = &change,
                             .zone = hs_zone_utc(),
                             .by = HS_STR("sales"),
                             .partner = HS_STR("blog"),
                             .effect = &EFFECT};
  struct hs_buf out = hs_buf_in(in);
  enum hs_status status = change_example(in, *(struct hs_str *)context, 1, line, &change, why);
  if (status == HS_OK)
    status = hs_agreed_changes(&change, in, &changes, &notice.change_count, why);
  if (status != HS_OK)
    return status;
  notice.changes = changes;
  hs_notice_text(&notice, 80, &out);
  hs_notice_html(&notice, &out);
  hs_notice_json(&notice, &out);
  hs_agreed_effect_say(&EFFECT, hs_zone_utc(), &out);
  hs_agreed_effect_json(&EFFECT, hs_zone_utc(), &out);
  status = hs_buf_status(&out, "a notice", why);
  if (status == HS_OK)
    assert_non_null(strstr(out.data, "you earn 20.00 EUR"));
  return status;
}

static void every_allocation_that_fails_is_said([[maybe_unused]] void **state)
{
  struct hs_str example = agreement_example(&arena, "standard-offer.json");
  assert_true(fail_every_allocation(write_all, &example) > 20);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_change_stands_once_and_in_words),
      cmocka_unit_test(another_order_of_rules_is_a_change_of_both),
      cmocka_unit_test(two_versions_that_say_the_same_have_no_change),
      cmocka_unit_test(a_notice_shows_its_reader_its_own_figures_alone),
      cmocka_unit_test(a_notice_says_from_when_and_until_when_to_answer),
      cmocka_unit_test(what_people_wrote_stays_text_on_a_page),
      cmocka_unit_test(every_allocation_that_fails_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
