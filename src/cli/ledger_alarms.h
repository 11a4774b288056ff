/* `hansa ledger alarms`: what of the money owed somebody has to look at. */
#ifndef HANSA_CLI_LEDGER_ALARMS_H
#define HANSA_CLI_LEDGER_ALARMS_H

#include "cli/cli.h"
#include "service/programme.h"

/* HS_ATTENTION when there are any and --check was given. */
[[nodiscard]] enum hs_status hs_ledger_alarms(struct hs_cli *cli, const struct hs_args *args,
                                              struct hs_programme *programme, struct hs_err *err);

/* The rows of the option table that are for alarms. */
/* clang-format off */
#define HS_LEDGER_ALARMS_OPTIONS                                                                   \
  {"check", HS_OPTION_FLAG, NULL, NULL, 0, 0, "alarms: end with exit code 17 when there are any"}, \
  {"dispute-days", HS_OPTION_INTEGER, "N", "14", 0, 3650,                                          \
   "alarms: a dispute is to be decided within so many days"},                                      \
  {"wait-days", HS_OPTION_INTEGER, "N", "7", 0, 3650,                                              \
   "alarms: a bank is to answer, a return period to be ended within so many days"}
/* clang-format on */

#endif
