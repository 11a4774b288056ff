/* What --season means where nobody says it, the same for every analysis of a series: the week, when
   rows are a day apart, and none otherwise. In parity mode none either way, since the program whose
   figures it repeats has none unless it is told. (Trends count months and quarters, and take a
   year of those: service/decide/trend.h.) */
#ifndef HANSA_SERVICE_BELIEVE_SEASON_H
#define HANSA_SERVICE_BELIEVE_SEASON_H

#include "measure/influence/influence.h"
#include "service/believe/periods.h"
#include "service/believe/spaced.h"

#define HS_SEASON_UNSAID UINT32_MAX

/* Rows in a season: what was said, or what follows from the rows. */
[[nodiscard]] uint32_t hs_season_of_rows(uint32_t said, enum hs_influence_mode mode,
                                         int is_a_day_apart);
[[nodiscard]] uint32_t hs_season_of_periods(uint32_t said, enum hs_influence_mode mode,
                                            const struct hs_periods *periods);
[[nodiscard]] uint32_t hs_season_of_spaced(uint32_t said, enum hs_influence_mode mode,
                                           const struct hs_spaced *spaced);

#endif
