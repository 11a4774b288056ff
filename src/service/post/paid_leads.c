#include "service/post/paid_leads.h"

#include "service/post/actions.h"

/* Of a lead and a partner, or with HS_NO_PARTNER of a lead as a whole. */
struct hs_paid_lead {
  uint64_t key; /* 0: empty */
  struct hs_ratio parts;
};

static uint64_t key_of(const struct hs_case *lead, uint32_t partner)
{
  uint64_t key = hs_person_key_of(lead->id) + (uint64_t)partner * UINT64_C(0x9e3779b97f4a7c15);
  key = (key ^ key >> 31) * UINT64_C(0xbf58476d1ce4e5b9);
  return key == 0 ? 1 : key;
}

/* The place of the key, or the empty one where it belongs. There is an empty one. */
static struct hs_paid_lead *place_of(const struct hs_paid_leads *paid, uint64_t key)
{
  size_t at = (size_t)(key >> 32) & (paid->slot_count - 1);
  while (paid->slots[at].key != 0 && paid->slots[at].key != key)
    at = (at + 1) & (paid->slot_count - 1);
  return &paid->slots[at];
}

static enum hs_status make_room(struct hs_paid_leads *paid, struct hs_err *err)
{
  if (2 * (paid->used_count + 1) <= paid->slot_count)
    return HS_OK;
  struct hs_paid_leads wider = *paid;
  wider.slot_count = paid->slot_count == 0 ? 256 : 2 * paid->slot_count;
  wider.slots = hs_arena_alloc(paid->arena, wider.slot_count, sizeof *wider.slots);
  if (wider.slots == NULL)
    return hs_arena_full(paid->arena, "the leads that were paid", err);
  for (size_t i = 0; i < paid->slot_count; i++)
    if (paid->slots[i].key != 0)
      *place_of(&wider, paid->slots[i].key) = paid->slots[i];
  *paid = wider;
  return HS_OK;
}

static struct hs_ratio parts_of(const struct hs_paid_leads *paid, uint64_t key)
{
  const struct hs_paid_lead *lead = paid->slot_count == 0 ? NULL : place_of(paid, key);
  return lead == NULL || lead->key == 0 ? HS_RATIO_ZERO : lead->parts;
}

static enum hs_status note(struct hs_paid_leads *paid, uint64_t key, struct hs_ratio parts,
                           struct hs_err *err)
{
  enum hs_status status = make_room(paid, err);
  if (status != HS_OK)
    return status;
  struct hs_paid_lead *lead = place_of(paid, key);
  paid->used_count += lead->key == 0;
  *lead = (struct hs_paid_lead){key, parts};
  return HS_OK;
}

enum hs_status hs_paid_leads_pass(struct hs_paid_leads *paid, const struct hs_case *lead,
                                  struct hs_judgement *judgement, struct hs_err *err)
{
  uint64_t whole = key_of(lead, HS_NO_PARTNER);
  struct hs_ratio parts = parts_of(paid, whole);
  enum hs_status status = HS_OK;
  for (size_t i = judgement->share_count; i-- > 0;) {
    uint32_t partner = judgement->shares[i].partner;
    if (parts_of(paid, key_of(lead, partner)).top > 0)
      hs_action_drop_partner(judgement, partner);
  }
  hs_action_keep_within(judgement, parts);
  for (size_t i = 0; i < judgement->share_count && status == HS_OK; i++) {
    const struct hs_judged_share *share = &judgement->shares[i];
    if (share->refused == NULL && share->portion_count == 0)
      continue;
    if (!hs_ratio_add(parts, share->part, &parts))
      return hs_fail(err, HS_INVALID, "lead %.*s: its parts do not fit", HS_STR_ARG(lead->id));
    status = note(paid, key_of(lead, share->partner), share->part, err);
  }
  return status == HS_OK && parts.top > 0 ? note(paid, whole, parts, err) : status;
}
