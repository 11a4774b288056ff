/* A first portfolio page from one network's export of commissions, without a programme: what each
   partner sold and earned by the network's count, what is reversed, pending and concentrated, and
   what nobody can know without paths. Sums are of all rows and have no interval; a share of orders
   and a mean of days stand for what comes next, and have one. */
#ifndef HANSA_SERVICE_START_START_H
#define HANSA_SERVICE_START_START_H

#include "intake/network.h"
#include "ports/trail.h"

#define HS_START_LEVEL 0.9
/* Fewer orders or commissions than these carry no share and no mean: of 20 orders without a
   reversal one in eight may still be one (the interval ends at 12 %). */
#define HS_START_SAMPLE_MIN 20
/* A partner without an order in the last so many days of the export is dormant; twice as many are
   needed to compare the last ones with those before. */
#define HS_START_RECENT_DAYS 90
#define HS_START_MONTHS_MAX 24

enum hs_start_state { HS_START_PENDING, HS_START_APPROVED, HS_START_REVERSED, HS_START_PAID };

#define HS_START_NEVER INT64_MIN

/* One commission. Texts are absent where the export has none, moments HS_START_NEVER. */
struct hs_start_row {
  struct hs_str commission_id, order_id, partner, partner_id;
  struct hs_currency currency;
  enum hs_start_state state;
  int has_amount, has_customer, has_coupon, has_click;
  int64_t amount_minor, commission_minor; /* below zero takes back */
  int64_t created_us, approved_us;
};

/* A share of so many, with Wilson's interval (JASA 22, 1927, page 209). */
struct hs_start_share {
  uint64_t count, of;
  double share, low, high; /* NaN when `of` is below HS_START_SAMPLE_MIN */
};

/* A mean, with Student's interval. */
struct hs_start_mean {
  uint64_t of;
  double mean, low, high; /* NaN likewise */
};

/* One partner's, or all of them. */
struct hs_start_sums {
  uint64_t orders;          /* by order id; a commission without one counts as an order */
  uint64_t orders_pending;  /* not all of whose commissions are decided */
  uint64_t orders_reversed; /* of the decided ones: taken back, wholly or in part */
  int64_t sales_minor;    /* of what is not reversed, less what was taken back; where amounts are */
  int64_t earned_minor;   /* all commissions above zero, the reversed ones included */
  int64_t reversed_minor; /* reversed, or taken back by a commission below zero */
  int64_t pending_minor, approved_minor, paid_minor; /* of what is above zero */
  int64_t first_us, last_us;                         /* of the orders */
  int64_t oldest_pending_us;                         /* HS_START_NEVER when nothing is pending */
  uint64_t orders_recent, orders_before;      /* last HS_START_RECENT_DAYS, and as many before */
  int64_t net_recent_minor, net_before_minor; /* commissions less reversals, of those */
  struct hs_start_share reversal;             /* of decided orders */
  struct hs_start_mean approval_days; /* from the order to its approval, of approved commissions */
};

struct hs_start_partner {
  struct hs_str name; /* its id where the export has no name */
  struct hs_str id;   /* absent where it has none */
  struct hs_start_sums sums;
  double commission_share; /* of the commissions of all, less reversals; NaN when that is nothing */
  int is_dormant;
  int64_t *month_net_minor; /* month_count of them */
};

struct hs_start_month {
  int32_t year, month;
  uint64_t orders, partners;
  int64_t sales_minor, net_minor;
  int is_cut; /* the export begins or ends in it */
};

struct hs_start_other {
  struct hs_currency currency;
  uint64_t rows;
};
#define HS_START_OTHERS_MAX 8

struct hs_start {
  const struct hs_network *network; /* NULL for columns of our own names */
  struct hs_currency currency;      /* of every amount here */
  uint64_t rows;                    /* that count */
  uint64_t rows_rejected;
  uint64_t rows_repeated; /* whose commission stands in the export again, further down */
  uint64_t rows_other;    /* of other currencies: left out */
  size_t other_count;     /* at most so many are named */
  struct hs_start_other others[HS_START_OTHERS_MAX];
  struct hs_start_sums all;
  size_t partner_count;
  struct hs_start_partner *partners; /* by commissions less reversals, highest first */
  size_t month_count;
  struct hs_start_month *months;     /* in order, those without an order included; the last ones */
  double top_share, top_three_share; /* of the commissions; NaN when those are nothing */
  double effective_partners;         /* 1 / the sum of the squared shares */
  size_t half_count;                 /* so many partners make half of it */
  uint64_t shared_orders;            /* order ids that stand under more than one partner */
  uint64_t rows_with_amount, rows_with_order, rows_with_customer, rows_with_coupon, rows_with_click;
};

struct hs_start_options {
  struct hs_intake_options intake; /* kind, slots, reject, progress and context are set by the
                                      reading */
  struct hs_currency currency;     /* of the page; the zero value takes that of most rows */
  const struct hs_zone *zone;      /* in which months begin */
};

/* What a row that was not taken looks like: as struct hs_intake_reject. */
typedef void (*hs_start_reject_fn)(void *context, const struct hs_intake_reject *reject);

/* The commissions of a file, without those that stand in it again further down. */
struct hs_start_rows {
  const struct hs_network *network;
  const struct hs_start_row **rows; /* by id and partner */
  size_t count;
  uint64_t rows_rejected, rows_repeated;
};
/* The same of what was imported of networks and is dated in the period: the last word on each. */
[[nodiscard]] enum hs_status hs_start_imported_rows(struct hs_trail *trail, struct hs_arena *arena,
                                                    const struct hs_period *period,
                                                    struct hs_start_rows *out, struct hs_err *err);
/* Everything lives in the arena. Failures are those of hs_intake_open. */
[[nodiscard]] enum hs_status hs_start_read_rows(struct hs_arena *arena, const struct hs_io *io,
                                                const struct hs_intake_options *intake,
                                                hs_start_reject_fn on_reject, void *context,
                                                struct hs_start_rows *out, struct hs_err *err);
/* Sorts the commissions by id and partner and leaves the last of each; gives how many there are. */
size_t hs_start_drop_repeated(const struct hs_start_row **rows, size_t count);

/* Reads options->intake.path and sums it up. Everything lives in the arena, some 400 bytes a row.
   HS_INSUFFICIENT when no row is left; else failures of hs_intake_open. */
[[nodiscard]] enum hs_status hs_start_read(struct hs_arena *arena, const struct hs_io *io,
                                           const struct hs_start_options *options,
                                           hs_start_reject_fn on_reject, void *context,
                                           struct hs_start *out, struct hs_err *err);
/* The same for rows that are there; only the network and rows_rejected of *out are left alone. */
[[nodiscard]] enum hs_status hs_start_sum(struct hs_arena *arena, const struct hs_start_row *rows,
                                          size_t row_count, const struct hs_start_options *options,
                                          struct hs_start *out, struct hs_err *err);

/* Whether the export is long enough to compare its last HS_START_RECENT_DAYS with those before. */
[[nodiscard]] int hs_start_has_trend(const struct hs_start *start);

/* What this export cannot tell, one question after the other: what is asked, why the export is
   silent, what would tell. NULL at the end. */
struct hs_start_unknown {
  const char *question, *why, *instead;
};
const struct hs_start_unknown *hs_start_unknowns(void);

void hs_start_text(const struct hs_start *start, int width, struct hs_buf *out);
void hs_start_json(const struct hs_start *start, struct hs_buf *out);
/* One page that needs nothing else. */
void hs_start_html(const struct hs_start *start, struct hs_buf *out);

#endif
