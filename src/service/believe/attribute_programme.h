/* Credits under chosen models for the journeys of a programme. */
#ifndef HANSA_SERVICE_BELIEVE_ATTRIBUTE_PROGRAMME_H
#define HANSA_SERVICE_BELIEVE_ATTRIBUTE_PROGRAMME_H

#include "service/believe/analysis.h"
#include "service/believe/attribute.h"

/* *analysis (see service/believe/analysis.h) holds the memory: the caller releases it when the
   result is done with; on failure it is released here. HS_INSUFFICIENT when no order has a path. */
[[nodiscard]] enum hs_status
hs_attribute_programme(struct hs_programme *programme,
                       const struct hs_analysis_options *analysis_options,
                       const struct hs_attribute_options *options, struct hs_analysis *analysis,
                       struct hs_attribute_result *out, struct hs_err *err);

#endif
