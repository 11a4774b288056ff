/* One open DuckDB database with one connection, and the few ways in which this folder speaks to it.
   For this folder alone. */
#ifndef HANSA_ADAPTERS_DUCKDB_ENGINE_H
#define HANSA_ADAPTERS_DUCKDB_ENGINE_H

#include <duckdb.h>

#include "adapters/duckdb/duckdb_adapter.h"

/* What it may use where nothing is said. */
#define HS_ENGINE_MEMORY_BYTES HS_GIB

struct engine {
  duckdb_database database; /* NULL when closed */
  duckdb_connection connection;
};

/* Opens options->path, or a database in memory when path is NULL; registers the function
   person_key(text). */
[[nodiscard]] enum hs_status hs_engine_open(struct engine *engine, const char *path,
                                            const struct hs_duckdb_options *options,
                                            struct hs_err *err);
void hs_engine_close(struct engine *engine);

/* A function of one argument that SQL can call, from several threads at once. Of a pure one the
   engine may leave out a call whose result it knows. */
enum hs_purity { HS_PURE, HS_VOLATILE };
struct scalar_function {
  const char *name;
  duckdb_type from, to;
  duckdb_scalar_function_t function;
  void *context; /* borrowed; its extra info */
  enum hs_purity purity;
};
[[nodiscard]] enum hs_status hs_engine_add_function(struct engine *engine,
                                                    const struct scalar_function *spec,
                                                    struct hs_err *err);
/* Runs one or more statements and drops their results. changed (may be NULL) gets the number of
   rows that the last one wrote. */
[[nodiscard]] enum hs_status hs_engine_run(struct engine *engine, const char *sql,
                                           uint64_t *changed, struct hs_err *err);
/* Runs one statement and gives its result chunk by chunk, without holding the whole. */
typedef enum hs_status (*hs_chunk_fn)(void *context, duckdb_data_chunk chunk, struct hs_err *err);
[[nodiscard]] enum hs_status hs_engine_stream(struct engine *engine, const char *sql,
                                              hs_chunk_fn each, void *context, struct hs_err *err);
/* As stream for a statement that is prepared already; begin (may be NULL) sees the result's shape
   before the first chunk. */
[[nodiscard]] enum hs_status hs_engine_stream_prepared(
    duckdb_prepared_statement statement,
    enum hs_status (*begin)(void *context, duckdb_result *result, struct hs_err *err),
    hs_chunk_fn each, void *context, struct hs_err *err);
/* The engine's failure as a status of ours, with its words. */
[[nodiscard]] enum hs_status hs_engine_failure(duckdb_error_type type, const char *words,
                                               struct hs_err *err);

/* The engine's words without the kind of error in front: "Binder Error: no x" is "no x". */
const char *hs_engine_bare_words(const char *words);
/* Its words about a statement that somebody typed, as one line: what is wrong, what it suggests,
   and the place, as in "syntax error (line 1, at 'FORM touches')". Nothing of what it has inside.
 */
void hs_engine_statement_words(struct hs_buf *out, const char *words);

/* Appends text as an SQL string literal, or a name as a quoted identifier. */
void hs_sql_text(struct hs_buf *sql, const char *text);
void hs_sql_name(struct hs_buf *sql, const char *name);
/* A path for a function that reads files: those take patterns, and a path is none. */
void hs_sql_path(struct hs_buf *sql, const char *path);
/* The file's rows as a relation, with its own columns only: a folder called partner=x on the way to
   it must not become one. options is "" or ", name = value …". */
void hs_sql_parquet(struct hs_buf *sql, const char *path, const char *options);

/* A cell of a VARCHAR vector; lives as long as its chunk. */
static inline struct hs_str hs_text_at(const duckdb_string_t *texts, idx_t i)
{
  const duckdb_string_t *text = &texts[i];
  uint32_t length = text->value.inlined.length;
  return (struct hs_str){length <= 12 ? text->value.inlined.inlined : text->value.pointer.ptr,
                         length};
}

static inline int hs_is_valid(const uint64_t *validity, idx_t i)
{
  return !validity || (validity[i / 64] >> (i % 64) & 1);
}

/* A chunk's column as it lies, and which of its cells are there (see hs_is_valid). */
static inline const void *hs_chunk_column(duckdb_data_chunk chunk, idx_t c)
{
  return duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, c));
}

static inline const uint64_t *hs_chunk_validity(duckdb_data_chunk chunk, idx_t c)
{
  return duckdb_vector_get_validity(duckdb_data_chunk_get_vector(chunk, c));
}
/* A VARCHAR column as texts, {NULL, 0} where it is absent. out has a cell for each row. */
void hs_chunk_texts(duckdb_data_chunk chunk, idx_t c, struct hs_str *out);

#endif
