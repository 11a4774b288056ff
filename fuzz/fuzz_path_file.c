/* A file of paths of any bytes: what is read is in range, settles, keeps its totals, and the
   credits of the rules sum to them. */
#include <math.h>

#include "fuzz.h"
#include "intake/path_file.h"
#include "measure/credit.h"

/* Sums of at most thousands of terms; anything larger is no rounding. */
#define ROUNDING 1e-9

static int is_near(double a, double b)
{
  return fabs(a - b) <= ROUNDING * fmax(fabs(a), fabs(b)) || !isfinite(a) || !isfinite(b);
}

static void check_file(const struct hs_path_file *file)
{
  HS_ASSERT(file->table.path_count + file->reject_count == file->row_count);
  for (size_t p = 0; p < file->table.path_count; p++) {
    HS_ASSERT(file->table.first_step[p] < file->table.first_step[p + 1]);
    HS_ASSERT(file->table.conversions[p] >= 0 && file->table.value[p] >= 0 &&
              file->table.nulls[p] >= 0);
    for (size_t i = file->table.first_step[p]; i < file->table.first_step[p + 1]; i++)
      HS_ASSERT(file->table.steps[i] < file->table.channel_count);
  }
}

static void check_credits(struct hs_arena *arena, const struct hs_sample *sample)
{
  const struct hs_model models[] = {hs_model_default(HS_MODEL_LINEAR),
                                    hs_model_default(HS_MODEL_SHAPLEY)};
  struct hs_credit_plan *plan = NULL;
  struct hs_model_credits *results = NULL;
  if (hs_credit_plan_make(arena, sample, models, 2, &plan, NULL) != HS_OK ||
      hs_credit_estimate(arena, plan, &results, NULL) != HS_OK)
    return;
  for (size_t m = 0; m < 2; m++) {
    double sum = 0;
    for (size_t c = 0; c < results[m].channel_count; c++)
      sum += results[m].channels[c].conversions;
    HS_ASSERT(is_near(sum, sample->conversions));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct hs_arena arena;
  struct hs_source *source = NULL;
  struct hs_path_file file;
  struct hs_sample sample;
  if (arena.base == NULL)
    HS_ASSERT(hs_arena_init(&arena, 64 * HS_MIB, NULL) == HS_OK);
  hs_arena_reset(&arena, 0);
  if (hs_source_of_text(&arena, (struct hs_str){(const char *)data, size}, &source, NULL) != HS_OK)
    return 0;
  enum hs_status status = hs_path_file_read(&arena, source, NULL, NULL, NULL, &file, NULL);
  hs_source_close(source);
  if (status != HS_OK)
    return 0;
  check_file(&file);
  const struct hs_paths raw = {.channel_count = file.table.channel_count,
                               .channels = file.table.channels,
                               .path_count = file.table.path_count,
                               .first_step = file.table.first_step,
                               .steps = file.table.steps,
                               .conversions = file.table.conversions,
                               .value = file.table.value,
                               .nulls = file.table.nulls};
  if (hs_paths_settle(&arena, &raw, &sample, NULL) == HS_OK)
    check_credits(&arena, &sample);
  return 0;
}
