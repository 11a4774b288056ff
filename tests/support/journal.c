#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/journal.h"

struct scratch scratch_make(void)
{
  struct scratch scratch = {0};
  const char *parent = getenv("TMPDIR");
  (void)snprintf(scratch.path, sizeof scratch.path, "%s/hansa-journal-XXXXXX",
                 parent == NULL ? "/tmp" : parent);
  assert_non_null(mkdtemp(scratch.path));
  return scratch;
}

struct removal {
  const char *directory;
};

static enum hs_status remove_one(void *context, const char *name, struct hs_err *err)
{
  const struct removal *removal = context;
  const struct hs_io *io = hs_io_real();
  char path[512];
  (void)snprintf(path, sizeof path, "%s/%s", removal->directory, name);
  struct removal inside = {path};
  if (io->list(io->self, path, remove_one, &inside, NULL) != HS_OK)
    return io->remove(io->self, path, err);
  return remove(path) == 0 ? HS_OK : hs_fail(err, HS_IO, "%s stays", path);
}

void scratch_remove(const struct scratch *scratch)
{
  const struct hs_io *io = hs_io_real();
  struct removal removal = {scratch->path};
  struct hs_err err;
  assert_ok(io->list(io->self, scratch->path, remove_one, &removal, &err));
  assert_int_equal(remove(scratch->path), 0);
}

void numbered_init(struct numbered *numbered, uint64_t number)
{
  static const uint16_t TYPES[] = {HS_FRAME_TOUCH, HS_FRAME_ORDER, HS_FRAME_REFUND, HS_FRAME_LEAD,
                                   HS_FRAME_IDENTITY};
  size_t public_bytes = sizeof number + number * 7 % 90;
  size_t personal_bytes = number % 3 == 0 ? 1 + number * 5 % 60 : 0;
  memcpy(numbered->public_data, &number, sizeof number);
  for (size_t i = sizeof number; i < public_bytes; i++)
    numbered->public_data[i] = (unsigned char)(number + i);
  for (size_t i = 0; i < personal_bytes; i++)
    numbered->personal_data[i] = (unsigned char)(number * 3 + i);
  numbered->frame = (struct hs_frame){
      .type = TYPES[number % (sizeof TYPES / sizeof *TYPES)],
      .version = 1,
      .public_data = numbered->public_data,
      .public_bytes = public_bytes,
      .personal_data = numbered->personal_data,
      .personal_bytes = personal_bytes,
  };
}

static int same_bytes(const void *a, const void *b, size_t bytes)
{
  return bytes == 0 || memcmp(a, b, bytes) == 0;
}

int is_numbered(const struct hs_frame_read *read, uint64_t number)
{
  struct numbered expected;
  numbered_init(&expected, number);
  const struct hs_frame *frame = &expected.frame;
  if (read->frame.type != frame->type || read->frame.version != frame->version ||
      read->frame.public_bytes != frame->public_bytes ||
      !same_bytes(read->frame.public_data, frame->public_data, frame->public_bytes))
    return 0;
  if (read->personal == HS_PERSONAL_ERASED)
    return frame->personal_bytes > 0 && read->frame.personal_data == NULL;
  return read->frame.personal_bytes == frame->personal_bytes &&
         (read->personal == HS_PERSONAL_PRESENT) == (frame->personal_bytes > 0) &&
         same_bytes(read->frame.personal_data, frame->personal_data, frame->personal_bytes);
}

uint64_t number_of(const struct hs_frame_read *read)
{
  uint64_t number = 0;
  assert_true(read->frame.public_bytes >= sizeof number);
  memcpy(&number, read->frame.public_data, sizeof number);
  return number;
}

void append_numbered(struct hs_journal *journal, uint64_t first, uint64_t count)
{
  for (uint64_t number = first; number < first + count; number++) {
    struct numbered numbered;
    struct hs_err err = {0};
    numbered_init(&numbered, number);
    if (hs_journal_append(journal, &numbered.frame, NULL, &err) != HS_OK)
      fail_msg("%s", err.text);
  }
}

uint64_t fail_every_call(fault_fn check)
{
  uint64_t seed = test_number("HANSA_SEED", 1);
  uint64_t step = test_number("HANSA_FAULT_STEP", 1);
  uint64_t case_count = 0;
  uint64_t call_count = check(seed, UINT64_MAX, HS_IO, 0);
  assert_true(step > 0);
  for (uint64_t call = 0; call < call_count; call += step)
    for (unsigned variant = 0; variant < 4; variant++, case_count++)
      (void)check(seed, call, variant & 1 ? HS_FULL : HS_IO, (variant & 2) != 0);
  print_message("%llu failing calls\n", (unsigned long long)case_count);
  return call_count;
}
