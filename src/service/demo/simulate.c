#include "service/demo/simulate.h"

#include <stdio.h>
#include <string.h>

#define PATH_BYTES 4096
/* How an earlier run is told from somebody's own data. */
#define MARK "Synthetic data made by hansa simulate."

struct directory {
  const struct hs_io *io;
  const char *path;
  hs_file file;
  enum hs_market_file which;
  uint64_t offset;
};

static enum hs_status path_of(const char *directory, const char *name, char out[PATH_BYTES],
                              struct hs_err *err)
{
  int length = snprintf(out, PATH_BYTES, "%s/%s", directory, name);
  if (length < 0 || length >= PATH_BYTES)
    return hs_fail(err, HS_INVALID, "the path %.80s… is longer than %d bytes", directory,
                   PATH_BYTES - 1);
  return HS_OK;
}

static enum hs_status entry_note(void *context, [[maybe_unused]] const char *name,
                                 [[maybe_unused]] struct hs_err *err)
{
  *(int *)context = 1;
  return HS_OK;
}

/* Whether the directory's README.txt begins with our mark. */
static int is_ours(const struct hs_io *io, const char *directory)
{
  char path[PATH_BYTES], text[sizeof MARK - 1];
  hs_file file;
  if (path_of(directory, hs_market_file_name(HS_MARKET_README), path, NULL) != HS_OK ||
      io->open(io->self, path, HS_OPEN_READ, &file, NULL) != HS_OK)
    return 0;
  enum hs_status status = hs_io_read_all(io, file, text, sizeof text, 0, NULL);
  io->close(io->self, file);
  return status == HS_OK && memcmp(text, MARK, sizeof text) == 0;
}

static enum hs_status directory_prepare(const struct hs_io *io, const char *directory,
                                        struct hs_err *err)
{
  enum hs_status status = io->make_directory(io->self, directory, err);
  if (status != HS_CONFLICT)
    return status;
  int is_used = 0;
  status = io->list(io->self, directory, entry_note, &is_used, err);
  if (status == HS_OK && is_used && !is_ours(io, directory))
    return hs_fail(err, HS_CONFLICT,
                   "%s holds files that the simulator did not write; give it an empty directory",
                   directory);
  return status;
}

static enum hs_status file_finish(struct directory *directory, struct hs_err *err)
{
  if (directory->file < 0)
    return HS_OK;
  const struct hs_io *io = directory->io;
  enum hs_status status = io->sync_data(io->self, directory->file, err);
  io->close(io->self, directory->file);
  directory->file = -1;
  return status;
}

static enum hs_status file_begin(struct directory *directory, enum hs_market_file which,
                                 struct hs_err *err)
{
  const struct hs_io *io = directory->io;
  char path[PATH_BYTES];
  enum hs_status status = file_finish(directory, err);
  if (status == HS_OK)
    status = path_of(directory->path, hs_market_file_name(which), path, err);
  if (status == HS_OK)
    status = io->open(io->self, path, HS_OPEN_CREATE, &directory->file, err);
  if (status != HS_OK)
    return status;
  directory->which = which;
  directory->offset = 0;
  return io->truncate(io->self, directory->file, 0, err);
}

static enum hs_status piece_write(void *context, enum hs_market_file file, struct hs_str piece,
                                  struct hs_err *err)
{
  struct directory *directory = context;
  enum hs_status status = HS_OK;
  if (directory->file < 0 || directory->which != file)
    status = file_begin(directory, file, err);
  if (status == HS_OK)
    status = hs_io_write_all(directory->io, directory->file, piece.data, piece.length,
                             directory->offset, err);
  directory->offset += piece.length;
  return status;
}

/* An earlier run's truth must not stand beside half of another run. */
static enum hs_status truth_remove(const struct hs_io *io, const char *directory,
                                   struct hs_err *err)
{
  char path[PATH_BYTES];
  enum hs_status status = path_of(directory, hs_market_file_name(HS_MARKET_TRUTH), path, err);
  if (status == HS_OK)
    status = io->remove(io->self, path, err);
  return status == HS_NOT_FOUND ? HS_OK : status;
}

enum hs_status hs_simulate_to_directory(const struct hs_market_options *options,
                                        const struct hs_io *io, const char *directory,
                                        const struct hs_market_watch *watch, struct hs_arena *arena,
                                        struct hs_market_truth *truth, struct hs_err *err)
{
  struct directory target = {.io = io, .path = directory, .file = -1};
  enum hs_status status = directory_prepare(io, directory, err);
  if (status == HS_OK)
    status = truth_remove(io, directory, err);
  if (status != HS_OK)
    return status;
  const struct hs_market_sink sink = {&target, piece_write};
  status = hs_market_run(options, &sink, watch, arena, truth, err);
  enum hs_status finished = file_finish(&target, status == HS_OK ? err : NULL);
  if (status == HS_OK)
    status = finished;
  return status == HS_OK ? io->sync_directory(io->self, directory, err) : status;
}
