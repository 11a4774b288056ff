#include "ledger/sharing_terms.h"

/* The document's words stand in the order of the enums that apply them. */
_Static_assert((int)HS_TEXT_KEPT == (int)HS_SHARING_KEPT &&
                   (int)HS_TEXT_SHARES == (int)HS_SHARING_SHARES &&
                   (int)HS_TEXT_WATERFALL == (int)HS_SHARING_WATERFALL &&
                   (int)HS_TEXT_RECOUP == (int)HS_STEP_RECOUP &&
                   (int)HS_TEXT_PREFERRED == (int)HS_STEP_PREFERRED,
               "words of sharing and what they mean");

static int is_given(struct hs_decimal decimal) { return decimal.scale >= 0; }

static enum hs_status find_side(const struct hs_str *sides, size_t side_count, struct hs_str name,
                                uint32_t *out, struct hs_err *err)
{
  for (uint32_t s = 0; s < side_count; s++)
    if (hs_str_equal(sides[s], name)) {
      *out = s;
      return HS_OK;
    }
  return hs_fail(err, HS_INVALID, "there is no side \"%.*s\"", HS_STR_ARG(name));
}

static enum hs_status make_shares(const struct hs_sharing_text *text, const struct hs_str *sides,
                                  struct hs_sharing *sharing, struct hs_err *err)
{
  const struct hs_side_share *shares = text->shares.items;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < sharing->side_count; i++)
    sharing->share[i] = sharing->loss[i] = HS_RATIO_ZERO;
  for (size_t i = 0; i < text->shares.count && status == HS_OK; i++) {
    uint32_t side = 0;
    status = find_side(sides, sharing->side_count, shares[i].party, &side, err);
    if (status != HS_OK)
      break;
    sharing->share[side] = hs_ratio_of_decimal(shares[i].share);
    sharing->loss[side] =
        is_given(shares[i].loss) ? hs_ratio_of_decimal(shares[i].loss) : sharing->share[side];
  }
  return status;
}

static enum hs_status make_step(const struct hs_sharing_step *text, const struct hs_str *sides,
                                size_t side_count, struct hs_currency currency,
                                struct hs_waterfall_step *out, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  *out = (struct hs_waterfall_step){.kind = (enum hs_step_kind)text->kind,
                                    .side = HS_NOBODY,
                                    .of = (enum hs_step_of)text->of,
                                    .most_minor = INT64_MAX};
  if (text->party.data != NULL)
    status = find_side(sides, side_count, text->party, &out->side, err);
  if (is_given(text->rate))
    out->rate = hs_ratio_of_decimal(text->rate);
  if (status == HS_OK && is_given(text->most)) {
    char digits[HS_DECIMAL_TEXT];
    struct hs_money most;
    hs_decimal_format(text->most, digits);
    status = hs_money_parse(hs_str_of(digits), currency, &most, err);
    if (status == HS_OK)
      out->most_minor = most.amount_minor;
  }
  return status;
}

enum hs_status hs_sharing_make(const struct hs_sharing_text *text, const struct hs_str *sides,
                               size_t side_count, struct hs_currency currency,
                               enum hs_rounding rounding, struct hs_sharing *out,
                               struct hs_err *err)
{
  struct hs_sharing sharing = {
      .kind = HS_SHARING_KEPT, .rounding = rounding, .side_count = side_count};
  enum hs_status status = HS_OK;
  if (text != NULL) {
    HS_ASSERT(text->steps.count <= HS_STEPS_MAX && side_count <= HS_SIDES_MAX);
    sharing.kind = (enum hs_sharing_kind)text->kind;
    sharing.earned = (enum hs_earned_is)text->commissions;
    sharing.step_count = text->steps.count;
    status = make_shares(text, sides, &sharing, err);
  }
  for (size_t i = 0; i < sharing.step_count && status == HS_OK; i++) {
    status = make_step((const struct hs_sharing_step *)text->steps.items + i, sides, side_count,
                       currency, &sharing.steps[i], err);
    if (status != HS_OK)
      hs_err_prefix(err, "step %zu", i + 1);
  }
  if (status == HS_OK)
    *out = sharing;
  return status;
}

enum hs_status hs_fairness_make(const struct hs_fairness_text *text, const struct hs_str *sides,
                                size_t side_count, struct hs_fairness *out, struct hs_err *err)
{
  struct hs_fairness fairness = {
      .side_count = side_count, .window = (size_t)text->window, .least = (size_t)text->least};
  const struct hs_fair_range *ranges = text->ranges.items;
  for (size_t s = 0; s < side_count; s++) {
    fairness.low[s] = HS_RATIO_ZERO;
    fairness.high[s] = HS_RATIO_ONE;
  }
  for (size_t i = 0; i < text->ranges.count; i++) {
    uint32_t side = 0;
    enum hs_status status = find_side(sides, side_count, ranges[i].party, &side, err);
    if (status != HS_OK)
      return status;
    fairness.low[side] = hs_ratio_of_decimal(ranges[i].low);
    fairness.high[side] = hs_ratio_of_decimal(ranges[i].high);
  }
  *out = fairness;
  return HS_OK;
}
