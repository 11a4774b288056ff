/* hs_payout_status_read: what it takes has an id and a word for every payment and no payment twice;
   what it refuses has a fault with words. */
#include "fuzz.h"

#include <string.h>

#include "service/pay/payout_status.h"

static size_t fault_count;

static void note_fault([[maybe_unused]] void *context, const char *path, const char *words)
{
  HS_ASSERT(path != NULL && words[0] != '\0');
  fault_count++;
}

static void check_row(const struct hs_payout_statuses *statuses, size_t r)
{
  const struct hs_payout_status_row *row = &statuses->rows[r];
  HS_ASSERT(row->said.length > 0 && row->line > 0);
  HS_ASSERT((row->scope == HS_STATUS_OF_PAYMENT) == (row->id.length > 0));
  for (size_t before = 0; before < r && row->id.length > 0; before++)
    HS_ASSERT(!hs_str_equal(statuses->rows[before].id, row->id));
}

static void check(struct hs_str text, struct hs_arena *arena)
{
  struct hs_payout_statuses statuses = {0};
  struct hs_err err = {0};
  fault_count = 0;
  enum hs_status status =
      hs_payout_status_read(text, HS_STATUS_AUTO, 0, arena, &statuses, note_fault, NULL, &err);
  if (status != HS_OK) {
    HS_ASSERT(err.text[0] != '\0' && err.status == status);
    return;
  }
  HS_ASSERT(fault_count == 0);
  for (size_t r = 0; r < statuses.row_count && r < 200; r++)
    check_row(&statuses, r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_arena arena = {0};
  if (hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK)
    return 0;
  check((struct hs_str){(const char *)data, size}, &arena);
  hs_arena_release(&arena);
  return 0;
}
