/* A plan of any bytes and, after a zero, the file that it may name as evidence: what is read has
   its figures in order and in range, a share twice is never taken, and nothing counts as measured
   without the hash of the file that is there. */
#include <math.h>

#include "base/hash.h"
#include "fuzz.h"
#include "machine.h"
#include "service/decide/plan.h"

static void check_range(const struct hs_range *range)
{
  if (isnan(range->likely))
    HS_ASSERT(isnan(range->low) && isnan(range->high));
  else
    HS_ASSERT(range->low <= range->likely && range->likely <= range->high && range->low >= 0);
}

/* The hash in the plan is that of the bytes: grade A to C, from a file that says so. */
static void check_measured(const struct hs_plan_entry *entry, const struct hs_hash *file)
{
  struct hs_hash said;
  HS_ASSERT(hs_hash_parse(entry->evidence.sha256.data, entry->evidence.sha256.length, &said));
  HS_ASSERT(hs_hash_equal(&said, file));
  HS_ASSERT(entry->evidence.kind != HS_EVIDENCE_NONE && entry->evidence.grade <= HS_GRADE_C);
  HS_ASSERT(entry->evidence.because == NULL);
}

static void check(const struct hs_plan *plan, const struct hs_hash *file)
{
  for (size_t i = 0; i < HS_PLAN_ITEM_COUNT; i++) {
    check_range(&plan->items[i].range);
    HS_ASSERT(!plan->items[i].is_given || plan->items[i].source.length > 0);
    if (hs_plan_is_measured(&plan->items[i]))
      check_measured(&plan->items[i], file);
  }
  for (size_t i = 0; i < plan->share_count; i++) {
    const struct hs_plan_share *share = &plan->shares[i];
    check_range(&share->entry.range);
    HS_ASSERT(share->partner.length > 0);
    HS_ASSERT(hs_plan_share_of(plan, share->partner) == &share->entry);
    if (hs_plan_is_measured(&share->entry))
      check_measured(&share->entry, file);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct fuzz_machine machine;
  struct hs_plan plan;
  const struct hs_io *io = fuzz_machine_begin(&machine, 64 * HS_MIB);
  size_t rest = fuzz_put_two(io, data, size, "plan.csv", "result.json");
  const struct hs_hash file = hs_sha256(data + rest, size - rest);
  struct hs_err err = {0};
  if (hs_plan_read(&machine.arena, io, "plan.csv", &plan, &err) == HS_OK)
    check(&plan, &file);
  else
    HS_ASSERT(err.text[0] != 0);
  return 0;
}
