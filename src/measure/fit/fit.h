/* Before a partnership: do the partner's people want what ours want? Overlap of intent (what
   customers were trying to do: queries, landing pages, categories, next purchases, timing in the
   decision) is held against overlap of demographics. Audiences that look alike and want something
   else are the usual trap of a partnership.

   Overlap of two distributions p (ours) and q (theirs) over the same values is Morisita's index
   (Memoirs of the Faculty of Science, Kyushu University E 3, 1959),

     M = 2A/(B + C),   A = Σ p_i q_i,  B = Σ p_i²,  C = Σ q_i²,

   1 when they are the same and 0 when they share nothing: how much more often one of ours and one
   of theirs want the same than two of one side do. A, B and C are estimated without bias from
   counts x of N and y of n: B = Σ x_i(x_i − 1)/(N(N − 1)). Of the usual indices it depends least on
   the sizes of the samples (Smith and Zaret, Ecology 63, 1982). Since M = 1 − Σ(p_i − q_i)²/(B +
   C), its variance has a first-order part, by the delta method over both multinomials, and a
   second-order one, 2·tr(Σ²)/(B + C)² with Σ the covariance of p̂ − q̂, which is all there is where p
   = q. The interval is M ± t·sd, cut to [0, 1], t of as many degrees
   of freedom as the smaller side has people, less one.

   Alike means the whole interval at .6 or above, different wholly below: from .60 on an overlap is
   taken for a real one (Zaret and Rand, Ecology 52, 1971). Anything else cannot be told, with the
   number of people that would decide if the overlap is what it looks like. */
#ifndef HANSA_MEASURE_FIT_FIT_H
#define HANSA_MEASURE_FIT_FIT_H

#include <stddef.h>

#include "base/text.h"

#define HS_FIT_ALIKE_FROM .6
#define HS_FIT_LEVEL .95
#define HS_FIT_PEOPLE_MIN 30 /* of each side, for one dimension */

enum hs_fit_about { HS_FIT_INTENT, HS_FIT_DEMOGRAPHICS, HS_FIT_ABOUT_COUNT };
const char *hs_fit_about_name(enum hs_fit_about about); /* "intent", "demographics" */
/* The dimensions that have a name of their own, among them those of programmes; 0 for others. */
[[nodiscard]] int hs_fit_dimension_about(struct hs_str name, enum hs_fit_about *out);

enum hs_fit_likeness { HS_FIT_ALIKE, HS_FIT_DIFFERENT, HS_FIT_CANNOT_TELL };
const char *hs_fit_likeness_name(enum hs_fit_likeness likeness);

/* Why it cannot be told. */
enum hs_fit_gap {
  HS_FIT_NO_GAP,
  HS_FIT_ONE_SIDE,   /* only one of the two sides says anything of it */
  HS_FIT_TOO_FEW,    /* fewer than HS_FIT_PEOPLE_MIN people on one side */
  HS_FIT_NO_REPEATS, /* no value occurs twice: what is the same cannot be seen */
  HS_FIT_UNCERTAIN,  /* the interval holds both */
};
const char *hs_fit_gap_name(enum hs_fit_gap gap);

/* One dimension: a value's people on both sides, whole numbers of 0 or more. */
struct hs_fit_counts {
  size_t value_count;
  const double *ours, *theirs;
};

struct hs_fit_overlap {
  enum hs_fit_likeness likeness;
  enum hs_fit_gap gap;
  double ours, theirs;           /* people */
  double overlap, low, high, sd; /* NaN where there is none */
  /* people on each side that would decide, for what is uncertain; NaN otherwise, and where the
     overlap lies on the border itself */
  double needed;
};
struct hs_fit_overlap hs_fit_compare(const struct hs_fit_counts *counts);

/* Several dimensions as one: the mean of those that have an overlap, with an interval as wide as if
   all of them erred together, since they are of the same people. */
struct hs_fit_overlap hs_fit_together(const struct hs_fit_overlap *overlaps, size_t count);

/* What the two together say. */
enum hs_fit_verdict {
  HS_FIT_UNDECIDED,        /* intent cannot be told, so nothing can */
  HS_FIT_SAME,             /* similar audience, same intent */
  HS_FIT_TRAP,             /* similar audience, different intent */
  HS_FIT_HIDDEN,           /* different audience, same intent: demographics would have missed it */
  HS_FIT_NEITHER,          /* different audience, different intent */
  HS_FIT_SAME_INTENT,      /* same intent; the audience cannot be told */
  HS_FIT_DIFFERENT_INTENT, /* different intent; the audience cannot be told */
};
const char *hs_fit_verdict_name(enum hs_fit_verdict verdict);
enum hs_fit_verdict hs_fit_judge(enum hs_fit_likeness intent, enum hs_fit_likeness demographics);

#endif
