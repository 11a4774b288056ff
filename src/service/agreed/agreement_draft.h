/* Agreements begun, filled in and changed without anybody writing JSON. */
#ifndef HANSA_SERVICE_AGREED_AGREEMENT_DRAFT_H
#define HANSA_SERVICE_AGREED_AGREEMENT_DRAFT_H

#include "service/agreed/agreement_check.h"

/* What a new agreement begins with; absent texts are not given. */
struct hs_draft {
  struct hs_str kind; /* affiliate, co-marketing, joint-venture or alliance */
  struct hs_str us, partner, rate, currency;
};

/* From a template; the first review is counted from today, by the clock of io. HS_USAGE names what
   cannot be read or is missing. */
[[nodiscard]] enum hs_status hs_agreement_new(const struct hs_io *io, const struct hs_draft *asked,
                                              struct hs_arena *arena, struct hs_agreement_file *out,
                                              struct hs_err *err);

/* The file's agreement with the lines applied (agreement/change.h). HS_INVALID with every fault. */
[[nodiscard]] enum hs_status hs_agreement_fill(struct hs_agreement_file *file,
                                               const struct hs_str *lines, size_t line_count,
                                               struct hs_arena *arena, hs_fault_fn fault,
                                               void *context, struct hs_err *err);

/* Whether changed terms may hold from the day on. HS_USAGE for what is no day, HS_DENIED for one
   before the agreed notice is over. */
[[nodiscard]] enum hs_status hs_agreement_may_change(const struct hs_io *io,
                                                     const struct hs_agreement_file *file,
                                                     struct hs_str from, int32_t *day,
                                                     struct hs_err *err);

/* What is still to fill in before it can be signed, a line each, or that there is nothing, for a
   terminal of width columns. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_agreement_say_missing(const struct hs_agreement_file *file,
                                                      size_t width, struct hs_arena *arena,
                                                      struct hs_buf *out, struct hs_err *err);

#endif
