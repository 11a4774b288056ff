/* The verbs of `hansa agreement` with --data that change what is agreed: as those of
   agreement_programme.c. */
#ifndef HANSA_CLI_AGREEMENT_CHANGES_H
#define HANSA_CLI_AGREEMENT_CHANGES_H

#include "cli/cli.h"
#include "service/agreed/agreement_file.h"

enum hs_status hs_cli_agreed_change(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_notify(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_answer(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_diff(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err);
/* "everybody@2", or "everybody" for its newest version: the agreement's name, borrowed from text,
   and what that version says. */
[[nodiscard]] enum hs_status
hs_cli_agreed_version(struct hs_cli *cli, struct hs_programme *programme, struct hs_str text,
                      struct hs_str *agreement, struct hs_agreement_file *out, struct hs_err *err);

#endif
