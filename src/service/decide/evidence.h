/* What an incremental share in a plan rests on: the result of an analysis, as `hansa influence`,
   `geo` or `design … --analyse` wrote it with --json, kept in a file. A share is somebody's word
   until the file is there and is the file whose hash stands in the plan; then its grade is the one
   that the analysis computed, and nobody's choice. The hash shows that the file was not changed
   since it was written down. It does not show who wrote it, so it is kept where both sides see it.
 */
#ifndef HANSA_SERVICE_DECIDE_EVIDENCE_H
#define HANSA_SERVICE_DECIDE_EVIDENCE_H

#include "base/io.h"
#include "base/text.h"
#include "measure/influence/influence.h"

enum hs_evidence_kind {
  HS_EVIDENCE_NONE,
  HS_EVIDENCE_INFLUENCE,
  HS_EVIDENCE_GEO,
  HS_EVIDENCE_DESIGN, /* of regions or in time */
  HS_EVIDENCE_HOLDOUT,
};

struct hs_evidence {
  enum hs_evidence_kind kind;
  struct hs_str path, sha256; /* as the plan has them; absent without evidence */
  struct hs_str verdict;      /* of the analysis */
  enum hs_grade grade;        /* D where the analysis gave none */
  int is_sound;               /* what it says may be defended: grade A to C, neither refused nor
                                 interim */
  const char *because;        /* why not; NULL when it is. Lives for ever */
  /* of a hold-out, which measures the share itself; NaN elsewhere */
  double share_low, share, share_high;
};

/* Reads the file and checks it. HS_CONFLICT when it is another file than the one with that hash (64
   hexadecimal digits, else HS_INVALID), with the hash that it has; HS_INVALID for what is no result
   of an analysis. A registered design alone is no result either. Text lives in arena. */
[[nodiscard]] enum hs_status hs_evidence_read(struct hs_arena *arena, const struct hs_io *io,
                                              const char *path, struct hs_str sha256,
                                              struct hs_evidence *out, struct hs_err *err);

/* "hold-out of coupons", "comparison of regions"…; lives for ever. */
const char *hs_evidence_kind_name(enum hs_evidence_kind kind);

#endif
