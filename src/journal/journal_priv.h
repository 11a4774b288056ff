/* The open journal: one state machine that has no threads in it (stage, then commit), and a front
   that shares it among many. For src/journal alone.

   Two kinds of state. What many threads touch stands under the mutex: the batch that is being
   filled, who waits for what, how far the journal is durable. What belongs to the disk stands
   behind the lead: at most one thread has it at a time, and it works without the mutex, so that
   others go on filling the next batch while it waits for the device. */
#ifndef HANSA_JOURNAL_JOURNAL_PRIV_H
#define HANSA_JOURNAL_JOURNAL_PRIV_H

#include <pthread.h>

#include "base/bell.h"
#include "journal/recovery.h"

struct hs_journal_waiter;

/* Frames on their way: filled under the mutex, then written by whoever has the lead. */
struct hs_journal_batch {
  unsigned char *bytes;
  size_t used_bytes;
  uint32_t frame_count;
  int64_t at_us;         /* of its first frame */
  struct hs_chain start; /* the history that its frames were sealed to continue */
  struct hs_chain end;   /* and the history with them; the same as start while it is empty */
  struct hs_journal_waiter *waiters;
  struct hs_bell decided; /* for those whose frames are in it */
};

struct hs_journal {
  struct hs_arena arena;
  const struct hs_io *io;
  char *directory;
  uint64_t segment_bytes;
  size_t batch_bytes;
  hs_file lock_file;
  hs_file watermark_file;

  /* under the mutex */
  pthread_mutex_t mutex;
  pthread_cond_t lead_is_free; /* for those who want the lead and have nothing staged */
  int has_leader;
  int is_dead;
  char death[512]; /* why */
  struct hs_journal_batch batches[2];
  struct hs_journal_batch *staging; /* one of them; the other is empty or under way */
  uint32_t staged_seed;             /* of the segment that staged frames will go to */
  struct hs_journal_position position;

  /* the leader's */
  struct hs_journal_end end;
  uint64_t allocated_bytes; /* of the last segment */
  uint64_t dirty_until;     /* a failed write may have left bytes from end.offset up to here; 0 is
                               none */
  unsigned char *window;    /* SCAN_WINDOW_BYTES */
  int is_untold;            /* the watermark could not be written */
};

/* A thread that appends, until its batch is decided; on its stack. */
struct hs_journal_waiter {
  struct hs_journal_waiter *next;
  uint32_t batch_index; /* of its first frame */
  int64_t at_us;
  atomic_int is_decided;
  enum hs_status status;
  struct hs_receipt receipt;
  struct hs_err *err;
};

/* Under the mutex: waits for the lead and takes it; gives it back, with what it came to, waking
   whoever can go on. After hs_journal_release_lead with HS_DEAD the journal is dead. */
void hs_journal_take_lead(struct hs_journal *journal);
void hs_journal_release_lead(struct hs_journal *journal, enum hs_status status,
                             const struct hs_err *err);
/* HS_DEAD with the reason, when it is. Under the mutex. */
[[nodiscard]] enum hs_status hs_journal_is_alive(const struct hs_journal *journal,
                                                 struct hs_err *err);

struct hs_journal_position hs_journal_end_position(const struct hs_journal_end *end);

/* With the lead: makes the batch durable, or not at all. */
[[nodiscard]] enum hs_status hs_journal_write_batch(struct hs_journal *journal,
                                                    struct hs_journal_batch *batch,
                                                    struct hs_err *err);
/* With the lead: a new segment whose first frame opens the epoch. */
[[nodiscard]] enum hs_status hs_journal_begin_epoch(struct hs_journal *journal, uint64_t epoch,
                                                    struct hs_err *err);
/* Gives the batch's frames their sequences, running hashes and checksums, from its start on. */
void hs_journal_seal_batch(struct hs_journal_batch *batch, uint32_t seed);

#endif
