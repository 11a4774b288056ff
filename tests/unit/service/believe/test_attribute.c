/* Proves service/attribute and the public face of libhansa: figures of the toy paths, the shape of
   the JSON, intervals that are left out, what a table says about insufficient channels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hansa/hansa.h>

#include "service/believe/attribute.h"
#include "support/columns.h"
#include "support/near.h"

static const char FILE_NAME[] = HANSA_BINARY_DIR "/test_attribute.csv";
static struct hs_arena arena;

/* a (4 conversions) and a>b (6): Shapley gives a 7 and b 3. */
static int set_up([[maybe_unused]] void **state)
{
  FILE *file = fopen(FILE_NAME, "w");
  if (file == NULL || hs_arena_init(&arena, HS_GIB, NULL) != HS_OK)
    return 1;
  (void)fprintf(file, "path,conversions,value,null\na,4,40,2\na > b,6,90,1\nb,nonsense,0,0\n");
  return fclose(file);
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return remove(FILE_NAME);
}

static struct hs_attribute_result compute(double level, const char *names)
{
  struct hs_attribute_options options = {.level = level};
  struct hs_attribute_result result = {0};
  struct hs_model *models = NULL;
  assert_int_equal(
      hs_attribute_models(&arena, hs_str_of(names), &models, &options.model_count, NULL), HS_OK);
  options.models = models;
  assert_int_equal(
      hs_attribute_file(&arena, hs_io_real(), FILE_NAME, &options, NULL, NULL, &result, NULL),
      HS_OK);
  return result;
}

static void json_has_the_documented_shape([[maybe_unused]] void **state)
{
  struct hs_attribute_result result = compute(0, "shapley,markov");
  struct hs_buf out = hs_buf_in(&arena);
  hs_attribute_json(&result, &out);
  assert_int_equal(hs_buf_status(&out, "JSON", NULL), HS_OK);
  const char *head = "{\"models\":[{\"model\":\"shapley\",\"credits\":[{\"channel\":\"a\","
                     "\"conversions\":7,\"value\":85,";
  assert_memory_equal(out.data, head, strlen(head));
  assert_non_null(strstr(out.data, "{\"model\":\"markov\",\"order\":1,"));
  assert_non_null(strstr(out.data, "\"removal_effect\":"));
  assert_non_null(strstr(out.data, "\"totals\":{\"conversions\":10,\"value\":130,\"nulls\":3,"
                                   "\"journeys\":13,\"rows\":3,\"rejected_rows\":1}"));
  assert_null(strstr(out.data, "\"low\""));
  assert_null(strstr(out.data, "nan"));
  result = compute(0.9, "shapley");
  hs_buf_clear(&out);
  hs_attribute_json(&result, &out);
  assert_non_null(strstr(out.data, "\"low\":"));
  assert_non_null(strstr(out.data, "too narrow if persons repeat"));
}

static void claims_are_more_than_what_was_sold([[maybe_unused]] void **state)
{
  struct hs_attribute_result result = compute(0, "first,last");
  assert_near(result.claims.any_touch_ratio, 1.6, 1e-15); /* a 10 and b 6 of 10 */
  assert_near(result.claims.favourite_ratio, 1.6, 1e-15); /* a by first, b by last */
  assert_near(result.claims.any_touch_value_ratio, 220.0 / 130.0, 1e-15);
}

static void few_journeys_are_called_insufficient([[maybe_unused]] void **state)
{
  struct hs_attribute_result result = compute(0.9, "first");
  struct hs_buf out = hs_buf_in(&arena);
  hs_attribute_text(&result, 100, &out);
  assert_non_null(strstr(out.data, "insufficient"));
  assert_null(strstr(out.data, "    1  a"));
  hs_buf_clear(&out);
  hs_attribute_csv(&result, &out);
  assert_non_null(strstr(out.data, "first,,b,0,0,,0,0,"));
}

static void no_line_is_wider_than_the_terminal([[maybe_unused]] void **state)
{
  static const char NAMES[] = "first,last,last_non_direct,linear,position,decay,shapley,markov";
  for (int has_interval = 0; has_interval < 2; has_interval++) {
    struct hs_attribute_result result = compute(has_interval ? 0.9 : 0, NAMES);
    struct hs_str names[] = {HS_STR("a name that goes on and on, as names in files may do"),
                             result.sample.paths.channels[1]};
    result.sample.paths.channels = names;
    for (int width = 80; width < 150; width++) {
      struct hs_buf out = hs_buf_in(&arena);
      hs_attribute_text(&result, width, &out);
      assert_int_equal(hs_buf_status(&out, "the answer", NULL), HS_OK);
      assert_in_range(columns_of(out.data), 60, width);
      assert_int_equal(strstr(out.data, " value\n") != NULL, !has_interval || width >= 96);
    }
  }
}

static void unknown_models_are_refused_by_name([[maybe_unused]] void **state)
{
  struct hs_model *models = NULL;
  size_t count = 0;
  struct hs_err err = {0};
  assert_int_equal(hs_attribute_models(&arena, HS_STR("first,best"), &models, &count, &err),
                   HS_USAGE);
  assert_non_null(strstr(err.text, "'best'"));
  /* A file of paths has no times: hazard is a model, and refused when it meets the sample. */
  struct hs_attribute_options options = {0};
  struct hs_attribute_result result;
  assert_int_equal(
      hs_attribute_models(&arena, HS_STR("last,hazard"), &models, &options.model_count, &err),
      HS_OK);
  options.models = models;
  assert_int_equal(
      hs_attribute_file(&arena, hs_io_real(), FILE_NAME, &options, NULL, NULL, &result, &err),
      HS_UNSUPPORTED);
}

static void the_library_gives_the_same_figures([[maybe_unused]] void **state)
{
  struct hs_attribution_options options = hs_attribution_defaults();
  struct hs_attribution *attribution = NULL;
  struct hs_attribution_credit credit;
  char why[256] = "";
  options.models = "shapley";
  assert_int_equal(hs_attribution_open(FILE_NAME, &options, &attribution, why, sizeof why), 0);
  struct hs_attribution_totals totals = hs_attribution_totals(attribution);
  assert_near(totals.conversions, 10, 0);
  assert_int_equal(totals.rejected_rows, 1);
  assert_int_equal(hs_attribution_credit(attribution, 0, 1, &credit), 0);
  assert_string_equal(hs_attribution_channel(attribution, 1), "b");
  assert_near(credit.conversions, 3, 1e-12);
  assert_true(credit.low < 3 && 3 < credit.high && credit.is_insufficient);
  assert_int_equal(hs_attribution_credit(attribution, 1, 0, &credit), 1);
  assert_null(hs_attribution_model(attribution, 1));
  assert_non_null(strstr(hs_attribution_json(attribution), "shapley"));
  hs_attribution_close(attribution);
  hs_attribution_close(NULL);
  assert_int_equal(hs_attribution_open("no such file", NULL, &attribution, why, sizeof why), 5);
  assert_non_null(strstr(why, "no such file"));
  options.memory_bytes = 4096;
  assert_int_equal(hs_attribution_open(FILE_NAME, &options, &attribution, why, sizeof why), 14);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(json_has_the_documented_shape),
      cmocka_unit_test(claims_are_more_than_what_was_sold),
      cmocka_unit_test(few_journeys_are_called_insufficient),
      cmocka_unit_test(no_line_is_wider_than_the_terminal),
      cmocka_unit_test(unknown_models_are_refused_by_name),
      cmocka_unit_test(the_library_gives_the_same_figures),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
