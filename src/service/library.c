/* libhansa: the public face of hansa/hansa.h on service/attribute. */
#include <hansa/hansa.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/attribute.h"

#define MEMORY_BYTES_DEFAULT (8 * HS_GIB)
#define MODELS_DEFAULT "first,last,linear,position,decay,markov,shapley"

/* Lies in its own arena, which goes with it. */
struct hs_attribution {
  struct hs_arena arena;
  struct hs_attribute_result result;
  const char *json;
};

struct hs_attribution_options hs_attribution_defaults(void)
{
  return (struct hs_attribution_options){.order = 1, .interval_level = 0.9, .seed = 1};
}

static enum hs_status compute(struct hs_arena *arena, const char *path,
                              const struct hs_attribution_options *o,
                              struct hs_attribute_result *out, struct hs_err *err)
{
  struct hs_model *models = NULL;
  struct hs_attribute_options options = {
      .file = {.path = hs_str_of(o->path_column),
               .conversions = hs_str_of(o->conversions_column),
               .value = hs_str_of(o->value_column),
               .nulls = hs_str_of(o->null_column),
               .separator = hs_str_of(o->separator)},
      .level = o->interval_level,
      .draws = o->draws,
      .seed = o->seed,
      .threads = o->threads,
  };
  enum hs_status status =
      hs_attribute_models(arena, hs_str_of(o->models == NULL ? MODELS_DEFAULT : o->models), &models,
                          &options.model_count, err);
  if (status != HS_OK)
    return status;
  for (size_t m = 0; m < options.model_count; m++)
    models[m].order = o->order;
  options.models = models;
  return hs_attribute_file(arena, hs_io_real(), path, &options, NULL, NULL, out, err);
}

int hs_attribution_open(const char *path, const struct hs_attribution_options *options,
                        struct hs_attribution **out, char *why, size_t why_bytes)
{
  struct hs_attribution_options o = options == NULL ? hs_attribution_defaults() : *options;
  struct hs_arena arena = {0};
  struct hs_err err = {0};
  struct hs_attribution *attribution = NULL;
  enum hs_status status =
      hs_arena_init(&arena, o.memory_bytes == 0 ? MEMORY_BYTES_DEFAULT : o.memory_bytes, &err);
  if (status == HS_OK) {
    attribution = hs_arena_alloc(&arena, 1, sizeof *attribution);
    status = attribution == NULL ? hs_arena_full(&arena, "a result", &err)
                                 : compute(&arena, path, &o, &attribution->result, &err);
  }
  if (status != HS_OK) {
    hs_arena_release(&arena);
    if (why != NULL && why_bytes > 0)
      (void)snprintf(why, why_bytes, "%s", err.text);
    return hs_status_exit(status);
  }
  attribution->arena = arena;
  *out = attribution;
  return 0;
}

void hs_attribution_close(struct hs_attribution *attribution)
{
  if (attribution == NULL)
    return;
  struct hs_arena arena = attribution->arena;
  hs_arena_release(&arena);
}

struct hs_attribution_totals hs_attribution_totals(const struct hs_attribution *attribution)
{
  const struct hs_attribute_result *r = &attribution->result;
  return (struct hs_attribution_totals){.conversions = r->sample.conversions,
                                        .value = r->sample.value,
                                        .nulls = r->sample.nulls,
                                        .rows = r->row_count,
                                        .rejected_rows = r->reject_count,
                                        .models = r->options.model_count,
                                        .channels = r->sample.paths.channel_count,
                                        .any_touch_ratio = r->claims.any_touch_ratio};
}

const char *hs_attribution_model(const struct hs_attribution *attribution, size_t model)
{
  if (model >= attribution->result.options.model_count)
    return NULL;
  return hs_model_name(attribution->result.options.models[model].kind);
}

const char *hs_attribution_channel(const struct hs_attribution *attribution, size_t channel)
{
  const struct hs_paths *paths = &attribution->result.sample.paths;
  /* The reader of path files ends each name with a zero. */
  return channel < paths->channel_count ? paths->channels[channel].data : NULL;
}

int hs_attribution_credit(const struct hs_attribution *attribution, size_t model, size_t channel,
                          struct hs_attribution_credit *out)
{
  const struct hs_attribute_result *r = &attribution->result;
  if (model >= r->options.model_count || channel >= r->sample.paths.channel_count)
    return 1;
  const struct hs_credit *credit = &r->models[model].channels[channel];
  *out = (struct hs_attribution_credit){.conversions = credit->conversions,
                                        .value = credit->value,
                                        .share = credit->share_conversions,
                                        .low = credit->conversions_low,
                                        .high = credit->conversions_high,
                                        .value_low = credit->value_low,
                                        .value_high = credit->value_high,
                                        .removal_effect = credit->removal_effect,
                                        .converting_journeys = credit->converting_journeys,
                                        .is_insufficient = credit->is_insufficient};
  return 0;
}

const char *hs_attribution_json(struct hs_attribution *attribution)
{
  if (attribution->json == NULL) {
    struct hs_buf out = hs_buf_in(&attribution->arena);
    hs_attribute_json(&attribution->result, &out);
    if (hs_buf_status(&out, "JSON", NULL) == HS_OK)
      attribution->json = out.data;
  }
  return attribution->json;
}
