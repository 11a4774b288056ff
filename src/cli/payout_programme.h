/* `hansa payout` with --data: the payouts of a programme. */
#ifndef HANSA_CLI_PAYOUT_PROGRAMME_H
#define HANSA_CLI_PAYOUT_PROGRAMME_H

#include "cli/cli.h"
#include "service/pay/payout_run.h"
#include "service/pay/payout_status.h"

[[nodiscard]] enum hs_status hs_cli_payout_run(struct hs_cli *cli, const struct hs_args *args,
                                               struct hs_err *err);
[[nodiscard]] enum hs_status hs_cli_payout_list(struct hs_cli *cli, const struct hs_args *args,
                                                struct hs_err *err);
[[nodiscard]] enum hs_status hs_cli_payout_show(struct hs_cli *cli, const struct hs_args *args,
                                                struct hs_err *err);
[[nodiscard]] enum hs_status hs_cli_payout_mark(struct hs_cli *cli, const struct hs_args *args,
                                                struct hs_err *err);
[[nodiscard]] enum hs_status hs_cli_payout_invoice(struct hs_cli *cli, const struct hs_args *args,
                                                   struct hs_err *err);
/* What a report says, posted, as a table of what became of each payout. */
[[nodiscard]] enum hs_status hs_cli_payout_post(struct hs_cli *cli, const struct hs_args *args,
                                                const struct hs_payout_statuses *statuses,
                                                struct hs_err *err);

/* Of cmd_payout.c. */
[[nodiscard]] enum hs_status hs_cli_read_payees(struct hs_cli *cli, const struct hs_args *args,
                                                struct hs_cli_telling *telling,
                                                struct hs_payees *out, struct hs_err *err);
[[nodiscard]] enum hs_status hs_cli_print_plan(struct hs_cli *cli, const struct hs_args *args,
                                               const struct hs_payout_run *run, struct hs_err *err);
/* "3 payments: 1,283.33 EUR, 80.00 USD" */
void hs_cli_tell_payments(struct hs_cli *cli, size_t count, const struct hs_money *sums,
                          size_t sum_count);

#endif
