/* Proves what ports/trail.h promises of what is said and measured beside touches, for every
   adapter: survey answers, series, activity and links, whole, in order, and of the time asked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>

#include "support/lines.h"
#include "support/trails.h"

static void assert_lines(struct lines *given, const char *const *expected, const char *what)
{
  struct lines wanted = {0};
  for (size_t i = 0; expected[i] != NULL; i++)
    lines_add(&wanted, "%s", expected[i]);
  lines_assert_same(given, &wanted, what);
  lines_clear(given);
  lines_clear(&wanted);
}

/* ---- survey answers ---- */

static enum hs_status note_answer(void *context, const struct hs_survey_answer *answer,
                                  [[maybe_unused]] struct hs_err *err)
{
  lines_add(context, "%" PRId64 " %s says '%.*s' means '%.*s' at '%.*s'%s", answer->at_us,
            answer->person == 0                                 ? "nobody"
            : answer->person == hs_person_key_of(HS_STR("ann")) ? "ann"
                                                                : "another",
            HS_STR_ARG(answer->answer), HS_STR_ARG(answer->partner), HS_STR_ARG(answer->order_id),
            answer->partner.data == NULL ? ", not said" : "");
  return HS_OK;
}

static void answers_come_whole_and_in_the_order_of_the_journal(void **state)
{
  struct world *world = *state;
  struct events events;
  struct lines given = {0};
  events_init(&events, HS_EVENT_SURVEY);
  events_add_with(&events, "answer_id", "s1", "person", "ann", "occurred_at", "900", "answer",
                  "a podcast", "order_id", "o1", NULL);
  events_add_with(&events, "answer_id", "s2", "occurred_at", "100", "answer", "Harbour", "partner",
                  "harbour", NULL);
  events_add_with(&events, "answer_id", "s3", "occurred_at", "1000", "answer", "late", NULL);
  world_store(world, &events);
  assert_int_equal(world->counts.accepted, 3);
  events_release(&events);
  assert_int_equal(
      world->trail.survey_answers(world->trail.self, 100, 1000, note_answer, &given, NULL), HS_OK);
  assert_lines(&given,
               (const char *const[]){"900 ann says 'a podcast' means '' at 'o1', not said",
                                     "100 nobody says 'Harbour' means 'harbour' at ''", NULL},
               "survey answers");
}

static void an_answer_names_a_partner_for_the_list_of_partners(void **state)
{
  struct world *world = *state;
  struct events events;
  struct hs_arena arena = {0};
  struct hs_str *names = NULL;
  size_t count = 0;
  events_init(&events, HS_EVENT_SURVEY);
  events_add_with(&events, "occurred_at", "1", "answer", "x", "partner", "harbour", NULL);
  events_add_with(&events, "occurred_at", "2", "answer", "y", NULL);
  world_store(world, &events);
  events_release(&events);
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  assert_int_equal(world->trail.partners(world->trail.self, &arena, &names, &count, NULL), HS_OK);
  assert_int_equal(count, 1);
  assert_true(hs_str_equal(names[0], HS_STR("harbour")));
  hs_arena_release(&arena);
}

/* ---- exchange rates ---- */

static enum hs_status note_rate(void *context, const struct hs_rate_fact *fact,
                                [[maybe_unused]] struct hs_err *err)
{
  lines_add(context, "%" PRId64 " %.*s %.*s %.*s by '%.*s'%s, %" PRIu64 "/%" PRId64, fact->day,
            HS_STR_ARG(fact->from), HS_STR_ARG(fact->to), HS_STR_ARG(fact->rate),
            HS_STR_ARG(fact->source), fact->source.data == NULL ? ", not said" : "", fact->sequence,
            fact->row_number);
  return HS_OK;
}

/* Another figure for the same day and pair is another fact; the same line twice is one. */
static void rates_come_whole_and_in_the_order_of_the_journal(void **state)
{
  struct world *world = *state;
  struct events events;
  struct lines given = {0};
#define RATE(day_text, to_text, rate_text, source_text)                                            \
  events_add_with(&events, "day", day_text, "from", "EUR", "to", to_text, "rate", rate_text,       \
                  "source", source_text, NULL)
  events_init(&events, HS_EVENT_RATE);
  RATE("12", "USD", "1.10", "a bank");
  RATE("11", "JPY", "170", NULL);
  RATE("12", "USD", "1.10", "a bank");
  world_store(world, &events);
  assert_int_equal(world->counts.duplicates, 1);
  events_release(&events);
  events_init(&events, HS_EVENT_RATE);
  RATE("12", "USD", "1.2", "a bank");
  world_store(world, &events);
  assert_int_equal(world->counts.conflicts, 0);
  events_release(&events);
#undef RATE
  assert_int_equal(world->trail.rates(world->trail.self, note_rate, &given, NULL), HS_OK);
  assert_lines(&given,
               (const char *const[]){"12 EUR USD 1.10 by 'a bank', 1/1",
                                     "11 EUR JPY 170 by '', not said, 1/2",
                                     "12 EUR USD 1.2 by 'a bank', 2/1", NULL},
               "rates");
}

/* ---- series ---- */

static enum hs_status note_figure(void *context, const struct hs_series_figure *figure,
                                  [[maybe_unused]] struct hs_err *err)
{
  lines_add(context, "%" PRId64 " '%.*s' %g", figure->day, HS_STR_ARG(figure->region),
            figure->value);
  return HS_OK;
}

static void a_series_comes_by_day_and_region(void **state)
{
  struct world *world = *state;
  struct events events;
  struct lines given = {0};
  events_init(&events, HS_EVENT_SERIES);
#define FIGURE(day_text, region_text, metric_text, value_text)                                     \
  events_add_with(&events, "day", day_text, "region", region_text, "metric", metric_text, "value", \
                  value_text, NULL)
  FIGURE("12", "b", "it's", "2.5");
  FIGURE("11", "b", "it's", "1");
  FIGURE("11", NULL, "it's", "4");
  FIGURE("11", "a", "it's", "3");
  FIGURE("11", "a", "other", "7");
  FIGURE("13", "a", "it's", "8");
#undef FIGURE
  world_store(world, &events);
  events_release(&events);
  assert_int_equal(
      world->trail.series(world->trail.self, HS_STR("it's"), 11, 13, note_figure, &given, NULL),
      HS_OK);
  assert_lines(&given, (const char *const[]){"11 '' 4", "11 'a' 3", "11 'b' 1", "12 'b' 2.5", NULL},
               "a series");
  assert_int_equal(world->trail.series(world->trail.self, HS_STR("it's"), INT64_MIN, INT64_MAX,
                                       note_figure, &given, NULL),
                   HS_OK);
  assert_int_equal(given.count, 5);
  lines_clear(&given);
}

/* ---- activity ---- */

static enum hs_status note_activity(void *context, const struct hs_activity_day *activity,
                                    [[maybe_unused]] struct hs_err *err)
{
  lines_add(context, "%.*s %.*s %" PRId64 " %g", HS_STR_ARG(activity->partner),
            HS_STR_ARG(activity->kind), activity->day, activity->count);
  return HS_OK;
}

static void activity_is_summed_by_partner_kind_and_day(void **state)
{
  struct world *world = *state;
  struct events events;
  struct lines given = {0};
  events_init(&events, HS_EVENT_ACTIVITY);
#define ACT(partner_text, day_text, kind_text, count_text, person_text)                            \
  events_add_with(&events, "partner", partner_text, "day", day_text, "kind", kind_text, "count",   \
                  count_text, "person", person_text, NULL)
  ACT("b", "5", "reach", "9223372036854775807", "ann");
  ACT("b", "5", "reach", "9223372036854775807", "bob");
  ACT("b", "4", "reach", "1", NULL);
  ACT("a", "5", "reach", "2", NULL);
  ACT("a", "5", "impressions", "3", NULL);
  ACT("a", "6", "impressions", "4", NULL);
#undef ACT
  world_store(world, &events);
  events_release(&events);
  assert_int_equal(world->trail.activity_days(world->trail.self, 4, 6, note_activity, &given, NULL),
                   HS_OK);
  assert_lines(&given,
               (const char *const[]){"a impressions 5 3", "a reach 5 2", "b reach 4 1",
                                     "b reach 5 1.84467e+19", NULL},
               "activity");
}

/* ---- links ---- */

static enum hs_status note_link(void *context, struct hs_str link, uint64_t persons,
                                [[maybe_unused]] struct hs_err *err)
{
  lines_add(context, "%.*s %" PRIu64, HS_STR_ARG(link), persons);
  return HS_OK;
}

static void links_count_distinct_ids(void **state)
{
  struct world *world = *state;
  struct events events;
  struct lines given = {0};
  events_init(&events, HS_EVENT_TOUCH);
#define TOUCH(person_text, at_text, link_text)                                                     \
  events_add_with(&events, "person", person_text, "occurred_at", at_text, "partner", "p", "link",  \
                  link_text, NULL)
  TOUCH("ann", "10", "two");
  TOUCH("ann", "11", "two");
  TOUCH("bob", "12", "two");
  TOUCH("ann", "13", "one");
  TOUCH("bob", "14", NULL);
  TOUCH("cid", "20", "one");
#undef TOUCH
  world_store(world, &events);
  events_release(&events);
  assert_int_equal(world->trail.links_followed(world->trail.self, 10, 20, note_link, &given, NULL),
                   HS_OK);
  assert_lines(&given, (const char *const[]){"one 1", "two 2", NULL}, "links");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      EVERY_WORLD_TEST(answers_come_whole_and_in_the_order_of_the_journal),
      EVERY_WORLD_TEST(an_answer_names_a_partner_for_the_list_of_partners),
      EVERY_WORLD_TEST(rates_come_whole_and_in_the_order_of_the_journal),
      EVERY_WORLD_TEST(a_series_comes_by_day_and_region),
      EVERY_WORLD_TEST(activity_is_summed_by_partner_kind_and_day),
      EVERY_WORLD_TEST(links_count_distinct_ids),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
