/* Credits under chosen models, from a file of paths without any set-up or from a sample: read,
   settle, every model, intervals.
   What it found and how that is shown are kept apart: hs_attribute_file computes, the others write.
 */
#ifndef HANSA_SERVICE_BELIEVE_ATTRIBUTE_H
#define HANSA_SERVICE_BELIEVE_ATTRIBUTE_H

#include "base/io.h"
#include "intake/path_file.h"
#include "measure/claims.h"

struct hs_attribute_options {
  struct hs_path_file_options file;
  const struct hs_model *models; /* borrowed until the result is done with */
  size_t model_count;            /* at least 1 */
  double level;                  /* of the intervals, such as 0.9; 0 for none */
  size_t draws;                  /* bootstrap replicates; 0 for the jackknife */
  uint64_t seed;                 /* of the bootstrap */
  size_t threads;                /* of the bootstrap; 0 is one per processor */
  /* What stands beside the credits when it is asked for. */
  size_t place_count;     /* Shapley divided by place in the path, so many places; 0 for none */
  int with_screen;        /* orders shared by removal effect, for each Markov model */
  double untracked_share; /* bounds if this share of touches was never seen, [0, 1); 0 for none */
};

struct hs_attribute_result {
  struct hs_attribute_options options;
  struct hs_sample sample;
  struct hs_model_credits *models; /* options.model_count */
  struct hs_claims claims;
  double *places, *places_value;   /* [channel × place_count + place]; NULL when not asked for */
  double *screens, *screens_value; /* [model × channel_count + channel]; of Markov models only */
  uint64_t row_count, reject_count;
};

/* Reads path ("-" is standard input) and computes. Everything lives in the arena; borrowed options
   must outlive it. Failures are those of the rooms that do the work. */
[[nodiscard]] enum hs_status hs_attribute_file(struct hs_arena *arena, const struct hs_io *io,
                                               const char *path,
                                               const struct hs_attribute_options *options,
                                               hs_figures_reject_fn on_reject, void *context,
                                               struct hs_attribute_result *out, struct hs_err *err);

/* The same for a sample that is there: out->sample is read, the rest of *out filled in.
   HS_UNSUPPORTED when hazard is asked for and the sample has no times. */
[[nodiscard]] enum hs_status hs_attribute_sample(struct hs_arena *arena,
                                                 const struct hs_attribute_options *options,
                                                 struct hs_attribute_result *out,
                                                 struct hs_err *err);

/* "first,last,markov" as models with their usual parameters, direct being the channel of that name;
   HS_USAGE names what is unknown and
   lists what there is. */
[[nodiscard]] enum hs_status hs_attribute_models(struct hs_arena *arena, struct hs_str names,
                                                 struct hs_model **out, size_t *count,
                                                 struct hs_err *err);

/* One JSON object, numbers in full precision; channels in byte order of their names. Without
   intervals the keys low, high, value_low and value_high are absent. */
void hs_attribute_json(const struct hs_attribute_result *result, struct hs_buf *out);
/* One row a model and channel, with a header. */
void hs_attribute_csv(const struct hs_attribute_result *result, struct hs_buf *out);
/* For people: each model with what it can and cannot mean, channels by credit, what a rank would
   not bear said in words; then the spread over the models and claims against credits. For a
   terminal of width columns: sentences are broken, and where it is narrow names are cut and the
   value left out. Only a table of many places may be wider than 80. */
void hs_attribute_text(const struct hs_attribute_result *result, int width, struct hs_buf *out);

#endif
