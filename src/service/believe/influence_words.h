/* Sentences and figures that the text and the page of an influence have in common. */
#ifndef HANSA_SERVICE_BELIEVE_INFLUENCE_WORDS_H
#define HANSA_SERVICE_BELIEVE_INFLUENCE_WORDS_H

#include "service/believe/influence.h"
#include "service/believe/report_words.h"

/* As many digits behind the point as the interval bears: its deviation with three figures. */
[[nodiscard]] int hs_influence_digits(const struct hs_influence_estimate *estimate);
/* "9.81 to 11.22", or "–". */
void hs_influence_range(double low, double high, int digits, char out[HS_FIGURE_RANGE_TEXT]);
/* "+9.9 %", and "+9.1 % to +10.6 %" or "–", of a relative estimate. */
void hs_influence_share(const struct hs_influence_estimate *relative, char out[HS_FIGURE_TEXT]);
void hs_influence_share_range(const struct hs_influence_estimate *relative,
                              char out[HS_FIGURE_RANGE_TEXT]);

/* Each appends one paragraph of plain text without its line break, or nothing when there is nothing
   to say. */
void hs_influence_words_question(const struct hs_influence_answer *answer, struct hs_buf *out);
void hs_influence_words_verdict(const struct hs_influence_answer *answer, struct hs_buf *out);
void hs_influence_words_grade(const struct hs_influence_answer *answer, struct hs_buf *out);
void hs_influence_words_contaminated(const struct hs_influence_answer *answer, struct hs_buf *out);
void hs_influence_words_placebos(const struct hs_influence_answer *answer, struct hs_buf *out);
void hs_influence_words_rows(const struct hs_influence_answer *answer, struct hs_buf *out);
void hs_influence_words_method(const struct hs_influence_answer *answer, struct hs_buf *out);
/* What of a control is not in its figures, such as that it was left out. */
void hs_influence_words_control(const struct hs_influence_control *control, struct hs_buf *out);

#endif
