#include "ledger/transfers.h"

#include <inttypes.h>

static const struct hs_transfer_spec TRANSFERS[] = {
#define HS_TRANSFER_SPEC(symbol, word, debit, credit, says)                                        \
  [symbol] = {word, HS_ACCOUNT_##debit, HS_ACCOUNT_##credit, says},
    HS_TRANSFER_TABLE(HS_TRANSFER_SPEC)
#undef HS_TRANSFER_SPEC
};

static const struct {
  const char *word;
  int is_partners;
} ACCOUNTS[] = {
#define HS_ACCOUNT_SPEC(symbol, word, is_partners) [symbol] = {word, is_partners},
    HS_ACCOUNT_TABLE(HS_ACCOUNT_SPEC)
#undef HS_ACCOUNT_SPEC
};

const struct hs_transfer_spec *hs_transfer_spec(enum hs_transfer_kind kind)
{
  HS_ASSERT((size_t)kind < HS_TRANSFER_KIND_COUNT);
  return &TRANSFERS[kind];
}

int hs_transfer_kind_parse(struct hs_str word, enum hs_transfer_kind *out)
{
  for (size_t i = 0; i < HS_TRANSFER_KIND_COUNT; i++)
    if (hs_str_equal(word, hs_str_of(TRANSFERS[i].word))) {
      *out = (enum hs_transfer_kind)i;
      return 1;
    }
  return 0;
}

const char *hs_account_word(enum hs_account_kind kind)
{
  HS_ASSERT((size_t)kind < HS_ACCOUNT_KIND_COUNT);
  return ACCOUNTS[kind].word;
}

int hs_account_kind_parse(struct hs_str word, enum hs_account_kind *out)
{
  for (size_t i = 0; i < HS_ACCOUNT_KIND_COUNT; i++)
    if (hs_str_equal(word, hs_str_of(ACCOUNTS[i].word))) {
      *out = (enum hs_account_kind)i;
      return 1;
    }
  return 0;
}

int hs_account_is_partners(enum hs_account_kind kind)
{
  HS_ASSERT((size_t)kind < HS_ACCOUNT_KIND_COUNT);
  return ACCOUNTS[kind].is_partners;
}

/* What a transfer does to each figure of a commission: +1, -1 or nothing. */
static const struct effect {
  signed char earned, pending, payable, disputed, settled, on_its_way, taken_back, clawed;
} EFFECTS[HS_TRANSFER_KIND_COUNT] = {
    [HS_TRANSFER_EARN] = {.earned = 1, .pending = 1},
    [HS_TRANSFER_CANCEL] = {.pending = -1, .taken_back = 1},
    [HS_TRANSFER_RELEASE] = {.pending = -1, .payable = 1},
    [HS_TRANSFER_TAKE_BACK] = {.payable = -1, .taken_back = 1},
    [HS_TRANSFER_CLAW_BACK] = {.taken_back = 1, .clawed = 1},
    [HS_TRANSFER_HOLD] = {.payable = -1, .disputed = 1},
    [HS_TRANSFER_FREE] = {.disputed = -1, .payable = 1},
    [HS_TRANSFER_DENY] = {.disputed = -1, .taken_back = 1},
    [HS_TRANSFER_GRANT] = {.earned = 1, .payable = 1},
    [HS_TRANSFER_SET_OFF] = {.payable = -1, .settled = 1},
    [HS_TRANSFER_PAY] = {.payable = -1, .settled = 1, .on_its_way = 1},
    [HS_TRANSFER_RETURN] = {.on_its_way = -1, .settled = -1, .payable = 1},
    [HS_TRANSFER_SETTLE] = {.on_its_way = -1},
};

/* 0 when the figure would leave 0 to INT64_MAX. */
static int move(int64_t *figure, signed char sign, int64_t amount_minor)
{
  return !__builtin_add_overflow(*figure, sign * amount_minor, figure) && *figure >= 0;
}

enum hs_status hs_owed_add(struct hs_owed *owed, enum hs_transfer_kind kind, int64_t amount_minor,
                           struct hs_err *err)
{
  const struct hs_transfer_spec *spec = hs_transfer_spec(kind);
  const struct effect *effect = &EFFECTS[kind];
  struct hs_owed after = *owed;
  if (amount_minor <= 0)
    return hs_fail(err, HS_INVALID, "a transfer must be of 1 or more, got %" PRId64, amount_minor);
  if (!move(&after.earned, effect->earned, amount_minor) ||
      !move(&after.taken_back, effect->taken_back, amount_minor))
    return hs_fail(err, HS_INVALID, "%s of %" PRId64 " does not fit", spec->word, amount_minor);
  if (!move(&after.pending, effect->pending, amount_minor) ||
      !move(&after.payable, effect->payable, amount_minor) ||
      !move(&after.disputed, effect->disputed, amount_minor) ||
      !move(&after.settled, effect->settled, amount_minor) ||
      !move(&after.on_its_way, effect->on_its_way, amount_minor) ||
      !move(&after.clawed, effect->clawed, amount_minor) ||
      (effect->clawed > 0 && after.clawed > after.settled) || after.taken_back > after.earned)
    return hs_fail(err, HS_CONFLICT,
                   "%s of %" PRId64 ": only %" PRId64 " pending, %" PRId64 " payable, %" PRId64
                   " disputed, %" PRId64 " on its way, %" PRId64 " settled, %" PRId64
                   " left of the commission",
                   spec->word, amount_minor, owed->pending, owed->payable, owed->disputed,
                   owed->on_its_way, owed->settled - owed->clawed, owed->earned - owed->taken_back);
  *owed = after;
  return HS_OK;
}

enum hs_status hs_owed_take_back(const struct hs_owed *owed, int64_t amount_minor,
                                 struct hs_step steps[HS_TAKE_BACK_STEPS_MAX], size_t *count,
                                 struct hs_err *err)
{
  const struct hs_step from[HS_TAKE_BACK_STEPS_MAX] = {
      {HS_TRANSFER_CANCEL, owed->pending},
      {HS_TRANSFER_DENY, owed->disputed},
      {HS_TRANSFER_TAKE_BACK, owed->payable},
      {HS_TRANSFER_CLAW_BACK, owed->settled - owed->clawed},
  };
  int64_t left = amount_minor;
  size_t used = 0;
  /* More may be payable than is left: a payment that came back after a part of it was taken back.
   */
  if (amount_minor < 0 || amount_minor > owed->earned - owed->taken_back)
    return hs_fail(err, HS_CONFLICT,
                   "%" PRId64 " cannot be taken back: %" PRId64 " is left of the commission",
                   amount_minor, owed->earned - owed->taken_back);
  for (size_t i = 0; i < HS_TAKE_BACK_STEPS_MAX && left > 0; i++) {
    int64_t part = from[i].amount_minor < left ? from[i].amount_minor : left;
    if (part <= 0)
      continue;
    steps[used++] = (struct hs_step){from[i].kind, part};
    left -= part;
  }
  HS_ASSERT(left == 0); /* what is left of a commission is somewhere */
  *count = used;
  return HS_OK;
}
