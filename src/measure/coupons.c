#include "measure/coupons.h"

#include <stdlib.h>

static int by_code_then_start(const void *left, const void *right)
{
  const struct hs_coupon_owner *a = left;
  const struct hs_coupon_owner *b = right;
  int codes = hs_str_compare_ascii_fold(a->code, b->code);
  if (codes != 0)
    return codes;
  return (a->valid_from_us > b->valid_from_us) - (a->valid_from_us < b->valid_from_us);
}

void hs_coupons_sort(struct hs_coupon_owner *owners, size_t count)
{
  if (count > 1)
    qsort(owners, count, sizeof *owners, by_code_then_start);
}

static size_t first_of_code(const struct hs_coupon_owner *owners, size_t count, struct hs_str code)
{
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (hs_str_compare_ascii_fold(owners[middle].code, code) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const struct hs_coupon_owner *hs_coupons_find(const struct hs_coupon_owner *owners, size_t count,
                                              struct hs_str code, int64_t at_us)
{
  if (code.length == 0)
    return NULL;
  for (size_t i = first_of_code(owners, count, code);
       i < count && hs_str_equal_ascii_fold(owners[i].code, code); i++)
    if (owners[i].valid_from_us <= at_us && at_us < owners[i].valid_until_us)
      return &owners[i];
  return NULL;
}
