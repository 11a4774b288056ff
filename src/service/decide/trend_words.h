/* What a trend says, in sentences: the same ones as text and as a page. */
#ifndef HANSA_SERVICE_DECIDE_TREND_WORDS_H
#define HANSA_SERVICE_DECIDE_TREND_WORDS_H

#include "service/decide/trend.h"

/* What a verdict does not know or takes for granted. */
enum hs_trend_caution {
  HS_TREND_ONE_SIDE,
  HS_TREND_EFFORT_UNKNOWN,
  HS_TREND_EFFORT_CONSTANT,  /* never varied */
  HS_TREND_EFFORT_WITH_TIME, /* went along with time and little else */
  HS_TREND_EFFORT_OF_VALUE,  /* was figured from it */
  HS_TREND_EFFORT_UNPLANNED,
  HS_TREND_COMPANY_NOT_NETTED,
  HS_TREND_RECENT_BREAK, /* within the last year */
  HS_TREND_CAUTION_COUNT
};
const char *hs_trend_caution_name(enum hs_trend_caution caution);
const char *hs_trend_caution_words(enum hs_trend_caution caution);
[[nodiscard]] int hs_trend_has_caution(const struct hs_trend_answer *answer,
                                       enum hs_trend_caution caution);

/* One sentence each; nothing where there is nothing to say. */
void hs_trend_words_verdict(const struct hs_trend_answer *answer, struct hs_buf *out);
void hs_trend_words_reason(const struct hs_trend_answer *answer, struct hs_buf *out);
void hs_trend_words_side(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out);
void hs_trend_words_effort(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out);
void hs_trend_words_breaks(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out);
void hs_trend_words_curve(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out);
void hs_trend_words_stack(const struct hs_trend_answer *answer, struct hs_buf *out);
void hs_trend_words_rows(const struct hs_trend_answer *answer, struct hs_buf *out);

/* Pieces of a page and of an answer, for who puts several into one. */
void hs_trend_html_begin(const char *title, struct hs_buf *out);
void hs_trend_html_answer(const struct hs_trend_answer *answer, struct hs_buf *out);
void hs_trend_json_object(const struct hs_trend_answer *answer, struct hs_buf *out);

/* Growth of a logarithm as "+12 %". */
#define HS_TREND_PERCENT_TEXT 16
void hs_trend_percent(double growth, char out[HS_TREND_PERCENT_TEXT]);

#endif
