/* Sums and products divide by common factors before they multiply: a product fails only when the
   result itself does not fit, a sum also when one of its terms over the common denominator does
   not. */
#include "base/ratio.h"

#include <string.h>

__extension__ typedef unsigned __int128 unsigned_wide;

static unsigned_wide magnitude_of(hs_wide value)
{
  return value < 0 ? (unsigned_wide)0 - (unsigned_wide)value : (unsigned_wide)value;
}

/* Nearly all numbers of nearly all orders fit into 64 bits, which a machine divides many times
   faster. */
static unsigned_wide common_factor(unsigned_wide a, unsigned_wide b)
{
  while (b > UINT64_MAX || (b != 0 && a > UINT64_MAX)) {
    unsigned_wide rest = a % b;
    a = b;
    b = rest;
  }
  if (b == 0)
    return a;
  uint64_t left = (uint64_t)a;
  uint64_t right = (uint64_t)b;
  while (right != 0) {
    uint64_t rest = left % right;
    left = right;
    right = rest;
  }
  return left;
}

/* Of two numbers of which one is positive, so that it fits the signed type. */
static hs_wide factor_of(hs_wide a, hs_wide positive)
{
  return (hs_wide)common_factor(magnitude_of(a), magnitude_of(positive));
}

struct hs_ratio hs_ratio_of(int64_t top, int64_t bottom)
{
  HS_ASSERT(bottom != 0);
  hs_wide sign = bottom < 0 ? -1 : 1;
  hs_wide factor = factor_of(top, sign * (hs_wide)bottom);
  return (struct hs_ratio){sign * top / factor, sign * bottom / factor};
}

struct hs_ratio hs_ratio_of_decimal(struct hs_decimal decimal)
{
  int64_t power = 1;
  HS_ASSERT(decimal.scale >= 0 && decimal.scale <= 18);
  for (int32_t i = 0; i < decimal.scale; i++)
    power *= 10;
  return hs_ratio_of(decimal.digits, power);
}

/* a/b + c/d with g = gcd(b, d) is (a·d/g + c·b/g) / (b·d/g); what cancels then divides g (Knuth,
   The Art of Computer Programming 2, 4.5.1). */
int hs_ratio_add(struct hs_ratio a, struct hs_ratio b, struct hs_ratio *out)
{
  hs_wide factor = factor_of(a.bottom, b.bottom);
  hs_wide left = 0;
  hs_wide right = 0;
  hs_wide top = 0;
  hs_wide bottom = 0;
  if (__builtin_mul_overflow(a.top, b.bottom / factor, &left) ||
      __builtin_mul_overflow(b.top, a.bottom / factor, &right) ||
      __builtin_add_overflow(left, right, &top))
    return 0;
  hs_wide rest = factor_of(top, factor);
  if (__builtin_mul_overflow(a.bottom / factor, b.bottom / rest, &bottom))
    return 0;
  *out = (struct hs_ratio){top / rest, bottom};
  return 1;
}

int hs_ratio_subtract(struct hs_ratio a, struct hs_ratio b, struct hs_ratio *out)
{
  hs_wide top = 0;
  if (__builtin_sub_overflow((hs_wide)0, b.top, &top))
    return 0;
  return hs_ratio_add(a, (struct hs_ratio){top, b.bottom}, out);
}

int hs_ratio_multiply(struct hs_ratio a, struct hs_ratio b, struct hs_ratio *out)
{
  hs_wide across = factor_of(a.top, b.bottom);
  hs_wide back = factor_of(b.top, a.bottom);
  hs_wide top = 0;
  hs_wide bottom = 0;
  if (__builtin_mul_overflow(a.top / across, b.top / back, &top) ||
      __builtin_mul_overflow(a.bottom / back, b.bottom / across, &bottom))
    return 0;
  *out = (struct hs_ratio){top, bottom};
  return 1;
}

int hs_ratio_divide(struct hs_ratio a, struct hs_ratio b, struct hs_ratio *out)
{
  HS_ASSERT(b.top != 0);
  struct hs_ratio inverse = {b.bottom, b.top};
  if (b.top < 0) {
    inverse.top = -b.bottom;
    if (__builtin_sub_overflow((hs_wide)0, b.top, &inverse.bottom))
      return 0;
  }
  return hs_ratio_multiply(a, inverse, out);
}

struct division {
  hs_wide quotient, rest; /* rounded down; rest from 0 to below the divisor */
};

static struct division divide_down(hs_wide top, hs_wide bottom)
{
  struct division d = {top / bottom, top % bottom};
  if (d.rest < 0) {
    d.quotient--;
    d.rest += bottom;
  }
  return d;
}

/* By continued fractions: whole parts, then the inverses of what is left. Nothing is multiplied, so
   nothing can overflow. */
int hs_ratio_compare(struct hs_ratio a, struct hs_ratio b)
{
  int sign = 1;
  for (;;) {
    struct division x = divide_down(a.top, a.bottom);
    struct division y = divide_down(b.top, b.bottom);
    if (x.quotient != y.quotient)
      return x.quotient < y.quotient ? -sign : sign;
    if (x.rest == 0 || y.rest == 0)
      return sign * ((x.rest != 0) - (y.rest != 0));
    a = (struct hs_ratio){a.bottom, x.rest};
    b = (struct hs_ratio){b.bottom, y.rest};
    sign = -sign;
  }
}

int hs_ratio_round(struct hs_ratio ratio, enum hs_rounding rounding, int64_t *out)
{
  unsigned_wide magnitude = magnitude_of(ratio.top);
  unsigned_wide bottom = (unsigned_wide)ratio.bottom;
  unsigned_wide whole = magnitude / bottom;
  unsigned_wide rest = magnitude % bottom;
  unsigned_wide other = bottom - rest; /* comparing the two says where the half is */
  if (rest > other || (rest == other && (rounding == HS_ROUND_HALF_UP || whole % 2 == 1)))
    whole++;
  unsigned_wide most = (unsigned_wide)INT64_MAX + (ratio.top < 0);
  if (whole > most)
    return 0;
  *out = ratio.top < 0 ? (int64_t) - (hs_wide)whole : (int64_t)whole;
  return 1;
}

/* ---- text ---- */

static char *put_number(char *out, hs_wide value)
{
  char digits[40];
  size_t count = 0;
  unsigned_wide rest = magnitude_of(value);
  if (value < 0)
    *out++ = '-';
  do {
    digits[count++] = (char)('0' + (int)(rest % 10));
    rest /= 10;
  } while (rest != 0);
  while (count > 0)
    *out++ = digits[--count];
  return out;
}

void hs_ratio_format(struct hs_ratio ratio, char out[HS_RATIO_TEXT])
{
  char *end = put_number(out, ratio.top);
  if (ratio.bottom != 1) {
    *end++ = '/';
    end = put_number(end, ratio.bottom);
  }
  *end = '\0';
}

/* One number, cut off the front of the text. */
static int take_number(struct hs_str *text, hs_wide *out)
{
  int is_negative = text->length > 0 && text->data[0] == '-';
  size_t at = is_negative ? 1 : 0;
  size_t first = at;
  hs_wide value = 0;
  for (; at < text->length && text->data[at] >= '0' && text->data[at] <= '9'; at++)
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_sub_overflow(value, text->data[at] - '0', &value)) /* downwards: -2^127 exists */
      return 0;
  if (at == first || (!is_negative && __builtin_sub_overflow((hs_wide)0, value, &value)))
    return 0;
  *text = (struct hs_str){text->data + at, text->length - at};
  *out = value;
  return 1;
}

int hs_ratio_parse(struct hs_str text, struct hs_ratio *out)
{
  hs_wide top = 0;
  hs_wide bottom = 1;
  if (!take_number(&text, &top))
    return 0;
  if (text.length > 0) {
    if (text.data[0] != '/')
      return 0;
    text = (struct hs_str){text.data + 1, text.length - 1};
    if (!take_number(&text, &bottom) || text.length > 0 || bottom <= 0)
      return 0;
  }
  hs_wide factor = factor_of(top, bottom);
  *out = (struct hs_ratio){top / factor, bottom / factor};
  return 1;
}

int hs_ratio_parse_part(struct hs_str text, struct hs_ratio *out)
{
  struct hs_decimal decimal;
  if (!hs_decimal_parse(text, &decimal))
    return hs_ratio_parse(text, out);
  *out = hs_ratio_of_decimal(decimal);
  return 1;
}
