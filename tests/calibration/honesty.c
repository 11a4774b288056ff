/* How often a verdict on tracked and incremental is wrong, and how often the bounds of what would
   have come anyway hold, as a Markdown page on standard output:

     honesty [--worlds N] [--seed N] [--threads N] */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "calibration/honesty_trial.h"

struct options {
  uint64_t worlds, seed, threads;
};

static int read_options(int argc, char **argv, struct options *o)
{
  for (int i = 1; i < argc; i += 2) {
    uint64_t *out = strcmp(argv[i], "--worlds") == 0    ? &o->worlds
                    : strcmp(argv[i], "--seed") == 0    ? &o->seed
                    : strcmp(argv[i], "--threads") == 0 ? &o->threads
                                                        : NULL;
    if (out == NULL || i + 1 == argc || !hs_parse_u64(hs_str_of(argv[i + 1]), out) ||
        (out == &o->worlds && *out == 0))
      return (void)fprintf(stderr, "honesty: --worlds N, --seed N or --threads N, got %s\n",
                           argv[i]),
             0;
  }
  return 1;
}

static double percent(size_t part, size_t whole)
{
  return whole > 0 ? 100 * (double)part / (double)whole : 0;
}

static void print_verdicts(const struct honesty_residual *residual,
                           const struct honesty_verdicts *v)
{
  for (size_t t = 0; t < HONESTY_TRACKED_COUNT; t++) {
    (void)printf("| %s | %g | %zu |", residual->name, HONESTY_TRACKED[t], v->refused);
    for (size_t i = 0; i < HONESTY_RATIO_COUNT; i++)
      (void)printf(" %.1f (%.0f) |", percent(v->at[t][i].wrong, v->worlds),
                   percent(v->at[t][i].undetermined, v->worlds));
    (void)printf("\n");
  }
  (void)fflush(stdout);
}

static enum hs_status verdicts(const struct options *o, struct hs_err *err)
{
  (void)printf("## Wrong verdicts, in percent\n\n"
               "28 rows after 90, two controls, default mode; T a row in units of the residual. In "
               "brackets the share that is undetermined.\n\n"
               "| residual | T | refused | 0 | .5 | .9 | 1 | 1.1 | 2 |\n"
               "|---|---|---|---|---|---|---|---|---|\n");
  for (size_t r = 0; r < HONESTY_RESIDUAL_COUNT; r++) {
    struct honesty_verdicts v;
    enum hs_status status = honesty_verdict_trial(&HONESTY_RESIDUALS[r], o->seed, (size_t)o->worlds,
                                                  (size_t)o->threads, &v, err);
    if (status != HS_OK)
      return status;
    print_verdicts(&HONESTY_RESIDUALS[r], &v);
  }
  return HS_OK;
}

static void print_bounds(const struct honesty_partner *p, const struct honesty_bounds_tally *b)
{
  double n = b->worlds > 0 ? (double)b->worlds : 1;
  (void)printf("| %s | %.2f | %.0f | %zu | %.1f | %.1f | %.1f | %.1f | %.2f | %.0f | %.1f | %.1f | "
               "%.1f | %.1f (%.0f) |\n",
               p->name, b->kappa, b->halo, b->refused, percent(b->kappa_held, b->worlds),
               percent(b->halo_held, b->worlds), percent(b->kappa_plug_in, b->worlds),
               percent(b->halo_plug_in, b->worlds), b->kappa_most / n, b->halo_least / n,
               percent(b->difference_held, b->worlds), percent(b->kappa_point, b->worlds),
               percent(b->halo_point, b->worlds), percent(b->wrong, b->worlds),
               percent(b->undetermined, b->worlds));
}

static enum hs_status bounds(const struct options *o, struct hs_err *err)
{
  (void)printf(
      "\n## How often bounds and intervals hold, in percent\n\n"
      "Four lines and a control, the same rows. The sure bounds promise 95 or more; those of "
      "the estimates alone promise nothing. Points are from a hold-out of 1,537 orders.\n\n"
      "| partner | κ | halo | refused | κ sure | halo sure | κ by estimates | halo by "
      "estimates | mean sure κ ≤ | mean sure halo ≥ | I − T | κ point | halo point | wrong "
      "verdicts (undetermined) |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  for (size_t p = 0; p < HONESTY_PARTNER_COUNT; p++) {
    struct honesty_bounds_tally b;
    enum hs_status status = honesty_bounds_trial(&HONESTY_PARTNERS[p], o->seed, (size_t)o->worlds,
                                                 (size_t)o->threads, &b, err);
    if (status != HS_OK)
      return status;
    print_bounds(&HONESTY_PARTNERS[p], &b);
    (void)fflush(stdout);
  }
  (void)printf("\n");
  for (size_t p = 0; p < HONESTY_PARTNER_COUNT; p++)
    (void)printf("- `%s`: %s.\n", HONESTY_PARTNERS[p].name, HONESTY_PARTNERS[p].words);
  return HS_OK;
}

int main(int argc, char **argv)
{
  struct options o = {.worlds = 2000, .seed = 1};
  struct hs_err err = {0};
  if (!read_options(argc, argv, &o))
    return 2;
  (void)printf("# Tracked beside incremental: how often what is said is so\n\n"
               "Made by `honesty --worlds %llu --seed %llu` (`make calibrate`). How to read it: "
               "[reference](../reference/honesty.md).\n\n",
               (unsigned long long)o.worlds, (unsigned long long)o.seed);
  enum hs_status status = verdicts(&o, &err);
  if (status == HS_OK)
    status = bounds(&o, &err);
  if (status != HS_OK)
    (void)fprintf(stderr, "honesty: %s\n", err.text);
  return hs_status_exit(status);
}
