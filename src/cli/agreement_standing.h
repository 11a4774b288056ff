/* The verbs of `hansa agreement` with --data that say what an agreement has come to: as those of
   agreement_programme.c. */
#ifndef HANSA_CLI_AGREEMENT_STANDING_H
#define HANSA_CLI_AGREEMENT_STANDING_H

#include "cli/cli.h"

enum hs_status hs_cli_agreed_kind(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_growth(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err);
enum hs_status hs_cli_agreed_results(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_programme *programme, struct hs_err *err);

#endif
