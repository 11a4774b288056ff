/* The verbs of `hansa agreement` with --data that change what is agreed: as those of
   agreement_programme.c. */
#ifndef HANSA_CLI_AGREEMENT_CHANGES_H
#define HANSA_CLI_AGREEMENT_CHANGES_H

#include "cli/cli.h"

enum hs_status hs_cli_agreed_change(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_notify(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_answer(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_diff(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err);

#endif
