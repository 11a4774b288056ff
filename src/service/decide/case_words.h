/* What every form of the case says in words. Each appends one line of plain text without its line
   break. */
#ifndef HANSA_SERVICE_DECIDE_CASE_WORDS_H
#define HANSA_SERVICE_DECIDE_CASE_WORDS_H

#include "service/decide/case.h"

/* Where a figure comes from and how it was made, of the whole page. */
void hs_capital_words_source(const struct hs_capital_case *case_, struct hs_buf *out);
/* What is known for certain: cost, tracked customers, how many shares were measured. */
void hs_capital_words_record(const struct hs_capital_case *case_, struct hs_buf *out);
/* The verdict of a line, with the figures that it rests on. */
void hs_capital_words_line(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                           struct hs_buf *out);
/* Of a line that does not pay by what is tracked: how many times as many customers it would take.
   HS_CAPITAL_WORDS_NEEDS stands above such lines. */
void hs_capital_words_needs(const struct hs_capital_line *line, struct hs_buf *out);
#define HS_CAPITAL_WORDS_NEEDS                                                                     \
  "These do not pay by what is tracked, were every customer caused by them: so many times as "     \
  "many "                                                                                          \
  "would be needed. Customers that no path shows could change that."
/* An item of the plan: what it is, its figures and who says so. */
void hs_capital_words_item(const struct hs_capital_case *case_, enum hs_plan_item item,
                           struct hs_buf *out);
/* What an incremental share rests on: its evidence, or somebody's word; nothing without a share. */
void hs_capital_words_evidence(const struct hs_capital_line *line, struct hs_buf *out);
/* What the page does not know. */
void hs_capital_words_limits(const struct hs_capital_case *case_, struct hs_buf *out);
/* Whether the line's figures rest on the record and on what was measured alone. */
[[nodiscard]] int hs_capital_is_defensible(const struct hs_capital_line *line);
/* Where a partner stands on the page. */
enum hs_capital_place {
  HS_CAPITAL_AT_IDLE,     /* a cost centre */
  HS_CAPITAL_AT_MEASURED, /* defensible */
  HS_CAPITAL_AT_NEEDS,    /* defensible: does not pay by what is tracked */
  HS_CAPITAL_AT_CONTEXT,
};
[[nodiscard]] enum hs_capital_place hs_capital_place_of(const struct hs_capital_line *line);

/* "1,234", with more digits below 100; "–" for none, "without end" for infinity. */
#define HS_CAPITAL_FIGURE 64
void hs_capital_figure(double value, char out[HS_CAPITAL_FIGURE]);
/* "1,234 [1,000 to 1,500]" */
#define HS_CAPITAL_INTERVAL (3 * HS_CAPITAL_FIGURE + 8)
void hs_capital_interval(const struct hs_estimate *estimate, char out[HS_CAPITAL_INTERVAL]);

#endif
