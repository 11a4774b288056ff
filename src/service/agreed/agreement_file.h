/* Agreements as files: read and checked before any programme holds them. */
#ifndef HANSA_SERVICE_AGREED_AGREEMENT_FILE_H
#define HANSA_SERVICE_AGREED_AGREEMENT_FILE_H

#include "agreement/agreement.h"
#include "agreement/terms.h"
#include "base/io.h"

struct hs_agreement_file {
  struct hs_agreement agreement;
  struct hs_terms terms;
};

/* At most so much is read of a file: an agreement is a document for people. */
#define HS_AGREEMENT_BYTES_MAX HS_MIB

/* HS_INVALID when it is no agreement: every fault is told (fault may be NULL), and err holds the
   first with the file's name before it. Text and lists live in arena. */
[[nodiscard]] enum hs_status hs_agreement_file_read(const struct hs_io *io, const char *path,
                                                    struct hs_arena *arena,
                                                    struct hs_agreement_file *out,
                                                    hs_fault_fn fault, void *context,
                                                    struct hs_err *err);

enum hs_agreement_write {
  HS_AGREEMENT_WRITE_NEW,    /* HS_CONFLICT when there is such a file */
  HS_AGREEMENT_WRITE_REPLACE /* a crash leaves the old one or the new one */
};
/* Writes the one form of the agreement. */
[[nodiscard]] enum hs_status hs_agreement_file_write(const struct hs_io *io, const char *path,
                                                     const struct hs_agreement_file *file,
                                                     enum hs_agreement_write how,
                                                     struct hs_arena *arena, struct hs_err *err);

#endif
