/* Changing what is agreed in a programme. A change is a version like any other: drafted from the
   one that it takes the place of, proposed, told to the other side with the agreed notice,
   answered, and in force from its first day if everybody who has to has agreed by then. Until then,
   and if not, the old terms hold. */
#ifndef HANSA_SERVICE_AGREED_AGREED_CHANGE_H
#define HANSA_SERVICE_AGREED_AGREED_CHANGE_H

#include "service/agreed/agreed.h"

/* Two versions of an agreement, and when the second is to take the place of the first. */
struct hs_agreed_change {
  struct hs_str agreement;
  uint64_t standing;                      /* number of the version that holds without it */
  uint64_t number;                        /* its own; 0 while it is not proposed */
  struct hs_agreement_file before, after; /* in the arena of whoever made this */
  int64_t from_us, until_us;              /* INT64_MAX: until further notice */
};

struct hs_change_wish {
  const struct hs_str *lines; /* "sales.rate=12%": agreement/change.h */
  size_t line_count;
  int64_t from_us;  /* the beginning of its first day in the programme's zone */
  int64_t until_us; /* 0: until further notice */
};

/* The version that stands on that day with the lines applied; nothing is decided. HS_NOT_FOUND when
   no version is in force, HS_INVALID for lines that cannot be applied (every fault is told) or
   change nothing, HS_DENIED for a day before the agreed notice is over, with the earliest. */
[[nodiscard]] enum hs_status
hs_agreed_change_draft(struct hs_programme *programme, struct hs_str agreement,
                       const struct hs_change_wish *wish, struct hs_arena *arena, hs_fault_fn fault,
                       void *context, struct hs_agreed_change *out, struct hs_err *err);
/* A version that is there (0: the newest) beside the one that it takes the place of. HS_NOT_FOUND;
   HS_CONFLICT for a first version, which changes nothing. */
[[nodiscard]] enum hs_status
hs_agreed_change_find(struct hs_programme *programme, struct hs_str agreement, uint64_t number,
                      struct hs_arena *arena, struct hs_agreed_change *out, struct hs_err *err);
/* Proposes a draft for agreed->party, which agrees by proposing; absent: for our company, where the
   document names it. Fills in the number. HS_DENIED when something stands against signing it: every
   objection is told. */
[[nodiscard]] enum hs_status hs_agreed_change_propose(struct hs_programme *programme,
                                                      const struct hs_agreed *agreed,
                                                      struct hs_agreed_change *change,
                                                      hs_check_fn tell, void *context,
                                                      struct hs_err *err);

/* That the other side was told of a version: a party, or all when it is absent. `method` is how, in
   words; `reference` the SHA-256 of what was told, or absent. The moment is now. HS_DENIED when
   that is too late for a standard offer, or when something stands against signing. */
struct hs_change_notice {
  uint64_t number;
  struct hs_str party, method, reference;
};
[[nodiscard]] enum hs_status hs_agreed_notify(struct hs_programme *programme,
                                              const struct hs_agreed *agreed,
                                              const struct hs_change_notice *notice,
                                              hs_check_fn tell, void *context, struct hs_err *err);

/* What a party says to a version; agreed->by is who wrote it down. HS_DENIED when its first day has
   come, or when it is accepted and something stands against signing. */
struct hs_change_answer {
  uint64_t number;
  struct hs_str party;
  struct hs_str verdict; /* accepted, declined or countered */
};
[[nodiscard]] enum hs_status hs_agreed_answer(struct hs_programme *programme,
                                              const struct hs_agreed *agreed,
                                              const struct hs_change_answer *answer,
                                              hs_check_fn tell, void *context, struct hs_err *err);

#endif
