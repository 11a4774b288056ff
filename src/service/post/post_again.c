/* The second judgement. When an order's return period ends, all that has become known by then is
   looked at once: a touchpoint that came late, two names that turned out to be one customer. Where
   the outcome is another one, what was earned is taken back and the other is posted; where it is
   the same, nothing happens.

   What was agreed counts as it stood when the order came. So pages of orders, which come in the
   order of time, are judged in groups that share a state of what was agreed; and within a page
   first sales before renewals, which ask about them. */
#include <stdlib.h>

#include "base/room.h"
#include "service/post/post_priv.h"

#define PAGE_ORDERS 32768
#define LISTS_ARENA_BYTES (1 * HS_GIB)
#define VIEW_ARENA_BYTES (1 * HS_GIB)

/* A lock that was before this one. */
struct lock {
  uint64_t sequence;
  int64_t until_us;
};

struct again {
  struct hs_posting *posting;
  int64_t after_us, until_us; /* of the ends of return periods */
  struct hs_arena lists, view;
  struct hs_str *disputed; /* orders that people decide about, sorted */
  size_t disputed_count;
  struct lock *locks; /* the latest first */
  size_t lock_count, lock_capacity;
  uint64_t *changes; /* sequences at which something was agreed, sorted */
  size_t change_count, change_capacity;
  int64_t *ends_us;   /* of the return periods of the orders of the page */
  struct hs_str only; /* an order that a lock left to people; {NULL, 0} while a lock runs */
  /* what was agreed when the order at hand came: */
  struct hs_posting at_order; /* the posting, with this for in_force */
  struct hs_in_force in_force;
  size_t epoch; /* so many changes are in it; SIZE_MAX for none */
  struct hs_tally_table tallies;
};

/* ---- lists of the whole lock ---- */

static enum hs_status add_change(struct again *again, uint64_t sequence, struct hs_err *err)
{
  uint64_t *grown = hs_arena_room(&again->lists, again->changes, again->change_count, 1,
                                  &again->change_capacity, sizeof *grown);
  if (grown == NULL)
    return hs_arena_full(&again->lists, "what was agreed", err);
  again->changes = grown;
  again->changes[again->change_count++] = sequence;
  return HS_OK;
}

static enum hs_status note_state(void *context, const struct hs_version_state_row *row,
                                 struct hs_err *err)
{
  return add_change(context, row->sequence, err);
}

static enum hs_status note_enrolment(void *context, const struct hs_enrolment_row *row,
                                     struct hs_err *err)
{
  return add_change(context, row->sequence, err);
}

static enum hs_status note_policy(void *context, const struct hs_policy_row *row,
                                  struct hs_err *err)
{
  return add_change(context, row->sequence, err);
}

static enum hs_status note_lock(void *context, const struct hs_lock_row *row, struct hs_err *err)
{
  struct again *again = context;
  struct lock *grown = hs_arena_room(&again->lists, again->locks, again->lock_count, 1,
                                     &again->lock_capacity, sizeof *grown);
  if (grown == NULL)
    return hs_arena_full(&again->lists, "the locks", err);
  again->locks = grown;
  again->locks[again->lock_count++] = (struct lock){row->sequence, row->until_us};
  return HS_OK;
}

static int by_number(const void *left, const void *right)
{
  uint64_t a = *(const uint64_t *)left;
  uint64_t b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

static int by_text(const void *left, const void *right)
{
  return hs_str_compare(*(const struct hs_str *)left, *(const struct hs_str *)right);
}

static enum hs_status list_disputed(struct again *again, const struct hs_disputed *disputes,
                                    size_t count, struct hs_err *err)
{
  again->disputed = hs_arena_alloc(&again->lists, count, sizeof *again->disputed);
  if (again->disputed == NULL)
    return hs_arena_full(&again->lists, "the disputes", err);
  for (size_t i = 0; i < count; i++)
    if (disputes[i].order_id.data != NULL)
      again->disputed[again->disputed_count++] = disputes[i].order_id;
  if (again->disputed_count > 1)
    qsort(again->disputed, again->disputed_count, sizeof *again->disputed, by_text);
  return HS_OK;
}

/* Each list is finished before the next one begins, so that it grows in place. */
static enum hs_status load_lists(struct again *again, const struct hs_disputed *disputes,
                                 size_t dispute_count, struct hs_err *err)
{
  const struct hs_ledger_reader *now = &again->posting->writer->ledger_now;
  again->ends_us = hs_arena_alloc_raw(&again->lists, PAGE_ORDERS, sizeof *again->ends_us);
  if (again->ends_us == NULL)
    return hs_arena_full(&again->lists, "a page of orders", err);
  enum hs_status status = list_disputed(again, disputes, dispute_count, err);
  if (status == HS_OK)
    status = now->locks(now->self, note_lock, again, err);
  if (status == HS_OK)
    status = now->version_states(now->self, (struct hs_str){0}, note_state, again, err);
  if (status == HS_OK)
    status = now->enrolments(now->self, note_enrolment, again, err);
  if (status == HS_OK)
    status = now->policies(now->self, note_policy, again, err);
  if (again->change_count > 1)
    qsort(again->changes, again->change_count, sizeof *again->changes, by_number);
  return status;
}

/* ---- what was agreed when an order came ---- */

static size_t epoch_of(const struct again *again, const struct hs_case *order)
{
  size_t low = 0;
  size_t high = again->change_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (again->changes[middle] < order->sequence)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static enum hs_status look_back(struct again *again, const struct hs_case *order, size_t epoch,
                                struct hs_err *err)
{
  const struct hs_programme *programme = again->posting->programme;
  if (again->epoch == epoch)
    return HS_OK;
  again->epoch = SIZE_MAX;
  hs_arena_reset(&again->view, 0);
  enum hs_status status =
      hs_in_force_load(&again->posting->writer->ledger_now, &programme->book, programme->zone,
                       order->sequence, &again->view, &again->in_force, err);
  if (status == HS_OK)
    again->epoch = epoch;
  return status;
}

/* An order's turn in its page. */
struct turn {
  size_t epoch;
  size_t place;
  int is_renewal;
};

static int by_turn(const void *left, const void *right)
{
  const struct turn *a = left;
  const struct turn *b = right;
  if (a->is_renewal != b->is_renewal)
    return a->is_renewal - b->is_renewal;
  if (a->epoch != b->epoch)
    return a->epoch < b->epoch ? -1 : 1;
  return (a->place > b->place) - (a->place < b->place);
}

/* In the lists' arena, for the caller to take back. */
static struct turn *turns_of(struct again *again, const struct hs_case *orders, size_t count)
{
  struct turn *turns = hs_arena_alloc(&again->lists, count, sizeof *turns);
  for (size_t i = 0; turns != NULL && i < count; i++)
    turns[i] = (struct turn){epoch_of(again, &orders[i]), i, orders[i].first_order.data != NULL};
  if (turns != NULL && count > 1)
    qsort(turns, count, sizeof *turns, by_turn);
  return turns;
}

/* ---- when a return period ends ---- */

/* Of the commissions of the first judgement; those that people granted later end nothing. */
struct earliest {
  uint64_t sequence; /* of the order */
  int64_t at_us;     /* INT64_MAX: there is no commission */
};

static enum hs_status note_earliest(void *context, const struct hs_commission_row *row,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct earliest *earliest = context;
  if (row->sequence == earliest->sequence && row->locks_at_us < earliest->at_us)
    earliest->at_us = row->locks_at_us;
  return HS_OK;
}

/* The shortest of the versions that were in force when the order was placed, or of all where none
   was; −1 when nothing was agreed yet. */
static int64_t shortest_hold_us(const struct hs_in_force *in_force, int64_t at_us)
{
  int64_t shortest_us[2] = {-1, -1}; /* of those in force, and of all */
  for (size_t v = 0; v < in_force->version_count; v++) {
    const struct hs_agreed_version *version = &in_force->versions[v];
    int64_t hold_us = (int64_t)version->terms.hold_days * HS_DAY_US;
    int is_in_force = version->from_us <= at_us && at_us < version->until_us;
    for (int all = is_in_force ? 0 : 1; version->is_signed && all < 2; all++)
      if (shortest_us[all] < 0 || hold_us < shortest_us[all])
        shortest_us[all] = hold_us;
  }
  return shortest_us[0] >= 0 ? shortest_us[0] : shortest_us[1];
}

/* Up to where return periods were over when the order came. */
static int64_t locked_before(const struct again *again, uint64_t sequence)
{
  for (size_t i = 0; i < again->lock_count; i++)
    if (again->locks[i].sequence < sequence)
      return again->locks[i].until_us;
  return INT64_MIN;
}

/* INT64_MAX for an order that came before anything was agreed: it is never judged. */
static enum hs_status end_of_period(struct again *again, const struct hs_case *order, size_t epoch,
                                    int64_t *out, struct hs_err *err)
{
  const struct hs_ledger_reader *now = &again->posting->writer->ledger_now;
  struct earliest earliest = {order->sequence, INT64_MAX};
  enum hs_status status =
      now->commissions_of_order(now->self, order->id, note_earliest, &earliest, err);
  *out = earliest.at_us;
  if (status != HS_OK || earliest.at_us != INT64_MAX)
    return status;
  status = look_back(again, order, epoch, err);
  if (status != HS_OK)
    return status;
  int64_t hold_us = shortest_hold_us(&again->in_force, order->at_us);
  int64_t locked_us = locked_before(again, order->sequence);
  if (hold_us >= 0)
    *out = order->at_us + hold_us > locked_us ? order->at_us + hold_us : locked_us + 1;
  return HS_OK;
}

static int is_disputed(const struct again *again, struct hs_str order_id)
{
  return again->disputed_count > 0 && bsearch(&order_id, again->disputed, again->disputed_count,
                                              sizeof order_id, by_text) != NULL;
}

/* ---- what a lock left to people ---- */

/* Of the disputes about one order: whether one was open when the lock came, and whether one still
   stands in the way. */
struct about_order {
  struct again *again;
  uint64_t lock; /* sequence */
  uint64_t decided;
  int is_upheld, was_open, is_settled;
};

static enum hs_status note_decision(void *context, const struct hs_dispute_decision_row *row,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct about_order *about = context;
  if (hs_str_equal(row->verdict, HS_STR("incomplete")))
    return HS_OK;
  about->decided = row->sequence;
  about->is_upheld |= hs_str_equal(row->verdict, HS_STR("upheld"));
  return HS_OK;
}

static enum hs_status note_dispute(void *context, const struct hs_dispute_row *row,
                                   struct hs_err *err)
{
  struct about_order *about = context;
  const struct hs_ledger_reader *now = &about->again->posting->writer->ledger_now;
  about->decided = 0;
  enum hs_status status = now->dispute_decisions(now->self, &row->id, note_decision, about, err);
  about->was_open |= row->sequence < about->lock && about->decided > about->lock;
  about->is_settled &= about->decided != 0;
  return status;
}

static enum hs_status note_disputes_of(void *context, const struct hs_commission_row *row,
                                       struct hs_err *err)
{
  const struct about_order *about = context;
  const struct hs_ledger_reader *now = &about->again->posting->writer->ledger_now;
  return now->disputes_of_commission(now->self, &row->id, note_dispute, context, err);
}

/* The first lock that the end of the period lay before. */
static uint64_t lock_of(const struct again *again, int64_t end_us)
{
  uint64_t sequence = 0;
  for (size_t i = 0; i < again->lock_count && again->locks[i].until_us >= end_us; i++)
    sequence = again->locks[i].sequence;
  return sequence;
}

/* Nobody wants it otherwise any more: what the lock could not do is done now. */
static enum hs_status is_left(struct again *again, struct hs_str order_id, int64_t end_us,
                              unsigned char *out, struct hs_err *err)
{
  const struct hs_ledger_reader *now = &again->posting->writer->ledger_now;
  struct about_order about = {.again = again, .lock = lock_of(again, end_us), .is_settled = 1};
  enum hs_status status = now->disputes_of_order(now->self, order_id, note_dispute, &about, err);
  if (status == HS_OK)
    status = now->commissions_of_order(now->self, order_id, note_disputes_of, &about, err);
  *out = about.lock != 0 && about.was_open && about.is_settled && !about.is_upheld;
  return status;
}

/* ---- which orders ---- */

/* Beside the orders that are left. */
static void sift_ends(struct again *again, const unsigned char *is_wanted, size_t count)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (is_wanted[i])
      again->ends_us[kept++] = again->ends_us[i];
}

static enum hs_status sift(void *context, const struct hs_case *orders, size_t count,
                           unsigned char *is_wanted, struct hs_err *err)
{
  struct again *again = context;
  size_t mark = hs_arena_mark(&again->lists);
  const struct turn *turns = turns_of(again, orders, count);
  enum hs_status status =
      turns == NULL ? hs_arena_full(&again->lists, "a page of orders", err) : HS_OK;
  for (size_t i = 0; i < count && status == HS_OK; i++) {
    const struct hs_case *order = &orders[turns[i].place];
    int64_t *end_us = &again->ends_us[turns[i].place];
    if (is_disputed(again, order->id) ||
        (again->only.data != NULL && !hs_str_equal(order->id, again->only)))
      continue;
    status = end_of_period(again, order, turns[i].epoch, end_us, err);
    is_wanted[turns[i].place] = *end_us > again->after_us && *end_us <= again->until_us;
    if (status == HS_OK && again->only.data != NULL && is_wanted[turns[i].place])
      status = is_left(again, order->id, *end_us, &is_wanted[turns[i].place], err);
  }
  sift_ends(again, is_wanted, count);
  hs_arena_reset(&again->lists, mark);
  return status;
}

/* ---- pages ---- */

static enum hs_status put_tallies(struct again *again, struct hs_err *err)
{
  enum hs_status status = hs_tallies_put(&again->tallies, &again->posting->writer->ledger, err);
  hs_arena_reset(again->posting->tallying, 0);
  again->tallies = (struct hs_tally_table){.ledger = &again->posting->writer->ledger_now,
                                           .arena = again->posting->tallying};
  return status;
}

/* Tallies have names out of what was agreed, so they are put back before that changes. */
static enum hs_status judge_in_turn(struct again *again, const struct turn *turn,
                                    struct hs_err *err)
{
  const struct hs_case *order = &again->posting->cases->cases[turn->place];
  struct hs_case_posting one = {.posting = &again->at_order,
                                .order = order,
                                .is_second = 1,
                                .judged_at_us = again->only.data != NULL
                                                    ? again->posting->at_us
                                                    : again->ends_us[turn->place]};
  enum hs_status status = again->epoch == turn->epoch ? HS_OK : put_tallies(again, err);
  if (status == HS_OK)
    status = look_back(again, order, turn->epoch, err);
  hs_arena_reset(again->posting->scratch, 0);
  if (status == HS_OK)
    status = hs_post_second(&one, &again->tallies, err);
  if (status != HS_OK)
    hs_err_prefix(err, "order %.*s", HS_STR_ARG(order->id));
  return status;
}

static enum hs_status judge_page(struct again *again, struct hs_err *err)
{
  const struct hs_cases *cases = again->posting->cases;
  size_t mark = hs_arena_mark(&again->lists);
  const struct turn *turns = turns_of(again, cases->cases, cases->count);
  enum hs_status status =
      turns == NULL ? hs_arena_full(&again->lists, "a page of orders", err) : HS_OK;
  for (size_t i = 0; i < cases->count && status == HS_OK; i++)
    status = judge_in_turn(again, &turns[i], err);
  hs_arena_reset(&again->lists, mark);
  return status == HS_OK ? put_tallies(again, err) : status;
}

static enum hs_status judge_span(struct again *again, struct hs_order_span span, struct hs_err *err)
{
  struct hs_posting *posting = again->posting;
  int is_end = span.from_us >= span.until_us;
  enum hs_status status = HS_OK;
  while (status == HS_OK && !is_end) {
    status = hs_cases_load_span(posting->cases, &posting->programme->trail, posting->in_force,
                                &span, sift, again, &is_end, err);
    if (status == HS_OK)
      status = judge_page(again, err);
  }
  return status;
}

/* ---- all of them ---- */

static int64_t earlier(int64_t at_us, int64_t by_us)
{
  int64_t out;
  return __builtin_sub_overflow(at_us, by_us, &out) ? INT64_MIN : out;
}

/* A return period ends at most the longest of all after its order, unless the order came late: then
   it came since the last lock. Both spans together are in the order of time. */
static enum hs_status judge_spans(struct again *again, struct hs_err *err)
{
  const struct hs_in_force *in_force = again->posting->in_force;
  int64_t shortest_us = INT64_MAX;
  int64_t longest_us = 0;
  for (size_t v = 0; v < in_force->version_count; v++) {
    int64_t hold_us = (int64_t)in_force->versions[v].terms.hold_days * HS_DAY_US;
    shortest_us = hold_us < shortest_us ? hold_us : shortest_us;
    longest_us = hold_us > longest_us ? hold_us : longest_us;
  }
  int64_t usual_us = earlier(again->after_us, longest_us);
  struct hs_order_span late = {.from_us = INT64_MIN,
                               .until_us = usual_us,
                               .after_sequence =
                                   again->lock_count > 0 ? again->locks[0].sequence : 0,
                               .until_sequence = again->posting->sequence,
                               .count_max = PAGE_ORDERS,
                               .behind_us = INT64_MIN};
  struct hs_order_span usual = late;
  usual.from_us = usual_us;
  usual.until_us = earlier(again->until_us, shortest_us - 1);
  usual.after_sequence = 0;
  enum hs_status status = judge_span(again, late, err);
  return status == HS_OK ? judge_span(again, usual, err) : status;
}

static enum hs_status judge_one(struct again *again, const struct hs_known_order *order,
                                struct hs_err *err)
{
  const struct hs_order_span span = {.from_us = order->at_us,
                                     .until_us = order->at_us + 1,
                                     .until_sequence = again->posting->sequence,
                                     .count_max = PAGE_ORDERS,
                                     .behind_us = INT64_MIN};
  return judge_span(again, span, err);
}

static enum hs_status run(struct again *again, const struct hs_disputed *disputes,
                          size_t dispute_count, const struct hs_known_order *only,
                          struct hs_err *err)
{
  struct hs_posting *posting = again->posting;
  again->at_order = *posting;
  again->at_order.in_force = &again->in_force;
  again->epoch = SIZE_MAX;
  again->tallies =
      (struct hs_tally_table){.ledger = &posting->writer->ledger_now, .arena = posting->tallying};
  hs_arena_reset(posting->tallying, 0);
  enum hs_status status = hs_arena_init(&again->lists, LISTS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&again->view, VIEW_ARENA_BYTES, err);
  if (status == HS_OK)
    status = load_lists(again, disputes, dispute_count, err);
  if (status == HS_OK)
    status = only == NULL ? judge_spans(again, err) : judge_one(again, only, err);
  hs_arena_release(&again->lists);
  hs_arena_release(&again->view);
  return status;
}

enum hs_status hs_post_judge_again(struct hs_posting *posting, int64_t after_us, int64_t until_us,
                                   const struct hs_disputed *disputes, size_t dispute_count,
                                   struct hs_err *err)
{
  struct again again = {.posting = posting, .after_us = after_us, .until_us = until_us};
  enum hs_status status = hs_posting_agreed(posting, err);
  return status == HS_OK && posting->in_force->has_signed
             ? run(&again, disputes, dispute_count, NULL, err)
             : status;
}

enum hs_status hs_post_judge_left(struct hs_posting *posting, struct hs_str order_id,
                                  struct hs_err *err)
{
  struct again again = {.posting = posting,
                        .after_us = INT64_MIN,
                        .until_us = posting->locked_until_us,
                        .only = order_id};
  struct hs_known_order order;
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status == HS_OK)
    status = hs_posting_order(posting, order_id, &order, err);
  return status == HS_OK && order.sequence != 0 ? run(&again, NULL, 0, &order, err) : status;
}
