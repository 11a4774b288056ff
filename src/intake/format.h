/* What a file is, told by its first bytes and, where these leave it open, by its name. */
#ifndef HANSA_INTAKE_FORMAT_H
#define HANSA_INTAKE_FORMAT_H

#include "intake/intake.h"

/* begin: the file's first bytes (unpacked). HS_INVALID for what is none of our formats and would
   only give a page of rejects as CSV: UTF-16, a JSON array, a ZIP or zstd file, no bytes at all. */
[[nodiscard]] enum hs_status hs_format_guess(const char *path, struct hs_str begin,
                                             enum hs_intake_format *out, struct hs_err *err);
/* The delimiter that goes with the name: tab for *.tsv and *.tsv.gz, comma otherwise. */
char hs_format_delimiter(const char *path);

#endif
