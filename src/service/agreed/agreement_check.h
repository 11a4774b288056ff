/* All that is to be said of an agreement before it is proposed: what stands against signing it, and
   what is surprising about its rules. */
#ifndef HANSA_SERVICE_AGREED_AGREEMENT_CHECK_H
#define HANSA_SERVICE_AGREED_AGREEMENT_CHECK_H

#include "service/agreed/agreement_file.h"

enum hs_check_level {
  HS_CHECK_OBJECTION, /* stands against signing */
  HS_CHECK_SET_ASIDE, /* would, had nobody decided otherwise */
  HS_CHECK_WARNING,
  HS_CHECK_REMARK
};

struct hs_check_row {
  enum hs_check_level level;
  const char *code;                     /* what an override names */
  const char *path;                     /* where in the document */
  const char *words;                    /* what is missing, wrong or surprising */
  const struct hs_override *overridden; /* of what is set aside; NULL otherwise */
};
typedef void (*hs_check_fn)(void *context, const struct hs_check_row *row);

/* "objection", "set aside", "warning", "remark"; lives for ever. */
const char *hs_check_level_words(enum hs_check_level level);

/* Tells the gate's objections, what is guessed, where paper, practice and name differ, then what
   the rules are found to do: a rule that never pays is an objection too, and can be set aside like
   one. *standing counts what stands against signing. What is told lives during the call. HS_NOMEM.
 */
[[nodiscard]] enum hs_status hs_agreement_check(const struct hs_agreement_file *file,
                                                struct hs_arena *arena, hs_check_fn tell,
                                                void *context, size_t *standing,
                                                struct hs_err *err);

/* One of them for a terminal of width columns: "warning    terms.rules[1]: … (more_than_order)". */
void hs_check_say(const struct hs_check_row *row, size_t width, struct hs_buf *out);

#endif
