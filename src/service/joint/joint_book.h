/* The joint P&L of an agreement's month out of a programme: what the ledger says, the hours that
   the agreement names, and what the sides wrote; with what earlier months left open and what
   changed of them since they were closed.

   Everything here follows from the book and the journal up to a sequence, so that the ledger's
   reader can compute it too and come to the same when the journal is read again. What rests on a
   measurement (intervals) or is for our eyes only (imported costs) is added by joint_statement. */
#ifndef HANSA_SERVICE_JOINT_JOINT_BOOK_H
#define HANSA_SERVICE_JOINT_JOINT_BOOK_H

#include "service/joint/joint_ledger.h"
#include "service/joint/joint_terms.h"
#include "service/joint/statement.h"

struct hs_joint_book {
  struct hs_joint_terms terms;
  struct hs_sheet sheet; /* all lines, those that are private to a side among them */
  struct hs_joint_ledger ledger;
  const struct hs_joint_flow *flows; /* of the month: ledger.partner_count of them, or NULL */
  int is_closed;         /* what was written later changes the next open month and not this one */
  size_t late_count;     /* shared entries for the closed month that came after it was closed */
  size_t left_out_count; /* lines of sides or currencies that the agreement no longer has */
};

/* HS_NOT_FOUND when there is no such agreement or it has not begun by then; HS_INVALID for what is
   no month or for sums that do not fit. Everything lives in arena or with source->in_force. */
[[nodiscard]] enum hs_status hs_joint_book_make(const struct hs_joint_source *source,
                                                struct hs_str agreement, struct hs_str period,
                                                struct hs_arena *arena, struct hs_joint_book *out,
                                                struct hs_err *err);

#endif
