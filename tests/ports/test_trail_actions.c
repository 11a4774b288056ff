/* Proves what ports/trail.h promises of new leads, custom events and clicks, for every adapter,
   against lists made by looking at every pair of what was stored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/lines.h"
#include "support/random.h"
#include "support/trails.h"

#define FRAMES 16
#define ROWS_MAX 9
#define ACTS_MAX ((size_t)FRAMES * ROWS_MAX)
#define SEEDS 6

/* Text members are indexes of names; −1 for none. */
struct act {
  enum hs_event_kind kind;
  uint64_t sequence;
  int64_t row_number;
  int64_t at_us;
  int name, person, partner, word;
  int is_impression;
};

struct acts {
  size_t count;
  struct act items[ACTS_MAX];
};

static const enum hs_event_kind KINDS[] = {HS_EVENT_LEAD, HS_EVENT_TOUCH, HS_EVENT_CUSTOM};
#define KIND_COUNT (sizeof KINDS / sizeof *KINDS)

static const char *const STATUSES[] = {"new", "qualified", "meeting", "unqualified"};

#define PLAN "{\"plan\":\"pro\"}"

static const char *const PREFIXES[HS_EVENT_KIND_COUNT] = {
    [HS_EVENT_LEAD] = "lead ", [HS_EVENT_TOUCH] = "click ", [HS_EVENT_CUSTOM] = "event "};

static uint64_t below(uint64_t *state, uint64_t bound)
{
  return (next_random(state) * UINT64_C(0x2545F4914F6CDD1D) >> 33) % bound;
}

static int is_taken(const struct acts *acts, const struct act *lead)
{
  for (size_t i = 0; i < acts->count; i++)
    if (acts->items[i].kind == HS_EVENT_LEAD && acts->items[i].name == lead->name &&
        acts->items[i].word == lead->word)
      return 1;
  return 0;
}

/* Few people, links and leads, so that they meet; moments a quarter of an hour apart. */
static struct act any_act(uint64_t *state, const struct acts *acts, enum hs_event_kind kind)
{
  struct act act = {.kind = kind,
                    .at_us = (int64_t)below(state, 40) * (HS_HOUR_US / 4),
                    .person = (int)below(state, 3),
                    .partner = (int)below(state, 4) - 1};
  if (kind == HS_EVENT_TOUCH) {
    act.name = below(state, 8) == 0 ? -1 : (int)acts->count;
    act.word = (int)below(state, 3) - 1;
    act.is_impression = below(state, 5) == 0;
    act.at_us += act.name < 0 ? (int64_t)acts->count : 0; /* the row is its name */
    return act;
  }
  act.person = (int)below(state, 4) - 1;
  if (kind == HS_EVENT_CUSTOM) {
    act.name = (int)acts->count;
    act.word = (int)below(state, 3);
    return act;
  }
  do {
    act.name = (int)below(state, 60);
    act.word = (int)below(state, 5) - 1;
  } while (is_taken(acts, &act));
  return act;
}

static void make(struct acts *acts, uint64_t seed)
{
  *acts = (struct acts){0};
  for (uint64_t sequence = 1; sequence <= FRAMES; sequence++) {
    enum hs_event_kind kind = KINDS[below(&seed, KIND_COUNT)];
    int64_t rows = 1 + (int64_t)below(&seed, ROWS_MAX);
    for (int64_t row = 1; row <= rows; row++) {
      struct act act = any_act(&seed, acts, kind);
      act.sequence = sequence;
      act.row_number = row;
      acts->items[acts->count++] = act;
    }
  }
}

#define TEXT_BYTES 32
static const char *text(char out[TEXT_BYTES], const char *prefix, int64_t number)
{
  if (number < 0)
    return NULL;
  (void)snprintf(out, TEXT_BYTES, "%s%" PRId64, prefix, number);
  return out;
}

static void add_act(struct events *events, const struct act *act)
{
  char name[TEXT_BYTES];
  char person[TEXT_BYTES];
  char partner[TEXT_BYTES];
  char link[TEXT_BYTES];
  char at[TEXT_BYTES];
  (void)snprintf(at, sizeof at, "%" PRId64, act->at_us);
  if (act->kind == HS_EVENT_LEAD)
    (void)events_add_with(events, "lead_id", text(name, "lead ", act->name), "person",
                          text(person, "person ", act->person), "occurred_at", at, "partner",
                          text(partner, "partner ", act->partner), "status",
                          act->word < 0 ? NULL : STATUSES[act->word], NULL);
  else if (act->kind == HS_EVENT_CUSTOM)
    (void)events_add_with(events, "event_id", text(name, "event ", act->name), "person",
                          text(person, "person ", act->person), "occurred_at", at, "partner",
                          text(partner, "partner ", act->partner), "name", STATUSES[act->word],
                          "metadata", act->word == 1 ? PLAN : NULL, NULL);
  else
    (void)events_add_with(events, "touch_id", text(name, "click ", act->name), "person",
                          text(person, "person ", act->person), "occurred_at", at, "partner",
                          text(partner, "partner ", act->partner), "link",
                          text(link, "link ", act->word), "kind",
                          act->is_impression ? "impression" : NULL, NULL);
}

static void store(const struct acts *acts, struct world *world)
{
  for (size_t first = 0, end = 0; first < acts->count; first = end) {
    struct events events;
    events_init(&events, acts->items[first].kind);
    for (end = first; end < acts->count && acts->items[end].sequence == acts->items[first].sequence;
         end++)
      add_act(&events, &acts->items[end]);
    world_store(world, &events);
    assert_int_equal(world->counts.accepted, events.count);
    events_release(&events);
  }
}

/* ---- what is given ---- */

static enum hs_status note_actions(void *context, const struct hs_action_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  assert_true(batch->count > 0);
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context,
              "%" PRIu64 " %" PRId64 " %016" PRIx64 " %" PRId64 " %" PRId64 " [%.*s] [%.*s] "
              "[%.*s] %.*s %d",
              batch->sequence[i], batch->row_number[i], batch->person[i], batch->at_us[i],
              batch->began_at_us[i], HS_STR_ARG(batch->name[i]), HS_STR_ARG(batch->partner[i]),
              HS_STR_ARG(batch->word[i]), HS_STR_ARG(batch->metadata[i]), batch->is_repeated[i]);
  return HS_OK;
}

static hs_person_key key_of(int person)
{
  char name[TEXT_BYTES];
  return person < 0 ? 0 : hs_person_key_of(hs_str_of(text(name, "person ", person)));
}

static const char *or_empty(const char *text) { return text == NULL ? "" : text; }

static void expect_lead(struct lines *lines, const struct acts *acts, size_t index)
{
  struct act told = acts->items[index];
  char name[TEXT_BYTES];
  char partner[TEXT_BYTES];
  int64_t began_at_us = told.at_us;
  for (size_t i = index + 1; i-- > 0;) {
    const struct act *row = &acts->items[i];
    if (row->kind != HS_EVENT_LEAD || row->name != told.name)
      continue;
    told.person = row->person >= 0 ? row->person : told.person;
    told.partner = row->partner >= 0 ? row->partner : told.partner;
    began_at_us = row->at_us < began_at_us ? row->at_us : began_at_us;
  }
  lines_add(lines,
            "%" PRIu64 " %" PRId64 " %016" PRIx64 " %" PRId64 " %" PRId64 " [%s] [%s] [%s]  0",
            told.sequence, told.row_number, key_of(told.person), told.at_us, began_at_us,
            text(name, "lead ", told.name), or_empty(text(partner, "partner ", told.partner)),
            told.word < 0 ? "" : STATUSES[told.word]);
}

static void expect_event(struct lines *lines, const struct act *event)
{
  char name[TEXT_BYTES];
  char partner[TEXT_BYTES];
  lines_add(lines,
            "%" PRIu64 " %" PRId64 " %016" PRIx64 " %" PRId64 " %" PRId64 " [%s] [%s] [%s] %s 0",
            event->sequence, event->row_number, key_of(event->person), event->at_us, event->at_us,
            text(name, "event ", event->name), or_empty(text(partner, "partner ", event->partner)),
            STATUSES[event->word], event->word == 1 ? PLAN : "");
}

static void expect_click(struct lines *lines, const struct acts *acts, size_t index)
{
  const struct act *click = &acts->items[index];
  char name[TEXT_BYTES];
  char partner[TEXT_BYTES];
  char link[TEXT_BYTES];
  int is_repeated = 0;
  for (size_t i = 0; i < index; i++) {
    const struct act *other = &acts->items[i];
    is_repeated |= other->kind == HS_EVENT_TOUCH && !other->is_impression &&
                   other->person == click->person && other->partner == click->partner &&
                   other->word == click->word &&
                   llabs(other->at_us - click->at_us) < HS_CLICK_APART_US;
  }
  lines_add(lines,
            "%" PRIu64 " %" PRId64 " %016" PRIx64 " %" PRId64 " %" PRId64 " [%s] [%s] [%s]  %d",
            click->sequence, click->row_number, key_of(click->person), click->at_us, click->at_us,
            or_empty(text(name, "click ", click->name)), text(partner, "partner ", click->partner),
            or_empty(text(link, "link ", click->word)), is_repeated);
}

static struct lines expected_actions(const struct acts *acts, const struct hs_action_page *page)
{
  struct lines lines = {0};
  for (size_t i = 0; i < acts->count && lines.count < page->count_max; i++) {
    const struct act *act = &acts->items[i];
    char name[TEXT_BYTES];
    int is_behind = act->sequence > page->after_sequence ||
                    (act->sequence == page->after_sequence && act->row_number > page->after_row);
    const char *own = or_empty(text(name, PREFIXES[act->kind], act->name));
    if (act->kind != page->kind || !is_behind || act->sequence > page->until_sequence ||
        (page->name.data != NULL && !hs_str_equal(page->name, hs_str_of(own))))
      continue;
    if (act->kind == HS_EVENT_LEAD)
      expect_lead(&lines, acts, i);
    else if (act->kind == HS_EVENT_CUSTOM)
      expect_event(&lines, act);
    else if (act->partner >= 0 && !act->is_impression)
      expect_click(&lines, acts, i);
  }
  return lines;
}

static void assert_page(struct world *world, const struct acts *acts,
                        const struct hs_action_page *page)
{
  struct hs_err err = {0};
  struct lines given = {0};
  struct lines expected = expected_actions(acts, page);
  enum hs_status status =
      world->trail.new_actions(world->trail.self, page, note_actions, &given, &err);
  if (status != HS_OK)
    fail_msg("status %s: %s", hs_status_code(status), err.text);
  lines_assert_same(&given, &expected, "a page of leads, events or clicks");
  lines_clear(&given);
  lines_clear(&expected);
}

static void begin(struct world *world, struct acts *acts, uint64_t seed)
{
  world->cursor = (struct hs_cursor){0};
  assert_int_equal(world->trail.clear(world->trail.self, NULL), HS_OK);
  make(acts, seed);
  store(acts, world);
}

static void they_come_page_by_page_in_the_order_of_the_journal(void **state)
{
  struct world *world = *state;
  struct acts acts;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    begin(world, &acts, seed);
    for (size_t k = 0; k < KIND_COUNT; k++) {
      struct hs_action_page page = {KINDS[k], 0, INT64_MAX, UINT64_MAX, SIZE_MAX, {0}};
      assert_page(world, &acts, &page);
      for (page.after_sequence = 0; page.after_sequence < FRAMES; page.after_sequence += 4)
        for (page.after_row = 0; page.after_row < ROWS_MAX; page.after_row += 3) {
          page.until_sequence = page.after_sequence + seed % 5;
          page.count_max = 1 + (size_t)page.after_row;
          assert_page(world, &acts, &page);
        }
    }
  }
}

static void one_is_found_by_its_name(void **state)
{
  struct world *world = *state;
  struct acts acts;
  begin(world, &acts, 77);
  for (int number = 0; number < 60; number += 5)
    for (size_t k = 0; k < KIND_COUNT; k++) {
      char name[TEXT_BYTES];
      (void)text(name, PREFIXES[KINDS[k]], number);
      assert_page(
          world, &acts,
          &(struct hs_action_page){KINDS[k], 0, INT64_MAX, UINT64_MAX, SIZE_MAX, hs_str_of(name)});
    }
  assert_page(world, &acts,
              &(struct hs_action_page){HS_EVENT_LEAD, 0, INT64_MAX, UINT64_MAX, SIZE_MAX,
                                       HS_STR("l'; DROP TABLE leads")});
}

static enum hs_status count_fresh(void *context, const struct hs_action_batch *batch,
                                  [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->count; i++)
    *(size_t *)context += !batch->is_repeated[i];
  return HS_OK;
}

/* A machine that clicks every second through more than a batch: only the first click of it counts,
   since each lies less than an hour from one before. */
static void a_machine_clicks_once(void **state)
{
  struct world *world = *state;
  struct hs_err err = {0};
  struct hs_action_page page = {HS_EVENT_TOUCH, 0, INT64_MAX, UINT64_MAX, SIZE_MAX, {0}};
  struct events clicks;
  size_t fresh = 0;
  events_init(&clicks, HS_EVENT_TOUCH);
  for (int i = 0; i < 5000; i++) {
    char at[TEXT_BYTES];
    (void)snprintf(at, sizeof at, "%" PRId64, (int64_t)i * HS_SECOND_US);
    (void)events_add_with(&clicks, "touch_id", at, "person", "machine", "occurred_at", at,
                          "partner", "alpha", NULL);
  }
  world_store(world, &clicks);
  events_release(&clicks);
  assert_int_equal(world->trail.new_actions(world->trail.self, &page, count_fresh, &fresh, &err),
                   HS_OK);
  assert_int_equal(fresh, 1);
}

static enum hs_status note_leads(void *context, const struct hs_channel_total *total,
                                 [[maybe_unused]] struct hs_err *err)
{
  if (total->leads > 0)
    lines_add(context, "%.*s %" PRIu64, HS_STR_ARG(total->partner), total->leads);
  return HS_OK;
}

/* A lead with three statuses is one lead, of the partner and the day of its first row. */
static void a_lead_counts_once_in_totals(void **state)
{
  struct world *world = *state;
  struct hs_err err = {0};
  struct lines given = {0};
  struct events leads;
  events_init(&leads, HS_EVENT_LEAD);
  (void)events_add_with(&leads, "lead_id", "b", "occurred_at", "10", "status", "new", NULL);
  (void)events_add_with(&leads, "lead_id", "a", "occurred_at", "20", "status", "new", "partner",
                        "alpha", NULL);
  (void)events_add_with(&leads, "lead_id", "a", "occurred_at", "30", "status", "won", "partner",
                        "beta", NULL);
  (void)events_add_with(&leads, "lead_id", "b", "occurred_at", "40", "partner", "alpha", NULL);
  world_store(world, &leads);
  assert_int_equal(world->counts.accepted, 4);
  assert_int_equal(world->trail.totals(world->trail.self, 0, 25, note_leads, &given, &err), HS_OK);
  assert_int_equal(given.count, 2);
  assert_string_equal(given.items[0], " 1");
  assert_string_equal(given.items[1], "alpha 1");
  assert_int_equal(world->trail.totals(world->trail.self, 25, 50, note_leads, &given, &err), HS_OK);
  assert_int_equal(given.count, 2);
  events_release(&leads);
  lines_clear(&given);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      EVERY_WORLD_TEST(they_come_page_by_page_in_the_order_of_the_journal),
      EVERY_WORLD_TEST(one_is_found_by_its_name),
      EVERY_WORLD_TEST(a_machine_clicks_once),
      EVERY_WORLD_TEST(a_lead_counts_once_in_totals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
