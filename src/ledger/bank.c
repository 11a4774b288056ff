#include "ledger/bank.h"

#include <string.h>

/* ---- countries ---- */

/* The IBAN registry of ISO 13616 and the list of SEPA countries of the European Payments Council
   (EPC409-09), both as of May 2026. In order of the codes, for the binary search. Territories use
   the code of their country: Jersey's accounts begin with GB. */
#define NONE HS_SEPA_NONE
#define OUTER HS_SEPA_OUTER
#define INNER HS_SEPA_INNER
static const struct country {
  char code[3];
  unsigned char length;
  unsigned char sepa;
} COUNTRIES[] = {
    /* clang-format off */
    {"AD", 24, OUTER}, {"AE", 23, NONE},  {"AL", 28, OUTER}, {"AT", 20, INNER}, {"AZ", 28, NONE},
    {"BA", 20, NONE},  {"BE", 16, INNER}, {"BG", 22, INNER}, {"BH", 22, NONE},  {"BI", 27, NONE},
    {"BR", 29, NONE},  {"BY", 28, NONE},  {"CH", 21, OUTER}, {"CR", 22, NONE},  {"CY", 28, INNER},
    {"CZ", 24, INNER}, {"DE", 22, INNER}, {"DJ", 27, NONE},  {"DK", 18, INNER}, {"DO", 28, NONE},
    {"EE", 20, INNER}, {"EG", 29, NONE},  {"ES", 24, INNER}, {"FI", 18, INNER}, {"FK", 18, NONE},
    {"FO", 18, NONE},  {"FR", 27, INNER}, {"GB", 22, OUTER}, {"GE", 22, NONE},  {"GI", 23, OUTER},
    {"GL", 18, NONE},  {"GR", 27, INNER}, {"GT", 28, NONE},  {"HN", 28, NONE},  {"HR", 21, INNER},
    {"HU", 28, INNER}, {"IE", 22, INNER}, {"IL", 23, NONE},  {"IQ", 23, NONE},  {"IS", 26, INNER},
    {"IT", 27, INNER}, {"JO", 30, NONE},  {"KW", 30, NONE},  {"KZ", 20, NONE},  {"LB", 28, NONE},
    {"LC", 32, NONE},  {"LI", 21, INNER}, {"LT", 20, INNER}, {"LU", 20, INNER}, {"LV", 21, INNER},
    {"LY", 25, NONE},  {"MC", 27, OUTER}, {"MD", 24, OUTER}, {"ME", 22, OUTER}, {"MK", 19, OUTER},
    {"MN", 20, NONE},  {"MR", 27, NONE},  {"MT", 31, INNER}, {"MU", 30, NONE},  {"NI", 28, NONE},
    {"NL", 18, INNER}, {"NO", 15, INNER}, {"OM", 23, NONE},  {"PK", 24, NONE},  {"PL", 28, INNER},
    {"PS", 29, NONE},  {"PT", 25, INNER}, {"QA", 29, NONE},  {"RO", 24, INNER}, {"RS", 22, OUTER},
    {"RU", 33, NONE},  {"SA", 24, NONE},  {"SC", 31, NONE},  {"SD", 18, NONE},  {"SE", 24, INNER},
    {"SI", 19, INNER}, {"SK", 24, INNER}, {"SM", 27, OUTER}, {"SO", 23, NONE},  {"ST", 25, NONE},
    {"SV", 28, NONE},  {"TL", 23, NONE},  {"TN", 24, NONE},  {"TR", 26, NONE},  {"UA", 29, NONE},
    {"VA", 22, OUTER}, {"VG", 24, NONE},  {"XK", 20, NONE},  {"YE", 30, NONE},
    /* clang-format on */
};
#undef NONE
#undef OUTER
#undef INNER

static const struct country *country_of(const char *code)
{
  size_t low = 0;
  size_t high = sizeof COUNTRIES / sizeof *COUNTRIES;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = memcmp(COUNTRIES[middle].code, code, 2);
    if (order == 0)
      return &COUNTRIES[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* ---- characters ---- */

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_capital(char c) { return c >= 'A' && c <= 'Z'; }

int hs_is_country(struct hs_str s)
{
  return s.length == 2 && is_capital(s.data[0]) && is_capital(s.data[1]);
}

/* The letters and digits of s in capitals, at most room of them, without those of passed_over. */
static enum hs_status tidy(struct hs_str s, const char *what, const char *passed_over, char *out,
                           size_t room, struct hs_err *err)
{
  size_t length = 0;
  for (size_t i = 0; i < s.length; i++) {
    char c = s.data[i];
    if (c != '\0' && strchr(passed_over, c) != NULL)
      continue;
    if (c >= 'a' && c <= 'z')
      c = (char)(c - 'a' + 'A');
    if (!is_digit(c) && !is_capital(c))
      return hs_fail(err, HS_INVALID, "%s \"%.*s\" has a character that is no letter and no digit",
                     what, HS_STR_ARG(s));
    if (length == room)
      return hs_fail(err, HS_INVALID, "%s \"%.*s\" has more than %zu characters", what,
                     HS_STR_ARG(s), room);
    out[length++] = c;
  }
  out[length] = '\0';
  return HS_OK;
}

/* ISO 7064 MOD 97-10 over the text with its first four characters moved to the end, A as 10 to Z
   as 35: 1 for a text whose check digits are right. */
static int remainder_is_one(const char *text)
{
  size_t length = strlen(text);
  unsigned remainder = 0;
  for (size_t i = 0; i < length; i++) {
    char c = text[(i + 4) % length];
    if (is_digit(c))
      remainder = (remainder * 10 + (unsigned)(c - '0')) % 97;
    else
      remainder = (remainder * 100 + (unsigned)(c - 'A' + 10)) % 97;
  }
  return remainder == 1;
}

/* ---- accounts, banks, references ---- */

enum hs_status hs_iban_parse(struct hs_str s, struct hs_iban *out, struct hs_err *err)
{
  struct hs_iban iban = {""};
  enum hs_status status = tidy(s, "the IBAN", " ", iban.text, HS_IBAN_MAX, err);
  if (status != HS_OK)
    return status;
  size_t length = strlen(iban.text);
  if (length < 5 || !is_capital(iban.text[0]) || !is_capital(iban.text[1]) ||
      !is_digit(iban.text[2]) || !is_digit(iban.text[3]))
    return hs_fail(err, HS_INVALID,
                   "the IBAN \"%.*s\" does not begin with a country and two digits", HS_STR_ARG(s));
  const struct country *country = country_of(iban.text);
  if (country == NULL)
    return hs_fail(err, HS_INVALID, "the IBAN \"%.*s\": %.2s issues none", HS_STR_ARG(s),
                   iban.text);
  if (length != country->length)
    return hs_fail(err, HS_INVALID, "the IBAN \"%.*s\" has %zu characters; those of %s have %u",
                   HS_STR_ARG(s), length, country->code, country->length);
  if (!remainder_is_one(iban.text))
    return hs_fail(err, HS_INVALID, "the IBAN \"%.*s\" is mistyped: its check digits are wrong",
                   HS_STR_ARG(s));
  *out = iban;
  return HS_OK;
}

enum hs_sepa hs_iban_sepa(const struct hs_iban *iban)
{
  const struct country *country = country_of(iban->text);
  return country == NULL ? HS_SEPA_NONE : (enum hs_sepa)country->sepa;
}

enum hs_status hs_bic_parse(struct hs_str s, struct hs_bic *out, struct hs_err *err)
{
  struct hs_bic bic = {""};
  enum hs_status status = tidy(s, "the BIC", "", bic.text, HS_BIC_MAX, err);
  if (status != HS_OK)
    return status;
  size_t length = strlen(bic.text);
  if (length != 8 && length != 11)
    return hs_fail(err, HS_INVALID, "the BIC \"%.*s\" has %zu characters; a BIC has 8 or 11",
                   HS_STR_ARG(s), length);
  if (!is_capital(bic.text[4]) || !is_capital(bic.text[5]))
    return hs_fail(err, HS_INVALID,
                   "the BIC \"%.*s\" has no country in its fifth and sixth character",
                   HS_STR_ARG(s));
  *out = bic;
  return HS_OK;
}

enum hs_status hs_creditor_reference_parse(struct hs_str s, struct hs_creditor_reference *out,
                                           struct hs_err *err)
{
  struct hs_creditor_reference reference = {""};
  enum hs_status status =
      tidy(s, "the creditor reference", " ", reference.text, HS_CREDITOR_REFERENCE_MAX, err);
  if (status != HS_OK)
    return status;
  if (strlen(reference.text) < 5 || memcmp(reference.text, "RF", 2) != 0 ||
      !is_digit(reference.text[2]) || !is_digit(reference.text[3]))
    return hs_fail(err, HS_INVALID,
                   "the creditor reference \"%.*s\" does not begin with RF and two digits",
                   HS_STR_ARG(s));
  if (!remainder_is_one(reference.text))
    return hs_fail(err, HS_INVALID,
                   "the creditor reference \"%.*s\" is mistyped: its check digits are wrong",
                   HS_STR_ARG(s));
  *out = reference;
  return HS_OK;
}
