/* Series with a known truth, for the calibration of influence: what the residual is like, and what
   somebody would make of it who had been told. */
#ifndef HANSA_TESTS_CALIBRATION_INFLUENCE_WORLDS_H
#define HANSA_TESTS_CALIBRATION_INFLUENCE_WORLDS_H

#include <stddef.h>
#include <stdint.h>

#include "stats/covariance.h"

#define INFLUENCE_BEFORE 90
#define INFLUENCE_WINDOW 28
#define INFLUENCE_ROWS (INFLUENCE_BEFORE + INFLUENCE_WINDOW)
#define INFLUENCE_CONTROLS_MAX 10
#define INFLUENCE_CONTROLS_USEFUL 2

/* How much is demanded of a row. */
enum influence_demand {
  INFLUENCE_BAR,    /* false positives and width: a row of the goal */
  INFLUENCE_FALSE,  /* false positives only */
  INFLUENCE_REPORT, /* reported, whatever comes out */
};

struct influence_world {
  const char *name;
  const char *words;
  enum influence_demand demand;
  struct hs_covariance covariance; /* of the residual, and its scale */
  double week;                     /* times 2, 1, 0, 0, −1, −1, −1 */
  double trend;                    /* a row */
  double wave;                     /* amplitude of a sine of 180 rows, of random phase */
  double step;                     /* from the middle of the history on */
  double tails;                    /* degrees of freedom of a t in place of the normal; 0: none */
  double louder;                   /* the noise from row louder_from on, over that before */
  size_t louder_from;
  double strength; /* of the controls, times 1 and .8; 0: 1 */
};

extern const struct influence_world INFLUENCE_WORLDS[];
extern const size_t INFLUENCE_WORLD_COUNT;

struct influence_series {
  double outcome[INFLUENCE_ROWS];
  double control[INFLUENCE_CONTROLS_MAX][INFLUENCE_ROWS]; /* the first two are of use */
  double told_width; /* of the 95 % interval of the mean effect for somebody who was told which
                        controls count, the covariance up to its scale, and any pattern exactly */
};

/* One world; the same for the same arguments. Nothing happens at row INFLUENCE_BEFORE. */
void influence_series_make(const struct influence_world *world, uint64_t seed, uint64_t number,
                           struct influence_series *series);

#endif
