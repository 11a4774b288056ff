#include "base/io.h"

#include <limits.h>
#include <string.h>

enum hs_status hs_io_read_all(const struct hs_io *io, hs_file file, void *data, size_t bytes,
                              uint64_t offset, struct hs_err *err)
{
  unsigned char *at = data;
  size_t filled = 0;
  while (filled < bytes) {
    size_t done = 0;
    enum hs_status status =
        io->read_at(io->self, file, at + filled, bytes - filled, offset + filled, &done, err);
    if (status != HS_OK)
      return status;
    if (done == 0)
      return hs_fail(err, HS_CORRUPT, "the file ends at byte %llu; %zu bytes from %llu are wanted",
                     (unsigned long long)(offset + filled), bytes, (unsigned long long)offset);
    filled += done;
  }
  return HS_OK;
}

enum hs_status hs_io_write_all(const struct hs_io *io, hs_file file, const void *data, size_t bytes,
                               uint64_t offset, struct hs_err *err)
{
  const unsigned char *at = data;
  size_t written = 0;
  while (written < bytes) {
    size_t done = 0;
    enum hs_status status =
        io->write_at(io->self, file, at + written, bytes - written, offset + written, &done, err);
    if (status != HS_OK)
      return status;
    if (done == 0)
      return hs_fail(err, HS_IO, "the device takes no more bytes at %llu",
                     (unsigned long long)(offset + written));
    written += done;
  }
  return HS_OK;
}

/* Without slashes at the end; a single one stays. */
static size_t trimmed(const char *path, size_t length)
{
  while (length > 1 && path[length - 1] == '/')
    length--;
  return length;
}

/* "a/b" and "a/b/" lie in "a", "/a" in "/", "a" in ".". */
enum hs_status hs_io_sync_parent(const struct hs_io *io, const char *path, struct hs_err *err)
{
  char directory[PATH_MAX];
  size_t length = trimmed(path, strlen(path));
  while (length > 0 && path[length - 1] != '/')
    length--;
  if (length >= sizeof directory)
    return hs_fail(err, HS_INVALID, "the path is longer than %zu bytes: %s", sizeof directory - 1,
                   path);
  memcpy(directory, path, length);
  directory[trimmed(path, length)] = '\0';
  return io->sync_directory(io->self, length == 0 ? "." : directory, err);
}

/* The file may be a leftover of a run that died here, hence the cut. */
static enum hs_status write_synced(const struct hs_io *io, const char *path, const void *data,
                                   size_t bytes, struct hs_err *err)
{
  hs_file file = -1;
  enum hs_status status = io->open(io->self, path, HS_OPEN_CREATE, &file, err);
  if (status != HS_OK)
    return status;
  status = io->truncate(io->self, file, 0, err);
  if (status == HS_OK)
    status = hs_io_write_all(io, file, data, bytes, 0, err);
  if (status == HS_OK)
    status = io->sync_data(io->self, file, err);
  io->close(io->self, file);
  return status;
}

enum hs_status hs_io_read_file(const struct hs_io *io, struct hs_arena *arena, const char *path,
                               size_t bytes_max, struct hs_str *out, struct hs_err *err)
{
  struct hs_file_info info;
  hs_file file = -1;
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_OK && info.size_bytes > bytes_max)
    return hs_fail(err, HS_INVALID, "%s has %llu bytes; at most %zu are read", path,
                   (unsigned long long)info.size_bytes, bytes_max);
  if (status == HS_OK)
    status = io->open(io->self, path, HS_OPEN_READ, &file, err);
  if (status != HS_OK)
    return status;
  char *text = hs_arena_alloc_raw(arena, info.size_bytes, 1);
  status = text == NULL ? hs_arena_full(arena, path, err)
                        : hs_io_read_all(io, file, text, info.size_bytes, 0, err);
  io->close(io->self, file);
  if (status == HS_OK)
    *out = (struct hs_str){text, info.size_bytes};
  return status;
}

enum hs_status hs_io_replace_file(const struct hs_io *io, const char *path, const void *data,
                                  size_t bytes, struct hs_err *err)
{
  static const char SUFFIX[] = ".new";
  char temporary[PATH_MAX];
  size_t length = strlen(path);
  if (length + sizeof SUFFIX > sizeof temporary)
    return hs_fail(err, HS_INVALID, "the path is longer than %zu bytes: %s",
                   sizeof temporary - sizeof SUFFIX, path);
  memcpy(temporary, path, length);
  memcpy(temporary + length, SUFFIX, sizeof SUFFIX);
  enum hs_status status = write_synced(io, temporary, data, bytes, err);
  if (status == HS_OK)
    status = io->rename(io->self, temporary, path, err);
  if (status != HS_OK) {
    (void)io->remove(io->self, temporary, NULL);
    hs_err_prefix(err, "cannot replace %s", path);
    return status;
  }
  return hs_io_sync_parent(io, path, err);
}
