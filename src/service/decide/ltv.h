/* What customers are worth, from a file without any set-up: one row a customer (x, t_x, T, z̄) or
   one row a purchase. Computing and writing are kept apart: hs_ltv_file computes, the others write.
 */
#ifndef HANSA_SERVICE_DECIDE_LTV_H
#define HANSA_SERVICE_DECIDE_LTV_H

#include "base/io.h"
#include "base/text.h"
#include "intake/figures.h"
#include "measure/value/lifetime.h"

enum hs_ltv_form {
  HS_LTV_SUMMARY, /* columns: purchases, last, watched and, if there, mean value */
  HS_LTV_LOG      /* columns: customer, day and, if there, value */
};

struct hs_ltv_file_options {
  enum hs_ltv_form form;
  struct hs_str columns[4];
  size_t column_count; /* of HS_LTV_SUMMARY 3 or 4, of HS_LTV_LOG 2 or 3 */
  char delimiter;      /* as in hs_figures_options */
  /* Of a log: the models learn from what lies up to this day and are held against what comes after
     it. INT32_MIN: they learn from everything, and a second fit up to the middle is held against
     the rest. */
  int32_t until_day;
  struct hs_lifetime_options lifetime;
};

struct hs_ltv {
  struct hs_ltv_file_options options;
  struct hs_lifetime lifetime;
  struct hs_lifetime check; /* the one with the hold-out; the same as lifetime with until_day */
  int32_t first_day, last_day,
      check_day; /* of a log: of its purchases; where the hold-out begins */
  uint64_t row_count, reject_count;
};

/* "x,t_x,T,zbar" into options->columns. HS_USAGE when there are too few or too many. */
[[nodiscard]] enum hs_status hs_ltv_columns(struct hs_str list, enum hs_ltv_form form,
                                            struct hs_ltv_file_options *options,
                                            struct hs_err *err);

/* Reads path ("-" is standard input) and computes. In a log purchases of one customer and day are
   one, their values added; times are weeks since the customer's first day, watched until the last
   day of the log (or until_day); customers who first bought after it are not learnt from. A file
   goes on without rejected rows: those that cannot be read, and those that nobody can mean (a last
   purchase behind the end of what was watched, one without a repeat, a value below 0), each with
   its line, column, value and reason. Everything lives in arena. HS_INSUFFICIENT when nobody bought
   again. */
[[nodiscard]] enum hs_status hs_ltv_file(struct hs_arena *arena, const struct hs_io *io,
                                         const char *path,
                                         const struct hs_ltv_file_options *options,
                                         hs_figures_reject_fn on_reject, void *context,
                                         struct hs_ltv *out, struct hs_err *err);

/* One JSON object; an interval that cannot be had is null. */
void hs_ltv_json(const struct hs_ltv *ltv, struct hs_buf *out);
void hs_ltv_text(const struct hs_ltv *ltv, int width, struct hs_buf *out);
/* One page that needs nothing else. */
void hs_ltv_html(const struct hs_ltv *ltv, struct hs_buf *out);

#endif
