/* A set of 64-bit hashes in a fixed room, as two functions of SQL: sieve_add(hash) puts one in and
   sieve_has(hash) asks, and both give whether it is in already. A hash is never NULL. "No" is
   always right; "yes" may be wrong, and is so for less than one hash in a hundred while there are
   no more of them than was said at the beginning. Who must be sure looks at the few that are left.
   For this folder alone.

   A Bloom filter whose bits for one hash all lie in one word (Putze, Sanders and Singler, "Cache-,
   hash- and space-efficient Bloom filters", 2007): one access to memory for each hash, and of
   threads that add the same hash at once exactly one is told that it is new. */
#ifndef HANSA_ADAPTERS_DUCKDB_SIEVE_H
#define HANSA_ADAPTERS_DUCKDB_SIEVE_H

#include <stdatomic.h>

#include "adapters/duckdb/engine.h"

struct sieve {
  _Atomic uint64_t *words; /* NULL between release and begin: nobody may add or ask */
  uint64_t mask;
  atomic_uint handed; /* see take in sieve.c */
};

/* What the words of a sieve take at most. Of more hashes than fit, more are told "yes" wrongly. */
#define HS_SIEVE_BYTES_MAX (64 * HS_MIB)

/* Empties the sieve and makes room for so many hashes, 2 to 4 bytes for each. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_sieve_begin(struct sieve *sieve, uint64_t hash_count,
                                            struct hs_err *err);
/* Accepts the zero value and a second call. */
void hs_sieve_release(struct sieve *sieve);
/* Registers both functions on the connection; the sieve must outlive the engine. */
[[nodiscard]] enum hs_status hs_sieve_register(struct engine *engine, struct sieve *sieve,
                                               struct hs_err *err);

#endif
