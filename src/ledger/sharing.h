/* How the sides of an agreement share what it brings in: each keeps what it has, all share the
   result, or a waterfall: costs are recouped in the agreed order, then come preferred shares, and
   what is left is split. Whole cents from whole cents, and none is lost on the way. */
#ifndef HANSA_LEDGER_SHARING_H
#define HANSA_LEDGER_SHARING_H

#include "base/ratio.h"

#define HS_SIDES_MAX 12
/* In the place of a side: none of them. */
#define HS_NOBODY UINT32_MAX

enum hs_sharing_kind {
  HS_SHARING_KEPT,     /* each side keeps what it took in, bears what it spent, and gets what it
                          earned from the others */
  HS_SHARING_SHARES,   /* the result, gain or loss, by shares */
  HS_SHARING_WATERFALL /* what was brought in, step by step */
};

/* What commissions and fees between the sides are where the result is shared. */
enum hs_earned_is {
  HS_EARNED_ON_ACCOUNT, /* a part of the side's share that it had before the others */
  HS_EARNED_FIRST       /* besides its share: they come first, and the rest is shared */
};

enum hs_step_kind {
  HS_STEP_RECOUP,   /* the costs of one side; of all in proportion when side is HS_NOBODY */
  HS_STEP_PREFERRED /* an amount, or a rate of a side's costs or of what is left */
};

enum hs_step_of { HS_STEP_OF_COSTS, HS_STEP_OF_LEFT };

struct hs_waterfall_step {
  enum hs_step_kind kind;
  uint32_t side;
  enum hs_step_of of;   /* PREFERRED: what the rate is taken of */
  struct hs_ratio rate; /* PREFERRED: 0 or more; {0, 0} when there is only an amount */
  int64_t most_minor;   /* PREFERRED: at most so much, or the amount itself; INT64_MAX for no end */
};

#define HS_STEPS_MAX 24

struct hs_sharing {
  enum hs_sharing_kind kind;
  enum hs_earned_is earned;
  enum hs_rounding rounding;
  size_t side_count;                   /* 2 to HS_SIDES_MAX */
  struct hs_ratio share[HS_SIDES_MAX]; /* each 0 or more, 1 together; not looked at for KEPT */
  struct hs_ratio loss[HS_SIDES_MAX];  /* of what is below zero, likewise */
  size_t step_count;                   /* of the waterfall, before the split by shares */
  struct hs_waterfall_step steps[HS_STEPS_MAX];
  int64_t unrecouped_minor[HS_SIDES_MAX]; /* costs of earlier periods that were not recouped */
};

/* HS_INVALID names what cannot be applied: shares that do not sum to one, a side that there is not,
   a rate below zero. */
[[nodiscard]] enum hs_status hs_sharing_check(const struct hs_sharing *sharing, struct hs_err *err);

/* What one step gave: the evidence of a waterfall. */
struct hs_step_given {
  int64_t there_minor; /* before it */
  int64_t given_minor[HS_SIDES_MAX];
};

struct hs_waterfall {
  size_t step_count; /* those of the agreement, and the split as the last one */
  struct hs_step_given steps[HS_STEPS_MAX + 1];
  int64_t given_minor[HS_SIDES_MAX];      /* by all steps; they sum to what there was */
  int64_t unrecouped_minor[HS_SIDES_MAX]; /* costs to be recouped in later periods */
};

/* Divides proceeds_minor of a checked waterfall; costs_minor are those of each side in the period.
   Nothing is recouped of proceeds below zero: those are borne by the loss shares. Splits use the
   largest remainder, ties to the side named first; a preferred share is rounded once. HS_INVALID
   when a figure does not fit. */
[[nodiscard]] enum hs_status hs_waterfall_run(const struct hs_sharing *sharing,
                                              int64_t proceeds_minor, const int64_t *costs_minor,
                                              struct hs_waterfall *out, struct hs_err *err);

/* amount_minor by the shares, or by the loss shares when it is below zero. Parts sum to it. */
[[nodiscard]] enum hs_status hs_sharing_split(const struct hs_sharing *sharing,
                                              int64_t amount_minor, int64_t *parts,
                                              struct hs_err *err);

#endif
