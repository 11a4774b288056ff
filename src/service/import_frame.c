#include "service/import_frame.h"

#include <jansson.h>
#include <string.h>

enum hs_status hs_import_frame_write(struct hs_arena *arena, const struct hs_import_frame *frame,
                                     struct hs_str *out, struct hs_err *err)
{
  struct hs_buf buf = hs_buf_in(arena);
  hs_buf_printf(&buf, "{\"id\":\"%s\",\"schema\":%d,\"kind\":\"%s\",\"source\":", frame->id.text,
                HS_IMPORT_SCHEMA, hs_event_spec(frame->kind)->name);
  hs_buf_add_json(&buf, frame->source);
  hs_buf_add_text(&buf, ",\"source_hash\":");
  hs_buf_add_json(&buf, frame->source_hash);
  hs_buf_add_text(&buf, ",\"file_sha256\":");
  hs_buf_add_json(&buf, frame->file_hash);
  hs_buf_printf(&buf, ",\"rows\":%llu,\"rejected\":%llu}", (unsigned long long)frame->row_count,
                (unsigned long long)frame->rejected_count);
  *out = hs_buf_str(&buf);
  return hs_buf_status(&buf, "the import's frame", err);
}

/* Copies a string member; leaves is_bad set when it is missing. */
static struct hs_str text_of(struct hs_arena *arena, const json_t *object, const char *name,
                             int *is_bad)
{
  const json_t *member = json_object_get(object, name);
  if (!json_is_string(member)) {
    *is_bad = 1;
    return (struct hs_str){0};
  }
  struct hs_str text = {json_string_value(member), json_string_length(member)};
  text.data = hs_arena_copy(arena, text.data, text.length);
  *is_bad |= text.data == NULL;
  return text;
}

static uint64_t count_of(const json_t *object, const char *name, int *is_bad)
{
  const json_t *member = json_object_get(object, name);
  if (!json_is_integer(member) || json_integer_value(member) < 0) {
    *is_bad = 1;
    return 0;
  }
  return (uint64_t)json_integer_value(member);
}

enum hs_status hs_import_frame_read(struct hs_arena *arena, unsigned version, struct hs_str payload,
                                    struct hs_import_frame *out, struct hs_err *err)
{
  if (version != HS_IMPORT_FRAME_VERSION)
    return hs_fail(err, HS_UNSUPPORTED,
                   "an import's frame of version %u; this Hansa knows version %d", version,
                   HS_IMPORT_FRAME_VERSION);
  json_error_t problem;
  json_t *object = json_loadb(payload.data, payload.length, JSON_REJECT_DUPLICATES, &problem);
  if (object == NULL)
    return hs_fail(err, HS_CORRUPT, "an import's frame is no JSON: %s", problem.text);
  int is_bad = 0;
  struct hs_import_frame frame = {.source = text_of(arena, object, "source", &is_bad),
                                  .source_hash = text_of(arena, object, "source_hash", &is_bad),
                                  .file_hash = text_of(arena, object, "file_sha256", &is_bad),
                                  .row_count = count_of(object, "rows", &is_bad),
                                  .rejected_count = count_of(object, "rejected", &is_bad)};
  struct hs_str kind = text_of(arena, object, "kind", &is_bad);
  struct hs_str id = text_of(arena, object, "id", &is_bad);
  uint64_t schema = count_of(object, "schema", &is_bad);
  json_decref(object);
  if (is_bad || !hs_id_parse(id, "imp", &frame.id) || !hs_event_kind_parse(kind, &frame.kind) ||
      frame.file_hash.length != 64)
    return hs_fail(err, HS_CORRUPT, "an import's frame lacks something: %.*s",
                   (int)(payload.length < 300 ? payload.length : 300), payload.data);
  if (schema != HS_IMPORT_SCHEMA)
    return hs_fail(err, HS_UNSUPPORTED, "a kept import of schema %llu; this Hansa knows %d",
                   (unsigned long long)schema, HS_IMPORT_SCHEMA);
  *out = frame;
  return HS_OK;
}
