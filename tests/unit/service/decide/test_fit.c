/* Proves what hansa fit reads: files in both forms with their faults, and of a programme one value
   a person, the latest; that pages meet by their paths and days by their spans; and that the trap
   is named when it is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "service/decide/fit.h"
#include "service/track/state.h"
#include "support/engine.h"

#define START_US (INT64_C(1798761600) * HS_SECOND_US) /* 2027-01-01 */
static struct engine engine;
static struct hs_arena arena;
static struct hs_fit fit;
static char rejects[2048];

static int set_up([[maybe_unused]] void **state)
{
  rejects[0] = '\0';
  engine_start(&engine, START_US);
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) == HS_OK ? 0 : -1;
}

static int tear_down([[maybe_unused]] void **state)
{
  engine_release(&engine);
  hs_arena_release(&arena);
  return 0;
}

static void note_reject([[maybe_unused]] void *context, const char *path, uint64_t line,
                        const char *reason)
{
  size_t used = strlen(rejects);
  (void)snprintf(rejects + used, sizeof rejects - used, "%s:%llu %.24s\n", path,
                 (unsigned long long)line, reason);
}

static void put(const char *path, const char *text)
{
  assert_int_equal(hs_io_replace_file(engine.io, path, text, strlen(text), NULL), HS_OK);
}

static enum hs_status make(const char *ours, int has_programme)
{
  struct hs_fit_options options = {.theirs = "theirs.csv",
                                   .ours = ours,
                                   .programme = has_programme ? &engine.programme : NULL,
                                   .on_reject = note_reject};
  assert_int_equal(hs_parse_period(HS_STR("2026"), engine.programme.zone, &options.period, NULL),
                   HS_OK);
  return hs_fit_make(&arena, engine.io, &options, &fit, &engine.err);
}

static const struct hs_fit_dimension *dimension(const char *name)
{
  for (size_t i = 0; i < fit.dimension_count; i++)
    if (hs_str_equal(fit.dimensions[i].name, hs_str_of(name)))
      return &fit.dimensions[i];
  fail_msg("no dimension %s", name);
  return NULL;
}

static void assert_value(const char *name, const char *value, double ours, double theirs)
{
  const struct hs_fit_dimension *found = dimension(name);
  for (size_t i = 0; i < found->value_count; i++)
    if (hs_str_equal(found->values[i].text, hs_str_of(value))) {
      assert_true(found->values[i].ours == ours && found->values[i].theirs == theirs);
      return;
    }
  fail_msg("%s has no value %s", name, value);
}

static void both_forms_of_a_file_are_read([[maybe_unused]] void **state)
{
  put("theirs.csv", "Category,shoe size,timing,landing_page\n"
                    "Boots,43,2.5,https://a.example/Boots/?q=1\n"
                    "boots ,44,same day,/boots\n"
                    ",45,,\n");
  put("ours.csv", "dimension,value,count,about\n"
                  "category,boots,7,\ncategory,tents,3,\n"
                  "timing,1,4,\nlanding_page,https://b.example/boots#x,5,\n"
                  "brand,acme,9,intent\nage,30-44,12,\n");
  assert_int_equal(make("ours.csv", 0), HS_OK);
  assert_int_equal(fit.dimension_count, 5);
  assert_value("Category", "boots", 7, 2);
  assert_value("Category", "tents", 3, 0);
  assert_value("timing", "1 to 3 days", 4, 1);
  assert_value("timing", "same day", 0, 1);
  assert_value("landing_page", "/boots", 5, 2);
  assert_value("brand", "acme", 9, 0);
  assert_int_equal(dimension("brand")->about, HS_FIT_INTENT);
  assert_int_equal(dimension("age")->about, HS_FIT_DEMOGRAPHICS);
  assert_int_equal(fit.unread_count, 1);
  assert_true(hs_str_equal(fit.unread[0], HS_STR("shoe size")));
  assert_int_equal(fit.verdict, HS_FIT_UNDECIDED);
  assert_int_equal(fit.about[HS_FIT_INTENT].gap, HS_FIT_TOO_FEW);
}

static void what_cannot_be_used_is_named([[maybe_unused]] void **state)
{
  put("theirs.csv", "dimension,value,count,about\n"
                    "category,boots,0.25,\nbrand,acme,3,\ncategory,,3,\ncategory,x,-1,\n"
                    ",x,1,\ncategory,x,1,both\ncategory,x,7,\ncategory,\"x\"y,1,\n");
  assert_int_equal(make("theirs.csv", 0), HS_OK);
  assert_int_equal(fit.row_count, 16);
  assert_int_equal(fit.reject_count, 14);
  assert_non_null(strstr(rejects, "theirs.csv:2 count must be a whole nu\n"));
  assert_non_null(strstr(rejects, "theirs.csv:3 the dimension is none th\n"));
  assert_non_null(strstr(rejects, "theirs.csv:4 value is missing\n"));
  assert_non_null(strstr(rejects, "theirs.csv:6 dimension is missing\n"));
  assert_non_null(strstr(rejects, "theirs.csv:7 about must be intent or \n"));
  assert_value("category", "x", 7, 7);
  put("theirs.csv", "name,shoe size\na,43\n");
  assert_int_equal(make("theirs.csv", 0), HS_INVALID);
  assert_non_null(strstr(engine.err.text, "query, landing_page, category"));
  put("theirs.csv", "");
  assert_int_equal(make("theirs.csv", 0), HS_INVALID);
  assert_int_equal(make(NULL, 0), HS_USAGE);
}

static void nobody_is_no_comparison([[maybe_unused]] void **state)
{
  put("ours.csv", "dimension,value,count\ncategory,boots,7\n");
  put("theirs.csv", "dimension,value,count\n");
  assert_int_equal(make("ours.csv", 0), HS_INSUFFICIENT);
  assert_non_null(strstr(engine.err.text, "theirs.csv counts nobody"));
  put("theirs.csv", "dimension,value,count\ncategory,boots,0\n");
  assert_int_equal(make("ours.csv", 0), HS_INSUFFICIENT);
  put("theirs.csv", "category\n\" \"\n");
  assert_int_equal(make("ours.csv", 0), HS_INSUFFICIENT);
}

/* Written large, small or mixed it is the same word, in Latin, Greek and Cyrillic letters; what is
   too long stays text. */
static void writing_does_not_part_values([[maybe_unused]] void **state)
{
  static char text[2048] = "query\nGRÖßE\nGröße\ngröße\nŽLUŤ\nžluť\nΛΟΓΟΣ\nλογος\nКОТЁЛ\nкотёл\n";
  size_t used = strlen(text);
  for (size_t i = 0; i < 400; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s", i == 0 ? "a" : "ü");
  put("ours.csv", text);
  put("theirs.csv", "query\nx\n");
  assert_int_equal(make("ours.csv", 0), HS_OK);
  assert_value("query", "größe", 3, 0);
  assert_value("query", "žluť", 2, 0);
  assert_value("query", "λογοσ", 2, 0);
  assert_value("query", "котёл", 2, 0);
  const struct hs_fit_dimension *query = dimension("query");
  assert_int_equal(query->value_count, 6);
  for (size_t i = 0; i < query->value_count; i++)
    assert_true(hs_str_is_utf8(query->values[i].text));
}

/* Columns in each other's place: noticed, and not compared with each other for an hour. */
static void dimensions_are_few([[maybe_unused]] void **state)
{
  static char text[20000] = "dimension,value,count,about\n";
  size_t used = strlen(text);
  for (int i = 0; i < 300; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "value %d,query,1,intent\n", i);
  put("theirs.csv", text);
  assert_int_equal(make("theirs.csv", 0), HS_OK);
  assert_int_equal(fit.dimension_count, 200);
  assert_int_equal(fit.reject_count, 200);
}

/* Ann bought a tent and then boots: boots count, once, and are a next purchase too. Bob names no
   category, so his product counts. */
static void a_programme_gives_one_value_a_person([[maybe_unused]] void **state)
{
  const struct hs_party party = {.name = HS_STR("blog"), .enrolment = HS_STR("approved")};
  const struct hs_link link = {.name = HS_STR("blog-1"),
                               .party = HS_STR("blog"),
                               .target = HS_STR("https://shop.example/camp/")};
  assert_int_equal(
      hs_state_add(&engine.programme,
                   &(struct hs_state_rows){
                       .parties = &party, .party_count = 1, .links = &link, .link_count = 1},
                   &engine.err),
      HS_OK);
  engine_import(&engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner,link\n"
                "t1,ann,2026-03-01T10:00:00Z,blog,blog-1\n"
                "t2,ann,2026-03-02T10:00:00Z,blog,blog-1\n"
                "t3,bob,2026-03-05T10:00:00Z,blog,https://shop.example/feet\n");
  engine_import(
      &engine, HS_EVENT_ORDER, "orders.csv",
      "order_id,person,occurred_at,amount,currency,country,items\n"
      "o1,ann,2026-01-03T10:00:00Z,50.00,EUR,DE,\"[{\"\"product\"\":\"\"t\"\","
      "\"\"category\"\":\"\"Tents\"\",\"\"amount_minor\"\":5000}]\"\n"
      "o2,ann,2026-03-04T10:00:00Z,60.00,EUR,,\"[{\"\"product\"\":\"\"s\"\",\"\"category\"\":"
      "\"\"Socks\"\",\"\"amount_minor\"\":1000},{\"\"product\"\":\"\"b\"\",\"\"category\"\":"
      "\"\"Boots\"\",\"\"amount_minor\"\":5000}]\"\n"
      "o3,bob,2026-03-05T11:00:00Z,10.00,EUR,AT,\"[{\"\"product\"\":\"\"Lamp\"\","
      "\"\"amount_minor\"\":1000}]\"\n");
  put("theirs.csv", "dimension,value,count\ncategory,boots,1\n");
  if (make(NULL, 1) != HS_OK)
    fail_msg("%s", engine.err.text);
  assert_value("category", "boots", 1, 1);
  assert_value("category", "lamp", 1, 0);
  assert_int_equal(dimension("category")->value_count, 2);
  assert_value("next_purchase", "boots", 1, 0);
  assert_int_equal(dimension("next_purchase")->value_count, 1);
  assert_value("country", "de", 1, 0);
  assert_value("country", "at", 1, 0);
  assert_value("timing", "1 to 3 days", 1, 0);
  assert_value("timing", "within a day", 1, 0);
  assert_value("landing_page", "/camp", 1, 0);
  assert_value("landing_page", "/feet", 1, 0);
}

/* ---- verdicts on known truths ---- */

static void write_sample(const char *path, const char *const *wants, const char *const *countries)
{
  struct hs_buf text = hs_buf_in(&arena);
  hs_buf_add_text(&text, "category,country\n");
  for (size_t i = 0; i < 400; i++)
    hs_buf_printf(&text, "%s,%s\n", wants[i * 7 % 11 % 4], countries[i * 5 % 13 % 3]);
  put(path, text.data);
}

static void the_trap_is_named([[maybe_unused]] void **state)
{
  static const char *const CAMP[] = {"tents", "boots", "stoves", "boots"};
  static const char *const BOOKS[] = {"novels", "boots", "atlases", "novels"};
  static const char *const HERE[] = {"DE", "AT", "DE"}, *const THERE[] = {"US", "CA", "DE"};
  static const struct {
    const char *const *wants, *const *countries;
    enum hs_fit_verdict verdict;
  } CASES[] = {{CAMP, HERE, HS_FIT_SAME},
               {BOOKS, HERE, HS_FIT_TRAP},
               {CAMP, THERE, HS_FIT_HIDDEN},
               {BOOKS, THERE, HS_FIT_NEITHER}};
  write_sample("ours.csv", CAMP, HERE);
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    write_sample("theirs.csv", CASES[i].wants, CASES[i].countries);
    assert_int_equal(make("ours.csv", 0), HS_OK);
    assert_int_equal(fit.verdict, CASES[i].verdict);
    struct hs_buf text = hs_buf_in(&arena), json = hs_buf_in(&arena);
    hs_fit_text(&fit, 80, &text);
    assert_int_equal(strncmp(text.data, hs_fit_verdict_words(fit.verdict), 20), 0);
    hs_fit_json(&fit, &json);
    json_t *root = json_loadb(json.data, json.length, 0, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "verdict")),
                        hs_fit_verdict_name(CASES[i].verdict));
    json_decref(root);
  }
}

/* The figures do not depend on the order of the rows. */
static void the_order_of_rows_does_not_matter([[maybe_unused]] void **state)
{
  put("ours.csv", "dimension,value,count\ncategory,a,70\ncategory,b,20\ncategory,c,40\n");
  put("theirs.csv", "dimension,value,count\ncategory,c,33\ncategory,d,11\ncategory,a,44\n");
  assert_int_equal(make("ours.csv", 0), HS_OK);
  struct hs_fit_overlap first = fit.about[HS_FIT_INTENT];
  put("ours.csv", "dimension,value,count\ncategory,c,40\ncategory,a,50\ncategory,a,20\ncategory,b,"
                  "20\n");
  put("theirs.csv", "dimension,value,count\ncategory,a,44\ncategory,c,33\ncategory,d,11\n");
  assert_int_equal(make("ours.csv", 0), HS_OK);
  assert_memory_equal(&first.overlap, &fit.about[HS_FIT_INTENT].overlap, sizeof first.overlap);
  assert_memory_equal(&first.sd, &fit.about[HS_FIT_INTENT].sd, sizeof first.sd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(both_forms_of_a_file_are_read),        TEST(what_cannot_be_used_is_named),
      TEST(a_programme_gives_one_value_a_person), TEST(the_trap_is_named),
      TEST(the_order_of_rows_does_not_matter),    TEST(nobody_is_no_comparison),
      TEST(writing_does_not_part_values),         TEST(dimensions_are_few),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
