/* A stream of bytes to read once from its beginning: a file, standard input or a text in memory.
   What begins like gzip (RFC 1952, several members in a row included) is unpacked on the way. */
#ifndef HANSA_INTAKE_SOURCE_H
#define HANSA_INTAKE_SOURCE_H

#include "base/hash.h"
#include "base/io.h"
#include "base/text.h"

struct hs_source;

/* path is borrowed until close; "-" is standard input. Buffers come from the arena. HS_NOT_FOUND,
   HS_IO, HS_NOMEM. */
[[nodiscard]] enum hs_status hs_source_open(struct hs_arena *arena, const struct hs_io *io,
                                            const char *path, struct hs_source **out,
                                            struct hs_err *err);
/* The same over bytes in memory, which are borrowed until close. */
[[nodiscard]] enum hs_status hs_source_of_text(struct hs_arena *arena, struct hs_str text,
                                               struct hs_source **out, struct hs_err *err);
/* Accepts NULL. */
void hs_source_close(struct hs_source *source);

/* 1 to room bytes (room 1 or more), or 0 at the end. HS_IO; HS_CORRUPT when the packed stream is
   damaged or cut short. */
[[nodiscard]] enum hs_status hs_source_read(struct hs_source *source, char *into, size_t room,
                                            size_t *done, struct hs_err *err);
/* What to call it in a message: the path, "standard input" or "text"; lives as long as the source.
 */
const char *hs_source_name(const struct hs_source *source);
/* Bytes taken from the file so far, before unpacking: for a progress bar. */
uint64_t hs_source_position(const struct hs_source *source);

/* 1 when the bytes are unpacked from gzip. */
[[nodiscard]] int hs_source_is_packed(const struct hs_source *source);

/* Hashes the file's bytes (as they lie there, before unpacking) while they are read: begin before
   the first read, end once after the last. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_source_hash_begin(struct hs_arena *arena, struct hs_source *source,
                                                  struct hs_err *err);
struct hs_hash hs_source_hash_end(struct hs_source *source);

#endif
