/* SHA-256 and BLAKE2b-256, whole or in pieces, from libsodium. SHA-256 is for what others name by
   it (imports, RFC 6962 trees); BLAKE2b is for what only we check, because it is faster. Nothing
   here fails: libsodium initialises itself on first use. Not for passwords. */
#ifndef HANSA_BASE_HASH_H
#define HANSA_BASE_HASH_H

#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_hash_sha256.h>
#include <stddef.h>
#include <stdint.h>

#define HS_HASH_BYTES 32
#define HS_HASH_TEXT 65 /* 64 hexadecimal digits and the zero */

struct hs_hash {
  unsigned char bytes[HS_HASH_BYTES];
};

[[nodiscard]] int hs_hash_equal(const struct hs_hash *a, const struct hs_hash *b);
/* Lower-case hexadecimal. */
void hs_hash_format(const struct hs_hash *hash, char out[HS_HASH_TEXT]);
/* 64 hexadecimal digits of either case; 0 for anything else. */
[[nodiscard]] int hs_hash_parse(const char *text, size_t length, struct hs_hash *out);

/* FIPS 180-4. init, any number of add, then end once; init again for the next. data may be NULL
   when bytes is 0. */
struct hs_sha256 {
  crypto_hash_sha256_state state;
};
void hs_sha256_init(struct hs_sha256 *hasher);
void hs_sha256_add(struct hs_sha256 *hasher, const void *data, size_t bytes);
struct hs_hash hs_sha256_end(struct hs_sha256 *hasher);
struct hs_hash hs_sha256(const void *data, size_t bytes);

/* RFC 7693 with 32 bytes of output and no key. */
struct hs_blake2b {
  crypto_generichash_blake2b_state state;
};
void hs_blake2b_init(struct hs_blake2b *hasher);
void hs_blake2b_add(struct hs_blake2b *hasher, const void *data, size_t bytes);
struct hs_hash hs_blake2b_end(struct hs_blake2b *hasher);
struct hs_hash hs_blake2b(const void *data, size_t bytes);

#endif
