#include "base/hash.h"

#include <pthread.h>
#include <sodium/core.h>
#include <string.h>

#include "base/status.h"

/* libsodium picks its fastest code for this processor in sodium_init; without it, it would run the
   portable one for ever. */
static void choose_code(void) { HS_ASSERT(sodium_init() >= 0); }

static void be_ready(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  HS_ASSERT(pthread_once(&once, choose_code) == 0);
}

int hs_hash_equal(const struct hs_hash *a, const struct hs_hash *b)
{
  return memcmp(a->bytes, b->bytes, HS_HASH_BYTES) == 0;
}

void hs_hash_format(const struct hs_hash *hash, char out[HS_HASH_TEXT])
{
  static const char DIGITS[] = "0123456789abcdef";
  for (size_t i = 0; i < HS_HASH_BYTES; i++) {
    out[2 * i] = DIGITS[hash->bytes[i] >> 4];
    out[2 * i + 1] = DIGITS[hash->bytes[i] & 15];
  }
  out[HS_HASH_TEXT - 1] = '\0';
}

static int digit_value(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int hs_hash_parse(const char *text, size_t length, struct hs_hash *out)
{
  struct hs_hash hash = {0};
  if (length != HS_HASH_TEXT - 1)
    return 0;
  for (size_t i = 0; i < HS_HASH_BYTES; i++) {
    int high = digit_value(text[2 * i]);
    int low = digit_value(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return 0;
    hash.bytes[i] = (unsigned char)(high << 4 | low);
  }
  *out = hash;
  return 1;
}

void hs_sha256_init(struct hs_sha256 *hasher)
{
  be_ready();
  (void)crypto_hash_sha256_init(&hasher->state);
}

void hs_sha256_add(struct hs_sha256 *hasher, const void *data, size_t bytes)
{
  if (bytes > 0)
    (void)crypto_hash_sha256_update(&hasher->state, data, bytes);
}

struct hs_hash hs_sha256_end(struct hs_sha256 *hasher)
{
  struct hs_hash hash;
  (void)crypto_hash_sha256_final(&hasher->state, hash.bytes);
  return hash;
}

struct hs_hash hs_sha256(const void *data, size_t bytes)
{
  struct hs_sha256 hasher;
  hs_sha256_init(&hasher);
  hs_sha256_add(&hasher, data, bytes);
  return hs_sha256_end(&hasher);
}

void hs_blake2b_init(struct hs_blake2b *hasher)
{
  be_ready();
  (void)crypto_generichash_blake2b_init(&hasher->state, NULL, 0, HS_HASH_BYTES);
}

void hs_blake2b_add(struct hs_blake2b *hasher, const void *data, size_t bytes)
{
  if (bytes > 0)
    (void)crypto_generichash_blake2b_update(&hasher->state, data, bytes);
}

struct hs_hash hs_blake2b_end(struct hs_blake2b *hasher)
{
  struct hs_hash hash;
  (void)crypto_generichash_blake2b_final(&hasher->state, hash.bytes, HS_HASH_BYTES);
  return hash;
}

struct hs_hash hs_blake2b(const void *data, size_t bytes)
{
  struct hs_blake2b hasher;
  hs_blake2b_init(&hasher);
  hs_blake2b_add(&hasher, data, bytes);
  return hs_blake2b_end(&hasher);
}
