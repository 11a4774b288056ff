#include "adapters/duckdb/engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum hs_status hs_engine_failure(duckdb_error_type type, const char *words, struct hs_err *err)
{
  enum hs_status status = HS_FAILED;
  if (type == DUCKDB_ERROR_INTERRUPT)
    return hs_fail(err, HS_INTERRUPTED, "interrupted");
  if (!words)
    words = "the engine gave no reason";
  if (type == DUCKDB_ERROR_IO || type == DUCKDB_ERROR_FATAL)
    status = HS_IO;
  else if (type == DUCKDB_ERROR_OUT_OF_MEMORY)
    status = HS_NOMEM;
  else if (type == DUCKDB_ERROR_SERIALIZATION)
    status = HS_CORRUPT;
  /* The kinds above are too coarse for what the caller has to tell apart; the words are not. */
  if (strstr(words, "No space left on device") || strstr(words, "Disk quota exceeded") ||
      strstr(words, "File too large"))
    status = HS_FULL;
  else if (strstr(words, "Could not set lock"))
    status = HS_BUSY;
  else if (strstr(words, "not a valid DuckDB database") || strstr(words, "checksum") ||
           strstr(words, "No magic bytes found") || strstr(words, "to be a Parquet file"))
    status = HS_CORRUPT;
  /* What follows the first line is the place in a statement that is ours and nobody's business. */
  words = hs_engine_bare_words(words);
  return hs_fail(err, status, "%.*s", (int)strcspn(words, "\n"), words);
}

/* Between quotes, and each of them inside doubled. */
static void add_quoted(struct hs_buf *sql, const char *text, char quote)
{
  hs_buf_add_char(sql, quote);
  for (; *text; text++) {
    if (*text == quote)
      hs_buf_add_char(sql, quote);
    hs_buf_add_char(sql, *text);
  }
  hs_buf_add_char(sql, quote);
}

void hs_sql_text(struct hs_buf *sql, const char *text) { add_quoted(sql, text, '\''); }

void hs_sql_name(struct hs_buf *sql, const char *name) { add_quoted(sql, name, '"'); }

void hs_sql_path(struct hs_buf *sql, const char *path)
{
  hs_buf_add_char(sql, '\'');
  for (; *path; path++) {
    if (*path == '\'')
      hs_buf_add_char(sql, '\'');
    if (strchr("*?[", *path))
      hs_buf_printf(sql, "[%c]", *path);
    else
      hs_buf_add_char(sql, *path);
  }
  hs_buf_add_char(sql, '\'');
}

void hs_sql_parquet(struct hs_buf *sql, const char *path, const char *options)
{
  hs_buf_add_text(sql, "read_parquet(");
  hs_sql_path(sql, path);
  hs_buf_printf(sql, ", hive_partitioning = false%s)", options);
}

/* ---- functions ---- */

static void person_keys([[maybe_unused]] duckdb_function_info info, duckdb_data_chunk input,
                        duckdb_vector output)
{
  idx_t count = duckdb_data_chunk_get_size(input);
  duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
  const duckdb_string_t *texts = duckdb_vector_get_data(column);
  const uint64_t *validity = duckdb_vector_get_validity(column);
  int64_t *keys = duckdb_vector_get_data(output);
  if (validity)
    duckdb_vector_ensure_validity_writable(output);
  for (idx_t i = 0; i < count; i++)
    if (hs_is_valid(validity, i))
      keys[i] = (int64_t)hs_person_key_of(hs_text_at(texts, i));
    else
      duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), i);
}

enum hs_status hs_engine_add_function(struct engine *engine, const struct scalar_function *spec,
                                      struct hs_err *err)
{
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_logical_type from = duckdb_create_logical_type(spec->from);
  duckdb_logical_type to = duckdb_create_logical_type(spec->to);
  duckdb_scalar_function_set_name(function, spec->name);
  duckdb_scalar_function_add_parameter(function, from);
  duckdb_scalar_function_set_return_type(function, to);
  duckdb_scalar_function_set_function(function, spec->function);
  duckdb_scalar_function_set_extra_info(function, spec->context, NULL);
  if (spec->purity == HS_VOLATILE)
    duckdb_scalar_function_set_volatile(function);
  duckdb_state state = duckdb_register_scalar_function(engine->connection, function);
  duckdb_destroy_logical_type(&from);
  duckdb_destroy_logical_type(&to);
  duckdb_destroy_scalar_function(&function);
  return state == DuckDBSuccess ? HS_OK
                                : hs_fail(err, HS_FAILED, "the engine refused %s()", spec->name);
}

static enum hs_status add_person_key(struct engine *engine, struct hs_err *err)
{
  const struct scalar_function function = {
      "person_key", DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BIGINT, person_keys, NULL, HS_PURE};
  return hs_engine_add_function(engine, &function, err);
}

/* ---- opening ---- */

static enum hs_status set(duckdb_config config, const char *name, const char *value,
                          struct hs_err *err)
{
  if (duckdb_set_config(config, name, value) == DuckDBSuccess)
    return HS_OK;
  return hs_fail(err, HS_FAILED, "the engine refused the setting %s = %s", name, value);
}

static enum hs_status configure(duckdb_config config, const struct hs_duckdb_options *options,
                                struct hs_err *err)
{
  char memory[32];
  char threads[16];
  uint64_t bytes = options->memory_bytes ? options->memory_bytes : HS_ENGINE_MEMORY_BYTES;
  snprintf(memory, sizeof memory, "%" PRIu64 "B", bytes);
  snprintf(threads, sizeof threads, "%u", options->threads);
  enum hs_status status = set(config, "memory_limit", memory, err);
  if (status == HS_OK && options->threads)
    status = set(config, "threads", threads, err);
  if (status == HS_OK)
    status = set(config, "temp_directory", options->temp_dir ? options->temp_dir : "", err);
  /* Row numbers carry the order; keeping it by position would cost memory and cores. */
  if (status == HS_OK)
    status = set(config, "preserve_insertion_order", "false", err);
  if (status == HS_OK)
    status = set(config, "autoinstall_known_extensions", "false", err);
  if (status == HS_OK)
    status = set(config, "autoload_known_extensions", "false", err);
  return status;
}

enum hs_status hs_engine_open(struct engine *engine, const char *path,
                              const struct hs_duckdb_options *options, struct hs_err *err)
{
  *engine = (struct engine){0};
  duckdb_config config;
  if (duckdb_create_config(&config) != DuckDBSuccess)
    return hs_fail(err, HS_NOMEM, "no memory to open the engine");
  char *words = NULL;
  enum hs_status status = configure(config, options, err);
  if (status == HS_OK &&
      duckdb_open_ext(path, &engine->database, config, &words) != DuckDBSuccess) {
    engine->database = NULL;
    status = hs_engine_failure(DUCKDB_ERROR_IO, words, err);
  }
  duckdb_free(words);
  duckdb_destroy_config(&config);
  if (status)
    return status;
  if (duckdb_connect(engine->database, &engine->connection) != DuckDBSuccess)
    status = hs_fail(err, HS_FAILED, "the engine gave no connection");
  if (status == HS_OK)
    status = add_person_key(engine, err);
  if (status)
    hs_engine_close(engine);
  return status;
}

void hs_engine_close(struct engine *engine)
{
  if (engine->connection)
    duckdb_disconnect(&engine->connection);
  if (engine->database)
    duckdb_close(&engine->database);
  *engine = (struct engine){0};
}

/* ---- statements ---- */

enum hs_status hs_engine_run(struct engine *engine, const char *sql, uint64_t *changed,
                             struct hs_err *err)
{
  duckdb_result result;
  enum hs_status status = HS_OK;
  if (duckdb_query(engine->connection, sql, &result) != DuckDBSuccess)
    status =
        hs_engine_failure(duckdb_result_error_type(&result), duckdb_result_error(&result), err);
  else if (changed)
    *changed = duckdb_rows_changed(&result);
  duckdb_destroy_result(&result);
  return status;
}

enum hs_status hs_engine_stream_prepared(duckdb_prepared_statement statement,
                                         enum hs_status (*begin)(void *context,
                                                                 duckdb_result *result,
                                                                 struct hs_err *err),
                                         hs_chunk_fn each, void *context, struct hs_err *err)
{
  duckdb_result result;
  enum hs_status status = HS_OK;
  if (duckdb_execute_prepared_streaming(statement, &result) != DuckDBSuccess)
    status =
        hs_engine_failure(duckdb_result_error_type(&result), duckdb_result_error(&result), err);
  else if (begin)
    status = begin(context, &result, err);
  while (status == HS_OK) {
    duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
    if (!chunk) {
      if (duckdb_result_error(&result))
        status =
            hs_engine_failure(duckdb_result_error_type(&result), duckdb_result_error(&result), err);
      break;
    }
    status = each(context, chunk, err);
    duckdb_destroy_data_chunk(&chunk);
  }
  duckdb_destroy_result(&result);
  return status;
}

enum hs_status hs_engine_stream(struct engine *engine, const char *sql, hs_chunk_fn each,
                                void *context, struct hs_err *err)
{
  duckdb_prepared_statement statement;
  enum hs_status status = HS_OK;
  if (duckdb_prepare(engine->connection, sql, &statement) != DuckDBSuccess)
    status = hs_engine_failure(DUCKDB_ERROR_INVALID, duckdb_prepare_error(statement), err);
  else
    status = hs_engine_stream_prepared(statement, NULL, each, context, err);
  duckdb_destroy_prepare(&statement);
  return status;
}

/* ---- chunks ---- */

void hs_chunk_texts(duckdb_data_chunk chunk, idx_t c, struct hs_str *out)
{
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *texts = hs_chunk_column(chunk, c);
  const uint64_t *valid = hs_chunk_validity(chunk, c);
  for (idx_t i = 0; i < count; i++)
    out[i] = hs_is_valid(valid, i) ? hs_text_at(texts, i) : (struct hs_str){0};
}
