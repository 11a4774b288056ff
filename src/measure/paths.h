/* Paths: who was touched by which channels in which order, and what came of it. This is the one
   input of every credit model, whether it came from a file or from the trail.

   A source fills hs_paths as it finds them. hs_paths_settle brings them into the form that the
   models work on: channels in byte order of their names, equal journeys merged, and the units named
   that sampling is about. */
#ifndef HANSA_MEASURE_PATHS_H
#define HANSA_MEASURE_PATHS_H

#include <stdint.h>

#include "base/text.h"

/* A step is a channel's index, so this many channels fit; the rest of uint16_t is kept free. */
#define HS_CHANNEL_COUNT_MAX ((size_t)65534)
#define HS_PERSON_NONE UINT32_MAX

/* Flat arrays, borrowed. Path p has the steps [first_step[p], first_step[p + 1]), first touch
   first, at least one. The counts are 0 or more and finite, and need not be whole. */
struct hs_paths {
  size_t channel_count; /* 0 to HS_CHANNEL_COUNT_MAX */
  const struct hs_str *channels;
  size_t path_count;
  const uint32_t *first_step; /* path_count + 1 */
  const uint16_t *steps;
  const double *conversions; /* per path: journeys that ended in an order */
  const double *value;       /* per path: what those were worth together */
  const double *nulls;       /* per path: journeys that ended without one */
  /* Per path the person, paths of one person adjacent. NULL: nobody knows who repeats, each journey
     stands for itself. */
  const uint32_t *person;
  /* Per step the seconds from the touch to the end of its path. NULL: the source has no times. */
  const uint32_t *age_s;
};

/* What an interval resamples. */
enum hs_unit {
  HS_UNIT_JOURNEY, /* no persons known: intervals are too narrow if persons repeat */
  HS_UNIT_PERSON,
};

/* Paths in settled form. Unit i owns the paths [unit_first_path[i], unit_first_path[i + 1]) and
   stands for unit_shape[i] equal and independent journeys (or persons): under resampling all its
   counts and values are multiplied by one Gamma(unit_shape[i]) / unit_shape[i]. A settled path has
   either conversions or nulls, unless it belongs to a person with both. */
struct hs_sample {
  struct hs_paths paths; /* person is NULL here: the units say it */
  enum hs_unit unit;
  size_t unit_count;
  const uint32_t *unit_first_path;  /* unit_count + 1 */
  const double *unit_shape;         /* positive */
  double conversions, value, nulls; /* totals over the paths */
  size_t channel_step_count;        /* total steps, for stating sizes */
};

/* Settles raw paths into arena; scratch memory is taken from the same arena and given back.
   Without persons, equal null journeys become one path whose count is their sum, and likewise
   converting ones of equal value per conversion (and equal ages, where there are ages); paths stand
   in lexicographic order of their channel names. The result is then the same to the last bit for
   every order of the input's rows and channels. With persons, units keep the order in which the
   source gave the persons, except that persons whose only path ended without an order are merged
   when their paths are equal, and stand behind the others.
   Paths without any count are dropped; channels that no path uses stay. raw is borrowed for
   as long as *out lives (names). HS_NOMEM; HS_INVALID when a count is negative or not finite or a
   path has no step (the source should have rejected it), with its index. */
[[nodiscard]] enum hs_status hs_paths_settle(struct hs_arena *arena, const struct hs_paths *raw,
                                             struct hs_sample *out, struct hs_err *err);

#endif
