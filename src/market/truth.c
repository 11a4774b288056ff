/* The truth, as tables for people and as one JSON document for programs. */
#include "market/market_priv.h"

static const char EFFECT_COLUMNS[] =
    "touches,touches_lost,orders_reached,orders_tracked,incremental_orders,incremental_tracked,"
    "incremental_unseen,halo_orders,kappa,revenue_tracked,incremental_revenue,"
    "incremental_net_revenue,halo_revenue,cost";

static double share_of(int64_t part, int64_t whole)
{
  return whole == 0 ? 0 : (double)part / (double)whole;
}

/* The share of tracked orders that would not have been; empty where nothing was tracked. */
static void kappa_add(struct hs_buf *buf, const struct hs_market_effect *effect)
{
  if (effect->tracked.orders > 0)
    hs_buf_printf(buf, "%.6f",
                  share_of(effect->incremental_tracked.orders, effect->tracked.orders));
}

static void effect_cells(struct hs_buf *buf, const struct hs_market_effect *effect)
{
  const int64_t COUNTS[] = {effect->touches,
                            effect->touches_lost,
                            effect->reached.orders,
                            effect->tracked.orders,
                            effect->incremental.orders,
                            effect->incremental_tracked.orders,
                            effect->incremental_unseen.orders,
                            effect->halo.orders};
  const int64_t MONEY[] = {effect->tracked.amount_minor, effect->incremental.amount_minor,
                           effect->incremental.net_minor, effect->halo.amount_minor,
                           effect->cost_minor};
  for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++)
    hs_buf_printf(buf, "%lld,", (long long)COUNTS[i]);
  kappa_add(buf, effect);
  for (size_t i = 0; i < sizeof MONEY / sizeof *MONEY; i++) {
    hs_buf_add_char(buf, ',');
    hs_market_add_money(buf, MONEY[i]);
  }
}

static void file_begin(struct outlet *outlet, enum hs_market_file file)
{
  hs_market_outlet_flush(outlet);
  outlet->file = file;
}

static void months_write(struct outlet *outlet, struct store *store)
{
  const struct world *world = store->world;
  file_begin(outlet, HS_MARKET_TRUTH_MONTHS);
  hs_buf_printf(&outlet->buf, "partner,channel,month,level,effort,%s\n", EFFECT_COLUMNS);
  for (size_t i = 0; i < world->partner_count; i++)
    for (int32_t month = 0; month < world->months; month++) {
      const struct partner *partner = &world->partners[i];
      struct hs_civil civil = hs_civil_of_us(world->from_us + world->month_day[month] * HS_DAY_US);
      hs_buf_printf(&outlet->buf, "%s,%s,%04d-%02d,%.6f,%.6f,", partner->profile.id,
                    partner->profile.kind, civil.year, civil.month, partner->level[month],
                    partner->effort[month]);
      effect_cells(&outlet->buf, hs_market_effect_of(store, i, month));
      hs_buf_add_char(&outlet->buf, '\n');
      hs_market_outlet_room(outlet);
    }
}

static void partners_write(struct outlet *outlet, struct store *store)
{
  const struct world *world = store->world;
  file_begin(outlet, HS_MARKET_TRUTH_PARTNERS);
  hs_buf_printf(&outlet->buf, "partner,channel,trend,persons,tracking_loss,%s\n", EFFECT_COLUMNS);
  for (size_t i = 0; i < world->partner_count; i++) {
    const struct profile *profile = &world->partners[i].profile;
    const struct hs_market_effect *effect = hs_market_effect_total(store, i);
    hs_buf_printf(&outlet->buf, "%s,%s,%s,%lld,%.6f,", profile->id, profile->kind,
                  hs_market_trend_name(profile->trend), (long long)effect->persons,
                  share_of(effect->touches_lost, effect->touches));
    effect_cells(&outlet->buf, effect);
    hs_buf_add_char(&outlet->buf, '\n');
  }
}

/* --- the document --- */

static void json_sum(struct hs_buf *buf, const char *name, const struct hs_market_sum *sum)
{
  hs_buf_printf(buf, "\"%s\":{\"orders\":%lld,\"amount_minor\":%lld,\"net_minor\":%lld}", name,
                (long long)sum->orders, (long long)sum->amount_minor, (long long)sum->net_minor);
}

static void json_effect(struct hs_buf *buf, const struct hs_market_effect *effect)
{
  const struct {
    const char *name;
    const struct hs_market_sum *sum;
  } SUMS[] = {{"reached", &effect->reached},
              {"tracked", &effect->tracked},
              {"incremental", &effect->incremental},
              {"incremental_tracked", &effect->incremental_tracked},
              {"incremental_unseen", &effect->incremental_unseen},
              {"halo", &effect->halo}};
  hs_buf_printf(buf, "\"persons\":%lld,\"touches\":%lld,\"touches_lost\":%lld,\"cost_minor\":%lld",
                (long long)effect->persons, (long long)effect->touches,
                (long long)effect->touches_lost, (long long)effect->cost_minor);
  for (size_t i = 0; i < sizeof SUMS / sizeof *SUMS; i++) {
    hs_buf_add_char(buf, ',');
    json_sum(buf, SUMS[i].name, SUMS[i].sum);
  }
  hs_buf_add_text(buf, ",\"kappa\":");
  if (effect->tracked.orders > 0)
    kappa_add(buf, effect);
  else
    hs_buf_add_text(buf, "null");
}

static void json_run(struct hs_buf *buf, const struct store *store)
{
  const struct world *world = store->world;
  hs_buf_printf(buf, "{\"synthetic\":true,\"seed\":%llu,\"months\":%d,\"people\":%u,\"from\":\"",
                (unsigned long long)world->seed, world->months, world->people);
  hs_market_add_day(buf, world->first_day);
  hs_buf_add_text(buf, "\",\"to\":\"");
  hs_market_add_day(buf, world->first_day + world->days - 1);
  hs_buf_printf(buf, "\",\"currency\":\"EUR\",\"window_days\":%d,\n", (int)(WINDOW_US / HS_DAY_US));
}

static void json_totals(struct hs_buf *buf, const struct store *store)
{
  const struct hs_market_truth *truth = &store->truth;
  hs_buf_add_text(buf, "\"totals\":{");
  json_sum(buf, "orders", &truth->orders);
  hs_buf_add_char(buf, ',');
  json_sum(buf, "without_partners", &truth->without_partners);
  hs_buf_add_char(buf, ',');
  json_sum(buf, "tracked_by_any", &truth->tracked_by_any);
  hs_buf_printf(buf,
                "},\n\"files\":{\"touches\":%lld,\"touch_repeats\":%lld,\"touch_conflicts\":%lld,"
                "\"robot_touches\":%lld,\"order_repeats\":%lld,\"order_conflicts\":%lld},\n",
                (long long)truth->touches, (long long)truth->touch_repeats,
                (long long)truth->touch_conflicts, (long long)truth->robot_touches,
                (long long)truth->order_repeats, (long long)truth->order_conflicts);
}

static void json_identity(struct hs_buf *buf, const struct store *store)
{
  const struct hs_market_truth *truth = &store->truth;
  hs_buf_printf(buf,
                "\"identity\":{\"people\":%u,\"ids\":%lld,\"shared_ids\":%lld,"
                "\"customers\":%lld,\"refused_consent\":%lld},\n",
                store->world->people, (long long)truth->ids, (long long)truth->shared_ids,
                (long long)truth->customers, (long long)truth->refused_consent);
}

static void json_loss(struct hs_buf *buf, const struct store *store)
{
  hs_buf_add_text(buf, "\"tracking_loss\":[");
  for (size_t kind = 0; kind < TOUCH_KIND_COUNT; kind++)
    hs_buf_printf(buf, "%s\n{\"kind\":\"%s\",\"share\":%.2f,\"touches\":%lld,\"lost\":%lld}",
                  kind == 0 ? "" : ",", hs_market_kind_name((enum touch_kind)kind),
                  hs_market_kind_loss((enum touch_kind)kind), (long long)store->kind_touches[kind],
                  (long long)store->kind_lost[kind]);
  hs_buf_add_text(buf, "],\n");
}

static void json_partner(struct hs_buf *buf, struct store *store, size_t i)
{
  const struct partner *partner = &store->world->partners[i];
  hs_buf_printf(buf, "%s\n{\"partner\":\"%s\",\"channel\":\"%s\",\"trend\":\"%s\",",
                i == 0 ? "" : ",", partner->profile.id, partner->profile.kind,
                hs_market_trend_name(partner->profile.trend));
  json_effect(buf, hs_market_effect_total(store, i));
  hs_buf_add_char(buf, '}');
}

enum hs_status hs_market_write_truth(struct store *store, struct outlet *outlet)
{
  months_write(outlet, store);
  partners_write(outlet, store);
  file_begin(outlet, HS_MARKET_TRUTH);
  json_run(&outlet->buf, store);
  json_totals(&outlet->buf, store);
  json_identity(&outlet->buf, store);
  json_loss(&outlet->buf, store);
  hs_buf_add_text(&outlet->buf, "\"partners\":[");
  for (size_t i = 0; i < store->world->partner_count; i++)
    json_partner(&outlet->buf, store, i);
  hs_buf_add_text(&outlet->buf, "]}\n");
  hs_market_outlet_flush(outlet);
  return outlet->status;
}
