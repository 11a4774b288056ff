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

/* ---- one row a customer ---------------------------------------------------------------------- */

static enum hs_status take_summary(struct hs_arena *arena, const struct hs_figures *figures,
                                   struct hs_ltv *out, struct hs_err *err)
{
  const struct hs_figures_column *c = figures->columns;
  int has_values = out->options.column_count == 4;
  for (size_t i = 0; i < figures->row_count; i++)
    for (size_t k = 0; k < out->options.column_count; k++)
      if (isnan(c[k].values[i]) && k < 3)
        return hs_fail(err, HS_INVALID, "line %llu: %.*s is empty",
                       (unsigned long long)figures->lines[i], HS_STR_ARG(out->options.columns[k]));
  const struct hs_customers customers = {.count = figures->row_count,
                                         .x = c[0].values,
                                         .t_x = c[1].values,
                                         .T = c[2].values,
                                         .zbar = has_values ? c[3].values : NULL};
  return hs_lifetime_make(arena, &customers, &out->options.lifetime, &out->lifetime, err);
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

static enum hs_status sort_log(struct hs_arena *arena, const struct hs_figures *figures,
                               struct hs_ltv *out, struct log *log, struct hs_err *err)
{
  const struct hs_figures_column *c = figures->columns;
  if (figures->row_count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "the file holds no purchase");
  if (!c[1].is_day)
    return hs_fail(err, HS_INVALID, "column %.*s must hold days (YYYY-MM-DD), line %llu has '%.*s'",
                   HS_STR_ARG(out->options.columns[1]), (unsigned long long)figures->lines[0],
                   HS_STR_ARG(c[1].texts[0]));
  log->purchases = hs_arena_alloc_raw(arena, figures->row_count, sizeof *log->purchases);
  if (!log->purchases)
    return hs_arena_full(arena, "purchases", err);
  log->has_values = out->options.column_count == 3;
  log->customer_count = c[0].name_count;
  for (size_t i = 0; i < figures->row_count; i++)
    log->purchases[i] = (struct purchase){.customer = c[0].names[i],
                                          .day = (int32_t)c[1].values[i],
                                          .value = log->has_values ? c[2].values[i] : 0};
  qsort(log->purchases, figures->row_count, sizeof *log->purchases, by_customer_and_day);
  for (size_t i = 0; i < figures->row_count; i++) {
    struct purchase *last = log->count ? &log->purchases[log->count - 1] : NULL;
    if (last && by_customer_and_day(last, &log->purchases[i]) == 0)
      last->value += log->purchases[i].value;
    else
      log->purchases[log->count++] = log->purchases[i];
  }
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
static enum hs_status take_log(struct hs_arena *arena, const struct hs_figures *figures,
                               struct hs_ltv *out, struct hs_err *err)
{
  struct log log = {0};
  struct known known = {0}, half = {0};
  enum hs_status status = sort_log(arena, figures, out, &log, err);
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
  return options->form == HS_LTV_SUMMARY ? take_summary(arena, &figures, out, err)
                                         : take_log(arena, &figures, out, err);
}
