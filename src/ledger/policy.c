#include "ledger/policy.h"

static enum hs_status check_part(const char *name, struct hs_ratio part, struct hs_err *err)
{
  char text[HS_RATIO_TEXT];
  if (part.bottom > 0 && part.top >= 0 && part.top <= part.bottom)
    return HS_OK;
  hs_ratio_format(part, text);
  return hs_fail(err, HS_INVALID, "%s must be 0 to 1, got %s", name, text);
}

enum hs_status hs_policy_check(const struct hs_policy *policy, struct hs_err *err)
{
  enum hs_status status = check_part("first", policy->first, err);
  if (status == HS_OK)
    status = check_part("last", policy->last, err);
  if (status == HS_OK)
    status = check_part("minimum", policy->minimum, err);
  struct hs_ratio ends = HS_RATIO_ZERO;
  if (status == HS_OK && !hs_ratio_add(policy->first, policy->last, &ends))
    status = hs_fail(err, HS_INVALID, "first and last have too many digits to be added");
  if (status == HS_OK)
    status = check_part("first and last together", ends, err);
  if (status == HS_OK && policy->stand_down_us < 0)
    status = hs_fail(err, HS_INVALID, "the time to stand down must be 0 or more, got %lld us",
                     (long long)policy->stand_down_us);
  return status;
}

static enum hs_status too_fine(struct hs_err *err)
{
  return hs_fail(err, HS_INVALID, "the policy's shares have too many digits to be divided exactly");
}

/* Each partner once, in the order of first appearance. */
static size_t list_partners(const uint32_t *partners, size_t count, struct hs_share *shares)
{
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    size_t at = 0;
    while (at < found && shares[at].partner != partners[i])
      at++;
    if (at == found)
      shares[found++] = (struct hs_share){partners[i], HS_RATIO_ZERO};
  }
  return found;
}

/* Gives each what its place says, without regard to whether that makes a whole. */
static int give_places(const struct hs_policy *policy, uint32_t last, struct hs_share *shares,
                       size_t count)
{
  size_t others = 0;
  struct hs_ratio rest = HS_RATIO_ZERO;
  for (size_t i = 1; i < count; i++)
    others += shares[i].partner != last;
  int fits = hs_ratio_add(policy->first, policy->last, &rest) &&
             hs_ratio_subtract(HS_RATIO_ONE, rest, &rest);
  if (others > 0)
    fits = fits && hs_ratio_multiply(rest, hs_ratio_of(1, (int64_t)others), &rest);
  for (size_t i = 0; i < count && fits; i++) {
    if (i == 0)
      shares[i].part = policy->first;
    else if (shares[i].partner != last)
      shares[i].part = rest;
    if (shares[i].partner == last)
      fits = hs_ratio_add(shares[i].part, policy->last, &shares[i].part);
  }
  return fits;
}

static int sum_of(const struct hs_share *shares, size_t count, struct hs_ratio *sum)
{
  int fits = 1;
  *sum = HS_RATIO_ZERO;
  for (size_t i = 0; i < count && fits; i++)
    fits = hs_ratio_add(*sum, shares[i].part, sum);
  return fits;
}

/* Makes the parts sum to 1 in the proportion that they have; equal ones where all are zero. */
static int scale_to_one(struct hs_share *shares, size_t count)
{
  struct hs_ratio sum = HS_RATIO_ZERO;
  int fits = sum_of(shares, count, &sum);
  if (fits && sum.top == sum.bottom)
    return 1;
  for (size_t i = 0; i < count && fits; i++) {
    if (sum.top == 0)
      shares[i].part = hs_ratio_of(1, (int64_t)count);
    else
      fits = hs_ratio_divide(shares[i].part, sum, &shares[i].part);
  }
  return fits;
}

/* When all fall below the minimum, nobody is left out: an order that partners brought is never
   nobody's. */
static size_t drop_small(struct hs_ratio minimum, struct hs_share *shares, size_t count)
{
  int is_one_large = 0;
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    is_one_large |= hs_ratio_compare(shares[i].part, minimum) >= 0;
  for (size_t i = 0; i < count; i++)
    if (shares[i].part.top > 0 && (!is_one_large || hs_ratio_compare(shares[i].part, minimum) >= 0))
      shares[kept++] = shares[i];
  return kept;
}

enum hs_status hs_policy_divide(const struct hs_policy *policy, const uint32_t *partners,
                                size_t count, struct hs_share *shares, size_t *share_count,
                                struct hs_err *err)
{
  HS_ASSERT(count > 0 && hs_policy_check(policy, NULL) == HS_OK);
  size_t found = list_partners(partners, count, shares);
  if (!give_places(policy, partners[count - 1], shares, found) || !scale_to_one(shares, found))
    return too_fine(err);
  found = drop_small(policy->minimum, shares, found);
  if (!scale_to_one(shares, found))
    return too_fine(err);
  *share_count = found;
  return HS_OK;
}
