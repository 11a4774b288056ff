/* Proves statements from a file: what is read and refused, figures worked out by hand, what each
   form says, and that nothing of a private line is in any form for another side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "agreement/terms.h"
#include "ledger/sharing_terms.h"
#include "service/joint/statement_file.h"
#include "service/joint/statement_words.h"
#include "support/capacity.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 16 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static struct hs_str document(const char *name)
{
  char path[1024];
  (void)snprintf(path, sizeof path, "%s/docs/%s", HANSA_SOURCE_DIR, name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  char *text = hs_arena_alloc(&arena, 65536, 1);
  assert_non_null(text);
  size_t length = fread(text, 1, 65535, file);
  assert_true(length > 0 && length < 65535);
  assert_int_equal(fclose(file), 0);
  return (struct hs_str){text, length};
}

/* The text with its first `before` replaced. */
static struct hs_str with(struct hs_str text, const char *before, const char *after)
{
  const char *at = strstr(text.data, before);
  struct hs_buf out = hs_buf_in(&arena);
  assert_non_null(at);
  hs_buf_add(&out, text.data, (size_t)(at - text.data));
  hs_buf_add_text(&out, after);
  hs_buf_add_text(&out, at + strlen(before));
  return hs_buf_str(&out);
}

static char told[8192];

static void note([[maybe_unused]] void *context, const char *path, const char *words)
{
  size_t used = strlen(told);
  (void)snprintf(told + used, sizeof told - used, "%s: %s\n", path, words);
}

static enum hs_status parse(struct hs_str json, struct hs_sheet *sheet)
{
  told[0] = '\0';
  return hs_sheet_parse(json, &arena, sheet, note, NULL, NULL);
}

static struct hs_statement statement_of(struct hs_str json, const char *viewer)
{
  struct hs_sheet sheet;
  struct hs_statement statement;
  uint32_t side = HS_NOBODY;
  assert_int_equal(parse(json, &sheet), HS_OK);
  if (viewer != NULL)
    assert_int_equal(hs_sheet_side(&sheet, hs_str_of(viewer), &side, NULL), HS_OK);
  assert_int_equal(hs_statement_make(&sheet, side, &arena, &statement, NULL), HS_OK);
  return statement;
}

static struct hs_buf text_of(const struct hs_statement *statement)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_statement_text(statement, 100, &out);
  assert_int_equal(hs_buf_status(&out, "text", NULL), HS_OK);
  return out;
}

static struct hs_str said(void (*say)(const struct hs_statement *, struct hs_buf *),
                          const struct hs_statement *statement)
{
  struct hs_buf out = hs_buf_in(&arena);
  say(statement, &out);
  assert_int_equal(hs_buf_status(&out, "words", NULL), HS_OK);
  return hs_buf_str(&out);
}

/* ---- the examples ---- */

static void five_lines_of_one_side_are_a_beginning([[maybe_unused]] void **state)
{
  struct hs_statement statement = statement_of(document("examples/joint-first-month.json"), NULL);
  /* 18,400.00 − 1,200.00; 2,500.00 and a fifth of 22 days of 8 hours at 65.00. */
  assert_int_equal(statement.together.brings_minor, 1720000);
  assert_int_equal(statement.together.costs_minor, 478800);
  assert_int_equal(statement.together.worth, HS_WORTH_JUSTIFIED);
  assert_int_equal(statement.confirmed_count, 0);
  /* 40 % of 12,412.00, of which nothing was paid yet. */
  assert_int_equal(statement.settlement_count, 1);
  assert_int_equal(statement.settlement[0].amount_minor, 496480);
  assert_string_equal(said(hs_say_together, &statement).data,
                      "Brings 17,200.00 EUR (14,700.00 to 19,500.00), costs 4,788.00 EUR to run: "
                      "justified, before what the goods or services sold cost: no line says so.");
  struct hs_buf text = text_of(&statement);
  assert_non_null(strstr(text.data, "Unconfirmed: these are the figures of brand.example alone"));
  assert_non_null(strstr(text.data, "20 % of 176 hours at 65 EUR"));
  assert_non_null(strstr(text.data, "brand.example pays trails.example 4,964.80 EUR."));
}

/* 16,900.00 after nights and meals. trails.example recoups 3,712.00 + 750.00, brand.example its
   7,806.00 and 1,400.00 of before; 8 % of 4,462.00 are 356.96; 2,875.04 are left, of which 55 % are
   1,581.272. */
static void a_joint_venture_goes_through_its_waterfall([[maybe_unused]] void **state)
{
  struct hs_str json = document("examples/joint-waterfall.json");
  struct hs_statement statement = statement_of(json, "brand.example");
  const struct hs_waterfall *waterfall = &statement.joint.waterfall;
  assert_int_equal(waterfall->steps[0].given_minor[1], 446200);
  assert_int_equal(waterfall->steps[1].given_minor[0], 920600);
  assert_int_equal(waterfall->steps[2].given_minor[1], 35696);
  assert_int_equal(waterfall->steps[3].given_minor[0], 158127);
  assert_int_equal(waterfall->steps[3].given_minor[1], 129377);
  assert_int_equal(statement.settlement[0].from, 1);
  assert_int_equal(statement.settlement[0].amount_minor, 920600 + 158127 - 500000);
  struct hs_statement other = statement_of(json, "trails.example");
  assert_int_equal(other.joint.parts[1].settles_minor, -statement.joint.parts[0].settles_minor);
  assert_int_equal(other.own.costs_minor, 446200 + 37700); /* 6.5 hours at 58.00 are private */
  assert_int_equal(statement.balance.state, HS_BALANCE_OUTSIDE);
  assert_non_null(strstr(text_of(&statement).data, "Outside the fairness range since 2026-08"));
}

/* What stands in an agreement is what a sheet of it is shared by: the same words, the same sides.
 */
static void an_agreement_says_how_its_sheets_are_shared([[maybe_unused]] void **state)
{
  struct hs_agreement agreement;
  struct hs_terms terms;
  struct hs_sharing sharing;
  struct hs_fairness fairness;
  struct hs_err err = {0};
  assert_int_equal(hs_agreement_read(document("examples/joint-venture.json"), &arena, &agreement,
                                     &terms, NULL, NULL, NULL),
                   HS_OK);
  const struct hs_str *parties = agreement.parties.items;
  assert_int_equal(hs_sharing_make(agreement.sharing, parties, agreement.parties.count,
                                   terms.currency, terms.rounding, &sharing, NULL),
                   HS_OK);
  assert_int_equal(hs_sharing_check(&sharing, NULL), HS_OK);
  assert_int_equal(sharing.kind, HS_SHARING_WATERFALL);
  assert_int_equal(hs_ratio_compare(sharing.share[0], hs_ratio_of(3, 5)), 0);
  assert_int_equal(hs_ratio_compare(sharing.loss[1], hs_ratio_of(2, 5)), 0);
  assert_int_equal(sharing.steps[0].side, HS_NOBODY);
  assert_int_equal(sharing.steps[1].of, HS_STEP_OF_COSTS);
  assert_int_equal(hs_ratio_compare(sharing.steps[1].rate, hs_ratio_of(2, 25)), 0);
  assert_int_equal(hs_fairness_make(agreement.fairness, parties, 2, &fairness, NULL), HS_OK);
  assert_int_equal(hs_fairness_check(&fairness, NULL), HS_OK);
  assert_int_equal(fairness.window, 12);
  assert_int_equal(hs_ratio_compare(fairness.high[0], hs_ratio_of(7, 10)), 0);
  const struct hs_str others[] = {HS_STR("brand.example"), HS_STR("hills.example")};
  assert_int_equal(
      hs_sharing_make(agreement.sharing, others, 2, terms.currency, terms.rounding, &sharing, &err),
      HS_INVALID);
  assert_string_equal(err.text, "there is no side \"trails.example\"");
  assert_int_equal(hs_fairness_make(agreement.fairness, others, 2, &fairness, NULL), HS_INVALID);
  assert_int_equal(hs_sharing_make(NULL, others, 2, terms.currency, terms.rounding, &sharing, NULL),
                   HS_OK);
  assert_int_equal(sharing.kind, HS_SHARING_KEPT);
}

/* ---- refused ---- */

static void every_fault_is_told_with_its_place([[maybe_unused]] void **state)
{
  static const struct {
    const char *before, *after, *told;
  } ROWS[] = {
      {"\"EUR\"", "\"EURO\"", "currency: must be a code of ISO 4217, got \"EURO\"\n"},
      {"\"2026-09\"", "\"autumn\"", "period: "},
      {"\"18400.00\"", "\"18400.005\"",
       "lines[0].amount: 18400.005 has 3 digits after the point; EUR has 2\n"},
      {"\"amount\": \"18400.00\",", "", "lines[0].amount: missing\n"},
      {"\"low\": \"15900.00\",", "", "lines[0].low: missing: an interval has two ends\n"},
      {"\"amount\": \"1200.00\"", "\"hours\": \"12\"",
       "lines[1].hours: are only for lines of the kind hours\n"},
      {"\"time\": \"20%\"", "\"time\": \"20%\", \"hours\": \"3\"",
       "lines[4].amount: one of amount, hours and time is needed\n"},
      {", \"hour_rate\": \"65.00\"", "",
       "lines[4].rate: missing: what an hour costs, here or as hour_rate of the side\n"},
      {"\"kind\": \"media\"", "\"kind\": \"in_kind\"",
       "lines[3].valued_by: missing: how what is in kind was valued\n"},
      {"\"to\": \"trails.example\"", "\"to\": \"hills.example\"",
       "lines[2].to: there is no side \"hills.example\"\n"},
      {"{\"party\": \"trails.example\"}", "{\"party\": \"brand.example\"}",
       "sides[1].party: stands twice\nsharing.shares[1].party: \"trails.example\" is none of the "
       "parties"},
      {"\"share\": \"40%\"", "\"share\": \"the rest\"",
       "sharing.shares[1].share: must be a decimal in quotes"},
      {", {\"party\": \"trails.example\", \"share\": \"40%\"}", "",
       "sharing.shares: must have 2 to 12 items, got 1\n"},
      {"\"60%\"", "\"50%\"", "sharing.shares: the shares sum to 9/10, not to 1\n"},
      {"\"kind\": \"shares\"", "\"kind\": \"waterfall\"",
       "sharing.steps: a waterfall has steps, and nothing else has\n"},
      {"\"kind\": \"shares\"",
       "\"kind\": \"waterfall\", \"steps\": [{\"kind\": \"preferred\", \"most\": \"1\"}]",
       "sharing.steps[0]: whose preferred part is it?\n"},
      {"\"kind\": \"shares\"",
       "\"kind\": \"waterfall\", \"steps\": [{\"kind\": \"preferred\", \"party\": "
       "\"brand.example\", \"most\": \"0.001\"}]",
       "sharing: step 1: 0.001 has 3 digits after the point; EUR has 2\n"},
      {"\"sharing\"",
       "\"fairness\": {\"ranges\": [{\"party\": \"brand.example\", \"low\": \"60%\", \"high\": "
       "\"50%\"}, {\"party\": \"trails.example\", \"low\": \"0\", \"high\": \"1\"}]}, \"sharing\"",
       "fairness.ranges[0]: low is above high\n"},
      {"\"sharing\"",
       "\"history\": [{\"period\": \"2026-08\", \"benefits\": [{\"party\": \"brand.example\", "
       "\"amount\": \"1\"}, {\"party\": \"brand.example\", \"amount\": \"1\"}]}], \"sharing\"",
       "history[0].benefits: must name each of the 2 sides once\n"},
      {"\"lines\"", "\"rows\"", "rows: there is no such field"},
  };
  struct hs_str json = document("examples/joint-first-month.json");
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_sheet sheet;
    assert_int_equal(parse(with(json, ROWS[i].before, ROWS[i].after), &sheet), HS_INVALID);
    if (strncmp(told, ROWS[i].told, strlen(ROWS[i].told)) != 0)
      fail_msg("%s is told as %s", ROWS[i].told, told);
  }
}

static void terms_that_cannot_be_applied_are_refused([[maybe_unused]] void **state)
{
  static const struct {
    const char *before, *after, *words;
  } ROWS[] = {
      {"\"15900.00\"", "\"18500.00\"", "line 1: the amount must lie in its interval"},
      {"\"to\": \"trails.example\"", "\"private\": true, \"to\": \"trails.example\"",
       "line 3: what one side owes another is not private"},
  };
  struct hs_str json = document("examples/joint-first-month.json");
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_sheet sheet;
    struct hs_statement statement;
    struct hs_err err = {0};
    assert_int_equal(parse(with(json, ROWS[i].before, ROWS[i].after), &sheet), HS_OK);
    assert_int_equal(hs_statement_make(&sheet, HS_NOBODY, &arena, &statement, &err), HS_INVALID);
    assert_string_equal(err.text, ROWS[i].words);
  }
}

static void an_unknown_side_is_told_with_those_there_are([[maybe_unused]] void **state)
{
  struct hs_sheet sheet;
  struct hs_err err = {0};
  uint32_t side = 7;
  assert_int_equal(parse(document("examples/joint-first-month.json"), &sheet), HS_OK);
  assert_int_equal(hs_sheet_side(&sheet, HS_STR("hills.example"), &side, &err), HS_NOT_FOUND);
  assert_string_equal(err.text, "there is no side \"hills.example\"; the sides are brand.example, "
                                "trails.example");
  assert_int_equal(side, 7);
}

/* ---- what is said ---- */

static void what_is_known_decides_what_is_said([[maybe_unused]] void **state)
{
  struct hs_str json = document("examples/joint-first-month.json");
  struct hs_statement bare =
      statement_of(with(json, "\"low\": \"15900.00\", \"high\": \"20700.00\",", ""), NULL);
  assert_non_null(strstr(said(hs_say_together, &bare).data,
                         "Brings 17,200.00 EUR, costs 4,788.00 EUR to run: cannot tell, because "
                         "revenue has no interval."));
  struct hs_statement wide = statement_of(with(json, "15900.00", "1300.00"), NULL);
  assert_non_null(strstr(said(hs_say_together, &wide).data,
                         "cannot tell, because the interval holds both answers."));
  struct hs_statement dear = statement_of(with(json, "\"2500.00\"", "\"25000.00\""), NULL);
  assert_non_null(strstr(said(hs_say_together, &dear).data, "to run: not justified, before"));
  const char *agreed = "\"kind\": \"shares\",\n    \"shares\": [{\"party\": \"brand.example\", "
                       "\"share\": \"60%\"}, {\"party\": \"trails.example\", \"share\": \"40%\"}]";
  struct hs_statement kept =
      statement_of(with(json, agreed, "\"kind\": \"kept\""), "trails.example");
  assert_non_null(strstr(said(hs_say_sharing, &kept).data, "Each side keeps what it took in"));
  assert_int_equal(kept.settlement[0].amount_minor, 172000);
  struct hs_statement square =
      statement_of(with(with(json, "\"sharing\"",
                             "\"paid\": [{\"from\": \"brand.example\", \"to\": "
                             "\"trails.example\", \"amount\": \"4964.80\", \"what\": \"on "
                             "account\"}], \"sharing\""),
                        "\"period\"", "\"number\": \"2026-0017\", \"period\""),
                   NULL);
  struct hs_buf text = text_of(&square);
  assert_non_null(strstr(text.data, "Statement 2026-0017 of 2026-09"));
  assert_non_null(strstr(text.data, "Nobody owes anybody anything."));
  assert_non_null(strstr(text.data, "brand.example paid trails.example 4,964.80 EUR: on account"));
}

/* Three sides, 900.00 brought in by the first, costs of 300.00 and 900.00 on the others. All recoup
   in proportion, a quarter to three quarters; the next 2,000.00 would be the third's, of which 0.00
   are left. So the first pays the others 225.00 and 675.00, and 300.00 are carried on. */
static const char THREE[] =
    "{\"title\": \"Three\", \"period\": \"2026-Q3\", \"currency\": \"EUR\","
    "\"sides\": [{\"party\": \"a\"}, {\"party\": \"b\"}, {\"party\": \"c\"}],"
    "\"sharing\": {\"kind\": \"waterfall\", \"commissions\": \"first\", \"shares\": ["
    "{\"party\": \"a\", \"share\": \"0.5\", \"loss\": \"1\"}, {\"party\": \"b\", \"share\": "
    "\"0.3\","
    "\"loss\": \"0\"}, {\"party\": \"c\", \"share\": \"0.2\", \"loss\": \"0\"}], \"steps\": ["
    "{\"kind\": \"recoup\"}, {\"kind\": \"preferred\", \"party\": \"c\", \"most\": \"2000\"},"
    "{\"kind\": \"preferred\", \"party\": \"b\", \"rate\": \"5%\", \"most\": \"10\"}]},"
    "\"fairness\": {\"least\": 2, \"ranges\": [{\"party\": \"a\", \"low\": \"0\", \"high\": "
    "\"40%\"},"
    "{\"party\": \"b\", \"low\": \"0\", \"high\": \"1\"}, {\"party\": \"c\", \"low\": \"0\", "
    "\"high\":"
    "\"1\"}]},"
    "\"lines\": [{\"kind\": \"revenue\", \"what\": \"r\", \"side\": \"a\", \"amount\": \"900\"},"
    "{\"kind\": \"tools\", \"what\": \"t\", \"side\": \"b\", \"amount\": \"300\"},"
    "{\"kind\": \"content\", \"what\": \"c\", \"side\": \"c\", \"amount\": \"900\"}]}";

static void three_sides_settle_with_two_payments([[maybe_unused]] void **state)
{
  struct hs_str json = HS_STR(THREE);
  struct hs_statement statement = statement_of(json, NULL);
  assert_int_equal(statement.settlement_count, 2);
  assert_int_equal(statement.settlement[0].amount_minor, 22500);
  assert_int_equal(statement.settlement[1].amount_minor, 67500);
  const char *text = text_of(&statement).data;
  static const char *const SAID[] = {
      "a 50 %, b 30 %, c 20 %; of what is below zero: a 100 %",
      "Commissions and fees between the sides come first.",
      "all recoup their costs in proportion; b 225.00 EUR; c 675.00 EUR",
      "c first has 2,000.00 EUR",
      "b first has 5 % of what is left, at most 10.00 EUR",
      "b has not recouped 75.00 EUR yet.",
      "c has not recouped 225.00 EUR yet.",
      "a puts in nothing that carries a figure",
      "Too early to judge: it takes 2 periods.",
  };
  for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++)
    if (strstr(text, SAID[i]) == NULL)
      fail_msg("\"%s\" is not said in\n%s", SAID[i], text);
  struct hs_buf html = hs_buf_in(&arena);
  hs_statement_html(&statement, &html);
  assert_non_null(strstr(html.data, "<td>not recouped yet</td>"));
}

/* The first has all of what all have, where 40 % are the most; nobody is below its range. */
static void too_much_is_said_where_nobody_has_too_little([[maybe_unused]] void **state)
{
  struct hs_str json =
      with(with(HS_STR(THREE), "\"kind\": \"tools\", \"what\": \"t\", \"side\": \"b\"",
                "\"kind\": \"revenue\", \"what\": \"t\", \"side\": \"a\""),
           "\"kind\": \"content\", \"what\": \"c\", \"side\": \"c\"",
           "\"kind\": \"revenue\", \"what\": \"c\", \"side\": \"a\"");
  const char *sharing = "\"sharing\": {\"kind\": \"waterfall\"";
  struct hs_buf kept = hs_buf_in(&arena);
  const char *end = strstr(json.data, "\"fairness\"");
  hs_buf_add(&kept, json.data, (size_t)(strstr(json.data, sharing) - json.data));
  hs_buf_add_text(&kept,
                  "\"history\": [{\"period\": \"2026-Q2\", \"benefits\": [{\"party\": \"a\", "
                  "\"amount\": \"0\"}, {\"party\": \"b\", \"amount\": \"0\"}, {\"party\": "
                  "\"c\", \"amount\": \"0\"}]}], ");
  hs_buf_add_text(&kept, end);
  struct hs_statement statement = statement_of(hs_buf_str(&kept), NULL);
  assert_int_equal(statement.balance.state, HS_BALANCE_OUTSIDE);
  assert_non_null(strstr(said(hs_say_balance, &statement).data,
                         "Outside the fairness range since 2026-Q3: a has 1,260.00 EUR too much."));
}

static void confirmation_is_counted_by_line([[maybe_unused]] void **state)
{
  struct hs_str one = HS_STR("\"confirmed_by\": [\"brand.example\"]");
  const char *both = "\"confirmed_by\": [\"trails.example\", \"brand.example\"] ";
  struct hs_str json = document("examples/joint-first-month.json");
  struct hs_statement none = statement_of(with(json, one.data, "\"private\": false"), NULL);
  assert_non_null(strstr(said(hs_say_confirmed, &none).data, "Unconfirmed"));
  for (int i = 0; i < 2; i++)
    json = with(json, one.data, both);
  struct hs_statement some = statement_of(json, NULL);
  assert_string_equal(said(hs_say_confirmed, &some).data,
                      "Provisional: 3 of 5 shared lines are not confirmed by both sides.");
  for (int i = 0; i < 3; i++)
    json = with(json, one.data, both);
  struct hs_statement all = statement_of(json, NULL);
  assert_string_equal(said(hs_say_confirmed, &all).data,
                      "Every shared line is confirmed by both sides.");
}

/* ---- private lines ---- */

typedef void (*write_fn)(const struct hs_statement *statement, struct hs_buf *out);

static void write_text(const struct hs_statement *statement, struct hs_buf *out)
{
  hs_statement_text(statement, 100, out);
}

static const write_fn FORMS[] = {write_text, hs_statement_json, hs_statement_csv,
                                 hs_statement_html};

static struct hs_str form_of(struct hs_str json, const char *viewer, size_t form)
{
  struct hs_statement statement = statement_of(json, viewer);
  struct hs_buf out = hs_buf_in(&arena);
  FORMS[form](&statement, &out);
  assert_int_equal(hs_buf_status(&out, "a form", NULL), HS_OK);
  return hs_buf_str(&out);
}

/* Every form for another side and for everybody has the same bytes whatever the private line says,
   and whether it is there at all. The own form has it. */
static void no_form_holds_anything_of_another_sides_private_line([[maybe_unused]] void **state)
{
  const char *secret = "{\"kind\": \"tools\", \"what\": \"share of the warehouse system\", "
                       "\"side\": \"brand.example\", \"amount\": \"310.00\", \"private\": true},";
  struct hs_str json = document("examples/joint-waterfall.json");
  struct hs_str larger = with(json, "\"310.00\"", "\"98765.43\"");
  struct hs_str without = with(json, secret, "");
  for (size_t f = 0; f < sizeof FORMS / sizeof *FORMS; f++) {
    for (int v = 0; v < 2; v++) {
      const char *viewer = v == 0 ? NULL : "trails.example";
      struct hs_str form = form_of(json, viewer, f);
      assert_null(strstr(form.data, "warehouse"));
      assert_true(hs_str_equal(form, form_of(larger, viewer, f)));
      assert_true(hs_str_equal(form, form_of(without, viewer, f)));
    }
    struct hs_str own = form_of(json, "brand.example", f);
    assert_non_null(strstr(own.data, f == 0 ? "share of the ware" : "warehouse"));
    assert_null(strstr(own.data, "controller"));
  }
}

/* ---- forms ---- */

static void no_form_lets_text_of_a_file_act([[maybe_unused]] void **state)
{
  struct hs_str json = document("examples/joint-first-month.json");
  json = with(json, "code TRAIL10",
              "=HYPERLINK(\\\"x\\\")\\u001b[31m\\u202e<script>alert(1)</script>");
  json = with(json, "First trip with a trailer", "</title><img src=x>");
  struct hs_str text = form_of(json, NULL, 0);
  assert_null(memchr(text.data, '\033', text.length));
  assert_null(strstr(text.data, "\xE2\x80\xAE"));
  struct hs_str csv = form_of(json, NULL, 2);
  assert_non_null(strstr(csv.data, ",\"'=HYPERLINK("));
  struct hs_str html = form_of(json, NULL, 3);
  assert_null(strstr(html.data, "<script"));
  assert_null(strstr(html.data, "<img"));
  assert_null(strstr(html.data, "\xE2\x80\xAE"));
  assert_non_null(strstr(html.data, "&lt;script&gt;"));
}

static int64_t integer_at(const json_t *object, const char *name)
{
  const json_t *value = json_object_get(object, name);
  assert_true(json_is_integer(value));
  return json_integer_value(value);
}

static void the_json_form_is_json_and_has_the_figures([[maybe_unused]] void **state)
{
  static const char *const FILES[] = {"examples/joint-first-month.json",
                                      "examples/joint-waterfall.json"};
  for (size_t f = 0; f < 2; f++) {
    struct hs_str form = form_of(document(FILES[f]), "trails.example", 1);
    json_t *root = json_loadb(form.data, form.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    int64_t parts = 0;
    const json_t *sides = json_object_get(root, "sides");
    for (size_t s = 0; s < json_array_size(sides); s++)
      parts += integer_at(json_array_get(sides, s), "part_minor");
    assert_int_equal(parts, integer_at(root, "result_minor"));
    assert_string_equal(json_string_value(json_object_get(root, "seen_by")), "trails.example");
    json_decref(root);
  }
}

/* As many fields in each row as in the header. */
static void every_row_of_the_csv_form_is_whole([[maybe_unused]] void **state)
{
  struct hs_str rest = form_of(document("examples/joint-waterfall.json"), "brand.example", 2);
  size_t rows = 0;
  while (rest.length > 0) {
    struct hs_str row = hs_str_cut(&rest, '\n');
    size_t commas = 0;
    int quoted = 0;
    for (size_t i = 0; i < row.length; i++) {
      quoted ^= row.data[i] == '"';
      commas += row.data[i] == ',' && !quoted;
    }
    assert_int_equal(commas, 10);
    rows++;
  }
  assert_int_equal(rows, 1 + 8 + 1 + 2 + 1);
}

/* ---- bounds and documents ---- */

static enum hs_status in_bounds(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  const struct hs_str *json = context;
  struct hs_sheet sheet;
  struct hs_statement statement;
  enum hs_status status = hs_sheet_parse(*json, bounded, &sheet, NULL, NULL, err);
  if (status == HS_OK)
    status = hs_statement_make(&sheet, 0, bounded, &statement, err);
  for (size_t f = 0; f < sizeof FORMS / sizeof *FORMS && status == HS_OK; f++) {
    struct hs_buf out = hs_buf_in(bounded);
    FORMS[f](&statement, &out);
    status = hs_buf_status(&out, "a form", err);
  }
  return status;
}

static void every_capacity_either_suffices_or_is_said([[maybe_unused]] void **state)
{
  struct hs_str json = document("examples/joint-waterfall.json");
  assert_true(fail_every_allocation(in_bounds, &json) > 50);
}

static void the_schema_in_docs_is_the_one_of_the_tables([[maybe_unused]] void **state)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_shape_schema(&hs_sheet_shape, "A joint profit and loss of Hansa", &out);
  assert_int_equal(hs_buf_status(&out, "the schema", NULL), HS_OK);
  assert_string_equal(document("reference/joint.schema.json").data, out.data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(five_lines_of_one_side_are_a_beginning),
      cmocka_unit_test(a_joint_venture_goes_through_its_waterfall),
      cmocka_unit_test(an_agreement_says_how_its_sheets_are_shared),
      cmocka_unit_test(every_fault_is_told_with_its_place),
      cmocka_unit_test(terms_that_cannot_be_applied_are_refused),
      cmocka_unit_test(an_unknown_side_is_told_with_those_there_are),
      cmocka_unit_test(what_is_known_decides_what_is_said),
      cmocka_unit_test(three_sides_settle_with_two_payments),
      cmocka_unit_test(too_much_is_said_where_nobody_has_too_little),
      cmocka_unit_test(confirmation_is_counted_by_line),
      cmocka_unit_test(no_form_holds_anything_of_another_sides_private_line),
      cmocka_unit_test(no_form_lets_text_of_a_file_act),
      cmocka_unit_test(the_json_form_is_json_and_has_the_figures),
      cmocka_unit_test(every_row_of_the_csv_form_is_whole),
      cmocka_unit_test(every_capacity_either_suffices_or_is_said),
      cmocka_unit_test(the_schema_in_docs_is_the_one_of_the_tables),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
