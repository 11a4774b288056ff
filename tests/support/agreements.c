#include "support/agreements.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define EXAMPLE_BYTES_MAX ((size_t)65536)

struct hs_str agreement_example(struct hs_arena *arena, const char *name)
{
  char path[1024];
  (void)snprintf(path, sizeof path, "%s/docs/examples/%s", HANSA_SOURCE_DIR, name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  char *text = hs_arena_alloc(arena, EXAMPLE_BYTES_MAX, 1);
  assert_non_null(text);
  size_t length = fread(text, 1, EXAMPLE_BYTES_MAX, file);
  assert_true(length > 0 && length < EXAMPLE_BYTES_MAX);
  assert_int_equal(fclose(file), 0);
  return (struct hs_str){text, length};
}

struct hs_str agreement_with(struct hs_arena *arena, struct hs_str json, const char *from,
                             const char *to)
{
  struct hs_buf out = hs_buf_in(arena);
  const char *at = strstr(json.data, from);
  assert_non_null(at);
  hs_buf_add(&out, json.data, (size_t)(at - json.data));
  hs_buf_add_text(&out, to);
  hs_buf_add_text(&out, at + strlen(from));
  assert_int_equal(hs_buf_status(&out, "an example", NULL), HS_OK);
  return hs_buf_str(&out);
}
