/* Proves service/payout_status: what banks and services report becomes rows of one kind, nothing is
   taken for paid that is not, and a report that cannot be relied upon is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "service/pay/payout_status.h"
#include "support/capacity.h"
#include "support/faults.h"

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

static struct hs_payout_statuses read_ok(struct hs_str text)
{
  struct hs_payout_statuses out = {0};
  struct hs_err err = {0};
  if (hs_payout_status_read(text, HS_STATUS_AUTO, 0, &arena, &out, NULL, NULL, &err) != HS_OK)
    fail_msg("%s", err.text);
  return out;
}

static void assert_refused(struct hs_str text, const char *words)
{
  struct hs_payout_statuses out = {0};
  struct hs_err err = {0};
  struct faults_told told = {0};
  assert_int_equal(
      hs_payout_status_read(text, HS_STATUS_AUTO, 0, &arena, &out, take_fault, &told, &err),
      HS_INVALID);
  if (strstr(err.text, words) == NULL && strstr(told.all, words) == NULL)
    fail_msg("wanted %s, got %s and %s", words, err.text, told.all);
  assert_true(err.text[0] != '\0');
  assert_int_equal(out.row_count, 0);
}

/* "P1 completed ACSC [reference] (reason)", a line a row. */
static const char *shown(const struct hs_payout_statuses *statuses)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  for (size_t r = 0; r < statuses->row_count; r++) {
    const struct hs_payout_status_row *row = &statuses->rows[r];
    hs_buf_printf(&out, "%s %.*s %s %.*s [%.*s] (%.*s)\n", hs_status_scope_word(row->scope),
                  HS_STR_ARG(row->id), hs_payment_state_word(row->state), HS_STR_ARG(row->said),
                  HS_STR_ARG(row->reference), HS_STR_ARG(row->reason));
  }
  return out.data;
}

#define REPORT(inside)                                                                             \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                   \
  "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"            \
  "<GrpHdr><MsgId>ANSWER</MsgId><CreDtTm>2026-10-02T08:00:00Z</CreDtTm></GrpHdr>" inside           \
  "</CstmrPmtStsRpt></Document>"

/* ---- pain.002 ---- */

static void a_report_says_what_became_of_each_payment([[maybe_unused]] void **state)
{
  struct hs_payout_statuses read = read_ok(HS_STR(REPORT(
      "<OrgnlGrpInfAndSts><OrgnlMsgId>B1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
      "<GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
      "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1-1</OrgnlPmtInfId>"
      "<TxInfAndSts><StsId>S1</StsId><OrgnlEndToEndId>P1</OrgnlEndToEndId><TxSts>ACSC</TxSts>"
      "<AcctSvcrRef>BANK-7</AcctSvcrRef><ClrSysRef>CLEAR-7</ClrSysRef></TxInfAndSts>"
      "<TxInfAndSts><OrgnlEndToEndId> P2\n</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf>"
      "<Orgtr><Nm>Bank</Nm></Orgtr><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>since &lt;May&gt;</AddtlInf>"
      "<AddtlInf>sorry</AddtlInf></StsRsnInf><OrgnlTxRef><CdtrAcct><Id><Othr><Id>9</Id></Othr></Id>"
      "</CdtrAcct></OrgnlTxRef></TxInfAndSts>"
      "<TxInfAndSts><OrgnlEndToEndId>P3</OrgnlEndToEndId><TxSts>ACSP</TxSts></TxInfAndSts>"
      "<TxInfAndSts><OrgnlEndToEndId>P4</OrgnlEndToEndId><TxSts>ZZZZ</TxSts></TxInfAndSts>"
      "</OrgnlPmtInfAndSts>")));
  assert_int_equal(read.format, HS_STATUS_PAIN002);
  assert_string_equal(shown(&read), "file  pending PART [] ()\n"
                                    "payment P1 completed ACSC [BANK-7] ()\n"
                                    "payment P2 failed RJCT [] (AC04 the account is closed; since "
                                    "<May>; sorry)\n"
                                    "payment P3 pending ACSP [] ()\n"
                                    "payment P4 pending ZZZZ [] ()\n");
  assert_true(hs_str_equal(read.rows[1].batch, HS_STR("B1")));
  assert_true(hs_str_equal(read.rows[1].block, HS_STR("B1-1")));
}

static void each_state_of_the_code_set_means_one_thing([[maybe_unused]] void **state)
{
  static const struct {
    const char *code;
    enum hs_payment_state state;
  } ROWS[] = {
      {"ACCC", HS_PAYMENT_COMPLETED}, {"ACSC", HS_PAYMENT_COMPLETED}, {"RJCT", HS_PAYMENT_FAILED},
      {"CANC", HS_PAYMENT_FAILED},    {"RCVD", HS_PAYMENT_PENDING},   {"ACTC", HS_PAYMENT_PENDING},
      {"ACCP", HS_PAYMENT_PENDING},   {"ACSP", HS_PAYMENT_PENDING},   {"ACWC", HS_PAYMENT_PENDING},
      {"ACWP", HS_PAYMENT_PENDING},   {"ACFC", HS_PAYMENT_PENDING},   {"PDNG", HS_PAYMENT_PENDING},
      {"PATC", HS_PAYMENT_PENDING},   {"BLCK", HS_PAYMENT_PENDING},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_buf text = hs_buf_in(&arena);
    hs_buf_printf(&text,
                  REPORT("<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>P1</OrgnlEndToEndId>"
                         "<TxSts>%s</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>"),
                  ROWS[i].code);
    struct hs_payout_statuses read = read_ok(hs_buf_str(&text));
    assert_int_equal(read.row_count, 1);
    assert_int_equal(read.rows[0].state, ROWS[i].state);
  }
}

static void a_file_or_a_block_may_be_rejected_as_a_whole([[maybe_unused]] void **state)
{
  struct hs_payout_statuses read = read_ok(
      HS_STR(REPORT("<OrgnlGrpInfAndSts><OrgnlMsgId>B1</OrgnlMsgId><GrpSts>RJCT</GrpSts><StsRsnInf>"
                    "<Rsn><Cd>DUPL</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>")));
  assert_string_equal(shown(&read), "file  failed RJCT [] (DUPL it was sent twice)\n");
  read = read_ok(HS_STR(
      REPORT("<OrgnlGrpInfAndSts><OrgnlMsgId>B1</OrgnlMsgId></OrgnlGrpInfAndSts>"
             "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1-1</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>"
             "<StsRsnInf><Rsn><Prtry>X9</Prtry></Rsn></StsRsnInf>"
             "<TxInfAndSts><OrgnlEndToEndId>P1</OrgnlEndToEndId></TxInfAndSts></OrgnlPmtInfAndSts>"
             "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1-2</OrgnlPmtInfId><PmtInfSts>ACCP</PmtInfSts>"
             "</OrgnlPmtInfAndSts>")));
  assert_string_equal(shown(&read), "payment P1 failed RJCT [] ()\n"
                                    "block  failed RJCT [] (X9)\n"
                                    "block  pending ACCP [] ()\n");
}

/* The version of 2009, with a prefix, as banks still send it. */
static void older_versions_and_prefixes_are_read([[maybe_unused]] void **state)
{
  struct hs_payout_statuses read = read_ok(
      HS_STR("\xef\xbb\xbf<n:Document xmlns:n=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.03\">"
             "<n:CstmrPmtStsRpt><n:OrgnlGrpInfAndSts><n:OrgnlMsgId>B1</n:OrgnlMsgId>"
             "</n:OrgnlGrpInfAndSts><n:OrgnlPmtInfAndSts><n:TxInfAndSts><n:OrgnlEndToEndId>P1"
             "</n:OrgnlEndToEndId><n:TxSts>ACSC</n:TxSts></n:TxInfAndSts></n:OrgnlPmtInfAndSts>"
             "</n:CstmrPmtStsRpt></n:Document>"));
  assert_string_equal(shown(&read), "payment P1 completed ACSC [] ()\n");
}

static void reports_that_cannot_be_relied_upon_are_refused([[maybe_unused]] void **state)
{
#define PAYMENT(id, rest)                                                                          \
  "<TxInfAndSts><OrgnlEndToEndId>" id "</OrgnlEndToEndId>" rest "</TxInfAndSts>\n"
  static const struct {
    const char *text, *words;
  } ROWS[] = {
      {"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"/>",
       "is no payment status report"},
      {"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"/>",
       "has no CstmrPmtStsRpt"},
      {REPORT(""), "says nothing of any payment"},
      {REPORT("<a>"), "line 2: is no XML: mismatched tag"},
      {REPORT("\xff"), "is no XML"},
      {"<", "is no XML"},
      {REPORT("<OrgnlPmtInfAndSts><TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts>"
              "</OrgnlPmtInfAndSts>"),
       "line 2, TxInfAndSts: has no OrgnlEndToEndId"},
      {REPORT("<OrgnlPmtInfAndSts>" PAYMENT("P1", "") "</OrgnlPmtInfAndSts>"), "has no TxSts"},
      {REPORT("<OrgnlPmtInfAndSts>" PAYMENT(
           "P1", "<TxSts>ACSC</TxSts><TxSts>RJCT</TxSts>") "</OrgnlPmtInfAndSts>"),
       "line 2, TxSts: stands there twice"},
      {REPORT("<OrgnlPmtInfAndSts>" PAYMENT("P1", "<TxSts>ACSC</TxSts>")
                  PAYMENT("P1", "<TxSts>RJCT</TxSts>") "</OrgnlPmtInfAndSts>"),
       "line 3: P1 is failed here and completed on line 2"},
      {REPORT("<OrgnlPmtInfAndSts>" PAYMENT(
           "P1", PAYMENT("P2", "<TxSts>ACSC</TxSts>")) "</OrgnlPmtInfAndSts>"),
       "inside of another one"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
    assert_refused(hs_str_of(ROWS[i].text), ROWS[i].words);
}

static void a_repeated_payment_counts_once([[maybe_unused]] void **state)
{
  struct hs_payout_statuses read =
      read_ok(HS_STR(REPORT("<OrgnlPmtInfAndSts>" PAYMENT("P1", "<TxSts>ACSC</TxSts>")
                                PAYMENT("P2", "<TxSts>ACSC</TxSts>")
                                    PAYMENT("P1", "<TxSts>ACCC</TxSts>") "</OrgnlPmtInfAndSts>")));
  assert_string_equal(shown(&read), "payment P1 completed ACSC [] ()\n"
                                    "payment P2 completed ACSC [] ()\n");
}

/* ---- hostile XML ---- */

static void entities_never_get_in([[maybe_unused]] void **state)
{
  assert_refused(HS_STR("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                        "<Document>&b;</Document>"),
                 "has a document type");
  assert_refused(HS_STR("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><Document/>"),
                 "has a document type");
  assert_refused(HS_STR(REPORT("<OrgnlGrpInfAndSts><OrgnlMsgId>&x;</OrgnlMsgId>"
                               "</OrgnlGrpInfAndSts>")),
                 "is no XML: undefined entity");
}

static void depth_and_length_have_bounds([[maybe_unused]] void **state)
{
  struct hs_buf deep = hs_buf_in(&arena);
  hs_buf_add_text(&deep, "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\">");
  for (int i = 0; i < 1000000; i++)
    hs_buf_add_text(&deep, "<a>");
  assert_refused(hs_buf_str(&deep), "more than 32 elements inside each other");
  struct hs_buf lengthy = hs_buf_in(&arena);
  hs_buf_add_text(&lengthy, "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\">"
                            "<CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>");
  for (int i = 0; i < 1000000; i++)
    hs_buf_add_text(&lengthy, "xxxxxxxxxx");
  assert_refused(hs_buf_str(&lengthy), "longer than the message allows");
}

/* ---- CSV ---- */

static void wise_is_known_by_its_direction([[maybe_unused]] void **state)
{
  struct hs_payout_statuses read =
      read_ok(HS_STR("ID,Status,Direction,\"Created on\",\"Target name\",Reference,Batch\n"
                     "TRANSFER-1,COMPLETED,OUT,2026-10-02,Blog,P1,b\n"
                     "TRANSFER-2,CANCELLED,OUT,2026-10-02,Shop,P2,b\n"
                     "TRANSFER-3,REFUNDED,OUT,2026-10-02,Shop,P3,b\n"
                     "TRANSFER-4,IN_PROGRESS,OUT,2026-10-02,Shop,P4,b\n"
                     "TRANSFER-5,COMPLETED,IN,2026-10-02,Us,P5,\n"
                     "TRANSFER-6,COMPLETED,OUT,2026-10-02,Us,,\n"));
  assert_int_equal(read.format, HS_STATUS_WISE);
  assert_int_equal(read.passed_over, 2);
  assert_string_equal(shown(&read), "payment P1 completed COMPLETED [TRANSFER-1] ()\n"
                                    "payment P2 failed CANCELLED [TRANSFER-2] ()\n"
                                    "payment P3 failed REFUNDED [TRANSFER-3] ()\n"
                                    "payment P4 pending IN_PROGRESS [TRANSFER-4] ()\n");
}

static void paypal_has_more_than_one_export([[maybe_unused]] void **state)
{
  struct hs_payout_statuses read =
      read_ok(HS_STR("\"Date\",\"Status\",\"Transaction ID\",\"Custom Number\"\n"
                     "02/10/2026,Completed,8AE,P1\n"
                     "02/10/2026,Unclaimed,8AF,P2\n"
                     "02/10/2026,Completed,8AG,\n"));
  assert_int_equal(read.format, HS_STATUS_PAYPAL);
  assert_int_equal(read.passed_over, 1);
  assert_string_equal(shown(&read), "payment P1 completed Completed [8AE] ()\n"
                                    "payment P2 pending Unclaimed [8AF] ()\n");
  read = read_ok(HS_STR("sender_item_id,transaction_status,transaction_id,errors\n"
                        "P1,SUCCESS,T1,\nP2,RETURNED,T2,never claimed\nP3,ONHOLD,T3,\n"));
  assert_string_equal(shown(&read), "payment P1 completed SUCCESS [T1] ()\n"
                                    "payment P2 failed RETURNED [T2] (never claimed)\n"
                                    "payment P3 pending ONHOLD [T3] ()\n");
}

static void csv_that_says_nothing_of_payments_is_refused([[maybe_unused]] void **state)
{
  assert_refused(HS_STR(""), "is empty");
  assert_refused(HS_STR("Date,Status\n"), "has no column sender_item_id");
  assert_refused(HS_STR("Direction,Reference\n"), "has no column Status");
  assert_refused(HS_STR("sender_item_id,Status\nP1,\n"), "line 2: has no status");
  assert_refused(HS_STR("sender_item_id,Status\nP1\n"), "line 2: has 1 fields; the header has 2");
  assert_refused(HS_STR("sender_item_id,Status\nP1,SUCCESS\nP1,FAILED\n"),
                 "line 3: P1 is failed here and completed on line 2");
}

/* ---- memory ---- */

static enum hs_status read_in(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  struct hs_payout_statuses out;
  return hs_payout_status_read(hs_str_of(context), HS_STATUS_AUTO, 0, bounded, &out, NULL, NULL,
                               err);
}

static void a_full_arena_is_an_answer([[maybe_unused]] void **state)
{
  char report[] = REPORT("<OrgnlPmtInfAndSts>" PAYMENT("P1", "<TxSts>ACSC</TxSts>")
                             PAYMENT("P2", "<TxSts>ACSC</TxSts>") "</OrgnlPmtInfAndSts>");
  char csv[] = "sender_item_id,Status\nP1,SUCCESS\nP2,FAILED\n";
  assert_true(fail_every_allocation(read_in, report) > 4);
  assert_true(fail_every_allocation(read_in, csv) > 4);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_report_says_what_became_of_each_payment),
      cmocka_unit_test(each_state_of_the_code_set_means_one_thing),
      cmocka_unit_test(a_file_or_a_block_may_be_rejected_as_a_whole),
      cmocka_unit_test(older_versions_and_prefixes_are_read),
      cmocka_unit_test(reports_that_cannot_be_relied_upon_are_refused),
      cmocka_unit_test(a_repeated_payment_counts_once),
      cmocka_unit_test(entities_never_get_in),
      cmocka_unit_test(depth_and_length_have_bounds),
      cmocka_unit_test(wise_is_known_by_its_direction),
      cmocka_unit_test(paypal_has_more_than_one_export),
      cmocka_unit_test(csv_that_says_nothing_of_payments_is_refused),
      cmocka_unit_test(a_full_arena_is_an_answer),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
