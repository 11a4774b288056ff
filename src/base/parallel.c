#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct loop {
  hs_parallel_fn run;
  void *context;
  size_t item_count;
  atomic_size_t next_item;
  pthread_mutex_t lock; /* guards what follows */
  size_t failed_item;   /* item_count while none has failed */
  enum hs_status status;
  struct hs_err err;
};

struct worker {
  struct loop *loop;
  size_t index;
};

size_t hs_worker_count(size_t wanted)
{
  if (wanted == 0) {
    cpu_set_t allowed;
    wanted = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? (size_t)CPU_COUNT(&allowed) : 1;
  }
  if (wanted < 1)
    return 1;
  return wanted < HS_WORKER_COUNT_MAX ? wanted : HS_WORKER_COUNT_MAX;
}

/* Items below a failed one were all started before it and still end: so the lowest failure is
   always found. */
static void keep_failure(struct loop *loop, size_t item, enum hs_status status,
                         const struct hs_err *err)
{
  atomic_store(&loop->next_item, loop->item_count);
  (void)pthread_mutex_lock(&loop->lock);
  if (item < loop->failed_item) {
    loop->failed_item = item;
    loop->status = status;
    loop->err = *err;
  }
  (void)pthread_mutex_unlock(&loop->lock);
}

static void *work(void *argument)
{
  const struct worker *self = argument;
  struct loop *loop = self->loop;
  for (;;) {
    size_t item = atomic_fetch_add(&loop->next_item, 1);
    if (item >= loop->item_count)
      return NULL;
    struct hs_err err = {0};
    enum hs_status status = loop->run(loop->context, self->index, item, &err);
    if (status != HS_OK)
      keep_failure(loop, item, status, &err);
  }
}

enum hs_status hs_parallel_run(size_t worker_count, size_t item_count, hs_parallel_fn run,
                               void *context, struct hs_err *err)
{
  HS_ASSERT(worker_count >= 1 && worker_count <= HS_WORKER_COUNT_MAX);
  struct loop loop = {.run = run,
                      .context = context,
                      .item_count = item_count,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .failed_item = item_count};
  struct worker workers[HS_WORKER_COUNT_MAX];
  pthread_t threads[HS_WORKER_COUNT_MAX];
  size_t started = 1;
  workers[0] = (struct worker){.loop = &loop};
  for (; started < worker_count && started < item_count; started++) {
    workers[started] = (struct worker){.loop = &loop, .index = started};
    if (pthread_create(&threads[started], NULL, work, &workers[started]) != 0)
      break;
  }
  (void)work(&workers[0]);
  for (size_t i = 1; i < started; i++)
    (void)pthread_join(threads[i], NULL);
  if (loop.status != HS_OK && err != NULL)
    *err = loop.err;
  return loop.status;
}
