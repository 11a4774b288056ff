/* What the tests of the journal share: a directory of their own, and frames that say which they
   are. Include after cmocka.h. */
#ifndef HANSA_TESTS_SUPPORT_JOURNAL_H
#define HANSA_TESTS_SUPPORT_JOURNAL_H

#include "journal/journal.h"
#include "support/seeded.h"

#define HS_TEST_TIMEOUT_US ((int64_t)10 * 1000 * 1000)

/* A directory on the real disk for one test, and a place for errors. */
struct scratch {
  char path[256];
  struct hs_err err;
};
struct scratch scratch_make(void);
void scratch_remove(const struct scratch *scratch);

/* A frame whose type, sizes and bytes all follow from its number; every third has a personal part.
   The frame points into the struct: do not move it, or set the pointers again. */
#define NUMBERED_BYTES_MAX 256
struct numbered {
  struct hs_frame frame;
  unsigned char public_data[NUMBERED_BYTES_MAX];
  unsigned char personal_data[NUMBERED_BYTES_MAX];
};
void numbered_init(struct numbered *numbered, uint64_t number);
[[nodiscard]] int is_numbered(const struct hs_frame_read *read, uint64_t number);
/* Its number, by its first eight bytes. */
[[nodiscard]] uint64_t number_of(const struct hs_frame_read *read);
void append_numbered(struct hs_journal *journal, uint64_t first, uint64_t count);

/* Runs a life with the given call of the disk failing with this status, with or without a crash
   after it, and gives the number of calls that it made; UINT64_MAX: none fails. */
typedef uint64_t (*fault_fn)(uint64_t seed, uint64_t call, enum hs_status fault, int with_crash);
/* Lets every call of a life fail once, or each HANSA_FAULT_STEP-th, in each of four ways. Gives the
   number of calls that a life makes, and prints how many failed; the seed is HANSA_SEED. */
uint64_t fail_every_call(fault_fn check);

#define assert_ok(call) assert_int_equal((call), HS_OK)

#endif
