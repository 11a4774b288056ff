#include <stdlib.h>

#include "agreement/rule_priv.h"

/* How many kinds of cases are kept apart, and how many cases are looked at, before the answer is
   that there are too many: far more than terms have that a person can read, and a second at most.
 */
#define MEETINGS_MAX ((size_t)8192)
#define WORK_MAX 4000000U

int hs_rule_set_first(hs_rule_set set)
{
  uint64_t low = (uint64_t)set;
  uint64_t high = (uint64_t)(set >> 64);
  if (low != 0)
    return __builtin_ctzll(low);
  return high != 0 ? 64 + __builtin_ctzll(high) : -1;
}

/* ---- cells ---- */

static int by_figure(const void *a, const void *b)
{
  const struct hs_rule_cell *x = a;
  const struct hs_rule_cell *y = b;
  if (x->figure != y->figure)
    return x->figure < y->figure ? -1 : 1;
  if (x->item != y->item)
    return x->item < y->item ? -1 : 1;
  return y->is_new - x->is_new;
}

static int by_rules(const void *a, const void *b)
{
  const struct hs_rule_cell *x = a;
  const struct hs_rule_cell *y = b;
  if (x->holds != y->holds)
    return x->holds < y->holds ? -1 : 1;
  return by_figure(a, b);
}

/* Of cells that no rule tells apart the first stays. */
static void merge_cells(struct hs_rule_axis_cells *axis)
{
  size_t kept = 0;
  qsort(axis->cells, axis->count, sizeof *axis->cells, by_rules);
  for (size_t i = 0; i < axis->count; i++)
    if (kept == 0 || axis->cells[kept - 1].holds != axis->cells[i].holds)
      axis->cells[kept++] = axis->cells[i];
  axis->count = kept;
  qsort(axis->cells, axis->count, sizeof *axis->cells, by_figure);
}

static void add_cell(struct hs_rule_axis_cells *axis, struct hs_rule_cell cell)
{
  axis->cells[axis->count++] = cell;
}

static int passes_customer(const struct hs_rule *rule, int is_new, int64_t months)
{
  if (!is_new && (rule->is_first_only || rule->when.customer == HS_CUSTOMER_NEW))
    return 0;
  if (is_new && rule->when.customer == HS_CUSTOMER_RETURNING)
    return 0;
  return rule->months_max == 0 || months < rule->months_max;
}

static void add_customers(const struct hs_terms *terms, struct hs_rule_axis_cells *axis, int is_new,
                          int64_t months)
{
  struct hs_rule_cell cell = {.figure = months, .is_new = is_new};
  for (size_t r = 0; r < terms->rule_count; r++)
    if (passes_customer(&terms->rules[r], is_new, months))
      cell.holds |= HS_RULE_BIT(r);
  add_cell(axis, cell);
}

static enum hs_status make_customers(struct hs_rule_space *space, struct hs_arena *arena)
{
  const struct hs_terms *terms = space->terms;
  struct hs_rule_axis_cells *axis = &space->axes[HS_AXIS_CUSTOMER];
  axis->cells = hs_arena_alloc(arena, terms->rule_count + 2, sizeof *axis->cells);
  if (axis->cells == NULL)
    return HS_NOMEM;
  add_customers(terms, axis, 1, 0);
  add_customers(terms, axis, 0, 0);
  for (size_t r = 0; r < terms->rule_count; r++)
    if (terms->rules[r].months_max > 0)
      add_customers(terms, axis, 0, terms->rules[r].months_max);
  merge_cells(axis);
  return HS_OK;
}

static int by_value(const void *a, const void *b)
{
  int64_t x = *(const int64_t *)a;
  int64_t y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* Where the set of rules of one level that take a value can change, ascending; gives how many. */
static size_t bounds_of(const struct hs_terms *terms, enum hs_rule_level level, int64_t *bounds)
{
  size_t count = 1;
  size_t kept = 0;
  bounds[0] = 0;
  for (size_t r = 0; r < terms->rule_count; r++) {
    const struct hs_conditions *when = &terms->rules[r].when;
    if (terms->rules[r].level != level)
      continue;
    bounds[count++] = when->value_min_minor;
    if (when->value_max_minor < INT64_MAX)
      bounds[count++] = when->value_max_minor + 1;
  }
  qsort(bounds, count, sizeof *bounds, by_value);
  for (size_t i = 0; i < count; i++)
    if (kept == 0 || bounds[kept - 1] != bounds[i])
      bounds[kept++] = bounds[i];
  return kept;
}

static void add_values(const struct hs_terms *terms, struct hs_rule_axis_cells *axis, int64_t order,
                       int64_t item)
{
  struct hs_rule_cell cell = {.figure = order, .item = item};
  for (size_t r = 0; r < terms->rule_count; r++) {
    const struct hs_conditions *when = &terms->rules[r].when;
    int64_t value = terms->rules[r].level == HS_LEVEL_ITEM ? item : order;
    if (value >= when->value_min_minor && value <= when->value_max_minor)
      cell.holds |= HS_RULE_BIT(r);
  }
  add_cell(axis, cell);
}

/* A stretch of orders with a stretch of items that such an order can have. */
static enum hs_status make_values(struct hs_rule_space *space, struct hs_arena *arena)
{
  const struct hs_terms *terms = space->terms;
  struct hs_rule_axis_cells *axis = &space->axes[HS_AXIS_VALUE];
  int64_t orders[2 * HS_RULES_MAX + 1];
  int64_t items[2 * HS_RULES_MAX + 1];
  size_t order_count = bounds_of(terms, HS_LEVEL_ORDER, orders);
  size_t item_count = bounds_of(terms, HS_LEVEL_ITEM, items);
  axis->cells = hs_arena_alloc(arena, order_count * item_count, sizeof *axis->cells);
  if (axis->cells == NULL)
    return HS_NOMEM;
  for (size_t o = 0; o < order_count; o++) {
    int64_t most = o + 1 < order_count ? orders[o + 1] - 1 : INT64_MAX;
    for (size_t i = 0; i < item_count && items[i] <= most; i++)
      add_values(terms, axis, orders[o] > items[i] ? orders[o] : items[i], items[i]);
  }
  merge_cells(axis);
  return HS_OK;
}

/* ---- cells of lists ---- */

/* Lists of one axis; of metadata, those of one key. */
struct lists {
  enum hs_rule_axis axis;
  struct hs_str key;
};

static const struct hs_list *listed(const struct hs_rule *rule, const struct lists *lists)
{
  static const struct hs_list ANY = {0};
  const struct hs_metadata_condition *conditions = rule->when.metadata.items;
  if (lists->axis == HS_AXIS_COUPON)
    return &rule->when.coupons;
  if (lists->axis == HS_AXIS_COUNTRY)
    return &rule->when.countries;
  if (lists->axis == HS_AXIS_PRODUCT)
    return &rule->when.products;
  if (lists->axis == HS_AXIS_NAME)
    return &rule->when.event_names;
  for (size_t i = 0; i < rule->when.metadata.count; i++)
    if (hs_str_equal(conditions[i].key, lists->key))
      return &conditions[i].values;
  return &ANY;
}

static int folded(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c; }

static int compare_folded(struct hs_str a, struct hs_str b)
{
  for (size_t i = 0; i < a.length && i < b.length; i++) {
    int x = folded(a.data[i]);
    int y = folded(b.data[i]);
    if (x != y)
      return x < y ? -1 : 1;
  }
  return (a.length > b.length) - (a.length < b.length);
}

/* Codes are compared without case when an order is judged, and so they are here. */
static int by_code(const void *a, const void *b)
{
  return compare_folded(((const struct hs_rule_cell *)a)->text,
                        ((const struct hs_rule_cell *)b)->text);
}

static int by_text(const void *a, const void *b)
{
  return hs_str_compare(((const struct hs_rule_cell *)a)->text,
                        ((const struct hs_rule_cell *)b)->text);
}

/* Texts that rules name, each once, with the rules that name it; then come those that name none. */
static void merge_texts(struct hs_rule_axis_cells *axis, enum hs_rule_axis which,
                        hs_rule_set any_text)
{
  int (*compare)(const void *, const void *) = which == HS_AXIS_COUPON ? by_code : by_text;
  size_t kept = 0;
  qsort(axis->cells, axis->count, sizeof *axis->cells, compare);
  for (size_t i = 0; i < axis->count; i++) {
    struct hs_rule_cell cell = axis->cells[i];
    if (kept > 0 && compare(&axis->cells[kept - 1], &cell) == 0) {
      axis->cells[kept - 1].holds |= cell.holds;
      continue;
    }
    cell.figure = (int64_t)kept + 1;
    cell.holds |= any_text;
    axis->cells[kept++] = cell;
  }
  axis->count = kept;
}

static enum hs_status make_texts(const struct hs_terms *terms, const struct lists *lists,
                                 struct hs_arena *arena, struct hs_rule_axis_cells *axis)
{
  hs_rule_set any_text = 0;
  size_t count = 1;
  for (size_t r = 0; r < terms->rule_count; r++)
    count += listed(&terms->rules[r], lists)->count;
  axis->cells = hs_arena_alloc(arena, count, sizeof *axis->cells);
  if (axis->cells == NULL)
    return HS_NOMEM;
  for (size_t r = 0; r < terms->rule_count; r++) {
    const struct hs_list *list = listed(&terms->rules[r], lists);
    const struct hs_str *items = list->items;
    if (list->count == 0)
      any_text |= HS_RULE_BIT(r);
    for (size_t i = 0; i < list->count; i++)
      add_cell(axis, (struct hs_rule_cell){.holds = HS_RULE_BIT(r), .text = items[i]});
  }
  merge_texts(axis, lists->axis, any_text);
  add_cell(axis, (struct hs_rule_cell){.holds = any_text});
  merge_cells(axis);
  return HS_OK;
}

/* ---- metadata ---- */

static enum hs_status add_value_text(struct hs_rule_cell *cell, struct hs_str key,
                                     struct hs_str value, struct hs_arena *arena)
{
  struct hs_buf text = hs_buf_in(arena);
  hs_buf_add_str(&text, cell->text);
  hs_buf_add_text(&text, cell->text.length > 0 ? ", " : "");
  hs_buf_add_str(&text, key);
  hs_buf_add_char(&text, '=');
  hs_buf_add_str(&text, value);
  cell->text = hs_buf_str(&text);
  return hs_buf_status(&text, "a case", NULL);
}

/* Each cell so far with each of a key: "plan=pro, team=yes". */
static enum hs_status cross(const struct hs_rule_axis_cells *all, struct hs_str key,
                            const struct hs_rule_axis_cells *values, struct hs_arena *arena,
                            struct hs_rule_axis_cells *out)
{
  enum hs_status status = HS_OK;
  out->count = 0;
  out->cells = hs_arena_alloc(arena, all->count * values->count, sizeof *out->cells);
  if (out->cells == NULL)
    return HS_NOMEM;
  for (size_t i = 0; i < all->count * values->count && status == HS_OK; i++) {
    const struct hs_rule_cell *value = &values->cells[i % values->count];
    struct hs_rule_cell cell = all->cells[i / values->count];
    cell.holds &= value->holds;
    cell.figure = (int64_t)i;
    if (value->text.data != NULL)
      status = add_value_text(&cell, key, value->text, arena);
    add_cell(out, cell);
  }
  merge_cells(out);
  return status;
}

static int is_first_of_key(const struct hs_terms *terms, size_t rule, struct hs_str key)
{
  for (size_t r = 0; r < rule; r++) {
    const struct hs_list *list = &terms->rules[r].when.metadata;
    for (size_t c = 0; c < list->count; c++)
      if (hs_str_equal(((const struct hs_metadata_condition *)list->items)[c].key, key))
        return 0;
  }
  return 1;
}

static enum hs_status add_key(struct hs_rule_space *space, struct hs_str key,
                              struct hs_arena *arena)
{
  struct hs_rule_axis_cells *axis = &space->axes[HS_AXIS_METADATA];
  const struct lists lists = {HS_AXIS_METADATA, key};
  struct hs_rule_axis_cells values = {0};
  struct hs_rule_axis_cells both = {0};
  enum hs_status status = make_texts(space->terms, &lists, arena, &values);
  if (status == HS_OK && axis->count * values.count > MEETINGS_MAX) {
    space->work_left = 0;
    return HS_OK;
  }
  if (status == HS_OK)
    status = cross(axis, key, &values, arena, &both);
  if (status == HS_OK)
    *axis = both;
  return status;
}

/* A rule names a key once (terms.h). */
static enum hs_status make_metadata(struct hs_rule_space *space, struct hs_arena *arena)
{
  const struct hs_terms *terms = space->terms;
  struct hs_rule_axis_cells *axis = &space->axes[HS_AXIS_METADATA];
  enum hs_status status = HS_OK;
  axis->cells = hs_arena_alloc(arena, 1, sizeof *axis->cells);
  if (axis->cells == NULL)
    return HS_NOMEM;
  add_cell(axis, (struct hs_rule_cell){.holds = ~(hs_rule_set)0});
  for (size_t r = 0; r < terms->rule_count; r++) {
    const struct hs_list *list = &terms->rules[r].when.metadata;
    const struct hs_metadata_condition *conditions = list->items;
    for (size_t c = 0; status == HS_OK && c < list->count; c++)
      if (is_first_of_key(terms, r, conditions[c].key))
        status = add_key(space, conditions[c].key, arena);
  }
  return status;
}

/* ---- the space ---- */

static enum hs_status make_axis(struct hs_rule_space *space, enum hs_rule_axis axis,
                                struct hs_arena *arena)
{
  const struct lists lists = {.axis = axis};
  if (axis == HS_AXIS_CUSTOMER)
    return make_customers(space, arena);
  if (axis == HS_AXIS_VALUE)
    return make_values(space, arena);
  if (axis == HS_AXIS_METADATA)
    return make_metadata(space, arena);
  return make_texts(space->terms, &lists, arena, &space->axes[axis]);
}

enum hs_status hs_rule_space_make(const struct hs_terms *terms, struct hs_arena *arena,
                                  struct hs_rule_space *out, struct hs_err *err)
{
  struct hs_rule_space space = {.terms = terms, .work_left = WORK_MAX};
  enum hs_status status = HS_OK;
  HS_ASSERT(terms->rule_count <= HS_RULES_MAX);
  for (size_t i = 0; i < 2; i++) {
    space.room[i] = hs_arena_alloc(arena, 2 * MEETINGS_MAX, sizeof *space.room[i]);
    if (space.room[i] == NULL)
      status = HS_NOMEM;
  }
  for (enum hs_rule_axis a = 0; status == HS_OK && a < HS_RULE_AXIS_COUNT; a++)
    status = make_axis(&space, a, arena);
  if (status != HS_OK)
    return hs_arena_full(arena, "the cases of an agreement's rules", err);
  *out = space;
  return HS_OK;
}

/* ---- meetings ---- */

static int by_meeting(const void *a, const void *b)
{
  const struct hs_rule_meeting *x = a;
  const struct hs_rule_meeting *y = b;
  if (x->rules != y->rules)
    return x->rules < y->rules ? -1 : 1;
  for (size_t i = 0; i < HS_RULE_AXIS_COUNT; i++)
    if (x->cell[i] != y->cell[i])
      return x->cell[i] < y->cell[i] ? -1 : 1;
  return 0;
}

/* Of the same rules the first case stays. */
static size_t merge_meetings(struct hs_rule_meeting *meetings, size_t count)
{
  size_t kept = 0;
  qsort(meetings, count, sizeof *meetings, by_meeting);
  for (size_t i = 0; i < count; i++)
    if (kept == 0 || meetings[kept - 1].rules != meetings[i].rules)
      meetings[kept++] = meetings[i];
  return kept;
}

/* Every one in hand, in this cell. Gives how many there are then, or 0 for too many. */
static size_t step(struct hs_rule_space *space, enum hs_rule_axis axis, uint32_t cell,
                   size_t in_hand, size_t count)
{
  const struct hs_rule_meeting *from = space->room[axis % 2];
  struct hs_rule_meeting *to = space->room[(axis + 1) % 2];
  hs_rule_set holds = space->axes[axis].cells[cell].holds;
  if (space->work_left < in_hand)
    return 0;
  space->work_left -= in_hand;
  for (size_t i = 0; i < in_hand; i++) {
    to[count] = from[i];
    to[count].rules &= holds;
    to[count++].cell[axis] = cell;
  }
  if (count > MEETINGS_MAX)
    count = merge_meetings(to, count);
  return count <= MEETINGS_MAX ? count : 0;
}

int hs_rule_meetings(struct hs_rule_space *space, hs_rule_set rules,
                     const struct hs_rule_region *region, const struct hs_rule_meeting **out,
                     size_t *count)
{
  size_t in_hand = 1;
  space->room[0][0] = (struct hs_rule_meeting){.rules = rules};
  for (enum hs_rule_axis a = 0; a < HS_RULE_AXIS_COUNT; a++) {
    int32_t only = region->cell[a];
    uint32_t from = only < 0 ? 0 : (uint32_t)only;
    uint32_t until = only < 0 ? (uint32_t)space->axes[a].count : from + 1;
    size_t next = 0;
    for (uint32_t c = from; c < until; c++) {
      next = step(space, a, c, in_hand, next);
      if (next == 0)
        return 0;
    }
    in_hand = merge_meetings(space->room[(a + 1) % 2], next);
  }
  *out = space->room[HS_RULE_AXIS_COUNT % 2];
  *count = in_hand;
  return 1;
}
