#include "service/believe/season.h"

#define DAYS_IN_WEEK 7U

uint32_t hs_season_of_rows(uint32_t said, enum hs_influence_mode mode, int is_a_day_apart)
{
  if (said != HS_SEASON_UNSAID)
    return said;
  return mode == HS_INFLUENCE_DEFAULT && is_a_day_apart ? DAYS_IN_WEEK : 0;
}

/* Periods without a row have their time too, so any two neighbours lie one step apart. */
uint32_t hs_season_of_periods(uint32_t said, enum hs_influence_mode mode,
                              const struct hs_periods *periods)
{
  int is_a_day_apart =
      periods->is_day && periods->count > 1 && periods->times[1] - periods->times[0] < 1.5;
  return hs_season_of_rows(said, mode, is_a_day_apart);
}

uint32_t hs_season_of_spaced(uint32_t said, enum hs_influence_mode mode,
                             const struct hs_spaced *spaced)
{
  return hs_season_of_rows(said, mode, spaced->is_day && spaced->step == 1);
}
