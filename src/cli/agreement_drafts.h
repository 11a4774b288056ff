/* The verbs of `hansa agreement` that write agreements, and what they share with those that read
   them. */
#ifndef HANSA_CLI_AGREEMENT_DRAFTS_H
#define HANSA_CLI_AGREEMENT_DRAFTS_H

#include "cli/cli.h"
#include "service/agreed/agreement_file.h"

/* Reads a file. Every fault goes to standard error, but for the first, which is the command's
   error. */
[[nodiscard]] enum hs_status hs_cli_read_agreement(struct hs_cli *cli, struct hs_str path,
                                                   struct hs_agreement_file *out,
                                                   struct hs_err *err);
[[nodiscard]] enum hs_status hs_cli_write_buf(struct hs_cli *cli, const struct hs_buf *out,
                                              struct hs_err *err);
/* All that is to be said before signing: sentences, or rows where the arguments ask for them. */
[[nodiscard]] enum hs_status hs_cli_print_check(struct hs_cli *cli, const struct hs_args *args,
                                                const struct hs_agreement_file *file,
                                                size_t *standing, struct hs_err *err);
/* Every field in which two differ, in the form that the arguments ask for. */
[[nodiscard]] enum hs_status hs_cli_print_changes(struct hs_cli *cli, const struct hs_args *args,
                                                  const struct hs_agreement_file *before,
                                                  const struct hs_agreement_file *after,
                                                  struct hs_err *err);

/* The verbs: as struct hs_command.run. */
enum hs_status hs_cli_agreement_new(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_err *err);
enum hs_status hs_cli_agreement_fill(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_err *err);
enum hs_status hs_cli_agreement_kind(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_err *err);
enum hs_status hs_cli_agreement_growth(struct hs_cli *cli, const struct hs_args *args,
                                       struct hs_err *err);
enum hs_status hs_cli_agreement_change(struct hs_cli *cli, const struct hs_args *args,
                                       struct hs_err *err);

#endif
