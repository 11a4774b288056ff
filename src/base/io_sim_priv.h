/* The parts of the simulated machine, joined by io_sim.c: chance, the disk, its files, the network.
   For base/ alone. Running out of memory in the middle of a simulated run ends the program: a test
   that goes on with half a machine would prove nothing. */
#ifndef HANSA_BASE_IO_SIM_PRIV_H
#define HANSA_BASE_IO_SIM_PRIV_H

#include "base/io_sim.h"

#define HS_SIM_SECTOR_BYTES 512

/* Chance: splitmix64 (Steele, Lea, Flood 2014). One stream for each use, so that drawing from one
   does not shift another. */
struct hs_sim_rng {
  uint64_t state;
};
uint64_t hs_sim_rng_next(struct hs_sim_rng *rng);
uint64_t hs_sim_rng_below(struct hs_sim_rng *rng, uint64_t bound); /* 0 to bound − 1; bound ≥ 1 */
int hs_sim_rng_chance(struct hs_sim_rng *rng, uint32_t ppm);

/* malloc, calloc and realloc that do not fail. */
void *hs_sim_memory(size_t count, size_t size); /* zeroed */
void *hs_sim_more_memory(void *block, size_t count, size_t size);

/* The disk. Everything that changes its state is an operation, kept apart from the call that asked
   for it, so that a trace of operations can be run again on another disk. */

/* Each inode has two views: what the running machine sees, and what stands on the platter. */
enum hs_disk_view { HS_DISK_NOW, HS_DISK_DURABLE, HS_DISK_VIEW_COUNT };

enum hs_disk_op_kind {
  HS_DISK_LINK,           /* name in directory becomes inode, which is new */
  HS_DISK_UNLINK,         /* name leaves directory */
  HS_DISK_RENAME,         /* name in directory becomes second name in directory_to */
  HS_DISK_WRITE,          /* payload to inode at offset */
  HS_DISK_RESIZE,         /* inode gets offset bytes */
  HS_DISK_SYNC,           /* inode's writes and size become durable */
  HS_DISK_SYNC_FAILED,    /* some of them do (seed), the others never will */
  HS_DISK_SYNC_DIRECTORY, /* directory's entries become durable */
  HS_DISK_CRASH,          /* only the platter is left, as how and seed say */
};

struct hs_disk_op {
  enum hs_disk_op_kind kind;
  uint32_t reference_count; /* held by traces and by the pending list of disks */
  uint32_t inode;
  uint32_t directory;
  uint32_t directory_to;
  int is_directory; /* LINK */
  int is_shrink;    /* RESIZE */
  enum hs_crash how;
  uint64_t seed;
  uint64_t offset;
  int64_t at_us;
  size_t payload_bytes; /* WRITE: data; LINK, UNLINK: name; RENAME: both names, each terminated */
  unsigned char payload[];
};

/* Gives an operation with one reference and its payload zeroed. */
struct hs_disk_op *hs_disk_op_make(enum hs_disk_op_kind kind, size_t payload_bytes);
struct hs_disk_op *hs_disk_op_hold(struct hs_disk_op *op);
void hs_disk_op_release(struct hs_disk_op *op);

struct hs_disk_chunk; /* a shared piece of a file */

struct hs_disk_content {
  struct hs_disk_chunk **chunks; /* NULL is a piece of zeros */
  size_t chunk_count;
  uint64_t size_bytes;
};

struct hs_disk_entry {
  char *name;
  uint32_t inode;
};

struct hs_disk_entries { /* in byte order of the names */
  struct hs_disk_entry *items;
  size_t count;
};

struct hs_disk_inode {
  int is_directory;
  uint32_t open_count; /* handles; set by the machine */
  int64_t modified_us;
  struct hs_disk_content content[HS_DISK_VIEW_COUNT];
  struct hs_disk_entries entries[HS_DISK_VIEW_COUNT];
};

/* io_sim_content.c. Both accept the zero value, which is empty; what share and copy write to is
   uninitialised. Reads must lie in the file. */
void hs_disk_content_clear(struct hs_disk_content *content);
void hs_disk_content_share(const struct hs_disk_content *from, struct hs_disk_content *to);
/* Bytes without a change of size. */
void hs_disk_content_put(struct hs_disk_content *content, const unsigned char *data, size_t bytes,
                         uint64_t offset);
/* What lies behind the end is zero, so that growing shows zeros. */
void hs_disk_content_resize(struct hs_disk_content *content, uint64_t size_bytes);
void hs_disk_content_read(const struct hs_disk_content *content, unsigned char *data, size_t bytes,
                          uint64_t offset);
/* Where the name stands or belongs; *found says which. */
size_t hs_disk_entries_place(const struct hs_disk_entries *entries, const char *name, int *found);
void hs_disk_entries_set(struct hs_disk_entries *entries, const char *name, uint32_t inode);
/* Takes the name away if it still means that inode. */
void hs_disk_entries_unset(struct hs_disk_entries *entries, const char *name, uint32_t inode);
void hs_disk_entries_clear(struct hs_disk_entries *entries);
void hs_disk_entries_copy(const struct hs_disk_entries *from, struct hs_disk_entries *to);

#define HS_DISK_ROOT 0U
#define HS_DISK_NONE UINT32_MAX

struct hs_disk {
  struct hs_disk_inode *inodes; /* [0] is the root */
  uint32_t inode_count;
  uint32_t inode_capacity;
  struct hs_disk_op **pending; /* what has happened but is not durable, in order */
  size_t pending_count;
  size_t pending_capacity;
};

void hs_disk_init(struct hs_disk *disk);
void hs_disk_release(struct hs_disk *disk);                        /* accepts the zero value */
void hs_disk_copy(const struct hs_disk *from, struct hs_disk *to); /* to: uninitialised */
void hs_disk_apply(struct hs_disk *disk, struct hs_disk_op *op);   /* borrows op */
/* The inode of a name in a directory as the machine sees it, or HS_DISK_NONE. */
uint32_t hs_disk_lookup(const struct hs_disk *disk, uint32_t directory, const char *name);
/* Reads what the machine sees; offset + bytes must lie in the file. */
void hs_disk_read(const struct hs_disk *disk, uint32_t inode, void *data, size_t bytes,
                  uint64_t offset);
uint64_t hs_disk_size(const struct hs_disk *disk, uint32_t inode);
/* The sizes of all files that have a name or a handle. */
uint64_t hs_disk_used_bytes(const struct hs_disk *disk);

/* The network. */
struct hs_sim_net;
struct hs_sim_net *hs_sim_net_open(void);
void hs_sim_net_close(struct hs_sim_net *net);
void hs_sim_net_crash(struct hs_sim_net *net); /* every socket is gone */
enum hs_status hs_sim_net_listen(struct hs_sim_net *net, const char *address, hs_socket *out,
                                 struct hs_err *err);
/* HS_BUSY when nobody waits. */
enum hs_status hs_sim_net_accept(struct hs_sim_net *net, hs_socket listener, hs_socket *out,
                                 struct hs_err *err);
enum hs_status hs_sim_net_connect(struct hs_sim_net *net, const char *address, hs_socket *out,
                                  struct hs_err *err);
/* HS_BUSY when there is nothing to take, or no room. */
enum hs_status hs_sim_net_receive(struct hs_sim_net *net, hs_socket number, void *data,
                                  size_t bytes, size_t *done, struct hs_err *err);
enum hs_status hs_sim_net_send(struct hs_sim_net *net, hs_socket number, const void *data,
                               size_t bytes, size_t *done, struct hs_err *err);
void hs_sim_net_break(struct hs_sim_net *net, hs_socket number); /* both ends find it broken */
void hs_sim_net_close_socket(struct hs_sim_net *net, hs_socket number);
enum hs_status hs_sim_net_address(const struct hs_sim_net *net, hs_socket listener, char *out,
                                  struct hs_err *err);

/* The machine. */
struct hs_sim_handle {
  uint32_t inode;
  int is_open;
  int is_writable;
  int is_locked;
};

struct hs_sim_trace {
  int is_on;
  struct hs_disk start;
  struct hs_disk_op **ops;
  size_t count;
  size_t capacity;
};

struct hs_sim {
  struct hs_io io;
  struct hs_sim_options options;
  struct hs_sim_rng faults;
  struct hs_sim_rng crashes;
  struct hs_sim_rng bytes;
  int64_t now_us;
  int64_t monotonic_us;
  struct hs_disk disk;
  struct hs_sim_net *net;
  struct hs_sim_handle *handles;
  int handle_count;
  int generation;
  uint64_t disk_call_count;
  uint64_t planned_call; /* the number of the call that fails; UINT64_MAX: none */
  enum hs_status planned_status;
  struct hs_sim_trace trace;
};

/* Lets the time pass that a call takes. */
void hs_sim_pass_time(struct hs_sim *sim);
/* How many of the bytes a call takes: fewer, at least 1, where a short write is due. */
size_t hs_sim_cut_short(struct hs_sim *sim, size_t bytes);
/* Applies an operation and keeps it when a trace is on; takes op. */
void hs_sim_commit(struct hs_sim *sim, struct hs_disk_op *op);

/* The files. */
void hs_sim_files_table(struct hs_io *io);   /* sets the disk functions of the table */
void hs_sim_files_crash(struct hs_sim *sim); /* no handle of before means a file any more */

#endif
