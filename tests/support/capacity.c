#include "support/capacity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct attempt {
  enum hs_status status;
  size_t high_bytes; /* the room that was found before an allocation failed */
};

static struct attempt attempt(bounded_fn run, void *context, size_t capacity_bytes)
{
  struct hs_arena arena = {0};
  struct hs_err err = {0};
  assert_int_equal(hs_arena_init(&arena, capacity_bytes, NULL), HS_OK);
  struct attempt attempt = {.status = run(context, &arena, &err)};
  attempt.high_bytes = arena.high_bytes;
  hs_arena_release(&arena);
  if (attempt.status == HS_OK)
    return attempt;
  if (attempt.status != HS_NOMEM)
    fail_msg("with %zu bytes: %s, %s", capacity_bytes, hs_status_code(attempt.status), err.text);
  assert_int_equal(err.status, HS_NOMEM);
  assert_true(err.text[0] != '\0');
  return attempt;
}

static int is_same_failure(struct attempt a, struct attempt b)
{
  return a.status == b.status && a.high_bytes == b.high_bytes;
}

size_t fail_every_allocation(bounded_fn run, void *context)
{
  size_t failed = 0;
  size_t capacity = 1;
  struct attempt last = attempt(run, context, capacity);
  for (; last.status != HS_OK; last = attempt(run, context, capacity)) {
    /* A run is the same up to the allocation that fails, so the least capacity at which this one
       succeeds is found by doubling and halving. */
    size_t step = 16;
    size_t enough = capacity + step;
    while (is_same_failure(attempt(run, context, enough), last)) {
      capacity = enough;
      enough += step *= 2;
    }
    while (enough - capacity > 1) {
      size_t middle = capacity + (enough - capacity) / 2;
      if (is_same_failure(attempt(run, context, middle), last))
        capacity = middle;
      else
        enough = middle;
    }
    capacity = enough;
    failed++;
  }
  return failed;
}
