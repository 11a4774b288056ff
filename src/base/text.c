#include "base/text.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of wrapped prose: a line that fills the terminal looks as if it went on. */
#define WRAP_MARGIN 2
#define WRAP_ROOM_MIN 20

struct hs_str hs_str_of(const char *terminated)
{
  return (struct hs_str){terminated, terminated == NULL ? 0 : strlen(terminated)};
}

int hs_str_keep(struct hs_arena *arena, struct hs_str *text)
{
  if (text->data == NULL)
    return 1;
  const char *copy = hs_arena_copy(arena, text->data, text->length);
  if (copy != NULL)
    text->data = copy;
  return copy != NULL;
}

int hs_strs_keep(struct hs_arena *arena, struct hs_str *const *texts, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!hs_str_keep(arena, texts[i]))
      return 0;
  return 1;
}

int hs_str_equal(struct hs_str a, struct hs_str b)
{
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static int ascii_lower(int c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }

int hs_str_equal_ascii_fold(struct hs_str a, struct hs_str b)
{
  if (a.length != b.length)
    return 0;
  for (size_t i = 0; i < a.length; i++)
    if (ascii_lower(a.data[i]) != ascii_lower(b.data[i]))
      return 0;
  return 1;
}

int hs_str_compare(struct hs_str a, struct hs_str b)
{
  size_t common = a.length < b.length ? a.length : b.length;
  int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
  if (order != 0)
    return order;
  return (a.length > b.length) - (a.length < b.length);
}

int hs_str_compare_ascii_fold(struct hs_str a, struct hs_str b)
{
  size_t common = a.length < b.length ? a.length : b.length;
  for (size_t i = 0; i < common; i++) {
    int order = ascii_lower((unsigned char)a.data[i]) - ascii_lower((unsigned char)b.data[i]);
    if (order != 0)
      return order;
  }
  return (a.length > b.length) - (a.length < b.length);
}

static int is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

const char *hs_plural(uint64_t count, const char *one, const char *many)
{
  return count == 1 ? one : many;
}

/* Halves are shown as the even number beside them: 0 and 2. */
const char *hs_plural_rounded(double figure, const char *one, const char *many)
{
  return figure > 0.5 && figure < 1.5 ? one : many;
}

struct hs_str hs_str_trim(struct hs_str s)
{
  while (s.length > 0 && is_blank(s.data[0])) {
    s.data++;
    s.length--;
  }
  while (s.length > 0 && is_blank(s.data[s.length - 1]))
    s.length--;
  return s;
}

struct hs_str hs_str_cut(struct hs_str *s, char separator)
{
  struct hs_str before = *s;
  const char *at = s->length == 0 ? NULL : memchr(s->data, separator, s->length);
  if (at == NULL) {
    *s = (struct hs_str){0};
    return before;
  }
  before.length = (size_t)(at - s->data);
  s->length -= before.length + 1;
  s->data = at + 1;
  return before;
}

/* The length of the UTF-8 sequence at p (1 to 4), or 0 when it is malformed. The bounds of the
   second byte shut out overlong forms, surrogates and what lies above U+10FFFF (RFC 3629, section
   4). */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
  if (p[0] < 0x80)
    return 1;
  size_t length = p[0] >= 0xC2 && p[0] <= 0xDF   ? 2
                  : (p[0] & 0xF0) == 0xE0        ? 3
                  : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
                                                 : 0;
  if (length == 0 || length > left)
    return 0;
  unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
  unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
  if (p[1] < low || p[1] > high)
    return 0;
  for (size_t i = 2; i < length; i++)
    if ((p[i] & 0xC0) != 0x80)
      return 0;
  return length;
}

int hs_str_is_utf8(struct hs_str s)
{
  const unsigned char *p = (const unsigned char *)s.data;
  for (size_t i = 0; i < s.length;) {
    size_t length = utf8_sequence(p + i, s.length - i);
    if (length == 0)
      return 0;
    i += length;
  }
  return 1;
}

int hs_parse_u64(struct hs_str s, uint64_t *out)
{
  uint64_t value = 0;
  if (s.length == 0)
    return 0;
  for (size_t i = 0; i < s.length; i++) {
    if (s.data[i] < '0' || s.data[i] > '9')
      return 0;
    if (__builtin_mul_overflow(value, 10U, &value) ||
        __builtin_add_overflow(value, (uint64_t)(s.data[i] - '0'), &value))
      return 0;
  }
  *out = value;
  return 1;
}

int hs_parse_i64(struct hs_str s, int64_t *out)
{
  int is_negative = s.length > 0 && s.data[0] == '-';
  if (s.length > 0 && (s.data[0] == '-' || s.data[0] == '+')) {
    s.data++;
    s.length--;
  }
  uint64_t magnitude = 0;
  uint64_t limit = (uint64_t)INT64_MAX + (is_negative ? 1U : 0U);
  if (!hs_parse_u64(s, &magnitude) || magnitude > limit)
    return 0;
  *out = is_negative ? (int64_t)(0U - magnitude) : (int64_t)magnitude;
  return 1;
}

/* JSON's grammar, and a leading plus or bare dot as people write them; this shuts out hex, "nan"
 * and "inf". */
static int is_decimal(struct hs_str s)
{
  size_t i = 0;
  size_t digits = 0;
  if (i < s.length && (s.data[i] == '-' || s.data[i] == '+'))
    i++;
  for (; i < s.length && s.data[i] >= '0' && s.data[i] <= '9'; i++)
    digits++;
  if (i < s.length && s.data[i] == '.')
    for (i++; i < s.length && s.data[i] >= '0' && s.data[i] <= '9'; i++)
      digits++;
  if (digits == 0)
    return 0;
  if (i < s.length && (s.data[i] == 'e' || s.data[i] == 'E')) {
    i++;
    if (i < s.length && (s.data[i] == '-' || s.data[i] == '+'))
      i++;
    size_t first = i;
    while (i < s.length && s.data[i] >= '0' && s.data[i] <= '9')
      i++;
    if (i == first)
      return 0;
  }
  return i == s.length;
}

/* Up to 15 digits and a power of ten up to 22 are both exact doubles, so one operation rounds
   correctly (Clinger 1990); this is most of what files hold, and much faster than the library. 1
   when it applied. */
static int parse_short_decimal(struct hs_str s, double *out)
{
  static const double POWERS[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  int64_t digits = 0;
  size_t digit_count = 0;
  size_t fraction_count = 0;
  int seen_dot = 0;
  size_t i = s.length > 0 && (s.data[0] == '-' || s.data[0] == '+') ? 1 : 0;
  for (; i < s.length; i++) {
    char c = s.data[i];
    if (c == '.' && !seen_dot) {
      seen_dot = 1;
      continue;
    }
    if (c < '0' || c > '9' || ++digit_count > 15)
      return 0;
    digits = digits * 10 + (c - '0');
    fraction_count += (size_t)seen_dot;
  }
  if (digit_count == 0)
    return 0;
  double value = (double)digits / POWERS[fraction_count];
  *out = s.data[0] == '-' ? -value : value;
  return 1;
}

int hs_parse_double(struct hs_str s, double *out)
{
  if (parse_short_decimal(s, out))
    return 1;
  char copy[512];
  if (!is_decimal(s) || s.length >= sizeof copy)
    return 0;
  memcpy(copy, s.data, s.length);
  copy[s.length] = '\0';
  static locale_t c_locale;
  if (c_locale == (locale_t)0)
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  double value = strtod_l(copy, NULL, c_locale);
  if (!isfinite(value))
    return 0;
  *out = value;
  return 1;
}

void hs_format_double(double value, char out[HS_DOUBLE_TEXT])
{
  HS_ASSERT(isfinite(value));
  /* 15 digits always read back the text; 17 always read back the double. The first that does both
   * is the shortest. */
  for (int digits = 15; digits <= 17; digits++) {
    (void)snprintf(out, HS_DOUBLE_TEXT, "%.*g", digits, value);
    for (char *p = out; *p != '\0'; p++)
      if (*p == ',')
        *p = '.'; /* a locale with a decimal comma */
    double back = 0;
    if (hs_parse_double(hs_str_of(out), &back) && memcmp(&back, &value, sizeof back) == 0)
      return;
  }
}

struct hs_buf hs_buf_in(struct hs_arena *arena) { return (struct hs_buf){.arena = arena}; }

static int buf_reserve(struct hs_buf *buf, size_t more)
{
  if (buf->is_bad)
    return 0;
  if (more < buf->capacity - buf->length)
    return 1;
  size_t wanted = 0;
  if (__builtin_add_overflow(buf->length, more, &wanted) || wanted > SIZE_MAX / 4) {
    buf->is_bad = 1;
    return 0;
  }
  size_t capacity = buf->capacity == 0 ? 64 : buf->capacity;
  while (capacity <= wanted)
    capacity *= 2;
  char *larger = hs_arena_grow(buf->arena, buf->data, buf->capacity, capacity, 1);
  if (larger == NULL) {
    buf->is_bad = 1;
    return 0;
  }
  buf->data = larger;
  buf->capacity = capacity;
  return 1;
}

void hs_buf_add(struct hs_buf *buf, const char *data, size_t length)
{
  if (!buf_reserve(buf, length))
    return;
  if (length > 0)
    memcpy(buf->data + buf->length, data, length);
  buf->length += length;
  buf->data[buf->length] = '\0';
}

void hs_buf_add_text(struct hs_buf *buf, const char *terminated)
{
  hs_buf_add(buf, terminated, strlen(terminated));
}
void hs_buf_add_str(struct hs_buf *buf, struct hs_str s) { hs_buf_add(buf, s.data, s.length); }
void hs_buf_add_char(struct hs_buf *buf, char c) { hs_buf_add(buf, &c, 1); }

void hs_buf_printf(struct hs_buf *buf, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  HS_ASSERT(length >= 0);
  if (buf_reserve(buf, (size_t)length)) {
    (void)vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
    buf->length += (size_t)length;
  }
  va_end(again);
  va_end(arguments);
}

void hs_buf_add_double(struct hs_buf *buf, double value)
{
  char text[HS_DOUBLE_TEXT] = "null";
  if (isfinite(value))
    hs_format_double(value, text);
  hs_buf_add_text(buf, text);
}

/* Replaces each byte that the table gives a text for; copies the runs between them. */
static void add_replaced(struct hs_buf *buf, struct hs_str s,
                         const char *(*replacement)(unsigned char, char[8]))
{
  size_t run = 0;
  char scratch[8];
  for (size_t i = 0; i < s.length; i++) {
    const char *text = replacement((unsigned char)s.data[i], scratch);
    if (text == NULL)
      continue;
    hs_buf_add(buf, s.data + run, i - run);
    hs_buf_add_text(buf, text);
    run = i + 1;
  }
  if (s.length > run)
    hs_buf_add(buf, s.data + run, s.length - run);
}

static const char *json_replacement(unsigned char c, char scratch[8])
{
  switch (c) {
  case '"':
    return "\\\"";
  case '\\':
    return "\\\\";
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  default:
    if (c >= 0x20)
      return NULL;
    (void)snprintf(scratch, 8, "\\u%04x", c);
    return scratch;
  }
}

void hs_buf_add_json(struct hs_buf *buf, struct hs_str s)
{
  hs_buf_add_char(buf, '"');
  add_replaced(buf, s, json_replacement);
  hs_buf_add_char(buf, '"');
}

static const char *html_replacement(unsigned char c, [[maybe_unused]] char scratch[8])
{
  return c == '&'    ? "&amp;"
         : c == '<'  ? "&lt;"
         : c == '>'  ? "&gt;"
         : c == '"'  ? "&quot;"
         : c == '\'' ? "&#39;"
                     : NULL;
}

void hs_buf_add_html(struct hs_buf *buf, struct hs_str s)
{
  add_replaced(buf, s, html_replacement);
}

static size_t width_of(struct hs_str s)
{
  size_t width = 0;
  for (size_t i = 0; i < s.length; i++)
    width += ((unsigned char)s.data[i] & 0xC0) != 0x80;
  return width;
}

/* The bytes of a character at s.data[0] that a terminal would obey; 0 for any other. */
static size_t command_bytes(struct hs_str s)
{
  const unsigned char *c = (const unsigned char *)s.data;
  if (c[0] < 0x20 || c[0] == 0x7F)
    return 1;
  if (s.length >= 2 && c[0] == 0xC2 && c[1] >= 0x80 && c[1] <= 0x9F) /* C1 */
    return 2;
  if (s.length < 3 || c[0] != 0xE2)
    return 0;
  int is_embedding = c[1] == 0x80 && c[2] >= 0xAA && c[2] <= 0xAE; /* U+202A to U+202E */
  int is_isolate = c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9;   /* U+2066 to U+2069 */
  return is_embedding || is_isolate ? 3 : 0;
}

size_t hs_buf_add_shown(struct hs_buf *buf, struct hs_str s, size_t width_max)
{
  size_t total = width_of(s);
  size_t shown = total <= width_max ? total : width_max > 0 ? width_max - 1 : 0;
  size_t width = 0;
  for (size_t i = 0; i < s.length;) {
    if (((unsigned char)s.data[i] & 0xC0) != 0x80 && width++ == shown)
      break;
    size_t command = command_bytes((struct hs_str){s.data + i, s.length - i});
    hs_buf_add_char(buf, command > 0 ? ' ' : s.data[i]);
    i += command > 0 ? command : 1;
  }
  if (total > width_max && width_max > 0)
    hs_buf_add_text(buf, "…");
  return total <= width_max ? total : width_max;
}

/* The bytes of the first width characters. */
static size_t bytes_of_width(struct hs_str s, size_t width)
{
  size_t bytes = 0;
  for (size_t characters = 0; bytes < s.length; bytes++)
    if (((unsigned char)s.data[bytes] & 0xC0) != 0x80 && characters++ == width)
      break;
  return bytes;
}

static void break_line(struct hs_buf *buf, size_t indent)
{
  hs_buf_printf(buf, "\n%*s", (int)indent, "");
}

void hs_buf_add_wrapped(struct hs_buf *buf, struct hs_str text, size_t width, size_t indent)
{
  const size_t taken = indent + WRAP_MARGIN;
  const size_t room = width > taken + WRAP_ROOM_MIN ? width - taken : WRAP_ROOM_MIN;
  size_t column = 0;
  while (text.length > 0) {
    struct hs_str word = hs_str_cut(&text, ' ');
    size_t characters = width_of(word);
    if (column > 0 && column + 1 + characters > room) {
      break_line(buf, indent);
      column = 0;
    }
    if (column > 0)
      hs_buf_add_char(buf, ' ');
    column += column > 0;
    for (; characters > room; characters -= room) {
      size_t bytes = bytes_of_width(word, room);
      hs_buf_add(buf, word.data, bytes);
      break_line(buf, indent);
      word = (struct hs_str){word.data + bytes, word.length - bytes};
    }
    hs_buf_add_str(buf, word);
    column += characters;
  }
  hs_buf_add_char(buf, '\n');
}

/* The bytes at s.data[0] that are written as \xHH; 0 when they may stand. */
static size_t hidden_bytes(struct hs_str s)
{
  size_t command = command_bytes(s);
  return command > 0 ? command : utf8_sequence((const unsigned char *)s.data, s.length) == 0;
}

void hs_format_shown(struct hs_str s, const char *kept, char *out, size_t out_bytes)
{
  size_t used = 0;
  for (size_t i = 0, step = 0; i < s.length; i += step) {
    struct hs_str rest = {s.data + i, s.length - i};
    size_t hidden =
        rest.data[0] != '\0' && strchr(kept, rest.data[0]) != NULL ? 0 : hidden_bytes(rest);
    step = hidden > 0 ? hidden : utf8_sequence((const unsigned char *)rest.data, rest.length);
    if (used + (hidden > 0 ? 4 * hidden : step) >= out_bytes)
      break;
    for (size_t at = 0; at < step; at++)
      if (hidden > 0)
        used +=
            (size_t)snprintf(out + used, out_bytes - used, "\\x%02x", (unsigned char)rest.data[at]);
      else
        out[used++] = rest.data[at];
  }
  out[used] = '\0';
}

static const char *csv_replacement(unsigned char c, [[maybe_unused]] char scratch[8])
{
  return c == '"' ? "\"\"" : NULL;
}

static int csv_needs_quotes(struct hs_str s)
{
  for (size_t i = 0; i < s.length; i++)
    if (s.data[i] == ',' || s.data[i] == '"' || s.data[i] == '\n' || s.data[i] == '\r')
      return 1;
  return s.length > 0 && (s.data[0] == ' ' || s.data[s.length - 1] == ' ');
}

void hs_buf_add_csv(struct hs_buf *buf, struct hs_str s)
{
  int quoted = csv_needs_quotes(s);
  if (quoted)
    hs_buf_add_char(buf, '"');
  add_replaced(buf, s, csv_replacement);
  if (quoted)
    hs_buf_add_char(buf, '"');
}

void hs_buf_add_csv_safe(struct hs_buf *buf, struct hs_str s)
{
  double number = 0;
  if (s.length == 0 || strchr("=+-@\t\r", s.data[0]) == NULL || hs_parse_double(s, &number)) {
    hs_buf_add_csv(buf, s);
    return;
  }
  /* Always quoted: the guard must survive a reader that trims. */
  hs_buf_add_text(buf, "\"'");
  add_replaced(buf, s, csv_replacement);
  hs_buf_add_char(buf, '"');
}

void hs_buf_fail_with(struct hs_buf *buf, const struct hs_buf *part)
{
  buf->is_bad |= part->is_bad;
}

void hs_buf_clear(struct hs_buf *buf)
{
  buf->length = 0;
  if (buf->data != NULL)
    buf->data[0] = '\0';
}

struct hs_str hs_buf_str(const struct hs_buf *buf)
{
  return (struct hs_str){buf->data, buf->length};
}

enum hs_status hs_buf_status(const struct hs_buf *buf, const char *what, struct hs_err *err)
{
  return buf->is_bad ? hs_arena_full(buf->arena, what, err) : HS_OK;
}
