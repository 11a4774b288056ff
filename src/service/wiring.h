/* What main.c chose: the machine and the adapters behind the ports. service/ calls these and never
 * names an adapter. */
#ifndef HANSA_SERVICE_WIRING_H
#define HANSA_SERVICE_WIRING_H

#include "base/io.h"
#include "ports/book.h"
#include "ports/keep.h"
#include "ports/text_rows.h"
#include "ports/trail.h"

/* What a store may use; 0 is the adapter's default. */
struct hs_store_limits {
  uint64_t memory_bytes;
  unsigned threads;
};

struct hs_wiring {
  const struct hs_io *io;
  enum hs_status (*open_book)(const struct hs_io *io, const char *path, struct hs_book *out,
                              struct hs_err *err);
  /* temp_directory is for what does not fit into memory. */
  enum hs_status (*open_trail)(const struct hs_io *io, const char *path, const char *temp_directory,
                               const struct hs_store_limits *limits, struct hs_trail *out,
                               struct hs_err *err);
  enum hs_status (*open_keep)(const struct hs_io *io, const struct hs_store_limits *limits,
                              struct hs_keep *out, struct hs_err *err);
  /* Reads files of a typed format as text; NULL where there is none. */
  const struct hs_text_opener *typed_files;
};

#endif
