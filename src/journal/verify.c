/* Reading everything and believing nothing: beyond what an opening checks, the chain of running
   hashes is computed anew. */
#include "journal/verify.h"

#include <inttypes.h>
#include <string.h>

struct verification {
  const struct hs_io *io;
  const char *directory;
  unsigned char *window;
  struct hs_chain chain;
  int follows_lost; /* the hash before the next frame is one that nobody has any more */
  struct hs_journal_report report;
};

static enum hs_status wrong(const struct verification *verification, uint64_t number,
                            uint64_t offset, const char *why, struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  hs_segment_path(verification->directory, number, "", path);
  return hs_fail(err, HS_CORRUPT,
                 "%s is damaged at offset %" PRIu64 ", where sequence %" PRIu64 " should stand: %s",
                 path, offset, verification->chain.next_sequence, why);
}

static int continues_chain(const struct verification *verification,
                           const struct hs_frame_view *view)
{
  if (view->header.type == HS_FRAME_LOST || verification->follows_lost)
    return 1;
  struct hs_hash running = hs_frame_running(view, &verification->chain.running);
  return hs_hash_equal(&running, &view->header.running);
}

/* The frames that are whole and in place; *why is what is wrong with the first that is not, or
   NULL where the frames end. */
static enum hs_status pass_frames(struct verification *verification, uint64_t number,
                                  struct hs_scanner *scanner, const char **why, struct hs_err *err)
{
  for (;;) {
    enum hs_frame_check check = HS_FRAME_NOTHING;
    struct hs_frame_view view;
    enum hs_status status = hs_scanner_look(scanner, &check, &view, err);
    if (status != HS_OK)
      return status;
    *why = check == HS_FRAME_NOTHING ? NULL : "the frame is not whole";
    if (check != HS_FRAME_WHOLE)
      return HS_OK;
    *why = "another sequence stands there";
    if (view.header.sequence != verification->chain.next_sequence)
      return HS_OK;
    if (!continues_chain(verification, &view))
      return wrong(verification, number, scanner->offset, "the running hash is wrong", err);
    verification->follows_lost = view.header.type == HS_FRAME_LOST;
    verification->chain.next_sequence = hs_frame_next_sequence(&view);
    verification->chain.running = view.header.running;
    verification->report.frame_count++;
    verification->report.byte_count += view.header.length;
    scanner->offset += view.header.length;
  }
}

static enum hs_status verify_file(struct verification *verification, uint64_t number, int is_last,
                                  hs_file file, const struct hs_segment_header *header,
                                  struct hs_err *err)
{
  struct hs_scanner scanner =
      hs_scanner_at(verification->io, file, header->seed, verification->window);
  const char *why = NULL;
  int found = 0;
  struct hs_frame_header later;
  verification->chain = header->start;
  enum hs_status status = pass_frames(verification, number, &scanner, &why, err);
  if (status != HS_OK)
    return status;
  uint64_t offset = scanner.offset;
  if (!is_last)
    return why == NULL ? HS_OK : wrong(verification, number, offset, why, err);
  status = hs_tail_evidence(&scanner, verification->chain.next_sequence, &found, &later, NULL, err);
  if (status == HS_OK && found)
    return wrong(verification, number, offset, "valid frames follow it", err);
  return status;
}

static enum hs_status verify_segment(struct verification *verification, uint64_t number,
                                     int is_last, struct hs_err *err)
{
  hs_file file = -1;
  struct hs_segment_header header;
  enum hs_status status = hs_segment_open(verification->io, verification->directory, number,
                                          HS_OPEN_READ, &file, &header, err);
  if (status != HS_OK)
    return status;
  status = hs_segment_continues(&header, &verification->chain, err);
  if (status != HS_OK)
    hs_err_prefix(err, "segment %" PRIu64, number);
  else
    status = verify_file(verification, number, is_last, file, &header, err);
  verification->io->close(verification->io->self, file);
  return status;
}

enum hs_status hs_verify_all(const struct hs_io *io, const char *directory, unsigned char *window,
                             struct hs_journal_report *report, struct hs_err *err)
{
  struct verification verification = {
      .io = io, .directory = directory, .window = window, .chain = hs_chain_start()};
  struct hs_segment_list list;
  enum hs_status status = hs_segment_list(io, directory, &list, err);
  if (status == HS_OK && list.highest == 0)
    return hs_fail(err, HS_NOT_FOUND, "%s holds no journal", directory);
  if (status == HS_OK)
    status = hs_segment_list_is_whole(io, directory, &list, err);
  for (uint64_t number = 1; status == HS_OK && number <= list.highest; number++)
    status = verify_segment(&verification, number, number == list.highest, err);
  if (status == HS_OK)
    status = hs_check_watermark(io, directory, &verification.chain, NULL, err);
  if (status != HS_OK)
    return status;
  verification.report.segment_count = list.count;
  *report = verification.report;
  return HS_OK;
}

enum hs_status hs_journal_verify(const struct hs_io *io, const char *directory,
                                 struct hs_journal_report *report, struct hs_err *err)
{
  struct hs_arena arena = {0};
  hs_file lock = -1;
  if (strlen(directory) > JOURNAL_DIRECTORY_BYTES_MAX)
    return hs_fail(err, HS_INVALID, "the journal's directory has too long a path");
  enum hs_status status = hs_arena_init(&arena, SCAN_WINDOW_BYTES, err);
  if (status != HS_OK)
    return status;
  status = hs_segment_lock(io, directory, &lock, err);
  if (status == HS_OK)
    status = hs_verify_all(io, directory, arena.base, report, err);
  io->close(io->self, lock);
  hs_arena_release(&arena);
  return status;
}
