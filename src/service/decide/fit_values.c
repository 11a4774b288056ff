/* Values of a dimension as they are compared: what differs in writing alone is the same. */
#include <ctype.h>
#include <string.h>

#include "service/decide/fit_priv.h"

const char *hs_fit_timing(double days)
{
  if (days < 1)
    return "within a day";
  if (days < 4)
    return "1 to 3 days";
  if (days < 8)
    return "4 to 7 days";
  if (days < 15)
    return "8 to 14 days";
  return days < 31 ? "15 to 30 days" : "longer";
}

/* "https://shop.example/products?x=1#y" is "/products". */
static struct hs_str path_of(struct hs_str url)
{
  size_t at = 0;
  for (size_t i = 0; i + 2 < url.length; i++)
    if (memcmp(url.data + i, "://", 3) == 0) {
      at = i + 3;
      while (at < url.length && url.data[at] != '/' && url.data[at] != '?' && url.data[at] != '#')
        at++;
      break;
    }
  size_t end = at;
  while (end < url.length && url.data[end] != '?' && url.data[end] != '#')
    end++;
  while (end > at + 1 && url.data[end - 1] == '/')
    end--;
  return end == at ? HS_STR("/") : (struct hs_str){url.data + at, end - at};
}

/* ---- small letters ---- */

/* Unicode's simple case folding of what lies in blocks with a plain rule: Latin-1, Latin
   Extended-A, Greek without accents, Cyrillic. The C library's depends on the machine's locale. */
static uint32_t small_letter(uint32_t c)
{
  int is_latin_1 = c >= 0xC0 && c <= 0xDE && c != 0xD7;
  int is_greek = c >= 0x391 && c <= 0x3A9;
  int is_cyrillic = c >= 0x410 && c <= 0x42F;
  int is_even_pair = (c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14A && c <= 0x177);
  int is_odd_pair = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
  if (is_latin_1 || is_greek || is_cyrillic)
    return c + 0x20;
  if ((is_even_pair && c % 2 == 0) || (is_odd_pair && c % 2 == 1))
    return c + 1;
  if (c >= 0x400 && c <= 0x40F)
    return c + 0x50;
  return c == 0x3C2 ? 0x3C3 : c; /* the sigma at the end of a word */
}

/* All of those letters are two bytes long, large and small: nothing moves. */
static void make_small(char *text, size_t length)
{
  for (size_t i = 0; i < length; i++) {
    unsigned char first = (unsigned char)text[i];
    if (first < 0x80) {
      text[i] = (char)tolower(first);
    } else if (first >= 0xC3 && first <= 0xD1 && i + 1 < length) {
      uint32_t c = small_letter((first & 0x1FU) << 6 | ((unsigned char)text[i + 1] & 0x3FU));
      text[i++] = (char)(0xC0 | c >> 6);
      text[i] = (char)(0x80 | (c & 0x3FU));
    }
  }
}

/* What is too long is cut between two characters. */
static size_t cut_length(struct hs_str value)
{
  size_t length = value.length < HS_FIT_VALUE_BYTES_MAX ? value.length : HS_FIT_VALUE_BYTES_MAX;
  if (length < value.length)
    while (length > 0 && ((unsigned char)value.data[length] & 0xC0) == 0x80)
      length--;
  return length;
}

struct hs_str hs_fit_settle(struct hs_str dimension, struct hs_str value,
                            char room[HS_FIT_VALUE_BYTES_MAX])
{
  double days = 0;
  value = hs_str_trim(value);
  if (value.length == 0)
    return value;
  if (hs_str_equal_ascii_fold(dimension, HS_STR("timing")) && hs_parse_double(value, &days))
    return hs_str_of(hs_fit_timing(days));
  if (hs_str_equal_ascii_fold(dimension, HS_STR("landing_page")))
    value = path_of(value);
  size_t length = cut_length(value);
  memcpy(room, value.data, length);
  make_small(room, length);
  return (struct hs_str){room, length};
}
