/* One row of CSV in memory: where it ends, and which fields it has. RFC 4180 with the differences
   that csv.h lists. These are functions of bytes alone, so that a stream (csv.h) and blocks that
   several threads share (blocks.h) read the same rows. */
#ifndef HANSA_INTAKE_CSV_CUT_H
#define HANSA_INTAKE_CSV_CUT_H

#include "base/text.h"

/* Offsets from where the row begins. */
struct hs_csv_extent {
  size_t text_end;     /* the end of its text, without CR and LF */
  size_t next;         /* where the next row begins; at least 1 unless nothing is left */
  uint64_t lines;      /* that it stretches over */
  int has_quote;       /* there is a quote somewhere in it */
  const char *problem; /* NULL, or what is wrong with it; lives for ever. Then the extent is that of
                          its first line, and the next row begins at the next line. */
};

/* 1 with the extent of the row that begins at data's first byte, 0 when data ends before that can
   be told (never when is_at_end). What is found does not change when more bytes follow. */
[[nodiscard]] int hs_csv_find_row(struct hs_str data, int is_at_end, char delimiter,
                                  struct hs_csv_extent *out);
/* The same for a line, whatever stands in it. */
[[nodiscard]] int hs_csv_find_line(struct hs_str data, int is_at_end, struct hs_csv_extent *out);
/* Fills fields with the slices of a row without a problem: quotes taken off, doubled quotes made
   single in place, which only touches fields that have some. Gives the number of fields, or
   count_max + 1 when there are more. */
size_t hs_csv_cut_row(char *row, const struct hs_csv_extent *extent, char delimiter,
                      struct hs_str *fields, size_t count_max);

#endif
