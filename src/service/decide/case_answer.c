#include "service/decide/case_answer.h"

#include <math.h>

#include "service/decide/case_words.h"

/* Less than one scenario of 100 is no move. */
#define SWING_MIN 0.01

/* ---- the ways -------------------------------------------------------------------------------- */

const char *hs_capital_way_name(enum hs_way way)
{
  static const char *const NAMES[] = {"Partnerships", "Paid channels", "Building it ourselves"};
  return NAMES[way];
}

/* Within a sentence. */
static const char *way_words(enum hs_way way)
{
  static const char *const WORDS[] = {"the partnerships", "paid channels", "building it ourselves"};
  return WORDS[way];
}

int hs_capital_is_weighed(const struct hs_choice *choice, enum hs_way way)
{
  return !isnan(choice->p_best[way]);
}

const struct hs_estimate *hs_capital_net(const struct hs_choice *choice, enum hs_way way)
{
  return way == HS_WAY_PARTNERS ? &choice->partners
         : way == HS_WAY_PAID   ? &choice->paid
                                : &choice->build;
}

/* ---- which is better --------------------------------------------------------------------------
 */

void hs_capital_words_basis(const struct hs_capital_case *case_, const struct hs_choice *choice,
                            struct hs_buf *out)
{
  if (choice == &case_->measured)
    hs_buf_printf(out, "By what was measured, %zu of %zu partners (defensible)",
                  case_->measured_members, case_->all_members);
  else
    hs_buf_printf(out, "For all %zu partners that cost something (rests on assumptions)",
                  case_->all_members);
}

void hs_capital_words_years(const struct hs_capital_case *case_, struct hs_buf *out)
{
  const struct hs_range *years = &case_->options.plan.items[HS_PLAN_YEARS].range;
  if (years->low < years->high)
    hs_buf_printf(out, "net over %g to %g years, most likely %g, in present value", years->low,
                  years->high, years->likely);
  else
    hs_buf_printf(out, "net over %g %s, in present value", years->likely,
                  years->likely > 1 || years->likely < 1 ? "years" : "year");
}

struct standing {
  enum hs_way best;
  size_t weighed;
  int all_lose; /* of each way even the upper end is a loss */
};

static struct standing stand(const struct hs_choice *choice)
{
  struct standing standing = {.all_lose = 1};
  for (size_t i = 0; i < HS_WAY_COUNT; i++) {
    enum hs_way way = (enum hs_way)i;
    if (!hs_capital_is_weighed(choice, way))
      continue;
    standing.weighed++;
    standing.all_lose = standing.all_lose && hs_capital_net(choice, way)->high < 0;
    if (choice->p_best[way] > choice->p_best[standing.best])
      standing.best = way;
  }
  return standing;
}

/* Nothing is sure to be best; the partners may be sure not to be. */
static void words_open(const struct hs_choice *choice, double sure, struct hs_buf *out)
{
  int is_out = choice->p_best[HS_WAY_PARTNERS] < 1 - sure;
  const char *before = "";
  hs_buf_add_text(out, is_out ? "The money is not best spent on these partnerships; what is better "
                                "cannot be told yet: of 100 scenarios "
                              : "Cannot tell yet which is better: of 100 scenarios ");
  for (size_t i = is_out ? HS_WAY_PAID : HS_WAY_PARTNERS; i < HS_WAY_COUNT; i++)
    if (hs_capital_is_weighed(choice, (enum hs_way)i)) {
      hs_buf_printf(out, "%s%s %s best in %.0f", before, way_words((enum hs_way)i),
                    i == HS_WAY_BUILD ? "is" : "are", 100 * choice->p_best[i]);
      before = ", ";
    }
  hs_buf_add_char(out, '.');
}

/* There is nothing to weigh them against. */
static void words_alone(const struct hs_capital_case *case_, const struct hs_choice *choice,
                        struct hs_buf *out)
{
  hs_buf_add_text(out, choice->partners.low > 0    ? "The partnerships bring more than they cost."
                       : choice->partners.high < 0 ? "The partnerships cost more than they bring."
                                                   : "Cannot tell yet whether the partnerships "
                                                     "bring more than they cost.");
  hs_buf_add_text(out, choice == &case_->measured && case_->paid != SIZE_MAX
                           ? " They are not weighed against paid channels, whose incremental share "
                             "nobody measured."
                           : " There is nothing to weigh them against: the record holds no paid "
                             "channel with cost and customers.");
}

void hs_capital_words_answer(const struct hs_capital_case *case_, const struct hs_choice *choice,
                             struct hs_buf *out)
{
  struct standing standing = stand(choice);
  double p = choice->p_best[standing.best], sure = (1 + case_->options.level) / 2;
  const char *best = way_words(standing.best);
  if (standing.weighed < 2) {
    words_alone(case_, choice, out);
    return;
  }
  if (standing.all_lose)
    hs_buf_printf(out, "%s brings back what it costs. ",
                  standing.weighed == 2 ? "Neither of the two" : "None of the three");
  if (p <= sure) {
    words_open(choice, sure, out);
    return;
  }
  const char *verb = standing.best == HS_WAY_BUILD ? "" : "s";
  if (standing.all_lose)
    hs_buf_printf(out, "The least is lost by %s, in %.0f of 100 scenarios.", best, 100 * p);
  else if (standing.best == HS_WAY_PARTNERS)
    hs_buf_printf(out,
                  "The money is best spent on the partnership%s: better in %.0f of 100 "
                  "scenarios.",
                  verb, 100 * p);
  else
    hs_buf_printf(out,
                  "The money is better spent on %s than on these partnerships: best in %.0f "
                  "of 100 scenarios.",
                  best, 100 * p);
}

/* ---- the same audience through paid channels --------------------------------------------------
 */

const struct hs_choice *hs_capital_times(const struct hs_capital_case *case_)
{
  if (case_->has_measured && !isnan(case_->measured.times_dearer.middle))
    return &case_->measured;
  return case_->has_all && !isnan(case_->all.times_dearer.middle) ? &case_->all : NULL;
}

void hs_capital_words_times(const struct hs_capital_case *case_, struct hs_buf *out)
{
  const struct hs_choice *choice = hs_capital_times(case_);
  char middle[HS_CAPITAL_FIGURE], low[HS_CAPITAL_FIGURE], high[HS_CAPITAL_FIGURE];
  if (choice == NULL) {
    hs_buf_add_text(out,
                    "What this audience would cost through paid channels cannot be said: the "
                    "record holds no cost and customers of a paid channel, and the plan gives none "
                    "(paid.spend, paid.new_customers).");
    return;
  }
  hs_capital_figure(choice->times_dearer.middle, middle);
  hs_capital_figure(choice->times_dearer.low, low);
  hs_capital_figure(choice->times_dearer.high, high);
  hs_buf_printf(out,
                "This audience would cost %s times as much through paid channels [%s to %s]: as "
                "many customers who would not have come otherwise, at what one costs there, over "
                "what the partnerships cost. ",
                middle, low, high);
  if (choice == &case_->measured)
    hs_buf_printf(out, "Defensible: of the %zu %s whose effect was measured.",
                  case_->measured_members, case_->measured_members == 1 ? "partner" : "partners");
  else
    hs_buf_add_text(out, "Context: it rests on incremental shares that nobody measured.");
}

void hs_capital_words_times_of_all(const struct hs_capital_case *case_, struct hs_buf *out)
{
  char interval[HS_CAPITAL_INTERVAL];
  if (hs_capital_times(case_) != &case_->measured || !case_->has_all ||
      isnan(case_->all.times_dearer.middle) || case_->measured_members == case_->all_members)
    return;
  hs_capital_interval(&case_->all.times_dearer, interval);
  hs_buf_printf(out,
                "With the %zu partners whose effect nobody measured, and the next paid customers "
                "as dear as the plan says, the audience of all would cost %s times as much.",
                case_->all_members - case_->measured_members, interval);
}

void hs_capital_words_each(const struct hs_capital_case *case_, const struct hs_choice *choice,
                           struct hs_buf *out)
{
  char own[HS_CAPITAL_FIGURE], paid[HS_CAPITAL_INTERVAL];
  if (!hs_capital_is_weighed(choice, HS_WAY_PAID))
    return;
  hs_capital_figure(choice->paid_flip, own);
  hs_capital_interval(&choice->paid_cost_each, paid);
  hs_buf_printf(out,
                "A customer who would not have come otherwise costs %s %s through these "
                "partnerships and %s through paid channels; above %s for a paid one the "
                "partnerships are better, below it paid channels.",
                own, case_->currency.code, paid, own);
}

static void words_lacking(const struct hs_plan *plan, struct hs_buf *out)
{
  const char *before = "";
  int given = 0;
  for (int i = HS_PLAN_BUILD_ONCE; i <= HS_PLAN_BUILD_CUSTOMERS; i++)
    given += plan->items[i].is_given;
  hs_buf_printf(out, "Building it ourselves is not weighed: the plan %s ",
                given > 0 ? "gives a part of what that takes and lacks"
                          : "does not say what that "
                            "takes:");
  for (int i = HS_PLAN_BUILD_ONCE; i <= HS_PLAN_BUILD_CUSTOMERS; i++)
    if (!plan->items[i].is_given) {
      hs_buf_printf(out, "%s%s", before, hs_plan_name((enum hs_plan_item)i));
      before = ", ";
    }
  hs_buf_add_char(out, '.');
}

void hs_capital_words_build(const struct hs_capital_case *case_, struct hs_buf *out)
{
  const struct hs_plan *plan = &case_->options.plan;
  const struct hs_range *said = &plan->items[HS_PLAN_SWITCH_OVER].range;
  if (!hs_plan_has_build(plan)) {
    words_lacking(plan, out);
    return;
  }
  if (!case_->has_all)
    return;
  hs_buf_printf(out,
                "Against building it ourselves the partnerships are better in %.0f of 100 "
                "scenarios. ",
                100 * case_->all.p_over_build);
  if (isnan(case_->all.switch_over_flip))
    hs_buf_add_text(out, "That does not turn, whatever part of the partners' customers would come "
                         "through what we build (switch-over, 0 to 100 %).");
  else
    hs_buf_printf(out,
                  "That turns when %.0f %% of the partners' customers would come through what we "
                  "build (switch-over; taken to be %.0f to %.0f %%).",
                  100 * case_->all.switch_over_flip, 100 * said->low, 100 * said->high);
}

/* ---- what would change it ---------------------------------------------------------------------
 */

static const enum hs_plan_item ITEMS[HS_ASSUMPTION_COUNT] = {
    [HS_ASSUME_YEARS] = HS_PLAN_YEARS,
    [HS_ASSUME_SWITCH_OVER] = HS_PLAN_SWITCH_OVER,
    [HS_ASSUME_HOUR_COST] = HS_PLAN_HOUR_COST,
    [HS_ASSUME_PARTNER_SHARES] = HS_PLAN_ITEM_COUNT, /* no item of its own */
    [HS_ASSUME_PAID_SPEND] = HS_PLAN_PAID_SPEND,
    [HS_ASSUME_PAID_CUSTOMERS] = HS_PLAN_PAID_CUSTOMERS,
    [HS_ASSUME_PAID_SHARE] = HS_PLAN_PAID_SHARE,
    [HS_ASSUME_PAID_DEARER] = HS_PLAN_PAID_DEARER,
    [HS_ASSUME_BUILD_ONCE] = HS_PLAN_BUILD_ONCE,
    [HS_ASSUME_BUILD_YEARLY] = HS_PLAN_BUILD_YEARLY,
    [HS_ASSUME_BUILD_MONTHS] = HS_PLAN_BUILD_MONTHS,
    [HS_ASSUME_BUILD_CUSTOMERS] = HS_PLAN_BUILD_CUSTOMERS,
};

const char *hs_capital_assumption_name(enum hs_assumption assumption)
{
  return ITEMS[assumption] == HS_PLAN_ITEM_COUNT ? "incremental_share"
                                                 : hs_plan_name(ITEMS[assumption]);
}

static const char *meaning_of(enum hs_assumption assumption)
{
  return ITEMS[assumption] == HS_PLAN_ITEM_COUNT
             ? "part of the customers of partners without a share who would not have come otherwise"
             : hs_plan_meaning(ITEMS[assumption]);
}

static struct hs_range said_of(const struct hs_capital_case *case_, enum hs_assumption assumption)
{
  if (ITEMS[assumption] == HS_PLAN_ITEM_COUNT)
    return (struct hs_range){0, .5, 1};
  const struct hs_range *said = &case_->options.plan.items[ITEMS[assumption]].range;
  /* What nobody says of the paid share is anything from 0 to 1. */
  return isnan(said->likely) ? (struct hs_range){0, .5, 1} : *said;
}

static const struct hs_swing *swings_of(const struct hs_choice *choice, enum hs_way other)
{
  return other == HS_WAY_PAID ? choice->over_paid : choice->over_build;
}

int hs_capital_flips(const struct hs_choice *choice, enum hs_way other,
                     enum hs_assumption assumption)
{
  return !isnan(swings_of(choice, other)[assumption].flips_at);
}

void hs_capital_words_flip(const struct hs_capital_case *case_, const struct hs_choice *choice,
                           enum hs_way other, enum hs_assumption assumption, struct hs_buf *out)
{
  const struct hs_swing *swing = &swings_of(choice, other)[assumption];
  struct hs_range said = said_of(case_, assumption);
  enum hs_way below = swing->p_low > 0.5 ? HS_WAY_PARTNERS : other;
  enum hs_way above = below == other ? HS_WAY_PARTNERS : other;
  hs_buf_printf(out, "%s, taken to be %g to %g: up to %.3g %s %s better, beyond it %s.",
                meaning_of(assumption), said.low, said.high, swing->flips_at, way_words(below),
                below == HS_WAY_BUILD ? "is" : "are", way_words(above));
}

void hs_capital_words_no_flip(const struct hs_capital_case *case_, const struct hs_choice *choice,
                              enum hs_way other, struct hs_buf *out)
{
  const struct hs_swing *swings = swings_of(choice, other);
  size_t most = HS_ASSUMPTION_COUNT;
  if (!hs_capital_is_weighed(choice, other))
    return;
  for (size_t i = 0; i < HS_ASSUMPTION_COUNT; i++) {
    if (!isnan(swings[i].flips_at))
      return;
    if (!isnan(swings[i].p_low) &&
        (most == HS_ASSUMPTION_COUNT ||
         fabs(swings[i].p_high - swings[i].p_low) > fabs(swings[most].p_high - swings[most].p_low)))
      most = i;
  }
  hs_buf_printf(out, "No assumption turns the answer against %s within the range it is given.",
                way_words(other));
  if (most == HS_ASSUMPTION_COUNT || fabs(swings[most].p_high - swings[most].p_low) < SWING_MIN)
    return;
  struct hs_range said = said_of(case_, (enum hs_assumption)most);
  hs_buf_printf(out,
                " The one that moves it most, %s: at %g the partnerships are better in %.0f of 100 "
                "scenarios, at %g in %.0f.",
                meaning_of((enum hs_assumption)most), said.low, 100 * swings[most].p_low, said.high,
                100 * swings[most].p_high);
}

/* ---- the next amount ---------------------------------------------------------------------------
 */

void hs_capital_words_next(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                           struct hs_buf *out)
{
  char amount[HS_CAPITAL_FIGURE], returns[HS_CAPITAL_INTERVAL], marginal[HS_CAPITAL_INTERVAL];
  const char *code = case_->currency.code;
  if (!(line->next.amount > 0))
    return;
  hs_capital_figure(line->next.amount, amount);
  hs_capital_interval(&line->next.returns, returns);
  hs_capital_interval(&line->next.marginal, marginal);
  hs_buf_printf(
      out,
      "%s %s, which bring %s. The first %s brings %s, and more than itself in %.0f of 100 "
      "scenarios; %s.",
      amount, code, returns, code, marginal, 100 * line->next.p_marginal_pays,
      line->is_measured ? "its effect was measured" : "nobody measured its effect");
}

void hs_capital_words_kept(const struct hs_capital_case *case_, struct hs_buf *out)
{
  char kept[HS_CAPITAL_FIGURE];
  if (!(case_->options.next_amount > 0) || !(case_->next_kept > 0))
    return;
  hs_capital_figure(case_->next_kept, kept);
  hs_buf_printf(out, "%s %s of it are kept: nobody would bring them back, as the plan sees growth.",
                kept, case_->currency.code);
}
