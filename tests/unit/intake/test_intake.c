/* Proves intake: which rows come out of which text, told as one string a case, for every rule of
   docs/reference/import.md; what a file as a whole is refused for; what the report says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "support/intake.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 512 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static struct hs_intake_options options_for(enum hs_event_kind kind)
{
  return (struct hs_intake_options){.kind = kind, .path = "file.csv"};
}

static const char *read_with(const char *text, const struct hs_intake_options *options)
{
  return intake_read(&arena, hs_str_of(text), options, NULL);
}

struct rule {
  const char *text, *expected;
};

static void check(enum hs_event_kind kind, const struct rule *rules, size_t count)
{
  struct hs_intake_options options = options_for(kind);
  for (size_t i = 0; i < count; i++) {
    hs_arena_reset(&arena, 0);
    assert_string_equal(read_with(rules[i].text, &options), rules[i].expected);
  }
}
#define CHECK(kind, rules) check(kind, rules, sizeof(rules) / sizeof *(rules))

#define T "2026-03-01T12:00:00Z"

static void touches_are_read_by_these_rules([[maybe_unused]] void **state)
{
  static const struct rule RULES[] = {
      {"person,occurred_at\np1," T "\n", "1:|p1|" T "|||direct\n"},
      {"person,occurred_at,partner\np1," T ",acme\n", "1:|p1|" T "|acme||click\n"},
      {"person,occurred_at,partner,kind\np1," T ",acme,coupon\n", "1:|p1|" T "|acme||coupon\n"},
      {"visitor_id,TS,Affiliate\np1," T ",acme\n", "1:|p1|" T "|acme||click\n"},
      {"\xEF\xBB\xBFperson,occurred_at\r\np1," T "\r\n\r\np2," T "\r\n",
       "1:|p1|" T "|||direct\n2:|p2|" T "|||direct\n"},
      {"person,occurred_at\n\" p,\"\"1\"\" \"," T, "1:|p,\"1\"|" T "|||direct\n"},
      {"person,occurred_at\np1,2026-03-01 14:00:00+02:00\n", "1:|p1|" T "|||direct\n"},
      /* structure */
      {"person,occurred_at\np1\n", "!2 =p1 (field_count) the row has 1 field; the header has 2\n"},
      {"person,occurred_at\n\"a\"b," T "\nc," T "\n",
       "2:|c|" T "|||direct\n!2 =\"a\"b," T " (quote) text stands after a closing quote\n"},
      {"person,occurred_at\np1," T "\n\"", "1:|p1|" T "|||direct\n"
                                           "!3 =\" (quote) a quote is opened and never closed\n"},
      {"person,occurred_at\n\"a\nb\"," T "\nc\n",
       "!2 person=a\nb (text) has a control character\n"
       "!4 =c (field_count) the row has 1 field; the header has 2\n"},
      /* cells */
      {"person,occurred_at\n ," T "\n", "!2 person= (missing) is missing\n"},
      {"person,occurred_at\np1,\n", "!2 occurred_at= (missing) is missing\n"},
      {"person,occurred_at\n\xFF," T "\n", "!2 person=\xFF (text) is not valid UTF-8\n"},
      {"person,occurred_at\na\xC2\x85"
       "b," T "\n",
       "!2 person=a\xC2\x85"
       "b (text) has a control character\n"},
      {"person,occurred_at\na\x7F," T "\n", "!2 person=a\x7F (text) has a control character\n"},
      {"person,occurred_at\np1,yesterday\n",
       "!2 occurred_at=yesterday (time) is no moment such as 2026-03-01T12:00:00Z\n"},
      {"person,occurred_at\np1,2026-03-01T12:00:00\n",
       "!2 occurred_at=2026-03-01T12:00:00 (zone) says no time zone; add an offset such as Z or "
       "+02:00, or name the zone of all rows (--time-zone)\n"},
      {"person,occurred_at\np1,1989-12-31T23:59:59Z\np1,1990-01-01T00:00:00Z\n",
       "2:|p1|1990-01-01T00:00:00Z|||direct\n"
       "!2 occurred_at=1989-12-31T23:59:59Z (time_range) lies before 1990\n"},
      {"person,occurred_at\np1,2026-07-02T00:00:00Z\np1,2026-07-02T00:00:01Z\n",
       "1:|p1|2026-07-02T00:00:00Z|||direct\n"
       "!3 occurred_at=2026-07-02T00:00:01Z (time_range) lies more than a day in the future\n"},
      {"person,occurred_at\np1,2100-01-01T00:00:00Z\n",
       "!2 occurred_at=2100-01-01T00:00:00Z (time_range) lies after 2099\n"},
  };
  CHECK(HS_EVENT_TOUCH, RULES);
}

static void amounts_are_exact_and_have_a_currency([[maybe_unused]] void **state)
{
#define H "order_id,occurred_at,amount,currency\n"
  static const struct rule RULES[] = {
      {H "o1," T ",12.10,EUR\n", "1:o1||" T "|1210|EUR\n"},
      {H "o1," T ",12,eur\n", "1:o1||" T "|1200|EUR\n"},
      {H "o1," T ",1200,JPY\n", "1:o1||" T "|1200|JPY\n"},
      {H "o1," T ",0,EUR\n", "1:o1||" T "|0|EUR\n"},
      {H "o1," T ",-1,EUR\n", "!2 amount=-1 (rule) is negative\n"},
      {H "o1," T ",1,EURO\n",
       "!2 currency=EURO (currency) is no currency of ISO 4217 such as EUR\n"},
      {H "o1," T ",1,\n", "!2 currency= (missing) is missing\n"},
      {H "o1," T ",,EUR\n", "!2 amount= (missing) is missing\n"},
      {"order_id,occurred_at,amount_minor,currency\no1," T ",1210,EUR\no2," T ",12.1,EUR\n",
       "1:o1||" T "|1210|EUR\n"
       "!3 amount_minor=12.1 (money) is no whole number of minor units\n"},
      {"order_id,occurred_at,amount_minor,currency\no1," T ",-4990,EUR\n",
       "!2 amount_minor=-4990 (rule) is negative\n"},
  };
  CHECK(HS_EVENT_ORDER, RULES);
  struct hs_intake_options options = options_for(HS_EVENT_ORDER);
  const char *told = read_with(H "o1," T ",12.345,EUR\n", &options);
  assert_non_null(strstr(told, "!2 amount=12.345 (money) "));
  assert_true(hs_currency_parse(HS_STR("EUR"), &options.currency));
  assert_string_equal(read_with("order_id,occurred_at,amount\no1," T ",12.10\n", &options),
                      "1:o1||" T "|1210|EUR\n");
  assert_string_equal(read_with(H "o1," T ",5,\no2," T ",5,USD\n", &options),
                      "1:o1||" T "|500|EUR\n2:o2||" T "|500|USD\n");
#undef H
}

/* In every figure it would be one with the touches of that kind. */
static void no_partner_is_called_as_a_channel_of_our_own([[maybe_unused]] void **state)
{
  static const struct rule TOUCHES[] = {
      {"person,occurred_at,partner\np1," T ",Direct\n", "1:|p1|" T "|||direct\n"},
      {"person,occurred_at,partner,kind\np1," T ",email,EMAIL\n", "1:|p1|" T "|||email\n"},
      {"person,occurred_at,partner,kind\np1," T ",Email,click\n",
       "!2 partner=Email (rule) is a channel of our own, not a partner: give it as the kind\n"},
      {"person,occurred_at,kind\np1," T ",email\n", "1:|p1|" T "|||email\n"},
  };
  CHECK(HS_EVENT_TOUCH, TOUCHES);
  static const struct rule LEADS[] = {
      {"lead_id,occurred_at,source\nl1," T ",organic\n",
       "!2 partner=organic (rule) is a channel of our own, not a partner: leave it empty\n"},
  };
  CHECK(HS_EVENT_LEAD, LEADS);
  static const struct rule COSTS[] = {
      {"partner,channel,kind,from,amount,currency\nsocial,display,media,2026-03-01,5,EUR\n",
       "!2 partner=social (rule) is a channel of our own, not a partner: give it as the "
       "channel\n"},
  };
  CHECK(HS_EVENT_COST, COSTS);
  static const struct rule ACTIVITY[] = {
      {"partner,day,kind,count\ndirect,2026-03-01,reach,1\n",
       "!2 partner=direct (rule) is a channel of our own, not a partner: only partners are "
       "active\n"},
  };
  CHECK(HS_EVENT_ACTIVITY, ACTIVITY);
}

static void costs_are_read_by_these_rules([[maybe_unused]] void **state)
{
#define H "partner,channel,kind,from,to,amount,currency,hours\n"
  static const struct rule RULES[] = {
      {H "acme,,media,2026-03-01,2026-03-31,100,EUR,\n",
       "1:|acme||media|2026-03-01|2026-03-31|10000|EUR\n"},
      {H "acme,,MEDIA,2026-03-01,,100,EUR,\n", "1:|acme||media|2026-03-01|2026-03-01|10000|EUR\n"},
      {H ",search,hours,2026-03-01,,,,2.5\n", "1:||search|hours|2026-03-01|2026-03-01|||2.5\n"},
      {H "acme,,tools,2026-06-01,2026-12-31,1,EUR,\n",
       "1:|acme||tools|2026-06-01|2026-12-31|100|EUR\n"},
      {H "acme,,media,2026-03-02,2026-03-01,1,EUR,\n",
       "!2 to=2026-03-01 (rule) lies before the period's first day\n"},
      {H ",,media,2026-03-01,,1,EUR,\n",
       "!2 partner= (rule) is missing, and so is the channel: one of them is needed\n"},
      {H "acme,,media,2026-03-01,,,,\n",
       "!2 amount= (rule) is missing, and so are the hours: one of them is needed\n"},
      {H "acme,,media,2026-03-01,,5,,\n", "!2 currency= (missing) is missing\n"},
      {H "acme,,media,2026-03-01,,-5,EUR,\n", "!2 amount=-5 (rule) is negative\n"},
      {H "acme,,hours,2026-03-01,,,,-1\n", "!2 hours=-1 (rule) is negative\n"},
      {H "acme,,rent,2026-03-01,,5,EUR,\n",
       "!2 kind=rent (word) is none of the words: media content tools hours\n"},
      {H "acme,,media,2026-08-01,,5,EUR,\n",
       "!2 from=2026-08-01 (time_range) lies more than a day in the future\n"},
      {H "acme,,media,01.03.2026,,5,EUR,\n",
       "!2 from=01.03.2026 (time) is no day such as 2026-03-01\n"},
  };
  CHECK(HS_EVENT_COST, RULES);
#undef H
}

static void counts_paths_and_series_are_read_by_these_rules([[maybe_unused]] void **state)
{
  static const struct rule ACTIVITY[] = {
      {"partner,day,kind,count\nacme,2026-03-01,reach,4000\n", "1:|acme|2026-03-01|reach|4000\n"},
      {"partner,occurred_at,kind,count\nacme," T ",reach,1\n", "1:|acme|2026-03-01|reach|1\n"},
      {"partner,day,kind,count\nacme,2026-03-01,reach,-1\n", "!2 count=-1 (rule) is negative\n"},
      {"partner,day,kind,count\nacme,2026-03-01,reach,1.5\n",
       "!2 count=1.5 (number) is no whole number that fits 64 bits\n"},
  };
  CHECK(HS_EVENT_ACTIVITY, ACTIVITY);
  static const struct rule PATHS[] = {
      {"path,total_conversions,total_conversion_value,total_null\na > b,2,3.5,1\n",
       "1:a > b|2|3.5|1\n"},
      {"path,conversions\na,-1\n", "!2 conversions=-1 (rule) is negative\n"},
      {"path,conversions\na,1e300\n", "!2 conversions=1e300 (rule) is above 10^15\n"},
      {"path,conversions,value,nulls\na,1,1e16,0\n", "!2 value=1e16 (rule) is above 10^15\n"},
      {"path,conversions,value,nulls\na,1,1,2e15\n", "!2 nulls=2e15 (rule) is above 10^15\n"},
      {"path,conversions,value\na,0,5\n", "!2 value=5 (rule) is a value without a conversion\n"},
      {"path,conversions\na > b > ,1\n", "!2 path=a > b >  (rule) has a step without a name\n"},
      {"path,conversions\na >  > b,1\n", "!2 path=a >  > b (rule) has a step without a name\n"},
      {"path,conversions\n > ,1\n", "!2 path= >  (rule) has a step without a name\n"},
      {"path,conversions\na,nan\n",
       "!2 conversions=nan (number) is no finite number with a decimal point\n"},
  };
  CHECK(HS_EVENT_PATH, PATHS);
  static const struct rule SERIES[] = {
      {"day,metric,value\n2026-03-01,sales,-1.5\n", "1:2026-03-01||sales|-1.5\n"},
  };
  CHECK(HS_EVENT_SERIES, SERIES);
  static const struct rule LEADS[] = {
      {"lead_id,occurred_at,status\nl1," T ",Won\n", "1:l1||" T "||won\n"},
  };
  CHECK(HS_EVENT_LEAD, LEADS);
}

static void json_lines_are_read_by_these_rules([[maybe_unused]] void **state)
{
  static const struct rule RULES[] = {
      {"{\"order_id\":1,\"ts\":\"" T "\",\"amount\":12.10,\"currency\":\"EUR\"}\n",
       "1:1||" T "|1210|EUR\n"},
      {"{\"order_id\":\"\\u00e9\\ud83d\\ude00\",\"ts\":\"" T
       "\",\"amount\":0.1,\"currency\":\"EUR\",\"coupon\":null}",
       "1:\xC3\xA9\xF0\x9F\x98\x80||" T "|10|EUR\n"},
      {"\n{\"order_id\":\"a\",\"ts\":\"" T "\",\"amount\":1,\"currency\":\"EUR\"}\n \n"
       "{\"order_id\":\"b\",\"occurred_at\":\"" T
       "\",\"ts\":\"x\",\"amount_minor\":1,\"currency\":\"EUR\"}",
       "1:a||" T "|100|EUR\n2:b||" T "|1|EUR\n"},
      {"{\"order_id\":\"a\",\"ts\":\"" T
       "\",\"amount\":1e2,\"amount_minor\":1,\"currency\":\"EUR\"}",
       "!1 amount_minor=1 (rule) stands beside an amount in the currency's unit; give one of "
       "them\n"},
      {"{\"order_id\":\"a\",\"ts\":\"" T "\",\"time\":\"" T "\",\"amount\":1,\"currency\":\"EUR\"}",
       "!1 occurred_at=" T
       " (repeated) two fields of the object mean it; keep one or choose by --map\n"},
      {"{\"order_id\":\"a\",\"ts\":\"" T
       "\",\"amount\":1,\"currency\":\"EUR\"}\n{\"order_id\":{}}\n"
       "{\"order_id\":\"a\"} x\n[]\n",
       "1:a||" T "|100|EUR\n"
       "!2 ={\"order_id\":{}} (json) a nested object or array; only flat objects can be read at "
       "byte 13 of the line\n"
       "!3 ={\"order_id\":\"a\"} x (json) something stands behind the object at byte 18 of the "
       "line\n"
       "!4 =[] (json) an object in braces is expected at byte 1 of the line\n"},
  };
  CHECK(HS_EVENT_ORDER, RULES);
}

static void a_file_that_cannot_be_one_is_refused_with_what_to_do([[maybe_unused]] void **state)
{
  static const struct rule RULES[] = {
      {"bad,file\n\"", "invalid: file.csv: no column for person, occurred_at; the file has: bad, "
                       "file; say --map person=FIELD"},
      {"", "invalid: file.csv is empty; a header row or a JSON object is expected"},
      {" \n\n", "invalid: file.csv is empty; a header row or a JSON object is expected"},
      {"person;occurred_at\n",
       "invalid: file.csv: the header is one field; its names seem to stand "
       "between semicolons (--delimiter ';')"},
      {"person,ts,time\n", "invalid: file.csv: both ts and time mean occurred_at; choose by --map "
                           "occurred_at=ts or --map occurred_at=time"},
      {"person,occurred_at,Person\n",
       "invalid: file.csv: the header has person twice; rename one of them"},
      {"\"person,occurred_at\n",
       "invalid: file.csv: line 1, the header: a quote is opened and never closed"},
      {"[{\"person\":1}]", "invalid: file.csv is a JSON array; write one object a line (NDJSON)"},
      {"PK\x03\x04", "invalid: file.csv is a ZIP file or a spreadsheet; save the sheet as CSV"},
      {"\xFF\xFEp", "invalid: file.csv is UTF-16; save it as UTF-8"},
      {"{\"person\":1}\n",
       "invalid: file.csv: no column for occurred_at; the file has: person; say "
       "--map occurred_at=FIELD"},
      {"{person}\n", "invalid: file.csv: no line at its beginning is one flat JSON object: a name "
                     "in quotes is expected"},
      {"PAR1", "unsupported: file.csv is Parquet, which cannot be read here"},
  };
  CHECK(HS_EVENT_TOUCH, RULES);
  static const struct rule ORDERS[] = {
      {"order_id,ts,amount\n", "invalid: file.csv: no column for currency; the file has: order_id, "
                               "ts, amount; say --map currency=FIELD (one currency for all rows: "
                               "--currency CODE)"},
      {"order_id,ts,amount,amount_minor,currency\n",
       "invalid: file.csv: both amount (an amount in the currency's unit) and amount_minor (in "
       "minor "
       "units) are there; keep one, or choose by --map amount=… or --map amount_minor=…"},
  };
  CHECK(HS_EVENT_ORDER, ORDERS);
}

static void a_map_wins_over_names_and_is_checked([[maybe_unused]] void **state)
{
  struct hs_intake_map map[] = {{HS_STR("occurred_at"), HS_STR("When")},
                                {HS_STR("partner"), HS_STR("link")}};
  struct hs_intake_options options = options_for(HS_EVENT_TOUCH);
  options.map = map;
  options.map_count = 2;
  struct hs_intake_report report;
  assert_string_equal(intake_read(&arena,
                                  HS_STR("person,when,occurred_at,link,note\np," T ",x,acme,n\n"),
                                  &options, &report),
                      "1:|p|" T "|acme||click\n");
  assert_int_equal(report.mapped_count, 3);
  assert_true(hs_str_equal(report.mapped[1].column, HS_STR("occurred_at")));
  assert_true(hs_str_equal(report.mapped[1].field, HS_STR("when")));
  assert_int_equal(report.unmapped_count, 2);
  assert_true(hs_str_equal(report.unmapped[0], HS_STR("occurred_at")));
  assert_true(hs_str_equal(report.unmapped[1], HS_STR("note")));
  assert_string_equal(read_with("person,occurred_at,link\n", &options),
                      "invalid: file.csv: --map occurred_at=When: there is no such field; the file "
                      "has: person, occurred_at, link");
  map[0].column = HS_STR("when");
  assert_string_equal(
      read_with("person,occurred_at\n", &options),
      "usage: --map when=When: touches have no column when; they have: touch_id, person, "
      "occurred_at, partner, link, kind, coupon, sub1, sub2, sub3, sub4, sub5, consent, "
      "user_agent, stands_down");
  map[0].column = HS_STR("partner");
  assert_string_equal(read_with("person,occurred_at\n", &options),
                      "usage: --map names the column partner twice");
  map[0] = (struct hs_intake_map){HS_STR("coupon"), HS_STR("LINK")};
  assert_string_equal(read_with("person,occurred_at\n", &options),
                      "usage: --map gives the field link to both coupon and partner");
}

static void moments_are_read_as_the_caller_says([[maybe_unused]] void **state)
{
  struct hs_intake_options options = options_for(HS_EVENT_TOUCH);
  options.time = HS_INTAKE_TIME_UNIX;
  assert_string_equal(read_with("person,ts\np,1772366400\np,1772366400.5\np,1772366400.1234567\n"
                                "p,2026-03-01\np,9223372036854775807\n",
                                &options),
                      "1:|p|" T "|||direct\n2:|p|2026-03-01T12:00:00.5Z|||direct\n"
                      "!4 occurred_at=1772366400.1234567 (time) is no count of seconds since 1970\n"
                      "!5 occurred_at=2026-03-01 (time) is no count of seconds since 1970\n"
                      "!6 occurred_at=9223372036854775807 (time) is no count of seconds since "
                      "1970\n");
  options.time = HS_INTAKE_TIME_UNIX_MS;
  assert_string_equal(read_with("person,ts\np,1772366400000\np,1772366400\n", &options),
                      "1:|p|" T "|||direct\n"
                      "!3 occurred_at=1772366400 (time_range) lies before 1990\n");
}

static void a_moment_without_an_offset_is_of_the_zone_that_was_named([[maybe_unused]] void **state)
{
  /* Berlin put its clocks forward at 02:00 on 2026-03-29. */
  struct hs_intake_options options = options_for(HS_EVENT_TOUCH);
  struct hs_arena zones;
  assert_int_equal(hs_arena_init(&zones, HS_MIB, NULL), HS_OK);
  assert_int_equal(hs_zone_open(&zones, hs_io_real(), HS_STR("Europe/Berlin"), &options.zone, NULL),
                   HS_OK);
  assert_string_equal(
      read_with("person,ts\np,2026-03-29 01:59:59\np,2026-03-29 02:30:00\np,2026-03-29 03:00\n"
                "p,2026-03-29 02:30:00Z\n",
                &options),
      "1:|p|2026-03-29T00:59:59Z|||direct\n3:|p|2026-03-29T01:00:00Z|||direct\n"
      "4:|p|2026-03-29T02:30:00Z|||direct\n"
      "!3 occurred_at=2026-03-29 02:30:00 (zone) was skipped by the clocks of the time zone\n");
  hs_arena_release(&zones);
}

static void fields_have_a_greatest_length([[maybe_unused]] void **state)
{
  struct hs_intake_options options = options_for(HS_EVENT_TOUCH);
  struct hs_buf text = hs_buf_in(&arena);
  hs_buf_add_text(&text, "person,ts,note\n");
  for (size_t length = 4096; length <= 4097; length++)
    hs_buf_printf(&text, "%0*d," T ",%09000d\n", (int)length, 0, 0);
  struct hs_intake_report report;
  const char *told = intake_read(&arena, hs_buf_str(&text), &options, &report);
  assert_int_equal(report.rows_good, 1);
  assert_int_equal(report.rejected_by[HS_REASON_TOO_LONG], 1);
  assert_non_null(strstr(told, "(too_long) has 4097 bytes; 4096 are allowed"));
}

static void the_report_says_what_was_found_out([[maybe_unused]] void **state)
{
  struct hs_intake_options options = options_for(HS_EVENT_TOUCH);
  options.path = "file.tsv";
  struct hs_intake_report report;
  struct hs_str text = HS_STR("person\tts\textra\np\t2026-03-02T00:00:00Z\t\nq\t" T "\t\nr\tx\t\n");
  (void)intake_read(&arena, text, &options, &report);
  assert_int_equal(report.format, HS_INTAKE_FORMAT_CSV);
  assert_true(report.is_format_guessed);
  assert_false(report.is_gzip);
  assert_int_equal(report.delimiter, '\t');
  assert_int_equal(report.rows_good, 2);
  assert_int_equal(report.rows_rejected, 1);
  assert_int_equal(report.rejected_by[HS_REASON_TIME], 1);
  assert_true(report.first_us == INT64_C(1772366400) * HS_SECOND_US);
  assert_true(report.last_us == INT64_C(1772409600) * HS_SECOND_US);
  assert_int_equal(report.bytes_read, text.length);
  assert_true(report.has_hash);
  struct hs_hash hash = hs_blake2b(text.data, text.length);
  assert_true(hs_hash_equal(&report.hash, &hash));
  assert_int_equal(report.unmapped_count, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(touches_are_read_by_these_rules),
      cmocka_unit_test(amounts_are_exact_and_have_a_currency),
      cmocka_unit_test(no_partner_is_called_as_a_channel_of_our_own),
      cmocka_unit_test(costs_are_read_by_these_rules),
      cmocka_unit_test(counts_paths_and_series_are_read_by_these_rules),
      cmocka_unit_test(json_lines_are_read_by_these_rules),
      cmocka_unit_test(a_file_that_cannot_be_one_is_refused_with_what_to_do),
      cmocka_unit_test(a_map_wins_over_names_and_is_checked),
      cmocka_unit_test(moments_are_read_as_the_caller_says),
      cmocka_unit_test(a_moment_without_an_offset_is_of_the_zone_that_was_named),
      cmocka_unit_test(fields_have_a_greatest_length),
      cmocka_unit_test(the_report_says_what_was_found_out),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
