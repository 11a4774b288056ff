/* An interruption reaches a question to the trail while it runs, not only between two of its rows:
   an aggregate over everything may compute for minutes before it gives the first. */
#ifndef HANSA_CLI_ASKING_H
#define HANSA_CLI_ASKING_H

#include <pthread.h>

#include "cli/cli.h"
#include "service/programme.h"

/* Between begin and end a thread of its own passes an interruption of the command on to the trail,
   which then ends what it does with HS_INTERRUPTED. The storage is the caller's and stays where it
   is until end; the programme stays open as long. HS_FAILED when the system gives no thread. */
struct hs_asking {
  struct hs_programme *programme;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int is_over;
};
[[nodiscard]] enum hs_status hs_asking_begin(struct hs_asking *asking,
                                             struct hs_programme *programme, struct hs_err *err);
void hs_asking_end(struct hs_asking *asking);

#endif
