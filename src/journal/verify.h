/* The whole journal, checked by somebody who holds its lock. For src/journal alone. */
#ifndef HANSA_JOURNAL_VERIFY_H
#define HANSA_JOURNAL_VERIFY_H

#include "journal/recovery.h"

/* As hs_journal_verify without the lock. window has SCAN_WINDOW_BYTES. */
[[nodiscard]] enum hs_status hs_verify_all(const struct hs_io *io, const char *directory,
                                           unsigned char *window, struct hs_journal_report *report,
                                           struct hs_err *err);

#endif
