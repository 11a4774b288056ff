/* Proves that orders, touchpoints, identities, refunds and locks in any order of arrival leave each
   partner with what a small model gives it: the model knows visitors and whose they are, takes the
   last touchpoint within thirty days, or the partner of the customer's first sale, looks once when
   the order comes and once at the lock that ends its return period, and computes money from that
   alone, without a ledger. Every ledger also comes back the same from its journal.

   HANSA_SEED is the first seed, HANSA_SEEDS how many (40). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/engine.h"
#include "support/journal.h"
#include "support/seeded.h"

enum { PARTNERS = 3, PERSONS = 5, CUSTOMERS = 2, STEPS = 24, EVENTS_MAX = 200, NOBODY = -1 };

#define DAY_US HS_DAY_US
#define WINDOW_US (30 * DAY_US)
#define HOLD_US (10 * DAY_US)

static const int64_t RATES[PARTNERS] = {10, 12, 15}; /* percent */

/* ---- the model ---- */

struct touch {
  int person, partner, frame, row;
  int64_t at_us;
};

/* A visitor is one customer's: more would be a shared device, and nobody's. */
struct joined {
  int customer, frame; /* frame 0: not yet */
};

struct sale {
  int person, frame, row;
  int64_t at_us, amount, refunded;
  int64_t ends_us;   /* of the return period */
  int outcome;       /* the partner, or NOBODY */
  int changed_frame; /* of the lock that changed it; 0: none did */
  int before;        /* the outcome until then */
  int is_locked;
};

struct model {
  struct touch touches[EVENTS_MAX];
  struct joined joined[PERSONS];
  struct sale sales[EVENTS_MAX];
  int touch_count, sale_count, changed_count;
  int frame; /* the last one */
  int64_t locked_us;
};

/* By what was known at a frame: the same number for visitors who are one customer. */
static void find_persons(const struct model *model, int frame, int out[PERSONS])
{
  for (int p = 0; p < PERSONS; p++)
    out[p] = model->joined[p].frame != 0 && model->joined[p].frame <= frame
                 ? PERSONS + model->joined[p].customer
                 : p;
}

static int is_later(int64_t at_a, int frame_a, int row_a, int64_t at_b, int frame_b, int row_b)
{
  if (at_a != at_b)
    return at_a > at_b;
  return frame_a != frame_b ? frame_a > frame_b : row_a > row_b;
}

static int last_touch(const struct model *model, const struct sale *sale, int frame,
                      const int persons[PERSONS])
{
  const struct touch *last = NULL;
  for (int i = 0; i < model->touch_count; i++) {
    const struct touch *touch = &model->touches[i];
    if (touch->frame <= frame && persons[touch->person] == persons[sale->person] &&
        touch->at_us <= sale->at_us && sale->at_us <= touch->at_us + WINDOW_US &&
        (last == NULL ||
         is_later(touch->at_us, touch->frame, touch->row, last->at_us, last->frame, last->row)))
      last = touch;
  }
  return last == NULL ? NOBODY : last->partner;
}

static int judge(const struct model *model, const struct sale *sale, int frame)
{
  int persons[PERSONS];
  const struct sale *first = sale;
  find_persons(model, frame, persons);
  int partner = last_touch(model, sale, frame, persons);
  for (int i = 0; i < model->sale_count; i++) {
    const struct sale *other = &model->sales[i];
    if (other->frame <= frame && persons[other->person] == persons[sale->person] &&
        is_later(first->at_us, first->frame, first->row, other->at_us, other->frame, other->row))
      first = other;
  }
  if (partner != NOBODY || first == sale)
    return partner;
  return first->changed_frame > frame ? first->before : first->outcome;
}

static int64_t half_even(int64_t top, int64_t bottom)
{
  int64_t whole = top / bottom;
  int64_t twice = 2 * (top % bottom);
  return whole + (twice > bottom || (twice == bottom && whole % 2 != 0));
}

static int64_t net_of(const struct sale *sale)
{
  int64_t earned = half_even(sale->amount * RATES[sale->outcome], 100);
  return earned - half_even(earned * sale->refunded, sale->amount);
}

/* Orders of one file: those that ask about a first sale of the same file wait for it. */
static void judge_sales(struct model *model, int from)
{
  for (int turn = 0; turn < 2; turn++)
    for (int i = from; i < model->sale_count; i++) {
      struct sale *sale = &model->sales[i];
      int persons[PERSONS];
      int is_renewal = 0;
      find_persons(model, sale->frame, persons);
      for (int j = 0; j < model->sale_count; j++) {
        const struct sale *other = &model->sales[j];
        is_renewal |=
            persons[other->person] == persons[sale->person] &&
            is_later(sale->at_us, sale->frame, sale->row, other->at_us, other->frame, other->row);
      }
      if (is_renewal == turn)
        sale->outcome = judge(model, sale, sale->frame);
      sale->ends_us =
          sale->at_us + HOLD_US > model->locked_us ? sale->at_us + HOLD_US : model->locked_us + 1;
    }
}

static struct sale *next_to_lock(struct model *model, int64_t until_us)
{
  struct sale *next = NULL;
  for (int i = 0; i < model->sale_count; i++) {
    struct sale *sale = &model->sales[i];
    if (!sale->is_locked && sale->ends_us <= until_us &&
        (next == NULL ||
         is_later(next->at_us, next->frame, next->row, sale->at_us, sale->frame, sale->row)))
      next = sale;
  }
  return next;
}

static void lock_model(struct model *model, int64_t until_us)
{
  struct sale *sale;
  while ((sale = next_to_lock(model, until_us)) != NULL) {
    int outcome = judge(model, sale, model->frame);
    sale->is_locked = 1;
    if (outcome == sale->outcome)
      continue;
    sale->before = sale->outcome;
    sale->outcome = outcome;
    sale->changed_frame = model->frame;
    model->changed_count++;
  }
  model->locked_us = until_us;
}

/* ---- the same for the engine ---- */

static uint64_t chance;

static int below(int bound) { return (int)(test_random(&chance) % (uint64_t)bound); }

/* Days 1 to 50, on the minute. */
static int64_t some_moment(void)
{
  return ENGINE_AGREED_US + (int64_t)below(50 * 24 * 60) * 60 * HS_SECOND_US;
}

static void import(struct engine *engine, struct model *model, enum hs_event_kind kind,
                   const char *csv)
{
  char name[32];
  model->frame++;
  (void)snprintf(name, sizeof name, "%d.csv", model->frame);
  engine_import(engine, kind, name, csv);
}

/* A row that begins with two names, each a letter and a number. */
static void add_line(char *csv, size_t room, const char letters[3], int number, int other,
                     int64_t at_us, const char *rest)
{
  char at[HS_TIME_TEXT];
  hs_format_time(at_us, at);
  (void)snprintf(csv + strlen(csv), room - strlen(csv), "%c%d,%c%d,%s,%s\n", letters[0], number,
                 letters[1], other, at, rest);
}

static void touch(struct engine *engine, struct model *model)
{
  char csv[1024] = "touch_id,person,occurred_at,partner\n";
  int count = 1 + below(3);
  for (int row = 1; row <= count; row++) {
    struct touch one = {below(PERSONS), below(PARTNERS), model->frame + 1, row, some_moment()};
    char partner[24];
    (void)snprintf(partner, sizeof partner, "b%d", one.partner);
    add_line(csv, sizeof csv, "tp", model->touch_count, one.person, one.at_us, partner);
    model->touches[model->touch_count++] = one;
  }
  import(engine, model, HS_EVENT_TOUCH, csv);
}

static void sell(struct engine *engine, struct model *model)
{
  char csv[1024] = "order_id,person,occurred_at,amount,currency\n";
  int from = model->sale_count;
  int count = 1 + below(3);
  for (int row = 1; row <= count; row++) {
    struct sale one = {.person = below(PERSONS),
                       .frame = model->frame + 1,
                       .row = row,
                       .at_us = some_moment(),
                       .amount = 1 + below(20000),
                       .outcome = NOBODY};
    char rest[40];
    (void)snprintf(rest, sizeof rest, "%" PRId64 ".%02" PRId64 ",EUR", one.amount / 100,
                   one.amount % 100);
    add_line(csv, sizeof csv, "op", model->sale_count, one.person, one.at_us, rest);
    model->sales[model->sale_count++] = one;
  }
  import(engine, model, HS_EVENT_ORDER, csv);
  judge_sales(model, from);
}

static void refund(struct engine *engine, struct model *model)
{
  if (model->sale_count == 0)
    return;
  int number = below(model->sale_count);
  struct sale *sale = &model->sales[number];
  int64_t amount = 1 + below((int)sale->amount);
  char csv[256] = "refund_id,order_id,occurred_at,amount,currency\n";
  char rest[40];
  (void)snprintf(rest, sizeof rest, "%" PRId64 ".%02" PRId64 ",EUR", amount / 100, amount % 100);
  add_line(csv, sizeof csv, "ro", model->frame, number, sale->at_us + DAY_US, rest);
  sale->refunded += amount;
  if (sale->refunded > sale->amount)
    sale->refunded = sale->amount;
  import(engine, model, HS_EVENT_REFUND, csv);
}

static void join(struct engine *engine, struct model *model)
{
  int person = below(PERSONS);
  int customer = below(CUSTOMERS);
  char csv[256];
  if (model->joined[person].frame != 0)
    return;
  (void)snprintf(csv, sizeof csv, "visitor,customer,occurred_at\np%d,c%d,2026-09-01T00:00:00Z\n",
                 person, customer);
  import(engine, model, HS_EVENT_IDENTITY, csv);
  model->joined[person] = (struct joined){customer, model->frame};
}

static void lock(struct engine *engine, struct model *model)
{
  int64_t until_us = model->locked_us + (1 + below(15)) * DAY_US;
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  engine_lock(engine, until_us);
  model->frame++;
  lock_model(model, until_us);
}

/* ---- the comparison ---- */

struct held {
  char partner[24];
  int64_t pending, payable, other;
};

static enum hs_status add_balance(void *context, const struct hs_balance_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct held *held = context;
  int64_t minor = row->credit_minor - row->debit_minor;
  if (!hs_str_equal(row->account.party, hs_str_of(held->partner)))
    return HS_OK;
  if (row->account.kind == HS_ACCOUNT_PENDING)
    held->pending += minor;
  else if (row->account.kind == HS_ACCOUNT_PAYABLE)
    held->payable += minor;
  else
    held->other += minor;
  return HS_OK;
}

static void assert_partner(struct engine *engine, const struct model *model, int partner)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct held held = {.pending = 0};
  int64_t pending = 0;
  int64_t payable = 0;
  (void)snprintf(held.partner, sizeof held.partner, "b%d", partner);
  assert_ok(ledger->balances(ledger->self, INT64_MAX, add_balance, &held, &engine->err));
  for (int i = 0; i < model->sale_count; i++) {
    const struct sale *sale = &model->sales[i];
    if (sale->outcome == partner)
      *(sale->is_locked ? &payable : &pending) += net_of(sale);
  }
  assert_int_equal(held.pending, pending);
  assert_int_equal(held.payable, payable);
  assert_int_equal(held.other, 0);
}

static enum hs_status count_judged(void *context,
                                   [[maybe_unused]] const struct hs_judged_again_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  ++*(int *)context;
  return HS_OK;
}

static void assert_model(struct engine *engine, const struct model *model)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  int changed = 0;
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  assert_ok(
      ledger->judged_again(ledger->self, (struct hs_str){0}, count_judged, &changed, &engine->err));
  assert_int_equal(changed, model->changed_count);
  for (int partner = 0; partner < PARTNERS; partner++)
    assert_partner(engine, model, partner);
}

static void start(struct engine *engine)
{
  engine_start(engine, ENGINE_AGREED_US + 200 * DAY_US);
  for (int partner = 0; partner < PARTNERS; partner++) {
    char name[24];
    char rule[80];
    (void)snprintf(name, sizeof name, "b%d", partner);
    (void)snprintf(rule, sizeof rule, "{\"name\":\"sales\",\"rank\":1,\"rate\":\"%" PRId64 "%%\"}",
                   RATES[partner]);
    engine_add_partner(engine, name);
    engine_agree(engine, name, 1, rule, ENGINE_AGREED_US);
    engine_enrol(engine, name, name);
  }
}

/* How many second judgements had another outcome: what the test is about has to happen. */
static int live(uint64_t seed)
{
  struct engine engine;
  static struct model model;
  chance = seed;
  model = (struct model){.locked_us = ENGINE_AGREED_US};
  start(&engine);
  lock(&engine, &model);
  for (int step = 0; step < STEPS; step++) {
    void (*const kinds[])(struct engine *, struct model *) = {touch,  touch, sell, sell,
                                                              refund, join,  lock};
    kinds[below(7)](&engine, &model);
    assert_model(&engine, &model);
  }
  assert_ledger_replays(&engine);
  engine_release(&engine);
  return model.changed_count;
}

static void what_partners_get_is_what_the_model_gives_them([[maybe_unused]] void **state)
{
  uint64_t seed = test_number("HANSA_SEED", 1);
  uint64_t count = test_number("HANSA_SEEDS", 40);
  int changed = 0;
  for (uint64_t i = 0; i < count; i++) {
    print_message("seed %" PRIu64 "\n", seed + i);
    changed += live(seed + i);
  }
  assert_true(changed > 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_partners_get_is_what_the_model_gives_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
