/* Proves that a simulation says what a ledger would: in random programmes whose orders come after
   all that is known about them, the terms that hold give the partners what was posted for them, and
   other terms what another programme posts that had them from its beginning. The ledger asks the
   trail page by page for what is known of orders, the simulation finds it out for everybody once,
   so this is where the two ways meet.

   HANSA_CASES programmes (40), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service/agreed/agreed.h"
#include "service/agreed/agreement_simulate.h"
#include "service/track/state.h"
#include "support/engine.h"
#include "support/journal.h"
#include "support/seeded.h"

#define DAY(n) (ENGINE_AGREED_US + ((int64_t)(n)-1) * HS_DAY_US)
#define DOCUMENT                                                                                   \
  "{\"format\":1,\"title\":\"Offer\",\"weight\":\"standard\",\"kind\":\"affiliate\",\"terms\":{"   \
  "\"currency\":\"EUR\",\"window_days\":%d,\"hold_days\":10,\"rules\":[%s]}}"

enum { PARTNERS = 6, PEOPLE = 14, TOUCHES = 90, ORDERS = 60, DAYS = 50 };

static const char *const RULES[] = {
    "{\"name\":\"sales\",\"rank\":1,\"rate\":\"7.5%\"}",
    "{\"name\":\"sales\",\"rank\":1,\"amount\":\"3.00\"}",
    "{\"name\":\"new\",\"rank\":1,\"rate\":\"12%\",\"customer\":\"new\"},"
    "{\"name\":\"rest\",\"rank\":2,\"rate\":\"4%\"}",
    "{\"name\":\"large\",\"rank\":1,\"rate\":\"11%\",\"value_min\":\"50.00\"}",
    "{\"name\":\"sales\",\"rank\":1,\"rate\":\"8%\",\"tiers\":{\"measure\":\"orders\",\"period\":"
    "\"month\",\"steps\":[{\"from\":\"3\",\"rate\":\"10%\"}]}}",
    "{\"name\":\"sales\",\"rank\":1,\"rate\":\"5%\",\"tiers\":{\"measure\":\"revenue\",\"period\":"
    "\"week\",\"steps\":[{\"from\":\"120.00\",\"rate\":\"9%\"}]}}",
};
enum { RULE_COUNT = sizeof RULES / sizeof *RULES };

static uint64_t seed;
static uint64_t chance;

static uint64_t draw(uint64_t below) { return test_random(&chance) % below; }

/* ---- one programme ---- */

struct terms {
  const char *rules;
  int window_days;
};

/* What is drawn before anything happens, so that two programmes differ in their terms alone. */
struct plan {
  struct terms first, second; /* of the agreements "one" and "two" */
  uint64_t happenings;        /* seed of everything else */
};

static struct terms draw_terms(void)
{
  return (struct terms){RULES[draw(RULE_COUNT)], 1 + (int)draw(20)};
}

static void agree(struct engine *engine, const char *name, const struct terms *terms)
{
  char document[1024];
  (void)snprintf(document, sizeof document, DOCUMENT, terms->window_days, terms->rules);
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_PROPOSE,
                                             .agreement = hs_str_of(name),
                                             .number = 1,
                                             .document = hs_str_of(document),
                                             .from_us = DAY(1)});
  engine_decide(engine, (struct hs_decision){
                            .kind = HS_DECISION_SIGN, .agreement = hs_str_of(name), .number = 1});
}

/* Most partners take part in one of the two, some in both, the last in none. */
static void enrol(struct engine *engine, int partner, const char *name)
{
  char code[16];
  (void)snprintf(code, sizeof code, "CODE%d", partner);
  struct hs_coupon coupon = {.code = hs_str_of(code),
                             .party = hs_str_of(name),
                             .valid_from_us = DAY(draw(20)),
                             .valid_until_us = DAY(20 + draw(30))};
  assert_ok(hs_state_add_coupon(&engine->programme, &coupon, &engine->err));
  if (partner + 1 < PARTNERS && draw(4) != 0)
    engine_enrol(engine, "one", name);
  if (partner + 1 < PARTNERS && draw(2) != 0)
    engine_enrol(engine, "two", name);
}

/* No order stays with a first sale: that is looked up in the ledger, which has its own terms. */
static void set_policy(struct engine *engine)
{
  struct hs_policy policy = HS_POLICY_LAST;
  uint64_t number = 0;
  policy.renewals = HS_RENEWALS_NEVER;
  policy.is_coupon_first = draw(2) != 0;
  if (draw(2) != 0) {
    policy.first = hs_ratio_of((int64_t)draw(5), 10);
    policy.last = hs_ratio_of((int64_t)draw(5), 10);
    policy.minimum = hs_ratio_of((int64_t)draw(3), 10);
  }
  assert_ok(hs_agreed_policy(&engine->programme, HS_STR("finance"), (struct hs_str){0}, &policy,
                             DAY(1), &number, &engine->err));
}

static void add_moment(struct hs_buf *csv, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time(at_us, text);
  hs_buf_printf(csv, ",%s", text);
}

static int64_t any_moment(void) { return DAY(1) + (int64_t)draw(DAYS * 24) * HS_HOUR_US; }

static void import_touches(struct engine *engine, struct hs_arena *arena)
{
  struct hs_buf csv = hs_buf_in(arena);
  hs_buf_add_text(&csv, "touch_id,person,occurred_at,partner\n");
  for (int i = 0; i < TOUCHES; i++) {
    hs_buf_printf(&csv, "t%d,v%d", i, (int)draw(PEOPLE));
    add_moment(&csv, any_moment());
    hs_buf_printf(&csv, ",p%d\n", (int)draw(PARTNERS));
  }
  engine_import(engine, HS_EVENT_TOUCH, "touches.csv", csv.data);
  hs_buf_clear(&csv);
  hs_buf_add_text(&csv, "visitor,customer,occurred_at\n");
  for (int i = 0; i < PEOPLE / 3; i++) {
    hs_buf_printf(&csv, "v%d,c%d", (int)draw(PEOPLE), (int)draw(PEOPLE));
    add_moment(&csv, any_moment());
    hs_buf_add_char(&csv, '\n');
  }
  engine_import(engine, HS_EVENT_IDENTITY, "identities.csv", csv.data);
}

/* In the order of time: posting lets a renewal wait for a first sale that stands behind it in its
   file, and a simulation does not. */
static void import_orders(struct engine *engine, struct hs_arena *arena)
{
  struct hs_buf csv = hs_buf_in(arena);
  hs_buf_add_text(&csv, "order_id,person,customer,occurred_at,amount,currency,coupon\n");
  for (int i = 0; i < ORDERS; i++) {
    hs_buf_printf(&csv, "o%d,", i);
    if (draw(8) != 0)
      hs_buf_printf(&csv, "v%d", (int)draw(PEOPLE));
    hs_buf_add_char(&csv, ',');
    if (draw(3) == 0)
      hs_buf_printf(&csv, "c%d", (int)draw(PEOPLE));
    add_moment(&csv, DAY(1) + i * (DAYS * HS_DAY_US / ORDERS) + (int64_t)draw(3) * HS_HOUR_US);
    hs_buf_printf(&csv, ",%d.%02d,%s,", 5 + (int)draw(90), (int)draw(100),
                  draw(9) == 0 ? "USD" : "EUR");
    if (draw(5) == 0)
      hs_buf_printf(&csv, "code%d", (int)draw(PARTNERS));
    hs_buf_add_char(&csv, '\n');
  }
  engine_import(engine, HS_EVENT_ORDER, "orders.csv", csv.data);
}

/* A programme with its ledger. */
static void live(struct engine *engine, const struct plan *plan)
{
  struct hs_arena arena = {0};
  assert_ok(hs_arena_init(&arena, HS_MIB, NULL));
  chance = plan->happenings;
  engine_start(engine, DAY(DAYS + 10));
  for (int p = 0; p < PARTNERS; p++) {
    char name[16];
    (void)snprintf(name, sizeof name, "p%d", p);
    engine_add_partner(engine, name);
  }
  agree(engine, "one", &plan->first);
  agree(engine, "two", &plan->second);
  for (int p = 0; p < PARTNERS; p++) {
    char name[16];
    (void)snprintf(name, sizeof name, "p%d", p);
    enrol(engine, p, name);
  }
  set_policy(engine);
  import_touches(engine, &arena);
  import_orders(engine, &arena);
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  hs_arena_release(&arena);
}

/* ---- what partners earned ---- */

struct earned {
  uint64_t commissions[PARTNERS];
  int64_t amount_minor[PARTNERS];
};

static int partner_of(struct hs_str name) { return name.data[1] - '0'; }

static enum hs_status add_posted(void *context, const struct hs_commission_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct earned *earned = context;
  earned->commissions[partner_of(row->partner)]++;
  earned->amount_minor[partner_of(row->partner)] += row->amount_minor;
  return HS_OK;
}

/* Of orders in the period. */
static struct earned posted(const struct engine *engine, const struct hs_period *period)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct earned earned = {0};
  assert_ok(ledger->commissions(ledger->self, (struct hs_str){0}, period->from_us, period->until_us,
                                add_posted, &earned, NULL));
  return earned;
}

struct both {
  struct earned now, then;
};

static enum hs_status add_simulated(void *context, const struct hs_simulated *line,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct both *both = context;
  int partner = partner_of(line->partner);
  both->now.commissions[partner] = line->commissions_now;
  both->now.amount_minor[partner] = line->earned_now_minor;
  both->then.commissions[partner] = line->commissions_then;
  both->then.amount_minor[partner] = line->earned_then_minor;
  return HS_OK;
}

static struct both simulated(struct engine *engine, const struct terms *terms,
                             const struct hs_period *period)
{
  struct both both = {0};
  struct hs_agreement_file file;
  char document[1024];
  hs_arena_reset(&engine->work, 0);
  (void)snprintf(document, sizeof document, DOCUMENT, terms->window_days, terms->rules);
  assert_ok(hs_agreement_read(hs_str_of(document), &engine->work, &file.agreement, &file.terms,
                              NULL, NULL, &engine->err));
  const struct hs_simulation simulation = {
      .agreement = HS_STR("one"), .file = &file, .period = *period};
  assert_ok(
      hs_agreement_simulate(&engine->programme, &simulation, add_simulated, &both, &engine->err));
  return both;
}

static void assert_same(const struct earned *given, const struct earned *expected, const char *what)
{
  for (int p = 0; p < PARTNERS; p++)
    if (given->commissions[p] != expected->commissions[p] ||
        given->amount_minor[p] != expected->amount_minor[p])
      fail_msg("%s: p%d has %" PRIu64 " commissions of %" PRId64 ", expected %" PRIu64
               " of %" PRId64 " (again: HANSA_SEED=%" PRIu64 " HANSA_CASES=1)",
               what, p, given->commissions[p], given->amount_minor[p], expected->commissions[p],
               expected->amount_minor[p], seed);
}

/* ---- the law ---- */

static void check_programme(void)
{
  const struct hs_period ever = {DAY(1), DAY(DAYS + 1)};
  struct engine engine;
  struct engine other;
  chance = seed;
  struct plan plan = {draw_terms(), draw_terms(), 0};
  struct terms proposed = draw_terms();
  plan.happenings = test_random(&chance);
  live(&engine, &plan);
  struct earned expected = posted(&engine, &ever);
  struct both same = simulated(&engine, &plan.first, &ever);
  assert_same(&same.now, &expected, "the terms that hold");
  assert_same(&same.then, &expected, "the same terms proposed");
  struct both both = simulated(&engine, &proposed, &ever);
  assert_same(&both.now, &expected, "the terms that hold beside others");
  engine_release(&engine);
  plan.first = proposed;
  live(&other, &plan);
  expected = posted(&other, &ever);
  assert_same(&both.then, &expected, "the proposed terms");
  engine_release(&other);
}

static void a_simulation_gives_what_the_ledger_posts([[maybe_unused]] void **state)
{
  uint64_t first = test_number("HANSA_SEED", 1);
  uint64_t count = test_number("HANSA_CASES", 40);
  for (seed = first; seed < first + count; seed++)
    check_programme();
}

/* Without tiers a month of a programme is what the ledger has of the month. */
static void a_period_is_of_its_orders_alone([[maybe_unused]] void **state)
{
  const struct hs_period some = {DAY(12), DAY(31)};
  struct engine engine;
  seed = chance = test_number("HANSA_SEED", 1);
  const struct plan plan = {{RULES[0], 9}, {RULES[2], 14}, test_random(&chance)};
  live(&engine, &plan);
  struct earned expected = posted(&engine, &some);
  struct both both = simulated(&engine, &plan.first, &some);
  assert_same(&both.now, &expected, "a period");
  assert_same(&both.then, &expected, "a period");
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_simulation_gives_what_the_ledger_posts),
      cmocka_unit_test(a_period_is_of_its_orders_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
