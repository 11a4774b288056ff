/* The models that credit single orders: each splits one converting path over its steps. Set Shapley
   is among them, because it has a closed form: with the game v(S) = conversions of paths whose
   channels all lie in S, the dividend of a set goes to its members in equal parts, so every order
   is split equally over the distinct channels of its path, however many channels there are (Zhao,
   Mahboobi and Bagheri 2018, "Shapley value methods for attribution modeling in online
   advertising"). */
#ifndef HANSA_MEASURE_RULES_H
#define HANSA_MEASURE_RULES_H

#include "measure/credit.h"

/* Whether the model splits single orders; every other has figures per period only. */
[[nodiscard]] int hs_rule_is_rule(enum hs_model_kind kind);
/* Shares of a path's steps, 0 or more, summing to 1. length is 1 or more; is_direct is per channel;
   age_s may be NULL.
   - last non-direct: the last step on a channel that is not direct; the last step when all are.
   - linear: equal parts, a repeated channel has one for each step.
   - position: the ends get theirs, the steps between share the rest equally; with two steps the
   ends share all in proportion (equally when both weights are 0); one step has all.
   - decay: 2^(−age / half-life); without ages by half for each step before the last.
   - shapley: equal parts to the first step of each distinct channel. */
void hs_rule_split(const struct hs_model *model, const unsigned char *is_direct,
                   const uint16_t *steps, const uint32_t *age_s, size_t length, double *shares);

/* Ordered Shapley: the set's credit divided by the place (0 is first) at which a channel first
   stood among the distinct channels of its path. Fills conversions and value, [channel ×
   place_count + place], both zeroed by the caller; the last place takes all later ones. Rows sum to
   the set's credit. */
void hs_shapley_by_place(const struct hs_sample *sample, size_t place_count, double *conversions,
                         double *value);

/* A screen for single orders: each order is shared over its distinct channels in proportion to
   removal_effects (negative ones count as 0; equally when all are 0). It answers "which channels of
   this order matter to the chain", its totals are its own and differ from Markov's credits: label
   it so. Fills conversions and value per channel, zeroed by the caller. */
void hs_screen_by_effect(const struct hs_sample *sample, const double *removal_effects,
                         double *conversions, double *value);

#endif
