#include "service/believe/attribute_programme.h"

enum hs_status hs_attribute_programme(struct hs_programme *programme,
                                      const struct hs_analysis_options *analysis_options,
                                      const struct hs_attribute_options *options,
                                      struct hs_analysis *analysis, struct hs_attribute_result *out,
                                      struct hs_err *err)
{
  enum hs_status status = hs_analysis_gather(programme, analysis_options, analysis, err);
  if (status != HS_OK)
    return status;
  struct hs_attribute_result result = {.sample = analysis->sample,
                                       .row_count = analysis->builder.path_count};
  if (!(result.sample.conversions > 0))
    status = hs_fail(err, HS_INSUFFICIENT, "no order of the period has a path of touchpoints");
  if (status == HS_OK)
    status = hs_attribute_sample(&analysis->arena, options, &result, err);
  if (status == HS_OK)
    *out = result;
  else
    hs_analysis_release(analysis);
  return status;
}
