#include "stats/covariance.h"

#include <string.h>

enum { AR, AR_BEFORE, LEVEL, SLOPE };

size_t hs_whitener_room(size_t column_count) { return HS_WHITENER_STATES * column_count; }

/* Which states a covariance needs: the fewer, the faster. */
static void find_states(struct hs_whitener *whitener, const struct hs_covariance *covariance)
{
  int has_ar = covariance->ar > 0;
  int has_level = covariance->walk > 0 || covariance->slope > 0;
  whitener->first = has_ar ? AR : LEVEL;
  whitener->last = has_ar ? AR : LEVEL;
  if (has_ar)
    whitener->last = covariance->phi2 != 0 || has_level ? LEVEL : AR_BEFORE;
  if (has_level)
    whitener->last = covariance->slope > 0 ? SLOPE + 1 : SLOPE;
  whitener->seen[AR] = has_ar;
  whitener->seen[LEVEL] = has_level;
}

void hs_whitener_open(struct hs_whitener *whitener, const struct hs_covariance *covariance,
                      size_t column_count, double *room)
{
  *whitener = (struct hs_whitener){.noise = covariance->noise,
                                   .column_count = column_count,
                                   .active_count = column_count,
                                   .expected = room};
  memset(room, 0, hs_whitener_room(column_count) * sizeof *room);
  find_states(whitener, covariance);
  double phi1 = covariance->phi1;
  double phi2 = covariance->phi2;
  double correlation = phi1 / (1 - phi2); /* of neighbours, by Yule and Walker */
  whitener->moves[AR][AR] = phi1;
  whitener->moves[AR][AR_BEFORE] = 1;
  whitener->moves[AR_BEFORE][AR] = phi2;
  whitener->moves[LEVEL][LEVEL] = 1;
  whitener->moves[LEVEL][SLOPE] = 1;
  whitener->moves[SLOPE][SLOPE] = 1;
  whitener->shock[AR] =
      covariance->ar * (1 - phi1 * correlation - phi2 * (phi1 * correlation + phi2));
  whitener->shock[LEVEL] = covariance->walk;
  whitener->shock[SLOPE] = covariance->slope;
  whitener->variance[AR][AR] = covariance->ar;
  whitener->variance[AR][AR_BEFORE] = phi2 * correlation * covariance->ar;
  whitener->variance[AR_BEFORE][AR] = whitener->variance[AR][AR_BEFORE];
  whitener->variance[AR_BEFORE][AR_BEFORE] = phi2 * phi2 * covariance->ar;
}

/* P ← T P Tᵀ + shocks, on the states in use. */
static void move_variance(struct hs_whitener *whitener)
{
  double moved[HS_WHITENER_STATES][HS_WHITENER_STATES];
  size_t first = whitener->first;
  size_t last = whitener->last;
  for (size_t i = first; i < last; i++)
    for (size_t j = first; j < last; j++) {
      moved[i][j] = 0;
      for (size_t k = first; k < last; k++)
        moved[i][j] += whitener->moves[i][k] * whitener->variance[k][j];
    }
  for (size_t i = first; i < last; i++)
    for (size_t j = first; j < last; j++) {
      double sum = i == j ? whitener->shock[i] : 0;
      for (size_t k = first; k < last; k++)
        sum += moved[i][k] * whitener->moves[j][k];
      whitener->variance[i][j] = sum;
    }
}

/* a ← T a for every column. T is written out: it is sparse, and this is the inner loop. */
static void move_expected(struct hs_whitener *whitener)
{
  size_t n = whitener->column_count;
  size_t active = whitener->active_count;
  double *a = whitener->expected;
  double phi1 = whitener->moves[AR][AR];
  double phi2 = whitener->moves[AR_BEFORE][AR];
  if (whitener->first == AR && whitener->last == AR_BEFORE)
    for (size_t c = 0; c < active; c++)
      a[c] *= phi1;
  else if (whitener->first == AR)
    for (size_t c = 0; c < active; c++) {
      double now = a[c];
      a[c] = phi1 * now + a[AR_BEFORE * n + c];
      a[AR_BEFORE * n + c] = phi2 * now;
    }
  if (whitener->last == SLOPE + 1)
    for (size_t c = 0; c < active; c++)
      a[LEVEL * n + c] += a[SLOPE * n + c];
}

void hs_whitener_skip(struct hs_whitener *whitener)
{
  move_expected(whitener);
  move_variance(whitener);
}

static void take_expected(const struct hs_whitener *whitener, double *row)
{
  size_t n = whitener->column_count;
  size_t active = whitener->active_count;
  for (size_t i = whitener->first; i < whitener->last; i++) {
    if (whitener->seen[i] == 0)
      continue;
    const double *expected = whitener->expected + i * n;
    for (size_t c = 0; c < active; c++)
      row[c] -= expected[c];
  }
}

double hs_whitener_next(struct hs_whitener *whitener, double *row)
{
  size_t n = whitener->column_count;
  size_t active = whitener->active_count;
  double shared[HS_WHITENER_STATES] = {0}; /* P Z */
  double variance = whitener->noise;
  for (size_t i = whitener->first; i < whitener->last; i++) {
    for (size_t j = whitener->first; j < whitener->last; j++)
      shared[i] += whitener->variance[i][j] * whitener->seen[j];
    variance += whitener->seen[i] * shared[i];
  }
  take_expected(whitener, row);
  for (size_t i = whitener->first; i < whitener->last; i++) {
    double gain = shared[i] / variance;
    double *expected = whitener->expected + i * n;
    for (size_t c = 0; c < active; c++)
      expected[c] += gain * row[c];
    for (size_t j = whitener->first; j < whitener->last; j++)
      whitener->variance[i][j] -= gain * shared[j];
  }
  hs_whitener_skip(whitener);
  return variance;
}

/* Backwards: reach is how much one unit in each state now adds to the rest of the weighted sum. */
double hs_whitener_outlook(const struct hs_whitener *whitener, const double *weight, size_t count,
                           double *expected)
{
  size_t first = whitener->first;
  size_t last = whitener->last;
  double reach[HS_WHITENER_STATES] = {0};
  double variance = 0;
  for (size_t h = count; h > 0; h--) {
    double before[HS_WHITENER_STATES] = {0};
    variance += weight[h - 1] * weight[h - 1] * whitener->noise;
    for (size_t i = first; i < last; i++) {
      before[i] = weight[h - 1] * whitener->seen[i];
      for (size_t j = first; j < last; j++)
        before[i] += reach[j] * whitener->moves[j][i];
    }
    memcpy(reach, before, sizeof reach);
    for (size_t i = first; i < last && h > 1; i++)
      variance += reach[i] * reach[i] * whitener->shock[i];
  }
  memset(expected, 0, whitener->column_count * sizeof *expected);
  for (size_t i = first; i < last; i++) {
    const double *column = whitener->expected + i * whitener->column_count;
    for (size_t j = first; j < last; j++)
      variance += reach[i] * reach[j] * whitener->variance[i][j];
    for (size_t c = 0; c < whitener->column_count; c++)
      expected[c] += reach[i] * column[c];
  }
  return variance;
}
