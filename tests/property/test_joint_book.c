/* Laws of a joint P&L over months, whatever the sides write, when they write it, what is returned
   and which months are closed in between: settlements sum to zero; what a month leaves open is what
   the next one begins with, to the cent, and of a closed one as it was stated; a closed month never
   changes; parts sum to the result; and the ledger comes back the same from its journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/journal.h"
#include "support/random.h"
#include "support/venture.h"

#define MONTHS 5
#define STEPS 30
#define ROUNDS 60

static const char *const PERIODS[MONTHS + 1] = {"2026-09", "2026-10", "2026-11",
                                                "2026-12", "2027-01", "2027-02"};

#define TERMS                                                                                      \
  "\"terms\":{\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,"                           \
  "\"rules\":[{\"name\":\"sales\",\"rank\":1,\"rate\":\"7%\"}]}"
#define PARTIES "\"parties\":[\"home.example\",\"alpha.example\"]"

static const char *const DOCUMENTS[] = {
    "{\"title\":\"V\",\"weight\":\"managed\",\"kind\":\"alliance\"," PARTIES "," TERMS "}",
    "{\"title\":\"V\",\"weight\":\"managed\",\"kind\":\"alliance\"," PARTIES "," TERMS
    ",\"sharing\":{\"kind\":\"shares\",\"shares\":[{\"party\":\"home.example\",\"share\":\"55%\"},"
    "{\"party\":\"alpha.example\",\"share\":\"45%\"}]}}",
    "{\"title\":\"V\",\"weight\":\"managed\",\"kind\":\"joint_venture\"," PARTIES "," TERMS
    ",\"sharing\":{\"kind\":\"waterfall\",\"commissions\":\"first\","
    "\"shares\":[{\"party\":\"home.example\",\"share\":\"70%\"},"
    "{\"party\":\"alpha.example\",\"share\":\"30%\"}],\"steps\":[{\"kind\":\"recoup\"},"
    "{\"kind\":\"preferred\",\"party\":\"alpha.example\",\"of\":\"left\",\"rate\":\"10%\"}]}}",
};

static uint64_t seed = 20261123;

static int below(int bound) { return (int)((next_random(&seed) >> 33) % (unsigned)bound); }

struct life {
  struct engine engine;
  int closed; /* months that are */
  int orders;
  int64_t stated[MONTHS + 1][2]; /* settlements of closed months, when they were closed */
};

/* ---- steps ---- */

static void write_lines(struct life *life)
{
  static const char *const KINDS[] = {"revenue", "media", "hours", "fee"};
  char line[256];
  int kind = below(4);
  int by_home = below(2);
  const char *earner =
      kind == 3 ? (by_home ? ",\"to\":\"alpha.example\"" : ",\"to\":\"home.example\"") : "";
  (void)snprintf(line, sizeof line,
                 "{\"kind\":\"%s\",\"what\":\"line %d\",\"amount\":\"%d.%02d\"%s%s}", KINDS[kind],
                 below(6), below(3000) - (kind == 0 ? 500 : 0), below(100), earner,
                 kind != 3 && below(4) == 0 ? ",\"private\":true" : "");
  venture_add_lines(&life->engine, PERIODS[below(MONTHS)], by_home ? HOME : ALPHA, line);
}

static void order(struct life *life)
{
  char name[16];
  char day[16];
  char amount[16];
  (void)snprintf(name, sizeof name, "o%d", life->orders++);
  (void)snprintf(day, sizeof day, "%s-%02d", PERIODS[below(MONTHS)], 2 + below(20));
  (void)snprintf(amount, sizeof amount, "%d.%02d", 1 + below(900), below(100));
  venture_import_order(&life->engine, name, day, amount);
}

static void refund(struct life *life)
{
  char name[16];
  char day[16];
  char amount[16];
  if (life->orders == 0)
    return;
  (void)snprintf(name, sizeof name, "o%d", below(life->orders));
  /* One name a day: seconds of the same would be the same refund. */
  (void)snprintf(day, sizeof day, "%s-%02d", PERIODS[below(MONTHS)], 1 + below(28));
  (void)snprintf(amount, sizeof amount, "%d.%02d", below(300), 1 + below(99));
  venture_import_refund(&life->engine, name, day, amount);
}

static void close_next(struct life *life)
{
  if (life->closed == MONTHS)
    return;
  venture_close_month(&life->engine, PERIODS[life->closed]);
  struct hs_statement statement =
      venture_state(&life->engine, PERIODS[life->closed], (struct hs_str){0});
  for (size_t s = 0; s < 2; s++)
    life->stated[life->closed][s] = statement.joint.parts[s].settles_minor;
  life->closed++;
}

/* ---- laws ---- */

/* What the statement carries of earlier months, as what each side still has to get. */
static void sum_carried(const struct hs_statement *statement, int with_trued_up, int64_t *sums)
{
  sums[0] = sums[1] = 0;
  for (size_t i = 0; i < statement->sheet.paid_count; i++) {
    const struct hs_joint_payment *paid = &statement->sheet.paid[i];
    if (!paid->is_carried ||
        (!with_trued_up && !hs_str_equal(paid->what, HS_STR("open from earlier months"))))
      continue;
    sums[paid->from] += paid->amount_minor;
    sums[paid->to] -= paid->amount_minor;
  }
}

static void check_month(struct life *life, int month, int64_t *before)
{
  struct hs_statement statement = venture_state(&life->engine, PERIODS[month], (struct hs_str){0});
  const struct hs_joint_part *parts = statement.joint.parts;
  int64_t carried[2];
  assert_int_equal(parts[0].settles_minor + parts[1].settles_minor, 0);
  assert_int_equal(parts[0].entitled_minor + parts[1].entitled_minor, statement.joint.result_minor);
  if (month < life->closed)
    assert_int_equal(parts[0].settles_minor, life->stated[month][0]);
  sum_carried(&statement, month > life->closed, carried);
  assert_int_equal(carried[0], before[0]);
  assert_int_equal(carried[1], before[1]);
  before[0] = parts[0].settles_minor;
  before[1] = parts[1].settles_minor;
}

static void live(const char *document)
{
  struct life life = {.closed = 0};
  venture_start(&life.engine, document);
  for (int step = 0; step < STEPS; step++) {
    int what = below(10);
    if (what < 4)
      write_lines(&life);
    else if (what < 6)
      order(&life);
    else if (what < 8)
      refund(&life);
    else if (below(2) == 0)
      close_next(&life);
  }
  int64_t before[2] = {0, 0};
  for (int month = 0; month <= MONTHS; month++)
    check_month(&life, month, before);
  assert_ledger_replays(&life.engine);
  engine_release(&life.engine);
}

static void what_a_month_leaves_is_what_the_next_begins_with([[maybe_unused]] void **state)
{
  for (int round = 0; round < ROUNDS; round++)
    live(DOCUMENTS[(size_t)round % (sizeof DOCUMENTS / sizeof *DOCUMENTS)]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_a_month_leaves_is_what_the_next_begins_with),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
