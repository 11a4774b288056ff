/* Going along the journal from a reader's cursor, frame by frame. */
#ifndef HANSA_SERVICE_TRACK_FOLLOW_H
#define HANSA_SERVICE_TRACK_FOLLOW_H

#include "service/programme.h"
#include "service/track/import_frame.h"

struct hs_follower {
  struct hs_programme *programme;
  struct hs_arena arena; /* for what is made of one frame */
  struct hs_journal_reader *reader;
};

/* Behind the cursor; from the start when it is NULL or zero. HS_CONFLICT when the journal does not
   hold it. */
[[nodiscard]] enum hs_status hs_follow(struct hs_follower *follower, struct hs_programme *programme,
                                       const struct hs_cursor *cursor, struct hs_err *err);
/* Accepts the zero value. */
void hs_unfollow(struct hs_follower *follower);

/* The payload of the HS_FRAME_IMPORT that was just read; texts live until the next call. */
[[nodiscard]] enum hs_status hs_follow_import(struct hs_follower *follower,
                                              const struct hs_frame_read *read,
                                              struct hs_import_frame *out, struct hs_err *err);

#endif
