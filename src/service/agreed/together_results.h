/* What came of working together, held against what each side reached alone: figures beside the
   baselines of the agreement, and trust transfer: whether people whom the partner brings buy, stay
   and complain like people who know us, or like strangers. */
#ifndef HANSA_SERVICE_AGREED_TOGETHER_RESULTS_H
#define HANSA_SERVICE_AGREED_TOGETHER_RESULTS_H

#include <stdatomic.h>

#include "agreement/ladder.h"
#include "service/agreed/agreement_file.h"
#include "service/programme.h"

/* By how a journey began. */
enum hs_audience {
  HS_AUDIENCE_PARTNER, /* with a touchpoint of the partner */
  HS_AUDIENCE_OWN,     /* with one of ours that only who knows us meets: email, direct */
  HS_AUDIENCE_COLD,    /* with paid search, social or an impression */
  HS_AUDIENCE_COUNT
};

/* From activity of the kinds sends, unsubscribes and complaints under the company's name; those of
   a kind that nobody imported are not known. Nobody sends mail to strangers. */
struct hs_mailing {
  int has_sends, has_unsubscribes, has_complaints;
  int64_t sends, unsubscribes, complaints;
};

struct hs_audience_figures {
  struct hs_hits orders;     /* of its journeys, those that ended in an order */
  struct hs_mailing mailing; /* of the partner's and our own */
};

/* Two parts are told apart only where their intervals do not meet. */
enum hs_compared { HS_COMPARED_MORE, HS_COMPARED_LESS, HS_COMPARED_CANNOT_TELL };

/* A figure that the agreement names, and what the programme has seen of it. */
struct hs_baseline_result {
  struct hs_str of; /* a side, or absent: the joint outcome */
  struct hs_str what, unit, source;
  struct hs_decimal baseline, target; /* target is absent of a side's */
  int is_seen;                        /* the unit is orders a month */
  double orders_a_month;              /* in which the partner has a touchpoint */
};

#define HS_BASELINES_MAX 8

struct hs_together_results {
  struct hs_str agreement, partner, own; /* own: our party, or absent where none is named */
  struct hs_period period;
  struct hs_audience_figures of[HS_AUDIENCE_COUNT];
  enum hs_compared than_own, than_cold; /* how often the partner's audience buys */
  uint64_t partner_orders;              /* with a touchpoint of the partner anywhere */
  double months;
  size_t baseline_count;
  struct hs_baseline_result baselines[HS_BASELINES_MAX];
};

struct hs_together_ask {
  struct hs_str agreement, partner;
  const struct hs_agreement *document;
  struct hs_period period;
  const atomic_int *interrupt;
};

/* Texts are those of ask and its document. */
[[nodiscard]] enum hs_status hs_together_results_make(struct hs_programme *programme,
                                                      const struct hs_together_ask *ask,
                                                      struct hs_together_results *out,
                                                      struct hs_err *err);

void hs_together_results_say(const struct hs_together_results *results, const struct hs_zone *zone,
                             size_t width, struct hs_buf *out);
void hs_together_results_json(const struct hs_together_results *results, const struct hs_zone *zone,
                              struct hs_buf *out);

#endif
