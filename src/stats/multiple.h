/* Many questions at once: p values adjusted for their number. Adjusted values are compared with the
   level as a single p value would be. NaN is a question that was not asked: it stays NaN and does
   not count.

   Each needs order, count entries of workspace. adjusted may be p itself. The result does not
   depend on the order of the questions. */
#ifndef HANSA_STATS_MULTIPLE_H
#define HANSA_STATS_MULTIPLE_H

#include <stddef.h>

/* Holm, "A simple sequentially rejective multiple test procedure" (Scandinavian Journal of
   Statistics 6, 1979): whatever the dependence between the questions, the chance of even one false
   "yes" is at most the level. For small families in which one mistake spoils the result, such as
   the controls of one analysis. */
void hs_holm(const double *p, size_t count, size_t *order, double *adjusted);

/* Benjamini and Hochberg, "Controlling the false discovery rate" (JRSS B 57, 1995): of those called
   "yes" the expected share that is false is at most the level, for questions that are independent
   or positively dependent. For lists in which some mistakes are bearable, such as all partners. */
void hs_benjamini_hochberg(const double *p, size_t count, size_t *order, double *adjusted);

#endif
