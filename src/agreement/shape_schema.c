/* JSON Schema, draft 2020-12. Nested shapes stand under $defs by their names, so that a shape that
   occurs twice is described once. */
#include <inttypes.h>
#include <string.h>

#include "agreement/shape_priv.h"

#define SHAPES_MAX 64

struct shapes {
  const struct hs_shape *items[SHAPES_MAX];
  size_t count;
};

static void collect(struct shapes *shapes, const struct hs_shape *shape)
{
  for (size_t f = 0; f < shape->field_count; f++) {
    const struct hs_shape *nested = shape->fields[f].shape;
    size_t at = 0;
    if (nested == NULL)
      continue;
    while (at < shapes->count && shapes->items[at] != nested)
      at++;
    if (at < shapes->count)
      continue;
    HS_ASSERT(shapes->count < SHAPES_MAX);
    shapes->items[shapes->count++] = nested;
    collect(shapes, nested);
  }
}

static void write_range(const struct hs_field *field, const char *low, const char *high,
                        struct hs_buf *out)
{
  if (field->low != 0 || field->high != 0)
    hs_buf_printf(out, ", \"%s\": %" PRId64 ", \"%s\": %" PRId64, low, field->low, high,
                  field->high);
}

static void write_words(const struct hs_field *field, struct hs_buf *out)
{
  hs_buf_add_text(out, "\"enum\": [");
  for (size_t w = 0; field->words[w] != NULL; w++)
    hs_buf_printf(out, "%s\"%s\"", w > 0 ? ", " : "", field->words[w]);
  hs_buf_add_char(out, ']');
}

static void write_type(const struct hs_field *field, struct hs_buf *out)
{
  switch (field->kind) {
  case HS_FIELD_TEXT:
    hs_buf_add_text(out, "\"type\": \"string\", \"pattern\": \"\\\\S\"");
    break;
  case HS_FIELD_WORD:
    write_words(field, out);
    break;
  case HS_FIELD_INTEGER:
    hs_buf_add_text(out, "\"type\": \"integer\"");
    write_range(field, "minimum", "maximum", out);
    break;
  case HS_FIELD_DATE:
    hs_buf_add_text(out, "\"type\": \"string\", \"format\": \"date\"");
    break;
  case HS_FIELD_DECIMAL:
    hs_buf_add_text(out, "\"type\": \"string\", \"pattern\": "
                         "\"^-?([0-9]+(\\\\.[0-9]*)?|\\\\.[0-9]+)%?$\"");
    break;
  case HS_FIELD_FLAG:
    hs_buf_add_text(out, "\"type\": \"boolean\"");
    break;
  case HS_FIELD_OBJECT:
    hs_buf_printf(out, "\"$ref\": \"#/$defs/%s\"", field->shape->name);
    break;
  case HS_FIELD_LIST:
    hs_buf_printf(out, "\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}",
                  field->shape->name);
    write_range(field, "minItems", "maxItems", out);
    break;
  case HS_FIELD_TEXTS:
    hs_buf_add_text(out, "\"type\": \"array\", \"items\": {\"type\": \"string\"}");
    write_range(field, "minItems", "maxItems", out);
    break;
  }
}

static void write_fallback(const struct hs_field *field, struct hs_buf *out)
{
  int is_bare = field->kind == HS_FIELD_INTEGER || field->kind == HS_FIELD_FLAG;
  if (field->fallback != NULL)
    hs_buf_printf(out, is_bare ? ", \"default\": %s" : ", \"default\": \"%s\"", field->fallback);
}

/* Required at every level is required by the schema; what depends on the level is the gate's. */
static void write_required(const struct hs_shape *shape, const char *indent, struct hs_buf *out)
{
  int is_first = 1;
  for (size_t f = 0; f < shape->field_count; f++) {
    if (shape->fields[f].required != HS_ALWAYS)
      continue;
    if (is_first)
      hs_buf_printf(out, ",\n%s  \"required\": [", indent);
    hs_buf_printf(out, "%s\"%s\"", is_first ? "" : ", ", shape->fields[f].name);
    is_first = 0;
  }
  hs_buf_add_text(out, is_first ? "" : "]");
}

static void write_shape(const struct hs_shape *shape, const char *indent, struct hs_buf *out)
{
  hs_buf_printf(out, "%s  \"type\": \"object\",\n%s  \"additionalProperties\": false,\n", indent,
                indent);
  hs_buf_printf(out, "%s  \"properties\": {", indent);
  for (size_t f = 0; f < shape->field_count; f++) {
    const struct hs_field *field = &shape->fields[f];
    hs_buf_printf(out, "%s\n%s    \"%s\": {", f > 0 ? "," : "", indent, field->name);
    write_type(field, out);
    write_fallback(field, out);
    hs_buf_add_text(out, ", \"description\": ");
    hs_buf_add_json(out, hs_str_of(field->meaning));
    hs_buf_add_char(out, '}');
  }
  hs_buf_printf(out, "\n%s  }", indent);
  write_required(shape, indent, out);
  hs_buf_printf(out, "\n%s}", indent);
}

void hs_shape_schema(const struct hs_shape *shape, const char *title, struct hs_buf *out)
{
  struct shapes shapes = {0};
  collect(&shapes, shape);
  hs_buf_add_text(out, "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n");
  hs_buf_printf(out, "  \"title\": \"%s\",\n  \"$defs\": {", title);
  for (size_t s = 0; s < shapes.count; s++) {
    hs_buf_printf(out, "%s\n    \"%s\": {\n", s > 0 ? "," : "", shapes.items[s]->name);
    write_shape(shapes.items[s], "    ", out);
  }
  hs_buf_add_text(out, "\n  },\n");
  write_shape(shape, "", out);
  hs_buf_add_char(out, '\n');
}
