#include "cli/asking.h"

#include "base/time.h"

/* How long Ctrl-C may seem to do nothing; short for a person, and rare enough to cost nothing. */
#define LOOK_EVERY_US 50000

static struct timespec next_look(const struct hs_io *io)
{
  int64_t at_us = io->monotonic_us(io->self) + LOOK_EVERY_US;
  return (struct timespec){.tv_sec = (time_t)(at_us / HS_SECOND_US),
                           .tv_nsec = (long)(at_us % HS_SECOND_US) * 1000};
}

/* The trail is told again and again: it forgets an interruption that came while nothing ran yet. */
static void *watch(void *context)
{
  struct hs_asking *asking = context;
  struct hs_trail *trail = &asking->programme->trail;
  pthread_mutex_lock(&asking->lock);
  while (!asking->is_over) {
    if (hs_cli_interrupted())
      trail->interrupt(trail->self);
    struct timespec until = next_look(asking->programme->io);
    (void)pthread_cond_timedwait(&asking->changed, &asking->lock, &until);
  }
  pthread_mutex_unlock(&asking->lock);
  return NULL;
}

static void destroy(struct hs_asking *asking)
{
  pthread_cond_destroy(&asking->changed);
  pthread_mutex_destroy(&asking->lock);
}

enum hs_status hs_asking_begin(struct hs_asking *asking, struct hs_programme *programme,
                               struct hs_err *err)
{
  pthread_condattr_t how;
  *asking = (struct hs_asking){.programme = programme};
  pthread_mutex_init(&asking->lock, NULL);
  pthread_condattr_init(&how);
  pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
  pthread_cond_init(&asking->changed, &how);
  pthread_condattr_destroy(&how);
  int failure = pthread_create(&asking->thread, NULL, watch, asking);
  if (failure == 0)
    return HS_OK;
  destroy(asking);
  return hs_fail_errno(err, HS_FAILED, failure, "cannot start the thread that waits for Ctrl-C");
}

void hs_asking_end(struct hs_asking *asking)
{
  pthread_mutex_lock(&asking->lock);
  asking->is_over = 1;
  pthread_cond_signal(&asking->changed);
  pthread_mutex_unlock(&asking->lock);
  pthread_join(asking->thread, NULL);
  destroy(asking);
}
