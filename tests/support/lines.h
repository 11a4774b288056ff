/* Lines of text that a test collects, to compare what has no order of its own. */
#ifndef HANSA_TESTS_SUPPORT_LINES_H
#define HANSA_TESTS_SUPPORT_LINES_H

#include <stddef.h>

/* The zero value holds none. */
struct lines {
  char **items;
  size_t count;
  size_t capacity;
};

void lines_add(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_sort(struct lines *lines);
/* Drops what is said twice; the lines must be sorted. */
void lines_drop_repeated(struct lines *lines);
/* Fails the test with the first line in which the two differ. */
void lines_assert_same(const struct lines *one, const struct lines *other, const char *what);
void lines_clear(struct lines *lines);

#endif
