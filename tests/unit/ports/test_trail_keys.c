/* Proves ports/trail: person keys against the vectors of the SipHash paper, parts against their
   definition as ranges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>

#include "ports/trail.h"

static void person_keys_are_siphash_2_4([[maybe_unused]] void **state)
{
  /* The paper's appendix A (15 bytes) and the first lines of its authors' vectors.h, inputs 00 01 …
     of the given length under the key 00 … 0f. */
  static const struct {
    size_t length;
    uint64_t key;
  } KNOWN[] = {{0, 0x726fdb47dd0e0e31U},  {1, 0x74f839c593dc67fdU},  {2, 0x0d6c8009d9a94f5aU},
               {3, 0x85676696d7fb7e2dU},  {7, 0xab0200f58b01d137U},  {8, 0x93f5f5799a932462U},
               {9, 0x9e0082df0ba9e4b0U},  {10, 0x7a5dbbc594ddb9f3U}, {11, 0xf4b32f46226bada7U},
               {12, 0x751e8fbc860ee5fbU}, {13, 0x14ea5627c0843d90U}, {14, 0xf723ca908e7af2eeU},
               {15, 0xa129ca6149be45e5U}};
  char input[16];
  for (size_t i = 0; i < sizeof input; i++)
    input[i] = (char)i;
  for (size_t k = 0; k < sizeof KNOWN / sizeof *KNOWN; k++)
    assert_true(hs_person_key_of((struct hs_str){input, KNOWN[k].length}) == KNOWN[k].key);
}

static void parts_are_ranges_of_signed_keys([[maybe_unused]] void **state)
{
  for (uint32_t count = 1; count < 40; count++) {
    assert_int_equal(hs_person_part((uint64_t)INT64_MIN, count), 0);
    assert_int_equal(hs_person_part((uint64_t)INT64_MAX, count), count - 1);
    uint32_t last = 0;
    for (int64_t top = INT32_MIN; top <= INT32_MAX; top += 0x7fffff) {
      uint32_t part = hs_person_part((uint64_t)(top * ((int64_t)1 << 32)), count);
      assert_true(part == last || part == last + 1);
      last = part;
    }
    assert_int_equal(last, count - 1);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(person_keys_are_siphash_2_4),
      cmocka_unit_test(parts_are_ranges_of_signed_keys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
