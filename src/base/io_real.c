/* The machine itself: POSIX calls on Linux. A handle is the kernel's descriptor, so there is no
   state here and nothing to lock; the path for a message is asked back from /proc when a call has
   failed. */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io_priv.h"

#define SECOND_US 1000000
/* Zeros are written in pieces of this size when a file is allocated. */
#define ZERO_BYTES ((size_t)256 * 1024)

enum hs_status hs_real_status(int errno_value)
{
  switch (errno_value) {
  case ENOENT:
  case ENOTDIR:
    return HS_NOT_FOUND;
  case EEXIST:
    return HS_CONFLICT;
  default:
    return HS_IO;
  }
}

static int64_t read_clock(clockid_t clock)
{
  struct timespec now;
  HS_ASSERT(clock_gettime(clock, &now) == 0);
  return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static int64_t real_now_us([[maybe_unused]] void *self) { return read_clock(CLOCK_REALTIME); }

int64_t hs_real_monotonic_us([[maybe_unused]] void *self) { return read_clock(CLOCK_MONOTONIC); }

static void real_sleep_us([[maybe_unused]] void *self, int64_t duration_us)
{
  if (duration_us <= 0)
    return;
  int64_t until_us = read_clock(CLOCK_MONOTONIC) + duration_us;
  struct timespec until = {.tv_sec = until_us / SECOND_US,
                           .tv_nsec = (until_us % SECOND_US) * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
  }
}

static void real_random([[maybe_unused]] void *self, void *out, size_t bytes)
{
  unsigned char *at = out;
  while (bytes > 0) {
    ssize_t got = getrandom(at, bytes, 0);
    if (got < 0) {
      HS_ASSERT(errno == EINTR); /* nothing else can go wrong with valid arguments */
      continue;
    }
    at += got;
    bytes -= (size_t)got;
  }
}

/* The path behind a descriptor, for messages. */
static const char *path_of(hs_file file, char out[512])
{
  char link[64];
  (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, out, 511);
  if (length < 0)
    (void)snprintf(out, 512, "file %d", file);
  else
    out[length] = '\0';
  return out;
}

static enum hs_status fail_file(hs_file file, const char *what, struct hs_err *err)
{
  int errno_value = errno;
  char path[512];
  return hs_fail_errno(err, HS_IO, errno_value, "cannot %s %s", what, path_of(file, path));
}

static enum hs_status fail_path(const char *path, const char *what, struct hs_err *err)
{
  int errno_value = errno;
  return hs_fail_errno(err, hs_real_status(errno_value), errno_value, "cannot %s %s", what, path);
}

static const int OPEN_FLAGS[] = {
    [HS_OPEN_READ] = O_RDONLY,
    [HS_OPEN_WRITE] = O_RDWR,
    [HS_OPEN_CREATE] = O_RDWR | O_CREAT,
    [HS_OPEN_CREATE_NEW] = O_RDWR | O_CREAT | O_EXCL,
};

static int open_file(const char *path, int flags)
{
  int file = -1;
  do
    file = open(path, flags | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR);
  while (file < 0 && errno == EINTR);
  return file;
}

static enum hs_status real_open([[maybe_unused]] void *self, const char *path,
                                enum hs_open_mode mode, hs_file *out, struct hs_err *err)
{
  int file = open_file(path, OPEN_FLAGS[mode]);
  if (file < 0)
    return fail_path(path, "open", err);
  struct stat info;
  /* The kernel opens directories for reading and complains at the first read only. */
  if (fstat(file, &info) == 0 && S_ISDIR(info.st_mode)) {
    (void)close(file);
    errno = EISDIR;
    return fail_path(path, "open", err);
  }
  *out = file;
  return HS_OK;
}

/* What was written is safe after a sync alone, so an error of close says nothing that matters. */
static void real_close([[maybe_unused]] void *self, hs_file file)
{
  if (file >= 0)
    (void)close(file);
}

static enum hs_status real_read_at([[maybe_unused]] void *self, hs_file file, void *data,
                                   size_t bytes, uint64_t offset, size_t *done, struct hs_err *err)
{
  ssize_t got = 0;
  do {
    got = pread(file, data, bytes, (off_t)offset);
    if (got < 0 && errno == ESPIPE)
      got = read(file, data, bytes);
  } while (got < 0 && errno == EINTR);
  if (got < 0)
    return fail_file(file, "read", err);
  *done = (size_t)got;
  return HS_OK;
}

static enum hs_status real_write_at([[maybe_unused]] void *self, hs_file file, const void *data,
                                    size_t bytes, uint64_t offset, size_t *done, struct hs_err *err)
{
  ssize_t put = 0;
  do
    put = pwrite(file, data, bytes, (off_t)offset);
  while (put < 0 && errno == EINTR);
  if (put < 0)
    return fail_file(file, "write", err);
  *done = (size_t)put;
  return HS_OK;
}

static enum hs_status real_sync_data([[maybe_unused]] void *self, hs_file file, struct hs_err *err)
{
  int result = 0;
  do
    result = fdatasync(file);
  while (result < 0 && errno == EINTR);
  return result == 0 ? HS_OK : fail_file(file, "sync", err);
}

static enum hs_status real_truncate([[maybe_unused]] void *self, hs_file file, uint64_t size_bytes,
                                    struct hs_err *err)
{
  int result = 0;
  do
    result = ftruncate(file, (off_t)size_bytes);
  while (result < 0 && errno == EINTR);
  return result == 0 ? HS_OK : fail_file(file, "truncate", err);
}

/* 1 when the device reserved the range or its file system cannot do that; 0 with errno. */
static int reserve_blocks(hs_file file, uint64_t size_bytes)
{
  int result = 0;
  do
    result = fallocate(file, FALLOC_FL_KEEP_SIZE, 0, (off_t)size_bytes);
  while (result < 0 && errno == EINTR);
  return result == 0 || errno == EOPNOTSUPP || errno == ENOSYS;
}

static int write_zeros(hs_file file, uint64_t from, uint64_t until)
{
  static const unsigned char ZEROS[ZERO_BYTES];
  while (from < until) {
    size_t piece = until - from < ZERO_BYTES ? (size_t)(until - from) : ZERO_BYTES;
    ssize_t put = pwrite(file, ZEROS, piece, (off_t)from);
    if (put < 0 && errno != EINTR)
      return 0;
    from += put < 0 ? 0 : (uint64_t)put;
  }
  return 1;
}

/* Reserving finds a full device at once and keeps the file in one piece, but leaves extents marked
   as unwritten, and turning one into a written one costs a metadata commit at every later
   fdatasync. Hence the zeros: afterwards a sync of the file writes data and nothing else. */
static enum hs_status real_allocate([[maybe_unused]] void *self, hs_file file, uint64_t size_bytes,
                                    struct hs_err *err)
{
  struct stat info;
  if (fstat(file, &info) != 0)
    return fail_file(file, "allocate", err);
  uint64_t size_before = (uint64_t)info.st_size;
  if (size_bytes == 0)
    return HS_OK;
  if (!reserve_blocks(file, size_bytes))
    return fail_file(file, "allocate", err);
  if (write_zeros(file, size_before, size_bytes))
    return HS_OK;
  enum hs_status status = fail_file(file, "allocate", err);
  if (ftruncate(file, info.st_size) != 0)
    hs_err_prefix(err, "and the file could not be cut back");
  return status;
}

/* flock belongs to the open file and not to the process, unlike POSIX record locks, which a second
   handle of the same process would take and, closing, drop for both. */
static enum hs_status real_lock([[maybe_unused]] void *self, hs_file file, struct hs_err *err)
{
  int result = 0;
  do
    result = flock(file, LOCK_EX | LOCK_NB);
  while (result < 0 && errno == EINTR);
  if (result == 0)
    return HS_OK;
  if (errno != EWOULDBLOCK)
    return fail_file(file, "lock", err);
  char path[512];
  return hs_fail(err, HS_BUSY, "%s is locked by somebody else", path_of(file, path));
}

static enum hs_status real_info([[maybe_unused]] void *self, const char *path,
                                struct hs_file_info *out, struct hs_err *err)
{
  struct stat info;
  if (stat(path, &info) != 0)
    return fail_path(path, "look at", err);
  *out = (struct hs_file_info){
      .size_bytes = (uint64_t)info.st_size,
      .modified_us = (int64_t)info.st_mtim.tv_sec * SECOND_US + info.st_mtim.tv_nsec / 1000,
      .is_directory = S_ISDIR(info.st_mode) ? 1 : 0,
  };
  return HS_OK;
}

static enum hs_status real_rename([[maybe_unused]] void *self, const char *from, const char *to,
                                  struct hs_err *err)
{
  if (rename(from, to) == 0)
    return HS_OK;
  int errno_value = errno;
  return hs_fail_errno(err, hs_real_status(errno_value), errno_value, "cannot rename %s to %s",
                       from, to);
}

static enum hs_status real_remove([[maybe_unused]] void *self, const char *path, struct hs_err *err)
{
  return remove(path) == 0 ? HS_OK : fail_path(path, "remove", err);
}

static enum hs_status real_make_directory([[maybe_unused]] void *self, const char *path,
                                          struct hs_err *err)
{
  return mkdir(path, S_IRWXU) == 0 ? HS_OK : fail_path(path, "make the directory", err);
}

static enum hs_status real_sync_directory([[maybe_unused]] void *self, const char *path,
                                          struct hs_err *err)
{
  int directory = open_file(path, O_RDONLY | O_DIRECTORY);
  if (directory < 0)
    return fail_path(path, "open the directory", err);
  int result = 0;
  do
    result = fsync(directory);
  while (result < 0 && errno == EINTR);
  enum hs_status status = result == 0 ? HS_OK : fail_path(path, "sync the directory", err);
  (void)close(directory);
  return status;
}

/* Leaves out "." and "..", which no caller wants. */
static int is_listed(const struct dirent *entry)
{
  return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* alphasort would follow the locale; a run must not. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
  return strcmp((*a)->d_name, (*b)->d_name);
}

static enum hs_status real_list([[maybe_unused]] void *self, const char *path, hs_list_fn each,
                                void *context, struct hs_err *err)
{
  struct dirent **entries = NULL;
  int count = scandir(path, &entries, is_listed, by_bytes);
  if (count < 0)
    return fail_path(path, "list", err);
  enum hs_status status = HS_OK;
  for (int i = 0; i < count; i++) {
    if (status == HS_OK)
      status = each(context, entries[i]->d_name, err);
    free(entries[i]);
  }
  free(entries);
  return status;
}

static const struct hs_io REAL = {
    .now_us = real_now_us,
    .monotonic_us = hs_real_monotonic_us,
    .sleep_us = real_sleep_us,
    .fill_random = real_random,
    .open = real_open,
    .close = real_close,
    .read_at = real_read_at,
    .write_at = real_write_at,
    .sync_data = real_sync_data,
    .truncate = real_truncate,
    .allocate = real_allocate,
    .lock = real_lock,
    .info = real_info,
    .rename = real_rename,
    .remove = real_remove,
    .make_directory = real_make_directory,
    .sync_directory = real_sync_directory,
    .list = real_list,
    .listen = hs_real_listen,
    .accept = hs_real_accept,
    .connect = hs_real_connect,
    .receive = hs_real_receive,
    .send = hs_real_send,
    .close_socket = hs_real_close_socket,
    .address = hs_real_address,
};

const struct hs_io *hs_io_real(void) { return &REAL; }
