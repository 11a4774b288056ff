#include "service/json_member.h"

#include <inttypes.h>

#include "base/time.h"

void hs_json_key(struct hs_buf *out, const char *name)
{
  char last = out->length > 0 ? out->data[out->length - 1] : '{';
  if (last != '{' && last != '[')
    hs_buf_add_char(out, ',');
  hs_buf_add_json(out, hs_str_of(name));
  hs_buf_add_char(out, ':');
}

void hs_json_text(struct hs_buf *out, const char *name, struct hs_str value)
{
  hs_json_key(out, name);
  if (value.data == NULL)
    hs_buf_add_text(out, "null");
  else
    hs_buf_add_json(out, value);
}

void hs_json_flag(struct hs_buf *out, const char *name, int value)
{
  hs_json_key(out, name);
  hs_buf_add_text(out, value ? "true" : "false");
}

void hs_json_number(struct hs_buf *out, const char *name, double value)
{
  hs_json_key(out, name);
  hs_buf_add_double(out, value);
}

void hs_json_count(struct hs_buf *out, const char *name, uint64_t value)
{
  hs_json_key(out, name);
  hs_buf_printf(out, "%" PRIu64, value);
}

void hs_json_integer(struct hs_buf *out, const char *name, int64_t value)
{
  hs_json_key(out, name);
  hs_buf_printf(out, "%" PRId64, value);
}

void hs_json_moment(struct hs_buf *out, const char *name, int64_t at_us)
{
  char text[HS_TIME_TEXT] = "";
  if (at_us != INT64_MIN)
    hs_format_time(at_us, text);
  hs_json_text(out, name, at_us == INT64_MIN ? (struct hs_str){0} : hs_str_of(text));
}
