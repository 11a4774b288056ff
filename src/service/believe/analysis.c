#include "service/believe/analysis.h"

#include <string.h>

#include "intake/path_table.h"
#include "measure/jackknife.h"
#include "service/believe/coupon_owners.h"

/* Address space; what is used follows the size of the period (see measure/journeys.h and
   measure/paths.h). */
#define ANALYSIS_ARENA_BYTES (16 * HS_GIB)

static const struct hs_str DIRECT = {"direct", 6};

void hs_analysis_models(struct hs_model out[HS_ANALYSIS_MODELS])
{
  static const enum hs_model_kind KINDS[HS_ANALYSIS_MODELS] = {
      HS_MODEL_FIRST,    HS_MODEL_LAST,  HS_MODEL_LAST_NON_DIRECT, HS_MODEL_LINEAR,
      HS_MODEL_POSITION, HS_MODEL_DECAY, HS_MODEL_SHAPLEY,         HS_MODEL_MARKOV};
  for (size_t i = 0; i < HS_ANALYSIS_MODELS; i++) {
    out[i] = hs_model_default(KINDS[i]);
    out[i].direct = &DIRECT;
    out[i].direct_count = 1;
  }
}

static enum hs_status check_interrupt(const struct hs_analysis *analysis, struct hs_err *err)
{
  const atomic_int *interrupt = analysis->options.interrupt;
  return interrupt != NULL && atomic_load_explicit(interrupt, memory_order_relaxed) != 0
             ? hs_fail(err, HS_INTERRUPTED, "interrupted")
             : HS_OK;
}

/* ---- journeys and facts ---- */

struct gathering {
  struct hs_programme *programme;
  struct hs_analysis *analysis;
  struct hs_channel_facts *facts; /* made with the first journey, when the channels are known */
  const struct hs_journey_run *run;
  hs_journey_fn each; /* NULL: build paths and facts */
  void *context;
};

/* A channel is a partner's when events name it as a partner, or the book knows it. */
struct partner_marking {
  const struct hs_journey_run *run;
  struct hs_channel_facts *facts;
};

static void mark_partner(const struct partner_marking *marking, struct hs_str name)
{
  for (size_t i = 0; i < marking->run->channel_count; i++)
    if (hs_str_equal(marking->run->channels[i], name))
      marking->facts[i].is_partner = 1;
}

static enum hs_status mark_from_party(void *context, const struct hs_party *party,
                                      [[maybe_unused]] struct hs_err *err)
{
  mark_partner(context, party->name);
  return HS_OK;
}

static enum hs_status mark_partners(struct gathering *gathering, struct hs_err *err)
{
  struct partner_marking marking = {gathering->run, gathering->facts};
  struct hs_trail *trail = &gathering->programme->trail;
  struct hs_book *book = &gathering->programme->book;
  struct hs_str *names = NULL;
  size_t count = 0;
  enum hs_status status =
      trail->partners(trail->self, &gathering->analysis->arena, &names, &count, err);
  for (size_t i = 0; status == HS_OK && i < count; i++)
    mark_partner(&marking, names[i]);
  return status == HS_OK ? book->parties(book->self, mark_from_party, &marking, err) : status;
}

static enum hs_status make_facts(struct gathering *gathering, struct hs_err *err)
{
  size_t count = gathering->run->channel_count;
  gathering->facts = hs_arena_alloc(&gathering->analysis->arena, count, sizeof *gathering->facts);
  if (gathering->facts == NULL)
    return hs_arena_full(&gathering->analysis->arena, "what is known of channels", err);
  for (size_t i = 0; i < count; i++)
    gathering->facts[i].last_order_us = INT64_MIN;
  return mark_partners(gathering, err);
}

static int is_repeated(const struct hs_journey *journey, size_t step)
{
  for (size_t i = 0; i < step; i++)
    if (journey->channels[i] == journey->channels[step])
      return 1;
  return 0;
}

static void note_facts(struct gathering *gathering, const struct hs_journey *journey)
{
  struct hs_channel_facts *facts = gathering->facts;
  int has_partner = 0;
  for (size_t i = 0; i < journey->step_count; i++) {
    struct hs_channel_facts *channel = &facts[journey->channels[i]];
    if (is_repeated(journey, i))
      continue;
    has_partner |= channel->is_partner;
    channel->journeys++;
    if (journey->order_id.data == NULL)
      continue;
    channel->orders_touched++;
    channel->value_touched_minor += journey->value_minor;
    channel->orders_joined += journey->is_joined != 0;
    if (journey->end_us > channel->last_order_us)
      channel->last_order_us = journey->end_us;
  }
  if (has_partner && journey->order_id.data != NULL)
    gathering->analysis->value_with_partner_minor += journey->value_minor;
}

static enum hs_status gather(void *context, const struct hs_journey *journey, struct hs_err *err)
{
  struct gathering *gathering = context;
  enum hs_status status = check_interrupt(gathering->analysis, err);
  if (status != HS_OK)
    return status;
  if (gathering->each != NULL)
    return gathering->each(gathering->context, journey, err);
  status = gathering->facts == NULL ? make_facts(gathering, err) : HS_OK;
  if (status != HS_OK)
    return status;
  note_facts(gathering, journey);
  return hs_path_builder_add(&gathering->analysis->builder, journey, err);
}

static enum hs_status run_journeys(struct gathering *gathering, struct hs_err *err)
{
  struct hs_programme *programme = gathering->programme;
  struct hs_analysis *analysis = gathering->analysis;
  struct hs_coupon_owner *coupons = NULL;
  size_t coupon_count = 0;
  enum hs_status status =
      hs_coupon_owners_read(&programme->book, &analysis->arena, &coupons, &coupon_count, err);
  if (status != HS_OK)
    return status;
  struct hs_journey_options options = {.from_us = analysis->options.period.from_us,
                                       .until_us = analysis->options.period.until_us,
                                       .look_back_us = analysis->options.look_back_us,
                                       .currency = programme->currency,
                                       .coupons = coupons,
                                       .coupon_count = coupon_count};
  struct hs_journey_run run = {.trail = &programme->trail,
                               .persons = &analysis->persons,
                               .options = &options,
                               .arena = &analysis->arena,
                               .scratch = &analysis->scratch};
  gathering->run = &run;
  status = hs_journeys_run(&run, gather, gathering, err);
  if (status != HS_OK || gathering->each != NULL)
    return status;
  if (gathering->facts == NULL)
    status = make_facts(gathering, err);
  analysis->stats = run.stats;
  analysis->channels = run.channels;
  analysis->channel_count = run.channel_count;
  analysis->facts = gathering->facts;
  struct hs_paths paths = hs_path_builder_paths(&analysis->builder, &run);
  if (status == HS_OK && paths.path_count > 0)
    status = hs_paths_settle(&analysis->arena, &paths, &analysis->sample, err);
  return status;
}

/* ---- credits ---- */

static enum hs_status credit(struct hs_analysis *analysis, struct hs_err *err)
{
  struct hs_credit_plan *plan = NULL;
  struct hs_model_credits *credits = NULL;
  struct hs_err trouble = {0};
  if (analysis->sample.conversions <= 0) {
    analysis->refused = "no order of the period has a path behind it";
    return HS_OK;
  }
  enum hs_status status =
      hs_credit_plan_make(&analysis->arena, &analysis->sample, analysis->options.models,
                          analysis->options.model_count, &plan, &trouble);
  if (status == HS_OK)
    status = check_interrupt(analysis, &trouble);
  if (status == HS_OK)
    status = hs_credit_estimate(&analysis->arena, plan, &credits, &trouble);
  if (status == HS_OK)
    status = check_interrupt(analysis, &trouble);
  if (status == HS_OK && analysis->options.level > 0)
    status =
        hs_jackknife_intervals(&analysis->arena, plan, analysis->options.level, credits, &trouble);
  if (status == HS_OK) {
    analysis->credits = credits;
    return HS_OK;
  }
  if (status == HS_INSUFFICIENT) {
    analysis->refused = hs_arena_copy(&analysis->arena, trouble.text, strlen(trouble.text));
    return HS_OK;
  }
  if (err != NULL)
    *err = trouble;
  return status;
}

static enum hs_status open_analysis(const struct hs_programme *programme,
                                    const struct hs_analysis_options *options,
                                    struct hs_analysis *analysis, struct hs_err *err)
{
  *analysis = (struct hs_analysis){.options = *options};
  enum hs_status status = hs_arena_init(&analysis->arena, ANALYSIS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&analysis->scratch, ANALYSIS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_path_builder_open(&analysis->builder, programme->currency, err);
  if (options->models == NULL) {
    hs_analysis_models(analysis->models);
    analysis->options.models = analysis->models;
    analysis->options.model_count = HS_ANALYSIS_MODELS;
  }
  analysis->model_count = analysis->options.model_count;
  return status;
}

enum hs_status hs_analysis_gather(struct hs_programme *programme,
                                  const struct hs_analysis_options *options,
                                  struct hs_analysis *out, struct hs_err *err)
{
  struct gathering gathering = {.programme = programme, .analysis = out};
  enum hs_status status = open_analysis(programme, options, out, err);
  if (status == HS_OK)
    status =
        hs_persons_join(&out->arena, &out->scratch, &programme->trail, options->period.until_us,
                        &(struct hs_persons_options){0}, &out->persons, err);
  if (status == HS_OK)
    status = check_interrupt(out, err);
  if (status == HS_OK)
    status = run_journeys(&gathering, err);
  if (status != HS_OK)
    hs_analysis_release(out);
  return status;
}

enum hs_status hs_analysis_run(struct hs_programme *programme,
                               const struct hs_analysis_options *options, struct hs_analysis *out,
                               struct hs_err *err)
{
  enum hs_status status = hs_analysis_gather(programme, options, out, err);
  if (status != HS_OK)
    return status;
  status = credit(out, err);
  if (status != HS_OK)
    hs_analysis_release(out);
  return status;
}

/* ---- paths that were imported as a table ---- */

struct path_reading {
  struct hs_path_table table;
  uint64_t unreadable;
};

static enum hs_status take_path(void *context, struct hs_str path, double conversions, double value,
                                double nulls, struct hs_err *err)
{
  struct path_reading *reading = context;
  const char *problem = NULL;
  enum hs_status status =
      hs_path_table_add(&reading->table, path, conversions, value, nulls, &problem, err);
  reading->unreadable += problem != NULL;
  return status;
}

enum hs_status hs_analysis_run_paths(struct hs_programme *programme,
                                     const struct hs_analysis_options *options,
                                     struct hs_analysis *out, struct hs_err *err)
{
  struct path_reading reading = {0};
  enum hs_status status = open_analysis(programme, options, out, err);
  if (status == HS_OK)
    status = hs_path_table_open(&out->scratch, (struct hs_str){0}, &reading.table, err);
  if (status == HS_OK)
    status = programme->trail.scan_paths(programme->trail.self, take_path, &reading, err);
  out->paths_unreadable = reading.unreadable;
  out->channels = reading.table.channels;
  out->channel_count = reading.table.channel_count;
  struct hs_paths raw = {.channel_count = reading.table.channel_count,
                         .channels = reading.table.channels,
                         .path_count = reading.table.path_count,
                         .first_step = reading.table.first_step,
                         .steps = reading.table.steps,
                         .conversions = reading.table.conversions,
                         .value = reading.table.value,
                         .nulls = reading.table.nulls};
  if (status == HS_OK && raw.path_count > 0)
    status = hs_paths_settle(&out->arena, &raw, &out->sample, err);
  if (status == HS_OK && raw.path_count > 0) {
    out->channels = out->sample.paths.channels; /* sorted, as the credits are */
    status = credit(out, err);
  }
  if (status != HS_OK)
    hs_analysis_release(out);
  return status;
}

enum hs_status hs_analysis_journeys(struct hs_programme *programme, struct hs_analysis *analysis,
                                    hs_journey_fn each, void *context, struct hs_err *err)
{
  struct gathering gathering = {
      .programme = programme, .analysis = analysis, .each = each, .context = context};
  return run_journeys(&gathering, err);
}

void hs_analysis_release(struct hs_analysis *analysis)
{
  hs_path_builder_release(&analysis->builder);
  hs_arena_release(&analysis->arena);
  hs_arena_release(&analysis->scratch);
  *analysis = (struct hs_analysis){0};
}
