#include "service/track/import_frame.h"

#include "base/hash.h"
#include "intake/json_line.h"

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

/* The members of the object, by name. */
enum { ID, SCHEMA, KIND, SOURCE, SOURCE_HASH, FILE_HASH, ROWS, REJECTED, MEMBER_COUNT };
static const char *const NAMES[MEMBER_COUNT] = {"id",          "schema",      "kind", "source",
                                                "source_hash", "file_sha256", "rows", "rejected"};

/* Twice as many, for those that a later writer of the same version may add. */
#define FIELDS_MAX (2 * (size_t)MEMBER_COUNT)

/* 1 when every member stands there once; others are passed over. */
static int find_members(const struct hs_json_field *fields, size_t count,
                        struct hs_str members[MEMBER_COUNT])
{
  for (size_t m = 0; m < MEMBER_COUNT; m++) {
    members[m] = (struct hs_str){0};
    for (size_t i = 0; i < count; i++) {
      if (!hs_str_equal(fields[i].name, hs_str_of(NAMES[m])))
        continue;
      if (members[m].data != NULL)
        return 0;
      members[m] = fields[i].value;
    }
    if (members[m].data == NULL)
      return 0;
  }
  return 1;
}

/* 1 when the text, which is changed by it, is a frame's; its texts are slices of it. */
static int parse(char *text, size_t length, struct hs_import_frame *frame, uint64_t *schema)
{
  struct hs_json_field fields[FIELDS_MAX];
  struct hs_str members[MEMBER_COUNT];
  struct hs_json_fault fault;
  struct hs_hash hash;
  size_t count = 0;
  if (!hs_str_is_utf8((struct hs_str){text, length}) ||
      !hs_json_line(text, length, fields, FIELDS_MAX, &count, &fault) ||
      !find_members(fields, count, members))
    return 0;
  *frame = (struct hs_import_frame){.source = members[SOURCE],
                                    .source_hash = members[SOURCE_HASH],
                                    .file_hash = members[FILE_HASH]};
  /* The hash becomes the name of a file, so nothing but a hash will do. */
  return hs_id_parse(members[ID], "imp", &frame->id) && hs_parse_u64(members[SCHEMA], schema) &&
         hs_event_kind_parse(members[KIND], &frame->kind) &&
         hs_hash_parse(members[FILE_HASH].data, members[FILE_HASH].length, &hash) &&
         hs_parse_u64(members[ROWS], &frame->row_count) &&
         hs_parse_u64(members[REJECTED], &frame->rejected_count);
}

enum hs_status hs_import_frame_read(struct hs_arena *arena, unsigned version, struct hs_str payload,
                                    struct hs_import_frame *out, struct hs_err *err)
{
  if (version != HS_IMPORT_FRAME_VERSION)
    return hs_fail(err, HS_UNSUPPORTED,
                   "an import's frame of version %u; this Hansa knows version %d", version,
                   HS_IMPORT_FRAME_VERSION);
  struct hs_import_frame frame;
  uint64_t schema = 0;
  char *text = hs_arena_copy(arena, payload.data, payload.length);
  if (text == NULL)
    return hs_arena_full(arena, "an import's frame", err);
  if (!parse(text, payload.length, &frame, &schema))
    return hs_fail(err, HS_CORRUPT, "an import's frame lacks something: %.*s",
                   (int)(payload.length < 300 ? payload.length : 300), payload.data);
  if (schema != HS_IMPORT_SCHEMA)
    return hs_fail(err, HS_UNSUPPORTED, "a kept import of schema %llu; this Hansa knows %d",
                   (unsigned long long)schema, HS_IMPORT_SCHEMA);
  *out = frame;
  return HS_OK;
}
