/* The verbs of `hansa agreement` with --data about money for what is done together: as those of
   agreement_programme.c. */
#ifndef HANSA_CLI_AGREEMENT_FUNDS_H
#define HANSA_CLI_AGREEMENT_FUNDS_H

#include "cli/cli.h"

enum hs_status hs_cli_agreed_fund(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_funds(struct hs_cli *cli, const struct hs_args *args,
                                   struct hs_programme *programme, struct hs_err *err);

#endif
