/* "How did you hear of us?", asked at the checkout. A buyer names what stands out in its memory:
   views count as they do for familiarity, clicked or not, so the answers know of what left no
   touch. Some buyers guess, and guesses name what is widely known. The truth keeps, for each
   answer, who really made the buyer know us. */
#include <ctype.h>
#include <math.h>

#include "market/market_priv.h"

#define ANSWERS_FIRST .30 /* share of buyers who answer, at a first order and at a later one */
#define ANSWERS_LATER .08
#define GUESS_SHARE .12
/* In a guess, as much as a partner whose audience is everybody: it is not always a partner. */
#define GUESS_NOBODY 2.0
/* Free text where a list was offered; what it says of no name at all. */
#define FREE_TEXT_SHARE .35
#define VAGUE_SHARE .15
/* A click or visit while the need was open is remembered beside the views. */
#define LIFT_MEMORY .25
#define SEARCH_MEMORY .3

enum { NO_ONE_KNOWN, NO_ONE_SEARCHED, NO_ONE_COUNT };

/* What each partner, and behind them each other way, means to the buyer's memory. */
struct memory {
  double weights[PARTNERS_MAX + NO_ONE_COUNT];
  size_t partner_count, count;
  double total;
};

static int bought_before(const struct trace *trace, size_t k)
{
  for (size_t i = 0; i < k; i++)
    if (trace->outcome->is_bought[i] &&
        trace->person->needs[i].decide_us <= trace->person->needs[k].at_us)
      return 1;
  return 0;
}

static void contact_remember(struct memory *memory, const struct contact *contact, size_t k,
                             int64_t decide_us)
{
  double *weight = &memory->weights[contact->partner];
  if (contact->at_us >= decide_us)
    return;
  *weight += contact->awareness * exp(-(double)(decide_us - contact->at_us) / MEMORY_US);
  if (contact->need == (int32_t)k && contact->lift > 0)
    *weight += LIFT_MEMORY * contact->lift;
}

static struct memory memory_of(const struct trace *trace, size_t k)
{
  struct memory memory = {.partner_count = trace->world->partner_count,
                          .count = trace->world->partner_count + NO_ONE_COUNT};
  const struct person *person = trace->person;
  for (size_t i = 0; i < person->contact_count; i++)
    contact_remember(&memory, &person->contacts[i], k, person->needs[k].decide_us);
  double *no_one = &memory.weights[memory.partner_count];
  no_one[NO_ONE_KNOWN] = person->familiarity + (bought_before(trace, k) ? CUSTOMER_FAMILIARITY : 0);
  no_one[NO_ONE_SEARCHED] = trace->outcome->is_by_itself[k] ? SEARCH_MEMORY : 0;
  for (size_t i = 0; i < memory.count; i++)
    memory.total += memory.weights[i];
  return memory;
}

/* The strongest of the partners when it weighs more than every other way; NO_PARTNER. */
static uint8_t heard_through(const struct world *world, const struct memory *memory)
{
  size_t best = 0;
  for (size_t i = 1; i < memory->count; i++)
    if (memory->weights[i] > memory->weights[best])
      best = i;
  int is_partners = best < memory->partner_count && !world->partners[best].is_own;
  return is_partners && memory->weights[best] > 0 ? (uint8_t)best : NO_PARTNER;
}

/* At quantile u of the squared weights: what stands out is named more often than its share. */
static size_t recall(const struct memory *memory, double u)
{
  double sum = 0;
  for (size_t i = 0; i < memory->count; i++)
    sum += memory->weights[i] * memory->weights[i];
  size_t last = memory->partner_count + NO_ONE_KNOWN;
  double left = u * sum;
  for (size_t i = 0; i < memory->count; i++) {
    double square = memory->weights[i] * memory->weights[i];
    if (square <= 0)
      continue;
    last = i;
    if (left < square)
      break;
    left -= square;
  }
  return last;
}

/* Names that many buyers have heard come to mind first; the size of an audience stands for that. */
static double renown_of(const struct partner *partner)
{
  return partner->is_own || partner->profile.audience == AUDIENCE_NEVER_BUYS
             ? 0
             : partner->profile.member;
}

static size_t guess(const struct world *world, double u)
{
  double sum = GUESS_NOBODY;
  for (size_t i = 0; i < world->partner_count; i++)
    sum += renown_of(&world->partners[i]);
  double left = u * sum;
  for (size_t i = 0; i < world->partner_count; i++) {
    if (left < renown_of(&world->partners[i]))
      return i;
    left -= renown_of(&world->partners[i]);
  }
  return world->partner_count + NO_ONE_KNOWN;
}

static void lower_case_add(struct hs_buf *row, const char *text)
{
  for (; *text != 0; text++)
    hs_buf_add_char(row, (char)tolower((unsigned char)*text));
}

/* The answer and the partner's cell: a choice from a list carries the partner, free text does not.
 */
static void answer_add(struct hs_buf *row, const struct trace *trace, size_t source, double u_form,
                       double u_words)
{
  const struct world *world = trace->world;
  if (source >= world->partner_count || world->partners[source].is_own) {
    int is_known = source == world->partner_count + NO_ONE_KNOWN;
    hs_buf_add_text(row, is_known ? "I knew you already," : "search engine,");
    return;
  }
  const struct profile *profile = &world->partners[source].profile;
  if (u_form >= FREE_TEXT_SHARE) {
    hs_buf_printf(row, "%s,%s", profile->name, profile->id);
    return;
  }
  if (u_words < VAGUE_SHARE)
    hs_buf_printf(row, "some %s", profile->kind);
  else if (u_words < .6)
    lower_case_add(row, profile->name);
  else
    hs_buf_add_text(row, u_words < .8 ? profile->id : profile->name);
  hs_buf_add_char(row, ',');
}

/* A vague answer names nobody. */
static int is_vague(double u_form, double u_words)
{
  return u_form < FREE_TEXT_SHARE && u_words < VAGUE_SHARE;
}

static void truth_add(struct trace *trace, const char *id, size_t source, int is_named,
                      const struct memory *memory, int is_guess)
{
  const struct world *world = trace->world;
  uint8_t heard = heard_through(world, memory);
  double share = heard == NO_PARTNER ? 0 : memory->weights[heard] / memory->total;
  struct hs_buf *row = hs_market_row_begin(&trace->store->survey_truths);
  hs_buf_printf(row, "%s,%s,%s,%.6f,%d", id, is_named ? world->partners[source].profile.id : "",
                heard == NO_PARTNER ? "" : world->partners[heard].profile.id, share, is_guess);
  hs_market_row_end(&trace->store->survey_truths, 0);
}

void hs_market_survey_leave(struct trace *trace, size_t k, const char *order, const char *visitor)
{
  const struct world *world = trace->world;
  uint32_t index = trace->person->index;
  struct chance who = hs_market_chance(world->seed, DRAW_SURVEY, index, 0, (uint32_t)k);
  struct chance how = hs_market_chance(world->seed, DRAW_SURVEY, index, 1, (uint32_t)k);
  int64_t at_us =
      trace->person->needs[k].decide_us + (int64_t)((20 + 200 * who.u[1]) * (double)HS_SECOND_US);
  if (who.u[0] >= (bought_before(trace, k) ? ANSWERS_LATER : ANSWERS_FIRST) ||
      !hs_market_is_in_run(world, at_us))
    return;
  struct memory memory = memory_of(trace, k);
  int is_guess = who.u[2] < GUESS_SHARE || memory.total <= 0;
  size_t source = is_guess ? guess(world, who.u[3]) : recall(&memory, who.u[3]);
  int is_named = source < world->partner_count && !world->partners[source].is_own &&
                 !is_vague(how.u[0], how.u[1]);
  char id[NAME_TEXT];
  hs_market_name('q', hs_market_code(index, SLOT_OTHER, (uint32_t)k), id);
  struct hs_buf *row = hs_market_row_begin(&trace->store->surveys);
  hs_buf_printf(row, "%s,%s,", id, visitor);
  hs_market_add_time(row, at_us);
  hs_buf_add_char(row, ',');
  answer_add(row, trace, source, how.u[0], how.u[1]);
  hs_buf_printf(row, ",%s", order);
  hs_market_row_end(&trace->store->surveys, at_us);
  truth_add(trace, id, source, is_named, &memory, is_guess);
}
