#include "cli/commands.h"

/* clang-format off */
const struct hs_command *const hs_commands[] = {
    &hs_cmd_start,
    &hs_cmd_init,
    &hs_cmd_import,
    &hs_cmd_attribute,
    &hs_cmd_design,
    &hs_cmd_partner,
    &hs_cmd_link,
    &hs_cmd_coupon,
    &hs_cmd_agreement,
    &hs_cmd_joint,
    &hs_cmd_policy,
    &hs_cmd_ledger,
    &hs_cmd_commission,
    &hs_cmd_order,
    &hs_cmd_event,
    &hs_cmd_dispute,
    &hs_cmd_adjust,
    &hs_cmd_close,
    &hs_cmd_statement,
    &hs_cmd_reconcile,
    &hs_cmd_payout,
    &hs_cmd_sql,
    &hs_cmd_report,
    &hs_cmd_export,
    &hs_cmd_repair,
    &hs_cmd_simulate,
    &hs_cmd_demo,
    NULL,
};
/* clang-format on */
