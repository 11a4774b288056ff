/* Functions that this code does not use, poisoned so that a use is a compile error. Included by the
   build before everything else of ours; system headers are read first, because they declare what is
   poisoned here. */
#ifndef HANSA_BASE_BANNED_H
#define HANSA_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

/* glibc makes macros of these for clang when fortified. */
#undef sprintf
#undef vsprintf

/* No bound, or a hidden static buffer, or no way to tell zero from nonsense. */
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol atof gets rand srand gmtime     \
    localtime ctime asctime
/* Time and chance come in through base/io.h, or a run could not be repeated. (random itself is the
   name of a function in that table, so that only its relatives can be poisoned.) */
#ifndef HS_ROOM_BASE
#pragma GCC poison gettimeofday clock_gettime srandom drand48 getrandom
#endif

#endif
