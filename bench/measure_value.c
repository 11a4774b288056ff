/* BG/NBD on 100,000 customers: grouping and maximum likelihood, as the peer was timed. The
   customers are simulated by the model itself, their days whole ones of a two-year record. */
#include <math.h>
#include <stdlib.h>

#include "measure_rows.h"
#include "stats/buyers.h"
#include "stats/random.h"

enum { CUSTOMERS = 100000 };

static struct hs_arena arena;
static double x[CUSTOMERS], t_x[CUSTOMERS], T[CUSTOMERS];

/* r .25, α 4.5 weeks, a .8, b 2.5, near to what CDNOW's customers are. */
static void draw_customers(void)
{
  for (uint64_t i = 0; i < CUSTOMERS; i++) {
    struct hs_random rng = hs_random_open(2026, i);
    double rate = hs_random_gamma(&rng, 0.25) / 4.5;
    double g = hs_random_gamma(&rng, 0.8), h = hs_random_gamma(&rng, 2.5);
    x[i] = t_x[i] = 0;
    T[i] = (double)(20 * 7 + hs_random_below(&rng, 84 * 7)) / 7;
    for (double now = hs_random_exponential(&rng) / rate; now < T[i];
         now += hs_random_exponential(&rng) / rate) {
      x[i] += 1;
      t_x[i] = fmin(T[i], ceil(7 * now) / 7);
      if (hs_random_uniform(&rng) < g / (g + h))
        break;
    }
  }
}

static enum hs_status fit_bgnbd([[maybe_unused]] void *context, struct hs_err *err)
{
  struct hs_buyers buyers;
  struct hs_buyers_fit fit;
  hs_arena_reset(&arena, 0);
  enum hs_status status = hs_buyers_group(&arena, x, t_x, T, CUSTOMERS, &buyers, err);
  if (status)
    return status;
  double *room = hs_arena_alloc_raw(&arena, hs_buyers_room(&buyers), sizeof *room);
  if (!room)
    return hs_arena_full(&arena, "a likelihood", err);
  return hs_buyers_fit(&buyers, NULL, HS_BUYERS_BGNBD, NULL, room, &fit, err);
}

void bench_value_rows(void)
{
  const struct bench_row row = {.work = "BG/NBD, 100,000 customers",
                                .goal_seconds = 0.5,
                                .peer = "BTYD 15.3 s",
                                .run = fit_bgnbd};
  if (hs_arena_init(&arena, HS_GIB, NULL) != HS_OK)
    exit(EXIT_FAILURE);
  draw_customers();
  bench_row(&row);
  hs_arena_release(&arena);
}
