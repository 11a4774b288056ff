/* What a text takes on a terminal. */
#ifndef HANSA_TESTS_SUPPORT_COLUMNS_H
#define HANSA_TESTS_SUPPORT_COLUMNS_H

#include <stddef.h>

/* Characters of the longest line; a code point is one. */
static inline size_t columns_of(const char *text)
{
  size_t widest = 0;
  for (size_t width = 0; *text != 0; text++) {
    width = *text == '\n' ? 0 : width + (((unsigned char)*text & 0xC0) != 0x80);
    widest = width > widest ? width : widest;
  }
  return widest;
}

#endif
