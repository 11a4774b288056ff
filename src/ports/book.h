/* The book: the programme's state, what people decided, in immutable rows with the moments from
   which they hold, beside the readers' cursors and the list of imports. SQLite on one machine; one
   suite for every adapter (tests/ports/test_book.c).

   Any thread may ask for a write (hs_book.write): the requests that wait together are committed
   together, by one of those that wait, each inside its own savepoint, so that one that fails leaves
   no trace and harms no other. Reads see the last commit. */
#ifndef HANSA_PORTS_BOOK_H
#define HANSA_PORTS_BOOK_H

#include "base/cursor.h"
#include "base/id.h"
#include "base/text.h"
#include "ports/book_ledger.h"

/* Text in a row that a read gives is borrowed until the callback returns. Absent text is {NULL, 0}.
 */

struct hs_party {
  struct hs_id id;         /* pty_… */
  struct hs_str name;      /* as events name it, unique in the programme: "shoes-blog" */
  struct hs_str title;     /* for people; the name when absent */
  struct hs_str kind;      /* affiliate, creator, newsletter, … a free word; may be absent */
  struct hs_str enrolment; /* invited pending approved declined paused ended banned */
  int64_t created_at_us;
};

struct hs_link {
  struct hs_id id;      /* lnk_… */
  struct hs_str name;   /* unique: the NAME of /r/NAME */
  struct hs_str party;  /* the party's name */
  struct hs_str target; /* absolute http or https URL */
  int64_t created_at_us;
};

struct hs_coupon {
  struct hs_id id;     /* cpn_… */
  struct hs_str code;  /* unique, compared without case */
  struct hs_str party; /* the party's name */
  int64_t valid_from_us;
  int64_t valid_until_us; /* INT64_MAX for "until further notice" */
  int64_t created_at_us;
};

struct hs_import {
  struct hs_id id;           /* imp_… */
  struct hs_str kind;        /* "touches" */
  struct hs_str source;      /* the file's name as it was given */
  struct hs_str source_hash; /* hex of the file's bytes, the kind and the mapping: the same import
                                twice has the same */
  struct hs_str file; /* the kept file's name in imports/; absent when nothing was accepted */
  uint64_t sequence;  /* of its frame in the journal; 0 when nothing was accepted */
  uint64_t row_count, rejected_count;
  int64_t created_at_us;
};

struct hs_setting {
  struct hs_str name;
  struct hs_str value;
  int64_t from_us; /* holds from then on */
};

/* Writing, inside hs_book.write only. Each gives HS_CONFLICT when the natural name exists with
   another content (the same content again is HS_OK and changes nothing) and HS_NOT_FOUND when a
   party that it names does not exist. */
struct hs_book_writer {
  void *self;
  enum hs_status (*add_party)(void *self, const struct hs_party *party, struct hs_err *err);
  enum hs_status (*add_link)(void *self, const struct hs_link *link, struct hs_err *err);
  enum hs_status (*add_coupon)(void *self, const struct hs_coupon *coupon, struct hs_err *err);
  enum hs_status (*add_import)(void *self, const struct hs_import *import, struct hs_err *err);
  /* A new row; earlier values stay readable with the moments at which they held. */
  enum hs_status (*set)(void *self, const struct hs_setting *setting, struct hs_err *err);
  /* The reader's place; never backwards within an epoch (HS_CONFLICT). */
  enum hs_status (*put_cursor)(void *self, struct hs_str reader, const struct hs_cursor *cursor,
                               struct hs_err *err);
  struct hs_ledger_writer ledger;
  struct hs_ledger_reader ledger_now; /* with what this change has done so far */
};

typedef enum hs_status (*hs_book_write_fn)(void *context, const struct hs_book_writer *writer,
                                           struct hs_err *err);
typedef enum hs_status (*hs_party_fn)(void *context, const struct hs_party *party,
                                      struct hs_err *err);
typedef enum hs_status (*hs_link_fn)(void *context, const struct hs_link *link, struct hs_err *err);
typedef enum hs_status (*hs_coupon_fn)(void *context, const struct hs_coupon *coupon,
                                       struct hs_err *err);
typedef enum hs_status (*hs_import_fn)(void *context, const struct hs_import *import,
                                       struct hs_err *err);
typedef enum hs_status (*hs_setting_fn)(void *context, const struct hs_setting *setting,
                                        struct hs_err *err);

struct hs_book {
  void *self;
  void (*close)(void *self);
  /* Runs change and returns once it is durable. What change returns comes back; anything but HS_OK
     undoes all that it did. (After HS_IO and HS_FULL a crash before the next commit may bring it
     back whole: the device did not say what it had taken.) change may run on another writer's
     thread while the caller's waits, and must not call write itself. */
  enum hs_status (*write)(void *self, hs_book_write_fn change, void *context, struct hs_err *err);

  /* Lists in order of name (parties, links, coupons) or of time (imports, settings). A callback
     that gives anything but HS_OK ends the list with that. */
  enum hs_status (*parties)(void *self, hs_party_fn each, void *context, struct hs_err *err);
  enum hs_status (*links)(void *self, hs_link_fn each, void *context, struct hs_err *err);
  enum hs_status (*coupons)(void *self, hs_coupon_fn each, void *context, struct hs_err *err);
  enum hs_status (*imports)(void *self, hs_import_fn each, void *context, struct hs_err *err);
  /* The latest import of a source. HS_NOT_FOUND when no import has that source hash. */
  enum hs_status (*find_import)(void *self, struct hs_str source_hash, hs_import_fn each,
                                void *context, struct hs_err *err);
  enum hs_status (*settings)(void *self, hs_setting_fn each, void *context, struct hs_err *err);
  /* The value that holds at a moment, copied into the arena; absent text when there is none. */
  enum hs_status (*setting)(void *self, struct hs_arena *arena, struct hs_str name, int64_t at_us,
                            struct hs_str *out, struct hs_err *err);
  /* The zero cursor for a reader that never stored one. */
  enum hs_status (*cursor)(void *self, struct hs_str reader, struct hs_cursor *out,
                           struct hs_err *err);
  struct hs_ledger_reader ledger;
};

#endif
