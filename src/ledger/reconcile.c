#include "ledger/reconcile.h"

#include <stdlib.h>

#include "base/ratio.h"

/* ---- words ---- */

struct reason {
  const char *code;
  int is_explained;
  const char *words;
};

static const struct reason REASONS[] = {
#define REASON_ROW(symbol, code, is_explained, words) [symbol] = {code, is_explained, words},
    HS_RECONCILE_REASON_TABLE(REASON_ROW)
#undef REASON_ROW
};

const char *hs_reconcile_reason_code(enum hs_reconcile_reason reason)
{
  HS_ASSERT(reason < HS_RECONCILE_REASON_COUNT);
  return REASONS[reason].code;
}

const char *hs_reconcile_reason_words(enum hs_reconcile_reason reason)
{
  HS_ASSERT(reason < HS_RECONCILE_REASON_COUNT);
  return REASONS[reason].words;
}

int hs_reconcile_is_explained(enum hs_reconcile_reason reason)
{
  HS_ASSERT(reason < HS_RECONCILE_REASON_COUNT);
  return REASONS[reason].is_explained;
}

const char *hs_reconcile_state_word(enum hs_reconcile_state state)
{
  static const char *const WORDS[] = {[HS_RECONCILE_PENDING] = "pending",
                                      [HS_RECONCILE_APPROVED] = "approved",
                                      [HS_RECONCILE_PAID] = "paid",
                                      [HS_RECONCILE_REVERSED] = "reversed"};
  return WORDS[state];
}

const char *hs_reconcile_verdict_word(enum hs_reconcile_verdict verdict)
{
  static const char *const WORDS[HS_RECONCILE_VERDICT_COUNT] = {
      [HS_RECONCILE_SAME] = "equal",
      [HS_RECONCILE_STATUS_DIFFERS] = "status_differs",
      [HS_RECONCILE_AMOUNT_DIFFERS] = "amount_differs",
      [HS_RECONCILE_ONLY_OURS] = "only_ours",
      [HS_RECONCILE_ONLY_THEIRS] = "only_theirs"};
  return WORDS[verdict];
}

int64_t hs_reconcile_net(const struct hs_reconcile_side *side)
{
  return side->earned_minor - side->taken_back_minor;
}

/* ---- lines in order ---- */

struct line {
  const struct hs_reconcile_line *line;
  int is_ours;
};

static struct hs_ratio part_of(const struct hs_reconcile_line *line)
{
  return line->part.bottom == 0 ? HS_RATIO_ONE : line->part;
}

/* Lines of an order and partner come together, and the outcome must not depend on the order in
   which they were given: so every field that is summed up by the first or the last counts here.
   Lines that tie in all of this are alike. */
static int by_pair(const void *a, const void *b)
{
  const struct line *x = a;
  const struct line *y = b;
  int order = hs_str_compare(x->line->order_id, y->line->order_id);
  if (order == 0)
    order = hs_str_compare(x->line->partner, y->line->partner);
  if (order == 0)
    order = y->is_ours - x->is_ours;
  if (order == 0)
    order = (x->line->at_us > y->line->at_us) - (x->line->at_us < y->line->at_us);
  if (order == 0)
    order = hs_str_compare(hs_str_of(x->line->currency.code), hs_str_of(y->line->currency.code));
  if (order == 0)
    order =
        (x->line->base_minor > y->line->base_minor) - (x->line->base_minor < y->line->base_minor);
  if (order == 0)
    order = hs_ratio_compare(part_of(x->line), part_of(y->line));
  return order != 0 ? order
                    : (x->line->version > y->line->version) - (x->line->version < y->line->version);
}

static int is_same_pair(const struct hs_reconcile_line *a, const struct hs_reconcile_line *b)
{
  return a->order_id.data != NULL && b->order_id.data != NULL &&
         hs_str_equal(a->order_id, b->order_id) && hs_str_equal(a->partner, b->partner);
}

/* ---- one side ---- */

/* The least far of what is not reversed; reversed when nothing else is there, or nothing left. */
static enum hs_reconcile_state state_of(const struct hs_reconcile_side *side,
                                        const struct hs_reconcile_line *line)
{
  if (side->line_count == 0 || side->state == HS_RECONCILE_REVERSED)
    return line->state;
  return line->state < side->state ? line->state : side->state;
}

static int add_line(struct hs_reconcile_side *side, const struct hs_reconcile_line *line)
{
  if (side->line_count > 0 && !hs_currency_equal(side->currency, line->currency)) {
    side->is_mixed = 1;
    side->line_count++;
    return 1;
  }
  side->state = state_of(side, line);
  if (side->line_count == 0) {
    side->currency = line->currency;
    side->at_us = line->at_us;
    side->part = part_of(line);
    side->agreement = line->agreement;
  }
  if (line->has_base && (!side->has_base || line->base_minor > side->base_minor)) {
    side->has_base = 1;
    side->base_minor = line->base_minor;
  }
  side->version = line->version > side->version ? line->version : side->version;
  side->line_count++;
  return !__builtin_add_overflow(side->earned_minor, line->earned_minor, &side->earned_minor) &&
         !__builtin_add_overflow(side->taken_back_minor, line->taken_back_minor,
                                 &side->taken_back_minor);
}

static void close_side(struct hs_reconcile_side *side)
{
  if (side->line_count > 0 && side->earned_minor > 0 &&
      side->taken_back_minor >= side->earned_minor)
    side->state = HS_RECONCILE_REVERSED;
}

/* ---- why two sides differ ---- */

static int is_near(int64_t a, int64_t b, int64_t reach)
{
  hs_wide apart = (hs_wide)a - b;
  return apart <= reach && -apart <= reach;
}

/* factor × amount is near `other`; 0 when it does not fit. */
static int is_product(int64_t amount, struct hs_ratio factor, int64_t other, int64_t reach)
{
  int64_t rounded = 0;
  struct hs_ratio product;
  return hs_ratio_multiply(hs_ratio_of(amount, 1), factor, &product) &&
         hs_ratio_round(product, HS_ROUND_HALF_EVEN, &rounded) && is_near(rounded, other, reach);
}

/* top/bottom of amount is near `other`; 0 when bottom is 0. */
static int is_part(int64_t amount, int64_t top, int64_t bottom, int64_t other, int64_t reach)
{
  return bottom != 0 && is_product(amount, hs_ratio_of(top, bottom), other, reach);
}

/* Whether what is taken back is the same part of what was earned. */
static int has_same_part_back(const struct hs_reconcile_pair *pair, int64_t reach)
{
  return is_part(pair->ours.taken_back_minor, pair->theirs.earned_minor, pair->ours.earned_minor,
                 pair->theirs.taken_back_minor, reach);
}

static int64_t reach_of(const struct hs_reconcile_pair *pair)
{
  return (int64_t)(pair->ours.line_count > pair->theirs.line_count ? pair->ours.line_count
                                                                   : pair->theirs.line_count);
}

static int is_rounding(const struct hs_reconcile_pair *pair, int64_t reach)
{
  return is_near(pair->ours.earned_minor, pair->theirs.earned_minor, reach) &&
         is_near(pair->ours.taken_back_minor, pair->theirs.taken_back_minor, reach);
}

/* Some networks write 0 into a commission that they reversed, so what was earned need not agree. */
static int is_refund(const struct hs_reconcile_pair *pair, int64_t reach)
{
  int ours_gone = pair->ours.state == HS_RECONCILE_REVERSED && hs_reconcile_net(&pair->ours) == 0;
  int theirs_gone =
      pair->theirs.state == HS_RECONCILE_REVERSED && hs_reconcile_net(&pair->theirs) == 0;
  return ours_gone != theirs_gone ||
         is_near(pair->ours.earned_minor, pair->theirs.earned_minor, reach);
}

/* Whether the rate on our order amount, by our part of it, makes theirs. */
static int is_their_rate(const struct hs_reconcile_pair *pair, const struct hs_reconcile_rate *rate,
                         int64_t reach)
{
  struct hs_ratio of_part;
  return hs_str_equal(rate->partner, pair->partner) &&
         hs_ratio_multiply(hs_ratio_of_decimal(rate->rate), pair->ours.part, &of_part) &&
         is_product(pair->ours.base_minor, of_part, pair->theirs.earned_minor, reach);
}

static enum hs_reconcile_reason reason_of_rate(const struct hs_reconcile_side *ours,
                                               const struct hs_reconcile_rate *rate)
{
  if (!hs_str_equal(rate->agreement, ours->agreement))
    return HS_RECONCILE_AGREEMENT;
  return rate->version == ours->version ? HS_RECONCILE_RULE : HS_RECONCILE_VERSION;
}

/* The rate that theirs comes to is none that we applied, since ours comes to something else. Of
   several the one that lies nearest to our terms is told. */
static int is_rate(struct hs_reconcile_pair *pair, const struct hs_reconcile_options *options,
                   int64_t reach, enum hs_reconcile_reason *out)
{
  const struct hs_reconcile_side *ours = &pair->ours;
  if (!ours->has_base || (pair->theirs.has_base && pair->theirs.base_minor != ours->base_minor) ||
      !has_same_part_back(pair, reach))
    return 0;
  for (size_t i = 0; i < options->rate_count; i++) {
    enum hs_reconcile_reason reason = reason_of_rate(ours, &options->rates[i]);
    if ((pair->rate == NULL || reason < *out) && is_their_rate(pair, &options->rates[i], reach)) {
      pair->rate = &options->rates[i];
      *out = reason;
    }
  }
  return pair->rate != NULL;
}

/* Sharing is ours: a network gives the whole order to one partner. */
static int is_share(const struct hs_reconcile_pair *pair, int64_t reach)
{
  return hs_ratio_compare(pair->ours.part, HS_RATIO_ONE) < 0 && has_same_part_back(pair, reach) &&
         is_product(pair->theirs.earned_minor, pair->ours.part, pair->ours.earned_minor, reach);
}

static int is_base(const struct hs_reconcile_pair *pair, int64_t reach)
{
  return pair->ours.has_base && pair->theirs.has_base &&
         pair->ours.base_minor != pair->theirs.base_minor && has_same_part_back(pair, reach) &&
         is_part(pair->ours.earned_minor, pair->theirs.base_minor, pair->ours.base_minor,
                 pair->theirs.earned_minor, reach);
}

/* Minor units of one currency may be a hundredth and of the other a whole. */
static struct hs_ratio power_of_ten(int exponent)
{
  int64_t power = 1;
  for (int i = 0; i < abs(exponent); i++)
    power *= 10;
  return exponent >= 0 ? hs_ratio_of(power, 1) : hs_ratio_of(1, power);
}

static int is_exchanged(const struct hs_reconcile_pair *pair,
                        const struct hs_reconcile_options *options, int64_t reach)
{
  int shift = hs_currency_digits(pair->ours.currency) - hs_currency_digits(pair->theirs.currency);
  for (size_t i = 0; i < options->exchange_count; i++) {
    const struct hs_reconcile_exchange *exchange = &options->exchanges[i];
    struct hs_ratio worth;
    int64_t amount = 0;
    if (!hs_currency_equal(exchange->from, pair->theirs.currency) ||
        !hs_currency_equal(exchange->to, pair->ours.currency) ||
        !hs_ratio_multiply(hs_ratio_of(hs_reconcile_net(&pair->theirs), 1),
                           hs_ratio_of_decimal(exchange->rate), &worth) ||
        !hs_ratio_multiply(worth, power_of_ten(shift), &worth) ||
        !hs_ratio_round(worth, HS_ROUND_HALF_EVEN, &amount))
      continue;
    if (is_near(amount, hs_reconcile_net(&pair->ours), reach))
      return 1;
  }
  return 0;
}

/* In this order: the first reason whose arithmetic comes out is the plainest one. */
static enum hs_reconcile_reason explain_amount(struct hs_reconcile_pair *pair,
                                               const struct hs_reconcile_options *options)
{
  int64_t reach = reach_of(pair);
  enum hs_reconcile_reason reason = HS_RECONCILE_UNEXPLAINED;
  if (pair->ours.is_mixed || pair->theirs.is_mixed)
    return HS_RECONCILE_UNEXPLAINED;
  if (!hs_currency_equal(pair->ours.currency, pair->theirs.currency))
    return is_exchanged(pair, options, reach) ? HS_RECONCILE_CURRENCY : HS_RECONCILE_UNEXPLAINED;
  if (is_rounding(pair, reach))
    return HS_RECONCILE_ROUNDING;
  if (is_refund(pair, reach))
    return HS_RECONCILE_REFUND;
  if (is_rate(pair, options, reach, &reason))
    return reason;
  if (is_share(pair, reach))
    return HS_RECONCILE_SHARE;
  return is_base(pair, reach) ? HS_RECONCILE_BASE : HS_RECONCILE_UNEXPLAINED;
}

static void judge_both(struct hs_reconcile_pair *pair, const struct hs_reconcile_options *options)
{
  int is_equal = hs_currency_equal(pair->ours.currency, pair->theirs.currency) &&
                 !pair->ours.is_mixed && !pair->theirs.is_mixed &&
                 hs_reconcile_net(&pair->ours) == hs_reconcile_net(&pair->theirs);
  if (!is_equal) {
    pair->verdict = HS_RECONCILE_AMOUNT_DIFFERS;
    pair->reason = explain_amount(pair, options);
  } else if (pair->ours.state != pair->theirs.state) {
    /* Of equal amounts one is reversed and the other is not only when nothing was earned. */
    pair->verdict = HS_RECONCILE_STATUS_DIFFERS;
    pair->reason = HS_RECONCILE_PROGRESS;
  } else {
    pair->verdict = HS_RECONCILE_SAME;
    pair->reason = HS_RECONCILE_EQUAL;
  }
}

/* others: whether the other side has the order under another partner. */
static void judge_one(struct hs_reconcile_pair *pair, const struct hs_reconcile_options *options,
                      int others)
{
  int is_ours = pair->ours.line_count > 0;
  const struct hs_reconcile_side *side = is_ours ? &pair->ours : &pair->theirs;
  pair->verdict = is_ours ? HS_RECONCILE_ONLY_OURS : HS_RECONCILE_ONLY_THEIRS;
  pair->reason = HS_RECONCILE_UNEXPLAINED;
  if (side->is_mixed)
    return;
  if (hs_reconcile_net(side) == 0)
    pair->reason = HS_RECONCILE_NOTHING;
  else if (pair->order_id.data == NULL)
    pair->reason = HS_RECONCILE_NO_ORDER;
  else if (others)
    pair->reason = HS_RECONCILE_OTHER_PARTNER;
  else if (is_ours && (side->at_us < options->from_us || side->at_us >= options->until_us))
    pair->reason = HS_RECONCILE_NOT_COVERED;
}

/* ---- pairs ---- */

static int make_pair(const struct line *lines, size_t count, struct hs_reconcile_pair *out)
{
  int fits = 1;
  *out = (struct hs_reconcile_pair){.order_id = lines[0].line->order_id,
                                    .partner = lines[0].line->partner};
  for (size_t i = 0; i < count; i++)
    fits &= add_line(lines[i].is_ours ? &out->ours : &out->theirs, lines[i].line);
  close_side(&out->ours);
  close_side(&out->theirs);
  return fits;
}

static size_t pair_end(const struct line *lines, size_t from, size_t count)
{
  size_t until = from + 1;
  while (until < count && is_same_pair(lines[from].line, lines[until].line))
    until++;
  return until;
}

static enum hs_status make_pairs(const struct line *lines, size_t count, struct hs_reconciled *out,
                                 struct hs_err *err)
{
  for (size_t from = 0, until = 0; from < count; from = until) {
    until = pair_end(lines, from, count);
    if (!make_pair(lines + from, until - from, &out->pairs[out->pair_count++]))
      return hs_fail(err, HS_INVALID, "the commissions of order %.*s are too large to be summed up",
                     HS_STR_ARG(lines[from].line->order_id));
  }
  return HS_OK;
}

/* Pairs of one order stand together. */
static void judge_order(struct hs_reconcile_pair *pairs, size_t count,
                        const struct hs_reconcile_options *options)
{
  size_t with_ours = 0;
  size_t with_theirs = 0;
  for (size_t i = 0; i < count; i++) {
    with_ours += pairs[i].ours.line_count > 0;
    with_theirs += pairs[i].theirs.line_count > 0;
  }
  for (size_t i = 0; i < count; i++) {
    int has_ours = pairs[i].ours.line_count > 0;
    if (has_ours && pairs[i].theirs.line_count > 0)
      judge_both(&pairs[i], options);
    else
      judge_one(&pairs[i], options, has_ours ? with_theirs > 0 : with_ours > 0);
  }
}

static void judge(struct hs_reconciled *out, const struct hs_reconcile_options *options)
{
  for (size_t from = 0, until = 1; from < out->pair_count; from = until++) {
    while (until < out->pair_count && out->pairs[from].order_id.data != NULL &&
           hs_str_equal(out->pairs[from].order_id, out->pairs[until].order_id))
      until++;
    judge_order(out->pairs + from, until - from, options);
  }
}

/* ---- sums ---- */

#define CURRENCIES_MAX 200 /* ISO 4217 has fewer */

static struct hs_reconcile_sums *sums_of(struct hs_reconciled *out, struct hs_currency currency)
{
  size_t i = 0;
  while (i < out->sum_count && !hs_currency_equal(out->sums[i].currency, currency))
    i++;
  if (i == out->sum_count) {
    HS_ASSERT(i < CURRENCIES_MAX);
    out->sums[out->sum_count++] = (struct hs_reconcile_sums){.currency = currency};
  }
  return &out->sums[i];
}

/* The currency in which the pair's difference is an amount, or 0. */
static int has_one_currency(const struct hs_reconcile_pair *pair, struct hs_currency *out)
{
  *out = pair->ours.line_count > 0 ? pair->ours.currency : pair->theirs.currency;
  return !pair->ours.is_mixed && !pair->theirs.is_mixed &&
         (pair->ours.line_count == 0 || pair->theirs.line_count == 0 ||
          hs_currency_equal(pair->ours.currency, pair->theirs.currency));
}

static int add_pair(struct hs_reconciled *out, const struct hs_reconcile_pair *pair)
{
  struct hs_currency currency;
  int64_t ours = hs_reconcile_net(&pair->ours);
  int64_t theirs = hs_reconcile_net(&pair->theirs);
  int64_t difference = 0;
  out->verdicts[pair->verdict]++;
  out->reasons[pair->reason]++;
  if (!has_one_currency(pair, &currency))
    return 1;
  struct hs_reconcile_sums *sums = sums_of(out, currency);
  int64_t *by_reason = &sums->difference_minor[pair->reason];
  return !__builtin_sub_overflow(theirs, ours, &difference) &&
         !__builtin_add_overflow(sums->ours_minor, ours, &sums->ours_minor) &&
         !__builtin_add_overflow(sums->theirs_minor, theirs, &sums->theirs_minor) &&
         !__builtin_add_overflow(*by_reason, difference, by_reason);
}

static int by_currency(const void *a, const void *b)
{
  const struct hs_reconcile_sums *x = a;
  const struct hs_reconcile_sums *y = b;
  return hs_str_compare(hs_str_of(x->currency.code), hs_str_of(y->currency.code));
}

static enum hs_status sum_up(struct hs_reconciled *out, struct hs_err *err)
{
  for (size_t i = 0; i < out->pair_count; i++)
    if (!add_pair(out, &out->pairs[i]))
      return hs_fail(err, HS_INVALID, "the commissions are too large to be summed up");
  qsort(out->sums, out->sum_count, sizeof *out->sums, by_currency);
  return HS_OK;
}

enum hs_status hs_reconcile(struct hs_arena *arena, const struct hs_reconcile_line *ours,
                            size_t our_count, const struct hs_reconcile_line *theirs,
                            size_t their_count, const struct hs_reconcile_options *options,
                            struct hs_reconciled *out, struct hs_err *err)
{
  size_t count = our_count + their_count;
  struct line *lines = hs_arena_alloc_raw(arena, count, sizeof *lines);
  struct hs_reconciled found = {.pairs = hs_arena_alloc_raw(arena, count, sizeof *found.pairs),
                                .sums =
                                    hs_arena_alloc_raw(arena, CURRENCIES_MAX, sizeof *found.sums)};
  if (lines == NULL || found.pairs == NULL || found.sums == NULL)
    return hs_arena_full(arena, "the commissions of both sides", err);
  for (size_t i = 0; i < count; i++)
    lines[i] =
        i < our_count ? (struct line){&ours[i], 1} : (struct line){&theirs[i - our_count], 0};
  qsort(lines, count, sizeof *lines, by_pair);
  enum hs_status status = make_pairs(lines, count, &found, err);
  if (status != HS_OK)
    return status;
  judge(&found, options);
  status = sum_up(&found, err);
  if (status == HS_OK)
    *out = found;
  return status;
}
