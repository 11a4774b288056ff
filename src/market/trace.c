/* What one person's months leave behind in our files: touches (some of them lost), orders, refunds,
   leads, identities. Only the world as it is gets traced; counterfactuals need decisions alone. */
#include "market/market_priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define ORDER_REPEAT_SHARE .006
#define ORDER_CONFLICT_SHARE .0015
#define GUEST_SHARE .10
#define LOGIN_SHARE .30
#define OWN_EMAIL_SHARE .35
#define OWN_VISITS_MEAN 1.4
#define SECOND_ITEM_MINOR 8000
#define HEARD_COUPON_SHARE .22
#define HEARD_COUPON_US (60 * HS_DAY_US)
/* Who leaves a full cart looks for coupons too, but seldom. */
#define ABANDONED_CLOSER .12

static enum slot device_of(const struct person *person, double u)
{
  if (person->has_shared && u < .25)
    return SLOT_SHARED;
  if (person->has_laptop && u > .60)
    return SLOT_LAPTOP;
  return SLOT_PHONE;
}

static void series_count(struct trace *trace, enum metric metric, int64_t at_us)
{
  ++*hs_market_series_cell(trace->store, metric, trace->person->region,
                           hs_market_day(trace->world, at_us));
}

/* --- the partners' contacts --- */

static void contact_leave(struct trace *trace, const struct contact *contact, size_t i)
{
  trace->reach->met |= UINT64_C(1) << contact->partner;
  if (!hs_market_is_in_run(trace->world, contact->at_us))
    return;
  if (contact->is_view) {
    size_t days = (size_t)trace->world->days;
    trace->store
        ->views[contact->partner * days + (size_t)hs_market_day(trace->world, contact->at_us)]++;
  }
  if (!contact->is_touch)
    return;
  struct chance chance =
      hs_market_chance(trace->world->seed, DRAW_TOUCH, trace->person->index, 1, (uint32_t)i);
  hs_market_touch_leave(trace, contact->at_us, contact->partner, (enum touch_kind)contact->kind,
                        device_of(trace->person, chance.u[0]), 0);
}

/* Distinct persons a month. A partner's contacts stand together, its months in order. */
static void reach_count(struct trace *trace, const struct contact *contact, int64_t *last)
{
  if (!hs_market_is_in_run(trace->world, contact->at_us))
    return;
  int32_t month = hs_market_month(trace->world, contact->at_us);
  int64_t key = (int64_t)contact->partner * HS_MARKET_MONTHS_MAX + month;
  if (key != *last)
    trace->store->monthly_reach[contact->partner * (size_t)trace->world->months + (size_t)month]++;
  *last = key;
}

/* Who asked a reseller becomes a lead; how it ended follows from the purchase. */
static const char *lead_status(const struct trace *trace, size_t need, double u)
{
  static const char *const OPEN[] = {"new", "qualified", "meeting", "negotiation"};
  if (trace->outcome->is_bought[need])
    return "won";
  if (trace->person->needs[need].decide_us >= trace->world->until_us)
    return OPEN[(size_t)(u * 4)];
  return u < .75 ? "lost" : "unqualified";
}

static void lead_leave(struct trace *trace, const struct contact *contact, size_t i)
{
  const struct profile *profile = &trace->world->partners[contact->partner].profile;
  struct chance chance =
      hs_market_chance(trace->world->seed, DRAW_LEAD, trace->person->index, 0, (uint32_t)i);
  int64_t at_us = contact->at_us + (int64_t)(chance.u[1] * (double)HS_HOUR_US);
  if (chance.u[0] >= profile->lead || contact->need == NO_NEED ||
      !hs_market_is_in_run(trace->world, at_us))
    return;
  char id[NAME_TEXT], visitor[NAME_TEXT];
  hs_market_name('l', hs_market_code(trace->person->index, SLOT_OTHER, (uint32_t)i), id);
  hs_market_name('v', hs_market_visitor_code(trace, device_of(trace->person, chance.u[2]), at_us),
                 visitor);
  struct hs_buf *row = hs_market_row_begin(&trace->store->leads);
  hs_buf_add_text(row, id);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, visitor);
  hs_buf_add_char(row, ',');
  hs_market_add_time(row, at_us);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, profile->id);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, lead_status(trace, (size_t)contact->need, chance.u[3]));
  hs_market_row_end(&trace->store->leads, at_us);
}

static void contacts_leave(struct trace *trace)
{
  int64_t last = -1;
  for (size_t i = 0; i < trace->person->contact_count; i++) {
    const struct contact *contact = &trace->person->contacts[i];
    contact_leave(trace, contact, i);
    reach_count(trace, contact, &last);
    if (trace->world->partners[contact->partner].profile.lead > 0)
      lead_leave(trace, contact, i);
  }
}

static void subscription_leave(struct trace *trace, uint8_t partner)
{
  const struct world *world = trace->world;
  const struct person *person = trace->person;
  struct chance chance = hs_market_chance(world->seed, DRAW_SUBSCRIBER, person->index, partner, 0);
  if (chance.u[0] >= world->partners[partner].profile.subscribe)
    return;
  int32_t first = world->month_day[world->partners[partner].start_month];
  int32_t day = first + (int32_t)(chance.u[1] * (world->days - first));
  if (person->consent == CONSENT_DENIED || chance.u[2] >= .6) {
    trace->store->sign_ups[partner * (size_t)world->days + (size_t)day]++;
    return;
  }
  char id[NAME_TEXT], visitor[NAME_TEXT];
  int64_t at_us = world->from_us + day * HS_DAY_US;
  hs_market_name('a', hs_market_code(person->index, SLOT_OTHER, partner), id);
  hs_market_name('v', hs_market_visitor_code(trace, SLOT_PHONE, at_us), visitor);
  struct hs_buf *row = hs_market_row_begin(&trace->store->activity);
  hs_buf_add_text(row, id);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, world->partners[partner].profile.id);
  hs_buf_add_char(row, ',');
  hs_market_add_day(row, world->first_day + day);
  hs_buf_add_text(row, ",subscribers,1,");
  hs_buf_add_text(row, visitor);
  hs_market_row_end(&trace->store->activity, at_us);
}

/* --- our own channels --- */

/* A visit by our name: typed, or searched for. */
static uint64_t named_visit(struct trace *trace, int64_t at_us, double u, enum slot device,
                            int is_logged_in)
{
  enum touch_kind kind = u < .45 ? TOUCH_DIRECT : TOUCH_ORGANIC;
  series_count(trace, kind == TOUCH_DIRECT ? METRIC_DIRECT : METRIC_ORGANIC, at_us);
  if (kind == TOUCH_ORGANIC)
    series_count(trace, METRIC_BRAND, at_us);
  return hs_market_touch_leave(trace, at_us, NO_PARTNER, kind, device, is_logged_in);
}

static void generic_visit(struct trace *trace, int64_t at_us, double u, enum slot device)
{
  enum touch_kind kind = u < .88 ? TOUCH_ORGANIC : TOUCH_SOCIAL;
  if (kind == TOUCH_ORGANIC)
    series_count(trace, METRIC_ORGANIC, at_us);
  hs_market_touch_leave(trace, at_us, NO_PARTNER, kind, device, 0);
}

static void own_visit(struct trace *trace, size_t k, uint32_t number)
{
  const struct need *need = &trace->person->needs[k];
  struct chance chance = hs_market_chance(trace->world->seed, DRAW_OWN_VISIT, trace->person->index,
                                          (uint32_t)k, number);
  double span = (double)(need->decide_us - need->at_us);
  /* The first of them opens the consideration. */
  int64_t at_us = need->at_us + (int64_t)((number == 0 ? .1 : .95) * chance.u[0] * span);
  if (!hs_market_is_in_run(trace->world, at_us))
    return;
  enum slot device = device_of(trace->person, chance.u[1]);
  double familiarity = trace->outcome->familiarity[k];
  int is_named = number > 0 || chance.u[2] < familiarity / (familiarity + .6);
  if (!is_named) {
    generic_visit(trace, at_us, chance.u[3], device);
    return;
  }
  int is_logged_in = at_us >= trace->account_us && chance.u[2] < LOGIN_SHARE;
  uint64_t visitor = named_visit(trace, at_us, chance.u[3], device, is_logged_in);
  if (is_logged_in && trace->person->consent != CONSENT_DENIED)
    hs_market_identity_add(trace, at_us, visitor, "login");
}

static void own_visits(struct trace *trace, size_t k)
{
  struct chance chance =
      hs_market_chance(trace->world->seed, DRAW_OWN_COUNT, trace->person->index, (uint32_t)k, 0);
  uint32_t count = hs_market_poisson(chance.u[0], OWN_VISITS_MEAN, 8);
  for (uint32_t number = trace->outcome->is_by_itself[k] ? 0 : 1; number <= count; number++)
    own_visit(trace, k, number);
  /* Our own mail goes to customers. */
  const struct need *need = &trace->person->needs[k];
  int64_t at_us = need->at_us + (int64_t)(.5 * (double)(need->decide_us - need->at_us));
  if (need->at_us < trace->account_us || chance.u[1] >= OWN_EMAIL_SHARE ||
      !hs_market_is_in_run(trace->world, at_us))
    return;
  uint64_t visitor = hs_market_touch_leave(trace, at_us, NO_PARTNER, TOUCH_EMAIL,
                                           device_of(trace->person, chance.u[2]), 0);
  if (trace->person->consent != CONSENT_DENIED)
    hs_market_identity_add(trace, at_us, visitor, "email_click");
}

/* --- the checkout --- */

/* Who catches deal seekers between the decision and the payment. Gives the last one with a coupon.
 */
static uint8_t closers_leave(struct trace *trace, size_t k, enum slot device, double share)
{
  const struct person *person = trace->person;
  int64_t decide_us = person->needs[k].decide_us;
  uint8_t coupon_of = NO_PARTNER;
  for (uint8_t i = 0; i < trace->world->partner_count; i++) {
    const struct partner *partner = &trace->world->partners[i];
    if (partner->profile.close <= 0 || !(person->member_of >> i & 1))
      continue;
    struct chance chance =
        hs_market_chance(trace->world->seed, DRAW_CLOSER, person->index, i, (uint32_t)k);
    int64_t at_us = decide_us - (20 + (int64_t)(chance.u[1] * 200)) * HS_SECOND_US;
    double seeks = fmin(1, 2 * person->deal) * share;
    if (chance.u[0] >= partner->profile.close * seeks ||
        !hs_market_is_in_run(trace->world, at_us) ||
        partner->level[hs_market_month(trace->world, at_us)] <= 0)
      continue;
    trace->reach->met |= UINT64_C(1) << i;
    hs_market_touch_leave(trace, at_us, i, partner->profile.touch, device, 0);
    if (partner->profile.coupon != NULL)
      coupon_of = i;
  }
  return coupon_of;
}

/* A code that was heard or read, not clicked. */
static uint8_t heard_coupon(const struct trace *trace, int64_t decide_us, double u)
{
  if (u >= HEARD_COUPON_SHARE)
    return NO_PARTNER;
  uint8_t heard = NO_PARTNER;
  for (size_t i = 0; i < trace->person->contact_count; i++) {
    const struct contact *contact = &trace->person->contacts[i];
    if (contact->is_view && contact->at_us < decide_us &&
        contact->at_us > decide_us - HEARD_COUPON_US &&
        trace->world->partners[contact->partner].profile.coupon != NULL)
      heard = contact->partner;
  }
  return heard;
}

struct order {
  const char *id, *visitor, *coupon, *customer;
  const struct need *need;
  int64_t cart_us; /* when its cart began */
};

/* What is sold, by the topic of the need. What is bought for more comes with a second item. */
static void items_add(struct hs_buf *row, const struct need *need, int64_t amount_minor)
{
  static const char *const PRODUCTS[TOPIC_COUNT] = {"lantern", "tent",  "apron", "chisel set",
                                                    "boots",   "stove", "chair", "workbench"};
  char text[160];
  int64_t second_minor = amount_minor >= SECOND_ITEM_MINOR ? amount_minor / 5 : 0;
  int length = snprintf(text, sizeof text, "[{\"product\":\"%s\",\"amount_minor\":%" PRId64 "}",
                        PRODUCTS[need->topic], amount_minor - second_minor);
  if (second_minor > 0)
    length += snprintf(text + length, sizeof text - (size_t)length,
                       ",{\"product\":\"care kit\",\"quantity\":2,\"amount_minor\":%" PRId64 "}",
                       second_minor);
  text[length++] = ']';
  hs_buf_add_csv(row, (struct hs_str){text, (size_t)length});
}

static void order_row(struct trace *trace, const struct order *order, int64_t amount_minor,
                      int64_t arrival_us)
{
  static const char *const COUNTRIES[REGION_COUNT] = {"DE", "DE", "AT", "NL", "DE", "FR"};
  struct store *store = trace->store;
  const struct need *need = order->need;
  struct hs_buf *row = hs_market_row_begin(&store->orders);
  hs_buf_add_text(row, order->id);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, order->visitor);
  hs_buf_add_char(row, ',');
  hs_market_add_time(row, need->decide_us);
  hs_buf_add_char(row, ',');
  hs_market_add_money(row, amount_minor);
  hs_buf_add_text(row, ",EUR,");
  hs_buf_add_text(row, order->coupon);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, order->customer);
  hs_buf_add_char(row, ',');
  hs_market_add_time(row, order->cart_us);
  hs_buf_printf(row, ",%s,", COUNTRIES[trace->person->region]);
  items_add(row, need, amount_minor);
  hs_market_row_end(&store->orders, arrival_us);
}

/* The shop's systems deliver some orders twice, a few of them corrected under the same id. */
static void order_deliver(struct trace *trace, size_t k, uint64_t code, const struct order *order)
{
  const struct need *need = order->need;
  struct store *store = trace->store;
  struct chance chance =
      hs_market_chance(trace->world->seed, DRAW_DELIVERY, trace->person->index, 2, (uint32_t)k);
  int64_t later_us =
      need->decide_us + HS_SECOND_US + (int64_t)(chance.u[1] * 12 * (double)HS_HOUR_US);
  order_row(trace, order, need->amount_minor, need->decide_us);
  if (chance.u[0] < ORDER_REPEAT_SHARE) {
    order_row(trace, order, need->amount_minor, later_us);
    store->truth.order_repeats++;
    hs_market_traffic_note(store, 'o', code, "orders", "repeat");
  } else if (chance.u[0] < ORDER_REPEAT_SHARE + ORDER_CONFLICT_SHARE) {
    int64_t other = need->amount_minor - need->amount_minor / 10 - 1;
    order_row(trace, order, other, later_us);
    store->truth.order_conflicts++;
    hs_market_traffic_note(store, 'o', code, "orders", "conflict");
  }
}

static void refund_leave(struct trace *trace, size_t k, const char *order)
{
  static const char *const REASONS[] = {"returned", "returned",       "returned",
                                        "canceled", "payment_failed", "other"};
  const struct need *need = &trace->person->needs[k];
  char id[NAME_TEXT];
  hs_market_name('r', hs_market_code(trace->person->index, SLOT_OTHER, (uint32_t)k), id);
  struct hs_buf *row = hs_market_row_begin(&trace->store->refunds);
  hs_buf_add_text(row, id);
  hs_buf_add_char(row, ',');
  hs_buf_add_text(row, order);
  hs_buf_add_char(row, ',');
  hs_market_add_time(row, need->refund_us);
  hs_buf_add_char(row, ',');
  hs_market_add_money(row, need->refund_minor);
  hs_buf_add_text(row, ",EUR,");
  hs_buf_add_text(row, REASONS[(size_t)need->refund_minor % 6]);
  hs_market_row_end(&trace->store->refunds, need->refund_us);
}

static int is_guest(const struct world *world, const struct person *person, size_t k)
{
  return hs_market_chance(world->seed, DRAW_ORDER, person->index, 0, (uint32_t)k).u[0] <
         GUEST_SHARE;
}

static enum slot order_device(const struct person *person, const struct chance *chance)
{
  if (person->has_kiosk && chance->u[2] < .5)
    return SLOT_KIOSK;
  return device_of(person, chance->u[1]);
}

static void order_leave(struct trace *trace, size_t k)
{
  const struct person *person = trace->person;
  const struct need *need = &person->needs[k];
  uint64_t seed = trace->world->seed;
  struct chance chance = hs_market_chance(seed, DRAW_ORDER, person->index, 0, (uint32_t)k);
  struct chance closing = hs_market_chance(seed, DRAW_CLOSING, person->index, 0, (uint32_t)k);
  enum slot device = order_device(person, &chance);
  int64_t visit_us = need->decide_us - (4 + (int64_t)(closing.u[0] * 14)) * HS_MINUTE_US;
  if (closing.u[1] < .85 && hs_market_is_in_run(trace->world, visit_us))
    named_visit(trace, visit_us, closing.u[2], device, 0);
  uint8_t coupon_of = closers_leave(trace, k, device, 1);
  if (coupon_of == NO_PARTNER)
    coupon_of = heard_coupon(trace, need->decide_us, closing.u[3]);
  const char *coupon =
      coupon_of == NO_PARTNER ? "" : trace->world->partners[coupon_of].profile.coupon;
  if (coupon_of != NO_PARTNER) {
    trace->reach->reached[k] |= UINT64_C(1) << coupon_of;
    trace->reach->tracked[k] |= UINT64_C(1) << coupon_of;
  }
  char order[NAME_TEXT], visitor_id[NAME_TEXT], customer[NAME_TEXT] = "";
  uint64_t code = hs_market_code(person->index, SLOT_OTHER, (uint32_t)k);
  uint64_t visitor = hs_market_visitor_code(trace, device, need->decide_us);
  hs_market_name('o', code, order);
  hs_market_name('v', visitor, visitor_id);
  if (!is_guest(trace->world, person, k)) {
    hs_market_name('c', hs_market_customer_code(trace), customer);
    if (person->consent != CONSENT_DENIED || device == SLOT_KIOSK)
      hs_market_identity_add(trace, need->decide_us, visitor, "order");
  }
  order_deliver(trace, k, code,
                &(struct order){order, visitor_id, coupon, customer, need, visit_us});
  hs_market_survey_leave(trace, k, order, visitor_id);
  series_count(trace, METRIC_SALES, need->decide_us);
  if (need->refund_minor > 0)
    refund_leave(trace, k, order);
}

static void need_leave(struct trace *trace, size_t k)
{
  if (!trace->outcome->is_engaged[k])
    return;
  own_visits(trace, k);
  if (trace->outcome->is_bought[k])
    order_leave(trace, k);
  else
    closers_leave(trace, k, SLOT_PHONE, ABANDONED_CLOSER);
}

/* --- the whole person --- */

static void account_open(struct trace *trace)
{
  trace->account_us = INT64_MAX;
  for (size_t k = 0; k < trace->person->need_count; k++) {
    int64_t at_us = trace->person->needs[k].decide_us;
    if (trace->outcome->is_bought[k] && at_us < trace->account_us &&
        !is_guest(trace->world, trace->person, k))
      trace->account_us = at_us;
  }
  if (trace->account_us == INT64_MAX)
    return;
  trace->store->truth.customers++;
  hs_market_person_named(trace, 'c', hs_market_customer_code(trace), "customer", 0);
}

void hs_market_trace(struct store *store, const struct person *person,
                     const struct outcome *outcome, struct reach *reach)
{
  memset(reach, 0, sizeof *reach);
  struct trace trace = {
      .store = store, .world = store->world, .person = person, .outcome = outcome, .reach = reach};
  store->truth.refused_consent += person->consent == CONSENT_DENIED;
  account_open(&trace);
  contacts_leave(&trace);
  for (uint8_t i = 0; i < store->world->partner_count; i++)
    if ((person->member_of >> i & 1) && store->world->partners[i].profile.subscribe > 0)
      subscription_leave(&trace, i);
  for (size_t k = 0; k < person->need_count; k++)
    need_leave(&trace, k);
}
