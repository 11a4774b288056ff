/* What both trails must agree on to the bit: the key of a person, the part it falls into, and the
   words in which evidence is refused.
   SipHash-2-4: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. */
#include "ports/trail.h"

#include <endian.h>
#include <string.h>

/* The key 00 01 … 0f read as two little-endian words. It is public: the hash spreads ids and keeps
   no secret. */
#define KEY_LOW 0x0706050403020100U
#define KEY_HIGH 0x0f0e0d0c0b0a0908U

struct sip {
  uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

static inline void sip_round(struct sip *s)
{
  s->v0 += s->v1;
  s->v1 = rotate(s->v1, 13) ^ s->v0;
  s->v0 = rotate(s->v0, 32);
  s->v2 += s->v3;
  s->v3 = rotate(s->v3, 16) ^ s->v2;
  s->v0 += s->v3;
  s->v3 = rotate(s->v3, 21) ^ s->v0;
  s->v2 += s->v1;
  s->v1 = rotate(s->v1, 17) ^ s->v2;
  s->v2 = rotate(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
  s->v3 ^= word;
  sip_round(s);
  sip_round(s);
  s->v0 ^= word;
}

/* Eight bytes as a little-endian word, whatever the machine. */
static inline uint64_t word_at(const char *data)
{
  uint64_t word = 0;
  memcpy(&word, data, sizeof word);
  return le64toh(word);
}

/* What follows the last whole word. Of a text that has one, that is the upper part of its last
   eight bytes: one step, and not one for each byte. */
static inline uint64_t rest_of(const char *data, size_t length)
{
  size_t bytes = length % 8;
  uint64_t word = 0;
  if (bytes > 0 && length > 8)
    return word_at(data + length - 8) >> (64 - 8 * bytes);
  for (size_t i = length - bytes; i < length; i++)
    word |= (uint64_t)(unsigned char)data[i] << (8 * (i % 8));
  return word;
}

static uint64_t siphash(const char *data, size_t length)
{
  struct sip s = {KEY_LOW ^ 0x736f6d6570736575U, KEY_HIGH ^ 0x646f72616e646f6dU,
                  KEY_LOW ^ 0x6c7967656e657261U, KEY_HIGH ^ 0x7465646279746573U};
  for (size_t i = 0; i + 8 <= length; i += 8)
    sip_word(&s, word_at(data + i));
  sip_word(&s, (uint64_t)length << 56 | rest_of(data, length));
  s.v2 ^= 0xff;
  for (int i = 0; i < 4; i++)
    sip_round(&s);
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

hs_person_key hs_person_key_of(struct hs_str id)
{
  uint64_t key = siphash(id.data, id.length);
  return key ? key : 1;
}

uint32_t hs_person_part(hs_person_key key, uint32_t part_count)
{
  /* Turning the top bit makes the order of the parts that of the signed numbers. */
  return (uint32_t)(((key ^ (uint64_t)1 << 63) >> 32) * part_count >> 32);
}

enum hs_status hs_evidence_too_wide(const struct hs_evidence_ask *ask, struct hs_err *err)
{
  return hs_fail(err, HS_NOMEM,
                 "evidence joins the %zu %s asked for with so many others that more than %zu are "
                 "near; ask for fewer at once",
                 ask->id_count, hs_plural(ask->id_count, "id", "ids"), ask->near_max);
}
