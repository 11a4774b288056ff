#include "calibration/trial.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "measure/bootstrap.h"
#include "measure/hazard.h"
#include "measure/jackknife.h"
#include "stats/random.h"

#define HAZARD_INDEX (TRIAL_MODEL_COUNT - 1)
#define PLAN_MODEL_COUNT HAZARD_INDEX   /* the models that go into a credit plan */
#define TRUTH_WORLD ((uint64_t)1 << 40) /* the number of the world that is the truth */
#define WORKER_BYTES (16 * HS_GIB)

static const struct {
  enum hs_model_kind kind;
  uint32_t order;
  const char *name;
} MODELS[TRIAL_MODEL_COUNT] = {
    {HS_MODEL_FIRST, 0, "first"},
    {HS_MODEL_LAST, 0, "last"},
    {HS_MODEL_LAST_NON_DIRECT, 0, "last non-direct"},
    {HS_MODEL_LINEAR, 0, "linear"},
    {HS_MODEL_POSITION, 0, "position"},
    {HS_MODEL_DECAY, 0, "decay"},
    {HS_MODEL_SHAPLEY, 0, "Shapley"},
    {HS_MODEL_MARKOV, 1, "Markov 1"},
    {HS_MODEL_MARKOV, 2, "Markov 2"},
    {HS_MODEL_MARKOV, 3, "Markov 3"},
    {HS_MODEL_HAZARD, 0, "hazard"},
};

static const struct hs_str DIRECT = {"direct", 6};

/* What one world says: a share with its intervals, for each quantity, method, model and channel. */
struct answer {
  double share;
  double low[TRIAL_METHOD_COUNT]; /* NaN where there is no interval */
  double high[TRIAL_METHOD_COUNT];
};

struct record {
  struct answer answers[TRIAL_QUANTITY_COUNT][TRIAL_MODEL_COUNT][WORLD_CHANNELS_MAX];
  double converting[WORLD_CHANNELS_MAX];
  int hazard_without_interval;
};

struct trial {
  const struct world_type *type;
  const struct trial_options *options;
  struct record *records;
  struct hs_arena arenas[HS_WORKER_COUNT_MAX];
};

struct hs_model trial_model(size_t index)
{
  struct hs_model model = hs_model_default(MODELS[index].kind);
  if (MODELS[index].order > 0)
    model.order = MODELS[index].order;
  model.direct = &DIRECT;
  model.direct_count = 1;
  return model;
}

const char *trial_model_name(size_t index) { return MODELS[index].name; }

const char *trial_method_name(enum trial_method method)
{
  return method == TRIAL_BOOTSTRAP ? "bootstrap" : "analytic";
}

static void keep_shares(const struct hs_model_credits *credits, size_t model, struct record *record)
{
  for (size_t k = 0; k < credits->channel_count; k++) {
    const struct hs_credit *credit = &credits->channels[k];
    record->answers[TRIAL_CONVERSIONS][model][k].share = credit->share_conversions;
    record->answers[TRIAL_VALUE][model][k].share = credit->share_value;
    record->converting[k] = credit->converting_journeys;
  }
}

static void keep_intervals(const struct hs_sample *sample, const struct hs_model_credits *credits,
                           size_t model, enum trial_method method, struct record *record)
{
  for (size_t k = 0; k < credits->channel_count; k++) {
    const struct hs_credit *credit = &credits->channels[k];
    struct answer *conversions = &record->answers[TRIAL_CONVERSIONS][model][k];
    struct answer *value = &record->answers[TRIAL_VALUE][model][k];
    conversions->low[method] = credit->conversions_low / sample->conversions;
    conversions->high[method] = credit->conversions_high / sample->conversions;
    value->low[method] = credit->value_low / sample->value;
    value->high[method] = credit->value_high / sample->value;
  }
}

/* Each world's bootstrap has a seed of its own, or all worlds would share the luck of one. */
static uint64_t bootstrap_seed(const struct trial_options *options, uint64_t world)
{
  struct hs_random rng = hs_random_open(options->seed, ~world);
  return hs_random_u64(&rng);
}

static enum hs_status ask_plan(struct hs_arena *arena, const struct trial_options *options,
                               const struct hs_sample *sample, uint64_t world,
                               struct record *record, struct hs_err *err)
{
  struct hs_model models[PLAN_MODEL_COUNT];
  for (size_t m = 0; m < PLAN_MODEL_COUNT; m++)
    models[m] = trial_model(m);
  struct hs_credit_plan *plan = NULL;
  struct hs_model_credits *credits = NULL;
  enum hs_status status = hs_credit_plan_make(arena, sample, models, PLAN_MODEL_COUNT, &plan, err);
  if (status == HS_OK)
    status = hs_credit_estimate(arena, plan, &credits, err);
  for (size_t m = 0; status == HS_OK && m < PLAN_MODEL_COUNT; m++)
    keep_shares(&credits[m], m, record);
  if (status != HS_OK || world == TRUTH_WORLD)
    return status;
  status = hs_jackknife_intervals(arena, plan, options->level, credits, err);
  for (size_t m = 0; status == HS_OK && m < PLAN_MODEL_COUNT; m++)
    keep_intervals(sample, &credits[m], m, TRIAL_ANALYTIC, record);
  if (status != HS_OK || options->draws == 0)
    return status;
  const struct hs_bootstrap_options bootstrap = {.seed = bootstrap_seed(options, world),
                                                 .draws = options->draws,
                                                 .level = options->level,
                                                 .worker_count = 1};
  status = hs_bootstrap_intervals(arena, plan, &bootstrap, credits, err);
  for (size_t m = 0; status == HS_OK && m < PLAN_MODEL_COUNT; m++)
    keep_intervals(sample, &credits[m], m, TRIAL_BOOTSTRAP, record);
  return status;
}

static enum hs_status ask_hazard(struct hs_arena *arena, const struct trial_options *options,
                                 const struct hs_sample *sample, int with_intervals,
                                 size_t worker_count, struct record *record, struct hs_err *err)
{
  struct hs_hazard_options hazard = hs_hazard_default();
  hazard.worker_count = worker_count;
  hazard.level = with_intervals ? options->level : 0;
  struct hs_hazard fit;
  struct hs_model_credits credits;
  enum hs_status status = hs_hazard_fit(arena, sample, &hazard, &fit, err);
  if (status != HS_OK)
    return status;
  status = hs_hazard_credits(arena, sample, &fit, &hazard, &credits, err);
  if (status == HS_NO_CONVERGENCE) {
    record->hazard_without_interval = 1;
    hazard.level = 0;
    status = hs_hazard_credits(arena, sample, &fit, &hazard, &credits, err);
  }
  if (status != HS_OK)
    return status;
  keep_shares(&credits, HAZARD_INDEX, record);
  if (with_intervals)
    keep_intervals(sample, &credits, HAZARD_INDEX, TRIAL_ANALYTIC, record);
  return HS_OK;
}

static void clear_record(struct record *record)
{
  memset(record, 0, sizeof *record);
  struct answer *answers = &record->answers[0][0][0];
  for (size_t i = 0; i < TRIAL_QUANTITY_COUNT * TRIAL_MODEL_COUNT * WORLD_CHANNELS_MAX; i++)
    for (size_t method = 0; method < TRIAL_METHOD_COUNT; method++)
      answers[i].low[method] = answers[i].high[method] = (double)NAN;
}

static enum hs_status settle(struct hs_arena *arena, const struct world_type *type, uint64_t seed,
                             uint64_t world, size_t person_count, struct hs_sample *out,
                             struct hs_err *err)
{
  struct hs_paths paths = world_draw(arena, type, seed, world, person_count);
  return hs_paths_settle(arena, &paths, out, err);
}

static enum hs_status run_world(void *context, size_t worker, size_t world, struct hs_err *err)
{
  struct trial *trial = context;
  struct hs_arena *arena = &trial->arenas[worker];
  struct record *record = &trial->records[world];
  const struct trial_options *options = trial->options;
  enum hs_status status = arena->base == NULL ? hs_arena_init(arena, WORKER_BYTES, err) : HS_OK;
  if (status != HS_OK)
    return status;
  hs_arena_reset(arena, 0);
  clear_record(record);
  struct hs_sample sample;
  status =
      settle(arena, trial->type, options->seed, world, trial->type->person_count, &sample, err);
  if (status == HS_OK)
    status = ask_plan(arena, options, &sample, world, record, err);
  if (status == HS_OK)
    status = ask_hazard(arena, options, &sample, 1, 1, record, err);
  if (status != HS_OK)
    hs_err_prefix(err, "world %zu of type %s, seed %llu", world, trial->type->name,
                  (unsigned long long)options->seed);
  return status;
}

/* --------------------------------------------------------------------------------------- all
 * worlds */

static enum hs_status find_truth(struct hs_arena *arena, const struct trial *trial,
                                 struct record *truth, struct hs_err *err)
{
  const struct trial_options *options = trial->options;
  struct hs_sample sample;
  clear_record(truth);
  enum hs_status status = settle(arena, trial->type, options->seed, TRUTH_WORLD,
                                 options->truth_person_count, &sample, err);
  if (status == HS_OK)
    status = ask_plan(arena, options, &sample, TRUTH_WORLD, truth, err);
  if (status == HS_OK)
    status = ask_hazard(arena, options, &sample, 0, 0, truth, err);
  return status;
}

static void tally_answer(const struct answer *answer, enum trial_method method, double truth,
                         struct trial_tally *tally)
{
  if (isnan(answer->low[method]))
    return;
  tally->asked++;
  tally->below += truth < answer->low[method];
  tally->above += truth > answer->high[method];
  double n = (double)tally->asked;
  tally->width += (answer->high[method] - answer->low[method] - tally->width) / n;
  tally->bias += (answer->share - truth - tally->bias) / n;
}

static void tally_record(const struct record *record, const struct record *truth,
                         struct trial_result *out)
{
  for (size_t q = 0; q < TRIAL_QUANTITY_COUNT; q++)
    for (size_t method = 0; method < TRIAL_METHOD_COUNT; method++)
      for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
        for (size_t k = 0; k < out->type->channel_count; k++) {
          int is_few = record->converting[k] < HS_CONVERTING_MIN;
          tally_answer(&record->answers[q][m][k], (enum trial_method)method,
                       truth->answers[q][m][k].share,
                       is_few ? &out->few[q][method][m][k] : &out->enough[q][method][m][k]);
        }
}

static void sum_up(const struct trial *trial, const struct record *truth, struct trial_result *out)
{
  *out = (struct trial_result){.type = trial->type};
  for (size_t q = 0; q < TRIAL_QUANTITY_COUNT; q++)
    for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
      for (size_t k = 0; k < trial->type->channel_count; k++)
        out->truth[q][m][k] = truth->answers[q][m][k].share;
  for (size_t w = 0; w < trial->options->world_count; w++) {
    const struct record *record = &trial->records[w];
    out->hazard_without_interval += (size_t)record->hazard_without_interval;
    for (size_t k = 0; k < trial->type->channel_count; k++)
      out->converting[k] += record->converting[k] / (double)trial->options->world_count;
    tally_record(record, truth, out);
  }
}

enum hs_status trial_run(const struct world_type *type, const struct trial_options *options,
                         struct trial_result *out, struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = hs_arena_init(&arena, WORKER_BYTES, err);
  if (status != HS_OK)
    return status;
  struct trial trial = {.type = type, .options = options};
  struct record *truth = hs_arena_alloc(&arena, 1, sizeof *truth);
  trial.records = hs_arena_alloc(&arena, options->world_count, sizeof *trial.records);
  if (truth == NULL || trial.records == NULL)
    status = hs_arena_full(&arena, "the records of a trial", err);
  size_t mark = hs_arena_mark(&arena);
  if (status == HS_OK)
    status = find_truth(&arena, &trial, truth, err);
  hs_arena_reset(&arena, mark);
  if (status == HS_OK)
    status = hs_parallel_run(hs_worker_count(options->worker_count), options->world_count,
                             run_world, &trial, err);
  if (status == HS_OK)
    sum_up(&trial, truth, out);
  for (size_t i = 0; i < HS_WORKER_COUNT_MAX; i++)
    hs_arena_release(&trial.arenas[i]);
  hs_arena_release(&arena);
  return status;
}

void trial_add(struct trial_tally *into, const struct trial_tally *tally)
{
  size_t asked = into->asked + tally->asked;
  if (tally->asked == 0)
    return;
  double part = (double)tally->asked / (double)asked;
  into->width += (tally->width - into->width) * part;
  into->bias += (tally->bias - into->bias) * part;
  into->asked = asked;
  into->below += tally->below;
  into->above += tally->above;
}

double trial_coverage(const struct trial_tally *tally)
{
  return tally->asked == 0 ? (double)NAN
                           : 1.0 - (double)(tally->below + tally->above) / (double)tally->asked;
}
