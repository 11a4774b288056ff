#include "market/market_priv.h"

#include <math.h>

#include "stats/distribution.h"
#include "stats/random.h"

struct chance hs_market_chance(uint64_t seed, enum purpose purpose, uint32_t subject, uint32_t a,
                               uint32_t b)
{
  HS_ASSERT(a < 1U << 24);
  const uint32_t counter[4] = {subject, (uint32_t)purpose << 24 | a, b, 0};
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  uint32_t words[4];
  hs_philox4x32(counter, key, words);
  struct chance chance = {{0}};
  for (size_t i = 0; i < 4; i++)
    chance.u[i] = ((double)words[i] + 0.5) * 0x1p-32;
  return chance;
}

uint32_t hs_market_poisson(double u, double mean, uint32_t max)
{
  double term = exp(-mean);
  double below = term;
  uint32_t count = 0;
  while (u > below && count < max) {
    count++;
    term *= mean / count;
    below += term;
  }
  return count;
}

double hs_market_lognormal(double u, double mean, double sd)
{
  return exp(mean + sd * hs_normal_quantile(u));
}

/* One-to-one on 40 bits: multiplications by odd numbers and shifts that can be undone. The
   constants are the first bits of the golden ratio and of its square. */
static uint64_t mix40(uint64_t x)
{
  const uint64_t mask = (UINT64_C(1) << 40) - 1;
  x = x * UINT64_C(0x9E3779B97F) & mask;
  x ^= x >> 19;
  x = x * UINT64_C(0xD1B54A32D1) & mask;
  x ^= x >> 21;
  return x;
}

uint64_t hs_market_code(uint32_t subject, enum slot slot, uint32_t ordinal)
{
  HS_ASSERT(subject < 1U << 22 && ordinal < 1U << 15);
  return (uint64_t)subject << 18 | (uint64_t)slot << 15 | ordinal;
}

void hs_market_name(char prefix, uint64_t code, char out[NAME_TEXT])
{
  static const char DIGITS[] = "0123456789abcdef";
  uint64_t mixed = mix40(code ^ (uint64_t)prefix << 32);
  out[0] = prefix;
  for (size_t i = 0; i < 10; i++)
    out[1 + i] = DIGITS[mixed >> (36 - 4 * i) & 15];
  out[11] = 0;
}
