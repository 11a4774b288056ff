/* hs_currency_parse, hs_money_parse, hs_decimal_parse: what they accept comes back from its
   canonical text; products and splits of it keep their laws. The first byte chooses the currency.
 */
#include "fuzz.h"

#include <string.h>

#include "base/money.h"

__extension__ typedef __int128 wide;

static struct hs_currency choose_currency(uint8_t choice)
{
  static const char *const CODES[] = {"JPY", "EUR", "KWD", "CLF"};
  struct hs_currency currency = {0};
  HS_ASSERT(hs_currency_parse(hs_str_of(CODES[choice % 4]), &currency));
  return currency;
}

static void check_split(int64_t amount, struct hs_str s)
{
  uint64_t weights[16] = {0};
  int64_t parts[16];
  size_t count = s.length < 16 ? s.length : 16;
  for (size_t i = 0; i < count; i++)
    weights[i] = (uint64_t)(unsigned char)s.data[i] << (8 * (i % 8));
  if (hs_money_split(amount, weights, count, parts, NULL) != HS_OK)
    return;
  wide sum = 0;
  for (size_t i = 0; i < count; i++) {
    HS_ASSERT(weights[i] > 0 || parts[i] == 0);
    HS_ASSERT(parts[i] == 0 || (parts[i] < 0) == (amount < 0));
    sum += parts[i];
  }
  HS_ASSERT(sum == amount);
}

static void check_money(struct hs_str s, struct hs_currency currency)
{
  struct hs_money money = {.amount_minor = 7};
  struct hs_err err = {0};
  if (hs_money_parse(s, currency, &money, &err) != HS_OK) {
    HS_ASSERT(err.status == HS_INVALID && err.text[0] != '\0' && money.amount_minor == 7);
    return;
  }
  char text[HS_MONEY_TEXT];
  struct hs_money back = {0};
  hs_money_format_grouped(money, text);
  HS_ASSERT(strlen(text) < HS_MONEY_TEXT);
  hs_money_format(money, text);
  struct hs_str number = {text, strlen(text) - strlen(" EUR")};
  HS_ASSERT(hs_money_parse(number, currency, &back, NULL) == HS_OK);
  HS_ASSERT(back.amount_minor == money.amount_minor);
  check_split(money.amount_minor, s);
}

static void check_decimal(struct hs_str s)
{
  struct hs_decimal decimal = {7, 7};
  if (!hs_decimal_parse(s, &decimal)) {
    HS_ASSERT(decimal.digits == 7 && decimal.scale == 7);
    return;
  }
  HS_ASSERT(decimal.scale >= 0 && decimal.scale <= 18);
  HS_ASSERT(decimal.scale == 0 || decimal.digits % 10 != 0);
  char text[HS_DECIMAL_TEXT];
  struct hs_decimal back = {0};
  hs_decimal_format(decimal, text);
  HS_ASSERT(strlen(text) < HS_DECIMAL_TEXT);
  HS_ASSERT(hs_decimal_parse(hs_str_of(text), &back));
  HS_ASSERT(back.digits == decimal.digits && back.scale == decimal.scale);
  HS_ASSERT(hs_decimal_compare(back, decimal) == 0);
  int64_t one = 0;
  if (hs_decimal_of_amount(1, decimal, HS_ROUND_HALF_EVEN, &one))
    HS_ASSERT(decimal.scale > 0 || one == decimal.digits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  struct hs_str s = {(const char *)data + 1, size - 1};
  struct hs_currency currency = choose_currency(data[0]);
  struct hs_currency other = {"old"};
  if (hs_currency_parse(s, &other))
    HS_ASSERT(hs_currency_digits(other) <= 4);
  else
    HS_ASSERT(strcmp(other.code, "old") == 0);
  check_money(s, currency);
  check_decimal(s);
  return 0;
}
