#include "intake/blocks.h"

#include <string.h>

/* Of a record that is too long: as much as a reject shows. */
#define SHOWN_BYTES ((size_t)256)

/* What a block may hold: an unfinished record that is about to be too long, what was read behind
   it, and one read more behind what is shown of one that was. */
static size_t data_bytes(const struct hs_blocks_limits *limits)
{
  return limits->record_bytes_max + 2 * limits->read_bytes + limits->peek_bytes;
}

static enum hs_status read_more(struct hs_blocks *blocks, char *data, size_t *length, size_t bytes,
                                struct hs_err *err)
{
  while (bytes > 0 && !blocks->is_at_end) {
    size_t done = 0;
    enum hs_status status = hs_source_read(blocks->source, data + *length, bytes, &done, err);
    if (status != HS_OK)
      return status;
    blocks->is_at_end = done == 0;
    *length += done;
    bytes -= done;
  }
  return HS_OK;
}

enum hs_status hs_blocks_open(struct hs_arena *arena, struct hs_source *source,
                              const struct hs_blocks_limits *limits, struct hs_blocks *out,
                              struct hs_err *err)
{
  HS_ASSERT(limits->peek_bytes >= 3 && limits->read_bytes > 0 && limits->record_bytes_max > 0);
  struct hs_blocks blocks = {
      .source = source, .limits = *limits, .line = 1, .row = 1, .record_bytes = 1};
  blocks.kept = hs_arena_alloc_raw(arena, data_bytes(limits), 1);
  if (blocks.kept == NULL)
    return hs_arena_full(arena, "reading a file in blocks", err);
  enum hs_status status =
      read_more(&blocks, blocks.kept, &blocks.kept_bytes, limits->peek_bytes, err);
  if (status != HS_OK)
    return status;
  if (blocks.kept_bytes >= 3 && memcmp(blocks.kept, "\xEF\xBB\xBF", 3) == 0) {
    blocks.kept_bytes -= 3;
    memmove(blocks.kept, blocks.kept + 3, blocks.kept_bytes);
  }
  *out = blocks;
  return HS_OK;
}

size_t hs_block_bytes_max(const struct hs_blocks *blocks) { return data_bytes(&blocks->limits); }

enum hs_status hs_block_init(struct hs_arena *arena, const struct hs_blocks *blocks,
                             struct hs_block *out, struct hs_err *err)
{
  *out = (struct hs_block){.data = hs_arena_alloc_raw(arena, data_bytes(&blocks->limits), 1),
                           .records =
                               hs_arena_alloc_raw(arena, HS_BATCH_ROWS, sizeof(struct hs_record))};
  return out->data == NULL || out->records == NULL ? hs_arena_full(arena, "a block of a file", err)
                                                   : HS_OK;
}

static int find_record(const struct hs_blocks *blocks, struct hs_str data, int is_at_end,
                       struct hs_csv_extent *out)
{
  return blocks->form == HS_RECORD_CSV ? hs_csv_find_row(data, is_at_end, blocks->delimiter, out)
                                       : hs_csv_find_line(data, is_at_end, out);
}

static int is_blank(const struct hs_blocks *blocks, const char *text, size_t length)
{
  return length == 0 ||
         (blocks->form == HS_RECORD_LINE && hs_str_trim((struct hs_str){text, length}).length == 0);
}

/* A block under construction: data[0, at) is cut, data[at, length) is not. */
struct cut {
  struct hs_blocks *blocks;
  struct hs_block *block;
  size_t record_count_max;
  size_t at, length;
  int is_full; /* nothing more goes into it */
};

static void add_record(struct cut *cut, const struct hs_csv_extent *extent)
{
  struct hs_block *block = cut->block;
  block->records[block->record_count++] =
      (struct hs_record){.offset = cut->at, .extent = *extent, .line = cut->blocks->line};
  cut->blocks->row++;
}

static enum hs_status skip_line(struct cut *cut, struct hs_err *err)
{
  struct hs_blocks *blocks = cut->blocks;
  struct hs_csv_extent line;
  struct hs_str rest = {cut->block->data + cut->at, cut->length - cut->at};
  while (!hs_csv_find_line(rest, blocks->is_at_end, &line)) {
    cut->length = cut->at; /* nobody asks for these bytes again */
    enum hs_status status =
        read_more(blocks, cut->block->data, &cut->length, blocks->limits.read_bytes, err);
    if (status != HS_OK)
      return status;
    rest.length = cut->length - cut->at;
  }
  cut->at += line.next;
  blocks->line++;
  return HS_OK;
}

/* A record beyond the limit: its beginning is what the reject shows, and reading goes on at the
   next line. A quote that is never closed thus costs one row and not the rest of the file. */
static enum hs_status cut_long_record(struct cut *cut, struct hs_err *err)
{
  size_t length = cut->blocks->limits.record_bytes_max;
  const char *text = cut->block->data + cut->at;
  const char *newline = memchr(text, '\n', length);
  struct hs_csv_extent extent = {
      .text_end = newline == NULL ? length : (size_t)(newline - text),
      .problem = newline == NULL ? "the row is longer than allowed"
                                 : "a quote is not closed within the longest row allowed"};
  if (extent.text_end > SHOWN_BYTES)
    extent.text_end = SHOWN_BYTES;
  add_record(cut, &extent);
  cut->block->records[cut->block->record_count - 1].is_too_long = 1;
  if (newline == NULL)
    cut->at += extent.text_end; /* kept, while the rest of the line is thrown away */
  return skip_line(cut, err);
}

static int add_record_if_any(struct cut *cut, const struct hs_csv_extent *extent)
{
  const char *text = cut->block->data + cut->at;
  if (is_blank(cut->blocks, text, extent->text_end))
    return 0;
  add_record(cut, extent);
  return cut->block->record_count == cut->record_count_max;
}

/* Cuts what is whole. Stops when the block is full, or when more bytes are needed. */
static enum hs_status cut_whole_records(struct cut *cut, struct hs_err *err)
{
  struct hs_blocks *blocks = cut->blocks;
  size_t longest = blocks->limits.record_bytes_max;
  while (!cut->is_full && cut->at < cut->length) {
    size_t left = cut->length - cut->at;
    int is_capped = left > longest;
    struct hs_str data = {cut->block->data + cut->at, is_capped ? longest : left};
    struct hs_csv_extent extent;
    if (!find_record(blocks, data, blocks->is_at_end && !is_capped, &extent)) {
      if (!is_capped)
        return HS_OK;
      /* What was skipped leaves a gap in the block, so that its room is no longer accounted for. */
      cut->is_full = 1;
      return cut_long_record(cut, err);
    }
    cut->is_full = add_record_if_any(cut, &extent);
    cut->at += extent.next;
    blocks->line += extent.lines;
  }
  return HS_OK;
}

/* Reading just as much as a batch of rows takes leaves little over for the next block to copy. */
static size_t wanted_bytes(const struct hs_blocks *blocks, size_t record_count_max)
{
  size_t wanted = blocks->record_bytes * record_count_max;
  return wanted < blocks->limits.read_bytes ? wanted : blocks->limits.read_bytes;
}

static enum hs_status fill_block(struct cut *cut, struct hs_err *err)
{
  struct hs_blocks *blocks = cut->blocks;
  size_t wanted = wanted_bytes(blocks, cut->record_count_max);
  for (;;) {
    enum hs_status status = cut_whole_records(cut, err);
    int is_enough = cut->block->record_count > 0 && cut->length >= wanted;
    if (status != HS_OK || cut->is_full || is_enough || blocks->is_at_end)
      return status;
    if (cut->block->record_count == 0) { /* only blank lines so far */
      cut->length -= cut->at;
      memmove(cut->block->data, cut->block->data + cut->at, cut->length);
      cut->at = 0;
    }
    size_t more = cut->length < wanted ? wanted - cut->length : blocks->limits.read_bytes;
    status = read_more(blocks, cut->block->data, &cut->length, more, err);
    if (status != HS_OK)
      return status;
  }
}

enum hs_status hs_blocks_next(struct hs_blocks *blocks, size_t record_count_max,
                              struct hs_block *block, struct hs_err *err)
{
  HS_ASSERT(record_count_max > 0 && record_count_max <= HS_BATCH_ROWS);
  block->record_count = 0;
  block->first_row = blocks->row;
  struct cut cut = {.blocks = blocks,
                    .block = block,
                    .record_count_max = record_count_max,
                    .length = blocks->kept_bytes};
  memcpy(block->data, blocks->kept, blocks->kept_bytes);
  blocks->kept_bytes = 0;
  enum hs_status status = fill_block(&cut, err);
  if (status != HS_OK)
    return status;
  blocks->kept_bytes = cut.length - cut.at;
  memcpy(blocks->kept, block->data + cut.at, blocks->kept_bytes);
  if (block->record_count > 0)
    blocks->record_bytes = cut.at / block->record_count + 1;
  block->ticket = blocks->ticket++;
  block->position = hs_source_position(blocks->source);
  return HS_OK;
}
