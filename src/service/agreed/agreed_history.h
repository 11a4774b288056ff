/* What became of agreements: their versions, in which state each is, what it still waits for, and
   everything that was decided and said about it. */
#ifndef HANSA_SERVICE_AGREED_AGREED_HISTORY_H
#define HANSA_SERVICE_AGREED_AGREED_HISTORY_H

#include "service/agreed/agreement_file.h"
#include "service/programme.h"

/* A version. */
struct hs_agreed_line {
  struct hs_str name, title;
  uint64_t number;
  struct hs_str state; /* proposed, signed (its time is to come), active, superseded, ended (by a
                          decision), expired (its time is over) */
  struct hs_str open;  /* what is not agreed, in words: "waits for trails.example"; or absent */
  int64_t from_us, until_us; /* INT64_MAX: until further notice */
  size_t partner_count;      /* who take part in it now */
};
typedef enum hs_status (*hs_agreed_line_fn)(void *context, const struct hs_agreed_line *line,
                                            struct hs_err *err);
/* By agreement, the newest version first. name: absent for all. HS_NOT_FOUND when there is no
   agreement of that name. */
[[nodiscard]] enum hs_status hs_agreed_list(struct hs_programme *programme, struct hs_str name,
                                            hs_agreed_line_fn each, void *context,
                                            struct hs_err *err);

/* Something that was decided or said about a version. Absent texts: for all parties, nothing said.
 */
struct hs_agreed_event {
  uint64_t number;
  struct hs_str state; /* proposed, notified, accepted, declined, countered, signed, ended */
  struct hs_str party, by, method, reference, reason, attested_by;
  int64_t at_us; /* when; of an end, from when */
};
typedef enum hs_status (*hs_agreed_event_fn)(void *context, const struct hs_agreed_event *event,
                                             struct hs_err *err);
/* In the order in which they came. */
[[nodiscard]] enum hs_status hs_agreed_events(struct hs_programme *programme, struct hs_str name,
                                              hs_agreed_event_fn each, void *context,
                                              struct hs_err *err);
/* Who proposed a version, and why; absent where nothing was said. */
struct hs_agreed_proposal {
  struct hs_str by, reason;
};
/* In arena. All absent when there is no such version. HS_NOMEM: *out is all absent. */
[[nodiscard]] enum hs_status hs_agreed_proposed(struct hs_programme *programme, struct hs_str name,
                                                uint64_t number, struct hs_arena *arena,
                                                struct hs_agreed_proposal *out, struct hs_err *err);
/* "told by mail", "blog: declined"; without when, by whom and why. */
void hs_agreed_event_say(const struct hs_agreed_event *event, struct hs_buf *out);

/* The version that stands now and is no exception, or the newest where none is signed, in arena.
   HS_NOT_FOUND. */
[[nodiscard]] enum hs_status hs_agreed_current(struct hs_programme *programme, struct hs_str name,
                                               struct hs_arena *arena,
                                               struct hs_agreement_file *out, struct hs_err *err);

/* A partner that takes part in an agreement now. */
struct hs_agreed_partner {
  struct hs_str partner;
  uint64_t number; /* of the version by which it is judged now */
  int64_t from_us, until_us;
  struct hs_str attested_by; /* who last said for it that the disclosure stands where it must */
};
typedef enum hs_status (*hs_agreed_partner_fn)(void *context,
                                               const struct hs_agreed_partner *partner,
                                               struct hs_err *err);
/* In order of partner. */
[[nodiscard]] enum hs_status hs_agreed_partners(struct hs_programme *programme, struct hs_str name,
                                                hs_agreed_partner_fn each, void *context,
                                                struct hs_err *err);

#endif
