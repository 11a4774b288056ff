/* The days of a programme as periods: its orders, its revenue, and the series that were imported.
 */
#ifndef HANSA_SERVICE_BELIEVE_PERIODS_PROGRAMME_H
#define HANSA_SERVICE_BELIEVE_PERIODS_PROGRAMME_H

#include "service/believe/periods.h"
#include "service/programme.h"

/* A record that spans more days than this has a wrong date in it. */
#define HS_PERIODS_DAYS_MAX 40000

/* The request's outcome and controls are names: "orders" (accepted ones in the programme's currency
   that were not taken back whole), "revenue" (what they were worth, less refunds, in units of the
   currency), or the metric of an imported series, and METRIC@REGION for that of a region. Where a
   day of a metric has figures of regions and one of everywhere, that one counts; else their sum.

   Days are those of the programme's zone, from the first to the last that has a figure of the
   outcome; a day without an order has 0 orders, a day that a series leaves out has no figure. date
   and delimiter of the request are not read. HS_NOT_FOUND names the outcome or control without any
   figure; HS_INVALID for more than HS_PERIODS_DAYS_MAX days; what the trail says. */
[[nodiscard]] enum hs_status hs_periods_of_programme(struct hs_arena *arena,
                                                     struct hs_programme *programme,
                                                     const struct hs_periods_request *request,
                                                     struct hs_periods *out, struct hs_err *err);

#endif
