/* Structural breaks: the periods after which the mean of a series, or its line, is another one. Bai
   and Perron, "Computation and analysis of multiple structural change models" (Journal of Applied
   Econometrics 18, 2003) for the search, which is exact; Yao, "Estimating the number of
   change-points via Schwarz' criterion" (Statistics and Probability Letters 6, 1988) for their
   number; Bai, "Estimation of a change point in multiple regression models" (Review of Economics
   and Statistics 79, 1997) for the interval of a date. Errors are taken for uncorrelated: in a
   series with memory, breaks are found that are none. */
#ifndef HANSA_STATS_BREAKS_H
#define HANSA_STATS_BREAKS_H

#include <stddef.h>

#define HS_BREAK_COUNT_MAX ((size_t)8)

enum hs_breaks_kind {
  HS_BREAKS_MEAN, /* each regime has a mean */
  HS_BREAKS_LINE, /* each regime has a level and a slope */
};

struct hs_breaks_options {
  enum hs_breaks_kind kind;
  size_t count_max;  /* of breaks, up to HS_BREAK_COUNT_MAX */
  size_t length_min; /* of a regime: 2 or more for a mean, 3 or more for a line */
  double level;      /* of the intervals of dates, inside (0, 1) */
};

struct hs_break {
  size_t at;     /* index of the last value of the regime before it */
  ptrdiff_t low; /* interval of it, which may reach beyond the series */
  ptrdiff_t high;
  int has_interval; /* 0: the regimes are too alike at the break, or one has no variance */
  double jump;      /* from what the regime before would have been at the next value */
};

struct hs_breaks {
  size_t fitted_count;                /* numbers of breaks that fit in the series */
  double rss[HS_BREAK_COUNT_MAX + 1]; /* residual sum of squares with 0, 1, … of them */
  double bic[HS_BREAK_COUNT_MAX + 1]; /* n (log 2π + 1 + log RSS/n) + log n · parameters, with a
                                         date and a variance counted for each regime */
  size_t count;                       /* the number with the least bic */
  struct hs_break breaks[HS_BREAK_COUNT_MAX]; /* that many, in order */
};

/* How many doubles hs_breaks_find wants. */
[[nodiscard]] size_t hs_breaks_room(size_t count, const struct hs_breaks_options *options);

/* The best dates for each number of breaks by dynamic programming, O(count² · count_max); y is
   finite and has count values. 0 when not even one regime fits, and then out stands. */
[[nodiscard]] int hs_breaks_find(const double *y, size_t count,
                                 const struct hs_breaks_options *options, double *room,
                                 struct hs_breaks *out);

/* P(V ≤ x) of the place V where a two-sided Brownian motion with drift is highest (Bai 1997,
   appendix B): towards the past with variance 1 and drift −½|s|, towards the future with variance φ
   and drift −½ξ|s|. */
[[nodiscard]] double hs_breaks_argmax_cdf(double x, double xi, double phi);

#endif
