/* The program: chooses the adapters and starts. */
#include <sys/stat.h>

#include "adapters/duckdb/duckdb_adapter.h"
#include "adapters/sqlite/sqlite.h"
#include "cli/cli.h"

static enum hs_status open_trail([[maybe_unused]] const struct hs_io *io, const char *path,
                                 const char *temp_directory, const struct hs_store_limits *limits,
                                 struct hs_trail *out, struct hs_err *err)
{
  struct hs_duckdb_options options = {.path = path,
                                      .memory_bytes = limits->memory_bytes,
                                      .threads = limits->threads,
                                      .temp_dir = temp_directory};
  return hs_duckdb_trail_open(&options, out, err);
}

static enum hs_status open_keep([[maybe_unused]] const struct hs_io *io,
                                const struct hs_store_limits *limits, struct hs_keep *out,
                                struct hs_err *err)
{
  struct hs_duckdb_options options = {.memory_bytes = limits->memory_bytes,
                                      .threads = limits->threads};
  return hs_duckdb_keep_open(&options, out, err);
}

/* One file at a time, row after row: more threads or memory would not make it faster. */
static struct hs_duckdb_options typed_file_options = {.memory_bytes = 512 * HS_MIB, .threads = 2};

int main(int argc, char **argv)
{
  /* Stores make files of their own, and what any of them holds names customers. */
  (void)umask(S_IRWXG | S_IRWXO);
  const struct hs_text_opener typed_files = hs_duckdb_parquet_opener(&typed_file_options);
  struct hs_wiring wiring = {.io = hs_io_real(),
                             .open_book = hs_sqlite_book_open,
                             .open_trail = open_trail,
                             .open_keep = open_keep,
                             .typed_files = &typed_files};
  return hs_cli_main(argc, argv, &wiring);
}
