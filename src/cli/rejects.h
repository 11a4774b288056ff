/* Rows that could not be used, told on standard error while a file is read. */
#ifndef HANSA_CLI_REJECTS_H
#define HANSA_CLI_REJECTS_H

#include "cli/cli.h"
#include "service/believe/spaced.h"
#include "service/start/start.h"

struct hs_rejects {
  struct hs_cli *cli;
  uint64_t count;
};

/* A hs_start_reject_fn; context is a struct hs_rejects. The first ones are told, the others
   counted. */
void hs_rejects_tell(void *context, const struct hs_intake_reject *reject);
/* The same as a hs_figures_reject_fn. */
void hs_rejects_tell_figures(void *context, const struct hs_figures_reject *reject);
/* How many more there are, if any; once, after the last. */
void hs_rejects_end(const struct hs_rejects *rejects);
/* HS_REJECTED_ROWS when there were any, else HS_OK: what a command that did its work ends with. */
[[nodiscard]] enum hs_status hs_rejects_status(const struct hs_rejects *rejects,
                                               struct hs_err *err);
/* The same where it is known how many rows there are. */
[[nodiscard]] enum hs_status hs_rejects_status_of(const struct hs_rejects *rejects,
                                                  uint64_t row_count, struct hs_err *err);

#endif
