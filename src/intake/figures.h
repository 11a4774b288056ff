/* A CSV file of figures, as analysts keep them: one row a day, a region's week, a customer or a
   purchase, and columns that are asked for by name. It is read whole, because what follows wants
   arrays. The events of a programme come in by intake.h instead. */
#ifndef HANSA_INTAKE_FIGURES_H
#define HANSA_INTAKE_FIGURES_H

#include "intake/source.h"

enum hs_figures_type {
  HS_FIGURES_NUMBER,
  HS_FIGURES_TIME, /* a day, YYYY-MM-DD, or a number such as 1871 or 1949.25; one of the two in all
                      rows */
  HS_FIGURES_NAME, /* a region, a customer */
  HS_FIGURES_NOTE  /* words that may be left out, in a row or with their whole column */
};

struct hs_figures_want {
  struct hs_str name; /* compared without regard to ASCII case */
  enum hs_figures_type type;
};

struct hs_figures_column {
  enum hs_figures_type type;
  int is_day; /* of a time: the values are days since 1970-01-01 */
  /* of numbers and times, one each row; NaN where a number's cell is empty or says NA */
  double *values;
  /* of names: which one, in the order of their first appearance */
  uint32_t *names;
  struct hs_str *name_list;
  size_t name_count;
  /* of times, names and notes: the cells as they stood, without blanks around; absent for a note
     that is left out */
  struct hs_str *texts;
};

struct hs_figures {
  size_t row_count;
  uint64_t reject_count;
  struct hs_figures_column *columns; /* as they were asked for */
  uint64_t *lines;                   /* on which each row begins, from 1 */
};

struct hs_figures_options {
  char delimiter; /* 0: comma, semicolon or tab, whichever the header has most of */
};

struct hs_figures_reject {
  uint64_t line;
  struct hs_str column; /* absent when the whole row is at fault */
  struct hs_str value;  /* as it stood */
  const char *reason;   /* reads as "line 17, column sales: 'abc' is not a number" */
};
/* Slices live as long as the arena. */
typedef void (*hs_figures_reject_fn)(void *context, const struct hs_figures_reject *reject);

/* Reads the whole source into the arena: some 1.2 times its bytes, and for each row 8 bytes and 8
   to 28 a column. Rejected rows go to on_reject (may be NULL) and the rest goes on. HS_USAGE: the
   same column is wanted twice. HS_INVALID: no header, a column that is not there (unless it holds
   notes) or twice (the message lists those that are), UTF-16; HS_NOMEM; what reading says. A file
   without a row below its header is HS_OK with none. */
[[nodiscard]] enum hs_status hs_figures_read(struct hs_arena *arena, struct hs_source *source,
                                             const struct hs_figures_options *options,
                                             const struct hs_figures_want *wants, size_t want_count,
                                             hs_figures_reject_fn on_reject, void *context,
                                             struct hs_figures *out, struct hs_err *err);

#endif
