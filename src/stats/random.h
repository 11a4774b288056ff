/* Random numbers as a pure function of (seed, stream, position), so that a result depends neither
   on the number of threads nor on the order in which they run: each unit of work opens its own
   stream.

   The source is Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
   as 1, 2, 3" (SC 2011), with the seed as key and (position, stream) as counter: 2^64 streams of
   2^66 words each. Its bits are fixed for ever by the authors' known answers, which the tests hold.
   The variates on top are deterministic as well, up to the last bits of the C library's log and
   sqrt. Nothing here is fit for secrets. */
#ifndef HANSA_STATS_RANDOM_H
#define HANSA_STATS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* One block: four words of output for a counter under a key. */
void hs_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* A reader of one stream. Belongs to one thread; may be copied, the copy goes on by itself. */
struct hs_random {
  uint64_t seed;
  uint64_t stream;
  uint64_t block;    /* the next one to be made */
  uint32_t words[4]; /* the present one */
  uint32_t used;     /* how many words of it are used up, 4 at the start */
};

struct hs_random hs_random_open(uint64_t seed, uint64_t stream);

uint32_t hs_random_u32(struct hs_random *rng);
uint64_t hs_random_u64(struct hs_random *rng);
/* 0 to bound − 1, each equally likely (Lemire 2019, by rejection); bound 1 or more. */
uint32_t hs_random_below(struct hs_random *rng, uint32_t bound);
/* Inside (0, 1), never an end: (k + 1/2)·2^−52 for k of 52 bits. */
double hs_random_uniform(struct hs_random *rng);

/* Normal(0, 1) by inversion (hs_normal_quantile): one uniform each, no rejection. */
double hs_random_normal(struct hs_random *rng);
/* Exponential with mean 1 by inversion. */
double hs_random_exponential(struct hs_random *rng);
/* Gamma with that shape (above 0) and scale 1: Marsaglia and Tsang, "A simple method for generating
   gamma variables" (ACM TOMS 26, 2000); below shape 1 by their boost, Gamma(shape + 1)·U^(1/shape).
   A shape below about 0.003 can give an underflow to 0. */
double hs_random_gamma(struct hs_random *rng, double shape);
/* Poisson with that mean (0 to 1e12): products of uniforms below 10, the transformed rejection PTRS
   of Hörmann (Insurance: Mathematics and Economics 12, 1993) from there. */
uint64_t hs_random_poisson(struct hs_random *rng, double mean);
/* Successes among count trials (up to 1e12) of that probability (0 to 1): inversion below 10
   expected, the transformed rejection BTRS of Hörmann (J. Statistical Computation and Simulation
   46, 1993) from there. */
uint64_t hs_random_binomial(struct hs_random *rng, uint64_t count, double probability);

/* out[i] is Exponential(1) and comes from word first + i of the stream: a row of weights can be
   filled in any order and in any pieces and is the same to the bit. first is a multiple of 4. Made
   for hundreds of millions: the uniform behind it has 32 bits, (k + 1/2)·2^−32, so a value lies
   within 2^−33 in probability of the exact distribution and between 1.2e−10 and 22.9; its logarithm
   is good to 1e−15 relative. */
void hs_random_exponentials(uint64_t seed, uint64_t stream, uint64_t first, size_t count,
                            double *out);

#endif
