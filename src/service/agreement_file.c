#include "service/agreement_file.h"

enum hs_status hs_agreement_file_read(const struct hs_io *io, const char *path,
                                      struct hs_arena *arena, struct hs_agreement_file *out,
                                      hs_fault_fn fault, void *context, struct hs_err *err)
{
  hs_file file = -1;
  struct hs_file_info info;
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_OK && info.is_directory)
    status = hs_fail(err, HS_INVALID, "%s is a directory; an agreement is a JSON file", path);
  if (status == HS_OK && info.size_bytes > HS_AGREEMENT_BYTES_MAX)
    status = hs_fail(err, HS_INVALID, "%s has %llu bytes; an agreement has at most %zu", path,
                     (unsigned long long)info.size_bytes, HS_AGREEMENT_BYTES_MAX);
  if (status == HS_OK)
    status = io->open(io->self, path, HS_OPEN_READ, &file, err);
  if (status != HS_OK)
    return status;
  size_t bytes = (size_t)info.size_bytes;
  char *text = hs_arena_alloc_raw(arena, bytes, 1);
  status = text == NULL ? hs_arena_full(arena, "an agreement", err)
                        : hs_io_read_all(io, file, text, bytes, 0, err);
  io->close(io->self, file);
  if (status != HS_OK)
    return status;
  status = hs_agreement_read((struct hs_str){text, bytes}, arena, &out->agreement, &out->terms,
                             fault, context, err);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  return status;
}
