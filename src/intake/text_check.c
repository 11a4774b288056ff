#include "intake/text_check.h"

#include <string.h>

/* Eight bytes at a time: 0 only when all of them are printable ASCII. A borrow out of a byte below
   0x20 may also mark its neighbour, but never hides one. */
static uint64_t unusual_bytes(const char *p)
{
  uint64_t eight = 0;
  memcpy(&eight, p, sizeof eight);
  const uint64_t ones = UINT64_C(0x0101010101010101);
  return (eight | (eight - 0x20 * ones) | (eight + ones)) & (0x80 * ones);
}

static int is_printable_ascii(struct hs_str s)
{
  size_t i = 0;
  for (; i + 8 <= s.length; i += 8)
    if (unusual_bytes(s.data + i) != 0)
      return 0;
  for (; i < s.length; i++)
    if ((unsigned char)(s.data[i] - 0x20) >= 0x7F - 0x20)
      return 0;
  return 1;
}

/* C0, DEL and C1 (U+0080 to U+009F, which UTF-8 writes as C2 80 to C2 9F). */
static int has_control(struct hs_str s)
{
  for (size_t i = 0; i < s.length; i++) {
    unsigned char c = (unsigned char)s.data[i];
    if (c < 0x20 || c == 0x7F)
      return 1;
    if (c == 0xC2 && i + 1 < s.length && (unsigned char)s.data[i + 1] < 0xA0)
      return 1;
  }
  return 0;
}

const char *hs_text_problem(struct hs_str text)
{
  if (is_printable_ascii(text))
    return NULL;
  if (!hs_str_is_utf8(text))
    return "is not valid UTF-8";
  return has_control(text) ? "has a control character" : NULL;
}
