/* Sides write on the joint P&L of an agreement's month, stand by what stands there, and read its
   history. Each writing is a decision (post.h). */
#ifndef HANSA_SERVICE_JOINT_JOINT_DECIDE_H
#define HANSA_SERVICE_JOINT_JOINT_DECIDE_H

#include "agreement/shape.h"
#include "ports/book_ledger.h"
#include "service/programme.h"

/* Which sheet, and who acts on it. */
struct hs_joint_acting {
  struct hs_str agreement, period; /* a month: "2026-09" */
  struct hs_str side;              /* a company; absent where only what all see is read */
  struct hs_str by;                /* a person */
};

/* Adds the lines of a document (docs/reference/joint-lines.schema.json); one of a name that is
   there takes the place of it. *count is how many. HS_INVALID when anything is wrong, every fault
   is told with its path; HS_NOT_FOUND for an agreement, a month or a side that there is not. */
[[nodiscard]] enum hs_status hs_joint_add(struct hs_programme *programme,
                                          const struct hs_joint_acting *acting,
                                          struct hs_str document, struct hs_arena *arena,
                                          size_t *count, hs_fault_fn fault, void *context,
                                          struct hs_err *err);

/* The side stands by shared lines: by those that are named, or by all when name_count is 0, as long
   as their amounts stay what they are. *count is how many it did not stand by before. HS_NOT_FOUND
   for a name that no shared line has. */
[[nodiscard]] enum hs_status hs_joint_confirm(struct hs_programme *programme,
                                              const struct hs_joint_acting *acting,
                                              const struct hs_str *names, size_t name_count,
                                              struct hs_arena *arena, size_t *count,
                                              struct hs_err *err);

/* One entry: a line, or that a side stands by one. */
struct hs_joint_entry {
  const struct hs_sheet_line_row *line; /* one of the two */
  const struct hs_sheet_confirmation_row *confirmation;
  const char *state; /* of a line: holds, replaced, late (for a month that was closed before) */
  struct hs_currency currency;
};
typedef enum hs_status (*hs_joint_entry_fn)(void *context, const struct hs_joint_entry *entry,
                                            struct hs_err *err);
/* All that was ever written for the month, lines first, each in the order in which it came: what is
   shared, and what is private to acting->side. */
[[nodiscard]] enum hs_status hs_joint_list(struct hs_programme *programme,
                                           const struct hs_joint_acting *acting,
                                           struct hs_arena *arena, hs_joint_entry_fn each,
                                           void *context, struct hs_err *err);

#endif
