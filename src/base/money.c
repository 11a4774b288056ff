#include "base/money.h"

#include <stdio.h>
#include <string.h>

#define SCALE_MAX 18

/* Products of two 64-bit numbers, and 19 digits shifted by 18 places, fit 128 bits. */
__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

static const uint64_t POWERS_OF_TEN[SCALE_MAX + 1] = {
    1U,
    10U,
    100U,
    1000U,
    10000U,
    100000U,
    1000000U,
    10000000U,
    100000000U,
    1000000000U,
    10000000000U,
    100000000000U,
    1000000000000U,
    10000000000000U,
    100000000000000U,
    1000000000000000U,
    10000000000000000U,
    100000000000000000U,
    1000000000000000000U,
};

static uint64_t magnitude_of(int64_t value)
{
  return value < 0 ? 0U - (uint64_t)value : (uint64_t)value;
}

/* 1 and the signed number when the magnitude fits. */
static int with_sign(uint64_t magnitude, int is_negative, int64_t *out)
{
  if (magnitude > (uint64_t)INT64_MAX + (is_negative ? 1U : 0U))
    return 0;
  *out = is_negative ? (int64_t)(0U - magnitude) : (int64_t)magnitude;
  return 1;
}

/* A decimal as it was written: [+-] digits [. digits], at least one digit in all. */
struct written {
  int is_negative;
  struct hs_str whole;
  struct hs_str fraction;
};

static size_t digit_run(struct hs_str s)
{
  size_t count = 0;
  while (count < s.length && s.data[count] >= '0' && s.data[count] <= '9')
    count++;
  return count;
}

static int read_written(struct hs_str s, struct written *out)
{
  *out = (struct written){0};
  if (s.length > 0 && (s.data[0] == '-' || s.data[0] == '+')) {
    out->is_negative = s.data[0] == '-';
    s = (struct hs_str){s.data + 1, s.length - 1};
  }
  out->whole = (struct hs_str){s.data, digit_run(s)};
  size_t used = out->whole.length;
  if (used < s.length && s.data[used] == '.') {
    struct hs_str rest = {s.data + used + 1, s.length - used - 1};
    out->fraction = (struct hs_str){rest.data, digit_run(rest)};
    used += 1 + out->fraction.length;
  }
  return used == s.length && out->whole.length + out->fraction.length > 0;
}

/* Appends the digits to the number; 0 when it no longer fits. */
static int append_digits(uint64_t *number, struct hs_str digits)
{
  for (size_t i = 0; i < digits.length; i++)
    if (__builtin_mul_overflow(*number, (uint64_t)10, number) ||
        __builtin_add_overflow(*number, (uint64_t)(digits.data[i] - '0'), number))
      return 0;
  return 1;
}

/* For messages: no more of a foreign text than helps. */
static struct hs_str excerpt(struct hs_str s)
{
  return (struct hs_str){s.data, s.length < 40 ? s.length : 40};
}

enum hs_status hs_money_parse(struct hs_str s, struct hs_currency currency, struct hs_money *out,
                              struct hs_err *err)
{
  struct written written;
  struct hs_str shown = excerpt(s);
  if (!read_written(s, &written))
    return hs_fail(err, HS_INVALID,
                   "\"%.*s\" is no amount such as 1250.00 (no thousands separators, a point before "
                   "the fraction)",
                   HS_STR_ARG(shown));
  size_t digits = (size_t)hs_currency_digits(currency);
  if (written.fraction.length > digits)
    return hs_fail(err, HS_INVALID, "%.*s has %zu digit%s after the point; %s has %zu",
                   HS_STR_ARG(shown), written.fraction.length,
                   hs_plural(written.fraction.length, "", "s"), currency.code, digits);
  uint64_t magnitude = 0;
  int64_t amount_minor = 0;
  if (!append_digits(&magnitude, written.whole) || !append_digits(&magnitude, written.fraction) ||
      __builtin_mul_overflow(magnitude, POWERS_OF_TEN[digits - written.fraction.length],
                             &magnitude) ||
      !with_sign(magnitude, written.is_negative, &amount_minor))
    return hs_fail(err, HS_INVALID, "%.*s %s is more than an amount can hold", HS_STR_ARG(shown),
                   currency.code);
  *out = (struct hs_money){.amount_minor = amount_minor, .currency = currency};
  return HS_OK;
}

/* Writes the digits with a comma before each group of three when grouped; gives the end. */
static char *put_whole(char *out, uint64_t value, int is_grouped)
{
  char digits[24];
  int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  for (int i = 0; i < count; i++) {
    if (is_grouped && i > 0 && (count - i) % 3 == 0)
      *out++ = ',';
    *out++ = digits[i];
  }
  return out;
}

/* A point and the digits of a fraction; nothing when it has none. */
static char *put_fraction(char *out, uint64_t value, int places)
{
  if (places == 0)
    return out;
  *out++ = '.';
  for (int i = places; i-- > 0; value /= 10)
    out[i] = (char)('0' + value % 10);
  return out + places;
}

/* Gives the end of it, where no zero stands yet. */
static char *put_number(struct hs_money money, int is_grouped, char *out)
{
  int digits = hs_currency_digits(money.currency);
  uint64_t magnitude = magnitude_of(money.amount_minor);
  char *at = out;
  if (money.amount_minor < 0)
    *at++ = '-';
  at = put_whole(at, magnitude / POWERS_OF_TEN[digits], is_grouped);
  return put_fraction(at, magnitude % POWERS_OF_TEN[digits], digits);
}

static void format_money(struct hs_money money, int is_grouped, char out[HS_MONEY_TEXT])
{
  char *at = put_number(money, is_grouped, out);
  *at++ = ' ';
  memcpy(at, money.currency.code, sizeof money.currency.code);
}

void hs_money_format(struct hs_money money, char out[HS_MONEY_TEXT])
{
  format_money(money, 0, out);
}

void hs_money_format_number(struct hs_money money, char out[HS_MONEY_TEXT])
{
  *put_number(money, 0, out) = '\0';
}

void hs_money_format_grouped(struct hs_money money, char out[HS_MONEY_TEXT])
{
  format_money(money, 1, out);
}

int hs_money_add(struct hs_money a, struct hs_money b, struct hs_money *out)
{
  int64_t sum = 0;
  if (!hs_currency_equal(a.currency, b.currency) ||
      __builtin_add_overflow(a.amount_minor, b.amount_minor, &sum))
    return 0;
  *out = (struct hs_money){.amount_minor = sum, .currency = a.currency};
  return 1;
}

/* Decimals. */

int hs_decimal_parse(struct hs_str s, struct hs_decimal *out)
{
  size_t shift = 0;
  if (s.length > 0 && s.data[s.length - 1] == '%') {
    shift = 2;
    s.length--;
  }
  struct written written;
  if (!read_written(s, &written))
    return 0;
  while (written.fraction.length > 0 && written.fraction.data[written.fraction.length - 1] == '0')
    written.fraction.length--;
  uint64_t magnitude = 0;
  if (!append_digits(&magnitude, written.whole) || !append_digits(&magnitude, written.fraction))
    return 0;
  size_t scale = written.fraction.length + shift;
  /* One value has one form, so "50%" is 5 tenths and not 50 hundredths. */
  for (; scale > 0 && magnitude % 10 == 0; scale--)
    magnitude /= 10;
  int64_t digits = 0;
  if (scale > SCALE_MAX || !with_sign(magnitude, written.is_negative, &digits))
    return 0;
  *out = (struct hs_decimal){.digits = digits, .scale = (int32_t)scale};
  return 1;
}

static uint64_t power_of_scale(struct hs_decimal decimal)
{
  HS_ASSERT(decimal.scale >= 0 && decimal.scale <= SCALE_MAX);
  return POWERS_OF_TEN[decimal.scale];
}

void hs_decimal_format(struct hs_decimal decimal, char out[HS_DECIMAL_TEXT])
{
  uint64_t power = power_of_scale(decimal);
  uint64_t magnitude = magnitude_of(decimal.digits);
  uint64_t fraction = magnitude % power;
  int places = decimal.scale;
  for (; places > 0 && fraction % 10 == 0; places--)
    fraction /= 10;
  char *at = out;
  if (decimal.digits < 0)
    *at++ = '-';
  at = put_whole(at, magnitude / power, 0);
  *put_fraction(at, fraction, places) = '\0';
}

int hs_decimal_compare(struct hs_decimal a, struct hs_decimal b)
{
  wide left = (wide)a.digits * (wide)(POWERS_OF_TEN[SCALE_MAX] / power_of_scale(a));
  wide right = (wide)b.digits * (wide)(POWERS_OF_TEN[SCALE_MAX] / power_of_scale(b));
  return (left > right) - (left < right);
}

int hs_decimal_of_amount(int64_t amount_minor, struct hs_decimal rate, enum hs_rounding rounding,
                         int64_t *out)
{
  uint64_t power = power_of_scale(rate);
  unsigned_wide product = (unsigned_wide)magnitude_of(amount_minor) * magnitude_of(rate.digits);
  unsigned_wide quotient = product / power;
  uint64_t twice_rest = (uint64_t)(product % power) * 2;
  int is_half = twice_rest == power;
  if (twice_rest > power || (is_half && (rounding == HS_ROUND_HALF_UP || quotient % 2 == 1)))
    quotient++;
  if (quotient > (unsigned_wide)UINT64_MAX)
    return 0;
  return with_sign((uint64_t)quotient, (amount_minor < 0) != (rate.digits < 0), out);
}

/* The split. The remainders are computed again wherever they are needed: that costs a few divisions
   and needs no memory. */

struct split {
  uint64_t magnitude;
  unsigned_wide total; /* of the weights */
  const uint64_t *weights;
  size_t count;
};

static unsigned_wide remainder_of(const struct split *split, size_t index)
{
  return (unsigned_wide)split->magnitude * split->weights[index] % split->total;
}

/* The middle one, by place, of the remainders in [low, high); there must be one. By place, because
   the first one would make remainders that rise with the index cost the square of their number. */
static unsigned_wide pivot_between(const struct split *split, unsigned_wide low, unsigned_wide high)
{
  size_t inside = 0;
  for (size_t i = 0; i < split->count; i++) {
    unsigned_wide remainder = remainder_of(split, i);
    inside += remainder >= low && remainder < high;
  }
  size_t before = inside / 2;
  for (size_t i = 0; i < split->count; i++) {
    unsigned_wide remainder = remainder_of(split, i);
    if (remainder >= low && remainder < high && before-- == 0)
      return remainder;
  }
  HS_ASSERT(inside > 0);
  return low;
}

/* The wanted-th largest remainder (1 is the largest), and how many are larger than it. */
static unsigned_wide nth_remainder(const struct split *split, size_t wanted, size_t *larger)
{
  unsigned_wide low = 0;
  unsigned_wide high = split->total;
  for (;;) {
    unsigned_wide pivot = pivot_between(split, low, high);
    size_t above = 0;
    size_t equal = 0;
    for (size_t i = 0; i < split->count; i++) {
      unsigned_wide remainder = remainder_of(split, i);
      above += remainder > pivot;
      equal += remainder == pivot;
    }
    if (above >= wanted) {
      low = pivot + 1;
    } else if (above + equal < wanted) {
      high = pivot;
    } else {
      *larger = above;
      return pivot;
    }
  }
}

/* Gives one unit to each of the `left` parts with the largest remainders. */
static void give_rest(const struct split *split, size_t left, uint64_t *parts)
{
  size_t larger = 0;
  unsigned_wide bound = nth_remainder(split, left, &larger);
  size_t ties = left - larger;
  for (size_t i = 0; i < split->count; i++) {
    unsigned_wide remainder = remainder_of(split, i);
    if (remainder > bound) {
      parts[i]++;
    } else if (remainder == bound && ties > 0) {
      parts[i]++;
      ties--;
    }
  }
}

enum hs_status hs_money_split(int64_t amount_minor, const uint64_t *weights, size_t count,
                              int64_t *parts, struct hs_err *err)
{
  struct split split = {
      .magnitude = magnitude_of(amount_minor), .weights = weights, .count = count};
  for (size_t i = 0; i < count; i++)
    split.total += weights[i];
  if (split.total == 0)
    return hs_fail(err, HS_INVALID,
                   "an amount is split over at least one positive weight; got %zu "
                   "weights, none positive",
                   count);
  /* The magnitudes stand in the caller's array until the sign is put on. */
  uint64_t *magnitudes = (uint64_t *)parts;
  uint64_t left = split.magnitude;
  for (size_t i = 0; i < count; i++) {
    magnitudes[i] = (uint64_t)((unsigned_wide)split.magnitude * weights[i] / split.total);
    left -= magnitudes[i];
  }
  if (left > 0)
    give_rest(&split, (size_t)left, magnitudes);
  for (size_t i = 0; i < count; i++)
    parts[i] = amount_minor < 0 ? (int64_t)(0U - magnitudes[i]) : (int64_t)magnitudes[i];
  return HS_OK;
}
