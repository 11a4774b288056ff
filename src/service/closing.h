/* The end of a month: what is still open in it, and closing it, after which nothing is booked into
   it any more. */
#ifndef HANSA_SERVICE_CLOSING_H
#define HANSA_SERVICE_CLOSING_H

#include "service/post.h"

/* A line of what is open when a period closes. An amount of 0 with a count is of things that have
   none. */
enum hs_open_kind {
  HS_OPEN_PENDING,    /* earned, its return period not over: accrued */
  HS_OPEN_PAYABLE,    /* owed and not sent */
  HS_OPEN_DISPUTED,   /* held by disputes */
  HS_OPEN_RECEIVABLE, /* partners owe us */
  HS_OPEN_CLEARING,   /* sent, and no word of it */
  HS_OPEN_DISPUTES,   /* not decided */
  HS_OPEN_REFUSED,    /* commissions that could not be priced */
  HS_OPEN_KIND_COUNT
};

struct hs_open_line {
  enum hs_open_kind kind;
  struct hs_currency currency; /* zero where there is no amount */
  uint64_t count;              /* of partners, disputes or commissions */
  int64_t amount_minor;
};
typedef enum hs_status (*hs_open_line_fn)(void *context, const struct hs_open_line *line,
                                          struct hs_err *err);

/* "pending", … and what it says to people. */
const char *hs_open_word(enum hs_open_kind kind);
const char *hs_open_says(enum hs_open_kind kind);

/* What is open at the end of the period, by kind and currency; lines of nothing are left out. */
[[nodiscard]] enum hs_status hs_closing_open(struct hs_programme *programme,
                                             const struct hs_period *period, hs_open_line_fn each,
                                             void *context, struct hs_err *err);

/* Closes it: by one person and seconded by another. HS_INVALID for a period that is not over, or
   whose persons are not two; HS_CONFLICT when a part of it is closed already. hash is that of its
   entries. */
[[nodiscard]] enum hs_status hs_closing_close(struct hs_programme *programme, struct hs_str name,
                                              const struct hs_period *period, struct hs_str by,
                                              struct hs_str second, struct hs_hash *hash,
                                              struct hs_err *err);

#endif
