#include "service/agreed/agreement_file.h"

enum hs_status hs_agreement_file_read(const struct hs_io *io, const char *path,
                                      struct hs_arena *arena, struct hs_agreement_file *out,
                                      hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_file_info info;
  struct hs_str text = {0};
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_OK && info.is_directory)
    status = hs_fail(err, HS_INVALID, "%s is a directory; an agreement is a JSON file", path);
  if (status == HS_OK)
    status = hs_io_read_file(io, arena, path, HS_AGREEMENT_BYTES_MAX, &text, err);
  if (status != HS_OK)
    return status;
  status = hs_agreement_read(text, arena, &out->agreement, &out->terms, fault, context, err);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  return status;
}

enum hs_status hs_agreement_file_write(const struct hs_io *io, const char *path,
                                       const struct hs_agreement_file *file,
                                       enum hs_agreement_write how, struct hs_arena *arena,
                                       struct hs_err *err)
{
  struct hs_buf form = hs_buf_in(arena);
  struct hs_file_info info;
  if (how == HS_AGREEMENT_WRITE_NEW && io->info(io->self, path, &info, NULL) == HS_OK)
    return hs_fail(err, HS_CONFLICT, "%s exists already", path);
  hs_shape_write(&hs_agreement_shape, &file->agreement, &form);
  enum hs_status status = hs_buf_status(&form, "an agreement", err);
  if (status == HS_OK)
    status = hs_io_replace_file(io, path, form.data, form.length, err);
  return status;
}
