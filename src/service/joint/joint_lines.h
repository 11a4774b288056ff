/* The lines of one month of an agreement's joint P&L: out of the ledger, out of the agreement, and
   as the sides wrote them. */
#ifndef HANSA_SERVICE_JOINT_JOINT_LINES_H
#define HANSA_SERVICE_JOINT_JOINT_LINES_H

#include "service/joint/joint_ledger.h"
#include "service/joint/joint_terms.h"
#include "service/joint/statement.h"

/* What the sides of one agreement wrote, of all months, in the order in which it came. */
struct hs_written_line {
  struct hs_sheet_line_row row;
  int32_t month;
  enum hs_joint_kind kind;
};
struct hs_written_confirmation {
  struct hs_sheet_confirmation_row row;
  int32_t month;
};
struct hs_written {
  size_t line_count, line_capacity;
  struct hs_written_line *lines;
  size_t confirmation_count, confirmation_capacity;
  struct hs_written_confirmation *confirmations;
};

/* Texts are copied into arena. */
[[nodiscard]] enum hs_status hs_written_load(const struct hs_joint_source *source,
                                             struct hs_str agreement, struct hs_arena *arena,
                                             struct hs_written *out, struct hs_err *err);
/* Whether a later entry up to until_sequence has taken the place of lines[index]. */
[[nodiscard]] int hs_written_is_replaced(const struct hs_written *written, size_t index,
                                         uint64_t until_sequence);

struct hs_joint_lines {
  size_t count;
  struct hs_joint_line *lines;
  size_t payment_count;
  struct hs_joint_payment payments[HS_SIDES_MAX]; /* with the sides of partners */
  size_t left_out_count; /* written for a side or in a currency that the terms do not know */
};

/* flows: the month's, one for each of ledger's partners; NULL when there are none. Of what was
   written, entries up to until_sequence. Lines live in arena. */
[[nodiscard]] enum hs_status hs_joint_lines_make(const struct hs_joint_terms *terms, int32_t month,
                                                 const struct hs_in_force *in_force,
                                                 const struct hs_joint_ledger *ledger,
                                                 const struct hs_joint_flow *flows,
                                                 const struct hs_written *written,
                                                 uint64_t until_sequence, struct hs_arena *arena,
                                                 struct hs_joint_lines *out, struct hs_err *err);

#endif
