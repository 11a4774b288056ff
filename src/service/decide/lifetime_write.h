/* A lifetime as JSON and as text, wherever its customers came from. */
#ifndef HANSA_SERVICE_DECIDE_LIFETIME_WRITE_H
#define HANSA_SERVICE_DECIDE_LIFETIME_WRITE_H

#include "base/text.h"
#include "measure/value/lifetime.h"

/* Members of an object, without its braces: customers, models, spend, correlation, value. */
void hs_lifetime_json(const struct hs_lifetime *lifetime, struct hs_buf *out);
/* The hold-out as an object, or null. */
void hs_lifetime_json_holdout(const struct hs_lifetime *lifetime, struct hs_buf *out);
/* unit is that of time, such as "weeks"; absent when nobody said it. */
void hs_lifetime_text(const struct hs_lifetime *lifetime, struct hs_str unit, int width,
                      struct hs_buf *out);
void hs_lifetime_text_holdout(const struct hs_lifetime *lifetime, int width, struct hs_buf *out);

/* A sentence or paragraph, broken at the width. */
void hs_text_sentence(struct hs_buf *out, int width, int indent, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
