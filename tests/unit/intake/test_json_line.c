/* Proves intake/json_line: numbers as their text, every escape, faults with their place; and
   against jansson, which decides what is JSON, over all objects that can be made of a few pieces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "intake/json_line.h"

enum { FIELDS = 8 };

static int read_line(const char *text, char copy[512], struct hs_json_field *fields, size_t *count,
                     struct hs_json_fault *fault)
{
  size_t length = strlen(text);
  assert_true(length < 512);
  memcpy(copy, text, length);
  return hs_json_line(copy, length, fields, FIELDS, count, fault);
}

static void values_are_given_as_they_stand([[maybe_unused]] void **state)
{
  static const struct {
    const char *text, *name, *value;
  } RULES[] = {
      {"{\"a\":12.10}", "a", "12.10"},
      {"{\"a\":-0.0e-10}", "a", "-0.0e-10"},
      {"{\"a\":123456789012345678901234567890}", "a", "123456789012345678901234567890"},
      {" {\t\"a\" : true } ", "a", "true"},
      {"{\"a\":false}\r", "a", "false"},
      {"{\"a\":null}", "a", NULL},
      {"{\"a\":\"\"}", "a", ""},
      {"{\"\\u0061\\/\":\"\\\"\\\\\\b\\f\\n\\r\\t\"}", "a/", "\"\\\b\f\n\r\t"},
      {"{\"a\":\"\\u00e4\\u20AC\\ud83d\\ude00\"}", "a", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"},
  };
  for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
    char copy[512];
    struct hs_json_field fields[FIELDS];
    size_t count = 0;
    struct hs_json_fault fault;
    assert_true(read_line(RULES[i].text, copy, fields, &count, &fault));
    assert_int_equal(count, 1);
    assert_true(hs_str_equal(fields[0].name, hs_str_of(RULES[i].name)));
    assert_true(hs_str_equal(fields[0].value, hs_str_of(RULES[i].value)));
    assert_int_equal(fields[0].value.data == NULL, RULES[i].value == NULL);
  }
}

/* Only brackets and strings are looked at: what stands between them is for whoever reads it. */
static void what_is_nested_is_given_as_it_stands([[maybe_unused]] void **state)
{
  static const struct {
    const char *text, *nested;
  } RULES[] = {
      {"{\"a\":[1,{\"b\":[]}],\"c\":\"\\u0061\"}", "[1,{\"b\":[]}]"},
      {"{\"a\": {\"\\\"]}\":\"\\\\\"} ,\"c\":\"a\"}", "{\"\\\"]}\":\"\\\\\"}"},
      {"{\"a\":[nonsense],\"c\":\"a\"}", "[nonsense]"},
      {"{\"a\":[1},\"c\":\"a\"}", "[1}"},
      {"{\"a\":[\"],\"c\":\"a\"}", NULL},
      {"{\"a\":[[1],\"c\":\"a\"", NULL},
  };
  for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
    char copy[512];
    struct hs_json_field fields[FIELDS];
    struct hs_json_fault fault;
    size_t count = 0;
    memcpy(copy, RULES[i].text, strlen(RULES[i].text));
    int is_read = hs_json_line_nesting(copy, strlen(RULES[i].text), fields, FIELDS, &count, &fault);
    assert_int_equal(is_read, RULES[i].nested != NULL);
    if (!is_read) {
      assert_string_equal(fault.words, "a nested object or array is not closed");
      assert_int_equal(fault.at, 5);
      continue;
    }
    assert_int_equal(count, 2);
    assert_true(fields[0].is_nested && !fields[1].is_nested);
    assert_true(hs_str_equal(fields[0].value, hs_str_of(RULES[i].nested)));
    assert_true(hs_str_equal(fields[1].value, HS_STR("a")));
  }
}

static void faults_have_their_place([[maybe_unused]] void **state)
{
  static const struct {
    const char *text, *words;
    size_t at;
  } RULES[] = {
      {"", "an object in braces is expected", 0},
      {"[]", "an object in braces is expected", 0},
      {"{", "a name in quotes is expected", 1},
      {"{\"a\":1,}", "a name in quotes is expected", 7},
      {"{\"a\" 1}", "a colon is expected", 5},
      {"{\"a\":", "the object is cut short", 5},
      {"{\"a\":1", "a comma or a closing brace is expected", 6},
      {"{\"a\":1}{", "something stands behind the object", 7},
      {"{\"a\":[1]}", "a nested object or array; only flat objects can be read", 5},
      {"{\"a\":nul}", "a value that is not JSON", 5},
      {"{\"a\":+1}", "a value that is not JSON", 5},
      {"{\"a\":01}", "a comma or a closing brace is expected", 6},
      {"{\"a\":1.}", "a number without digits behind its point", 7},
      {"{\"a\":1e}", "a number without digits in its exponent", 7},
      {"{\"a\":\"b}", "a string is not closed", 8},
      {"{\"a\":\"\\x\"}", "an escape that JSON does not have", 7},
      {"{\"a\":\"\\u12\"}", "\\u needs four hexadecimal digits", 8},
      {"{\"a\":\"\\ud800\"}", "half of a surrogate pair", 12},
      {"{\"a\":\"\\udc00\"}", "half of a surrogate pair", 12},
      {"{\"a\":\"\t\"}", "a control character in a string", 6},
      {"{\"a\":1,\"a\":1,\"a\":1,\"a\":1,\"a\":1,\"a\":1,\"a\":1,\"a\":1,\"a\":1}",
       "more fields than can be read", 49},
  };
  for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
    char copy[512];
    struct hs_json_field fields[FIELDS];
    size_t count = 77;
    struct hs_json_fault fault = {0};
    assert_false(read_line(RULES[i].text, copy, fields, &count, &fault));
    assert_string_equal(fault.words, RULES[i].words);
    assert_int_equal(fault.at, RULES[i].at);
    assert_int_equal(count, 77);
  }
}

/* A flat object with names that differ, as jansson reads it. */
static int jansson_takes(const char *text, size_t length, json_t **out)
{
  *out = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
  if (*out == NULL)
    return 0;
  int is_flat = json_is_object(*out);
  const char *name;
  json_t *value;
  if (is_flat)
    json_object_foreach(*out, name, value) is_flat =
        is_flat && !json_is_object(value) && !json_is_array(value);
  return is_flat;
}

static int has_double(const struct hs_json_field *fields, size_t count)
{
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < i; k++)
      if (hs_str_equal(fields[i].name, fields[k].name))
        return 1;
  return 0;
}

/* jansson refuses what no double holds; as text it is a number like any other. */
static int has_huge_number(const struct hs_json_field *fields, size_t count)
{
  double number = 0;
  for (size_t i = 0; i < count; i++)
    if (fields[i].value.length > 0 && strchr("-0123456789", fields[i].value.data[0]) != NULL &&
        !hs_parse_double(fields[i].value, &number))
      return 1;
  return 0;
}

static void check_values(json_t *object, const struct hs_json_field *fields, size_t count)
{
  assert_int_equal(json_object_size(object), count);
  for (size_t i = 0; i < count; i++) {
    json_t *value = json_object_getn(object, fields[i].name.data, fields[i].name.length);
    assert_non_null(value);
    assert_int_equal(json_is_null(value), fields[i].value.data == NULL);
    if (json_is_string(value))
      assert_true(hs_str_equal(
          fields[i].value, (struct hs_str){json_string_value(value), json_string_length(value)}));
    double number = 0;
    if (json_is_number(value)) {
      assert_true(hs_parse_double(fields[i].value, &number));
      assert_true(number == json_number_value(value));
    }
  }
}

static void what_is_json_is_what_jansson_says([[maybe_unused]] void **state)
{
  static const char *const PIECES[] = {
      "{",  "}",    ":", ",",    "\"a\"", "\"\\u00e9\"", "1", "-0.50",    "1e400",  "1E+2",
      "01", "null", " ", "true", "\"",    "\\ud83d",     "[", "{\"b\":2", "{\"c\":"};
  enum { COUNT = sizeof PIECES / sizeof *PIECES, MOST = 4 };
  unsigned total = 1;
  unsigned taken = 0;
  for (int i = 0; i < MOST; i++)
    total *= COUNT;
  for (unsigned n = 0; n < total; n++) {
    /* Every second text begins like an object that is nearly whole. */
    char text[128] = "{\"c\":";
    size_t length = n % 2 == 0 ? 0 : strlen(text);
    for (unsigned rest = n, i = 0; i < MOST; i++, rest /= COUNT)
      length += (size_t)snprintf(text + length, sizeof text - length, "%s", PIECES[rest % COUNT]);
    char copy[512];
    struct hs_json_field fields[FIELDS];
    size_t count = 0;
    struct hs_json_fault fault;
    json_t *object = NULL;
    int theirs = jansson_takes(text, length, &object);
    int ours = read_line(text, copy, fields, &count, &fault) && !has_double(fields, count);
    if (ours != theirs && !(ours && has_huge_number(fields, count)))
      fail_msg("%s: ours %d, theirs %d", text, ours, theirs);
    if (theirs)
      check_values(object, fields, count);
    taken += (unsigned)theirs;
    json_decref(object);
  }
  assert_in_range(taken, 25, total); /* or the pieces no longer make objects */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_given_as_they_stand),
      cmocka_unit_test(what_is_nested_is_given_as_it_stands),
      cmocka_unit_test(faults_have_their_place),
      cmocka_unit_test(what_is_json_is_what_jansson_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
