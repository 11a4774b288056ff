/* The truth of a simulated programme as the simulator wrote it (truth.json): what the demonstration
   sets beside the report. docs/reference/simulator.md says what each figure means. */
#ifndef HANSA_SERVICE_DEMO_DEMO_TRUTH_H
#define HANSA_SERVICE_DEMO_DEMO_TRUTH_H

#include <stdint.h>

#include "base/io.h"
#include "base/text.h"

struct hs_demo_partner {
  struct hs_str name, kind;
  int64_t orders_tracked;    /* that the files can show with it */
  int64_t incremental_minor; /* what would not have been sold without it, net of refunds */
  int64_t halo_minor;        /* of these: sold to people it did not touch in the look-back */
};

struct hs_demo_truth {
  int64_t sold_minor, sold_without_partners_minor; /* net of refunds */
  int64_t touches, touches_lost;                   /* by people; lost: never reached the files */
  size_t partner_count;
  struct hs_demo_partner *partners;
};

/* Everything lives in the arena. HS_NOT_FOUND; HS_CORRUPT when the file is not what the simulator
   writes. */
[[nodiscard]] enum hs_status hs_demo_truth_read(struct hs_arena *arena, const struct hs_io *io,
                                                const char *path, struct hs_demo_truth *out,
                                                struct hs_err *err);

#endif
