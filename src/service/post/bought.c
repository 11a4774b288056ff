#include "service/post/bought.h"

#include "intake/items.h"
#include "intake/json_line.h"

struct reading {
  struct hs_arena *arena;
  struct hs_str order_id;
  int64_t amount_minor;
  struct hs_bought *bought;
  int64_t *costs; /* of each item; −1 when not said */
  uint64_t *weights;
};

static enum hs_status corrupt(const struct reading *reading, const char *what, const char *words,
                              struct hs_err *err)
{
  return hs_fail(err, HS_CORRUPT, "order %.*s: its %s cannot be read: %s",
                 HS_STR_ARG(reading->order_id), what, words);
}

/* ---- one item ---- */

static int64_t net_of(const struct reading *reading)
{
  return reading->amount_minor - reading->bought->tax_minor - reading->bought->shipping_minor;
}

/* Goods that cost more than they brought have no margin, and take none of another's. */
static void set_bases(struct hs_item *item, int64_t net_minor, int64_t gross_minor,
                      int64_t cost_minor)
{
  item->value_minor = gross_minor;
  item->base_minor[HS_BASE_NET] = net_minor;
  item->base_minor[HS_BASE_GROSS] = gross_minor;
  item->base_minor[HS_BASE_MARGIN] = cost_minor < 0           ? -1
                                     : net_minor > cost_minor ? net_minor - cost_minor
                                                              : 0;
}

static enum hs_status make_one(const struct reading *reading, struct hs_err *err)
{
  struct hs_item *item = hs_arena_alloc(reading->arena, 1, sizeof *item);
  if (item == NULL)
    return hs_arena_full(reading->arena, "what was bought", err);
  item->count = 1;
  set_bases(item, net_of(reading), reading->amount_minor, reading->bought->cost_minor);
  reading->bought->items = item;
  reading->bought->item_count = 1;
  return HS_OK;
}

/* ---- items ---- */

static size_t count_items(struct hs_str text)
{
  size_t count = 1;
  for (size_t i = 0; i + 1 < text.length; i++)
    count += text.data[i] == '}' && text.data[i + 1] == ',';
  return count;
}

/* A brace in a product's name may make the count too high, and only that. */
static enum hs_status make_room(struct reading *reading, size_t count, struct hs_err *err)
{
  struct hs_arena *arena = reading->arena;
  reading->bought->items = hs_arena_alloc(arena, count, sizeof *reading->bought->items);
  reading->costs = hs_arena_alloc(arena, count, sizeof *reading->costs);
  reading->weights = hs_arena_alloc(arena, count, sizeof *reading->weights);
  return reading->bought->items == NULL || reading->costs == NULL || reading->weights == NULL
             ? hs_arena_full(arena, "what was bought", err)
             : HS_OK;
}

static enum hs_status read_list(struct reading *reading, char *text, size_t length,
                                struct hs_err *err)
{
  struct hs_bought *bought = reading->bought;
  struct hs_items list = hs_items_begin(text, length, (struct hs_currency){0});
  struct hs_line_item line = {0};
  struct hs_fault fault = {.words = "there is none"};
  int found = 0;
  while ((found = hs_items_next(&list, &line, &fault)) > 0) {
    bought->items[bought->item_count] =
        (struct hs_item){.product = line.product, .count = line.quantity};
    reading->costs[bought->item_count] = line.cost_minor;
    reading->weights[bought->item_count++] = (uint64_t)line.amount_minor;
  }
  return found < 0 || bought->item_count == 0 ? corrupt(reading, "items", fault.words, err) : HS_OK;
}

/* Items that were given away have no amounts to go by; then each counts as much as the other. */
static void weigh(const struct reading *reading)
{
  size_t count = reading->bought->item_count;
  for (size_t i = 0; i < count; i++)
    if (reading->weights[i] > 0)
      return;
  for (size_t i = 0; i < count; i++)
    reading->weights[i] = 1;
}

static int says_every_cost(const struct reading *reading)
{
  for (size_t i = 0; i < reading->bought->item_count; i++)
    if (reading->costs[i] < 0)
      return 0;
  return 1;
}

/* Net and gross by largest remainder, so that they sum to those of the order. */
static enum hs_status share_figures(const struct reading *reading, struct hs_err *err)
{
  struct hs_bought *bought = reading->bought;
  size_t count = bought->item_count;
  int64_t *nets = hs_arena_alloc(reading->arena, 2 * count, sizeof *nets);
  if (nets == NULL)
    return hs_arena_full(reading->arena, "what was bought", err);
  int64_t *extras = nets + count;
  int64_t extra = bought->tax_minor + bought->shipping_minor;
  enum hs_status status = hs_money_split(net_of(reading), reading->weights, count, nets, err);
  if (status == HS_OK)
    status = hs_money_split(extra, reading->weights, count, extras, err);
  if (status == HS_OK && bought->cost_minor >= 0 && !says_every_cost(reading))
    status = hs_money_split(bought->cost_minor, reading->weights, count, reading->costs, err);
  for (size_t i = 0; i < count && status == HS_OK; i++)
    set_bases(&bought->items[i], nets[i], nets[i] + extras[i], reading->costs[i]);
  return status;
}

static enum hs_status read_items(struct reading *reading, struct hs_str kept, struct hs_err *err)
{
  char *text = hs_arena_copy(reading->arena, kept.data, kept.length);
  enum hs_status status = text == NULL ? hs_arena_full(reading->arena, "what was bought", err)
                                       : make_room(reading, count_items(kept), err);
  if (status == HS_OK)
    status = read_list(reading, text, kept.length, err);
  if (status != HS_OK)
    return status;
  reading->bought->has_items = 1;
  weigh(reading);
  return share_figures(reading, err);
}

/* ---- facts ---- */

enum hs_status hs_facts_read(struct hs_str kept, struct hs_arena *arena, struct hs_fact **facts,
                             size_t *count, struct hs_err *err)
{
  struct hs_json_field fields[HS_FACTS_MAX];
  struct hs_json_fault fault;
  size_t field_count = 0;
  char *text = hs_arena_copy(arena, kept.data, kept.length);
  if (text == NULL)
    return hs_arena_full(arena, "metadata", err);
  if (!hs_json_line(text, kept.length, fields, HS_FACTS_MAX, &field_count, &fault))
    return hs_fail(err, HS_CORRUPT, "its metadata cannot be read: %s", fault.words);
  struct hs_fact *out = hs_arena_alloc(arena, field_count, sizeof *out);
  if (out == NULL)
    return hs_arena_full(arena, "metadata", err);
  for (size_t f = 0; f < field_count; f++)
    out[f] = (struct hs_fact){fields[f].name, fields[f].value};
  *facts = out;
  *count = field_count;
  return HS_OK;
}

static enum hs_status read_facts(const struct reading *reading, struct hs_str kept,
                                 struct hs_err *err)
{
  enum hs_status status = hs_facts_read(kept, reading->arena, &reading->bought->facts,
                                        &reading->bought->fact_count, err);
  if (status == HS_CORRUPT)
    hs_err_prefix(err, "order %.*s", HS_STR_ARG(reading->order_id));
  return status;
}

/* ---- public ---- */

static enum hs_status copy_country(const struct reading *reading, struct hs_str country,
                                   struct hs_err *err)
{
  char *copy = hs_arena_copy(reading->arena, country.data, country.length);
  reading->bought->country = (struct hs_str){copy, country.length};
  return copy == NULL ? hs_arena_full(reading->arena, "what was bought", err) : HS_OK;
}

enum hs_status hs_bought_read(const struct hs_new_order_batch *batch, size_t i,
                              struct hs_arena *arena, struct hs_bought *out, struct hs_err *err)
{
  struct hs_bought bought = {.tax_minor = batch->tax_minor[i],
                             .shipping_minor = batch->shipping_minor[i],
                             .discount_minor = batch->discount_minor[i],
                             .cost_minor = batch->cost_minor[i]};
  struct reading reading = {.arena = arena,
                            .order_id = batch->basic.order_id[i],
                            .amount_minor = batch->basic.amount_minor[i],
                            .bought = &bought};
  enum hs_status status = HS_OK;
  if (batch->country[i].data != NULL)
    status = copy_country(&reading, batch->country[i], err);
  if (status == HS_OK && batch->metadata[i].data != NULL)
    status = read_facts(&reading, batch->metadata[i], err);
  if (status == HS_OK)
    status = batch->items[i].data != NULL ? read_items(&reading, batch->items[i], err)
                                          : make_one(&reading, err);
  if (status == HS_OK)
    *out = bought;
  return status;
}
