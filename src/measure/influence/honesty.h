/* Where the two views meet: what was tracked for a partner, T, beside all that changed because of
   it, I, in the same window. I overlaps T and is never added to it; they are compared, and the
   comparison may end in "cannot tell", with the smallest effect that could have been told.

   The verdict asks of I − (1 − band)·T and I − (1 + band)·T on which side of zero they lie, by the
   central interval of a posterior mass, and never of the ratio I/T, whose distribution has no mean
   when T is near zero. A central interval of .95 leaves .025 on either side: a partner inside the
   band is then misjudged in at most 5 % of cases however wide the uncertainty is beside the band,
   as far as the posterior holds what it says. One-sided masses of .95 would misjudge up to 10 %
   there, once in each direction. */
#ifndef HANSA_MEASURE_INFLUENCE_HONESTY_H
#define HANSA_MEASURE_INFLUENCE_HONESTY_H

#include <stddef.h>

/* What is believed of a quantity: a location-scale t distribution, or equally likely draws of a
   posterior, borrowed and sorted ascending, which then say all about its tails. */
struct hs_belief {
  double mean;
  double sd; /* 0 for what is known exactly; NaN when nothing is known about the error */
  double df; /* of the t distribution; 0 or infinity for the normal */
  const double *draws;
  size_t draw_count; /* 0 for the t distribution */
};

struct hs_belief hs_belief_exact(double value);
/* From sorted draws, two or more: their mean and sd. */
struct hs_belief hs_belief_of_draws(const double *sorted, size_t count);
/* P(X < at), P(X > at). Of n draws a tail counts as if one more lay in it, (k + 1)/(n + 1), so that
   few draws never make certainty. NaN where sd is. */
[[nodiscard]] double hs_belief_below(const struct hs_belief *belief, double at);
[[nodiscard]] double hs_belief_above(const struct hs_belief *belief, double at);
/* The value with probability p (inside (0, 1)) below it. NaN where sd is. */
[[nodiscard]] double hs_belief_quantile(const struct hs_belief *belief, double p);
/* a·X + b·Y of independent X and Y as a t distribution, with the degrees of freedom of Welch and
   Satterthwaite (Biometrics Bulletin 2, 1946). Draws do not survive: their mean and sd do. */
[[nodiscard]] struct hs_belief hs_belief_combine(double a, const struct hs_belief *x, double b,
                                                 const struct hs_belief *y);
/* c of "c standard deviations can be told from zero with that power, at the central interval of
   that mass": q((1 + mass)/2) + q(power) of the distribution's tails. 2.80 for the normal, .95 and
   .8. */
[[nodiscard]] double hs_belief_detectable(const struct hs_belief *belief, double mass,
                                          double power);

struct hs_honesty_options {
  double band;  /* I within T ± band·T is consistent; [0, 1) */
  double mass;  /* of the posterior, inside (0, 1) */
  double power; /* of the smallest detectable effect, inside (0, 1) */
};
#define HS_HONESTY_DEFAULTS ((struct hs_honesty_options){.band = .1, .mass = .95, .power = .8})

/* Ordered as a reader would sort them: what takes too much first. */
enum hs_honesty_verdict {
  HS_HONESTY_OVER_ATTRIBUTED,  /* tracked for more than it brought */
  HS_HONESTY_CONSISTENT,       /* within the band */
  HS_HONESTY_UNDER_ATTRIBUTED, /* brought more than is tracked for it */
  HS_HONESTY_UNDETERMINED,     /* these data cannot tell */
};
/* "over-attributed", "consistent", "under-attributed", "undetermined"; lives for ever. */
const char *hs_honesty_verdict_name(enum hs_honesty_verdict verdict);

/* low and high enclose the mass; NaN where there is nothing to say. */
struct hs_honesty_figure {
  double mean, sd, low, high;
};

struct hs_honesty {
  struct hs_honesty_options options;
  struct hs_honesty_figure tracked, incremental;
  struct hs_honesty_figure difference; /* D = I − T, always */
  struct hs_honesty_figure ratio; /* I/T; NaN unless T's own interval lies above zero. sd NaN */
  /* The posterior: that I is below, within and above the band around T. */
  double p_over, p_consistent, p_under;
  /* Of the verdict that is nearest, as a p value: twice the posterior on the wrong side of the edge
     that it takes. A verdict takes 1 − mass or less. NaN where nothing is known of the error. */
  double p;
  double p_adjusted; /* among all partners of a family; p itself until then */
  enum hs_honesty_verdict verdict;
  int is_by_chance; /* it had a verdict by itself, and one of so many partners may look so */
  double detectable_effect;     /* the smallest I that could be told from none */
  double detectable_difference; /* the smallest |I − T| that could be told from the band */
};

/* tracked and incremental are in one unit and of one window, tracked's mean 0 or more. Where both
   are uncertain they are taken as independent: the one errs by which persons came, the other by
   what the market would have done. Undetermined where the error of either is not known. */
[[nodiscard]] struct hs_honesty hs_honesty_compare(const struct hs_belief *tracked,
                                                   const struct hs_belief *incremental,
                                                   const struct hs_honesty_options *options);

/* The expected share of false ones among the verdicts of a family of partners. */
#define HS_HONESTY_FALSE_SHARE .10

/* Partners that are looked at together, count of them: who has a verdict only because there were so
   many to look at has none (Benjamini and Hochberg at HS_HONESTY_FALSE_SHARE, over p). order has
   count entries, p as many; both are workspace. */
void hs_honesty_family(struct hs_honesty *const *partners, size_t count, double *p, size_t *order);

/* Partners may strengthen each other, so their effects may sum to more than all that changed, and
   more than was sold. Flagged only when the posterior that the sum lies above the total, 0 or more,
   reaches the mass: one-sided, since a sum below the total is as it should be. */
struct hs_honesty_sum {
  struct hs_honesty_figure sum;
  double total;
  double p_above;
  int is_flagged;
};
/* The effects count partners. correlation (0 to 1) is that of the errors of any two of them: 0 when
   they rest on different data; those of one market share its luck. */
[[nodiscard]] struct hs_honesty_sum hs_honesty_sum_guard(const struct hs_belief *effects,
                                                         size_t count, double correlation,
                                                         double total, double mass);

#endif
