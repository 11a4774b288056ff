/* The normal, Student's t and the Gamma distribution: probability below a value, and the value for
   a probability. Pure functions, safe among threads. */
#ifndef HANSA_STATS_DISTRIBUTION_H
#define HANSA_STATS_DISTRIBUTION_H

/* P(Z ≤ x), full relative accuracy in the lower tail. */
double hs_normal_cdf(double x);
/* The x with P(Z ≤ x) = p, p inside (0, 1): Wichura's algorithm AS 241, PPND16 (Applied Statistics
   37, 1988), about 1e−16 relative. */
double hs_normal_quantile(double p);

/* P(T ≤ x) for df degrees of freedom (above 0, not necessarily whole; infinity is the normal), from
   the regularised incomplete beta function; about 1e−13 relative up to df = 1e7. */
double hs_t_cdf(double x, double df);
/* The x with P(T ≤ x) = p, p inside (0, 1): bisection on hs_t_cdf sharpened by Newton's method;
   about 1e−11 relative. */
double hs_t_quantile(double p, double df);

/* log |Γ(x)|. The C library's lgamma writes the sign to a variable that all threads share. */
double hs_log_gamma(double x);

/* The regularised incomplete beta function I_x(a, b), a and b above 0, x in [0, 1]: the continued
   fraction DLMF 8.17.22, by Lentz's method. */
double hs_beta_regularized(double x, double a, double b);

/* P(G ≤ x) of a Gamma variate with that shape (above 0) and scale 1, x 0 or more: the regularised
   incomplete gamma function, by its series below shape + 1 (DLMF 8.7.1) and by the continued
   fraction above (DLMF 8.9.2, Lentz's method). */
double hs_gamma_cdf(double x, double shape);
/* The x with P(G ≤ x) = p, p inside (0, 1): bisection on hs_gamma_cdf; about 1e−12 relative. What
   lies below 1e−300 is 0. */
double hs_gamma_quantile(double p, double shape);

#endif
