/* `hansa honesty`: a table of partners, tracked beside incremental for each, what all of them sum
   to, and what the tested ones of a kind let one expect of the others. */
#ifndef HANSA_SERVICE_BELIEVE_HONESTY_H
#define HANSA_SERVICE_BELIEVE_HONESTY_H

#include "intake/figures.h"
#include "measure/influence/honesty.h"
#include "measure/influence/honesty_pool.h"

struct hs_partners_asking {
  const char *path; /* "-" is standard input */
  char delimiter;
  struct hs_str partner, kind, tracked, incremental, sd; /* columns; kind may be absent */
  struct hs_honesty_options honesty;
  double total;       /* all that was sold; NaN for none: the sum is not guarded */
  double correlation; /* of the errors of any two partners, [0, 1] */
  hs_figures_reject_fn on_reject;
  void *context;
};

struct hs_partners_line {
  struct hs_str name, kind;
  double tracked;
  int is_tested; /* incremental and its error are there; honesty says what follows */
  struct hs_honesty honesty;
};

struct hs_partners_kind {
  struct hs_str name;
  struct hs_honesty_pool pool; /* of I/T of its tested partners with tracked sales */
};

struct hs_partners {
  struct hs_partners_asking asked;
  struct hs_partners_line *lines;
  size_t line_count;
  struct hs_partners_kind *kinds;
  size_t kind_count; /* 0 without a column of kinds */
  size_t tested_count;
  struct hs_honesty_sum sum; /* of the tested ones; nothing in it without a total */
  uint64_t reject_count;
};

/* A row a partner; an empty incremental or sd is a partner that was not tested. HS_INVALID for
   tracked sales below 0 or missing, an sd of 0 or less, the same partner twice; what reading says.
 */
[[nodiscard]] enum hs_status hs_partners_ask(struct hs_arena *arena, const struct hs_io *io,
                                             const struct hs_partners_asking *asking,
                                             struct hs_partners *out, struct hs_err *err);
void hs_partners_text(const struct hs_partners *partners, int width, struct hs_buf *out);
void hs_partners_json(const struct hs_partners *partners, struct hs_buf *out);

#endif
