/* Words and figures that every form of the report has in common. */
#ifndef HANSA_SERVICE_BELIEVE_REPORT_WORDS_H
#define HANSA_SERVICE_BELIEVE_REPORT_WORDS_H

#include "service/believe/report.h"

#define HS_FIGURE_TEXT 48
#define HS_FIGURE_RANGE_TEXT (2 * HS_FIGURE_TEXT + 8)

/* "12,346" or, when digits > 0, "12,345.68"; "–" for NaN. */
void hs_figure(double value, int digits, char out[HS_FIGURE_TEXT]);
/* Of any size: every whole digit, and four in all where there are fewer: "1,823,450", "12.35",
   "0.0312". */
void hs_figure_of_any_size(double value, char out[HS_FIGURE_TEXT]);
/* "12.35 [3, 22.1]"; without an interval where low is NaN; "–" where there is no figure. */
#define HS_FIGURE_INTERVAL_TEXT (3 * HS_FIGURE_TEXT + 8)
void hs_figure_interval(double figure, double low, double high, char out[HS_FIGURE_INTERVAL_TEXT]);
/* Attributed orders, which are parts of orders: with a digit below 10. */
void hs_figure_orders(double orders, char out[HS_FIGURE_TEXT]);
/* Whole currency units. */
void hs_figure_range(double low, double high, char out[HS_FIGURE_RANGE_TEXT]);
/* "34 %", with a digit below 10. */
void hs_figure_share(double share, char out[HS_FIGURE_TEXT]);
/* A model as people call it: "last touch", "Markov chain". */
const char *hs_model_title(enum hs_model_kind kind);

/* Nothing but imported paths: then there is no period, and no section on touchpoints. */
[[nodiscard]] int hs_report_has_only_paths(const struct hs_report *report);

/* Whether the partner's line stands in the tables: it took part in an order, or touched somebody.
   Who did neither stands in the section on activity, if anywhere. */
[[nodiscard]] int hs_report_is_seen(const struct hs_report_line *line);

/* The sentences, each appended as one line of plain text without its line break. */
void hs_words_period(const struct hs_report *report, struct hs_buf *out);
void hs_words_claims(const struct hs_report *report, struct hs_buf *out);
void hs_words_favourites(const struct hs_report *report, struct hs_buf *out);
void hs_words_untracked(const struct hs_report *report, struct hs_buf *out);
void hs_words_loss(const struct hs_report *report, struct hs_buf *out);
void hs_words_joined(const struct hs_report *report, struct hs_buf *out);
void hs_words_idle(const struct hs_report *report, const struct hs_report_idle *idle,
                   struct hs_buf *out);
void hs_words_left_out(const struct hs_report *report,
                       struct hs_buf *out); /* nothing when nothing was */
void hs_words_source(const struct hs_report *report, struct hs_buf *out);
/* What the intervals do and do not cover. */
void hs_words_limits(const struct hs_report *report, struct hs_buf *out);

#endif
