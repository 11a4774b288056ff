/* Reading goes on after a fault, so that a person sees all that is wrong at once. jansson reads the
   JSON; no number of a document can be a fraction, so its doubles never matter. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "agreement/shape_priv.h"
#include "base/time.h"

struct reading {
  struct hs_arena *arena;
  struct hs_faults faults;
  int is_full; /* the arena is */
};

static const char *kind_of(const json_t *value)
{
  static const char *const KINDS[] = {
      "an object", "a list", "text", "a whole number", "a number with a fraction",
      "true",      "false",  "null"};
  return KINDS[json_typeof(value)];
}

/* ---- names ---- */

/* Levenshtein's distance, for names of fields. */
static size_t distance(const char *a, const char *b)
{
  size_t row[64];
  size_t length = strlen(b);
  if (length >= 64)
    return 64;
  for (size_t j = 0; j <= length; j++)
    row[j] = j;
  for (size_t i = 0; a[i] != '\0'; i++) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < length; j++) {
      size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      size_t added = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
      row[j + 1] = replaced < added ? replaced : added;
    }
  }
  return row[length];
}

const struct hs_field *hs_shape_field(const struct hs_shape *shape, struct hs_str name)
{
  for (size_t f = 0; f < shape->field_count; f++)
    if (hs_str_equal(hs_str_of(shape->fields[f].name), name))
      return &shape->fields[f];
  return NULL;
}

void hs_shape_tell_unknown(struct hs_faults *faults, const struct hs_place *place,
                           const struct hs_shape *shape, const char *name)
{
  const char *nearest = NULL;
  size_t least = 3; /* further away is another word */
  for (size_t f = 0; f < shape->field_count; f++) {
    size_t d = distance(name, shape->fields[f].name);
    if (d < least) {
      least = d;
      nearest = shape->fields[f].name;
    }
  }
  if (nearest != NULL)
    hs_faults_tell(faults, place, "there is no such field; did you mean \"%s\"?", nearest);
  else
    hs_faults_tell(faults, place, "there is no such field in a \"%s\"", shape->name);
}

/* ---- single values ---- */

static struct hs_str text_of(const json_t *value)
{
  return (struct hs_str){json_string_value(value), json_string_length(value)};
}

static void read_text(struct reading *reading, const struct hs_place *place, struct hs_str text,
                      struct hs_str *out)
{
  if (hs_str_trim(text).length == 0) {
    hs_faults_tell(&reading->faults, place, "the text is blank");
    return;
  }
  char *copy = hs_arena_copy(reading->arena, text.data, text.length);
  reading->is_full |= copy == NULL;
  if (copy != NULL)
    *out = (struct hs_str){copy, text.length};
}

static void read_word(struct reading *reading, const struct hs_place *place,
                      const struct hs_field *field, struct hs_str text, int32_t *out)
{
  char known[256] = "";
  for (int32_t w = 0; field->words[w] != NULL; w++) {
    if (hs_str_equal(text, hs_str_of(field->words[w]))) {
      *out = w;
      return;
    }
    (void)snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", w > 0 ? ", " : "",
                   field->words[w]);
  }
  hs_faults_tell(&reading->faults, place, "must be one of %s, got \"%.*s\"", known,
                 HS_STR_ARG(text));
}

static int is_bounded(const struct hs_field *field) { return field->low != 0 || field->high != 0; }

static void read_integer(struct reading *reading, const struct hs_place *place,
                         const struct hs_field *field, int64_t value, int64_t *out)
{
  if (is_bounded(field) && (value < field->low || value > field->high))
    hs_faults_tell(&reading->faults, place, "must be %lld to %lld, got %lld", (long long)field->low,
                   (long long)field->high, (long long)value);
  else
    *out = value;
}

static void read_decimal(struct reading *reading, const struct hs_place *place,
                         const struct hs_field *field, struct hs_str text, struct hs_decimal *out)
{
  struct hs_decimal value;
  if (!hs_decimal_parse(text, &value))
    hs_faults_tell(&reading->faults, place,
                   "must be a decimal in quotes, such as \"0.125\" or \"12.5%%\", got \"%.*s\"",
                   HS_STR_ARG(text));
  else if (is_bounded(field) &&
           (hs_decimal_compare(value, (struct hs_decimal){field->low, 0}) < 0 ||
            hs_decimal_compare(value, (struct hs_decimal){field->high, 0}) > 0))
    hs_faults_tell(&reading->faults, place, "must be %lld to %lld, got \"%.*s\"",
                   (long long)field->low, (long long)field->high, HS_STR_ARG(text));
  else
    *out = value;
}

static void read_date(struct reading *reading, const struct hs_place *place, struct hs_str text,
                      int32_t *out)
{
  if (!hs_parse_day(text, out))
    hs_faults_tell(&reading->faults, place, "must be a date such as \"2026-09-30\", got \"%.*s\"",
                   HS_STR_ARG(text));
}

/* What a text says in a field that is written as text. */
static void read_written(struct reading *reading, const struct hs_place *place,
                         const struct hs_field *field, struct hs_str text, void *out)
{
  if (field->kind == HS_FIELD_TEXT)
    read_text(reading, place, text, out);
  else if (field->kind == HS_FIELD_WORD)
    read_word(reading, place, field, text, out);
  else if (field->kind == HS_FIELD_DATE)
    read_date(reading, place, text, out);
  else
    read_decimal(reading, place, field, text, out);
}

/* ---- objects and lists ---- */

static void read_object(struct reading *reading, const struct hs_place *place,
                        const struct hs_shape *shape, const json_t *object, void *out);

static void *make_items(struct reading *reading, const struct hs_place *place,
                        const struct hs_field *field, const json_t *array, size_t size,
                        struct hs_list *out)
{
  size_t count = json_array_size(array);
  if (is_bounded(field) && (count < (size_t)field->low || count > (size_t)field->high)) {
    hs_faults_tell(&reading->faults, place, "must have %lld to %lld items, got %zu",
                   (long long)field->low, (long long)field->high, count);
    return NULL;
  }
  void *items = hs_arena_alloc(reading->arena, count, size);
  reading->is_full |= items == NULL;
  if (items != NULL)
    *out = (struct hs_list){items, count};
  return items;
}

static void read_texts(struct reading *reading, const struct hs_place *place,
                       const struct hs_field *field, const json_t *array, struct hs_list *out)
{
  struct hs_str *texts = make_items(reading, place, field, array, sizeof *texts, out);
  for (size_t i = 0; texts != NULL && i < out->count; i++) {
    const json_t *value = json_array_get(array, i);
    struct hs_place item = hs_place_item(place, i);
    if (json_is_string(value))
      read_text(reading, &item, text_of(value), &texts[i]);
    else
      hs_faults_tell(&reading->faults, &item, "must be text, got %s", kind_of(value));
  }
}

static void read_list(struct reading *reading, const struct hs_place *place,
                      const struct hs_field *field, const json_t *array, struct hs_list *out)
{
  char *items = make_items(reading, place, field, array, field->shape->size, out);
  for (size_t i = 0; items != NULL && i < out->count; i++) {
    const json_t *value = json_array_get(array, i);
    struct hs_place item = hs_place_item(place, i);
    if (json_is_object(value))
      read_object(reading, &item, field->shape, value, items + i * field->shape->size);
    else
      hs_faults_tell(&reading->faults, &item, "must be an object, got %s", kind_of(value));
  }
}

static void read_nested(struct reading *reading, const struct hs_place *place,
                        const struct hs_field *field, const json_t *object, void *out)
{
  void *nested = hs_arena_alloc(reading->arena, 1, field->shape->size);
  reading->is_full |= nested == NULL;
  if (nested == NULL)
    return;
  *(void **)out = nested;
  read_object(reading, place, field->shape, object, nested);
}

static const char *const WANTED[] = {[HS_FIELD_TEXT] = "text",
                                     [HS_FIELD_WORD] = "text",
                                     [HS_FIELD_INTEGER] = "a whole number",
                                     [HS_FIELD_DATE] = "a date in quotes",
                                     [HS_FIELD_DECIMAL] = "a decimal in quotes",
                                     [HS_FIELD_FLAG] = "true or false",
                                     [HS_FIELD_OBJECT] = "an object",
                                     [HS_FIELD_LIST] = "a list",
                                     [HS_FIELD_TEXTS] = "a list"};

static void read_field(struct reading *reading, const struct hs_place *place,
                       const struct hs_field *field, const json_t *value, void *out)
{
  enum hs_field_kind kind = field->kind;
  int is_written = kind == HS_FIELD_TEXT || kind == HS_FIELD_WORD || kind == HS_FIELD_DATE ||
                   kind == HS_FIELD_DECIMAL;
  if (is_written && json_is_string(value))
    read_written(reading, place, field, text_of(value), out);
  else if (kind == HS_FIELD_INTEGER && json_is_integer(value))
    read_integer(reading, place, field, json_integer_value(value), out);
  else if (kind == HS_FIELD_FLAG && json_is_boolean(value))
    *(int32_t *)out = json_is_true(value);
  else if (kind == HS_FIELD_OBJECT && json_is_object(value))
    read_nested(reading, place, field, value, out);
  else if (kind == HS_FIELD_LIST && json_is_array(value))
    read_list(reading, place, field, value, out);
  else if (kind == HS_FIELD_TEXTS && json_is_array(value))
    read_texts(reading, place, field, value, out);
  else
    hs_faults_tell(&reading->faults, place, "must be %s, got %s", WANTED[kind], kind_of(value));
}

void hs_field_clear(const struct hs_field *field, void *at)
{
  switch (field->kind) {
  case HS_FIELD_WORD:
  case HS_FIELD_DATE:
  case HS_FIELD_FLAG:
    *(int32_t *)at = HS_ABSENT;
    break;
  case HS_FIELD_INTEGER:
    *(int64_t *)at = HS_ABSENT;
    break;
  case HS_FIELD_DECIMAL:
    *(struct hs_decimal *)at = (struct hs_decimal){0, -1};
    break;
  case HS_FIELD_TEXT:
    *(struct hs_str *)at = (struct hs_str){0};
    break;
  case HS_FIELD_OBJECT:
    *(void **)at = NULL;
    break;
  case HS_FIELD_LIST:
  case HS_FIELD_TEXTS:
    *(struct hs_list *)at = (struct hs_list){0};
    break;
  }
}

/* A value as people write it on a line, without the quotes of JSON. */
static void read_plain(struct reading *reading, const struct hs_place *place,
                       const struct hs_field *field, struct hs_str text, void *at)
{
  int64_t integer = 0;
  if (field->kind == HS_FIELD_INTEGER && hs_parse_i64(text, &integer))
    read_integer(reading, place, field, integer, at);
  else if (field->kind == HS_FIELD_FLAG &&
           (hs_str_equal(text, HS_STR("true")) || hs_str_equal(text, HS_STR("false"))))
    *(int32_t *)at = hs_str_equal(text, HS_STR("true"));
  else if (field->kind == HS_FIELD_INTEGER || field->kind == HS_FIELD_FLAG)
    hs_faults_tell(&reading->faults, place, "must be %s, got \"%.*s\"", WANTED[field->kind],
                   HS_STR_ARG(text));
  else
    read_written(reading, place, field, text, at);
}

/* Fallbacks stand in tables of ours: one that cannot be read is a bug. */
static void fall_back(struct reading *reading, const struct hs_place *place,
                      const struct hs_field *field, void *at)
{
  size_t faults = reading->faults.count;
  read_plain(reading, place, field, hs_str_of(field->fallback), at);
  HS_ASSERT(reading->faults.count == faults);
}

int hs_field_read_plain(const struct hs_field *field, struct hs_str text,
                        const struct hs_place *place, struct hs_arena *arena,
                        struct hs_faults *faults, void *at)
{
  struct reading reading = {.arena = arena, .faults = *faults};
  read_plain(&reading, place, field, text, at);
  *faults = reading.faults;
  return !reading.is_full;
}

int hs_shape_blank(const struct hs_shape *shape, struct hs_arena *arena, void *out)
{
  struct reading reading = {.arena = arena};
  struct hs_place root = {0};
  json_t *nothing = json_object();
  if (nothing == NULL)
    return 0;
  read_object(&reading, &root, shape, nothing, out);
  json_decref(nothing);
  return !reading.is_full;
}

static void read_object(struct reading *reading, const struct hs_place *place,
                        const struct hs_shape *shape, const json_t *object, void *out)
{
  const char *name = NULL;
  json_t *value = NULL;
  for (size_t f = 0; f < shape->field_count; f++) {
    const struct hs_field *field = &shape->fields[f];
    struct hs_place here = hs_place_field(place, field->name);
    void *at = (char *)out + field->offset;
    hs_field_clear(field, at);
    value = json_object_get(object, field->name);
    if (value != NULL && !json_is_null(value))
      read_field(reading, &here, field, value, at);
    else if (field->fallback != NULL)
      fall_back(reading, &here, field, at);
  }
  json_object_foreach((json_t *)(uintptr_t)object, name, value)
  {
    struct hs_place here = hs_place_field(place, name);
    if (hs_shape_field(shape, hs_str_of(name)) == NULL)
      hs_shape_tell_unknown(&reading->faults, &here, shape, name);
  }
}

enum hs_status hs_shape_read(const struct hs_shape *shape, struct hs_str json,
                             struct hs_arena *arena, void *out, hs_fault_fn fault, void *context,
                             struct hs_err *err)
{
  struct reading reading = {.arena = arena, .faults = {fault, context, err, 0}};
  struct hs_place root = {0};
  json_error_t trouble;
  json_t *document = json_loadb(json.data, json.length, JSON_REJECT_DUPLICATES, &trouble);
  memset(out, 0, shape->size);
  if (document == NULL)
    hs_faults_tell(&reading.faults, &root, "line %d, column %d: %s", trouble.line, trouble.column,
                   trouble.text);
  else if (!json_is_object(document))
    hs_faults_tell(&reading.faults, &root, "must be an object, got %s", kind_of(document));
  else
    read_object(&reading, &root, shape, document, out);
  json_decref(document);
  if (reading.is_full)
    return hs_arena_full(arena, "a document", err);
  return reading.faults.count == 0 ? HS_OK : HS_INVALID;
}
