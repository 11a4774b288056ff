/* The network of the real machine. Every socket is non-blocking and waits in poll, so that a
   timeout always holds; nothing raises SIGPIPE. */
#include "base/io_priv.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The kernel cuts larger queues down to net.core.somaxconn (4096 by default) itself. */
#define BACKLOG 4096

struct endpoint {
  struct sockaddr_storage storage;
  socklen_t length;
};

static struct sockaddr *endpoint_address(struct endpoint *endpoint)
{
  return (struct sockaddr *)&endpoint->storage;
}

static enum hs_status parse_unix(const char *path, struct endpoint *out, struct hs_err *err)
{
  struct sockaddr_un *local = (struct sockaddr_un *)&out->storage;
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof local->sun_path)
    return hs_fail(err, HS_INVALID, "a socket's path has 1 to %zu bytes, got %zu: %s",
                   sizeof local->sun_path - 1, length, path);
  local->sun_family = AF_UNIX;
  memcpy(local->sun_path, path, length + 1);
  out->length = (socklen_t)sizeof *local;
  return HS_OK;
}

/* "127.0.0.1:80" or "[::1]:80". Names are not resolved: that would block without a bound, and whom
   a name means must be decided before it is checked. */
static enum hs_status parse_tcp(const char *text, struct endpoint *out, struct hs_err *err)
{
  const char *colon = strrchr(text, ':');
  char host[64];
  size_t host_bytes = colon == NULL ? 0 : (size_t)(colon - text);
  const char *start = text;
  if (host_bytes >= 2 && text[0] == '[' && text[host_bytes - 1] == ']') {
    start++;
    host_bytes -= 2;
  }
  if (host_bytes == 0 || host_bytes >= sizeof host || colon[1] == '\0')
    return hs_fail(err, HS_INVALID, "%s is no numeric HOST:PORT", text);
  memcpy(host, start, host_bytes);
  host[host_bytes] = '\0';
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  if (getaddrinfo(host, colon + 1, &hints, &found) != 0 || found == NULL)
    return hs_fail(err, HS_INVALID, "%s is no numeric HOST:PORT", text);
  memcpy(&out->storage, found->ai_addr, found->ai_addrlen);
  out->length = found->ai_addrlen;
  freeaddrinfo(found);
  return HS_OK;
}

static enum hs_status parse_address(const char *address, struct endpoint *out, struct hs_err *err)
{
  *out = (struct endpoint){0};
  if (strncmp(address, "tcp:", 4) == 0)
    return parse_tcp(address + 4, out, err);
  if (strncmp(address, "unix:", 5) == 0)
    return parse_unix(address + 5, out, err);
  return hs_fail(err, HS_INVALID, "%s is neither tcp:HOST:PORT nor unix:PATH", address);
}

static enum hs_status open_socket(const struct endpoint *endpoint, int *out, struct hs_err *err)
{
  int made = socket(endpoint->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0)
    return hs_fail_errno(err, HS_IO, errno, "cannot make a socket");
  *out = made;
  return HS_OK;
}

/* Small messages must not wait for an acknowledgement of earlier ones (Nagle). Fails harmlessly on
   Unix sockets. */
static void send_at_once(int socket_made)
{
  int on = 1;
  (void)setsockopt(socket_made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* A Unix socket's name outlives a process that died. It is stale when nobody answers there. */
static int remove_stale(struct endpoint *endpoint)
{
  if (endpoint->storage.ss_family != AF_UNIX)
    return 0;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0)
    return 0;
  int is_stale =
      connect(probe, endpoint_address(endpoint), endpoint->length) != 0 && errno == ECONNREFUSED;
  (void)close(probe);
  return is_stale && unlink(((struct sockaddr_un *)&endpoint->storage)->sun_path) == 0;
}

static int bind_and_listen(int made, struct endpoint *endpoint)
{
  int on = 1;
  (void)setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(made, endpoint_address(endpoint), endpoint->length) != 0 &&
      (errno != EADDRINUSE || !remove_stale(endpoint) ||
       bind(made, endpoint_address(endpoint), endpoint->length) != 0))
    return 0;
  return listen(made, BACKLOG) == 0;
}

/* A socket of the kind that the address asks for, and where it leads. */
static enum hs_status open_for(const char *address, struct endpoint *endpoint, int *made,
                               struct hs_err *err)
{
  enum hs_status status = parse_address(address, endpoint, err);
  return status == HS_OK ? open_socket(endpoint, made, err) : status;
}

enum hs_status hs_real_listen([[maybe_unused]] void *self, const char *address, hs_socket *out,
                              struct hs_err *err)
{
  struct endpoint endpoint;
  int made = -1;
  enum hs_status status = open_for(address, &endpoint, &made, err);
  if (status != HS_OK)
    return status;
  if (!bind_and_listen(made, &endpoint)) {
    int errno_value = errno;
    (void)close(made);
    return hs_fail_errno(err, errno_value == EADDRINUSE ? HS_BUSY : HS_IO, errno_value,
                         "cannot listen at %s", address);
  }
  *out = made;
  return HS_OK;
}

/* Waits until the socket is ready or deadline_us (monotonic; negative: for ever) has passed: HS_OK,
   HS_BUSY or HS_IO. */
static enum hs_status wait_until(int socket_made, short events, int64_t deadline_us,
                                 struct hs_err *err)
{
  for (;;) {
    int64_t left_us = deadline_us < 0 ? -1 : deadline_us - hs_real_monotonic_us(NULL);
    if (deadline_us >= 0 && left_us < 0)
      left_us = 0;
    struct timespec left = {.tv_sec = left_us / 1000000, .tv_nsec = (left_us % 1000000) * 1000};
    struct pollfd waited = {.fd = socket_made, .events = events};
    int ready = ppoll(&waited, 1, deadline_us < 0 ? NULL : &left, NULL);
    if (ready > 0)
      return HS_OK;
    if (ready == 0)
      return hs_fail(err, HS_BUSY, "the time to wait for the other side ran out");
    if (errno != EINTR)
      return hs_fail_errno(err, HS_IO, errno, "cannot wait for a socket");
  }
}

static int64_t deadline_of(int64_t timeout_us)
{
  return timeout_us < 0 ? -1 : hs_real_monotonic_us(NULL) + timeout_us;
}

/* What accept says of a connection that broke before it was taken: the next one may be sound
   (accept(2), "Error handling"). */
static int is_passing(int errno_value)
{
  return errno_value == EAGAIN || errno_value == EINTR || errno_value == ECONNABORTED ||
         errno_value == EPROTO || errno_value == ENETDOWN || errno_value == EHOSTDOWN ||
         errno_value == EHOSTUNREACH || errno_value == ENETUNREACH;
}

enum hs_status hs_real_accept([[maybe_unused]] void *self, hs_socket listener, int64_t timeout_us,
                              hs_socket *out, struct hs_err *err)
{
  int64_t deadline_us = deadline_of(timeout_us);
  for (;;) {
    enum hs_status status = wait_until(listener, POLLIN, deadline_us, err);
    if (status != HS_OK)
      return status;
    int taken = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (taken >= 0) {
      send_at_once(taken);
      *out = taken;
      return HS_OK;
    }
    if (!is_passing(errno))
      return hs_fail_errno(err, HS_IO, errno, "cannot accept a connection");
  }
}

/* Starts to connect and waits; 0 or an errno. */
static int finish_connect(int made, struct endpoint *endpoint, int64_t timeout_us)
{
  if (connect(made, endpoint_address(endpoint), endpoint->length) == 0)
    return 0;
  /* EAGAIN is a Unix listener whose queue is full: it is told apart from progress, or poll would
   * call the unconnected socket ready. */
  if (errno != EINPROGRESS && errno != EINTR)
    return errno == EAGAIN ? ETIMEDOUT : errno;
  if (wait_until(made, POLLOUT, deadline_of(timeout_us), NULL) != HS_OK)
    return ETIMEDOUT;
  int result = 0;
  socklen_t length = sizeof result;
  if (getsockopt(made, SOL_SOCKET, SO_ERROR, &result, &length) != 0)
    return errno;
  return result;
}

static enum hs_status connect_status(int errno_value)
{
  if (errno_value == ETIMEDOUT)
    return HS_BUSY;
  return errno_value == ECONNREFUSED ? HS_NOT_FOUND : hs_real_status(errno_value);
}

enum hs_status hs_real_connect([[maybe_unused]] void *self, const char *address, int64_t timeout_us,
                               hs_socket *out, struct hs_err *err)
{
  struct endpoint endpoint;
  int made = -1;
  enum hs_status status = open_for(address, &endpoint, &made, err);
  if (status != HS_OK)
    return status;
  int errno_value = finish_connect(made, &endpoint, timeout_us);
  if (errno_value != 0) {
    (void)close(made);
    return hs_fail_errno(err, connect_status(errno_value), errno_value, "cannot connect to %s",
                         address);
  }
  send_at_once(made);
  *out = made;
  return HS_OK;
}

/* After a call that failed by errno: HS_OK when it may be made again, at once or because the socket
   is ready now. */
static enum hs_status wait_to_retry(hs_socket socket, short events, int64_t deadline_us,
                                    const char *what, struct hs_err *err)
{
  if (errno == EINTR)
    return HS_OK;
  if (errno != EAGAIN)
    return hs_fail_errno(err, HS_IO, errno, "cannot %s", what);
  return wait_until(socket, events, deadline_us, err);
}

enum hs_status hs_real_receive([[maybe_unused]] void *self, hs_socket socket, void *data,
                               size_t bytes, int64_t timeout_us, size_t *done, struct hs_err *err)
{
  HS_ASSERT(bytes > 0); /* or 0 could not mean that the other side has closed */
  int64_t deadline_us = deadline_of(timeout_us);
  enum hs_status status = HS_OK;
  ssize_t got = -1;
  while (status == HS_OK && (got = recv(socket, data, bytes, 0)) < 0)
    status = wait_to_retry(socket, POLLIN, deadline_us, "receive", err);
  if (status == HS_OK)
    *done = (size_t)got;
  return status;
}

enum hs_status hs_real_send([[maybe_unused]] void *self, hs_socket socket, const void *data,
                            size_t bytes, int64_t timeout_us, size_t *done, struct hs_err *err)
{
  HS_ASSERT(bytes > 0);
  int64_t deadline_us = deadline_of(timeout_us);
  enum hs_status status = HS_OK;
  ssize_t put = -1;
  while (status == HS_OK && (put = send(socket, data, bytes, MSG_NOSIGNAL)) < 0)
    status = wait_to_retry(socket, POLLOUT, deadline_us, "send", err);
  if (status == HS_OK)
    *done = (size_t)put;
  return status;
}

void hs_real_close_socket([[maybe_unused]] void *self, hs_socket socket)
{
  if (socket >= 0)
    (void)close(socket);
}

enum hs_status hs_real_address([[maybe_unused]] void *self, hs_socket listener, char *out,
                               struct hs_err *err)
{
  struct endpoint endpoint = {.length = sizeof endpoint.storage};
  if (getsockname(listener, endpoint_address(&endpoint), &endpoint.length) != 0)
    return hs_fail_errno(err, HS_IO, errno, "cannot ask for a listener's address");
  char host[INET6_ADDRSTRLEN];
  if (endpoint.storage.ss_family == AF_UNIX) {
    const struct sockaddr_un *local = (const struct sockaddr_un *)&endpoint.storage;
    (void)snprintf(out, HS_ADDRESS_TEXT, "unix:%s", local->sun_path);
  } else if (endpoint.storage.ss_family == AF_INET6) {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&endpoint.storage;
    (void)inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof host);
    (void)snprintf(out, HS_ADDRESS_TEXT, "tcp:[%s]:%u", host, (unsigned)ntohs(six->sin6_port));
  } else {
    const struct sockaddr_in *four = (const struct sockaddr_in *)&endpoint.storage;
    (void)inet_ntop(AF_INET, &four->sin_addr, host, sizeof host);
    (void)snprintf(out, HS_ADDRESS_TEXT, "tcp:%s:%u", host, (unsigned)ntohs(four->sin_port));
  }
  return HS_OK;
}
