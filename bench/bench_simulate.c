/* Other terms against a year of orders: what it takes to read every order with what was known of
   its customer, to judge and price it twice, and to add up. The orders are those of sales.h, each
   after three touches of partners, one in ten with a partner's code, every one with an account that
   joins visitors. Once the other terms are those of the agreement that everybody has, so that every
   order may come out differently. A run is a process of its own; the median of them counts.

   HANSA_BENCH_ORDERS: orders of the year, 1,000,000 unless told otherwise. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "programme.h"
#include "sales.h"
#include "service/agreed/agreement_simulate.h"

enum { ROUNDS = 3, ORDERS_PER_IMPORT = 250000 };

#define GOAL_S 5.0

static const char PROGRAMME[] = HANSA_BINARY_DIR "/bench_simulate.data";
static const char OTHER[] =
    "{\"format\":1,\"title\":\"Offer\",\"weight\":\"standard\",\"kind\":\"affiliate\",\"terms\":{"
    "\"currency\":\"EUR\",\"window_days\":14,\"hold_days\":30,\"rules\":[{\"name\":\"sales\","
    "\"rank\":1,\"rate\":\"9%\"}]}}";
static uint64_t order_count;
static struct hs_err err;

struct total {
  uint64_t now, then;
};

static enum hs_status add(void *context, const struct hs_simulated *line,
                          [[maybe_unused]] struct hs_err *add_err)
{
  struct total *total = context;
  total->now += line->commissions_now;
  total->then += line->commissions_then;
  return HS_OK;
}

static void simulate(void)
{
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_agreement_file file;
  struct total total = {0};
  bench_check(hs_arena_init(&arena, 8 * HS_MIB, &err), &err);
  bench_check(
      hs_agreement_read(HS_STR(OTHER), &arena, &file.agreement, &file.terms, NULL, NULL, &err),
      &err);
  bench_check(hs_programme_open(bench_wiring(), &arena, PROGRAMME, NULL, NULL, &programme, &err),
              &err);
  const struct hs_simulation simulation = {.agreement = HS_STR("offer"),
                                           .file = &file,
                                           .period = {BENCH_YEAR_FROM_US, BENCH_YEAR_UNTIL_US}};
  bench_start();
  bench_check(hs_agreement_simulate(&programme, &simulation, add, &total, &err), &err);
  bench_stop();
  HS_ASSERT(total.now >= order_count && total.then >= order_count);
  hs_programme_close(&programme);
  hs_arena_release(&arena);
}

int main(void)
{
  struct bench_cost costs[ROUNDS];
  order_count = bench_setting("HANSA_BENCH_ORDERS", 1000000);
  const struct bench_sales sales = {.order_count = order_count,
                                    .orders_per_import = ORDERS_PER_IMPORT,
                                    .partner_count = 200,
                                    .touches_per_order = 3,
                                    .coupon_count = 1000,
                                    .has_customers = 1};
  bench_sales_make(PROGRAMME, &sales);
  for (size_t i = 0; i < ROUNDS; i++)
    costs[i] = bench_run(simulate);
  struct bench_cost cost = bench_median(costs, ROUNDS);
  printf("agreement simulate, %" PRIu64 " orders of a year | %.2f s, %.2f CPU s, %.0f MiB | %.0f s "
         "| %.2f | <= 1.00\n",
         order_count, cost.wall_s, cost.cpu_s, cost.resident_mib, GOAL_S, cost.wall_s / GOAL_S);
  bench_remove(PROGRAMME);
  return EXIT_SUCCESS;
}
