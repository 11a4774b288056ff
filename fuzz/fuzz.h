/* What a fuzz target defines, so that the definition has a prototype and both drivers, libFuzzer
   and replay.c, agree on it. A target returns 0; a broken promise aborts. */
#ifndef HANSA_FUZZ_H
#define HANSA_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
