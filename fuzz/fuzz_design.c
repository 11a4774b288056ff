/* A registered design of any bytes: what is read keeps the bounds that the arithmetic asserts, a
   text that is not what its hash says is told apart, and a design written down again is read as the
   same one, unaltered. */
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "machine.h"
#include "service/believe/design.h"

static void check_regions(const struct hs_design *design)
{
  for (uint32_t pair = 0; pair < design->pair_count; pair++)
    HS_ASSERT(design->with[pair].length > 0 && design->without[pair].length > 0);
}

static void check(const struct hs_design *design)
{
  HS_ASSERT(design->level >= .5 && design->level <= .999);
  HS_ASSERT(design->power >= .5 && design->power <= .99);
  HS_ASSERT(design->last_day >= design->first_day && design->outcome.length > 0);
  HS_ASSERT(design->season <= HS_INFLUENCE_SEASON_MAX);
  switch (design->kind) {
  case HS_DESIGN_GEO:
    HS_ASSERT(design->pair_count >= 1 && design->base_days >= 1);
    check_regions(design);
    break;
  case HS_DESIGN_SWITCHBACK:
    HS_ASSERT(design->pair_count >= 1 && design->carry_days < design->block_days);
    HS_ASSERT((int64_t)design->last_day - design->first_day + 1 ==
              2 * (int64_t)design->pair_count * design->block_days);
    break;
  case HS_DESIGN_HOLDOUT:
    HS_ASSERT(design->held_share > 0 && design->held_share < 1);
    break;
  }
}

/* Written down again and read back, it is the same design under the same hash. */
static void check_again(struct hs_arena *arena, const struct hs_io *io,
                        const struct hs_design *design)
{
  struct hs_buf first = hs_buf_in(arena);
  struct hs_buf second = hs_buf_in(arena);
  struct hs_hash written, read, again;
  struct hs_design back;
  int is_altered = 1;
  hs_design_write(design, &first, &written);
  if (hs_buf_status(&first, "a design", NULL) != HS_OK)
    return;
  HS_ASSERT(hs_io_replace_file(io, "again", first.data, first.length, NULL) == HS_OK);
  HS_ASSERT(hs_design_read(arena, io, "again", &back, &read, &is_altered, NULL) == HS_OK);
  HS_ASSERT(!is_altered && hs_hash_equal(&written, &read));
  hs_design_write(&back, &second, &again);
  HS_ASSERT(hs_hash_equal(&written, &again) && first.length == second.length &&
            memcmp(first.data, second.data, first.length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct fuzz_machine machine;
  struct hs_design design;
  struct hs_hash hash;
  int is_altered = 0;
  const struct hs_io *io = fuzz_machine_begin(&machine, 64 * HS_MIB);
  HS_ASSERT(hs_io_replace_file(io, "plan", data, size, NULL) == HS_OK);
  if (hs_design_read(&machine.arena, io, "plan", &design, &hash, &is_altered, NULL) != HS_OK)
    return 0;
  check(&design);
  check_again(&machine.arena, io, &design);
  return 0;
}
