#include "service/track/repair.h"

#include <stdio.h>
#include <string.h>

#include "service/kept_file.h"
#include "service/track/import_frame.h"

#define FRAME_ARENA_BYTES (8 * HS_MIB)

static void note_damaged(struct hs_check_result *result, struct hs_str hash)
{
  if (result->kept_damaged++ == 0)
    (void)snprintf(result->first_damaged, sizeof result->first_damaged, "imports/%.*s.parquet",
                   HS_STR_ARG(hash));
}

static enum hs_status check_kept(struct hs_programme *programme, struct hs_arena *arena,
                                 const struct hs_frame_read *read, struct hs_check_result *result,
                                 struct hs_err *err)
{
  struct hs_import_frame import;
  hs_arena_reset(arena, 0);
  enum hs_status status = hs_import_frame_read(
      arena, read->frame.version,
      (struct hs_str){read->frame.public_data, read->frame.public_bytes}, &import, err);
  if (status != HS_OK)
    return status;
  status = hs_kept_file_check(programme, import.file_hash, err);
  if (status == HS_CORRUPT)
    note_damaged(result, import.file_hash);
  else if (status == HS_OK)
    result->kept_count++;
  else
    return status;
  return HS_OK;
}

static enum hs_status check_all_kept(struct hs_programme *programme, const char *path,
                                     struct hs_check_result *result, struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_journal_reader *reader = NULL;
  struct hs_frame_read read;
  enum hs_status status = hs_arena_init(&arena, FRAME_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_journal_reader_open(programme->io, path, NULL, &reader, err);
  while (status == HS_OK && (status = hs_journal_reader_next(reader, &read, err)) == HS_OK)
    if (read.frame.type == HS_FRAME_IMPORT)
      status = check_kept(programme, &arena, &read, result, err);
  hs_journal_reader_close(reader);
  hs_arena_release(&arena);
  return status == HS_END ? HS_OK : status;
}

enum hs_status hs_directory_check(const struct hs_wiring *wiring, const char *directory,
                                  struct hs_check_result *out, struct hs_err *err)
{
  struct hs_programme programme;
  char path[HS_PATH_BYTES];
  *out = (struct hs_check_result){0};
  enum hs_status status = hs_programme_claim(wiring, directory, &programme, err);
  if (status != HS_OK)
    return status;
  hs_programme_path(&programme, "journal", path);
  status = hs_programme_find_book(&programme, err);
  if (status == HS_OK)
    status = hs_journal_verify(programme.io, path, &out->journal, err);
  /* Readers follow only what an owner has found durable. */
  if (status == HS_OK)
    status = hs_journal_open(programme.io, path, NULL, &programme.journal, err);
  if (status == HS_OK)
    status = check_all_kept(&programme, path, out, err);
  hs_programme_close(&programme);
  if (status == HS_OK && out->kept_damaged > 0)
    return hs_fail(err, HS_CORRUPT,
                   "%llu kept %s damaged or gone, %s among them; put them back from a backup",
                   (unsigned long long)out->kept_damaged,
                   hs_plural(out->kept_damaged, "import is", "imports are"), out->first_damaged);
  return status;
}

enum hs_status hs_directory_repair(const struct hs_wiring *wiring, const char *directory,
                                   struct hs_journal_report *out, struct hs_err *err)
{
  struct hs_programme programme;
  char path[HS_PATH_BYTES];
  enum hs_status status = hs_programme_claim(wiring, directory, &programme, err);
  if (status != HS_OK)
    return status;
  hs_programme_path(&programme, "journal", path);
  status = hs_journal_repair(programme.io, path, out, err);
  hs_programme_close(&programme);
  return status;
}
