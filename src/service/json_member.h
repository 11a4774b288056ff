/* Members of one JSON object as they are written one after the other, commas and all. */
#ifndef HANSA_SERVICE_JSON_MEMBER_H
#define HANSA_SERVICE_JSON_MEMBER_H

#include "base/text.h"

/* The name and its colon, for a value that follows; with a comma unless it is the first. */
void hs_json_key(struct hs_buf *out, const char *name);
/* Absent text is null. */
void hs_json_text(struct hs_buf *out, const char *name, struct hs_str value);
void hs_json_flag(struct hs_buf *out, const char *name, int value);

#endif
