/* Proves the way from orders and lines to the one settlement of an agreement's month: the figures
   are those that one computes by hand, a closed month stays as it was stated and what changes of it
   later comes as a true-up, leaving the fairness range opens one renegotiation, a private line is
   seen by nobody else in any form, and an emptied ledger comes back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/journal.h"
#include "support/random.h"
#include "support/venture.h"

/* 25 % of somebody's time at 50.00: in September, which has 22 working days of 8 hours, 2,200.00.
 */
static const char document[] =
    "{\"title\":\"V\",\"weight\":\"managed\",\"kind\":\"joint_venture\","
    "\"parties\":[\"home.example\",\"alpha.example\"],"
    "\"sides\":[{\"party\":\"home.example\",\"hour_rate\":\"50\","
    "\"owner\":{\"name\":\"ann\",\"from\":\"2026-01-01\",\"time\":\"25%\"}},"
    "{\"party\":\"alpha.example\"}],"
    "\"terms\":{\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,"
    "\"rules\":[{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}]},"
    "\"sharing\":{\"kind\":\"shares\",\"shares\":[{\"party\":\"home.example\",\"share\":\"60%\"},"
    "{\"party\":\"alpha.example\",\"share\":\"40%\"}]},"
    "\"fairness\":{\"ranges\":[{\"party\":\"home.example\",\"low\":\"20%\",\"high\":\"80%\"},"
    "{\"party\":\"alpha.example\",\"low\":\"20%\",\"high\":\"80%\"}],\"window\":2,\"least\":2}}";

/* ---- one month ---- */

/* Two orders of 1,000.00 and 500.00, of the first 333.33 returned; 10 % commission of what stayed,
   116.67, is paid out. Home bears 2,200.00, alpha 200.00: 1,166.67 less 2,400.00 leaves −1,233.33,
   of which home bears 740.00 and alpha 493.33. */
static void import_september(struct engine *engine)
{
  venture_import_order(engine, "o1", "2026-09-02", "1000.00");
  venture_import_order(engine, "o2", "2026-09-03", "500.00");
  venture_import_refund(engine, "o1", "2026-09-04", "333.33");
  venture_add_lines(engine, "2026-09", ALPHA,
                    "{\"kind\":\"media\",\"what\":\"posters\",\"amount\":\"200.00\"}");
}

static void a_month_comes_to_what_the_hand_computes([[maybe_unused]] void **unused)
{
  struct engine engine;
  venture_start(&engine, document);
  import_september(&engine);
  struct hs_statement statement = venture_state(&engine, "2026-09", (struct hs_str){0});
  const struct hs_joint_line *orders = venture_line_of(&statement, "orders less returns");
  assert_int_equal(orders->amount_minor, 116667);
  assert_true(orders->has_interval);
  assert_true(orders->low_minor <= 116667 && orders->high_minor >= 116667);
  assert_int_equal(venture_line_of(&statement, "commissions earned")->amount_minor, 15000);
  assert_int_equal(venture_line_of(&statement, "commissions taken back")->amount_minor, -3333);
  assert_int_equal(venture_line_of(&statement, "time of the owner")->amount_minor, 220000);
  assert_int_equal(statement.joint.result_minor, -123333);
  assert_int_equal(statement.joint.parts[0].entitled_minor, -74000);
  assert_int_equal(statement.joint.parts[1].entitled_minor, -49333);
  assert_int_equal(statement.settlement_count, 1);
  assert_int_equal(statement.settlement[0].amount_minor,
                   29333); /* −740.00 − (1,166.67 − 2,200.00) */
  assert_int_equal(statement.settlement[0].from, 1);
  assert_int_equal(statement.shared_count, 5);
  assert_int_equal(statement.confirmed_count, 0);
  engine_release(&engine);
}

/* The same with the commission paid in October: then it is October's, and what September left open
   stands before it. */
static void what_is_paid_and_what_is_open_lead_to_the_settlement([[maybe_unused]] void **unused)
{
  struct engine engine;
  venture_start(&engine, document);
  import_september(&engine);
  engine_lock(&engine, NOW_US - HS_DAY_US);
  (void)engine_pay(&engine, "alpha.example"); /* in March 2027 */
  struct hs_statement statement = venture_state(&engine, "2026-10", (struct hs_str){0});
  assert_int_equal(statement.sheet.paid_count, 1);
  assert_true(statement.sheet.paid[0].is_carried);
  assert_int_equal(statement.sheet.paid[0].amount_minor, 29333);
  assert_int_equal(statement.sheet.paid[0].from, 0); /* home has it to get */
  /* October: 22 days cost home 2,200.00 again; 60 % of that are its own. */
  assert_int_equal(statement.joint.parts[0].entitled_minor, -132000);
  assert_int_equal(statement.joint.parts[0].settles_minor, 29333 + 88000);
  statement = venture_state(&engine, "2027-03", (struct hs_str){0});
  int64_t paid = 0;
  for (size_t i = 0; i < statement.sheet.paid_count; i++)
    paid += statement.sheet.paid[i].is_carried ? 0 : statement.sheet.paid[i].amount_minor;
  assert_int_equal(paid, 11667);
  engine_release(&engine);
}

static void a_side_stands_by_a_line_as_long_as_it_stays_what_it_is([[maybe_unused]] void **unused)
{
  struct engine engine;
  size_t count = 0;
  venture_start(&engine, document);
  import_september(&engine);
  struct hs_joint_acting home = venture_acting("2026-09", HOME);
  struct hs_joint_acting alpha = venture_acting("2026-09", ALPHA);
  struct hs_str posters = HS_STR("posters");
  struct hs_str banners = HS_STR("banners");
  hs_arena_reset(&engine.work, 0);
  assert_int_equal(
      hs_joint_confirm(&engine.programme, &home, &banners, 1, &engine.work, &count, &engine.err),
      HS_NOT_FOUND);
  assert_ok(
      hs_joint_confirm(&engine.programme, &home, &posters, 1, &engine.work, &count, &engine.err));
  assert_int_equal(count, 1);
  assert_ok(
      hs_joint_confirm(&engine.programme, &alpha, NULL, 0, &engine.work, &count, &engine.err));
  assert_int_equal(count, 4);
  struct hs_statement statement = venture_state(&engine, "2026-09", (struct hs_str){0});
  assert_int_equal(statement.confirmed_count, 5);
  venture_add_lines(&engine, "2026-09", ALPHA,
                    "{\"kind\":\"media\",\"what\":\"posters\",\"amount\":\"250.00\"}");
  venture_import_refund(&engine, "o2", "2026-09-09", "10.00");
  statement = venture_state(&engine, "2026-09", (struct hs_str){0});
  assert_int_equal(venture_line_of(&statement, "posters")->amount_minor, 25000);
  assert_int_equal(venture_line_of(&statement, "posters")->confirmed, 1U << 1);
  assert_int_equal(venture_line_of(&statement, "orders less returns")->confirmed, 1U << 0);
  assert_int_equal(venture_line_of(&statement, "commissions earned")->confirmed, 3U);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* 129.00 were paid, 19.00 of it tax and 10.00 shipping; what was sold cost 60.00. Of which of these
   the rule takes its rate does not change what the agreement brings. */
static void what_it_brings_is_without_tax_and_shipping([[maybe_unused]] void **unused)
{
  static const struct {
    const char *base;
    int64_t commission_minor;
  } ROWS[] = {{"net", 1000}, {"gross", 1290}, {"margin", 400}};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct engine engine;
    char rule[128];
    engine_start(&engine, NOW_US);
    engine_add_partner(&engine, "alpha.example");
    (void)snprintf(rule, sizeof rule,
                   "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%%\",\"base\":\"%s\"}",
                   ROWS[i].base);
    engine_agree(&engine, "venture", 1, rule, ENGINE_AGREED_US);
    engine_enrol(&engine, "venture", "alpha.example");
    engine_import(&engine, HS_EVENT_TOUCH, "t.csv",
                  "touch_id,person,occurred_at,partner\nt,p,2026-09-02T11:00:00Z,alpha.example\n");
    engine_import(&engine, HS_EVENT_ORDER, "o.csv",
                  "order_id,person,occurred_at,amount,currency,tax,shipping,cost\n"
                  "o,p,2026-09-02T12:00:00Z,129.00,EUR,19.00,10.00,60.00\n");
    assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
    struct hs_statement statement = venture_state(&engine, "2026-09", (struct hs_str){0});
    assert_int_equal(venture_line_of(&statement, "orders less returns")->amount_minor, 10000);
    assert_int_equal(venture_line_of(&statement, "commissions earned")->amount_minor,
                     ROWS[i].commission_minor);
    engine_release(&engine);
  }
}

/* ---- what is refused ---- */

static void a_line_in_fault_is_told_with_its_place([[maybe_unused]] void **unused)
{
  static const struct {
    const char *side, *period, *lines, *says;
    enum hs_status status;
  } ROWS[] = {
      {"alpha.example", "2026-09", "{\"kind\":\"media\",\"what\":\"a\",\"amount\":\"1.234\"}",
       "lines[0].amount", HS_INVALID},
      {"alpha.example", "2026-09", "{\"kind\":\"hours\",\"what\":\"a\",\"hours\":\"2\"}",
       "lines[0].rate: missing", HS_INVALID},
      {"alpha.example", "2026-09",
       "{\"kind\":\"media\",\"what\":\"a\",\"side\":\"home.example\",\"amount\":\"1\","
       "\"private\":true}",
       "lines[0].private: only the side itself", HS_INVALID},
      {"alpha.example", "2026-09",
       "{\"kind\":\"media\",\"what\":\"a\",\"amount\":\"1\",\"confirmed_by\":[\"home.example\"]}",
       "lines[0].confirmed_by: each side confirms for itself", HS_INVALID},
      {"alpha.example", "2026-09",
       "{\"kind\":\"media\",\"what\":\"a\",\"amount\":\"1\"},"
       "{\"kind\":\"media\",\"what\":\"a\",\"amount\":\"2\"}",
       "lines[1].what: \"a\" stands twice", HS_INVALID},
      {"alpha.example", "2026-09",
       "{\"kind\":\"revenue\",\"what\":\"orders less returns\",\"amount\":\"1\"}",
       "choose another name", HS_INVALID},
      {"alpha.example", "2026-09",
       "{\"kind\":\"revenue\",\"what\":\"a\",\"amount\":\"1\",\"low\":\"2\",\"high\":\"3\"}",
       "line 1: the amount must lie in its interval", HS_INVALID},
      {"beta.example", "2026-09", "{\"kind\":\"media\",\"what\":\"a\",\"amount\":\"1\"}",
       "the sides are home.example, alpha.example", HS_NOT_FOUND},
      {"alpha.example", "2026-Q3", "{\"kind\":\"media\",\"what\":\"a\",\"amount\":\"1\"}",
       "a joint P&L is of a month, such as 2026-09", HS_INVALID},
      {"alpha.example", "2026-08", "{\"kind\":\"media\",\"what\":\"a\",\"amount\":\"1\"}",
       "no signed version of agreement venture held by 2026-08", HS_NOT_FOUND},
  };
  struct engine engine;
  venture_start(&engine, document);
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_joint_acting who = venture_acting(ROWS[i].period, hs_str_of(ROWS[i].side));
    char text[512];
    size_t count = 0;
    (void)snprintf(text, sizeof text, "{\"lines\":[%s]}", ROWS[i].lines);
    hs_arena_reset(&engine.work, 0);
    assert_int_equal(hs_joint_add(&engine.programme, &who, hs_str_of(text), &engine.work, &count,
                                  NULL, NULL, &engine.err),
                     ROWS[i].status);
    if (strstr(engine.err.text, ROWS[i].says) == NULL)
      fail_msg("row %zu says: %s", i, engine.err.text);
  }
  struct hs_statement statement = venture_state(&engine, "2026-09", (struct hs_str){0});
  assert_int_equal(statement.shared_count, 2); /* the ledger's orders, and the owner's time */
  engine_release(&engine);
}

/* ---- closed months ---- */

/* A late line of 100.00 for September, borne by alpha: home's part of it is 60.00. It changes no
   figure of September, and October has it as a true-up. */
static void a_closed_month_stays_and_what_changes_of_it_is_trued_up([[maybe_unused]] void **unused)
{
  struct engine engine;
  venture_start(&engine, document);
  import_september(&engine);
  venture_close_month(&engine, "2026-09");
  venture_add_lines(&engine, "2026-09", ALPHA,
                    "{\"kind\":\"content\",\"what\":\"film\",\"amount\":\"100.00\"}");
  venture_import_refund(&engine, "o2", "2026-09-30", "100.00"); /* learnt too late: October's */
  struct hs_statement statement = venture_state(&engine, "2026-09", (struct hs_str){0});
  assert_int_equal(statement.joint.parts[0].settles_minor, 29333);
  assert_int_equal(statement.sheet.note_count, 1); /* that an entry came late */
  statement = venture_state(&engine, "2026-10", (struct hs_str){0});
  assert_int_equal(venture_line_of(&statement, "orders less returns")->amount_minor, -10000);
  assert_int_equal(statement.sheet.paid_count, 2);
  assert_int_equal(statement.sheet.paid[0].amount_minor, 29333);
  assert_int_equal(statement.sheet.paid[0].from, 0);
  assert_int_equal(statement.sheet.paid[1].amount_minor, 6000);
  assert_int_equal(statement.sheet.paid[1].from, 1); /* alpha has it to get */
  /* −100.00 − 2,200.00 shared: home −1,380.00, and it has −2,300.00 */
  assert_int_equal(statement.joint.parts[0].settles_minor, 29333 - 6000 + 92000);
  venture_close_month(&engine, "2026-10");
  statement = venture_state(&engine, "2026-10", (struct hs_str){0});
  assert_int_equal(statement.joint.parts[0].settles_minor, 29333 - 6000 + 92000);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* ---- what one month does not recoup ---- */

static const char waterfall[] =
    "{\"title\":\"V\",\"weight\":\"managed\",\"kind\":\"joint_venture\","
    "\"parties\":[\"home.example\",\"alpha.example\"],"
    "\"terms\":{\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,"
    "\"rules\":[{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}]},"
    "\"sharing\":{\"kind\":\"waterfall\",\"shares\":[{\"party\":\"home.example\",\"share\":\"50%\"}"
    ","
    "{\"party\":\"alpha.example\",\"share\":\"50%\"}],\"steps\":[{\"kind\":\"recoup\"}]}}";

/* September: 300.00 costs, 100.00 come in: 200.00 are left to be recouped. October brings 500.00:
   those first, then halves. */
static void what_was_not_recouped_is_recouped_later([[maybe_unused]] void **unused)
{
  struct engine engine;
  venture_start(&engine, waterfall);
  venture_import_order(&engine, "o1", "2026-09-02", "100.00");
  venture_import_order(&engine, "o2", "2026-10-02", "500.00");
  venture_add_lines(&engine, "2026-09", HOME,
                    "{\"kind\":\"media\",\"what\":\"posters\",\"amount\":\"300.00\"}");
  struct hs_statement statement = venture_state(&engine, "2026-10", (struct hs_str){0});
  assert_int_equal(statement.sheet.sharing.unrecouped_minor[0], 20000);
  assert_int_equal(statement.joint.parts[0].entitled_minor, 20000 + 15000);
  assert_int_equal(statement.joint.parts[1].entitled_minor, 15000);
  engine_release(&engine);
}

/* ---- the balance ---- */

struct noted {
  size_t count;
  char period[16], side[32], what[200];
};

static enum hs_status note_renegotiation(void *context, const struct hs_renegotiation_row *row,
                                         [[maybe_unused]] struct hs_err *err)
{
  struct noted *noted = context;
  noted->count++;
  (void)snprintf(noted->period, sizeof noted->period, "%.*s", HS_STR_ARG(row->period));
  (void)snprintf(noted->side, sizeof noted->side, "%.*s", HS_STR_ARG(row->side));
  (void)snprintf(noted->what, sizeof noted->what, "%.*s", HS_STR_ARG(row->what));
  return HS_OK;
}

static struct noted renegotiations(struct engine *engine)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct noted noted = {0};
  assert_ok(
      ledger->renegotiations(ledger->self, VENTURE, note_renegotiation, &noted, &engine->err));
  return noted;
}

static const char kept[] =
    "{\"title\":\"V\",\"weight\":\"managed\",\"kind\":\"alliance\","
    "\"parties\":[\"home.example\",\"alpha.example\"],"
    "\"terms\":{\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,"
    "\"rules\":[{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}]},"
    "\"fairness\":{\"ranges\":[{\"party\":\"home.example\",\"low\":\"20%\",\"high\":\"80%\"},"
    "{\"party\":\"alpha.example\",\"low\":\"20%\",\"high\":\"80%\"}],\"window\":2,\"least\":2}}";

/* Each keeps its own: home the orders less 10 %, alpha the commission and what it sold itself. Over
   two months alpha's part is at least a fifth or the range is left. */
static void import_months(struct engine *engine)
{
  static const char *const ALPHA_SOLD[] = {"900", "0", "0", "900", "900", "0", "0"};
  for (int m = 0; m < 6; m++) {
    char name[16];
    char day[40];
    char period[24];
    char line[128];
    int month = 9 + m;
    (void)snprintf(name, sizeof name, "o%d", m);
    (void)snprintf(period, sizeof period, "%d-%02d", month > 12 ? 2027 : 2026,
                   (month - 1) % 12 + 1);
    (void)snprintf(day, sizeof day, "%s-02", period);
    venture_import_order(engine, name, day, "1000.00");
    (void)snprintf(line, sizeof line,
                   "{\"kind\":\"revenue\",\"what\":\"own sales\",\"amount\":\"%s\"}",
                   ALPHA_SOLD[m]);
    venture_add_lines(engine, period, ALPHA, line);
  }
}

/* Alpha's parts over two months: 1,100 of 2,900; 200 of 2,000, outside by the end of November;
   1,100 of 2,900 inside again; 2,000 of 3,800; 1,100 of 2,900. */
static void leaving_the_range_opens_one_renegotiation([[maybe_unused]] void **unused)
{
  struct engine engine;
  venture_start(&engine, kept);
  import_months(&engine);
  venture_close_month(&engine, "2026-09");
  venture_close_month(&engine, "2026-10");
  assert_int_equal(renegotiations(&engine).count, 0);
  venture_close_month(&engine, "2026-11");
  struct noted noted = renegotiations(&engine);
  assert_int_equal(noted.count, 1);
  assert_string_equal(noted.period, "2026-11");
  assert_string_equal(noted.side, "alpha.example");
  assert_string_equal(noted.what, "balance of benefit outside of the fairness range since 2026-11: "
                                  "alpha.example would need 200.00 EUR more");
  venture_close_month(&engine, "2026-12");
  venture_close_month(&engine, "2027-01");
  assert_int_equal(renegotiations(&engine).count, 1);
  struct hs_statement statement = venture_state(&engine, "2026-11", (struct hs_str){0});
  assert_int_equal(statement.balance.state, HS_BALANCE_OUTSIDE);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* December without own sales: outside for two months, and still one renegotiation; a second time
   outside, after a month inside, opens another. */
static void it_is_opened_once_for_each_time_that_the_range_is_left([[maybe_unused]] void **unused)
{
  struct engine engine;
  venture_start(&engine, kept);
  import_months(&engine);
  venture_add_lines(&engine, "2026-12", ALPHA,
                    "{\"kind\":\"revenue\",\"what\":\"own sales\",\"amount\":\"0\"}");
  venture_close_month(&engine, "2026-11");
  venture_close_month(&engine, "2026-12");
  assert_int_equal(renegotiations(&engine).count, 1);
  venture_close_month(&engine, "2027-01"); /* 1,100 of 2,900: inside */
  venture_import_order(&engine, "late", "2027-02-03", "9000.00");
  venture_close_month(&engine, "2027-02");
  struct noted noted = renegotiations(&engine);
  assert_int_equal(noted.count, 2);
  assert_string_equal(noted.period, "2027-02");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* ---- judged again ---- */

/* A later touchpoint of somebody else is learnt before the return period ends: the order is then
   all his, and brings this agreement nothing. */
static void an_order_that_is_judged_again_counts_where_it_ends_up([[maybe_unused]] void **unused)
{
  struct engine engine;
  venture_start(&engine, document);
  engine_add_partner(&engine, "beta.example");
  engine_agree(&engine, "offer", 1, "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}",
               ENGINE_AGREED_US);
  engine_enrol(&engine, "offer", "beta.example");
  venture_import_order(&engine, "o1", "2026-09-02", "1000.00");
  venture_import_order(&engine, "o2", "2026-09-03", "500.00");
  venture_import_refund(&engine, "o1", "2026-09-04", "333.33");
  engine_import(&engine, HS_EVENT_TOUCH, "late.csv",
                "touch_id,person,occurred_at,partner\n"
                "late,p-o1,2026-09-02T11:30:00Z,beta.example\n");
  engine_lock(&engine, NOW_US - HS_DAY_US);
  struct hs_statement statement = venture_state(&engine, "2026-09", (struct hs_str){0});
  assert_int_equal(venture_line_of(&statement, "orders less returns")->amount_minor, 50000);
  assert_int_equal(venture_line_of(&statement, "commissions earned")->amount_minor, 15000);
  assert_int_equal(venture_line_of(&statement, "commissions taken back")->amount_minor, -10000);
  struct hs_joint_asked asked = {.agreement = HS_STR("offer"), .period = HS_STR("2026-09")};
  hs_arena_reset(&engine.work, 0);
  assert_ok(
      hs_joint_statement_make(&engine.programme, &asked, &engine.work, &statement, &engine.err));
  assert_int_equal(venture_line_of(&statement, "orders less returns")->amount_minor, 66667);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* ---- who sees what ---- */

static void assert_form(const struct hs_statement *statement, struct engine *engine,
                        void (*form)(const struct hs_statement *statement, struct hs_buf *out),
                        const char *never)
{
  struct hs_buf out = hs_buf_in(&engine->work);
  form(statement, &out);
  assert_ok(hs_buf_status(&out, "a form", NULL));
  assert_null(strstr(out.data, never));
}

static void text_form(const struct hs_statement *statement, struct hs_buf *out)
{
  hs_statement_text(statement, 100, out);
}

static void assert_nowhere(struct engine *engine, const char *period, struct hs_str viewer,
                           const char *never)
{
  struct hs_statement statement = venture_state(engine, period, viewer);
  assert_form(&statement, engine, text_form, never);
  assert_form(&statement, engine, hs_statement_json, never);
  assert_form(&statement, engine, hs_statement_csv, never);
  assert_form(&statement, engine, hs_statement_html, never);
}

static enum hs_status find_private(void *context, const struct hs_joint_entry *entry,
                                   [[maybe_unused]] struct hs_err *err)
{
  *(size_t *)context += entry->line != NULL && entry->line->is_private;
  return HS_OK;
}

static unsigned below(uint64_t *random, unsigned count)
{
  return (unsigned)((next_random(random) >> 33) % count);
}

/* Whatever the sides write: settlements sum to zero, each sees its own private lines, and in no
   form a private line of another, neither its name nor its amount. */
static void private_lines_are_their_sides_alone([[maybe_unused]] void **unused)
{
  struct engine engine;
  uint64_t random = 0x6a6f696e74;
  venture_start(&engine, document);
  import_september(&engine);
  for (int round = 0; round < 12; round++) {
    struct hs_str side = below(&random, 2) == 0 ? HOME : ALPHA;
    struct hs_str other = hs_str_equal(side, HOME) ? ALPHA : HOME;
    char name[32];
    char amount[32];
    char line[256];
    size_t seen = 0;
    (void)snprintf(name, sizeof name, "secret-%d", round);
    (void)snprintf(amount, sizeof amount, "%d.%02d", 31000 + 1000 * round + 7,
                   (int)below(&random, 90) + 10);
    (void)snprintf(line, sizeof line,
                   "{\"kind\":\"tools\",\"what\":\"%s\",\"amount\":\"%s\",\"private\":true},"
                   "{\"kind\":\"media\",\"what\":\"shared-%d\",\"amount\":\"%d\"}",
                   name, amount, round, (int)below(&random, 5000));
    venture_add_lines(&engine, "2026-09", side, line);
    struct hs_statement own = venture_state(&engine, "2026-09", side);
    assert_true(venture_line_of(&own, name)->is_private);
    int64_t sum = 0;
    for (size_t s = 0; s < own.joint.side_count; s++)
      sum += own.joint.parts[s].settles_minor;
    assert_int_equal(sum, 0);
    assert_nowhere(&engine, "2026-09", other, name);
    assert_nowhere(&engine, "2026-09", (struct hs_str){0}, name);
    struct hs_joint_acting reader = venture_acting("2026-09", (struct hs_str){0});
    hs_arena_reset(&engine.work, 0);
    assert_ok(
        hs_joint_list(&engine.programme, &reader, &engine.work, find_private, &seen, &engine.err));
    assert_int_equal(seen, 0);
  }
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* What it costs a partner that we imported is on no page but ours. */
static void imported_costs_are_for_our_own_eyes([[maybe_unused]] void **unused)
{
  struct engine engine;
  venture_start(&engine, document);
  import_september(&engine);
  engine_import(&engine, HS_EVENT_COST, "costs.csv",
                "partner,kind,period_start,period_end,amount,currency\n"
                "alpha.example,media,2026-09-01,2026-09-30,77.77,EUR\n");
  struct hs_statement own = venture_state(&engine, "2026-09", HOME);
  assert_int_equal(own.own.costs_minor - own.joint.parts[0].costs_minor, 7777);
  assert_nowhere(&engine, "2026-09", ALPHA, "77.77");
  assert_nowhere(&engine, "2026-09", (struct hs_str){0}, "imported");
  engine_release(&engine);
}

/* ---- a standard offer ---- */

/* Nobody is named in it: we are one side, all its partners the other, and each keeps its own. */
static void a_standard_offer_has_us_and_its_partners([[maybe_unused]] void **unused)
{
  struct engine engine;
  engine_start(&engine, NOW_US);
  engine_add_partner(&engine, "alpha.example");
  engine_agree(&engine, "venture", 1, "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}",
               ENGINE_AGREED_US);
  engine_enrol(&engine, "venture", "alpha.example");
  venture_import_order(&engine, "o1", "2026-09-02", "1000.00");
  struct hs_statement statement = venture_state(&engine, "2026-09", HS_STR("us"));
  assert_int_equal(statement.joint.parts[0].entitled_minor, 90000);
  assert_int_equal(statement.joint.parts[1].entitled_minor, 10000);
  assert_int_equal(statement.settlement[0].amount_minor, 10000);
  assert_true(hs_str_equal(statement.sheet.sides[1], HS_STR("partners")));
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_month_comes_to_what_the_hand_computes),
      cmocka_unit_test(what_is_paid_and_what_is_open_lead_to_the_settlement),
      cmocka_unit_test(a_side_stands_by_a_line_as_long_as_it_stays_what_it_is),
      cmocka_unit_test(what_it_brings_is_without_tax_and_shipping),
      cmocka_unit_test(a_line_in_fault_is_told_with_its_place),
      cmocka_unit_test(a_closed_month_stays_and_what_changes_of_it_is_trued_up),
      cmocka_unit_test(what_was_not_recouped_is_recouped_later),
      cmocka_unit_test(leaving_the_range_opens_one_renegotiation),
      cmocka_unit_test(it_is_opened_once_for_each_time_that_the_range_is_left),
      cmocka_unit_test(an_order_that_is_judged_again_counts_where_it_ends_up),
      cmocka_unit_test(private_lines_are_their_sides_alone),
      cmocka_unit_test(imported_costs_are_for_our_own_eyes),
      cmocka_unit_test(a_standard_offer_has_us_and_its_partners),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
