/* Overlap of two samples, and what overlaps of intent and of demographics say together.

     p, q     shares of a value among ours and theirs        N, n   people of each side
     A, B, C  Σpq, Σp², Σq², without bias                    M      2A/(B + C) */
#include "measure/fit/fit.h"

#include <math.h>

#include "stats/distribution.h"

const char *hs_fit_about_name(enum hs_fit_about about)
{
  static const char *const NAMES[HS_FIT_ABOUT_COUNT] = {"intent", "demographics"};
  return NAMES[about];
}

int hs_fit_dimension_about(struct hs_str name, enum hs_fit_about *out)
{
  static const struct {
    const char *name;
    enum hs_fit_about about;
  } KNOWN[] = {
      {"query", HS_FIT_INTENT},
      {"landing_page", HS_FIT_INTENT},
      {"category", HS_FIT_INTENT},
      {"next_purchase", HS_FIT_INTENT},
      {"timing", HS_FIT_INTENT},
      {"age", HS_FIT_DEMOGRAPHICS},
      {"gender", HS_FIT_DEMOGRAPHICS},
      {"country", HS_FIT_DEMOGRAPHICS},
      {"region", HS_FIT_DEMOGRAPHICS},
      {"city", HS_FIT_DEMOGRAPHICS},
      {"income", HS_FIT_DEMOGRAPHICS},
      {"education", HS_FIT_DEMOGRAPHICS},
      {"occupation", HS_FIT_DEMOGRAPHICS},
      {"household", HS_FIT_DEMOGRAPHICS},
      {"language", HS_FIT_DEMOGRAPHICS},
      {"device", HS_FIT_DEMOGRAPHICS},
  };
  for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
    if (hs_str_equal_ascii_fold(name, hs_str_of(KNOWN[i].name))) {
      *out = KNOWN[i].about;
      return 1;
    }
  return 0;
}

const char *hs_fit_likeness_name(enum hs_fit_likeness likeness)
{
  static const char *const NAMES[] = {"alike", "different", "cannot_tell"};
  return NAMES[likeness];
}

const char *hs_fit_gap_name(enum hs_fit_gap gap)
{
  static const char *const NAMES[] = {"", "one_side", "too_few", "no_repeats", "uncertain"};
  return NAMES[gap];
}

const char *hs_fit_verdict_name(enum hs_fit_verdict verdict)
{
  static const char *const NAMES[] = {"undecided",
                                      "same_intent_same_audience",
                                      "similar_audience_different_intent",
                                      "different_audience_same_intent",
                                      "different_audience_different_intent",
                                      "same_intent",
                                      "different_intent"};
  return NAMES[verdict];
}

/* ---- one dimension ---- */

struct moments {
  double a, b, c;                        /* A, B, C */
  double pp, qq, pq, ppp, qqq, ppq, pqq; /* of the plain shares */
};

static struct moments moments_of(const struct hs_fit_counts *counts, double ours, double theirs)
{
  struct moments sum = {0};
  for (size_t i = 0; i < counts->value_count; i++) {
    double x = counts->ours[i], y = counts->theirs[i];
    double p = x / ours, q = y / theirs;
    sum.b += x * (x - 1) / (ours * (ours - 1));
    sum.c += y * (y - 1) / (theirs * (theirs - 1));
    sum.pq += p * q;
    sum.pp += p * p;
    sum.qq += q * q;
    sum.ppp += p * p * p;
    sum.qqq += q * q * q;
    sum.ppq += p * p * q;
    sum.pqq += p * q * q;
  }
  sum.a = sum.pq;
  return sum;
}

/* Var(M) of one side's sample: the influence of a person with value i is
   2[(q_i − A) − M(p_i − B)]/(B + C), with p its own side's shares. Means are taken of the plain
   shares, so that the influences sum to nothing. */
static double first_order(const double *own, double own_count, const double *other,
                          double other_count, size_t value_count, const struct moments *m,
                          double index)
{
  double mean = 0, squares = 0;
  for (size_t i = 0; i < value_count; i++) {
    double p = own[i] / own_count;
    double g = 2 * (other[i] / other_count - index * p) / (m->b + m->c);
    mean += p * g;
    squares += p * g * g;
  }
  return fmax(0, squares - mean * mean) / own_count;
}

/* 2·tr(Σ²)/(B + C)² with Σ = Cov(p̂)/N + Cov(q̂)/n. */
static double second_order(const struct moments *m, double ours, double theirs)
{
  double own = m->pp - 2 * m->ppp + m->pp * m->pp;
  double other = m->qq - 2 * m->qqq + m->qq * m->qq;
  double both = m->pq - m->ppq - m->pqq + m->pq * m->pq;
  double trace = own / (ours * ours) + other / (theirs * theirs) + 2 * both / (ours * theirs);
  return 2 * fmax(0, trace) / ((m->b + m->c) * (m->b + m->c));
}

static struct hs_fit_overlap blank(double ours, double theirs, enum hs_fit_gap gap)
{
  const double none = (double)NAN;
  return (struct hs_fit_overlap){.likeness = HS_FIT_CANNOT_TELL,
                                 .gap = gap,
                                 .ours = ours,
                                 .theirs = theirs,
                                 .overlap = none,
                                 .low = none,
                                 .high = none,
                                 .sd = none,
                                 .needed = none};
}

static double sum_of(const double *values, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum;
}

/* Nearer to the border than this no sample that anybody could ask would decide. */
#define APART_MIN .01

/* The spread falls with the root of the sample, so this many times the smaller one would do. */
static double needed_for(const struct hs_fit_overlap *overlap, double z)
{
  double apart = fabs(overlap->overlap - HS_FIT_ALIKE_FROM);
  double times = z * overlap->sd / apart;
  if (apart < APART_MIN)
    return (double)NAN;
  return ceil(fmin(overlap->ours, overlap->theirs) * times * times);
}

static void judge(struct hs_fit_overlap *overlap)
{
  double df = fmin(overlap->ours, overlap->theirs) - 1;
  double z = hs_t_quantile(.5 + HS_FIT_LEVEL / 2, df);
  overlap->low = fmax(0, overlap->overlap - z * overlap->sd);
  overlap->high = fmin(1, overlap->overlap + z * overlap->sd);
  overlap->needed = (double)NAN;
  overlap->gap = HS_FIT_NO_GAP;
  if (overlap->low >= HS_FIT_ALIKE_FROM) {
    overlap->likeness = HS_FIT_ALIKE;
  } else if (overlap->high < HS_FIT_ALIKE_FROM) {
    overlap->likeness = HS_FIT_DIFFERENT;
  } else {
    overlap->likeness = HS_FIT_CANNOT_TELL;
    overlap->gap = HS_FIT_UNCERTAIN;
    overlap->needed = needed_for(overlap, z);
  }
}

struct hs_fit_overlap hs_fit_compare(const struct hs_fit_counts *counts)
{
  double ours = sum_of(counts->ours, counts->value_count);
  double theirs = sum_of(counts->theirs, counts->value_count);
  if (ours <= 0 || theirs <= 0)
    return blank(ours, theirs, HS_FIT_ONE_SIDE);
  if (ours < HS_FIT_PEOPLE_MIN || theirs < HS_FIT_PEOPLE_MIN)
    return blank(ours, theirs, HS_FIT_TOO_FEW);
  struct moments m = moments_of(counts, ours, theirs);
  if (!(m.b > 0) || !(m.c > 0))
    return blank(ours, theirs, HS_FIT_NO_REPEATS);
  struct hs_fit_overlap overlap = blank(ours, theirs, HS_FIT_NO_GAP);
  double index = 2 * m.a / (m.b + m.c);
  double variance =
      first_order(counts->ours, ours, counts->theirs, theirs, counts->value_count, &m, index) +
      first_order(counts->theirs, theirs, counts->ours, ours, counts->value_count, &m, index) +
      second_order(&m, ours, theirs);
  overlap.overlap = fmin(1, index);
  overlap.sd = sqrt(variance);
  judge(&overlap);
  return overlap;
}

/* ---- several ---- */

struct hs_fit_overlap hs_fit_together(const struct hs_fit_overlap *overlaps, size_t count)
{
  struct hs_fit_overlap all = blank(0, 0, HS_FIT_ONE_SIDE);
  double sum = 0, spread = 0;
  size_t told = 0;
  for (size_t i = 0; i < count; i++) {
    if (isnan(overlaps[i].overlap)) {
      if (overlaps[i].gap > all.gap)
        all.gap = overlaps[i].gap;
      continue;
    }
    all.ours = told == 0 ? overlaps[i].ours : fmin(all.ours, overlaps[i].ours);
    all.theirs = told == 0 ? overlaps[i].theirs : fmin(all.theirs, overlaps[i].theirs);
    sum += overlaps[i].overlap;
    spread += overlaps[i].sd;
    told++;
  }
  if (told == 0)
    return all;
  all.overlap = sum / (double)told;
  all.sd = spread / (double)told;
  judge(&all);
  return all;
}

enum hs_fit_verdict hs_fit_judge(enum hs_fit_likeness intent, enum hs_fit_likeness demographics)
{
  static const enum hs_fit_verdict VERDICTS[3][3] = {
      [HS_FIT_ALIKE] = {[HS_FIT_ALIKE] = HS_FIT_SAME,
                        [HS_FIT_DIFFERENT] = HS_FIT_HIDDEN,
                        [HS_FIT_CANNOT_TELL] = HS_FIT_SAME_INTENT},
      [HS_FIT_DIFFERENT] = {[HS_FIT_ALIKE] = HS_FIT_TRAP,
                            [HS_FIT_DIFFERENT] = HS_FIT_NEITHER,
                            [HS_FIT_CANNOT_TELL] = HS_FIT_DIFFERENT_INTENT},
      [HS_FIT_CANNOT_TELL] = {HS_FIT_UNDECIDED, HS_FIT_UNDECIDED, HS_FIT_UNDECIDED},
  };
  return VERDICTS[intent][demographics];
}
