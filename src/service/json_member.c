#include "service/json_member.h"

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
