/* Proves intake/network: each network's export in tests/data/networks is told by its header and
   comes out as the rows that stand here, worked out by hand from the file; what an export does not
   say has to be said. The clock is 2026-07-01. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "intake/network.h"
#include "intake/rules.h"
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

static struct hs_str data_file(const char *name)
{
  char path[512];
  (void)snprintf(path, sizeof path, "%s/tests/data/networks/%s", HANSA_SOURCE_DIR, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    fail_msg("cannot open %s", path);
  char *text = hs_arena_alloc(&arena, 1, 64 * HS_KIB);
  assert_non_null(text);
  size_t length = fread(text, 1, 64 * HS_KIB, file);
  assert_int_equal(fclose(file), 0);
  return (struct hs_str){text, length};
}

static struct hs_currency currency(const char *code)
{
  struct hs_currency out = {0};
  assert_true(code == NULL || hs_currency_parse(hs_str_of(code), &out));
  return out;
}

static const struct hs_zone *berlin(void)
{
  const struct hs_zone *zone = NULL;
  assert_int_equal(hs_zone_open(&arena, hs_io_real(), HS_STR("Europe/Berlin"), &zone, NULL), HS_OK);
  return zone;
}

static struct hs_intake_options finding(const char *path)
{
  return (struct hs_intake_options){
      .kind = HS_EVENT_NETWORK_COMMISSION, .path = path, .finds_network = 1};
}

/* network, commission, order, partner and its id, amount, commission, currency, status, theirs,
   created, approved, paid, reason, clicked, customer, coupon, three marks */
static const struct {
  const char *file;
  const char *network;
  int in_berlin;
  const char *currency;
  enum hs_amounts amounts;
  const char *rows;
} EXPORTS[] = {
    /* Berlin is an hour ahead of UTC in March, two from the 29th on. */
    {"awin.csv", "awin", 1, "EUR", HS_AMOUNTS_UNSTATED,
     "1:awin|9001|o-1001|reviews.example|4711|12000|1200|EUR|approved|1|2026-03-02T0"
     "9:15:00Z|2026-04-01T07:00:00Z\n"
     "2:awin|9002|o-1002|coupons.example|4712|8050|403|EUR|pending|0|2026-03-03T10:0"
     "0:00Z\n"
     "3:awin|9003|o-1003|reviews.example|4711|4990|499|EUR|reversed|2|2026-03-05T17:"
     "30:00Z|||returned by the customer\n"
     "!5 status=9 (word) is none of Awin's words: 0 1 2 pending approved declined de"
     "leted\n"},
    /* The lock of a new commission is a plan; below zero is a correction, closed or not. */
    {"cj.csv", "cj", 0, NULL, HS_AMOUNTS_UNSTATED,
     "1:cj|31001|o-2001|Deals Example|700100|20000|1600|USD|paid|CLOSED|2026-02-01T0"
     "8:00:00Z|2026-03-10T00:00:00Z|||2026-01-31T20:00:00Z||WINTER\n"
     "2:cj|31002|o-2002|Deals Example|700100|7525|602|USD|pending|NEW|2026-06-20T08:"
     "00:00Z\n"
     "3:cj|31003|o-2001|Deals Example|700100|-5000|-400|USD|reversed|CLOSED|2026-02-"
     "20T08:00:00Z|||RETURNED_MERCHANDISE\n"},
    /* An approved commission that is flagged as paid is paid; points are no money. */
    {"firstpromoter.csv", "firstpromoter", 0, "USD", HS_AMOUNTS_MINOR,
     "1:firstpromoter|501|in_1|podcast@partner.example|88|9900|1980|USD|paid|approve"
     "d|2026-04-02T10:00:00Z|2026-05-02T10:00:00Z||||u-1\n"
     "2:firstpromoter|502|in_2|blog@partner.example|89|9900|1980|USD|reversed|denied"
     "|2026-04-03T10:00:00Z|||||u-2\n"
     "!4 unit=points (rule) is no commission in money\n"},
    /* Approved and cleared is paid; the locking date of a pending action is a plan. */
    {"impact.csv", "impact", 0, NULL, HS_AMOUNTS_UNSTATED,
     "1:impact|1000.1.1|o-3001|News Example|10000|21990|880|EUR|paid|APPROVED|2026-0"
     "5-01T08:42:38Z|2026-05-19T22:00:00Z|2026-06-04T22:00:00Z||2026-05-01T07:00:00Z"
     "|c-1|SPRING\n"
     "2:impact|1000.1.2|o-3002|News Example|10000|5250|210|EUR|pending|PENDING|2026-"
     "06-25T08:00:00Z\n"
     "3:impact|1000.1.3|o-3003|Forum Example|10001|0|0|EUR|reversed|REVERSED|2026-05"
     "-04T08:00:00Z\n"},
    {"partnerstack.csv", "partnerstack", 0, "USD", HS_AMOUNTS_MINOR,
     "1:partnerstack|rwd_1|tra_1|mentor_example|||2500|USD|paid|paid|2026-03-01T10:0"
     "0:00Z||2026-04-01T10:00:00Z|||cus_1\n"
     "2:partnerstack|rwd_2|tra_2|mentor_example|||2500|USD|reversed|declined|2026-03"
     "-02T10:00:00Z|||own account||cus_2\n"},
    {"rewardful.csv", "rewardful", 0, NULL, HS_AMOUNTS_UNSTATED,
     "1:rewardful|com-1|ch_1|james@partner.example|aff-1|10000|3000|USD|paid|paid|20"
     "26-01-10T16:28:31.164Z|2026-02-09T16:28:25Z|2026-03-01T08:00:00Z|||cus_1\n"
     "2:rewardful|com-2|ch_2|james@partner.example|aff-1|5000|1500|USD|pending|pendi"
     "ng|2026-06-15T10:00:00Z|||||cus_2\n"
     "3:rewardful|com-3|ch_3|mara@partner.example|aff-2|5000|1500|USD|reversed|voide"
     "d|2026-02-01T10:00:00Z|||||cus_3\n"},
    {"tapfiliate.csv", "tapfiliate", 0, NULL, HS_AMOUNTS_UNSTATED,
     "1:tapfiliate|o-5001|o-5001|anna@partner.example||6000|600|EUR|approved|approve"
     "d|2026-02-10T10:00:00Z||||2026-02-09T10:00:00Z|c-51\n"
     "2:tapfiliate|o-5002|o-5002|anna@partner.example||1500|150|EUR|reversed|disappr"
     "oved|2026-02-11T10:00:00Z|||||c-52\n"},
    {"tolt.ndjson", "tolt", 0, NULL, HS_AMOUNTS_UNSTATED,
     "1:tolt|comm_1|txn_1||part_1|4900|980|USD|paid|paid|2026-03-01T12:00:00Z|2026-0"
     "3-31T12:00:00Z||||cust_1\n"
     "2:tolt|comm_2|txn_1||part_1|-4900|-980|USD|reversed|approved|2026-04-10T12:00:"
     "00Z|||||cust_1\n"},
};

#define EXPORT_COUNT (sizeof EXPORTS / sizeof *EXPORTS)

static const char *read_export(size_t i, struct hs_intake_report *report)
{
  struct hs_intake_options options = finding(EXPORTS[i].file);
  options.currency = currency(EXPORTS[i].currency);
  options.amounts = EXPORTS[i].amounts;
  if (EXPORTS[i].in_berlin)
    options.zone = berlin();
  return intake_read(&arena, data_file(EXPORTS[i].file), &options, report);
}

static void each_export_is_told_by_its_header([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < EXPORT_COUNT; i++) {
    struct hs_intake_report report = {0};
    const char *rows = read_export(i, &report);
    if (report.network == NULL)
      fail_msg("%s: %s", EXPORTS[i].file, rows);
    assert_string_equal(report.network->name, EXPORTS[i].network);
    assert_string_equal(rows, EXPORTS[i].rows);
  }
}

static void every_network_has_an_export([[maybe_unused]] void **state)
{
  size_t count = 0;
  for (const struct hs_network *network = hs_networks(); network->name != NULL; network++)
    assert_string_equal(EXPORTS[count++].network, network->name);
  assert_int_equal(count, EXPORT_COUNT);
}

static void expect(const char *text, struct hs_intake_options options, const char *rows)
{
  assert_string_equal(intake_read(&arena, hs_str_of(text), &options, NULL), rows);
}

static void what_an_export_does_not_say_has_to_be_said([[maybe_unused]] void **state)
{
  expect(
      "id,publisher_id,commission_status,validation_date,commission,date\n", finding("a.csv"),
      "usage: a.csv is read as an export of Awin, which does not say its time zone: name the one "
      "that it was made in (--time-zone Europe/Berlin)");
  expect("key,partnership_key,customer_key,decline_reason,amount,status,created_at\n",
         finding("p.csv"),
         "usage: p.csv is read as an export of PartnerStack, whose documentation does not say how "
         "amounts are written: say --amounts unit (12.50) or --amounts minor (1250)");
  struct hs_intake_options options = finding("p.csv");
  options.amounts = HS_AMOUNTS_UNIT;
  expect(
      "key,partnership_key,customer_key,decline_reason,amount,status,created_at\n", options,
      "invalid: p.csv: no column for currency; the file has: key, partnership_key, customer_key, "
      "decline_reason, amount, status, created_at; say --map currency=FIELD (one currency for "
      "all rows: --currency CODE)");
}

static void a_field_is_known_however_its_name_is_spelt([[maybe_unused]] void **state)
{
  expect(
      "\"Action Id\",\"Action Date\",Partner,\"Sale Amount\",PAYOUT,Locking_Date,Status,currency\n"
      "1.2.3,2026-05-01T10:00:00Z,News Example,20.00,2.00,2026-05-20T00:00:00Z,Approved,EUR\n",
      finding("report.csv"),
      "1:impact|1.2.3||News Example||2000|200|EUR|approved|Approved|2026-05-01T10:00:00Z|"
      "2026-05-20T00:00:00Z\n");
}

static void what_the_caller_maps_wins_over_the_network([[maybe_unused]] void **state)
{
  const struct hs_intake_map map[] = {
      {HS_STR("commission"), HS_STR("pubCommissionAmountPubCurrency")},
      {HS_STR("amount"), HS_STR("saleAmountPubCurrency")}};
  struct hs_intake_options options = finding("cj.csv");
  options.map = map;
  options.map_count = 2;
  options.currency = currency("EUR");
  expect("commissionId,publisherId,actionStatus,eventDate,saleAmountUsd,pubCommissionAmountUsd,"
         "saleAmountPubCurrency,pubCommissionAmountPubCurrency\n"
         "7,70,NEW,2026-05-01T10:00:00Z,11.00,1.10,10.00,1.00\n",
         options, "1:cj|7|||70|1000|100|EUR|pending|NEW|2026-05-01T10:00:00Z\n");
}

static void an_export_of_no_network_goes_by_our_own_names([[maybe_unused]] void **state)
{
  expect("commission_id,order_id,partner_id,partner_name,amount,commission,currency,status,"
         "created_at,paid_at\n"
         "cms_1,o-1,p-1,Mara,100.00,10.00,EUR,approved,2026-05-01T10:00:00Z,2026-06-01T10:00:00Z\n"
         "cms_2,o-2,,,50.00,5.00,EUR,pending,2026-05-01T10:00:00Z,\n",
         finding("ours.csv"),
         "1:|cms_1|o-1|Mara|p-1|10000|1000|EUR|paid||2026-05-01T10:00:00Z||2026-06-01T10:00:00Z"
         "\n"
         "!3 partner= (rule) is missing, and so is the partner's id: one of them is needed\n");
  expect(
      "order,total\n", finding("shop.csv"),
      "invalid: shop.csv: no column for commission_id, commission, currency, status, created_at; "
      "the file has: order, total; say --map commission_id=FIELD (one currency for all rows: "
      "--currency CODE)");
}

static void two_networks_at_once_are_asked_about([[maybe_unused]] void **state)
{
  expect("payout,locking_date,external_id,commission_amount,commission_status\n", finding("x.csv"),
         "invalid: x.csv: the names of its fields fit 2 networks; say which it is (--network awin, "
         "cj, firstpromoter, impact, partnerstack, rewardful, tapfiliate, tolt)");
}

/* What the code around the table takes for granted. */
static void the_table_of_networks_is_whole([[maybe_unused]] void **state)
{
  const struct hs_event_spec *spec = hs_event_spec(HS_EVENT_NETWORK_COMMISSION);
  const char *states = spec->columns[HS_NETWORK_COMMISSION_STATUS].words;
  for (const struct hs_network *network = hs_networks(); network->name != NULL; network++) {
    struct hs_str fields[HS_NETWORK_FIELDS_MAX];
    size_t count = 0;
    for (; network->fields[count].column != NULL; count++) {
      const char *column = network->fields[count].column;
      assert_true(hs_event_column(HS_EVENT_NETWORK_COMMISSION, column) >= 0 ||
                  strcmp(column, HS_NETWORK_PAID) == 0 || strcmp(column, HS_NETWORK_UNIT) == 0);
      fields[count] = hs_str_of(network->fields[count].field);
      int place = -1;
      assert_string_equal(hs_network_column(network, fields[count], &place), column);
      assert_int_equal(place, count); /* no field is listed twice */
    }
    assert_in_range(count, 1, HS_NETWORK_FIELDS_MAX - 1);
    assert_null(network->header[HS_NETWORK_HEADER_MAX - 1]);
    size_t words = 0;
    for (; network->words[words].theirs != NULL; words++)
      assert_non_null(strstr(states, network->words[words].ours));
    assert_in_range(words, 1, HS_NETWORK_WORDS_MAX - 1);
    assert_true(strlen(network->source) > 0 && strlen(network->title) > 0);
    assert_ptr_equal(hs_network_named(hs_str_of(network->name)), network);
  }
  assert_null(hs_network_named(HS_STR("nobody")));
}

/* The clock is 2026-07-01: approved before its locking date, and the payment is announced. */
static void what_is_still_to_come_is_a_plan([[maybe_unused]] void **state)
{
  expect("Id,MediaPartnerId,State,Payout,Currency,EventDate,LockingDate,ClearedDate\n"
         "1,7,APPROVED,2.00,EUR,2026-06-01T10:00:00Z,2026-07-20T00:00:00Z,2026-08-05T00:00:00Z\n",
         finding("impact.csv"), "1:impact|1|||7||200|EUR|approved|APPROVED|2026-06-01T10:00:00Z\n");
}

/* A row whose third number is the year; nothing else is guessed. */
static void dates_as_people_write_them_need_their_order([[maybe_unused]] void **state)
{
  struct hs_intake_options options = finding("ours.csv");
  const char *file = "commission_id,partner,commission,currency,status,created_at\n"
                     "1,Mara,5,EUR,pending,03/04/2026 14:30\n";
  expect(
      file, options,
      "!2 created_at=03/04/2026 14:30 (time) does not say which number is the day: --time-format "
      "dmy or mdy\n");
  options.zone = hs_zone_utc();
  options.time = HS_INTAKE_TIME_DMY;
  expect(file, options, "1:|1||Mara|||500|EUR|pending||2026-04-03T14:30:00Z\n");
  options.time = HS_INTAKE_TIME_MDY;
  expect(file, options, "1:|1||Mara|||500|EUR|pending||2026-03-04T14:30:00Z\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_export_is_told_by_its_header),
      cmocka_unit_test(every_network_has_an_export),
      cmocka_unit_test(what_an_export_does_not_say_has_to_be_said),
      cmocka_unit_test(a_field_is_known_however_its_name_is_spelt),
      cmocka_unit_test(what_the_caller_maps_wins_over_the_network),
      cmocka_unit_test(an_export_of_no_network_goes_by_our_own_names),
      cmocka_unit_test(two_networks_at_once_are_asked_about),
      cmocka_unit_test(the_table_of_networks_is_whole),
      cmocka_unit_test(what_is_still_to_come_is_a_plan),
      cmocka_unit_test(dates_as_people_write_them_need_their_order),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
