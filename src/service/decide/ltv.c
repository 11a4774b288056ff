#include "service/decide/ltv.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"

#define DAYS_A_WEEK 7.0

enum hs_status hs_ltv_columns(struct hs_str list, enum hs_ltv_form form,
                              struct hs_ltv_file_options *options, struct hs_err *err)
{
  size_t least = form == HS_LTV_SUMMARY ? 3 : 2, count = 0;
  struct hs_str rest = list;
  while (rest.data != NULL) {
    struct hs_str name = hs_str_trim(hs_str_cut(&rest, ','));
    if (count == least + 1 || name.length == 0)
      return hs_fail(err, HS_USAGE, "--%s takes %s, got '%.*s'",
                     form == HS_LTV_SUMMARY ? "summary" : "log",
                     form == HS_LTV_SUMMARY ? "the columns purchases,last,watched[,mean]"
                                            : "the columns customer,day[,value]",
                     HS_STR_ARG(list));
    options->columns[count++] = name;
  }
  if (count < least)
    return hs_fail(err, HS_USAGE, "--%s names %zu columns and needs %zu",
                   form == HS_LTV_SUMMARY ? "summary" : "log", count, least);
  options->form = form;
  options->column_count = count;
  return HS_OK;
}

/* ---- rows that nobody can mean ----------------------------------------------------------------
 */

/* Where rows go that are read well and still cannot be used. */
struct rejecting {
  struct hs_arena *arena;
  hs_figures_reject_fn tell; /* NULL: nobody listens */
  void *context;
  struct hs_ltv *out;
};

static void reject(const struct rejecting *rejecting, uint64_t line, size_t column, double value,
                   const char *reason)
{
  struct hs_buf text = hs_buf_in(rejecting->arena);
  if (!isnan(value))
    hs_buf_add_double(&text, value);
  rejecting->out->reject_count++;
  if (rejecting->tell)
    rejecting->tell(rejecting->context,
                    &(struct hs_figures_reject){line, rejecting->out->options.columns[column],
                                                hs_buf_str(&text), reason});
}

/* ---- one row a customer ---------------------------------------------------------------------- */

/* The first rule that a customer breaks, in the column at fault; NULL when none. */
static const char *fault_of(const double figures[4], size_t *column)
{
  const double x = figures[0], t_x = figures[1], T = figures[2], zbar = figures[3];
  *column = isnan(x) || !(x >= 0 && x <= HS_BUYERS_PURCHASES_MAX) || x > floor(x) ? 0
            : isnan(T) || T < 0                                                   ? 2
            : zbar < 0                                                            ? 3
                                                                                  : 1;
  if (isnan(figures[*column]))
    return "is empty";
  if (*column == 0)
    return "is not a whole number of purchases, 0 to 1000000";
  if (*column == 2)
    return "is below 0";
  if (*column == 3)
    return "is below 0: purchases have a value, what is taken back is none";
  if (t_x < 0)
    return "is below 0";
  if (t_x > T)
    return "lies behind the end of what was watched";
  return !(x > 0) && t_x > 0 ? "is above 0 although there is no repeat purchase" : NULL;
}

/* Rows that can be used move together, over those that cannot. */
static size_t keep_usable(const struct hs_figures *figures, const struct rejecting *rejecting)
{
  const struct hs_figures_column *c = figures->columns;
  size_t columns = rejecting->out->options.column_count, kept = 0, column;
  for (size_t i = 0; i < figures->row_count; i++) {
    const double row[4] = {c[0].values[i], c[1].values[i], c[2].values[i],
                           columns == 4 ? c[3].values[i] : (double)NAN};
    const char *fault = fault_of(row, &column);
    if (fault)
      reject(rejecting, figures->lines[i], column, row[column], fault);
    for (size_t k = 0; !fault && k < columns; k++)
      c[k].values[kept] = row[k];
    kept += fault == NULL;
  }
  return kept;
}

static enum hs_status take_summary(const struct rejecting *rejecting,
                                   const struct hs_figures *figures, struct hs_err *err)
{
  struct hs_ltv *out = rejecting->out;
  const struct hs_figures_column *c = figures->columns;
  const struct hs_customers customers = {.count = keep_usable(figures, rejecting),
                                         .x = c[0].values,
                                         .t_x = c[1].values,
                                         .T = c[2].values,
                                         .zbar =
                                             out->options.column_count == 4 ? c[3].values : NULL};
  if (customers.count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "the file holds no customer that can be used");
  return hs_lifetime_make(rejecting->arena, &customers, &out->options.lifetime, &out->lifetime,
                          err);
}

/* ---- one row a purchase -----------------------------------------------------------------------
 */

struct purchase {
  uint32_t customer;
  int32_t day;
  double value;
};

static int by_customer_and_day(const void *left, const void *right)
{
  const struct purchase *a = left, *b = right;
  if (a->customer != b->customer)
    return a->customer < b->customer ? -1 : 1;
  return (a->day > b->day) - (a->day < b->day);
}

/* Sorted, purchases of one customer and day put together. */
struct log {
  struct purchase *purchases;
  size_t count;
  size_t customer_count;
  int has_values;
};

/* Purchases of the rows that can be used, as they stand in the file. */
static enum hs_status take_purchases(const struct rejecting *rejecting,
                                     const struct hs_figures *figures, struct log *log,
                                     struct hs_err *err)
{
  const struct hs_figures_column *c = figures->columns;
  log->purchases = hs_arena_alloc_raw(rejecting->arena, figures->row_count, sizeof *log->purchases);
  if (!log->purchases)
    return hs_arena_full(rejecting->arena, "purchases", err);
  for (size_t i = 0; i < figures->row_count; i++) {
    double value = log->has_values ? c[2].values[i] : 0;
    if (value >= 0)
      log->purchases[log->count++] = (struct purchase){
          .customer = c[0].names[i], .day = (int32_t)c[1].values[i], .value = value};
    else
      reject(rejecting, figures->lines[i], 2, value,
             isnan(value) ? "is empty" : "is below 0: what is taken back is no purchase");
  }
  return HS_OK;
}

/* Sorts, and puts a customer's purchases of one day together. */
static void join_days(struct log *log)
{
  size_t rows = log->count;
  qsort(log->purchases, rows, sizeof *log->purchases, by_customer_and_day);
  log->count = 0;
  for (size_t i = 0; i < rows; i++) {
    struct purchase *last = log->count ? &log->purchases[log->count - 1] : NULL;
    if (last && by_customer_and_day(last, &log->purchases[i]) == 0)
      last->value += log->purchases[i].value;
    else
      log->purchases[log->count++] = log->purchases[i];
  }
}

static enum hs_status sort_log(const struct rejecting *rejecting, const struct hs_figures *figures,
                               struct log *log, struct hs_err *err)
{
  struct hs_ltv *out = rejecting->out;
  const struct hs_figures_column *c = figures->columns;
  if (figures->row_count > 0 && !c[1].is_day)
    return hs_fail(err, HS_INVALID, "column %.*s must hold days (YYYY-MM-DD), line %llu has '%.*s'",
                   HS_STR_ARG(out->options.columns[1]), (unsigned long long)figures->lines[0],
                   HS_STR_ARG(c[1].texts[0]));
  log->has_values = out->options.column_count == 3;
  log->customer_count = c[0].name_count;
  enum hs_status status = take_purchases(rejecting, figures, log, err);
  if (status)
    return status;
  if (log->count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "the file holds no purchase");
  join_days(log);
  out->first_day = INT32_MAX;
  out->last_day = INT32_MIN;
  for (size_t i = 0; i < log->count; i++) {
    int32_t day = log->purchases[i].day;
    out->first_day = day < out->first_day ? day : out->first_day;
    out->last_day = day > out->last_day ? day : out->last_day;
  }
  return HS_OK;
}

/* The customers as they were known at the end of a day, and what they bought after it. */
struct known {
  struct hs_customers customers;
  double *x, *t_x, *T, *zbar, *next;
};

static enum hs_status take_known(struct hs_arena *arena, size_t count, struct known *out,
                                 struct hs_err *err)
{
  double *room = hs_arena_alloc(arena, 5 * count, sizeof *room);
  if (!room)
    return hs_arena_full(arena, "customers", err);
  out->x = room;
  out->t_x = room + count;
  out->T = room + 2 * count;
  out->zbar = room + 3 * count;
  out->next = room + 4 * count;
  return HS_OK;
}

/* One customer's purchases, [0, count), the first of them no later than until. */
static void add_customer(const struct purchase *purchases, size_t count, int32_t until,
                         struct known *known)
{
  size_t i = known->customers.count++;
  double sum = 0;
  for (size_t k = 1; k < count; k++)
    if (purchases[k].day <= until) {
      known->x[i] += 1;
      known->t_x[i] = (purchases[k].day - purchases[0].day) / DAYS_A_WEEK;
      sum += purchases[k].value;
    } else
      known->next[i] += 1;
  known->T[i] = (until - purchases[0].day) / DAYS_A_WEEK;
  known->zbar[i] = known->x[i] > 0 ? sum / known->x[i] : 0;
}

static enum hs_status know_at(struct hs_arena *arena, const struct log *log, int32_t until,
                              int32_t last_day, struct known *out, struct hs_err *err)
{
  enum hs_status status = take_known(arena, log->customer_count, out, err);
  if (status)
    return status;
  for (size_t i = 0, end = 0; i < log->count; i = end) {
    while (end < log->count && log->purchases[end].customer == log->purchases[i].customer)
      end++;
    if (log->purchases[i].day <= until)
      add_customer(log->purchases + i, end - i, until, out);
  }
  if (out->customers.count == 0)
    return hs_fail(err, HS_INSUFFICIENT,
                   "nobody had bought by the day that the models learn up to");
  out->customers = (struct hs_customers){.count = out->customers.count,
                                         .x = out->x,
                                         .t_x = out->t_x,
                                         .T = out->T,
                                         .zbar = log->has_values ? out->zbar : NULL,
                                         .next = last_day > until ? out->next : NULL,
                                         .next_span = (last_day - until) / DAYS_A_WEEK};
  return HS_OK;
}

/* Without a day of the caller's the check learns from the first half and draws no intervals: its
   table is what it is for. */
static enum hs_status take_log(const struct rejecting *rejecting, const struct hs_figures *figures,
                               struct hs_err *err)
{
  struct hs_arena *arena = rejecting->arena;
  struct hs_ltv *out = rejecting->out;
  struct log log = {0};
  struct known known = {0}, half = {0};
  enum hs_status status = sort_log(rejecting, figures, &log, err);
  if (status)
    return status;
  int has_day = out->options.until_day != INT32_MIN;
  int32_t until = has_day ? out->options.until_day : out->last_day;
  out->check_day = has_day ? until : out->first_day + (out->last_day - out->first_day) / 2;
  status = know_at(arena, &log, until, out->last_day, &known, err);
  if (!status)
    status = hs_lifetime_make(arena, &known.customers, &out->options.lifetime, &out->lifetime, err);
  if (status)
    return status;
  out->check = out->lifetime;
  if (has_day)
    return HS_OK;
  struct hs_lifetime_options plain = out->options.lifetime;
  plain.draws = 0;
  status = know_at(arena, &log, out->check_day, out->last_day, &half, NULL);
  if (!status)
    status = hs_lifetime_make(arena, &half.customers, &plain, &out->check, NULL);
  /* Too young a log has no half to learn from: the table is left out, and that is no error. */
  return status == HS_NOMEM ? hs_arena_full(arena, "the check", err) : HS_OK;
}

/* ---- the file ---------------------------------------------------------------------------------
 */

enum hs_status hs_ltv_file(struct hs_arena *arena, const struct hs_io *io, const char *path,
                           const struct hs_ltv_file_options *options,
                           hs_figures_reject_fn on_reject, void *context, struct hs_ltv *out,
                           struct hs_err *err)
{
  struct hs_source *source = NULL;
  struct hs_figures figures;
  struct hs_figures_want wants[4];
  for (size_t i = 0; i < options->column_count; i++) {
    wants[i] = (struct hs_figures_want){options->columns[i], HS_FIGURES_NUMBER};
    if (options->form == HS_LTV_LOG && i < 2)
      wants[i].type = i == 0 ? HS_FIGURES_NAME : HS_FIGURES_TIME;
  }
  enum hs_status status = hs_source_open(arena, io, path, &source, err);
  if (!status)
    status = hs_figures_read(arena, source,
                             &(struct hs_figures_options){.delimiter = options->delimiter}, wants,
                             options->column_count, on_reject, context, &figures, err);
  hs_source_close(source);
  if (status)
    return status;
  *out = (struct hs_ltv){.options = *options,
                         .row_count = figures.row_count + figures.reject_count,
                         .reject_count = figures.reject_count};
  const struct rejecting rejecting = {arena, on_reject, context, out};
  return options->form == HS_LTV_SUMMARY ? take_summary(&rejecting, &figures, err)
                                         : take_log(&rejecting, &figures, err);
}
