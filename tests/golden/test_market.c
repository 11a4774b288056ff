/* Holds the bytes of two small worlds: SHA-256 over all files, each preceded by its name. They
   change when the simulator's world changes, and then figures that were measured on it have to be
   measured again; print the new value with the failing test. Bits are promised per machine type:
   amounts pass through the C library's exp and log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "support/market_files.h"

static void hash_of(uint64_t seed, int32_t months, char out[2 * crypto_hash_sha256_BYTES + 1])
{
  struct market_files files;
  market_files_make(&files, seed, months, 1500);
  crypto_hash_sha256_state hash;
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_init(&hash);
  for (int i = 0; i < HS_MARKET_FILE_COUNT; i++) {
    const char *name = hs_market_file_name((enum hs_market_file)i);
    struct hs_str text = hs_buf_str(&files.text[i]);
    crypto_hash_sha256_update(&hash, (const unsigned char *)name, strlen(name));
    crypto_hash_sha256_update(&hash, (const unsigned char *)text.data, text.length);
  }
  crypto_hash_sha256_final(&hash, digest);
  sodium_bin2hex(out, 2 * sizeof digest + 1, digest, sizeof digest);
  market_files_release(&files);
}

static void small_worlds_have_these_bytes([[maybe_unused]] void **state)
{
  static const struct {
    uint64_t seed;
    int32_t months;
    const char *hash;
  } WORLDS[] = {
      {1, 1, "49ee89d728c605388c5d493d799f051b35afeeb9c23b5ddcf5b303555b1f12e4"},
      {20250101, 4, "4510d32eefd2409ffede6c616a8f84a55da198d16bdbe9ed9131c4f70a2fda47"},
  };
  for (size_t i = 0; i < sizeof WORLDS / sizeof *WORLDS; i++) {
    char hash[2 * crypto_hash_sha256_BYTES + 1];
    hash_of(WORLDS[i].seed, WORLDS[i].months, hash);
    assert_string_equal(hash, WORLDS[i].hash);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small_worlds_have_these_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
