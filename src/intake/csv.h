/* CSV by RFC 4180, cut into rows and fields without copying. Where we differ from the RFC: a byte
   order mark is skipped, LF alone ends a row, empty lines are skipped, another delimiter may be
   set, and a quote inside an unquoted field is an ordinary character (5" disc), as exports write
   it. Text after a closing quote and a quote that is never closed are faults of their row; the rest
   goes on. */
#ifndef HANSA_INTAKE_CSV_H
#define HANSA_INTAKE_CSV_H

#include "intake/source.h"

struct hs_csv_options {
  char delimiter;         /* 0 is the comma */
  size_t row_bytes_max;   /* 0 is 1 MiB */
  size_t field_count_max; /* 0 is 1,024 */
};

/* Slices live until the next call. */
struct hs_csv_row {
  const struct hs_str *fields; /* quotes taken off, doubled quotes made single */
  size_t field_count;
  uint64_t line;       /* where the row begins, from 1, as an editor counts */
  const char *problem; /* NULL, or what is wrong; then there are no fields; lives for ever */
  struct hs_str raw;   /* the row as it stood, or its first line when there is a problem; only where
                          no quoted field was changed on the way is it byte for byte */
};

struct hs_csv;

/* source and arena are borrowed; memory is about four times row_bytes_max at most. options may be
   NULL. HS_UNSUPPORTED for UTF-16; HS_NOMEM; what reading says. */
[[nodiscard]] enum hs_status hs_csv_open(struct hs_arena *arena, struct hs_source *source,
                                         const struct hs_csv_options *options, struct hs_csv **out,
                                         struct hs_err *err);
/* HS_OK with the next row (look at its problem first), HS_END after the last, or what reading says.
   After a row with a problem the next one begins at the next line. */
[[nodiscard]] enum hs_status hs_csv_next(struct hs_csv *csv, struct hs_csv_row *row,
                                         struct hs_err *err);

#endif
