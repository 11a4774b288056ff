/* What an agreement says of the joint P&L of one month: which version holds, who the sides are,
   what their hours cost. */
#ifndef HANSA_SERVICE_JOINT_JOINT_TERMS_H
#define HANSA_SERVICE_JOINT_JOINT_TERMS_H

#include "service/agreed/in_force.h"
#include "service/joint/sheet_line.h"

/* What the sides are called that no agreement names: a standard offer knows neither us nor those
   who accept it. */
#define HS_SIDE_US HS_STR("us")
#define HS_SIDE_PARTNERS HS_STR("partners")

struct hs_joint_terms {
  const struct hs_agreed_version *version;
  struct hs_period period;    /* in the programme's zone */
  struct hs_line_terms lines; /* the sides, and what lines are made with */
  uint32_t ours;              /* the side whose programme this is */
  uint32_t others;            /* the side of all partners, where none is named; or HS_NOBODY */
};

/* period: a month, "2026-09". The version is the newest signed one that holds when the month ends;
   after the end of all of them the one that held last, by which the agreement is wound up. Our side
   is the first party that is no partner. HS_INVALID for another period; HS_NOT_FOUND when there is
   no such agreement, or it had not begun by then. What *out points to lives as long as in_force. */
[[nodiscard]] enum hs_status hs_joint_terms_of(const struct hs_in_force *in_force,
                                               struct hs_str agreement, struct hs_str period,
                                               struct hs_joint_terms *out, struct hs_err *err);

/* The side of a partner: its own, or that of all partners; HS_NOBODY for somebody outside. */
uint32_t hs_joint_side_of(const struct hs_joint_terms *terms, struct hs_str partner);

/* The side of that name; HS_NOT_FOUND names those that there are. */
[[nodiscard]] enum hs_status hs_joint_side(const struct hs_joint_terms *terms, struct hs_str name,
                                           uint32_t *out, struct hs_err *err);

/* ---- months ---- */

#define HS_MONTH_TEXT 8 /* "2026-09" */

/* Counted from January of the year 0; -1 for what is no month. */
int32_t hs_month_parse(struct hs_str text);
void hs_month_format(int32_t month, char out[HS_MONTH_TEXT]);
/* The month of a moment in the zone. */
int32_t hs_month_at(const struct hs_zone *zone, int64_t at_us);

#endif
