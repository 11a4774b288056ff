#include "journal/crc32c.h"

#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

#define POLYNOMIAL 0x82F63B78U /* 0x1EDC6F41 with its bits mirrored */
#define SLICE_COUNT 8

static uint32_t table[SLICE_COUNT][256];

static void fill_table(void)
{
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++)
      crc = (crc & 1) != 0 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
    table[0][byte] = crc;
  }
  for (size_t slice = 1; slice < SLICE_COUNT; slice++)
    for (size_t byte = 0; byte < 256; byte++)
      table[slice][byte] = table[slice - 1][byte] >> 8 ^ table[0][table[slice - 1][byte] & 0xFF];
}

/* "Slicing-by-8" (Kounavis and Berry, 2005): eight bytes a step, each through its own table. */
static uint32_t eight_bytes(uint32_t crc, const unsigned char *at)
{
  uint64_t word = 0;
  for (int i = 7; i >= 0; i--)
    word = word << 8 | at[i];
  word ^= crc;
  crc = 0;
  for (size_t i = 0; i < SLICE_COUNT; i++)
    crc ^= table[SLICE_COUNT - 1 - i][word >> (8 * i) & 0xFF];
  return crc;
}

uint32_t hs_crc32c_table(uint32_t crc, const void *data, size_t bytes)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, fill_table);
  const unsigned char *at = data;
  crc = ~crc;
  for (; bytes >= 8; bytes -= 8, at += 8)
    crc = eight_bytes(crc, at);
  for (; bytes > 0; bytes--, at++)
    crc = crc >> 8 ^ table[0][(crc ^ *at) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const void *data,
                                                               size_t bytes)
{
  const unsigned char *at = data;
  uint64_t wide = ~crc;
  for (; bytes >= 8; bytes -= 8, at += 8) {
    uint64_t word = 0;
    memcpy(&word, at, sizeof word);
    wide = _mm_crc32_u64(wide, word);
  }
  uint32_t narrow = (uint32_t)wide;
  for (; bytes > 0; bytes--, at++)
    narrow = _mm_crc32_u8(narrow, *at);
  return ~narrow;
}

uint32_t hs_crc32c(uint32_t crc, const void *data, size_t bytes)
{
  return __builtin_cpu_supports("sse4.2") ? crc32c_sse42(crc, data, bytes)
                                          : hs_crc32c_table(crc, data, bytes);
}

#else

uint32_t hs_crc32c(uint32_t crc, const void *data, size_t bytes)
{
  return hs_crc32c_table(crc, data, bytes);
}

#endif
