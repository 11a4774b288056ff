/* The payload of an import's frame of any bytes: it is refused, or it comes back as it went in. */
#include "fuzz.h"
#include "service/track/import_frame.h"

static void check_round_trip(struct hs_arena *arena, const struct hs_import_frame *frame)
{
  struct hs_str text = {0};
  struct hs_import_frame again;
  HS_ASSERT(hs_import_frame_write(arena, frame, &text, NULL) == HS_OK);
  HS_ASSERT(hs_import_frame_read(arena, HS_IMPORT_FRAME_VERSION, text, &again, NULL) == HS_OK);
  HS_ASSERT(again.kind == frame->kind && again.row_count == frame->row_count &&
            again.rejected_count == frame->rejected_count);
  HS_ASSERT(hs_str_equal(again.source, frame->source));
  HS_ASSERT(hs_str_equal(again.source_hash, frame->source_hash));
  HS_ASSERT(hs_str_equal(again.file_hash, frame->file_hash));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct hs_arena arena;
  struct hs_import_frame frame;
  struct hs_err err = {0};
  if (arena.base == NULL)
    HS_ASSERT(hs_arena_init(&arena, 16 * HS_MIB, NULL) == HS_OK);
  hs_arena_reset(&arena, 0);
  enum hs_status status = hs_import_frame_read(
      &arena, HS_IMPORT_FRAME_VERSION, (struct hs_str){(const char *)data, size}, &frame, &err);
  HS_ASSERT(status == HS_OK || status == HS_CORRUPT || status == HS_UNSUPPORTED);
  if (status == HS_OK)
    check_round_trip(&arena, &frame);
  return 0;
}
