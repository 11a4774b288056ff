/* Fields of a document by their path, as people write them on a command line. */
#include <string.h>

#include "agreement/shape_priv.h"

struct setting {
  struct hs_str path; /* what is left of it */
  struct hs_str value;
  struct hs_arena *arena;
  struct hs_faults faults;
  int is_full;
};

/* One step of a path: "rules[sales]" is the field rules and the item sales. */
struct step {
  struct hs_str name;
  struct hs_str item; /* absent: the field itself */
};

/* Names of items may hold dots: what stands in brackets is taken whole. */
static int next_step(struct setting *setting, const struct hs_place *place, struct step *out)
{
  struct hs_str path = setting->path;
  size_t end = 0;
  *out = (struct step){0};
  while (end < path.length && path.data[end] != '.' && path.data[end] != '[')
    end++;
  out->name = (struct hs_str){path.data, end};
  if (end < path.length && path.data[end] == '[') {
    size_t close = end + 1;
    while (close < path.length && path.data[close] != ']')
      close++;
    if (close == path.length) {
      hs_faults_tell(&setting->faults, place, "a [ without its ]: \"%.*s\"", HS_STR_ARG(path));
      return 0;
    }
    out->item = (struct hs_str){path.data + end + 1, close - end - 1};
    end = close + 1;
  }
  if (end < path.length && path.data[end] != '.') {
    hs_faults_tell(&setting->faults, place, "cannot be read: \"%.*s\"", HS_STR_ARG(path));
    return 0;
  }
  end += end < path.length;
  setting->path = (struct hs_str){path.data + end, path.length - end};
  return 1;
}

/* ---- items ---- */

/* What an item is called: its first text. */
static struct hs_str called(const struct hs_shape *shape, const void *item)
{
  for (size_t f = 0; f < shape->field_count; f++)
    if (shape->fields[f].kind == HS_FIELD_TEXT)
      return *(const struct hs_str *)hs_field_at(&shape->fields[f], item);
  return (struct hs_str){0};
}

static int find_item(const struct hs_field *field, const struct hs_list *list, struct hs_str item,
                     size_t *index)
{
  uint64_t number = 0;
  for (size_t i = 0; field->kind == HS_FIELD_LIST && i < list->count; i++) {
    *index = i;
    if (hs_str_equal(called(field->shape, hs_list_item(field, list, i)), item))
      return 1;
  }
  *index = hs_parse_u64(item, &number) ? (size_t)number : SIZE_MAX;
  return *index <= list->count;
}

/* A copy of the list that is one longer. */
static int grow(struct setting *setting, size_t size, struct hs_list *list)
{
  char *items = hs_arena_alloc(setting->arena, list->count + 1, size);
  setting->is_full |= items == NULL;
  if (items == NULL)
    return 0;
  if (list->count > 0)
    memcpy(items, list->items, list->count * size);
  *list = (struct hs_list){items, list->count + 1};
  return 1;
}

/* Where the item is, made when it is the one behind the last; NULL when it cannot be had. */
static void *item_at(struct setting *setting, const struct hs_field *field, struct hs_list *list,
                     struct hs_str item, const struct hs_place *place)
{
  size_t size = field->kind == HS_FIELD_TEXTS ? sizeof(struct hs_str) : field->shape->size;
  size_t index = 0;
  if (!find_item(field, list, item, &index)) {
    hs_faults_tell(&setting->faults, place, "there is no item \"%.*s\"; there are %zu",
                   HS_STR_ARG(item), list->count);
    return NULL;
  }
  if (index < list->count)
    return (char *)list->items + index * size;
  if (field->high > 0 && index >= (size_t)field->high) {
    hs_faults_tell(&setting->faults, place, "must have %lld to %lld items", (long long)field->low,
                   (long long)field->high);
    return NULL;
  }
  if (!grow(setting, size, list))
    return NULL;
  void *made = (char *)list->items + index * size;
  if (field->kind == HS_FIELD_LIST)
    setting->is_full |= !hs_shape_blank(field->shape, setting->arena, made);
  return made;
}

/* ---- fields ---- */

static void set_in(struct setting *setting, const struct hs_shape *shape, void *document,
                   const struct hs_place *place);

static void set_text_item(struct setting *setting, const struct hs_place *place, void *item)
{
  static const struct hs_field TEXT = {.kind = HS_FIELD_TEXT};
  if (!hs_field_read_plain(&TEXT, setting->value, place, setting->arena, &setting->faults, item))
    setting->is_full = 1;
}

static void set_item(struct setting *setting, const struct hs_field *field, struct hs_str item,
                     void *at, const struct hs_place *place)
{
  void *found = item_at(setting, field, at, item, place);
  if (found == NULL)
    return;
  if (field->kind == HS_FIELD_TEXTS && setting->path.length == 0)
    set_text_item(setting, place, found);
  else if (field->kind == HS_FIELD_LIST && setting->path.length > 0)
    set_in(setting, field->shape, found, place);
  else
    hs_faults_tell(&setting->faults, place, "name a single field");
}

static void set_nested(struct setting *setting, const struct hs_field *field, void *at,
                       const struct hs_place *place)
{
  void **nested = at;
  if (*nested == NULL) {
    void *made = hs_arena_alloc(setting->arena, 1, field->shape->size);
    if (made == NULL || !hs_shape_blank(field->shape, setting->arena, made)) {
      setting->is_full = 1;
      return;
    }
    *nested = made;
  }
  set_in(setting, field->shape, *nested, place);
}

static void set_plain(struct setting *setting, const struct hs_field *field, void *at,
                      const struct hs_place *place)
{
  if (field->kind == HS_FIELD_OBJECT || field->kind == HS_FIELD_LIST ||
      field->kind == HS_FIELD_TEXTS)
    hs_faults_tell(&setting->faults, place, "name a single field");
  else if (!hs_field_read_plain(field, setting->value, place, setting->arena, &setting->faults, at))
    setting->is_full = 1;
}

static void set_in(struct setting *setting, const struct hs_shape *shape, void *document,
                   const struct hs_place *place)
{
  struct step step;
  char name[64];
  if (!next_step(setting, place, &step))
    return;
  const struct hs_field *field = hs_shape_field(shape, step.name);
  hs_format_shown(step.name, "", name, sizeof name);
  struct hs_place here = hs_place_field(place, name);
  if (field == NULL) {
    hs_shape_tell_unknown(&setting->faults, &here, shape, name);
    return;
  }
  void *at = (char *)document + field->offset;
  int is_list = field->kind == HS_FIELD_LIST || field->kind == HS_FIELD_TEXTS;
  if (step.item.data != NULL && is_list)
    set_item(setting, field, step.item, at, &here);
  else if (step.item.data != NULL)
    hs_faults_tell(&setting->faults, &here, "is no list");
  else if (setting->path.length > 0 && field->kind == HS_FIELD_OBJECT)
    set_nested(setting, field, at, &here);
  else if (setting->path.length > 0)
    hs_faults_tell(&setting->faults, &here,
                   is_list ? "which item? [0] is the first" : "has no fields");
  else if (setting->value.length == 0)
    hs_field_clear(field, at);
  else
    set_plain(setting, field, at, &here);
}

enum hs_status hs_shape_set(const struct hs_shape *shape, void *document, struct hs_str path,
                            struct hs_str value, struct hs_arena *arena, struct hs_err *err)
{
  struct setting setting = {
      .path = path, .value = value, .arena = arena, .faults = {NULL, NULL, err, 0}};
  struct hs_place root = {0};
  set_in(&setting, shape, document, &root);
  if (setting.is_full)
    return hs_arena_full(arena, "a document", err);
  return setting.faults.count == 0 ? HS_OK : HS_INVALID;
}
