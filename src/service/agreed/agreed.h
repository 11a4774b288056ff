/* Agreements in a programme: proposed, signed, joined and ended. Each is a decision (post.h), so it
   holds for what comes behind it and never for what came before. */
#ifndef HANSA_SERVICE_AGREED_AGREED_H
#define HANSA_SERVICE_AGREED_AGREED_H

#include "agreement/terms.h"
#include "ledger/policy.h"
#include "service/agreed/agreement_check.h"
#include "service/programme.h"

/* A version of an agreement, and who decided it. */
struct hs_agreed {
  struct hs_str name; /* of the agreement: "standard-offer" */
  struct hs_str by;   /* a person */
  struct hs_str reason;
  struct hs_str party; /* of a proposal: whose it is, and who agrees by it; absent: nobody yet */
  struct hs_str attested_by; /* of signing, answering and joining: who says that the disclosure
                                stands where it must; may be absent */
};

/* Proposes the next version: it holds for touchpoints from from_us on, and when until_us is not 0
   up to there, as an exception for a time. *number is the version's. HS_INVALID for a name that
   would need quoting, and for a second version that would begin before now: new terms never reach
   back. */
[[nodiscard]] enum hs_status hs_agreed_propose(struct hs_programme *programme,
                                               const struct hs_agreed *agreed,
                                               const struct hs_agreement_file *file,
                                               int64_t from_us, int64_t until_us, uint64_t *number,
                                               struct hs_err *err);
/* HS_DENIED when something stands against signing it: every objection is told. */
[[nodiscard]] enum hs_status hs_agreed_gate(const struct hs_agreement_file *file,
                                            struct hs_arena *arena, hs_check_fn tell, void *context,
                                            struct hs_err *err);
/* HS_INVALID when nobody is named. */
[[nodiscard]] enum hs_status hs_agreed_check_by(const struct hs_agreed *agreed, struct hs_err *err);
/* Signs a version (0: the newest) for a party, or for all when party is absent. HS_DENIED when
   something stands against it: every objection is told; and when it changes what holds and was to
   begin before today. */
[[nodiscard]] enum hs_status hs_agreed_sign(struct hs_programme *programme,
                                            const struct hs_agreed *agreed, uint64_t number,
                                            struct hs_str party, hs_check_fn tell, void *context,
                                            struct hs_err *err);
/* A partner takes part from a moment on, until another when until_us is not 0. */
[[nodiscard]] enum hs_status hs_agreed_enrol(struct hs_programme *programme,
                                             const struct hs_agreed *agreed, struct hs_str partner,
                                             int64_t from_us, int64_t until_us, struct hs_err *err);
/* The newest version holds no longer from a moment on. */
[[nodiscard]] enum hs_status hs_agreed_end(struct hs_programme *programme,
                                           const struct hs_agreed *agreed, int64_t from_us,
                                           struct hs_err *err);
/* A customer id is the partner's own, for what comes in from now on: orders of whoever is one with
   it are not paid to the partner. Or, withdrawn, it is so no more. HS_NOT_FOUND for a partner that
   is not in the book, HS_INVALID for an empty id. */
enum hs_own { HS_OWN_DECLARED, HS_OWN_WITHDRAWN };
[[nodiscard]] enum hs_status hs_agreed_own(struct hs_programme *programme,
                                           const struct hs_agreed *agreed, struct hs_str partner,
                                           struct hs_str customer, enum hs_own own,
                                           struct hs_err *err);
/* The programme's policy from a moment on. *number is the policy's. */
[[nodiscard]] enum hs_status hs_agreed_policy(struct hs_programme *programme, struct hs_str by,
                                              struct hs_str reason, const struct hs_policy *policy,
                                              int64_t from_us, uint64_t *number,
                                              struct hs_err *err);

/* The document of a version (0: the newest) in arena, and its number. HS_NOT_FOUND. */
[[nodiscard]] enum hs_status hs_agreed_document(struct hs_programme *programme, struct hs_str name,
                                                uint64_t *number, struct hs_arena *arena,
                                                struct hs_str *out, struct hs_err *err);

#endif
