/* Proves ledger/tax and ledger/numbers: presets by their dates, tax by hand, numbers without a gap.
   The German rates of value added tax in 2020 are those of the law: 19 %, from July to December
   16 %, then 19 % again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "ledger/numbers.h"
#include "ledger/tax.h"

static struct hs_decimal rate(const char *text)
{
  struct hs_decimal out = {0};
  assert_true(hs_decimal_parse(hs_str_of(text), &out));
  return out;
}

static struct hs_tax_preset preset(const char *country, enum hs_tax_treatment treatment,
                                   const char *on_top, const char *withheld, int32_t from,
                                   int32_t until)
{
  return (struct hs_tax_preset){.country = hs_str_of(country),
                                .treatment = treatment,
                                .rate = rate(on_top),
                                .withholding = rate(withheld),
                                .from_day = from,
                                .until_day = until};
}

#define JULY hs_day_of(2020, 7, 1)
#define JANUARY hs_day_of(2021, 1, 1)

static size_t german_presets(struct hs_tax_preset out[4])
{
  out[0] = preset("DE", HS_TAX_VAT, "19%", "0", hs_day_of(2007, 1, 1), JULY);
  out[1] = preset("DE", HS_TAX_VAT, "16%", "0", JULY, JANUARY);
  out[2] = preset("DE", HS_TAX_VAT, "19%", "0", JANUARY, INT32_MAX);
  out[3] = preset("DE", HS_TAX_SMALL_BUSINESS, "0", "0", hs_day_of(2007, 1, 1), INT32_MAX);
  return 4;
}

/* ---- presets ---- */

static void the_day_of_payment_says_which_rate_holds([[maybe_unused]] void **state)
{
  struct hs_tax_preset presets[4];
  size_t count = german_presets(presets);
  const struct hs_tax_standing standing = {HS_STR("DE"), HS_TAX_VAT, 0, INT32_MAX};
  assert_int_equal(hs_tax_presets_check(presets, count, NULL), HS_OK);
  assert_ptr_equal(hs_tax_preset_on(presets, count, &standing, JULY - 1), &presets[0]);
  assert_ptr_equal(hs_tax_preset_on(presets, count, &standing, JULY), &presets[1]);
  assert_ptr_equal(hs_tax_preset_on(presets, count, &standing, JANUARY - 1), &presets[1]);
  assert_ptr_equal(hs_tax_preset_on(presets, count, &standing, JANUARY), &presets[2]);
  assert_null(hs_tax_preset_on(presets, count, &standing, hs_day_of(2006, 12, 31)));
  const struct hs_tax_standing elsewhere = {HS_STR("FR"), HS_TAX_VAT, 0, INT32_MAX};
  assert_null(hs_tax_preset_on(presets, count, &elsewhere, JULY));
}

static void a_corrected_form_counts_and_an_expired_one_does_not([[maybe_unused]] void **state)
{
  const struct hs_tax_standing standings[] = {
      {HS_STR("DE"), HS_TAX_SMALL_BUSINESS, 100, 400},
      {HS_STR("DE"), HS_TAX_VAT, 200, 300},
  };
  assert_null(hs_tax_standing_on(standings, 2, 99));
  assert_ptr_equal(hs_tax_standing_on(standings, 2, 100), &standings[0]);
  assert_ptr_equal(hs_tax_standing_on(standings, 2, 299), &standings[1]);
  assert_ptr_equal(hs_tax_standing_on(standings, 2, 300), &standings[0]);
  assert_null(hs_tax_standing_on(standings, 2, 400));
  assert_null(hs_tax_standing_on(NULL, 0, 1));
}

static void presets_that_say_two_things_are_refused([[maybe_unused]] void **state)
{
  static const struct {
    const char *country, *on_top, *withheld;
    enum hs_tax_treatment treatment;
    int32_t from, until;
    const char *words;
  } ROWS[] = {
      {"DE", "19%", "0", HS_TAX_VAT, 99, 200, "presets 0 and 1 both hold for vat in DE"},
      {"DE", "19%", "0", HS_TAX_VAT, 0, 1, "presets 0 and 1 both hold"},
      {"de", "19%", "0", HS_TAX_VAT, 100, 200, "preset 1: the country"},
      {"DE", "1.01", "0", HS_TAX_VAT, 100, 200, "preset 1: rates are 0 to 1"},
      {"DE", "0", "-0.1", HS_TAX_VAT, 100, 200, "preset 1: rates are 0 to 1"},
      {"DE", "19%", "0", HS_TAX_PRIVATE, 100, 200, "preset 1: private has no rate on top"},
      {"DE", "0", "0", HS_TAX_PRIVATE, 100, 100, "preset 1 ends before it begins"},
      {"DE", "0", "0", HS_TAX_VAT, 100, 200, NULL},
      {"DE", "0", "0", HS_TAX_PRIVATE, 0, 100, NULL},
      {"FR", "20%", "0", HS_TAX_VAT, 0, 100, NULL},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_err err = {0};
    const struct hs_tax_preset presets[] = {
        preset("DE", HS_TAX_VAT, "19%", "0", 0, 100),
        preset(ROWS[i].country, ROWS[i].treatment, ROWS[i].on_top, ROWS[i].withheld, ROWS[i].from,
               ROWS[i].until),
    };
    assert_int_equal(hs_tax_presets_check(presets, 2, &err),
                     ROWS[i].words == NULL ? HS_OK : HS_INVALID);
    if (ROWS[i].words != NULL)
      assert_non_null(strstr(err.text, ROWS[i].words));
  }
}

static void treatments_are_known_by_their_words([[maybe_unused]] void **state)
{
  enum hs_tax_treatment treatment;
  for (int t = 0; t < HS_TAX_TREATMENT_COUNT; t++) {
    assert_true(hs_tax_parse(hs_str_of(hs_tax_word((enum hs_tax_treatment)t)), &treatment));
    assert_int_equal(treatment, t);
    assert_true(hs_tax_says(treatment)[0] != '\0');
  }
  assert_false(hs_tax_parse(HS_STR("vat "), &treatment));
}

/* ---- arithmetic ---- */

/* 19 % of 33.33 is 6.3327, 16 % of it 5.3328; of 0.50 at 5 % half-even gives 0.02 and half-up 0.03;
   15 % of 33.33 is 4.9995, kept back from it. */
static void tax_is_rounded_once_from_what_was_earned([[maybe_unused]] void **state)
{
  static const struct {
    int64_t net;
    const char *on_top, *withheld;
    enum hs_rounding rounding;
    int64_t tax, kept, paid;
  } ROWS[] = {
      {3333, "19%", "0", HS_ROUND_HALF_EVEN, 633, 0, 3966},
      {3333, "16%", "0", HS_ROUND_HALF_EVEN, 533, 0, 3866},
      {50, "5%", "0", HS_ROUND_HALF_EVEN, 2, 0, 52},
      {50, "5%", "0", HS_ROUND_HALF_UP, 3, 0, 53},
      {3333, "0", "15%", HS_ROUND_HALF_EVEN, 0, 500, 2833},
      {10000, "19%", "15%", HS_ROUND_HALF_EVEN, 1900, 1500, 10400},
      {10000, "0", "1", HS_ROUND_HALF_EVEN, 0, 10000, 0},
      {0, "19%", "15%", HS_ROUND_HALF_EVEN, 0, 0, 0},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const struct hs_tax_preset one =
        preset("DE", HS_TAX_VAT, ROWS[i].on_top, ROWS[i].withheld, 0, 1);
    struct hs_taxed taxed;
    assert_int_equal(hs_tax_apply(&one, ROWS[i].net, ROWS[i].rounding, &taxed, NULL), HS_OK);
    assert_int_equal(taxed.tax_minor, ROWS[i].tax);
    assert_int_equal(taxed.withheld_minor, ROWS[i].kept);
    assert_int_equal(taxed.paid_minor, ROWS[i].paid);
  }
  const struct hs_tax_preset one = preset("DE", HS_TAX_VAT, "19%", "0", 0, 1);
  struct hs_taxed taxed = {.net_minor = 7};
  assert_int_equal(hs_tax_apply(&one, INT64_MAX, HS_ROUND_HALF_EVEN, &taxed, NULL), HS_INVALID);
  assert_int_equal(taxed.net_minor, 7);
}

/* ---- numbers ---- */

static struct hs_series series(const char *prefix, int32_t year)
{
  struct hs_series out;
  assert_int_equal(hs_series_make(hs_str_of(prefix), year, &out, NULL), HS_OK);
  return out;
}

static void a_number_has_one_spelling([[maybe_unused]] void **state)
{
  static const struct {
    const char *prefix;
    int32_t year;
    uint64_t number;
    const char *text;
  } ROWS[] = {
      {"SB", 2026, 17, "SB-2026-000017"},
      {"SB-DE", 2000, 1, "SB-DE-2000-000001"},
      {"A", 9999, 999999, "A-9999-999999"},
      {"A", 2026, 1000000, "A-2026-1000000"},
      {"ABCDEFGHIJ", 2026, UINT64_MAX, "ABCDEFGHIJ-2026-18446744073709551615"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_series one = series(ROWS[i].prefix, ROWS[i].year);
    struct hs_series again;
    uint64_t number = 0;
    char text[HS_NUMBER_TEXT];
    hs_number_format(&one, ROWS[i].number, text);
    assert_string_equal(text, ROWS[i].text);
    assert_true(hs_number_parse(hs_str_of(text), &again, &number));
    assert_string_equal(again.prefix, ROWS[i].prefix);
    assert_int_equal(again.year, ROWS[i].year);
    assert_true(number == ROWS[i].number);
  }
  static const char *const WRONG[] = {"",
                                      "SB-2026-17",
                                      "SB-2026-0000017",
                                      "SB-2026-000000",
                                      "sb-2026-000017",
                                      "SB-1999-000017",
                                      "SB-02026-000017",
                                      "2026-000017",
                                      "-2026-000017",
                                      "SB-2026-000017 ",
                                      "SB-2026-+00017",
                                      "SB--2026-000017",
                                      "1B-2026-000017"};
  for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
    struct hs_series none;
    uint64_t number = 0;
    assert_false(hs_number_parse(hs_str_of(WRONG[i]), &none, &number));
  }
}

static void a_gap_in_a_series_is_named([[maybe_unused]] void **state)
{
  struct hs_series one = series("SB", 2026);
  const uint64_t good[] = {1, 2, 3};
  const uint64_t gap[] = {1, 2, 4};
  const uint64_t late[] = {2, 3};
  const uint64_t twice[] = {1, 2, 2};
  struct hs_err err = {0};
  assert_int_equal(hs_numbers_check(&one, good, 3, &err), HS_OK);
  assert_int_equal(hs_numbers_check(&one, NULL, 0, &err), HS_OK);
  assert_int_equal(hs_numbers_check(&one, gap, 3, &err), HS_CONFLICT);
  assert_string_equal(err.text, "SB-2026-000003 is missing");
  assert_int_equal(hs_numbers_check(&one, late, 2, &err), HS_CONFLICT);
  assert_string_equal(err.text, "SB-2026-000001 is missing");
  assert_int_equal(hs_numbers_check(&one, twice, 3, &err), HS_CONFLICT);
  assert_string_equal(err.text, "SB-2026-000002 is there twice");
}

static void a_series_has_a_plain_name_and_a_year([[maybe_unused]] void **state)
{
  static const char *const WRONG[] = {"", "sb", "SB-", "-SB", "1SB", "SB SB", "ABCDEFGHIJK"};
  struct hs_series out;
  for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
    assert_int_equal(hs_series_make(hs_str_of(WRONG[i]), 2026, &out, NULL), HS_INVALID);
  assert_int_equal(hs_series_make(HS_STR("SB"), 1999, &out, NULL), HS_INVALID);
  assert_int_equal(hs_series_make(HS_STR("SB"), 10000, &out, NULL), HS_INVALID);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_day_of_payment_says_which_rate_holds),
      cmocka_unit_test(a_corrected_form_counts_and_an_expired_one_does_not),
      cmocka_unit_test(presets_that_say_two_things_are_refused),
      cmocka_unit_test(treatments_are_known_by_their_words),
      cmocka_unit_test(tax_is_rounded_once_from_what_was_earned),
      cmocka_unit_test(a_number_has_one_spelling),
      cmocka_unit_test(a_gap_in_a_series_is_named),
      cmocka_unit_test(a_series_has_a_plain_name_and_a_year),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
