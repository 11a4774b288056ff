/* Slots take blocks in turn, work on them side by side and tell what they found in turn again.
   Every wait ends inside one call: no slot ever waits for what another slot's caller does next. */
#include "intake/intake.h"

#include <string.h>

#include "intake/format.h"
#include "intake/intake_priv.h"
#include "intake/network.h"

/* The beginning of a file that its format, and the fields of NDJSON, are told by. */
#define PEEK_BYTES (64 * HS_KIB)

/* Opening. */

static enum hs_status check_options(const struct hs_intake_options *options, struct hs_err *err)
{
  if (options->slot_count > HS_INTAKE_SLOTS_MAX)
    return hs_fail(err, HS_USAGE, "slots must be 1 to %d, got %u", HS_INTAKE_SLOTS_MAX,
                   options->slot_count);
  if (options->delimiter != 0 && strchr(",;\t", options->delimiter) == NULL)
    return hs_fail(err, HS_USAGE, "the delimiter must be a comma, a semicolon or a tab");
  if (options->block_bytes > HS_INTAKE_BLOCK_BYTES)
    return hs_fail(err, HS_USAGE, "blocks must be at most %zu bytes, got %zu",
                   HS_INTAKE_BLOCK_BYTES, options->block_bytes);
  return HS_OK;
}

/* What stands in the options, with the defaults filled in. */
static enum hs_status take_options(const struct hs_io *io, const struct hs_intake_options *options,
                                   struct hs_intake *intake, struct hs_err *err)
{
  enum hs_status status = check_options(options, err);
  if (status == HS_OK)
    status = hs_mapping_init(options, &intake->mapping, err);
  if (status != HS_OK)
    return status;
  intake->io = io;
  intake->options = *options;
  intake->slot_count = options->slot_count == 0 ? 1 : options->slot_count;
  if (options->block_bytes == 0)
    intake->options.block_bytes = HS_INTAKE_BLOCK_BYTES;
  if (options->delimiter == 0)
    intake->options.delimiter = hs_format_delimiter(options->path);
  intake->convert = hs_convert_make(options, &intake->mapping, io->now_us(io->self));
  intake->report.first_us = INT64_MAX;
  intake->report.last_us = INT64_MIN;
  return HS_OK;
}

static enum hs_status open_file(struct hs_arena *arena, struct hs_intake *intake,
                                struct hs_err *err)
{
  const char *path = intake->options.path;
  const struct hs_blocks_limits limits = {.peek_bytes = PEEK_BYTES,
                                          .read_bytes = intake->options.block_bytes,
                                          .record_bytes_max = HS_INTAKE_RECORD_BYTES_MAX};
  enum hs_status status = hs_source_open(arena, intake->io, path, &intake->source, err);
  if (status == HS_OK)
    status = hs_source_hash_begin(arena, intake->source, err);
  if (status == HS_OK)
    status = hs_blocks_open(arena, intake->source, &limits, &intake->blocks, err);
  if (status != HS_OK)
    return status;
  intake->name = hs_source_name(intake->source);
  struct hs_file_info info;
  if (strcmp(path, "-") != 0 && intake->io->info(intake->io->self, path, &info, NULL) == HS_OK)
    intake->total = info.size_bytes;
  return HS_OK;
}

static enum hs_status tell_format(struct hs_intake *intake, struct hs_err *err)
{
  struct hs_str begin = {intake->blocks.kept, intake->blocks.kept_bytes};
  intake->format = intake->options.format;
  if (hs_str_trim(begin).length == 0 && intake->blocks.is_at_end)
    return hs_fail(err, HS_INVALID, "%s is empty; a header row or a JSON object is expected",
                   intake->name);
  if (intake->format == HS_INTAKE_FORMAT_GUESS) {
    enum hs_status status = hs_format_guess(intake->name, begin, &intake->format, err);
    if (status != HS_OK)
      return status;
  }
  struct hs_intake_report *report = &intake->report;
  report->format = intake->format;
  report->is_format_guessed = intake->options.format == HS_INTAKE_FORMAT_GUESS;
  report->is_gzip = hs_source_is_packed(intake->source);
  report->delimiter = intake->format == HS_INTAKE_FORMAT_CSV ? intake->options.delimiter : 0;
  intake->blocks.form = intake->format == HS_INTAKE_FORMAT_CSV ? HS_RECORD_CSV : HS_RECORD_LINE;
  intake->blocks.delimiter = intake->options.delimiter;
  return HS_OK;
}

static int is_interrupted(const struct hs_intake *intake)
{
  return intake->options.interrupt != NULL && atomic_load(intake->options.interrupt) != 0;
}

static enum hs_status fail_interrupted(const struct hs_intake *intake, struct hs_err *err)
{
  return hs_fail(err, HS_INTERRUPTED, "%s: interrupted; run it again to go on", intake->name);
}

static void end_hash(struct hs_intake *intake)
{
  struct hs_hash hash = hs_source_hash_end(intake->source);
  uint64_t position = hs_source_position(intake->source);
  (void)pthread_mutex_lock(&intake->turn);
  intake->report.hash = hash;
  intake->report.has_hash = 1;
  intake->report.bytes_read = position;
  (void)pthread_mutex_unlock(&intake->turn);
}

/* The adapter reads a Parquet file in its own way; the bytes pass here once for their hash. */
static enum hs_status hash_rest(struct hs_intake *intake, struct hs_err *err)
{
  struct hs_block *block = &intake->slots[0].block;
  for (size_t done = 1; done > 0;) {
    if (is_interrupted(intake))
      return fail_interrupted(intake, err);
    enum hs_status status =
        hs_source_read(intake->source, block->data, intake->options.block_bytes, &done, err);
    if (status != HS_OK)
      return status;
  }
  end_hash(intake);
  return HS_OK;
}

static enum hs_status open_parquet(struct hs_intake *intake, struct hs_err *err)
{
  const struct hs_text_opener *opener = intake->options.parquet;
  if (opener == NULL)
    return hs_fail(err, HS_UNSUPPORTED, "%s is Parquet, which cannot be read here", intake->name);
  if (strcmp(intake->options.path, "-") == 0)
    return hs_fail(err, HS_UNSUPPORTED, "Parquet cannot be read from standard input; name a file");
  if (intake->report.is_gzip)
    return hs_fail(err, HS_UNSUPPORTED, "%s is Parquet inside gzip; unpack it", intake->name);
  enum hs_status status = hash_rest(intake, err);
  if (status == HS_OK)
    status = opener->open(opener->self, intake->options.path, &intake->text, err);
  intake->total = intake->text.row_count;
  return status == HS_OK ? hs_intake_settle_text(intake, err) : status;
}

static enum hs_status settle(struct hs_intake *intake, struct hs_err *err)
{
  switch (intake->format) {
  case HS_INTAKE_FORMAT_CSV:
    return hs_intake_settle_csv(intake, err);
  case HS_INTAKE_FORMAT_NDJSON:
    return hs_intake_settle_json(intake, err);
  case HS_INTAKE_FORMAT_PARQUET:
    return open_parquet(intake, err);
  case HS_INTAKE_FORMAT_GUESS:
    break;
  }
  HS_ASSERT(intake->format != HS_INTAKE_FORMAT_GUESS);
  return HS_FAILED;
}

static enum hs_status open_slots(struct hs_arena *arena, struct hs_intake *intake,
                                 struct hs_err *err)
{
  /* The adapter's batches come in the order of rows only within one slot of its own. */
  if (intake->format == HS_INTAKE_FORMAT_PARQUET)
    intake->slot_count = 1;
  intake->slots = hs_arena_alloc(arena, intake->slot_count, sizeof *intake->slots);
  if (intake->slots == NULL)
    return hs_arena_full(arena, "reading rows", err);
  for (unsigned i = 0; i < intake->slot_count; i++) {
    enum hs_status status = hs_intake_slot_init(arena, intake, &intake->slots[i], err);
    if (status != HS_OK)
      return status;
  }
  return hs_keys_init(arena, &intake->keys, err);
}

static void release(struct hs_intake *intake)
{
  if (intake->text.close != NULL)
    intake->text.close(intake->text.self);
  intake->text = (struct hs_text_source){0};
  hs_source_close(intake->source);
  intake->source = NULL;
}

enum hs_status hs_intake_open(struct hs_arena *arena, const struct hs_io *io,
                              const struct hs_intake_options *options, struct hs_intake **out,
                              struct hs_err *err)
{
  struct hs_intake *intake = hs_arena_alloc(arena, 1, sizeof *intake);
  if (intake == NULL)
    return hs_arena_full(arena, "reading a file", err);
  HS_ASSERT(pthread_mutex_init(&intake->input, NULL) == 0);
  HS_ASSERT(pthread_mutex_init(&intake->turn, NULL) == 0);
  HS_ASSERT(pthread_cond_init(&intake->turned, NULL) == 0);
  enum hs_status status = take_options(io, options, intake, err);
  if (status == HS_OK)
    status = open_file(arena, intake, err);
  if (status == HS_OK)
    status = tell_format(intake, err);
  if (status == HS_OK)
    status = open_slots(arena, intake, err);
  if (status == HS_OK)
    status = settle(intake, err);
  if (status == HS_OK)
    *out = intake;
  else
    release(intake);
  return status;
}

void hs_intake_close(struct hs_intake *intake)
{
  if (intake != NULL)
    release(intake);
}

/* Reading. */

/* The first failure is everybody's: whoever waits wakes, whoever comes later hears the same. */
static enum hs_status fail_all(struct hs_intake *intake, const struct hs_err *failure,
                               struct hs_err *err)
{
  (void)pthread_mutex_lock(&intake->turn);
  if (intake->failure.status == HS_OK)
    intake->failure = *failure;
  struct hs_err first = intake->failure;
  (void)pthread_cond_broadcast(&intake->turned);
  (void)pthread_mutex_unlock(&intake->turn);
  if (err != NULL)
    *err = first;
  return first.status;
}

static enum hs_status check_failure(struct hs_intake *intake, struct hs_err *err)
{
  (void)pthread_mutex_lock(&intake->turn);
  struct hs_err failure = intake->failure;
  (void)pthread_mutex_unlock(&intake->turn);
  if (failure.status != HS_OK && err != NULL)
    *err = failure;
  return failure.status;
}

static enum hs_status take_block_locked(struct hs_intake *intake, struct hs_block *block,
                                        struct hs_err *err)
{
  if (is_interrupted(intake))
    return fail_interrupted(intake, err);
  size_t rows_each = intake->rate_table.count > 0 ? intake->rate_table.count : 1;
  enum hs_status status = hs_blocks_next(&intake->blocks, HS_BATCH_ROWS / rows_each, block, err);
  if (status == HS_OK && block->record_count == 0 && !intake->report.has_hash)
    end_hash(intake);
  return status;
}

static enum hs_status take_block(struct hs_intake *intake, struct hs_block *block,
                                 struct hs_err *err)
{
  struct hs_err failure = {0};
  (void)pthread_mutex_lock(&intake->input);
  enum hs_status status = take_block_locked(intake, block, &failure);
  (void)pthread_mutex_unlock(&intake->input);
  return status == HS_OK ? HS_OK : fail_all(intake, &failure, err);
}

static void keep_reject(struct hs_intake_slot *slot, uint64_t line, const struct hs_fault *fault)
{
  struct hs_kept_reject *reject = &slot->rejects[slot->reject_count++];
  reject->line = line;
  reject->column = fault->column;
  reject->reason = fault->reason;
  reject->value_bytes =
      fault->value.length < sizeof reject->value ? fault->value.length : sizeof reject->value;
  if (reject->value_bytes > 0)
    memcpy(reject->value, fault->value.data, reject->value_bytes);
  _Static_assert(sizeof reject->words == sizeof fault->words, "words are copied whole");
  memcpy(reject->words, fault->words, sizeof reject->words);
  slot->tally.rejected_by[fault->reason]++;
}

static void begin_batch(struct hs_intake *intake, struct hs_intake_slot *slot, struct hs_batch *out)
{
  out->row_count = 0;
  out->column_count = intake->mapping.spec->column_count;
  memcpy(out->columns, slot->columns, sizeof out->columns);
  slot->room.length = 0;
  slot->reject_count = 0;
  slot->tally = (struct hs_tally){.first_us = INT64_MAX, .last_us = INT64_MIN};
}

/* One row, whose cells stand in the slot when is_read, or whose fault is known already. */
static void add_row(struct hs_intake *intake, struct hs_intake_slot *slot, uint64_t line,
                    uint64_t row_number, int is_read, struct hs_fault *fault, struct hs_batch *out)
{
  size_t at = out->row_count;
  const struct hs_network *network = intake->mapping.network;
  if (!is_read || (network != NULL && !hs_network_translate(network, slot->cells, fault)) ||
      !hs_convert_row(&intake->convert, slot->cells, out, at, &slot->room, fault)) {
    keep_reject(slot, line, fault);
    return;
  }
  out->row_number[at] = (int64_t)row_number;
  out->row_count++;
  slot->tally.rows_good++;
  int64_t at_us = 0;
  if (!hs_convert_moment(&intake->convert, out, at, &at_us))
    return;
  if (at_us < slot->tally.first_us)
    slot->tally.first_us = at_us;
  if (at_us > slot->tally.last_us)
    slot->tally.last_us = at_us;
}

/* Each rate of a row of the table is a row of ours. Whatever is wrong with the whole row is told
   once. */
static void add_rates(struct hs_intake *intake, struct hs_intake_slot *slot, uint64_t line,
                      uint64_t row_number, int is_read, struct hs_fault *fault,
                      struct hs_batch *out)
{
  const struct hs_rate_table *table = &intake->rate_table;
  if (!is_read)
    keep_reject(slot, line, fault);
  for (size_t c = 0; c < table->count && is_read; c++)
    if (hs_rate_table_cells(table, c, slot->fields, slot->cells))
      add_row(intake, slot, line, (row_number - 1) * table->count + c + 1, 1, fault, out);
}

static void read_block(struct hs_intake *intake, struct hs_intake_slot *slot, struct hs_batch *out)
{
  struct hs_fault fault;
  int is_csv = intake->format == HS_INTAKE_FORMAT_CSV;
  for (size_t i = 0; i < slot->block.record_count; i++) {
    const struct hs_record *record = &slot->block.records[i];
    int is_read = is_csv ? hs_intake_read_csv(intake, slot, record, &fault)
                         : hs_intake_read_json(intake, slot, record, &fault);
    if (intake->rate_table.count > 0)
      add_rates(intake, slot, record->line, slot->block.first_row + i, is_read, &fault, out);
    else
      add_row(intake, slot, record->line, slot->block.first_row + i, is_read, &fault, out);
  }
}

/* Telling. */

static enum hs_status wait_for_turn(struct hs_intake *intake, uint64_t ticket, struct hs_err *err)
{
  (void)pthread_mutex_lock(&intake->turn);
  while (intake->next_ticket != ticket && intake->failure.status == HS_OK)
    (void)pthread_cond_wait(&intake->turned, &intake->turn);
  struct hs_err failure = intake->failure;
  (void)pthread_mutex_unlock(&intake->turn);
  if (failure.status != HS_OK && err != NULL)
    *err = failure;
  return failure.status;
}

static void add_to_report(struct hs_intake *intake, struct hs_intake_slot *slot, uint64_t position)
{
  struct hs_intake_report *report = &intake->report;
  const struct hs_tally *tally = &slot->tally;
  report->rows_good += tally->rows_good;
  report->rows_rejected += slot->reject_count;
  for (size_t i = 0; i < HS_INTAKE_REASON_COUNT; i++)
    report->rejected_by[i] += tally->rejected_by[i];
  if (tally->first_us < report->first_us)
    report->first_us = tally->first_us;
  if (tally->last_us > report->last_us)
    report->last_us = tally->last_us;
  if (position > report->bytes_read)
    report->bytes_read = position;
  for (; slot->keys_told < slot->keys.count; slot->keys_told++) {
    const struct hs_key *key = &slot->keys.items[slot->keys_told];
    if (hs_keys_find(&intake->keys, key->name, slot->keys_told) < 0)
      (void)hs_keys_add(&intake->keys, key->name, key->target);
  }
}

static enum hs_status tell_rejects(const struct hs_intake *intake,
                                   const struct hs_intake_slot *slot, struct hs_err *err)
{
  if (intake->options.reject == NULL)
    return HS_OK;
  for (size_t i = 0; i < slot->reject_count; i++) {
    const struct hs_kept_reject *kept = &slot->rejects[i];
    struct hs_intake_reject reject = {.line = kept->line,
                                      .column = kept->column,
                                      .value = {kept->value, kept->value_bytes},
                                      .reason = kept->reason,
                                      .words = kept->words};
    enum hs_status status = intake->options.reject(intake->options.context, &reject, err);
    if (status != HS_OK)
      return status;
  }
  return HS_OK;
}

/* Between its turn and the next one's nobody else runs callbacks, so no lock is held over them. */
static enum hs_status tell(struct hs_intake *intake, struct hs_intake_slot *slot, uint64_t ticket,
                           uint64_t position, uint64_t done, struct hs_err *err)
{
  enum hs_status status = wait_for_turn(intake, ticket, err);
  if (status != HS_OK)
    return status;
  struct hs_err failure = {0};
  if (tell_rejects(intake, slot, &failure) != HS_OK)
    return fail_all(intake, &failure, err);
  if (intake->options.progress != NULL)
    intake->options.progress(intake->options.context, done, intake->total);
  (void)pthread_mutex_lock(&intake->turn);
  add_to_report(intake, slot, position);
  intake->next_ticket++;
  (void)pthread_cond_broadcast(&intake->turned);
  (void)pthread_mutex_unlock(&intake->turn);
  return HS_OK;
}

static enum hs_status next_of_blocks(struct hs_intake *intake, struct hs_intake_slot *slot,
                                     struct hs_batch *out, struct hs_err *err)
{
  for (;;) {
    begin_batch(intake, slot, out);
    enum hs_status status = take_block(intake, &slot->block, err);
    if (status != HS_OK || slot->block.record_count == 0)
      return status;
    read_block(intake, slot, out);
    uint64_t position = slot->block.position;
    status = tell(intake, slot, slot->block.ticket, position, position, err);
    if (status != HS_OK || out->row_count > 0)
      return status;
  }
}

/* The adapter's batches are limited in rows and not in bytes. */
static int has_room(const struct hs_convert_room *room)
{
  return room->text == NULL || room->size - room->length >= HS_CONVERT_ROW_BYTES_MAX;
}

/* As many rows of the slot's text as there is room for. */
static void read_text_batch(struct hs_intake *intake, struct hs_intake_slot *slot,
                            struct hs_batch *out)
{
  const struct hs_text_batch *text = &slot->text;
  struct hs_fault fault;
  for (; slot->text_at < text->row_count && has_room(&slot->room); slot->text_at++) {
    for (int i = 0; i < intake->fed_count; i++) {
      int target = intake->fed_targets[i];
      slot->cells[target] = text->cells[intake->field_of[target]][slot->text_at];
    }
    uint64_t row = text->first_row + slot->text_at;
    add_row(intake, slot, row, row, 1, &fault, out);
  }
}

static enum hs_status take_text(struct hs_intake *intake, struct hs_intake_slot *slot,
                                struct hs_err *err)
{
  if (slot->text_at < slot->text.row_count)
    return HS_OK;
  struct hs_err failure = {0};
  slot->text_at = 0;
  enum hs_status status = is_interrupted(intake)
                              ? fail_interrupted(intake, &failure)
                              : intake->text.next(intake->text.self, 0, &slot->text, &failure);
  HS_ASSERT(status != HS_OK || slot->text.row_count <= HS_BATCH_ROWS);
  return status == HS_OK ? HS_OK : fail_all(intake, &failure, err);
}

static enum hs_status next_of_text(struct hs_intake *intake, struct hs_intake_slot *slot,
                                   struct hs_batch *out, struct hs_err *err)
{
  for (;;) {
    begin_batch(intake, slot, out);
    enum hs_status status = take_text(intake, slot, err);
    if (status != HS_OK || slot->text.row_count == 0)
      return status;
    read_text_batch(intake, slot, out);
    status =
        tell(intake, slot, intake->text_ticket++, 0, slot->text.first_row + slot->text_at - 1, err);
    if (status != HS_OK || out->row_count > 0)
      return status;
  }
}

static enum hs_status intake_next(void *self, unsigned slot, struct hs_batch *out,
                                  struct hs_err *err)
{
  struct hs_intake *intake = self;
  HS_ASSERT(slot < intake->slot_count);
  enum hs_status status = check_failure(intake, err);
  if (status != HS_OK)
    return status;
  return intake->format == HS_INTAKE_FORMAT_PARQUET
             ? next_of_text(intake, &intake->slots[slot], out, err)
             : next_of_blocks(intake, &intake->slots[slot], out, err);
}

static void intake_close(void *self) { hs_intake_close(self); }

struct hs_row_source hs_intake_rows(struct hs_intake *intake)
{
  return (struct hs_row_source){.self = intake,
                                .kind = intake->options.kind,
                                .slot_count = intake->slot_count,
                                .next = intake_next,
                                .close = intake_close};
}

enum hs_status hs_intake_drain(struct hs_intake *intake, struct hs_err *err)
{
  struct hs_batch batch;
  do {
    enum hs_status status = intake_next(intake, 0, &batch, err);
    if (status != HS_OK)
      return status;
  } while (batch.row_count > 0);
  return HS_OK;
}

/* In NDJSON several names may mean one column, in different rows: those of the best rank are read.
 */
static int is_read_key(const struct hs_keys *keys, const struct hs_key *key)
{
  if (key->target.index == HS_TARGET_NONE)
    return 0;
  for (size_t i = 0; i < keys->count; i++)
    if (keys->items[i].target.index == key->target.index &&
        keys->items[i].target.rank > key->target.rank)
      return 0;
  return 1;
}

void hs_intake_report(struct hs_intake *intake, struct hs_intake_report *out)
{
  (void)pthread_mutex_lock(&intake->turn);
  *out = intake->report;
  for (size_t i = 0; i < intake->keys.count; i++) {
    const struct hs_key *key = &intake->keys.items[i];
    if (!is_read_key(&intake->keys, key)) {
      if (out->unmapped_count < HS_INTAKE_UNMAPPED_MAX)
        out->unmapped[out->unmapped_count] = key->name;
      out->unmapped_count++;
    } else if (out->mapped_count < sizeof out->mapped / sizeof *out->mapped) {
      out->mapped[out->mapped_count].column =
          hs_str_of(hs_target_name(&intake->mapping, key->target.index));
      out->mapped[out->mapped_count++].field = key->name;
    }
  }
  (void)pthread_mutex_unlock(&intake->turn);
}
