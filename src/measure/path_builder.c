/* From the stream of journeys to the flat arrays of hs_paths. Each array stands alone in an arena
   of its own, where growing the last block never copies. */
#include "measure/journeys.h"

/* Address space for each array; what is really used is bounded by the trail. */
#define ARRAY_BYTES_MAX (8 * HS_GIB)

enum array { FIRST_STEP, STEPS, AGES, CONVERSIONS, VALUE, NULLS, PERSON };

/* Room for count more cells of the array that holds used ones. */
static void *more(struct hs_path_builder *builder, enum array array, size_t used, size_t count,
                  size_t size)
{
  struct hs_arena *arena = &builder->parts[array];
  return hs_arena_grow(arena, arena->base, used, used + count, size);
}

enum hs_status hs_path_builder_add(struct hs_path_builder *b, const struct hs_journey *journey,
                                   struct hs_err *err)
{
  uint32_t *first_step = more(b, FIRST_STEP, b->path_count + 1, 1, sizeof *first_step);
  uint16_t *steps = more(b, STEPS, b->step_count, journey->step_count, sizeof *steps);
  uint32_t *ages = more(b, AGES, b->step_count, journey->step_count, sizeof *ages);
  double *conversions = more(b, CONVERSIONS, b->path_count, 1, sizeof *conversions);
  double *value = more(b, VALUE, b->path_count, 1, sizeof *value);
  double *nulls = more(b, NULLS, b->path_count, 1, sizeof *nulls);
  uint32_t *person = more(b, PERSON, b->path_count, 1, sizeof *person);
  if (first_step == NULL || steps == NULL || ages == NULL || conversions == NULL || value == NULL ||
      nulls == NULL || person == NULL || b->step_count + journey->step_count > UINT32_MAX)
    return hs_fail(err, HS_NOMEM, "no room for more than %zu journeys", b->path_count);
  int is_order = journey->order_id.data != NULL;
  for (size_t i = 0; i < journey->step_count; i++) {
    steps[b->step_count + i] = journey->channels[i];
    ages[b->step_count + i] = (uint32_t)((journey->end_us - journey->at_us[i]) / HS_SECOND_US);
  }
  b->step_count += journey->step_count;
  conversions[b->path_count] = is_order ? 1 : 0;
  value[b->path_count] = is_order ? (double)journey->value_minor * b->minor_unit : 0;
  nulls[b->path_count] = is_order ? 0 : 1;
  person[b->path_count] = journey->person_index;
  first_step[++b->path_count] = (uint32_t)b->step_count;
  return HS_OK;
}

enum hs_status hs_path_builder_open(struct hs_path_builder *builder, struct hs_currency currency,
                                    struct hs_err *err)
{
  enum hs_status status = HS_OK;
  *builder = (struct hs_path_builder){.minor_unit = hs_currency_minor_unit(currency)};
  for (size_t i = 0; i <= PERSON && status == HS_OK; i++)
    status = hs_arena_init(&builder->parts[i], ARRAY_BYTES_MAX, err);
  if (status == HS_OK && hs_arena_alloc(&builder->parts[FIRST_STEP], 1, sizeof(uint32_t)) == NULL)
    status = hs_arena_full(&builder->parts[FIRST_STEP], "journeys", err);
  if (status != HS_OK)
    hs_path_builder_release(builder);
  return status;
}

struct hs_paths hs_path_builder_paths(const struct hs_path_builder *builder,
                                      const struct hs_journey_run *run)
{
  const struct hs_arena *parts = builder->parts;
  return (struct hs_paths){.channel_count = run->channel_count,
                           .channels = run->channels,
                           .path_count = builder->path_count,
                           .first_step = (const void *)parts[FIRST_STEP].base,
                           .steps = (const void *)parts[STEPS].base,
                           .conversions = (const void *)parts[CONVERSIONS].base,
                           .value = (const void *)parts[VALUE].base,
                           .nulls = (const void *)parts[NULLS].base,
                           .person = (const void *)parts[PERSON].base,
                           .age_s = (const void *)parts[AGES].base};
}

void hs_path_builder_release(struct hs_path_builder *builder)
{
  for (size_t i = 0; i < sizeof builder->parts / sizeof *builder->parts; i++)
    hs_arena_release(&builder->parts[i]);
}
