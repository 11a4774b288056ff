/* From a file to typed rows of one kind of event: CSV (RFC 4180 with a header row), NDJSON, either
   of them in gzip, and Parquet through an adapter. Every row that comes out obeys the kind's
   hs_event_spec and the rules in docs/reference/import.md; every row that does not is told to the
   caller with its line, column, value and reason, and the rest goes on.

   Nothing is guessed in silence: what was found out (format, compression, delimiter) and which
   field fed which column stands in the report; a moment without an offset needs a time zone that
   somebody named. Rows, their numbers and the order of rejects depend on the bytes alone, never on
   the number of slots or on the size of blocks.

   Memory is a fixed amount, taken from the arena at open: HS_INTAKE_SHARED_BYTES and
   HS_INTAKE_SLOT_BYTES for each slot.
 */
#ifndef HANSA_INTAKE_INTAKE_H
#define HANSA_INTAKE_INTAKE_H

#include <stdatomic.h>

#include "base/hash.h"
#include "base/money.h"
#include "base/time.h"
#include "ports/rows.h"
#include "ports/text_rows.h"

/* A field holds an id, a code or at most a URL. Browsers and servers agree on about 2,000 bytes of
   URL; this is twice that. The path of a kind `paths` is a list and may be longer: 4,096 steps of
   16 bytes. */
#define HS_INTAKE_TEXT_BYTES_MAX ((size_t)4096)
#define HS_INTAKE_PATH_BYTES_MAX ((size_t)65536)
/* A longer row is a reject. Every field of the widest kind at its limit fits ten times over; what
   is longer is nearly always a quote that was never closed. */
#define HS_INTAKE_RECORD_BYTES_MAX HS_MIB
#define HS_INTAKE_FIELDS_MAX 512
#define HS_INTAKE_SLOTS_MAX 64
/* A moment outside [1990, 2100) or more than a day ahead of the clock is a reject: such values come
   from a wrong unit or an unset field. */
#define HS_INTAKE_FUTURE_US_MAX HS_DAY_US

enum hs_intake_format {
  HS_INTAKE_FORMAT_GUESS, /* by the content, then by the name */
  HS_INTAKE_FORMAT_CSV,
  HS_INTAKE_FORMAT_NDJSON,
  HS_INTAKE_FORMAT_PARQUET,
};
/* "csv", "ndjson", "parquet"; lives for ever. */
const char *hs_intake_format_name(enum hs_intake_format format);
[[nodiscard]] int hs_intake_format_parse(struct hs_str name, enum hs_intake_format *out);

enum hs_intake_time {
  HS_INTAKE_TIME_RFC3339, /* what hs_parse_time reads */
  HS_INTAKE_TIME_UNIX,    /* seconds since 1970, up to six decimals */
  HS_INTAKE_TIME_UNIX_MS, /* milliseconds since 1970, an integer */
  HS_INTAKE_TIME_DMY,     /* 31/12/2026 23:59, besides what hs_parse_time reads */
  HS_INTAKE_TIME_MDY,     /* 12/31/2026 11:59 PM, likewise */
};
/* "rfc3339", "unix", "unix_ms", "dmy", "mdy". */
[[nodiscard]] int hs_intake_time_parse(struct hs_str name, enum hs_intake_time *out);

/* Why a row was not taken: X(symbol, "code for machines", "words for the summary"). */
#define HS_INTAKE_REASON_TABLE(X)                                                                  \
  X(HS_REASON_FIELD_COUNT, "field_count", "another number of fields than the header has")          \
  X(HS_REASON_QUOTE, "quote", "a quoted field that is not closed, or has text after it")           \
  X(HS_REASON_TOO_LONG, "too_long", "longer than allowed")                                         \
  X(HS_REASON_JSON, "json", "not the JSON that is expected there")                                 \
  X(HS_REASON_REPEATED, "repeated", "a column given twice")                                        \
  X(HS_REASON_MISSING, "missing", "a required value is missing")                                   \
  X(HS_REASON_TEXT, "text", "not valid UTF-8, or with control characters")                         \
  X(HS_REASON_WORD, "word", "not one of the column's words")                                       \
  X(HS_REASON_TIME, "time", "not a moment or a day")                                               \
  X(HS_REASON_ZONE, "zone", "a moment without a time zone, or one that the zone skipped")          \
  X(HS_REASON_TIME_RANGE, "time_range", "a moment before 1990, after 2099 or in the future")       \
  X(HS_REASON_NUMBER, "number", "not a number, or out of range")                                   \
  X(HS_REASON_MONEY, "money", "not an exact amount of its currency")                               \
  X(HS_REASON_CURRENCY, "currency", "not a currency of ISO 4217")                                  \
  X(HS_REASON_RULE, "rule", "columns that contradict each other")
enum hs_intake_reason {
#define HS_REASON_SYMBOL(symbol, code, words) symbol,
  HS_INTAKE_REASON_TABLE(HS_REASON_SYMBOL)
#undef HS_REASON_SYMBOL
      HS_INTAKE_REASON_COUNT
};
const char *hs_intake_reason_code(enum hs_intake_reason reason);
const char *hs_intake_reason_words(enum hs_intake_reason reason);

#define HS_INTAKE_VALUE_BYTES_MAX 256
/* One row that was not taken. A row has one reject: the first that is wrong with it, its structure
   before its columns, its columns in the order of the spec, rules between columns last. */
struct hs_intake_reject {
  uint64_t line;       /* of the file (of a Parquet file: the row), from 1; where the row begins */
  const char *column;  /* canonical, or "" when the row as a whole is wrong */
  struct hs_str value; /* as it stood there, or the row's beginning; at most
                          HS_INTAKE_VALUE_BYTES_MAX bytes, any bytes at all */
  enum hs_intake_reason reason;
  const char *words; /* the reason with its particulars, one line */
};

/* How the amounts of a network's export are written. */
enum hs_amounts {
  HS_AMOUNTS_UNSTATED, /* as its documentation says */
  HS_AMOUNTS_UNIT,     /* decimals in the currency's unit */
  HS_AMOUNTS_MINOR,    /* whole minor units */
};
/* "unit", "minor". */
[[nodiscard]] int hs_amounts_parse(struct hs_str name, enum hs_amounts *out);

struct hs_network; /* intake/network.h */

/* --map column=field */
struct hs_intake_map {
  struct hs_str column; /* canonical, or amount_minor */
  struct hs_str field;  /* as the file names it, compared without case */
};

/* All pointers live until the source is closed. The callbacks come from the thread that pulls a
   batch, one at a time and never two at once. */
struct hs_intake_options {
  enum hs_event_kind kind;
  const char *path;                 /* "-" is standard input */
  enum hs_intake_format format;     /* GUESS finds out */
  char delimiter;                   /* of CSV: ',' ';' or '\t'; 0 is tab for *.tsv, else comma */
  enum hs_intake_time time;         /* how moments are written */
  const struct hs_zone *zone;       /* of moments without an offset; NULL rejects them */
  struct hs_currency currency;      /* of rows that name none; the zero value is no default */
  const struct hs_network *network; /* of kind network_commissions: whose export it is; NULL reads
                                       columns by their own names */
  int finds_network;                /* tells the network by the names of the fields instead */
  enum hs_amounts amounts;          /* of a network; needed where its documentation is silent */
  const struct hs_intake_map *map;  /* map_count of them */
  size_t map_count;
  unsigned slot_count; /* 1 to HS_INTAKE_SLOTS_MAX threads; 0 is 1 */
  size_t block_bytes;  /* read at once at most; 0 is HS_INTAKE_BLOCK_BYTES. For tests. */
  const struct hs_text_opener *parquet; /* NULL: Parquet is HS_UNSUPPORTED */
  void *context;
  /* In the order of lines. A failure ends the source with that error. NULL: rejects are only
     counted. */
  enum hs_status (*reject)(void *context, const struct hs_intake_reject *reject,
                           struct hs_err *err);
  /* After every block; total is 0 where nobody knows it (a pipe). Bytes of the file as it lies
     there; rows for Parquet. May be NULL. */
  void (*progress)(void *context, uint64_t done, uint64_t total);
  /* Not 0 asks to stop: the next call gives HS_INTERRUPTED. May be NULL. */
  const atomic_int *interrupt;
};

#define HS_INTAKE_BLOCK_BYTES (512 * HS_KIB)
/* What open takes from the arena at most: so much for each slot (a record and two blocks of bytes,
   twice that for what is written anew, a batch of the widest kind, a reject for each of its rows)
   and so much for all of them together. It becomes real memory only as far as rows are that long
   and rejects that many. */
#define HS_INTAKE_SLOT_BYTES (9 * HS_MIB)
#define HS_INTAKE_SHARED_BYTES (4 * HS_MIB)

#define HS_INTAKE_UNMAPPED_MAX 64

/* What is known so far; final once every slot has given its end. Texts live as long as the arena.
 */
struct hs_intake_report {
  enum hs_intake_format format;
  int is_format_guessed;
  int is_gzip;                      /* told by its first two bytes, whatever the name */
  char delimiter;                   /* of CSV; 0 otherwise */
  const struct hs_network *network; /* whose export it was read as; NULL for none */
  size_t rate_columns;              /* currencies of a table of rates; 0 for a rate a row */
  size_t mapped_count;
  struct {
    struct hs_str column; /* canonical, or amount_minor */
    struct hs_str field;
  } mapped[HS_COLUMNS_MAX + 3];                   /* of a network also "paid" and "unit" */
  size_t unmapped_count;                          /* may be more than are named */
  struct hs_str unmapped[HS_INTAKE_UNMAPPED_MAX]; /* fields of the file that nothing reads */
  uint64_t rows_good;
  uint64_t rows_rejected;
  uint64_t rejected_by[HS_INTAKE_REASON_COUNT];
  int64_t first_us, last_us; /* moments, or midnights of days, of the good rows; first > last when
                                there are none */
  uint64_t bytes_read;       /* of the file as it lies there */
  int has_hash;              /* the end was reached */
  struct hs_hash hash;       /* BLAKE2b-256 of the file as it lies there */
};

struct hs_intake;
/* Opens the file, finds out its format and settles which field feeds which column; reads as much as
   that takes. *out lives in the arena.
   HS_NOT_FOUND, HS_IO; HS_INVALID when it cannot be such a file: empty, UTF-16, a required column
   without a field, a column with two fields, a map that names what is not there: the words say what
   the file has and what to do. HS_USAGE for a map onto a column that the kind does not have.
   HS_CORRUPT for damaged gzip. HS_NOMEM. Nothing is left open on failure. */
[[nodiscard]] enum hs_status hs_intake_open(struct hs_arena *arena, const struct hs_io *io,
                                            const struct hs_intake_options *options,
                                            struct hs_intake **out, struct hs_err *err);
/* The rows as a source; its close is hs_intake_close. A slot's next call waits for no other slot's
   caller, so slots may be pulled by one thread in any order, and one may be abandoned. */
struct hs_row_source hs_intake_rows(struct hs_intake *intake);
/* Reads to the end without giving rows to anybody, on one thread: --dry-run. */
[[nodiscard]] enum hs_status hs_intake_drain(struct hs_intake *intake, struct hs_err *err);
/* A consistent copy; may be called at any time, also after the close. */
void hs_intake_report(struct hs_intake *intake, struct hs_intake_report *out);
/* Accepts NULL and a second call. */
void hs_intake_close(struct hs_intake *intake);

#endif
