/* Proves base/hash against published digests: SHA-256 of FIPS 180-2 appendix B ("abc", 448 bits, a
   million "a"); BLAKE2b-256 of "abc" and of nothing, as `b2sum -l 256` of GNU coreutils 9.1 prints
   them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"

static void assert_hash(struct hs_hash hash, const char *expected)
{
  char text[HS_HASH_TEXT];
  hs_hash_format(&hash, text);
  assert_string_equal(text, expected);
}

static void sha256_gives_the_published_digests([[maybe_unused]] void **state)
{
  assert_hash(hs_sha256("abc", 3),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert_hash(hs_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  struct hs_sha256 hasher;
  hs_sha256_init(&hasher);
  for (int i = 0; i < 1000; i++) {
    char thousand[1000];
    memset(thousand, 'a', sizeof thousand);
    hs_sha256_add(&hasher, thousand, sizeof thousand);
  }
  assert_hash(hs_sha256_end(&hasher),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void blake2b_gives_the_published_digests([[maybe_unused]] void **state)
{
  assert_hash(hs_blake2b(NULL, 0),
              "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  assert_hash(hs_blake2b("abc", 3),
              "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void pieces_and_the_whole_agree_at_every_cut([[maybe_unused]] void **state)
{
  unsigned char data[300];
  for (size_t i = 0; i < sizeof data; i++)
    data[i] = (unsigned char)(i * 7);
  struct hs_hash blake = hs_blake2b(data, sizeof data);
  struct hs_hash sha = hs_sha256(data, sizeof data);
  for (size_t cut = 0; cut <= sizeof data; cut++) {
    struct hs_blake2b b;
    hs_blake2b_init(&b);
    hs_blake2b_add(&b, data, cut);
    hs_blake2b_add(&b, data + cut, sizeof data - cut);
    struct hs_hash end = hs_blake2b_end(&b);
    assert_true(hs_hash_equal(&end, &blake));
    struct hs_sha256 s;
    hs_sha256_init(&s);
    hs_sha256_add(&s, data, cut);
    hs_sha256_add(&s, data + cut, sizeof data - cut);
    end = hs_sha256_end(&s);
    assert_true(hs_hash_equal(&end, &sha));
  }
}

static void a_hash_is_read_back_from_its_text([[maybe_unused]] void **state)
{
  struct hs_hash hash = hs_sha256("abc", 3);
  char text[HS_HASH_TEXT];
  hs_hash_format(&hash, text);
  struct hs_hash back = {{0}};
  assert_true(hs_hash_parse(text, 64, &back));
  assert_true(hs_hash_equal(&hash, &back));
  text[0] = 'B'; /* either case */
  assert_true(hs_hash_parse(text, 64, &back));
  assert_true(hs_hash_equal(&hash, &back));
  assert_false(hs_hash_parse(text, 63, &back));
  text[5] = 'g';
  assert_false(hs_hash_parse(text, 64, &back));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sha256_gives_the_published_digests),
      cmocka_unit_test(blake2b_gives_the_published_digests),
      cmocka_unit_test(pieces_and_the_whole_agree_at_every_cut),
      cmocka_unit_test(a_hash_is_read_back_from_its_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
