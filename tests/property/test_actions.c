/* Random leads, clicks and custom events through the whole engine, against a small model that looks
   at all of them at once: who is paid for what does not depend on how they are cut into files, an
   emptied ledger comes back the same, and so does a simulation of the same terms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/agreed/agreement_simulate.h"
#include "support/engine.h"
#include "support/journal.h"
#include "support/lines.h"
#include "support/random.h"

#define SEEDS 6
#define CLICKS 60
#define LEADS 60
#define EVENTS 40
#define PARTNERS 3 /* the last of them has no agreement */
#define PEOPLE 5
#define LINKS 2
#define LEAD_NAMES 20
#define STATUSES 4

/* Indexes of names; −1 for none. */
struct act {
  int name, person, partner, word;
  int minute; /* since the agreement began */
};

struct acts {
  struct act clicks[CLICKS], leads[LEADS], events[EVENTS];
};

static const char *const PARTNER[PARTNERS] = {"alpha", "beta", "gamma"};
static const char *const STATUS[STATUSES] = {"new", "qualified", "won", "unqualified"};
static const char *const EVENT[2] = {"trial_started", "other"};

#define RULES                                                                                      \
  "{\"name\":\"leads\",\"rank\":1,\"event\":\"lead\",\"amount\":\"20.00\",\"metadata\":[{"         \
  "\"key\":\"status\",\"values\":[\"qualified\",\"won\"]}]},"                                      \
  "{\"name\":\"clicks\",\"rank\":2,\"event\":\"click\",\"amount\":\"0.10\"},"                      \
  "{\"name\":\"trials\",\"rank\":3,\"event\":\"custom\",\"amount\":\"3.00\",\"event_names\":["     \
  "\"trial_started\"]}"

static int below(uint64_t *state, int bound)
{
  return (int)((next_random(state) * UINT64_C(0x2545F4914F6CDD1D) >> 33) % (uint64_t)bound);
}

static int has_status(const struct acts *acts, int count, int name, int word)
{
  for (int i = 0; i < count; i++)
    if (acts->leads[i].name == name && acts->leads[i].word == word)
      return 1;
  return 0;
}

static void make(struct acts *acts, uint64_t *state)
{
  for (int i = 0; i < CLICKS; i++)
    acts->clicks[i] = (struct act){.name = i,
                                   .person = below(state, PEOPLE),
                                   .partner = below(state, PARTNERS),
                                   .word = below(state, LINKS),
                                   .minute = below(state, 600)};
  for (int i = 0; i < LEADS; i++) {
    struct act *lead = &acts->leads[i];
    do
      *lead = (struct act){.name = below(state, LEAD_NAMES),
                           .person = below(state, PEOPLE + 1) - 1,
                           .partner = below(state, PARTNERS + 1) - 1,
                           .word = below(state, STATUSES),
                           .minute = 600 + below(state, 600)};
    while (has_status(acts, i, lead->name, lead->word));
  }
  for (int i = 0; i < EVENTS; i++)
    acts->events[i] = (struct act){.name = i,
                                   .person = below(state, PEOPLE + 1) - 1,
                                   .partner = below(state, PARTNERS + 1) - 1,
                                   .word = below(state, 2),
                                   .minute = 600 + below(state, 600)};
}

/* ---- the model ---- */

static int is_paid_click(const struct acts *acts, int index)
{
  const struct act *click = &acts->clicks[index];
  for (int i = 0; i < index; i++) {
    const struct act *other = &acts->clicks[i];
    if (other->person == click->person && other->partner == click->partner &&
        other->word == click->word && abs(other->minute - click->minute) < 60)
      return 0;
  }
  return 1;
}

/* All clicks are touchpoints too, and all lie before the first lead. The last one that was agreed
   on takes all; of two in one minute the one that came later. */
static int last_met(const struct acts *acts, int person)
{
  int last = -1;
  for (int i = 0; i < CLICKS && person >= 0; i++)
    if (acts->clicks[i].person == person && acts->clicks[i].partner < PARTNERS - 1 &&
        (last < 0 || acts->clicks[i].minute >= acts->clicks[last].minute))
      last = i;
  return last < 0 ? -1 : acts->clicks[last].partner;
}

static int owner_of(const struct acts *acts, int partner, int person)
{
  if (partner < 0)
    return last_met(acts, person);
  return partner < PARTNERS - 1 ? partner : -1;
}

static int owner_of_lead(const struct acts *acts, int index)
{
  int person = -1;
  int partner = -1;
  for (int i = index; i >= 0; i--) {
    const struct act *row = &acts->leads[i];
    if (row->name != acts->leads[index].name)
      continue;
    person = row->person >= 0 ? row->person : person;
    partner = row->partner >= 0 ? row->partner : partner;
  }
  return owner_of(acts, partner, person);
}

/* A lead that named nobody at first may be one partner's by its touchpoints and another's by a
   later row: it is paid once. */
static void expect_lead(struct lines *lines, const struct acts *acts, int index,
                        int paid_to[LEAD_NAMES])
{
  const struct act *lead = &acts->leads[index];
  int owner = owner_of_lead(acts, index);
  if (lead->word == 3 && paid_to[lead->name] >= 0)
    lines_add(lines, "cancel %s 2000", PARTNER[paid_to[lead->name]]);
  if (lead->word == 1 || lead->word == 2) {
    if (owner < 0 || paid_to[lead->name] >= 0)
      return;
    lines_add(lines, "earn %s 2000", PARTNER[owner]);
    paid_to[lead->name] = owner;
  }
}

static struct lines expected(const struct acts *acts)
{
  struct lines lines = {0};
  int paid_to[LEAD_NAMES];
  for (int i = 0; i < LEAD_NAMES; i++)
    paid_to[i] = -1;
  for (int i = 0; i < CLICKS; i++)
    if (acts->clicks[i].partner < PARTNERS - 1 && is_paid_click(acts, i))
      lines_add(&lines, "earn %s 10", PARTNER[acts->clicks[i].partner]);
  for (int i = 0; i < LEADS; i++)
    expect_lead(&lines, acts, i, paid_to);
  for (int i = 0; i < EVENTS; i++) {
    int owner = owner_of(acts, acts->events[i].partner, acts->events[i].person);
    if (acts->events[i].word == 0 && owner >= 0)
      lines_add(&lines, "earn %s 300", PARTNER[owner]);
  }
  return lines;
}

/* ---- the engine ---- */

static void add_row(char *csv, size_t size, enum hs_event_kind kind, const struct act *act)
{
  const char *word = kind == HS_EVENT_LEAD     ? STATUS[act->word]
                     : kind == HS_EVENT_CUSTOM ? EVENT[act->word]
                     : act->word == 0          ? "spring"
                                               : "";
  char person[16] = "";
  size_t used = strlen(csv);
  if (act->person >= 0)
    (void)snprintf(person, sizeof person, "p%d", act->person);
  (void)snprintf(csv + used, size - used, "%c%d,%s,2026-09-%02dT%02d:%02d:00Z,%s,%s\n",
                 kind == HS_EVENT_LEAD ? 'l' : 'x', act->name, person, 2 + act->minute / 1440,
                 act->minute / 60 % 24, act->minute % 60,
                 act->partner < 0 ? "" : PARTNER[act->partner], word);
}

/* Rows in their order, in files of at most so many. */
static void import(struct engine *engine, enum hs_event_kind kind, const struct act *acts,
                   int count, int most, uint64_t *state)
{
  static const char *const HEADERS[HS_EVENT_KIND_COUNT] = {
      [HS_EVENT_LEAD] = "lead_id,person,occurred_at,partner,status\n",
      [HS_EVENT_TOUCH] = "touch_id,person,occurred_at,partner,link\n",
      [HS_EVENT_CUSTOM] = "event_id,person,occurred_at,partner,name\n"};
  for (int first = 0, end = 0; first < count; first = end) {
    char name[40];
    char csv[8192];
    end = first + 1 + below(state, most);
    end = end > count ? count : end;
    (void)snprintf(name, sizeof name, "kind-%d-%d.csv", (int)kind, first);
    (void)snprintf(csv, sizeof csv, "%s", HEADERS[kind]);
    for (int i = first; i < end; i++)
      add_row(csv, sizeof csv, kind, &acts[i]);
    engine_import(engine, kind, name, csv);
  }
}

static enum hs_status note(void *context, const struct hs_transfer_row *row,
                           [[maybe_unused]] struct hs_err *err)
{
  lines_add(context, "%.*s %.*s %" PRId64, HS_STR_ARG(row->kind),
            HS_STR_ARG(row->credit.party.data != NULL ? row->credit.party : row->debit.party),
            row->amount_minor);
  return HS_OK;
}

/* ---- the same terms again ---- */

struct sums {
  int64_t posted[PARTNERS], now[PARTNERS], then[PARTNERS];
};

static int place_of_partner(struct hs_str partner)
{
  for (int p = 0; p < PARTNERS; p++)
    if (hs_str_equal(partner, hs_str_of(PARTNER[p])))
      return p;
  fail_msg("%.*s is no partner", HS_STR_ARG(partner));
  return 0;
}

static enum hs_status add_commission(void *context, const struct hs_commission_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  ((struct sums *)context)->posted[place_of_partner(row->partner)] += row->amount_minor;
  return HS_OK;
}

static enum hs_status add_simulated(void *context, const struct hs_simulated *line,
                                    [[maybe_unused]] struct hs_err *err)
{
  ((struct sums *)context)->now[place_of_partner(line->partner)] = line->earned_now_minor;
  ((struct sums *)context)->then[place_of_partner(line->partner)] = line->earned_then_minor;
  return HS_OK;
}

/* A simulation keeps for itself which leads were paid, and comes to what the ledger has. */
static void assert_simulated(struct engine *engine)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct hs_agreement_file file;
  struct sums sums = {{0}, {0}, {0}};
  const struct hs_simulation simulation = {
      .agreement = HS_STR("offer"), .file = &file, .period = {INT64_MIN, INT64_MAX}};
  hs_arena_reset(&engine->work, 0);
  assert_ok(hs_agreement_read(
      HS_STR("{\"format\":1,\"title\":\"offer\",\"weight\":\"standard\",\"kind\":\"affiliate\","
             "\"terms\":{\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,\"rules\":[" RULES
             "]}}"),
      &engine->work, &file.agreement, &file.terms, NULL, NULL, &engine->err));
  assert_ok(ledger->commissions(ledger->self, (struct hs_str){0}, INT64_MIN, INT64_MAX,
                                add_commission, &sums, &engine->err));
  assert_ok(
      hs_agreement_simulate(&engine->programme, &simulation, add_simulated, &sums, &engine->err));
  assert_memory_equal(sums.now, sums.posted, sizeof sums.now);
  assert_memory_equal(sums.then, sums.posted, sizeof sums.then);
}

static void run(const struct acts *acts, int most, uint64_t *state)
{
  struct engine engine;
  struct lines given = {0};
  struct lines wanted = expected(acts);
  engine_start(&engine, ENGINE_AGREED_US + 60 * HS_DAY_US);
  for (int p = 0; p < PARTNERS; p++)
    engine_add_partner(&engine, PARTNER[p]);
  engine_agree(&engine, "offer", 1, RULES, ENGINE_AGREED_US);
  for (int p = 0; p < PARTNERS - 1; p++)
    engine_enrol(&engine, "offer", PARTNER[p]);
  import(&engine, HS_EVENT_TOUCH, acts->clicks, CLICKS, most, state);
  import(&engine, HS_EVENT_LEAD, acts->leads, LEADS, most, state);
  import(&engine, HS_EVENT_CUSTOM, acts->events, EVENTS, most, state);
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  const struct hs_ledger_reader *ledger = &engine.programme.book.ledger;
  assert_ok(ledger->transfers_numbered(ledger->self, 0, INT64_MAX, note, &given, &engine.err));
  lines_assert_same(&given, &wanted, "what is paid for");
  lines_clear(&given);
  lines_clear(&wanted);
  assert_simulated(&engine);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void what_is_paid_is_the_models_however_it_is_cut_into_files([[maybe_unused]] void **state)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    uint64_t random = seed;
    struct acts acts;
    make(&acts, &random);
    run(&acts, LEADS, &random);
    run(&acts, 7, &random);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_paid_is_the_models_however_it_is_cut_into_files),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
