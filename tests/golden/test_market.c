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

/* The survey came to a world that was there: what it adds is held apart, so that it can be seen to
   have changed nothing else. */
enum part { PART_WORLD, PART_SURVEY, PART_COUNT };

static enum part part_of(enum hs_market_file file)
{
  return file == HS_MARKET_README || file == HS_MARKET_SURVEYS || file == HS_MARKET_TRUTH_SURVEYS
             ? PART_SURVEY
             : PART_WORLD;
}

static void hash_of(const struct market_files *files, enum part part,
                    char out[2 * crypto_hash_sha256_BYTES + 1])
{
  crypto_hash_sha256_state hash;
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_init(&hash);
  for (int i = 0; i < HS_MARKET_FILE_COUNT; i++) {
    const char *name = hs_market_file_name((enum hs_market_file)i);
    struct hs_str text = hs_buf_str(&files->text[i]);
    if (part_of((enum hs_market_file)i) != part)
      continue;
    crypto_hash_sha256_update(&hash, (const unsigned char *)name, strlen(name));
    crypto_hash_sha256_update(&hash, (const unsigned char *)text.data, text.length);
  }
  crypto_hash_sha256_final(&hash, digest);
  sodium_bin2hex(out, 2 * sizeof digest + 1, digest, sizeof digest);
}

static void small_worlds_have_these_bytes([[maybe_unused]] void **state)
{
  static const struct {
    uint64_t seed;
    int32_t months;
    const char *hash[PART_COUNT];
  } WORLDS[] = {
      {1,
       1,
       {"cb9ab43b6e9e5a1e4117e532ae0fc0ab201825ee8feffab8d9e3eabb3f083331",
        "8b7e024a382f1b9ee884afff955aad38fa1ed255a15bcb154f9a69354384f96e"}},
      {20250101,
       4,
       {"b315acc3058e145ff9039334cb2914ea7041ef691f6310e58f70f7944f77db1a",
        "1b91163ec5bc19c4084cd2afeef7d54370c2e055b1446828c822d703fe35664e"}},
  };
  for (size_t i = 0; i < sizeof WORLDS / sizeof *WORLDS; i++) {
    struct market_files files;
    market_files_make(&files, WORLDS[i].seed, WORLDS[i].months, 1500);
    for (int part = 0; part < PART_COUNT; part++) {
      char hash[2 * crypto_hash_sha256_BYTES + 1];
      hash_of(&files, (enum part)part, hash);
      assert_string_equal(hash, WORLDS[i].hash[part]);
    }
    market_files_release(&files);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small_worlds_have_these_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
