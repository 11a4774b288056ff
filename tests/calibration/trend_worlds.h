/* Simulated partnerships whose growth is known, and how often the verdicts on them are right. */
#ifndef HANSA_TESTS_CALIBRATION_TREND_WORLDS_H
#define HANSA_TESTS_CALIBRATION_TREND_WORLDS_H

#include <stddef.h>
#include <stdint.h>

#include "measure/trend/trend.h"

enum trend_effort {
  EFFORT_UNKNOWN,
  EFFORT_STEADY,  /* varies by a tenth about a constant */
  EFFORT_GROWING, /* by 30 % a year, and all growth of value comes from it */
  EFFORT_PLANNED, /* varied by a half at random, by plan; elasticity .6 */
};

struct trend_world {
  const char *name;
  const char *words;
  size_t count;
  double per_year;
  double season;        /* half of the way from the lowest to the highest */
  double noise;         /* deviation of log value in a period */
  double walk;          /* of the level's own steps, a year */
  double tail;          /* degrees of freedom of the noise, 0 for the normal */
  double growth_before; /* of the logarithm, a year */
  double growth_since;
  double turn;    /* years before the end at which the one becomes the other */
  double turning; /* years that it takes */
  enum trend_effort effort;
};

#define TREND_WORLD_COUNT 21
extern const struct trend_world TREND_WORLDS[TREND_WORLD_COUNT];

struct trend_tally {
  size_t worlds;
  size_t by_verdict[HS_TREND_COMPOUNDING + 1];
  size_t wrong;   /* a verdict of compounding, plateau or fading that is not the truth's */
  size_t covered; /* growth's interval holds the true growth */
  size_t asked;   /* had an interval */
  double width;   /* sum over those */
  size_t told;    /* too early, with a number of periods that would decide */
  double periods; /* sum of them */
  enum hs_trend_verdict truth;
  double growth; /* the true one */
};

/* Growth net of effort in the last year, and what it is called. */
double trend_true_growth(const struct trend_world *world);

/* Reads streams 0 to worlds − 1 of the seed. */
struct trend_tally trend_trial(const struct trend_world *world, uint64_t seed, size_t worlds,
                               double material, double mass);

#endif
