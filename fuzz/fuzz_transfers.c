/* Sequences of transfers of one commission, each kind and amount as the bytes say: a transfer is
   taken whole or refused without a trace, balances sum to zero and are never below it on the
   partner's side, what is owed is the fold of what was taken, and taking back what is left always
   succeeds. */
#include "fuzz.h"

#include <string.h>

#include "ledger/transfers.h"

static int64_t balances[HS_ACCOUNT_KIND_COUNT]; /* credits less debits */

static void check_balances(const struct hs_owed *owed)
{
  HS_ASSERT(owed->pending == balances[HS_ACCOUNT_PENDING]);
  HS_ASSERT(owed->payable == balances[HS_ACCOUNT_PAYABLE]);
  HS_ASSERT(owed->disputed == balances[HS_ACCOUNT_DISPUTED]);
  HS_ASSERT(owed->on_its_way == balances[HS_ACCOUNT_CLEARING] && owed->on_its_way >= 0);
  HS_ASSERT(owed->pending >= 0 && owed->payable >= 0 && owed->disputed >= 0 && owed->settled >= 0);
  HS_ASSERT(owed->earned - owed->taken_back == -balances[HS_ACCOUNT_EXPENSE]);
  HS_ASSERT(owed->taken_back <= owed->earned && owed->clawed <= owed->taken_back);
  HS_ASSERT(owed->pending + owed->payable + owed->disputed + owed->settled - owed->clawed ==
            owed->earned - owed->taken_back);
}

static void add(struct hs_owed *owed, enum hs_transfer_kind kind, int64_t amount)
{
  struct hs_owed before = *owed;
  struct hs_err err = {0};
  const struct hs_transfer_spec *spec = hs_transfer_spec(kind);
  if (hs_owed_add(owed, kind, amount, &err) != HS_OK) {
    HS_ASSERT(err.text[0] != '\0' && memcmp(&before, owed, sizeof before) == 0);
    return;
  }
  balances[spec->debit] -= amount;
  balances[spec->credit] += amount;
  check_balances(owed);
}

static void take_back(struct hs_owed *owed, int64_t amount)
{
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  size_t count = 0;
  int64_t left = owed->earned - owed->taken_back;
  enum hs_status status = hs_owed_take_back(owed, amount, steps, &count, NULL);
  HS_ASSERT((status == HS_OK) == (amount >= 0 && amount <= left));
  for (size_t i = 0; i < count; i++) {
    int64_t taken = owed->taken_back;
    add(owed, steps[i].kind, steps[i].amount_minor);
    HS_ASSERT(owed->taken_back == taken + steps[i].amount_minor);
  }
  HS_ASSERT(status != HS_OK || owed->earned - owed->taken_back == left - amount);
}

/* Each step is a byte for what, and one for how much: of what is there, or as it stands. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_owed owed = {0};
  memset(balances, 0, sizeof balances);
  for (size_t i = 0; i + 2 <= size; i += 2) {
    unsigned what = data[i] % (HS_TRANSFER_KIND_COUNT + 1);
    int64_t amount = data[i + 1];
    if (data[i] >= 0xF0) /* amounts at the edge of what fits */
      amount = INT64_MAX - amount;
    if (what == HS_TRANSFER_KIND_COUNT)
      take_back(&owed, amount);
    else
      add(&owed, (enum hs_transfer_kind)what, amount);
  }
  take_back(&owed, owed.earned - owed.taken_back);
  HS_ASSERT(owed.taken_back == owed.earned);
  return 0;
}
