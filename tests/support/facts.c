#include "support/facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/random.h"

static uint64_t below(uint64_t *state, uint64_t bound)
{
  return (next_random(state) * UINT64_C(0x2545F4914F6CDD1D) >> 33) % bound;
}

/* Half of all falls on three ids, so that some have many partners and most have few. */
static int any_id(uint64_t *state)
{
  return (int)(below(state, 2) ? below(state, 3) : below(state, FACT_IDS));
}

static struct fact any_fact(uint64_t *state, enum hs_event_kind kind, size_t *order_count)
{
  struct fact fact = {.kind = kind,
                      .id = any_id(state),
                      .customer = any_id(state),
                      .number = (int)below(state, 4) - 1,
                      .at_us = (int64_t)below(state, 12),
                      .amount_minor = (int64_t)below(state, 90),
                      .is_dollar = below(state, 6) == 0};
  if (kind == HS_EVENT_ORDER) {
    fact.order = (int)(*order_count)++;
    fact.id = below(state, 4) ? fact.id : -1;
    fact.customer = below(state, 3) ? fact.customer : -1;
    fact.amount_minor += 10;
  } else if (kind == HS_EVENT_REFUND) {
    /* Of orders that are there, that come later, and that never come. */
    fact.order = (int)below(state, *order_count + 4);
  }
  return fact;
}

void facts_make(struct facts *facts, uint64_t seed)
{
  static const enum hs_event_kind KINDS[] = {HS_EVENT_TOUCH, HS_EVENT_ORDER, HS_EVENT_ORDER,
                                             HS_EVENT_REFUND, HS_EVENT_IDENTITY};
  size_t order_count = 0;
  *facts = (struct facts){0};
  for (uint64_t sequence = 1; sequence <= FACT_FRAMES; sequence++) {
    enum hs_event_kind kind = KINDS[below(&seed, sizeof KINDS / sizeof *KINDS)];
    int64_t rows = 1 + (int64_t)below(&seed, 8);
    for (int64_t row = 1; row <= rows; row++) {
      struct fact fact = any_fact(&seed, kind, &order_count);
      fact.sequence = sequence;
      fact.row_number = row;
      facts->items[facts->count++] = fact;
    }
  }
}

#define TEXT_BYTES 24
static const char *text(char out[TEXT_BYTES], const char *prefix, int64_t number)
{
  (void)snprintf(out, TEXT_BYTES, "%s%" PRId64, prefix, number);
  return out;
}

static const char *id_text(char out[TEXT_BYTES], int id)
{
  return id < 0 ? NULL : text(out, "id ", id);
}

static void add_event(struct events *events, const struct fact *fact, size_t index)
{
  char a[TEXT_BYTES];
  char b[TEXT_BYTES];
  char at[TEXT_BYTES];
  char amount[TEXT_BYTES];
  char name[TEXT_BYTES];
  const char *currency = fact->is_dollar ? "USD" : "EUR";
  (void)text(at, "", fact->at_us);
  (void)text(amount, "", fact->amount_minor);
  (void)text(name, "row ", (int64_t)index);
  if (fact->kind == HS_EVENT_TOUCH)
    (void)events_add_with(events, "touch_id", name, "person", id_text(a, fact->id), "occurred_at",
                          at, "partner",
                          fact->number < 0 ? NULL : text(b, "partner ", fact->number), "coupon",
                          fact->is_dollar ? "SAVE" : NULL, NULL);
  else if (fact->kind == HS_EVENT_ORDER)
    (void)events_add_with(events, "order_id", text(name, "order ", fact->order), "person",
                          id_text(a, fact->id), "customer", id_text(b, fact->customer),
                          "occurred_at", at, "amount", amount, "currency", currency, NULL);
  else if (fact->kind == HS_EVENT_REFUND)
    /* Without a name of its own the row is its name: the reason makes each another. */
    (void)events_add_with(events, "refund_id", fact->number < 0 ? NULL : name, "order_id",
                          text(a, "order ", fact->order), "occurred_at", at, "amount", amount,
                          "currency", currency, "reason", text(b, "because ", (int64_t)index),
                          NULL);
  else
    (void)events_add_with(events, "identity_id", name, "occurred_at", at, "visitor",
                          id_text(a, fact->id), "customer", id_text(b, fact->customer), NULL);
}

void facts_store(const struct facts *facts, struct world *world)
{
  for (size_t first = 0, end = 0; first < facts->count; first = end) {
    struct events events;
    events_init(&events, facts->items[first].kind);
    for (end = first;
         end < facts->count && facts->items[end].sequence == facts->items[first].sequence; end++)
      add_event(&events, &facts->items[end], end);
    world_store(world, &events);
    HS_ASSERT(world->cursor.sequence == facts->items[first].sequence);
    HS_ASSERT(world->counts.accepted == events.count);
    events_release(&events);
  }
}

hs_person_key fact_key(int id)
{
  char name[TEXT_BYTES];
  return id < 0 ? 0 : hs_person_key_of(hs_str_of(id_text(name, id)));
}

int fact_is_pair(const struct fact *fact)
{
  return (fact->kind == HS_EVENT_IDENTITY || fact->kind == HS_EVENT_ORDER) && fact->id >= 0 &&
         fact->customer >= 0 && fact->id != fact->customer;
}
