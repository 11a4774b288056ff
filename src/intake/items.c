#include "intake/items.h"

#include <stdio.h>
#include <string.h>

#include "intake/json_line.h"
#include "intake/text_check.h"

/* Shops put much into a line item; what is not asked for is passed over. */
#define ITEM_FIELDS_MAX 128

enum member {
  PRODUCT,
  CATEGORY,
  QUANTITY,
  AMOUNT,
  AMOUNT_MINOR,
  COST,
  COST_MINOR,
  DISCOUNT,
  DISCOUNT_MINOR,
  MEMBER_COUNT
};

static const char *const MEMBERS[MEMBER_COUNT] = {[PRODUCT] = "product",
                                                  [CATEGORY] = "category",
                                                  [QUANTITY] = "quantity",
                                                  [AMOUNT] = "amount",
                                                  [COST] = "cost",
                                                  [DISCOUNT] = "discount",
                                                  [AMOUNT_MINOR] = "amount_minor",
                                                  [COST_MINOR] = "cost_minor",
                                                  [DISCOUNT_MINOR] = "discount_minor"};

/* One item on its way in. */
struct reading {
  const struct hs_items *items;
  struct hs_str members[MEMBER_COUNT];
  struct hs_fault *fault;
};

#define FAIL(reading, reason, value, format, ...)                                                  \
  hs_fault((reading)->fault, reason, "", value, "item %zu: " format, (reading)->items->number,     \
           __VA_ARGS__)

/* ---- one item ---- */

static int take_member(struct reading *reading, const struct hs_json_field *field)
{
  for (size_t m = 0; m < MEMBER_COUNT; m++) {
    if (!hs_str_equal(field->name, hs_str_of(MEMBERS[m])))
      continue;
    if (field->is_nested)
      return FAIL(reading, HS_REASON_JSON, field->value, "%s is a list or an object", MEMBERS[m]);
    if (reading->members[m].data != NULL)
      return FAIL(reading, HS_REASON_REPEATED, field->value, "%s stands twice", MEMBERS[m]);
    reading->members[m] = hs_str_trim(field->value);
    return 1;
  }
  return 1;
}

static int read_text(const struct reading *reading, enum member member, struct hs_str *out)
{
  struct hs_str text = reading->members[member];
  const char *problem = hs_text_problem(text);
  if (problem != NULL)
    return FAIL(reading, HS_REASON_TEXT, text, "%s %s", MEMBERS[member], problem);
  *out = text.length == 0 ? (struct hs_str){0} : text;
  return 1;
}

static int read_quantity(const struct reading *reading, int64_t *out)
{
  struct hs_str text = reading->members[QUANTITY];
  *out = 1;
  if (text.length == 0 || (hs_parse_i64(text, out) && *out >= 1 && *out <= HS_ITEM_QUANTITY_MAX))
    return 1;
  return FAIL(reading, HS_REASON_NUMBER, text, "quantity must be a whole number from 1 to %lld",
              (long long)HS_ITEM_QUANTITY_MAX);
}

static int read_amount(const struct reading *reading, enum member member, int64_t absent,
                       int64_t *out)
{
  enum member minor_member = (enum member)(member + 1);
  struct hs_str text = reading->members[member];
  struct hs_str minor = reading->members[minor_member];
  struct hs_money money;
  struct hs_err why = {0};
  *out = absent;
  if (text.length == 0 && minor.length == 0)
    return 1;
  if (text.length > 0 && minor.length > 0)
    return FAIL(reading, HS_REASON_RULE, minor, "%s stands beside %s; give one of them",
                MEMBERS[minor_member], MEMBERS[member]);
  if (minor.length > 0) {
    if (!hs_parse_i64(minor, out))
      return FAIL(reading, HS_REASON_MONEY, minor, "%s is no whole number of minor units",
                  MEMBERS[minor_member]);
  } else {
    if (hs_money_parse(text, reading->items->currency, &money, &why) != HS_OK)
      return FAIL(reading, HS_REASON_MONEY, text, "%s: %.110s", MEMBERS[member], why.text);
    *out = money.amount_minor;
  }
  return *out >= 0 || FAIL(reading, HS_REASON_RULE, minor.length > 0 ? minor : text,
                           "%s is negative", MEMBERS[member]);
}

static int make_item(const struct reading *reading, struct hs_line_item *out)
{
  *out = (struct hs_line_item){0};
  if (!read_text(reading, PRODUCT, &out->product) ||
      !read_text(reading, CATEGORY, &out->category) || !read_quantity(reading, &out->quantity) ||
      !read_amount(reading, AMOUNT, -1, &out->amount_minor) ||
      !read_amount(reading, COST, -1, &out->cost_minor) ||
      !read_amount(reading, DISCOUNT, 0, &out->discount_minor))
    return 0;
  if (out->product.data == NULL)
    return FAIL(reading, HS_REASON_MISSING, ((struct hs_str){0}), "%s is missing", "product");
  return out->amount_minor >= 0 ||
         FAIL(reading, HS_REASON_MISSING, ((struct hs_str){0}), "%s is missing", "amount");
}

static int read_item(const struct hs_items *items, char *text, size_t length,
                     struct hs_line_item *out, struct hs_fault *fault)
{
  struct hs_json_field fields[ITEM_FIELDS_MAX];
  struct reading reading = {.items = items, .fault = fault};
  struct hs_json_fault json;
  size_t count = 0;
  if (!hs_json_line_nesting(text, length, fields, ITEM_FIELDS_MAX, &count, &json))
    return FAIL(&reading, HS_REASON_JSON, ((struct hs_str){text, length}), "%s at byte %zu of it",
                json.words, json.at + 1);
  for (size_t i = 0; i < count; i++)
    if (!take_member(&reading, &fields[i]))
      return 0;
  return make_item(&reading, out);
}

/* ---- the list ---- */

static int is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* Whether c comes next behind blanks; it is passed then. */
static int take(struct hs_items *items, char c)
{
  while (items->at < items->end && is_blank(*items->at))
    items->at++;
  if (items->at == items->end || *items->at != c)
    return 0;
  items->at++;
  return 1;
}

static int fail_list(const struct hs_items *items, const char *words, struct hs_fault *fault)
{
  struct hs_str rest = {items->at, (size_t)(items->end - items->at)};
  (void)hs_fault(fault, HS_REASON_JSON, "", rest, "%s at byte %zu", words,
                 (size_t)(items->at - items->begin) + 1);
  return -1;
}

struct hs_items hs_items_begin(char *text, size_t length, struct hs_currency currency)
{
  return (struct hs_items){.currency = currency, .begin = text, .at = text, .end = text + length};
}

static int end_list(struct hs_items *items, struct hs_fault *fault)
{
  while (items->at < items->end && is_blank(*items->at))
    items->at++;
  return items->at == items->end ? 0 : fail_list(items, "something stands behind the list", fault);
}

int hs_items_next(struct hs_items *items, struct hs_line_item *out, struct hs_fault *fault)
{
  int is_first = items->at == items->begin;
  if (is_first && !take(items, '['))
    return fail_list(items, "a list of items in brackets is expected", fault);
  if (take(items, ']'))
    return end_list(items, fault);
  if (!is_first && !take(items, ','))
    return fail_list(items, "a comma or a closing bracket is expected", fault);
  if (!take(items, '{'))
    return fail_list(items, "an item in braces is expected", fault);
  items->at--;
  size_t length = hs_json_extent((struct hs_str){items->at, (size_t)(items->end - items->at)});
  if (length == 0)
    return fail_list(items, "an item is not closed", fault);
  items->number++;
  char *text = items->at;
  items->at += length;
  return read_item(items, text, length, out, fault) ? 1 : -1;
}

/* ---- the form that is kept ---- */

/* The room holds twice what came in, and what is kept is never longer than that: a member gets
   "_minor" and up to four digits, an item a quantity, a fact two quotes, and each brought more
   than as many bytes itself. */
static void add(struct hs_convert_room *room, struct hs_str text)
{
  HS_ASSERT(room->size - room->length >= text.length);
  memcpy(room->text + room->length, text.data, text.length);
  room->length += text.length;
}

/* Texts without control characters need two escapes alone. */
static void add_quoted(struct hs_convert_room *room, struct hs_str text)
{
  add(room, HS_STR("\""));
  for (size_t i = 0; i < text.length; i++) {
    if (text.data[i] == '"' || text.data[i] == '\\')
      add(room, HS_STR("\\"));
    add(room, (struct hs_str){text.data + i, 1});
  }
  add(room, HS_STR("\""));
}

static void add_name(struct hs_convert_room *room, enum member member)
{
  add(room, member == PRODUCT ? HS_STR("{\"") : HS_STR(",\""));
  add(room, hs_str_of(MEMBERS[member]));
  add(room, HS_STR("\":"));
}

static void add_number(struct hs_convert_room *room, enum member member, int64_t value)
{
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%lld", (long long)value);
  add_name(room, member);
  add(room, (struct hs_str){digits, (size_t)length});
}

static void add_item(struct hs_convert_room *room, const struct hs_line_item *item)
{
  add_name(room, PRODUCT);
  add_quoted(room, item->product);
  if (item->category.data != NULL) {
    add_name(room, CATEGORY);
    add_quoted(room, item->category);
  }
  add_number(room, QUANTITY, item->quantity);
  add_number(room, AMOUNT_MINOR, item->amount_minor);
  if (item->cost_minor >= 0)
    add_number(room, COST_MINOR, item->cost_minor);
  if (item->discount_minor > 0)
    add_number(room, DISCOUNT_MINOR, item->discount_minor);
  add(room, HS_STR("}"));
}

/* A copy that reading may change. */
static int copy_text(struct hs_str text, const char *column, struct hs_convert_room *room,
                     struct hs_fault *fault)
{
  if (text.length > HS_INTAKE_PATH_BYTES_MAX)
    return hs_fault(fault, HS_REASON_TOO_LONG, column, text, "has %zu bytes; %zu are allowed",
                    text.length, HS_INTAKE_PATH_BYTES_MAX);
  memcpy(room->scratch, text.data, text.length);
  return 1;
}

static struct hs_str since(const struct hs_convert_room *room, size_t begin)
{
  return (struct hs_str){room->text + begin, room->length - begin};
}

/* Faults come without a column, and with a value that lies in the scratch: as long as the fault is
   looked at nothing else is read into it. */
int hs_items_settle(struct hs_str text, struct hs_currency currency, const char *column,
                    struct hs_convert_room *room, struct hs_str *out, int64_t *sum_minor,
                    struct hs_fault *fault)
{
  if (!copy_text(text, column, room, fault))
    return 0;
  struct hs_items items = hs_items_begin(room->scratch, text.length, currency);
  struct hs_line_item item = {0};
  size_t begin = room->length;
  int64_t sum = 0;
  int found = 0;
  while ((found = hs_items_next(&items, &item, fault)) > 0) {
    add(room, items.number == 1 ? HS_STR("[") : HS_STR(","));
    add_item(room, &item);
    if (__builtin_add_overflow(sum, item.amount_minor, &sum))
      return hs_fault(fault, HS_REASON_NUMBER, column, text, "item %zu: the sum does not fit",
                      items.number);
  }
  if (found < 0) {
    fault->column = column;
    return 0;
  }
  if (items.number > 0)
    add(room, HS_STR("]"));
  *out = items.number > 0 ? since(room, begin) : (struct hs_str){0};
  *sum_minor = sum;
  return 1;
}

/* ---- facts ---- */

/* Sorted as they come: a few dozen at most. −1 for a key that is there already. */
static int insert_fact(struct hs_json_field *facts, size_t count, struct hs_json_field fact)
{
  size_t at = count;
  for (; at > 0; at--) {
    int order = hs_str_compare(facts[at - 1].name, fact.name);
    if (order == 0)
      return -1;
    if (order < 0)
      break;
    facts[at] = facts[at - 1];
  }
  facts[at] = fact;
  return 1;
}

static int check_fact(const struct hs_json_field *fact, const char *column, struct hs_fault *fault)
{
  const char *problem = hs_text_problem(fact->name);
  if (problem == NULL)
    problem = hs_text_problem(fact->value);
  if (problem != NULL)
    return hs_fault(fault, HS_REASON_TEXT, column, fact->value, "%s", problem);
  if (fact->name.length == 0)
    return hs_fault(fault, HS_REASON_JSON, column, fact->value, "has a value without a key");
  if (fact->name.length > HS_FACT_KEY_BYTES_MAX)
    return hs_fault(fault, HS_REASON_TOO_LONG, column, fact->name,
                    "has a key of %zu bytes; %d are allowed", fact->name.length,
                    HS_FACT_KEY_BYTES_MAX);
  return 1;
}

static void add_facts(struct hs_convert_room *room, const struct hs_json_field *facts, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    add(room, i == 0 ? HS_STR("{") : HS_STR(","));
    add_quoted(room, facts[i].name);
    add(room, HS_STR(":"));
    add_quoted(room, facts[i].value);
  }
  if (count > 0)
    add(room, HS_STR("}"));
}

int hs_facts_settle(struct hs_str text, const char *column, struct hs_convert_room *room,
                    struct hs_str *out, struct hs_fault *fault)
{
  struct hs_json_field fields[HS_FACTS_MAX], facts[HS_FACTS_MAX];
  struct hs_json_fault json;
  size_t begin = room->length;
  size_t count = 0;
  size_t kept = 0;
  if (!copy_text(text, column, room, fault))
    return 0;
  if (!hs_json_line(room->scratch, text.length, fields, HS_FACTS_MAX, &count, &json))
    return hs_fault(fault, HS_REASON_JSON, column, text, "%s at byte %zu", json.words, json.at + 1);
  for (size_t i = 0; i < count; i++) {
    fields[i].value = hs_str_trim(fields[i].value);
    if (!check_fact(&fields[i], column, fault))
      return 0;
    if (fields[i].value.length == 0)
      continue;
    if (insert_fact(facts, kept, fields[i]) < 0)
      return hs_fault(fault, HS_REASON_REPEATED, column, fields[i].value, "%.*s stands twice",
                      (int)fields[i].name.length, fields[i].name.data);
    kept++;
  }
  add_facts(room, facts, kept);
  *out = kept > 0 ? since(room, begin) : (struct hs_str){0};
  return 1;
}
