#include "service/pay/payout_text.h"

#include <string.h>

/* ---- the table ---- */

/* clang-format off */
/* Marks that are not in the set, in order for the binary search. */
static const struct {
  uint32_t code_point;
  char text[5];
} MARKS[] = {
    {0x09, " "}, {0x0a, " "}, {0x0d, " "}, {0x22, "'"}, {0x26, "+"}, {0x3b, ","}, {0x3c, "("},
    {0x3e, ")"}, {0x40, "(at)"}, {0x5b, "("}, {0x5c, "/"}, {0x5d, ")"}, {0x5f, "-"}, {0x60, "'"},
    {0x7b, "("}, {0x7c, "/"}, {0x7d, ")"}, {0x7e, "-"}, {0xa0, " "}, {0xa2, "c"}, {0xa3, "GBP"},
    {0xa5, "JPY"}, {0xa6, "/"}, {0xa9, "(c)"}, {0xaa, "a"}, {0xab, "'"}, {0xad, ""},
    {0xae, "(r)"}, {0xb2, "2"}, {0xb3, "3"}, {0xb4, "'"}, {0xb9, "1"}, {0xba, "o"}, {0xbb, "'"},
    {0xbc, "1/4"}, {0xbd, "1/2"}, {0xbe, "3/4"}, {0xbf, "?"}, {0x2009, " "}, {0x200b, ""},
    {0x200c, ""}, {0x200d, ""}, {0x2010, "-"}, {0x2011, "-"}, {0x2012, "-"}, {0x2013, "-"},
    {0x2014, "-"}, {0x2018, "'"}, {0x2019, "'"}, {0x201a, "'"}, {0x201c, "'"}, {0x201d, "'"},
    {0x201e, "'"}, {0x2026, "..."}, {0x202f, " "}, {0x2039, "'"}, {0x203a, "'"}, {0x20ac, "EUR"},
    {0x2116, "No"}, {0x2212, "-"}, {0xfeff, ""},
};

/* Letters, a row for each code point of a range; "" where there is none. */
static const char LATIN[][4] = {
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I", "D", "N",
    "O", "O", "O", "O", "O", "x", "O", "U", "U", "U", "U", "Y", "Th", "ss", "a", "a", "a", "a",
    "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o",
    "o", ":", "o", "u", "u", "u", "u", "y", "th", "y", "A", "a", "A", "a", "A", "a", "C", "c",
    "C", "c", "C", "c", "C", "c", "D", "d", "D", "d", "E", "e", "E", "e", "E", "e", "E", "e", "E",
    "e", "G", "g", "G", "g", "G", "g", "G", "g", "H", "h", "H", "h", "I", "i", "I", "i", "I", "i",
    "I", "i", "I", "i", "IJ", "ij", "J", "j", "K", "k", "k", "L", "l", "L", "l", "L", "l", "L",
    "l", "L", "l", "N", "n", "N", "n", "N", "n", "'n", "N", "n", "O", "o", "O", "o", "O", "o",
    "OE", "oe", "R", "r", "R", "r", "R", "r", "S", "s", "S", "s", "S", "s", "S", "s", "T", "t",
    "T", "t", "T", "t", "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "W", "w", "Y",
    "y", "Y", "Z", "z", "Z", "z", "Z", "z", "s", "", "", "", "", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "O", "o", "",
    "", "", "", "", "", "", "", "", "", "", "", "", "U", "u", "", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "", "", "", "", "DZ", "Dz", "dz", "LJ", "Lj", "lj", "NJ", "Nj", "nj",
    "A", "a", "I", "i", "O", "o", "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "", "A", "a",
    "A", "a", "", "", "", "", "G", "g", "K", "k", "O", "o", "O", "o", "", "", "j", "DZ", "Dz",
    "dz", "G", "g", "", "", "N", "n", "A", "a", "", "", "", "", "A", "a", "A", "a", "E", "e", "E",
    "e", "I", "i", "I", "i", "O", "o", "O", "o", "R", "r", "R", "r", "U", "u", "U", "u", "S", "s",
    "T", "t", "", "", "H", "h", "", "", "", "", "", "", "A", "a", "E", "e", "O", "o", "O", "o",
    "O", "o", "O", "o", "Y", "y", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "", "", "", "", "", "",
};
static const char GREEK[][4] = {
    "A", "", "E", "I", "I", "", "O", "", "Y", "O", "i", "A", "V", "G", "D", "E", "Z", "I", "Th",
    "I", "K", "L", "M", "N", "X", "O", "P", "R", "", "S", "T", "Y", "F", "Ch", "Ps", "O", "I",
    "Y", "a", "e", "i", "i", "y", "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m",
    "n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o", "i", "y", "o", "y", "o",
};
static const char CYRILLIC[][4] = {
    "E", "E", "Dj", "G", "Ye", "Dz", "I", "Yi", "J", "Lj", "Nj", "C", "K", "I", "U", "Dz", "A",
    "B", "V", "G", "D", "E", "Zh", "Z", "I", "Y", "K", "L", "M", "N", "O", "P", "R", "S", "T",
    "U", "F", "H", "Ts", "Ch", "Sh", "Sht", "A", "Y", "Y", "E", "Yu", "Ya", "a", "b", "v", "g",
    "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h",
    "ts", "ch", "sh", "sht", "a", "y", "y", "e", "yu", "ya", "e", "e", "dj", "g", "ye", "dz", "i",
    "yi", "j", "lj", "nj", "c", "k", "i", "u", "dz",
};
static const char LATIN_ADDITIONAL[][4] = {
    "A", "a", "B", "b", "B", "b", "B", "b", "C", "c", "D", "d", "D", "d", "D", "d", "D", "d", "D",
    "d", "E", "e", "E", "e", "E", "e", "E", "e", "E", "e", "F", "f", "G", "g", "H", "h", "H", "h",
    "H", "h", "H", "h", "H", "h", "I", "i", "I", "i", "K", "k", "K", "k", "K", "k", "L", "l", "L",
    "l", "L", "l", "L", "l", "M", "m", "M", "m", "M", "m", "N", "n", "N", "n", "N", "n", "N", "n",
    "O", "o", "O", "o", "O", "o", "O", "o", "P", "p", "P", "p", "R", "r", "R", "r", "R", "r", "R",
    "r", "S", "s", "S", "s", "S", "s", "S", "s", "S", "s", "T", "t", "T", "t", "T", "t", "T", "t",
    "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "V", "v", "V", "v", "W", "w", "W", "w", "W",
    "w", "W", "w", "W", "w", "X", "x", "X", "x", "Y", "y", "Z", "z", "Z", "z", "Z", "z", "h", "t",
    "w", "y", "a'", "s", "s", "s", "SS", "", "A", "a", "A", "a", "A", "a", "A", "a", "A", "a",
    "A", "a", "A", "a", "A", "a", "A", "a", "A", "a", "A", "a", "A", "a", "E", "e", "E", "e", "E",
    "e", "E", "e", "E", "e", "E", "e", "E", "e", "E", "e", "I", "i", "I", "i", "O", "o", "O", "o",
    "O", "o", "O", "o", "O", "o", "O", "o", "O", "o", "O", "o", "O", "o", "O", "o", "O", "o", "O",
    "o", "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "Y", "y", "Y", "y",
    "Y", "y", "Y", "y", "", "", "", "", "", "",
};
/* clang-format on */

static const struct {
  uint32_t first, last;
  const char (*letters)[4];
} RANGES[] = {
    {0x00c0, 0x024f, LATIN},
    {0x0386, 0x03ce, GREEK},
    {0x0400, 0x045f, CYRILLIC},
    {0x1e00, 0x1eff, LATIN_ADDITIONAL},
};
_Static_assert(sizeof LATIN == (size_t)4 * (0x024f - 0x00c0 + 1), "a row for each code point");
_Static_assert(sizeof GREEK == (size_t)4 * (0x03ce - 0x0386 + 1), "a row for each code point");
_Static_assert(sizeof CYRILLIC == (size_t)4 * (0x045f - 0x0400 + 1), "a row for each code point");
_Static_assert(sizeof LATIN_ADDITIONAL == (size_t)4 * 0x100, "a row for each code point");

/* ---- characters ---- */

static unsigned is_alphanumeric(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

int hs_payout_text_has(char c)
{
  return is_alphanumeric(c) || (c != '\0' && strchr(" /-?:().,'+", c) != NULL);
}

static const char *mark_of(uint32_t code_point)
{
  size_t low = 0;
  size_t high = sizeof MARKS / sizeof *MARKS;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (MARKS[middle].code_point == code_point)
      return MARKS[middle].text;
    if (MARKS[middle].code_point < code_point)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

const char *hs_payout_text_of(uint32_t code_point)
{
  if (code_point >= 0x0300 && code_point <= 0x036f)
    return ""; /* the accent of the letter before it */
  for (size_t r = 0; r < sizeof RANGES / sizeof *RANGES; r++)
    if (code_point >= RANGES[r].first && code_point <= RANGES[r].last) {
      const char *letters = RANGES[r].letters[code_point - RANGES[r].first];
      return *letters != '\0' ? letters : NULL;
    }
  return mark_of(code_point);
}

/* The code point at *at, which it moves past. The text is UTF-8: a byte that begins none gives
   itself, so that every text ends. */
static uint32_t next_code_point(struct hs_str s, size_t *at)
{
  unsigned char lead = (unsigned char)s.data[(*at)++];
  size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  uint32_t code_point = more == 0 ? lead : lead & (0x3fU >> more);
  for (; more > 0 && *at < s.length; more--)
    code_point = code_point << 6 | ((unsigned char)s.data[(*at)++] & 0x3fU);
  return code_point;
}

/* ---- text ---- */

/* Text on its way out: a blank is held back until something follows it. */
struct line {
  struct hs_buf *out;
  size_t length, length_max;
  int has_blank;
};

static void put(struct line *line, char c)
{
  if (c == ' ') {
    line->has_blank = line->length > 0;
    return;
  }
  if (line->length + (line->has_blank ? 2 : 1) > line->length_max) {
    line->length_max = line->length; /* what follows would be torn out of its place */
    return;
  }
  if (line->has_blank)
    hs_buf_add_char(line->out, ' ');
  hs_buf_add_char(line->out, c);
  line->length += line->has_blank ? 2 : 1;
  line->has_blank = 0;
}

/* The next code point as it is written. room holds one character of the set. */
static const char *next_text(struct hs_str s, size_t *at, char room[2])
{
  uint32_t code_point = next_code_point(s, at);
  if (code_point < 0x80 && hs_payout_text_has((char)code_point)) {
    room[0] = (char)code_point;
    room[1] = '\0';
    return room;
  }
  const char *text = hs_payout_text_of(code_point);
  return text != NULL ? text : ".";
}

void hs_payout_text_add(struct hs_buf *out, struct hs_str s, size_t length_max)
{
  struct line line = {.out = out, .length_max = length_max};
  char room[2];
  for (size_t at = 0; at < s.length;)
    for (const char *text = next_text(s, &at, room); *text != '\0'; text++)
      put(&line, *text);
}

size_t hs_payout_text_readable(struct hs_str s)
{
  size_t readable = 0;
  char room[2];
  for (size_t at = 0; at < s.length;)
    for (const char *text = next_text(s, &at, room); *text != '\0'; text++)
      readable += is_alphanumeric(*text);
  return readable;
}

const char *hs_payout_id_problem(struct hs_str id, size_t length_max)
{
  if (id.length == 0)
    return "is missing";
  if (id.length > length_max)
    return "is too long";
  for (size_t i = 0; i < id.length; i++) {
    if (id.data[i] == ' ' || !hs_payout_text_has(id.data[i]))
      return "has a character besides a to z, A to Z, 0 to 9 and / - ? : ( ) . , ' +";
    if (id.data[i] == '/' && (i == 0 || i + 1 == id.length || id.data[i - 1] == '/'))
      return "begins or ends with a / or has two of them in a row";
  }
  return NULL;
}
