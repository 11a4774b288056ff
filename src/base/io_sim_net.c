/* The simulated network: byte streams between sockets of one machine. Each direction is a bounded
   queue, so that a sender meets a full one as it would over a real wire. */
#include "base/io_sim_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define QUEUE_BYTES ((size_t)64 * 1024)
#define FIRST_FREE_PORT 49152

enum socket_kind { CLOSED, LISTENER, STREAM };

struct queue { /* a ring */
  unsigned char *data;
  size_t start;
  size_t count;
};

struct socket {
  enum socket_kind kind;
  char address[HS_ADDRESS_TEXT]; /* LISTENER; in a STREAM not yet accepted: where it waits */
  int is_waiting;                /* STREAM: connected, not yet accepted */
  int is_broken;
  int peer; /* STREAM: the other end; -1 once that has closed */
  struct queue incoming;
};

struct hs_sim_net {
  struct socket *sockets; /* never given twice, so a stale number meets a closed one */
  int count;
  int next_port;
};

struct hs_sim_net *hs_sim_net_open(void)
{
  struct hs_sim_net *net = calloc(1, sizeof *net);
  if (net != NULL)
    net->next_port = FIRST_FREE_PORT;
  return net;
}

static void release_socket(struct socket *socket)
{
  free(socket->incoming.data);
  *socket = (struct socket){.kind = CLOSED, .peer = -1};
}

void hs_sim_net_crash(struct hs_sim_net *net)
{
  for (int i = 0; i < net->count; i++)
    release_socket(&net->sockets[i]);
}

void hs_sim_net_close(struct hs_sim_net *net)
{
  hs_sim_net_crash(net);
  free(net->sockets);
  free(net);
}

static hs_socket add_socket(struct hs_sim_net *net, enum socket_kind kind)
{
  net->sockets = hs_sim_more_memory(net->sockets, (size_t)net->count + 1, sizeof *net->sockets);
  net->sockets[net->count] = (struct socket){.kind = kind, .peer = -1};
  return net->count++;
}

static struct socket *socket_of(const struct hs_sim_net *net, hs_socket socket,
                                enum socket_kind kind)
{
  if (socket < 0 || socket >= net->count || net->sockets[socket].kind != kind)
    return NULL;
  return &net->sockets[socket];
}

static enum hs_status fail_closed(hs_socket socket, struct hs_err *err)
{
  return hs_fail(err, HS_IO, "socket %d is not open for that, or was before a crash", socket);
}

/* 1 when the address has the form that io.h gives it; the port of a TCP one. */
static int parse_address(const char *address, uint64_t *port)
{
  *port = 0;
  if (strlen(address) >= HS_ADDRESS_TEXT)
    return 0;
  if (strncmp(address, "unix:", 5) == 0)
    return address[5] != '\0';
  const char *colon = strrchr(address, ':');
  return strncmp(address, "tcp:", 4) == 0 && colon > address + 4 &&
         strspn(address + 4, "0123456789abcdefABCDEF.:[]") == strlen(address + 4) &&
         hs_parse_u64(hs_str_of(colon + 1), port) && *port <= 65535;
}

static struct socket *listener_at(const struct hs_sim_net *net, const char *address)
{
  for (int i = 0; i < net->count; i++)
    if (net->sockets[i].kind == LISTENER && strcmp(net->sockets[i].address, address) == 0)
      return &net->sockets[i];
  return NULL;
}

enum hs_status hs_sim_net_listen(struct hs_sim_net *net, const char *address, hs_socket *out,
                                 struct hs_err *err)
{
  uint64_t port = 0;
  char chosen[HS_ADDRESS_TEXT + 16];
  if (!parse_address(address, &port))
    return hs_fail(err, HS_INVALID, "%s is neither tcp:HOST:PORT nor unix:PATH", address);
  if (strncmp(address, "tcp:", 4) == 0 && port == 0)
    (void)snprintf(chosen, sizeof chosen, "%.*s:%d", (int)(strrchr(address, ':') - address),
                   address, net->next_port++);
  else
    (void)snprintf(chosen, sizeof chosen, "%s", address);
  if (strlen(chosen) >= HS_ADDRESS_TEXT)
    return hs_fail(err, HS_INVALID, "the address is too long: %s", address);
  if (listener_at(net, chosen) != NULL)
    return hs_fail(err, HS_BUSY, "cannot listen at %s: somebody does", address);
  *out = add_socket(net, LISTENER);
  memcpy(net->sockets[*out].address, chosen, strlen(chosen) + 1);
  return HS_OK;
}

enum hs_status hs_sim_net_connect(struct hs_sim_net *net, const char *address, hs_socket *out,
                                  struct hs_err *err)
{
  uint64_t port = 0;
  if (!parse_address(address, &port))
    return hs_fail(err, HS_INVALID, "%s is neither tcp:HOST:PORT nor unix:PATH", address);
  if (listener_at(net, address) == NULL)
    return hs_fail(err, HS_NOT_FOUND, "cannot connect to %s: nobody listens", address);
  hs_socket near = add_socket(net, STREAM);
  hs_socket far = add_socket(net, STREAM);
  net->sockets[near].peer = far;
  net->sockets[far].peer = near;
  net->sockets[far].is_waiting = 1;
  memcpy(net->sockets[far].address, address, strlen(address) + 1);
  *out = near;
  return HS_OK;
}

enum hs_status hs_sim_net_accept(struct hs_sim_net *net, hs_socket listener, hs_socket *out,
                                 struct hs_err *err)
{
  const struct socket *open = socket_of(net, listener, LISTENER);
  if (open == NULL)
    return fail_closed(listener, err);
  for (int i = 0; i < net->count; i++) {
    struct socket *socket = &net->sockets[i];
    if (socket->kind == STREAM && socket->is_waiting &&
        strcmp(socket->address, open->address) == 0) {
      socket->is_waiting = 0;
      *out = i;
      return HS_OK;
    }
  }
  return hs_fail(err, HS_BUSY, "nobody connects to %s", open->address);
}

static size_t queue_take(struct queue *queue, unsigned char *out, size_t bytes)
{
  size_t count = queue->count < bytes ? queue->count : bytes;
  for (size_t i = 0; i < count; i++)
    out[i] = queue->data[(queue->start + i) % QUEUE_BYTES];
  queue->start = (queue->start + count) % QUEUE_BYTES;
  queue->count -= count;
  return count;
}

static size_t queue_put(struct queue *queue, const unsigned char *data, size_t bytes)
{
  if (queue->data == NULL)
    queue->data = hs_sim_memory(QUEUE_BYTES, 1);
  size_t room = QUEUE_BYTES - queue->count;
  size_t count = room < bytes ? room : bytes;
  for (size_t i = 0; i < count; i++)
    queue->data[(queue->start + queue->count + i) % QUEUE_BYTES] = data[i];
  queue->count += count;
  return count;
}

enum hs_status hs_sim_net_receive(struct hs_sim_net *net, hs_socket number, void *data,
                                  size_t bytes, size_t *done, struct hs_err *err)
{
  struct socket *socket = socket_of(net, number, STREAM);
  if (socket == NULL)
    return fail_closed(number, err);
  if (socket->is_broken)
    return hs_fail(err, HS_IO, "cannot receive: simulated: the connection broke");
  size_t count = queue_take(&socket->incoming, data, bytes);
  if (count == 0 && socket->peer >= 0)
    return hs_fail(err, HS_BUSY, "the time to wait for the other side ran out");
  *done = count;
  return HS_OK;
}

enum hs_status hs_sim_net_send(struct hs_sim_net *net, hs_socket number, const void *data,
                               size_t bytes, size_t *done, struct hs_err *err)
{
  struct socket *socket = socket_of(net, number, STREAM);
  if (socket == NULL)
    return fail_closed(number, err);
  if (socket->is_broken || socket->peer < 0)
    return hs_fail(err, HS_IO, "cannot send: simulated: the connection broke");
  size_t count = queue_put(&net->sockets[socket->peer].incoming, data, bytes);
  if (count == 0)
    return hs_fail(err, HS_BUSY, "the time to wait for the other side ran out");
  *done = count;
  return HS_OK;
}

void hs_sim_net_break(struct hs_sim_net *net, hs_socket number)
{
  struct socket *socket = socket_of(net, number, STREAM);
  if (socket == NULL)
    return;
  socket->is_broken = 1;
  if (socket->peer >= 0)
    net->sockets[socket->peer].is_broken = 1;
}

/* Who connected and was not accepted learns that nobody will. */
static void refuse_waiting(struct hs_sim_net *net, const char *address)
{
  for (int i = 0; i < net->count; i++) {
    const struct socket *socket = &net->sockets[i];
    if (socket->kind == STREAM && socket->is_waiting && strcmp(socket->address, address) == 0) {
      hs_sim_net_break(net, i);
      hs_sim_net_close_socket(net, i);
    }
  }
}

void hs_sim_net_close_socket(struct hs_sim_net *net, hs_socket number)
{
  if (number < 0 || number >= net->count)
    return;
  struct socket *socket = &net->sockets[number];
  if (socket->kind == LISTENER) {
    socket->kind = CLOSED;
    refuse_waiting(net, socket->address);
  }
  if (socket->peer >= 0)
    net->sockets[socket->peer].peer = -1;
  release_socket(socket);
}

enum hs_status hs_sim_net_address(const struct hs_sim_net *net, hs_socket listener, char *out,
                                  struct hs_err *err)
{
  const struct socket *socket = socket_of(net, listener, LISTENER);
  if (socket == NULL)
    return fail_closed(listener, err);
  memcpy(out, socket->address, sizeof socket->address);
  return HS_OK;
}
