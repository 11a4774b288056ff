/* A simulated programme as files: the market's rows on a disk. */
#ifndef HANSA_SERVICE_DEMO_SIMULATE_H
#define HANSA_SERVICE_DEMO_SIMULATE_H

#include "base/io.h"
#include "market/market.h"

/* As hs_market_run, into files of a directory (hs_market_file_name), which is made when missing;
   its parent must exist. HS_CONFLICT when it holds something that no earlier run wrote, told by its
   README.txt; an earlier run's files are replaced, and its truth.json goes first, so that a
   truth.json never stands beside another run's half. */
[[nodiscard]] enum hs_status
hs_simulate_to_directory(const struct hs_market_options *options, const struct hs_io *io,
                         const char *directory, const struct hs_market_watch *watch,
                         struct hs_arena *arena, struct hs_market_truth *truth, struct hs_err *err);

#endif
