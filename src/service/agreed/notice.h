/* The notice of changed terms, as the other side reads it: what changes in words, from when, what
   it would have come to for whoever reads it, how to answer and until when. It shows a partner its
   own figures and nobody else's. */
#ifndef HANSA_SERVICE_AGREED_NOTICE_H
#define HANSA_SERVICE_AGREED_NOTICE_H

#include "service/agreed/agreed_effect.h"

/* One thing that changes. */
struct hs_term_change {
  struct hs_str what;   /* a rule's name, or a field: "hold days" */
  struct hs_str before; /* in words; absent: it is new */
  struct hs_str after;  /* absent: it is taken out */
};
/* Rules by their names in sentences, everything else field by field. In arena. */
[[nodiscard]] enum hs_status hs_agreed_changes(const struct hs_agreed_change *change,
                                               struct hs_arena *arena,
                                               struct hs_term_change **changes, size_t *count,
                                               struct hs_err *err);
/* As lines for a terminal of width columns, and as a JSON array. */
void hs_changes_say(const struct hs_term_change *changes, size_t count, size_t width,
                    struct hs_buf *out);
void hs_changes_json(const struct hs_term_change *changes, size_t count, struct hs_buf *out);

struct hs_notice {
  const struct hs_agreed_change *change; /* proposed */
  const struct hs_zone *zone;
  struct hs_str by, reason;              /* of the proposal; reason may be absent */
  struct hs_str partner;                 /* to whom; absent: to all, without figures */
  const struct hs_agreed_effect *effect; /* of which the partner's own line is told */
  const struct hs_term_change *changes;
  size_t change_count;
};

/* The last day on which an answer is in time: the one before the first that the terms hold. */
int32_t hs_notice_answer_day(const struct hs_agreed_change *change, const struct hs_zone *zone);
/* "from 2027-01-01 on" or "from 2026-12-01 to 2026-12-31" */
void hs_notice_say_time(const struct hs_agreed_change *change, const struct hs_zone *zone,
                        struct hs_buf *out);
/* What is to be done and what comes of it, a sentence or two. */
void hs_notice_say_answer(const struct hs_notice *notice, struct hs_buf *out);

void hs_notice_text(const struct hs_notice *notice, size_t width, struct hs_buf *out);
void hs_notice_html(const struct hs_notice *notice, struct hs_buf *out);
void hs_notice_json(const struct hs_notice *notice, struct hs_buf *out);

#endif
