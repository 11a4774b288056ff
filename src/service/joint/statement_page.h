/* What the pages of statements have in common beyond service/page: their style and their amounts.
 */
#ifndef HANSA_SERVICE_JOINT_STATEMENT_PAGE_H
#define HANSA_SERVICE_JOINT_STATEMENT_PAGE_H

#include "base/money.h"
#include "service/page.h"

/* Up to the heading, which is the title. */
void hs_page_begin(struct hs_str title, struct hs_buf *out);
/* A cell of a figure: "12,500.00". */
void hs_page_amount(struct hs_currency currency, int64_t amount_minor, struct hs_buf *out);

/* "12,500.00" without the currency. */
#define HS_AMOUNT_TEXT 40
void hs_amount_format(struct hs_currency currency, int64_t amount_minor, char out[HS_AMOUNT_TEXT]);

#endif
