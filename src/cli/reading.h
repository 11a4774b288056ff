/* The options of commands that read a file through intake, and what they mean. */
#ifndef HANSA_CLI_READING_H
#define HANSA_CLI_READING_H

#include "cli/cli.h"
#include "service/start/network.h"

/* Rows of a command's table. */
/* clang-format off */
#define HS_OPTIONS_READING                                                                         \
  {"map", HS_OPTION_LIST, "COLUMN=FIELD", NULL, 0, 0,                                              \
   "read COLUMN from the file's FIELD; may be given often"},                                       \
  {"format", HS_OPTION_TEXT, "FORMAT", NULL, 0, 0,                                                 \
   "csv, ndjson or parquet; found out from the content without it"},                               \
  HS_OPTION_DELIMITER,                                                                             \
  {"time-zone", HS_OPTION_TEXT, "ZONE", NULL, 0, 0,                                                \
   "of moments that say none, such as Europe/Berlin"},                                             \
  {"time-format", HS_OPTION_TEXT, "FORMAT", "rfc3339", 0, 0,                                       \
   "rfc3339, unix (seconds), unix_ms, dmy (31/12/2026) or mdy"},                                   \
  {"currency", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "of rows that name none"},                      \
  HS_OPTION_NETWORK,                                                                               \
  HS_OPTION_AMOUNTS
/* clang-format on */

struct hs_reading_map {
  struct hs_intake_map items[HS_COLUMNS_MAX + 1];
};

/* What was asked, into intake, whose kind is set and which keeps the map borrowed. HS_USAGE for
   what cannot be, HS_NOT_FOUND for a zone that the system does not know. */
[[nodiscard]] enum hs_status hs_args_reading(struct hs_cli *cli, const struct hs_args *args,
                                             struct hs_intake_options *intake,
                                             struct hs_reading_map *map, struct hs_err *err);

#endif
