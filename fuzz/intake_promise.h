/* What intake/intake.h promises of any bytes at all, asserted for one input: shared by the targets
   fuzz_import_*. The file stands on a simulated disk. */
#ifndef HANSA_FUZZ_INTAKE_PROMISE_H
#define HANSA_FUZZ_INTAKE_PROMISE_H

#include <stdlib.h>
#include <string.h>

#include "base/io_sim.h"
#include "intake/intake.h"

#define PROMISE(condition)                                                                         \
  do {                                                                                             \
    if (!(condition))                                                                              \
      abort();                                                                                     \
  } while (0)

/* 2026-07-01T00:00:00Z */
#define PROMISE_NOW_US (INT64_C(1782864000) * HS_SECOND_US)

/* What one run gave; equal for all ways of running. */
struct promise_run {
  enum hs_status status;
  uint64_t row_count, row_hash; /* summed, so that the order of slots does not show */
  uint64_t reject_count, reject_hash;
  uint64_t line;
};

static uint64_t promise_mix(uint64_t hash, const void *data, size_t bytes)
{
  const unsigned char *p = data;
  for (size_t i = 0; i < bytes; i++)
    hash = (hash ^ p[i]) * UINT64_C(1099511628211);
  return hash;
}

static enum hs_status promise_reject(void *context, const struct hs_intake_reject *reject,
                                     [[maybe_unused]] struct hs_err *err)
{
  struct promise_run *run = context;
  PROMISE(reject->line > run->line); /* rows begin on lines of their own */
  PROMISE(reject->reason < HS_INTAKE_REASON_COUNT);
  PROMISE(reject->value.length <= HS_INTAKE_VALUE_BYTES_MAX);
  PROMISE(reject->words[0] != '\0' && strchr(reject->words, '\n') == NULL);
  run->line = reject->line;
  run->reject_count++;
  run->reject_hash = promise_mix(run->reject_hash, &reject->line, sizeof reject->line);
  run->reject_hash = promise_mix(run->reject_hash, reject->value.data, reject->value.length);
  run->reject_hash = promise_mix(run->reject_hash, reject->words, strlen(reject->words));
  return HS_OK;
}

static void promise_text(const struct hs_column_spec *column, struct hs_str text)
{
  /* What is kept of JSON is at most twice as long as what came in. */
  size_t most = HS_INTAKE_PATH_BYTES_MAX * (hs_column_takes_json(column) ? 2 : 1);
  PROMISE(text.length > 0 && text.length <= most && hs_str_is_utf8(text));
  PROMISE(hs_str_trim(text).length == text.length);
  for (size_t i = 0; i < text.length; i++)
    PROMISE((unsigned char)text.data[i] >= 0x20 && text.data[i] != 0x7F);
  PROMISE(column->type != HS_TYPE_CURRENCY || text.length == 3);
  PROMISE(column->type != HS_TYPE_COUNTRY || text.length == 2);
}

static uint64_t promise_row(const struct hs_event_spec *spec, const struct hs_batch *batch,
                            size_t row)
{
  uint64_t hash = (uint64_t)batch->row_number[row];
  for (size_t c = 0; c < spec->column_count; c++) {
    const struct hs_column_spec *column = &spec->columns[c];
    const struct hs_vector *vector = &batch->columns[c];
    PROMISE(vector->type == column->type);
    hash = hash * 31 + vector->is_absent[row];
    if (vector->is_absent[row]) {
      PROMISE(!(column->rules & HS_COLUMN_REQUIRED));
    } else if (vector->text != NULL) {
      promise_text(column, vector->text[row]);
      hash = promise_mix(hash, vector->text[row].data, vector->text[row].length);
    } else if (vector->real != NULL) {
      PROMISE(vector->real[row] - vector->real[row] == 0); /* finite */
      hash = promise_mix(hash, &vector->real[row], sizeof vector->real[row]);
    } else {
      PROMISE(column->type != HS_TYPE_TIME ||
              vector->integer[row] <= PROMISE_NOW_US + HS_INTAKE_FUTURE_US_MAX);
      hash = promise_mix(hash, &vector->integer[row], sizeof vector->integer[row]);
    }
  }
  return hash;
}

static enum hs_status promise_pull(struct hs_intake *intake, struct promise_run *run)
{
  static struct hs_batch batch;
  struct hs_row_source source = hs_intake_rows(intake);
  const struct hs_event_spec *spec = hs_event_spec(source.kind);
  int64_t last[HS_INTAKE_SLOTS_MAX] = {0};
  for (unsigned ended = 0, slot = 0; ended < source.slot_count;) {
    struct hs_err err = {0};
    enum hs_status status = source.next(source.self, slot, &batch, &err);
    if (status != HS_OK) {
      PROMISE(err.status == status && err.text[0] != '\0');
      return status;
    }
    PROMISE(batch.column_count == spec->column_count && batch.row_count <= HS_BATCH_ROWS);
    for (size_t r = 0; r < batch.row_count; r++) {
      PROMISE(batch.row_number[r] > last[slot]);
      last[slot] = batch.row_number[r];
      run->row_hash += promise_row(spec, &batch, r);
    }
    run->row_count += batch.row_count;
    /* A slot that has ended stays so: go round once more until all say it in a row. */
    ended = batch.row_count == 0 ? ended + 1 : 0;
    slot = (slot + 1) % source.slot_count;
  }
  return HS_OK;
}

static void promise_report(struct hs_intake *intake, const struct promise_run *run, size_t bytes)
{
  static struct hs_intake_report report;
  hs_intake_report(intake, &report);
  uint64_t rejected = 0;
  for (size_t i = 0; i < HS_INTAKE_REASON_COUNT; i++)
    rejected += report.rejected_by[i];
  PROMISE(report.rows_rejected == rejected);
  if (run->status != HS_OK)
    return;
  PROMISE(report.rows_good == run->row_count && rejected == run->reject_count);
  PROMISE(report.has_hash && report.bytes_read == bytes);
}

static struct promise_run promise_once(const struct hs_io *io,
                                       const struct hs_intake_options *options, size_t bytes)
{
  struct promise_run run = {0};
  struct hs_arena arena;
  PROMISE(hs_arena_init(&arena, HS_INTAKE_SHARED_BYTES + options->slot_count * HS_INTAKE_SLOT_BYTES,
                        NULL) == HS_OK);
  struct hs_intake_options telling = *options;
  telling.context = &run;
  telling.reject = promise_reject;
  struct hs_intake *intake = NULL;
  struct hs_err err = {0};
  run.status = hs_intake_open(&arena, io, &telling, &intake, &err);
  PROMISE(run.status != HS_NOMEM);
  PROMISE((run.status == HS_OK) == (intake != NULL));
  PROMISE(run.status == HS_OK || err.text[0] != '\0');
  if (intake != NULL) {
    run.status = promise_pull(intake, &run);
    promise_report(intake, &run, bytes);
  }
  hs_intake_close(intake);
  hs_arena_release(&arena);
  return run;
}

/* Runs the bytes behind the first as one file in several ways that must not show; the first byte
   chooses one of them. options says how to read. */
static void promise_file(const uint8_t *data, size_t size, struct hs_intake_options options)
{
  struct hs_sim *sim = NULL;
  struct hs_sim_options machine = {.seed = 1, .start_us = PROMISE_NOW_US};
  PROMISE(hs_sim_open(&machine, &sim, NULL) == HS_OK);
  const struct hs_io *io = hs_sim_io(sim);
  hs_file file = -1;
  PROMISE(io->open(io->self, "file", HS_OPEN_CREATE, &file, NULL) == HS_OK);
  PROMISE(hs_io_write_all(io, file, data + 1, size - 1, 0, NULL) == HS_OK);
  io->close(io->self, file);
  options.path = "file";
  options.slot_count = 1;
  struct promise_run one = promise_once(io, &options, size - 1);
  options.slot_count = 3;
  options.block_bytes = 1 + data[0];
  struct promise_run other = promise_once(io, &options, size - 1);
  PROMISE(one.status == other.status);
  if (one.status == HS_OK)
    PROMISE(one.row_count == other.row_count && one.row_hash == other.row_hash &&
            one.reject_count == other.reject_count && one.reject_hash == other.reject_hash);
  hs_sim_close(sim);
}

/* As a file of the kind that the first byte chooses. */
static inline void promise_all(const uint8_t *data, size_t size, enum hs_intake_format format)
{
  if (size > 0)
    promise_file(
        data, size,
        (struct hs_intake_options){.kind = (enum hs_event_kind)(data[0] % HS_EVENT_KIND_COUNT),
                                   .format = format});
}

#endif
