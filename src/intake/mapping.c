#include "intake/mapping.h"

#include <stdio.h>
#include <string.h>

#include "intake/network.h"

/* A list of names for a message; what does not fit is told as "and more". */
struct names {
  char text[560];
  size_t length;
  int is_full;
};

#define NAME_BYTES_SHOWN 48
#define ROOM_FOR_MORE ((size_t)16)

static void add_name(struct names *names, struct hs_str name)
{
  if (names->is_full)
    return;
  size_t shown = name.length < NAME_BYTES_SHOWN ? name.length : NAME_BYTES_SHOWN;
  if (names->length + shown + 2 + ROOM_FOR_MORE > sizeof names->text) {
    names->is_full = 1;
    names->length += (size_t)snprintf(names->text + names->length,
                                      sizeof names->text - names->length, " and more");
    return;
  }
  if (names->length > 0) {
    memcpy(names->text + names->length, ", ", 2);
    names->length += 2;
  }
  for (size_t i = 0; i < shown; i++) {
    unsigned char c = (unsigned char)name.data[i];
    names->text[names->length++] = c < 0x20 || c == 0x7F ? '?' : (char)c;
  }
  names->text[names->length] = '\0';
}

static void add_fields(struct names *names, const struct hs_str *fields, size_t count)
{
  for (size_t i = 0; i < count; i++)
    add_name(names, fields[i]);
}

const char *hs_target_name(const struct hs_mapping *mapping, int target)
{
  if (target == HS_TARGET_PAID)
    return "paid";
  if (target == HS_TARGET_UNIT)
    return "unit";
  if (target >= HS_TARGET_MINOR(0))
    return mapping->minor_names[target - HS_TARGET_MINOR(0)];
  return mapping->spec->columns[target].name;
}

static int next_of_type(const struct hs_event_spec *spec, enum hs_type type, int column)
{
  for (int i = column + 1; i < (int)spec->column_count; i++)
    if (spec->columns[i].type == type)
      return i;
  return -1;
}

int hs_mapping_money(const struct hs_mapping *mapping, int column)
{
  return next_of_type(mapping->spec, HS_TYPE_MONEY, column);
}

static int is_alias(const struct hs_column_spec *column, struct hs_str field)
{
  for (size_t i = 0; i < HS_ALIASES_MAX && column->aliases[i] != NULL; i++)
    if (hs_str_equal_ascii_fold(field, hs_str_of(column->aliases[i])))
      return 1;
  return 0;
}

/* A column by its own name. */
static int target_named(const struct hs_mapping *mapping, struct hs_str name)
{
  for (size_t i = 0; i < mapping->spec->column_count; i++)
    if (hs_str_equal_ascii_fold(name, hs_str_of(mapping->spec->columns[i].name)))
      return (int)i;
  for (int m = hs_mapping_money(mapping, -1); m >= 0; m = hs_mapping_money(mapping, m))
    if (hs_str_equal_ascii_fold(name, hs_str_of(mapping->minor_names[m])))
      return HS_TARGET_MINOR(m);
  return HS_TARGET_NONE;
}

/* What --map means: a column by its own name, or by another that files have for it. */
static int target_mapped(const struct hs_mapping *mapping, struct hs_str name)
{
  int target = target_named(mapping, name);
  for (size_t i = 0; target == HS_TARGET_NONE && i < mapping->spec->column_count; i++)
    if (is_alias(&mapping->spec->columns[i], name))
      target = (int)i;
  return target;
}

static enum hs_status check_map(const struct hs_mapping *mapping, size_t index, struct hs_err *err)
{
  const struct hs_intake_map *one = &mapping->map[index];
  int target = target_mapped(mapping, one->column);
  if (target == HS_TARGET_NONE) {
    struct names names = {0};
    for (size_t i = 0; i < mapping->spec->column_count; i++)
      add_name(&names, hs_str_of(mapping->spec->columns[i].name));
    for (int m = hs_mapping_money(mapping, -1); m >= 0; m = hs_mapping_money(mapping, m))
      add_name(&names, hs_str_of(mapping->minor_names[m]));
    return hs_fail(err, HS_USAGE, "--map %.*s=%.*s: %s have no column %.*s; they have: %s",
                   HS_STR_ARG(one->column), HS_STR_ARG(one->field), mapping->spec->name,
                   HS_STR_ARG(one->column), names.text);
  }
  if (one->field.length == 0)
    return hs_fail(err, HS_USAGE, "--map %.*s=: name the field of the file that feeds it",
                   HS_STR_ARG(one->column));
  for (size_t i = 0; i < index; i++) {
    if (target_mapped(mapping, mapping->map[i].column) == target)
      return hs_fail(err, HS_USAGE, "--map names the column %.*s twice", HS_STR_ARG(one->column));
    if (hs_str_equal_ascii_fold(mapping->map[i].field, one->field))
      return hs_fail(err, HS_USAGE, "--map gives the field %.*s to both %.*s and %.*s",
                     HS_STR_ARG(one->field), HS_STR_ARG(mapping->map[i].column),
                     HS_STR_ARG(one->column));
  }
  return HS_OK;
}

enum hs_status hs_mapping_init(const struct hs_intake_options *options, struct hs_mapping *out,
                               struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(options->kind);
  struct hs_mapping mapping = {.spec = spec,
                               .currency = next_of_type(spec, HS_TYPE_CURRENCY, -1),
                               .has_default_currency = options->currency.code[0] != '\0',
                               .map = options->map,
                               .map_count = options->map_count};
  for (size_t i = 0; i < spec->column_count; i++)
    hs_column_stable_name(&spec->columns[i], mapping.minor_names[i]);
  for (size_t i = 0; i < mapping.map_count; i++) {
    enum hs_status status = check_map(&mapping, i, err);
    if (status != HS_OK)
      return status;
  }
  *out = mapping;
  return HS_OK;
}

/* Only the network's own names count: one of ours in its export may mean something else there. */
static struct hs_target target_of_network(const struct hs_mapping *mapping, struct hs_str field)
{
  int place = 0;
  const char *column = hs_network_column(mapping->network, field, &place);
  struct hs_target target = {HS_TARGET_NONE, HS_RANK_MAP - 1 - place};
  if (column == NULL)
    return (struct hs_target){HS_TARGET_NONE, HS_RANK_NONE};
  if (strcmp(column, HS_NETWORK_PAID) == 0)
    target.index = HS_TARGET_PAID;
  else if (strcmp(column, HS_NETWORK_UNIT) == 0)
    target.index = HS_TARGET_UNIT;
  else
    target.index = target_named(mapping, hs_str_of(column));
  HS_ASSERT(target.index != HS_TARGET_NONE);
  if (target.index < HS_COLUMNS_MAX && mapping->spec->columns[target.index].type == HS_TYPE_MONEY &&
      mapping->amounts == HS_AMOUNTS_MINOR)
    target.index = HS_TARGET_MINOR(target.index);
  return target;
}

struct hs_target hs_mapping_find(const struct hs_mapping *mapping, struct hs_str field)
{
  for (size_t i = 0; i < mapping->map_count; i++)
    if (hs_str_equal_ascii_fold(field, mapping->map[i].field))
      return (struct hs_target){target_mapped(mapping, mapping->map[i].column), HS_RANK_MAP};
  if (mapping->network != NULL)
    return target_of_network(mapping, field);
  int target = target_named(mapping, field);
  if (target != HS_TARGET_NONE)
    return (struct hs_target){target, HS_RANK_NAME};
  for (size_t i = 0; i < mapping->spec->column_count; i++)
    if (is_alias(&mapping->spec->columns[i], field))
      return (struct hs_target){(int)i, HS_RANK_ALIAS};
  return (struct hs_target){HS_TARGET_NONE, HS_RANK_NONE};
}

/* The best field for each target so far, and a second one of the same rank. */
struct contest {
  int first[HS_TARGET_COUNT];
  int second[HS_TARGET_COUNT];
  int rank[HS_TARGET_COUNT];
};

static void enter(struct contest *contest, struct hs_target target, int field)
{
  if (target.index == HS_TARGET_NONE || target.rank < contest->rank[target.index])
    return;
  if (target.rank == contest->rank[target.index]) {
    contest->second[target.index] = field;
    return;
  }
  contest->first[target.index] = field;
  contest->second[target.index] = -1;
  contest->rank[target.index] = target.rank;
}

static void hold_contest(const struct hs_mapping *mapping, const struct hs_str *fields,
                         size_t count, struct contest *out)
{
  *out = (struct contest){0};
  for (int i = 0; i < HS_TARGET_COUNT; i++)
    out->first[i] = out->second[i] = -1;
  for (size_t i = 0; i < count; i++)
    enter(out, hs_mapping_find(mapping, fields[i]), (int)i);
}

static enum hs_status check_doubles(const struct hs_mapping *mapping, const char *name,
                                    const struct hs_str *fields, const struct contest *contest,
                                    struct hs_err *err)
{
  for (int i = 0; i < HS_TARGET_COUNT; i++) {
    if (contest->second[i] < 0)
      continue;
    struct hs_str a = fields[contest->first[i]];
    struct hs_str b = fields[contest->second[i]];
    const char *column = hs_target_name(mapping, i);
    if (hs_str_equal_ascii_fold(a, b))
      return hs_fail(err, HS_INVALID, "%s: the header has %.*s twice; rename one of them", name,
                     HS_STR_ARG(a));
    return hs_fail(
        err, HS_INVALID, "%s: both %.*s and %.*s mean %s; choose by --map %s=%.*s or --map %s=%.*s",
        name, HS_STR_ARG(a), HS_STR_ARG(b), column, column, HS_STR_ARG(a), column, HS_STR_ARG(b));
  }
  return HS_OK;
}

/* An amount has one unit. Where the caller mapped one of the two, the other is only a field that
   nobody reads. */
static enum hs_status settle_amount(const struct hs_mapping *mapping, int money, const char *name,
                                    const struct hs_str *fields, struct contest *contest,
                                    struct hs_err *err)
{
  int minor = HS_TARGET_MINOR(money);
  if (contest->first[money] < 0 || contest->first[minor] < 0)
    return HS_OK;
  int amount_mapped = contest->rank[money] == HS_RANK_MAP;
  int minor_mapped = contest->rank[minor] == HS_RANK_MAP;
  if (amount_mapped == minor_mapped)
    return hs_fail(err, HS_INVALID,
                   "%s: both %.*s (an amount in the currency's unit) and %.*s (in minor units) are "
                   "there; keep one, or choose by --map %s=… or --map %s=…",
                   name, HS_STR_ARG(fields[contest->first[money]]),
                   HS_STR_ARG(fields[contest->first[minor]]), hs_target_name(mapping, money),
                   hs_target_name(mapping, minor));
  contest->first[amount_mapped ? minor : money] = -1;
  return HS_OK;
}

static enum hs_status check_mapped_fields(const struct hs_mapping *mapping, const char *name,
                                          const struct hs_str *fields, size_t count,
                                          struct hs_err *err)
{
  for (size_t m = 0; m < mapping->map_count; m++) {
    const struct hs_intake_map *map = &mapping->map[m];
    size_t i = 0;
    while (i < count && !hs_str_equal_ascii_fold(fields[i], map->field))
      i++;
    if (i < count)
      continue;
    struct names names = {0};
    add_fields(&names, fields, count);
    return hs_fail(err, HS_INVALID, "%s: --map %.*s=%.*s: there is no such field; the file has: %s",
                   name, HS_STR_ARG(map->column), HS_STR_ARG(map->field), names.text);
  }
  return HS_OK;
}

static int is_missing(const struct hs_mapping *mapping, const struct contest *contest, int column)
{
  if (!(mapping->spec->columns[column].rules & HS_COLUMN_REQUIRED) || contest->first[column] >= 0)
    return 0;
  if (mapping->spec->columns[column].type == HS_TYPE_MONEY)
    return contest->first[HS_TARGET_MINOR(column)] < 0;
  return column != mapping->currency || !mapping->has_default_currency;
}

static enum hs_status check_required(const struct hs_mapping *mapping, const char *name,
                                     const struct hs_str *fields, size_t count,
                                     const struct contest *contest, struct hs_err *err)
{
  struct names missing = {0};
  const char *first = NULL;
  int is_currency = 0;
  for (int i = 0; i < (int)mapping->spec->column_count; i++) {
    if (!is_missing(mapping, contest, i))
      continue;
    add_name(&missing, hs_str_of(mapping->spec->columns[i].name));
    is_currency |= i == mapping->currency;
    if (first == NULL)
      first = mapping->spec->columns[i].name;
  }
  if (first == NULL)
    return HS_OK;
  struct names names = {0};
  add_fields(&names, fields, count);
  return hs_fail(err, HS_INVALID, "%s: no column for %s; the file has: %s; say --map %s=FIELD%s",
                 name, missing.text, names.text, first,
                 is_currency ? " (one currency for all rows: --currency CODE)" : "");
}

enum hs_status hs_mapping_settle(const struct hs_mapping *mapping, const char *name,
                                 const struct hs_str *fields, size_t count,
                                 int field_of[HS_TARGET_COUNT], struct hs_err *err)
{
  struct contest contest;
  hold_contest(mapping, fields, count, &contest);
  enum hs_status status = check_doubles(mapping, name, fields, &contest, err);
  for (int m = hs_mapping_money(mapping, -1); status == HS_OK && m >= 0;
       m = hs_mapping_money(mapping, m))
    status = settle_amount(mapping, m, name, fields, &contest, err);
  if (status == HS_OK)
    status = check_mapped_fields(mapping, name, fields, count, err);
  if (status == HS_OK)
    status = check_required(mapping, name, fields, count, &contest, err);
  if (status == HS_OK)
    memcpy(field_of, contest.first, sizeof contest.first);
  return status;
}

enum hs_status hs_mapping_require(const struct hs_mapping *mapping, const char *name,
                                  const struct hs_str *fields, size_t count, struct hs_err *err)
{
  struct contest contest;
  hold_contest(mapping, fields, count, &contest);
  return check_required(mapping, name, fields, count, &contest, err);
}
