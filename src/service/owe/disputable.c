#include "service/owe/disputable.h"

#include "base/time.h"
#include "service/agreed/in_force.h"

#define AGREED_ARENA_BYTES (1 * HS_GIB) /* address space */

struct learning {
  uint64_t sequence;
  int64_t at_us;
};

static enum hs_status note_import(void *context, const struct hs_import *import,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct learning *learning = context;
  if (import->sequence == learning->sequence)
    learning->at_us = import->created_at_us;
  return HS_OK;
}

static enum hs_status note_lock(void *context, const struct hs_lock_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  struct learning *learning = context;
  if (row->sequence == learning->sequence)
    learning->at_us = row->at_us;
  return HS_OK;
}

enum hs_status hs_learnt_at(const struct hs_book *book, const struct hs_ledger_reader *ledger,
                            uint64_t sequence, int64_t *at_us, struct hs_err *err)
{
  struct learning learning = {sequence, INT64_MIN};
  enum hs_status status = book->imports(book->self, note_import, &learning, err);
  if (status == HS_OK)
    status = ledger->locks(ledger->self, note_lock, &learning, err);
  *at_us = learning.at_us;
  return status;
}

enum hs_status hs_commission_dispute_days(struct hs_programme *programme,
                                          const struct hs_commission_row *commission,
                                          uint32_t *days, struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_in_force in_force;
  enum hs_status status = hs_arena_init(&arena, AGREED_ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, UINT64_MAX,
                            &arena, &in_force, err);
  if (status == HS_OK) {
    const struct hs_agreed_version *version =
        hs_in_force_numbered(&in_force, commission->agreement, commission->version);
    HS_ASSERT(version != NULL); /* the book refuses a commission without it */
    *days = version->terms.dispute_days;
  }
  hs_arena_release(&arena);
  return status;
}

enum hs_status hs_disputable_until(const struct hs_book *book,
                                   const struct hs_ledger_reader *ledger, int64_t effective_us,
                                   uint64_t sequence, uint32_t days, int64_t *until_us,
                                   struct hs_err *err)
{
  int64_t learnt_us = INT64_MIN;
  enum hs_status status = hs_learnt_at(book, ledger, sequence, &learnt_us, err);
  *until_us = (learnt_us > effective_us ? learnt_us : effective_us) + (int64_t)days * HS_DAY_US;
  return status;
}

/* The entry that was learnt last is also the one that tells when. */
struct last_change {
  int64_t effective_us;
  uint64_t sequence;
};

static enum hs_status note_change(void *context, const struct hs_transfer_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct last_change *last = context;
  if (row->debit.kind != HS_ACCOUNT_EXPENSE && row->credit.kind != HS_ACCOUNT_EXPENSE)
    return HS_OK;
  if (row->effective_us > last->effective_us)
    last->effective_us = row->effective_us;
  last->sequence = row->sequence;
  return HS_OK;
}

enum hs_status hs_commission_disputable_until(const struct hs_book *book,
                                              const struct hs_ledger_reader *ledger,
                                              const struct hs_id *commission, uint32_t days,
                                              int64_t *until_us, struct hs_err *err)
{
  struct last_change last = {HS_TIME_MIN_US, 0};
  enum hs_status status =
      ledger->transfers_of_commission(ledger->self, commission, note_change, &last, err);
  return status == HS_OK ? hs_disputable_until(book, ledger, last.effective_us, last.sequence, days,
                                               until_us, err)
                         : status;
}
