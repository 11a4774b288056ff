#include "measure/claims.h"

/* seen[c] is 1 + the last path that counted for channel c. */
static void claim_any_touch(const struct hs_paths *paths, size_t *seen, struct hs_claim *claims)
{
  for (size_t p = 0; p < paths->path_count; p++) {
    if (!(paths->conversions[p] > 0))
      continue;
    for (size_t i = paths->first_step[p]; i < paths->first_step[p + 1]; i++) {
      uint16_t channel = paths->steps[i];
      if (seen[channel] == p + 1)
        continue;
      seen[channel] = p + 1;
      claims[channel].any_touch += paths->conversions[p];
      claims[channel].any_touch_value += paths->value[p];
    }
  }
}

static void claim_favourite(const struct hs_model_credits *results, size_t model_count,
                            size_t channel, struct hs_claim *claim)
{
  for (size_t m = 0; m < model_count; m++) {
    const struct hs_credit *credit = &results[m].channels[channel];
    if (m == 0 || credit->conversions > claim->favourite_conversions) {
      claim->favourite = m;
      claim->favourite_conversions = credit->conversions;
    }
    if (m == 0 || credit->value > claim->favourite_value)
      claim->favourite_value = credit->value;
  }
}

static double ratio(double claimed, double sold) { return sold > 0 ? claimed / sold : 0; }

enum hs_status hs_claims_make(struct hs_arena *arena, const struct hs_sample *sample,
                              const struct hs_model_credits *results, size_t model_count,
                              struct hs_claims *out, struct hs_err *err)
{
  size_t channels = sample->paths.channel_count;
  struct hs_claims claims = {.channels = hs_arena_alloc(arena, channels, sizeof *claims.channels)};
  size_t mark = hs_arena_mark(arena);
  size_t *seen = hs_arena_alloc(arena, channels, sizeof *seen);
  if (claims.channels == NULL || seen == NULL)
    return hs_arena_full(arena, "claims", err);
  claim_any_touch(&sample->paths, seen, claims.channels);
  hs_arena_reset(arena, mark);
  for (size_t c = 0; c < channels; c++) {
    claim_favourite(results, model_count, c, &claims.channels[c]);
    claims.any_touch += claims.channels[c].any_touch;
    claims.any_touch_value += claims.channels[c].any_touch_value;
    claims.favourite += claims.channels[c].favourite_conversions;
    claims.favourite_value += claims.channels[c].favourite_value;
  }
  claims.any_touch_ratio = ratio(claims.any_touch, sample->conversions);
  claims.favourite_ratio = ratio(claims.favourite, sample->conversions);
  claims.any_touch_value_ratio = ratio(claims.any_touch_value, sample->value);
  claims.favourite_value_ratio = ratio(claims.favourite_value, sample->value);
  *out = claims;
  return HS_OK;
}
