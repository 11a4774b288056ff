/* Exchange rates as facts of the journal, and which of them holds for an order in another currency
   than an agreement's terms: that of its day, or the last one of the HS_RATE_DAYS_MAX days before
   it, as they were known when the order came. Where none was, the first that came later holds, and
   no correction after that: an order has one rate for good, so its refunds are taken back by the
   rate that it was paid by. */
#ifndef HANSA_SERVICE_POST_RATES_H
#define HANSA_SERVICE_POST_RATES_H

#include "base/ratio.h"
#include "ports/trail.h"

/* Banks fix no rates on week-ends and holidays; the longest such time of the euro system is four
   days at Easter. A table that was not brought up to date for a week is no table to pay by. */
#define HS_RATE_DAYS_MAX 7

struct hs_currency_rate {
  int64_t day;
  struct hs_currency from, to;
  struct hs_decimal rate; /* above 0: one unit of from in units of to */
  struct hs_str source;   /* {NULL, 0} where nobody said it */
  uint64_t sequence;
  int64_t row_number;
};

struct hs_rates {
  int is_loaded;
  size_t count, capacity;
  struct hs_currency_rate *rates; /* by day, pair and the order in which they came */
  struct hs_arena arena;          /* some 80 bytes a rate */
  struct hs_arena texts;          /* of sources */
};

/* Reserves address space. Release accepts every state. */
[[nodiscard]] enum hs_status hs_rates_open(struct hs_rates *rates, struct hs_err *err);
void hs_rates_release(struct hs_rates *rates);
/* All that the trail holds; nothing when they were loaded before. */
[[nodiscard]] enum hs_status hs_rates_load(struct hs_rates *rates, const struct hs_trail *trail,
                                           struct hs_err *err);

#define HS_CONVERSION_LEGS_MAX 2

/* How an amount came from one currency into another. */
struct hs_conversion {
  struct hs_currency from, to;
  struct hs_ratio per_unit;  /* of to, for one unit of from */
  struct hs_ratio per_minor; /* the same between their smallest units */
  size_t leg_count;          /* 2 where both are only known against a third currency */
  const struct hs_currency_rate
      *legs[HS_CONVERSION_LEGS_MAX]; /* a leg may be read the other way round */
};

struct hs_rate_ask {
  struct hs_currency from, to; /* not the same */
  int64_t day;                 /* of the order, by the programme's calendar */
  uint64_t came, until;        /* the order's frame; the last frame that is known, came or later */
};

/* A rate of the pair goes before one of the other direction, and both before two rates against a
   third currency (the first by its code) of the same day; of several facts for one day and pair the
   latest that is known. 0 when there is none. */
[[nodiscard]] int hs_rates_find(const struct hs_rates *rates, const struct hs_rate_ask *ask,
                                struct hs_conversion *out);
/* An amount in smallest units, rounded half to even; 0 when it does not fit. */
[[nodiscard]] int hs_conversion_amount(const struct hs_conversion *exchange, int64_t amount_minor,
                                       int64_t *out);

#endif
