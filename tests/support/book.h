/* What SQLite says of a book. */
#ifndef HANSA_TESTS_SUPPORT_BOOK_H
#define HANSA_TESTS_SUPPORT_BOOK_H

#include "base/io.h"

/* Fails the test unless every page, index and constraint of the closed book at path is in order
   (PRAGMA integrity_check), read over io. */
void assert_book_is_sound(const struct hs_io *io, const char *path);

#endif
