/* Journeys: each person's touches in time order, cut by orders and by the look-back window.
   Streamed from the trail part by part, so that memory is bounded by the largest part and not by
   the trail.

   An order's journey holds the touches of its person that lie at most look_back before it and after
   that person's order before. Touches that no order claims make journeys without an order, cut
   where an order stands between or where nothing happened for longer than look_back. A code of a
   partner used at checkout is that partner's touch at the moment of the order, unless the partner's
   is the last touch anyhow. An order that was taken back whole counts as no order. */
#ifndef HANSA_MEASURE_JOURNEYS_H
#define HANSA_MEASURE_JOURNEYS_H

#include "base/money.h"
#include "base/time.h"
#include "measure/coupons.h"
#include "measure/paths.h"
#include "measure/persons.h"

struct hs_journey_options {
  int64_t from_us, until_us;   /* orders in [from, until) count; touches from look_back before */
  int64_t look_back_us;        /* 1 second to 10 years */
  struct hs_currency currency; /* orders in others are counted apart */
  const struct hs_coupon_owner *coupons; /* sorted (measure/coupons.h) */
  size_t coupon_count;
  uint32_t steps_max; /* a journey with more touches is automatic traffic: it is counted and left
                         out; 0 for the default, 500 */
  uint64_t touches_per_part; /* read at once; at most; 0 for the default, 32 million */
};

/* What was met on the way: every order and touch of the period is in exactly one of the counts of
 * its group. */
struct hs_journey_stats {
  uint64_t touches;           /* in the period and the look-back before it */
  uint64_t touches_automatic; /* of journeys that were left out */
  uint64_t orders_with_path, orders_without_path, orders_other_currency, orders_taken_back,
      orders_automatic;
  int64_t value_with_path_minor, value_without_path_minor; /* net of refunds, in the currency */
  uint64_t journeys_without_order;
  uint64_t orders_joined; /* of those with a path: would have another path without joined ids */
  int64_t value_joined_minor;
  size_t person_count; /* persons with a journey */
};

/* One journey; borrowed until the callback returns. */
struct hs_journey {
  hs_person_key person;
  uint32_t person_index;    /* counts up from 0; journeys of one person are adjacent */
  size_t step_count;        /* 1 or more */
  const uint16_t *channels; /* per step */
  const int64_t *at_us;
  int64_t end_us; /* the order; without one, the end of the look-back window or of the period */
  struct hs_str order_id; /* {NULL, 0} without an order */
  int64_t value_minor;    /* of the order, net of refunds */
  int is_joined;          /* some step came by another id than the order's own */
};
typedef enum hs_status (*hs_journey_fn)(void *context, const struct hs_journey *journey,
                                        struct hs_err *err);

struct hs_journey_run {
  const struct hs_trail *trail;
  const struct hs_persons *persons;
  const struct hs_journey_options *options;
  struct hs_arena *arena;        /* for the list of channels, which stays */
  struct hs_arena *scratch;      /* for parts; another arena; given back */
  const struct hs_str *channels; /* set by the run before the first journey: every channel of the
                                    trail and of the coupons, in byte order */
  size_t channel_count;
  struct hs_journey_stats stats; /* set by the run */
};

/* Gives every journey to each, person by person, in an order that depends on the trail's content
   alone. HS_USAGE names an option out of range; HS_INVALID when there are more than
   HS_CHANNEL_COUNT_MAX channels. Memory: 33 bytes for each touch of a part,
   as many for each touch of a joined person, and some 100 for each order; it goes back to the
   system at the end. Threads sort, as many as the process may run; the journeys come from the
   caller's. */
[[nodiscard]] enum hs_status hs_journeys_run(struct hs_journey_run *run, hs_journey_fn each,
                                             void *context, struct hs_err *err);

/* Builds hs_paths, with persons and ages and values in the currency's unit, from journeys as they
   come. Their memory is the builder's until release. */
struct hs_path_builder {
  struct hs_arena parts[8]; /* one growing array in each, so that growth never copies */
  size_t path_count, step_count;
  double minor_unit; /* 0.01 for two digits */
};
[[nodiscard]] enum hs_status hs_path_builder_open(struct hs_path_builder *builder,
                                                  struct hs_currency currency, struct hs_err *err);
[[nodiscard]] enum hs_status hs_path_builder_add(struct hs_path_builder *builder,
                                                 const struct hs_journey *journey,
                                                 struct hs_err *err);
/* What was added, over the channels of the run; borrowed from the builder and the run. */
struct hs_paths hs_path_builder_paths(const struct hs_path_builder *builder,
                                      const struct hs_journey_run *run);
void hs_path_builder_release(struct hs_path_builder *builder);

#endif
