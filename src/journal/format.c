#include "journal/format.h"

#include <endian.h>
#include <string.h>

#include "journal/crc32c.h"

static const unsigned char MAGIC[8] = {'h', 'a', 'n', 's', 'a', 'j', 'r', 'n'};

/* Offsets in a segment's header. */
enum {
  S_MAGIC = 0,
  S_VERSION = 8,
  S_HEADER_BYTES = 12,
  S_NUMBER = 16,
  S_EPOCH = 24,
  S_SEQUENCE = 32,
  S_CREATED = 40,
  S_SALT = 48,
  S_RUNNING = 64,
  S_CRC = 124,
};

/* Offsets in a frame's header. */
enum {
  F_LENGTH = 0,
  F_HEADER_CRC = 4,
  F_SEQUENCE = 8,
  F_AT = 16,
  F_BATCH_INDEX = 24,
  F_TYPE = 28,
  F_VERSION = 30,
  F_PUBLIC_BYTES = 32,
  F_PERSONAL_BYTES = 36,
  F_RUNNING = 40,
  F_BODY_CRC = 72,
};

uint32_t hs_load_u32(const unsigned char *at)
{
  uint32_t value = 0;
  memcpy(&value, at, sizeof value);
  return le32toh(value);
}

uint64_t hs_load_u64(const unsigned char *at)
{
  uint64_t value = 0;
  memcpy(&value, at, sizeof value);
  return le64toh(value);
}

void hs_store_u32(unsigned char *at, uint32_t value)
{
  value = htole32(value);
  memcpy(at, &value, sizeof value);
}

void hs_store_u64(unsigned char *at, uint64_t value)
{
  value = htole64(value);
  memcpy(at, &value, sizeof value);
}

static uint16_t load_u16(const unsigned char *at) { return (uint16_t)(at[0] | at[1] << 8); }

static void store_u16(unsigned char *at, uint16_t value)
{
  at[0] = (unsigned char)(value & 0xFF);
  at[1] = (unsigned char)(value >> 8);
}

void hs_segment_header_encode(struct hs_segment_header *header,
                              unsigned char out[SEGMENT_HEADER_BYTES])
{
  memset(out, 0, SEGMENT_HEADER_BYTES);
  memcpy(out + S_MAGIC, MAGIC, sizeof MAGIC);
  hs_store_u32(out + S_VERSION, HS_JOURNAL_FORMAT_VERSION);
  hs_store_u32(out + S_HEADER_BYTES, (uint32_t)SEGMENT_HEADER_BYTES);
  hs_store_u64(out + S_NUMBER, header->number);
  hs_store_u64(out + S_EPOCH, header->start.epoch);
  hs_store_u64(out + S_SEQUENCE, header->start.next_sequence);
  hs_store_u64(out + S_CREATED, (uint64_t)header->created_us);
  memcpy(out + S_SALT, header->salt, SEGMENT_SALT_BYTES);
  memcpy(out + S_RUNNING, header->start.running.bytes, HS_HASH_BYTES);
  header->seed = hs_crc32c(0, out, S_CRC);
  hs_store_u32(out + S_CRC, header->seed);
}

/* The version is judged before the checksum: a newer format may well keep its checksum elsewhere,
   and "newer" is what its owner needs to hear. */
enum hs_status hs_segment_header_decode(const unsigned char bytes[SEGMENT_HEADER_BYTES],
                                        struct hs_segment_header *out, struct hs_err *err)
{
  if (memcmp(bytes + S_MAGIC, MAGIC, sizeof MAGIC) != 0)
    return hs_fail(err, HS_CORRUPT, "it does not begin like a journal segment");
  uint32_t version = hs_load_u32(bytes + S_VERSION);
  if (version > HS_JOURNAL_FORMAT_VERSION)
    return hs_fail(err, HS_UNSUPPORTED,
                   "its format is version %u and this program knows up to version %d", version,
                   HS_JOURNAL_FORMAT_VERSION);
  uint32_t crc = hs_load_u32(bytes + S_CRC);
  if (version == 0 || hs_load_u32(bytes + S_HEADER_BYTES) != SEGMENT_HEADER_BYTES ||
      crc != hs_crc32c(0, bytes, S_CRC))
    return hs_fail(err, HS_CORRUPT, "the checksum of its header is wrong");
  *out = (struct hs_segment_header){
      .number = hs_load_u64(bytes + S_NUMBER),
      .start = {.epoch = hs_load_u64(bytes + S_EPOCH),
                .next_sequence = hs_load_u64(bytes + S_SEQUENCE)},
      .created_us = (int64_t)hs_load_u64(bytes + S_CREATED),
      .seed = crc,
  };
  memcpy(out->salt, bytes + S_SALT, SEGMENT_SALT_BYTES);
  memcpy(out->start.running.bytes, bytes + S_RUNNING, HS_HASH_BYTES);
  return HS_OK;
}

static size_t commitment_bytes(size_t personal_bytes)
{
  return personal_bytes > 0 ? COMMITMENT_BYTES : 0;
}

/* stored_bytes counts the salt. */
static size_t length_of(size_t public_bytes, size_t stored_bytes)
{
  size_t exact = FRAME_HEADER_BYTES + commitment_bytes(stored_bytes) + public_bytes + stored_bytes;
  return (exact + (FRAME_ALIGNMENT - 1)) & ~(FRAME_ALIGNMENT - 1);
}

size_t hs_frame_length(size_t public_bytes, size_t personal_bytes)
{
  if (public_bytes > HS_JOURNAL_FRAME_BYTES_MAX || personal_bytes > HS_JOURNAL_FRAME_BYTES_MAX)
    return 0;
  size_t stored = personal_bytes > 0 ? PERSONAL_SALT_BYTES + personal_bytes : 0;
  size_t length = length_of(public_bytes, stored);
  return length <= HS_JOURNAL_FRAME_BYTES_MAX ? length : 0;
}

static void copy(unsigned char *to, const void *from, size_t bytes)
{
  if (bytes > 0)
    memcpy(to, from, bytes);
}

void hs_frame_encode(const struct hs_frame *frame, const unsigned char *salt, int64_t at_us,
                     uint32_t batch_index, unsigned char *out)
{
  size_t stored = frame->personal_bytes > 0 ? PERSONAL_SALT_BYTES + frame->personal_bytes : 0;
  size_t length = length_of(frame->public_bytes, stored);
  memset(out, 0, FRAME_HEADER_BYTES);
  hs_store_u32(out + F_LENGTH, (uint32_t)length);
  hs_store_u64(out + F_AT, (uint64_t)at_us);
  hs_store_u32(out + F_BATCH_INDEX, batch_index);
  store_u16(out + F_TYPE, frame->type);
  store_u16(out + F_VERSION, frame->version);
  hs_store_u32(out + F_PUBLIC_BYTES, (uint32_t)frame->public_bytes);
  hs_store_u32(out + F_PERSONAL_BYTES, (uint32_t)stored);
  unsigned char *at = out + FRAME_HEADER_BYTES + commitment_bytes(stored);
  copy(at, frame->public_data, frame->public_bytes);
  at += frame->public_bytes;
  if (stored > 0) {
    copy(at, salt, PERSONAL_SALT_BYTES);
    copy(at + PERSONAL_SALT_BYTES, frame->personal_data, frame->personal_bytes);
    struct hs_hash commitment = hs_blake2b(at, stored);
    copy(out + FRAME_HEADER_BYTES, commitment.bytes, COMMITMENT_BYTES);
  }
  at += stored;
  memset(at, 0, (size_t)(out + length - at));
}

/* Over what never changes: length, the header behind its checksum, the commitment, the public part.
   The body's checksum continues the header's, so that no body fits under another header. */
static uint32_t header_crc_of(const unsigned char *frame, uint32_t seed)
{
  uint32_t crc = hs_crc32c(seed, frame + F_LENGTH, F_HEADER_CRC - F_LENGTH);
  return hs_crc32c(crc, frame + F_SEQUENCE, F_BODY_CRC - F_SEQUENCE);
}

static uint32_t body_crc_of(const unsigned char *frame, uint32_t header_crc, size_t public_bytes,
                            size_t stored_bytes)
{
  return hs_crc32c(header_crc, frame + FRAME_HEADER_BYTES,
                   commitment_bytes(stored_bytes) + public_bytes);
}

static struct hs_hash running_of(const unsigned char *frame, size_t public_bytes,
                                 size_t stored_bytes, const struct hs_hash *before)
{
  struct hs_blake2b hasher;
  hs_blake2b_init(&hasher);
  hs_blake2b_add(&hasher, before->bytes, HS_HASH_BYTES);
  hs_blake2b_add(&hasher, frame + F_SEQUENCE, F_RUNNING - F_SEQUENCE);
  hs_blake2b_add(&hasher, frame + FRAME_HEADER_BYTES,
                 commitment_bytes(stored_bytes) + public_bytes);
  return hs_blake2b_end(&hasher);
}

static void seal_as(unsigned char *frame, uint32_t seed, const struct hs_hash *running)
{
  memcpy(frame + F_RUNNING, running->bytes, HS_HASH_BYTES);
  uint32_t header_crc = header_crc_of(frame, seed);
  hs_store_u32(frame + F_HEADER_CRC, header_crc);
  hs_store_u32(frame + F_BODY_CRC,
               body_crc_of(frame, header_crc, hs_load_u32(frame + F_PUBLIC_BYTES),
                           hs_load_u32(frame + F_PERSONAL_BYTES)));
}

void hs_frame_seal(unsigned char *frame, uint32_t seed, struct hs_chain *chain)
{
  hs_store_u64(frame + F_SEQUENCE, chain->next_sequence);
  chain->running = running_of(frame, hs_load_u32(frame + F_PUBLIC_BYTES),
                              hs_load_u32(frame + F_PERSONAL_BYTES), &chain->running);
  chain->next_sequence++;
  seal_as(frame, seed, &chain->running);
}

void hs_frame_make_lost(uint64_t sequence, uint64_t next, int64_t at_us, size_t length,
                        uint32_t seed, const struct hs_hash *running, unsigned char *out)
{
  size_t public_bytes = length - FRAME_HEADER_BYTES;
  HS_ASSERT(length % FRAME_ALIGNMENT == 0 && length <= HS_JOURNAL_FRAME_BYTES_MAX);
  HS_ASSERT(next > sequence && (next == sequence + 1 || public_bytes >= sizeof next));
  memset(out, 0, length);
  hs_store_u32(out + F_LENGTH, (uint32_t)length);
  hs_store_u64(out + F_SEQUENCE, sequence);
  hs_store_u64(out + F_AT, (uint64_t)at_us);
  store_u16(out + F_TYPE, HS_FRAME_LOST);
  store_u16(out + F_VERSION, 1);
  hs_store_u32(out + F_PUBLIC_BYTES, (uint32_t)public_bytes);
  if (public_bytes > 0)
    hs_store_u64(out + FRAME_HEADER_BYTES, next);
  seal_as(out, seed, running);
}

static void load_header(const unsigned char *bytes, struct hs_frame_header *out)
{
  *out = (struct hs_frame_header){
      .length = hs_load_u32(bytes + F_LENGTH),
      .header_crc = hs_load_u32(bytes + F_HEADER_CRC),
      .sequence = hs_load_u64(bytes + F_SEQUENCE),
      .at_us = (int64_t)hs_load_u64(bytes + F_AT),
      .batch_index = hs_load_u32(bytes + F_BATCH_INDEX),
      .type = load_u16(bytes + F_TYPE),
      .version = load_u16(bytes + F_VERSION),
      .public_bytes = hs_load_u32(bytes + F_PUBLIC_BYTES),
      .personal_bytes = hs_load_u32(bytes + F_PERSONAL_BYTES),
      .body_crc = hs_load_u32(bytes + F_BODY_CRC),
      .erased_mark = hs_load_u32(bytes + ERASED_MARK_OFFSET),
  };
  memcpy(out->running.bytes, bytes + F_RUNNING, HS_HASH_BYTES);
}

/* A header whose checksum holds was written by us, but that is no reason to trust its numbers with
   the bounds of memory. */
static int lengths_agree(const struct hs_frame_header *header)
{
  size_t stored = header->personal_bytes;
  if (header->length > HS_JOURNAL_FRAME_BYTES_MAX || header->public_bytes > header->length ||
      stored > header->length || (stored > 0 && stored <= PERSONAL_SALT_BYTES))
    return 0;
  return length_of(header->public_bytes, stored) == header->length;
}

size_t hs_frame_peek(const unsigned char *bytes, uint32_t seed, struct hs_frame_header *out)
{
  uint32_t length = hs_load_u32(bytes + F_LENGTH);
  if (length < FRAME_HEADER_BYTES || length > HS_JOURNAL_FRAME_BYTES_MAX ||
      length % FRAME_ALIGNMENT != 0)
    return 0;
  if (hs_load_u32(bytes + F_HEADER_CRC) != header_crc_of(bytes, seed))
    return 0;
  load_header(bytes, out);
  return lengths_agree(out) ? length : 0;
}

static int all_zero(const unsigned char *at, size_t bytes)
{
  for (size_t i = 0; i < bytes; i++)
    if (at[i] != 0)
      return 0;
  return 1;
}

static int personal_is_whole(const struct hs_frame_view *view)
{
  const struct hs_frame_header *header = &view->header;
  if (header->personal_bytes == 0)
    return header->erased_mark == 0;
  if (header->erased_mark == ERASED_MARK)
    return 1;
  struct hs_hash hash = hs_blake2b(view->personal, header->personal_bytes);
  return header->erased_mark == 0 && memcmp(hash.bytes, view->commitment, COMMITMENT_BYTES) == 0;
}

static void find_parts(const unsigned char *bytes, struct hs_frame_view *out)
{
  size_t stored = out->header.personal_bytes;
  out->start = bytes;
  out->commitment = stored > 0 ? bytes + FRAME_HEADER_BYTES : NULL;
  out->public_data = bytes + FRAME_HEADER_BYTES + commitment_bytes(stored);
  out->personal = stored > 0 ? out->public_data + out->header.public_bytes : NULL;
}

enum hs_frame_check hs_frame_decode(const unsigned char *bytes, size_t available, uint32_t seed,
                                    struct hs_frame_view *out)
{
  if (available < sizeof(uint32_t))
    return available == 0 || all_zero(bytes, available) ? HS_FRAME_NOTHING : HS_FRAME_DAMAGED;
  if (hs_load_u32(bytes + F_LENGTH) == 0)
    return HS_FRAME_NOTHING;
  if (available < FRAME_HEADER_BYTES || hs_frame_peek(bytes, seed, &out->header) == 0)
    return HS_FRAME_DAMAGED;
  const struct hs_frame_header *header = &out->header;
  if (header->length > available ||
      header->body_crc !=
          body_crc_of(bytes, header->header_crc, header->public_bytes, header->personal_bytes))
    return HS_FRAME_BODY_DAMAGED;
  find_parts(bytes, out);
  const unsigned char *end = out->public_data + header->public_bytes + header->personal_bytes;
  if (!all_zero(end, (size_t)(bytes + header->length - end)))
    return HS_FRAME_PERSONAL_DAMAGED;
  return personal_is_whole(out) ? HS_FRAME_WHOLE : HS_FRAME_PERSONAL_DAMAGED;
}

struct hs_hash hs_frame_running(const struct hs_frame_view *view, const struct hs_hash *before)
{
  return running_of(view->start, view->header.public_bytes, view->header.personal_bytes, before);
}

uint64_t hs_frame_next_sequence(const struct hs_frame_view *view)
{
  if (view->header.type == HS_FRAME_LOST && view->header.public_bytes >= sizeof(uint64_t)) {
    uint64_t next = hs_load_u64(view->public_data);
    if (next > view->header.sequence)
      return next;
  }
  return view->header.sequence + 1;
}

static const struct {
  unsigned number;
  unsigned version;
  const char *name;
} TYPES[] = {
#define HS_FRAME_TYPE_ROW(symbol, number, version, name, words) {number, version, name},
    HS_FRAME_TYPE_TABLE(HS_FRAME_TYPE_ROW)
#undef HS_FRAME_TYPE_ROW
};

const char *hs_frame_type_name(unsigned type)
{
  for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
    if (TYPES[i].number == type)
      return TYPES[i].name;
  return "unknown";
}

unsigned hs_frame_type_version(unsigned type)
{
  for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
    if (TYPES[i].number == type)
      return TYPES[i].version;
  return 0;
}
