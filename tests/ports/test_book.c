/* The suite that every book must pass: natural names, conflicts, all-or-nothing writes, group
   commit under many writers, cursors that never go back, and content that survives reopening.
   SQLite passes it on the real disk, and on the simulated one by way of the VFS over io.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/sqlite.h"
#include "support/book.h"

static enum hs_status add_party(void *context, const struct hs_book_writer *writer,
                                struct hs_err *err)
{
  return writer->add_party(writer->self, context, err);
}

static enum hs_status count_party(void *context, [[maybe_unused]] const struct hs_party *party,
                                  [[maybe_unused]] struct hs_err *err)
{
  ++*(int *)context;
  return HS_OK;
}

static int party_count(struct book_fixture *f)
{
  int count = 0;
  assert_int_equal(f->book.parties(f->book.self, count_party, &count, NULL), HS_OK);
  return count;
}

static void a_name_is_given_once([[maybe_unused]] void **state)
{
  struct book_fixture *f = *state;
  struct hs_party first = book_party_named("shoes-blog", "creator");
  struct hs_party other = book_party_named("shoes-blog", "newsletter");
  struct hs_err err = {0};
  assert_int_equal(f->book.write(f->book.self, add_party, &first, &err), HS_OK);
  assert_int_equal(f->book.write(f->book.self, add_party, &first, &err), HS_OK);
  assert_int_equal(f->book.write(f->book.self, add_party, &other, &err), HS_CONFLICT);
  assert_non_null(strstr(err.text, "shoes-blog"));
  assert_int_equal(party_count(f), 1);
}

static enum hs_status add_party_then_fail(void *context, const struct hs_book_writer *writer,
                                          struct hs_err *err)
{
  enum hs_status status = writer->add_party(writer->self, context, err);
  return status != HS_OK ? status : hs_fail(err, HS_DENIED, "changed my mind");
}

static void a_failed_change_leaves_no_trace(void **state)
{
  struct book_fixture *f = *state;
  struct hs_party party = book_party_named("shoes-blog", "creator");
  struct hs_err err = {0};
  assert_int_equal(f->book.write(f->book.self, add_party_then_fail, &party, &err), HS_DENIED);
  assert_string_equal(err.text, "changed my mind");
  assert_int_equal(party_count(f), 0);
}

static enum hs_status add_coupon(void *context, const struct hs_book_writer *writer,
                                 struct hs_err *err)
{
  return writer->add_coupon(writer->self, context, err);
}

static void a_coupon_needs_its_partner_and_ignores_case(void **state)
{
  struct book_fixture *f = *state;
  struct hs_coupon coupon = {.id = {"cpn_1"},
                             .code = HS_STR("SAVE10"),
                             .party = HS_STR("shoes-blog"),
                             .valid_from_us = 0,
                             .valid_until_us = INT64_MAX};
  struct hs_coupon lower = coupon;
  lower.id = (struct hs_id){"cpn_2"};
  lower.code = HS_STR("save10");
  lower.valid_from_us = 5;
  assert_int_equal(f->book.write(f->book.self, add_coupon, &coupon, NULL), HS_NOT_FOUND);
  struct hs_party party = book_party_named("shoes-blog", NULL);
  assert_int_equal(f->book.write(f->book.self, add_party, &party, NULL), HS_OK);
  assert_int_equal(f->book.write(f->book.self, add_coupon, &coupon, NULL), HS_OK);
  assert_int_equal(f->book.write(f->book.self, add_coupon, &lower, NULL), HS_CONFLICT);
}

static enum hs_status put_cursor(void *context, const struct hs_book_writer *writer,
                                 struct hs_err *err)
{
  return writer->put_cursor(writer->self, HS_STR("trail"), context, err);
}

static void a_cursor_never_goes_back(void **state)
{
  struct book_fixture *f = *state;
  struct hs_cursor none = {0};
  struct hs_cursor read = {.epoch = 9};
  assert_int_equal(f->book.cursor(f->book.self, HS_STR("trail"), &read, NULL), HS_OK);
  assert_memory_equal(&read, &none, sizeof none);
  struct hs_cursor at_seven = {.epoch = 1, .sequence = 7, .hash = {0, 255, 3}};
  struct hs_cursor at_five = {.epoch = 1, .sequence = 5};
  struct hs_cursor restored = {.epoch = 2, .sequence = 5};
  assert_int_equal(f->book.write(f->book.self, put_cursor, &at_seven, NULL), HS_OK);
  assert_int_equal(f->book.write(f->book.self, put_cursor, &at_five, NULL), HS_CONFLICT);
  assert_int_equal(f->book.cursor(f->book.self, HS_STR("trail"), &read, NULL), HS_OK);
  assert_memory_equal(&read, &at_seven, sizeof read);
  assert_int_equal(f->book.write(f->book.self, put_cursor, &restored, NULL), HS_OK);
}

static enum hs_status set_currency(void *context, const struct hs_book_writer *writer,
                                   struct hs_err *err)
{
  return writer->set(writer->self, context, err);
}

static void a_setting_keeps_its_history(void **state)
{
  struct book_fixture *f = *state;
  struct hs_setting euro = {HS_STR("currency"), HS_STR("EUR"), 100};
  struct hs_setting dollar = {HS_STR("currency"), HS_STR("USD"), 200};
  assert_int_equal(f->book.write(f->book.self, set_currency, &euro, NULL), HS_OK);
  assert_int_equal(f->book.write(f->book.self, set_currency, &dollar, NULL), HS_OK);
  struct hs_str value = HS_STR("untouched");
  assert_int_equal(f->book.setting(f->book.self, &f->arena, HS_STR("currency"), 99, &value, NULL),
                   HS_OK);
  assert_null(value.data);
  assert_int_equal(f->book.setting(f->book.self, &f->arena, HS_STR("currency"), 150, &value, NULL),
                   HS_OK);
  assert_true(hs_str_equal(value, HS_STR("EUR")));
  assert_int_equal(f->book.setting(f->book.self, &f->arena, HS_STR("currency"), 200, &value, NULL),
                   HS_OK);
  assert_true(hs_str_equal(value, HS_STR("USD")));
}

static enum hs_status add_import(void *context, const struct hs_book_writer *writer,
                                 struct hs_err *err)
{
  return writer->add_import(writer->self, context, err);
}

static enum hs_status see_import(void *context, const struct hs_import *import,
                                 [[maybe_unused]] struct hs_err *err)
{
  *(uint64_t *)context = import->row_count;
  return HS_OK;
}

static void an_import_is_found_by_its_source(void **state)
{
  struct book_fixture *f = *state;
  struct hs_import import = {.id = {"imp_1"},
                             .kind = HS_STR("touches"),
                             .source = HS_STR("touches.csv"),
                             .source_hash = HS_STR("abc"),
                             .sequence = 3,
                             .row_count = 42};
  uint64_t seen = 0;
  assert_int_equal(f->book.find_import(f->book.self, HS_STR("abc"), see_import, &seen, NULL),
                   HS_NOT_FOUND);
  assert_int_equal(f->book.write(f->book.self, add_import, &import, NULL), HS_OK);
  assert_int_equal(f->book.find_import(f->book.self, HS_STR("abc"), see_import, &seen, NULL),
                   HS_OK);
  assert_int_equal(seen, 42);
}

#define WRITERS 8
#define WRITES 50

struct writer_of_many {
  struct hs_book *book;
  int number;
  int failures;
};

static void *write_many(void *context)
{
  struct writer_of_many *writer = context;
  for (int i = 0; i < WRITES; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "p-%d-%d", writer->number, i);
    struct hs_party party = book_party_named(name, NULL);
    /* Every third one changes its mind: its neighbours in the same commit must not notice. */
    hs_book_write_fn change = i % 3 == 0 ? add_party_then_fail : add_party;
    enum hs_status wanted = i % 3 == 0 ? HS_DENIED : HS_OK;
    writer->failures += writer->book->write(writer->book->self, change, &party, NULL) != wanted;
  }
  return NULL;
}

static void many_writers_share_commits_and_do_not_harm_each_other(void **state)
{
  struct book_fixture *f = *state;
  pthread_t threads[WRITERS];
  struct writer_of_many writers[WRITERS];
  for (int i = 0; i < WRITERS; i++) {
    writers[i] = (struct writer_of_many){&f->book, i, 0};
    assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
  }
  for (int i = 0; i < WRITERS; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(writers[i].failures, 0);
  }
  int kept = WRITERS * (WRITES - (WRITES + 2) / 3);
  assert_int_equal(party_count(f), kept);
  f->book.close(f->book.self);
  book_open(f);
  assert_int_equal(party_count(f), kept);
}

static enum hs_status add_many(void *context, const struct hs_book_writer *writer,
                               struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (int i = 0; i < *(int *)context && status == HS_OK; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "party-%d", i);
    struct hs_party party = book_party_named(name, "creator");
    status = writer->add_party(writer->self, &party, err);
  }
  return status;
}

/* More than SQLite undoes from memory alone, and more than its cache holds. */
static void a_change_may_be_large(void **state)
{
  struct book_fixture *f = *state;
  struct hs_party party = book_party_named("first", NULL);
  int count = 20000;
  assert_int_equal(f->book.write(f->book.self, add_party, &party, NULL), HS_OK);
  assert_int_equal(f->book.write(f->book.self, add_many, &count, NULL), HS_OK);
  assert_int_equal(party_count(f), count + 1);
}

static void a_file_of_another_program_is_refused(void **state)
{
  struct book_fixture *f = *state;
  struct hs_err err = {0};
  f->book.close(f->book.self);
  book_remove(f);
  book_run_as_another(f, "CREATE TABLE t (a); PRAGMA user_version = 1;", SQLITE_OK);
  assert_int_equal(hs_sqlite_book_open(f->io, f->path, &f->book, &err), HS_CORRUPT);
  book_remove(f);
  book_open(f);
  f->book.close(f->book.self);
  book_run_as_another(f, "PRAGMA user_version = 999;", SQLITE_OK);
  assert_int_equal(hs_sqlite_book_open(f->io, f->path, &f->book, &err), HS_UNSUPPORTED);
  book_remove(f);
  book_open(f);
}

static void rows_are_never_changed(void **state)
{
  struct book_fixture *f = *state;
  struct hs_party party = book_party_named("shoes-blog", "creator");
  assert_int_equal(f->book.write(f->book.self, add_party, &party, NULL), HS_OK);
  f->book.close(f->book.self);
  book_run_as_another(f, "UPDATE parties SET kind = 'x'", SQLITE_CONSTRAINT);
  book_run_as_another(f, "DELETE FROM parties", SQLITE_CONSTRAINT);
  book_open(f);
}

/* What the real machine is left to SQLite's own VFS for: somebody may look while we work. */
static void another_program_may_read_an_open_book(void **state)
{
  struct book_fixture *f = *state;
  struct hs_party party = book_party_named("shoes-blog", "creator");
  book_run_as_another(f, "SELECT * FROM parties", SQLITE_OK);
  assert_int_equal(f->book.write(f->book.self, add_party, &party, NULL), HS_OK);
  book_run_as_another(f, "SELECT * FROM parties", SQLITE_OK);
  assert_int_equal(party_count(f), 1);
}

static void a_simulated_book_has_one_owner(void **state)
{
  struct book_fixture *f = *state;
  struct hs_book second;
  struct hs_err err = {0};
  assert_int_equal(hs_sqlite_book_open(f->io, f->path, &second, &err), HS_BUSY);
}

/* Everything that the book writes, its random numbers included. */
static uint64_t bytes_of_a_life(void)
{
  void *state = NULL;
  uint64_t sum = 0;
  (void)book_set_up_simulated(&state);
  struct book_fixture *f = state;
  struct hs_party party = book_party_named("shoes-blog", "creator");
  assert_int_equal(f->book.write(f->book.self, add_party, &party, NULL), HS_OK);
  hs_file file = -1;
  unsigned char byte = 0;
  size_t done = 1;
  assert_int_equal(f->io->open(f->io->self, "book.sqlite-wal", HS_OPEN_READ, &file, NULL), HS_OK);
  for (uint64_t at = 0; done > 0; at++) {
    assert_int_equal(f->io->read_at(f->io->self, file, &byte, 1, at, &done, NULL), HS_OK);
    sum = (sum + byte) * UINT64_C(0x9E3779B97F4A7C15) + done;
  }
  f->io->close(f->io->self, file);
  (void)book_tear_down(&state);
  return sum;
}

static void the_same_life_writes_the_same_bytes([[maybe_unused]] void **state)
{
  assert_true(bytes_of_a_life() == bytes_of_a_life());
}

#define BOOK_TEST(test, machine)                                                                   \
  {                                                                                                \
#test ", " #machine, test, book_set_up_##machine, book_tear_down, NULL                         \
  }
#define BOOK_TESTS(machine)                                                                        \
  BOOK_TEST(a_name_is_given_once, machine), BOOK_TEST(a_failed_change_leaves_no_trace, machine),   \
      BOOK_TEST(a_coupon_needs_its_partner_and_ignores_case, machine),                             \
      BOOK_TEST(a_cursor_never_goes_back, machine),                                                \
      BOOK_TEST(a_setting_keeps_its_history, machine),                                             \
      BOOK_TEST(an_import_is_found_by_its_source, machine),                                        \
      BOOK_TEST(many_writers_share_commits_and_do_not_harm_each_other, machine),                   \
      BOOK_TEST(a_change_may_be_large, machine),                                                   \
      BOOK_TEST(a_file_of_another_program_is_refused, machine),                                    \
      BOOK_TEST(rows_are_never_changed, machine)

int main(void)
{
  const struct CMUnitTest tests[] = {
      BOOK_TESTS(real),
      BOOK_TEST(another_program_may_read_an_open_book, real),
      /* One thread after another is in the simulated machine: the lock of the book sees to it. */
      BOOK_TESTS(simulated),
      BOOK_TEST(a_simulated_book_has_one_owner, simulated),
      cmocka_unit_test(the_same_life_writes_the_same_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
