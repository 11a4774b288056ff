/* Words and figures that every form of the first portfolio page has in common. */
#ifndef HANSA_SERVICE_START_START_WORDS_H
#define HANSA_SERVICE_START_START_WORDS_H

#include "service/believe/report_words.h"
#include "service/start/start.h"

/* "1,250.00" without the currency. */
void hs_start_figure(const struct hs_start *start, int64_t amount_minor, char out[HS_MONEY_TEXT]);
/* "14 of 123, 7–17 %", or "1 of 2" when the sample is too small for a share. */
void hs_start_figure_share(const struct hs_start_share *share, char out[HS_FIGURE_RANGE_TEXT]);
/* "28–34 of 123", or "– of 2". */
void hs_start_figure_days(const struct hs_start_mean *mean, char out[HS_FIGURE_RANGE_TEXT]);
/* Commissions less reversals. */
int64_t hs_start_net(const struct hs_start_sums *sums);

/* The sentences, each appended as one line of plain text without its line break; nothing where
   there is nothing to say. */
void hs_start_words_source(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_left_out(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_totals(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_reversal(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_approval(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_pending(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_concentration(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_shared(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_trend(const struct hs_start *start, struct hs_buf *out);
void hs_start_words_dormant(const struct hs_start *start, const struct hs_start_partner *partner,
                            struct hs_buf *out);
/* What the columns mean. */
void hs_start_words_columns(const struct hs_start *start, struct hs_buf *out);

#endif
