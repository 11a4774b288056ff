/* The trails under test, each in a fresh directory, and their whole content as comparable text. */
#ifndef HANSA_TESTS_SUPPORT_TRAILS_H
#define HANSA_TESTS_SUPPORT_TRAILS_H

#include "ports/keep.h"
#include "ports/trail.h"
#include "support/events.h"

struct world {
  const char *name; /* "memory" or "duckdb" */
  char directory[64];
  struct hs_trail trail;
  struct hs_keep keep;
  struct hs_cursor cursor; /* as the last world_store left it */
  struct hs_load_counts counts;
};

extern const char *const WORLD_NAMES[];
extern const size_t WORLD_COUNT;

void world_open(struct world *world, const char *name);
/* Closes the trail and its directory with everything in it. */
void world_close(struct world *world);
/* Closes the trail and opens it again; the memory trail is empty then. */
void world_reopen(struct world *world);
/* A test in a fresh world of that name, which is its *state; and in one of each. */
int world_set_up(void **state);
int world_tear_down(void **state);
#define WORLD_TEST(test, name)                                                                     \
  {                                                                                                \
#test " (" name ")", test, world_set_up, world_tear_down, (void *)(uintptr_t)name              \
  }
#define EVERY_WORLD_TEST(test) WORLD_TEST(test, "memory"), WORLD_TEST(test, "duckdb")

/* A path in the world's directory; lives until the fourth call after it. */
const char *world_path(struct world *world, const char *name);

/* Stores the events as the next frame and fails the test when that fails; counts are in the
   world. */
void world_store(struct world *world, const struct events *events);
/* The same by way of a kept file of that name. */
void world_store_kept(struct world *world, const struct events *events, const char *name);

/* Every table, in sorted lines, and every scan, as one text. The caller frees it. */
char *world_dump(struct world *world);

#endif
