/* Members of one JSON object as they are written one after the other, commas and all. */
#ifndef HANSA_SERVICE_JSON_MEMBER_H
#define HANSA_SERVICE_JSON_MEMBER_H

#include <stdint.h>

#include "base/text.h"

/* The name and its colon, for a value that follows; with a comma unless it is the first. */
void hs_json_key(struct hs_buf *out, const char *name);
/* Absent text is null. */
void hs_json_text(struct hs_buf *out, const char *name, struct hs_str value);
void hs_json_flag(struct hs_buf *out, const char *name, int value);
/* The shortest text that reads back as the same number; what is not finite is null. */
void hs_json_number(struct hs_buf *out, const char *name, double value);
void hs_json_count(struct hs_buf *out, const char *name, uint64_t value);
/* What may be below zero, such as an amount in minor units. */
void hs_json_integer(struct hs_buf *out, const char *name, int64_t value);
/* As RFC 3339 in UTC; INT64_MIN, which is no moment, is null. */
void hs_json_moment(struct hs_buf *out, const char *name, int64_t at_us);

#endif
