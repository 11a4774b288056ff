/* Whether what is shared can be applied. What is missing for a kind of agreement is the gate's
   affair; what is there must make sense. */
#include "agreement/together.h"

#include "agreement/agreement.h"
#include "agreement/shape_priv.h"
#include "base/ratio.h"

struct together {
  const struct hs_agreement *agreement;
  struct hs_faults faults;
};

static int is_given(struct hs_decimal decimal) { return decimal.scale >= 0; }

/* ---- parties ---- */

/* A standard offer names no parties; then any name will do. */
static void check_party(struct together *together, const struct hs_place *place, struct hs_str name)
{
  const struct hs_list *parties = &together->agreement->parties;
  const struct hs_str *items = parties->items;
  struct hs_place here = hs_place_field(place, "party");
  if (parties->count == 0 || name.data == NULL)
    return;
  for (size_t p = 0; p < parties->count; p++)
    if (hs_str_equal(items[p], name))
      return;
  hs_faults_tell(&together->faults, &here, "\"%.*s\" is none of the parties", HS_STR_ARG(name));
}

/* Tells of a list in which each party has its item, by the names in that list. */
static void check_once(struct together *together, const struct hs_place *list,
                       const struct hs_str *names, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    struct hs_place item = hs_place_item(list, i);
    check_party(together, &item, names[i]);
    for (size_t j = 0; j < i; j++)
      if (hs_str_equal(names[i], names[j]))
        hs_faults_tell(&together->faults, &item, "\"%.*s\" stands twice", HS_STR_ARG(names[i]));
  }
  if (together->agreement->parties.count > 0 && count != together->agreement->parties.count)
    hs_faults_tell(&together->faults, list, "names %zu of %zu parties", count,
                   together->agreement->parties.count);
}

/* ---- sharing ---- */

#define SIDES_MAX 12 /* the tables allow no more */

static void check_sum(struct together *together, const struct hs_place *list, const char *what,
                      const struct hs_decimal *parts, size_t count)
{
  struct hs_ratio sum = HS_RATIO_ZERO;
  char text[HS_RATIO_TEXT];
  for (size_t i = 0; i < count; i++)
    if (!hs_ratio_add(sum, hs_ratio_of_decimal(parts[i]), &sum)) {
      hs_faults_tell(&together->faults, list, "%s have too many digits", what);
      return;
    }
  hs_ratio_format(sum, text);
  if (hs_ratio_compare(sum, HS_RATIO_ONE) != 0)
    hs_faults_tell(&together->faults, list, "%s sum to %s, not to 1", what, text);
}

static void check_shares(struct together *together, const struct hs_place *place,
                         const struct hs_list *list)
{
  const struct hs_side_share *shares = list->items;
  struct hs_place here = hs_place_field(place, "shares");
  struct hs_str names[SIDES_MAX] = {0};
  struct hs_decimal parts[SIDES_MAX];
  struct hs_decimal losses[SIDES_MAX];
  HS_ASSERT(list->count <= SIDES_MAX);
  for (size_t i = 0; i < list->count; i++) {
    names[i] = shares[i].party;
    parts[i] = shares[i].share;
    losses[i] = is_given(shares[i].loss) ? shares[i].loss : shares[i].share;
  }
  check_once(together, &here, names, list->count);
  check_sum(together, &here, "the shares", parts, list->count);
  check_sum(together, &here, "the shares of a loss", losses, list->count);
}

static void check_step(struct together *together, const struct hs_place *place,
                       const struct hs_sharing_step *step)
{
  int has_figure = is_given(step->rate) || is_given(step->most);
  check_party(together, place, step->party);
  if (step->kind == HS_TEXT_RECOUP && has_figure)
    hs_faults_tell(&together->faults, place, "what is recouped are the costs: no rate and no most");
  if (step->kind == HS_TEXT_PREFERRED && !has_figure)
    hs_faults_tell(&together->faults, place, "a preferred part needs a rate or a most");
  if (step->kind == HS_TEXT_PREFERRED && step->party.data == NULL)
    hs_faults_tell(&together->faults, place, "whose preferred part is it?");
}

static void check_sharing(struct together *together)
{
  const struct hs_sharing_text *sharing = together->agreement->sharing;
  struct hs_place place = hs_place_field(NULL, "sharing");
  struct hs_place steps = hs_place_field(&place, "steps");
  if (sharing == NULL)
    return;
  if (sharing->kind != HS_TEXT_KEPT && sharing->shares.count == 0)
    hs_faults_tell(&together->faults, &place, "needs the shares of each side");
  if (sharing->kind == HS_TEXT_KEPT && sharing->shares.count > 0)
    hs_faults_tell(&together->faults, &place, "has shares, but each side keeps what it has");
  if ((sharing->kind == HS_TEXT_WATERFALL) != (sharing->steps.count > 0))
    hs_faults_tell(&together->faults, &steps, "a waterfall has steps, and nothing else has");
  if (sharing->shares.count > 0)
    check_shares(together, &place, &sharing->shares);
  for (size_t i = 0; i < sharing->steps.count; i++) {
    struct hs_place item = hs_place_item(&steps, i);
    check_step(together, &item, (const struct hs_sharing_step *)sharing->steps.items + i);
  }
}

/* ---- fairness ---- */

static void check_fairness(struct together *together)
{
  const struct hs_fairness_text *fairness = together->agreement->fairness;
  struct hs_place place = hs_place_field(NULL, "fairness");
  struct hs_place list = hs_place_field(&place, "ranges");
  struct hs_str names[SIDES_MAX] = {0};
  struct hs_ratio low = HS_RATIO_ZERO;
  struct hs_ratio high = HS_RATIO_ZERO;
  int fits = 1;
  if (fairness == NULL)
    return;
  HS_ASSERT(fairness->ranges.count <= SIDES_MAX);
  for (size_t i = 0; i < fairness->ranges.count; i++) {
    const struct hs_fair_range *range = (const struct hs_fair_range *)fairness->ranges.items + i;
    struct hs_place item = hs_place_item(&list, i);
    names[i] = range->party;
    fits &= hs_ratio_add(low, hs_ratio_of_decimal(range->low), &low) &&
            hs_ratio_add(high, hs_ratio_of_decimal(range->high), &high);
    if (hs_decimal_compare(range->low, range->high) > 0)
      hs_faults_tell(&together->faults, &item, "low is above high");
  }
  check_once(together, &list, names, fairness->ranges.count);
  if (!fits)
    hs_faults_tell(&together->faults, &list, "the ranges have too many digits");
  else if (hs_ratio_compare(low, HS_RATIO_ONE) > 0)
    hs_faults_tell(&together->faults, &list, "the lows together ask for more than there is");
  else if (hs_ratio_compare(high, HS_RATIO_ONE) < 0)
    hs_faults_tell(&together->faults, &list, "the highs together leave a part to nobody");
}

/* ---- whose it is ---- */

static void check_resources(struct together *together)
{
  const struct hs_list *list = &together->agreement->resources;
  struct hs_place place = hs_place_field(NULL, "resources");
  for (size_t i = 0; i < list->count; i++) {
    struct hs_place item = hs_place_item(&place, i);
    check_party(together, &item, ((const struct hs_resource *)list->items)[i].party);
  }
}

static void check_campaign(struct together *together)
{
  const struct hs_campaign *campaign = together->agreement->campaign;
  struct hs_place place = hs_place_field(NULL, "campaign");
  struct hs_place sides = hs_place_field(&place, "sides");
  struct hs_place tasks = hs_place_field(&place, "tasks");
  struct hs_place funds = hs_place_field(&place, "funds");
  if (campaign == NULL)
    return;
  for (size_t i = 0; i < campaign->sides.count; i++) {
    struct hs_place item = hs_place_item(&sides, i);
    check_party(together, &item, ((const struct hs_campaign_side *)campaign->sides.items)[i].party);
  }
  for (size_t i = 0; i < campaign->tasks.count; i++) {
    struct hs_place item = hs_place_item(&tasks, i);
    check_party(together, &item, ((const struct hs_task *)campaign->tasks.items)[i].party);
  }
  for (size_t i = 0; i < campaign->funds.count; i++) {
    struct hs_place item = hs_place_item(&funds, i);
    check_party(together, &item, ((const struct hs_fund *)campaign->funds.items)[i].party);
  }
}

enum hs_status hs_together_check(const struct hs_agreement *agreement, hs_fault_fn fault,
                                 void *context, struct hs_err *err)
{
  struct together together = {agreement, {fault, context, err, 0}};
  check_sharing(&together);
  check_fairness(&together);
  check_resources(&together);
  check_campaign(&together);
  return together.faults.count == 0 ? HS_OK : HS_INVALID;
}
