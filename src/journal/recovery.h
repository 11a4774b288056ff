/* Where a journal ends, found by reading it. For src/journal alone. */
#ifndef HANSA_JOURNAL_RECOVERY_H
#define HANSA_JOURNAL_RECOVERY_H

#include "journal/segment.h"

struct hs_recovery {
  const struct hs_io *io;
  const char *directory;
  enum hs_journal_check check;
  unsigned char *window; /* SCAN_WINDOW_BYTES */
};

/* The end of a journal, ready to be written on. */
struct hs_journal_end {
  struct hs_chain chain;
  struct hs_segment_header header; /* of the last segment */
  hs_file file;                    /* the last segment, open for writing */
  uint64_t offset;                 /* where the next frame goes */
};

/* Reads the segments in order, refuses what hs_journal_open's contract refuses, cuts the torn tail
   and makes the rest durable. The list names at least one segment. Gives out->file. */
[[nodiscard]] enum hs_status hs_recover(const struct hs_recovery *recovery,
                                        const struct hs_segment_list *list,
                                        struct hs_journal_end *out, struct hs_err *err);

/* Whether the header of segment `number` continues what stood before it; errors do not name the
   path. */
[[nodiscard]] enum hs_status hs_segment_continues(const struct hs_segment_header *header,
                                                  const struct hs_chain *chain, struct hs_err *err);
/* HS_CORRUPT when the journal was durable beyond the chain's end, by its watermark; *durable (may
   be NULL) gets the watermark's cursor, zero without one. */
[[nodiscard]] enum hs_status hs_check_watermark(const struct hs_io *io, const char *directory,
                                                const struct hs_chain *chain,
                                                struct hs_cursor *durable, struct hs_err *err);
/* The history before the first frame of all. */
struct hs_chain hs_chain_start(void);
/* Whether what stands behind the scanner's place shows that the frame of sequence `sequence`,
   missing there, had been durable: the header of a frame whose commit began after it. Moves the
   scanner. *found is 1 with the header, or 0; dirty_end as for hs_scanner_find. */
[[nodiscard]] enum hs_status hs_tail_evidence(struct hs_scanner *scanner, uint64_t sequence,
                                              int *found, struct hs_frame_header *header,
                                              uint64_t *dirty_end, struct hs_err *err);

#endif
