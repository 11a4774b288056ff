/* The least value of a smooth function of a few parameters: a log-likelihood to be maximised is
   handed in with its sign turned. Two methods of the GNU Scientific Library behind one contract:
   BFGS, where the function is smooth, and the simplex, where it is not or where BFGS has to be
   brought near first.

   What this adds to GSL: a stopping rule that knows no units; a wall where the function is not
   defined; derivatives by central differences where none are given; new starts where a line search
   is stuck; statuses instead of an error handler that ends the program. GSL's handler is one for
   the whole process, and the first call here switches it off for good: a program that embeds this
   library and wants a handler of its own checks GSL's return values instead.

   Deterministic: the same function, start and options give the same bits. The functions are safe
   among threads as far as the objective is. GSL takes its own memory, a few hundred bytes a
   parameter (quadratic for the simplex), and it is given back before the return. */
#ifndef HANSA_STATS_MINIMISE_H
#define HANSA_STATS_MINIMISE_H

#include <stdint.h>

#include "base/status.h"

/* The objective: the value at x (count parameters). Where gradient is not NULL the count partial
   derivatives are written too. NaN or an infinity says "not here": the search treats it as a wall
   and stays on its side, so that a domain needs no penalty; the start has to be inside. Parameters
   that must be positive are best handed in as logarithms. */
typedef double hs_minimise_value(const double *x, double *gradient, void *context);

struct hs_minimise_problem {
  hs_minimise_value *value;
  void *context;
  size_t count; /* parameters, 1 to HS_MINIMISE_PARAMETERS_MAX */
  /* 1: value() is never asked for a gradient; it is taken by central differences, at 2 × count
     values each, to about ten digits. */
  int has_no_gradient;
};

#define HS_MINIMISE_PARAMETERS_MAX 64

/* The zero value of each member stands for what is said here. */
struct hs_minimise_options {
  double first_step;  /* how far the first line search looks, in units of x; .1 */
  const double *size; /* of the first simplex along each parameter (not 0); 1 each. Simplex only. */
  /* BFGS is done when the largest |∂f/∂xᵢ|·max(|xᵢ|, 1) is at most this times max(|f|, 1) (Dennis
     and Schnabel 1983, section 7.2); 1e−9. The simplex is done when its mean distance from its
     centre is at most this; 1e−6. */
  double tolerance;
  uint32_t iterations_max; /* 500 for BFGS, 500 for each parameter for the simplex */
};

struct hs_minimum {
  double value;
  double gradient; /* the relative gradient of the stopping rule; NaN after the simplex */
  uint32_t iterations;
  uint32_t evaluations; /* of value() */
};

/* Fletcher's BFGS (Practical Methods of Optimization, 2nd edition 1987, algorithms 2.6.2 and 2.6.4:
   gsl_multimin_fdfminimizer_vector_bfgs2) from x, which becomes the place of the minimum; out may
   be NULL. When a line search makes no progress the search starts anew along the gradient, and the
   last digits, which values cannot tell apart any more, come from Newton's method. What cannot be
   bettered then is accepted up to 1,000 times the tolerance: the rounding of a long sum. HS_INVALID
   when the start is outside of the domain, HS_NO_CONVERGENCE with the gradient that was left,
   HS_NOMEM. x and out stand on failure. */
[[nodiscard]] enum hs_status hs_minimise_bfgs(const struct hs_minimise_problem *problem,
                                              const struct hs_minimise_options *options, double *x,
                                              struct hs_minimum *out, struct hs_err *err);
/* Nelder and Mead (The Computer Journal 7, 1965; gsl_multimin_fminimizer_nmsimplex2), no
   derivatives. As above. A simplex can fold up where there is no minimum, so what it finds is best
   handed to hs_minimise_bfgs, or searched again from there. */
[[nodiscard]] enum hs_status hs_minimise_simplex(const struct hs_minimise_problem *problem,
                                                 const struct hs_minimise_options *options,
                                                 double *x, struct hs_minimum *out,
                                                 struct hs_err *err);

/* A fence around the logarithms of parameters whose likelihood may have no top, because it rises
   for ever towards "all alike" or "never": 0 while each is within HS_MINIMISE_FENCE of its centre,
   the sum of the squares of what goes beyond it otherwise, so that a top inside is not moved and a
   search outside ends. To be added to the objective; gradient (may be NULL) is added to. */
#define HS_MINIMISE_FENCE 8.0
[[nodiscard]] double hs_minimise_fence(const double *logs, const double *centre, size_t count,
                                       double *gradient);

/* The matrix of second derivatives (count × count, by rows, symmetric) at x by central differences:
   of the gradient where the problem has one, of values otherwise. For the curvature of a
   log-likelihood at its top, from which standard errors are taken. step is relative to max(|x|, 1);
   0 stands for 1e−4. HS_INVALID when the function is not defined all around x. */
[[nodiscard]] enum hs_status hs_minimise_curvature(const struct hs_minimise_problem *problem,
                                                   const double *x, double step, double *curvature,
                                                   struct hs_err *err);

/* The inverse of that: of a negative log-likelihood at its minimum, the covariance of the
   parameters (the method of Laplace). All NaN where the curvature is not that of a minimum. */
void hs_minimise_covariance(const struct hs_minimise_problem *problem, const double *x,
                            double *covariance);

#endif
