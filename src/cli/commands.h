/* Every command of the program: declared here, listed in commands.c in the order in which help
   shows them. */
#ifndef HANSA_CLI_COMMANDS_H
#define HANSA_CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct hs_command hs_cmd_start;
extern const struct hs_command hs_cmd_init;
extern const struct hs_command hs_cmd_import;
extern const struct hs_command hs_cmd_attribute;
extern const struct hs_command hs_cmd_influence;
extern const struct hs_command hs_cmd_halo;
extern const struct hs_command hs_cmd_honesty;
extern const struct hs_command hs_cmd_power;
extern const struct hs_command hs_cmd_design;
extern const struct hs_command hs_cmd_geo;
extern const struct hs_command hs_cmd_order;
extern const struct hs_command hs_cmd_event;
extern const struct hs_command hs_cmd_partner;
extern const struct hs_command hs_cmd_link;
extern const struct hs_command hs_cmd_coupon;
extern const struct hs_command hs_cmd_agreement;
extern const struct hs_command hs_cmd_joint;
extern const struct hs_command hs_cmd_dispute;
extern const struct hs_command hs_cmd_adjust;
extern const struct hs_command hs_cmd_close;
extern const struct hs_command hs_cmd_commission;
extern const struct hs_command hs_cmd_ledger;
extern const struct hs_command hs_cmd_statement;
extern const struct hs_command hs_cmd_payout;
extern const struct hs_command hs_cmd_policy;
extern const struct hs_command hs_cmd_reconcile;
extern const struct hs_command hs_cmd_ltv;
extern const struct hs_command hs_cmd_fit;
extern const struct hs_command hs_cmd_trend;
extern const struct hs_command hs_cmd_case;
extern const struct hs_command hs_cmd_report;
extern const struct hs_command hs_cmd_sql;
extern const struct hs_command hs_cmd_export;
extern const struct hs_command hs_cmd_repair;
extern const struct hs_command hs_cmd_simulate;
extern const struct hs_command hs_cmd_demo;

#endif
