/* What a side adds to the joint P&L of an agreement's month: a JSON document of lines, checked
   against what the agreement says. The command reads it to tell all that is wrong; the ledger's
   reader reads it again when it applies the decision. */
#ifndef HANSA_SERVICE_JOINT_JOINT_ADDED_H
#define HANSA_SERVICE_JOINT_JOINT_ADDED_H

#include "service/joint/joint_terms.h"

/* Names of the lines that Hansa makes itself; no side may take one for a line of its own. */
#define HS_LINE_ORDERS "orders less returns"
#define HS_LINE_OWNER "time of the owner"
#define HS_LINE_COMMISSIONS "commissions " /* what the others begin with */

struct hs_joint_added {
  size_t count;
  struct hs_joint_line *lines; /* confirmed by the adding side, and by nobody else */
};

/* document: as docs/reference/joint-lines.schema.json says; by_side: who adds it. HS_INVALID when
   anything is wrong: every fault is told with its path (fault may be NULL), and err holds the
   first. Lines and texts live in arena; canonical, which may be NULL, becomes the document in its
   one form. */
[[nodiscard]] enum hs_status
hs_joint_added_read(struct hs_str document, const struct hs_joint_terms *terms, uint32_t by_side,
                    struct hs_arena *arena, struct hs_joint_added *out, struct hs_str *canonical,
                    hs_fault_fn fault, void *context, struct hs_err *err);

/* ---- confirmations ---- */

/* A line that a side stands by, with the amount by which it knows it. */
struct hs_joint_stood_by {
  struct hs_str side, what;
  int64_t amount_minor;
};

/* The document of a decision to confirm, and back. HS_CORRUPT for what is none. */
void hs_joint_stood_by_write(const struct hs_joint_stood_by *lines, size_t count,
                             struct hs_buf *out);
[[nodiscard]] enum hs_status hs_joint_stood_by_read(struct hs_str document, struct hs_arena *arena,
                                                    struct hs_joint_stood_by **lines, size_t *count,
                                                    struct hs_err *err);

#endif
