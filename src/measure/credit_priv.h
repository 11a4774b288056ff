/* Inside of the credit plan: what its evaluation and the jackknife share. */
#ifndef HANSA_MEASURE_CREDIT_PRIV_H
#define HANSA_MEASURE_CREDIT_PRIV_H

#include "measure/chain.h"
#include "measure/credit.h"

#define HS_NO_PART SIZE_MAX

/* All rules together are one sparse matrix: for each converting path its distinct channels, and
   with each the share that every rule gives it. */
struct hs_credit_plan {
  const struct hs_sample *sample;
  size_t model_count;
  const struct hs_model *models;
  size_t *rule_of_model;  /* column of the matrix, or HS_NO_PART */
  size_t *chain_of_model; /* index into chains, or HS_NO_PART */
  size_t rule_count;
  uint32_t *first_entry; /* per path, path_count + 1; null paths have none */
  uint16_t *entry_channel;
  double *entry_share; /* [entry × rule_count + rule] */
  size_t chain_count;
  struct hs_chain chains[HS_MARKOV_ORDER_MAX];
  double *converting; /* per channel: conversions of the paths with it */
};

struct hs_chain_sums {
  double *flow; /* [flow × lane_count + lane], and likewise */
  double *exit_conversions;
  double *exit_value;
};

struct hs_credit_batch {
  struct hs_arena *arena;
  const struct hs_credit_plan *plan;
  size_t lane_count;
  double *totals[2]; /* conversions, value: [lane] */
  double *rules[2];  /* [(channel × rule_count + rule) × lane_count + lane] */
  struct hs_chain_sums chains[HS_MARKOV_ORDER_MAX];
  double *first_block; /* all of the above lie in one block */
  size_t block_count;
};

/* As hs_credit_batch_shares, and the removal effects of Markov models in the same shape when
   effects is not NULL (entries of other models are left alone). */
[[nodiscard]] enum hs_status hs_credit_batch_solve(struct hs_credit_batch *batch,
                                                   double *const shares[2],
                                                   double *const effects[2], struct hs_err *err);
/* Adds every unit with weight 1 to a batch of one lane. */
void hs_credit_batch_add_all(struct hs_credit_batch *batch);
/* The traffic of a batch's lane on one chain, copied into the arena. NULL arrays: no room. */
struct hs_traffic hs_credit_batch_traffic(const struct hs_credit_batch *batch,
                                          struct hs_arena *arena, size_t chain, size_t lane);

#endif
