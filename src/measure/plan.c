/* Compiling models over a sample: everything that does not depend on the weights. */
#include "measure/credit_priv.h"

#include <math.h>

#include "measure/rules.h"

static enum hs_status check_position(const struct hs_model *m, struct hs_err *err)
{
  if (!(m->position_first >= 0 && m->position_last >= 0 &&
        m->position_first + m->position_last <= 1.0 + 1e-12))
    return hs_fail(err, HS_USAGE,
                   "position: the parts of the ends must be 0 or more and at most 1 together, got "
                   "%g and %g",
                   m->position_first, m->position_last);
  return HS_OK;
}

static enum hs_status check_model(const struct hs_model *m, struct hs_err *err)
{
  if ((unsigned)m->kind >= HS_MODEL_KIND_COUNT)
    return hs_fail(err, HS_USAGE, "there is no model number %d", (int)m->kind);
  if (m->kind == HS_MODEL_HAZARD)
    return hs_fail(err, HS_UNSUPPORTED, "hazard needs times and is computed on its own");
  if (m->kind == HS_MODEL_MARKOV && (m->order < 1 || m->order > HS_MARKOV_ORDER_MAX))
    return hs_fail(err, HS_USAGE, "markov: order must be 1 to %u, got %u", HS_MARKOV_ORDER_MAX,
                   m->order);
  if (m->kind == HS_MODEL_MARKOV && (unsigned)m->removal > HS_REMOVAL_RENORMALISE)
    return hs_fail(err, HS_USAGE, "markov: there is no removal number %d", (int)m->removal);
  if (m->kind == HS_MODEL_DECAY && !(isfinite(m->half_life_days) && m->half_life_days > 0))
    return hs_fail(err, HS_USAGE, "decay: the half-life must be more than 0 days, got %g",
                   m->half_life_days);
  return m->kind == HS_MODEL_POSITION ? check_position(m, err) : HS_OK;
}

static void mark_direct(const struct hs_paths *paths, const struct hs_model *m,
                        unsigned char *is_direct)
{
  for (size_t c = 0; c < paths->channel_count; c++) {
    is_direct[c] = 0;
    for (size_t d = 0; d < m->direct_count; d++)
      if (hs_str_equal_ascii_fold(paths->channels[c], m->direct[d]))
        is_direct[c] = 1;
  }
}

static size_t longest_path(const struct hs_paths *paths)
{
  size_t longest = 0;
  for (size_t p = 0; p < paths->path_count; p++) {
    size_t length = paths->first_step[p + 1] - paths->first_step[p];
    longest = length > longest ? length : longest;
  }
  return longest;
}

/* Lists the distinct channels of converting paths. seen[c] is 1 + the path that listed c last. */
static int list_entries(struct hs_arena *arena, struct hs_credit_plan *plan)
{
  const struct hs_paths *paths = &plan->sample->paths;
  size_t step_count = 0;
  for (size_t p = 0; p < paths->path_count; p++)
    if (paths->conversions[p] > 0)
      step_count += paths->first_step[p + 1] - paths->first_step[p];
  plan->first_entry = hs_arena_alloc(arena, paths->path_count + 1, sizeof *plan->first_entry);
  plan->entry_channel = hs_arena_alloc_raw(arena, step_count, sizeof *plan->entry_channel);
  plan->converting = hs_arena_alloc(arena, paths->channel_count, sizeof *plan->converting);
  size_t mark = hs_arena_mark(arena);
  size_t *seen = hs_arena_alloc(arena, paths->channel_count, sizeof *seen);
  if (plan->first_entry == NULL || plan->entry_channel == NULL || plan->converting == NULL ||
      seen == NULL)
    return 0;
  uint32_t count = 0;
  for (size_t p = 0; p < paths->path_count; p++) {
    if (paths->conversions[p] > 0)
      for (size_t i = paths->first_step[p]; i < paths->first_step[p + 1]; i++) {
        uint16_t channel = paths->steps[i];
        if (seen[channel] == p + 1)
          continue;
        seen[channel] = p + 1;
        plan->entry_channel[count++] = channel;
        plan->converting[channel] += paths->conversions[p];
      }
    plan->first_entry[p + 1] = count;
  }
  hs_arena_reset(arena, mark);
  return 1;
}

/* One column of the matrix. at[c] is where the path's entry of channel c stands. */
static void fill_rule(struct hs_credit_plan *plan, const struct hs_model *model, size_t rule,
                      const unsigned char *is_direct, double *shares, uint32_t *at)
{
  const struct hs_paths *paths = &plan->sample->paths;
  for (size_t p = 0; p < paths->path_count; p++) {
    if (plan->first_entry[p] == plan->first_entry[p + 1])
      continue;
    size_t first = paths->first_step[p];
    size_t length = paths->first_step[p + 1] - first;
    hs_rule_split(model, is_direct, paths->steps + first,
                  paths->age_s == NULL ? NULL : paths->age_s + first, length, shares);
    for (uint32_t e = plan->first_entry[p]; e < plan->first_entry[p + 1]; e++)
      at[plan->entry_channel[e]] = e;
    for (size_t i = 0; i < length; i++)
      plan->entry_share[at[paths->steps[first + i]] * plan->rule_count + rule] += shares[i];
  }
}

static int fill_rules(struct hs_arena *arena, struct hs_credit_plan *plan)
{
  const struct hs_paths *paths = &plan->sample->paths;
  size_t entry_count = plan->first_entry[paths->path_count];
  plan->entry_share =
      hs_arena_alloc(arena, entry_count, plan->rule_count * sizeof *plan->entry_share);
  size_t mark = hs_arena_mark(arena);
  unsigned char *is_direct = hs_arena_alloc(arena, paths->channel_count, 1);
  double *shares = hs_arena_alloc_raw(arena, longest_path(paths), sizeof *shares);
  uint32_t *at = hs_arena_alloc_raw(arena, paths->channel_count, sizeof *at);
  if (plan->entry_share == NULL || is_direct == NULL || shares == NULL || at == NULL)
    return 0;
  for (size_t m = 0; m < plan->model_count; m++) {
    if (plan->rule_of_model[m] == HS_NO_PART)
      continue;
    mark_direct(paths, &plan->models[m], is_direct);
    fill_rule(plan, &plan->models[m], plan->rule_of_model[m], is_direct, shares, at);
  }
  hs_arena_reset(arena, mark);
  return 1;
}

/* Models of one order share a chain. */
static enum hs_status assign_parts(struct hs_arena *arena, struct hs_credit_plan *plan,
                                   struct hs_err *err)
{
  size_t chain_of_order[HS_MARKOV_ORDER_MAX + 1];
  for (size_t k = 0; k <= HS_MARKOV_ORDER_MAX; k++)
    chain_of_order[k] = HS_NO_PART;
  for (size_t m = 0; m < plan->model_count; m++) {
    const struct hs_model *model = &plan->models[m];
    plan->rule_of_model[m] = plan->chain_of_model[m] = HS_NO_PART;
    if (hs_rule_is_rule(model->kind)) {
      plan->rule_of_model[m] = plan->rule_count++;
      continue;
    }
    if (chain_of_order[model->order] == HS_NO_PART) {
      enum hs_status status = hs_chain_make(arena, &plan->sample->paths, model->order,
                                            &plan->chains[plan->chain_count], err);
      if (status != HS_OK)
        return status;
      chain_of_order[model->order] = plan->chain_count++;
    }
    plan->chain_of_model[m] = chain_of_order[model->order];
  }
  return HS_OK;
}

enum hs_status hs_credit_plan_make(struct hs_arena *arena, const struct hs_sample *sample,
                                   const struct hs_model *models, size_t model_count,
                                   struct hs_credit_plan **out, struct hs_err *err)
{
  for (size_t m = 0; m < model_count; m++) {
    enum hs_status status = check_model(&models[m], err);
    if (status != HS_OK)
      return status;
  }
  struct hs_credit_plan *plan = hs_arena_alloc(arena, 1, sizeof *plan);
  if (plan == NULL)
    return hs_arena_full(arena, "a plan of credits", err);
  plan->sample = sample;
  plan->models = models;
  plan->model_count = model_count;
  plan->rule_of_model = hs_arena_alloc(arena, model_count, sizeof *plan->rule_of_model);
  plan->chain_of_model = hs_arena_alloc(arena, model_count, sizeof *plan->chain_of_model);
  if (plan->rule_of_model == NULL || plan->chain_of_model == NULL || !list_entries(arena, plan))
    return hs_arena_full(arena, "a plan of credits", err);
  enum hs_status status = assign_parts(arena, plan, err);
  if (status != HS_OK)
    return status;
  if (plan->rule_count > 0 && !fill_rules(arena, plan))
    return hs_arena_full(arena, "a plan of credits", err);
  *out = plan;
  return HS_OK;
}

size_t hs_credit_plan_model_count(const struct hs_credit_plan *plan) { return plan->model_count; }

const struct hs_sample *hs_credit_plan_sample(const struct hs_credit_plan *plan)
{
  return plan->sample;
}
