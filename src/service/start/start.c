/* The arithmetic of the first portfolio page: commissions in the order of partner and order id, one
   walk over them. */
#include "service/start/start.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/distribution.h"
#include "stats/summary.h"

/* ---- shares and means ---- */

static struct hs_start_share share_of(uint64_t count, uint64_t of)
{
  const double none = (double)NAN;
  struct hs_start_share out = {.count = count, .of = of, .share = none, .low = none, .high = none};
  if (of < HS_START_SAMPLE_MIN)
    return out;
  double n = (double)of;
  double p = (double)count / n;
  double z = hs_normal_quantile(0.5 + HS_START_LEVEL / 2);
  double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  double reach = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  out.share = p;
  out.low = fmax(middle - reach, 0);
  out.high = fmin(middle + reach, 1);
  return out;
}

static struct hs_start_mean mean_of(const struct hs_summary *summary, uint64_t count)
{
  const double none = (double)NAN;
  struct hs_start_mean out = {.of = count, .mean = none, .low = none, .high = none};
  if (count < HS_START_SAMPLE_MIN)
    return out;
  double n = (double)count;
  double reach =
      hs_t_quantile(0.5 + HS_START_LEVEL / 2, n - 1) * hs_summary_deviation(summary) / sqrt(n);
  out.mean = summary->mean;
  out.low = out.mean - reach;
  out.high = out.mean + reach;
  return out;
}

/* ---- rows in order ---- */

/* The one that counts is known by its id, and by its name where there is none. */
static struct hs_str partner_key(const struct hs_start_row *row)
{
  return row->partner_id.data != NULL ? row->partner_id : row->partner;
}

static int by_place(const void *a, const void *b)
{
  const struct hs_start_row *x = *(const struct hs_start_row *const *)a;
  const struct hs_start_row *y = *(const struct hs_start_row *const *)b;
  return (x > y) - (x < y);
}

static int by_commission(const void *a, const void *b)
{
  const struct hs_start_row *x = *(const struct hs_start_row *const *)a;
  const struct hs_start_row *y = *(const struct hs_start_row *const *)b;
  int order = hs_str_compare(x->commission_id, y->commission_id);
  if (order == 0)
    order = hs_str_compare(partner_key(x), partner_key(y));
  return order != 0 ? order : by_place(a, b);
}

static int by_partner(const void *a, const void *b)
{
  const struct hs_start_row *x = *(const struct hs_start_row *const *)a;
  const struct hs_start_row *y = *(const struct hs_start_row *const *)b;
  int order = hs_str_compare(partner_key(x), partner_key(y));
  if (order == 0)
    order = hs_str_compare(x->order_id, y->order_id);
  return order != 0 ? order : by_place(a, b);
}

static int by_order(const void *a, const void *b)
{
  const struct hs_start_row *x = *(const struct hs_start_row *const *)a;
  const struct hs_start_row *y = *(const struct hs_start_row *const *)b;
  int order = hs_str_compare(x->order_id, y->order_id);
  if (order == 0)
    order = hs_str_compare(partner_key(x), partner_key(y));
  return order != 0 ? order : by_place(a, b);
}

struct list {
  const struct hs_start_row **rows;
  size_t count;
};

static int is_same_commission(const struct hs_start_row *a, const struct hs_start_row *b)
{
  return hs_str_equal(a->commission_id, b->commission_id) &&
         hs_str_equal(partner_key(a), partner_key(b));
}

/* An export may hold a commission twice, as when two of them are put behind each other: the last
   row of it counts. */
size_t hs_start_drop_repeated(const struct hs_start_row **rows, size_t count)
{
  size_t kept = 0;
  qsort(rows, count, sizeof(const struct hs_start_row *), by_commission);
  for (size_t i = 0; i < count; i++)
    if (i + 1 == count || !is_same_commission(rows[i], rows[i + 1]))
      rows[kept++] = rows[i];
  return kept;
}

/* ---- one currency ---- */

#define CURRENCIES_MAX 200 /* ISO 4217 has fewer */

struct currencies {
  struct hs_start_other items[CURRENCIES_MAX];
  size_t count;
};

static void count_currency(struct currencies *currencies, struct hs_currency currency)
{
  size_t i = 0;
  while (i < currencies->count && !hs_currency_equal(currencies->items[i].currency, currency))
    i++;
  if (i == currencies->count) {
    HS_ASSERT(i < CURRENCIES_MAX);
    currencies->items[currencies->count++] = (struct hs_start_other){currency, 0};
  }
  currencies->items[i].rows++;
}

static void keep_currency(struct list *list, struct hs_currency wanted, struct hs_start *out)
{
  struct currencies currencies = {.count = 0};
  for (size_t i = 0; i < list->count; i++)
    count_currency(&currencies, list->rows[i]->currency);
  out->currency = wanted;
  for (size_t i = 0, most = 0; wanted.code[0] == '\0' && i < currencies.count; i++)
    if (currencies.items[i].rows > most) {
      most = currencies.items[i].rows;
      out->currency = currencies.items[i].currency;
    }
  for (size_t i = 0; i < currencies.count; i++) {
    if (hs_currency_equal(currencies.items[i].currency, out->currency))
      continue;
    out->rows_other += currencies.items[i].rows;
    if (out->other_count < HS_START_OTHERS_MAX)
      out->others[out->other_count++] = currencies.items[i];
  }
  size_t kept = 0;
  for (size_t i = 0; i < list->count; i++)
    if (hs_currency_equal(list->rows[i]->currency, out->currency))
      list->rows[kept++] = list->rows[i];
  list->count = kept;
}

/* ---- summing ---- */

struct sums {
  struct hs_start *out;
  struct hs_start_sums *into; /* the partner's at hand */
  struct hs_summary approvals, all_approvals;
  uint64_t approval_count, all_approval_count;
  int64_t *month_net;
  int32_t last_month; /* months since year 0 */
  int64_t end_us;     /* the newest row of the export */
  const struct hs_zone *zone;
  int does_not_fit;
};

static void add(struct sums *sums, int64_t *into, int64_t amount)
{
  if (__builtin_add_overflow(*into, amount, into))
    sums->does_not_fit = 1;
}

static int32_t month_of(const struct hs_zone *zone, int64_t at_us)
{
  int64_t offset_us = hs_zone_offset_s(zone, at_us) * HS_SECOND_US;
  struct hs_civil civil = hs_civil_of_us(at_us + offset_us);
  return civil.year * 12 + civil.month - 1;
}

/* The place of the month in the table, or -1 for one before it. */
static int month_place(const struct sums *sums, int64_t at_us)
{
  int32_t back = sums->last_month - month_of(sums->zone, at_us);
  return back < (int32_t)sums->out->month_count ? (int)sums->out->month_count - 1 - back : -1;
}

static int is_within(const struct sums *sums, int64_t at_us, int64_t from_days, int64_t until_days)
{
  int64_t ago_us = sums->end_us - at_us;
  return ago_us >= from_days * HS_DAY_US && ago_us < until_days * HS_DAY_US;
}

static void add_net(struct sums *sums, const struct hs_start_row *row, int64_t net_minor)
{
  int place = month_place(sums, row->created_us);
  if (is_within(sums, row->created_us, 0, HS_START_RECENT_DAYS))
    add(sums, &sums->into->net_recent_minor, net_minor);
  else if (is_within(sums, row->created_us, HS_START_RECENT_DAYS, 2 * HS_START_RECENT_DAYS))
    add(sums, &sums->into->net_before_minor, net_minor);
  if (place < 0)
    return;
  add(sums, &sums->month_net[place], net_minor);
  add(sums, &sums->out->months[place].net_minor, net_minor);
}

static void add_sales(struct sums *sums, const struct hs_start_row *row, int64_t amount_minor)
{
  int place = month_place(sums, row->created_us);
  add(sums, &sums->into->sales_minor, amount_minor);
  if (place >= 0)
    add(sums, &sums->out->months[place].sales_minor, amount_minor);
}

/* Below zero it takes back an order's commission and, with the same sign, its amount. */
static void add_taken_back(struct sums *sums, const struct hs_start_row *row)
{
  int64_t amount = row->amount_minor > 0 ? -row->amount_minor : row->amount_minor;
  if (row->commission_minor == INT64_MIN || amount == INT64_MIN) {
    sums->does_not_fit = 1;
    return;
  }
  add(sums, &sums->into->reversed_minor, -row->commission_minor);
  add_net(sums, row, row->commission_minor);
  add_sales(sums, row, amount);
}

static void add_approval(struct sums *sums, const struct hs_start_row *row)
{
  if (row->approved_us == HS_START_NEVER)
    return;
  double days = (double)(row->approved_us - row->created_us) / (double)HS_DAY_US;
  hs_summary_add(&sums->approvals, days, 1);
  sums->approval_count++;
}

static void add_row(struct sums *sums, const struct hs_start_row *row)
{
  struct hs_start_sums *into = sums->into;
  int64_t commission = row->commission_minor;
  if (commission < 0) {
    add_taken_back(sums, row);
    return;
  }
  add(sums, &into->earned_minor, commission);
  if (row->state == HS_START_REVERSED) {
    add(sums, &into->reversed_minor, commission);
    return;
  }
  add_net(sums, row, commission);
  add_sales(sums, row, row->amount_minor);
  add_approval(sums, row);
  switch (row->state) {
  case HS_START_PENDING:
    add(sums, &into->pending_minor, commission);
    if (into->oldest_pending_us == HS_START_NEVER || row->created_us < into->oldest_pending_us)
      into->oldest_pending_us = row->created_us;
    break;
  case HS_START_APPROVED:
    add(sums, &into->approved_minor, commission);
    break;
  case HS_START_PAID:
    add(sums, &into->paid_minor, commission);
    break;
  case HS_START_REVERSED:
    break;
  }
}

/* The rows of one order, which is none of this export when only what was taken back of it is. */
static void add_order(struct sums *sums, const struct hs_start_row *const *rows, size_t count)
{
  struct hs_start_sums *into = sums->into;
  int is_order = 0;
  int is_pending = 0;
  int is_reversed = 0;
  int64_t at_us = INT64_MAX;
  for (size_t i = 0; i < count; i++) {
    int takes_back = rows[i]->commission_minor < 0;
    is_order |= !takes_back;
    is_pending |= !takes_back && rows[i]->state == HS_START_PENDING;
    is_reversed |= takes_back || rows[i]->state == HS_START_REVERSED;
    at_us = rows[i]->created_us < at_us ? rows[i]->created_us : at_us;
    add_row(sums, rows[i]);
  }
  if (!is_order)
    return;
  int place = month_place(sums, at_us);
  into->orders++;
  into->orders_pending += (uint64_t)is_pending;
  into->orders_reversed += (uint64_t)(is_reversed && !is_pending);
  into->orders_recent += (uint64_t)is_within(sums, at_us, 0, HS_START_RECENT_DAYS);
  into->orders_before +=
      (uint64_t)is_within(sums, at_us, HS_START_RECENT_DAYS, 2 * HS_START_RECENT_DAYS);
  into->first_us = at_us < into->first_us ? at_us : into->first_us;
  into->last_us = at_us > into->last_us ? at_us : into->last_us;
  if (place >= 0)
    sums->out->months[place].orders++;
}

static struct hs_start_sums no_sums(void)
{
  return (struct hs_start_sums){
      .first_us = INT64_MAX, .last_us = INT64_MIN, .oldest_pending_us = HS_START_NEVER};
}

/* What is counted of a partner is part of all. */
static void add_to_all(struct sums *sums, const struct hs_start_sums *one)
{
  struct hs_start_sums *all = &sums->out->all;
  all->orders += one->orders;
  all->orders_pending += one->orders_pending;
  all->orders_reversed += one->orders_reversed;
  all->orders_recent += one->orders_recent;
  all->orders_before += one->orders_before;
  add(sums, &all->sales_minor, one->sales_minor);
  add(sums, &all->earned_minor, one->earned_minor);
  add(sums, &all->reversed_minor, one->reversed_minor);
  add(sums, &all->pending_minor, one->pending_minor);
  add(sums, &all->approved_minor, one->approved_minor);
  add(sums, &all->paid_minor, one->paid_minor);
  add(sums, &all->net_recent_minor, one->net_recent_minor);
  add(sums, &all->net_before_minor, one->net_before_minor);
  all->first_us = one->first_us < all->first_us ? one->first_us : all->first_us;
  all->last_us = one->last_us > all->last_us ? one->last_us : all->last_us;
  if (one->oldest_pending_us != HS_START_NEVER &&
      (all->oldest_pending_us == HS_START_NEVER || one->oldest_pending_us < all->oldest_pending_us))
    all->oldest_pending_us = one->oldest_pending_us;
  hs_summary_merge(&sums->all_approvals, &sums->approvals);
  sums->all_approval_count += sums->approval_count;
}

static void count_months(struct sums *sums, const struct hs_start_row *const *rows, size_t count)
{
  uint32_t seen = 0; /* a bit for each month */
  _Static_assert(HS_START_MONTHS_MAX <= 32, "a bit for each month");
  for (size_t i = 0; i < count; i++) {
    int place = month_place(sums, rows[i]->created_us);
    if (place < 0 || rows[i]->commission_minor < 0 || seen >> place & 1)
      continue;
    seen |= UINT32_C(1) << place;
    sums->out->months[place].partners++;
  }
}

static struct hs_str name_of(const struct hs_start_row *const *rows, size_t count)
{
  for (size_t i = count; i > 0; i--)
    if (rows[i - 1]->partner.data != NULL)
      return rows[i - 1]->partner;
  return rows[0]->partner_id;
}

static enum hs_status add_partner(struct hs_arena *arena, struct sums *sums,
                                  const struct hs_start_row *const *rows, size_t count,
                                  struct hs_err *err)
{
  struct hs_start_partner *partner = &sums->out->partners[sums->out->partner_count++];
  *partner = (struct hs_start_partner){
      .name = name_of(rows, count),
      .id = rows[0]->partner_id,
      .sums = no_sums(),
      .month_net_minor = hs_arena_alloc(arena, sums->out->month_count, sizeof(int64_t))};
  if (partner->month_net_minor == NULL)
    return hs_arena_full(arena, "the partners", err);
  sums->into = &partner->sums;
  sums->month_net = partner->month_net_minor;
  sums->approvals = (struct hs_summary){0};
  sums->approval_count = 0;
  for (size_t from = 0, until = 1; from < count; from = until++) {
    while (until < count && rows[from]->order_id.data != NULL &&
           hs_str_equal(rows[from]->order_id, rows[until]->order_id))
      until++;
    add_order(sums, rows + from, until - from);
  }
  count_months(sums, rows, count);
  struct hs_start_sums *into = &partner->sums;
  into->reversal = share_of(into->orders_reversed, into->orders - into->orders_pending);
  into->approval_days = mean_of(&sums->approvals, sums->approval_count);
  add_to_all(sums, into);
  return HS_OK;
}

static size_t partner_end(const struct list *list, size_t from)
{
  size_t until = from + 1;
  while (until < list->count &&
         hs_str_equal(partner_key(list->rows[from]), partner_key(list->rows[until])))
    until++;
  return until;
}

static size_t count_partners(const struct list *list)
{
  size_t count = 0;
  for (size_t from = 0; from < list->count; from = partner_end(list, from))
    count++;
  return count;
}

/* ---- the page as a whole ---- */

static enum hs_status make_months(struct hs_arena *arena, const struct list *list,
                                  struct sums *sums, struct hs_err *err)
{
  struct hs_start *out = sums->out;
  int32_t first = INT32_MAX;
  sums->last_month = INT32_MIN;
  for (size_t i = 0; i < list->count; i++) {
    int32_t month = month_of(sums->zone, list->rows[i]->created_us);
    first = month < first ? month : first;
    sums->last_month = month > sums->last_month ? month : sums->last_month;
    if (list->rows[i]->created_us > sums->end_us)
      sums->end_us = list->rows[i]->created_us;
  }
  int32_t span = sums->last_month - first + 1;
  out->month_count = (size_t)(span < HS_START_MONTHS_MAX ? span : HS_START_MONTHS_MAX);
  out->months = hs_arena_alloc(arena, out->month_count, sizeof *out->months);
  if (out->months == NULL)
    return hs_arena_full(arena, "the months", err);
  for (size_t i = 0; i < out->month_count; i++) {
    int32_t month = sums->last_month - (int32_t)(out->month_count - 1 - i);
    out->months[i].year = month / 12;
    out->months[i].month = month % 12 + 1;
    out->months[i].is_cut = month == first || month == sums->last_month;
  }
  return HS_OK;
}

static int64_t net(const struct hs_start_sums *sums)
{
  return sums->earned_minor - sums->reversed_minor;
}

static int by_net(const void *a, const void *b)
{
  const struct hs_start_partner *x = a;
  const struct hs_start_partner *y = b;
  int64_t of_x = net(&x->sums);
  int64_t of_y = net(&y->sums);
  if (of_x != of_y)
    return of_x < of_y ? 1 : -1;
  int order = hs_str_compare(x->name, y->name);
  return order != 0 ? order : hs_str_compare(x->id, y->id);
}

/* How far it rests on a few: shares of what is above zero. */
static void concentrate(struct hs_start *out)
{
  double total = 0;
  double squares = 0;
  double so_far = 0;
  for (size_t i = 0; i < out->partner_count; i++)
    total += fmax((double)net(&out->partners[i].sums), 0);
  out->top_share = out->top_three_share = out->effective_partners = (double)NAN;
  for (size_t i = 0; i < out->partner_count; i++) {
    double share = fmax((double)net(&out->partners[i].sums), 0) / total;
    out->partners[i].commission_share = total > 0 ? share : (double)NAN;
    if (!(total > 0))
      continue;
    if (so_far < 0.5)
      out->half_count = i + 1;
    so_far += share;
    squares += share * share;
    if (i == 0)
      out->top_share = share;
    if (i < 3)
      out->top_three_share = so_far;
  }
  if (total > 0)
    out->effective_partners = 1 / squares;
}

static void count_shared(struct list *list, struct hs_start *out)
{
  qsort(list->rows, list->count, sizeof(const struct hs_start_row *), by_order);
  for (size_t from = 0, until = 1; from < list->count; from = until++) {
    int is_shared = 0;
    for (; until < list->count && list->rows[from]->order_id.data != NULL &&
           hs_str_equal(list->rows[from]->order_id, list->rows[until]->order_id);
         until++)
      is_shared |= !hs_str_equal(partner_key(list->rows[from]), partner_key(list->rows[until]));
    out->shared_orders += (uint64_t)is_shared;
  }
}

static void count_what_is_known(const struct list *list, struct hs_start *out)
{
  out->rows = list->count;
  for (size_t i = 0; i < list->count; i++) {
    out->rows_with_amount += (uint64_t)list->rows[i]->has_amount;
    out->rows_with_order += list->rows[i]->order_id.data != NULL;
    out->rows_with_customer += (uint64_t)list->rows[i]->has_customer;
    out->rows_with_coupon += (uint64_t)list->rows[i]->has_coupon;
    out->rows_with_click += (uint64_t)list->rows[i]->has_click;
  }
}

int hs_start_has_trend(const struct hs_start *start)
{
  return start->all.orders > 0 &&
         start->all.last_us - start->all.first_us >= 2 * HS_START_RECENT_DAYS * HS_DAY_US;
}

static void finish(struct list *list, struct sums *sums)
{
  struct hs_start *out = sums->out;
  struct hs_start_sums *all = &out->all;
  all->reversal = share_of(all->orders_reversed, all->orders - all->orders_pending);
  all->approval_days = mean_of(&sums->all_approvals, sums->all_approval_count);
  qsort(out->partners, out->partner_count, sizeof *out->partners, by_net);
  for (size_t i = 0; i < out->partner_count; i++) {
    struct hs_start_sums *one = &out->partners[i].sums;
    out->partners[i].is_dormant =
        one->orders > 0 && !is_within(sums, one->last_us, 0, HS_START_RECENT_DAYS);
  }
  concentrate(out);
  count_shared(list, out);
}

enum hs_status hs_start_sum(struct hs_arena *arena, const struct hs_start_row *rows,
                            size_t row_count, const struct hs_start_options *options,
                            struct hs_start *out, struct hs_err *err)
{
  struct list list = {.rows =
                          hs_arena_alloc_raw(arena, row_count, sizeof(const struct hs_start_row *)),
                      .count = row_count};
  struct hs_start page = {.network = out->network, .rows_rejected = out->rows_rejected};
  struct sums sums = {.out = &page, .zone = options->zone, .end_us = INT64_MIN};
  if (list.rows == NULL)
    return hs_arena_full(arena, "the export", err);
  for (size_t i = 0; i < row_count; i++)
    list.rows[i] = &rows[i];
  list.count = hs_start_drop_repeated(list.rows, row_count);
  page.rows_repeated = row_count - list.count;
  keep_currency(&list, options->currency, &page);
  if (list.count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "no commission%s%s is left to sum up",
                   options->currency.code[0] != '\0' ? " in " : "", options->currency.code);
  enum hs_status status = make_months(arena, &list, &sums, err);
  if (status != HS_OK)
    return status;
  qsort(list.rows, list.count, sizeof(const struct hs_start_row *), by_partner);
  page.all = no_sums();
  page.partners = hs_arena_alloc(arena, count_partners(&list), sizeof *page.partners);
  if (page.partners == NULL)
    return hs_arena_full(arena, "the partners", err);
  count_what_is_known(&list, &page);
  for (size_t from = 0, until = 0; status == HS_OK && from < list.count; from = until) {
    until = partner_end(&list, from);
    status = add_partner(arena, &sums, list.rows + from, until - from, err);
  }
  if (status == HS_OK && sums.does_not_fit)
    status = hs_fail(err, HS_INVALID, "the export's amounts are too large to be summed up");
  if (status != HS_OK)
    return status;
  finish(&list, &sums);
  *out = page;
  return HS_OK;
}
