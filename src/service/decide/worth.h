/* What the customers of a programme are worth, all together and by the channel that they came
   through: `hansa ltv --data` shows it, `hansa case` builds on it. */
#ifndef HANSA_SERVICE_DECIDE_WORTH_H
#define HANSA_SERVICE_DECIDE_WORTH_H

#include "measure/value/economics.h"
#include "service/decide/customers.h"

/* Arrays of customers.analysis.channel_count. Points into itself: do not copy it. */
struct hs_worth_of_customers {
  struct hs_programme_customers customers;
  struct hs_lifetime lifetime;
  struct hs_partner_pool pool;
  struct hs_partner_seen *seen;
  struct hs_partner_worth *worth;
  struct hs_str *titles; /* of partners as people call them; of the others the channel */
  double *acquired, *acquired_squares; /* new customers: Σ share, Σ share² */
  struct hs_estimate *value;           /* of one customer */
  struct hs_worlds worlds;             /* of each channel, without cost and with a share of 1 */
};

struct hs_worth_options {
  struct hs_lifetime_options lifetime;
  int64_t look_back_us;
  uint32_t worlds; /* 100 or more */
  const atomic_int *interrupt;
};

/* HS_INSUFFICIENT when the record cannot tell (no order of a person, nobody bought again, values
   without a mean): err says which. */
[[nodiscard]] enum hs_status hs_worth_make(struct hs_programme *programme,
                                           const struct hs_worth_options *options,
                                           struct hs_worth_of_customers *out, struct hs_err *err);
/* Accepts the zero value. */
void hs_worth_release(struct hs_worth_of_customers *worth);

/* For a terminal and as JSON, partners first by how many customers came through them. */
void hs_worth_json(const struct hs_worth_of_customers *worth, struct hs_buf *out);
void hs_worth_text(const struct hs_worth_of_customers *worth, int width, struct hs_buf *out);
/* A row a channel. */
void hs_worth_csv(const struct hs_worth_of_customers *worth, struct hs_buf *out);
/* One page that needs nothing else. */
void hs_worth_html(const struct hs_worth_of_customers *worth, struct hs_buf *out);

#endif
