/* Terms and agreements in sentences. */
#ifndef HANSA_SERVICE_AGREED_AGREEMENT_WORDS_H
#define HANSA_SERVICE_AGREED_AGREEMENT_WORDS_H

#include "service/agreed/agreement_file.h"

/* "1,250.00 EUR" */
void hs_money_say(const struct hs_terms *terms, int64_t amount_minor, struct hs_buf *out);
/* "12.5 %" of 0.125; a rate of at most 1. */
void hs_percentage_say(struct hs_decimal rate, struct hs_buf *out);
/* "12.5 %" or "5.00 EUR" */
void hs_rate_say(const struct hs_terms *terms, const struct hs_rate *rate, struct hs_buf *out);
/* "12 % of what was paid for an order of new customers; at most 5,000.00 EUR a month" */
void hs_rule_say(const struct hs_terms *terms, const struct hs_rule *rule, struct hs_buf *out);
/* The whole: who, what for, what is paid, who owns it. */
void hs_agreement_say(const struct hs_agreement_file *file, struct hs_buf *out);

#endif
