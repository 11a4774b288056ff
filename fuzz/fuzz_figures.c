/* A file of figures of any bytes: every row is kept or told, what is kept is in range, and equal
   names have one number. */
#include <math.h>

#include "fuzz.h"
#include "intake/figures.h"

static const struct hs_figures_want WANTS[] = {{{"t", 1}, HS_FIGURES_TIME},
                                               {{"u", 1}, HS_FIGURES_NAME},
                                               {{"y", 1}, HS_FIGURES_NUMBER},
                                               {{"n", 1}, HS_FIGURES_NOTE}};

static void count([[maybe_unused]] void *context, const struct hs_figures_reject *reject)
{
  HS_ASSERT(reject->reason != NULL && reject->line > 1);
  (*(uint64_t *)context)++;
}

static void check(const struct hs_figures *figures)
{
  const struct hs_figures_column *name = &figures->columns[1];
  uint32_t seen = 0;
  for (size_t i = 0; i < figures->row_count; i++) {
    HS_ASSERT(isfinite(figures->columns[0].values[i]) && !isinf(figures->columns[2].values[i]));
    HS_ASSERT(name->names[i] <= seen &&
              hs_str_equal(name->name_list[name->names[i]], name->texts[i]));
    seen += name->names[i] == seen;
    const struct hs_str *note = &figures->columns[3].texts[i];
    HS_ASSERT((note->length > 0) == (note->data != NULL));
    HS_ASSERT(figures->lines[i] > (i == 0 ? 1 : figures->lines[i - 1]));
  }
  HS_ASSERT(seen == name->name_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct hs_arena arena;
  struct hs_source *source = NULL;
  struct hs_figures figures;
  uint64_t told = 0;
  if (arena.base == NULL)
    HS_ASSERT(hs_arena_init(&arena, 64 * HS_MIB, NULL) == HS_OK);
  hs_arena_reset(&arena, 0);
  if (hs_source_of_text(&arena, (struct hs_str){(const char *)data, size}, &source, NULL) != HS_OK)
    return 0;
  if (hs_figures_read(&arena, source, NULL, WANTS, 4, count, &told, &figures, NULL) == HS_OK) {
    HS_ASSERT(told == figures.reject_count);
    check(&figures);
  }
  hs_source_close(source);
  return 0;
}
