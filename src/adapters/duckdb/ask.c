/* Questions by people: `hansa sql` and exports.

   A question is put to an engine of its own: a database in memory in which the trail is attached
   for reading, with views of stable names and the side tables. The engine that stores is closed
   meanwhile, because two engines in one process must not hold one file. For a question of somebody
   who is not trusted that engine is then locked: no file, extension or setting can be reached. The
   statement's type is checked on the prepared statement, not on its text, and its functions and
   tables are checked on the engine's own parse of it, because some of them would tell about the
   machine (settings, paths) or run a text as a second statement. */
#include <string.h>

#include "adapters/duckdb/cells.h"
#include "adapters/duckdb/schema.h"
#include "adapters/duckdb/trail.h"
#include "adapters/table_file.h"

#define ROW_BYTES (64 * HS_MIB) /* for the text of one row */

/* What a SELECT may not name, as a regular expression over lower-case names: everything by which
   the engine tells about itself and its machine, reads files, or runs a text. */
static const char DENIED[] =
    "^(duckdb_.*|pragma_.*|pg_.*|sqlite_.*|read_.*|.*_scan|glob|sniff_csv|parquet_.*|query|"
    "query_table|getenv|current_setting|which_secret|from_substrait.*|json_execute_.*|"
    "json_serialize_plan|add_parquet_key|checkpoint|force_checkpoint|test_.*|write_log|"
    "parse_duckdb_log_message|sql_auto_complete|.*secret.*|set_config|enable_.*|disable_.*|"
    "__show_tables_expanded|\"databases\")$";

/* Where the engine lists, and the trail keeps, what stands behind the documented tables. */
static const char HIDDEN[] = "('trail', 'information_schema')";

/* ---- the engine for questions ---- */

static void side_table_sql(struct hs_buf *sql, const struct hs_side_table *side)
{
  hs_buf_add_text(sql, "CREATE TABLE memory.main.");
  hs_sql_name(sql, side->name);
  hs_buf_add_text(sql, " (");
  for (size_t c = 0; c < side->column_count; c++) {
    if (c > 0)
      hs_buf_add_text(sql, ", ");
    hs_sql_name(sql, side->column_names[c]);
    hs_buf_printf(sql, " %s", hs_sql_type(side->column_types[c]));
  }
  hs_buf_add_text(sql, ");\n");
}

static enum hs_status append_rows(duckdb_appender appender, const struct hs_side_table *side,
                                  duckdb_data_chunk chunk, struct hs_err *err)
{
  for (size_t first = 0; first < side->row_count; first += HS_BATCH_ROWS) {
    size_t left = side->row_count - first;
    size_t count = left < HS_BATCH_ROWS ? left : HS_BATCH_ROWS;
    duckdb_data_chunk_reset(chunk);
    for (size_t c = 0; c < side->column_count; c++) {
      HS_ASSERT(side->columns[c].type == side->column_types[c]);
      hs_fill_vector(duckdb_data_chunk_get_vector(chunk, c), &side->columns[c], first, count,
                     HS_EMPTY_IS_KEPT);
    }
    duckdb_data_chunk_set_size(chunk, count);
    if (duckdb_append_data_chunk(appender, chunk) != DuckDBSuccess)
      return hs_engine_failure(DUCKDB_ERROR_INVALID, duckdb_appender_error(appender), err);
  }
  return duckdb_appender_close(appender) == DuckDBSuccess
             ? HS_OK
             : hs_engine_failure(DUCKDB_ERROR_INVALID, duckdb_appender_error(appender), err);
}

static enum hs_status load_side_table(struct trail *trail, struct engine *engine,
                                      const struct hs_side_table *side, struct hs_err *err)
{
  HS_ASSERT(side->column_count > 0 && side->column_count <= HS_TABLE_COLUMNS_MAX);
  struct hs_buf sql = hs_buf_in(&trail->arena);
  side_table_sql(&sql, side);
  enum hs_status status = hs_buf_status(&sql, "a side table", err);
  if (status == HS_OK)
    status = hs_engine_run(engine, sql.data, NULL, err);
  if (status)
    return status;
  duckdb_logical_type types[HS_TABLE_COLUMNS_MAX];
  for (size_t c = 0; c < side->column_count; c++)
    types[c] = duckdb_create_logical_type(hs_engine_type(side->column_types[c]));
  duckdb_data_chunk chunk = duckdb_create_data_chunk(types, side->column_count);
  for (size_t c = 0; c < side->column_count; c++)
    duckdb_destroy_logical_type(&types[c]);
  duckdb_appender appender = NULL;
  if (duckdb_appender_create_ext(engine->connection, "memory", "main", side->name, &appender) !=
      DuckDBSuccess)
    status = hs_engine_failure(DUCKDB_ERROR_INVALID, duckdb_appender_error(appender), err);
  else
    status = append_rows(appender, side, chunk, err);
  duckdb_appender_destroy(&appender);
  duckdb_destroy_data_chunk(&chunk);
  return status;
}

static void views_sql(struct hs_buf *sql)
{
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++) {
    const struct hs_event_spec *spec = hs_event_spec((enum hs_event_kind)k);
    hs_buf_printf(sql, "CREATE VIEW memory.main.%s AS SELECT ", spec->name);
    hs_schema_columns(sql, spec, "");
    hs_buf_printf(sql, ", sequence, row_number FROM trail.main.%s;\n", spec->name);
  }
  hs_buf_add_text(sql, "CREATE VIEW memory.main.conflicts AS FROM trail.main.conflicts;\n");
}

static enum hs_status open_asking(struct trail *trail, struct engine *engine,
                                  const struct hs_side_table *tables, size_t table_count,
                                  struct hs_err *err)
{
  enum hs_status status = hs_trail_ready(trail, err); /* brings the file into order */
  if (status)
    return status;
  hs_trail_suspend(trail);
  status = hs_engine_open(engine, NULL, &trail->options, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(&sql, "ATTACH ");
  hs_sql_text(&sql, trail->options.path);
  hs_buf_add_text(&sql, " AS trail (READ_ONLY);\n");
  views_sql(&sql);
  status = hs_buf_status(&sql, "a statement", err);
  if (status == HS_OK)
    status = hs_engine_run(engine, sql.data, NULL, err);
  for (size_t i = 0; status == HS_OK && i < table_count; i++)
    status = load_side_table(trail, engine, &tables[i], err);
  if (status)
    hs_engine_close(engine);
  return status;
}

static enum hs_status lock_down(struct engine *engine, struct hs_err *err)
{
  return hs_engine_run(engine,
                       "SET preserve_insertion_order = true;"
                       "SET allow_community_extensions = false;"
                       "SET enable_external_access = false;"
                       "SET lock_configuration = true;",
                       NULL, err);
}

/* ---- results ---- */

struct result {
  struct hs_arena arena;
  const struct hs_result_sink *sink;
  duckdb_logical_type types[HS_TABLE_COLUMNS_MAX];
  size_t column_count;
};

static enum hs_status begin_result(void *context, duckdb_result *engine_result, struct hs_err *err)
{
  struct result *result = context;
  struct hs_str names[HS_TABLE_COLUMNS_MAX];
  enum hs_cell cells[HS_TABLE_COLUMNS_MAX];
  idx_t count = duckdb_column_count(engine_result);
  if (count > HS_TABLE_COLUMNS_MAX)
    return hs_fail(err, HS_INVALID, "a result has at most %d columns, this one has %llu",
                   HS_TABLE_COLUMNS_MAX, (unsigned long long)count);
  for (idx_t c = 0; c < count; c++) {
    names[c] = hs_str_of(duckdb_column_name(engine_result, c));
    result->types[c] = duckdb_column_logical_type(engine_result, c);
    result->column_count = c + 1;
    if (!hs_cell_is_known(result->types[c]))
      return hs_fail(err, HS_INVALID,
                     "column %.*s has a type that cannot be shown; cast it to "
                     "VARCHAR",
                     HS_STR_ARG(names[c]));
    cells[c] = hs_cell_of(result->types[c]);
  }
  return result->sink->begin(result->sink->self, count, names, cells, err);
}

static enum hs_status give_row(struct result *result, duckdb_data_chunk chunk, idx_t row,
                               struct hs_err *err)
{
  struct hs_str values[HS_TABLE_COLUMNS_MAX];
  hs_arena_reset(&result->arena, 0);
  for (size_t c = 0; c < result->column_count; c++) {
    struct hs_buf text = hs_buf_in(&result->arena);
    int is_there =
        hs_cell_add(&text, duckdb_data_chunk_get_vector(chunk, c), result->types[c], row);
    enum hs_status status = hs_buf_status(&text, "a row of the result", err);
    if (status)
      return status;
    values[c] = !is_there ? (struct hs_str){0} : text.data ? hs_buf_str(&text) : HS_STR("");
  }
  return result->sink->row(result->sink->self, values, err);
}

static enum hs_status take_rows(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  idx_t count = duckdb_data_chunk_get_size(chunk);
  enum hs_status status = HS_OK;
  for (idx_t i = 0; status == HS_OK && i < count; i++)
    status = give_row(context, chunk, i, err);
  return status;
}

static enum hs_status give_result(duckdb_prepared_statement statement,
                                  const struct hs_result_sink *sink, struct hs_err *err)
{
  struct result result = {.sink = sink};
  enum hs_status status = hs_arena_init(&result.arena, ROW_BYTES, err);
  if (status == HS_OK)
    status = hs_engine_stream_prepared(statement, begin_result, take_rows, &result, err);
  for (size_t c = 0; c < result.column_count; c++)
    duckdb_destroy_logical_type(&result.types[c]);
  hs_arena_release(&result.arena);
  return status;
}

/* ---- what may be asked ---- */

/* Words of the engine about somebody's own statement: HS_INVALID, where it is no failure of the
   machine. */
static enum hs_status wrong_statement(enum hs_status status, struct hs_err *err)
{
  if (status == HS_FAILED && err)
    err->status = HS_INVALID;
  return status == HS_FAILED ? HS_INVALID : status;
}

static enum hs_status take_denied(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  const duckdb_string_t *words = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
  (void)context;
  if (duckdb_data_chunk_get_size(chunk) == 0)
    return HS_OK;
  return hs_fail(err, HS_DENIED, "%.*s", HS_STR_ARG(hs_text_at(words, 0)));
}

/* Looks through the engine's own parse of the statement for names that are denied. */
static enum hs_status check_names(struct trail *trail, struct engine *engine, const char *select,
                                  struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(&sql, "WITH parse AS (SELECT json_serialize_sql(");
  hs_sql_text(&sql, select);
  /* What the engine does not parse as a SELECT it may still prepare as one (PRAGMA is rewritten).
   */
  hs_buf_add_text(&sql,
                  ") AS tree), names AS (SELECT key, lower(atom ->> '$') AS name FROM "
                  "json_tree((SELECT tree FROM parse))) SELECT 'what is no plain SELECT is not "
                  "offered here' FROM parse WHERE (tree ->> '$.error') IS DISTINCT FROM 'false' "
                  "UNION ALL SELECT CASE name WHEN '__show_tables_expanded' THEN 'this list' "
                  "WHEN '\"databases\"' THEN 'a list of databases' ELSE name END || ' is not "
                  "offered here' || CASE WHEN starts_with(key, 'function') THEN '' ELSE '; SHOW "
                  "TABLES lists the tables, DESCRIBE and a name its columns' END FROM names WHERE "
                  "(key IN ('function_name', 'table_name') AND regexp_matches(name, ");
  hs_sql_text(&sql, DENIED);
  hs_buf_printf(&sql, ")) OR (key IN ('schema_name', 'catalog_name') AND name IN %s) LIMIT 1",
                HIDDEN);
  enum hs_status status = hs_buf_status(&sql, "a statement", err);
  return status ? status : hs_engine_stream(engine, sql.data, take_denied, NULL, err);
}

static enum hs_status check_prepared(duckdb_prepared_statement statement, struct hs_err *err)
{
  if (duckdb_prepared_statement_type(statement) != DUCKDB_STATEMENT_TYPE_SELECT)
    return hs_fail(err, HS_DENIED, "only a SELECT can be asked here");
  if (duckdb_nparams(statement) > 0)
    return hs_fail(err, HS_INVALID, "the statement has %llu %s, none can be given",
                   (unsigned long long)duckdb_nparams(statement),
                   hs_plural(duckdb_nparams(statement), "parameter", "parameters"));
  return HS_OK;
}

/* status with the engine's words about the statement as one line. */
static enum hs_status tell_wrong(struct trail *trail, enum hs_status status, const char *words,
                                 struct hs_err *err)
{
  struct hs_buf line = hs_buf_in(&trail->arena);
  hs_engine_statement_words(&line, words);
  enum hs_status made = hs_buf_status(&line, "the words about a statement", err);
  return made ? made : hs_fail(err, status, "%.*s", HS_STR_ARG(hs_buf_str(&line)));
}

/* What writes is told that it may not, and not that it would write in the wrong way. The C
   interface gives no type for what fails while it is prepared; the words begin with it. */
static enum hs_status cannot_prepare(struct trail *trail, struct engine *engine, const char *select,
                                     const char *words, struct hs_err *err)
{
  enum hs_status status = check_names(trail, engine, select, err);
  if (status)
    return status;
  static const char PERMISSION[] = "Permission Error";
  int is_denied = strncmp(words, PERMISSION, sizeof PERMISSION - 1) == 0;
  return tell_wrong(trail, is_denied ? HS_DENIED : HS_INVALID, words, err);
}

static enum hs_status run_select(struct trail *trail, struct engine *engine, const char *select,
                                 const struct hs_result_sink *sink, struct hs_err *err)
{
  duckdb_extracted_statements statements = NULL;
  duckdb_prepared_statement statement = NULL;
  enum hs_status status = HS_OK;
  idx_t count = duckdb_extract_statements(engine->connection, select, &statements);
  if (count == 0 && duckdb_extract_statements_error(statements))
    status = tell_wrong(trail, HS_INVALID, duckdb_extract_statements_error(statements), err);
  else if (count != 1)
    status = hs_fail(err, HS_DENIED, "exactly one statement can be asked, got %llu",
                     (unsigned long long)count);
  else if (duckdb_prepare_extracted_statement(engine->connection, statements, 0, &statement) !=
           DuckDBSuccess)
    status = cannot_prepare(trail, engine, select, duckdb_prepare_error(statement), err);
  if (status == HS_OK)
    status = check_prepared(statement, err);
  if (status == HS_OK)
    status = check_names(trail, engine, select, err);
  if (status == HS_OK)
    status = wrong_statement(give_result(statement, sink, err), err);
  duckdb_destroy_prepare(&statement);
  duckdb_destroy_extracted(&statements);
  return status;
}

static void set_asking(struct trail *trail, duckdb_connection connection)
{
  pthread_mutex_lock(&trail->asking_lock);
  trail->asking = connection;
  pthread_mutex_unlock(&trail->asking_lock);
}

void hs_trail_interrupt(void *self)
{
  struct trail *trail = self;
  pthread_mutex_lock(&trail->asking_lock);
  if (trail->asking)
    duckdb_interrupt(trail->asking);
  pthread_mutex_unlock(&trail->asking_lock);
}

enum hs_status hs_trail_query(void *self, struct hs_str select, const struct hs_side_table *tables,
                              size_t table_count, const struct hs_result_sink *sink,
                              struct hs_err *err)
{
  struct trail *trail = self;
  struct engine engine;
  if (memchr(select.data ? select.data : "", 0, select.length))
    return hs_fail(err, HS_INVALID, "the statement contains a zero byte");
  enum hs_status status = open_asking(trail, &engine, tables, table_count, err);
  if (status)
    return status;
  const char *text = hs_arena_copy(&trail->arena, select.data, select.length);
  status = text ? lock_down(&engine, err) : hs_arena_full(&trail->arena, "a statement", err);
  if (status == HS_OK) {
    set_asking(trail, engine.connection);
    status = run_select(trail, &engine, text, sink, err);
    set_asking(trail, NULL);
  }
  hs_engine_close(&engine);
  return status;
}

/* ---- exports ---- */

static int is_view(const char *table)
{
  enum hs_event_kind kind;
  return strcmp(table, "conflicts") == 0 || hs_event_kind_parse(hs_str_of(table), &kind);
}

/* In a typed file a moment says that it is one: otherwise the next reader takes it for the clock on
   some wall. Not a cast, which would take it for the clock on this machine's wall. */
static void add_instant(struct hs_buf *sql, const char *name, enum hs_type type, int *count)
{
  if (type != HS_TYPE_TIME)
    return;
  hs_buf_add_text(sql, (*count)++ == 0 ? " REPLACE (timezone('UTC', " : ", timezone('UTC', ");
  hs_sql_name(sql, name);
  hs_buf_add_text(sql, ") AS ");
  hs_sql_name(sql, name);
}

static void add_instants(struct hs_buf *sql, const char *table, const struct hs_side_table *side)
{
  int count = 0;
  enum hs_event_kind kind;
  for (size_t c = 0; side && c < side->column_count; c++)
    add_instant(sql, side->column_names[c], side->column_types[c], &count);
  if (!side && hs_event_kind_parse(hs_str_of(table), &kind)) {
    const struct hs_event_spec *spec = hs_event_spec(kind);
    for (size_t c = 0; c < spec->column_count; c++)
      add_instant(sql, spec->columns[c].name, spec->columns[c].type, &count);
  }
  if (count > 0)
    hs_buf_add_char(sql, ')');
}

/* Rows in the order of the journal, so that the same trail gives the same file. */
static void export_sql(struct hs_buf *sql, const char *table, const struct hs_side_table *side,
                       enum hs_export_format format)
{
  hs_buf_add_text(sql, "SELECT *");
  if (format == HS_EXPORT_PARQUET)
    add_instants(sql, table, side);
  hs_buf_add_text(sql, " FROM memory.main.");
  hs_sql_name(sql, table);
  if (!side)
    hs_buf_add_text(sql, " ORDER BY sequence, row_number");
}

struct text_export {
  struct engine *engine;
  const char *sql;
};

static enum hs_status fill_text(void *context, const struct hs_result_sink *sink,
                                struct hs_err *err)
{
  const struct text_export *export = context;
  duckdb_prepared_statement statement = NULL;
  enum hs_status status =
      duckdb_prepare(export->engine->connection, export->sql, &statement) == DuckDBSuccess
          ? give_result(statement, sink, err)
          : hs_engine_failure(DUCKDB_ERROR_INVALID, duckdb_prepare_error(statement), err);
  duckdb_destroy_prepare(&statement);
  return status;
}

static enum hs_status export_parquet(struct trail *trail, struct engine *engine,
                                     const struct hs_buf *select, const char *path,
                                     uint64_t *row_count, struct hs_err *err)
{
  const struct hs_io *io = hs_io_real();
  char beside[HS_TABLE_PATH_MAX];
  enum hs_status status = hs_table_path_beside(io, path, beside, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql, "COPY (%s) TO ", select->data);
  hs_sql_text(&sql, beside);
  hs_buf_add_text(&sql, " (FORMAT parquet, COMPRESSION zstd)");
  status = hs_buf_status(&sql, "a statement", err);
  if (status == HS_OK)
    status = hs_engine_run(engine, sql.data, row_count, err);
  if (status == HS_OK)
    status = hs_table_path_place(io, beside, path, err);
  if (status && io->remove(io->self, beside, NULL) == HS_IO)
    hs_err_prefix(err, "%s stays half written", beside);
  return status;
}

enum hs_status hs_trail_export_table(void *self, const char *table,
                                     const struct hs_side_table *side, enum hs_export_format format,
                                     const char *path, uint64_t *row_count, struct hs_err *err)
{
  struct trail *trail = self;
  struct engine engine;
  if (!side && !is_view(table))
    return hs_fail(err, HS_NOT_FOUND, "there is no table %s", table);
  enum hs_status status = open_asking(trail, &engine, side, side ? 1 : 0, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  export_sql(&sql, side ? side->name : table, side, format);
  status = hs_buf_status(&sql, "a statement", err);
  if (status == HS_OK && side)
    status =
        hs_engine_run(&engine, "SET threads = 1; SET preserve_insertion_order = true", NULL, err);
  set_asking(trail, engine.connection);
  if (status == HS_OK && format == HS_EXPORT_PARQUET)
    status = export_parquet(trail, &engine, &sql, path, row_count, err);
  else if (status == HS_OK)
    status = hs_table_file_write(hs_io_real(), path, format, fill_text,
                                 &(struct text_export){&engine, sql.data}, row_count, err);
  set_asking(trail, NULL);
  hs_engine_close(&engine);
  return status;
}
