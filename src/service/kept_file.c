#include "service/kept_file.h"

#include <stdio.h>
#include <string.h>

#define PIECE_BYTES (256 * HS_KIB)
#define LONGEST_KEPT_NAME 96 /* "imports/", a hash, ".parquet" */

enum hs_status hs_kept_file_hash(const struct hs_io *io, const char *path, struct hs_hash *out,
                                 struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_sha256 hasher;
  hs_file file = -1;
  enum hs_status status = hs_arena_init(&arena, PIECE_BYTES, err);
  unsigned char *piece = status == HS_OK ? hs_arena_alloc_raw(&arena, PIECE_BYTES, 1) : NULL;
  if (status == HS_OK)
    status = io->open(io->self, path, HS_OPEN_READ, &file, err);
  hs_sha256_init(&hasher);
  size_t done = 1;
  for (uint64_t offset = 0; status == HS_OK && done > 0; offset += done) {
    done = 0;
    status = io->read_at(io->self, file, piece, PIECE_BYTES, offset, &done, err);
    hs_sha256_add(&hasher, piece, done);
  }
  if (file >= 0)
    io->close(io->self, file);
  hs_arena_release(&arena);
  if (status == HS_OK)
    *out = hs_sha256_end(&hasher);
  return status;
}

void hs_kept_file_path(const struct hs_programme *programme, struct hs_str hash,
                       char out[HS_PATH_BYTES])
{
  char name[LONGEST_KEPT_NAME];
  (void)snprintf(name, sizeof name, "imports/%.*s.parquet", HS_STR_ARG(hash));
  hs_programme_path(programme, name, out);
}

static enum hs_status sync_file(const struct hs_io *io, const char *path, struct hs_err *err)
{
  hs_file file = -1;
  enum hs_status status = io->open(io->self, path, HS_OPEN_WRITE, &file, err);
  if (status != HS_OK)
    return status;
  status = io->sync_data(io->self, file, err);
  io->close(io->self, file);
  return status;
}

enum hs_status hs_kept_file_adopt(const struct hs_programme *programme, const char *path,
                                  struct hs_hash *hash, struct hs_err *err)
{
  char folder[HS_PATH_BYTES];
  char kept[HS_PATH_BYTES];
  char text[HS_HASH_TEXT];
  const struct hs_io *io = programme->io;
  enum hs_status status = sync_file(io, path, err);
  if (status == HS_OK)
    status = hs_kept_file_hash(io, path, hash, err);
  if (status != HS_OK)
    return status;
  hs_hash_format(hash, text);
  hs_kept_file_path(programme, hs_str_of(text), kept);
  hs_programme_path(programme, "imports", folder);
  status = io->rename(io->self, path, kept, err);
  return status == HS_OK ? io->sync_directory(io->self, folder, err) : status;
}

enum hs_status hs_kept_file_check(const struct hs_programme *programme, struct hs_str hash,
                                  struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  char text[HS_HASH_TEXT];
  struct hs_hash found;
  hs_kept_file_path(programme, hash, path);
  enum hs_status status = hs_kept_file_hash(programme->io, path, &found, err);
  if (status == HS_NOT_FOUND)
    return hs_fail(err, HS_CORRUPT,
                   "%s is gone; put the file back from a backup (hansa repair --check --data %s "
                   "tells whether more is missing)",
                   path, programme->directory);
  if (status != HS_OK)
    return status;
  hs_hash_format(&found, text);
  if (!hs_str_equal(hs_str_of(text), hash))
    return hs_fail(err, HS_CORRUPT,
                   "%s was changed: its SHA-256 is now %s; put the file back from a backup", path,
                   text);
  return HS_OK;
}
