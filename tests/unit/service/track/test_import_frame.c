/* Proves service/import_frame: what was written is read back, whatever the source was called; what
   is no such object is corrupt and never half taken; other versions are told apart from damage; and
   memory that runs out is said to have run out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "service/track/import_frame.h"
#include "support/capacity.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_7 "7777777777777777777777777777777777777777777777777777777777777777"
#define ID "imp_01hzz9gt0k3v8w2m5n7p9q1r3s"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static struct hs_import_frame a_frame(void)
{
  struct hs_import_frame frame = {.kind = HS_EVENT_ORDER,
                                  .source = HS_STR("orders 2026.csv"),
                                  .source_hash = HS_STR(HASH_7),
                                  .file_hash = HS_STR(HASH_A),
                                  .row_count = 123456789012345,
                                  .rejected_count = 17};
  assert_true(hs_id_parse(HS_STR(ID), "imp", &frame.id));
  return frame;
}

static void assert_same(const struct hs_import_frame *a, const struct hs_import_frame *b)
{
  assert_string_equal(a->id.text, b->id.text);
  assert_int_equal(a->kind, b->kind);
  assert_true(hs_str_equal(a->source, b->source));
  assert_true(hs_str_equal(a->source_hash, b->source_hash));
  assert_true(hs_str_equal(a->file_hash, b->file_hash));
  assert_int_equal(a->row_count, b->row_count);
  assert_int_equal(a->rejected_count, b->rejected_count);
}

static void what_is_written_is_read_back([[maybe_unused]] void **state)
{
  static const struct hs_str SOURCES[] = {
      {"orders.csv", 10},    {"", 0},  {"a \"b\" \\ c\n.csv", 14},
      {"Umsätze €.csv", 16}, {"-", 1}, {"tab\tand\x01.csv", 12}};
  for (size_t i = 0; i < sizeof SOURCES / sizeof *SOURCES; i++)
    for (int kind = 0; kind < HS_EVENT_KIND_COUNT; kind++) {
      struct hs_import_frame frame = a_frame();
      struct hs_import_frame read = {0};
      struct hs_str payload = {0};
      struct hs_err err = {0};
      frame.source = SOURCES[i];
      frame.kind = (enum hs_event_kind)kind;
      assert_int_equal(hs_import_frame_write(&arena, &frame, &payload, &err), HS_OK);
      if (hs_import_frame_read(&arena, HS_IMPORT_FRAME_VERSION, payload, &read, &err) != HS_OK)
        fail_msg("%s", err.text);
      assert_same(&frame, &read);
      hs_arena_reset(&arena, 0);
    }
}

/* The bytes themselves: they stand in journals, so they may not change under the same version. */
static void the_text_of_version_1_is_this([[maybe_unused]] void **state)
{
  struct hs_import_frame frame = a_frame();
  struct hs_str payload = {0};
  assert_int_equal(hs_import_frame_write(&arena, &frame, &payload, NULL), HS_OK);
  assert_string_equal(payload.data,
                      "{\"id\":\"" ID "\",\"schema\":1,\"kind\":\"orders\","
                      "\"source\":\"orders 2026.csv\",\"source_hash\":\"" HASH_7 "\","
                      "\"file_sha256\":\"" HASH_A "\",\"rows\":123456789012345,\"rejected\":17}");
}

static enum hs_status read_text(const char *text, unsigned version, struct hs_err *err)
{
  struct hs_import_frame untouched = {.row_count = 99};
  enum hs_status status = hs_import_frame_read(&arena, version, hs_str_of(text), &untouched, err);
  assert_int_equal(untouched.row_count, status == HS_OK ? 2 : 99);
  return status;
}

#define MEMBERS(id, schema, kind, file)                                                            \
  "{\"id\":\"" id "\",\"schema\":" schema ",\"kind\":\"" kind                                      \
  "\",\"source\":\"s\",\"source_hash\":\"h\",\"file_sha256\":\"" file                              \
  "\",\"rows\":2,\"rejected\":0}"

static void members_may_come_in_any_order_and_company([[maybe_unused]] void **state)
{
  struct hs_err err = {0};
  assert_int_equal(read_text(MEMBERS(ID, "1", "orders", HASH_A), 1, &err), HS_OK);
  assert_int_equal(read_text("{\"rejected\":0,\"rows\":2,\"more\":1,\"file_sha256\":\"" HASH_A
                             "\",\"source_hash\":\"h\",\"source\":\"s\",\"kind\":\"orders\","
                             "\"schema\":1,\"id\":\"" ID "\"}",
                             1, &err),
                   HS_OK);
}

static void what_is_no_such_object_is_corrupt([[maybe_unused]] void **state)
{
  static const char *const DAMAGED[] = {
      "",
      "{",
      "null",
      "[]",
      "{}",
      MEMBERS("imp_short", "1", "orders", HASH_A),
      MEMBERS("pty_01hzz9gt0k3v8w2m5n7p9q1r3s", "1", "orders", HASH_A),
      MEMBERS(ID, "-1", "orders", HASH_A),
      MEMBERS(ID, "1", "order", HASH_A),
      MEMBERS(ID, "1", "", HASH_A),
      MEMBERS(ID, "1", "orders", "aa"),
      MEMBERS(ID, "1", "orders", HASH_A "a"),
      /* It becomes a file's name: only digits of a hash may stand in it. */
      MEMBERS(ID, "1", "orders",
              "../../../../../../../../../../../../../../../../../../etc/passwd"),
      MEMBERS(ID, "1", "orders", HASH_A) "{}",
      "{\"id\":\"" ID "\",\"id\":\"" ID "\"," /* and all others, once */
      "\"schema\":1,\"kind\":\"orders\",\"source\":\"s\",\"source_hash\":\"h\","
      "\"file_sha256\":\"" HASH_A "\",\"rows\":2,\"rejected\":0}",
  };
  for (size_t i = 0; i < sizeof DAMAGED / sizeof *DAMAGED; i++) {
    struct hs_err err = {0};
    if (read_text(DAMAGED[i], 1, &err) != HS_CORRUPT)
      fail_msg("taken for whole: %s", DAMAGED[i]);
    assert_true(err.text[0] != '\0');
  }
}

/* Each member is needed: without any one of them, and with null in its place, nothing is read. */
static void every_member_is_needed([[maybe_unused]] void **state)
{
  static const char *const NAMES[] = {"id",          "schema",      "kind", "source",
                                      "source_hash", "file_sha256", "rows", "rejected"};
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
    for (int is_null = 0; is_null < 2; is_null++) {
      json_t *object = json_loads(MEMBERS(ID, "1", "orders", HASH_A), 0, NULL);
      assert_non_null(object);
      if (is_null)
        assert_int_equal(json_object_set_new(object, NAMES[i], json_null()), 0);
      else
        assert_int_equal(json_object_del(object, NAMES[i]), 0);
      char *text = json_dumps(object, 0);
      struct hs_err err = {0};
      assert_int_equal(read_text(text, 1, &err), HS_CORRUPT);
      free(text);
      json_decref(object);
    }
}

static void what_a_newer_program_wrote_is_unsupported([[maybe_unused]] void **state)
{
  struct hs_err err = {0};
  assert_int_equal(read_text(MEMBERS(ID, "1", "orders", HASH_A), 2, &err), HS_UNSUPPORTED);
  assert_non_null(strstr(err.text, "version 2"));
  assert_int_equal(read_text(MEMBERS(ID, "2", "orders", HASH_A), 1, &err), HS_UNSUPPORTED);
  assert_non_null(strstr(err.text, "schema 2"));
}

/* ---- memory ---- */

static enum hs_status write_bounded(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  struct hs_import_frame frame = a_frame();
  struct hs_str payload = {0};
  enum hs_status status = hs_import_frame_write(bounded, &frame, &payload, err);
  assert_true(status != HS_OK || strcmp(payload.data, context) == 0);
  return status;
}

static enum hs_status read_bounded(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  struct hs_import_frame expected = a_frame();
  struct hs_import_frame frame = {0};
  enum hs_status status = hs_import_frame_read(bounded, 1, hs_str_of(context), &frame, err);
  if (status == HS_OK)
    assert_same(&expected, &frame);
  return status;
}

static void every_allocation_may_fail([[maybe_unused]] void **state)
{
  struct hs_import_frame frame = a_frame();
  struct hs_str payload = {0};
  assert_int_equal(hs_import_frame_write(&arena, &frame, &payload, NULL), HS_OK);
  char text[512];
  assert_true(payload.length < sizeof text);
  memcpy(text, payload.data, payload.length + 1);
  assert_true(fail_every_allocation(write_bounded, text) >= 3); /* 64 bytes, doubled thrice */
  assert_int_equal(fail_every_allocation(read_bounded, text), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_is_written_is_read_back),
      TEST(the_text_of_version_1_is_this),
      TEST(members_may_come_in_any_order_and_company),
      TEST(what_is_no_such_object_is_corrupt),
      TEST(every_member_is_needed),
      TEST(what_a_newer_program_wrote_is_unsupported),
      TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
