/* Prints the rows of a question as a table for people, as CSV or as JSON. */
#ifndef HANSA_CLI_RESULT_H
#define HANSA_CLI_RESULT_H

#include "cli/cli.h"
#include "service/programme.h"

enum hs_result_form {
  HS_RESULT_TABLE, /* columns as wide as the first rows need; long cells are cut with … */
  HS_RESULT_CSV,   /* RFC 4180 with a header row, guarded against formula injection */
  HS_RESULT_JSON,  /* one array of objects; numbers and booleans as such, absent values null */
};

struct hs_result_printer;
/* In the command's arena. Call _end once after the last row, also when there was none. */
[[nodiscard]] enum hs_status hs_result_printer_begin(struct hs_cli *cli, enum hs_result_form form,
                                                     struct hs_result_sink *sink,
                                                     struct hs_result_printer **out,
                                                     struct hs_err *err);
/* The same for rows of text under these columns, at most HS_RESULT_TEXTS of them, in the form that
   the arguments ask for. *out is NULL when this fails before there is anything to end. */
#define HS_RESULT_TEXTS 16
[[nodiscard]] enum hs_status hs_result_texts_begin(struct hs_cli *cli, const struct hs_args *args,
                                                   size_t column_count, const char *const *columns,
                                                   struct hs_result_sink *sink,
                                                   struct hs_result_printer **out,
                                                   struct hs_err *err);
[[nodiscard]] enum hs_status hs_result_printer_end(struct hs_result_printer *printer,
                                                   struct hs_err *err);
/* Ends what hs_result_texts_begin began, whatever became of the rows: status says that, and comes
   back unless it is HS_OK and the end fails. printer may be NULL. */
[[nodiscard]] enum hs_status hs_result_texts_end(struct hs_result_printer *printer,
                                                 enum hs_status status, struct hs_err *err);
/* --json or --csv, or the table. HS_USAGE when both are given. */
[[nodiscard]] enum hs_status hs_result_form_of(const struct hs_args *args, enum hs_result_form *out,
                                               struct hs_err *err);

#endif
