/* hansa.conf: settings of the machine that a data directory lies on. Lines of `name = number`, with
   comments behind #. */
#ifndef HANSA_SERVICE_CONFIGURATION_H
#define HANSA_SERVICE_CONFIGURATION_H

#include "service/wiring.h"

#define HS_CONFIGURATION_BYTES_MAX ((size_t)16 * 1024)

/* What a new data directory gets. */
extern const char *const hs_configuration_first;

/* version must be there (HS_INVALID) and 1 (HS_UNSUPPORTED); memory_mib 128 to 1048576; threads 0
   to 256, 0 for every core. The last of two lines counts; what is not there leaves *out as it is,
   and so does every failure. HS_INVALID names the line and what there is. */
[[nodiscard]] enum hs_status hs_configuration_parse(struct hs_str text, struct hs_store_limits *out,
                                                    struct hs_err *err);

#endif
