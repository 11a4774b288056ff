/* The trackable view of a period, for people, and beside it what is owed: revenue with a path
   behind it by partner, with every uncertainty beside it and none merged; what could be claimed
   against what was sold; what is not tracked; who has too little data; activity without sales yet.
   One structure, written as text, JSON, CSV or HTML by report_*.c. What is owed is another
   question, answered by the ledger (report_money.h), and what lies beyond the click is another view
   (lines.h, honesty.h): no figure of one is added to one of another. */
#ifndef HANSA_SERVICE_BELIEVE_REPORT_H
#define HANSA_SERVICE_BELIEVE_REPORT_H

#include "service/believe/analysis.h"
#include "service/believe/honesty.h"
#include "service/believe/lines.h"
#include "service/believe/report_money.h"

struct hs_report_options {
  struct hs_period period;
  struct hs_str period_name; /* as the person gave it: "2026-Q3" */
  int64_t look_back_us;
  double level;                /* of the intervals, such as 0.9 */
  enum hs_model_kind headline; /* the model whose figures stand in front */
  double loss_share; /* the share of touchpoints taken to be unseen, [0, 1); negative: the share of
                        revenue without a path stands in for it */
  struct hs_period owed;  /* what was paid in it, and what is owed at its end */
  hs_catch_up_fn posting; /* told of the ledger's catching up, with its context; may be NULL */
  void *posting_context;
  /* told before each partner is tested, with its context; may be NULL */
  void (*testing)(void *context, struct hs_str partner, size_t done, size_t count);
  void *testing_context;
  int32_t activity_days;       /* activity without an order for this long is named; usually 90 */
  const atomic_int *interrupt; /* as in hs_analysis_options */
};

/* One partner, or one channel of our own. Money is in the report's currency unit. NaN is "there is
 * none". */
struct hs_report_line {
  struct hs_str name;
  struct hs_str title; /* for people; the name where the book has none */
  int is_partner;
  int is_insufficient; /* fewer than HS_CONVERTING_MIN orders: an interval, the word, and no rank */
  uint32_t rank;       /* from 1 among partners with enough data; 0 for none */
  /* the headline model, with the sampling interval */
  double revenue, revenue_low, revenue_high, orders, share;
  double converting_journeys;
  /* model choice: the range over the set, and who gives it */
  double model_low, model_high;
  enum hs_model_kind model_low_kind, model_high_kind;
  /* tracking loss: bounds if the stated share of touchpoints was not seen */
  double loss_low, loss_high;
  /* identity: orders whose path rests on joined persons */
  uint64_t orders_joined;
  /* claims: every order it touched; what its own favourite model would give it */
  double claim_revenue;
  uint64_t claim_orders;
  double favourite_revenue;
  enum hs_model_kind favourite_kind;
  /* what it did and cost in the period */
  uint64_t touches, persons, leads, impressions, subscribers, reach;
  int64_t cost_minor;          /* in the programme's currency */
  int has_other_currency_cost; /* which is in no sum */
  double hours;
};

/* A partner with activity and no order for activity_days up to the period's end. */
struct hs_report_idle {
  struct hs_str name, title;
  uint64_t impressions, subscribers, reach;
  int64_t cost_minor; /* over those days */
  int has_other_currency_cost;
  double hours;
  int64_t last_order_us; /* INT64_MIN: none in the time that was looked at */
};

/* One channel of the imported paths, by conversions. */
struct hs_report_path {
  struct hs_str channel;
  double conversions, low, high; /* under the headline model */
  double model_low, model_high;  /* the range over the set */
  double value;
  int is_insufficient;
};

struct hs_report {
  struct hs_report_options options;
  struct hs_currency currency;
  char zone_name[64];
  const struct hs_zone *zone;
  int64_t made_at_us;
  struct hs_cursor cursor; /* what the trail held: the way back to the events */
  struct hs_analysis analysis;
  /* totals in the currency's unit */
  double revenue_with_path, revenue_without_path;
  double loss_share;       /* that the bounds use */
  int is_loss_assumed;     /* it was not given */
  double claimed_ratio;    /* all partners' claims over what was sold to paths with a partner; NaN
                              without sales */
  double favourite_ratio;  /* the same when everyone claims what its favourite model gives it */
  double sold_to_partners; /* revenue of orders that at least one partner touched */
  size_t line_count;       /* partners by revenue, then our own channels by revenue */
  struct hs_report_line *lines;
  size_t idle_count;
  struct hs_report_idle *idle;
  uint64_t conflict_count;               /* events that contradict earlier ones */
  struct hs_stray_refunds stray_refunds; /* of the period */
  /* the same view of paths that were imported as a table; path_count of its sample is 0 when there
   * are none */
  struct hs_analysis paths;
  size_t path_line_count; /* most conversions first */
  struct hs_report_path *path_lines;
  struct hs_report_money money;
  struct hs_lines_view beyond; /* the other view: an indication without money in it */
  /* Where the two meet: in orders, over the whole record and not the period alone. */
  struct hs_partners meeting;
};

/* The usual options over the whole record, from the first day that an order, a touch, an activity
   or a cost is dated by to the last, today at most for costs; the last 90 days when there is none.
 */
[[nodiscard]] enum hs_status hs_report_usual(struct hs_programme *programme,
                                             struct hs_report_options *out, struct hs_err *err);
/* Computes everything. Points into itself: do not copy it. */
[[nodiscard]] enum hs_status hs_report_make(struct hs_programme *programme,
                                            const struct hs_report_options *options,
                                            struct hs_report *out, struct hs_err *err);
void hs_report_release(struct hs_report *report);

struct hs_report_style {
  int width;      /* columns of the terminal */
  int has_colour; /* ANSI colours */
};
void hs_report_text(const struct hs_report *report, const struct hs_report_style *style,
                    struct hs_buf *out);
void hs_report_json(const struct hs_report *report, struct hs_buf *out);
void hs_report_csv(const struct hs_report *report, struct hs_buf *out);
/* One self-contained page: no script, no request to anywhere, charts as SVG, fit to print. */
void hs_report_html(const struct hs_report *report, struct hs_buf *out);

#endif
