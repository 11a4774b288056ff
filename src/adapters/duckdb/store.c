/* Storing loads. All statements of one store are one transaction, the cursor's update among them.

   Loads are judged kind by kind, and within a kind in runs: neighbouring loads from memory are
   staged together in a temporary table, because the journal brings many frames of few rows, and a
   kept file is a run of its own and read where it lies. A run is judged in two steps. The first is
   cheap and sees only 64-bit hashes of names: which of them come twice, within the run or against
   what is stored. A sieve leaves few to count. For nearly every import none comes twice, and
   everything is inserted as it comes. The second looks at the suspects alone, column by column, and
   finds which rows lost their name to an earlier one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/duckdb/schema.h"
#include "adapters/duckdb/trail.h"

struct run {
  enum hs_event_kind kind;
  const struct hs_load *loads; /* all loads of the store */
  const size_t *indexes;       /* those of this run, in order */
  size_t count;
  struct hs_load_counts *counts; /* of all loads */
};

/* ---- what a run brings ---- */

static enum hs_status stage_rows(struct trail *trail, const struct run *run, struct hs_err *err)
{
  size_t unit_count = 0;
  for (size_t i = 0; i < run->count; i++)
    unit_count += run->loads[run->indexes[i]].rows->slot_count;
  struct feed_unit *units = hs_arena_alloc(&trail->arena, unit_count, sizeof *units);
  if (!units)
    return hs_arena_full(&trail->arena, "the loads of a store", err);
  size_t next = 0;
  for (size_t i = 0; i < run->count; i++) {
    const struct hs_load *load = &run->loads[run->indexes[i]];
    for (unsigned slot = 0; slot < load->rows->slot_count; slot++)
      units[next++] = (struct feed_unit){load->rows, slot, load->sequence};
  }
  return hs_feed_run(&trail->engine, &trail->feed, run->kind, units, unit_count,
                     "CREATE OR REPLACE TEMP TABLE staged AS FROM hansa_rows()", err);
}

/* Rows without a name are rare, and the key's column alone tells: without this, every look at names
   would decode every column of a kept file. */
static enum hs_status look_for_nameless(struct trail *trail, const struct run *run,
                                        const char *from, enum hs_names *names, struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(run->kind);
  struct hs_buf sql = hs_buf_in(&trail->arena);
  int64_t count = 0;
  *names = HS_NAMES_ALL_GIVEN;
  if (!hs_schema_has_key(spec))
    return HS_OK;
  hs_buf_printf(&sql, "SELECT count(*) FROM %s WHERE ", from);
  hs_schema_nameless(&sql, spec);
  enum hs_status status = hs_buf_status(&sql, "a statement", err);
  if (status == HS_OK)
    status = hs_trail_number(trail, sql.data, &count, err);
  if (count > 0)
    *names = HS_NAMES_MAY_LACK;
  return status;
}

/* Makes the view incoming, which stands for the run in all further statements. */
static enum hs_status make_incoming(struct trail *trail, const struct run *run, struct hs_err *err)
{
  const struct hs_load *load = &run->loads[run->indexes[0]];
  struct hs_buf from = hs_buf_in(&trail->arena);
  char sequence[32] = "sequence";
  if (load->path) {
    hs_sql_parquet(&from, load->path, "");
    snprintf(sequence, sizeof sequence, "%" PRIu64 "::BIGINT", load->sequence);
  } else {
    enum hs_status status = stage_rows(trail, run, err);
    if (status)
      return status;
    hs_buf_add_text(&from, "staged");
  }
  enum hs_names names = HS_NAMES_MAY_LACK;
  enum hs_status status = hs_buf_status(&from, "a statement", err);
  if (status == HS_OK)
    status = look_for_nameless(trail, run, from.data, &names, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(&sql, "CREATE OR REPLACE TEMP VIEW incoming AS ");
  hs_schema_incoming(&sql, run->kind, from.data, sequence, names);
  return hs_trail_run(trail, &sql, NULL, err);
}

/* ---- judging ---- */

/* Fills the table candidates with every hash that comes twice, and a few that do not. */
static enum hs_status sift(struct trail *trail, const struct run *run, int64_t *candidates,
                           struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  int64_t row_count = 0;
  enum hs_status status = hs_trail_number(trail, "SELECT count(*) FROM incoming", &row_count, err);
  if (status == HS_OK)
    status = hs_sieve_begin(&trail->sieve, (uint64_t)row_count, err);
  if (status)
    return status;
  /* Two statements: what is stored is only compared once everything is in. */
  hs_buf_printf(&sql,
                "CREATE OR REPLACE TEMP TABLE candidates AS SELECT DISTINCT key_hash FROM incoming "
                "WHERE sieve_add(key_hash);\n"
                "INSERT INTO candidates SELECT DISTINCT key_hash FROM main.%s WHERE "
                "sieve_has(key_hash);\n",
                hs_event_spec(run->kind)->name);
  status = hs_trail_run(trail, &sql, NULL, err);
  hs_sieve_release(&trail->sieve);
  return status ? status
                : hs_trail_number(trail, "SELECT count(*) FROM candidates", candidates, err);
}

static enum hs_status find_suspects(struct trail *trail, const struct run *run, int64_t *suspects,
                                    struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  int64_t candidates = 0;
  enum hs_status status = sift(trail, run, &candidates, err);
  if (status || candidates == 0)
    return status;
  hs_buf_printf(&sql,
                "CREATE OR REPLACE TEMP TABLE suspects AS SELECT key_hash FROM "
                "(SELECT key_hash FROM incoming UNION ALL SELECT key_hash FROM main.%s) "
                "SEMI JOIN candidates USING (key_hash) GROUP BY key_hash HAVING count(*) > 1",
                hs_event_spec(run->kind)->name);
  status = hs_trail_run(trail, &sql, NULL, err);
  return status ? status : hs_trail_number(trail, "SELECT count(*) FROM suspects", suspects, err);
}

static enum hs_status take_losers(void *context, duckdb_data_chunk chunk,
                                  [[maybe_unused]] struct hs_err *err)
{
  const struct run *run = context;
  const int64_t *sequence = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
  const int64_t *duplicates = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));
  const int64_t *conflicts = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 2));
  idx_t count = duckdb_data_chunk_get_size(chunk);
  for (idx_t i = 0; i < count; i++)
    for (size_t k = 0; k < run->count; k++)
      if (run->loads[run->indexes[k]].sequence == (uint64_t)sequence[i]) {
        struct hs_load_counts *counts = &run->counts[run->indexes[k]];
        counts->duplicates = (uint64_t)duplicates[i];
        counts->conflicts = (uint64_t)conflicts[i];
      }
  return HS_OK;
}

static enum hs_status record_losers(struct trail *trail, const struct run *run, struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_schema_losers(&sql, run->kind, "incoming");
  hs_buf_printf(&sql,
                "INSERT INTO main.conflicts SELECT '%s', key, sequence, row_number, "
                "first_sequence, first_row FROM losers WHERE NOT is_same;\n",
                hs_event_spec(run->kind)->name);
  enum hs_status status = hs_trail_run(trail, &sql, NULL, err);
  if (status)
    return status;
  struct run out = *run;
  return hs_engine_stream(&trail->engine,
                          "SELECT sequence, count(*) FILTER (is_same), count(*) FILTER (NOT "
                          "is_same) FROM losers GROUP BY sequence",
                          take_losers, &out, err);
}

/* ---- counting ---- */

static enum hs_status take_staged(void *context, duckdb_data_chunk chunk,
                                  [[maybe_unused]] struct hs_err *err)
{
  const struct run *run = context;
  const int64_t *sequence = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
  const int64_t *rows = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));
  idx_t count = duckdb_data_chunk_get_size(chunk);
  for (idx_t i = 0; i < count; i++)
    for (size_t k = 0; k < run->count; k++)
      if (run->loads[run->indexes[k]].sequence == (uint64_t)sequence[i]) {
        struct hs_load_counts *counts = &run->counts[run->indexes[k]];
        counts->accepted = (uint64_t)rows[i] - counts->duplicates - counts->conflicts;
      }
  return HS_OK;
}

static enum hs_status count_accepted(struct trail *trail, const struct run *run, uint64_t inserted,
                                     struct hs_err *err)
{
  if (run->count == 1) {
    run->counts[run->indexes[0]].accepted = inserted;
    return HS_OK;
  }
  struct run out = *run;
  return hs_engine_stream(&trail->engine, "SELECT sequence, count(*) FROM staged GROUP BY sequence",
                          take_staged, &out, err);
}

/* ---- runs ---- */

static enum hs_status store_run(struct trail *trail, const struct run *run, struct hs_err *err)
{
  int64_t suspects = 0;
  uint64_t inserted = 0;
  enum hs_status status = make_incoming(trail, run, err);
  if (status == HS_OK && hs_schema_has_key(hs_event_spec(run->kind)))
    status = find_suspects(trail, run, &suspects, err);
  if (status == HS_OK && suspects > 0)
    status = record_losers(trail, run, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_schema_insert(&sql, run->kind, "incoming", suspects > 0);
  status = hs_trail_run(trail, &sql, &inserted, err);
  return status ? status : count_accepted(trail, run, inserted, err);
}

/* Cuts one kind's loads into runs. Two loads of one frame never share a run, so that counts can be
   told apart by sequence. */
static enum hs_status store_kind(struct trail *trail, enum hs_event_kind kind,
                                 const struct hs_load *loads, size_t load_count,
                                 struct hs_load_counts *counts, struct hs_err *err)
{
  size_t *indexes = hs_arena_alloc(&trail->arena, load_count, sizeof *indexes);
  if (!indexes)
    return hs_arena_full(&trail->arena, "the loads of a store", err);
  size_t count = 0;
  for (size_t i = 0; i < load_count; i++)
    if (loads[i].kind == kind)
      indexes[count++] = i;
  enum hs_status status = HS_OK;
  for (size_t first = 0, end; status == HS_OK && first < count; first = end) {
    end = first + 1;
    while (end < count && !loads[indexes[first]].path && !loads[indexes[end]].path &&
           loads[indexes[end]].sequence != loads[indexes[end - 1]].sequence)
      end++;
    struct run run = {kind, loads, indexes + first, end - first, counts};
    status = store_run(trail, &run, err);
  }
  return status;
}

static enum hs_status move_cursor(struct trail *trail, const struct hs_cursor *cursor,
                                  struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql, "UPDATE cursor SET epoch = %" PRIu64 ", sequence = %" PRIu64 ", hash = '",
                cursor->epoch, cursor->sequence);
  for (size_t i = 0; i < sizeof cursor->hash; i++)
    hs_buf_printf(&sql, "\\x%02X", (unsigned)cursor->hash[i]);
  hs_buf_add_text(&sql, "'::BLOB");
  return hs_trail_run(trail, &sql, NULL, err);
}

static enum hs_status check_loads(struct trail *trail, const struct hs_load *loads,
                                  size_t load_count, const struct hs_cursor *cursor,
                                  struct hs_err *err)
{
  int64_t stored = 0;
  enum hs_status status = hs_trail_number(trail, "SELECT sequence FROM cursor", &stored, err);
  uint64_t last = (uint64_t)stored + 1;
  for (size_t i = 0; status == HS_OK && i < load_count; i++) {
    HS_ASSERT(loads[i].kind < HS_EVENT_KIND_COUNT && !loads[i].rows == !!loads[i].path);
    HS_ASSERT(loads[i].sequence >= last && loads[i].sequence <= cursor->sequence);
    last = loads[i].sequence;
  }
  return status;
}

static enum hs_status store_all(struct trail *trail, const struct hs_load *loads, size_t load_count,
                                const struct hs_cursor *cursor, struct hs_load_counts *counts,
                                struct hs_err *err)
{
  enum hs_status status = hs_engine_run(&trail->engine, "BEGIN TRANSACTION", NULL, err);
  if (status == HS_OK)
    status = check_loads(trail, loads, load_count, cursor, err);
  for (size_t k = 0; status == HS_OK && k < HS_EVENT_KIND_COUNT; k++)
    status = store_kind(trail, (enum hs_event_kind)k, loads, load_count, counts, err);
  if (status == HS_OK)
    status = move_cursor(trail, cursor, err);
  return status ? status : hs_engine_run(&trail->engine, "COMMIT", NULL, err);
}

enum hs_status hs_trail_store(void *self, const struct hs_load *loads, size_t load_count,
                              const struct hs_cursor *cursor, struct hs_load_counts *counts,
                              struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  for (size_t i = 0; i < load_count; i++)
    counts[i] = (struct hs_load_counts){0};
  status = store_all(trail, loads, load_count, cursor, counts, err);
  /* A failed statement may have left the engine refusing all further work (a full disk at a
     checkpoint does), and a failed commit may have happened or not. Opening the file again settles
     both. */
  if (status)
    hs_trail_suspend(trail);
  return status;
}
