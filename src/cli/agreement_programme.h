/* `hansa agreement` with --data: the agreements of a programme. */
#ifndef HANSA_CLI_AGREEMENT_PROGRAMME_H
#define HANSA_CLI_AGREEMENT_PROGRAMME_H

#include "cli/agreement_drafts.h"
#include "service/agreed/agreement_check.h"

/* An hs_check_fn whose context is the struct hs_cli: what stands against signing, on standard
 * error.
 */
void hs_cli_tell_objection(void *context, const struct hs_check_row *row);
[[nodiscard]] enum hs_status
hs_agreement_programme_run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err);

/* The rows of the option table that are for programmes. */
/* clang-format off */
#define HS_AGREEMENT_PROGRAMME_OPTIONS                                                             \
  HS_OPTION_DATA,                                                                                  \
  {"name", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "add, simulate: what the agreement is called"},     \
  HS_OPTION_BY, HS_OPTION_REASON,                                                                  \
  {"from", HS_OPTION_TEXT, "DAY", NULL, 0, 0,                                                      \
   "add, enrol, end, change: from the beginning of this day"},                                     \
  {"until", HS_OPTION_TEXT, "DAY", NULL, 0, 0, "add, enrol, change: up to the end of this day"},   \
  {"period", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0, "results: of 2026, 2026-Q3, 2026-09 or 2026-09-01..2026-09-15; all without it"},                    \
  {"against", HS_OPTION_TEXT, "PERIOD", NULL, 0, 0,                                                \
   "simulate: the orders of this period; all without it"},                                                   \
  {"number", HS_OPTION_INTEGER, "N", "0", 0, 1e9,                                                  \
   "sign, notify, answer, show: which version; 0 is the newest"},                                  \
  {"party", HS_OPTION_TEXT, "NAME", NULL, 0, 0,                                                    \
   "sign, change: for this party; notify: who was told; answer: whose it is"},                     \
  {"dry-run", HS_OPTION_FLAG, NULL, NULL, 0, 0, "change: shown, and not proposed"},                \
  {"notice", HS_OPTION_TEXT, "FILE", NULL, 0, 0,                                                   \
   "change, notify: what the other side reads, as a page (.html), JSON (.json) or text"},          \
  {"how", HS_OPTION_TEXT, "WORDS", NULL, 0, 0, "notify: how they were told"},                      \
  {"proof", HS_OPTION_TEXT, "TEXT", NULL, 0, 0, "fund: of a claim, such as an invoice's number"},   \
  {"attest", HS_OPTION_TEXT, "NAME", NULL, 0, 0,                                                   \
   "sign, answer, enrol: who says for the partner that disclosures stand where they must"},        \
  {"partner", HS_OPTION_LIST, "NAME", NULL, 0, 0,                                                  \
   "enrol: who takes part, once for each; growth, results: whose; new: the other company"}
/* clang-format on */

#endif
