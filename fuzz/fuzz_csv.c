/* CSV of any bytes: rows come in rising lines, a faulty row has no fields, a sound one at least
   one, nothing fails but what cannot be read, and the reader comes to an end. */
#include "fuzz.h"
#include "intake/csv.h"

static void check_row(const struct hs_csv_row *row, uint64_t line_before)
{
  HS_ASSERT(row->line > line_before);
  HS_ASSERT((row->problem != NULL) == (row->field_count == 0));
  for (size_t i = 0; i < row->field_count; i++)
    HS_ASSERT(row->fields[i].data != NULL);
}

static void read_all(struct hs_arena *arena, struct hs_str text)
{
  struct hs_source *source = NULL;
  struct hs_csv *csv = NULL;
  struct hs_csv_row row;
  if (hs_source_of_text(arena, text, &source, NULL) != HS_OK)
    return;
  enum hs_status status = hs_csv_open(arena, source, NULL, &csv, NULL);
  uint64_t line = 0;
  for (size_t rows = 0; status == HS_OK; rows++) {
    status = hs_csv_next(csv, &row, NULL);
    if (status != HS_OK)
      break;
    check_row(&row, line);
    line = row.line;
  }
  HS_ASSERT(status == HS_END || status == HS_UNSUPPORTED || status == HS_CORRUPT ||
            status == HS_NOMEM);
  hs_source_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct hs_arena arena;
  if (arena.base == NULL)
    HS_ASSERT(hs_arena_init(&arena, 64 * HS_MIB, NULL) == HS_OK);
  hs_arena_reset(&arena, 0);
  read_all(&arena, (struct hs_str){(const char *)data, size});
  return 0;
}
