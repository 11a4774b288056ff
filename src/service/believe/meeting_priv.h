/* Between the files that read where the two views meet. */
#ifndef HANSA_SERVICE_BELIEVE_MEETING_PRIV_H
#define HANSA_SERVICE_BELIEVE_MEETING_PRIV_H

#include "measure/coupons.h"
#include "service/believe/meeting.h"

/* A partner's part in an order. */
struct meeting_part {
  uint32_t partner, row, line;
  double share; /* of the order: 1, or 1/n of its channels */
};

struct meeting_record {
  struct hs_programme *programme;
  struct hs_meeting *meeting;
  struct hs_arena *arena;
  struct hs_arena scratch; /* of the reading */
  struct hs_coupon_owner *coupons;
  size_t coupon_count;
  int32_t record_day;    /* the first day of the record */
  struct hs_arena notes; /* what the one pass over the orders found */
  struct meeting_part *parts;
  size_t part_count, part_capacity;
};

#define MEETING_NOBODY SIZE_MAX
/* The partner of that name, or MEETING_NOBODY. */
size_t hs_meeting_partner_of(const struct hs_meeting *meeting, struct hs_str name);

/* A sign of life of a partner, and how much there is to see of it then. */
void hs_meeting_note_sign(struct hs_meeting *meeting, size_t partner, int64_t day, double size);

/* meeting_starts.c: who there is, what it did and what was agreed with it. */
[[nodiscard]] enum hs_status hs_meeting_read_starts(struct meeting_record *record,
                                                    struct hs_err *err);
/* meeting_days.c: the orders a day, by line, and the parts that partners have in them. */
[[nodiscard]] enum hs_status hs_meeting_read_days(struct meeting_record *record,
                                                  struct hs_err *err);
/* The same: the parts of the tested partners, as series. */
[[nodiscard]] enum hs_status hs_meeting_fill_taken(struct meeting_record *record,
                                                   struct hs_err *err);

#endif
