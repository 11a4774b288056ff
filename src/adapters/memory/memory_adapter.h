/* The trail and the kept imports in memory, for the simulation and for questions about one file.
   The trail is empty at the start and gone at close: whoever opens it replays. Files go through
   io, so that a simulated disk holds them. */
#ifndef HANSA_ADAPTERS_MEMORY_MEMORY_ADAPTER_H
#define HANSA_ADAPTERS_MEMORY_MEMORY_ADAPTER_H

#include "base/io.h"
#include "ports/keep.h"
#include "ports/trail.h"

struct hs_memory_options {
  const struct hs_io *io; /* must outlive the adapter */
  uint64_t memory_bytes;  /* bound for everything that is held; 0 is 1 GiB */
};

[[nodiscard]] enum hs_status hs_memory_trail_open(const struct hs_memory_options *options,
                                                  struct hs_trail *out, struct hs_err *err);
/* Kept imports in a plain format of its own, which only this adapter reads. */
[[nodiscard]] enum hs_status hs_memory_keep_open(const struct hs_memory_options *options,
                                                 struct hs_keep *out, struct hs_err *err);

#endif
