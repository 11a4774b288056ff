/* The waterfall against an oracle of its own: every step worked out from its definition in whole
   numbers, remainders handed out one cent at a time. No cent is lost or made, whatever the amounts
   (up to the largest that there are), the sides, the steps and their order. HANSA_ROUNDINGS is the
   number of cases (200,000). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ledger/sharing.h"
#include "support/journal.h"
#include "support/random.h"

#define ROUNDS 200000

static uint64_t seed = 20260912;

static uint64_t random_bits(void) { return next_random(&seed) * 0x2545F4914F6CDD1DU >> 1; }

static int64_t random_below(int64_t bound) { return (int64_t)(random_bits() % (uint64_t)bound); }

/* Of every size up to 2^62: small ones are where remainders matter, large ones where sums might not
   fit. */
static int64_t random_amount(void) { return (int64_t)(random_bits() >> (1 + random_below(62))); }

struct trial {
  size_t sides;
  int64_t share_tops[HS_SIDES_MAX], loss_tops[HS_SIDES_MAX]; /* over their sums */
  int64_t rate_tops[HS_STEPS_MAX], rate_bottoms[HS_STEPS_MAX];
  struct hs_sharing sharing;
  int64_t proceeds, costs[HS_SIDES_MAX];
};

static void draw_tops(size_t sides, int64_t *tops, struct hs_ratio *shares)
{
  int64_t bottom = 0;
  for (size_t i = 0; i < sides; i++)
    bottom += tops[i] = random_below(4) == 0 ? 0 : random_below(1000);
  tops[sides - 1] += bottom == 0;
  bottom += bottom == 0;
  for (size_t i = 0; i < sides; i++)
    shares[i] = hs_ratio_of(tops[i], bottom);
}

static void draw_step(struct trial *trial, size_t s)
{
  struct hs_waterfall_step *step = &trial->sharing.steps[s];
  *step =
      (struct hs_waterfall_step){.kind = (enum hs_step_kind)random_below(2),
                                 .side = (uint32_t)random_below((int64_t)trial->sides),
                                 .of = (enum hs_step_of)random_below(2),
                                 .most_minor = random_below(2) > 0 ? INT64_MAX : random_amount()};
  if (step->kind == HS_STEP_RECOUP && random_below(3) == 0)
    step->side = HS_NOBODY;
  trial->rate_tops[s] = random_below(150);
  trial->rate_bottoms[s] = 1 + random_below(200);
  if (step->most_minor == INT64_MAX || random_below(2) > 0)
    step->rate = hs_ratio_of(trial->rate_tops[s], trial->rate_bottoms[s]);
}

static struct trial draw(void)
{
  struct trial trial = {.sides = 2 + (size_t)random_below(HS_SIDES_MAX - 1)};
  trial.sharing.kind = HS_SHARING_WATERFALL;
  trial.sharing.rounding = (enum hs_rounding)random_below(2);
  trial.sharing.side_count = trial.sides;
  trial.sharing.step_count = (size_t)random_below(8);
  draw_tops(trial.sides, trial.share_tops, trial.sharing.share);
  draw_tops(trial.sides, trial.loss_tops, trial.sharing.loss);
  for (size_t s = 0; s < trial.sharing.step_count; s++)
    draw_step(&trial, s);
  for (size_t i = 0; i < trial.sides; i++) {
    trial.costs[i] = random_amount() * (random_below(10) == 0 ? -1 : 1);
    trial.sharing.unrecouped_minor[i] = random_below(3) == 0 ? random_amount() : 0;
  }
  trial.proceeds = random_amount() * (random_below(10) == 0 ? -1 : 1);
  assert_int_equal(hs_sharing_check(&trial.sharing, NULL), HS_OK);
  return trial;
}

/* ---- the oracle ---- */

static void oracle_split(int64_t amount, const int64_t *tops, size_t sides, int64_t *parts)
{
  hs_wide magnitude = amount < 0 ? -(hs_wide)amount : amount;
  hs_wide bottom = 0;
  hs_wide rests[HS_SIDES_MAX];
  hs_wide left = magnitude;
  for (size_t i = 0; i < sides; i++)
    bottom += tops[i];
  for (size_t i = 0; i < sides; i++) {
    parts[i] = (int64_t)(magnitude * tops[i] / bottom);
    rests[i] = magnitude * tops[i] % bottom;
    left -= parts[i];
  }
  while (left-- > 0) {
    size_t largest = 0;
    for (size_t i = 1; i < sides; i++)
      largest = rests[i] > rests[largest] ? i : largest;
    parts[largest]++;
    rests[largest] = -1;
  }
  for (size_t i = 0; i < sides; i++)
    parts[i] = amount < 0 ? -parts[i] : parts[i];
}

static hs_wide oracle_preferred(const struct trial *trial, size_t s, int64_t there,
                                const hs_wide *costs)
{
  const struct hs_waterfall_step *step = &trial->sharing.steps[s];
  hs_wide of = step->of == HS_STEP_OF_COSTS ? costs[step->side] : there;
  hs_wide exact = of * trial->rate_tops[s];
  hs_wide amount = exact / trial->rate_bottoms[s];
  hs_wide rest = exact % trial->rate_bottoms[s] * 2 - trial->rate_bottoms[s];
  if (rest > 0 || (rest == 0 && (trial->sharing.rounding == HS_ROUND_HALF_UP || amount % 2 == 1)))
    amount++;
  if (step->rate.bottom == 0 || amount > step->most_minor)
    amount = step->most_minor;
  return amount < there ? amount : there;
}

static void oracle_step(const struct trial *trial, size_t s, int64_t there, const hs_wide *costs,
                        hs_wide *due, int64_t *given)
{
  const struct hs_waterfall_step *step = &trial->sharing.steps[s];
  int64_t tops[HS_SIDES_MAX] = {0};
  hs_wide sum = 0;
  if (there <= 0)
    return;
  if (step->kind == HS_STEP_PREFERRED) {
    given[step->side] = (int64_t)oracle_preferred(trial, s, there, costs);
    return;
  }
  for (size_t i = 0; i < trial->sides; i++) {
    tops[i] = step->side == HS_NOBODY || step->side == i ? (int64_t)due[i] : 0;
    sum += tops[i];
  }
  if (sum > 0)
    oracle_split(sum < there ? (int64_t)sum : there, tops, trial->sides, given);
  for (size_t i = 0; i < trial->sides; i++)
    due[i] -= given[i];
}

static struct hs_waterfall oracle(const struct trial *trial)
{
  struct hs_waterfall out = {.step_count = trial->sharing.step_count + 1};
  hs_wide costs[HS_SIDES_MAX];
  hs_wide due[HS_SIDES_MAX];
  int64_t left = trial->proceeds;
  for (size_t i = 0; i < trial->sides; i++) {
    costs[i] = (hs_wide)trial->costs[i] + trial->sharing.unrecouped_minor[i];
    costs[i] = due[i] = costs[i] < 0 ? 0 : costs[i];
  }
  for (size_t s = 0; s < out.step_count; s++) {
    struct hs_step_given *step = &out.steps[s];
    step->there_minor = left;
    if (s + 1 < out.step_count)
      oracle_step(trial, s, left, costs, due, step->given_minor);
    else
      oracle_split(left, left < 0 ? trial->loss_tops : trial->share_tops, trial->sides,
                   step->given_minor);
    for (size_t i = 0; i < trial->sides; i++) {
      left -= step->given_minor[i];
      out.given_minor[i] += step->given_minor[i];
    }
  }
  for (size_t i = 0; i < trial->sides; i++)
    out.unrecouped_minor[i] = (int64_t)due[i];
  return out;
}

/* ---- laws ---- */

static void no_cent_is_lost_in_the_waterfall([[maybe_unused]] void **state)
{
  uint64_t rounds = test_number("HANSA_ROUNDINGS", ROUNDS);
  for (uint64_t round = 0; round < rounds; round++) {
    uint64_t before = seed;
    struct trial trial = draw();
    struct hs_waterfall expected = oracle(&trial);
    struct hs_waterfall got;
    hs_wide sum = 0;
    assert_int_equal(hs_waterfall_run(&trial.sharing, trial.proceeds, trial.costs, &got, NULL),
                     HS_OK);
    for (size_t i = 0; i < trial.sides; i++)
      sum += got.given_minor[i];
    if (memcmp(&expected, &got, sizeof got) != 0 || sum != trial.proceeds)
      fail_msg("round %llu, from state %llu", (unsigned long long)round,
               (unsigned long long)before);
  }
}

/* Shares are applied to any amount, the extremes included. */
static void a_split_by_shares_loses_nothing([[maybe_unused]] void **state)
{
  uint64_t rounds = test_number("HANSA_ROUNDINGS", ROUNDS);
  for (uint64_t round = 0; round < rounds; round++) {
    struct trial trial = draw();
    int64_t amount = round == 0 ? INT64_MAX : round == 1 ? -INT64_MAX : trial.proceeds;
    int64_t expected[HS_SIDES_MAX];
    int64_t parts[HS_SIDES_MAX];
    oracle_split(amount, amount < 0 ? trial.loss_tops : trial.share_tops, trial.sides, expected);
    assert_int_equal(hs_sharing_split(&trial.sharing, amount, parts, NULL), HS_OK);
    assert_memory_equal(parts, expected, trial.sides * sizeof *parts);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_cent_is_lost_in_the_waterfall),
      cmocka_unit_test(a_split_by_shares_loses_nothing),
  };
  (void)printf("seed %llu\n", (unsigned long long)seed);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
