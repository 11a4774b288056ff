/* Agreements as files: read and checked before any programme holds them. */
#ifndef HANSA_SERVICE_AGREEMENT_FILE_H
#define HANSA_SERVICE_AGREEMENT_FILE_H

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

/* What a rule pays, as a sentence: "12 % of net for new customers, at most 5,000.00 EUR a month".
 */
void hs_rule_say(const struct hs_terms *terms, const struct hs_rule *rule, struct hs_buf *out);
/* The agreement for people who read: who, what for, what is paid, who owns it. */
void hs_agreement_say(const struct hs_agreement_file *file, struct hs_buf *out);

#endif
