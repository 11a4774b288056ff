/* What the pages of statements have in common: one file that needs nothing else, for the screen and
   for paper. */
#ifndef HANSA_SERVICE_JOINT_STATEMENT_PAGE_H
#define HANSA_SERVICE_JOINT_STATEMENT_PAGE_H

#include "base/money.h"

/* Up to the heading, which is the title. */
void hs_page_begin(struct hs_str title, struct hs_buf *out);
void hs_page_end(struct hs_buf *out);
/* Text from data, without marks that turn the direction of what follows. */
void hs_page_text(struct hs_str text, struct hs_buf *out);
/* The words between the two tags; nothing when there are none. Takes over a failure of words. */
void hs_page_words(const struct hs_buf *words, const char *open, const char *close,
                   struct hs_buf *out);
void hs_page_cell(struct hs_str text, struct hs_buf *out);
/* A cell of a figure: "12,500.00". */
void hs_page_amount(struct hs_currency currency, int64_t amount_minor, struct hs_buf *out);

/* "12,500.00" without the currency. */
#define HS_AMOUNT_TEXT 40
void hs_amount_format(struct hs_currency currency, int64_t amount_minor, char out[HS_AMOUNT_TEXT]);

#endif
