#include "market/market.h"

#include "market/market_priv.h"

#define PEOPLE_BETWEEN_STEPS 2048

const char *hs_market_file_name(enum hs_market_file file)
{
  static const char *const NAMES[HS_MARKET_FILE_COUNT] = {
      [HS_MARKET_README] = "README.txt",
      [HS_MARKET_PARTNERS] = "partners.csv",
      [HS_MARKET_LINKS] = "links.csv",
      [HS_MARKET_COUPONS] = "coupons.csv",
      [HS_MARKET_TOUCHES] = "touches.csv",
      [HS_MARKET_ORDERS] = "orders.csv",
      [HS_MARKET_REFUNDS] = "refunds.csv",
      [HS_MARKET_LEADS] = "leads.csv",
      [HS_MARKET_IDENTITIES] = "identities.csv",
      [HS_MARKET_SERIES] = "series.csv",
      [HS_MARKET_COSTS] = "costs.csv",
      [HS_MARKET_ACTIVITY] = "activity.csv",
      [HS_MARKET_SURVEYS] = "surveys.csv",
      [HS_MARKET_TRUTH_PERSONS] = "truth_persons.csv",
      [HS_MARKET_TRUTH_TRAFFIC] = "truth_traffic.csv",
      [HS_MARKET_TRUTH_SURVEYS] = "truth_surveys.csv",
      [HS_MARKET_TRUTH_MONTHS] = "truth_months.csv",
      [HS_MARKET_TRUTH_PARTNERS] = "truth_partners.csv",
      [HS_MARKET_TRUTH] = "truth.json",
  };
  return NAMES[file];
}

static void person_live(struct store *store, uint32_t index, struct person *person)
{
  struct outcome outcome;
  struct reach reach;
  hs_market_person_draw(store->world, index, person);
  hs_market_decide(store->world, person, 0, &outcome);
  hs_market_trace(store, person, &outcome, &reach);
  hs_market_judge(store, person, &outcome, &reach);
}

static enum hs_status people_live(struct store *store, const struct hs_market_watch *watch,
                                  struct hs_arena *arena, struct hs_err *err)
{
  const struct world *world = store->world;
  struct person person;
  person.contacts =
      hs_arena_alloc_raw(arena, hs_market_contacts_max(world), sizeof *person.contacts);
  if (person.contacts == NULL)
    return hs_arena_full(arena, "one customer", err);
  for (uint32_t i = 0; i < world->people; i++) {
    if (watch != NULL && i % PEOPLE_BETWEEN_STEPS == 0 &&
        watch->step(watch->context, "customers", i, world->people) != 0)
      return hs_fail(err, HS_INTERRUPTED, "interrupted after %u of %u customers", i, world->people);
    person_live(store, i, &person);
  }
  return hs_market_store_status(store, err);
}

static enum hs_status truth_give(struct store *store, struct hs_arena *arena,
                                 struct hs_market_truth *truth, struct hs_err *err)
{
  const struct world *world = store->world;
  struct hs_market_partner_truth *partners =
      hs_arena_alloc(arena, world->partner_count, sizeof *partners);
  if (partners == NULL)
    return hs_arena_full(arena, "the truth", err);
  for (size_t i = 0; i < world->partner_count; i++)
    partners[i] = (struct hs_market_partner_truth){
        .partner = world->partners[i].profile.id,
        .channel = world->partners[i].profile.kind,
        .trend = world->partners[i].profile.trend,
        .total = *hs_market_effect_total(store, i),
        .months = hs_market_effect_of(store, i, 0),
    };
  *truth = store->truth;
  truth->partners = partners;
  truth->partner_count = world->partner_count;
  truth->month_count = (size_t)world->months;
  return HS_OK;
}

static enum hs_status outlet_write(struct store *store, const struct hs_market_sink *sink,
                                   const struct hs_market_watch *watch, struct hs_arena *arena,
                                   struct hs_err *err)
{
  struct outlet outlet = {
      .sink = sink, .watch = watch, .err = err, .buf = hs_buf_in(arena), .status = HS_OK};
  enum hs_status status = hs_market_write_tables(store, &outlet, arena);
  return status == HS_OK ? hs_market_write_truth(store, &outlet) : status;
}

enum hs_status hs_market_run(const struct hs_market_options *options,
                             const struct hs_market_sink *sink, const struct hs_market_watch *watch,
                             struct hs_arena *arena, struct hs_market_truth *truth,
                             struct hs_err *err)
{
  struct world *world = hs_arena_alloc(arena, 1, sizeof *world);
  struct store *store = hs_arena_alloc(arena, 1, sizeof *store);
  if (world == NULL || store == NULL)
    return hs_arena_full(arena, "the market", err);
  enum hs_status status = hs_market_world_build(options, arena, world, err);
  if (status == HS_OK)
    status = hs_market_store_init(store, world, arena, err);
  if (status == HS_OK)
    status = people_live(store, watch, arena, err);
  if (status != HS_OK)
    return status;
  hs_market_traffic(store);
  hs_market_background(store);
  hs_market_costs(store);
  hs_market_activity(store);
  store->truth.touches = (int64_t)store->touches.count;
  status = hs_market_store_status(store, err);
  if (status == HS_OK)
    status = outlet_write(store, sink, watch, arena, err);
  return status == HS_OK ? truth_give(store, arena, truth, err) : status;
}
