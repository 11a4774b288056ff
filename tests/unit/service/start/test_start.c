/* Proves service/start: the sums of a small export worked out by hand, what holds of any export,
   and the interval of a share where it has a closed form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io_sim.h"
#include "service/start/start.h"
#include "support/capacity.h"
#include "support/random.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 512 * HS_MIB, NULL) == HS_OK ? 0 : -1;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static int64_t day_us(int32_t month, int32_t day)
{
  return hs_day_of(2026, month, day) * HS_DAY_US;
}

static struct hs_start_options in_utc(void)
{
  return (struct hs_start_options){.zone = hs_zone_utc()};
}

static struct hs_start_row row(const char *id, const char *order, const char *partner,
                               enum hs_start_state state, int64_t amount, int64_t commission,
                               int64_t created_us)
{
  return (struct hs_start_row){.commission_id = hs_str_of(id),
                               .order_id = hs_str_of(order),
                               .partner = hs_str_of(partner),
                               .currency = {"EUR"},
                               .state = state,
                               .has_amount = 1,
                               .amount_minor = amount,
                               .commission_minor = commission,
                               .created_us = created_us,
                               .approved_us = HS_START_NEVER};
}

static struct hs_start sum(const struct hs_start_row *rows, size_t count)
{
  struct hs_start start = {0};
  struct hs_start_options options = in_utc();
  assert_int_equal(hs_start_sum(&arena, rows, count, &options, &start, NULL), HS_OK);
  return start;
}

/* Mara: 100.00 paid at 10 %, of which a third comes back; 50.00 pending. Otto: one order in two
   commissions, one of them reversed; and in another currency something that is left out. */
static void a_small_export_adds_up([[maybe_unused]] void **state)
{
  struct hs_start_row rows[] = {
      row("1", "o-1", "Mara", HS_START_PAID, 10000, 1000, day_us(3, 1)),
      row("2", "o-1", "Mara", HS_START_REVERSED, -3333, -333, day_us(4, 2)),
      row("3", "o-2", "Mara", HS_START_PENDING, 5000, 500, day_us(4, 20)),
      row("4", "o-3", "Otto", HS_START_APPROVED, 2000, 200, day_us(3, 5)),
      row("5", "o-3", "Otto", HS_START_REVERSED, 1000, 100, day_us(3, 5)),
      row("6", "o-4", "Otto", HS_START_APPROVED, 900, 90, day_us(3, 6)),
      row("1", "o-1", "Mara", HS_START_PENDING, 10000, 1000, day_us(3, 1)),
  };
  rows[5].currency = (struct hs_currency){"USD"};
  /* The first statement of commission 1 is the older one here. */
  struct hs_start_row swap = rows[0];
  rows[0] = rows[6];
  rows[6] = swap;
  struct hs_start start = sum(rows, 7);
  assert_int_equal(start.rows_repeated, 1);
  assert_int_equal(start.rows_other, 1);
  assert_string_equal(start.others[0].currency.code, "USD");
  assert_int_equal(start.partner_count, 2);
  const struct hs_start_partner *mara = &start.partners[0];
  assert_true(hs_str_equal(mara->name, HS_STR("Mara")));
  assert_int_equal(mara->sums.orders, 2);
  assert_int_equal(mara->sums.orders_pending, 1);
  assert_int_equal(mara->sums.orders_reversed, 1); /* in part */
  assert_int_equal(mara->sums.sales_minor, 10000 - 3333 + 5000);
  assert_int_equal(mara->sums.earned_minor, 1500);
  assert_int_equal(mara->sums.reversed_minor, 333);
  assert_int_equal(mara->sums.paid_minor, 1000);
  assert_int_equal(mara->sums.pending_minor, 500);
  assert_int_equal(mara->sums.oldest_pending_us, day_us(4, 20));
  const struct hs_start_partner *otto = &start.partners[1];
  assert_int_equal(otto->sums.orders, 1);
  assert_int_equal(otto->sums.sales_minor, 2000);
  assert_int_equal(otto->sums.earned_minor, 300);
  assert_int_equal(otto->sums.reversed_minor, 100);
  assert_int_equal(start.all.orders, 3);
  assert_int_equal(start.all.reversal.count, 2);
  assert_int_equal(start.all.reversal.of, 2);
  assert_true(isnan(start.all.reversal.share)); /* two are no sample */
  assert_int_equal(start.month_count, 2);
  assert_int_equal(start.months[0].net_minor, 1000 + 200);
  assert_int_equal(start.months[1].net_minor, 500 - 333);
  assert_int_equal(start.months[0].partners, 2);
  assert_int_equal(start.months[1].partners, 1);
  /* 1167 of 1367, and so all but one partner makes half of it. */
  assert_true(fabs(start.top_share - 1167.0 / 1367.0) < 1e-12);
  assert_int_equal(start.half_count, 1);
}

static void an_order_under_two_partners_is_told([[maybe_unused]] void **state)
{
  const struct hs_start_row rows[] = {
      row("1", "o-1", "Mara", HS_START_PAID, 10000, 600, day_us(3, 1)),
      row("2", "o-1", "Otto", HS_START_PAID, 10000, 400, day_us(3, 1)),
      row("3", NULL, "Otto", HS_START_PAID, 100, 10, day_us(3, 2)),
      row("4", NULL, "Mara", HS_START_PAID, 100, 10, day_us(3, 2)),
  };
  struct hs_start start = sum(rows, 4);
  assert_int_equal(start.shared_orders, 1); /* what has no order id is not one order */
  assert_int_equal(start.all.orders, 4);
  assert_int_equal(start.rows_with_order, 2);
}

/* A partner is known by its id, whatever it is called in a row; the last name counts. */
static void a_partner_is_known_by_its_id([[maybe_unused]] void **state)
{
  struct hs_start_row rows[] = {
      row("1", "o-1", "Mara", HS_START_PAID, 100, 10, day_us(3, 1)),
      row("2", "o-2", "Mara & Co", HS_START_PAID, 100, 10, day_us(3, 2)),
  };
  rows[0].partner_id = rows[1].partner_id = HS_STR("p-1");
  struct hs_start start = sum(rows, 2);
  assert_int_equal(start.partner_count, 1);
  assert_true(hs_str_equal(start.partners[0].name, HS_STR("Mara & Co")));
}

/* From 1 January to 30 June: the last 90 days begin behind 1 April. */
static void who_sold_nothing_lately_is_dormant([[maybe_unused]] void **state)
{
  const struct hs_start_row rows[] = {
      row("1", "o-1", "Mara", HS_START_PAID, 100, 10, day_us(1, 1)),
      row("2", "o-2", "Mara", HS_START_PAID, 100, 20, day_us(4, 1)),
      row("3", "o-3", "Otto", HS_START_PAID, 100, 10, day_us(4, 2)),
      row("4", "o-4", "Otto", HS_START_PENDING, 100, 7, day_us(6, 30)),
  };
  struct hs_start start = sum(rows, 4);
  assert_true(hs_start_has_trend(&start));
  assert_true(start.partners[0].is_dormant);
  assert_false(start.partners[1].is_dormant);
  assert_int_equal(start.all.orders_recent, 2);
  assert_int_equal(start.all.orders_before, 1); /* 1 January is 180 days back: one too many */
  assert_int_equal(start.all.net_recent_minor, 17);
  assert_int_equal(start.all.net_before_minor, 20);
}

/* With p = 0 Wilson's upper end is z² / (n + z²), with p = 1 its lower one n / (n + z²). */
static void a_share_has_wilsons_interval([[maybe_unused]] void **state)
{
  struct hs_start_row rows[40];
  char names[40][24];
  double z2 = 1.6448536269514722 * 1.6448536269514722;
  for (int all = 0; all < 2; all++) {
    for (int i = 0; i < 40; i++) {
      (void)snprintf(names[i], sizeof names[i], "o-%d", i);
      rows[i] = row(names[i], names[i], "Mara", all ? HS_START_REVERSED : HS_START_PAID, 100, 10,
                    day_us(3, 1));
    }
    struct hs_start start = sum(rows, 40);
    const struct hs_start_share *share = &start.all.reversal;
    assert_int_equal(share->of, 40);
    assert_true(fabs(share->share - all) < 1e-12);
    assert_true(fabs(share->high - (all ? 1 : z2 / (40 + z2))) < 1e-9);
    assert_true(fabs(share->low - (all ? 40 / (40 + z2) : 0)) < 1e-9);
  }
}

/* 25 commissions approved after 10 days and 25 after 20: mean 15, deviation 5 √(50/49). */
static void days_to_approval_have_students_interval([[maybe_unused]] void **state)
{
  struct hs_start_row rows[50];
  char names[50][24];
  for (int i = 0; i < 50; i++) {
    (void)snprintf(names[i], sizeof names[i], "o-%d", i);
    rows[i] = row(names[i], names[i], "Mara", HS_START_APPROVED, 100, 10, day_us(3, 1));
    rows[i].approved_us = day_us(3, i % 2 ? 11 : 21);
  }
  struct hs_start start = sum(rows, 50);
  const struct hs_start_mean *mean = &start.all.approval_days;
  double reach = 1.6765508926168537 * 5 * sqrt(50.0 / 49.0) / sqrt(50.0); /* t(0.95; 49) */
  assert_int_equal(mean->of, 50);
  assert_true(fabs(mean->mean - 15) < 1e-9);
  assert_true(fabs(mean->high - (15 + reach)) < 1e-6);
  assert_true(fabs(mean->low - (15 - reach)) < 1e-6);
}

static uint64_t random_state;

static uint64_t random_below(uint64_t limit) { return (next_random(&random_state) >> 20) % limit; }

static void check_parts(const struct hs_start_sums *sums, int64_t taken_back)
{
  assert_int_equal(sums->earned_minor - sums->reversed_minor,
                   sums->pending_minor + sums->approved_minor + sums->paid_minor - taken_back);
  assert_true(sums->orders_pending + sums->orders_reversed <= sums->orders);
}

/* Whatever the export: what was earned and not reversed is pending, approved or paid, less what was
   taken back; all is the sum of the partners; no month is lost. */
static void the_parts_of_any_export_make_the_whole([[maybe_unused]] void **state)
{
  enum { ROWS = 300 };
  static struct hs_start_row rows[ROWS];
  static char ids[ROWS][24];
  static const char *const PARTNERS[] = {"a", "b", "c", "d"};
  static const char *const ORDERS[] = {"o-1", "o-2", "o-3", "o-4", "o-5", "o-6", NULL};
  for (uint64_t seed = 1; seed <= 60; seed++) {
    random_state = seed;
    size_t count = 1 + (size_t)random_below(ROWS);
    int64_t taken_back = 0;
    for (size_t i = 0; i < count; i++) {
      int takes_back = random_below(6) == 0;
      (void)snprintf(ids[i], sizeof ids[i], "%zu", i);
      rows[i] = row(ids[i], ORDERS[random_below(7)], PARTNERS[random_below(4)],
                    takes_back ? HS_START_REVERSED : (enum hs_start_state)random_below(4), 100,
                    (int64_t)random_below(500) - (takes_back ? 500 : 0),
                    day_us(1, 1) + (int64_t)random_below(500) * HS_DAY_US);
      taken_back -= rows[i].commission_minor < 0 ? rows[i].commission_minor : 0;
    }
    struct hs_start start = sum(rows, count);
    uint64_t orders = 0;
    int64_t net = 0;
    int64_t by_month = 0;
    for (size_t p = 0; p < start.partner_count; p++) {
      orders += start.partners[p].sums.orders;
      net += start.partners[p].sums.earned_minor - start.partners[p].sums.reversed_minor;
    }
    for (size_t m = 0; m < start.month_count; m++)
      by_month += start.months[m].net_minor;
    check_parts(&start.all, taken_back);
    assert_int_equal(orders, start.all.orders);
    assert_int_equal(net, start.all.earned_minor - start.all.reversed_minor);
    assert_int_equal(by_month, net);
    hs_arena_reset(&arena, 0);
  }
}

static void amounts_that_do_not_fit_are_told([[maybe_unused]] void **state)
{
  const struct hs_start_row rows[] = {
      row("1", "o-1", "Mara", HS_START_PAID, 0, INT64_MAX, day_us(3, 1)),
      row("2", "o-2", "Mara", HS_START_PAID, 0, 1, day_us(3, 1)),
      row("3", "o-3", "Mara", HS_START_REVERSED, 0, INT64_MIN, day_us(3, 1)),
  };
  struct hs_start start = {0};
  struct hs_start_options options = in_utc();
  assert_int_equal(hs_start_sum(&arena, rows, 2, &options, &start, NULL), HS_INVALID);
  assert_int_equal(hs_start_sum(&arena, rows + 2, 1, &options, &start, NULL), HS_INVALID);
  options.currency = (struct hs_currency){"USD"};
  assert_int_equal(hs_start_sum(&arena, rows, 2, &options, &start, NULL), HS_INSUFFICIENT);
  assert_int_equal(start.rows, 0);
}

static const char EXPORT[] = "commissionId,orderId,publisherName,actionStatus,eventDate,"
                             "saleAmountUsd,pubCommissionAmountUsd\n"
                             "1,o-1,<Mara>,CLOSED,2026-02-01T08:00:00Z,200.00,16.00\n"
                             "2,o-2,Otto,NEW,2026-02-03T08:00:00Z,10.00,1.00\n"
                             "3,o-3,Otto,LOST,2026-02-03T08:00:00Z,10.00,1.00\n";

static enum hs_status make_page(void *context, struct hs_arena *room, struct hs_err *err)
{
  struct hs_start start = {0};
  struct hs_start_options options = in_utc();
  options.intake = (struct hs_intake_options){.path = "export.csv", .finds_network = 1};
  enum hs_status status = hs_start_read(room, context, &options, NULL, NULL, &start, err);
  if (status != HS_OK)
    return status;
  struct hs_buf out = hs_buf_in(room);
  hs_start_text(&start, 80, &out);
  hs_start_json(&start, &out);
  hs_start_html(&start, &out);
  status = hs_buf_status(&out, "the page", err);
  if (status != HS_OK)
    return status;
  assert_string_equal(start.network->name, "cj");
  assert_int_equal(start.rows, 2);
  assert_int_equal(start.rows_rejected, 1);
  assert_non_null(strstr(out.data, "<td>&lt;Mara&gt;</td>"));
  return HS_OK;
}

static void every_allocation_of_a_page_may_fail([[maybe_unused]] void **state)
{
  struct hs_sim *sim = NULL;
  struct hs_sim_options machine = {.seed = 1, .start_us = day_us(7, 1)};
  assert_int_equal(hs_sim_open(&machine, &sim, NULL), HS_OK);
  const struct hs_io *io = hs_sim_io(sim);
  assert_int_equal(hs_io_replace_file(io, "export.csv", EXPORT, sizeof EXPORT - 1, NULL), HS_OK);
  union {
    const struct hs_io *io;
    void *context;
  } either = {.io = io};
  assert_true(fail_every_allocation(make_page, either.context) > 10);
  hs_sim_close(sim);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_small_export_adds_up),
      cmocka_unit_test(an_order_under_two_partners_is_told),
      cmocka_unit_test(a_partner_is_known_by_its_id),
      cmocka_unit_test(who_sold_nothing_lately_is_dormant),
      cmocka_unit_test(a_share_has_wilsons_interval),
      cmocka_unit_test(days_to_approval_have_students_interval),
      cmocka_unit_test(the_parts_of_any_export_make_the_whole),
      cmocka_unit_test(amounts_that_do_not_fit_are_told),
      cmocka_unit_test(every_allocation_of_a_page_may_fail),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
