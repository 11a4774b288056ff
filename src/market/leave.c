/* Who a person is in our files, and the touches that it leaves there or that get lost. */
#include "market/market_priv.h"

#define REPEAT_SHARE .005    /* the same touch delivered again */
#define CONFLICT_SHARE .0008 /* its id delivered again with another body */
#define LATE_SHARE .01
#define PREVIEW_SHARE .04 /* of clicks on creators' links: a messenger looked first */
#define KIOSK_COUNT 3

/* --- ids --- */

void hs_market_person_named(struct trace *trace, char prefix, uint64_t code, const char *kind,
                            int is_shared)
{
  char id[NAME_TEXT], person[NAME_TEXT];
  trace->store->truth.ids++;
  trace->store->truth.shared_ids += is_shared;
  hs_market_name(prefix, code, id);
  hs_market_name('p', hs_market_code(trace->person->index, SLOT_OTHER, 0), person);
  struct hs_buf *row = hs_market_row_begin(&trace->store->persons);
  hs_buf_add_text(row, id);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, kind);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, person);
  hs_buf_add_text(row, is_shared ? ",1" : ",0");
  hs_market_row_end(&trace->store->persons, 0);
}

uint64_t hs_market_customer_code(const struct trace *trace)
{
  return hs_market_code(trace->person->index, SLOT_OTHER, 1);
}

static uint64_t once_code(struct trace *trace)
{
  uint64_t code = hs_market_code(trace->person->index, SLOT_ONCE, trace->once++ & 0x7FFF);
  hs_market_person_named(trace, 'v', code, "visitor", 0);
  return code;
}

static uint64_t kiosk_code(struct trace *trace)
{
  uint64_t code = hs_market_code(trace->person->index % KIOSK_COUNT, SLOT_KIOSK, 0);
  if (!trace->is_kiosk_named)
    hs_market_person_named(trace, 'v', code, "visitor", 1);
  trace->is_kiosk_named = 1;
  return code;
}

uint64_t hs_market_visitor_code(struct trace *trace, enum slot device, int64_t at_us)
{
  const struct person *person = trace->person;
  if (device == SLOT_KIOSK)
    return kiosk_code(trace);
  if (person->consent == CONSENT_DENIED)
    return once_code(trace);
  uint32_t epoch = 0;
  if (person->cookie_days > 0 && device != SLOT_SHARED)
    epoch = (uint32_t)((hs_market_day(trace->world, at_us) + (int32_t)(person->index % 20)) /
                       person->cookie_days);
  HS_ASSERT(epoch < EPOCHS_MAX);
  uint32_t subject = device == SLOT_SHARED ? person->index & ~1U : person->index;
  uint64_t code = hs_market_code(subject, device, epoch);
  uint64_t *named = &trace->named[device][epoch / 64];
  if (!(*named >> epoch % 64 & 1))
    hs_market_person_named(trace, 'v', code, "visitor", device == SLOT_SHARED);
  *named |= UINT64_C(1) << epoch % 64;
  return code;
}

void hs_market_identity_add(struct trace *trace, int64_t at_us, uint64_t visitor,
                            const char *evidence)
{
  char id[NAME_TEXT], visitor_id[NAME_TEXT], customer[NAME_TEXT];
  hs_market_name('i', hs_market_code(trace->person->index, SLOT_OTHER, trace->identities++), id);
  hs_market_name('v', visitor, visitor_id);
  hs_market_name('c', hs_market_customer_code(trace), customer);
  struct hs_buf *row = hs_market_row_begin(&trace->store->identities);
  hs_buf_add_text(row, id);
  hs_buf_add_char(row, ',');
  hs_market_add_time(row, at_us);
  const char *const REST[] = {visitor_id, customer, evidence};
  for (size_t i = 0; i < 3; i++) {
    hs_buf_add_char(row, ',');
    hs_buf_add_text(row, REST[i]);
  }
  hs_market_row_end(&trace->store->identities, at_us);
}

/* --- touches --- */

void hs_market_traffic_note(struct store *store, char prefix, uint64_t code, const char *file,
                            const char *class)
{
  char id[NAME_TEXT];
  hs_market_name(prefix, code, id);
  struct hs_buf *row = hs_market_row_begin(&store->traffic);
  hs_buf_add_text(row, file);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, id);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, class);
  hs_market_row_end(&store->traffic, 0);
}

/* Delivered again, later, as it was or with another moment in it. */
static void touch_repeat(struct trace *trace, struct touch touch, int is_conflict)
{
  struct chance chance =
      hs_market_chance(trace->world->seed, DRAW_DELIVERY, trace->person->index, 0, trace->ordinal);
  touch.arrival_us += HS_SECOND_US + (int64_t)(chance.u[0] * 6 * (double)HS_HOUR_US);
  if (is_conflict)
    touch.at_us += HS_SECOND_US + (int64_t)(chance.u[1] * 90) * HS_SECOND_US;
  hs_market_store_touch(trace->store, &touch);
  trace->store->truth.touch_repeats += !is_conflict;
  trace->store->truth.touch_conflicts += is_conflict;
  hs_market_traffic_note(trace->store, 't', touch.id, "touches",
                         is_conflict ? "conflict" : "repeat");
}

static void preview_leave(struct trace *trace, const struct touch *clicked)
{
  struct chance chance =
      hs_market_chance(trace->world->seed, DRAW_DELIVERY, trace->person->index, 1, trace->ordinal);
  if (chance.u[0] >= PREVIEW_SHARE)
    return;
  struct touch touch = *clicked;
  touch.at_us -= HS_SECOND_US * (2 + (int64_t)(chance.u[1] * 30));
  if (!hs_market_is_in_run(trace->world, touch.at_us))
    return;
  touch.arrival_us = touch.at_us;
  touch.id = hs_market_code(trace->person->index, SLOT_ROBOT, trace->ordinal);
  touch.visitor = touch.id;
  touch.is_customer = 0;
  touch.consent = CONSENT_UNKNOWN;
  touch.agent = (uint8_t)(AGENT_PREVIEW_FIRST + (size_t)(chance.u[2] * AGENTS_PREVIEW));
  hs_market_store_touch(trace->store, &touch);
  trace->store->truth.robot_touches++;
  hs_market_traffic_note(trace->store, 't', touch.id, "touches", "link_preview");
}

static void orders_reach(struct trace *trace, const struct touch *touch, int is_recorded)
{
  uint64_t partner = UINT64_C(1) << touch->partner;
  for (size_t k = 0; k < trace->person->need_count; k++) {
    int64_t decide_us = trace->person->needs[k].decide_us;
    if (!trace->outcome->is_bought[k] || touch->at_us > decide_us ||
        touch->at_us <= decide_us - WINDOW_US)
      continue;
    trace->reach->reached[k] |= partner;
    if (is_recorded)
      trace->reach->tracked[k] |= partner;
  }
}

static void touch_count(struct trace *trace, const struct touch *touch, int is_recorded)
{
  struct store *store = trace->store;
  store->kind_touches[touch->kind]++;
  store->kind_lost[touch->kind] += !is_recorded;
  if (touch->partner == NO_PARTNER)
    return;
  struct hs_market_effect *const CELLS[] = {
      hs_market_effect_total(store, touch->partner),
      hs_market_effect_of(store, touch->partner, hs_market_month(trace->world, touch->at_us))};
  for (size_t i = 0; i < 2; i++) {
    CELLS[i]->touches++;
    CELLS[i]->touches_lost += !is_recorded;
  }
  orders_reach(trace, touch, is_recorded);
}

static void touch_deliver(struct trace *trace, struct touch *touch, const struct chance *chance)
{
  if (chance->u[1] < LATE_SHARE)
    touch->arrival_us += (int64_t)(chance->u[1] / LATE_SHARE * 2 * (double)HS_DAY_US);
  hs_market_store_touch(trace->store, touch);
  if (chance->u[2] < REPEAT_SHARE + CONFLICT_SHARE)
    touch_repeat(trace, *touch, chance->u[2] >= REPEAT_SHARE);
  if (touch->partner != NO_PARTNER && (touch->kind == TOUCH_CLICK || touch->kind == TOUCH_SOCIAL) &&
      trace->world->partners[touch->partner].profile.views > 0)
    preview_leave(trace, touch);
}

uint64_t hs_market_touch_leave(struct trace *trace, int64_t at_us, uint8_t partner,
                               enum touch_kind kind, enum slot device, int is_logged_in)
{
  const struct person *person = trace->person;
  struct chance chance =
      hs_market_chance(trace->world->seed, DRAW_TOUCH, person->index, 0, trace->ordinal);
  uint64_t visitor = hs_market_visitor_code(trace, device, at_us);
  struct touch touch = {
      .arrival_us = at_us,
      .at_us = at_us,
      .id = hs_market_code(person->index, SLOT_PHONE, trace->ordinal),
      .visitor = is_logged_in ? hs_market_customer_code(trace) : visitor,
      .partner = partner,
      .kind = (uint8_t)kind,
      .agent = (uint8_t)person->agent[device != SLOT_PHONE],
      .consent = (uint8_t)person->consent,
      .campaign = (uint8_t)(chance.u[3] * 12),
      .is_customer = (uint8_t)is_logged_in,
  };
  int is_recorded = chance.u[0] >= hs_market_kind_loss(kind);
  touch_count(trace, &touch, is_recorded);
  if (is_recorded)
    touch_deliver(trace, &touch, &chance);
  trace->ordinal = (trace->ordinal + 1) & 0x7FFF;
  return visitor;
}
