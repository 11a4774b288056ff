/* The figures that a design is made of or judged by: a row a day, from a file or a programme. */
#ifndef HANSA_SERVICE_BELIEVE_DESIGN_READ_H
#define HANSA_SERVICE_BELIEVE_DESIGN_READ_H

#include "measure/influence/panel.h"
#include "service/believe/design.h"

struct hs_design_days {
  int32_t first_day;
  size_t count;
  double *outcome; /* NaN for a day without a figure */
  uint64_t reject_count;
};

/* The outcome that the design names. HS_INVALID when the rows are not a day apart; failures of
   periods.h and periods_programme.h. */
[[nodiscard]] enum hs_status hs_design_read_days(struct hs_arena *arena, const struct hs_io *io,
                                                 const struct hs_design_source *source,
                                                 const struct hs_design *design,
                                                 struct hs_design_days *out, struct hs_err *err);
/* The same for every region, without a hole. Failures of geo.h and panel_programme.h. */
[[nodiscard]] enum hs_status hs_design_read_panel(struct hs_arena *arena, const struct hs_io *io,
                                                  const struct hs_design_source *source,
                                                  const struct hs_design *design,
                                                  struct hs_panel *out, uint64_t *reject_count,
                                                  struct hs_err *err);
/* How many of count rows from first_day on lie before the day. */
[[nodiscard]] size_t hs_design_row(int32_t first_day, size_t count, int32_t day);

#endif
