/* hs_payout_batch_read and hs_payout_file_write: what is refused has a fault and leaves nothing
   behind; what is written as pain.001 has only characters of the schemes between its marks, and
   every payment once. */
#include "fuzz.h"

#include <string.h>

#include "service/pay/payout_file.h"

static size_t fault_count;

static void note_fault([[maybe_unused]] void *context, const char *path, const char *words)
{
  HS_ASSERT(path != NULL && words[0] != '\0');
  fault_count++;
}

static size_t count_of(struct hs_str text, const char *what)
{
  size_t count = 0;
  size_t length = strlen(what);
  for (size_t i = 0; i + length <= text.length; i++)
    count += memcmp(text.data + i, what, length) == 0;
  return count;
}

/* Whether a tag that closes at `end`, a '>', is one that opens: then nothing stands inside. */
static int opens(struct hs_str text, size_t end)
{
  while (end > 0 && text.data[end] != '<')
    end--;
  return text.data[end + 1] != '/';
}

static void check_written(const struct hs_payout_batch *batch, struct hs_str text)
{
  for (size_t i = 0; i < text.length; i++) {
    HS_ASSERT((text.data[i] >= ' ' && text.data[i] < 0x7f) || text.data[i] == '\n');
    if (i + 2 < text.length && memcmp(text.data + i, "></", 3) == 0)
      HS_ASSERT(!opens(text, i));
  }
  HS_ASSERT(count_of(text, "<EndToEndId>") == batch->payment_count);
}

static void write_as(const struct hs_payout_batch *batch, enum hs_payout_format format,
                     struct hs_arena *arena)
{
  const struct hs_payout_options options = {.format = format, .now_us = 0};
  struct hs_err err = {0};
  struct hs_buf out = hs_buf_in(arena);
  fault_count = 0;
  enum hs_status status =
      hs_payout_file_write(batch, &options, arena, &out, note_fault, NULL, &err);
  if (status == HS_INVALID)
    HS_ASSERT(fault_count > 0 && out.length == 0 && err.text[0] != '\0');
  if (status == HS_OK && format == HS_PAYOUT_PAIN001)
    check_written(batch, hs_buf_str(&out));
}

static void check(struct hs_str text, struct hs_arena *arena)
{
  struct hs_payout_batch batch;
  struct hs_err err = {0};
  fault_count = 0;
  if (hs_payout_batch_read(text, arena, &batch, note_fault, NULL, &err) != HS_OK) {
    HS_ASSERT(err.text[0] != '\0');
    return;
  }
  HS_ASSERT(fault_count == 0 && batch.payment_count > 0);
  for (int format = 0; format < HS_PAYOUT_FORMAT_COUNT; format++)
    write_as(&batch, (enum hs_payout_format)format, arena);
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
