/* Files of the data directory whose name is the hash of their content. */
#ifndef HANSA_SERVICE_KEPT_FILE_H
#define HANSA_SERVICE_KEPT_FILE_H

#include "base/hash.h"
#include "service/programme.h"

/* SHA-256 of the whole file, read in pieces. */
[[nodiscard]] enum hs_status hs_kept_file_hash(const struct hs_io *io, const char *path,
                                               struct hs_hash *out, struct hs_err *err);
/* Makes the file at path (written, not yet durable) the kept import named by its hash: synced,
   renamed into imports/, the folder synced. The same content twice is kept once. */
[[nodiscard]] enum hs_status hs_kept_file_adopt(const struct hs_programme *programme,
                                                const char *path, struct hs_hash *hash,
                                                struct hs_err *err);
/* The path of the kept import with that hash, in hexadecimal. */
void hs_kept_file_path(const struct hs_programme *programme, struct hs_str hash,
                       char out[HS_PATH_BYTES]);
/* HS_CORRUPT when the content is no longer what the name says, or when the file is gone. */
[[nodiscard]] enum hs_status hs_kept_file_check(const struct hs_programme *programme,
                                                struct hs_str hash, struct hs_err *err);

#endif
