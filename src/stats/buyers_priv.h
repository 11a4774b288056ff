/* What the two models of buyers share: sums over rising products, tables of logarithms. */
#ifndef HANSA_STATS_BUYERS_PRIV_H
#define HANSA_STATS_BUYERS_PRIV_H

#include "stats/buyers.h"

/* One evaluation: ln L into the return value, derivatives by the parameters themselves (not by
   their logarithms) into gradient, which may be NULL. */
double hs_buyers_bgnbd(const struct hs_buyers *buyers, const double *weights, const double *p,
                       double *gradient, double *room);
double hs_buyers_pareto(const struct hs_buyers *buyers, const double *weights, const double *p,
                        double *gradient, double *room);

/* ln[Γ(c + x)/Γ(c)] and its derivative ψ(c + x) − ψ(c) for each distinct x. Short rises are summed
   term by term, which loses no digit however large c is. */
void hs_buyers_rise(const struct hs_buyers *buyers, double c, double *logs, double *slopes);
/* ln(c + t) for each distinct time. */
void hs_buyers_logs(const struct hs_buyers *buyers, double c, double *logs);

/* Every entry of an n × n covariance of logarithms becomes NaN where one of them would have a
   standard deviation above 3, or none: the top is too flat for its curvature to say anything. */
void hs_buyers_forget_flat(double *covariance, size_t n);

double hs_bgnbd_expected(const double *p, double t);
double hs_bgnbd_alive(const double *p, double x, double t_x, double T);
double hs_pareto_expected(const double *p, double t);
double hs_pareto_alive(const double *p, double x, double t_x, double T);

#endif
