/* Small dense linear systems: up to a few hundred unknowns, matrices by rows. Plain loops in one
   fixed order of operations, so that a solution is the same on every thread and in every run, and
   safe to call from many threads at once, which not every build of a BLAS is. */
#ifndef HANSA_STATS_LINEAR_H
#define HANSA_STATS_LINEAR_H

#include <stddef.h>

/* Factors a (n × n, by rows, overwritten) as PLU by Gaussian elimination with partial pivoting
   (Golub and Van Loan, Matrix Computations, algorithm 3.4.1); pivots has n entries. 0, or k + 1
   when column k has no pivot but 0 or NaN: the matrix is singular and a is of no use. */
[[nodiscard]] size_t hs_lu_factor(double *a, size_t n, size_t *pivots);
/* Solves A x = b, or Aᵀ x = b, in place of b, from the factors. */
void hs_lu_solve(const double *a, size_t n, const size_t *pivots, double *b);
void hs_lu_solve_transposed(const double *a, size_t n, const size_t *pivots, double *b);
/* inverse (n × n, by rows) from the factors. */
void hs_lu_invert(const double *a, size_t n, const size_t *pivots, double *inverse);

/* Factors a symmetric positive definite matrix (by rows; only the lower triangle is read) as LLᵀ, L
   in its lower triangle. 0, or k + 1 when the leading minor of order k + 1 is not positive. */
[[nodiscard]] size_t hs_cholesky_factor(double *a, size_t n);
/* Solves A x = b in place of b from L. */
void hs_cholesky_solve(const double *a, size_t n, double *b);

#endif
