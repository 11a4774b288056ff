/* The way out of the rows: sorted by arrival, as text, in pieces. */
#include "market/market_priv.h"

#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES (256 * HS_KIB)
#define ROWS_BETWEEN_STEPS 8192
#define LINKS_PER_PARTNER 3

/* --- cells --- */

void hs_market_add_money(struct hs_buf *buf, int64_t amount_minor)
{
  struct hs_money money = {.amount_minor = amount_minor, .currency = {"EUR"}};
  char text[HS_MONEY_TEXT];
  hs_money_format(money, text);
  /* The file has a column for the currency. */
  char *blank = strchr(text, ' ');
  HS_ASSERT(blank != NULL);
  hs_buf_add(buf, text, (size_t)(blank - text));
}

static void digits(char *out, int32_t value, size_t count)
{
  for (size_t i = count; i > 0; i--) {
    out[i - 1] = (char)('0' + value % 10);
    value /= 10;
  }
}

/* To the millisecond, as web servers log. Written by hand because there are millions. */
void hs_market_add_time(struct hs_buf *buf, int64_t at_us)
{
  struct hs_civil civil = hs_civil_of_us(at_us);
  char text[] = "0000-00-00T00:00:00.000Z";
  digits(text, civil.year, 4);
  digits(text + 5, civil.month, 2);
  digits(text + 8, civil.day, 2);
  digits(text + 11, civil.hour, 2);
  digits(text + 14, civil.minute, 2);
  digits(text + 17, civil.second, 2);
  digits(text + 20, civil.microsecond / 1000, 3);
  hs_buf_add(buf, text, sizeof text - 1);
}

void hs_market_add_day(struct hs_buf *buf, int32_t day)
{
  char text[HS_TIME_TEXT];
  hs_format_day(day, text);
  hs_buf_add_text(buf, text);
}

/* --- the outlet --- */

void hs_market_outlet_flush(struct outlet *outlet)
{
  if (outlet->status == HS_OK)
    outlet->status = hs_buf_status(&outlet->buf, hs_market_file_name(outlet->file), outlet->err);
  if (outlet->status == HS_OK && outlet->buf.length > 0)
    outlet->status = outlet->sink->write(outlet->sink->context, outlet->file,
                                         hs_buf_str(&outlet->buf), outlet->err);
  hs_buf_clear(&outlet->buf);
}

void hs_market_outlet_room(struct outlet *outlet)
{
  if (outlet->buf.length >= PIECE_BYTES)
    hs_market_outlet_flush(outlet);
}

static void file_begin(struct outlet *outlet, enum hs_market_file file, const char *header)
{
  hs_market_outlet_flush(outlet);
  outlet->file = file;
  hs_buf_add_text(&outlet->buf, header);
}

static void step(struct outlet *outlet, size_t done, size_t total)
{
  const struct hs_market_watch *watch = outlet->watch;
  if (done % ROWS_BETWEEN_STEPS != 0 || watch == NULL || outlet->status != HS_OK)
    return;
  if (watch->step(watch->context, hs_market_file_name(outlet->file), done, total) != 0)
    outlet->status = hs_fail(outlet->err, HS_INTERRUPTED, "interrupted while writing %s",
                             hs_market_file_name(outlet->file));
}

/* --- sorting --- */

static int place_compare(const void *a, const void *b)
{
  const struct place *left = a;
  const struct place *right = b;
  if (left->arrival_us != right->arrival_us)
    return left->arrival_us < right->arrival_us ? -1 : 1;
  /* A total order, so that the result does not depend on the library's way of sorting. */
  return left->index < right->index ? -1 : left->index > right->index;
}

/* One list of places serves every table in its turn. */
static void places_take(struct outlet *outlet, const struct store *store, struct hs_arena *arena)
{
  const size_t COUNTS[] = {store->orders.count,     store->refunds.count, store->leads.count,
                           store->identities.count, store->costs.count,   store->activity.count,
                           store->surveys.count,    store->persons.count, store->traffic.count};
  size_t most = store->touches.count;
  for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++)
    if (COUNTS[i] > most)
      most = COUNTS[i];
  outlet->places = hs_arena_alloc_raw(arena, most, sizeof *outlet->places);
  if (outlet->places == NULL)
    outlet->status = hs_arena_full(arena, "the order of the rows", outlet->err);
}

static void rows_write(struct outlet *outlet, const struct rows *rows, enum hs_market_file file,
                       const char *header)
{
  struct place *places = outlet->places;
  file_begin(outlet, file, header);
  if (outlet->status != HS_OK)
    return;
  for (size_t i = 0; i < rows->count; i++)
    places[i] = (struct place){rows->refs[i].arrival_us, i};
  if (rows->count > 0)
    qsort(places, rows->count, sizeof *places, place_compare);
  for (size_t i = 0; i < rows->count && outlet->status == HS_OK; i++) {
    const struct row_ref *ref = &rows->refs[places[i].index];
    hs_buf_add(&outlet->buf, rows->text.data + ref->offset, ref->bytes);
    hs_market_outlet_room(outlet);
    step(outlet, i, rows->count);
  }
}

/* --- touches --- */

/* One row in some hundreds carries a mark that has to be quoted, as partners' marks do. */
static void marks_add(struct hs_buf *buf, const struct touch *touch)
{
  static const char *const PLACES[] = {"header", "text", "list", "footer"};
  hs_buf_printf(buf, "cmp-%02u,%s,", touch->campaign + 1U, PLACES[touch->campaign / 3 % 4]);
  if (touch->id % 211 == 0)
    hs_buf_add_csv(buf, HS_STR("week 7, \"early\" list"));
  hs_buf_add_text(buf, ",,");
}

static void touch_add(struct hs_buf *buf, const struct world *world, const struct touch *touch)
{
  static const char *const CONSENTS[] = {"granted", "denied", ""};
  char id[NAME_TEXT], person[NAME_TEXT];
  hs_market_name('t', touch->id, id);
  hs_market_name(touch->is_customer ? 'c' : 'v', touch->visitor, person);
  hs_buf_add_text(buf, id);
  hs_buf_add_char(buf, ',');
  hs_buf_add_text(buf, person);
  hs_buf_add_char(buf, ',');
  hs_market_add_time(buf, touch->at_us);
  hs_buf_add_char(buf, ',');
  int is_partners = touch->partner != NO_PARTNER && !world->partners[touch->partner].is_own;
  const struct profile *profile = is_partners ? &world->partners[touch->partner].profile : NULL;
  if (profile != NULL)
    hs_buf_printf(buf, "%s,%s-%u,", profile->id, profile->id,
                  touch->campaign % LINKS_PER_PARTNER + 1U);
  else
    hs_buf_add_text(buf, ",,");
  hs_buf_add_text(buf, hs_market_kind_name((enum touch_kind)touch->kind));
  hs_buf_add_char(buf, ',');
  if (touch->kind == TOUCH_COUPON && profile != NULL && profile->coupon != NULL)
    hs_buf_add_text(buf, profile->coupon);
  hs_buf_add_char(buf, ',');
  if (profile != NULL)
    marks_add(buf, touch);
  else
    hs_buf_add_text(buf, ",,,,");
  hs_buf_add_char(buf, ',');
  hs_buf_add_text(buf, CONSENTS[touch->consent]);
  hs_buf_add_char(buf, ',');
  hs_buf_add_csv(buf, hs_str_of(hs_market_agent(touch->agent)));
  hs_buf_add_text(buf, profile != NULL && profile->is_software ? ",1\n" : ",\n");
}

static void touches_write(struct outlet *outlet, const struct store *store)
{
  const struct touches *touches = &store->touches;
  struct place *places = outlet->places;
  file_begin(outlet, HS_MARKET_TOUCHES,
             "touch_id,person,occurred_at,partner,link,kind,coupon,sub1,sub2,sub3,sub4,sub5,"
             "consent,user_agent,stands_down\n");
  if (outlet->status != HS_OK)
    return;
  for (size_t i = 0; i < touches->count; i++)
    places[i] = (struct place){touches->list[i].arrival_us, i};
  if (touches->count > 0)
    qsort(places, touches->count, sizeof *places, place_compare);
  for (size_t i = 0; i < touches->count && outlet->status == HS_OK; i++) {
    touch_add(&outlet->buf, store->world, &touches->list[places[i].index]);
    hs_market_outlet_room(outlet);
    step(outlet, i, touches->count);
  }
}

/* --- what needs no sorting --- */

static void partners_write(struct outlet *outlet, const struct world *world)
{
  file_begin(outlet, HS_MARKET_PARTNERS, "partner,name,kind,domain,since\n");
  for (size_t i = 0; i < world->partner_count; i++) {
    const struct partner *partner = &world->partners[i];
    if (partner->is_own)
      continue;
    hs_buf_printf(&outlet->buf, "%s,%s,%s,%s.example,", partner->profile.id, partner->profile.name,
                  partner->profile.kind, partner->profile.id);
    /* Who was there before the first day has no known beginning. */
    if (partner->start_month > 0)
      hs_market_add_day(&outlet->buf, world->first_day + world->month_day[partner->start_month]);
    hs_buf_add_char(&outlet->buf, '\n');
  }
}

static void links_write(struct outlet *outlet, const struct world *world)
{
  static const char *const PAGES[LINKS_PER_PARTNER] = {"", "products", "start"};
  file_begin(outlet, HS_MARKET_LINKS, "link,partner,target\n");
  for (size_t i = 0; i < world->partner_count; i++)
    for (size_t page = 0; page < LINKS_PER_PARTNER && !world->partners[i].is_own; page++)
      hs_buf_printf(&outlet->buf, "%s-%zu,%s,https://shop.example/%s\n",
                    world->partners[i].profile.id, page + 1, world->partners[i].profile.id,
                    PAGES[page]);
}

static void coupons_write(struct outlet *outlet, const struct world *world)
{
  file_begin(outlet, HS_MARKET_COUPONS, "coupon,partner\n");
  for (size_t i = 0; i < world->partner_count; i++)
    if (world->partners[i].profile.coupon != NULL)
      hs_buf_printf(&outlet->buf, "%s,%s\n", world->partners[i].profile.coupon,
                    world->partners[i].profile.id);
}

static void series_write(struct outlet *outlet, struct store *store)
{
  static const char *const METRICS[METRIC_COUNT] = {"organic_search_visits", "direct_visits",
                                                    "brand_searches", "category_searches", "sales"};
  const struct world *world = store->world;
  file_begin(outlet, HS_MARKET_SERIES, "day,region,metric,value\n");
  for (int32_t day = 0; day < world->days; day++) {
    char text[HS_TIME_TEXT];
    hs_format_day(world->first_day + day, text);
    for (size_t region = 0; region < REGION_COUNT; region++)
      for (size_t metric = 0; metric < METRIC_COUNT; metric++)
        hs_buf_printf(&outlet->buf, "%s,%s,%s,%u\n", text, hs_market_region_name(region),
                      METRICS[metric],
                      *hs_market_series_cell(store, (enum metric)metric, region, day));
    hs_market_outlet_room(outlet);
  }
}

static void readme_write(struct outlet *outlet, const struct world *world)
{
  file_begin(outlet, HS_MARKET_README, "");
  hs_buf_printf(
      &outlet->buf,
      "Synthetic data made by hansa simulate. Nothing here happened: no company, person, partner\n"
      "or order in these files exists, and every domain is under .example.\n\n"
      "seed %llu, %d %s from 2025-01-01, %u people\n\n"
      "The files touches, orders, refunds, leads, identities, series, costs, activity and surveys\n"
      "are what a programme would have and go into `hansa import KIND FILE`. partners, links and\n"
      "coupons describe it. The files truth* hold what nobody could know in a real programme: what "
      "each\n"
      "partner caused, who is the same person, and which touches no person made. Do not give\n"
      "them to the method that is on trial.\n\n"
      "The columns are described in docs/reference/simulator.md.\n",
      (unsigned long long)world->seed, world->months,
      hs_plural((uint64_t)world->months, "month", "months"), world->people);
}

enum hs_status hs_market_write_tables(struct store *store, struct outlet *outlet,
                                      struct hs_arena *arena)
{
  places_take(outlet, store, arena);
  readme_write(outlet, store->world);
  partners_write(outlet, store->world);
  links_write(outlet, store->world);
  coupons_write(outlet, store->world);
  touches_write(outlet, store);
  rows_write(outlet, &store->orders, HS_MARKET_ORDERS,
             "order_id,person,occurred_at,amount,currency,coupon,customer,cart_at,country,"
             "items\n");
  rows_write(outlet, &store->refunds, HS_MARKET_REFUNDS,
             "refund_id,order_id,occurred_at,amount,currency,reason\n");
  rows_write(outlet, &store->leads, HS_MARKET_LEADS, "lead_id,person,occurred_at,partner,status\n");
  rows_write(outlet, &store->identities, HS_MARKET_IDENTITIES,
             "identity_id,occurred_at,visitor,customer,evidence\n");
  series_write(outlet, store);
  rows_write(outlet, &store->costs, HS_MARKET_COSTS,
             "cost_id,partner,channel,kind,from,to,amount,currency,hours\n");
  rows_write(outlet, &store->activity, HS_MARKET_ACTIVITY,
             "activity_id,partner,day,kind,count,person\n");
  rows_write(outlet, &store->surveys, HS_MARKET_SURVEYS,
             "answer_id,person,occurred_at,answer,partner,order_id\n");
  rows_write(outlet, &store->persons, HS_MARKET_TRUTH_PERSONS, "id,kind,person,shared\n");
  rows_write(outlet, &store->traffic, HS_MARKET_TRUTH_TRAFFIC, "file,id,class\n");
  rows_write(outlet, &store->survey_truths, HS_MARKET_TRUTH_SURVEYS,
             "answer_id,named,heard_through,share,guess\n");
  hs_market_outlet_flush(outlet);
  return outlet->status;
}
