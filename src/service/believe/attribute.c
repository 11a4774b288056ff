#include "service/believe/attribute.h"

#include "intake/format.h"
#include "measure/bootstrap.h"
#include "measure/hazard.h"
#include "measure/jackknife.h"
#include "measure/rules.h"

static enum hs_status read_sample(struct hs_arena *arena, const struct hs_io *io, const char *path,
                                  const struct hs_attribute_options *options,
                                  hs_figures_reject_fn on_reject, void *context,
                                  struct hs_attribute_result *out, struct hs_err *err)
{
  struct hs_source *source = NULL;
  struct hs_path_file file = {0};
  struct hs_path_file_options how = options->file;
  if (how.delimiter == 0)
    how.delimiter = hs_format_delimiter(path);
  enum hs_status status = hs_source_open(arena, io, path, &source, err);
  if (status != HS_OK)
    return status;
  status = hs_path_file_read(arena, source, &how, on_reject, context, &file, err);
  hs_source_close(source);
  if (status != HS_OK)
    return status;
  const struct hs_paths raw = {.channel_count = file.table.channel_count,
                               .channels = file.table.channels,
                               .path_count = file.table.path_count,
                               .first_step = file.table.first_step,
                               .steps = file.table.steps,
                               .conversions = file.table.conversions,
                               .value = file.table.value,
                               .nulls = file.table.nulls};
  out->row_count = file.row_count;
  out->reject_count = file.reject_count;
  if (file.table.path_count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "%s holds no usable path", path);
  return hs_paths_settle(arena, &raw, &out->sample, err);
}

static enum hs_status add_intervals(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                    const struct hs_attribute_options *options,
                                    struct hs_model_credits *models, struct hs_err *err)
{
  if (!(options->level > 0))
    return HS_OK;
  if (options->draws == 0)
    return hs_jackknife_intervals(arena, plan, options->level, models, err);
  struct hs_bootstrap_options bootstrap = {.seed = options->seed,
                                           .draws = options->draws,
                                           .level = options->level,
                                           .worker_count = options->threads};
  return hs_bootstrap_intervals(arena, plan, &bootstrap, models, err);
}

/* The models that one plan evaluates together: all but hazard. */
static enum hs_status credit_by_plan(struct hs_arena *arena,
                                     const struct hs_attribute_options *options,
                                     const struct hs_sample *sample, struct hs_model_credits *out,
                                     struct hs_err *err)
{
  struct hs_model *planned = hs_arena_alloc(arena, options->model_count, sizeof *planned);
  struct hs_model_credits *credits = NULL;
  struct hs_credit_plan *plan = NULL;
  size_t count = 0;
  if (planned == NULL)
    return hs_arena_full(arena, "models", err);
  for (size_t m = 0; m < options->model_count; m++)
    if (options->models[m].kind != HS_MODEL_HAZARD)
      planned[count++] = options->models[m];
  if (count == 0)
    return HS_OK;
  enum hs_status status = hs_credit_plan_make(arena, sample, planned, count, &plan, err);
  if (status == HS_OK)
    status = hs_credit_estimate(arena, plan, &credits, err);
  if (status == HS_OK)
    status = add_intervals(arena, plan, options, credits, err);
  if (status != HS_OK)
    return status;
  for (size_t m = 0, next = 0; m < options->model_count; m++)
    if (options->models[m].kind != HS_MODEL_HAZARD)
      out[m] = credits[next++];
  return HS_OK;
}

/* Hazard is fitted by itself; its interval is always the analytic one. */
static enum hs_status credit_by_hazard(struct hs_arena *arena,
                                       const struct hs_attribute_options *options,
                                       const struct hs_sample *sample, struct hs_model_credits *out,
                                       struct hs_err *err)
{
  struct hs_hazard fit;
  struct hs_hazard_options hazard = hs_hazard_default();
  hazard.level = options->level;
  hazard.worker_count = options->threads;
  enum hs_status status = hs_hazard_fit(arena, sample, &hazard, &fit, err);
  return status == HS_OK ? hs_hazard_credits(arena, sample, &fit, &hazard, out, err) : status;
}

static enum hs_status add_places(struct hs_arena *arena, struct hs_attribute_result *out,
                                 struct hs_err *err)
{
  size_t cells = out->sample.paths.channel_count * out->options.place_count;
  if (cells == 0)
    return HS_OK;
  out->places = hs_arena_alloc(arena, cells, sizeof *out->places);
  out->places_value = hs_arena_alloc(arena, cells, sizeof *out->places_value);
  if (out->places == NULL || out->places_value == NULL)
    return hs_arena_full(arena, "credits by place", err);
  hs_shapley_by_place(&out->sample, out->options.place_count, out->places, out->places_value);
  return HS_OK;
}

static enum hs_status add_screens(struct hs_arena *arena, struct hs_attribute_result *out,
                                  struct hs_err *err)
{
  size_t channel_count = out->sample.paths.channel_count;
  if (!out->options.with_screen)
    return HS_OK;
  size_t cells = out->options.model_count * channel_count;
  double *effects = hs_arena_alloc(arena, channel_count, sizeof *effects);
  out->screens = hs_arena_alloc(arena, cells, sizeof *out->screens);
  out->screens_value = hs_arena_alloc(arena, cells, sizeof *out->screens_value);
  if (effects == NULL || out->screens == NULL || out->screens_value == NULL)
    return hs_arena_full(arena, "the view by removal effect", err);
  for (size_t m = 0; m < out->options.model_count; m++) {
    if (out->models[m].model.kind != HS_MODEL_MARKOV)
      continue;
    for (size_t c = 0; c < channel_count; c++)
      effects[c] = out->models[m].channels[c].removal_effect;
    hs_screen_by_effect(&out->sample, effects, out->screens + m * channel_count,
                        out->screens_value + m * channel_count);
  }
  return HS_OK;
}

static enum hs_status check_options(const struct hs_attribute_options *options, struct hs_err *err)
{
  HS_ASSERT(options->model_count > 0);
  if (!(options->level >= 0 && options->level < 1))
    return hs_fail(err, HS_USAGE,
                   "the level of the intervals must be 0 or more and below 1, got %g",
                   options->level);
  return HS_OK;
}

enum hs_status hs_attribute_sample(struct hs_arena *arena,
                                   const struct hs_attribute_options *options,
                                   struct hs_attribute_result *out, struct hs_err *err)
{
  enum hs_status status = check_options(options, err);
  if (status != HS_OK)
    return status;
  out->options = *options;
  out->models = hs_arena_alloc(arena, options->model_count, sizeof *out->models);
  if (out->models == NULL)
    return hs_arena_full(arena, "credits", err);
  status = credit_by_plan(arena, options, &out->sample, out->models, err);
  for (size_t m = 0; m < options->model_count && status == HS_OK; m++)
    if (options->models[m].kind == HS_MODEL_HAZARD)
      status = credit_by_hazard(arena, options, &out->sample, &out->models[m], err);
  if (status == HS_OK)
    status =
        hs_claims_make(arena, &out->sample, out->models, options->model_count, &out->claims, err);
  if (status == HS_OK)
    status = add_places(arena, out, err);
  return status == HS_OK ? add_screens(arena, out, err) : status;
}

enum hs_status hs_attribute_file(struct hs_arena *arena, const struct hs_io *io, const char *path,
                                 const struct hs_attribute_options *options,
                                 hs_figures_reject_fn on_reject, void *context,
                                 struct hs_attribute_result *out, struct hs_err *err)
{
  struct hs_attribute_result result = {0};
  enum hs_status status = read_sample(arena, io, path, options, on_reject, context, &result, err);
  if (status == HS_OK)
    status = hs_attribute_sample(arena, options, &result, err);
  if (status == HS_OK)
    *out = result;
  return status;
}

static enum hs_status unknown_model(struct hs_str name, struct hs_err *err)
{
  return hs_fail(err, HS_USAGE,
                 "there is no model '%.*s'; there are first, last, last_non_direct, linear, "
                 "position, decay, shapley, markov, hazard",
                 HS_STR_ARG(name));
}

/* What a channel is called everywhere whose visitors came by themselves. */
static const struct hs_str DIRECT = {"direct", 6};

enum hs_status hs_attribute_models(struct hs_arena *arena, struct hs_str names,
                                   struct hs_model **out, size_t *count, struct hs_err *err)
{
  struct hs_model *models = hs_arena_alloc(arena, names.length + 1, sizeof *models);
  size_t n = 0;
  if (models == NULL)
    return hs_arena_full(arena, "models", err);
  while (names.data != NULL) {
    struct hs_str name = hs_str_trim(hs_str_cut(&names, ','));
    enum hs_model_kind kind = HS_MODEL_FIRST;
    if (!hs_model_parse(name, &kind))
      return unknown_model(name, err);
    models[n] = hs_model_default(kind);
    models[n].direct = &DIRECT;
    models[n++].direct_count = 1;
  }
  if (n == 0)
    return unknown_model(HS_STR(""), err);
  *out = models;
  *count = n;
  return HS_OK;
}
