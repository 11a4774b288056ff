/* Proves L6 on the whole engine: at payout, paid <= posted - held - clawed back, and any later
   excess equals the receivable. Random lives of two partners: orders, refunds before and after
   payout, the end of return periods, disputes and their decisions both ways, adjustments, payout
   runs, payments that arrive, fail and are called off. After each step the tables must agree with
   each other: what payouts say was sent is what the entries moved, the documents of a payout come
   to it, their numbers have no gap, and no account is on the wrong side. In the end a replay gives
   the same rows (L9), which sum to zero (L2).

   HANSA_LIVES is the number of lives (200), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/numbers.h"
#include "service/pay/payout_marks.h"
#include "support/journal.h"
#include "support/paying.h"
#include "support/seeded.h"

#define DAY(n) (ENGINE_AGREED_US + ((n)-1) * HS_DAY_US)
#define STEPS 30
#define THINGS_MAX 64
#define PARTNERS 2
static const char *const NAMES[PARTNERS] = {"alpha", "beta"};

struct life {
  struct engine engine;
  uint64_t seed, chance;
  int orders, refunds, runs, locks;
  struct hs_id commissions[THINGS_MAX], disputes[THINGS_MAX], payouts[THINGS_MAX];
  struct hs_str partners[THINGS_MAX]; /* of the commissions */
  size_t commission_count, dispute_count, payout_count;
};

static int64_t up_to(struct life *life, int64_t most)
{
  return (int64_t)(test_random(&life->chance) % ((uint64_t)most + 1));
}

#define HOLD(life, condition)                                                                      \
  do {                                                                                             \
    if (!(condition))                                                                              \
      fail_msg("%s: does not hold (again: HANSA_SEED=%" PRIu64 " HANSA_LIVES=1)", #condition,      \
               (life)->seed);                                                                      \
  } while (0)

/* ---- what is there ---- */

static enum hs_status note_commission(void *context, const struct hs_commission_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  struct life *life = context;
  if (life->commission_count < THINGS_MAX) {
    life->partners[life->commission_count] =
        hs_str_of(hs_str_equal(row->partner, HS_STR("alpha")) ? "alpha" : "beta");
    life->commissions[life->commission_count++] = row->id;
  }
  return HS_OK;
}

static enum hs_status note_payout(void *context, const struct hs_payout_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct life *life = context;
  if (life->payout_count < THINGS_MAX)
    life->payouts[life->payout_count++] = row->id;
  return HS_OK;
}

static void look(struct life *life)
{
  const struct hs_ledger_reader *ledger = &life->engine.programme.book.ledger;
  struct hs_str all = {0};
  life->commission_count = life->payout_count = 0;
  assert_ok(
      ledger->commissions(ledger->self, all, INT64_MIN, INT64_MAX, note_commission, life, NULL));
  assert_ok(ledger->payouts(ledger->self, all, note_payout, life, NULL));
}

/* ---- what happens ---- */

static void catch_up(struct life *life)
{
  assert_ok(hs_ledger_catch_up(&life->engine.programme, NULL, NULL, NULL, &life->engine.err));
}

static void import(struct life *life, enum hs_event_kind kind, const char *text)
{
  char name[32];
  (void)snprintf(name, sizeof name, "f%d.csv", ++life->locks);
  engine_import(&life->engine, kind, name, text);
}

static void happens_order(struct life *life)
{
  char text[256];
  int number = ++life->orders;
  (void)snprintf(text, sizeof text,
                 "touch_id,person,occurred_at,partner\nt%d,p%d,2026-09-%02dT10:00:00Z,%s\n", number,
                 number, 1 + number % 28, NAMES[up_to(life, 1)]);
  import(life, HS_EVENT_TOUCH, text);
  (void)snprintf(text, sizeof text,
                 "order_id,person,occurred_at,amount,currency\n"
                 "o%d,p%d,2026-09-%02dT12:00:00Z,%d.%02d,EUR\n",
                 number, number, 1 + number % 28, (int)(1 + up_to(life, 400)),
                 (int)up_to(life, 99));
  import(life, HS_EVENT_ORDER, text);
  catch_up(life);
}

static void happens_refund(struct life *life)
{
  char text[256];
  if (life->orders == 0)
    return;
  (void)snprintf(text, sizeof text,
                 "refund_id,order_id,occurred_at,amount,currency\n"
                 "r%d,o%d,2026-10-05T12:00:00Z,%d.%02d,EUR\n",
                 ++life->refunds, (int)(1 + up_to(life, life->orders - 1)), (int)up_to(life, 200),
                 (int)(1 + up_to(life, 98)));
  import(life, HS_EVENT_REFUND, text);
  catch_up(life);
}

static void happens_lock(struct life *life)
{
  engine_lock(&life->engine, DAY(12 + up_to(life, 30)));
}

/* Whether it may happen is the engine's to say; nothing else may go wrong. */
static enum hs_status decide(struct life *life, struct hs_decision decision)
{
  decision.by = HS_STR("finance");
  enum hs_status status = hs_decide(&life->engine.programme, &decision, &life->engine.err);
  if (status != HS_OK && status != HS_CONFLICT && status != HS_INVALID)
    fail_msg("%s: %s (HANSA_SEED=%" PRIu64 ")", hs_decision_word(decision.kind),
             life->engine.err.text, life->seed);
  return status;
}

static void happens_dispute(struct life *life)
{
  if (life->commission_count == 0 || life->dispute_count == THINGS_MAX)
    return;
  size_t of = (size_t)up_to(life, (int64_t)life->commission_count - 1);
  struct hs_id id = hs_id_make(&life->engine.programme.ids, life->engine.io, "dsp");
  enum hs_status status =
      decide(life, (struct hs_decision){.kind = HS_DECISION_DISPUTE,
                                        .dispute = id,
                                        .party = life->partners[of],
                                        .commission = life->commissions[of],
                                        .about = up_to(life, 2) == 0 ? HS_STR("wrongly reversed")
                                                                     : HS_STR("wrong amount"),
                                        .currency = {"EUR"},
                                        .amount_minor = 1 + up_to(life, 2000)});
  if (status == HS_OK)
    life->disputes[life->dispute_count++] = id;
}

static void happens_verdict(struct life *life)
{
  static const char *const VERDICTS[] = {"upheld", "declined", "incomplete"};
  if (life->dispute_count == 0)
    return;
  const char *verdict = VERDICTS[up_to(life, 2)];
  int is_upheld = verdict == VERDICTS[0];
  (void)decide(life, (struct hs_decision){
                         .kind = HS_DECISION_JUDGE,
                         .seconded_by = HS_STR("chief"),
                         .dispute = life->disputes[up_to(life, (int64_t)life->dispute_count - 1)],
                         .verdict = hs_str_of(verdict),
                         .amount_minor = is_upheld ? up_to(life, 1000) - 500 : 0});
}

static void happens_adjustment(struct life *life)
{
  struct hs_decision decision = {.kind = HS_DECISION_ADJUST,
                                 .seconded_by = HS_STR("chief"),
                                 .currency = {"EUR"},
                                 .amount_minor = up_to(life, 1500) - 750,
                                 .reason = HS_STR("found right")};
  if (up_to(life, 1) == 0 || life->commission_count == 0)
    decision.party = hs_str_of(NAMES[up_to(life, 1)]);
  else
    decision.commission = life->commissions[up_to(life, (int64_t)life->commission_count - 1)];
  (void)decide(life, decision);
}

static void happens_end(struct life *life)
{
  static const char *const STATES[] = {"sent", "completed", "completed", "failed", "canceled"};
  if (life->payout_count == 0)
    return;
  (void)decide(life, (struct hs_decision){
                         .kind = HS_DECISION_PAYOUT_STATE,
                         .payout = life->payouts[up_to(life, (int64_t)life->payout_count - 1)],
                         .state = hs_str_of(STATES[up_to(life, 4)]),
                         .reason = HS_STR("so says the bank")});
}

/* ---- L6 ---- */

struct standing {
  struct life *life;
  int64_t posted, taken_back, sent;
  int64_t account[HS_ACCOUNT_KIND_COUNT]; /* credit less debit */
};

static enum hs_status add_entry(void *context, const struct hs_transfer_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  struct standing *standing = context;
  if (row->debit.kind == HS_ACCOUNT_EXPENSE)
    standing->posted += row->amount_minor;
  if (row->credit.kind == HS_ACCOUNT_EXPENSE)
    standing->taken_back += row->amount_minor;
  if (row->credit.kind == HS_ACCOUNT_CLEARING)
    standing->sent += row->amount_minor;
  if (row->debit.kind == HS_ACCOUNT_CLEARING && row->credit.kind == HS_ACCOUNT_PAYABLE)
    standing->sent -= row->amount_minor;
  standing->account[row->debit.kind] -= row->amount_minor;
  standing->account[row->credit.kind] += row->amount_minor;
  return HS_OK;
}

static struct standing standing_of(struct life *life, const char *partner)
{
  const struct hs_ledger_reader *ledger = &life->engine.programme.book.ledger;
  struct standing standing = {.life = life};
  assert_ok(ledger->transfers(ledger->self, hs_str_of(partner), INT64_MIN, INT64_MAX, add_entry,
                              &standing, NULL));
  return standing;
}

/* Of what was posted that which is neither held nor taken back nor still to be released. */
static int64_t entitled(const struct standing *standing)
{
  return standing->posted - standing->taken_back - standing->account[HS_ACCOUNT_PENDING] -
         standing->account[HS_ACCOUNT_DISPUTED];
}

static void happens_run(struct life *life)
{
  struct hs_paid paid;
  char name[32];
  struct standing before[PARTNERS];
  (void)snprintf(name, sizeof name, "run-%d", ++life->runs);
  for (size_t p = 0; p < PARTNERS; p++)
    before[p] = standing_of(life, NAMES[p]);
  if (paying_run(&life->engine, name, "out.xml", &paid) != HS_OK)
    fail_msg("a run: %s (HANSA_SEED=%" PRIu64 ")", life->engine.err.text, life->seed);
  for (size_t p = 0; p < PARTNERS; p++) {
    struct standing after = standing_of(life, NAMES[p]);
    if (after.sent == before[p].sent)
      continue;
    HOLD(life, after.sent <= entitled(&after));
    HOLD(life, after.account[HS_ACCOUNT_RECEIVABLE] == 0);
    HOLD(life, after.account[HS_ACCOUNT_DISPUTED] == before[p].account[HS_ACCOUNT_DISPUTED]);
  }
}

/* ---- what the tables say of each other ---- */

struct documents {
  struct life *life;
  int64_t invoiced, credited, canceled;
  uint64_t numbers[4 * THINGS_MAX];
  size_t count;
};

static enum hs_status add_document(void *context, const struct hs_invoice_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct documents *documents = context;
  if (hs_str_equal(row->kind, HS_STR("invoice")))
    documents->invoiced += row->net_minor;
  else if (hs_str_equal(row->kind, HS_STR("credit_note")))
    documents->credited += row->net_minor;
  else
    documents->canceled += row->net_minor;
  HOLD(documents->life, documents->count < sizeof documents->numbers / sizeof(uint64_t));
  documents->numbers[documents->count++] = row->number;
  return HS_OK;
}

struct payout_sums {
  int64_t amount, sent, set_off;
};

static enum hs_status add_amount(void *context, const struct hs_payout_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  ((struct payout_sums *)context)->amount = row->amount_minor;
  return HS_OK;
}

static enum hs_status add_line(void *context, const struct hs_payout_line_row *row,
                               [[maybe_unused]] struct hs_err *err)
{
  struct payout_sums *sums = context;
  sums->sent += row->amount_minor;
  sums->set_off += row->set_off_minor;
  return HS_OK;
}

static int64_t check_payouts(struct life *life)
{
  const struct hs_ledger_reader *ledger = &life->engine.programme.book.ledger;
  int64_t on_balance = 0;
  for (size_t i = 0; i < life->payout_count; i++) {
    struct payout_sums sums = {0};
    struct documents documents = {.life = life};
    const struct hs_id *id = &life->payouts[i];
    assert_ok(ledger->payout(ledger->self, id, add_amount, &sums, NULL));
    assert_ok(ledger->payout_lines(ledger->self, id, add_line, &sums, NULL));
    assert_ok(ledger->invoices(ledger->self, id, add_document, &documents, NULL));
    HOLD(life, sums.sent == sums.amount);
    HOLD(life, documents.invoiced == sums.sent + sums.set_off);
    HOLD(life, documents.credited == sums.set_off);
    HOLD(life, documents.canceled == 0 || documents.canceled == sums.amount);
    on_balance += sums.amount - documents.canceled;
  }
  return on_balance;
}

static void check(struct life *life)
{
  const struct hs_ledger_reader *ledger = &life->engine.programme.book.ledger;
  struct documents all = {.life = life};
  struct hs_series series = {"SB", 2026};
  int64_t sent = 0;
  look(life);
  for (size_t p = 0; p < PARTNERS; p++) {
    struct standing standing = standing_of(life, NAMES[p]);
    const int64_t *account = standing.account;
    HOLD(life, account[HS_ACCOUNT_PENDING] >= 0 && account[HS_ACCOUNT_PAYABLE] >= 0);
    HOLD(life, account[HS_ACCOUNT_DISPUTED] >= 0 && account[HS_ACCOUNT_RECEIVABLE] <= 0);
    HOLD(life, standing.sent - entitled(&standing) + account[HS_ACCOUNT_PAYABLE] ==
                   -account[HS_ACCOUNT_RECEIVABLE]);
    sent += standing.sent;
  }
  HOLD(life, check_payouts(life) == sent);
  assert_ok(ledger->invoices(ledger->self, NULL, add_document, &all, NULL));
  assert_ok(hs_numbers_check(&series, all.numbers, all.count, NULL));
}

/* ---- lives ---- */

static void live(struct life *life)
{
  static void (*const HAPPENINGS[])(struct life *) = {
      happens_order,   happens_order,   happens_refund,  happens_lock,
      happens_dispute, happens_verdict, happens_verdict, happens_adjustment,
      happens_run,     happens_end,     happens_end};
  struct engine *engine = &life->engine;
  engine_start(engine, DAY(60));
  engine_add_partner(engine, "alpha");
  engine_add_partner(engine, "beta");
  engine_agree(engine, "offer", 1, "{\"name\":\"sales\",\"rank\":1,\"rate\":\"12.5%\"}", DAY(1));
  engine_enrol(engine, "offer", "alpha");
  engine_enrol(engine, "offer", "beta");
  for (int step = 0; step < STEPS; step++) {
    HAPPENINGS[up_to(life, (int64_t)(sizeof HAPPENINGS / sizeof *HAPPENINGS) - 1)](life);
    check(life);
  }
  assert_ledger_replays(engine);
  engine_release(engine);
}

static void L6_no_more_is_paid_than_is_owed_and_any_excess_is_the_receivable(void **state)
{
  uint64_t first = test_number("HANSA_SEED", 1);
  uint64_t count = test_number("HANSA_LIVES", 200);
  uint64_t payouts = 0;
  (void)state;
  for (uint64_t seed = first; seed < first + count; seed++) {
    struct life life = {.seed = seed, .chance = seed};
    live(&life);
    payouts += life.payout_count;
  }
  print_message("%" PRIu64 " lives with %" PRIu64 " payouts (seeds from %" PRIu64 ")\n", count,
                payouts, first);
  assert_true(payouts > 0 || count < 5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(L6_no_more_is_paid_than_is_owed_and_any_excess_is_the_receivable),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
