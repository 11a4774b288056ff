#include "sales.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "programme.h"
#include "service/agreed/agreed.h"
#include "service/track/import.h"
#include "service/track/state.h"

enum { SLOTS = 2 };

static const char SOURCE[] = HANSA_BINARY_DIR "/bench_sales.csv";

const char bench_offer[] =
    "{\"format\":1,\"title\":\"Offer\",\"weight\":\"standard\",\"kind\":\"affiliate\",\"terms\":{"
    "\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":30,\"rules\":[{\"name\":\"sales\","
    "\"rank\":1,\"rate\":\"8%\",\"tiers\":{\"measure\":\"orders\",\"period\":\"month\",\"steps\":"
    "[{\"from\":\"11\",\"rate\":\"10%\"},{\"from\":\"51\",\"rate\":\"12%\"}]}}]}}";

struct making {
  const struct bench_sales *sales;
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_err err;
};

/* ---- files ---- */

static FILE *create(const char *header)
{
  FILE *file = fopen(SOURCE, "w");
  if (file == NULL) {
    perror(SOURCE);
    exit(EXIT_FAILURE);
  }
  (void)fprintf(file, "%s\n", header);
  return file;
}

static void import(struct making *making, enum hs_event_kind kind, FILE *file)
{
  struct hs_arena work;
  struct hs_import_result result;
  const struct hs_import_options options = {
      .intake = {.kind = kind, .path = SOURCE, .slot_count = SLOTS}};
  if (fclose(file) != 0) {
    perror(SOURCE);
    exit(EXIT_FAILURE);
  }
  bench_check(hs_arena_init(&work, HS_INTAKE_SHARED_BYTES + SLOTS * HS_INTAKE_SLOT_BYTES + HS_MIB,
                            &making->err),
              &making->err);
  bench_check(hs_import_run(&making->programme, &work, &options, &result, &making->err),
              &making->err);
  hs_arena_release(&work);
}

/* ---- what happened ---- */

static int64_t ordered_at_us(const struct bench_sales *sales, uint64_t order)
{
  int64_t step_us = (BENCH_YEAR_UNTIL_US - BENCH_YEAR_FROM_US) / (int64_t)sales->order_count;
  return BENCH_YEAR_FROM_US + (int64_t)order * step_us;
}

static void add_moment(FILE *file, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time(at_us, text);
  (void)fprintf(file, ",%s", text);
}

static unsigned partner_of(const struct bench_sales *sales, uint64_t order, unsigned touch)
{
  return (unsigned)((order * 7919 + touch * UINT64_C(31)) % sales->partner_count);
}

/* Who buys again comes as a visitor of the year's first part; with an account, as a new visitor. */
static uint64_t buyer_of(uint64_t order) { return order % 5 == 4 ? order / 2 : order; }

static void import_touches(struct making *making, uint64_t from, uint64_t until)
{
  const struct bench_sales *sales = making->sales;
  FILE *file = create("touch_id,person,occurred_at,partner");
  for (uint64_t i = from; i < until; i++)
    for (unsigned t = 0; t < sales->touches_per_order; t++) {
      (void)fprintf(file, "t%" PRIu64 "-%u,v%" PRIu64, i, t,
                    sales->has_customers ? i : buyer_of(i));
      add_moment(file, ordered_at_us(sales, i) -
                           (1 + 6 * (int64_t)(sales->touches_per_order - 1 - t)) * HS_HOUR_US);
      (void)fprintf(file, ",partner-%03u\n", partner_of(sales, i, t));
    }
  import(making, HS_EVENT_TOUCH, file);
}

static void import_orders(struct making *making, uint64_t from, uint64_t until)
{
  const struct bench_sales *sales = making->sales;
  FILE *file = create("order_id,person,occurred_at,amount,currency,coupon,customer");
  for (uint64_t i = from; i < until; i++) {
    (void)fprintf(file, "order-%" PRIu64 ",v%" PRIu64, i, sales->has_customers ? i : buyer_of(i));
    add_moment(file, ordered_at_us(sales, i));
    (void)fprintf(file, ",%d.%02d,EUR,", 10 + (int)(i * 31 % 190), (int)(i * 17 % 100));
    if (sales->coupon_count > 0 && i % 10 == 3)
      (void)fprintf(file, "CODE%u", (unsigned)(i * 104729 % sales->coupon_count));
    if (sales->has_customers)
      (void)fprintf(file, ",c%" PRIu64 "\n", buyer_of(i));
    else
      (void)fprintf(file, ",\n");
  }
  import(making, HS_EVENT_ORDER, file);
}

/* ---- what was agreed ---- */

static void agree(struct making *making)
{
  struct hs_programme *programme = &making->programme;
  struct hs_err *err = &making->err;
  struct hs_agreement_file file;
  struct hs_agreed agreed = {.name = HS_STR("offer"), .by = HS_STR("bench")};
  uint64_t number = 0;
  bench_check(hs_agreement_read(hs_str_of(bench_offer), &making->arena, &file.agreement,
                                &file.terms, NULL, NULL, err),
              err);
  bench_check(hs_agreed_propose(programme, &agreed, &file, 1, 0, &number, err), err);
  bench_check(hs_agreed_sign(programme, &agreed, 1, (struct hs_str){0}, NULL, NULL, err), err);
  for (unsigned p = 0; p < making->sales->partner_count; p++) {
    char name[32];
    (void)snprintf(name, sizeof name, "partner-%03u", p);
    struct hs_party party = {.name = hs_str_of(name), .enrolment = HS_STR("approved")};
    bench_check(hs_state_add_party(programme, &party, err), err);
    bench_check(hs_agreed_enrol(programme, &agreed, party.name, 1, 0, err), err);
  }
}

static void give_codes(struct making *making)
{
  for (unsigned c = 0; c < making->sales->coupon_count; c++) {
    char code[32];
    char name[32];
    (void)snprintf(code, sizeof code, "CODE%u", c);
    (void)snprintf(name, sizeof name, "partner-%03u", c % making->sales->partner_count);
    struct hs_coupon coupon = {.code = hs_str_of(code),
                               .party = hs_str_of(name),
                               .valid_from_us = INT64_MIN,
                               .valid_until_us = INT64_MAX};
    bench_check(hs_state_add_coupon(&making->programme, &coupon, &making->err), &making->err);
  }
}

void bench_sales_make(const char *directory, const struct bench_sales *sales)
{
  struct making making = {.sales = sales};
  HS_ASSERT(sales->order_count > 0 && sales->orders_per_import > 0 && sales->partner_count > 0);
  bench_check(hs_arena_init(&making.arena, 8 * HS_MIB, &making.err), &making.err);
  bench_programme_make(&making.arena, directory, &making.programme);
  agree(&making);
  give_codes(&making);
  for (uint64_t from = 0; from < sales->order_count; from += sales->orders_per_import) {
    uint64_t left = sales->order_count - from;
    uint64_t until = from + (left < sales->orders_per_import ? left : sales->orders_per_import);
    import_touches(&making, from, until);
    import_orders(&making, from, until);
  }
  hs_programme_close(&making.programme);
  hs_arena_release(&making.arena);
  (void)remove(SOURCE);
}
