/* Experiments that really withhold something, from before their start to after their end: what a
   design can see is shown on history, the design is written down with a hash, and the figures are
   judged by it when its end has come, and not before. */
#ifndef HANSA_SERVICE_BELIEVE_DESIGN_H
#define HANSA_SERVICE_BELIEVE_DESIGN_H

#include "base/hash.h"
#include "base/io.h"
#include "base/time.h"
#include "intake/figures.h"
#include "measure/influence/holdout.h"
#include "measure/influence/register.h"
#include "measure/influence/switchback.h"
#include "service/programme.h"

enum hs_design_kind { HS_DESIGN_GEO, HS_DESIGN_SWITCHBACK, HS_DESIGN_HOLDOUT };
#define HS_DESIGN_KIND_COUNT ((size_t)3)
/* "geo", "switchback", "holdout"; lives for ever. */
const char *hs_design_kind_name(enum hs_design_kind kind);
/* "lift of …, test by all coins" and so on: the estimator as it is registered; lives for ever. */
const char *hs_design_estimator(enum hs_design_kind kind);

/* What is registered. Members that a kind has no use for are 0 or absent. */
struct hs_design {
  enum hs_design_kind kind;
  struct hs_str name;           /* of the partner or the question, as people call it */
  struct hs_str outcome;        /* column of what is judged */
  struct hs_str date;           /* of geo and switchback: the column of days */
  struct hs_str unit;           /* of geo: the column of regions */
  struct hs_str group, tracked; /* of holdout: the columns of the group and of tracked sales */
  int32_t registered_day;
  int32_t first_day, last_day; /* both included */
  double level, power;
  uint64_t seed;
  uint32_t pair_count;
  uint32_t block_days, carry_days, season; /* of switchback */
  uint32_t base_days;                      /* of geo */
  struct hs_str *with, *without;           /* of geo: pair_count regions each */
  double held_share, half_width, orders;   /* of holdout: the size it takes */
};

/* The registered text: one line of JSON with every member, in one order, and the SHA-256 of all
   that stands before that hash. */
void hs_design_write(const struct hs_design *design, struct hs_buf *out, struct hs_hash *hash);
/* Writes it to a file that must not be there yet: HS_CONFLICT. */
[[nodiscard]] enum hs_status hs_design_register(struct hs_arena *arena, const struct hs_io *io,
                                                const char *path, const struct hs_design *design,
                                                struct hs_hash *hash, struct hs_err *err);
/* Reads it. is_altered says that the text is not what its hash says. HS_INVALID for what is no
   registered design, with the member at fault. Text lives in the arena. */
[[nodiscard]] enum hs_status hs_design_read(struct hs_arena *arena, const struct hs_io *io,
                                            const char *path, struct hs_design *out,
                                            struct hs_hash *hash, int *is_altered,
                                            struct hs_err *err);

/* Where figures come from: a file with a row a day (and region, or of a hold-out a unit), or a
   programme. */
struct hs_design_source {
  const char *path;               /* "-" is standard input; NULL with a programme */
  char delimiter;                 /* 0: the header tells */
  hs_figures_reject_fn on_reject; /* may be NULL */
  void *context;
  struct hs_programme *programme; /* NULL with a file */
};

/* ---- before the start ---- */

struct hs_design_before {
  struct hs_design design;
  int has_power; /* a history was there: the figures below are of trials on it */
  struct hs_pairs_power power;
  size_t disjoint;             /* windows of the design's length that the history holds */
  double without;              /* of switchback: the mean outcome, for the effect as a share */
  double *distances;           /* of geo: of each pair */
  struct hs_holdout_size size; /* of holdout */
  const char *remark;          /* what to know before one starts; NULL for nothing */
};

/* Shows what the design can see. For geo the pairs are chosen (all there can be when pair_count is
   0) and design gets them; for switchback and geo the history is the figures up to the first day.
   source is NULL for holdout. orders_week and kappa are for holdout. A history that is too short
   for trials leaves has_power 0 and says so in the remark. Failures of reading. */
struct hs_design_asking {
  struct hs_design design;
  const struct hs_design_source *source;
  size_t trial_count;
  double orders_week, kappa, order_variance;
};
[[nodiscard]] enum hs_status hs_design_before(struct hs_arena *arena, const struct hs_io *io,
                                              const struct hs_design_asking *asking,
                                              struct hs_design_before *out, struct hs_err *err);

/* ---- after the end ---- */

struct hs_design_after {
  struct hs_design design;
  struct hs_hash hash;
  struct hs_register_standing standing;
  int32_t seen_day;          /* the last day of the figures; of holdout, today */
  struct hs_pairs_test test; /* of geo (a lift) and switchback; nothing while interim */
  double without;            /* of switchback: the mean without the partner */
  struct hs_holdout_result holdout;
  struct hs_holdout_group offered, held;
  const char *verdict;         /* "up", "down", "undetermined", "interim, no verdict", … */
  const char *refused_because; /* NULL unless refused */
  uint64_t reject_count;
};

struct hs_design_looking {
  const char *plan_path;
  struct hs_design_source source;
  struct hs_str
      hash; /* as it was kept elsewhere; absent for none. HS_CONFLICT when it is another */
  const struct hs_declared_event *events;
  size_t event_count;
};
[[nodiscard]] enum hs_status hs_design_after(struct hs_arena *arena, const struct hs_io *io,
                                             const struct hs_design_looking *looking,
                                             struct hs_design_after *out, struct hs_err *err);

void hs_design_before_text(const struct hs_design_before *before, int width, struct hs_buf *out);
void hs_design_before_json(const struct hs_design_before *before, struct hs_buf *out);
void hs_design_after_text(const struct hs_design_after *after, int width, struct hs_buf *out);
void hs_design_after_json(const struct hs_design_after *after, struct hs_buf *out);

#endif
