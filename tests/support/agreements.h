/* The agreements of docs/examples as material for tests. */
#ifndef HANSA_TESTS_SUPPORT_AGREEMENTS_H
#define HANSA_TESTS_SUPPORT_AGREEMENTS_H

#include "base/text.h"

/* The text of an example by its file's name, in the arena; asserts that it can be read. */
struct hs_str agreement_example(struct hs_arena *arena, const char *name);

/* The text with the first occurrence of `from` replaced; asserts that there is one. */
struct hs_str agreement_with(struct hs_arena *arena, struct hs_str json, const char *from,
                             const char *to);

#endif
