/* Which network's export a file is, as a person says it, and how that reads. */
#ifndef HANSA_SERVICE_START_NETWORK_H
#define HANSA_SERVICE_START_NETWORK_H

#include "intake/network.h"

/* Takes a network by name ("none" for columns of our own names; absent to find it out from the
   header) and how amounts are written ("unit", "minor", or absent) into intake, whose kind is set.
   HS_USAGE for a network that is not in the table, for other words, and for either of them beside a
   kind that is no commission. */
[[nodiscard]] enum hs_status hs_network_choose(struct hs_str name, struct hs_str amounts,
                                               struct hs_intake_options *intake,
                                               struct hs_err *err);

#endif
