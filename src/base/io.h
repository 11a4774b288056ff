/* Clock, disk, network and randomness as one table of functions. Everything that reaches the
   outside goes through it, so that a run can be repeated bit by bit: io_real.c is the machine,
   io_sim.c is a machine in memory whose crashes, torn writes, full disks and broken connections are
   ordinary operation.

   Files are handles (0 or more) of the implementation, not descriptors of the kernel. All functions
   may be called from several threads in the real implementation; the simulated one belongs to one
   thread. Functions that fail fill in err with the path and the reason: HS_FULL means no space,
   HS_NOT_FOUND that the path (or its directory) does not exist, HS_CONFLICT that it exists already,
   HS_IO anything else that the device said. What is made is for its owner alone (files 0600,
   directories 0700): a data directory holds nothing for other users of the machine. */
#ifndef HANSA_BASE_IO_H
#define HANSA_BASE_IO_H

#include <stdint.h>

#include "base/text.h"

typedef int hs_file;   /* -1 is none */
typedef int hs_socket; /* -1 is none */

enum hs_open_mode {
  HS_OPEN_READ,       /* must exist */
  HS_OPEN_WRITE,      /* read and write; must exist */
  HS_OPEN_CREATE,     /* read and write; made when missing */
  HS_OPEN_CREATE_NEW, /* read and write; HS_CONFLICT when it exists */
};

struct hs_file_info {
  uint64_t size_bytes;
  int64_t modified_us;
  int is_directory;
};

/* Called once for each entry of a directory, in byte order of the names, without "." and "..". */
typedef enum hs_status (*hs_list_fn)(void *context, const char *name, struct hs_err *err);

struct hs_io {
  void *self;

  /* clock: UTC microseconds since 1970 (may jump), and microseconds that only grow */
  int64_t (*now_us)(void *self);
  int64_t (*monotonic_us)(void *self);
  void (*sleep_us)(void *self, int64_t duration_us);

  /* randomness: unpredictable bytes; seeded and repeatable in the simulation */
  void (*fill_random)(void *self, void *out, size_t bytes);

  /* disk */
  enum hs_status (*open)(void *self, const char *path, enum hs_open_mode mode, hs_file *out,
                         struct hs_err *err);
  void (*close)(void *self, hs_file file);
  /* Like the system calls: *done may be short. Reading at the end gives 0. EINTR never comes out. A
     pipe is read in order; the offset then says nothing. */
  enum hs_status (*read_at)(void *self, hs_file file, void *data, size_t bytes, uint64_t offset,
                            size_t *done, struct hs_err *err);
  enum hs_status (*write_at)(void *self, hs_file file, const void *data, size_t bytes,
                             uint64_t offset, size_t *done, struct hs_err *err);
  enum hs_status (*sync_data)(void *self, hs_file file, struct hs_err *err); /* fdatasync */
  enum hs_status (*truncate)(void *self, hs_file file, uint64_t size_bytes, struct hs_err *err);
  /* Makes room on the device for [0, size_bytes) and the file at least that long; new bytes are
     zeros that stand on the device, so that overwriting them changes no metadata. On failure the
     size is what it was. */
  enum hs_status (*allocate)(void *self, hs_file file, uint64_t size_bytes, struct hs_err *err);
  /* The whole file, for this handle. HS_BUSY when another handle holds it, of this process or of
     another; released by close or by death. A forked child holds it as well. */
  enum hs_status (*lock)(void *self, hs_file file, struct hs_err *err);
  enum hs_status (*info)(void *self, const char *path, struct hs_file_info *out,
                         struct hs_err *err); /* HS_NOT_FOUND */
  enum hs_status (*rename)(void *self, const char *from, const char *to,
                           struct hs_err *err); /* replaces to */
  enum hs_status (*remove)(void *self, const char *path,
                           struct hs_err *err); /* a file or an empty directory */
  enum hs_status (*make_directory)(void *self, const char *path,
                                   struct hs_err *err); /* HS_CONFLICT when it exists */
  enum hs_status (*sync_directory)(void *self, const char *path, struct hs_err *err);
  enum hs_status (*list)(void *self, const char *path, hs_list_fn each, void *context,
                         struct hs_err *err);

  /* network: byte streams. An address is "tcp:HOST:PORT" (numeric host, IPv6 in brackets, port 0
     for any when listening) or "unix:PATH" (a name that a dead process left behind is taken over).
     HS_BUSY means that the time ran out, in listen that somebody else listens there; a timeout of 0
     does not wait, a negative one waits for ever. HS_NOT_FOUND in connect: nobody listens. */
  enum hs_status (*listen)(void *self, const char *address, hs_socket *out, struct hs_err *err);
  enum hs_status (*accept)(void *self, hs_socket listener, int64_t timeout_us, hs_socket *out,
                           struct hs_err *err);
  enum hs_status (*connect)(void *self, const char *address, int64_t timeout_us, hs_socket *out,
                            struct hs_err *err);
  /* bytes is 1 or more; *done may be short. Receiving 0 with HS_OK means that the other side has
     closed; sending to one that has is HS_IO. */
  enum hs_status (*receive)(void *self, hs_socket socket, void *data, size_t bytes,
                            int64_t timeout_us, size_t *done, struct hs_err *err);
  enum hs_status (*send)(void *self, hs_socket socket, const void *data, size_t bytes,
                         int64_t timeout_us, size_t *done, struct hs_err *err);
  void (*close_socket)(void *self, hs_socket socket);
  /* The address that a listener really has, with the port that was chosen; at most HS_ADDRESS_TEXT
   * bytes. */
  enum hs_status (*address)(void *self, hs_socket listener, char *out, struct hs_err *err);
};

#define HS_ADDRESS_TEXT 128

/* The machine itself. One for the process; needs no release. */
const struct hs_io *hs_io_real(void);

/* Reads or writes all of it, by as many calls as it takes. read_all: HS_CORRUPT when the file ends
 * before. */
[[nodiscard]] enum hs_status hs_io_read_all(const struct hs_io *io, hs_file file, void *data,
                                            size_t bytes, uint64_t offset, struct hs_err *err);
[[nodiscard]] enum hs_status hs_io_write_all(const struct hs_io *io, hs_file file, const void *data,
                                             size_t bytes, uint64_t offset, struct hs_err *err);
/* Makes the entry that names path durable: syncs the directory that holds it. */
[[nodiscard]] enum hs_status hs_io_sync_parent(const struct hs_io *io, const char *path,
                                               struct hs_err *err);
/* A whole small file, in the arena. HS_INVALID, with its size, when it has more than bytes_max. */
[[nodiscard]] enum hs_status hs_io_read_file(const struct hs_io *io, struct hs_arena *arena,
                                             const char *path, size_t bytes_max, struct hs_str *out,
                                             struct hs_err *err);
/* Writes a whole file so that after a crash either the old or the new content stands there: a
   temporary file beside it (path.new), synced, renamed, its directory synced. One writer at a time
   for a path. */
[[nodiscard]] enum hs_status hs_io_replace_file(const struct hs_io *io, const char *path,
                                                const void *data, size_t bytes, struct hs_err *err);

#endif
