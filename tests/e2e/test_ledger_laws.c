/* Proves the ledger's invariants, each by its name, under kill -9: in a process of its own 16
   threads append decisions to the journal while the poster imports orders, lets return periods end,
   pays, disputes, takes back, closes a month and posts; it is killed at a chance moment. Whoever
   opens the programme then goes on, and every invariant is looked at; and so again in the same
   programme. What was acknowledged is in the ledger once.

   HANSA_KILL_ROUNDS is the number of kills (20), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/agreed/agreed.h"
#include "service/track/follow.h"
#include "service/track/import.h"
#include "service/track/state.h"
#include "support/engine.h"
#include "support/journal.h"
#include "support/ledger_laws.h"
#include "support/seeded.h"

#define DAY(n) (ENGINE_AGREED_US + ((int64_t)(n)-1) * HS_DAY_US)

enum { WRITERS = 16, PARTNERS = 4, ROUNDS_OF_ONE_PROGRAMME = 5, LINES = 3, SAID_MAX = 1 << 20 };
/* A writer is at most so many grants ahead of the poster's steps: what there is to post must not
   grow with the time that a busy machine takes for it. */
enum { GRANTS_A_STEP = 20 };

static const char PARTNER_NAMES[PARTNERS][8] = {"alpha", "beta", "gamma", "delta"};

/* ---- the programme ---- */

struct place {
  struct scratch scratch;
  char directory[300], book[330];
  struct hs_wiring wiring;
  struct hs_arena arena, work;
};

static struct hs_programme programme;

static enum hs_status open_programme(struct place *place, struct hs_err *err)
{
  hs_arena_reset(&place->arena, 0);
  return hs_programme_open(&place->wiring, &place->arena, place->directory, NULL, NULL, &programme,
                           err);
}

static enum hs_status decide(struct hs_decision decision, struct hs_err *err)
{
  decision.by = HS_STR("finance");
  decision.seconded_by = HS_STR("chief");
  return hs_decide(&programme, &decision, err);
}

static void must(enum hs_status status, const struct hs_err *err)
{
  if (status != HS_OK)
    fail_msg("%s", err->text);
}

static void agree(struct hs_err *err)
{
  static const char DOCUMENT[] =
      "{\"format\":1,\"title\":\"Offer\",\"weight\":\"standard\",\"kind\":\"affiliate\",\"terms\":{"
      "\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,\"rules\":[{\"name\":\"sales\","
      "\"rank\":1,\"rate\":\"10%\"}]}}";
  must(decide((struct hs_decision){.kind = HS_DECISION_PROPOSE,
                                   .agreement = HS_STR("offer"),
                                   .number = 1,
                                   .document = HS_STR(DOCUMENT),
                                   .from_us = DAY(1)},
              err),
       err);
  must(
      decide(
          (struct hs_decision){.kind = HS_DECISION_SIGN, .agreement = HS_STR("offer"), .number = 1},
          err),
      err);
  for (int p = 0; p < PARTNERS; p++) {
    struct hs_party party = {.name = hs_str_of(PARTNER_NAMES[p]), .enrolment = HS_STR("approved")};
    must(hs_state_add_party(&programme, &party, err), err);
    must(decide((struct hs_decision){.kind = HS_DECISION_ENROL,
                                     .agreement = HS_STR("offer"),
                                     .party = hs_str_of(PARTNER_NAMES[p]),
                                     .from_us = DAY(1)},
                err),
         err);
  }
}

/* First 40 %, last 40 %, the rest over those between. */
static void make_programme(struct place *place)
{
  struct hs_err err = {0};
  struct hs_policy policy = HS_POLICY_LAST;
  uint64_t number = 0;
  struct hs_programme_options options = {.currency = HS_STR("EUR"), .time_zone = HS_STR("UTC")};
  *place = (struct place){.scratch = scratch_make(), .wiring = engine_wiring(hs_io_real())};
  (void)snprintf(place->directory, sizeof place->directory, "%s/programme", place->scratch.path);
  (void)snprintf(place->book, sizeof place->book, "%s/book.sqlite", place->directory);
  must(hs_arena_init(&place->arena, HS_MIB, &err), &err);
  must(hs_arena_init(&place->work, 512 * HS_MIB, &err), &err);
  must(hs_programme_create(&place->wiring, place->directory, &options, &err), &err);
  must(open_programme(place, &err), &err);
  policy.first = hs_ratio_of(2, 5);
  policy.last = hs_ratio_of(2, 5);
  must(hs_agreed_policy(&programme, HS_STR("finance"), (struct hs_str){0}, &policy, DAY(1), &number,
                        &err),
       &err);
  agree(&err);
  hs_programme_close(&programme);
}

static void leave_programme(struct place *place)
{
  hs_arena_release(&place->arena);
  hs_arena_release(&place->work);
  scratch_remove(&place->scratch);
}

/* ---- the victim: its writers ---- */

/* What it says; smaller than PIPE_BUF, so that a write of it is whole or not there. */
struct said {
  uint64_t sequence; /* 0: the poster has come to its next step */
  int64_t amount_minor;
};

struct victim_writer {
  uint64_t chance;
  int pipe;
};

static _Atomic uint64_t steps_begun;

/* A grant: it can be applied whatever stands before it, as a decision must that nobody tries first.
 */
static enum hs_status append_grant(struct hs_arena *arena, struct hs_id_maker *ids,
                                   uint64_t *chance, struct said *said)
{
  struct hs_str payload;
  struct hs_receipt receipt;
  struct hs_decision decision = {.kind = HS_DECISION_ADJUST,
                                 .id = hs_id_make(ids, hs_io_real(), "dec"),
                                 .by = HS_STR("finance"),
                                 .seconded_by = HS_STR("chief"),
                                 .party = hs_str_of(PARTNER_NAMES[test_random(chance) % PARTNERS]),
                                 .currency = {"EUR"},
                                 .amount_minor = 1 + (int64_t)(test_random(chance) % 500),
                                 .reason = HS_STR("content")};
  hs_arena_reset(arena, 0);
  enum hs_status status = hs_decision_write(arena, &decision, &payload, NULL);
  struct hs_frame frame = {.type = HS_FRAME_DECISION,
                           .version = HS_DECISION_FRAME_VERSION,
                           .public_data = payload.data,
                           .public_bytes = payload.length};
  if (status == HS_OK)
    status = hs_journal_append(programme.journal, &frame, &receipt, NULL);
  if (status == HS_OK)
    *said = (struct said){receipt.sequence, decision.amount_minor};
  return status;
}

static void *write_for_ever(void *context)
{
  struct victim_writer *writer = context;
  struct hs_arena arena = {0};
  struct hs_id_maker ids = {0};
  struct said said;
  if (hs_arena_init(&arena, HS_MIB, NULL) != HS_OK)
    _exit(1);
  for (uint64_t grants = 0;;) {
    hs_io_real()->sleep_us(hs_io_real()->self, (int64_t)(test_random(&writer->chance) % 40000));
    if (grants >= atomic_load(&steps_begun) * GRANTS_A_STEP)
      continue;
    if (append_grant(&arena, &ids, &writer->chance, &said) != HS_OK)
      _exit(2);
    if (write(writer->pipe, &said, sizeof said) != (ssize_t)sizeof said)
      _exit(3);
    grants++;
  }
}

/* ---- the victim: its poster ---- */

struct poster {
  struct place *place;
  uint64_t round, step, chance;
  int pipe;
};

static void add_moment(struct hs_buf *csv, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time(at_us, text);
  hs_buf_printf(csv, ",%s", text);
}

static void import(struct poster *poster, enum hs_event_kind kind, const struct hs_buf *csv)
{
  char path[360];
  struct hs_err err = {0};
  struct hs_import_result result;
  (void)snprintf(path, sizeof path, "%s/rows.csv", poster->place->scratch.path);
  const struct hs_import_options options = {.intake = {.kind = kind, .path = path}};
  hs_arena_reset(&poster->place->work, 0);
  if (hs_io_replace_file(hs_io_real(), path, csv->data, csv->length, &err) != HS_OK ||
      hs_import_run(&programme, &poster->place->work, &options, &result, &err) != HS_OK)
    _exit(10);
}

/* Names of this step's events: no two steps of a programme have the same. */
static void add_name(const struct poster *poster, struct hs_buf *csv, const char *what, int line)
{
  hs_buf_printf(csv, "%s%" PRIu64 "-%" PRIu64 "-%d", what, poster->round, poster->step, line);
}

/* What the last order of each step is in. They come back after more days than a rate holds. */
static const char *currency_of(const struct poster *poster, int line)
{
  static const char *const OTHERS[] = {"USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK"};
  return line < LINES - 1 ? "EUR" : OTHERS[poster->step % (sizeof OTHERS / sizeof *OTHERS)];
}

/* Every second step has its rate before its orders; in the others they wait for it, beyond the end
   of their return period. */
static void rate(struct poster *poster)
{
  struct hs_arena arena = {0};
  if (hs_arena_init(&arena, HS_MIB, NULL) != HS_OK)
    _exit(13);
  struct hs_buf csv = hs_buf_in(&arena);
  hs_buf_add_text(&csv, "rate_id,day,from,to,rate\n");
  add_name(poster, &csv, "x", 0);
  hs_buf_printf(&csv, ",2026-09-%02d,EUR,%s,1.%04d\n", 6 + (int)(poster->step % 20),
                currency_of(poster, LINES - 1), (int)(test_random(&poster->chance) % 10000));
  import(poster, HS_EVENT_RATE, &csv);
  hs_arena_release(&arena);
}

/* Orders of September, each after touches of one to three partners. */
static void sell(struct poster *poster)
{
  struct hs_arena arena = {0};
  if (hs_arena_init(&arena, HS_MIB, NULL) != HS_OK)
    _exit(11);
  struct hs_buf touches = hs_buf_in(&arena);
  hs_buf_add_text(&touches, "touch_id,person,occurred_at,partner\n");
  for (int line = 0; line < LINES; line++)
    for (int touch = 0; touch <= line; touch++) {
      add_name(poster, &touches, touch == 0 ? "t" : touch == 1 ? "u" : "v", line);
      hs_buf_add_char(&touches, ',');
      add_name(poster, &touches, "p", line);
      add_moment(&touches, DAY(2 + touch));
      hs_buf_printf(&touches, ",%s\n", PARTNER_NAMES[test_random(&poster->chance) % PARTNERS]);
    }
  import(poster, HS_EVENT_TOUCH, &touches);
  struct hs_buf orders = hs_buf_in(&arena);
  hs_buf_add_text(&orders, "order_id,person,occurred_at,amount,currency\n");
  for (int line = 0; line < LINES; line++) {
    add_name(poster, &orders, "o", line);
    hs_buf_add_char(&orders, ',');
    add_name(poster, &orders, "p", line);
    add_moment(&orders, DAY(6 + (int)(poster->step % 20)));
    hs_buf_printf(&orders, ",%d.%02d,%s\n", 20 + (int)(test_random(&poster->chance) % 80), line,
                  currency_of(poster, line));
  }
  import(poster, HS_EVENT_ORDER, &orders);
  hs_arena_release(&arena);
}

/* A part of the last step's first order, granted when its return period may be over. */
static void refund(struct poster *poster)
{
  struct hs_arena arena = {0};
  if (hs_arena_init(&arena, HS_MIB, NULL) != HS_OK)
    _exit(12);
  struct hs_buf csv = hs_buf_in(&arena);
  hs_buf_add_text(&csv, "refund_id,order_id,occurred_at,amount,currency\n");
  add_name(poster, &csv, "r", 0);
  hs_buf_add_char(&csv, ',');
  int line = (int)(test_random(&poster->chance) % LINES);
  add_name(poster, &csv, "o", line);
  add_moment(&csv, DAY(40));
  hs_buf_printf(&csv, ",%d.50,%s\n", 1 + (int)(test_random(&poster->chance) % 15),
                currency_of(poster, line));
  import(poster, HS_EVENT_REFUND, &csv);
  hs_arena_release(&arena);
}

struct found {
  uint64_t wanted;
  struct hs_commission_row row;
  char partner[16];
};

static enum hs_status find_commission(void *context, const struct hs_commission_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  struct found *found = context;
  if (row->amount_minor > 0 && (found->wanted-- == 0 || found->partner[0] == '\0')) {
    found->row = *row;
    (void)snprintf(found->partner, sizeof found->partner, "%.*s", HS_STR_ARG(row->partner));
  }
  return HS_OK;
}

/* Half of a commission is disputed and, in the next breath, decided. */
static void quarrel(struct poster *poster)
{
  const struct hs_ledger_reader *ledger = &programme.book.ledger;
  struct found found = {.wanted = test_random(&poster->chance) % 16};
  if (ledger->commissions(ledger->self, (struct hs_str){0}, INT64_MIN, INT64_MAX, find_commission,
                          &found, NULL) != HS_OK ||
      found.partner[0] == '\0')
    return;
  struct hs_decision dispute = {.kind = HS_DECISION_DISPUTE,
                                .party = hs_str_of(found.partner),
                                .commission = found.row.id,
                                .about = HS_STR("wrong amount"),
                                .currency = {"EUR"},
                                .amount_minor = (found.row.amount_minor + 1) / 2};
  dispute.dispute = hs_id_make(&programme.ids, hs_io_real(), "dsp");
  if (decide(dispute, NULL) != HS_OK)
    return;
  int is_upheld = test_random(&poster->chance) % 2 == 0;
  (void)decide((struct hs_decision){.kind = HS_DECISION_JUDGE,
                                    .dispute = dispute.dispute,
                                    .verdict = is_upheld ? HS_STR("upheld") : HS_STR("declined"),
                                    .amount_minor = is_upheld ? 7 : 0},
               NULL);
}

static void pay(struct poster *poster)
{
  struct hs_decision payout = {.kind = HS_DECISION_PAYOUT,
                               .party = hs_str_of(PARTNER_NAMES[poster->step % PARTNERS]),
                               .currency = {"EUR"},
                               .method = HS_STR("bank")};
  payout.payout = hs_id_make(&programme.ids, hs_io_real(), "pay");
  if (decide(payout, NULL) != HS_OK)
    return;
  (void)decide((struct hs_decision){.kind = HS_DECISION_PAYOUT_STATE,
                                    .payout = payout.payout,
                                    .state = test_random(&poster->chance) % 4 == 0
                                                 ? HS_STR("failed")
                                                 : HS_STR("completed")},
               NULL);
}

/* What a decision's kind refuses (nothing to pay, closed already) is no failure here. */
static void post_for_ever(struct poster *poster)
{
  static const struct said STEP = {0};
  for (poster->step = 0;; poster->step++) {
    atomic_fetch_add(&steps_begun, 1);
    if (poster->step % 2 == 0)
      rate(poster);
    sell(poster);
    if (hs_ledger_catch_up(&programme, NULL, NULL, NULL, NULL) != HS_OK)
      _exit(20);
    (void)decide((struct hs_decision){.kind = HS_DECISION_LOCK,
                                      .until_us = DAY(40) + (int64_t)poster->round * HS_DAY_US +
                                                  (int64_t)poster->step * HS_MINUTE_US},
                 NULL);
    if (poster->step == 1)
      (void)decide((struct hs_decision){.kind = HS_DECISION_CLOSE,
                                        .period = HS_STR("2026-09"),
                                        .from_us = DAY(1),
                                        .until_us = DAY(31)},
                   NULL);
    quarrel(poster);
    pay(poster);
    refund(poster);
    if (poster->step % 2 == 1)
      rate(poster);
    if (hs_ledger_catch_up(&programme, NULL, NULL, NULL, NULL) != HS_OK)
      _exit(21);
    if (write(poster->pipe, &STEP, sizeof STEP) != (ssize_t)sizeof STEP)
      _exit(22);
  }
}

static void be_the_victim(struct place *place, uint64_t round, uint64_t seed, int pipe)
{
  static struct victim_writer writers[WRITERS];
  struct poster poster = {.place = place, .round = round, .chance = seed, .pipe = pipe};
  if (open_programme(place, NULL) != HS_OK ||
      hs_ledger_catch_up(&programme, NULL, NULL, NULL, NULL) != HS_OK)
    _exit(30);
  for (uint64_t i = 0; i < WRITERS; i++) {
    pthread_t thread;
    writers[i] = (struct victim_writer){seed + i, pipe};
    if (pthread_create(&thread, NULL, write_for_ever, &writers[i]) != 0)
      _exit(31);
  }
  post_for_ever(&poster);
}

/* ---- what it said ---- */

static struct said said[SAID_MAX];
static size_t said_count;

/* Hears one more of the victim; 0 when it is dead and has nothing more to say. */
static int hear(int pipe, uint64_t *steps)
{
  struct said heard;
  ssize_t got = read(pipe, &heard, sizeof heard);
  assert_true(got == 0 || got == (ssize_t)sizeof heard);
  *steps += got > 0 && heard.sequence == 0;
  if (got > 0 && heard.sequence != 0) {
    assert_true(said_count < SAID_MAX);
    said[said_count++] = heard;
  }
  return got > 0;
}

/* Listens until the poster has come to a chance step, kills within the next one, and hears the
   rest. */
static void run_round(struct place *place, uint64_t round, uint64_t *chance)
{
  int ends[2];
  uint64_t seed = test_random(chance);
  uint64_t patience = test_random(chance) % 4;
  uint64_t begun_us = (uint64_t)hs_io_real()->monotonic_us(hs_io_real()->self);
  uint64_t steps = 0;
  int is_killed = 0;
  assert_int_equal(pipe(ends), 0);
  pid_t victim = fork();
  assert_true(victim >= 0);
  if (victim == 0) {
    (void)close(ends[0]);
    be_the_victim(place, round, seed, ends[1]);
  }
  (void)close(ends[1]);
  while (hear(ends[0], &steps)) {
    if (is_killed || steps < patience)
      continue;
    uint64_t step_us =
        ((uint64_t)hs_io_real()->monotonic_us(hs_io_real()->self) - begun_us) / (steps + 1);
    hs_io_real()->sleep_us(hs_io_real()->self, (int64_t)(test_random(chance) % (step_us + 1)));
    assert_int_equal(kill(victim, SIGKILL), 0);
    is_killed = 1;
  }
  int end = 0;
  assert_int_equal(waitpid(victim, &end, 0), victim);
  (void)close(ends[0]);
  if (!WIFSIGNALED(end) || WTERMSIG(end) != SIGKILL)
    fail_msg("the victim ended by itself, with %d", WEXITSTATUS(end));
}

struct granted {
  size_t found_count;
};

/* Rows come by their sequence, what was said does not. */
static enum hs_status find_said(void *context, const struct hs_adjustment_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  struct granted *granted = context;
  for (size_t i = 0; i < said_count; i++)
    if (said[i].sequence == row->sequence) {
      assert_int_equal(said[i].amount_minor, row->amount_minor);
      granted->found_count++;
    }
  return HS_OK;
}

static void what_was_acknowledged_is_in_the_ledger_once(void)
{
  const struct hs_ledger_reader *ledger = &programme.book.ledger;
  struct granted granted = {0};
  struct hs_err err = {0};
  must(ledger->adjustments(ledger->self, (struct hs_str){0}, find_said, &granted, &err), &err);
  assert_int_equal(granted.found_count, said_count);
}

/* ---- after the kills ---- */

static struct ledger_findings findings;

static void look(struct place *place)
{
  struct hs_err err = {0};
  must(open_programme(place, &err), &err);
  must(hs_ledger_catch_up(&programme, NULL, NULL, NULL, &err), &err);
  what_was_acknowledged_is_in_the_ledger_once();
  ledger_laws_look(&programme, place->book, &findings);
  hs_programme_close(&programme);
}

static int kill_and_look([[maybe_unused]] void **state)
{
  uint64_t round_count = test_number("HANSA_KILL_ROUNDS", 20);
  uint64_t chance = test_number("HANSA_SEED", 1);
  uint64_t heard = 0;
  for (uint64_t done = 0; done < round_count;) {
    struct place place;
    make_programme(&place);
    said_count = 0;
    for (uint64_t round = 0; round < ROUNDS_OF_ONE_PROGRAMME && done < round_count; round++) {
      run_round(&place, round, &chance);
      look(&place);
      done++;
    }
    heard += said_count;
    leave_programme(&place);
  }
  print_message("%" PRIu64 " kills of %d writers and the poster, %" PRIu64
                " acknowledged decisions\n",
                round_count, WRITERS, heard);
  return 0;
}

#define LAW(symbol, says)                                                                          \
  static void symbol##_holds_under_16_writers_and_kill_9([[maybe_unused]] void **state)            \
  {                                                                                                \
    ledger_law_assert(&findings, LAW_##symbol);                                                    \
  }
LEDGER_LAW_TABLE(LAW)
#undef LAW

int main(void)
{
  const struct CMUnitTest tests[] = {
#define TEST(symbol, says) cmocka_unit_test(symbol##_holds_under_16_writers_and_kill_9),
      LEDGER_LAW_TABLE(TEST)
#undef TEST
  };
  return cmocka_run_group_tests(tests, kill_and_look, NULL);
}
