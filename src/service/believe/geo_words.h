/* Each sentence about a result over regions stands here once, for the terminal and for the page. A
   sentence that has nothing to say leaves the buffer as it is. */
#ifndef HANSA_SERVICE_BELIEVE_GEO_WORDS_H
#define HANSA_SERVICE_BELIEVE_GEO_WORDS_H

#include "service/believe/geo.h"

typedef void (*hs_geo_words_fn)(const struct hs_geo_answer *answer, struct hs_buf *out);

/* "synthetic control with unit fixed effects"; lives for ever. */
const char *hs_geo_method_title(const struct hs_geo_answer *answer);
/* "chicago, portland", or how many there are beyond the first few. */
void hs_geo_words_treated(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_window(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_verdict(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_test(const struct hs_geo_answer *answer, struct hs_buf *out);
/* How little of a drift would overturn the verdict. */
void hs_geo_words_overturn(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_grade(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_fit(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_plain(const struct hs_geo_answer *answer, struct hs_buf *out);
/* What the method's authors give beside the test. */
void hs_geo_words_method(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_placebos(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_contaminated(const struct hs_geo_answer *answer, struct hs_buf *out);
void hs_geo_words_return(const struct hs_geo_answer *answer, struct hs_buf *out);

/* A figure with as many decimals as a value of that size needs for four digits. */
#define HS_GEO_FIGURE_TEXT 48
void hs_geo_figure(double value, double size, char out[HS_GEO_FIGURE_TEXT]);
/* "-16.4 to 282.1", or "no interval". */
#define HS_GEO_RANGE_TEXT (2 * HS_GEO_FIGURE_TEXT + 8)
void hs_geo_range(double low, double high, double size, char out[HS_GEO_RANGE_TEXT]);

/* The donors that carry weight, heaviest first, as indices into order (donor_count entries). Gives
   how many. */
size_t hs_geo_by_weight(const struct hs_geo_result *result, size_t *order);

#endif
