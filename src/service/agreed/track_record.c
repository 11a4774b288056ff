#include "service/agreed/track_record.h"

#include <stdlib.h>

#include "base/room.h"
#include "service/post/cases.h"

#define AGREED_ARENA_BYTES (1 * HS_GIB)
#define ORDERS_ARENA_BYTES (4 * HS_GIB)
#define PAGE_ORDERS 65536

/* An order in which the partner has a share. */
struct shared_order {
  struct hs_str id;
  struct hs_id commission;
  int64_t at_us;
  int is_refunded, is_disputed;
  int is_new;      /* a customer's first */
  int is_retained; /* and that customer bought again in time */
};

struct recording {
  struct hs_programme *programme;
  const struct hs_track_ask *ask;
  struct hs_arena agreed, orders;
  struct hs_in_force in_force;
  struct hs_cases cases;
  struct shared_order *rows; /* by id, each once */
  size_t count, capacity;
};

/* ---- the orders ---- */

static enum hs_status note_commission(void *context, const struct hs_commission_row *row,
                                      struct hs_err *err)
{
  struct recording *recording = context;
  if (!hs_str_equal(row->type, HS_STR("sale")))
    return HS_OK;
  struct shared_order order = {
      .id = row->order_id, .commission = row->id, .at_us = row->occurred_at_us};
  struct shared_order *rows = hs_arena_room(&recording->orders, recording->rows, recording->count,
                                            1, &recording->capacity, sizeof *rows);
  if (rows == NULL || !hs_str_keep(&recording->orders, &order.id))
    return hs_arena_full(&recording->orders, "a track record", err);
  recording->rows = rows;
  recording->rows[recording->count++] = order;
  return HS_OK;
}

static int by_id(const void *left, const void *right)
{
  const struct shared_order *a = left;
  const struct shared_order *b = right;
  return hs_str_compare(a->id, b->id);
}

/* One order may have brought several commissions, such as a bonus. */
static void keep_each_once(struct recording *recording)
{
  size_t kept = 0;
  if (recording->count == 0)
    return;
  qsort(recording->rows, recording->count, sizeof *recording->rows, by_id);
  for (size_t i = 1; i < recording->count; i++)
    if (!hs_str_equal(recording->rows[i].id, recording->rows[kept].id))
      recording->rows[++kept] = recording->rows[i];
  recording->count = kept + 1;
}

static struct shared_order *find_order(const struct recording *recording, struct hs_str id)
{
  const struct shared_order sought = {.id = id};
  return recording->count == 0 || id.data == NULL
             ? NULL
             : bsearch(&sought, recording->rows, recording->count, sizeof sought, by_id);
}

/* ---- refunds and disputes ---- */

static enum hs_status note_refunds(void *context, const struct hs_refund_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->count; i++) {
    struct shared_order *order = find_order(context, batch->order_id[i]);
    if (order != NULL)
      order->is_refunded |= batch->refunded_minor[i] > 0;
  }
  return HS_OK;
}

static enum hs_status note_disputed(void *context, const struct hs_commission_row *row,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct shared_order *order = find_order(context, row->order_id);
  if (order != NULL && hs_str_equal(row->type, HS_STR("sale")))
    order->is_disputed = 1;
  return HS_OK;
}

/* Disputed commissions, by their ids: the list of disputes must be over before others are read. */
struct disputes {
  struct recording *recording;
  struct hs_id *commissions;
  size_t count, capacity;
};

static enum hs_status note_dispute(void *context, const struct hs_dispute_row *row,
                                   struct hs_err *err)
{
  struct disputes *disputes = context;
  struct hs_arena *arena = &disputes->recording->orders;
  struct shared_order *order = find_order(disputes->recording, row->order_id);
  if (order != NULL)
    order->is_disputed = 1;
  if (row->commission.text[0] == '\0')
    return HS_OK;
  struct hs_id *commissions = hs_arena_room(arena, disputes->commissions, disputes->count, 1,
                                            &disputes->capacity, sizeof *commissions);
  if (commissions == NULL)
    return hs_arena_full(arena, "a track record", err);
  disputes->commissions = commissions;
  disputes->commissions[disputes->count++] = row->commission;
  return HS_OK;
}

static enum hs_status find_disputes(struct recording *recording, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &recording->programme->book.ledger;
  struct disputes disputes = {.recording = recording};
  enum hs_status status =
      ledger->disputes(ledger->self, recording->ask->partner, note_dispute, &disputes, err);
  for (size_t i = 0; i < disputes.count && status == HS_OK; i++)
    status =
        ledger->commission(ledger->self, &disputes.commissions[i], note_disputed, recording, err);
  return status;
}

/* ---- customers ---- */

/* A later order within the half year says that the customer of the first one came back. */
static void note_case(struct recording *recording, const struct hs_case *order)
{
  struct shared_order *first =
      find_order(recording, order->is_first ? order->id : order->first_order);
  if (first == NULL || order->person == 0)
    return;
  first->is_new = 1;
  if (!order->is_first)
    first->is_retained |= order->at_us - order->first_order_us < HS_RETENTION_DAYS * HS_DAY_US;
}

static enum hs_status find_customers(struct recording *recording, struct hs_err *err)
{
  const struct hs_track_ask *ask = recording->ask;
  struct hs_programme *programme = recording->programme;
  struct hs_order_page page = {.after_row = INT64_MAX,
                               .until_sequence =
                                   hs_journal_position(programme->journal).cursor.sequence,
                               .count_max = PAGE_ORDERS};
  for (;;) {
    if (ask->interrupt != NULL && atomic_load(ask->interrupt) != 0)
      return hs_fail(err, HS_INTERRUPTED, "interrupted");
    enum hs_status status =
        hs_cases_load(&recording->cases, &programme->trail, &recording->in_force, &page, err);
    if (status != HS_OK)
      return status;
    for (size_t i = 0; i < recording->cases.count; i++)
      note_case(recording, &recording->cases.cases[i]);
    if (recording->cases.count < page.count_max)
      return HS_OK;
    const struct hs_case *last = &recording->cases.cases[recording->cases.count - 1];
    page.after_sequence = last->sequence;
    page.after_row = last->row_number;
    if (ask->progress != NULL)
      ask->progress(ask->context, (double)last->sequence / (double)page.until_sequence);
  }
}

/* ---- the record ---- */

/* Whole months from a moment to another in the zone. */
static int64_t months_between(const struct hs_zone *zone, int64_t from_us, int64_t until_us)
{
  struct hs_civil from = hs_civil_of_day(hs_zone_day_of_us(zone, from_us));
  struct hs_civil until = hs_civil_of_day(hs_zone_day_of_us(zone, until_us));
  int64_t months = ((int64_t)until.year - from.year) * 12 + until.month - from.month;
  months -= until.day < from.day;
  return months > 0 ? months : 0;
}

static void count_up(const struct recording *recording, struct hs_track_record *out)
{
  const struct hs_programme *programme = recording->programme;
  int64_t now_us = programme->io->now_us(programme->io->self);
  int64_t first_us = now_us;
  *out = (struct hs_track_record){.orders = (int64_t)recording->count};
  for (size_t i = 0; i < recording->count; i++) {
    const struct shared_order *order = &recording->rows[i];
    int is_over = order->at_us + HS_RETENTION_DAYS * HS_DAY_US <= now_us;
    first_us = order->at_us < first_us ? order->at_us : first_us;
    out->refunded.hits += order->is_refunded;
    out->disputed.hits += order->is_disputed;
    out->new_customers.hits += order->is_new;
    out->retained.sample += order->is_new && is_over;
    out->retained.hits += order->is_new && is_over && order->is_retained;
  }
  out->refunded.sample = out->new_customers.sample = out->disputed.sample = out->orders;
  out->months = months_between(programme->zone, first_us, now_us);
}

static enum hs_status record(struct recording *recording, struct hs_track_record *out,
                             struct hs_err *err)
{
  struct hs_programme *programme = recording->programme;
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  uint64_t until = hs_journal_position(programme->journal).cursor.sequence;
  enum hs_status status = hs_in_force_load(ledger, &programme->book, programme->zone, UINT64_MAX,
                                           &recording->agreed, &recording->in_force, err);
  if (status == HS_OK &&
      hs_in_force_partner(&recording->in_force, recording->ask->partner) == HS_NO_PARTNER)
    return hs_fail(err, HS_NOT_FOUND, "there is no partner \"%.*s\"",
                   HS_STR_ARG(recording->ask->partner));
  if (status == HS_OK)
    status = ledger->commissions(ledger->self, recording->ask->partner, INT64_MIN, INT64_MAX,
                                 note_commission, recording, err);
  keep_each_once(recording);
  if (status == HS_OK)
    status = find_disputes(recording, err);
  if (status == HS_OK)
    status =
        programme->trail.new_refunds(programme->trail.self, 0, until, note_refunds, recording, err);
  if (status == HS_OK && recording->count > 0)
    status = find_customers(recording, err);
  if (status == HS_OK)
    count_up(recording, out);
  return status;
}

enum hs_status hs_track_record_make(struct hs_programme *programme, const struct hs_track_ask *ask,
                                    struct hs_track_record *out, struct hs_err *err)
{
  struct recording recording = {.programme = programme, .ask = ask};
  enum hs_status status = hs_arena_init(&recording.agreed, AGREED_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&recording.orders, ORDERS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_cases_open(&recording.cases, err);
  if (status == HS_OK)
    status = record(&recording, out, err);
  hs_cases_release(&recording.cases);
  hs_arena_release(&recording.orders);
  hs_arena_release(&recording.agreed);
  return status;
}
