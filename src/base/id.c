#include "base/id.h"

#include <string.h>

#define PREFIX_BYTES 3
#define DIGIT_COUNT 26
#define MS_MAX (((int64_t)1 << 48) - 1)

/* Crockford's alphabet: no I, L, O, U, which are misread or make words. In ASCII order, so that
   texts sort as their numbers do. */
static const char ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";

__extension__ typedef unsigned __int128 wide;

static wide pack(int64_t ms, const unsigned char random[10])
{
  wide value = (wide)ms;
  for (size_t i = 0; i < 10; i++)
    value = value << 8 | random[i];
  return value;
}

/* One more; 1 when it went over the end. */
static int increment(unsigned char random[10])
{
  for (size_t i = 10; i-- > 0;)
    if (++random[i] != 0)
      return 0;
  return 1;
}

static int is_new(const struct hs_id_maker *maker)
{
  static const unsigned char NONE[10];
  return maker->last_ms == 0 && memcmp(maker->last_random, NONE, sizeof NONE) == 0;
}

/* The next pair in rising order, also when the clock stands still or jumps back. */
static void step(struct hs_id_maker *maker, const struct hs_io *io)
{
  int64_t now_ms = io->now_us(io->self) / 1000;
  if (now_ms <= maker->last_ms && !is_new(maker)) {
    if (!increment(maker->last_random))
      return;
    now_ms = maker->last_ms + 1; /* 2^80 ids in a millisecond: borrow the next one */
  }
  HS_ASSERT(now_ms <= MS_MAX);
  maker->last_ms = now_ms < 0 ? 0 : now_ms;
  io->fill_random(io->self, maker->last_random, sizeof maker->last_random);
}

static int is_prefix(const char *text)
{
  for (size_t i = 0; i < PREFIX_BYTES; i++)
    if (text[i] < 'a' || text[i] > 'z')
      return 0;
  return 1;
}

struct hs_id hs_id_of(const char prefix[4], int64_t at_ms, const unsigned char rest[10])
{
  HS_ASSERT(strlen(prefix) == PREFIX_BYTES && is_prefix(prefix) && at_ms <= MS_MAX);
  wide value = pack(at_ms < 0 ? 0 : at_ms, rest);
  struct hs_id id = {0};
  memcpy(id.text, prefix, PREFIX_BYTES);
  id.text[PREFIX_BYTES] = '_';
  for (size_t i = DIGIT_COUNT; i-- > 0; value >>= 5)
    id.text[PREFIX_BYTES + 1 + i] = ALPHABET[(size_t)(value & 31)];
  return id;
}

struct hs_id hs_id_make(struct hs_id_maker *maker, const struct hs_io *io, const char prefix[4])
{
  step(maker, io);
  return hs_id_of(prefix, maker->last_ms, maker->last_random);
}

int hs_id_parse(struct hs_str s, const char *prefix, struct hs_id *out)
{
  if (s.length != PREFIX_BYTES + 1 + DIGIT_COUNT || !is_prefix(s.data) ||
      s.data[PREFIX_BYTES] != '_')
    return 0;
  if (prefix != NULL && memcmp(s.data, prefix, PREFIX_BYTES) != 0)
    return 0;
  const char *digits = s.data + PREFIX_BYTES + 1;
  /* 26 digits hold 130 bits: the first may use three of its five. */
  if (digits[0] > '7')
    return 0;
  for (size_t i = 0; i < DIGIT_COUNT; i++)
    if (memchr(ALPHABET, digits[i], sizeof ALPHABET - 1) == NULL)
      return 0;
  *out = (struct hs_id){0};
  memcpy(out->text, s.data, s.length);
  return 1;
}
