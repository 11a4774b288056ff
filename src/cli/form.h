/* The forms of what can be printed for a terminal, as JSON, as CSV or as a page: --json, --csv and
   --html FILE. */
#ifndef HANSA_CLI_FORM_H
#define HANSA_CLI_FORM_H

#include "cli/cli.h"

enum hs_form { HS_FORM_TEXT, HS_FORM_JSON, HS_FORM_CSV, HS_FORM_HTML };

/* HS_USAGE when more than one is given, or --html without a name. */
[[nodiscard]] enum hs_status hs_form_read(const struct hs_args *args, enum hs_form *out,
                                          struct hs_err *err);
/* To standard output; a page to the file of --html, or with - to standard output too. what is for
   the words "the report stands in q3.html". */
[[nodiscard]] enum hs_status hs_form_print(struct hs_cli *cli, const struct hs_args *args,
                                           enum hs_form form, const struct hs_buf *text,
                                           const char *what, struct hs_err *err);

#endif
