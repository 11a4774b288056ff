/* Two files of what people want, of any bytes, with a zero between them: every row is taken or
   told, no overlap leaves its range, what cannot be told has its reason, and both sides may be
   exchanged.
 */
#include <math.h>

#include "fuzz.h"
#include "machine.h"
#include "service/decide/fit.h"

static void count(void *context, [[maybe_unused]] const char *path, uint64_t line,
                  const char *reason)
{
  HS_ASSERT(reason != NULL && line > 1);
  (*(uint64_t *)context)++;
}

static void check_overlap(const struct hs_fit_overlap *overlap)
{
  HS_ASSERT((overlap->likeness == HS_FIT_CANNOT_TELL) == (overlap->gap != HS_FIT_NO_GAP));
  if (isnan(overlap->overlap))
    HS_ASSERT(overlap->likeness == HS_FIT_CANNOT_TELL && isnan(overlap->low));
  else
    HS_ASSERT(0 <= overlap->low && overlap->low <= overlap->overlap &&
              overlap->overlap <= overlap->high && overlap->high <= 1);
}

static void check(const struct hs_fit *fit, uint64_t told)
{
  HS_ASSERT(told == fit->reject_count && told <= fit->row_count);
  for (int about = 0; about < HS_FIT_ABOUT_COUNT; about++)
    check_overlap(&fit->about[about]);
  for (size_t i = 0; i < fit->dimension_count; i++)
    check_overlap(&fit->dimensions[i].overlap);
}

static int same(double a, double b)
{
  return a == b || fabs(a - b) < 1e-9 || (isnan(a) && isnan(b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct fuzz_machine machine;
  struct hs_fit fit, turned;
  uint64_t told = 0, told_turned = 0;
  const struct hs_io *io = fuzz_machine_begin(&machine, 256 * HS_MIB);
  (void)fuzz_put_two(io, data, size, "theirs", "ours");
  struct hs_fit_options options = {
      .theirs = "theirs", .ours = "ours", .on_reject = count, .context = &told};
  if (hs_fit_make(&machine.arena, io, &options, &fit, NULL) != HS_OK)
    return 0;
  check(&fit, told);
  options = (struct hs_fit_options){
      .theirs = "ours", .ours = "theirs", .on_reject = count, .context = &told_turned};
  HS_ASSERT(hs_fit_make(&machine.arena, io, &options, &turned, NULL) == HS_OK);
  check(&turned, told_turned);
  HS_ASSERT(told == told_turned && fit.dimension_count == turned.dimension_count);
  for (int about = 0; about < HS_FIT_ABOUT_COUNT; about++)
    HS_ASSERT(same(fit.about[about].overlap, turned.about[about].overlap));
  return 0;
}
