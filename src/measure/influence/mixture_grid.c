#include <math.h>

#include "measure/influence/mixture_priv.h"

/* Chosen on simulated series, seeds of their own: docs/calibration/influence.md tells how. */
static const double KIND_MASS[HS_MIXTURE_KIND_COUNT] = {
    [HS_MIXTURE_INDEPENDENT] = 0.32, [HS_MIXTURE_AR_WEAK] = 0.04,   [HS_MIXTURE_AR_STRONG] = 0.23,
    [HS_MIXTURE_AR_NOISE] = 0.04,    [HS_MIXTURE_AR_TWO] = 0.14,    [HS_MIXTURE_WALK_SLOW] = 0.02,
    [HS_MIXTURE_WALK] = 0.07,        [HS_MIXTURE_WALK_FAST] = 0.02, [HS_MIXTURE_DRIFT] = 0.09,
    [HS_MIXTURE_WALK_AR] = 0.03,
};

struct grid {
  struct hs_mixture_member *members;
  size_t count;
};

static void add(struct grid *grid, enum hs_mixture_kind kind, struct hs_covariance covariance,
                double mass)
{
  grid->members[grid->count++] = (struct hs_mixture_member){covariance, kind, mass};
}

/* φ as Beta(1, 1.5): strong correlation is rarer than weak. */
static void add_autoregressions(struct grid *grid)
{
  static const double NOISE[] = {0, 0.3, 0.6};
  for (size_t s = 0; s < sizeof NOISE / sizeof *NOISE; s++)
    for (int i = 0; i < 9; i++) {
      double phi = 0.15 + 0.1 * i;
      enum hs_mixture_kind kind = NOISE[s] > 0 ? HS_MIXTURE_AR_NOISE
                                  : phi < 0.5  ? HS_MIXTURE_AR_WEAK
                                               : HS_MIXTURE_AR_STRONG;
      add(grid, kind, (struct hs_covariance){.phi1 = phi, .ar = 1 - NOISE[s], .noise = NOISE[s]},
          sqrt(1 - phi));
    }
}

/* By partial autocorrelations, which may be chosen freely: φ₁ = r₁(1 − r₂), φ₂ = r₂. */
static void add_autoregressions_of_two(struct grid *grid)
{
  static const double FIRST[] = {0.45, 0.65, 0.8, 0.92};
  static const double SECOND[] = {-0.65, -0.45, -0.25, 0.25};
  for (size_t i = 0; i < sizeof FIRST / sizeof *FIRST; i++)
    for (size_t j = 0; j < sizeof SECOND / sizeof *SECOND; j++)
      add(grid, HS_MIXTURE_AR_TWO,
          (struct hs_covariance){.phi1 = FIRST[i] * (1 - SECOND[j]), .phi2 = SECOND[j], .ar = 1},
          1);
}

static void add_walks(struct grid *grid)
{
  static const double STEPS[] = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};
  static const double SLOPES[] = {1e-6, 1e-5, 1e-4, 1e-3};
  static const double ON_WALK[] = {0.4, 0.7};
  static const double UNDER_AR[] = {0.003, 0.03, 0.2};
  for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
    add(grid,
        STEPS[i] < 0.02 ? HS_MIXTURE_WALK_SLOW
        : STEPS[i] < 1  ? HS_MIXTURE_WALK
                        : HS_MIXTURE_WALK_FAST,
        (struct hs_covariance){.walk = STEPS[i], .noise = 1}, 1);
  for (size_t i = 0; i < sizeof SLOPES / sizeof *SLOPES; i++)
    add(grid, HS_MIXTURE_DRIFT, (struct hs_covariance){.slope = SLOPES[i], .noise = 1}, 1);
  for (size_t i = 0; i < sizeof ON_WALK / sizeof *ON_WALK; i++)
    for (size_t j = 0; j < sizeof UNDER_AR / sizeof *UNDER_AR; j++)
      add(grid, HS_MIXTURE_WALK_AR,
          (struct hs_covariance){.phi1 = ON_WALK[i], .ar = 1, .walk = UNDER_AR[j]}, 1);
}

size_t hs_mixture_grid(struct hs_mixture_member members[HS_MIXTURE_GRID_MAX])
{
  struct grid grid = {members, 0};
  add(&grid, HS_MIXTURE_INDEPENDENT, (struct hs_covariance){.noise = 1}, 1);
  add_autoregressions(&grid);
  add_walks(&grid);
  add_autoregressions_of_two(&grid);
  double sum[HS_MIXTURE_KIND_COUNT] = {0};
  double all = 0;
  for (size_t i = 0; i < grid.count; i++)
    sum[members[i].kind] += members[i].mass;
  for (size_t k = 0; k < HS_MIXTURE_KIND_COUNT; k++)
    all += KIND_MASS[k];
  for (size_t i = 0; i < grid.count; i++)
    members[i].mass *= KIND_MASS[members[i].kind] / (sum[members[i].kind] * all);
  return grid.count;
}
