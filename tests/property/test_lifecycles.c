/* Proves that whatever happens to a commission (refunds, the lock, disputes, payouts, payments that
   come back), its transfers leave the partner with what it deserves: random lives of one
   commission, as transfers between accounts and in a model of five numbers that knows no accounts.
   By the names of the ledger's invariants: every transfer balances (L1), balances sum to zero (L2),
   what is owed is the fold of the transfers (L3), nothing is resolved twice (L4), and what was paid
   in excess is what the partner owes (L6).

   HANSA_COMMISSIONS is the number of lives (20,000), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "ledger/price.h"
#include "ledger/transfers.h"
#include "support/seeded.h"

static uint64_t seed;
static uint64_t chance;

#define HOLD(condition)                                                                            \
  do {                                                                                             \
    if (!(condition))                                                                              \
      fail_msg("%s: does not hold (again: HANSA_SEED=%llu HANSA_COMMISSIONS=1)", #condition,       \
               (unsigned long long)seed);                                                          \
  } while (0)

/* 0 to most. */
static int64_t up_to(int64_t most)
{
  return (int64_t)(test_random(&chance) % ((uint64_t)most + 1));
}

/* ---- the model ---- */

/* In minor units: what the partner gets at the lock, what is being disputed, what it is owed less
   what it owes, what it has; and what it deserves, which is always their sum. */
struct model {
  int64_t pending, disputed, net, has, deserves;
};

static void model_take(struct model *model, int64_t amount)
{
  model->deserves -= amount;
  int64_t part = amount < model->pending ? amount : model->pending;
  model->pending -= part;
  amount -= part;
  part = amount < model->disputed ? amount : model->disputed;
  model->disputed -= part;
  model->net -= amount - part;
}

/* ---- a life ---- */

struct life {
  struct model model;
  struct hs_owed owed;
  int64_t accounts[HS_ACCOUNT_KIND_COUNT]; /* credits less debits */
  enum hs_rounding rounding;
  int64_t order, refunded;
};

static void transfer(struct life *life, enum hs_transfer_kind kind, int64_t amount)
{
  const struct hs_transfer_spec *spec = hs_transfer_spec(kind);
  if (amount == 0)
    return;
  HOLD(hs_owed_add(&life->owed, kind, amount, NULL) == HS_OK);
  life->accounts[spec->debit] -= amount;
  life->accounts[spec->credit] += amount;
}

/* A step that takes one more than there is changes nothing. */
static void refuse(struct life *life, enum hs_transfer_kind kind, int64_t there)
{
  struct hs_owed before = life->owed;
  HOLD(hs_owed_add(&life->owed, kind, there + 1, NULL) == HS_CONFLICT);
  HOLD(memcmp(&before, &life->owed, sizeof before) == 0);
}

static void take_back(struct life *life, int64_t amount)
{
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  size_t count = 0;
  HOLD(hs_owed_take_back(&life->owed, amount, steps, &count, NULL) == HS_OK);
  for (size_t i = 0; i < count; i++)
    transfer(life, steps[i].kind, steps[i].amount_minor);
  int64_t left = life->owed.earned - life->owed.taken_back;
  HOLD(hs_owed_take_back(&life->owed, left + 1, steps, &count, NULL) == HS_CONFLICT);
}

/* ---- what happens ---- */

static void happens_order(struct life *life)
{
  const struct hs_rule rule = {.name = HS_STR("sales"), .rate = {.percentage = {up_to(100), 2}}};
  const struct hs_tallies none = {0};
  struct hs_sold sold = {
      .base_minor = 1 + up_to(100000), .count = 1, .share = hs_ratio_of(1 + up_to(6), 7)};
  struct hs_price price;
  life->order = sold.base_minor;
  life->rounding = up_to(1) ? HS_ROUND_HALF_UP : HS_ROUND_HALF_EVEN;
  HOLD(hs_price_sale(&rule, life->rounding, &sold, &none, &price, NULL) == HS_OK);
  transfer(life, HS_TRANSFER_EARN, price.amount_minor);
  life->model.pending = life->model.deserves = price.amount_minor;
}

/* Now and then an order comes back twice over. A part that a dispute denied was taken already. */
static void happens_refund(struct life *life)
{
  int64_t earned = life->owed.earned;
  int64_t back = 0;
  life->refunded += up_to(life->order / (1 + up_to(3)));
  HOLD(hs_price_take_back(earned, life->order, life->refunded, life->owed.taken_back,
                          life->rounding, &back, NULL) == HS_OK);
  take_back(life, back);
  model_take(&life->model, back);
  if (life->refunded >= life->order)
    HOLD(life->model.deserves == 0);
}

static void happens_lock(struct life *life)
{
  refuse(life, HS_TRANSFER_RELEASE, life->owed.pending);
  transfer(life, HS_TRANSFER_RELEASE, life->owed.pending);
  life->model.net += life->model.pending;
  life->model.pending = 0;
}

static void happens_dispute(struct life *life)
{
  int64_t amount = up_to(life->owed.payable);
  refuse(life, HS_TRANSFER_HOLD, life->owed.payable);
  transfer(life, HS_TRANSFER_HOLD, amount);
  life->model.net -= amount;
  life->model.disputed += amount;
}

/* Part of what is held is free again, the rest denied; or more is granted than was asked for. */
static void happens_decision(struct life *life)
{
  int64_t left = life->owed.earned - life->owed.taken_back;
  int64_t denied = up_to(life->owed.disputed < left ? life->owed.disputed : left);
  int64_t freed = life->owed.disputed - denied;
  int64_t granted = up_to(3) == 0 && life->refunded < life->order ? up_to(500) : 0;
  refuse(life, HS_TRANSFER_FREE, life->owed.disputed);
  refuse(life, HS_TRANSFER_DENY, life->owed.disputed < left ? life->owed.disputed : left);
  transfer(life, HS_TRANSFER_FREE, freed);
  transfer(life, HS_TRANSFER_DENY, denied);
  transfer(life, HS_TRANSFER_GRANT, granted);
  life->model.disputed = 0;
  life->model.net += freed + granted;
  life->model.deserves += granted - denied;
}

/* What the partner owes is netted first; only what is left travels. */
static void happens_payout(struct life *life)
{
  int64_t owes = -life->accounts[HS_ACCOUNT_RECEIVABLE];
  int64_t netted = owes < life->owed.payable ? owes : life->owed.payable;
  refuse(life, HS_TRANSFER_PAY, life->owed.payable);
  transfer(life, HS_TRANSFER_SET_OFF, netted);
  int64_t sent = life->owed.payable;
  transfer(life, HS_TRANSFER_PAY, sent);
  if (life->model.net > 0) {
    HOLD(sent == life->model.net);
    life->model.has += life->model.net;
    life->model.net = 0;
  } else {
    HOLD(sent == 0);
  }
}

static void happens_arrival(struct life *life)
{
  int64_t returned = up_to(2) == 0 ? up_to(life->owed.on_its_way) : 0;
  refuse(life, HS_TRANSFER_RETURN, life->owed.on_its_way);
  refuse(life, HS_TRANSFER_SETTLE, life->owed.on_its_way);
  transfer(life, HS_TRANSFER_RETURN, returned);
  transfer(life, HS_TRANSFER_SETTLE, life->owed.on_its_way);
  life->model.has -= returned;
  life->model.net += returned;
}

/* ---- what always holds ---- */

static void check(const struct life *life)
{
  const struct hs_owed *owed = &life->owed;
  const struct model *model = &life->model;
  const int64_t *accounts = life->accounts;
  int64_t sum = 0;
  for (size_t a = 0; a < HS_ACCOUNT_KIND_COUNT; a++)
    sum += accounts[a];
  HOLD(sum == 0);
  HOLD(owed->pending == accounts[HS_ACCOUNT_PENDING] &&
       owed->payable == accounts[HS_ACCOUNT_PAYABLE]);
  HOLD(owed->disputed == accounts[HS_ACCOUNT_DISPUTED] &&
       owed->on_its_way == accounts[HS_ACCOUNT_CLEARING]);
  HOLD(owed->earned - owed->taken_back == -accounts[HS_ACCOUNT_EXPENSE]);
  int64_t owes = -accounts[HS_ACCOUNT_RECEIVABLE];
  HOLD(owes >= 0);
  HOLD(model->pending == owed->pending && model->disputed == owed->disputed);
  HOLD(model->net == owed->payable - owes);
  HOLD(model->has == accounts[HS_ACCOUNT_CLEARING] + accounts[HS_ACCOUNT_BANK]);
  HOLD(model->deserves == owed->earned - owed->taken_back && model->deserves >= 0);
  HOLD(model->pending + model->disputed + model->net + model->has == model->deserves);
}

static void live(void)
{
  static void (*const HAPPENINGS[])(struct life *) = {
      happens_refund,   happens_refund, happens_lock,   happens_dispute,
      happens_decision, happens_payout, happens_arrival};
  struct life life = {0};
  happens_order(&life);
  check(&life);
  for (int64_t steps = up_to(24); steps > 0; steps--) {
    HAPPENINGS[up_to((int64_t)(sizeof HAPPENINGS / sizeof *HAPPENINGS) - 1)](&life);
    check(&life);
  }
  /* In the end all is decided and paid: the partner has what it deserves, or owes the difference.
   */
  happens_lock(&life);
  happens_decision(&life);
  happens_payout(&life);
  check(&life);
  HOLD(life.model.has == life.model.deserves - life.model.net && life.model.net <= 0);
}

static void a_partner_ends_with_what_it_deserves([[maybe_unused]] void **state)
{
  uint64_t first = test_number("HANSA_SEED", 1);
  uint64_t count = test_number("HANSA_COMMISSIONS", 20000);
  for (seed = first; seed < first + count; seed++) {
    chance = seed;
    live();
  }
  print_message("%llu lives (seeds from %llu)\n", (unsigned long long)count,
                (unsigned long long)first);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_partner_ends_with_what_it_deserves)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
