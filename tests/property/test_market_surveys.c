/* Proves, over several seeds, what the simulated survey promises: every answer is of an order, the
   truth has a line for each, most who name a partner heard of us through it, a podcast without a
   link is named, and a coupon site, which nobody hears of us by, only by those who guess. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/market_files.h"

#define SEEDS 3
#define MONTHS 12
#define PEOPLE 24000

static struct market_files worlds[SEEDS];

static int worlds_make([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++)
    market_files_make(&worlds[seed], seed + 1, MONTHS, PEOPLE);
  return 0;
}

static int worlds_release([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < SEEDS; i++)
    market_files_release(&worlds[i]);
  return 0;
}

/* Rows of a table without its header. */
static struct hs_str rows_of(const struct market_files *files, enum hs_market_file file)
{
  struct hs_str rest = hs_buf_str(&files->text[file]);
  struct market_row header;
  assert_true(market_row_next(&rest, &header));
  return rest;
}

static void every_answer_is_of_an_order_and_has_a_truth([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < SEEDS; i++) {
    struct hs_str answers = rows_of(&worlds[i], HS_MARKET_SURVEYS);
    struct hs_str truths = rows_of(&worlds[i], HS_MARKET_TRUTH_SURVEYS);
    const char *orders = worlds[i].text[HS_MARKET_ORDERS].data;
    const char *all_truths = worlds[i].text[HS_MARKET_TRUTH_SURVEYS].data;
    struct market_row row;
    size_t answer_count = 0;
    size_t truth_count = 0;
    for (; market_row_next(&answers, &row); answer_count++) {
      char order[MARKET_CELL_BYTES + 2];
      char truth[MARKET_CELL_BYTES + 2];
      (void)snprintf(order, sizeof order, "\n%s,", row.cells[5]);
      (void)snprintf(truth, sizeof truth, "\n%s,", row.cells[0]);
      if (answer_count % 16 == 0) {
        assert_non_null(strstr(orders, order));
        assert_non_null(strstr(all_truths, truth));
      }
    }
    while (market_row_next(&truths, &row))
      truth_count++;
    assert_int_equal(answer_count, truth_count);
    assert_true(answer_count > 500);
  }
}

struct tally {
  size_t named, guessed, right; /* right: of those that named and did not guess */
};

static struct tally tally_of(const struct market_files *files, const char *partner)
{
  struct tally tally = {0};
  struct hs_str truths = rows_of(files, HS_MARKET_TRUTH_SURVEYS);
  struct market_row row;
  while (market_row_next(&truths, &row)) {
    const char *named = row.cells[1];
    if (named[0] == 0 || (partner != NULL && strcmp(named, partner) != 0))
      continue;
    tally.named++;
    if (row.cells[4][0] == '1')
      tally.guessed++;
    else
      tally.right += strcmp(named, row.cells[2]) == 0;
  }
  return tally;
}

static void most_who_name_a_partner_heard_of_us_through_it([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < SEEDS; i++) {
    struct tally tally = tally_of(&worlds[i], NULL);
    assert_true(tally.named > 200);
    assert_true(tally.guessed > 0);
    assert_true((double)tally.right > .5 * (double)(tally.named - tally.guessed));
  }
}

static void a_podcast_is_named_and_a_coupon_site_only_in_guesses([[maybe_unused]] void **state)
{
  static const char *const COUPONS[] = {"codebarn", "vouchernest", "cartclip"};
  for (size_t i = 0; i < SEEDS; i++) {
    struct tally harbour = tally_of(&worlds[i], "harbour");
    assert_true(harbour.named - harbour.guessed >= 10);
    for (size_t c = 0; c < sizeof COUPONS / sizeof *COUPONS; c++) {
      struct tally coupon = tally_of(&worlds[i], COUPONS[c]);
      assert_int_equal(coupon.named, coupon.guessed);
    }
    assert_int_equal(tally_of(&worlds[i], "prizewheel").named, 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_answer_is_of_an_order_and_has_a_truth),
      cmocka_unit_test(most_who_name_a_partner_heard_of_us_through_it),
      cmocka_unit_test(a_podcast_is_named_and_a_coupon_site_only_in_guesses),
  };
  return cmocka_run_group_tests(tests, worlds_make, worlds_release);
}
