#include "service/joint/joint_interval.h"

#include <math.h>

/* Those of the report. */
#define LEVEL 0.9
#define MODEL HS_MODEL_SHAPLEY

/* Above what is money, and exact in a double: beyond it an end means nothing. */
#define END_MAX 9e15

struct bounding {
  struct hs_programme *programme;
  const struct hs_joint_book *book;
  const struct hs_in_force *in_force;
  struct hs_analysis analysis;
  double low, high; /* in the currency's unit, over partners */
  int has_other;    /* agreement beside this one */
};

static enum hs_status note_other(void *context, const struct hs_commission_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct bounding *bounding = context;
  bounding->has_other |= !hs_str_equal(row->agreement, bounding->book->terms.version->agreement);
  return HS_OK;
}

static struct hs_str partner_name(const struct bounding *bounding, size_t index)
{
  return bounding->in_force->partners[bounding->book->ledger.partners[index]];
}

static int has_sold(const struct bounding *bounding, size_t index)
{
  const struct hs_joint_flow *flow = &bounding->book->flows[index];
  return flow->revenue_minor != 0 || flow->order_count > 0;
}

static const struct hs_credit *credit_of(const struct bounding *bounding, struct hs_str partner)
{
  const struct hs_analysis *analysis = &bounding->analysis;
  for (size_t c = 0; c < analysis->channel_count; c++)
    if (analysis->facts[c].is_partner && hs_str_equal(analysis->channels[c], partner))
      return &analysis->credits[0].channels[c];
  return NULL;
}

/* The report counts all that a partner did in the month: of several agreements it says nothing. */
static enum hs_status find_other(struct bounding *bounding, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &bounding->programme->book.ledger;
  const struct hs_period *period = &bounding->book->terms.period;
  enum hs_status status = HS_OK;
  for (size_t p = 0; p < bounding->book->ledger.partner_count && status == HS_OK; p++)
    if (has_sold(bounding, p))
      status = ledger->commissions(ledger->self, partner_name(bounding, p), period->from_us,
                                   period->until_us, note_other, bounding, err);
  return status;
}

/* NULL when every partner that sold has its interval, all of them summed up; or why not. */
static const char *sum_up(struct bounding *bounding)
{
  if (bounding->analysis.credits == NULL)
    return bounding->analysis.refused;
  for (size_t p = 0; p < bounding->book->ledger.partner_count; p++) {
    if (!has_sold(bounding, p))
      continue;
    const struct hs_credit *credit = credit_of(bounding, partner_name(bounding, p));
    if (credit == NULL)
      return "a partner sold without a touchpoint in the journeys of the month";
    bounding->low += credit->value_low;
    bounding->high += credit->value_high;
  }
  if (!isfinite(bounding->low) || !isfinite(bounding->high) || fabs(bounding->low) > END_MAX ||
      fabs(bounding->high) > END_MAX)
    return "the report gives none";
  return NULL;
}

static const char *why_not(const struct bounding *bounding)
{
  const struct hs_joint_book *book = bounding->book;
  size_t selling = 0;
  for (size_t p = 0; book->flows != NULL && p < book->ledger.partner_count; p++)
    selling += has_sold(bounding, p) != 0;
  if (selling == 0)
    return "no order of the month was attributed to it";
  if (!hs_currency_equal(book->terms.lines.currency, bounding->programme->currency))
    return "the report is in another currency";
  return NULL;
}

static enum hs_status analyse(struct bounding *bounding, const atomic_int *interrupt,
                              const char **refused, struct hs_err *err)
{
  struct hs_model model = hs_model_default(MODEL);
  struct hs_analysis_options options = {.period = bounding->book->terms.period,
                                        .look_back_us = HS_LOOK_BACK_DAYS_DEFAULT * HS_DAY_US,
                                        .level = LEVEL,
                                        .models = &model,
                                        .model_count = 1,
                                        .interrupt = interrupt};
  enum hs_status status = hs_analysis_run(bounding->programme, &options, &bounding->analysis, err);
  if (status == HS_OK)
    *refused = sum_up(bounding);
  hs_analysis_release(&bounding->analysis);
  return status;
}

enum hs_status hs_joint_interval_make(struct hs_programme *programme,
                                      const struct hs_joint_book *book,
                                      const struct hs_in_force *in_force, int64_t amount_minor,
                                      const atomic_int *interrupt, struct hs_joint_interval *out,
                                      struct hs_err *err)
{
  struct bounding bounding = {.programme = programme, .book = book, .in_force = in_force};
  struct hs_joint_interval interval = {amount_minor, amount_minor, why_not(&bounding)};
  enum hs_status status = HS_OK;
  if (interval.refused == NULL)
    status = find_other(&bounding, err);
  if (bounding.has_other)
    interval.refused = "a partner sold under another agreement too, which the report does not part";
  if (status == HS_OK && interval.refused == NULL)
    status = analyse(&bounding, interrupt, &interval.refused, err);
  if (status == HS_OK && interval.refused == NULL) {
    double unit = hs_currency_minor_unit(book->terms.lines.currency);
    int64_t low = (int64_t)floor(bounding.low / unit);
    int64_t high = (int64_t)ceil(bounding.high / unit);
    interval.low_minor = low < amount_minor ? low : amount_minor;
    interval.high_minor = high > amount_minor ? high : amount_minor;
  }
  if (status == HS_OK)
    *out = interval;
  return status;
}
