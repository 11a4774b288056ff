/* A book for one test, on the real disk or on a simulated one, and what SQLite itself says of it.
 */
#ifndef HANSA_TESTS_SUPPORT_BOOK_H
#define HANSA_TESTS_SUPPORT_BOOK_H

#include "base/io_sim.h"
#include "ports/book.h"

/* Fails the test unless every page, index and constraint of the closed book at path is in order
   (PRAGMA integrity_check), read over io. */
void assert_book_is_sound(const struct hs_io *io, const char *path);

struct book_fixture {
  struct hs_sim *sim; /* NULL: the real disk */
  const struct hs_io *io;
  char directory[64];
  char path[96];
  struct hs_book book;
  struct hs_arena arena;
};

/* For cmocka: set up and tear down a fixture with an open book. */
int book_set_up_real(void **state);
int book_set_up_simulated(void **state);
int book_tear_down(void **state);

void book_open(struct book_fixture *f);
void book_remove(struct book_fixture *f);
/* Another program that has SQLite and the file: wants this result code. The book is closed
   meanwhile, unless the machine is the real one. */
void book_run_as_another(const struct book_fixture *f, const char *sql, int wanted);

/* Fails the test with its words unless the change is made. */
void book_write_ok(struct book_fixture *f, hs_book_write_fn change, void *context);

struct hs_party book_party_named(const char *name, const char *kind);

#endif
