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

/* model,figure,value,low,high,bootstrap_low,bootstrap_high */
void hs_lifetime_csv(const struct hs_lifetime *lifetime, struct hs_buf *out);
/* A page up to the tables of the models, for more to follow, and the table of the hold-out;
   hs_page_end ends it. */
void hs_lifetime_html_begin(const struct hs_lifetime *lifetime, struct hs_str unit,
                            struct hs_buf *out);
void hs_lifetime_html_holdout(const struct hs_lifetime *lifetime, struct hs_buf *out);

/* What stands for a figure in words of people; lives for ever. */
const char *hs_lifetime_words(enum hs_buyers_model model, enum hs_lifetime_kind kind);
/* How many customers, over what time: one sentence. */
void hs_lifetime_words_head(const struct hs_lifetime *lifetime, struct hs_str unit,
                            struct hs_buf *out);

/* A sentence or paragraph, broken at the width. */
void hs_text_sentence(struct hs_buf *out, int width, int indent, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
