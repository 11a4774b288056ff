/* From the text of a row's cells to typed values, checked: each column by its type, then the rules
   between columns. */
#ifndef HANSA_INTAKE_CONVERT_H
#define HANSA_INTAKE_CONVERT_H

#include "intake/mapping.h"

struct hs_convert {
  const struct hs_event_spec *spec;
  const struct hs_mapping *mapping; /* borrowed */
  enum hs_event_kind kind;
  int currency;
  int moment; /* the first column that is a moment or a day, or -1 */
  enum hs_intake_time time;
  const struct hs_zone *zone;
  struct hs_currency default_currency;
  int64_t latest_us; /* a moment behind it lies in the future */
};

/* now_us: the clock when reading began, one for all rows. Both pointers are borrowed. */
struct hs_convert hs_convert_make(const struct hs_intake_options *options,
                                  const struct hs_mapping *mapping, int64_t now_us);

struct hs_fault {
  enum hs_intake_reason reason;
  const char *column; /* canonical, or "" */
  struct hs_str value;
  char words[160];
};
/* Fills in a fault and gives 0, so that a check can end with `return hs_fault(…)`. */
int hs_fault(struct hs_fault *fault, enum hs_intake_reason reason, const char *column,
             struct hs_str value, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Codes that had to be put into capitals. No kind has more than two currencies in a row: that of
   its money, or those that a rate stands between. */
#define HS_CONVERT_CODES_MAX ((size_t)2)
typedef char hs_currency_text[4];

/* Where a slot puts what a row's cells do not hold as they stand. */
struct hs_convert_room {
  hs_currency_text *codes; /* HS_CONVERT_CODES_MAX for each row of a batch */
  char *text;              /* countries, items and facts in the form that is kept … */
  size_t length, size;     /* … twice the bytes that they are made from fit */
  char *scratch;           /* HS_INTAKE_PATH_BYTES_MAX */
};
/* What the cells of one row may take of it at most. */
#define HS_CONVERT_ROW_BYTES_MAX (2 * 2 * HS_INTAKE_PATH_BYTES_MAX + HS_INTAKE_TEXT_BYTES_MAX)

/* cells[target] is the cell's text or {NULL, 0}. 1 with the row in the batch's vectors at index row
   (text borrows from cells, the spec and the room); 0 with the fault. */
[[nodiscard]] int hs_convert_row(const struct hs_convert *convert,
                                 const struct hs_str cells[HS_TARGET_COUNT], struct hs_batch *batch,
                                 size_t row, struct hs_convert_room *room, struct hs_fault *fault);
/* The row's moment (of a day: its midnight) when the kind has one and the row says it. */
[[nodiscard]] int hs_convert_moment(const struct hs_convert *convert, const struct hs_batch *batch,
                                    size_t row, int64_t *at_us);

#endif
