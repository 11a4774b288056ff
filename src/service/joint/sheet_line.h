/* One line of a joint P&L as people write it, made into money: amounts of the currency, hours at a
   rate, shares of somebody's time. The same for a file that needs no programme and for lines that a
   side adds to a programme's agreement. */
#ifndef HANSA_SERVICE_JOINT_SHEET_LINE_H
#define HANSA_SERVICE_JOINT_SHEET_LINE_H

#include "agreement/shape.h"
#include "ledger/joint.h"
#include "service/joint/sheet_text.h"

/* What a line rests on beside its own words. */
struct hs_line_terms {
  size_t side_count;
  struct hs_str sides[HS_SIDES_MAX];
  struct hs_decimal hour_rates[HS_SIDES_MAX]; /* a scale below 0 where none was agreed */
  struct hs_decimal day_hours;
  int32_t from_day, until_day; /* of the period */
  struct hs_currency currency;
  enum hs_rounding rounding;
};

/* Where faults go. Reading goes on after one, so that a person sees all that is wrong at once. */
struct hs_sheet_faults {
  hs_fault_fn fault; /* may be NULL */
  void *context;
  struct hs_err *err; /* gets the first */
  size_t count;
};

/* One item of a list: "lines[3]"; empty for the document itself. */
struct hs_sheet_place {
  char text[96];
};

void hs_sheet_tell(struct hs_sheet_faults *faults, const struct hs_sheet_place *place,
                   const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* 0 for what is not there, and for a fault. */
int64_t hs_sheet_minor(struct hs_sheet_faults *faults, const struct hs_sheet_place *place,
                       const char *field, struct hs_decimal written, struct hs_currency currency);

/* HS_NOBODY when there is none of that name. */
uint32_t hs_line_terms_find(const struct hs_line_terms *terms, struct hs_str name);
/* 0 for a name that is no side's: the fault is told. */
uint32_t hs_sheet_side_named(struct hs_sheet_faults *faults, const struct hs_sheet_place *place,
                             const char *field, const struct hs_line_terms *terms,
                             struct hs_str name);

/* Makes the line; what of it is in fault is left as nothing. Text lives in arena. */
void hs_sheet_line_make(const struct hs_line_text *written, const struct hs_sheet_place *place,
                        const struct hs_line_terms *terms, struct hs_sheet_faults *faults,
                        struct hs_arena *arena, struct hs_joint_line *out);

/* What a share of somebody's working time in the period costs, and in words how that came about:
   "20 % of 176 hours at 65.00 EUR". 0 when it does not fit. */
[[nodiscard]] int hs_time_cost(const struct hs_line_terms *terms, struct hs_ratio time,
                               struct hs_decimal rate, int64_t *cost_minor, struct hs_buf *words);

#endif
