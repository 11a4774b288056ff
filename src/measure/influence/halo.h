/* The halo table: what changed, from a partner's start on, in each line of sales (brand search,
   organic, direct, other channels) and in all of them together, by one method on one window, drawn
   jointly and reconciled so that the parts add up to the whole. What a line lost stays negative: it
   is cannibalisation and not an error.

   Tracked sales were zero before the start, so their effect is their sum, known exactly. The others
   are estimated one by one; their errors are then joined by the correlation of what the method
   missed row by row before the start (a Gaussian copula over each line's own posterior), and every
   joint draw is moved onto the plane on which parts and total agree, each line by its part of all
   variances: x̃ = x − V a (a'Va)⁻¹ (a'x + T), a = (1, …, 1, −1), V the variances (Hyndman, Lee and
   Wang, Computational Statistics and Data Analysis 97, 2016). Covariances in place of V would be
   best if they were known; a total whose error is a little off from that of its parts, both nearly
   the same luck, then comes out far surer than either. */
#ifndef HANSA_MEASURE_INFLUENCE_HALO_H
#define HANSA_MEASURE_INFLUENCE_HALO_H

#include "base/arena.h"
#include "measure/influence/honesty_bounds.h"
#include "measure/influence/influence.h"

typedef enum hs_status (*hs_influence_fn)(struct hs_arena *arena,
                                          const struct hs_influence_input *input,
                                          struct hs_influence_result *out, struct hs_err *err);
/* The method of a mode. */
[[nodiscard]] hs_influence_fn hs_influence_method(enum hs_influence_mode mode);

struct hs_halo_input {
  struct hs_influence_input common; /* all but the outcome; draws is that of the joint draws too */
  enum hs_influence_mode mode;
  const double *tracked;      /* common.count; 0 (or missing) before the start */
  const double *const *lines; /* the other lines of sales, without the tracked part */
  const struct hs_str *names; /* line_count */
  size_t line_count;          /* 1 to HS_HONESTY_LINES_MAX − 1 */
  const double *total;        /* all sales; what is in no line becomes the line "other". NULL: the
                                 lines and the tracked sales are all there is */
  struct hs_honesty_options honesty;
  const struct hs_belief *kappa; /* from a hold-out; NULL for none */
  /* 1 for the rows in which another partner was active: count entries, or NULL. Rows in which it
     stood otherwise than in most rows before the start count for no line (hs_partners_apart). */
  const unsigned char *another;
};

struct hs_halo_line {
  struct hs_str name;
  /* Of the window, summed over its rows; low and high at common.level. */
  struct hs_honesty_figure raw, reconciled;
  enum hs_influence_verdict verdict; /* by the reconciled interval; refused with the reason */
  const char *refused_because;
  enum hs_grade grade;
};

enum hs_halo_verdict {
  HS_HALO_REFUSED, /* a line has no interval, or lines hold each other: nothing adds up */
  HS_HALO_JOINT,   /* another partner in the same rows: only the effect of both */
  HS_HALO_TOLD,
};

struct hs_halo {
  enum hs_halo_verdict verdict;
  const char *refused_because; /* NULL unless refused */
  double tracked;              /* T */
  struct hs_halo_line *lines;  /* line_count: those of the input, then "other" if there is one */
  size_t line_count;
  struct hs_halo_line total; /* I */
  double discrepancy;        /* raw total − T − Σ raw lines: what reconciling had to move */
  struct hs_honesty honesty; /* T beside I; nothing in it unless told */
  struct hs_honesty_bounds bounds;
  int has_points; /* a hold-out was there */
  struct hs_honesty_points points;
  enum hs_grade grade; /* the worst of its lines; lower where another partner touched the window */
  const char *grade_because; /* of that line; NULL where it says nothing */
  int has_overlap;           /* another partner was active in part of the window */
  size_t left_out_count;     /* rows of the window that are not judged for it */
  double noise_row;    /* sd of what the method missed of the total, a row, before the start */
  size_t judged_count; /* rows of the window */
};

/* Rows of the window in which a line or the total has no figure count for none of them, tracked
   sales included. Refused when the lines and the tracked sales come to more than the total in most
   rows before the start: then one of them holds the total or another one. HS_INVALID when tracked
   sales stand before the start, or what the method says of an input, with the line's name;
   HS_NOMEM. Reads the streams of the method, and HS_HALO_STREAM under the seed. */
#define HS_HALO_STREAM UINT64_C(0x68616c6f00000000)
[[nodiscard]] enum hs_status hs_halo(struct hs_arena *arena, const struct hs_halo_input *input,
                                     struct hs_halo *out, struct hs_err *err);

/* ---- the two steps, for tests and other designs ---- */

/* draws[draw × count + i]: from each sorted posterior (draw_count values each) at the normal
   probabilities of a vector with that correlation (count × count, by rows; shrunk towards none
   until it is positive definite; overwritten). room: count + count². */
void hs_halo_join(double *const *sorted, size_t count, size_t draw_count, double *correlation,
                  uint64_t seed, double *room, double *draws);
/* Moves each draw of count parts and the total behind them, [draw × (count + 1) + i], so that the
   parts and tracked sum to the total. room: 2·(count + 1). */
void hs_halo_reconcile(double *draws, size_t draw_count, size_t count, double tracked,
                       double *room);

#endif
