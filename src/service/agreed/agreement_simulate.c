#include "service/agreed/agreement_simulate.h"

#include "base/parallel.h"
#include "service/post/actions.h"
#include "service/post/earn.h"
#include "service/post/paid_leads.h"

#define AGREED_ARENA_BYTES (1 * HS_GIB)
#define SCRATCH_ARENA_BYTES (64 * HS_MIB)
#define TALLYING_ARENA_BYTES (512 * HS_MIB)
/* What the trail does for a page is a pass over its touches, so pages are large: some 150 MiB, and
   there are two, one being lived while the next is read. */
#define PAGE_ORDERS 262144
#define TOUCHES_AHEAD 4
#define PAID_ARENA_BYTES (256 * HS_MIB)

enum { NOW, THEN, WORLDS };

/* One of the two worlds. They share what was agreed and the orders, and nothing that changes, so
   each has a thread. */
struct world {
  struct hs_in_force in_force;
  struct hs_tally_table tallies;
  struct hs_paid_leads paid;
  struct hs_arena tallying, scratch, paying;
  uint64_t *commissions; /* by partner */
  int64_t *earned_minor;
};

struct simulating {
  const struct hs_simulation *simulation;
  struct hs_programme *programme;
  struct hs_arena agreed;
  struct hs_everybody everybody;
  struct hs_cases pages[2];
  struct hs_cases *cases, *next; /* the page that is lived, and the one that is read meanwhile */
  struct hs_order_page asked;    /* what the next page is asked for */
  int is_last;                   /* there is no next page */
  struct hs_ledger_reader nothing_seen;
  struct world worlds[WORLDS];
};

/* ---- the two worlds ---- */

/* What rules have seen before the period: nothing, so that both begin alike. */
static enum hs_status no_tally([[maybe_unused]] void *self, struct hs_tally_row *tally,
                               [[maybe_unused]] struct hs_err *err)
{
  tally->order_count = tally->base_minor = tally->earned_minor = tally->paid_minor = 0;
  return HS_OK;
}

static enum hs_status begin_world(struct simulating *simulating, struct world *world,
                                  struct hs_err *err)
{
  size_t partners = world->in_force.partner_count;
  world->commissions = hs_arena_alloc(&simulating->agreed, partners, sizeof *world->commissions);
  world->earned_minor = hs_arena_alloc(&simulating->agreed, partners, sizeof *world->earned_minor);
  if (world->commissions == NULL || world->earned_minor == NULL)
    return hs_arena_full(&simulating->agreed, "a simulation", err);
  world->tallies =
      (struct hs_tally_table){.ledger = &simulating->nothing_seen, .arena = &world->tallying};
  enum hs_status status = hs_arena_init(&world->tallying, TALLYING_ARENA_BYTES, err);
  world->paid = (struct hs_paid_leads){.arena = &world->paying};
  if (status == HS_OK)
    status = hs_arena_init(&world->paying, PAID_ARENA_BYTES, err);
  return status == HS_OK ? hs_arena_init(&world->scratch, SCRATCH_ARENA_BYTES, err) : status;
}

/* Refusals are of a version, and the other world has its own. Nobody refuses the other terms. */
static enum hs_status keep_refusals(struct simulating *simulating, struct hs_err *err)
{
  const struct hs_in_force *now = &simulating->worlds[NOW].in_force;
  struct hs_in_force *then = &simulating->worlds[THEN].in_force;
  then->refusals = hs_arena_alloc(&simulating->agreed, now->refusal_count, sizeof *then->refusals);
  if (then->refusals == NULL)
    return hs_arena_full(&simulating->agreed, "a simulation", err);
  then->refusal_count = 0;
  for (size_t i = 0; i < now->refusal_count; i++) {
    const struct hs_agreed_version *version = now->refusals[i].version;
    if (!hs_str_equal(version->agreement, simulating->simulation->agreement))
      then->refusals[then->refusal_count++] =
          (struct hs_refusal){hs_in_force_numbered(then, version->agreement, version->number),
                              now->refusals[i].partner};
  }
  return HS_OK;
}

/* The versions of the agreement give way to one that has always held. */
static enum hs_status replace_terms(struct simulating *simulating, struct hs_err *err)
{
  const struct hs_simulation *simulation = simulating->simulation;
  struct hs_in_force *then = &simulating->worlds[THEN].in_force;
  const struct hs_in_force *now = &simulating->worlds[NOW].in_force;
  *then = *now;
  then->versions = hs_arena_alloc(&simulating->agreed, now->version_count, sizeof *then->versions);
  if (then->versions == NULL)
    return hs_arena_full(&simulating->agreed, "a simulation", err);
  then->version_count = 0;
  int is_there = 0;
  for (size_t i = 0; i < now->version_count; i++) {
    struct hs_agreed_version version = now->versions[i];
    if (!hs_str_equal(version.agreement, simulation->agreement)) {
      then->versions[then->version_count++] = version;
      continue;
    }
    if (!hs_currency_equal(version.terms.currency, simulation->file->terms.currency))
      return hs_fail(err, HS_INVALID, "%.*s pays in %s, the other terms in %s",
                     HS_STR_ARG(version.agreement), version.terms.currency.code,
                     simulation->file->terms.currency.code);
    if (!is_there)
      then->versions[then->version_count++] =
          (struct hs_agreed_version){.agreement = version.agreement,
                                     .number = version.number + 1,
                                     .from_us = INT64_MIN,
                                     .until_us = INT64_MAX,
                                     .is_signed = 1,
                                     .document = simulation->file->agreement,
                                     .terms = simulation->file->terms};
    is_there = 1;
  }
  if (!is_there)
    return hs_fail(err, HS_NOT_FOUND, "there is no agreement %.*s",
                   HS_STR_ARG(simulation->agreement));
  return keep_refusals(simulating, err);
}

/* No touch counts for longer than some terms say, and what does not count changes nobody's share.
 */
static int64_t longest_window_us(const struct simulating *simulating)
{
  uint32_t days = simulating->simulation->file->terms.window_days;
  const struct hs_in_force *now = &simulating->worlds[NOW].in_force;
  for (size_t i = 0; i < now->version_count; i++)
    if (now->versions[i].terms.window_days > days)
      days = now->versions[i].terms.window_days;
  return (int64_t)days * HS_DAY_US;
}

/* ---- the orders ---- */

static enum hs_status add_earned(void *context, const struct hs_earned *earned, struct hs_err *err)
{
  struct world *world = context;
  int64_t *sum = &world->earned_minor[earned->share->partner];
  world->commissions[earned->share->partner]++;
  return __builtin_add_overflow(*sum, earned->amount_minor, sum)
             ? hs_fail(err, HS_INVALID, "the commissions of a partner do not fit")
             : HS_OK;
}

static enum hs_status live(const struct simulating *simulating, struct world *world,
                           const struct hs_case *order, struct hs_err *err)
{
  struct hs_judgement judgement;
  hs_arena_reset(&world->scratch, 0);
  enum hs_status status = hs_judge(&world->in_force, &simulating->programme->book.ledger, order,
                                   &world->scratch, &judgement, err);
  if (status == HS_OK && order->event == HS_RULE_LEAD)
    status = hs_paid_leads_pass(&world->paid, order, &judgement, err);
  return status == HS_OK
             ? hs_earn(&world->in_force, order, &judgement, &world->tallies, add_earned, world, err)
             : status;
}

static enum hs_status live_page(struct simulating *simulating, size_t world, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  const struct hs_cases *cases = simulating->cases;
  for (size_t i = 0; i < cases->count && status == HS_OK; i++) {
    /* Touches of one person after the other lie all over the page. */
    if (i + TOUCHES_AHEAD < cases->count)
      __builtin_prefetch(cases->cases[i + TOUCHES_AHEAD].touches);
    status = live(simulating, &simulating->worlds[world], &cases->cases[i], err);
  }
  return status;
}

static enum hs_status read_next(struct simulating *simulating, struct hs_err *err)
{
  return simulating->is_last
             ? HS_OK
             : hs_cases_load(simulating->next, &simulating->programme->trail,
                             &simulating->worlds[NOW].in_force, &simulating->asked, err);
}

/* Reading comes first, since it takes longest. */
enum { READ_NEXT = WORLDS, STEPS };
static enum hs_status step_page(void *context, [[maybe_unused]] size_t worker, size_t item,
                                struct hs_err *err)
{
  size_t step = (item + READ_NEXT) % STEPS;
  return step == READ_NEXT ? read_next(context, err) : live_page(context, step, err);
}

/* The page that was read is the one to be lived; behind it the next one begins. */
static void turn_page(struct simulating *simulating)
{
  struct hs_cases *read = simulating->next;
  simulating->next = simulating->cases;
  simulating->cases = read;
  simulating->is_last = read->count < simulating->asked.count_max;
  if (read->count > 0) {
    simulating->asked.after_sequence = read->cases[read->count - 1].sequence;
    simulating->asked.after_row = read->cases[read->count - 1].row_number;
  }
}

static enum hs_status run_pages(struct simulating *simulating, struct hs_err *err)
{
  const struct hs_simulation *simulation = simulating->simulation;
  simulating->asked = (struct hs_order_page){
      .after_row = INT64_MAX,
      .until_sequence = hs_journal_position(simulating->programme->journal).cursor.sequence,
      .count_max = PAGE_ORDERS,
      .from_us = simulation->period.from_us,
      .until_us = simulation->period.until_us};
  enum hs_status status = read_next(simulating, err);
  while (status == HS_OK) {
    if (simulation->interrupt != NULL && atomic_load(simulation->interrupt) != 0)
      return hs_fail(err, HS_INTERRUPTED, "interrupted");
    turn_page(simulating);
    status = hs_parallel_run(hs_worker_count(STEPS), STEPS, step_page, simulating, err);
    if (status != HS_OK || simulating->is_last)
      return status;
    if (simulation->progress != NULL)
      simulation->progress(simulation->context, (double)simulating->asked.after_sequence /
                                                    (double)simulating->asked.until_sequence);
  }
  return status;
}

/* ---- leads, events and clicks ---- */

static enum hs_status live_action_page(void *context, [[maybe_unused]] size_t worker, size_t world,
                                       struct hs_err *err)
{
  struct simulating *simulating = context;
  const struct hs_period *period = &simulating->simulation->period;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < simulating->cases->count && status == HS_OK; i++) {
    const struct hs_case *action = &simulating->cases->cases[i];
    if (action->at_us >= period->from_us && action->at_us < period->until_us &&
        hs_action_judge(action) == HS_ACTION_STANDS)
      status = live(simulating, &simulating->worlds[world], action, err);
  }
  return status;
}

static enum hs_status run_actions(struct simulating *simulating, enum hs_event_kind kind,
                                  struct hs_err *err)
{
  const struct hs_simulation *simulation = simulating->simulation;
  struct hs_action_page page = {
      .kind = kind,
      .after_row = INT64_MAX,
      .until_sequence = hs_journal_position(simulating->programme->journal).cursor.sequence,
      .count_max = PAGE_ORDERS};
  if (!hs_in_force_pays(&simulating->worlds[NOW].in_force, hs_action_event(kind)) &&
      !hs_in_force_pays(&simulating->worlds[THEN].in_force, hs_action_event(kind)))
    return HS_OK;
  for (;;) {
    if (simulation->interrupt != NULL && atomic_load(simulation->interrupt) != 0)
      return hs_fail(err, HS_INTERRUPTED, "interrupted");
    enum hs_status status = hs_cases_load_actions(simulating->cases, &simulating->programme->trail,
                                                  &simulating->worlds[NOW].in_force, &page, err);
    if (status == HS_OK)
      status = hs_parallel_run(hs_worker_count(WORLDS), WORLDS, live_action_page, simulating, err);
    if (status != HS_OK || simulating->cases->count < page.count_max)
      return status;
    const struct hs_case *last = &simulating->cases->cases[simulating->cases->count - 1];
    page.after_sequence = last->sequence;
    page.after_row = last->row_number;
  }
}

static enum hs_status run_all(struct simulating *simulating, struct hs_err *err)
{
  static const enum hs_event_kind KINDS[] = {HS_EVENT_LEAD, HS_EVENT_CUSTOM, HS_EVENT_TOUCH};
  enum hs_status status = run_pages(simulating, err);
  for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS && status == HS_OK; k++)
    status = run_actions(simulating, KINDS[k], err);
  return status;
}

/* ---- the answer ---- */

static enum hs_status give(const struct simulating *simulating, hs_simulated_fn each, void *context,
                           struct hs_err *err)
{
  const struct world *now = &simulating->worlds[NOW];
  const struct world *then = &simulating->worlds[THEN];
  enum hs_status status = HS_OK;
  for (size_t p = 0; p < now->in_force.partner_count && status == HS_OK; p++) {
    struct hs_simulated line = {now->in_force.partners[p], now->commissions[p],
                                then->commissions[p], now->earned_minor[p], then->earned_minor[p]};
    if (line.commissions_now > 0 || line.commissions_then > 0)
      status = each(context, &line, err);
  }
  return status;
}

/* Everything that is read once. */
static enum hs_status prepare(struct simulating *simulating, struct hs_err *err)
{
  struct hs_programme *programme = simulating->programme;
  enum hs_status status = hs_arena_init(&simulating->agreed, AGREED_ARENA_BYTES, err);
  if (status == HS_OK)
    status =
        hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, UINT64_MAX,
                         &simulating->agreed, &simulating->worlds[NOW].in_force, err);
  if (status == HS_OK)
    status = replace_terms(simulating, err);
  for (size_t w = 0; w < WORLDS && status == HS_OK; w++)
    status = begin_world(simulating, &simulating->worlds[w], err);
  if (status == HS_OK)
    status = hs_everybody_find(&simulating->everybody, &programme->trail, err);
  for (size_t p = 0; p < 2 && status == HS_OK; p++) {
    status = hs_cases_open(&simulating->pages[p], err);
    simulating->pages[p].everybody = &simulating->everybody;
    simulating->pages[p].window_us = longest_window_us(simulating);
  }
  simulating->cases = &simulating->pages[0];
  simulating->next = &simulating->pages[1];
  return status;
}

enum hs_status hs_agreement_simulate(struct hs_programme *programme,
                                     const struct hs_simulation *simulation, hs_simulated_fn each,
                                     void *context, struct hs_err *err)
{
  struct simulating simulating = {
      .simulation = simulation, .programme = programme, .nothing_seen = {.tally = no_tally}};
  enum hs_status status = prepare(&simulating, err);
  if (status == HS_OK)
    status = run_all(&simulating, err);
  if (status == HS_OK)
    status = give(&simulating, each, context, err);
  hs_cases_release(&simulating.pages[0]);
  hs_cases_release(&simulating.pages[1]);
  hs_everybody_release(&simulating.everybody);
  for (size_t w = 0; w < WORLDS; w++) {
    hs_arena_release(&simulating.worlds[w].tallying);
    hs_arena_release(&simulating.worlds[w].scratch);
    hs_arena_release(&simulating.worlds[w].paying);
  }
  hs_arena_release(&simulating.agreed);
  return status;
}
