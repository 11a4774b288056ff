#include "service/agreed/in_force.h"

#include <stdlib.h>

#include "base/room.h"
#include "service/agreed/policy_json.h"

/* One list of the book after the other is read into an array that grows in the arena; only one
   grows at a time, and the texts of its rows lie between its copies. */
struct loading {
  struct hs_arena *arena;
  struct hs_in_force *in_force;
  size_t capacity;         /* of the array that is being filled */
  uint64_t until_sequence; /* what was decided later is passed over */
};

/* The array with room for one row more, or NULL with err. */
static void *with_room(struct loading *loading, void *rows, size_t count, size_t size,
                       struct hs_err *err)
{
  void *grown = hs_arena_room(loading->arena, rows, count, 1, &loading->capacity, size);
  if (grown == NULL)
    (void)hs_arena_full(loading->arena, "what was agreed", err);
  return grown;
}

static enum hs_status copy_text(struct loading *loading, struct hs_str text, struct hs_str *out,
                                struct hs_err *err)
{
  *out = text;
  return hs_str_keep(loading->arena, out) ? HS_OK
                                          : hs_arena_full(loading->arena, "what was agreed", err);
}

/* ---- partners and their codes ---- */

static enum hs_status add_partner(void *context, const struct hs_party *party, struct hs_err *err)
{
  struct loading *loading = context;
  struct hs_in_force *in_force = loading->in_force;
  struct hs_str name;
  enum hs_status status = copy_text(loading, party->name, &name, err);
  if (status != HS_OK)
    return status;
  struct hs_str *rows =
      with_room(loading, in_force->partners, in_force->partner_count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  in_force->partners = rows;
  rows[in_force->partner_count++] = name;
  return HS_OK;
}

static enum hs_status add_coupon(void *context, const struct hs_coupon *coupon, struct hs_err *err)
{
  struct loading *loading = context;
  struct hs_in_force *in_force = loading->in_force;
  uint32_t partner = hs_in_force_partner(in_force, coupon->party);
  struct hs_coupon_owner row = {.valid_from_us = coupon->valid_from_us,
                                .valid_until_us = coupon->valid_until_us};
  if (partner == HS_NO_PARTNER)
    return HS_OK;
  row.partner = in_force->partners[partner];
  enum hs_status status = copy_text(loading, coupon->code, &row.code, err);
  if (status != HS_OK)
    return status;
  struct hs_coupon_owner *rows =
      with_room(loading, in_force->coupons, in_force->coupon_count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  in_force->coupons = rows;
  rows[in_force->coupon_count++] = row;
  return HS_OK;
}

/* ---- versions ---- */

static enum hs_status add_version(void *context, const struct hs_version_row *from,
                                  struct hs_err *err)
{
  struct loading *loading = context;
  struct hs_in_force *in_force = loading->in_force;
  struct hs_agreed_version row = {
      .number = from->number, .from_us = from->from_us, .until_us = from->until_us};
  struct hs_str document = {0};
  struct hs_err why;
  enum hs_status status = copy_text(loading, from->agreement, &row.agreement, err);
  if (status == HS_OK)
    status = copy_text(loading, from->document, &document, err);
  if (status != HS_OK)
    return status;
  status = hs_agreement_read(document, loading->arena, &row.document, &row.terms, NULL, NULL, &why);
  if (status == HS_INVALID)
    return hs_fail(err, HS_CORRUPT, "agreement %.*s, version %llu cannot be read: %s",
                   HS_STR_ARG(row.agreement), (unsigned long long)row.number, why.text);
  if (status != HS_OK)
    return hs_fail(err, status, "%s", why.text);
  struct hs_agreed_version *rows =
      with_room(loading, in_force->versions, in_force->version_count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  in_force->versions = rows;
  rows[in_force->version_count++] = row;
  return HS_OK;
}

static int by_agreement_then_newest(const void *left, const void *right)
{
  const struct hs_agreed_version *a = left;
  const struct hs_agreed_version *b = right;
  int names = hs_str_compare(a->agreement, b->agreement);
  return names != 0 ? names : (a->number < b->number) - (a->number > b->number);
}

static size_t first_version(const struct hs_in_force *in_force, struct hs_str agreement)
{
  size_t low = 0;
  size_t high = in_force->version_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (hs_str_compare(in_force->versions[middle].agreement, agreement) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static struct hs_agreed_version *find_version(const struct hs_in_force *in_force,
                                              struct hs_str agreement, uint64_t number)
{
  for (size_t i = first_version(in_force, agreement); i < in_force->version_count; i++) {
    struct hs_agreed_version *version = &in_force->versions[i];
    if (!hs_str_equal(version->agreement, agreement))
      break;
    if (version->number == number)
      return version;
  }
  return NULL;
}

/* ---- who agreed, and what ended ---- */

#define PARTIES_SIGNING_MAX 64

/* Which of a document's parties have agreed to it, as bits: by signing, proposing or accepting. */
struct signing {
  struct loading *loading;
  uint64_t *signed_parties; /* of each version */
};

static uint64_t bit_of_party(const struct hs_agreement *document, struct hs_str party)
{
  const struct hs_str *names = document->parties.items;
  for (size_t i = 0; i < document->parties.count && i < PARTIES_SIGNING_MAX; i++)
    if (hs_str_equal(names[i], party))
      return UINT64_C(1) << i;
  return 0;
}

static uint64_t bits_of_all(const struct hs_agreement *document)
{
  size_t count = document->parties.count;
  return count >= PARTIES_SIGNING_MAX ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static void forget_refusal(struct hs_in_force *in_force, const struct hs_agreed_version *version,
                           uint32_t partner)
{
  for (size_t i = in_force->refusal_count; i-- > 0;)
    if (in_force->refusals[i].version == version && in_force->refusals[i].partner == partner)
      in_force->refusals[i] = in_force->refusals[--in_force->refusal_count];
}

/* The last answer counts. */
static enum hs_status note_answer(struct loading *loading, struct hs_agreed_version *version,
                                  struct hs_str party, int is_accepted, struct hs_err *err)
{
  struct hs_in_force *in_force = loading->in_force;
  uint32_t partner = hs_in_force_partner(in_force, party);
  if (partner == HS_NO_PARTNER)
    return HS_OK;
  forget_refusal(in_force, version, partner);
  if (is_accepted)
    return HS_OK;
  struct hs_refusal *rows =
      with_room(loading, in_force->refusals, in_force->refusal_count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  in_force->refusals = rows;
  rows[in_force->refusal_count++] = (struct hs_refusal){version, partner};
  version->has_refusal = 1;
  return HS_OK;
}

/* What a row says of who agrees, in *agree and *refuse, as bits of the parties. Of a standard offer
   nobody has to say anything: it is enough that all were told in time, which whoever wrote the row
   has seen to. */
static void agreement_of_row(const struct hs_agreement *document,
                             const struct hs_version_state_row *row, uint64_t *agree,
                             uint64_t *refuse)
{
  uint64_t party = row->party.data == NULL ? 0 : bit_of_party(document, row->party);
  *agree = *refuse = 0;
  if (hs_str_equal(row->state, HS_STR("signed")))
    *agree = row->party.data == NULL ? UINT64_MAX : party;
  else if (hs_str_equal(row->state, HS_STR("proposed")) ||
           hs_str_equal(row->state, HS_STR("accepted")))
    *agree = party;
  else if (hs_str_equal(row->state, HS_STR("notified")) && row->party.data == NULL &&
           document->weight == HS_WEIGHT_STANDARD)
    *agree = UINT64_MAX;
  else if (hs_str_equal(row->state, HS_STR("declined")) ||
           hs_str_equal(row->state, HS_STR("countered")))
    *refuse = party;
}

static int is_answer(struct hs_str state)
{
  return hs_str_equal(state, HS_STR("accepted")) || hs_str_equal(state, HS_STR("declined")) ||
         hs_str_equal(state, HS_STR("countered"));
}

static enum hs_status add_state(void *context, const struct hs_version_state_row *row,
                                struct hs_err *err)
{
  const struct signing *signing = context;
  struct hs_in_force *in_force = signing->loading->in_force;
  uint64_t agree;
  uint64_t refuse;
  if (row->sequence > signing->loading->until_sequence)
    return HS_OK;
  struct hs_agreed_version *version = find_version(in_force, row->agreement, row->number);
  if (version == NULL)
    return hs_fail(err, HS_CORRUPT, "agreement %.*s has no version %llu",
                   HS_STR_ARG(row->agreement), (unsigned long long)row->number);
  uint64_t *bits = &signing->signed_parties[version - in_force->versions];
  uint64_t all = bits_of_all(&version->document);
  agreement_of_row(&version->document, row, &agree, &refuse);
  *bits = (*bits | agree) & ~refuse;
  version->is_signed = *bits == UINT64_MAX || (all != 0 && (*bits & all) == all);
  in_force->has_signed |= version->is_signed;
  if (hs_str_equal(row->state, HS_STR("ended")) && row->at_us < version->until_us) {
    version->until_us = row->at_us;
    version->is_ended = 1;
  }
  return is_answer(row->state) ? note_answer(signing->loading, version, row->party,
                                             hs_str_equal(row->state, HS_STR("accepted")), err)
                               : HS_OK;
}

static int by_version_then_partner(const void *left, const void *right)
{
  const struct hs_refusal *a = left;
  const struct hs_refusal *b = right;
  if (a->version != b->version)
    return (a->version > b->version) - (a->version < b->version);
  return (a->partner > b->partner) - (a->partner < b->partner);
}

static enum hs_status load_states(const struct hs_ledger_reader *ledger, struct loading *loading,
                                  struct hs_err *err)
{
  struct signing signing = {.loading = loading};
  signing.signed_parties = hs_arena_alloc(loading->arena, loading->in_force->version_count,
                                          sizeof *signing.signed_parties);
  if (signing.signed_parties == NULL)
    return hs_arena_full(loading->arena, "what was agreed", err);
  return ledger->version_states(ledger->self, (struct hs_str){0}, add_state, &signing, err);
}

/* ---- who takes part ---- */

static enum hs_status add_enrolment(void *context, const struct hs_enrolment_row *from,
                                    struct hs_err *err)
{
  struct loading *loading = context;
  struct hs_in_force *in_force = loading->in_force;
  struct hs_enrolled row = {.partner = hs_in_force_partner(in_force, from->party),
                            .from_us = from->from_us,
                            .until_us = from->until_us,
                            .sequence = from->sequence};
  if (from->sequence > loading->until_sequence || row.partner == HS_NO_PARTNER)
    return HS_OK;
  /* The name lives with the agreement's versions, of which there is one before anybody joins. */
  size_t version = first_version(in_force, from->agreement);
  if (version == in_force->version_count ||
      !hs_str_equal(in_force->versions[version].agreement, from->agreement))
    return hs_fail(err, HS_CORRUPT, "%.*s takes part in agreement %.*s, which has no version",
                   HS_STR_ARG(from->party), HS_STR_ARG(from->agreement));
  row.agreement = in_force->versions[version].agreement;
  struct hs_enrolled *rows =
      with_room(loading, in_force->enrolments, in_force->enrolment_count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  in_force->enrolments = rows;
  rows[in_force->enrolment_count++] = row;
  return HS_OK;
}

static int by_partner_then_latest(const void *left, const void *right)
{
  const struct hs_enrolled *a = left;
  const struct hs_enrolled *b = right;
  if (a->partner != b->partner)
    return (a->partner > b->partner) - (a->partner < b->partner);
  if (a->sequence != b->sequence)
    return (a->sequence < b->sequence) - (a->sequence > b->sequence);
  return hs_str_compare(a->agreement, b->agreement);
}

/* ---- policies ---- */

static enum hs_status add_policy(void *context, const struct hs_policy_row *from,
                                 struct hs_err *err)
{
  struct loading *loading = context;
  struct hs_in_force *in_force = loading->in_force;
  struct hs_policy_texts texts = {from->first, from->last, from->minimum, from->document};
  struct hs_agreed_policy row = {.number = from->number, .from_us = from->from_us};
  if (from->sequence > loading->until_sequence)
    return HS_OK;
  enum hs_status status = hs_policy_read(&texts, loading->arena, &row.policy, err);
  if (status != HS_OK)
    return status;
  struct hs_agreed_policy *rows =
      with_room(loading, in_force->policies, in_force->policy_count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  in_force->policies = rows;
  rows[in_force->policy_count++] = row;
  return HS_OK;
}

static int by_newest(const void *left, const void *right)
{
  const struct hs_agreed_policy *a = left;
  const struct hs_agreed_policy *b = right;
  return (a->number < b->number) - (a->number > b->number);
}

/* Where each partner's begin in the sorted ones: they are looked up for every touchpoint. */
static enum hs_status find_enrolments(struct loading *loading, struct hs_err *err)
{
  struct hs_in_force *in_force = loading->in_force;
  size_t *starts = hs_arena_alloc(loading->arena, in_force->partner_count + 1, sizeof *starts);
  if (starts == NULL)
    return hs_arena_full(loading->arena, "what is agreed", err);
  for (size_t i = 0; i < in_force->enrolment_count; i++)
    starts[in_force->enrolments[i].partner + 1]++;
  for (size_t p = 0; p < in_force->partner_count; p++)
    starts[p + 1] += starts[p];
  in_force->enrolment_starts = starts;
  return HS_OK;
}

/* ---- own customers ---- */

/* The last word about a partner and an id holds. */
static enum hs_status add_own(void *context, const struct hs_own_customer_row *row,
                              struct hs_err *err)
{
  struct loading *loading = context;
  struct hs_in_force *in_force = loading->in_force;
  struct hs_own_customer own = {hs_in_force_partner(in_force, row->party),
                                hs_person_key_of(row->customer)};
  size_t kept = 0;
  if (row->sequence > loading->until_sequence)
    return HS_OK;
  for (size_t i = 0; i < in_force->own_count; i++)
    if (in_force->owns[i].partner != own.partner || in_force->owns[i].id != own.id)
      in_force->owns[kept++] = in_force->owns[i];
  in_force->own_count = kept;
  if (!hs_str_equal(row->state, HS_STR("declared")))
    return HS_OK;
  struct hs_own_customer *rows =
      with_room(loading, in_force->owns, in_force->own_count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  in_force->owns = rows;
  rows[in_force->own_count++] = own;
  return HS_OK;
}

/* ---- public ---- */

enum hs_status hs_in_force_load(const struct hs_ledger_reader *ledger, const struct hs_book *book,
                                const struct hs_zone *zone, uint64_t until_sequence,
                                struct hs_arena *arena, struct hs_in_force *out, struct hs_err *err)
{
  *out = (struct hs_in_force){.zone = zone};
  struct loading loading = {.arena = arena, .in_force = out, .until_sequence = until_sequence};
  enum hs_status status = book->parties(book->self, add_partner, &loading, err);
  loading.capacity = 0;
  if (status == HS_OK)
    status = book->coupons(book->self, add_coupon, &loading, err);
  hs_coupons_sort(out->coupons, out->coupon_count);
  loading.capacity = 0;
  if (status == HS_OK)
    status = ledger->versions(ledger->self, (struct hs_str){0}, add_version, &loading, err);
  if (status != HS_OK)
    return status;
  if (out->version_count > 0)
    qsort(out->versions, out->version_count, sizeof *out->versions, by_agreement_then_newest);
  loading.capacity = 0;
  status = load_states(ledger, &loading, err);
  loading.capacity = 0;
  if (status == HS_OK)
    status = ledger->enrolments(ledger->self, add_enrolment, &loading, err);
  loading.capacity = 0;
  if (status == HS_OK)
    status = ledger->own_customers(ledger->self, add_own, &loading, err);
  loading.capacity = 0;
  if (status == HS_OK)
    status = ledger->policies(ledger->self, add_policy, &loading, err);
  if (status != HS_OK)
    return status;
  if (out->refusal_count > 0)
    qsort(out->refusals, out->refusal_count, sizeof *out->refusals, by_version_then_partner);
  if (out->enrolment_count > 0)
    qsort(out->enrolments, out->enrolment_count, sizeof *out->enrolments, by_partner_then_latest);
  status = find_enrolments(&loading, err);
  if (status != HS_OK)
    return status;
  if (out->policy_count > 0)
    qsort(out->policies, out->policy_count, sizeof *out->policies, by_newest);
  return HS_OK;
}

int hs_in_force_pays(const struct hs_in_force *in_force, enum hs_rule_event event)
{
  for (size_t v = 0; v < in_force->version_count; v++) {
    const struct hs_agreed_version *version = &in_force->versions[v];
    for (size_t r = 0; version->is_signed && r < version->terms.rule_count; r++)
      if (version->terms.rules[r].event == event)
        return 1;
  }
  return 0;
}

uint32_t hs_in_force_partner(const struct hs_in_force *in_force, struct hs_str name)
{
  size_t low = 0;
  size_t high = in_force->partner_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = hs_str_compare(in_force->partners[middle], name);
    if (order == 0)
      return (uint32_t)middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return HS_NO_PARTNER;
}

const struct hs_agreed_version *hs_in_force_numbered(const struct hs_in_force *in_force,
                                                     struct hs_str agreement, uint64_t number)
{
  return find_version(in_force, agreement, number);
}

int hs_in_force_is_refused(const struct hs_in_force *in_force,
                           const struct hs_agreed_version *version, uint32_t partner)
{
  struct hs_refusal sought = {version, partner};
  return version->has_refusal && bsearch(&sought, in_force->refusals, in_force->refusal_count,
                                         sizeof sought, by_version_then_partner) != NULL;
}

const struct hs_agreed_version *hs_in_force_standing(const struct hs_in_force *in_force,
                                                     struct hs_str agreement, uint64_t number,
                                                     int64_t at_us)
{
  const struct hs_agreed_version *later = NULL;
  for (size_t i = first_version(in_force, agreement); i < in_force->version_count; i++) {
    const struct hs_agreed_version *version = &in_force->versions[i];
    if (!hs_str_equal(version->agreement, agreement))
      break;
    if (version->number >= number || !version->is_signed || version->until_us != INT64_MAX)
      continue;
    if (version->from_us <= at_us)
      return version;
    later = version;
  }
  return later;
}

static const struct hs_agreed_version *version_at(const struct hs_in_force *in_force,
                                                  struct hs_str agreement, uint32_t partner,
                                                  int64_t at_us)
{
  for (size_t i = first_version(in_force, agreement); i < in_force->version_count; i++) {
    const struct hs_agreed_version *version = &in_force->versions[i];
    if (!hs_str_equal(version->agreement, agreement))
      break;
    if (version->is_signed && version->from_us <= at_us && at_us < version->until_us &&
        !hs_in_force_is_refused(in_force, version, partner))
      return version;
  }
  return NULL;
}

/* Whether a later decision about the same agreement holds at the moment instead. */
static int is_replaced(const struct hs_in_force *in_force, size_t first, size_t enrolment,
                       int64_t at_us)
{
  for (size_t i = first; i < enrolment; i++)
    if (in_force->enrolments[i].from_us <= at_us &&
        hs_str_equal(in_force->enrolments[i].agreement, in_force->enrolments[enrolment].agreement))
      return 1;
  return 0;
}

const struct hs_agreed_version *hs_in_force_version(const struct hs_in_force *in_force,
                                                    uint32_t partner, int64_t at_us)
{
  if (partner == HS_NO_PARTNER)
    return NULL;
  size_t first = in_force->enrolment_starts[partner];
  for (size_t i = first; i < in_force->enrolment_starts[partner + 1]; i++) {
    const struct hs_enrolled *enrolled = &in_force->enrolments[i];
    if (enrolled->from_us > at_us || at_us >= enrolled->until_us ||
        is_replaced(in_force, first, i, at_us))
      continue;
    const struct hs_agreed_version *version =
        version_at(in_force, enrolled->agreement, partner, at_us);
    if (version != NULL)
      return version;
  }
  return NULL;
}

const struct hs_agreed_policy *hs_in_force_policy(const struct hs_in_force *in_force, int64_t at_us)
{
  for (size_t i = 0; i < in_force->policy_count; i++)
    if (in_force->policies[i].from_us <= at_us)
      return &in_force->policies[i];
  return NULL;
}

uint32_t hs_in_force_coupon(const struct hs_in_force *in_force, struct hs_str code, int64_t at_us)
{
  const struct hs_coupon_owner *owner =
      hs_coupons_find(in_force->coupons, in_force->coupon_count, code, at_us);
  return owner == NULL ? HS_NO_PARTNER : hs_in_force_partner(in_force, owner->partner);
}
