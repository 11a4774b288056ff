/* Evidence about a set of ids: the walk that struct hs_evidence_ask describes, side by side over
   sorted meetings, and then passes over touches and orders. */
#include <stdlib.h>

#include "adapters/memory/trail.h"

#define SCAN_ROWS 2048

/* The sides on which an id is looked at. */
enum side { VISITOR, CUSTOMER, SIDE_COUNT };

/* A pair as one of its sides sees it. */
struct meeting {
  hs_person_key id;
  hs_person_key partner;
  uint64_t sequence; /* of the first frame that says it */
  int is_seen;       /* by a look at this side */
};

struct node {
  hs_person_key id;
  int is_near;
  int is_looked[SIDE_COUNT];
};

struct look {
  struct node *node;
  enum side side;
};

struct walk {
  struct hs_arena *scratch;
  const struct hs_evidence_ask *ask;
  struct meeting *meetings[SIDE_COUNT]; /* by id, then in the order in which they were met */
  size_t pair_count;
  struct node *nodes; /* every id of ask and meetings, by key */
  size_t node_count;
  struct look *looks; /* done and to come */
  size_t look_count;
  size_t near_count;
};

/* ---- meetings ---- */

static int compare_keys(hs_person_key a, hs_person_key b) { return (a > b) - (a < b); }

static int compare_signed(hs_person_key a, hs_person_key b)
{
  return ((int64_t)a > (int64_t)b) - ((int64_t)a < (int64_t)b);
}

static int by_pair(const void *a, const void *b)
{
  const struct meeting *x = a;
  const struct meeting *y = b;
  int order = compare_keys(x->id, y->id);
  order = order ? order : compare_keys(x->partner, y->partner);
  return order ? order : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static int by_meeting(const void *a, const void *b)
{
  const struct meeting *x = a;
  const struct meeting *y = b;
  int order = compare_keys(x->id, y->id);
  order = order ? order : (x->sequence > y->sequence) - (x->sequence < y->sequence);
  return order ? order : compare_signed(x->partner, y->partner);
}

static void add_pairs(struct walk *walk, const struct table *table, const char *visitor)
{
  for (size_t i = 0; i < table->count; i++) {
    const struct row *row = table->rows[i];
    hs_person_key one = key_or_none(text_of(row, table->kind, visitor));
    hs_person_key other = key_or_none(text_of(row, table->kind, "customer"));
    if (row->sequence <= walk->ask->until_sequence && one && other && one != other)
      walk->meetings[VISITOR][walk->pair_count++] = (struct meeting){one, other, row->sequence, 0};
  }
}

static void sort_meetings(struct meeting *meetings, size_t count,
                          int (*order)(const void *, const void *))
{
  if (count > 1)
    qsort(meetings, count, sizeof *meetings, order);
}

/* Each pair once, from both of its sides. */
static enum hs_status list_meetings(struct walk *walk, const struct trail *trail,
                                    struct hs_err *err)
{
  const struct table *identities = &trail->tables[HS_EVENT_IDENTITY];
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  for (int side = 0; side < SIDE_COUNT; side++) {
    walk->meetings[side] = hs_arena_alloc(walk->scratch, identities->count + orders->count,
                                          sizeof *walk->meetings[side]);
    if (!walk->meetings[side])
      return hs_arena_full(walk->scratch, "the evidence of who is the same", err);
  }
  add_pairs(walk, identities, "visitor");
  add_pairs(walk, orders, "person");
  struct meeting *pairs = walk->meetings[VISITOR];
  sort_meetings(pairs, walk->pair_count, by_pair);
  size_t kept = 0;
  for (size_t i = 0; i < walk->pair_count; i++)
    if (kept == 0 || pairs[kept - 1].id != pairs[i].id ||
        pairs[kept - 1].partner != pairs[i].partner)
      pairs[kept++] = pairs[i];
  walk->pair_count = kept;
  for (size_t i = 0; i < kept; i++)
    walk->meetings[CUSTOMER][i] =
        (struct meeting){pairs[i].partner, pairs[i].id, pairs[i].sequence, 0};
  sort_meetings(pairs, kept, by_meeting);
  sort_meetings(walk->meetings[CUSTOMER], kept, by_meeting);
  return HS_OK;
}

/* The first meeting of the id on that side, and how many it has. */
static struct meeting *meetings_of(const struct walk *walk, hs_person_key id, enum side side,
                                   size_t *count)
{
  struct meeting *meetings = walk->meetings[side];
  size_t low = 0;
  for (size_t high = walk->pair_count; low < high;) {
    size_t middle = low + (high - low) / 2;
    if (meetings[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  *count = 0;
  while (low + *count < walk->pair_count && meetings[low + *count].id == id)
    ++*count;
  return meetings + low;
}

/* ---- nodes ---- */

static int by_node(const void *a, const void *b)
{
  return compare_keys(((const struct node *)a)->id, ((const struct node *)b)->id);
}

static enum hs_status list_nodes(struct walk *walk, struct hs_err *err)
{
  size_t count = 0;
  size_t capacity = walk->ask->id_count + 2 * walk->pair_count;
  walk->nodes = hs_arena_alloc(walk->scratch, capacity, sizeof *walk->nodes);
  walk->looks = hs_arena_alloc(walk->scratch, SIDE_COUNT * capacity, sizeof *walk->looks);
  if (!walk->nodes || !walk->looks)
    return hs_arena_full(walk->scratch, "the ids that evidence names", err);
  for (size_t i = 0; i < walk->ask->id_count; i++)
    if (walk->ask->ids[i] != 0)
      walk->nodes[count++].id = walk->ask->ids[i];
  for (size_t i = 0; i < walk->pair_count; i++) {
    walk->nodes[count++].id = walk->meetings[VISITOR][i].id;
    walk->nodes[count++].id = walk->meetings[VISITOR][i].partner;
  }
  if (count > 1)
    qsort(walk->nodes, count, sizeof *walk->nodes, by_node);
  for (size_t i = 0; i < count; i++)
    if (walk->node_count == 0 || walk->nodes[walk->node_count - 1].id != walk->nodes[i].id)
      walk->nodes[walk->node_count++] = walk->nodes[i];
  return HS_OK;
}

static struct node *node_of(const struct walk *walk, hs_person_key id)
{
  struct node wanted = {.id = id};
  return walk->node_count ? bsearch(&wanted, walk->nodes, walk->node_count, sizeof wanted, by_node)
                          : NULL;
}

static int is_near(const struct walk *walk, hs_person_key id)
{
  const struct node *node = node_of(walk, id);
  return node && node->is_near;
}

/* ---- the walk ---- */

static void look_at(struct walk *walk, struct node *node, enum side side)
{
  if (!node->is_looked[side])
    walk->looks[walk->look_count++] = (struct look){node, side};
  node->is_looked[side] = 1;
}

static void become_near(struct walk *walk, struct node *node)
{
  walk->near_count += !node->is_near;
  node->is_near = 1;
  look_at(walk, node, VISITOR);
  look_at(walk, node, CUSTOMER);
}

static void look(struct walk *walk, struct look look)
{
  size_t count;
  size_t crowd = walk->ask->crowd;
  struct meeting *met = meetings_of(walk, look.node->id, look.side, &count);
  for (size_t i = 0; i < count && i <= crowd; i++)
    met[i].is_seen = 1;
  if (count > crowd && met[crowd].sequence <= walk->ask->from_sequence)
    return; /* closed */
  become_near(walk, look.node);
  for (size_t i = 0; i < count && i < crowd; i++)
    look_at(walk, node_of(walk, met[i].partner), look.side == VISITOR ? CUSTOMER : VISITOR);
}

static enum hs_status walk_on(struct walk *walk, struct hs_err *err)
{
  for (size_t i = 0; i < walk->ask->id_count; i++)
    if (walk->ask->ids[i] != 0)
      become_near(walk, node_of(walk, walk->ask->ids[i]));
  for (size_t i = 0; i < walk->look_count; i++)
    look(walk, walk->looks[i]);
  return walk->near_count > walk->ask->near_max ? hs_evidence_too_wide(walk->ask, err) : HS_OK;
}

/* ---- pairs ---- */

struct pair_rows {
  hs_person_key visitor[SCAN_ROWS];
  hs_person_key customer[SCAN_ROWS];
  uint64_t sequence[SCAN_ROWS];
};

static enum hs_status flush_pairs(const struct pair_rows *rows, size_t *count,
                                  const struct hs_evidence_reader *reader, struct hs_err *err)
{
  if (*count == 0)
    return HS_OK;
  struct hs_pair_batch batch = {*count, rows->visitor, rows->customer, rows->sequence};
  *count = 0;
  return reader->pairs(reader->context, &batch, err);
}

/* Whether a look from the visitor's side saw the pair that a customer's meeting is. */
static int is_seen_by_visitor(const struct walk *walk, const struct meeting *of_customer)
{
  struct meeting wanted = {of_customer->partner, of_customer->id, of_customer->sequence, 0};
  const struct meeting *found =
      bsearch(&wanted, walk->meetings[VISITOR], walk->pair_count, sizeof wanted, by_meeting);
  return found && found->is_seen;
}

static enum hs_status give_pairs(struct walk *walk, const struct hs_evidence_reader *reader,
                                 struct hs_err *err)
{
  struct pair_rows *rows = hs_arena_alloc(walk->scratch, 1, sizeof *rows);
  if (!rows)
    return hs_arena_full(walk->scratch, "a scan of evidence", err);
  size_t count = 0;
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < 2 * walk->pair_count; i++) {
    int is_customer = i >= walk->pair_count;
    const struct meeting *met =
        is_customer ? &walk->meetings[CUSTOMER][i - walk->pair_count] : &walk->meetings[VISITOR][i];
    if (!met->is_seen || (is_customer && is_seen_by_visitor(walk, met)))
      continue;
    rows->visitor[count] = is_customer ? met->partner : met->id;
    rows->customer[count] = is_customer ? met->id : met->partner;
    rows->sequence[count++] = met->sequence;
    if (count == SCAN_ROWS)
      status = flush_pairs(rows, &count, reader, err);
  }
  return status ? status : flush_pairs(rows, &count, reader, err);
}

/* ---- touches ---- */

struct touch_rows {
  hs_person_key person[SCAN_ROWS];
  int64_t at_us[SCAN_ROWS];
  struct hs_str partner[SCAN_ROWS];
  struct hs_str kind[SCAN_ROWS];
  struct hs_str coupon[SCAN_ROWS];
  uint8_t stands_down[SCAN_ROWS];
  uint64_t sequence[SCAN_ROWS];
  int64_t row_number[SCAN_ROWS];
};

static enum hs_status flush_touches(const struct touch_rows *rows, size_t *count,
                                    const struct hs_evidence_reader *reader, struct hs_err *err)
{
  if (*count == 0)
    return HS_OK;
  struct hs_near_touch_batch batch = {.count = *count,
                                      .person = rows->person,
                                      .at_us = rows->at_us,
                                      .partner = rows->partner,
                                      .kind = rows->kind,
                                      .coupon = rows->coupon,
                                      .stands_down = rows->stands_down,
                                      .sequence = rows->sequence,
                                      .row_number = rows->row_number};
  *count = 0;
  return reader->touches(reader->context, &batch, err);
}

static enum hs_status give_touches(struct walk *walk, const struct table *touches,
                                   const struct hs_evidence_reader *reader, struct hs_err *err)
{
  struct touch_rows *rows = hs_arena_alloc(walk->scratch, 1, sizeof *rows);
  if (!rows)
    return hs_arena_full(walk->scratch, "a scan of evidence", err);
  size_t count = 0;
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < touches->count; i++) {
    const struct row *touch = touches->rows[i];
    hs_person_key person = hs_person_key_of(text_of(touch, HS_EVENT_TOUCH, "person"));
    int64_t at_us = integer_of(touch, HS_EVENT_TOUCH, "occurred_at");
    if (touch->sequence > walk->ask->until_sequence || !is_near(walk, person) ||
        !is_in(at_us, walk->ask->from_us, walk->ask->until_us))
      continue;
    rows->person[count] = person;
    rows->at_us[count] = at_us;
    rows->partner[count] = text_of(touch, HS_EVENT_TOUCH, "partner");
    rows->kind[count] = text_of(touch, HS_EVENT_TOUCH, "kind");
    rows->coupon[count] = text_of(touch, HS_EVENT_TOUCH, "coupon");
    rows->stands_down[count] = integer_of(touch, HS_EVENT_TOUCH, "stands_down") != 0;
    rows->sequence[count] = touch->sequence;
    rows->row_number[count++] = touch->row_number;
    if (count == SCAN_ROWS)
      status = flush_touches(rows, &count, reader, err);
  }
  return status ? status : flush_touches(rows, &count, reader, err);
}

/* ---- first orders ---- */

struct purchase {
  hs_person_key id;
  struct hs_str order_id;
  int64_t at_us;
  uint64_t sequence;
  int64_t row_number;
};

static int by_moment(const void *a, const void *b)
{
  const struct purchase *x = a;
  const struct purchase *y = b;
  int order = compare_keys(x->id, y->id);
  order = order ? order : (x->at_us > y->at_us) - (x->at_us < y->at_us);
  order = order ? order : (x->sequence > y->sequence) - (x->sequence < y->sequence);
  return order ? order : (x->row_number > y->row_number) - (x->row_number < y->row_number);
}

/* Orders of near ids, once for each id that they name. */
static size_t list_purchases(const struct walk *walk, const struct table *orders,
                             struct purchase *out)
{
  size_t count = 0;
  for (size_t i = 0; i < orders->count; i++) {
    const struct row *order = orders->rows[i];
    int64_t at_us = integer_of(order, HS_EVENT_ORDER, "occurred_at");
    hs_person_key person = key_or_none(text_of(order, HS_EVENT_ORDER, "person"));
    hs_person_key customer = key_or_none(text_of(order, HS_EVENT_ORDER, "customer"));
    struct hs_str name = text_of(order, HS_EVENT_ORDER, "order_id");
    if (order->sequence > walk->ask->until_sequence || at_us >= walk->ask->until_us)
      continue;
    if (person && is_near(walk, person))
      out[count++] = (struct purchase){person, name, at_us, order->sequence, order->row_number};
    if (customer && customer != person && is_near(walk, customer))
      out[count++] = (struct purchase){customer, name, at_us, order->sequence, order->row_number};
  }
  if (count > 1)
    qsort(out, count, sizeof *out, by_moment);
  return count;
}

/* Of an id's orders by time, those that were known before every earlier one was. */
static size_t keep_firsts(struct purchase *purchases, size_t count)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (kept == 0 || purchases[kept - 1].id != purchases[i].id ||
        purchases[i].sequence < purchases[kept - 1].sequence)
      purchases[kept++] = purchases[i];
  return kept;
}

struct first_order_rows {
  hs_person_key id[SCAN_ROWS];
  int64_t at_us[SCAN_ROWS];
  struct hs_str order_id[SCAN_ROWS];
  uint64_t sequence[SCAN_ROWS];
  int64_t row_number[SCAN_ROWS];
};

static enum hs_status give_some(struct first_order_rows *rows, const struct purchase *purchases,
                                size_t count, const struct hs_evidence_reader *reader,
                                struct hs_err *err)
{
  for (size_t i = 0; i < count; i++) {
    rows->id[i] = purchases[i].id;
    rows->at_us[i] = purchases[i].at_us;
    rows->order_id[i] = purchases[i].order_id;
    rows->sequence[i] = purchases[i].sequence;
    rows->row_number[i] = purchases[i].row_number;
  }
  struct hs_first_order_batch batch = {count,          rows->id,       rows->at_us,
                                       rows->order_id, rows->sequence, rows->row_number};
  return reader->first_orders(reader->context, &batch, err);
}

static enum hs_status give_first_orders(struct walk *walk, const struct table *orders,
                                        const struct hs_evidence_reader *reader, struct hs_err *err)
{
  struct purchase *purchases = hs_arena_alloc(walk->scratch, 2 * orders->count, sizeof *purchases);
  struct first_order_rows *rows = hs_arena_alloc(walk->scratch, 1, sizeof *rows);
  if (!purchases || !rows)
    return hs_arena_full(walk->scratch, "a scan of evidence", err);
  size_t count = keep_firsts(purchases, list_purchases(walk, orders, purchases));
  enum hs_status status = HS_OK;
  for (size_t first = 0; status == HS_OK && first < count; first += SCAN_ROWS) {
    size_t left = count - first;
    status = give_some(rows, purchases + first, left < SCAN_ROWS ? left : SCAN_ROWS, reader, err);
  }
  return status;
}

enum hs_status hs_memory_evidence(void *self, const struct hs_evidence_ask *ask,
                                  const struct hs_evidence_reader *reader, struct hs_err *err)
{
  struct trail *trail = self;
  HS_ASSERT(ask->from_sequence <= ask->until_sequence);
  hs_arena_reset(&trail->scratch, 0);
  struct walk walk = {.scratch = &trail->scratch, .ask = ask};
  enum hs_status status = list_meetings(&walk, trail, err);
  if (status == HS_OK)
    status = list_nodes(&walk, err);
  if (status == HS_OK)
    status = walk_on(&walk, err);
  if (status == HS_OK && reader->pairs)
    status = give_pairs(&walk, reader, err);
  if (status == HS_OK && reader->touches)
    status = give_touches(&walk, &trail->tables[HS_EVENT_TOUCH], reader, err);
  if (status == HS_OK && reader->first_orders)
    status = give_first_orders(&walk, &trail->tables[HS_EVENT_ORDER], reader, err);
  return status;
}
