#include "service/track/follow.h"

/* Memory for one frame's payload and what is made of it. */
#define FRAME_ARENA_BYTES (8 * HS_MIB)

enum hs_status hs_follow(struct hs_follower *follower, struct hs_programme *programme,
                         const struct hs_cursor *cursor, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  hs_programme_path(programme, "journal", path);
  *follower = (struct hs_follower){.programme = programme};
  enum hs_status status = hs_journal_tell_readers(programme->journal, err);
  if (status == HS_OK)
    status = hs_arena_init(&follower->arena, FRAME_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_journal_reader_open(programme->io, path, cursor, &follower->reader, err);
  if (status != HS_OK)
    hs_arena_release(&follower->arena);
  return status;
}

void hs_unfollow(struct hs_follower *follower)
{
  hs_journal_reader_close(follower->reader);
  hs_arena_release(&follower->arena);
}

enum hs_status hs_follow_import(struct hs_follower *follower, const struct hs_frame_read *read,
                                struct hs_import_frame *out, struct hs_err *err)
{
  struct hs_str payload = {read->frame.public_data, read->frame.public_bytes};
  hs_arena_reset(&follower->arena, 0);
  enum hs_status status =
      hs_import_frame_read(&follower->arena, read->frame.version, payload, out, err);
  if (status != HS_OK)
    hs_err_prefix(err, "journal, sequence %llu", (unsigned long long)read->cursor.sequence);
  return status;
}
