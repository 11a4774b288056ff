/* The simulated machine: clock, chance and network of the table of io.h, with the faults, the
   crashes and the trace. Its files are those of io_sim_files.c. */
#include "base/io_sim.h"

#include <stdlib.h>

#include "base/io_sim_priv.h"

uint64_t hs_sim_rng_next(struct hs_sim_rng *rng)
{
  uint64_t z = rng->state += 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

/* Lemire's multiplication; its bias, bound/2^64, is nothing here. */
uint64_t hs_sim_rng_below(struct hs_sim_rng *rng, uint64_t bound)
{
  __extension__ typedef unsigned __int128 wide;
  return (uint64_t)(((wide)hs_sim_rng_next(rng) * bound) >> 64);
}

int hs_sim_rng_chance(struct hs_sim_rng *rng, uint32_t ppm)
{
  return ppm > 0 && hs_sim_rng_below(rng, 1000000) < ppm;
}

/* Clock and randomness. */

static int64_t sim_now_us(void *self) { return ((struct hs_sim *)self)->now_us; }
static int64_t sim_monotonic_us(void *self) { return ((struct hs_sim *)self)->monotonic_us; }
static void sim_sleep_us(void *self, int64_t duration_us) { hs_sim_advance(self, duration_us); }

static void sim_fill_random(void *self, void *out, size_t bytes)
{
  struct hs_sim *sim = self;
  unsigned char *at = out;
  for (size_t i = 0; i < bytes; i++)
    at[i] = (unsigned char)(hs_sim_rng_next(&sim->bytes) >> 56);
}

/* What the calls of disk and network share. */

void hs_sim_pass_time(struct hs_sim *sim)
{
  if (sim->options.latency_us > 0)
    hs_sim_advance(sim,
                   (int64_t)hs_sim_rng_below(&sim->faults, (uint64_t)sim->options.latency_us + 1));
}

size_t hs_sim_cut_short(struct hs_sim *sim, size_t bytes)
{
  if (bytes < 2 || !hs_sim_rng_chance(&sim->faults, sim->options.short_write_ppm))
    return bytes;
  return 1 + (size_t)hs_sim_rng_below(&sim->faults, bytes - 1);
}

void hs_sim_commit(struct hs_sim *sim, struct hs_disk_op *op)
{
  struct hs_sim_trace *trace = &sim->trace;
  op->at_us = sim->now_us;
  hs_disk_apply(&sim->disk, op);
  if (!trace->is_on) {
    hs_disk_op_release(op);
    return;
  }
  if (trace->count == trace->capacity) {
    trace->capacity = trace->capacity == 0 ? 64 : trace->capacity * 2;
    trace->ops = hs_sim_more_memory(trace->ops, trace->capacity, sizeof *trace->ops);
  }
  trace->ops[trace->count++] = op;
}

/* Network functions of the table. */

/* Nobody else runs while this machine waits, so waiting is in vain. */
static enum hs_status wait_in_vain(struct hs_sim *sim, enum hs_status status, int64_t timeout_us)
{
  if (status == HS_BUSY && timeout_us > 0)
    hs_sim_advance(sim, timeout_us);
  return status;
}

static enum hs_status sim_listen(void *self, const char *address, hs_socket *out,
                                 struct hs_err *err)
{
  struct hs_sim *sim = self;
  hs_sim_pass_time(sim);
  return hs_sim_net_listen(sim->net, address, out, err);
}

static enum hs_status sim_accept(void *self, hs_socket listener, int64_t timeout_us, hs_socket *out,
                                 struct hs_err *err)
{
  struct hs_sim *sim = self;
  hs_sim_pass_time(sim);
  return wait_in_vain(sim, hs_sim_net_accept(sim->net, listener, out, err), timeout_us);
}

static enum hs_status sim_connect(void *self, const char *address,
                                  [[maybe_unused]] int64_t timeout_us, hs_socket *out,
                                  struct hs_err *err)
{
  struct hs_sim *sim = self;
  hs_sim_pass_time(sim);
  return hs_sim_net_connect(sim->net, address, out, err);
}

static void maybe_break(struct hs_sim *sim, hs_socket socket)
{
  if (hs_sim_rng_chance(&sim->faults, sim->options.connection_drop_ppm))
    hs_sim_net_break(sim->net, socket);
}

static enum hs_status sim_receive(void *self, hs_socket socket, void *data, size_t bytes,
                                  int64_t timeout_us, size_t *done, struct hs_err *err)
{
  struct hs_sim *sim = self;
  HS_ASSERT(bytes > 0);
  hs_sim_pass_time(sim);
  maybe_break(sim, socket);
  size_t count = hs_sim_cut_short(sim, bytes);
  return wait_in_vain(sim, hs_sim_net_receive(sim->net, socket, data, count, done, err),
                      timeout_us);
}

static enum hs_status sim_send(void *self, hs_socket socket, const void *data, size_t bytes,
                               int64_t timeout_us, size_t *done, struct hs_err *err)
{
  struct hs_sim *sim = self;
  HS_ASSERT(bytes > 0);
  hs_sim_pass_time(sim);
  maybe_break(sim, socket);
  size_t count = hs_sim_cut_short(sim, bytes);
  return wait_in_vain(sim, hs_sim_net_send(sim->net, socket, data, count, done, err), timeout_us);
}

static void sim_close_socket(void *self, hs_socket socket)
{
  hs_sim_net_close_socket(((struct hs_sim *)self)->net, socket);
}

static enum hs_status sim_address(void *self, hs_socket listener, char *out, struct hs_err *err)
{
  return hs_sim_net_address(((struct hs_sim *)self)->net, listener, out, err);
}

static const struct hs_io SIMULATED = {
    .now_us = sim_now_us,
    .monotonic_us = sim_monotonic_us,
    .sleep_us = sim_sleep_us,
    .fill_random = sim_fill_random,
    .listen = sim_listen,
    .accept = sim_accept,
    .connect = sim_connect,
    .receive = sim_receive,
    .send = sim_send,
    .close_socket = sim_close_socket,
    .address = sim_address,
};

/* The machine. */

/* All of it but the disk. */
static struct hs_sim *make_machine(const struct hs_sim_options *options, uint64_t seed)
{
  struct hs_sim *sim = calloc(1, sizeof *sim);
  if (sim == NULL)
    return NULL;
  sim->net = hs_sim_net_open();
  if (sim->net == NULL) {
    free(sim);
    return NULL;
  }
  struct hs_sim_rng seeds = {seed};
  sim->faults.state = hs_sim_rng_next(&seeds);
  sim->crashes.state = hs_sim_rng_next(&seeds);
  sim->bytes.state = hs_sim_rng_next(&seeds);
  sim->options = *options;
  sim->now_us = options->start_us;
  sim->planned_call = UINT64_MAX;
  sim->io = SIMULATED;
  hs_sim_files_table(&sim->io);
  sim->io.self = sim;
  return sim;
}

enum hs_status hs_sim_open(const struct hs_sim_options *options, struct hs_sim **out,
                           struct hs_err *err)
{
  struct hs_sim *sim = make_machine(options, options->seed);
  if (sim == NULL)
    return hs_fail(err, HS_NOMEM, "no memory for a simulated machine");
  hs_disk_init(&sim->disk);
  *out = sim;
  return HS_OK;
}

static void forget_trace(struct hs_sim_trace *trace)
{
  for (size_t i = 0; i < trace->count; i++)
    hs_disk_op_release(trace->ops[i]);
  free(trace->ops);
  hs_disk_release(&trace->start);
  *trace = (struct hs_sim_trace){0};
}

void hs_sim_close(struct hs_sim *sim)
{
  if (sim == NULL)
    return;
  forget_trace(&sim->trace);
  hs_disk_release(&sim->disk);
  hs_sim_net_close(sim->net);
  free(sim->handles);
  free(sim);
}

const struct hs_io *hs_sim_io(struct hs_sim *sim) { return &sim->io; }

void hs_sim_set_faults(struct hs_sim *sim, const struct hs_sim_options *options)
{
  uint64_t seed = sim->options.seed;
  int64_t start_us = sim->options.start_us;
  sim->options = *options;
  sim->options.seed = seed;
  sim->options.start_us = start_us;
}

void hs_sim_fail_at(struct hs_sim *sim, uint64_t call, enum hs_status status)
{
  sim->planned_call = call == UINT64_MAX ? UINT64_MAX : sim->disk_call_count + call;
  sim->planned_status = status;
}

uint64_t hs_sim_disk_call_count(const struct hs_sim *sim) { return sim->disk_call_count; }

void hs_sim_advance(struct hs_sim *sim, int64_t duration_us)
{
  if (duration_us <= 0)
    return;
  sim->now_us += duration_us;
  sim->monotonic_us += duration_us;
}

static void crash_with(struct hs_sim *sim, enum hs_crash how, uint64_t seed)
{
  struct hs_disk_op *op = hs_disk_op_make(HS_DISK_CRASH, 0);
  op->how = how;
  op->seed = seed;
  hs_sim_commit(sim, op);
  hs_sim_files_crash(sim);
  hs_sim_net_crash(sim->net);
}

void hs_sim_crash(struct hs_sim *sim, enum hs_crash how)
{
  crash_with(sim, how, hs_sim_rng_next(&sim->crashes));
}

void hs_sim_trace(struct hs_sim *sim, int is_on)
{
  forget_trace(&sim->trace);
  if (!is_on)
    return;
  hs_disk_copy(&sim->disk, &sim->trace.start);
  sim->trace.is_on = 1;
}

uint64_t hs_sim_trace_count(const struct hs_sim *sim) { return sim->trace.count; }

enum hs_status hs_sim_replay(const struct hs_sim *traced, uint64_t call_count, uint64_t seed,
                             enum hs_crash how, struct hs_sim **out, struct hs_err *err)
{
  HS_ASSERT(traced->trace.is_on && call_count <= traced->trace.count);
  struct hs_sim_options options = {
      .seed = seed,
      .start_us = traced->now_us,
      .disk_bytes = traced->options.disk_bytes,
  };
  struct hs_sim *sim = make_machine(&options, seed);
  if (sim == NULL)
    return hs_fail(err, HS_NOMEM, "no memory for a simulated machine");
  hs_disk_copy(&traced->trace.start, &sim->disk);
  for (uint64_t i = 0; i < call_count; i++)
    hs_disk_apply(&sim->disk, traced->trace.ops[i]);
  hs_sim_crash(sim, how);
  *out = sim;
  return HS_OK;
}
