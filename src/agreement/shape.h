/* Documents described by tables. A shape lists the fields of a JSON object: what each is called,
   what it may hold, who must fill it in and what it means to people. From that one table come the
   reader with its errors, the writer of the canonical form, the JSON Schema in docs/, and the
   difference between two documents in words.

   Figures that must be exact (rates, amounts) are JSON strings, because a JSON number is read as
   binary floating point nearly everywhere. */
#ifndef HANSA_AGREEMENT_SHAPE_H
#define HANSA_AGREEMENT_SHAPE_H

#include <stddef.h>

#include "base/money.h"

enum hs_field_kind {
  HS_FIELD_TEXT,    /* struct hs_str, never blank */
  HS_FIELD_WORD,    /* int32_t: the index into words */
  HS_FIELD_INTEGER, /* int64_t from low to high */
  HS_FIELD_DATE,    /* int32_t days since 1970-01-01, written 2026-09-30 */
  HS_FIELD_DECIMAL, /* struct hs_decimal from low to high, written "0.125" or "12.5%" */
  HS_FIELD_FLAG,    /* int32_t: true or false */
  HS_FIELD_OBJECT,  /* a pointer to the nested struct, NULL when absent */
  HS_FIELD_LIST,    /* struct hs_list of nested structs */
  HS_FIELD_TEXTS    /* struct hs_list of struct hs_str */
};

/* What an absent field holds: HS_ABSENT in integers, dates, words and flags, {NULL, 0} in texts and
   lists, NULL in objects, a scale of -1 in decimals; unless the table names a fallback. */
#define HS_ABSENT INT32_MIN

struct hs_list {
  void *items;
  size_t count;
};

struct hs_shape;

#define HS_ALWAYS UINT32_MAX

struct hs_field {
  const char *name; /* in JSON; snake_case */
  size_t offset;    /* in the struct that the shape describes */
  enum hs_field_kind kind;
  unsigned required; /* a bit for each level at which it must be there (hs_shape_complete), or
                        HS_ALWAYS */
  int64_t low, high; /* INTEGER and DECIMAL: whole numbers; TEXTS and LIST: items; 0, 0: any */
  const char *const *words;     /* WORD: NULL-terminated */
  const char *fallback;         /* as it would be written without quotes; NULL: none */
  const struct hs_shape *shape; /* OBJECT and LIST */
  const char *meaning;          /* one sentence for people */
};

struct hs_shape {
  const char *name; /* "rule" */
  size_t size;      /* of the struct */
  size_t field_count;
  const struct hs_field *fields;
};

/* A row of a table of fields: a member under a name of its own, and one that is called as it is in
   the struct; what else it says follows as initialisers. And the shape of such a table, or one by a
   name of its own. */
#define HS_NAMED(holder, member, text, field_kind, ...)                                            \
  {                                                                                                \
    .name = text, .kind = field_kind, .offset = offsetof(struct holder, member), __VA_ARGS__       \
  }
#define HS_MEMBER(holder, member, field_kind, ...)                                                 \
  HS_NAMED(holder, member, #member, field_kind, __VA_ARGS__)
#define HS_SHAPE_OF(text, holder, rows)                                                            \
  {                                                                                                \
    text, sizeof(struct holder), sizeof(rows) / sizeof(rows)[0], rows                              \
  }
#define HS_SHAPE(variable, text, holder, rows)                                                     \
  static const struct hs_shape variable = HS_SHAPE_OF(text, holder, rows)

/* Told of everything that is wrong with a document: where ("terms.rules[0].rate") and what. */
typedef void (*hs_fault_fn)(void *context, const char *path, const char *words);

/* The faults that one reading finds: each is told, the first becomes the error. */
struct hs_faults {
  hs_fault_fn fault; /* may be NULL */
  void *context;
  struct hs_err *err;
  size_t count;
};
/* For what a shape cannot say: a fault at a path, such as "accounts[3].number". */
void hs_faults_tell_at(struct hs_faults *faults, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads a document into out (shape->size bytes, zeroed by the call), its text and lists in arena.
   HS_INVALID when anything is wrong; every fault is told, and err holds the first: a syntax error
   with line and column, a field that is unknown (with the one that was meant), of another type, out
   of range, or written twice. Fields that are missing are no fault here. HS_NOMEM when the arena is
   full. fault may be NULL. */
[[nodiscard]] enum hs_status hs_shape_read(const struct hs_shape *shape, struct hs_str json,
                                           struct hs_arena *arena, void *out, hs_fault_fn fault,
                                           void *context, struct hs_err *err);

/* HS_INVALID when a field that this level (a number below 32) asks for is missing inside of what is
   there; each is told. */
[[nodiscard]] enum hs_status hs_shape_complete(const struct hs_shape *shape, const void *document,
                                               unsigned level, hs_fault_fn fault, void *context,
                                               struct hs_err *err);

/* The one form of a document: fields in the order of the table, absent ones left out, fallbacks
   written, two blanks of indentation. Two documents that say the same have the same bytes. */
void hs_shape_write(const struct hs_shape *shape, const void *document, struct hs_buf *out);

/* Puts what a text says into the field at a path, such as "outcome.measure.target" or
   "terms.rules[sales].rate": an item of a list is named by its number from 0, or by its first text.
   Objects on the way are made where they are absent, and so is the item behind the last one, by its
   number. An empty value makes the field absent. HS_INVALID names the path and what is wrong, and
   the document may be changed in part then; HS_NOMEM. */
[[nodiscard]] enum hs_status hs_shape_set(const struct hs_shape *shape, void *document,
                                          struct hs_str path, struct hs_str value,
                                          struct hs_arena *arena, struct hs_err *err);

/* The JSON Schema (2020-12) of the shape. */
void hs_shape_schema(const struct hs_shape *shape, const char *title, struct hs_buf *out);

/* Told of each field that differs; a value that is not there is NULL. */
typedef void (*hs_change_fn)(void *context, const char *path, const char *before,
                             const char *after);
/* Every difference between two documents of the shape, in the order of the table. Items of lists
   are compared by place. The arena holds the values as text. */
[[nodiscard]] enum hs_status hs_shape_compare(const struct hs_shape *shape, const void *before,
                                              const void *after, struct hs_arena *arena,
                                              hs_change_fn change, void *context,
                                              struct hs_err *err);

#endif
