/* A machine in memory: clock, disk, network and randomness that obey a seed. The disk keeps what
   was written and what was made durable apart; a crash keeps the durable bytes and some of the
   rest, torn and out of order, as real disks do: io_sim_disk.c says exactly what. One machine
   belongs to one thread; since nobody else runs meanwhile, waiting for the network moves the clock
   by the whole timeout and gives HS_BUSY, and a wait without an end gives it at once. Paths start
   at an empty root ("a/b" and "/a/b" are the same). */
#ifndef HANSA_BASE_IO_SIM_H
#define HANSA_BASE_IO_SIM_H

#include "base/io.h"

struct hs_sim_options {
  uint64_t seed;
  int64_t start_us;         /* the clock's first reading */
  uint64_t disk_bytes;      /* HS_FULL when the sizes of all files reach beyond it; 0: no limit */
  uint32_t short_write_ppm; /* chance in a million that a read or write is cut short */
  uint32_t
      error_ppm; /* chance that a disk call fails with HS_IO, leaving what a device could leave */
  uint32_t sync_error_ppm; /* chance that sync_data fails once and drops the dirty pages, as Linux
                              does */
  uint32_t connection_drop_ppm; /* chance that a send or receive finds the connection broken */
  int64_t latency_us;           /* the most that a disk or network call advances the clock */
};

struct hs_sim;
/* Memory is its own (malloc); HS_NOMEM when there is none. */
[[nodiscard]] enum hs_status hs_sim_open(const struct hs_sim_options *options, struct hs_sim **out,
                                         struct hs_err *err);
void hs_sim_close(struct hs_sim *sim);
const struct hs_io *hs_sim_io(struct hs_sim *sim);

/* Change what goes wrong from now on (the chances, the latency, the size of the disk); seed and
   clock stay. */
void hs_sim_set_faults(struct hs_sim *sim, const struct hs_sim_options *options);
/* The disk call with this number from now on (0 is the next one) fails with the status; HS_FULL and
   HS_IO make sense. Counts every disk function of the table but close, which cannot fail. A second
   call replaces the first; UINT64_MAX cancels. */
void hs_sim_fail_at(struct hs_sim *sim, uint64_t call, enum hs_status status);
uint64_t hs_sim_disk_call_count(const struct hs_sim *sim);
void hs_sim_advance(struct hs_sim *sim, int64_t duration_us);

/* What a crash does to writes that no sync had made durable. */
enum hs_crash {
  HS_CRASH_KEEP_ALL,  /* all of them arrived */
  HS_CRASH_LOSE_ALL,  /* none did */
  HS_CRASH_RANDOM,    /* each 512-byte sector, size and name at any state since its last sync */
  HS_CRASH_TORN_LAST, /* all arrived but the last one, which is cut at a random sector */
};
/* Power fails now: handles, locks and connections are gone; unsynced bytes, sizes and directory
   entries suffer as told; the machine is running again when this returns. */
void hs_sim_crash(struct hs_sim *sim, enum hs_crash how);

/* The trace of every disk call that changes state can be kept and cut anywhere: hs_sim_replay makes
   a machine on which the first `call_count` (0 to hs_sim_trace_count) of them happened and then
   power failed, with the disk's size and the clock of the traced one and without faults. For
   testing every prefix of a run: it costs about what copying the written bytes costs. Switching on
   starts a new trace from the disk as it is. */
void hs_sim_trace(struct hs_sim *sim, int is_on);
uint64_t hs_sim_trace_count(const struct hs_sim *sim);
[[nodiscard]] enum hs_status hs_sim_replay(const struct hs_sim *traced, uint64_t call_count,
                                           uint64_t seed, enum hs_crash how, struct hs_sim **out,
                                           struct hs_err *err);

#endif
