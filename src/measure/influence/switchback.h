/* A switch-back: the partner is on and off in turn, in blocks of days, and a coin decides for each
   pair of neighbouring blocks which of the two comes first. Trends and seasons longer than a pair
   meet both sides alike. What carries over from a block into the next is kept out by leaving the
   first rows of every block aside; how many is chosen before the start, and must be as long as the
   partner's effect lasts (Bojinov, Simchi-Levi and Zhao, Management Science 69, 2023, for designs
   without pairs). Grade A while that holds: an effect that lasts longer is underestimated. */
#ifndef HANSA_MEASURE_INFLUENCE_SWITCHBACK_H
#define HANSA_MEASURE_INFLUENCE_SWITCHBACK_H

#include "base/status.h"
#include "measure/influence/pairs.h"

struct hs_switchback {
  size_t start;      /* the first row of the design */
  size_t block_rows; /* of a block, above carry_rows */
  size_t carry_rows; /* left aside at the beginning of every block */
  size_t pair_count; /* pairs of blocks, 1 or more */
  uint32_t season;   /* rows in a season whose means before the start are taken out; 0 or 1: none */
  uint64_t seed;     /* of the coins */
};

/* Rows that the design takes from its start on. */
[[nodiscard]] size_t hs_switchback_rows(const struct hs_switchback *plan);
/* Whether the partner is on in a row of the design. */
[[nodiscard]] int hs_switchback_is_on(const struct hs_switchback *plan, size_t row);

struct hs_switchback_result {
  struct hs_pairs_test test; /* effect: outcome of a row with the partner less one without */
  double without;            /* mean outcome of the rows without it, for a relative effect */
};

/* outcome has count rows, at least to the end of the design; NaN is missing. room has
   hs_switchback_room numbers. HS_INSUFFICIENT when rows are missing at the end or a block has no
   figure: the message says which. The season's means are those of rows [0, start) and need two
   seasons of them; with fewer they stay in. Under no effect they do not depend on the coins, so the
   test stays exact. */
[[nodiscard]] size_t hs_switchback_room(const struct hs_switchback *plan);
[[nodiscard]] enum hs_status hs_switchback_analyse(const struct hs_switchback *plan,
                                                   const double *outcome, size_t count,
                                                   double level, double *room,
                                                   struct hs_switchback_result *out,
                                                   struct hs_err *err);

/* The design run on history where nothing was switched: each trial lays it at a place chosen by
   chance with coins of its own (those of seed + 1 + trial). room has hs_switchback_room plus
   2 · trial_count numbers. HS_INSUFFICIENT when the history is shorter than the design, or a pair
   could not be filled anywhere. without is the mean of the history. */
struct hs_switchback_power {
  struct hs_pairs_power power;
  double without;
};
[[nodiscard]] enum hs_status hs_switchback_power(const struct hs_switchback *plan,
                                                 const double *history, size_t count,
                                                 size_t trial_count, double level, double power,
                                                 double *room, struct hs_switchback_power *out,
                                                 struct hs_err *err);

#endif
