/* A loop whose items are independent, over several threads. What an item computes must depend on
   its index alone, never on the worker that happens to run it: then the number of threads changes
   the time and nothing else. */
#ifndef HANSA_BASE_PARALLEL_H
#define HANSA_BASE_PARALLEL_H

#include "base/status.h"

/* More threads than this are not started, whatever was asked for. */
#define HS_WORKER_COUNT_MAX ((size_t)64)

/* worker is below the number of threads in use: an index into what a thread keeps for itself. */
typedef enum hs_status (*hs_parallel_fn)(void *context, size_t worker, size_t item,
                                         struct hs_err *err);

/* wanted threads, or as many as this process may run at once when wanted is 0; 1 to
   HS_WORKER_COUNT_MAX. */
[[nodiscard]] size_t hs_worker_count(size_t wanted);

/* Runs each item in [0, item_count) once, in rising order of their starts; the caller's thread is
   worker 0. worker_count as hs_worker_count gives it; when the system refuses a thread, the others
   do its work. After an item fails no further ones are started; the failure reported is that of the
   lowest item, the same for every number of threads. */
[[nodiscard]] enum hs_status hs_parallel_run(size_t worker_count, size_t item_count,
                                             hs_parallel_fn run, void *context, struct hs_err *err);

#endif
