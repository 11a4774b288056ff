/* ISO 4217, list one of 2026-01-01: every code with a minor unit, and how many digits that has.
   Codes without one (precious metals, units of account, tests) are no money here. The codes
   withdrawn since 2022 (ANG, BGN, HRK, SLL, ZWL) stay, because the orders of earlier periods are in
   them. */
#include "base/money.h"

#include <string.h>

/* In order of the codes, for the binary search. */
static const struct {
  char code[4];
  unsigned char digits;
} CURRENCIES[] = {
    /* clang-format off */
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2},
    {"AWG", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0},
    {"BMD", 2}, {"BND", 2}, {"BOB", 2}, {"BOV", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2},
    {"BYN", 2}, {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHE", 2}, {"CHF", 2}, {"CHW", 2}, {"CLF", 4},
    {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"COU", 2}, {"CRC", 2}, {"CUP", 2}, {"CVE", 2}, {"CZK", 2},
    {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2}, {"ERN", 2}, {"ETB", 2}, {"EUR", 2},
    {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2}, {"GIP", 2}, {"GMD", 2}, {"GNF", 0},
    {"GTQ", 2}, {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HRK", 2}, {"HTG", 2}, {"HUF", 2}, {"IDR", 2},
    {"ILS", 2}, {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2}, {"JOD", 3}, {"JPY", 0},
    {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0}, {"KWD", 3}, {"KYD", 2},
    {"KZT", 2}, {"LAK", 2}, {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2}, {"LYD", 3}, {"MAD", 2},
    {"MDL", 2}, {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2}, {"MRU", 2}, {"MUR", 2},
    {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MXV", 2}, {"MYR", 2}, {"MZN", 2}, {"NAD", 2}, {"NGN", 2},
    {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2}, {"OMR", 3}, {"PAB", 2}, {"PEN", 2}, {"PGK", 2},
    {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2}, {"RUB", 2},
    {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2}, {"SGD", 2}, {"SHP", 2},
    {"SLE", 2}, {"SLL", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2},
    {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2},
    {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"USN", 2}, {"UYI", 0}, {"UYU", 2},
    {"UYW", 4}, {"UZS", 2}, {"VED", 2}, {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAD", 2},
    {"XAF", 0}, {"XCD", 2}, {"XCG", 2}, {"XOF", 0}, {"XPF", 0}, {"YER", 2}, {"ZAR", 2}, {"ZMW", 2},
    {"ZWG", 2}, {"ZWL", 2},
    /* clang-format on */
};

#define CURRENCY_COUNT (sizeof CURRENCIES / sizeof *CURRENCIES)

/* The row of a code of three capitals, or CURRENCY_COUNT. */
static size_t row_of(const char code[3])
{
  size_t low = 0;
  size_t high = CURRENCY_COUNT;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = memcmp(CURRENCIES[middle].code, code, 3);
    if (order == 0)
      return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return CURRENCY_COUNT;
}

int hs_currency_parse(struct hs_str s, struct hs_currency *out)
{
  struct hs_currency currency = {0};
  if (s.length != 3)
    return 0;
  for (size_t i = 0; i < 3; i++)
    currency.code[i] =
        s.data[i] >= 'a' && s.data[i] <= 'z' ? (char)(s.data[i] - ('a' - 'A')) : s.data[i];
  if (row_of(currency.code) == CURRENCY_COUNT)
    return 0;
  *out = currency;
  return 1;
}

int hs_currency_digits(struct hs_currency currency)
{
  size_t row = row_of(currency.code);
  HS_ASSERT(row < CURRENCY_COUNT);
  return CURRENCIES[row].digits;
}

double hs_currency_minor_unit(struct hs_currency currency)
{
  double unit = 1;
  for (int i = 0; i < hs_currency_digits(currency); i++)
    unit /= 10;
  return unit;
}

int hs_currency_equal(struct hs_currency a, struct hs_currency b)
{
  return memcmp(a.code, b.code, sizeof a.code) == 0;
}
