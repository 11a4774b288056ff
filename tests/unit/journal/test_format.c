/* Proves the bytes: CRC-32C against published values and the table against the processor; a frame
   with any bit flipped, cut anywhere or of another segment does not parse; the commitment hides
   behind its salt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "journal/crc32c.h"
#include "journal/format.h"
#include "support/journal.h"

/* RFC 3720, appendix B.4; and the check value "123456789" of the CRC catalogue. */
static void crc32c_gives_the_published_values([[maybe_unused]] void **state)
{
  unsigned char bytes[32] = {0};
  assert_int_equal(hs_crc32c(0, "123456789", 9), 0xE3069283U);
  assert_int_equal(hs_crc32c(0, bytes, 32), 0x8A9136AAU);
  memset(bytes, 0xFF, sizeof bytes);
  assert_int_equal(hs_crc32c(0, bytes, 32), 0x62A8AB43U);
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (unsigned char)i;
  assert_int_equal(hs_crc32c(0, bytes, 32), 0x46DD794EU);
  assert_int_equal(hs_crc32c(7, bytes, 0), 7);
}

static void the_table_and_the_processor_agree([[maybe_unused]] void **state)
{
  unsigned char bytes[1100];
  uint64_t chance = 1;
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (unsigned char)test_random(&chance);
  for (size_t from = 0; from < 16; from++)
    for (size_t length = 0; length < 1024; length++) {
      uint32_t start = (uint32_t)test_random(&chance);
      uint32_t whole = hs_crc32c(start, bytes + from, length);
      assert_int_equal(whole, hs_crc32c_table(start, bytes + from, length));
      size_t cut = length / 3;
      uint32_t pieces = hs_crc32c(start, bytes + from, cut);
      assert_int_equal(whole, hs_crc32c(pieces, bytes + from + cut, length - cut));
    }
}

static size_t make_frame(uint64_t number, uint32_t seed, unsigned char *out)
{
  static const unsigned char SALT[PERSONAL_SALT_BYTES] = {1, 2, 3, 4};
  struct numbered numbered;
  struct hs_chain chain = {.epoch = 1, .next_sequence = 41};
  numbered_init(&numbered, number);
  hs_frame_encode(&numbered.frame, SALT, 1234567, 3, out);
  hs_frame_seal(out, seed, &chain);
  assert_int_equal(chain.next_sequence, 42);
  return hs_frame_length(numbered.frame.public_bytes, numbered.frame.personal_bytes);
}

static void a_frame_is_read_back([[maybe_unused]] void **state)
{
  for (uint64_t number = 0; number < 200; number++) {
    unsigned char bytes[1024];
    struct numbered numbered;
    struct hs_frame_view view;
    size_t length = make_frame(number, 99, bytes);
    numbered_init(&numbered, number);
    assert_int_equal(hs_frame_decode(bytes, length, 99, &view), HS_FRAME_WHOLE);
    assert_int_equal(view.header.length, length);
    assert_int_equal(view.header.sequence, 41);
    assert_int_equal(view.header.at_us, 1234567);
    assert_int_equal(view.header.batch_index, 3);
    assert_int_equal(view.header.type, numbered.frame.type);
    assert_memory_equal(view.public_data, numbered.public_data, numbered.frame.public_bytes);
    assert_int_equal(view.personal != NULL, numbered.frame.personal_bytes > 0);
    if (view.personal != NULL)
      assert_memory_equal(view.personal + PERSONAL_SALT_BYTES, numbered.personal_data,
                          numbered.frame.personal_bytes);
  }
}

static void a_frame_with_any_bit_flipped_is_not_whole([[maybe_unused]] void **state)
{
  unsigned char bytes[1024];
  size_t length = make_frame(33, 99, bytes); /* has a personal part and padding */
  for (size_t bit = 0; bit < 8 * length; bit++) {
    struct hs_frame_view view;
    bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
    assert_int_not_equal(hs_frame_decode(bytes, length, 99, &view), HS_FRAME_WHOLE);
    bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
  }
}

static void a_frame_cut_anywhere_is_not_whole([[maybe_unused]] void **state)
{
  unsigned char bytes[1024];
  size_t length = make_frame(33, 99, bytes);
  for (size_t available = 0; available < length; available++) {
    struct hs_frame_view view;
    assert_int_not_equal(hs_frame_decode(bytes, available, 99, &view), HS_FRAME_WHOLE);
    unsigned char torn[1024] = {0};
    memcpy(torn, bytes, available);
    /* A cut within the padding takes nothing away. */
    if (memcmp(torn, bytes, length) != 0)
      assert_int_not_equal(hs_frame_decode(torn, length, 99, &view), HS_FRAME_WHOLE);
  }
}

static void a_frame_of_another_segment_does_not_parse([[maybe_unused]] void **state)
{
  unsigned char bytes[1024];
  unsigned char header_bytes[SEGMENT_HEADER_BYTES];
  struct hs_segment_header old = {.number = 1, .start = {.epoch = 1, .next_sequence = 41}};
  struct hs_segment_header new = old;
  new.salt[15] = 1;
  hs_segment_header_encode(&old, header_bytes);
  hs_segment_header_encode(&new, header_bytes);
  assert_int_not_equal(old.seed, new.seed);
  struct hs_frame_view view;
  size_t length = make_frame(33, old.seed, bytes);
  assert_int_equal(hs_frame_decode(bytes, length, old.seed, &view), HS_FRAME_WHOLE);
  assert_int_equal(hs_frame_decode(bytes, length, new.seed, &view), HS_FRAME_DAMAGED);
}

static void an_erased_frame_keeps_its_checksums([[maybe_unused]] void **state)
{
  unsigned char bytes[1024];
  struct hs_frame_view before;
  struct hs_frame_view after;
  size_t length = make_frame(33, 99, bytes);
  assert_int_equal(hs_frame_decode(bytes, length, 99, &before), HS_FRAME_WHOLE);
  size_t personal = (size_t)(before.personal - bytes);
  memset(bytes + personal, 0, before.header.personal_bytes);
  assert_int_equal(hs_frame_decode(bytes, length, 99, &after), HS_FRAME_PERSONAL_DAMAGED);
  bytes[ERASED_MARK_OFFSET] = ERASED_MARK;
  assert_int_equal(hs_frame_decode(bytes, length, 99, &after), HS_FRAME_WHOLE);
  assert_true(hs_hash_equal(&before.header.running, &after.header.running));
}

static void the_same_personal_part_has_two_commitments([[maybe_unused]] void **state)
{
  unsigned char first[1024];
  unsigned char second[1024];
  static const unsigned char SALTS[2][PERSONAL_SALT_BYTES] = {{1}, {2}};
  struct numbered numbered;
  numbered_init(&numbered, 3);
  hs_frame_encode(&numbered.frame, SALTS[0], 0, 0, first);
  hs_frame_encode(&numbered.frame, SALTS[1], 0, 0, second);
  assert_memory_not_equal(first + FRAME_HEADER_BYTES, second + FRAME_HEADER_BYTES,
                          COMMITMENT_BYTES);
}

static void the_largest_frame_is_exactly_the_limit([[maybe_unused]] void **state)
{
  size_t most = HS_JOURNAL_FRAME_BYTES_MAX - FRAME_HEADER_BYTES;
  assert_int_equal(hs_frame_length(0, 0), FRAME_HEADER_BYTES);
  assert_int_equal(hs_frame_length(most, 0), HS_JOURNAL_FRAME_BYTES_MAX);
  assert_int_equal(hs_frame_length(most + 1, 0), 0);
  most -= COMMITMENT_BYTES + PERSONAL_SALT_BYTES;
  assert_int_equal(hs_frame_length(1, most - 1), HS_JOURNAL_FRAME_BYTES_MAX);
  assert_int_equal(hs_frame_length(2, most - 1), 0);
  assert_int_equal(hs_frame_length(SIZE_MAX, SIZE_MAX), 0);
}

static void a_newer_format_is_told_apart_from_damage([[maybe_unused]] void **state)
{
  unsigned char bytes[SEGMENT_HEADER_BYTES];
  struct hs_segment_header header = {.number = 3, .start = {.epoch = 2, .next_sequence = 9}};
  struct hs_segment_header back;
  struct hs_err err = {0};
  hs_segment_header_encode(&header, bytes);
  assert_ok(hs_segment_header_decode(bytes, &back, &err));
  assert_int_equal(back.number, 3);
  assert_int_equal(back.seed, header.seed);
  for (size_t i = 0; i < sizeof bytes; i++) {
    bytes[i] ^= 1;
    assert_int_not_equal(hs_segment_header_decode(bytes, &back, &err), HS_OK);
    bytes[i] ^= 1;
  }
  bytes[8] = 2;
  assert_int_equal(hs_segment_header_decode(bytes, &back, &err), HS_UNSUPPORTED);
  assert_string_equal(err.text, "its format is version 2 and this program knows up to version 1");
}

static void frame_types_have_names_and_versions([[maybe_unused]] void **state)
{
  assert_string_equal(hs_frame_type_name(HS_FRAME_TOUCH), "touch");
  assert_string_equal(hs_frame_type_name(9999), "unknown");
  assert_int_equal(hs_frame_type_version(HS_FRAME_IMPORT), 1);
  assert_int_equal(hs_frame_type_version(9999), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(crc32c_gives_the_published_values),
      cmocka_unit_test(the_table_and_the_processor_agree),
      cmocka_unit_test(a_frame_is_read_back),
      cmocka_unit_test(a_frame_with_any_bit_flipped_is_not_whole),
      cmocka_unit_test(a_frame_cut_anywhere_is_not_whole),
      cmocka_unit_test(a_frame_of_another_segment_does_not_parse),
      cmocka_unit_test(an_erased_frame_keeps_its_checksums),
      cmocka_unit_test(the_same_personal_part_has_two_commitments),
      cmocka_unit_test(the_largest_frame_is_exactly_the_limit),
      cmocka_unit_test(a_newer_format_is_told_apart_from_damage),
      cmocka_unit_test(frame_types_have_names_and_versions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
