/* Segment files: their names, how one comes to be, and reading frames out of one by large reads.
   For src/journal alone. */
#ifndef HANSA_JOURNAL_SEGMENT_H
#define HANSA_JOURNAL_SEGMENT_H

#include "journal/format.h"

#define JOURNAL_PATH_BYTES 1024
#define JOURNAL_DIRECTORY_BYTES_MAX (JOURNAL_PATH_BYTES - 64)
/* A scanner's window: two frames of the largest size, so that a read always brings a whole one. */
#define SCAN_WINDOW_BYTES (2 * HS_JOURNAL_FRAME_BYTES_MAX)

void hs_segment_path(const char *directory, uint64_t number, const char *suffix,
                     char out[JOURNAL_PATH_BYTES]);

/* Takes the lock of the directory's one owner: HS_BUSY when somebody has it. Gives *out; closing it
   gives the lock back. */
[[nodiscard]] enum hs_status hs_segment_lock(const struct hs_io *io, const char *directory,
                                             hs_file *out, struct hs_err *err);

/* Which segments there are, by their names alone: highest is 0 when there is none. */
struct hs_segment_list {
  uint64_t highest;
  uint64_t count;
};
[[nodiscard]] enum hs_status hs_segment_list(const struct hs_io *io, const char *directory,
                                             struct hs_segment_list *out, struct hs_err *err);
/* HS_CORRUPT when a number between 1 and the highest is missing, with its name. */
[[nodiscard]] enum hs_status hs_segment_list_is_whole(const struct hs_io *io, const char *directory,
                                                      const struct hs_segment_list *list,
                                                      struct hs_err *err);

/* Makes a segment that is durable, name included, when this returns HS_OK: written under another
   name, synced, renamed, the directory synced. A segment therefore exists whole or not at all.
   frames (sealed with header->seed, which hs_segment_header_encode gave) follow the header.
   HS_DEAD when a sync or the rename failed: what is on disk is then unknown. Any other failure left
   nothing behind. Gives *out, open for writing. */
struct hs_segment_birth {
  struct hs_segment_header header;
  const unsigned char *frames;
  size_t frame_bytes;
  uint64_t size_bytes; /* how much of it to allocate at once */
};
[[nodiscard]] enum hs_status hs_segment_create(const struct hs_io *io, const char *directory,
                                               const struct hs_segment_birth *birth, hs_file *out,
                                               struct hs_err *err);
/* Opens a segment and reads its header; errors name the path. */
[[nodiscard]] enum hs_status hs_segment_open(const struct hs_io *io, const char *directory,
                                             uint64_t number, enum hs_open_mode mode, hs_file *out,
                                             struct hs_segment_header *header, struct hs_err *err);

/* The last segment from 1 to highest that begins at or before the sequence; segment 1 if none does.
   Reads headers, by bisection. */
[[nodiscard]] enum hs_status hs_segment_find(const struct hs_io *io, const char *directory,
                                             uint64_t highest, uint64_t sequence, uint64_t *number,
                                             struct hs_err *err);

/* Looks at one file frame by frame. The window is the caller's. */
struct hs_scanner {
  const struct hs_io *io;
  hs_file file;
  uint32_t seed;
  uint64_t offset; /* of what is looked at next */
  uint64_t limit;  /* nothing at or beyond it is looked at */
  unsigned char *window;
  uint64_t window_offset;
  size_t window_bytes;
};

/* A scanner at the segment's first frame, without a limit. window has SCAN_WINDOW_BYTES. */
struct hs_scanner hs_scanner_at(const struct hs_io *io, hs_file file, uint32_t seed,
                                unsigned char *window);
/* What stands at scanner->offset; does not move. The view lives until the next look. */
[[nodiscard]] enum hs_status hs_scanner_look(struct hs_scanner *scanner, enum hs_frame_check *check,
                                             struct hs_frame_view *view, struct hs_err *err);
/* Moves over whole frames that continue the chain, and the chain with them, until something else
   stands there. Gives what that is, and where the last commit began among the frames passed. */
struct hs_scan_end {
  enum hs_frame_check check;     /* HS_FRAME_WHOLE here means: whole, but out of sequence */
  struct hs_frame_header header; /* as hs_frame_decode fills it in */
  uint64_t commit_offset;
  uint64_t frame_count;
};
[[nodiscard]] enum hs_status hs_scanner_pass(struct hs_scanner *scanner, struct hs_chain *chain,
                                             struct hs_scan_end *end, struct hs_err *err);
/* Moves on to the next place where the header of a frame with a sequence of at least `sequence`
   stands; HS_END at the end of the file. *dirty_end (may be NULL) is moved to behind the last byte
   on the way that is not zero. */
[[nodiscard]] enum hs_status hs_scanner_find(struct hs_scanner *scanner, uint64_t sequence,
                                             struct hs_frame_header *header, uint64_t *dirty_end,
                                             struct hs_err *err);

/* Writes zeros; a failure is that of the device. */
[[nodiscard]] enum hs_status hs_zero_range(const struct hs_io *io, hs_file file, uint64_t from,
                                           uint64_t until, struct hs_err *err);

#endif
