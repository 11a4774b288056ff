#include "stats/random.h"

#include <math.h>
#include <string.h>

#include "base/status.h"
#include "base/wide.h"
#include "stats/distribution.h"

/* The multipliers and the key's Weyl increments of the paper's table 2. */
#define PHILOX_M0 0xD2511F53U
#define PHILOX_M1 0xCD9E8D57U
#define PHILOX_W0 0x9E3779B9U
#define PHILOX_W1 0xBB67AE85U
#define PHILOX_ROUNDS 10

void hs_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < PHILOX_ROUNDS; round++) {
    uint64_t p0 = (uint64_t)PHILOX_M0 * c0;
    uint64_t p1 = (uint64_t)PHILOX_M1 * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += PHILOX_W0;
    k1 += PHILOX_W1;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

static void block_at(uint64_t seed, uint64_t stream, uint64_t block, uint32_t out[4])
{
  const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream,
                               (uint32_t)(stream >> 32)};
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  hs_philox4x32(counter, key, out);
}

struct hs_random hs_random_open(uint64_t seed, uint64_t stream)
{
  return (struct hs_random){.seed = seed, .stream = stream, .used = 4};
}

uint32_t hs_random_u32(struct hs_random *rng)
{
  if (rng->used == 4) {
    block_at(rng->seed, rng->stream, rng->block++, rng->words);
    rng->used = 0;
  }
  return rng->words[rng->used++];
}

uint64_t hs_random_u64(struct hs_random *rng)
{
  uint64_t low = hs_random_u32(rng);
  return low | (uint64_t)hs_random_u32(rng) << 32;
}

uint32_t hs_random_below(struct hs_random *rng, uint32_t bound)
{
  HS_ASSERT(bound > 0);
  uint32_t biased_below =
      -bound % bound; /* 2^32 mod bound: so many products would come once more */
  for (;;) {
    uint64_t product = (uint64_t)hs_random_u32(rng) * bound;
    if ((uint32_t)product >= biased_below)
      return (uint32_t)(product >> 32);
  }
}

double hs_random_uniform(struct hs_random *rng)
{
  return ((double)(hs_random_u64(rng) >> 12) + 0.5) * 0x1p-52;
}

double hs_random_normal(struct hs_random *rng)
{
  return hs_normal_quantile(hs_random_uniform(rng));
}

double hs_random_exponential(struct hs_random *rng) { return -log(hs_random_uniform(rng)); }

/* Shape 1 or more. Notation of the paper: d = a − 1/3, c = 1/√(9d), v = (1 + cx)³; 0.0331 is its
   squeeze, which spares the logarithms nine times out of ten. */
static double gamma_at_least_one(struct hs_random *rng, double a)
{
  double d = a - 1.0 / 3.0;
  double c = 1.0 / sqrt(9.0 * d);
  for (;;) {
    double x = hs_random_normal(rng);
    double root = 1.0 + c * x;
    if (root <= 0)
      continue;
    double v = root * root * root;
    double u = hs_random_uniform(rng);
    if (u < 1.0 - 0.0331 * (x * x) * (x * x))
      return d * v;
    if (log(u) < 0.5 * x * x + d * (1.0 - v + log(v)))
      return d * v;
  }
}

double hs_random_gamma(struct hs_random *rng, double shape)
{
  HS_ASSERT(shape > 0);
  if (shape >= 1)
    return gamma_at_least_one(rng, shape);
  double larger = gamma_at_least_one(rng, shape + 1);
  return larger * pow(hs_random_uniform(rng), 1.0 / shape);
}

/* Where the rejection methods start: their published constants hold from a mean of 10. */
#define REJECTION_FROM 10.0

static uint64_t poisson_by_products(struct hs_random *rng, double mean)
{
  double limit = exp(-mean);
  uint64_t count = 0;
  for (double product = hs_random_uniform(rng); product > limit; product *= hs_random_uniform(rng))
    count++;
  return count;
}

/* PTRS; the names and the constants are the paper's. */
static uint64_t poisson_by_rejection(struct hs_random *rng, double mu)
{
  double b = 0.931 + 2.53 * sqrt(mu);
  double a = -0.059 + 0.02483 * b;
  double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  double v_r = 0.9277 - 3.6224 / (b - 2.0);
  for (;;) {
    double u = hs_random_uniform(rng) - 0.5;
    double v = hs_random_uniform(rng);
    double us = 0.5 - fabs(u);
    double k = floor((2.0 * a / us + b) * u + mu + 0.43);
    if (us >= 0.07 && v <= v_r)
      return (uint64_t)k;
    if (k < 0 || (us < 0.013 && v > us))
      continue;
    if (log(v * inverse_alpha / (a / (us * us) + b)) <= k * log(mu) - mu - hs_log_gamma(1.0 + k))
      return (uint64_t)k;
  }
}

uint64_t hs_random_poisson(struct hs_random *rng, double mean)
{
  HS_ASSERT(mean >= 0 && mean <= 1e12);
  return mean < REJECTION_FROM ? poisson_by_products(rng, mean) : poisson_by_rejection(rng, mean);
}

/* Walks up the probabilities from 0; n·p is below 10, so a walk is short. Rounding can leave a rest
   above the last probability; it goes to the last value. */
static uint64_t binomial_by_inversion(struct hs_random *rng, double n, double p)
{
  double odds = p / (1.0 - p);
  double probability = exp(n * log1p(-p));
  double u = hs_random_uniform(rng);
  double k = 0;
  while (u > probability && k < n) {
    u -= probability;
    k++;
    probability *= (n - k + 1.0) / k * odds;
  }
  return (uint64_t)k;
}

/* BTRS, for p at most one half; the names and the constants are the paper's. */
static uint64_t binomial_by_rejection(struct hs_random *rng, double n, double p)
{
  double spread = sqrt(n * p * (1.0 - p));
  double b = 1.15 + 2.53 * spread;
  double a = -0.0873 + 0.0248 * b + 0.01 * p;
  double c = n * p + 0.5;
  double v_r = 0.92 - 4.2 / b;
  double alpha = (2.83 + 5.1 / b) * spread;
  double log_odds = log(p / (1.0 - p));
  double m = floor((n + 1.0) * p);
  double h = hs_log_gamma(1.0 + m) + hs_log_gamma(1.0 + n - m);
  for (;;) {
    double u = hs_random_uniform(rng) - 0.5;
    double v = hs_random_uniform(rng);
    double us = 0.5 - fabs(u);
    double k = floor((2.0 * a / us + b) * u + c);
    if (k < 0 || k > n)
      continue;
    if (us >= 0.07 && v <= v_r)
      return (uint64_t)k;
    double bound = h - hs_log_gamma(1.0 + k) - hs_log_gamma(1.0 + n - k) + (k - m) * log_odds;
    if (log(v * alpha / (a / (us * us) + b)) <= bound)
      return (uint64_t)k;
  }
}

uint64_t hs_random_binomial(struct hs_random *rng, uint64_t count, double probability)
{
  HS_ASSERT(probability >= 0 && probability <= 1 && count <= 1000000000000U);
  if (probability > 0.5)
    return count - hs_random_binomial(rng, count, 1.0 - probability);
  double n = (double)count;
  return n * probability < REJECTION_FROM ? binomial_by_inversion(rng, n, probability)
                                          : binomial_by_rejection(rng, n, probability);
}

/* −ln((word + 1/2)·2^−32). The mantissa m is taken from [√½, √2), where with s = (m − 1)/(m + 1)
   ln m = 2s(1 + z/3 + z²/5 + …), z = s² ≤ 0.0295: ten terms leave less than z^10/21 = 3e−17.
   Written without a branch or a call, so that the compiler can do several at once. */
static inline double exponential_of(uint32_t word)
{
  const uint64_t SQRT_HALF = 0x3FE6A09E667F3BCDU; /* the bits of √½ */
  const uint64_t BIAS = (uint64_t)64 << 52; /* keeps the exponent's field from going negative */
  double x = (double)word + 0.5;
  uint64_t bits = 0;
  memcpy(&bits, &x, sizeof bits);
  uint64_t shifted = bits - SQRT_HALF + BIAS;
  uint64_t exponent = shifted >> 52; /* 64 + the power of two */
  bits -= (exponent - 64) << 52;
  double m = 0;
  memcpy(&m, &bits, sizeof m);
  double s = (m - 1.0) / (m + 1.0);
  double z = s * s;
  double series = 1.0 / 19;
  series = series * z + 1.0 / 17;
  series = series * z + 1.0 / 15;
  series = series * z + 1.0 / 13;
  series = series * z + 1.0 / 11;
  series = series * z + 1.0 / 9;
  series = series * z + 1.0 / 7;
  series = series * z + 1.0 / 5;
  series = series * z + 1.0 / 3;
  series = series * z + 1.0;
  double halvings = (double)(int32_t)(96 - (int32_t)exponent); /* 32 − the power: exact at 0 */
  return halvings * 0x1.62e42fefa39efp-1 - 2.0 * s * series;
}

#define BATCH_WORDS 64

/* count words (a multiple of 4, at most BATCH_WORDS) from a block on. */
static void fill_words(uint64_t seed, uint64_t stream, uint64_t block, size_t count,
                       uint32_t words[BATCH_WORDS])
{
  for (size_t i = 0; i < count / 4; i++)
    block_at(seed, stream, block + i, words + 4 * i);
}

HS_WIDE static void fill_exponentials(uint64_t seed, uint64_t stream, uint64_t first, size_t count,
                                      double *out)
{
  HS_ASSERT(first % 4 == 0);
  /* Zeros, because the analyzer cannot see that the last fill is large enough. */
  uint32_t words[BATCH_WORDS] = {0};
  size_t done = 0;
  for (; done + BATCH_WORDS <= count; done += BATCH_WORDS) {
    fill_words(seed, stream, (first + done) / 4, BATCH_WORDS, words);
    for (size_t i = 0; i < BATCH_WORDS; i++)
      out[done + i] = exponential_of(words[i]);
  }
  if (done == count)
    return;
  fill_words(seed, stream, (first + done) / 4, (count - done + 3) / 4 * 4, words);
  for (size_t i = 0; done + i < count; i++)
    out[done + i] = exponential_of(words[i]);
}

void hs_random_exponentials(uint64_t seed, uint64_t stream, uint64_t first, size_t count,
                            double *out)
{
  fill_exponentials(seed, stream, first, count, out);
}
