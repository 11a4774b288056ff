/* What of the money owed needs somebody to look at it, as one list, each with what to do next: what
   stopped the posting, what could not be read or priced and pays nobody, and what has been waiting
   for too long. Nothing is kept: an alarm is there as long as its cause. */
#ifndef HANSA_SERVICE_OWE_ALARMS_H
#define HANSA_SERVICE_OWE_ALARMS_H

#include "service/post/post.h"

enum hs_alarm_kind {
  HS_ALARM_STOPPED,    /* something in the record cannot be posted, and nothing behind it is */
  HS_ALARM_AGREEMENT,  /* a version that cannot be read */
  HS_ALARM_REFUSED,    /* a commission that could not be priced and was not mended since */
  HS_ALARM_WAITING,    /* a commission without an exchange rate for its order's currency */
  HS_ALARM_UNRELEASED, /* return periods that are over, and what had them is still not owed */
  HS_ALARM_DISPUTE,    /* without a decision for too long */
  HS_ALARM_PAYOUT,     /* sent, and without word for too long */
  HS_ALARM_NEGATIVE,   /* a partner that owes more than is owed to it */
  HS_ALARM_KIND_COUNT
};

struct hs_alarm {
  enum hs_alarm_kind kind;
  struct hs_str
      what; /* the commission, dispute, payout, or agreement; absent where there is none */
  struct hs_str partner;       /* absent where it is about none */
  struct hs_currency currency; /* zero where there is no amount */
  int64_t amount_minor;
  int64_t since_us; /* INT64_MIN where nobody knows */
  struct hs_str reason;
};
typedef enum hs_status (*hs_alarm_fn)(void *context, const struct hs_alarm *alarm,
                                      struct hs_err *err);

struct hs_alarm_options {
  int64_t dispute_days; /* a dispute is to be decided within */
  int64_t wait_days;    /* a bank answers within, and a return period is ended within */
};

/* "refused", and what it says to people. */
const char *hs_alarm_word(enum hs_alarm_kind kind);
const char *hs_alarm_says(enum hs_alarm_kind kind);
/* What to do about it, a sentence with commands in it. */
void hs_alarm_next(const struct hs_alarm *alarm, struct hs_buf *out);

/* Posts what has come since, and gives the alarms by kind, then by age. A failing disk is an error
   and no alarm. */
[[nodiscard]] enum hs_status hs_alarms_list(struct hs_programme *programme,
                                            const struct hs_alarm_options *options,
                                            hs_alarm_fn each, void *context, struct hs_err *err);

#endif
