/* What was agreed, as whoever judges orders needs it: which version of which agreement was in force
   for a partner at a moment, and by which policy partners shared an order. Read from the book once,
   and again after a decision has changed it. */
#ifndef HANSA_SERVICE_AGREED_IN_FORCE_H
#define HANSA_SERVICE_AGREED_IN_FORCE_H

#include "agreement/agreement.h"
#include "agreement/terms.h"
#include "base/time.h"
#include "ledger/policy.h"
#include "measure/coupons.h"
#include "ports/book.h"
#include "ports/trail.h"

struct hs_agreed_version {
  struct hs_str agreement;
  uint64_t number;
  int64_t from_us, until_us;
  int is_signed;   /* by all who have to, or of a standard offer: told to all with the agreed notice
                    */
  int is_ended;    /* by a decision, before its time was over */
  int has_refusal; /* at least one */
  struct hs_agreement document;
  struct hs_terms terms;
};

/* A partner did not accept a version and goes on with the one before. */
struct hs_refusal {
  const struct hs_agreed_version *version;
  uint32_t partner;
};

/* A decision that a party takes part in an agreement, which holds until a later one about both. */
struct hs_enrolled {
  uint32_t partner;
  struct hs_str agreement;
  int64_t from_us, until_us;
  uint64_t sequence;
};

/* An id that a partner has declared its own. */
struct hs_own_customer {
  uint32_t partner;
  hs_person_key id;
};

struct hs_agreed_policy {
  uint64_t number;
  int64_t from_us;
  struct hs_policy policy;
};

struct hs_in_force {
  const struct hs_zone *zone; /* whose days and months count */
  size_t partner_count;
  struct hs_str *partners; /* every party of the book, in byte order */
  size_t version_count;
  struct hs_agreed_version *versions; /* by agreement, the newest first */
  size_t refusal_count;
  struct hs_refusal *refusals; /* by version, then partner */
  size_t enrolment_count;
  struct hs_enrolled *enrolments; /* by partner, the latest decision first */
  size_t *enrolment_starts;       /* of each partner, and one behind the last */
  size_t own_count;
  struct hs_own_customer *owns;
  size_t policy_count;
  struct hs_agreed_policy *policies; /* the newest first */
  size_t coupon_count;
  struct hs_coupon_owner *coupons; /* sorted */
  int has_signed; /* at least one version: before that nobody can be owed anything */
};

#define HS_NO_PARTNER UINT32_MAX

/* All that was decided by frames up to until_sequence, in arena. HS_CORRUPT when a version's
   document or a policy cannot be read any more: nobody is paid by a guess. */
[[nodiscard]] enum hs_status hs_in_force_load(const struct hs_ledger_reader *ledger,
                                              const struct hs_book *book,
                                              const struct hs_zone *zone, uint64_t until_sequence,
                                              struct hs_arena *arena, struct hs_in_force *out,
                                              struct hs_err *err);
/* Whether a signed version of any time has a rule for such events: for all others nobody need look
   at them. */
int hs_in_force_pays(const struct hs_in_force *in_force, enum hs_rule_event event);
/* The index of a name among partners, or HS_NO_PARTNER. */
uint32_t hs_in_force_partner(const struct hs_in_force *in_force, struct hs_str name);
/* The version of that number, signed or not; NULL when there is none. */
const struct hs_agreed_version *hs_in_force_numbered(const struct hs_in_force *in_force,
                                                     struct hs_str agreement, uint64_t number);
/* The version by which a partner's touchpoint is judged, or NULL: of the agreements that it took
   part in at that moment the one it joined last, and of that the newest signed version whose time
   the moment lies in and that it did not refuse. So a version with an end is an exception for a
   time. */
const struct hs_agreed_version *hs_in_force_version(const struct hs_in_force *in_force,
                                                    uint32_t partner, int64_t at_us);
/* The signed version that version `number`, beginning at at_us, would take the place of: of those
   before it the newest that begins by then and is no exception for a time, or the oldest where all
   begin later. NULL when there is none. */
const struct hs_agreed_version *hs_in_force_standing(const struct hs_in_force *in_force,
                                                     struct hs_str agreement, uint64_t number,
                                                     int64_t at_us);
/* Whether the newest answer of a partner to the version is that it does not accept it. */
[[nodiscard]] int hs_in_force_is_refused(const struct hs_in_force *in_force,
                                         const struct hs_agreed_version *version, uint32_t partner);
/* The policy of a moment: the newest of those that hold from it or before; NULL before the first.
 */
const struct hs_agreed_policy *hs_in_force_policy(const struct hs_in_force *in_force,
                                                  int64_t at_us);
/* Whose code it was at a moment, or HS_NO_PARTNER. */
uint32_t hs_in_force_coupon(const struct hs_in_force *in_force, struct hs_str code, int64_t at_us);

#endif
