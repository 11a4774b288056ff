/* Proves intake/rate_table: the European Central Bank's file of reference rates comes out as one
   row for each rate that it has, numbered by its place, whatever the number of slots and the size
   of blocks; what is no such table is read a rate a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/intake.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 256 * HS_MIB, NULL) == HS_OK ? 0 : -1;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static struct hs_intake_options rates(void)
{
  return (struct hs_intake_options){.kind = HS_EVENT_RATE, .path = "rates.csv"};
}

static void assert_reads(const char *content, const struct hs_intake_options *options,
                         const char *expected)
{
  assert_string_equal(intake_read(&arena, hs_str_of(content), options, NULL), expected);
}

/* As the bank writes it: the latest day first, a comma at the end of each row, N/A where a currency
   had no rate. The Cypriot pound ended in 2007 and is no currency of ISO 4217 any more. */
#define BANK                                                                                       \
  "Date,USD,JPY,CYP,ZAR,\n"                                                                        \
  "2026-06-30,1.0921,158.09,N/A,20.1,\n"                                                           \
  "2026-06-29,1.09,N/A,0.585274,N/A,\n"
#define BANK_SAYS "|European Central Bank, reference rates\n"

static void the_banks_table_is_a_row_for_each_rate([[maybe_unused]] void **state)
{
  struct hs_intake_options options = rates();
  struct hs_intake_report report;
  const char *expected =
      "1:|2026-06-30|EUR|USD|1.0921" BANK_SAYS "2:|2026-06-30|EUR|JPY|158.09" BANK_SAYS
      "3:|2026-06-30|EUR|ZAR|20.1" BANK_SAYS "4:|2026-06-29|EUR|USD|1.09" BANK_SAYS;
  assert_string_equal(intake_read(&arena, hs_str_of(BANK), &options, &report), expected);
  assert_int_equal(report.rate_columns, 3);
  assert_int_equal(report.rows_good, 4);
  assert_int_equal(report.unmapped_count, 1);
  assert_true(hs_str_equal(report.unmapped[0], HS_STR("CYP")));
  for (unsigned slots = 1; slots <= 3; slots++) {
    options.slot_count = slots;
    options.block_bytes = 40;
    assert_reads(BANK, &options, expected);
  }
}

static void another_currency_may_be_the_one_that_is_valued([[maybe_unused]] void **state)
{
  struct hs_intake_options options = rates();
  assert_true(hs_currency_parse(HS_STR("GBP"), &options.currency));
  assert_reads("date,EUR,GBP\n2026-06-30,1.17,1\n", &options, "1:|2026-06-30|GBP|EUR|1.17\n");
}

/* A row with another number of fields is told once, a cell that is no rate by itself. */
static void what_is_wrong_is_told_with_its_line([[maybe_unused]] void **state)
{
  struct hs_intake_options options = rates();
  assert_reads("Date,USD,JPY\n2026-06-30,1.1\n2026-06-29,0,158\n30 June,1,2\n", &options,
               "4:|2026-06-29|EUR|JPY|158" BANK_SAYS
               "!2 =2026-06-30,1.1 (field_count) the row has 2 fields; the header has 3\n"
               "!3 rate=0 (rule) is no decimal above 0 such as 1.0871\n"
               "!4 day=30 June (time) is no day such as 2026-03-01\n"
               "!4 day=30 June (time) is no day such as 2026-03-01\n");
}

static void a_rate_a_row_is_read_by_the_names_of_columns([[maybe_unused]] void **state)
{
  struct hs_intake_options options = rates();
  assert_reads("date,from,to,rate\n2026-06-30,eur,usd,1.0921\n2026-06-30,usd,USD,1\n", &options,
               "1:|2026-06-30|EUR|USD|1.0921\n"
               "!3 to=USD (rule) is the currency that is valued: a rate is between two\n");
  assert_reads("KEY,FREQ,CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\n"
               "EXR.D.USD.EUR.SP00.A,D,USD,EUR,2026-06-30,1.0921\n",
               &options, "1:|2026-06-30|EUR|USD|1.0921\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_banks_table_is_a_row_for_each_rate),
      cmocka_unit_test(another_currency_may_be_the_one_that_is_valued),
      cmocka_unit_test(what_is_wrong_is_told_with_its_line),
      cmocka_unit_test(a_rate_a_row_is_read_by_the_names_of_columns),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
