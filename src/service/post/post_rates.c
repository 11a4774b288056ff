/* A frame of exchange rates: orders that waited for one are judged now. They come out as they would
   have when they were judged, by what was known and agreed then, with the rate beside it; so only
   the shares that waited are posted, and nothing else of their orders is touched. What has been
   refunded meanwhile is taken back of them at once. */
#include <stdlib.h>

#include "service/post/post_priv.h"
#include "service/post/waiting.h"

#define PAGE_ORDERS 32768
#define LIST_ARENA_BYTES (1 * HS_GIB)
#define VIEW_ARENA_BYTES (1 * HS_GIB)

struct rating {
  struct hs_posting *posting;
  struct hs_arena lists, view;
  struct hs_waiting_list waiting; /* of those that have a rate now, by judgement and order */
  struct hs_posting at_order;     /* the posting, with what was agreed when the order came */
  struct hs_in_force in_force;
  struct hs_tally_table tallies;
};

/* ---- which of them ---- */

static int by_judgement(const void *left, const void *right)
{
  const struct hs_waiting *a = left;
  const struct hs_waiting *b = right;
  if (a->sequence != b->sequence)
    return a->sequence < b->sequence ? -1 : 1;
  int order = hs_str_compare(a->order_id, b->order_id);
  return order != 0 ? order : hs_str_compare(a->partner, b->partner);
}

/* The order's frame is not known here and need not be: that some rate is known by now is all that
   is asked. */
static int has_rate(const struct rating *rating, const struct hs_waiting *waiting)
{
  const struct hs_posting *posting = rating->posting;
  int32_t days[HS_CYCLE_COUNT];
  hs_tally_days(posting->programme->zone, waiting->ordered_us, days);
  const struct hs_rate_ask ask = {.from = waiting->from,
                                  .to = waiting->to,
                                  .day = days[HS_CYCLE_DAY],
                                  .came = posting->sequence,
                                  .until = posting->sequence};
  struct hs_conversion conversion;
  return hs_rates_find(&posting->cases->rates, &ask, &conversion);
}

static enum hs_status list_waiting(struct rating *rating, struct hs_err *err)
{
  struct hs_posting *posting = rating->posting;
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  struct hs_waiting_list *list = &rating->waiting;
  size_t kept = 0;
  enum hs_status status = hs_waiting_load(now, &rating->lists, list, err);
  if (status == HS_OK && list->count > 0)
    status = hs_rates_load(&posting->cases->rates, &posting->programme->trail, err);
  for (size_t i = 0; i < list->count && status == HS_OK; i++) {
    int still = has_rate(rating, &list->items[i]);
    if (still)
      status = hs_waiting_still(now, &list->items[i], &still, err);
    if (still)
      list->items[kept++] = list->items[i];
  }
  list->count = kept;
  if (kept > 1)
    qsort(list->items, kept, sizeof *list->items, by_judgement);
  return status;
}

/* ---- one order ---- */

static int waited(const struct hs_case_posting *one, const struct hs_judged_share *share,
                  const struct hs_waiting *items, size_t count)
{
  char part[HS_RATIO_TEXT];
  hs_ratio_format(share->part, part);
  for (size_t i = 0; i < count; i++)
    if (share->version->number == items[i].version &&
        hs_str_equal(share->version->agreement, items[i].agreement) &&
        hs_str_equal(one->posting->in_force->partners[share->partner], items[i].partner) &&
        hs_str_equal(hs_str_of(part), items[i].part))
      return 1;
  return 0;
}

static void keep_waited(struct hs_case_posting *one, const struct hs_waiting *items, size_t count)
{
  struct hs_judgement *judgement = &one->judgement;
  size_t kept = 0;
  for (size_t s = 0; s < judgement->share_count; s++)
    if (!judgement->shares[s].waits && waited(one, &judgement->shares[s], items, count))
      judgement->shares[kept++] = judgement->shares[s];
  judgement->share_count = kept;
}

static enum hs_status post_order(struct rating *rating, const struct hs_case *known,
                                 const struct hs_waiting *items, size_t count, struct hs_err *err)
{
  struct hs_posting *posting = rating->posting;
  struct hs_case order = *known;
  struct hs_case_posting one = {.posting = &rating->at_order, .order = &order, .is_late = 1};
  order.rates_until = posting->sequence;
  hs_arena_reset(posting->scratch, 0);
  enum hs_status status = hs_judge(&rating->in_force, &posting->writer->ledger_now, &order,
                                   posting->scratch, &one.judgement, err);
  if (status != HS_OK)
    return status;
  one.judgement.waited_until_us = posting->at_us;
  keep_waited(&one, items, count);
  status = hs_post_judged(&one, &rating->tallies, err);
  if (status != HS_OK)
    hs_err_prefix(err, "order %.*s", HS_STR_ARG(order.id));
  return status;
}

/* ---- the orders of a judgement ---- */

/* Items of one order stand together. */
static size_t same_order(const struct hs_waiting *items, size_t count)
{
  size_t same = 1;
  while (same < count && hs_str_equal(items[same].order_id, items[0].order_id))
    same++;
  return same;
}

static const struct hs_waiting *find(const struct hs_waiting *items, size_t count,
                                     struct hs_str order_id)
{
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (hs_str_compare(items[middle].order_id, order_id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < count && hs_str_equal(items[low].order_id, order_id) ? &items[low] : NULL;
}

/* Tallies have names out of what was agreed, so they are put back before that changes. */
static enum hs_status put_tallies(struct rating *rating, struct hs_err *err)
{
  struct hs_posting *posting = rating->posting;
  enum hs_status status = hs_tallies_put(&rating->tallies, &posting->writer->ledger, err);
  hs_arena_reset(posting->tallying, 0);
  rating->tallies =
      (struct hs_tally_table){.ledger = &posting->writer->ledger_now, .arena = posting->tallying};
  return status;
}

static enum hs_status look_back(struct rating *rating, uint64_t sequence, struct hs_err *err)
{
  const struct hs_posting *posting = rating->posting;
  hs_arena_reset(&rating->view, 0);
  return hs_in_force_load(&posting->writer->ledger_now, &posting->programme->book,
                          posting->programme->zone, sequence, &rating->view, &rating->in_force,
                          err);
}

static enum hs_status post_page(struct rating *rating, const struct hs_waiting *items, size_t count,
                                size_t *found, struct hs_err *err)
{
  const struct hs_cases *cases = rating->posting->cases;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < cases->count && status == HS_OK; i++) {
    const struct hs_waiting *first = find(items, count, cases->cases[i].id);
    if (first == NULL)
      continue;
    size_t same = same_order(first, count - (size_t)(first - items));
    *found += same;
    status = post_order(rating, &cases->cases[i], first, same, err);
  }
  return status == HS_OK ? put_tallies(rating, err) : status;
}

/* Orders that were judged when they came: those of the frame, page by page. */
static enum hs_status post_frame(struct rating *rating, const struct hs_waiting *items,
                                 size_t count, size_t *found, struct hs_err *err)
{
  struct hs_posting *posting = rating->posting;
  struct hs_cases *cases = posting->cases;
  struct hs_order_page page = {.after_sequence = items->sequence - 1,
                               .after_row = INT64_MAX,
                               .until_sequence = items->sequence,
                               .count_max = PAGE_ORDERS};
  enum hs_status status = look_back(rating, items->sequence, err);
  while (status == HS_OK) {
    status = hs_cases_load(cases, &posting->programme->trail, &rating->in_force, &page, err);
    if (status == HS_OK)
      status = post_page(rating, items, count, found, err);
    if (status != HS_OK || cases->count < page.count_max)
      break;
    page.after_sequence = items->sequence;
    page.after_row = cases->cases[cases->count - 1].row_number;
  }
  return status;
}

/* An order that was judged again at the end of its return period, by what was known then. */
static enum hs_status post_later(struct rating *rating, const struct hs_waiting *items,
                                 size_t count, struct hs_err *err)
{
  struct hs_posting *posting = rating->posting;
  const struct hs_order_page page = {.after_row = INT64_MAX,
                                     .until_sequence = items->sequence,
                                     .count_max = 1,
                                     .order_id = items->order_id};
  struct hs_known_order order;
  size_t found = 0;
  enum hs_status status = hs_posting_order(posting, items->order_id, &order, err);
  if (status == HS_OK)
    status = look_back(rating, order.sequence, err);
  if (status == HS_OK)
    status =
        hs_cases_load(posting->cases, &posting->programme->trail, &rating->in_force, &page, err);
  return status == HS_OK ? post_page(rating, items, count, &found, err) : status;
}

static enum hs_status post_judgement(struct rating *rating, const struct hs_waiting *items,
                                     size_t count, struct hs_err *err)
{
  size_t found = 0;
  enum hs_status status = post_frame(rating, items, count, &found, err);
  for (size_t i = 0; found == 0 && i < count && status == HS_OK;) {
    size_t same = same_order(&items[i], count - i);
    status = post_later(rating, &items[i], same, err);
    i += same;
  }
  return status;
}

static enum hs_status post_all(struct rating *rating, struct hs_err *err)
{
  const struct hs_waiting_list *list = &rating->waiting;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < list->count && status == HS_OK;) {
    size_t end = i;
    while (end < list->count && list->items[end].sequence == list->items[i].sequence)
      end++;
    status = post_judgement(rating, &list->items[i], end - i, err);
    i = end;
  }
  return status;
}

/* ---- what was refunded meanwhile ---- */

static int by_order(const void *left, const void *right)
{
  return hs_str_compare(((const struct hs_waiting *)left)->order_id,
                        ((const struct hs_waiting *)right)->order_id);
}

static int is_of_them(const void *context, struct hs_str order_id)
{
  const struct hs_waiting_list *list = context;
  return find(list->items, list->count, order_id) != NULL;
}

static enum hs_status take_back(struct rating *rating, struct hs_err *err)
{
  struct hs_waiting_list *list = &rating->waiting;
  if (list->count == 0)
    return HS_OK;
  if (list->count > 1)
    qsort(list->items, list->count, sizeof *list->items, by_order);
  return hs_post_refunds_of(rating->posting, is_of_them, list, err);
}

/* ---- a frame of rates ---- */

static enum hs_status run(struct rating *rating, struct hs_err *err)
{
  struct hs_posting *posting = rating->posting;
  rating->at_order = *posting;
  rating->at_order.in_force = &rating->in_force;
  rating->tallies =
      (struct hs_tally_table){.ledger = &posting->writer->ledger_now, .arena = posting->tallying};
  hs_arena_reset(posting->tallying, 0);
  enum hs_status status = hs_arena_init(&rating->lists, LIST_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&rating->view, VIEW_ARENA_BYTES, err);
  if (status == HS_OK)
    status = list_waiting(rating, err);
  if (status == HS_OK)
    status = post_all(rating, err);
  if (status == HS_OK)
    status = take_back(rating, err);
  hs_arena_release(&rating->lists);
  hs_arena_release(&rating->view);
  return status;
}

enum hs_status hs_post_rates(struct hs_posting *posting, struct hs_err *err)
{
  struct rating rating = {.posting = posting};
  enum hs_status status = hs_posting_agreed(posting, err);
  return status == HS_OK && posting->in_force->has_signed ? run(&rating, err) : status;
}
