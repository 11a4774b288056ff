#include "agreement/shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agreement/shape_priv.h"
#include "base/time.h"

const void *hs_field_at(const struct hs_field *field, const void *document)
{
  return (const char *)document + field->offset;
}

int hs_field_is_absent(const struct hs_field *field, const void *document)
{
  const void *at = hs_field_at(field, document);
  switch (field->kind) {
  case HS_FIELD_TEXT:
    return ((const struct hs_str *)at)->data == NULL;
  case HS_FIELD_WORD:
  case HS_FIELD_DATE:
  case HS_FIELD_FLAG:
    return *(const int32_t *)at == HS_ABSENT;
  case HS_FIELD_INTEGER:
    return *(const int64_t *)at == HS_ABSENT;
  case HS_FIELD_DECIMAL:
    return ((const struct hs_decimal *)at)->scale < 0;
  case HS_FIELD_OBJECT:
    return *(void *const *)at == NULL;
  case HS_FIELD_LIST:
  case HS_FIELD_TEXTS:
    return ((const struct hs_list *)at)->items == NULL;
  }
  return 1;
}

const void *hs_list_item(const struct hs_field *field, const struct hs_list *list, size_t index)
{
  return (const char *)list->items + index * field->shape->size;
}

/* ---- places ---- */

struct hs_place hs_place_field(const struct hs_place *parent, const char *name)
{
  return (struct hs_place){.parent = parent, .name = name};
}

struct hs_place hs_place_item(const struct hs_place *parent, size_t index)
{
  return (struct hs_place){.parent = parent, .index = index};
}

static size_t put_place(const struct hs_place *place, char *out, size_t room)
{
  size_t used = place->parent != NULL ? put_place(place->parent, out, room) : 0;
  int more = 0;
  if (place->name != NULL)
    more = snprintf(out + used, room - used, "%s%s", used > 0 ? "." : "", place->name);
  else if (place->parent != NULL)
    more = snprintf(out + used, room - used, "[%zu]", place->index);
  used += more > 0 ? (size_t)more : 0;
  return used < room ? used : room - 1;
}

void hs_place_format(const struct hs_place *place, char out[HS_PLACE_TEXT])
{
  out[0] = '\0';
  (void)put_place(place, out, HS_PLACE_TEXT);
}

/* ---- faults ---- */

static void tell(struct hs_faults *faults, const char *path, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void tell(struct hs_faults *faults, const char *path, const char *format, va_list arguments)
{
  char words[512];
  (void)vsnprintf(words, sizeof words, format, arguments);
  if (faults->count++ == 0)
    (void)hs_fail(faults->err, HS_INVALID, "%s%s%s", path, path[0] != '\0' ? ": " : "", words);
  if (faults->fault != NULL)
    faults->fault(faults->context, path, words);
}

void hs_faults_tell_at(struct hs_faults *faults, const char *path, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  tell(faults, path, format, arguments);
  va_end(arguments);
}

void hs_faults_tell(struct hs_faults *faults, const struct hs_place *place, const char *format, ...)
{
  char path[HS_PLACE_TEXT];
  va_list arguments;
  hs_place_format(place, path);
  va_start(arguments, format);
  tell(faults, path, format, arguments);
  va_end(arguments);
}

/* ---- what is missing ---- */

struct search {
  unsigned level;
  struct hs_faults faults;
};

static void find_missing(struct search *search, const struct hs_shape *shape, const void *document,
                         const struct hs_place *place);

static void look_inside(struct search *search, const struct hs_field *field, const void *document,
                        const struct hs_place *place)
{
  const void *at = hs_field_at(field, document);
  if (field->kind == HS_FIELD_OBJECT)
    find_missing(search, field->shape, *(void *const *)at, place);
  if (field->kind != HS_FIELD_LIST)
    return;
  const struct hs_list *list = at;
  for (size_t i = 0; i < list->count; i++) {
    struct hs_place item = hs_place_item(place, i);
    find_missing(search, field->shape, hs_list_item(field, list, i), &item);
  }
}

static void find_missing(struct search *search, const struct hs_shape *shape, const void *document,
                         const struct hs_place *place)
{
  for (size_t f = 0; f < shape->field_count; f++) {
    const struct hs_field *field = &shape->fields[f];
    struct hs_place here = hs_place_field(place, field->name);
    if (!hs_field_is_absent(field, document)) {
      look_inside(search, field, document, &here);
      continue;
    }
    if (!(field->required >> search->level & 1))
      continue;
    hs_faults_tell(&search->faults, &here, "missing: %s", field->meaning);
  }
}

enum hs_status hs_shape_complete(const struct hs_shape *shape, const void *document, unsigned level,
                                 hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct search search = {.level = level, .faults = {fault, context, err, 0}};
  struct hs_place root = {0};
  HS_ASSERT(level < 32);
  find_missing(&search, shape, document, &root);
  return search.faults.count == 0 ? HS_OK : HS_INVALID;
}

/* ---- writing ---- */

static void new_line(struct hs_buf *out, unsigned depth)
{
  hs_buf_add_char(out, '\n');
  for (unsigned i = 0; i < depth; i++)
    hs_buf_add_text(out, "  ");
}

void hs_field_write_plain(const struct hs_field *field, const void *at, struct hs_buf *out)
{
  char text[HS_TIME_TEXT > HS_DECIMAL_TEXT ? HS_TIME_TEXT : HS_DECIMAL_TEXT];
  switch (field->kind) {
  case HS_FIELD_TEXT:
    hs_buf_add_json(out, *(const struct hs_str *)at);
    break;
  case HS_FIELD_WORD:
    hs_buf_add_json(out, hs_str_of(field->words[*(const int32_t *)at]));
    break;
  case HS_FIELD_INTEGER:
    hs_buf_printf(out, "%" PRId64, *(const int64_t *)at);
    break;
  case HS_FIELD_DATE:
    hs_format_day(*(const int32_t *)at, text);
    hs_buf_printf(out, "\"%s\"", text);
    break;
  case HS_FIELD_DECIMAL:
    hs_decimal_format(*(const struct hs_decimal *)at, text);
    hs_buf_printf(out, "\"%s\"", text);
    break;
  case HS_FIELD_FLAG:
    hs_buf_add_text(out, *(const int32_t *)at ? "true" : "false");
    break;
  case HS_FIELD_OBJECT:
  case HS_FIELD_LIST:
  case HS_FIELD_TEXTS:
    break;
  }
}

static void write_object(const struct hs_shape *shape, const void *document, unsigned depth,
                         struct hs_buf *out);

static void write_items(const struct hs_field *field, const struct hs_list *list, unsigned depth,
                        struct hs_buf *out)
{
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < list->count; i++) {
    hs_buf_add_text(out, i > 0 ? "," : "");
    new_line(out, depth + 1);
    if (field->kind == HS_FIELD_TEXTS)
      hs_buf_add_json(out, ((const struct hs_str *)list->items)[i]);
    else
      write_object(field->shape, hs_list_item(field, list, i), depth + 1, out);
  }
  if (list->count > 0)
    new_line(out, depth);
  hs_buf_add_char(out, ']');
}

static void write_field(const struct hs_field *field, const void *at, unsigned depth,
                        struct hs_buf *out)
{
  if (field->kind == HS_FIELD_OBJECT)
    write_object(field->shape, *(void *const *)at, depth, out);
  else if (field->kind == HS_FIELD_LIST || field->kind == HS_FIELD_TEXTS)
    write_items(field, at, depth, out);
  else
    hs_field_write_plain(field, at, out);
}

static void write_object(const struct hs_shape *shape, const void *document, unsigned depth,
                         struct hs_buf *out)
{
  int is_first = 1;
  hs_buf_add_char(out, '{');
  for (size_t f = 0; f < shape->field_count; f++) {
    const struct hs_field *field = &shape->fields[f];
    if (hs_field_is_absent(field, document))
      continue;
    hs_buf_add_text(out, is_first ? "" : ",");
    is_first = 0;
    new_line(out, depth + 1);
    hs_buf_printf(out, "\"%s\": ", field->name);
    write_field(field, hs_field_at(field, document), depth + 1, out);
  }
  if (!is_first)
    new_line(out, depth);
  hs_buf_add_char(out, '}');
}

void hs_shape_write(const struct hs_shape *shape, const void *document, struct hs_buf *out)
{
  write_object(shape, document, 0, out);
  hs_buf_add_char(out, '\n');
}
