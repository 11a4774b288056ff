#include <string.h>

#include "agreement/shape_priv.h"

struct comparing {
  struct hs_arena *arena;
  hs_change_fn change;
  void *context;
  int is_full;
};

/* As people read a value: without the quotes and breaks of JSON where it is one word or figure. */
static const char *shown(struct comparing *comparing, const struct hs_field *field, const void *at)
{
  struct hs_buf out = hs_buf_in(comparing->arena);
  if (field->kind == HS_FIELD_TEXT)
    hs_buf_add_str(&out, *(const struct hs_str *)at);
  else
    hs_field_write_plain(field, at, &out);
  if (hs_buf_status(&out, "a difference", NULL) != HS_OK) {
    comparing->is_full = 1;
    return "";
  }
  if (out.length >= 2 && out.data[0] == '"' && field->kind != HS_FIELD_TEXT) {
    out.data[out.length - 1] = '\0';
    return out.data + 1;
  }
  return out.data;
}

static void tell(struct comparing *comparing, const struct hs_place *place, const char *before,
                 const char *after)
{
  char path[HS_PLACE_TEXT];
  if (before == after || (before != NULL && after != NULL && strcmp(before, after) == 0))
    return;
  hs_place_format(place, path);
  comparing->change(comparing->context, path, before, after);
}

/* before and after may be NULL: the whole object is not there. */
static void compare_objects(struct comparing *comparing, const struct hs_shape *shape,
                            const void *before, const void *after, const struct hs_place *place);

static const struct hs_list *list_of(const struct hs_field *field, const void *document)
{
  static const struct hs_list EMPTY = {0};
  return document == NULL ? &EMPTY : hs_field_at(field, document);
}

static const char *text_item(struct comparing *comparing, const struct hs_list *list, size_t index)
{
  static const struct hs_field TEXT = {.kind = HS_FIELD_TEXT};
  return index < list->count ? shown(comparing, &TEXT, &((const struct hs_str *)list->items)[index])
                             : NULL;
}

static void compare_lists(struct comparing *comparing, const struct hs_field *field,
                          const struct hs_list *before, const struct hs_list *after,
                          const struct hs_place *place)
{
  size_t count = before->count > after->count ? before->count : after->count;
  for (size_t i = 0; i < count; i++) {
    struct hs_place item = hs_place_item(place, i);
    if (field->kind == HS_FIELD_TEXTS)
      tell(comparing, &item, text_item(comparing, before, i), text_item(comparing, after, i));
    else
      compare_objects(comparing, field->shape,
                      i < before->count ? hs_list_item(field, before, i) : NULL,
                      i < after->count ? hs_list_item(field, after, i) : NULL, &item);
  }
}

static const char *plain_value(struct comparing *comparing, const struct hs_field *field,
                               const void *document)
{
  if (document == NULL || hs_field_is_absent(field, document))
    return NULL;
  return shown(comparing, field, hs_field_at(field, document));
}

static const void *nested_of(const struct hs_field *field, const void *document)
{
  return document == NULL ? NULL : *(void *const *)hs_field_at(field, document);
}

static void compare_objects(struct comparing *comparing, const struct hs_shape *shape,
                            const void *before, const void *after, const struct hs_place *place)
{
  for (size_t f = 0; f < shape->field_count && (before != NULL || after != NULL); f++) {
    const struct hs_field *field = &shape->fields[f];
    struct hs_place here = hs_place_field(place, field->name);
    if (field->kind == HS_FIELD_OBJECT)
      compare_objects(comparing, field->shape, nested_of(field, before), nested_of(field, after),
                      &here);
    else if (field->kind == HS_FIELD_LIST || field->kind == HS_FIELD_TEXTS)
      compare_lists(comparing, field, list_of(field, before), list_of(field, after), &here);
    else
      tell(comparing, &here, plain_value(comparing, field, before),
           plain_value(comparing, field, after));
  }
}

enum hs_status hs_shape_compare(const struct hs_shape *shape, const void *before, const void *after,
                                struct hs_arena *arena, hs_change_fn change, void *context,
                                struct hs_err *err)
{
  struct comparing comparing = {.arena = arena, .change = change, .context = context};
  struct hs_place root = {0};
  compare_objects(&comparing, shape, before, after, &root);
  return comparing.is_full ? hs_arena_full(arena, "a difference", err) : HS_OK;
}
