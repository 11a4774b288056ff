/* The allocation policy as the journal and the book keep it: three exact fractions, and the rest as
   one flat JSON object with the names that people type. */
#ifndef HANSA_SERVICE_AGREED_POLICY_JSON_H
#define HANSA_SERVICE_AGREED_POLICY_JSON_H

#include "ledger/policy.h"

/* "2/5", as first, last and minimum are kept. */
struct hs_policy_texts {
  struct hs_str first, last, minimum;
  struct hs_str rest;
};

[[nodiscard]] enum hs_status hs_policy_write(const struct hs_policy *policy, struct hs_arena *arena,
                                             struct hs_policy_texts *out, struct hs_err *err);
/* rest may be absent: then all of it is as in HS_POLICY_LAST. HS_CORRUPT for what hs_policy_write
   does not make. */
[[nodiscard]] enum hs_status hs_policy_read(const struct hs_policy_texts *texts,
                                            struct hs_arena *arena, struct hs_policy *out,
                                            struct hs_err *err);
/* "untouched", "always", "never" */
const char *hs_renewals_word(enum hs_renewals renewals);
[[nodiscard]] int hs_renewals_parse(struct hs_str word, enum hs_renewals *out);

#endif
