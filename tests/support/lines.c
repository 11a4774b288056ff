#include "support/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lines_add(struct lines *lines, const char *format, ...)
{
  if (lines->count == lines->capacity) {
    lines->capacity = lines->capacity ? 2 * lines->capacity : 256;
    lines->items = realloc(lines->items, lines->capacity * sizeof(char *));
    assert_non_null(lines->items);
  }
  va_list list;
  va_start(list, format);
  assert_true(vasprintf(&lines->items[lines->count], format, list) >= 0);
  va_end(list);
  lines->count++;
}

static int by_text(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

void lines_sort(struct lines *lines)
{
  if (lines->count > 1)
    qsort(lines->items, lines->count, sizeof(char *), by_text);
}

void lines_drop_repeated(struct lines *lines)
{
  size_t kept = 0;
  for (size_t i = 0; i < lines->count; i++)
    if (kept > 0 && strcmp(lines->items[kept - 1], lines->items[i]) == 0)
      free(lines->items[i]);
    else
      lines->items[kept++] = lines->items[i];
  lines->count = kept;
}

void lines_assert_same(const struct lines *one, const struct lines *other, const char *what)
{
  for (size_t i = 0; i < one->count || i < other->count; i++) {
    const char *left = i < one->count ? one->items[i] : "nothing";
    const char *right = i < other->count ? other->items[i] : "nothing";
    if (strcmp(left, right) != 0)
      fail_msg("%s: line %zu is\n%s\nand should be\n%s", what, i, left, right);
  }
}

void lines_clear(struct lines *lines)
{
  for (size_t i = 0; i < lines->count; i++)
    free(lines->items[i]);
  free(lines->items);
  *lines = (struct lines){0};
}
