/* The growth path: from affiliate to co-marketing to joint venture to alliance. Whether the next
   step is earned is read from the track record, criterion by criterion: met, not met, or not enough
   data. */
#ifndef HANSA_AGREEMENT_LADDER_H
#define HANSA_AGREEMENT_LADDER_H

#include "agreement/agreement.h"

/* So many of a sample. */
struct hs_hits {
  int64_t hits, sample; /* 0 <= hits <= sample */
};

struct hs_track_record {
  int64_t months, orders;
  struct hs_hits refunded;      /* orders of which something was returned, of all orders */
  struct hs_hits new_customers; /* orders of new customers, of all orders */
  struct hs_hits retained;      /* referred customers who bought again, of those who could have */
  struct hs_hits kept;          /* commitments kept, of those that were due */
  struct hs_hits disputed;      /* orders in dispute, of all orders */
};

enum hs_ladder_criterion {
  HS_LADDER_MONTHS,
  HS_LADDER_ORDERS,
  HS_LADDER_REFUNDED,
  HS_LADDER_NEW_CUSTOMERS,
  HS_LADDER_RETAINED,
  HS_LADDER_KEPT,
  HS_LADDER_DISPUTED,
  HS_LADDER_CRITERION_COUNT
};

enum hs_ladder_verdict { HS_LADDER_MET, HS_LADDER_NOT_MET, HS_LADDER_NOT_ENOUGH_DATA };

/* What a step asks for: months and orders as counts, the others as parts of their sample; refunds
   and disputes at most so much, the rest at least. Below zero: not asked. */
struct hs_ladder_demand {
  double bound[HS_LADDER_CRITERION_COUNT];
};

/* The demands of the steps from affiliate, from co-marketing and from joint venture, where a
   programme has set none of its own: rules of thumb, and no findings. */
extern const struct hs_ladder_demand hs_ladder_usual[3];

struct hs_ladder_reading {
  int is_asked;
  enum hs_ladder_verdict verdict;
  double figure;    /* a count, or a part; not a number without a sample */
  double low, high; /* of a part: its Wilson interval at 95 % */
  int64_t sample;   /* of a part */
};

struct hs_ladder {
  struct hs_ladder_reading readings[HS_LADDER_CRITERION_COUNT];
  enum hs_ladder_verdict verdict; /* NOT_MET when one is not met, else NOT_ENOUGH_DATA when one
                                     lacks data */
};

/* Holds the record against a demand. A part is met when its whole interval is on the right side of
   the bound, not met when all of it is on the wrong one; between them more data are needed. Counts
   have no interval. Wilson, "Probable inference", JASA 22 (1927). */
void hs_ladder_judge(const struct hs_track_record *record, const struct hs_ladder_demand *demand,
                     struct hs_ladder *out);

/* The Wilson interval of hits of a sample at 95 %; 0 to 1 without a sample. */
void hs_ladder_wilson(struct hs_hits hits, double *low, double *high);

/* A track record as JSON: docs/user/agreements.md. HS_INVALID when more were kept, returned,
   disputed or retained than there are. */
[[nodiscard]] enum hs_status hs_track_record_read(struct hs_str json, struct hs_arena *arena,
                                                  struct hs_track_record *out, hs_fault_fn fault,
                                                  void *context, struct hs_err *err);

/* "refunded orders"; lives for ever. */
const char *hs_ladder_criterion_words(enum hs_ladder_criterion criterion);
/* "met", "not met", "not enough data"; lives for ever. */
const char *hs_ladder_verdict_words(enum hs_ladder_verdict verdict);
/* Whether the bound is what a figure may reach at most. */
int hs_ladder_is_at_most(enum hs_ladder_criterion criterion);
/* Whether the figure is a part of a sample. */
int hs_ladder_is_part(enum hs_ladder_criterion criterion);

#endif
