/* What every form of the case says in words. Each appends one line of plain text without its line
   break. */
#ifndef HANSA_SERVICE_DECIDE_CASE_WORDS_H
#define HANSA_SERVICE_DECIDE_CASE_WORDS_H

#include "service/decide/case.h"

/* Where a figure comes from and how it was made, of the whole page. */
void hs_capital_words_source(const struct hs_capital_case *case_, struct hs_buf *out);
/* What is known for certain: cost, tracked customers, how many shares were measured. */
void hs_capital_words_record(const struct hs_capital_case *case_, struct hs_buf *out);
/* "this audience would cost N times as much through paid channels", or why nobody can say. */
void hs_capital_words_times(const struct hs_capital_case *case_, const struct hs_choice *choice,
                            struct hs_buf *out);
/* Partners against paid channels, and against building it; with what would flip it. */
void hs_capital_words_paid(const struct hs_capital_case *case_, const struct hs_choice *choice,
                           struct hs_buf *out);
void hs_capital_words_build(const struct hs_capital_case *case_, const struct hs_choice *choice,
                            struct hs_buf *out);
/* The verdict of a line, with the figures that it rests on. */
void hs_capital_words_line(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                           struct hs_buf *out);
/* An item of the plan: what it is, its figures and who says so. */
void hs_capital_words_item(const struct hs_capital_case *case_, enum hs_plan_item item,
                           struct hs_buf *out);
/* What the page does not know. */
void hs_capital_words_limits(const struct hs_capital_case *case_, struct hs_buf *out);
/* Whether the line's figures rest on the record and on what was measured alone. */
[[nodiscard]] int hs_capital_is_defensible(const struct hs_capital_line *line);

/* "1,234", with more digits below 100; "–" for none, "no end" for infinity. */
#define HS_CAPITAL_FIGURE 64
void hs_capital_figure(double value, char out[HS_CAPITAL_FIGURE]);

#endif
