/* HS_WIDE in front of a static function's definition (the compiler would export any other): it is
   compiled a second time for processors with vectors of 256 bits (x86-64-v3), and the loader takes
   what the machine has. For the few loops that most of the time goes to, whose lanes are
   independent: both versions then give the same bits, since products are never contracted
   (-ffp-contract=off). */
#ifndef HANSA_BASE_WIDE_H
#define HANSA_BASE_WIDE_H

#include <features.h>

/* The loader asks for the choice before a sanitizer's runtime is ready to be called, and clang 14
   exports the function that chooses. */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) &&                            \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define HS_WIDE __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define HS_WIDE
#endif

#endif
