#include "support/seeded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/text.h"

uint64_t test_random(uint64_t *state)
{
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}

uint64_t test_number(const char *name, uint64_t otherwise)
{
  uint64_t value = otherwise;
  const char *text = getenv(name);
  if (text != NULL && !hs_parse_u64(hs_str_of(text), &value))
    fail_msg("%s must be a number, got %s", name, text);
  return value;
}
