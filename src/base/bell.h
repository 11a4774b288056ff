/* A bell that many threads wait for: ringing it wakes them, and nobody who looks after listening
   misses a ring. It carries no condition of its own; what was decided stands elsewhere, and a
   waiter looks there again whenever it comes back. On Linux's futex, which does what a condition
   variable does without a mutex that all who wake would have to pass one by one. */
#ifndef HANSA_BASE_BELL_H
#define HANSA_BASE_BELL_H

#include <stdatomic.h>
#include <stdint.h>

/* The zero value is ready. */
struct hs_bell {
  _Atomic uint32_t rings;
  _Atomic uint32_t is_passed_on; /* who wakes next wakes everybody else */
};

/* To be asked before looking whether there is anything to wait for. */
uint32_t hs_bell_listen(const struct hs_bell *bell);
/* Until the bell has rung since listen gave heard; at once when it has. May return without a ring.
 */
void hs_bell_wait(struct hs_bell *bell, uint32_t heard);
/* Wakes one of those who wait. */
void hs_bell_ring_one(struct hs_bell *bell);
/* Wakes all of them. The caller pays for waking one; that one wakes the others. */
void hs_bell_ring_all(struct hs_bell *bell);

#endif
