/* The bytes of a journal, and nothing that does input or output. All numbers are little-endian;
   README.md draws the layout. For src/journal alone. */
#ifndef HANSA_JOURNAL_FORMAT_H
#define HANSA_JOURNAL_FORMAT_H

#include "base/hash.h"
#include "journal/journal.h"

#define SEGMENT_HEADER_BYTES ((size_t)128)
#define SEGMENT_SALT_BYTES ((size_t)16)
#define FRAME_HEADER_BYTES ((size_t)80)
#define FRAME_ALIGNMENT ((size_t)8)
#define PERSONAL_SALT_BYTES ((size_t)16)
#define COMMITMENT_BYTES ((size_t)HS_HASH_BYTES)
/* Where a frame says that its personal part was erased: the only byte of the public part that may
   change, hence outside the checksum; the three bytes behind it are zero. A single byte, because
   that cannot be written by half. */
#define ERASED_MARK_OFFSET ((size_t)76)
#define ERASED_MARK ((unsigned char)0xE5)

/* Where the history stands: the next frame gets next_sequence and its running hash continues
   `running`. */
struct hs_chain {
  uint64_t epoch;
  uint64_t next_sequence;
  struct hs_hash running;
};

struct hs_segment_header {
  uint64_t number;
  struct hs_chain start; /* of the segment's first frame */
  int64_t created_us;
  unsigned char salt[SEGMENT_SALT_BYTES];
  /* Every checksum in the segment continues from this number, which depends on all of the above:
     bytes that an older file left on the device do not parse here. */
  uint32_t seed;
};

/* Fills in header->seed as well. */
void hs_segment_header_encode(struct hs_segment_header *header,
                              unsigned char out[SEGMENT_HEADER_BYTES]);
/* HS_CORRUPT or HS_UNSUPPORTED; the caller puts the path in front. */
[[nodiscard]] enum hs_status
hs_segment_header_decode(const unsigned char bytes[SEGMENT_HEADER_BYTES],
                         struct hs_segment_header *out, struct hs_err *err);

struct hs_frame_header {
  uint32_t length; /* of the whole frame, a multiple of FRAME_ALIGNMENT */
  uint32_t header_crc;
  uint64_t sequence;
  int64_t at_us;
  uint32_t batch_index; /* how many frames stand before it under the same sync */
  uint16_t type;
  uint16_t version;
  uint32_t public_bytes;
  uint32_t personal_bytes; /* 0, or the salt and what it hides */
  struct hs_hash running;  /* over all frames up to this one */
  uint32_t body_crc;
  uint32_t erased_mark;
};

/* A frame where it lies. The pointers are into the bytes that were decoded. */
struct hs_frame_view {
  struct hs_frame_header header;
  const unsigned char *start;
  const unsigned char *commitment; /* NULL without a personal part */
  const unsigned char *public_data;
  const unsigned char *personal; /* salt first; NULL without one */
};

/* What stands at a place, ordered by how far it could be understood. */
enum hs_frame_check {
  HS_FRAME_NOTHING,      /* a length of zero: here the frames end */
  HS_FRAME_DAMAGED,      /* not even a header */
  HS_FRAME_BODY_DAMAGED, /* the header is whole, the public part is not */
  HS_FRAME_PERSONAL_DAMAGED,
  HS_FRAME_WHOLE,
};

/* The bytes a frame takes on disk, or 0 when it may not be that large. */
[[nodiscard]] size_t hs_frame_length(size_t public_bytes, size_t personal_bytes);
/* Writes everything but what hs_frame_seal adds. out has hs_frame_length bytes; salt has
   PERSONAL_SALT_BYTES and is used only with a personal part. */
void hs_frame_encode(const struct hs_frame *frame, const unsigned char *salt, int64_t at_us,
                     uint32_t batch_index, unsigned char *out);
/* Gives an encoded frame its place in the history and its checksums; moves the chain on. Can be
   done again with another chain or seed. */
void hs_frame_seal(unsigned char *frame, uint32_t seed, struct hs_chain *chain);
/* The frame of a repair: stands for the sequences from `sequence` up to, not including, next.
   length is at least FRAME_HEADER_BYTES, with 8 more when more than one sequence is lost, and a
   multiple of FRAME_ALIGNMENT. */
void hs_frame_make_lost(uint64_t sequence, uint64_t next, int64_t at_us, size_t length,
                        uint32_t seed, const struct hs_hash *running, unsigned char *out);
/* Looks at what stands at bytes; never reads beyond `available`, and a frame that claims to go on
   beyond it is HS_FRAME_DAMAGED or HS_FRAME_BODY_DAMAGED. *out is filled in as far as the answer
   says: the header from HS_FRAME_BODY_DAMAGED on. */
[[nodiscard]] enum hs_frame_check hs_frame_decode(const unsigned char *bytes, size_t available,
                                                  uint32_t seed, struct hs_frame_view *out);
/* The running hash that the frame should carry after `before`. */
struct hs_hash hs_frame_running(const struct hs_frame_view *view, const struct hs_hash *before);
/* The sequence that follows the frame: one more, or behind the gap that a lost frame stands for. */
[[nodiscard]] uint64_t hs_frame_next_sequence(const struct hs_frame_view *view);
/* Just the length of the frame that a header of FRAME_HEADER_BYTES announces; 0 when the header is
   not whole. */
[[nodiscard]] size_t hs_frame_peek(const unsigned char *bytes, uint32_t seed,
                                   struct hs_frame_header *out);

uint32_t hs_load_u32(const unsigned char *at);
uint64_t hs_load_u64(const unsigned char *at);
void hs_store_u32(unsigned char *at, uint32_t value);
void hs_store_u64(unsigned char *at, uint64_t value);

#endif
