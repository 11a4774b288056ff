/* Proves the lines against a market whose truth is known: partners whose effect is mostly halo
   stand higher by them than by the last click, coupon sites, which bring nothing, never do and are
   never named, and the order of partners by lines is nearer to the truth than that of the last
   click. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "service/believe/lines.h"
#include "service/track/state.h"
#include "support/engine.h"
#include "support/market_files.h"

#define PEOPLE 24000
#define MONTHS 12
#define START_US (INT64_C(1767225600) * HS_SECOND_US) /* 2026-01-01, behind the run */

static struct engine engine;
static struct market_files files;
static struct hs_lines_view view;

static void add_parties(void)
{
  struct hs_str rest = hs_buf_str(&files.text[HS_MARKET_PARTNERS]);
  struct market_row row;
  assert_true(market_row_next(&rest, &row));
  while (market_row_next(&rest, &row)) {
    const struct hs_party party = {.name = hs_str_of(row.cells[0]),
                                   .title = hs_str_of(row.cells[1]),
                                   .kind = hs_str_of(row.cells[2]),
                                   .enrolment = HS_STR("approved")};
    assert_int_equal(hs_state_add_party(&engine.programme, &party, &engine.err), HS_OK);
  }
}

static void add_coupons(void)
{
  struct hs_str rest = hs_buf_str(&files.text[HS_MARKET_COUPONS]);
  struct market_row row;
  assert_true(market_row_next(&rest, &row));
  while (market_row_next(&rest, &row)) {
    const struct hs_coupon coupon = {.code = hs_str_of(row.cells[0]),
                                     .party = hs_str_of(row.cells[1]),
                                     .valid_from_us = INT64_MIN,
                                     .valid_until_us = INT64_MAX};
    assert_int_equal(hs_state_add(&engine.programme,
                                  &(struct hs_state_rows){.coupons = &coupon, .coupon_count = 1},
                                  &engine.err),
                     HS_OK);
  }
}

static int set_up([[maybe_unused]] void **state)
{
  static const struct {
    enum hs_event_kind kind;
    enum hs_market_file file;
  } IMPORTS[] = {{HS_EVENT_TOUCH, HS_MARKET_TOUCHES},       {HS_EVENT_ORDER, HS_MARKET_ORDERS},
                 {HS_EVENT_IDENTITY, HS_MARKET_IDENTITIES}, {HS_EVENT_SERIES, HS_MARKET_SERIES},
                 {HS_EVENT_ACTIVITY, HS_MARKET_ACTIVITY},   {HS_EVENT_SURVEY, HS_MARKET_SURVEYS}};
  market_files_make(&files, 4, MONTHS, PEOPLE);
  engine_start(&engine, START_US);
  add_parties();
  add_coupons();
  for (size_t i = 0; i < sizeof IMPORTS / sizeof *IMPORTS; i++)
    engine_import(&engine, IMPORTS[i].kind, hs_market_file_name(IMPORTS[i].file),
                  files.text[IMPORTS[i].file].data);
  struct hs_lines_options options = {.look_back_us = 30 * HS_DAY_US};
  assert_int_equal(hs_parse_period(HS_STR("2025"), engine.programme.zone, &options.period, NULL),
                   HS_OK);
  if (hs_lines_view_make(&engine.programme, &options, &view, &engine.err) != HS_OK)
    fail_msg("%s", engine.err.text);
  return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_lines_view_release(&view);
  engine_release(&engine);
  market_files_release(&files);
  return 0;
}

static const struct hs_market_partner_truth *truth_of(struct hs_str name)
{
  for (size_t i = 0; i < files.truth.partner_count; i++)
    if (hs_str_equal(hs_str_of(files.truth.partners[i].partner), name))
      return &files.truth.partners[i];
  fail_msg("no truth of %.*s", HS_STR_ARG(name));
  return NULL;
}

/* Most of its effect leaves no touch in the window, and there is enough of it to be seen. */
static int is_halo(const struct hs_market_partner_truth *truth)
{
  return truth->total.incremental.orders >= 60 &&
         2 * truth->total.halo.orders > truth->total.incremental.orders;
}

static void halo_stands_higher_than_by_the_last_click([[maybe_unused]] void **state)
{
  int32_t places = 0;
  int count = 0, higher = 0, named = 0;
  for (size_t i = 0; i < view.partner_count; i++) {
    const struct hs_lines_place *rank = &view.partners[i].rank;
    if (!rank->is_ranked || !is_halo(truth_of(view.partners[i].name)))
      continue;
    count++;
    places += rank->gap;
    higher += rank->gap > 0;
    named += rank->is_undervalued;
  }
  print_message("%d partners with halo: %d stand higher, %d are named, %.1f places on average\n",
                count, higher, named, (double)places / count);
  assert_true(count >= 8);
  assert_true(4 * higher >= 3 * count);
  assert_true(places >= 3 * count);
  assert_true(3 * named >= count);
}

static void coupon_sites_stand_lower_and_are_never_named([[maybe_unused]] void **state)
{
  int count = 0;
  for (size_t i = 0; i < view.partner_count; i++) {
    const struct hs_lines_partner *partner = &view.partners[i];
    const char *channel = truth_of(partner->name)->channel;
    if (strcmp(channel, "coupon") != 0)
      continue;
    count++;
    assert_true(partner->rank.is_ranked);
    assert_true(partner->rank.gap_high < 0);
    assert_false(partner->rank.is_undervalued);
  }
  assert_int_equal(count, 3);
}

/* No line can see that somebody who was met would have bought anyway, or bought elsewhere because
   of it: the comparison site that drives customers away may be named. It is the only one. */
static void who_is_named_brings_something_or_leads_away([[maybe_unused]] void **state)
{
  size_t wrong = 0;
  for (size_t i = 0; i < view.partner_count; i++) {
    const struct hs_lines_partner *partner = &view.partners[i];
    if (!partner->rank.is_undervalued || truth_of(partner->name)->total.incremental.orders > 0)
      continue;
    assert_true(hs_str_equal(partner->name, HS_STR("firstpick")));
    wrong++;
  }
  assert_true(view.undervalued_count >= 4 + wrong);
}

/* ---- the order of partners ---- */

struct listed {
  int64_t truly;
  uint32_t by_lines, by_tracked;
};

static int by_truth(const void *a, const void *b)
{
  const struct listed *x = a;
  const struct listed *y = b;
  return (x->truly < y->truly) - (x->truly > y->truly);
}

/* Spearman's correlations of the places with the true ones. */
static void the_order_is_nearer_to_the_truth([[maybe_unused]] void **state)
{
  struct listed list[64];
  size_t count = 0;
  double by_lines = 0, by_tracked = 0;
  for (size_t i = 0; i < view.partner_count; i++)
    if (view.partners[i].rank.is_ranked)
      list[count++] =
          (struct listed){truth_of(view.partners[i].name)->total.incremental.amount_minor,
                          view.partners[i].rank.line_rank, view.partners[i].rank.tracked_rank};
  qsort(list, count, sizeof *list, by_truth);
  for (size_t i = 0; i < count; i++) {
    double place = (double)(i + 1);
    by_lines += (list[i].by_lines - place) * (list[i].by_lines - place);
    by_tracked += (list[i].by_tracked - place) * (list[i].by_tracked - place);
  }
  double scale = 6 / ((double)count * ((double)count * (double)count - 1));
  print_message("correlation with the truth: lines %.2f, last click %.2f of %zu partners\n",
                1 - by_lines * scale, 1 - by_tracked * scale, count);
  assert_true(1 - by_lines * scale > .35);
  assert_true(by_lines < by_tracked);
}

static void no_line_is_blank([[maybe_unused]] void **state)
{
  assert_int_equal(view.partner_count, 30);
  for (size_t i = 0; i < view.partner_count; i++)
    for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++) {
      const struct hs_lines_line *line = &view.partners[i].lines[kind];
      assert_true((line->verdict == HS_LINES_CANNOT_TELL) == (line->gap != HS_LINES_NO_GAP));
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(halo_stands_higher_than_by_the_last_click),
      cmocka_unit_test(coupon_sites_stand_lower_and_are_never_named),
      cmocka_unit_test(who_is_named_brings_something_or_leads_away),
      cmocka_unit_test(the_order_is_nearer_to_the_truth),
      cmocka_unit_test(no_line_is_blank),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
