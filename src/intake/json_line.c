#include "intake/json_line.h"

#include <string.h>

struct reader {
  char *begin, *at, *end;
  int allows_nesting;
  struct hs_json_fault *fault;
};

static int fail_at(struct reader *r, const char *words)
{
  *r->fault = (struct hs_json_fault){.words = words, .at = (size_t)(r->at - r->begin)};
  return 0;
}

static void skip_blanks(struct reader *r)
{
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || *r->at == '\n'))
    r->at++;
}

static int take(struct reader *r, char c)
{
  if (r->at == r->end || *r->at != c)
    return 0;
  r->at++;
  return 1;
}

static int hex_digit(char c)
{
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/* The four digits behind \u. */
static int read_hex4(struct reader *r, uint32_t *out)
{
  if (r->end - r->at < 4)
    return fail_at(r, "an escape is cut short");
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) {
    int digit = hex_digit(r->at[i]);
    if (digit < 0)
      return fail_at(r, "\\u needs four hexadecimal digits");
    value = value * 16 + (uint32_t)digit;
  }
  r->at += 4;
  *out = value;
  return 1;
}

static char *write_utf8(char *to, uint32_t point)
{
  if (point < 0x80) {
    *to++ = (char)point;
  } else if (point < 0x800) {
    *to++ = (char)(0xC0 | (point >> 6));
    *to++ = (char)(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    *to++ = (char)(0xE0 | (point >> 12));
    *to++ = (char)(0x80 | ((point >> 6) & 0x3F));
    *to++ = (char)(0x80 | (point & 0x3F));
  } else {
    *to++ = (char)(0xF0 | (point >> 18));
    *to++ = (char)(0x80 | ((point >> 12) & 0x3F));
    *to++ = (char)(0x80 | ((point >> 6) & 0x3F));
    *to++ = (char)(0x80 | (point & 0x3F));
  }
  return to;
}

/* Behind "\u". A point outside the basic plane is written as two surrogates; one alone names no
   character. The six or twelve bytes of the escape are more than the four that come out. */
static int read_unicode_escape(struct reader *r, char **to)
{
  uint32_t point = 0;
  if (!read_hex4(r, &point))
    return 0;
  if (point >= 0xDC00 && point < 0xE000)
    return fail_at(r, "half of a surrogate pair");
  if (point >= 0xD800 && point < 0xDC00) {
    uint32_t low = 0;
    if (!take(r, '\\') || !take(r, 'u'))
      return fail_at(r, "half of a surrogate pair");
    if (!read_hex4(r, &low))
      return 0;
    if (low < 0xDC00 || low >= 0xE000)
      return fail_at(r, "half of a surrogate pair");
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
  }
  *to = write_utf8(*to, point);
  return 1;
}

static int read_escape(struct reader *r, char **to)
{
  static const char NAMES[] = "\"\\/bfnrt";
  static const char MEANINGS[] = "\"\\/\b\f\n\r\t";
  if (r->at == r->end)
    return fail_at(r, "an escape is cut short");
  char c = *r->at;
  if (c == 'u') {
    r->at++;
    return read_unicode_escape(r, to);
  }
  const char *name = c == '\0' ? NULL : strchr(NAMES, c);
  if (name == NULL)
    return fail_at(r, "an escape that JSON does not have");
  *(*to)++ = MEANINGS[name - NAMES];
  r->at++;
  return 1;
}

/* The reader stands on the opening quote. */
static int read_string(struct reader *r, struct hs_str *out)
{
  r->at++;
  char *from = r->at;
  char *to = from;
  while (r->at < r->end) {
    char c = *r->at;
    if (c == '"') {
      *out = (struct hs_str){from, (size_t)(to - from)};
      r->at++;
      return 1;
    }
    if ((unsigned char)c < 0x20)
      return fail_at(r, "a control character in a string");
    r->at++;
    if (c != '\\')
      *to++ = c;
    else if (!read_escape(r, &to))
      return 0;
  }
  return fail_at(r, "a string is not closed");
}

static size_t pass_digits(struct reader *r)
{
  char *from = r->at;
  while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
    r->at++;
  return (size_t)(r->at - from);
}

static int read_number(struct reader *r, struct hs_str *out)
{
  char *from = r->at;
  (void)take(r, '-');
  if (!take(r, '0') && pass_digits(r) == 0)
    return fail_at(r, "a value that is not JSON");
  if (take(r, '.') && pass_digits(r) == 0)
    return fail_at(r, "a number without digits behind its point");
  if (take(r, 'e') || take(r, 'E')) {
    (void)(take(r, '+') || take(r, '-'));
    if (pass_digits(r) == 0)
      return fail_at(r, "a number without digits in its exponent");
  }
  *out = (struct hs_str){from, (size_t)(r->at - from)};
  return 1;
}

static int take_word(struct reader *r, struct hs_str word)
{
  if ((size_t)(r->end - r->at) < word.length || memcmp(r->at, word.data, word.length) != 0)
    return 0;
  r->at += word.length;
  return 1;
}

/* The length of the string that begins the text, with its quotes; 0 when it is not closed. */
static size_t string_extent(struct hs_str text)
{
  for (size_t i = 1; i < text.length; i++)
    if (text.data[i] == '"')
      return i + 1;
    else if (text.data[i] == '\\')
      i++;
  return 0;
}

size_t hs_json_extent(struct hs_str text)
{
  size_t depth = 0;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.data[i];
    if (c == '"') {
      size_t length = string_extent((struct hs_str){text.data + i, text.length - i});
      if (length == 0)
        return 0;
      i += length - 1;
    } else if (c == '[' || c == '{') {
      depth++;
    } else if ((c == ']' || c == '}') && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

static int read_nested(struct reader *r, struct hs_str *out)
{
  if (!r->allows_nesting)
    return fail_at(r, HS_JSON_NESTED);
  size_t length = hs_json_extent((struct hs_str){r->at, (size_t)(r->end - r->at)});
  if (length == 0)
    return fail_at(r, "a nested object or array is not closed");
  *out = (struct hs_str){r->at, length};
  r->at += length;
  return 1;
}

static int read_value(struct reader *r, struct hs_str *out)
{
  if (r->at == r->end)
    return fail_at(r, "the object is cut short");
  char *from = r->at;
  switch (*r->at) {
  case '"':
    return read_string(r, out);
  case '{':
  case '[':
    return read_nested(r, out);
  case 'n':
    *out = (struct hs_str){0};
    return take_word(r, HS_STR("null")) || fail_at(r, "a value that is not JSON");
  case 't':
  case 'f':
    if (!take_word(r, HS_STR("true")) && !take_word(r, HS_STR("false")))
      return fail_at(r, "a value that is not JSON");
    *out = (struct hs_str){from, (size_t)(r->at - from)};
    return 1;
  default:
    return read_number(r, out);
  }
}

static int read_field(struct reader *r, struct hs_json_field *field)
{
  if (r->at == r->end || *r->at != '"')
    return fail_at(r, "a name in quotes is expected");
  if (!read_string(r, &field->name))
    return 0;
  skip_blanks(r);
  if (!take(r, ':'))
    return fail_at(r, "a colon is expected");
  skip_blanks(r);
  field->is_nested = r->at < r->end && (*r->at == '{' || *r->at == '[');
  if (!read_value(r, &field->value))
    return 0;
  skip_blanks(r);
  return 1;
}

static int read_object(struct reader *r, struct hs_json_field *fields, size_t count_max,
                       size_t *count)
{
  size_t found = 0;
  skip_blanks(r);
  if (!take(r, '{'))
    return fail_at(r, "an object in braces is expected");
  skip_blanks(r);
  if (!take(r, '}')) {
    do {
      skip_blanks(r);
      if (found == count_max)
        return fail_at(r, "more fields than can be read");
      if (!read_field(r, &fields[found++]))
        return 0;
    } while (take(r, ','));
    if (!take(r, '}'))
      return fail_at(r, "a comma or a closing brace is expected");
  }
  skip_blanks(r);
  if (r->at != r->end)
    return fail_at(r, "something stands behind the object");
  *count = found;
  return 1;
}

int hs_json_line(char *line, size_t length, struct hs_json_field *fields, size_t count_max,
                 size_t *count, struct hs_json_fault *fault)
{
  struct reader r = {.begin = line, .at = line, .end = line + length, .fault = fault};
  return read_object(&r, fields, count_max, count);
}

int hs_json_line_nesting(char *line, size_t length, struct hs_json_field *fields, size_t count_max,
                         size_t *count, struct hs_json_fault *fault)
{
  struct reader r = {
      .begin = line, .at = line, .end = line + length, .allows_nesting = 1, .fault = fault};
  return read_object(&r, fields, count_max, count);
}
