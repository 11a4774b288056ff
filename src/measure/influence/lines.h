/* Before any model: what each partner does that the last click does not see, in five lines that are
   never blank. All of it is association (grade D): a direction with its sample and its interval,
   never money, and never added to what is attributed.

   line            of what                                     compared with
   first met       new customers, by whom they were first met  the weeks before
   assisted        orders in which the partner took part and   the weeks before
                   somebody else was last
   self-reported   answers to "how did you hear of us"         the weeks before
   brand search    searches by our name                        weeks in which the partner did less
   repeat rate     new customers who bought again              all other new customers

   The tests and how often they err. A line goes up or down when the 95 % interval of its ratio lies
   on one side of 1 and, over all partners, Benjamini and Hochberg's rule at 10 % still says so: of
   the ups and downs of one line at most one in ten is expected to be false. It is flat when the 90
   % interval lies within the line's margin (two one-sided tests, Schuirmann 1987): what has moved
   by the margin or more is called flat in at most 5 of 100 cases. Everything else cannot be told,
   with the reason and with the change that could have been seen (power .8).

   Shares of weeks are compared by a quasi-binomial model (McCullagh and Nelder, Generalized Linear
   Models, 1989, section 4.5): variance φ·p(1 − p)/n with φ from Pearson's residuals of the weeks,
   raised by (1 + ρ)/(1 − ρ) where weeks resemble the one before (ρ their pooled correlation,
   corrected for its bias as Marriott and Pope, Biometrika 41, 1954, do), and 1 at the least;
   Student's t with as many degrees of freedom as the weeks are worth, less 2.

   How often arrows are wrong stands in docs/calibration/lines.md: at most one in twenty where weeks
   are independent or wander; 8 and 15 in a hundred where the share wanders by half its log odds and
   keeps .5 and .8 of where it was, which 26 weeks cannot tell from a change. */
#ifndef HANSA_MEASURE_INFLUENCE_LINES_H
#define HANSA_MEASURE_INFLUENCE_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum hs_lines_kind {
  HS_LINES_FIRST_MET,
  HS_LINES_ASSISTED,
  HS_LINES_SELF_REPORTED,
  HS_LINES_BRAND_SEARCH,
  HS_LINES_REPEAT_RATE,
  HS_LINES_KIND_COUNT
};
/* Those that count something of a partner, week by week; they come first. */
#define HS_LINES_COUNTED 3

enum hs_lines_verdict { HS_LINES_UP, HS_LINES_FLAT, HS_LINES_DOWN, HS_LINES_CANNOT_TELL };
const char *hs_lines_kind_name(enum hs_lines_kind kind);          /* "first_met"; lives for ever */
const char *hs_lines_verdict_name(enum hs_lines_verdict verdict); /* "up", "cannot_tell" */

/* Why it cannot be told: the first that holds. */
enum hs_lines_gap {
  HS_LINES_NO_GAP,
  HS_LINES_NOTHING_RECORDED, /* no answers, no series, no activity: nothing to look at */
  HS_LINES_SHORT_RECORD,     /* fewer weeks than the comparison needs */
  HS_LINES_TOO_FEW,          /* fewer than HS_LINES_COUNT_MIN cases of the partner */
  HS_LINES_NO_VARIATION,     /* the partner did about the same every week */
  HS_LINES_BY_CHANCE,     /* clear by itself, but one of so many partners may look so by chance */
  HS_LINES_TOO_UNCERTAIN, /* the interval holds both a change and none */
};
const char *hs_lines_gap_name(enum hs_lines_gap gap); /* "too_few"; "" for none */

#define HS_LINES_COUNT_MIN 20 /* as the report's least number of orders */
#define HS_LINES_WEEKS_MIN 4  /* on each side of a comparison */
#define HS_LINES_SEARCH_WEEKS_MIN 20
/* What is still called flat: within so many times more or less. */
#define HS_LINES_MARGIN 1.25
/* Of brand searches, for a week with twice the activity. */
#define HS_LINES_SEARCH_MARGIN 1.05
#define HS_LINES_LEVEL .95
#define HS_LINES_FALSE_SHARE .10

/* One line of one partner. NaN is "there is none". */
struct hs_lines_line {
  enum hs_lines_verdict verdict;
  enum hs_lines_gap gap;
  uint64_t count, of; /* the sample: cases of the partner, of all; for brand search weeks */
  double share;       /* count/of, with its interval at HS_LINES_LEVEL */
  double low, high;
  double ratio; /* of the share now to what it is compared with; for brand search the
                   factor of a week with twice the activity */
  double ratio_low, ratio_high; /* at HS_LINES_LEVEL */
  double p, p_adjusted;         /* of "nothing changed", alone and among all partners */
  double detectable;            /* the least ratio above 1 that would have been seen, power .8 */
};

/* ---- single comparisons ---- */

/* The ratio of two shares with its spread on the log scale. */
struct hs_lines_ratio {
  double ratio;
  double sd;         /* of log ratio */
  double df;         /* of Student's t; infinity for the normal */
  double dispersion; /* φ with its autocorrelation, 1 or more */
};

/* Shares of weeks: hits of all, count weeks on each side (2 or more). Weeks without cases are left
   out. Half a case is added on each side, so that none seen is not never. */
struct hs_lines_ratio hs_lines_compare_weeks(const double *hits_before, const double *all_before,
                                             const double *hits_after, const double *all_after,
                                             size_t count);
/* Shares of two groups of persons, each counted once: ours of our_count against theirs. */
struct hs_lines_ratio hs_lines_compare_groups(uint64_t hits, uint64_t of, uint64_t other_hits,
                                              uint64_t other_of);
/* How searches move with activity, week by week: the factor for a week with twice the activity, in
   that week and the one behind it. Least squares of log(searches), less log(control) where control
   is not NULL, on log2(1 + activity) and its week before, each as it stands out from the five weeks
   around it, so that levels, trends and slow seasons do not count. Standard errors are those of
   Newey and West (Econometrica 55, 1987) with two lags, or the plain ones where those are larger,
   with a fifth of the weeks taken off for the means. What both follow from week to week, as a
   holiday, is told from an effect by a control alone. room has 4·count doubles. 0 when the activity
   does not vary. */
[[nodiscard]] int hs_lines_compare_searches(const double *searches, const double *control,
                                            const double *activity, size_t count, double *room,
                                            struct hs_lines_ratio *out);

/* Wilson's interval (JASA 22, 1927) at HS_LINES_LEVEL of a share whose sample tells as much as
   of/dispersion independent cases. NaN where of is 0. */
void hs_lines_share_interval(uint64_t count, uint64_t of, double dispersion, double *low,
                             double *high);

/* ---- all lines ---- */

/* Rows are partners, columns are weeks, oldest first: cell [partner · week_count + week]. */
struct hs_lines_input {
  size_t partner_count;
  size_t week_count;
  size_t window_weeks; /* the last so many weeks are compared with those before them; 0 when the
                          record is too short */
  /* counted lines: cases by partner, and of all, by week */
  int is_short[HS_LINES_COUNTED]; /* the record does not reach back far enough for this line */
  const double *hits[HS_LINES_COUNTED];
  const double *all[HS_LINES_COUNTED];
  /* the same over the period: partner_count and one each */
  const uint64_t *counts[HS_LINES_COUNTED];
  uint64_t of[HS_LINES_COUNTED];
  const double *searches;           /* week_count; NULL where no such series is there */
  const double *control;            /* week_count; NULL without one */
  size_t search_from, search_until; /* the weeks that both cover */
  const double *activity;           /* partner · week */
  /* new customers whose time for a second order is over */
  const uint64_t *brought, *returned; /* partner_count */
  uint64_t all_brought, all_returned;
  /* revenue by last click: partner · week, and how many orders it is of, partner_count */
  const double *tracked;
  const uint64_t *tracked_orders;
  size_t rank_from; /* ranks look at weeks from here on */
  uint64_t seed;    /* streams 0 … HS_LINES_DRAWS − 1 are read */
};

/* The lines of all partners: lines has partner_count × HS_LINES_KIND_COUNT cells, partner by
   partner. HS_NOMEM when the arena is full. */
[[nodiscard]] enum hs_status hs_lines_fill(struct hs_arena *arena,
                                           const struct hs_lines_input *input,
                                           struct hs_lines_line *lines, struct hs_err *err);

/* ---- ranks ---- */

#define HS_LINES_DRAWS 1000

/* Where a partner stands by its counted lines and where by tracked revenue. By lines: the mean of
   its shares among partners over the lines that can see it. Who has fewer than HS_LINES_COUNT_MIN
   customers met and orders assisted, as a podcast without a link, is seen by the survey alone. Both
   are drawn towards the common mean by how little they rest on (stats/shrink), so that a lucky
   small partner does not lead. Intervals: Bayesian bootstrap over weeks. */
struct hs_lines_place {
  int is_ranked; /* at least HS_LINES_COUNT_MIN cases in a counted line, or as many tracked orders
                  */
  double line_share, tracked_share; /* among partners */
  uint32_t line_rank, tracked_rank; /* from 1; 0 when not ranked */
  int32_t gap, gap_low, gap_high;   /* tracked_rank − line_rank, with its interval at 90 % */
  double above;                     /* share of draws with line_share above tracked_share */
  int is_undervalued;               /* far higher here: see hs_lines_rank */
};
/* ranks has partner_count cells. A partner is undervalued by the last click when it stands higher
   by a fifth of the ranked partners or more (two places at the least), higher by one in 95 of 100
   draws, and its share is larger here in as many. Fewer than four weeks or two ranked partners:
   nobody is. */
[[nodiscard]] enum hs_status hs_lines_rank(struct hs_arena *arena,
                                           const struct hs_lines_input *input,
                                           struct hs_lines_place *ranks, struct hs_err *err);

#endif
