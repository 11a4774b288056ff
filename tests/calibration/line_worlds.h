/* Worlds for the lines beyond the click (measure/influence/lines.h) and for the overlap of fit,
   each with a known truth, and how often what is said of them is wrong. */
#ifndef HANSA_CALIBRATION_LINE_WORLDS_H
#define HANSA_CALIBRATION_LINE_WORLDS_H

#include <stddef.h>
#include <stdint.h>

/* A partner's share of cases, week by week, 13 weeks before and 13 after. */
struct share_world {
  const char *name;
  double share;  /* of cases before */
  double cases;  /* a week, on average */
  double ratio;  /* of the share after to before: the truth */
  double wander; /* standard deviation of the share's log odds */
  double keep;   /* how much of it a week keeps from the one before */
  double growth; /* of all cases, as a factor over the 26 weeks: moves no share */
};

enum search_noise { SEARCH_WHITE, SEARCH_AR, SEARCH_WALK };
enum search_activity { ACTIVITY_FREE, ACTIVITY_SMOOTH, ACTIVITY_TREND, ACTIVITY_SEASON };

/* A year of weekly searches and of a partner's activity. */
struct search_world {
  const char *name;
  enum search_noise noise;
  enum search_activity activity;
  double factor;   /* of searches in a week with twice the activity: the truth */
  int has_season;  /* searches follow a season, which activity does where it is ACTIVITY_SEASON */
  int has_control; /* a series with the season and without the activity */
};

/* Two samples of the same twelve values. */
struct overlap_world {
  const char *name;
  int ours, theirs; /* people */
  int shift;        /* places by which theirs are moved: the truth follows */
  int is_flat;      /* theirs are equally common */
};

#define SHARE_WORLDS 10
#define SEARCH_WORLDS 9
#define OVERLAP_WORLDS 7
extern const struct share_world SHARE_TABLE[SHARE_WORLDS];
extern const struct search_world SEARCH_TABLE[SEARCH_WORLDS];
extern const struct overlap_world OVERLAP_TABLE[OVERLAP_WORLDS];

struct line_tally {
  size_t worlds, up, flat, down, untold;
};
/* One partner alone, so what the rule over all partners takes away is still there. */
struct line_tally share_trial(const struct share_world *world, uint64_t seed, size_t worlds);
struct line_tally search_trial(const struct search_world *world, uint64_t seed, size_t worlds);

struct overlap_tally {
  size_t worlds, held, alike, different;
  double truth, width;
};
struct overlap_tally overlap_trial(const struct overlap_world *world, uint64_t seed, size_t worlds);

#endif
