#include "measure/rules.h"

#include <math.h>
#include <string.h>

#define DAY_S 86400.0

int hs_rule_is_rule(enum hs_model_kind kind)
{
  return kind != HS_MODEL_MARKOV && kind != HS_MODEL_HAZARD && kind != HS_MODEL_KIND_COUNT;
}

static void split_position(const struct hs_model *model, size_t length, double *shares)
{
  double ends = model->position_first + model->position_last;
  if (length == 1) {
    shares[0] = 1.0;
  } else if (length == 2) {
    shares[0] = ends > 0 ? model->position_first / ends : 0.5;
    shares[1] = ends > 0 ? model->position_last / ends : 0.5;
  } else {
    for (size_t i = 1; i + 1 < length; i++)
      shares[i] = (1.0 - ends) / (double)(length - 2);
    shares[0] = model->position_first;
    shares[length - 1] = model->position_last;
  }
}

static void split_decay(const struct hs_model *model, const uint32_t *age_s, size_t length,
                        double *shares)
{
  double sum = 0;
  for (size_t i = 0; i < length; i++) {
    /* Counted from the last touch, so that the latest weight is 1 however old the path is. */
    double half_lives = (double)(length - 1 - i);
    if (age_s != NULL)
      half_lives = ((double)age_s[i] - (double)age_s[length - 1]) / DAY_S / model->half_life_days;
    shares[i] = exp2(-half_lives);
    sum += shares[i];
  }
  for (size_t i = 0; i < length; i++)
    shares[i] /= sum;
}

static int appears_before(const uint16_t *steps, size_t i)
{
  for (size_t j = 0; j < i; j++)
    if (steps[j] == steps[i])
      return 1;
  return 0;
}

static size_t count_distinct(const uint16_t *steps, size_t length)
{
  size_t count = 0;
  for (size_t i = 0; i < length; i++)
    count += appears_before(steps, i) ? 0 : 1;
  return count;
}

static void split_shapley(const uint16_t *steps, size_t length, double *shares)
{
  double part = 1.0 / (double)count_distinct(steps, length);
  for (size_t i = 0; i < length; i++)
    shares[i] = appears_before(steps, i) ? 0 : part;
}

static size_t last_non_direct(const unsigned char *is_direct, const uint16_t *steps, size_t length)
{
  for (size_t i = length; i-- > 0;)
    if (!is_direct[steps[i]])
      return i;
  return length - 1;
}

void hs_rule_split(const struct hs_model *model, const unsigned char *is_direct,
                   const uint16_t *steps, const uint32_t *age_s, size_t length, double *shares)
{
  for (size_t i = 0; i < length; i++)
    shares[i] = 0;
  switch (model->kind) {
  case HS_MODEL_FIRST:
    shares[0] = 1.0;
    break;
  case HS_MODEL_LAST:
    shares[length - 1] = 1.0;
    break;
  case HS_MODEL_LAST_NON_DIRECT:
    shares[last_non_direct(is_direct, steps, length)] = 1.0;
    break;
  case HS_MODEL_LINEAR:
    for (size_t i = 0; i < length; i++)
      shares[i] = 1.0 / (double)length;
    break;
  case HS_MODEL_POSITION:
    split_position(model, length, shares);
    break;
  case HS_MODEL_DECAY:
    split_decay(model, age_s, length, shares);
    break;
  case HS_MODEL_SHAPLEY:
    split_shapley(steps, length, shares);
    break;
  case HS_MODEL_MARKOV:
  case HS_MODEL_HAZARD:
  case HS_MODEL_KIND_COUNT:
    HS_ASSERT(hs_rule_is_rule(model->kind));
  }
}

void hs_shapley_by_place(const struct hs_sample *sample, size_t place_count, double *conversions,
                         double *value)
{
  const struct hs_paths *paths = &sample->paths;
  HS_ASSERT(place_count > 0);
  for (size_t p = 0; p < paths->path_count; p++) {
    if (!(paths->conversions[p] > 0))
      continue;
    const uint16_t *steps = paths->steps + paths->first_step[p];
    size_t length = paths->first_step[p + 1] - paths->first_step[p];
    double part = 1.0 / (double)count_distinct(steps, length);
    for (size_t i = 0, place = 0; i < length; i++) {
      if (appears_before(steps, i))
        continue;
      size_t at = steps[i] * place_count + (place < place_count ? place : place_count - 1);
      conversions[at] += paths->conversions[p] * part;
      value[at] += paths->value[p] * part;
      place++;
    }
  }
}

void hs_screen_by_effect(const struct hs_sample *sample, const double *removal_effects,
                         double *conversions, double *value)
{
  const struct hs_paths *paths = &sample->paths;
  for (size_t p = 0; p < paths->path_count; p++) {
    if (!(paths->conversions[p] > 0))
      continue;
    const uint16_t *steps = paths->steps + paths->first_step[p];
    size_t length = paths->first_step[p + 1] - paths->first_step[p];
    double sum = 0;
    for (size_t i = 0; i < length; i++)
      if (!appears_before(steps, i))
        sum += fmax(removal_effects[steps[i]], 0);
    double part = sum > 0 ? 0 : 1.0 / (double)count_distinct(steps, length);
    for (size_t i = 0; i < length; i++) {
      if (appears_before(steps, i))
        continue;
      double share = sum > 0 ? fmax(removal_effects[steps[i]], 0) / sum : part;
      conversions[steps[i]] += paths->conversions[p] * share;
      value[steps[i]] += paths->value[p] * share;
    }
  }
}
