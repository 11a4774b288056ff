#include "base/bell.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wake(struct hs_bell *bell, int most)
{
  (void)syscall(SYS_futex, &bell->rings, FUTEX_WAKE_PRIVATE, most, NULL, NULL, 0);
}

uint32_t hs_bell_listen(const struct hs_bell *bell) { return atomic_load(&bell->rings); }

/* Everybody who leaves looks whether waking the others was passed on, also who never slept: the
   one that the ringer woke may be still on its way while another has it done already. */
void hs_bell_wait(struct hs_bell *bell, uint32_t heard)
{
  if (atomic_load(&bell->rings) == heard)
    (void)syscall(SYS_futex, &bell->rings, FUTEX_WAIT_PRIVATE, heard, NULL, NULL, 0);
  if (atomic_load(&bell->is_passed_on) && atomic_exchange(&bell->is_passed_on, 0))
    wake(bell, INT_MAX);
}

void hs_bell_ring_one(struct hs_bell *bell)
{
  (void)atomic_fetch_add(&bell->rings, 1);
  wake(bell, 1);
}

/* Passed on before anybody is woken, and after the count has moved: who sleeps from here on has
   heard this ring. */
void hs_bell_ring_all(struct hs_bell *bell)
{
  (void)atomic_fetch_add(&bell->rings, 1);
  atomic_store(&bell->is_passed_on, 1);
  wake(bell, 1);
}
