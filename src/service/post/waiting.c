#include "service/post/waiting.h"

#include <jansson.h>

#include "base/room.h"
#include "service/post/evidence.h"
#include "service/post/post.h"

/* ---- all that waited ---- */

static int read_currency(struct hs_str evidence, struct hs_currency *out)
{
  json_t *document = json_loadb(evidence.data, evidence.length, 0, NULL);
  const char *code =
      json_string_value(json_object_get(json_object_get(document, "order"), "currency"));
  int is_read = code != NULL && hs_currency_parse(hs_str_of(code), out);
  json_decref(document);
  return is_read;
}

static enum hs_status note_waiting(void *context, const struct hs_commission_row *row,
                                   struct hs_err *err)
{
  struct hs_waiting_list *list = context;
  struct hs_waiting waiting = {.commission = row->id,
                               .order_id = row->order_id,
                               .partner = row->partner,
                               .agreement = row->agreement,
                               .part = row->part,
                               .version = row->version,
                               .sequence = row->sequence,
                               .to = row->currency,
                               .ordered_us = row->occurred_at_us};
  struct hs_str *texts[] = {&waiting.order_id, &waiting.partner, &waiting.agreement, &waiting.part};
  if (!hs_evidence_waits(row->evidence))
    return HS_OK;
  if (!read_currency(row->evidence, &waiting.from))
    return hs_fail(err, HS_CORRUPT, "the evidence of %s does not say the order's currency",
                   row->id.text);
  struct hs_waiting *grown =
      hs_arena_room(list->arena, list->items, list->count, 1, &list->capacity, sizeof *grown);
  if (grown == NULL || !hs_strs_keep(list->arena, texts, sizeof texts / sizeof *texts))
    return hs_arena_full(list->arena, "what waits for a rate", err);
  list->items = grown;
  list->items[list->count++] = waiting;
  return HS_OK;
}

enum hs_status hs_waiting_load(const struct hs_ledger_reader *ledger, struct hs_arena *arena,
                               struct hs_waiting_list *out, struct hs_err *err)
{
  *out = (struct hs_waiting_list){.arena = arena};
  return ledger->commissions_refused(ledger->self, note_waiting, out, err);
}

/* ---- whether it still does ---- */

struct asking {
  const struct hs_waiting *waiting;
  uint64_t judged_again; /* after it; 0: not */
  int is_still_shared, is_judged;
};

static enum hs_status note_judged(void *context, const struct hs_commission_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct asking *asking = context;
  const struct hs_waiting *waiting = asking->waiting;
  asking->is_judged |=
      hs_str_equal(row->type, HS_STR("sale")) && !hs_str_equal(row->rule, HS_STR("refused")) &&
      !hs_evidence_is_of_bonus(row->evidence) && hs_str_equal(row->partner, waiting->partner) &&
      hs_str_equal(row->agreement, waiting->agreement) && row->version == waiting->version;
  return HS_OK;
}

static enum hs_status note_again(void *context, const struct hs_judged_again_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct asking *asking = context;
  if (row->sequence > asking->waiting->sequence)
    asking->judged_again = row->sequence;
  return HS_OK;
}

static enum hs_status note_share(void *context, const struct hs_order_share_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct asking *asking = context;
  const struct hs_waiting *waiting = asking->waiting;
  asking->is_still_shared |=
      row->sequence == asking->judged_again && hs_str_equal(row->partner, waiting->partner) &&
      hs_str_equal(row->agreement, waiting->agreement) && row->version == waiting->version &&
      hs_str_equal(row->part, waiting->part);
  return HS_OK;
}

/* A second judgement names all that share the order since. */
static enum hs_status ask_of_order(const struct hs_ledger_reader *ledger, struct asking *asking,
                                   struct hs_err *err)
{
  struct hs_str order_id = asking->waiting->order_id;
  enum hs_status status =
      ledger->commissions_of_order(ledger->self, order_id, note_judged, asking, err);
  if (status == HS_OK)
    status = ledger->judged_again(ledger->self, order_id, note_again, asking, err);
  if (status == HS_OK && asking->judged_again != 0)
    status = ledger->order_shares(ledger->self, order_id, note_share, asking, err);
  return status;
}

enum hs_status hs_waiting_still(const struct hs_ledger_reader *ledger,
                                const struct hs_waiting *waiting, int *still, struct hs_err *err)
{
  struct asking asking = {.waiting = waiting};
  struct hs_owed owed;
  enum hs_status status = hs_ledger_owed(ledger, &waiting->commission, &owed, err);
  if (status == HS_OK)
    status = ask_of_order(ledger, &asking, err);
  *still =
      owed.earned == 0 && !asking.is_judged && (asking.judged_again == 0 || asking.is_still_shared);
  return status;
}
