/* The file `durable` of a journal: how far it is on disk, rewritten by the owner after each sync
   and never synced itself. What it says was true when it was written and stays true, so a reader in
   any process may believe it, and so may a recovery: a journal that ends before its watermark has
   lost acknowledged frames. For src/journal alone. */
#ifndef HANSA_JOURNAL_WATERMARK_H
#define HANSA_JOURNAL_WATERMARK_H

#include "journal/journal.h"

/* Opens it for its owner, making it when it is missing. */
[[nodiscard]] enum hs_status hs_watermark_open(const struct hs_io *io, const char *directory,
                                               hs_file *out, struct hs_err *err);
[[nodiscard]] enum hs_status hs_watermark_write(const struct hs_io *io, hs_file file,
                                                const struct hs_journal_position *position,
                                                struct hs_err *err);
/* HS_NOT_FOUND when nothing readable stands there: a crash may tear what was never synced. */
[[nodiscard]] enum hs_status hs_watermark_read(const struct hs_io *io, hs_file file,
                                               struct hs_journal_position *out, struct hs_err *err);
/* As read, by the directory. */
[[nodiscard]] enum hs_status hs_watermark_read_in(const struct hs_io *io, const char *directory,
                                                  hs_file *out_file,
                                                  struct hs_journal_position *out,
                                                  struct hs_err *err);

#endif
