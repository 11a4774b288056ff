#include "support/report.h"

#include <math.h>
#include <string.h>

#define JULY_US (INT64_C(1782864000) * HS_SECOND_US)    /* 2026-07-01T00:00:00Z */
#define OCTOBER_US (INT64_C(1790812800) * HS_SECOND_US) /* 2026-10-01T00:00:00Z */

static const struct hs_report_line LINES[] = {
    {.name = {"blog", 4},
     .title = {TEST_REPORT_TITLE, sizeof TEST_REPORT_TITLE - 1},
     .is_partner = 1,
     .rank = 1,
     .revenue = 5400.25,
     .revenue_low = 4900,
     .revenue_high = 5900.5,
     .orders = 120.4,
     .share = 0.72,
     .converting_journeys = 140,
     .model_low = 3000,
     .model_high = 6000,
     .model_low_kind = HS_MODEL_FIRST,
     .model_high_kind = HS_MODEL_LAST,
     .loss_low = 2500,
     .loss_high = 7000,
     .orders_joined = 13,
     .claim_revenue = 9000,
     .claim_orders = 150,
     .favourite_revenue = 6000,
     .favourite_kind = HS_MODEL_LAST,
     .touches = 1200,
     .persons = 800,
     .leads = 12,
     .cost_minor = 123456,
     .hours = 3.5},
    {.name = {"podcast", 7},
     .title = {"Podcast", 7},
     .is_partner = 1,
     .is_insufficient = 1,
     .revenue = 90,
     .revenue_low = (double)NAN,
     .revenue_high = (double)NAN,
     .orders = 2,
     .share = 0.012,
     .converting_journeys = 3,
     .model_low = (double)NAN,
     .model_high = (double)NAN,
     .loss_low = 0,
     .loss_high = 200,
     .claim_revenue = 150,
     .claim_orders = 3,
     .favourite_revenue = (double)NAN},
    {.name = {"direct", 6},
     .title = {"direct", 6},
     .revenue = 2009.75,
     .revenue_low = 1700,
     .revenue_high = 2300,
     .orders = 80,
     .share = 0.268,
     .converting_journeys = 95,
     .model_low = 1500,
     .model_high = 2600,
     .loss_low = 1000,
     .loss_high = 3000,
     .claim_revenue = 4000,
     .claim_orders = 90}};

static const struct hs_report_idle IDLE[] = {{.name = {"letter", 6},
                                              .title = {"Letter <i>", 10},
                                              .impressions = 120000,
                                              .subscribers = 4000,
                                              .cost_minor = 230000,
                                              .hours = 12,
                                              .last_order_us = INT64_MIN}};

static const struct hs_report_path PATHS[] = {
    {{"alpha <b>", 9}, 5344.9, 5000, 5600, 4000, 6000, 70000, 0},
    {{"beta", 4}, 12, 5, 20, 3, 30, 150, 1}};

static const struct hs_report_owed OWED[] = {
    {{"blog", 4},
     {TEST_REPORT_TITLE, sizeof TEST_REPORT_TITLE - 1},
     {"EUR"},
     120050,
     64000,
     0,
     0,
     250000},
    {{"podcast", 7}, {"Podcast", 7}, {"EUR"}, 0, 0, 1500, 4200, 0},
    {{"podcast", 7}, {"Podcast", 7}, {"JPY"}, 700, 0, 0, 0, 0}};

struct hs_report *test_report(void)
{
  static struct hs_report report;
  static struct hs_report_line lines[sizeof LINES / sizeof *LINES];
  static struct hs_report_idle idle[sizeof IDLE / sizeof *IDLE];
  static struct hs_report_path paths[sizeof PATHS / sizeof *PATHS];
  static struct hs_report_owed owed[sizeof OWED / sizeof *OWED];
  memcpy(lines, LINES, sizeof lines);
  memcpy(idle, IDLE, sizeof idle);
  memcpy(paths, PATHS, sizeof paths);
  memcpy(owed, OWED, sizeof owed);
  report = (struct hs_report){.options = {.period = {JULY_US, OCTOBER_US},
                                          .period_name = HS_STR("2026-Q3"),
                                          .look_back_us = 30 * HS_DAY_US,
                                          .level = 0.9,
                                          .headline = HS_MODEL_MARKOV,
                                          .loss_share = -1,
                                          .activity_days = 90},
                              .currency = {"EUR"},
                              .zone = hs_zone_utc(),
                              .zone_name = "UTC",
                              .made_at_us = OCTOBER_US + 9 * HS_HOUR_US,
                              .cursor = {.sequence = 77},
                              .revenue_with_path = 7500,
                              .revenue_without_path = 2500,
                              .loss_share = 0.25,
                              .is_loss_assumed = 1,
                              .claimed_ratio = 1.9,
                              .favourite_ratio = 1.25,
                              .sold_to_partners = 12345.6,
                              .line_count = sizeof LINES / sizeof *LINES,
                              .lines = lines,
                              .idle_count = sizeof IDLE / sizeof *IDLE,
                              .idle = idle,
                              .path_line_count = sizeof PATHS / sizeof *PATHS,
                              .path_lines = paths};
  report.money = (struct hs_report_money){.is_signed = 1,
                                          .as_of_us = OCTOBER_US,
                                          .period = {JULY_US, OCTOBER_US},
                                          .owed_count = sizeof OWED / sizeof *OWED,
                                          .owed = owed};
  report.analysis.stats = (struct hs_journey_stats){
      .orders_with_path = 200, .orders_without_path = 40, .orders_joined = 13};
  return &report;
}
