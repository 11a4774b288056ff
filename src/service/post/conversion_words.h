/* How an order came into the currency of an agreement's terms: as evidence, and in words. */
#ifndef HANSA_SERVICE_POST_CONVERSION_WORDS_H
#define HANSA_SERVICE_POST_CONVERSION_WORDS_H

#include <jansson.h>

#include "service/post/rates.h"

/* The evidence: both fractions, and each rate with its day, direction and source. */
void hs_conversion_json(const struct hs_conversion *exchange, struct hs_buf *out);
/* One line for the exchange and one for each rate behind it, every one behind indent. */
void hs_conversion_say(const struct hs_conversion *exchange, const char *indent,
                       struct hs_buf *out);
/* The same of what hs_conversion_json wrote; nothing for NULL. */
void hs_conversion_say_evidence(const json_t *exchange, const char *indent, struct hs_buf *out);

#endif
