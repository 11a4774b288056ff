#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/market_files.h"

static enum hs_status keep(void *context, enum hs_market_file file, struct hs_str piece,
                           [[maybe_unused]] struct hs_err *err)
{
  struct market_files *files = context;
  hs_buf_add_str(&files->text[file], piece);
  return HS_OK;
}

void market_files_make(struct market_files *files, uint64_t seed, int32_t months, int32_t people)
{
  market_files_make_late(files, seed, months, people, NULL);
}

void market_files_make_late(struct market_files *files, uint64_t seed, int32_t months,
                            int32_t people, const char *late)
{
  struct hs_err err = {0};
  *files = (struct market_files){0};
  assert_int_equal(hs_arena_init(&files->arena, HS_GIB, &err), HS_OK);
  assert_int_equal(hs_arena_init(&files->text_arena, HS_GIB, &err), HS_OK);
  for (size_t i = 0; i < HS_MARKET_FILE_COUNT; i++)
    files->text[i] = hs_buf_in(&files->text_arena);
  const struct hs_market_options options = {
      .seed = seed, .months = months, .people = people, .late = late};
  const struct hs_market_sink sink = {files, keep};
  enum hs_status status = hs_market_run(&options, &sink, NULL, &files->arena, &files->truth, &err);
  if (status != HS_OK)
    fail_msg("%s", err.text);
  for (size_t i = 0; i < HS_MARKET_FILE_COUNT; i++)
    assert_int_equal(hs_buf_status(&files->text[i], "a file", &err), HS_OK);
}

void market_files_release(struct market_files *files)
{
  hs_arena_release(&files->arena);
  hs_arena_release(&files->text_arena);
}

/* One cell off the text; gives what ended it: a comma, a line feed, or 0 at the end. */
static char cell_next(struct hs_str *rest, char out[MARKET_CELL_BYTES])
{
  size_t length = 0;
  int is_quoted = 0;
  while (rest->length > 0) {
    char c = *rest->data++;
    rest->length--;
    if (c == '"' && is_quoted && rest->length > 0 && *rest->data == '"') {
      rest->data++;
      rest->length--;
    } else if (c == '"') {
      is_quoted = !is_quoted;
      continue;
    } else if (!is_quoted && (c == ',' || c == '\n')) {
      out[length] = 0;
      return c;
    }
    assert_true(length + 1 < MARKET_CELL_BYTES);
    out[length++] = c;
  }
  out[length] = 0;
  return 0;
}

int market_row_next(struct hs_str *rest, struct market_row *row)
{
  row->count = 0;
  if (rest->length == 0)
    return 0;
  char end;
  do {
    assert_true(row->count < MARKET_CELLS_MAX);
    end = cell_next(rest, row->cells[row->count++]);
  } while (end == ',');
  assert_int_equal(end, '\n');
  return 1;
}
