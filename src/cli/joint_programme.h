/* The verbs of `hansa joint` that work on a programme: add, confirm, list. */
#ifndef HANSA_CLI_JOINT_PROGRAMME_H
#define HANSA_CLI_JOINT_PROGRAMME_H

#include "cli/cli.h"
#include "service/joint/statement.h"

/* HS_USAGE for what is no verb. */
[[nodiscard]] enum hs_status hs_joint_programme_run(struct hs_cli *cli, const struct hs_args *args,
                                                    struct hs_err *err);

/* Prints a joint P&L in the form that the arguments ask for. */
[[nodiscard]] enum hs_status hs_joint_show(struct hs_cli *cli, const struct hs_args *args,
                                           const struct hs_statement *statement,
                                           struct hs_err *err);

#endif
