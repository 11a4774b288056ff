/* Who stands higher by the lines than by the last click, and how sure that is.

     y, s     share of a partner among partners, and its standard error over draws
     μ, B     the common mean, and the part by which y is drawn towards it (stats/shrink.h) */
#include <math.h>
#include <stdlib.h>

#include "measure/influence/lines.h"
#include "stats/quantile.h"
#include "stats/random.h"
#include "stats/shrink.h"
#include "stats/summary.h"

#define WEEKS_MIN 4
#define GAP_LEVEL .90
#define SURE .95
#define FAR_SHARE .2 /* of the ranked partners */
#define FAR_MIN 2

enum { BY_LINES, BY_TRACKED, VIEWS };

struct ranking {
  const struct hs_lines_input *input;
  size_t *partners; /* those that are ranked */
  size_t count;
  uint8_t is_told[HS_LINES_COUNTED]; /* whether the line has cases enough to share out */
  double *parts[HS_LINES_COUNTED];   /* count: how much of a partner's index a line is */
  double *draws[VIEWS];              /* draw · count: shares */
  double *shares[VIEWS];             /* count */
  double *kept[VIEWS];               /* count: 1 − B */
  double mean[VIEWS];                /* μ */
  double *weights;                   /* one a week */
  double *scratch, *spread, *sd;     /* count */
  uint32_t *places[VIEWS];           /* count */
  double *gaps;                      /* draw */
};

static int is_ranked(const struct hs_lines_input *input, size_t partner)
{
  int is_enough = input->tracked_orders[partner] >= HS_LINES_COUNT_MIN;
  for (size_t k = 0; k < HS_LINES_COUNTED; k++)
    is_enough |= input->counts[k][partner] >= HS_LINES_COUNT_MIN;
  return is_enough;
}

/* Of one partner: whether a line has cases enough to share out, and can see it. Who leaves no
   touchpoint outside of the checkout, a podcast, is not told by lines of touchpoints. */
static int is_seen(const struct ranking *ranking, size_t partner, size_t k)
{
  return ranking->is_told[k] && (k == HS_LINES_SELF_REPORTED ||
                                 ranking->input->counts[HS_LINES_FIRST_MET][partner] +
                                         ranking->input->counts[HS_LINES_ASSISTED][partner] >=
                                     HS_LINES_COUNT_MIN);
}

static void list_ranked(struct ranking *ranking)
{
  for (size_t i = 0; i < ranking->input->partner_count; i++)
    if (is_ranked(ranking->input, i))
      ranking->partners[ranking->count++] = i;
  for (size_t k = 0; k < HS_LINES_COUNTED; k++) {
    uint64_t cases = 0;
    for (size_t i = 0; i < ranking->count; i++)
      cases += ranking->input->counts[k][ranking->partners[i]];
    ranking->is_told[k] = cases >= HS_LINES_COUNT_MIN;
  }
  for (size_t i = 0; i < ranking->count; i++) {
    size_t seen = 0;
    for (size_t k = 0; k < HS_LINES_COUNTED; k++)
      seen += (size_t)is_seen(ranking, ranking->partners[i], k);
    for (size_t k = 0; k < HS_LINES_COUNTED; k++)
      ranking->parts[k][i] = is_seen(ranking, ranking->partners[i], k) ? 1 / (double)seen : 0;
  }
}

static enum hs_status make_room(struct ranking *ranking, struct hs_arena *arena, struct hs_err *err)
{
  size_t count = ranking->input->partner_count;
  ranking->partners = hs_arena_alloc_raw(arena, count, sizeof *ranking->partners);
  ranking->weights =
      hs_arena_alloc_raw(arena, ranking->input->week_count, sizeof *ranking->weights);
  ranking->scratch = hs_arena_alloc_raw(arena, count, sizeof *ranking->scratch);
  ranking->spread = hs_arena_alloc_raw(arena, count, sizeof *ranking->spread);
  ranking->sd = hs_arena_alloc_raw(arena, count, sizeof *ranking->sd);
  ranking->gaps = hs_arena_alloc_raw(arena, HS_LINES_DRAWS, sizeof *ranking->gaps);
  int is_whole = ranking->partners && ranking->weights && ranking->scratch && ranking->spread &&
                 ranking->sd && ranking->gaps;
  for (size_t k = 0; k < HS_LINES_COUNTED; k++)
    is_whole &= (ranking->parts[k] = hs_arena_alloc_raw(arena, count, sizeof(double))) != NULL;
  for (size_t view = 0; view < VIEWS; view++) {
    ranking->draws[view] = hs_arena_alloc_raw(arena, HS_LINES_DRAWS * count, sizeof(double));
    ranking->shares[view] = hs_arena_alloc_raw(arena, count, sizeof(double));
    ranking->kept[view] = hs_arena_alloc_raw(arena, count, sizeof(double));
    ranking->places[view] = hs_arena_alloc_raw(arena, count, sizeof(uint32_t));
    is_whole = is_whole && ranking->draws[view] && ranking->shares[view] && ranking->kept[view] &&
               ranking->places[view];
  }
  return is_whole ? HS_OK : hs_arena_full(arena, "the ranks of partners", err);
}

/* ---- shares ---- */

/* Adds a matrix's weighted shares among the ranked partners to out, each times its part (NULL: 1);
   nothing where all are 0. */
static void add_shares(const struct ranking *ranking, const double *matrix, const double *parts,
                       double *out)
{
  const struct hs_lines_input *input = ranking->input;
  double total = 0;
  for (size_t i = 0; i < ranking->count; i++) {
    const double *row = matrix + ranking->partners[i] * input->week_count;
    double sum = 0;
    /* A week in which more came back than was sold brought nothing. */
    for (size_t week = input->rank_from; week < input->week_count; week++)
      sum += ranking->weights[week] * fmax(row[week], 0);
    ranking->scratch[i] = sum;
    total += sum;
  }
  for (size_t i = 0; i < ranking->count && total > 0; i++)
    out[i] += (parts == NULL ? 1 : parts[i]) * ranking->scratch[i] / total;
}

static void shares_of(const struct ranking *ranking, double *by_lines, double *by_tracked)
{
  for (size_t i = 0; i < ranking->count; i++)
    by_lines[i] = by_tracked[i] = 0;
  for (size_t k = 0; k < HS_LINES_COUNTED; k++)
    add_shares(ranking, ranking->input->hits[k], ranking->parts[k], by_lines);
  add_shares(ranking, ranking->input->tracked, NULL, by_tracked);
}

/* Exponential weights on weeks: the Bayesian bootstrap of Rubin (Annals of Statistics 9, 1981). */
static void draw_shares(struct ranking *ranking)
{
  const struct hs_lines_input *input = ranking->input;
  for (size_t week = 0; week < input->week_count; week++)
    ranking->weights[week] = 1;
  shares_of(ranking, ranking->shares[BY_LINES], ranking->shares[BY_TRACKED]);
  for (size_t draw = 0; draw < HS_LINES_DRAWS; draw++) {
    hs_random_exponentials(input->seed, draw, 0, input->week_count, ranking->weights);
    shares_of(ranking, ranking->draws[BY_LINES] + draw * ranking->count,
              ranking->draws[BY_TRACKED] + draw * ranking->count);
  }
}

/* How far each share is drawn in. What never varied over the draws keeps a tiny error, so that the
   common mean is that of all. */
static void shrink_view(struct ranking *ranking, size_t view)
{
  for (size_t i = 0; i < ranking->count; i++) {
    struct hs_summary summary = {0};
    for (size_t draw = 0; draw < HS_LINES_DRAWS; draw++)
      hs_summary_add(&summary, ranking->draws[view][draw * ranking->count + i], 1);
    ranking->spread[i] = hs_summary_deviation(&summary) + 1e-9;
  }
  struct hs_shrink shrink = hs_shrink(ranking->shares[view], ranking->spread, ranking->count,
                                      ranking->scratch, ranking->sd);
  ranking->mean[view] = shrink.mean;
  for (size_t i = 0; i < ranking->count; i++) {
    double variance = ranking->spread[i] * ranking->spread[i];
    ranking->kept[view][i] = 1 - variance / (variance + shrink.spread * shrink.spread);
  }
}

/* ---- places ---- */

struct placed {
  double value;
  size_t index;
};

static int by_value(const void *a, const void *b)
{
  const struct placed *x = a;
  const struct placed *y = b;
  if (x->value != y->value)
    return x->value < y->value ? 1 : -1;
  return (x->index > y->index) - (x->index < y->index);
}

static void place(const struct ranking *ranking, size_t view, const double *shares,
                  struct placed *list)
{
  for (size_t i = 0; i < ranking->count; i++)
    list[i] = (struct placed){
        ranking->mean[view] + ranking->kept[view][i] * (shares[i] - ranking->mean[view]), i};
  qsort(list, ranking->count, sizeof *list, by_value);
  for (size_t i = 0; i < ranking->count; i++)
    ranking->places[view][list[i].index] = (uint32_t)(i + 1);
}

static int gap_of(const struct ranking *ranking, size_t i)
{
  return (int)ranking->places[BY_TRACKED][i] - (int)ranking->places[BY_LINES][i];
}

/* Every draw's gaps, in the place of its shares by lines, which nobody needs after that. */
static void draw_gaps(struct ranking *ranking, struct placed *list, struct hs_lines_place *ranks)
{
  for (size_t draw = 0; draw < HS_LINES_DRAWS; draw++) {
    double *by_lines = ranking->draws[BY_LINES] + draw * ranking->count;
    const double *by_tracked = ranking->draws[BY_TRACKED] + draw * ranking->count;
    place(ranking, BY_LINES, by_lines, list);
    place(ranking, BY_TRACKED, by_tracked, list);
    for (size_t i = 0; i < ranking->count; i++) {
      ranks[ranking->partners[i]].above += by_lines[i] > by_tracked[i] ? 1 : 0;
      by_lines[i] = gap_of(ranking, i);
    }
  }
  for (size_t i = 0; i < ranking->count; i++) /* a thousand thousandths are more than 1 */
    ranks[ranking->partners[i]].above /= HS_LINES_DRAWS;
}

static void judge(struct ranking *ranking, size_t i, struct hs_lines_place *rank)
{
  size_t higher = 0;
  for (size_t draw = 0; draw < HS_LINES_DRAWS; draw++) {
    ranking->gaps[draw] = ranking->draws[BY_LINES][draw * ranking->count + i];
    higher += ranking->gaps[draw] >= 1;
  }
  hs_sort(ranking->gaps, HS_LINES_DRAWS);
  rank->gap_low = (int32_t)floor(hs_quantile(ranking->gaps, HS_LINES_DRAWS, (1 - GAP_LEVEL) / 2));
  rank->gap_high = (int32_t)ceil(hs_quantile(ranking->gaps, HS_LINES_DRAWS, (1 + GAP_LEVEL) / 2));
  double far = fmax(FAR_MIN, ceil(FAR_SHARE * (double)ranking->count));
  rank->is_undervalued =
      rank->gap >= far && (double)higher >= SURE * HS_LINES_DRAWS && rank->above >= SURE;
}

static void fill_ranks(struct ranking *ranking, struct placed *list, struct hs_lines_place *ranks)
{
  draw_gaps(ranking, list, ranks);
  place(ranking, BY_LINES, ranking->shares[BY_LINES], list);
  place(ranking, BY_TRACKED, ranking->shares[BY_TRACKED], list);
  for (size_t i = 0; i < ranking->count; i++) {
    struct hs_lines_place *rank = &ranks[ranking->partners[i]];
    rank->is_ranked = 1;
    rank->line_share = ranking->shares[BY_LINES][i];
    rank->tracked_share = ranking->shares[BY_TRACKED][i];
    rank->line_rank = ranking->places[BY_LINES][i];
    rank->tracked_rank = ranking->places[BY_TRACKED][i];
    rank->gap = gap_of(ranking, i);
    judge(ranking, i, rank);
  }
}

enum hs_status hs_lines_rank(struct hs_arena *arena, const struct hs_lines_input *input,
                             struct hs_lines_place *ranks, struct hs_err *err)
{
  struct ranking ranking = {.input = input};
  size_t mark = hs_arena_mark(arena);
  for (size_t i = 0; i < input->partner_count; i++)
    ranks[i] = (struct hs_lines_place){0};
  enum hs_status status = make_room(&ranking, arena, err);
  struct placed *list = hs_arena_alloc_raw(arena, input->partner_count, sizeof *list);
  if (status == HS_OK && list == NULL)
    status = hs_arena_full(arena, "the ranks of partners", err);
  if (status == HS_OK)
    list_ranked(&ranking);
  if (status == HS_OK && ranking.count >= 2 && input->week_count - input->rank_from >= WEEKS_MIN) {
    draw_shares(&ranking);
    for (size_t view = 0; view < VIEWS; view++)
      shrink_view(&ranking, view);
    fill_ranks(&ranking, list, ranks);
  }
  hs_arena_reset(arena, mark);
  return status;
}
