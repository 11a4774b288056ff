/* A place in the journal, as readers keep it in the same transaction as what they wrote:
   "everything up to and with this frame is in". The running hash ties it to one history: a cursor
   of another journal, or of one that was restored from a backup, is told apart even when the
   numbers agree. The zero value is the place before the first frame. */
#ifndef HANSA_BASE_CURSOR_H
#define HANSA_BASE_CURSOR_H

#include <stdint.h>

#define HS_CURSOR_HASH_BYTES 32

struct hs_cursor {
  uint64_t epoch;                           /* counts restores; 0 only in the zero value */
  uint64_t sequence;                        /* of the last frame that is in; 0 is none */
  unsigned char hash[HS_CURSOR_HASH_BYTES]; /* over all frames up to it */
};

#endif
