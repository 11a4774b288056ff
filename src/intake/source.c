#include "intake/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* One system call fetches this much of a packed file; larger blocks gain nothing measurable. */
#define PACKED_BYTES ((size_t)64 * 1024)

struct hs_source {
  const char *name;
  const struct hs_io *io; /* NULL for standard input and text */
  hs_file file;
  struct hs_str text; /* what is left of it */
  int is_text;
  uint64_t position;
  /* The first bytes decide whether the stream is packed; they wait here until they are read. */
  unsigned char *packed;
  size_t packed_start, packed_end;
  int is_packed;
  int is_member_open; /* between a gzip header and its trailer */
  z_stream inflater;
  struct hs_blake2b *hasher; /* NULL unless somebody wants the hash */
};

static enum hs_status read_raw(struct hs_source *s, char *into, size_t room, size_t *done,
                               struct hs_err *err)
{
  *done = 0;
  if (s->is_text) {
    *done = s->text.length < room ? s->text.length : room;
    if (*done > 0)
      memcpy(into, s->text.data, *done);
    s->text.data += *done;
    s->text.length -= *done;
  } else if (s->io != NULL) {
    enum hs_status status =
        s->io->read_at(s->io->self, s->file, into, room, s->position, done, err);
    if (status != HS_OK)
      return status;
  } else {
    /* Standard input may be a pipe, which knows no offsets; the table of io has only files. */
    ssize_t got = 0;
    do
      got = read(STDIN_FILENO, into, room);
    while (got < 0 && errno == EINTR);
    if (got < 0)
      return hs_fail_errno(err, HS_IO, errno, "cannot read standard input");
    *done = (size_t)got;
  }
  s->position += *done;
  if (s->hasher != NULL)
    hs_blake2b_add(s->hasher, into, *done);
  return HS_OK;
}

/* zlib's memory is the source's arena, so that its bound holds here too; nothing is freed alone. */
static void *inflate_alloc(void *arena, unsigned count, unsigned size)
{
  return hs_arena_alloc(arena, count, size);
}

static void inflate_free([[maybe_unused]] void *arena, [[maybe_unused]] void *block) {}

static enum hs_status fill_packed(struct hs_source *s, struct hs_err *err)
{
  size_t done = 0;
  enum hs_status status = read_raw(s, (char *)s->packed, PACKED_BYTES, &done, err);
  s->packed_start = 0;
  s->packed_end = status == HS_OK ? done : 0;
  return status;
}

static enum hs_status begin(struct hs_arena *arena, struct hs_source *s, struct hs_err *err)
{
  s->packed = hs_arena_alloc_raw(arena, PACKED_BYTES, 1);
  if (s->packed == NULL)
    return hs_arena_full(arena, "reading a file", err);
  /* A pipe may give one byte at a time; the mark of gzip has two. */
  while (s->packed_end < 2) {
    size_t done = 0;
    enum hs_status status =
        read_raw(s, (char *)s->packed + s->packed_end, PACKED_BYTES - s->packed_end, &done, err);
    if (status != HS_OK)
      return status;
    if (done == 0)
      return HS_OK;
    s->packed_end += done;
  }
  s->is_packed = s->packed[0] == 0x1F && s->packed[1] == 0x8B;
  if (!s->is_packed)
    return HS_OK;
  s->inflater = (z_stream){.zalloc = inflate_alloc, .zfree = inflate_free, .opaque = arena};
  /* 15 bits of window, and 16 for "gzip wrapping, with its check sum". */
  if (inflateInit2(&s->inflater, 15 + 16) != Z_OK)
    return hs_arena_full(arena, "unpacking gzip", err);
  s->is_member_open = 1;
  return HS_OK;
}

static void close_file(struct hs_source *s)
{
  if (s->io != NULL && s->file >= 0)
    s->io->close(s->io->self, s->file);
  s->file = -1;
}

enum hs_status hs_source_open(struct hs_arena *arena, const struct hs_io *io, const char *path,
                              struct hs_source **out, struct hs_err *err)
{
  struct hs_source *s = hs_arena_alloc(arena, 1, sizeof *s);
  if (s == NULL)
    return hs_arena_full(arena, "reading a file", err);
  s->file = -1;
  s->name = "standard input";
  if (strcmp(path, "-") != 0) {
    s->name = path;
    s->io = io;
    enum hs_status status = io->open(io->self, path, HS_OPEN_READ, &s->file, err);
    if (status != HS_OK)
      return status;
  }
  enum hs_status status = begin(arena, s, err);
  if (status != HS_OK) {
    close_file(s);
    return status;
  }
  *out = s;
  return HS_OK;
}

enum hs_status hs_source_of_text(struct hs_arena *arena, struct hs_str text, struct hs_source **out,
                                 struct hs_err *err)
{
  struct hs_source *s = hs_arena_alloc(arena, 1, sizeof *s);
  if (s == NULL)
    return hs_arena_full(arena, "reading a text", err);
  *s = (struct hs_source){.name = "text", .file = -1, .text = text, .is_text = 1};
  enum hs_status status = begin(arena, s, err);
  if (status == HS_OK)
    *out = s;
  return status;
}

void hs_source_close(struct hs_source *source)
{
  if (source == NULL)
    return;
  if (source->is_packed)
    (void)inflateEnd(&source->inflater);
  close_file(source);
}

/* Zeros behind a member are what tapes and block devices fill their last block with; gzip(1) reads
   over them too. */
static void skip_padding(struct hs_source *s)
{
  while (s->packed_start < s->packed_end && s->packed[s->packed_start] == 0)
    s->packed_start++;
}

static enum hs_status inflate_some(struct hs_source *s, char *into, size_t room, size_t *done,
                                   struct hs_err *err)
{
  unsigned wanted = room > UINT32_MAX / 2 ? UINT32_MAX / 2 : (unsigned)room;
  s->inflater.next_out = (unsigned char *)into;
  s->inflater.avail_out = wanted;
  while (s->inflater.avail_out == wanted) {
    if (s->packed_start == s->packed_end) {
      enum hs_status status = fill_packed(s, err);
      if (status != HS_OK)
        return status;
      if (s->packed_end == 0 && s->is_member_open)
        return hs_fail(err, HS_CORRUPT, "%s: the gzip stream is cut short", s->name);
      if (s->packed_end == 0)
        break;
    }
    if (!s->is_member_open) {
      skip_padding(s);
      if (s->packed_start == s->packed_end)
        continue;
      (void)inflateReset(&s->inflater);
      s->is_member_open = 1;
    }
    s->inflater.next_in = s->packed + s->packed_start;
    s->inflater.avail_in = (unsigned)(s->packed_end - s->packed_start);
    int code = inflate(&s->inflater, Z_NO_FLUSH);
    s->packed_start = s->packed_end - s->inflater.avail_in;
    if (code == Z_STREAM_END)
      s->is_member_open = 0;
    else if (code != Z_OK && code != Z_BUF_ERROR)
      return hs_fail(err, HS_CORRUPT, "%s: the gzip stream is damaged near byte %llu", s->name,
                     (unsigned long long)(s->position - s->inflater.avail_in));
  }
  *done = wanted - s->inflater.avail_out;
  return HS_OK;
}

enum hs_status hs_source_read(struct hs_source *source, char *into, size_t room, size_t *done,
                              struct hs_err *err)
{
  *done = 0;
  if (source->is_packed)
    return inflate_some(source, into, room, done, err);
  size_t waiting = source->packed_end - source->packed_start;
  if (waiting == 0)
    return read_raw(source, into, room, done, err);
  *done = waiting < room ? waiting : room;
  memcpy(into, source->packed + source->packed_start, *done);
  source->packed_start += *done;
  return HS_OK;
}

const char *hs_source_name(const struct hs_source *source) { return source->name; }

uint64_t hs_source_position(const struct hs_source *source) { return source->position; }

int hs_source_is_packed(const struct hs_source *source) { return source->is_packed; }

enum hs_status hs_source_hash_begin(struct hs_arena *arena, struct hs_source *source,
                                    struct hs_err *err)
{
  /* libsodium wants more alignment than the arena promises. */
  size_t alignment = _Alignof(struct hs_blake2b);
  char *room = hs_arena_alloc_raw(arena, sizeof(struct hs_blake2b) + alignment, 1);
  if (room == NULL)
    return hs_arena_full(arena, "hashing a file", err);
  source->hasher =
      (struct hs_blake2b *)(void *)(room + (alignment - (uintptr_t)room % alignment) % alignment);
  hs_blake2b_init(source->hasher);
  /* The first bytes were read to tell whether the file is packed. */
  hs_blake2b_add(source->hasher, source->packed, source->packed_end);
  return HS_OK;
}

struct hs_hash hs_source_hash_end(struct hs_source *source)
{
  struct hs_hash hash = hs_blake2b_end(source->hasher);
  source->hasher = NULL;
  return hash;
}
