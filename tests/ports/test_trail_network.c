/* Proves what ports/trail.h promises of networks' commissions, for every adapter: of each the last
   word that came, whole, and those of the time that was asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>

#include "support/lines.h"
#include "support/trails.h"

static enum hs_status note_word(void *context, const struct hs_network_word *word,
                                [[maybe_unused]] struct hs_err *err)
{
  lines_add(context,
            "%.*s %.*s order %.*s of %.*s/%.*s, %d %" PRId64 " earns %" PRId64
            " %.*s %.*s at %" PRId64,
            HS_STR_ARG(word->network), HS_STR_ARG(word->commission_id), HS_STR_ARG(word->order_id),
            HS_STR_ARG(word->partner), HS_STR_ARG(word->partner_id), word->has_amount,
            word->amount_minor, word->commission_minor, HS_STR_ARG(word->currency),
            HS_STR_ARG(word->status), word->created_us);
  return HS_OK;
}

static void add(struct events *events, const char *id, const char *commission, const char *status,
                const char *created)
{
  (void)events_add_with(events, "network", "awin", "commission_id", id, "order_id", "o1", "partner",
                        "blog", "partner_id", "77", "amount", "5000", "commission", commission,
                        "currency", "EUR", "status", status, "created_at", created, NULL);
}

static void assert_words(struct world *world, int64_t from_us, int64_t until_us,
                         const char *const *expected)
{
  struct lines given = {0};
  struct lines wanted = {0};
  assert_int_equal(
      world->trail.network_words(world->trail.self, from_us, until_us, note_word, &given, NULL),
      HS_OK);
  for (size_t i = 0; expected[i] != NULL; i++)
    lines_add(&wanted, "%s", expected[i]);
  lines_assert_same(&given, &wanted, "what networks said");
  lines_clear(&given);
  lines_clear(&wanted);
}

static void the_last_word_counts(void **state)
{
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_NETWORK_COMMISSION);
  add(&events, "c1", "500", "pending", "1000");
  add(&events, "c2", "600", "pending", "2000");
  (void)events_add_with(&events, "network", "cj", "commission_id", "c1", "partner_id", "9",
                        "commission", "700", "currency", "USD", "status", "paid", "created_at",
                        "3000", NULL);
  world_store(world, &events);
  events_release(&events);
  events_init(&events, HS_EVENT_NETWORK_COMMISSION);
  add(&events, "c1", "500", "approved", "1000");
  add(&events, "c1", "-200", "reversed", "1000");
  world_store(world, &events);
  events_release(&events);
  assert_words(world, 0, 10000,
               (const char *const[]){
                   "awin c2 order o1 of blog/77, 1 5000 earns 600 EUR pending at 2000",
                   "cj c1 order  of /9, 0 0 earns 700 USD paid at 3000",
                   "awin c1 order o1 of blog/77, 1 5000 earns 500 EUR approved at 1000",
                   "awin c1 order o1 of blog/77, 1 5000 earns -200 EUR reversed at 1000", NULL});
  assert_words(world, 1001, 3000,
               (const char *const[]){
                   "awin c2 order o1 of blog/77, 1 5000 earns 600 EUR pending at 2000", NULL});
  assert_words(world, 4000, 5000, (const char *const[]){NULL});
}

int main(void)
{
  const struct CMUnitTest tests[] = {EVERY_WORLD_TEST(the_last_word_counts)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
