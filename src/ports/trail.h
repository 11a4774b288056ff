/* The trail: every event in a form that can be asked. It is derived from the journal and the kept
   imports and disposable: deleting it and replaying gives the same tables. DuckDB in production,
   memory in simulation, one suite for both (tests/ports/test_trail*.c).

   Natural keys are judged in journal order, and within one import by row number: the first row of a
   key wins; the same body again is a duplicate and dropped; another body is a conflict, recorded
   and not applied. The key is the kind's KEY columns; a row that has none of them is named by all
   its columns together. A kind without KEY columns (paths) has no names: every row counts, because
   an aggregated table may hold the same line twice and mean both. Empty text is absent. A touch
   without a kind is a click beside a partner and direct without one. Calls come from one thread at
   a time, except interrupt; scans may use several threads inside, callbacks come from one at a
   time and call nothing of the trail. */
#ifndef HANSA_PORTS_TRAIL_H
#define HANSA_PORTS_TRAIL_H

#include "base/cursor.h"
#include "base/time.h"
#include "ports/rows.h"

/* One frame's rows on their way in: from memory (rows) or from a kept file (path), exactly one of
 * the two. */
struct hs_load {
  enum hs_event_kind kind;
  uint64_t sequence; /* the frame's; strictly greater than that of the trail's cursor */
  struct hs_row_source *rows;
  const char *path;
};

struct hs_load_counts {
  uint64_t accepted;
  uint64_t duplicates;
  uint64_t conflicts;
};

/* A person as the events name one: 64 bits of a hash of the id's text (hs_person_key). Two of 20
   million ids share a key with probability 1e-5; that would join two journeys and change no money.
 */
typedef uint64_t hs_person_key;
/* SipHash-2-4 of the id's bytes under the fixed key 00 01 … 0f, so that the paper's vectors are its
   test; 0 becomes 1, because 0 means "no person". */
hs_person_key hs_person_key_of(struct hs_str id);

/* What a scan gives for one touch or order. Arrays of count; borrowed until the callback returns.
 */
struct hs_touch_batch {
  size_t count;
  const hs_person_key *person;
  const int64_t *at_us;
  const uint32_t *channel; /* index into the list given to the scan */
  const uint64_t
      *sequence; /* sequence and row_number order what happened in the same microsecond */
  const int64_t *row_number;
};

struct hs_order_batch {
  size_t count;
  const hs_person_key *person;   /* 0 when the order names none */
  const hs_person_key *customer; /* 0 when the order names none */
  const int64_t *at_us;
  const int64_t *amount_minor; /* as ordered */
  const int64_t
      *refunded_minor; /* of refunds up to the scan's refund_until_us, at most the amount */
  const struct hs_str *currency;
  const struct hs_str *order_id;
  const struct hs_str *coupon; /* {NULL, 0} without one */
  const uint64_t *sequence;
  const int64_t *row_number;
};

struct hs_identity_batch {
  size_t count;
  const hs_person_key *visitor;
  const hs_person_key *customer;
  const int64_t *at_us;
};

typedef enum hs_status (*hs_touch_fn)(void *context, const struct hs_touch_batch *batch,
                                      struct hs_err *err);
typedef enum hs_status (*hs_order_fn)(void *context, const struct hs_order_batch *batch,
                                      struct hs_err *err);
typedef enum hs_status (*hs_identity_fn)(void *context, const struct hs_identity_batch *batch,
                                         struct hs_err *err);

/* Which rows a scan gives: moments in [from_us, until_us), and for touches and orders that share of
   the persons whose key, mixed, falls into part of part_count (all of a person's rows fall into the
   same part; orders fall by the mapped person, see map). Order of rows is unspecified; the reader
   sorts. */
struct hs_scan {
  int64_t from_us;
  int64_t until_us;
  int64_t refund_until_us;
  uint32_t part;
  uint32_t part_count; /* 1 or more */
};
/* The part that a key falls into: the one definition that both adapters use. Parts are contiguous
   ranges of the keys read as signed numbers, so that a store can skip what is out of range. */
uint32_t hs_person_part(hs_person_key key, uint32_t part_count);

/* One line of the period's totals. A partner has one line with an empty channel, which holds
   everything of it, and below it one for each kind of touch or channel of cost, which are parts of
   the first. Without a partner the channel names a channel of our own; the line with neither holds
   what names neither (a lead without a partner). A line in which everything is zero is not given.

   A cost is shared over the days of its period in whole minor units by largest remainder, so that
   the days sum to it: each day gets amount/days rounded towards zero, and the first |amount| mod
   days of them one unit more. Hours are shared the same way in millionths. A calendar day lies in
   [from_us, until_us) when 10:00 UTC of it does: that is so of the local calendar day in every zone
   from Honolulu to Auckland, whichever zone made the period. */
struct hs_channel_total {
  struct hs_str partner;
  struct hs_str channel; /* the touch's kind, or the cost's channel; empty for all kinds of a
                            partner together */
  uint64_t touches;
  uint64_t persons; /* distinct ids of those touches */
  uint64_t leads;
  uint64_t impressions, subscribers, reach, other_activity; /* sums of activity counts */
  double hours;
  size_t cost_count; /* costs by currency, in order of code: what falls on the days of their period
                        that lie in ours */
  struct {
    struct hs_str currency;
    int64_t amount_minor;
  } costs[8];
};
typedef enum hs_status (*hs_total_fn)(void *context, const struct hs_channel_total *total,
                                      struct hs_err *err);

/* Refunds that take nothing back, because no order has their name or theirs is in another currency.
 */
struct hs_stray_refunds {
  uint64_t order_unknown;
  uint64_t other_currency;
};

/* ---- what the judge of orders asks ---- */

/* A page of orders in the journal's order: those behind row after_row of frame after_sequence, up
   to the end of frame until_sequence, and at most count_max of them. One frame may bring millions,
   so a reader who asks the trail about its orders takes them page by page. {s, INT64_MAX, …} begins
   behind the whole frame s. */
struct hs_order_page {
  uint64_t after_sequence;
  int64_t after_row;
  uint64_t until_sequence;
  size_t count_max;
  struct hs_str order_id;    /* only the order of this name; absent for all */
  int64_t from_us, until_us; /* only orders of [from_us, until_us); both 0 for all */
};

/* The same by time: of frames (after_sequence, until_sequence] the orders whose moments lie in
   [from_us, until_us), by (at_us, sequence, row_number), and of those at most count_max behind
   behind_us, behind_sequence, behind_row. {INT64_MIN, 0, 0} is behind none. */
struct hs_order_span {
  int64_t from_us, until_us;
  uint64_t after_sequence, until_sequence;
  size_t count_max;
  int64_t behind_us;
  uint64_t behind_sequence;
  int64_t behind_row;
};

/* Orders as the judge sees them: with all that they say of themselves. */
struct hs_new_order_batch {
  struct hs_order_batch basic;
  const int64_t *cart_at_us;                                  /* INT64_MAX when not said */
  const int64_t *tax_minor, *shipping_minor, *discount_minor; /* 0 when not said */
  const int64_t *cost_minor;                                  /* −1 when not said */
  const struct hs_str *country, *items, *metadata; /* {NULL, 0} when not said; as they are kept */
};
typedef enum hs_status (*hs_new_order_fn)(void *context, const struct hs_new_order_batch *batch,
                                          struct hs_err *err);

/* Refunds that take something back: of an order that is there, in its currency. One holds from the
   frame on in which both it and its order are known, whichever of the two came first. */
struct hs_refund_batch {
  size_t count;
  const struct hs_str *order_id;
  const struct hs_str *refund_id; /* {NULL, 0} when its source gave it none */
  const struct hs_str *reason;    /* {NULL, 0} when none was given */
  const struct hs_str *currency;  /* of both */
  const int64_t *at_us;           /* when it was granted */
  const int64_t *amount_minor;
  const int64_t *refunded_minor; /* of the order, with this refund and all before it in this order
                                    of rows: at least 0, at most order_amount_minor */
  const int64_t *order_amount_minor;
  const uint64_t *sequence;     /* from which it holds: the later of its own and its order's */
  const uint64_t *own_sequence; /* it and row_number name the row */
  const int64_t *row_number;
};
typedef enum hs_status (*hs_refund_fn)(void *context, const struct hs_refund_batch *batch,
                                       struct hs_err *err);

/* A page of what rules may pay for beside orders, in the journal's order and by the rules of
   struct hs_order_page: leads, custom events, or touches of kind click that have a partner. */
struct hs_action_page {
  enum hs_event_kind kind; /* HS_EVENT_LEAD, HS_EVENT_CUSTOM, HS_EVENT_TOUCH */
  uint64_t after_sequence;
  int64_t after_row;
  uint64_t until_sequence;
  size_t count_max;
  struct hs_str name; /* only what has this lead_id, event_id or touch_id; absent for all */
};

/* Two clicks of one visitor on one link of a partner are the same click twice when less than this
   lies between them. */
#define HS_CLICK_APART_US HS_HOUR_US

/* A lead may have several rows, one for each status. Whoever brought it and whom it is about is
   told by the first of them that says so, up to the row that is given. */
struct hs_action_batch {
  size_t count;
  const hs_person_key *person; /* 0 when it names none */
  const int64_t *at_us;        /* of the row */
  const int64_t
      *began_at_us;          /* of a lead the earliest moment of its rows so far; at_us otherwise */
  const struct hs_str *name; /* {NULL, 0} for a click without touch_id */
  const struct hs_str *partner; /* {NULL, 0} without one */
  const struct hs_str
      *word; /* a lead's status, an event's name, a click's link; {NULL, 0} without one */
  const struct hs_str *metadata; /* of an event, as it is kept; {NULL, 0} without any */
  const uint8_t *is_repeated; /* 1 for a click when one of the same visitor, partner and link that
                                 stands before it in the journal is less than HS_CLICK_APART_US away
                                 from it, on either side; 0 otherwise. So of those that are not no
                                 two are that near */
  const uint64_t *sequence;
  const int64_t *row_number;
};
typedef enum hs_status (*hs_action_fn)(void *context, const struct hs_action_batch *batch,
                                       struct hs_err *err);

/* Whose past is asked for, and as of when. The answer serves every order of frames from_sequence to
   until_sequence: whoever judges an order of frame s uses what carries a sequence up to s.

   Whose: the ids asked for and those near them, found by walking from pair to pair of identity
   evidence (as scan_identities gives it, pairs of an id with itself left out). A walk must not run
   through what stands for many people, a shop's guest account or a library's computer, or it would
   gather half the trail for every order. So an id is looked at on two sides, as a visitor and as a
   customer, and the partners of a side stand in the order in which the trail met them (sequence,
   then key as a signed number). A side is closed when it had more than crowd partners at
   from_sequence; otherwise it is open. Then:
   - an id that is asked for is near;
   - both sides of a near id are looked at;
   - of the first crowd partners of an open side that is looked at, the opposite side is looked at;
   - an id whose side is looked at and open is near.
   With crowd = hs_persons_crowd the guard of measure/persons comes to the same persons for every
   near id from the pairs given here as from all pairs, at every frame of the range; what an id gets
   does not depend on which others are asked for beside it. */
struct hs_evidence_ask {
  const hs_person_key *ids; /* in any order; repeated ones and 0 do no harm */
  size_t id_count;
  uint64_t from_sequence;
  uint64_t until_sequence;
  int64_t from_us;  /* touches before it are not given */
  int64_t until_us; /* touches and orders from here on are not given */
  uint32_t crowd;   /* 0: nobody is near but who is asked for */
  size_t near_max;  /* HS_NOMEM when more ids are near: ask for fewer at once */
};

/* What an adapter says when more than near_max ids are near: HS_NOMEM. */
[[nodiscard]] enum hs_status hs_evidence_too_wide(const struct hs_evidence_ask *ask,
                                                  struct hs_err *err);

/* Each pair once, with the sequence of the first frame that says it. Of a side that is looked at,
   the first crowd + 1 partners. */
struct hs_pair_batch {
  size_t count;
  const hs_person_key *visitor;
  const hs_person_key *customer;
  const uint64_t *sequence;
};

/* Touches of near ids. */
struct hs_near_touch_batch {
  size_t count;
  const hs_person_key *person;
  const int64_t *at_us;
  const struct hs_str *partner; /* {NULL, 0} on a channel of our own */
  const struct hs_str *kind;
  const struct hs_str *coupon; /* {NULL, 0} without one */
  const uint8_t *stands_down;  /* 1 where the touch says so itself */
  const uint64_t *sequence;
  const int64_t *row_number;
};

/* First orders of near ids, of whatever time before until_us, as visitor or as customer. At each
   frame s the first order that was known of an id is the one with the least (at_us, sequence,
   row_number) among those with a sequence up to s: every order that is that at some frame up to
   until_sequence is given, and no other. Most ids have one, however often they bought. */
struct hs_first_order_batch {
  size_t count;
  const hs_person_key *id;
  const int64_t *at_us;
  const struct hs_str *order_id;
  const uint64_t *sequence;
  const int64_t *row_number;
};

/* Called in this order: all pairs, then all touches, then all first orders; rows of each in
   unspecified order. What has no function is not wanted, and not looked for. */
struct hs_evidence_reader {
  void *context;
  enum hs_status (*pairs)(void *context, const struct hs_pair_batch *batch, struct hs_err *err);
  enum hs_status (*touches)(void *context, const struct hs_near_touch_batch *batch,
                            struct hs_err *err);
  enum hs_status (*first_orders)(void *context, const struct hs_first_order_batch *batch,
                                 struct hs_err *err);
};

/* What a network said last of one of its commissions. One below zero takes back an earlier one, and
   is told apart from it though it may have its name. */
struct hs_network_word {
  struct hs_str network, commission_id;
  struct hs_str order_id, partner, partner_id; /* {NULL, 0} where the network has none */
  struct hs_str currency, status;
  int has_amount;
  int64_t amount_minor; /* of the order */
  int64_t commission_minor;
  int64_t created_us;
};
typedef enum hs_status (*hs_network_word_fn)(void *context, const struct hs_network_word *word,
                                             struct hs_err *err);

/* ---- what is said and measured beside touches ---- */

/* One answer to "how did you hear of us". */
struct hs_survey_answer {
  int64_t at_us;
  hs_person_key person;   /* 0 when it names none */
  struct hs_str answer;   /* as it came */
  struct hs_str partner;  /* {NULL, 0} where the survey did not say whom it means */
  struct hs_str order_id; /* {NULL, 0} where it was not asked at an order */
};
typedef enum hs_status (*hs_survey_fn)(void *context, const struct hs_survey_answer *answer,
                                       struct hs_err *err);

/* A figure of a series. The region is empty where it is that of everywhere; a day may have both. */
struct hs_series_figure {
  int64_t day;
  struct hs_str region;
  double value;
};
typedef enum hs_status (*hs_series_fn)(void *context, const struct hs_series_figure *figure,
                                       struct hs_err *err);

/* What a partner did of one kind on one day: the sum of its counts. */
struct hs_activity_day {
  struct hs_str partner, kind;
  int64_t day;
  double count;
};
typedef enum hs_status (*hs_activity_fn)(void *context, const struct hs_activity_day *activity,
                                         struct hs_err *err);

/* One fact about two currencies. Of several for one day and pair none takes another's place here:
   the reader knows which of them it means. */
struct hs_rate_fact {
  int64_t day;
  struct hs_str from, to; /* codes */
  struct hs_str rate;     /* a decimal above 0: one unit of from is worth so much of to */
  struct hs_str source;   /* {NULL, 0} where nobody said it */
  uint64_t sequence;
  int64_t row_number;
};
typedef enum hs_status (*hs_rate_fn)(void *context, const struct hs_rate_fact *fact,
                                     struct hs_err *err);

typedef enum hs_status (*hs_link_count_fn)(void *context, struct hs_str link, uint64_t persons,
                                           struct hs_err *err);

/* A result of `hansa sql` or an export: names and types first, then rows as text in the form of
   each type (RFC 3339, shortest double, …), absent values {NULL, 0}. */
enum hs_cell {
  HS_CELL_TEXT,
  HS_CELL_NUMBER,
  HS_CELL_BOOLEAN,
  HS_CELL_JSON
}; /* what it is when written as JSON */
struct hs_result_sink {
  void *self;
  enum hs_status (*begin)(void *self, size_t column_count, const struct hs_str *names,
                          const enum hs_cell *cells, struct hs_err *err);
  enum hs_status (*row)(void *self, const struct hs_str *values, struct hs_err *err);
};

/* A small table put beside the trail for one question: programme state, journeys, credits. */
struct hs_side_table {
  const char *name;
  size_t column_count;
  const char *const *column_names;
  const enum hs_type *column_types; /* MONEY and TIME as in hs_type */
  size_t row_count;
  const struct hs_vector *columns; /* row_count cells each */
};

enum hs_export_format { HS_EXPORT_CSV, HS_EXPORT_NDJSON, HS_EXPORT_PARQUET };

struct hs_trail {
  void *self;
  void (*close)(void *self);

  /* The place up to which everything is in. The zero cursor for an empty trail. */
  enum hs_status (*position)(void *self, struct hs_cursor *out, struct hs_err *err);
  /* Stores loads (0 or more, sequences never falling: a frame may bring several kinds) and the
   * cursor in ONE transaction: all or nothing. counts has a cell for each load. */
  enum hs_status (*store)(void *self, const struct hs_load *loads, size_t load_count,
                          const struct hs_cursor *cursor, struct hs_load_counts *counts,
                          struct hs_err *err);
  /* Empties everything, for a replay from the start. */
  enum hs_status (*clear)(void *self, struct hs_err *err);

  /* Names of all channels in byte order, in the arena: a touch's channel is its partner, or its
   * kind when it has none. */
  enum hs_status (*channels)(void *self, struct hs_arena *arena, struct hs_str **names,
                             size_t *count, struct hs_err *err);
  /* scan_touches gives channel indexes into this list, which must be the one that channels gave at
   * the same position. */
  enum hs_status (*scan_touches)(void *self, const struct hs_scan *scan, const struct hs_str *names,
                                 size_t count, hs_touch_fn each, void *context, struct hs_err *err);
  /* Orders of every part (scan->part is not read): who an order belongs to is decided after
   * identities are joined. */
  enum hs_status (*scan_orders)(void *self, const struct hs_scan *scan, hs_order_fn each,
                                void *context, struct hs_err *err);
  /* All evidence up to until_us, orders that name both a person and a customer among it. */
  enum hs_status (*scan_identities)(void *self, int64_t until_us, hs_identity_fn each,
                                    void *context, struct hs_err *err);
  /* Aggregated paths that were imported, in (sequence, row) order; value in currency units. */
  enum hs_status (*scan_paths)(void *self,
                               enum hs_status (*each)(void *context, struct hs_str path,
                                                      double conversions, double value,
                                                      double nulls, struct hs_err *err),
                               void *context, struct hs_err *err);
  /* Totals of [from_us, until_us), ordered by partner, then channel. */
  enum hs_status (*totals)(void *self, int64_t from_us, int64_t until_us, hs_total_fn each,
                           void *context, struct hs_err *err);
  /* How many touches lie in [from_us, until_us). Cheap, as totals are not: they count persons. */
  enum hs_status (*touch_count)(void *self, int64_t from_us, int64_t until_us, uint64_t *out,
                                struct hs_err *err);
  /* Of the refunds that were granted in [from_us, until_us). Their orders may be of any time. */
  enum hs_status (*stray_refunds)(void *self, int64_t from_us, int64_t until_us,
                                  struct hs_stray_refunds *out, struct hs_err *err);
  /* Every name that a touch, a lead, an event, an activity, a cost or a survey answer gives as its
   * partner, in byte order, in the arena. */
  enum hs_status (*partners)(void *self, struct hs_arena *arena, struct hs_str **names,
                             size_t *count, struct hs_err *err);
  /* First and last moment of touches and orders; HS_NOT_FOUND when there are none. */
  enum hs_status (*range)(void *self, int64_t *first_us, int64_t *last_us, struct hs_err *err);
  /* The same in calendar days for what has no moment: activity and costs. */
  enum hs_status (*day_range)(void *self, int64_t *first_day, int64_t *last_day,
                              struct hs_err *err);

  /* A page of accepted orders by (sequence, row_number), whatever their moment. refunded_minor is
   * 0: what is taken back is new_refunds' to tell. */
  enum hs_status (*new_orders)(void *self, const struct hs_order_page *page, hs_new_order_fn each,
                               void *context, struct hs_err *err);
  /* A page of accepted orders by time. refunded_minor is of the refunds of frames up to
   * until_sequence. */
  enum hs_status (*orders_between)(void *self, const struct hs_order_span *span,
                                   hs_new_order_fn each, void *context, struct hs_err *err);
  /* Accepted refunds that begin to hold in frames (from_sequence, until_sequence], by (sequence,
   * own_sequence, row_number). */
  enum hs_status (*new_refunds)(void *self, uint64_t from_sequence, uint64_t until_sequence,
                                hs_refund_fn each, void *context, struct hs_err *err);
  /* A page of accepted leads, custom events or clicks by (sequence, row_number), whatever their
   * moment. */
  enum hs_status (*new_actions)(void *self, const struct hs_action_page *page, hs_action_fn each,
                                void *context, struct hs_err *err);
  /* See struct hs_evidence_ask. Costs a pass over the identity evidence for each step of the walk
   * and one over the touches between from_us and until_us, however many ids are asked for: ask for
   * many at once. A failure may come after some rows were given. */
  enum hs_status (*evidence)(void *self, const struct hs_evidence_ask *ask,
                             const struct hs_evidence_reader *reader, struct hs_err *err);

  /* Of commissions that networks date in [from_us, until_us), in the order in which the words came.
   */
  enum hs_status (*network_words)(void *self, int64_t from_us, int64_t until_us,
                                  hs_network_word_fn each, void *context, struct hs_err *err);

  /* Survey answers of [from_us, until_us), by (sequence, row_number). */
  enum hs_status (*survey_answers)(void *self, int64_t from_us, int64_t until_us, hs_survey_fn each,
                                   void *context, struct hs_err *err);
  /* The figures of a metric on days [from_day, until_day), by day, then region. */
  enum hs_status (*series)(void *self, struct hs_str metric, int64_t from_day, int64_t until_day,
                           hs_series_fn each, void *context, struct hs_err *err);
  /* Activity of days [from_day, until_day), by partner, kind and day. */
  enum hs_status (*activity_days)(void *self, int64_t from_day, int64_t until_day,
                                  hs_activity_fn each, void *context, struct hs_err *err);
  /* All exchange rates, by (sequence, row_number). */
  enum hs_status (*rates)(void *self, hs_rate_fn each, void *context, struct hs_err *err);
  /* Of touches of [from_us, until_us) that name a link: how many distinct ids came by each, in byte
   * order of the links. */
  enum hs_status (*links_followed)(void *self, int64_t from_us, int64_t until_us,
                                   hs_link_count_fn each, void *context, struct hs_err *err);

  /* From now on no more than so much memory for what is read, or what it was opened with where
   * that is less; 0 ends it. For work that goes through everything and has no use for keeping it at
   * hand. */
  enum hs_status (*spare)(void *self, uint64_t memory_bytes, struct hs_err *err);

  /* How many rows were recorded as conflicts and not applied. */
  enum hs_status (*conflict_count)(void *self, uint64_t *out, struct hs_err *err);

  /* One SELECT by somebody who is not trusted: nothing can be written, no file, extension, setting
     or other database be reached; the side tables are visible beside the trail's views. HS_DENIED
     for any other statement, HS_INVALID with the engine's words for a wrong one. HS_UNSUPPORTED
     where the adapter has no SQL (memory), HS_INTERRUPTED after interrupt. */
  enum hs_status (*query)(void *self, struct hs_str select, const struct hs_side_table *tables,
                          size_t table_count, const struct hs_result_sink *sink,
                          struct hs_err *err);
  /* Writes one view or side table to a new file at path, replacing nothing (HS_CONFLICT). CSV is
   * guarded against formula injection. */
  enum hs_status (*export_table)(void *self, const char *table, const struct hs_side_table *side,
                                 enum hs_export_format format, const char *path,
                                 uint64_t *row_count, struct hs_err *err);
  /* Makes a query or an export that runs now end soon with HS_INTERRUPTED, and is without effect
   * when none does. The one call that any thread may make at any time before close. */
  void (*interrupt)(void *self);
};

#endif
