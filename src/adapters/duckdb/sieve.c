#include "adapters/duckdb/sieve.h"

#include <stdlib.h>

/* 16 bits or more for each hash, of which it sets 4: of new hashes then at most 0.5 % get a
   "yes", and 0.14 % in the mean while the sieve fills. */
#define HASHES_PER_WORD 4
#define WORD_COUNT_MAX (HS_SIEVE_BYTES_MAX / sizeof(uint64_t))

/* Our thread hands the words to those of the engine and takes them back after the statement. As in
   feed.c that order is said with an atomic of ours too, for the thread sanitizer. */
static void hand(struct sieve *sieve)
{
  atomic_fetch_add_explicit(&sieve->handed, 1, memory_order_release);
}
static void take(struct sieve *sieve)
{
  (void)atomic_load_explicit(&sieve->handed, memory_order_acquire);
}

enum hs_status hs_sieve_begin(struct sieve *sieve, uint64_t hash_count, struct hs_err *err)
{
  uint64_t word_count = 1;
  while (word_count < hash_count / HASHES_PER_WORD && word_count < WORD_COUNT_MAX)
    word_count *= 2;
  hs_sieve_release(sieve);
  sieve->words = calloc(word_count, sizeof *sieve->words);
  if (!sieve->words)
    return hs_fail(err, HS_NOMEM, "no memory to tell rows with the same name");
  sieve->mask = word_count - 1;
  hand(sieve);
  return HS_OK;
}

void hs_sieve_release(struct sieve *sieve)
{
  take(sieve);
  free(sieve->words);
  sieve->words = NULL;
}

/* The upper half of a hash chooses the word, the lower one four bits of it, which may coincide. */
static _Atomic uint64_t *word_of(const struct sieve *sieve, uint64_t hash)
{
  return &sieve->words[hash >> 32 & sieve->mask];
}

static uint64_t bits_of(uint64_t hash)
{
  uint64_t bits = 0;
  for (int i = 0; i < 4; i++)
    bits |= UINT64_C(1) << (hash >> (6 * i) & 63);
  return bits;
}

struct cells {
  struct sieve *sieve;
  idx_t count;
  const uint64_t *hashes;
  bool *answers;
};

static struct cells cells_of(duckdb_function_info info, duckdb_data_chunk input,
                             duckdb_vector output)
{
  duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
  return (struct cells){duckdb_scalar_function_get_extra_info(info),
                        duckdb_data_chunk_get_size(input), duckdb_vector_get_data(column),
                        duckdb_vector_get_data(output)};
}

static void add(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
  struct cells cells = cells_of(info, input, output);
  take(cells.sieve);
  for (idx_t i = 0; i < cells.count; i++) {
    uint64_t bits = bits_of(cells.hashes[i]);
    _Atomic uint64_t *word = word_of(cells.sieve, cells.hashes[i]);
    uint64_t before = atomic_fetch_or_explicit(word, bits, memory_order_relaxed);
    cells.answers[i] = (before & bits) == bits;
  }
  hand(cells.sieve);
}

static void has(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
  struct cells cells = cells_of(info, input, output);
  take(cells.sieve);
  for (idx_t i = 0; i < cells.count; i++) {
    uint64_t bits = bits_of(cells.hashes[i]);
    _Atomic uint64_t *word = word_of(cells.sieve, cells.hashes[i]);
    cells.answers[i] = (atomic_load_explicit(word, memory_order_relaxed) & bits) == bits;
  }
  hand(cells.sieve);
}

enum hs_status hs_sieve_register(struct engine *engine, struct sieve *sieve, struct hs_err *err)
{
  /* What they give changes with every call: the engine must neither remember nor leave out one. */
  const struct scalar_function functions[] = {
      {"sieve_add", DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BOOLEAN, add, sieve, HS_VOLATILE},
      {"sieve_has", DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BOOLEAN, has, sieve, HS_VOLATILE},
  };
  enum hs_status status = hs_engine_add_function(engine, &functions[0], err);
  return status ? status : hs_engine_add_function(engine, &functions[1], err);
}
