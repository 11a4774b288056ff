/* The journal: what reached us, in order, on disk before anybody is told so.

   One owner (process) appends; any number of threads of it may append at once and share the syncs.
   Any number of readers, in this process or in others, follow with cursors and see only what is
   durable. Everything goes through struct hs_io, so that the whole journal runs on a simulated disk
   too. README.md draws the bytes; the essay at the head of journal.c argues why they are safe. */
#ifndef HANSA_JOURNAL_JOURNAL_H
#define HANSA_JOURNAL_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/io.h"
#include "base/status.h"
#include "journal/frame_types.h"

#define HS_JOURNAL_FORMAT_VERSION 1
/* The most that one frame may take on disk, its 80 bytes of header included. */
#define HS_JOURNAL_FRAME_BYTES_MAX HS_MIB

/* What an append takes; everything is borrowed for the call. */
struct hs_frame {
  uint16_t type;           /* enum hs_frame_type, HS_FRAME_FIRST_OF_SERVICE or more */
  uint16_t version;        /* of the type's encoding, 1 or more */
  const void *public_data; /* pseudonyms only: this part can never be erased */
  size_t public_bytes;
  const void *personal_data; /* what hs_journal_erase can take away; NULL when there is none */
  size_t personal_bytes;
};

enum hs_journal_start {
  HS_JOURNAL_MUST_EXIST, /* HS_NOT_FOUND when the directory holds no journal */
  HS_JOURNAL_CREATE,     /* makes the directory and an empty journal when there is none */
};

enum hs_journal_check {
  HS_JOURNAL_CHECK_ALL,  /* every frame of every segment is checked before the journal opens */
  HS_JOURNAL_CHECK_TAIL, /* headers of all segments and every frame of the last: for an owner that
                            must be back at once; readers check the rest as they read it */
};

struct hs_journal_options {
  enum hs_journal_start start;
  enum hs_journal_check check;
  uint64_t segment_bytes; /* a new segment is begun beyond it; 0 for 64 MiB; 4 KiB to 1 TiB */
  size_t queue_bytes;     /* memory for frames that wait, half of it under way to disk; 0 for 8 MiB;
                             2 KiB or more, at most segment_bytes */
};

/* How far the journal is on disk. */
struct hs_journal_position {
  struct hs_cursor cursor; /* the last durable frame */
  uint64_t segment;        /* the segment that holds the end */
  uint64_t offset_bytes;   /* where in it the next frame will begin: a backup copies up to here */
};

/* What an append came to. */
struct hs_receipt {
  uint64_t epoch;
  uint64_t sequence; /* of the first frame of the call; the others follow without a gap */
  int64_t at_us;     /* when the journal took the frames, by the clock of io */
};

struct hs_journal;

/* Opens the journal in directory, locks it, checks it, cuts a torn tail and makes what is left
   durable. `options` may be NULL for all defaults. The journal borrows io and gives back *out;
   memory is its own arena of queue_bytes and some 2 MiB.
   HS_BUSY: somebody else has it open. HS_NOT_FOUND: no journal there. HS_UNSUPPORTED: written by a
   newer format. HS_CORRUPT: a frame or a segment is damaged or missing although it had been
   acknowledged; the text names segment, offset and sequence, nothing was changed, and
   hs_journal_repair is the way out. HS_IO, HS_FULL, HS_NOMEM, HS_INVALID (options). */
[[nodiscard]] enum hs_status hs_journal_open(const struct hs_io *io, const char *directory,
                                             const struct hs_journal_options *options,
                                             struct hs_journal **out, struct hs_err *err);
/* Nobody may be appending any more. Frames that were staged and never committed are dropped.
   Accepts NULL. */
void hs_journal_close(struct hs_journal *journal);

/* Appends and returns when the frames are durable, or not at all. From any thread.
   HS_OK is the only acknowledgement; *receipt (may be NULL) is then filled in. The frames of one
   call stand next to each other, in order; they are acknowledged together, but a crash before that
   may leave a first part of them.
   HS_BUSY: the queue is full, nothing was taken, try later. HS_FULL, HS_IO: the device refused to
   write; these frames are not in the journal, and later appends may succeed. (On a file system
   that finds no room even to overwrite, a crash before the next success may bring them back.)
   HS_DEAD: a sync failed now or earlier; whether the frames survive is unknown, nothing more will
   be acknowledged until the journal is opened again. HS_INVALID: a frame is too large, or its type
   or version is not for callers; nothing was taken. Within one call that is stopped, nothing is
   acknowledged. */
[[nodiscard]] enum hs_status hs_journal_append(struct hs_journal *journal,
                                               const struct hs_frame *frame,
                                               struct hs_receipt *receipt, struct hs_err *err);
/* count is 1 or more. All of them must fit half the queue together: HS_INVALID otherwise. */
[[nodiscard]] enum hs_status hs_journal_append_batch(struct hs_journal *journal,
                                                     const struct hs_frame *frames, size_t count,
                                                     struct hs_receipt *receipt,
                                                     struct hs_err *err);

/* The same in two steps, without threads, for simulation and for whoever has a loop of its own:
   stage takes frames into the queue (and acknowledges nothing), commit makes all that is staged
   durable by one sync. Not to be mixed with appends from other threads. commit with nothing staged
   is HS_OK with a count of 0. After any failure of commit the staged frames are gone. */
struct hs_committed {
  struct hs_receipt first;
  uint32_t frame_count;
};
[[nodiscard]] enum hs_status hs_journal_stage(struct hs_journal *journal,
                                              const struct hs_frame *frames, size_t count,
                                              struct hs_err *err);
[[nodiscard]] enum hs_status hs_journal_commit(struct hs_journal *journal,
                                               struct hs_committed *committed, struct hs_err *err);

/* From any thread. */
struct hs_journal_position hs_journal_position(struct hs_journal *journal);

/* Tells readers again how far the journal is on disk when the device refused that after the last
   commit; nothing otherwise. For an owner whose own reader is to see what it has just appended.
   HS_IO or HS_FULL when it is refused again. From any thread. */
[[nodiscard]] enum hs_status hs_journal_tell_readers(struct hs_journal *journal,
                                                     struct hs_err *err);

/* Begins a new epoch in a new segment: to be called once after a backup was put back, so that
   cursors of what was written after that backup are told apart. The epoch's first frame is an
   HS_FRAME_EPOCH. Failures as hs_journal_append. */
[[nodiscard]] enum hs_status hs_journal_new_epoch(struct hs_journal *journal, struct hs_err *err);

/* Zeroes the personal parts of the frames with these sequences, in rising order without
   repetition, and returns when the zeros are durable. The public parts, the checksums and the
   running hash stay valid. Frames without a personal part, and those erased already, are fine.
   HS_NOT_FOUND names a sequence that the journal does not hold. After any answer but HS_OK, run it
   again. Costs a read of each segment that is touched, and two syncs for each. From any thread. */
[[nodiscard]] enum hs_status hs_journal_erase(struct hs_journal *journal, const uint64_t *sequences,
                                              size_t count, struct hs_err *err);

/* ---- reading ---- */

enum hs_personal {
  HS_PERSONAL_NONE,    /* the frame never had one */
  HS_PERSONAL_PRESENT, /* checked against the commitment of the header */
  HS_PERSONAL_ERASED,
};

/* A frame as it was stored. The bytes live until the next call on the reader. */
struct hs_frame_read {
  struct hs_cursor cursor; /* the place after this frame: keep it with what you write */
  int64_t at_us;           /* when the journal took it */
  enum hs_personal personal;
  struct hs_frame frame; /* personal_data is NULL unless HS_PERSONAL_PRESENT */
};

struct hs_journal_reader;

/* Opens a reader behind the cursor; NULL or the zero cursor is the start. Works in any process, as
   long as the journal's owner has opened it since the machine started: how far it may read stands
   in the file `durable`, which the owner writes after each sync. A reader belongs to one thread.
   HS_CONFLICT: the journal does not hold that cursor (it is of another journal, another epoch, or
   beyond the end); the text says which. HS_NOT_FOUND: no journal there. HS_CORRUPT, HS_IO,
   HS_NOMEM. */
[[nodiscard]] enum hs_status hs_journal_reader_open(const struct hs_io *io, const char *directory,
                                                    const struct hs_cursor *cursor,
                                                    struct hs_journal_reader **out,
                                                    struct hs_err *err);
void hs_journal_reader_close(struct hs_journal_reader *reader); /* accepts NULL */
/* The next durable frame. HS_END: there is none yet. HS_CORRUPT: segment, offset and sequence of
   the damage; the reader stays where it is. A frame of type HS_FRAME_LOST stands for sequences that
   a repair could not save. */
[[nodiscard]] enum hs_status hs_journal_reader_next(struct hs_journal_reader *reader,
                                                    struct hs_frame_read *out, struct hs_err *err);
/* Waits until there is a next frame; HS_END when the time ran out first. */
[[nodiscard]] enum hs_status hs_journal_reader_wait(struct hs_journal_reader *reader,
                                                    int64_t timeout_us, struct hs_err *err);

/* ---- checking and mending a journal that nobody has open ---- */

struct hs_journal_report {
  uint64_t segment_count;
  uint64_t frame_count;
  uint64_t byte_count;          /* of frames */
  uint64_t damage_count;        /* places that were mended */
  uint64_t lost_sequence_count; /* sequences that no frame can be given for any more */
  uint64_t dropped_bytes;       /* written aside */
  uint64_t first_lost_sequence; /* 0 when none was lost */
  char aside[512];              /* the file that holds what was dropped; empty when nothing was */
};

/* Reads everything and recomputes every checksum, commitment and the chain of running hashes;
   changes nothing. HS_CORRUPT at the first damage, with its place. */
[[nodiscard]] enum hs_status hs_journal_verify(const struct hs_io *io, const char *directory,
                                               struct hs_journal_report *report,
                                               struct hs_err *err);
/* Makes a damaged journal one that opens, giving up as little as possible: every frame that can
   still be read stays, at its sequence. A damaged place becomes one frame HS_FRAME_LOST that stands
   for the sequences between its neighbours; a damaged personal part is erased. What was overwritten
   is written aside first, to a file in the journal's directory. Never called by the program on its
   own. A journal without damage is left untouched. */
[[nodiscard]] enum hs_status hs_journal_repair(const struct hs_io *io, const char *directory,
                                               struct hs_journal_report *report,
                                               struct hs_err *err);

#endif
