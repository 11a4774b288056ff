/* The end of a month: what is still open in it, and closing it, after which nothing is booked into
   it any more. */
#ifndef HANSA_SERVICE_OWE_CLOSING_H
#define HANSA_SERVICE_OWE_CLOSING_H

#include "service/owe/accrual.h"
#include "service/post/post.h"

/* A line of what is open when a period closes. An amount of 0 with a count is of things that have
   none. */
enum hs_open_kind {
  HS_OPEN_PENDING,      /* earned, its return period not over: accrued */
  HS_OPEN_PAYABLE,      /* owed and not sent */
  HS_OPEN_DISPUTED,     /* held by disputes */
  HS_OPEN_RECEIVABLE,   /* partners owe us */
  HS_OPEN_CLEARING,     /* sent, and no word of it */
  HS_OPEN_DISPUTES,     /* not decided */
  HS_OPEN_REFUSED,      /* commissions that could not be priced */
  HS_OPEN_UNRECONCILED, /* networks' commissions that nothing explains beside ours */
  HS_OPEN_REVERSALS,    /* expected: what of pending and payable will be taken back */
  HS_OPEN_KIND_COUNT
};

struct hs_open_line {
  enum hs_open_kind kind;
  struct hs_currency currency; /* zero where there is no amount */
  uint64_t count; /* of partners, disputes, commissions or orders; of those orders that were taken
                     back, for what is expected */
  int64_t amount_minor;
  const struct hs_accrual *accrual; /* of HS_OPEN_REVERSALS */
  int64_t level_percent;            /* of its interval */
};
/* Whether it has an amount at all: what cannot be told yet has none. */
static inline int hs_open_has_amount(const struct hs_open_line *line)
{
  return line->currency.code[0] != '\0' &&
         (line->accrual == NULL || hs_accrual_is_told(line->accrual));
}
typedef enum hs_status (*hs_open_line_fn)(void *context, const struct hs_open_line *line,
                                          struct hs_err *err);

/* "pending", … and what it says to people. */
const char *hs_open_word(enum hs_open_kind kind);
const char *hs_open_says(enum hs_open_kind kind);
/* Of an estimate, in a sentence: its interval, what it was learnt from, and how far it reaches; or
   that it cannot be told yet. */
void hs_open_words(const struct hs_open_line *line, struct hs_buf *out);

/* What is open at the end of the period, with what was imported of networks for it, by kind and
   currency, and what of it is expected to be taken back; lines of nothing are left out. */
[[nodiscard]] enum hs_status hs_closing_open(struct hs_programme *programme,
                                             const struct hs_period *period, hs_open_line_fn each,
                                             void *context, struct hs_err *err);

/* Closes it, with what is expected to be taken back as it is estimated now: by one person and
   seconded by another. HS_INVALID for a period that is not over, or
   whose persons are not two; HS_CONFLICT when a part of it is closed already. hash is that of its
   entries. */
[[nodiscard]] enum hs_status hs_closing_close(struct hs_programme *programme, struct hs_str name,
                                              const struct hs_period *period, struct hs_str by,
                                              struct hs_str second, struct hs_hash *hash,
                                              struct hs_err *err);

#endif
