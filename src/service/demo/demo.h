/* A demonstration: a programme whose content is synthetic and whose truth is known. The market
   simulator's files go through the ordinary use cases (partners, import, report), so what is shown
   is what a real programme shows; only the comparison at the end reads the truth. */
#ifndef HANSA_SERVICE_DEMO_DEMO_H
#define HANSA_SERVICE_DEMO_DEMO_H

#include <stdatomic.h>

#include "service/believe/report.h"
#include "service/demo/demo_truth.h"
#include "service/demo/simulate.h"

struct hs_demo_options {
  const char *directory;
  uint64_t seed;
  int32_t months; /* 1 to HS_MARKET_MONTHS_MAX */
};

struct hs_demo_watch {
  void *context;
  /* what lives for ever; a total of 0 is unknown. */
  void (*progress)(void *context, const char *what, uint64_t done, uint64_t total);
  const atomic_int *interrupt;
};

/* Where the simulator's files stand, below the data directory. */
#define HS_DEMO_FILES "demo-data"

struct hs_demo {
  struct hs_programme programme; /* open */
  int was_complete;              /* nothing had to be made */
};

/* Makes the demonstration in a directory that is empty or missing, completes one that was
   interrupted, finds one that is complete. HS_CONFLICT when the directory holds anything else, a
   demonstration of other options too; HS_INTERRUPTED when the watch says so: the same call goes on
   where it was. About 100 MiB of the arena for a year, given back. */
[[nodiscard]] enum hs_status hs_demo_open(const struct hs_wiring *wiring, struct hs_arena *arena,
                                          const struct hs_demo_options *options,
                                          const struct hs_demo_watch *watch, struct hs_demo *out,
                                          struct hs_err *err);

/* For people: beside each partner's attributed revenue what really would not have been sold without
   it, the difference in words, and how many touchpoints really were lost. */
void hs_demo_text(const struct hs_report *report, const struct hs_demo_truth *truth,
                  const struct hs_report_style *style, struct hs_buf *out);

#endif
