/* The simulated machine of a target that reads files: one for all its inputs, with an arena that is
   empty for each. */
#ifndef HANSA_FUZZ_MACHINE_H
#define HANSA_FUZZ_MACHINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/io_sim.h"

struct fuzz_machine {
  struct hs_arena arena;
  struct hs_sim *sim;
};

static inline const struct hs_io *fuzz_machine_begin(struct fuzz_machine *machine,
                                                     size_t arena_bytes)
{
  if (machine->sim == NULL) {
    const struct hs_sim_options options = {.seed = 1};
    HS_ASSERT(hs_sim_open(&options, &machine->sim, NULL) == HS_OK);
    HS_ASSERT(hs_arena_init(&machine->arena, arena_bytes, NULL) == HS_OK);
  }
  hs_arena_reset(&machine->arena, 0);
  return hs_sim_io(machine->sim);
}

/* Two files of one input: up to its first zero byte, and behind it. Gives where the second begins.
 */
static inline size_t fuzz_put_two(const struct hs_io *io, const uint8_t *data, size_t size,
                                  const char *first, const char *second)
{
  size_t cut = 0;
  while (cut < size && data[cut] != 0)
    cut++;
  size_t rest = cut < size ? cut + 1 : cut;
  HS_ASSERT(hs_io_replace_file(io, first, data, cut, NULL) == HS_OK);
  HS_ASSERT(hs_io_replace_file(io, second, data + rest, size - rest, NULL) == HS_OK);
  return rest;
}

#endif
