/* Proves ledger/bank by the examples that the standards publish, by every single slip of a digit
   and every swap of two neighbours, which MOD 97-10 promises to find, and by the lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ledger/bank.h"

/* The registry's own examples (SWIFT, IBAN registry), one for each length from 15 to 33. */
static const char *const EXAMPLES[] = {
    "NO93 8601 1117 947",
    "BE68 5390 0754 7034",
    "DK50 0040 0440 1162 43",
    "NL91 ABNA 0417 1643 00",
    "SI56 2633 0001 2039 086",
    "AT61 1904 3002 3457 3201",
    "CH93 0076 2011 6238 5295 7",
    "DE89 3704 0044 0532 0130 00",
    "GB29 NWBK 6016 1331 9268 19",
    "AE07 0331 2345 6789 0123 456",
    "ES91 2100 0418 4502 0005 1332",
    "PT50 0002 0123 1234 5678 9015 4",
    "TR33 0006 1005 1978 6457 8413 26",
    "FR14 2004 1010 0505 0001 3M02 606",
    "IT60 X054 2811 1010 0000 0123 456",
    "PL61 1090 1014 0000 0712 1981 2874",
    "BR18 0036 0305 0000 1000 9795 493C 1",
    "JO94 CBJO 0010 0000 0000 0131 0003 02",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "LC55 HEMM 0001 0001 0012 0012 0002 3015",
};

static enum hs_status parse(const char *text)
{
  struct hs_iban iban;
  return hs_iban_parse(hs_str_of(text), &iban, NULL);
}

static void published_ibans_are_taken_and_lose_their_blanks([[maybe_unused]] void **state)
{
  struct hs_iban iban;
  for (size_t i = 0; i < sizeof EXAMPLES / sizeof *EXAMPLES; i++)
    assert_int_equal(parse(EXAMPLES[i]), HS_OK);
  assert_int_equal(hs_iban_parse(HS_STR("de89 3704 0044 0532 0130 00"), &iban, NULL), HS_OK);
  assert_string_equal(iban.text, "DE89370400440532013000");
}

/* A changed character or two swapped neighbours never leave the remainder at 1. */
static void every_single_slip_is_found([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < sizeof EXAMPLES / sizeof *EXAMPLES; i++) {
    struct hs_iban right;
    assert_int_equal(hs_iban_parse(hs_str_of(EXAMPLES[i]), &right, NULL), HS_OK);
    for (size_t c = 2; right.text[c] != '\0'; c++) {
      struct hs_iban wrong = right;
      for (char digit = '0'; digit <= '9'; digit++) {
        wrong.text[c] = digit;
        assert_int_equal(parse(wrong.text) == HS_OK, digit == right.text[c]);
      }
      wrong = right;
      if (right.text[c + 1] == '\0' || right.text[c] == right.text[c + 1])
        continue;
      wrong.text[c] = right.text[c + 1];
      wrong.text[c + 1] = right.text[c];
      assert_int_equal(parse(wrong.text), HS_INVALID);
    }
  }
}

static void what_is_wrong_with_an_account_is_said([[maybe_unused]] void **state)
{
  static const struct {
    const char *text, *words;
  } ROWS[] = {
      {"", "does not begin with a country"},
      {"DE8", "does not begin with a country"},
      {"D389370400440532013000", "does not begin with a country"},
      {"US89370400440532013000", "US issues none"},
      {"DE8937040044053201300", "has 21 characters; those of DE have 22"},
      {"DE88370400440532013000", "its check digits are wrong"},
      {"DE89-3704-0044-0532-0130-00", "no letter and no digit"},
      {"DE893704004405320130000000000000000", "more than 34 characters"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_err err = {0};
    struct hs_iban out = {"untouched"};
    assert_int_equal(hs_iban_parse(hs_str_of(ROWS[i].text), &out, &err), HS_INVALID);
    assert_non_null(strstr(err.text, ROWS[i].words));
    assert_string_equal(out.text, "untouched");
  }
}

static enum hs_sepa sepa(const char *text)
{
  struct hs_iban iban;
  assert_int_equal(hs_iban_parse(hs_str_of(text), &iban, NULL), HS_OK);
  return hs_iban_sepa(&iban);
}

static void the_schemes_know_who_is_inside([[maybe_unused]] void **state)
{
  assert_int_equal(sepa("DE89370400440532013000"), HS_SEPA_INNER);
  assert_int_equal(sepa("NO9386011117947"), HS_SEPA_INNER);
  assert_int_equal(sepa("CH9300762011623852957"), HS_SEPA_OUTER);
  assert_int_equal(sepa("GB29NWBK60161331926819"), HS_SEPA_OUTER);
  assert_int_equal(sepa("TR330006100519786457841326"), HS_SEPA_NONE);
}

static void bics_have_eight_or_eleven_characters([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    enum hs_status status;
  } ROWS[] = {{"DEUTDEFF", HS_OK},          {"deutdeff500", HS_OK},   {"DEUTDEFF50", HS_INVALID},
              {"DEUTDEF", HS_INVALID},      {"DEUT12FF", HS_INVALID}, {"DEUT DEFF", HS_INVALID},
              {"DEUTDEFF5000", HS_INVALID}, {"1EUTDEFF", HS_OK}};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_bic bic;
    assert_int_equal(hs_bic_parse(hs_str_of(ROWS[i].text), &bic, NULL), ROWS[i].status);
  }
}

/* RF18 5390 0754 7034 is the example by which the standard is explained. */
static void creditor_references_are_checked([[maybe_unused]] void **state)
{
  struct hs_creditor_reference out;
  assert_int_equal(hs_creditor_reference_parse(HS_STR("rf18 5390 0754 7034"), &out, NULL), HS_OK);
  assert_string_equal(out.text, "RF18539007547034");
  static const char *const WRONG[] = {"RF19539007547034", "RF18", "RX18539007547034", "RF1",
                                      "RF18539007547034539007547034"};
  for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
    assert_int_equal(hs_creditor_reference_parse(hs_str_of(WRONG[i]), &out, NULL), HS_INVALID);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(published_ibans_are_taken_and_lose_their_blanks),
      cmocka_unit_test(every_single_slip_is_found),
      cmocka_unit_test(what_is_wrong_with_an_account_is_said),
      cmocka_unit_test(the_schemes_know_who_is_inside),
      cmocka_unit_test(bics_have_eight_or_eleven_characters),
      cmocka_unit_test(creditor_references_are_checked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
