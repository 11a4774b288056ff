/* Transfers on their way into the ledger. */
#include "service/post/post_priv.h"

static struct hs_account account_of(enum hs_account_kind kind, struct hs_str partner)
{
  return (struct hs_account){.kind = kind,
                             .party = hs_account_is_partners(kind) ? partner : (struct hs_str){0}};
}

enum hs_status hs_post_entry(struct hs_posting *posting, const struct hs_entry *entry,
                             struct hs_err *err)
{
  const struct hs_transfer_spec *spec = hs_transfer_spec(entry->kind);
  struct hs_transfer_row row = {.kind = hs_str_of(spec->word),
                                .debit = account_of(spec->debit, entry->partner),
                                .credit = account_of(spec->credit, entry->partner),
                                .amount_minor = entry->amount_minor,
                                .currency = entry->currency,
                                .reference = entry->reference,
                                .reason = entry->reason,
                                .effective_us = entry->effective_us > posting->closed_until_us
                                                    ? entry->effective_us
                                                    : posting->closed_until_us,
                                .sequence = posting->sequence};
  if (entry->commission != NULL)
    row.commission = *entry->commission;
  posting->counts->transfers++;
  return posting->writer->ledger.add_transfer(posting->writer->ledger.self, &row, NULL, err);
}

enum hs_status hs_post_commission(struct hs_posting *posting, enum hs_transfer_kind kind,
                                  const struct hs_commission_row *commission, int64_t amount_minor,
                                  int64_t effective_us, struct hs_str reference,
                                  struct hs_str reason, struct hs_err *err)
{
  struct hs_entry entry = {.kind = kind,
                           .partner = commission->partner,
                           .commission = &commission->id,
                           .currency = commission->currency,
                           .amount_minor = amount_minor,
                           .effective_us = effective_us,
                           .reference = reference,
                           .reason = reason};
  return amount_minor > 0 ? hs_post_entry(posting, &entry, err) : HS_OK;
}

static enum hs_status fold(void *context, const struct hs_transfer_row *row, struct hs_err *err)
{
  enum hs_transfer_kind kind;
  if (!hs_transfer_kind_parse(row->kind, &kind))
    return hs_fail(err, HS_UNSUPPORTED, "transfer %llu is of a kind that is not known here: %.*s",
                   (unsigned long long)row->number, HS_STR_ARG(row->kind));
  return hs_owed_add(context, kind, row->amount_minor, err);
}

enum hs_status hs_ledger_owed(const struct hs_ledger_reader *ledger, const struct hs_id *commission,
                              struct hs_owed *out, struct hs_err *err)
{
  *out = (struct hs_owed){0};
  return ledger->transfers_of_commission(ledger->self, commission, fold, out, err);
}

struct holding {
  struct hs_str dispute;
  struct hs_owed owed;
  int64_t held_minor;
};

static enum hs_status fold_held(void *context, const struct hs_transfer_row *row,
                                struct hs_err *err)
{
  struct holding *holding = context;
  int is_own = hs_str_equal(row->reference, holding->dispute);
  if (is_own && row->credit.kind == HS_ACCOUNT_DISPUTED)
    holding->held_minor += row->amount_minor;
  if (is_own && row->debit.kind == HS_ACCOUNT_DISPUTED)
    holding->held_minor -= row->amount_minor;
  return fold(&holding->owed, row, err);
}

enum hs_status hs_ledger_held(const struct hs_ledger_reader *ledger, const struct hs_id *commission,
                              struct hs_str dispute, int64_t *held_minor, struct hs_err *err)
{
  struct holding holding = {.dispute = dispute};
  enum hs_status status =
      ledger->transfers_of_commission(ledger->self, commission, fold_held, &holding, err);
  *held_minor =
      holding.held_minor < holding.owed.disputed ? holding.held_minor : holding.owed.disputed;
  return status;
}

/* A row is borrowed while it is read, and a reader's callback must not read on. */
struct keeping {
  struct hs_arena *arena;
  struct hs_commission_row row;
};

static enum hs_status keep(void *context, const struct hs_commission_row *row, struct hs_err *err)
{
  struct keeping *keeping = context;
  struct hs_commission_row *kept = &keeping->row;
  struct hs_str *texts[] = {&kept->type, &kept->order_id, &kept->partner, &kept->agreement,
                            &kept->rule, &kept->part,     &kept->evidence};
  *kept = *row;
  return hs_strs_keep(keeping->arena, texts, sizeof texts / sizeof *texts)
             ? HS_OK
             : hs_arena_full(keeping->arena, "a commission", err);
}

enum hs_status hs_ledger_commission(const struct hs_ledger_reader *ledger, const struct hs_id *id,
                                    struct hs_arena *arena, struct hs_commission_row *out,
                                    struct hs_err *err)
{
  struct keeping keeping = {.arena = arena};
  enum hs_status status = ledger->commission(ledger->self, id, keep, &keeping, err);
  if (status == HS_OK)
    *out = keeping.row;
  return status;
}

enum hs_status hs_ledger_keep_dispute(struct hs_arena *arena, struct hs_dispute_row *row,
                                      struct hs_err *err)
{
  struct hs_str *texts[] = {&row->partner, &row->order_id, &row->about, &row->opened_by,
                            &row->words};
  return hs_strs_keep(arena, texts, sizeof texts / sizeof *texts)
             ? HS_OK
             : hs_arena_full(arena, "a dispute", err);
}

struct keeping_dispute {
  struct hs_arena *arena;
  struct hs_dispute_row row;
};

static enum hs_status keep_dispute(void *context, const struct hs_dispute_row *row,
                                   struct hs_err *err)
{
  struct keeping_dispute *keeping = context;
  keeping->row = *row;
  return hs_ledger_keep_dispute(keeping->arena, &keeping->row, err);
}

enum hs_status hs_ledger_dispute(const struct hs_ledger_reader *ledger, const struct hs_id *id,
                                 struct hs_arena *arena, struct hs_dispute_row *out,
                                 struct hs_err *err)
{
  struct keeping_dispute keeping = {.arena = arena};
  enum hs_status status = ledger->dispute(ledger->self, id, keep_dispute, &keeping, err);
  if (status == HS_OK)
    *out = keeping.row;
  return status;
}
