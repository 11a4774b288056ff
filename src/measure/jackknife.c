#include "measure/jackknife.h"

#include <math.h>

#include "measure/jackknife_priv.h"
#include "stats/distribution.h"

/* A rule's share is A/T, both sums over units, so ψ = (a − share·t)/T. Most units lack most
   channels: a is 0 there, and only sums of powers are kept, with 1/k for squares and 1/k³ for
   fourth powers where a unit stands for k journeys. */
struct moments {
  double a2, at;
  double a4, a3t, a2t2, at3;
};

struct rule_work {
  struct moments *moments; /* [(rule × channels + channel) × 2 + side] */
  double *amount;          /* of the unit at hand, [(channel × rule_count + rule) × 2 + side] */
  unsigned char *is_touched;
  uint16_t *touched;
  size_t touched_count;
  double total[2]; /* t */
  double t2[2], t4[2];
};

static int reserve_rules(struct hs_arena *arena, const struct hs_credit_plan *plan,
                         struct rule_work *w)
{
  size_t channels = plan->sample->paths.channel_count;
  size_t count = channels * plan->rule_count * 2;
  *w = (struct rule_work){.moments = hs_arena_alloc(arena, count, sizeof *w->moments),
                          .amount = hs_arena_alloc(arena, count, sizeof *w->amount),
                          .is_touched = hs_arena_alloc(arena, channels, 1),
                          .touched = hs_arena_alloc(arena, channels, sizeof *w->touched)};
  return w->moments != NULL && w->amount != NULL && w->is_touched != NULL && w->touched != NULL;
}

static void gather_path(const struct hs_credit_plan *plan, size_t path, struct rule_work *w)
{
  const double counts[2] = {plan->sample->paths.conversions[path], plan->sample->paths.value[path]};
  size_t rules = plan->rule_count;
  for (size_t k = 0; k < 2; k++)
    w->total[k] += counts[k];
  for (size_t e = plan->first_entry[path]; e < plan->first_entry[path + 1]; e++) {
    uint16_t channel = plan->entry_channel[e];
    if (!w->is_touched[channel]) {
      w->is_touched[channel] = 1;
      w->touched[w->touched_count++] = channel;
    }
    for (size_t r = 0; r < rules; r++)
      for (size_t k = 0; k < 2; k++)
        w->amount[(channel * rules + r) * 2 + k] += plan->entry_share[e * rules + r] * counts[k];
  }
}

static void add_moments(struct moments *m, double a, double t, double shape)
{
  double square = 1.0 / shape;
  double fourth = square * square * square;
  m->a2 += a * a * square;
  m->at += a * t * square;
  m->a4 += a * a * a * a * fourth;
  m->a3t += a * a * a * t * fourth;
  m->a2t2 += a * a * t * t * fourth;
  m->at3 += a * t * t * t * fourth;
}

/* Adds the unit at hand to the moments and forgets it. */
static void close_unit(const struct hs_credit_plan *plan, double shape, struct rule_work *w)
{
  size_t channels = plan->sample->paths.channel_count;
  size_t rules = plan->rule_count;
  for (size_t i = 0; i < w->touched_count; i++) {
    size_t channel = w->touched[i];
    w->is_touched[channel] = 0;
    for (size_t r = 0; r < rules; r++)
      for (size_t k = 0; k < 2; k++) {
        double *amount = &w->amount[(channel * rules + r) * 2 + k];
        add_moments(&w->moments[(r * channels + channel) * 2 + k], *amount, w->total[k], shape);
        *amount = 0;
      }
  }
  for (size_t k = 0; k < 2; k++) {
    double square = w->total[k] * w->total[k] / shape;
    w->t2[k] += square;
    w->t4[k] += square * square / shape;
    w->total[k] = 0;
  }
  w->touched_count = 0;
}

static struct hs_influence influence_of(const struct moments *m, double t2, double t4, double share,
                                        double total)
{
  double s = share;
  if (!(total > 0))
    return (struct hs_influence){0};
  double square = m->a2 - 2 * s * m->at + s * s * t2;
  double fourth =
      m->a4 - 4 * s * m->a3t + 6 * s * s * m->a2t2 - 4 * s * s * s * m->at3 + s * s * s * s * t4;
  double scale = total * total;
  return (struct hs_influence){fmax(square, 0) / scale, fmax(fourth, 0) / (scale * scale)};
}

static enum hs_status jackknife_rules(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                      const struct hs_model_credits *results,
                                      struct hs_influence *influences, struct hs_err *err)
{
  const struct hs_sample *sample = plan->sample;
  size_t channels = sample->paths.channel_count;
  struct rule_work w;
  if (!reserve_rules(arena, plan, &w))
    return hs_arena_full(arena, "intervals", err);
  for (size_t u = 0; u < sample->unit_count; u++) {
    for (size_t p = sample->unit_first_path[u]; p < sample->unit_first_path[u + 1]; p++)
      if (sample->paths.conversions[p] > 0)
        gather_path(plan, p, &w);
    if (w.total[0] > 0)
      close_unit(plan, sample->unit_shape[u], &w);
  }
  const double totals[2] = {sample->conversions, sample->value};
  for (size_t m = 0; m < plan->model_count; m++)
    for (size_t c = 0; c < channels && plan->rule_of_model[m] != HS_NO_PART; c++)
      for (size_t k = 0; k < 2; k++) {
        const struct hs_credit *credit = &results[m].channels[c];
        influences[(m * channels + c) * 2 + k] = influence_of(
            &w.moments[(plan->rule_of_model[m] * channels + c) * 2 + k], w.t2[k], w.t4[k],
            k == 0 ? credit->share_conversions : credit->share_value, totals[k]);
      }
  return HS_OK;
}

static enum hs_status jackknife_chains(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                       const struct hs_model_credits *results,
                                       struct hs_influence *influences, struct hs_err *err)
{
  struct hs_credit_batch *batch = NULL;
  enum hs_status status = hs_credit_batch_open(arena, plan, 1, &batch, err);
  if (status != HS_OK)
    return status;
  hs_credit_batch_add_all(batch);
  for (size_t m = 0; m < plan->model_count && status == HS_OK; m++) {
    if (plan->chain_of_model[m] == HS_NO_PART)
      continue;
    size_t mark = hs_arena_mark(arena);
    struct hs_traffic traffic = hs_credit_batch_traffic(batch, arena, plan->chain_of_model[m], 0);
    if (traffic.flow == NULL || traffic.exit_conversions == NULL || traffic.exit_value == NULL)
      return hs_arena_full(arena, "intervals", err);
    status = hs_jackknife_markov(arena, plan, m, &traffic, &results[m],
                                 influences + m * plan->sample->paths.channel_count * 2, err);
    hs_arena_reset(arena, mark);
  }
  return status;
}

enum hs_status hs_jackknife(struct hs_arena *arena, const struct hs_credit_plan *plan,
                            const struct hs_model_credits *results, struct hs_influence *influences,
                            struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = HS_OK;
  if (plan->rule_count > 0)
    status = jackknife_rules(arena, plan, results, influences, err);
  hs_arena_reset(arena, mark);
  if (status == HS_OK && plan->chain_count > 0)
    status = jackknife_chains(arena, plan, results, influences, err);
  hs_arena_reset(arena, mark);
  return status;
}

void hs_share_interval(double share, struct hs_influence influence, double level, double count,
                       double *low, double *high)
{
  HS_ASSERT(level > 0 && level < 1);
  double tail = (1.0 - level) / 2;
  *low = *high = share;
  if (!(influence.square > 0)) {
    /* Nothing seen in so many orders; and a share of 1 is its mirror image. */
    if (share == 0 && count > 0)
      *high = 1.0 - pow(tail, 1.0 / count);
    if (share == 1.0 && count > 0)
      *low = pow(tail, 1.0 / count);
    return;
  }
  double error = sqrt(influence.square);
  double effective = influence.square * influence.square / influence.fourth;
  double t = hs_t_quantile(1.0 - tail, fmax(2.0 * effective, 1.0));
  if (!(share > 0 && share < 1)) {
    *low = share - t * error;
    *high = share + t * error;
    return;
  }
  double odds = share / (1.0 - share);
  double factor = exp(t * error / (share * (1.0 - share)));
  *low = odds / factor / (1.0 + odds / factor);
  /* An infinite factor is an interval that reaches 1. */
  *high = isfinite(odds * factor) ? odds * factor / (1.0 + odds * factor) : 1.0;
}

enum hs_status hs_jackknife_intervals(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                      double level, struct hs_model_credits *results,
                                      struct hs_err *err)
{
  const struct hs_sample *sample = plan->sample;
  size_t channels = sample->paths.channel_count;
  size_t mark = hs_arena_mark(arena);
  struct hs_influence *influences =
      hs_arena_alloc(arena, plan->model_count * channels, 2 * sizeof *influences);
  if (influences == NULL)
    return hs_arena_full(arena, "intervals", err);
  enum hs_status status = hs_jackknife(arena, plan, results, influences, err);
  for (size_t m = 0; m < plan->model_count && status == HS_OK; m++)
    for (size_t c = 0; c < channels; c++) {
      struct hs_credit *credit = &results[m].channels[c];
      const struct hs_influence *i = &influences[(m * channels + c) * 2];
      double low = 0;
      double high = 0;
      hs_share_interval(credit->share_conversions, i[0], level, sample->conversions, &low, &high);
      credit->conversions_low = low * sample->conversions;
      credit->conversions_high = high * sample->conversions;
      hs_share_interval(credit->share_value, i[1], level, sample->conversions, &low, &high);
      credit->value_low = low * sample->value;
      credit->value_high = high * sample->value;
    }
  hs_arena_reset(arena, mark);
  return status;
}
