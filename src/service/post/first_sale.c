#include "service/post/first_sale.h"

#include "base/room.h"

struct loading {
  const struct hs_in_force *in_force;
  struct hs_arena *arena;
  uint64_t until_sequence;
  uint64_t judged; /* by this frame: the order's own, or that of the second judgement */
  int is_second;
  struct hs_first_sale *sale;
  size_t capacity;
};

static enum hs_status make_room(struct loading *loading, struct hs_err *err)
{
  struct hs_first_sale *sale = loading->sale;
  size_t capacity = loading->capacity; /* the two lists grow alike */
  struct hs_first_share *shares =
      hs_arena_room(loading->arena, sale->shares, sale->count, 1, &capacity, sizeof *shares);
  const struct hs_agreed_version **versions = hs_arena_room(
      loading->arena, sale->versions, sale->count, 1, &loading->capacity, sizeof *versions);
  if (shares == NULL || versions == NULL)
    return hs_arena_full(loading->arena, "the shares of a first sale", err);
  sale->shares = shares;
  sale->versions = versions;
  return HS_OK;
}

static int is_there(const struct hs_first_sale *sale, uint32_t partner)
{
  for (size_t i = 0; i < sale->count; i++)
    if (sale->shares[i].partner == partner)
      return 1;
  return 0;
}

/* A partner has one part of an order, whatever it consists of. */
static enum hs_status add_share(struct loading *loading, const struct hs_order_share_row *row,
                                struct hs_err *err)
{
  struct hs_first_sale *sale = loading->sale;
  struct hs_first_share share = {
      .partner = hs_in_force_partner(loading->in_force, row->partner),
      .judged_at_us = row->touched_at_us,
  };
  const struct hs_agreed_version *version =
      hs_in_force_numbered(loading->in_force, row->agreement, row->version);
  if (version == NULL)
    version = hs_in_force_version(loading->in_force, share.partner, share.judged_at_us);
  if (version == NULL || is_there(sale, share.partner))
    return HS_OK;
  if (!hs_ratio_parse(row->part, &share.part))
    return hs_fail(err, HS_CORRUPT, "%.*s is no part of order %.*s", HS_STR_ARG(row->part),
                   HS_STR_ARG(row->order_id));
  enum hs_status status = make_room(loading, err);
  if (status != HS_OK)
    return status;
  sale->shares[sale->count] = share;
  sale->versions[sale->count++] = version;
  return HS_OK;
}

static enum hs_status note_judged_again(void *context, const struct hs_judged_again_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  struct loading *loading = context;
  loading->is_second = row->sequence <= loading->until_sequence;
  if (loading->is_second)
    loading->judged = row->sequence;
  return HS_OK;
}

static enum hs_status add_commission(void *context, const struct hs_commission_row *row,
                                     struct hs_err *err)
{
  struct loading *loading = context;
  struct hs_order_share_row share = {.order_id = row->order_id,
                                     .sequence = row->sequence,
                                     .partner = row->partner,
                                     .agreement = row->agreement,
                                     .version = row->version,
                                     .part = row->part,
                                     .touched_at_us = row->touched_at_us};
  return row->sequence == loading->judged ? add_share(loading, &share, err) : HS_OK;
}

static enum hs_status add_order_share(void *context, const struct hs_order_share_row *row,
                                      struct hs_err *err)
{
  struct loading *loading = context;
  return row->sequence == loading->judged ? add_share(loading, row, err) : HS_OK;
}

enum hs_status hs_first_sale_load(const struct hs_ledger_reader *ledger,
                                  const struct hs_in_force *in_force, struct hs_str order_id,
                                  uint64_t sequence, uint64_t until_sequence,
                                  struct hs_arena *arena, struct hs_first_sale *out,
                                  struct hs_err *err)
{
  struct hs_first_sale sale = {0};
  struct loading loading = {.in_force = in_force,
                            .arena = arena,
                            .until_sequence = until_sequence,
                            .judged = sequence,
                            .sale = &sale};
  enum hs_status status =
      ledger->judged_again(ledger->self, order_id, note_judged_again, &loading, err);
  if (status == HS_OK && !loading.is_second)
    status = ledger->commissions_of_order(ledger->self, order_id, add_commission, &loading, err);
  if (status == HS_OK)
    status = ledger->order_shares(ledger->self, order_id, add_order_share, &loading, err);
  if (status == HS_OK)
    *out = sale;
  return status;
}
