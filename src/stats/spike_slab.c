#include "stats/spike_slab.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "stats/linear.h"

size_t hs_spike_slab_room(size_t variable_count)
{
  size_t k = variable_count;
  return (2 * k * k + 2 * k) * sizeof(double) + k * sizeof(size_t) + k;
}

void hs_spike_slab_init(struct hs_spike_slab *sampler, size_t variable_count,
                        const struct hs_spike_slab_prior *prior, void *room)
{
  size_t k = variable_count;
  double *doubles = room;
  *sampler = (struct hs_spike_slab){.variable_count = k,
                                    .prior = *prior,
                                    .posterior = doubles,
                                    .slab = doubles + k * k,
                                    .solution = doubles + 2 * k * k,
                                    .beta = doubles + 2 * k * k + k,
                                    .variance = prior->noise.guess * prior->noise.guess};
  sampler->chosen = (size_t *)(void *)(sampler->beta + k);
  sampler->included = (unsigned char *)(sampler->chosen + k);
  for (size_t j = 0; j < k; j++) {
    sampler->beta[j] = 0;
    sampler->included[j] = prior->inclusion[j] > 0;
  }
}

static size_t choose(struct hs_spike_slab *sampler)
{
  size_t count = 0;
  for (size_t j = 0; j < sampler->variable_count; j++)
    if (sampler->included[j])
      sampler->chosen[count++] = j;
  return count;
}

/* ½ log|A| = Σ log L_jj of its Cholesky factor. */
static double half_log_determinant(const double *factor, size_t count)
{
  double product = 1;
  double sum = 0;
  for (size_t j = 0; j < count; j++) {
    product *= factor[j * count + j];
    if (!(product > 1e-100 && product < 1e100)) {
      sum += log(product);
      product = 1;
    }
  }
  return sum + log(product);
}

/* L u = b, in place. */
static void solve_forward(const double *factor, size_t count, double *b)
{
  for (size_t i = 0; i < count; i++) {
    double rest = b[i];
    for (size_t j = 0; j < i; j++)
      rest -= factor[i * count + j] * b[j];
    b[i] = rest / factor[i * count + i];
  }
}

/* L'u = b, in place. */
static void solve_backward(const double *factor, size_t count, double *b)
{
  for (size_t i = count; i-- > 0;) {
    b[i] /= factor[i * count + i];
    for (size_t j = 0; j < i; j++)
      b[j] -= factor[i * count + j] * b[i];
  }
}

/* Factors of the chosen variables into posterior and slab, L⁻¹X'y into solution, SS into squares.
   0, or 1 when a matrix is not positive definite. */
static int condense(struct hs_spike_slab *sampler, const struct hs_regression_sums *sums,
                    size_t count, double *squares)
{
  size_t k = sampler->variable_count;
  const struct hs_variance_prior *noise = &sampler->prior.noise;
  for (size_t i = 0; i < count; i++) {
    size_t row = sampler->chosen[i] * k;
    for (size_t j = 0; j <= i; j++) {
      size_t cell = row + sampler->chosen[j];
      sampler->slab[i * count + j] = sampler->prior.precision[cell];
      sampler->posterior[i * count + j] = sampler->prior.precision[cell] + sums->xtx[cell];
    }
    sampler->solution[i] = sums->xty[sampler->chosen[i]];
  }
  if (hs_cholesky_factor(sampler->posterior, count) != 0 ||
      hs_cholesky_factor(sampler->slab, count) != 0)
    return 1;
  solve_forward(sampler->posterior, count, sampler->solution);
  *squares = noise->df * noise->guess * noise->guess + sums->yty;
  for (size_t i = 0; i < count; i++)
    *squares -= sampler->solution[i] * sampler->solution[i];
  return !(*squares > 0);
}

static double log_prior(const struct hs_spike_slab *sampler)
{
  double sum = 0;
  for (size_t j = 0; j < sampler->variable_count; j++)
    sum +=
        log(sampler->included[j] ? sampler->prior.inclusion[j] : 1 - sampler->prior.inclusion[j]);
  return sum;
}

double hs_spike_slab_log_model(struct hs_spike_slab *sampler, const struct hs_regression_sums *sums)
{
  double squares = 0;
  double prior = log_prior(sampler);
  size_t count = choose(sampler);
  if (isinf(prior) || condense(sampler, sums, count, &squares))
    return -(double)INFINITY;
  return prior + half_log_determinant(sampler->slab, count) -
         half_log_determinant(sampler->posterior, count) -
         (sampler->prior.noise.df + (double)sums->count) / 2 * log(squares);
}

static void flip_each(struct hs_spike_slab *sampler, const struct hs_regression_sums *sums,
                      struct hs_random *rng)
{
  double present = (double)NAN; /* computed when something may be flipped at all */
  for (size_t j = 0; j < sampler->variable_count; j++) {
    double inclusion = sampler->prior.inclusion[j];
    if (inclusion <= 0 || inclusion >= 1)
      continue;
    if (isnan(present))
      present = hs_spike_slab_log_model(sampler, sums);
    sampler->included[j] = !sampler->included[j];
    double other = hs_spike_slab_log_model(sampler, sums);
    if (log(hs_random_uniform(rng)) < other - present)
      present = other;
    else
      sampler->included[j] = !sampler->included[j];
  }
}

int hs_spike_slab_draw(struct hs_spike_slab *sampler, const struct hs_regression_sums *sums,
                       struct hs_random *rng)
{
  double squares = 0;
  flip_each(sampler, sums, rng);
  size_t count = choose(sampler);
  if (condense(sampler, sums, count, &squares))
    return 1;
  const struct hs_variance_prior *noise = &sampler->prior.noise;
  double of_data = fmax(0, squares - noise->df * noise->guess * noise->guess);
  sampler->variance = hs_variance_draw(rng, noise, (double)sums->count, of_data);
  double sd = sqrt(sampler->variance);
  /* β = L⁻ᵀ(L⁻¹X'y + σz) has mean A⁻¹X'y and variance σ²A⁻¹. */
  for (size_t i = 0; i < count; i++)
    sampler->solution[i] += sd * hs_random_normal(rng);
  solve_backward(sampler->posterior, count, sampler->solution);
  memset(sampler->beta, 0, sampler->variable_count * sizeof *sampler->beta);
  for (size_t i = 0; i < count; i++)
    sampler->beta[sampler->chosen[i]] = sampler->solution[i];
  return 0;
}
