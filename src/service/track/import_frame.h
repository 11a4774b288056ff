/* The payload of an HS_FRAME_IMPORT, version 1: one JSON object that names the kept file by its
   hash, what it was made from and how. Readers rebuild everything from it and the file. */
#ifndef HANSA_SERVICE_TRACK_IMPORT_FRAME_H
#define HANSA_SERVICE_TRACK_IMPORT_FRAME_H

#include "base/id.h"
#include "base/text.h"
#include "ports/events.h"

#define HS_IMPORT_FRAME_VERSION 1
/* Of the columns of hs_event_spec, as kept files hold them; a change of theirs is a new number. */
#define HS_IMPORT_SCHEMA 1

struct hs_import_frame {
  struct hs_id id;
  enum hs_event_kind kind;
  struct hs_str source;      /* the file's name without its folders */
  struct hs_str source_hash; /* hex: of the bytes, the kind and how they were read */
  struct hs_str file_hash;   /* hex SHA-256 of the kept file, and its name in imports/ */
  uint64_t row_count;
  uint64_t rejected_count;
};

/* The JSON text in arena. */
[[nodiscard]] enum hs_status hs_import_frame_write(struct hs_arena *arena,
                                                   const struct hs_import_frame *frame,
                                                   struct hs_str *out, struct hs_err *err);
/* Texts are in arena. HS_CORRUPT for what is no such object; HS_UNSUPPORTED for another
 * version or schema; HS_NOMEM. */
[[nodiscard]] enum hs_status hs_import_frame_read(struct hs_arena *arena, unsigned version,
                                                  struct hs_str payload,
                                                  struct hs_import_frame *out, struct hs_err *err);

#endif
