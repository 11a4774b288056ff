/* Any bytes as a file whose format nobody said, packed: the input as it is, behind a gzip header,
   so that damage is met in the middle of the stream; and the input packed properly, which must read
   as the same file unpacked. */
#include <zlib.h>

#include "fuzz.h"
#include "intake_promise.h"

enum { ROOM = 1 << 16 };

/* The kind, then the input as a gzip file with the usual check sums. */
static size_t pack(const uint8_t *data, size_t size, uint8_t out[ROOM])
{
  z_stream z = {0};
  PROMISE(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  uint8_t *copy = malloc(size);
  PROMISE(copy != NULL);
  memcpy(copy, data, size);
  out[0] = data[0];
  z.next_in = copy + 1;
  z.avail_in = (unsigned)(size - 1);
  z.next_out = out + 1;
  z.avail_out = ROOM - 1;
  int code = deflate(&z, Z_FINISH);
  (void)deflateEnd(&z);
  free(copy);
  return code == Z_STREAM_END ? ROOM - z.avail_out : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const uint8_t HEADER[] = {0x1F, 0x8B, 0x08, 0x00, 0, 0, 0, 0, 0, 0x03};
  static uint8_t packed[ROOM];
  if (size < 2 || size > ROOM / 2)
    return 0;
  packed[0] = data[0];
  memcpy(packed + 1, HEADER, sizeof HEADER);
  memcpy(packed + 1 + sizeof HEADER, data + 1, size - 1);
  promise_all(packed, size + sizeof HEADER, HS_INTAKE_FORMAT_GUESS);
  size_t bytes = pack(data, size, packed);
  if (bytes > 0)
    promise_all(packed, bytes, HS_INTAKE_FORMAT_GUESS);
  return 0;
}
