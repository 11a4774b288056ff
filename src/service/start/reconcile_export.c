#include "service/start/reconcile_export.h"

#include <stdlib.h>

#include "base/room.h"
#include "service/agreed/in_force.h"
#include "service/post/post.h"

/* The network may date an order of the export differently: by its own posting, or in another zone.
 */
#define MARGIN_US (31 * HS_DAY_US)

struct making {
  struct hs_programme *programme;
  struct hs_arena *arena;
  const struct hs_reconcile_request *request;
  struct hs_reconcile_page page;
  struct hs_in_force in_force;
  struct hs_reconcile_line *theirs, *ours;
  size_t our_room;
  struct hs_id *our_ids;
  struct hs_str *their_orders, *their_partners; /* sorted */
};

/* ---- theirs ---- */

/* The network's id of a partner is what it goes by, its name what people know. */
static struct hs_str our_name(const struct hs_reconcile_request *request,
                              const struct hs_start_row *row)
{
  for (size_t i = 0; i < request->alias_count; i++) {
    struct hs_str theirs = request->aliases[i].theirs;
    if ((row->partner_id.data != NULL && hs_str_equal(theirs, row->partner_id)) ||
        (row->partner.data != NULL && hs_str_equal(theirs, row->partner)))
      return request->aliases[i].ours;
  }
  return row->partner.data != NULL ? row->partner : row->partner_id;
}

static enum hs_reconcile_state their_state(enum hs_start_state state)
{
  static const enum hs_reconcile_state STATES[] = {[HS_START_PENDING] = HS_RECONCILE_PENDING,
                                                   [HS_START_APPROVED] = HS_RECONCILE_APPROVED,
                                                   [HS_START_REVERSED] = HS_RECONCILE_REVERSED,
                                                   [HS_START_PAID] = HS_RECONCILE_PAID};
  return STATES[state];
}

static enum hs_status take_theirs(const struct hs_reconcile_request *request,
                                  const struct hs_start_row *row, struct hs_reconcile_line *out,
                                  struct hs_err *err)
{
  int takes_back = row->commission_minor < 0;
  if (row->commission_minor == INT64_MIN)
    return hs_fail(err, HS_INVALID, "the commission %.*s is too large",
                   HS_STR_ARG(row->commission_id));
  *out = (struct hs_reconcile_line){
      .order_id = row->order_id,
      .partner = our_name(request, row),
      .currency = row->currency,
      .state = their_state(row->state),
      .earned_minor = takes_back ? 0 : row->commission_minor,
      .taken_back_minor = takes_back                        ? -row->commission_minor
                          : row->state == HS_START_REVERSED ? row->commission_minor
                                                            : 0,
      .has_base = row->has_amount && !takes_back && row->state != HS_START_REVERSED,
      .base_minor = row->amount_minor,
      .at_us = row->created_us};
  return HS_OK;
}

static int by_text(const void *a, const void *b)
{
  return hs_str_compare(*(const struct hs_str *)a, *(const struct hs_str *)b);
}

static int is_among(const struct hs_str *sorted, size_t count, struct hs_str text)
{
  return text.data != NULL && bsearch(&text, sorted, count, sizeof *sorted, by_text) != NULL;
}

static void find_strangers(struct making *making)
{
  struct hs_reconcile_page *page = &making->page;
  for (size_t i = 0; i < page->their_count; i++) {
    struct hs_str partner = making->their_partners[i];
    if ((i > 0 && hs_str_equal(partner, making->their_partners[i - 1])) ||
        hs_in_force_partner(&making->in_force, partner) != HS_NO_PARTNER)
      continue;
    if (page->stranger_count < HS_STRANGERS_MAX)
      page->strangers[page->stranger_count] = partner;
    page->stranger_count++;
  }
}

static enum hs_status list_theirs(struct making *making, const struct hs_start_rows *rows,
                                  struct hs_err *err)
{
  struct hs_reconcile_page *page = &making->page;
  size_t count = rows->count;
  making->theirs = hs_arena_alloc_raw(making->arena, count, sizeof *making->theirs);
  making->their_orders = hs_arena_alloc_raw(making->arena, count, sizeof(struct hs_str));
  making->their_partners = hs_arena_alloc_raw(making->arena, count, sizeof(struct hs_str));
  if (making->theirs == NULL || making->their_orders == NULL || making->their_partners == NULL)
    return hs_arena_full(making->arena, "the export", err);
  page->their_count = count;
  for (size_t i = 0; i < count; i++) {
    enum hs_status status = take_theirs(making->request, rows->rows[i], &making->theirs[i], err);
    if (status != HS_OK)
      return status;
    making->their_orders[i] = making->theirs[i].order_id;
    making->their_partners[i] = making->theirs[i].partner;
  }
  qsort(making->their_orders, count, sizeof(struct hs_str), by_text);
  qsort(making->their_partners, count, sizeof(struct hs_str), by_text);
  find_strangers(making);
  return HS_OK;
}

/* ---- ours ---- */

static enum hs_status make_room(struct making *making, struct hs_err *err)
{
  size_t count = making->page.our_count;
  size_t capacity = making->our_room; /* the two lists grow alike */
  struct hs_reconcile_line *lines =
      hs_arena_room(making->arena, making->ours, count, 1, &capacity, sizeof *lines);
  struct hs_id *ids =
      hs_arena_room(making->arena, making->our_ids, count, 1, &making->our_room, sizeof *ids);
  if (lines == NULL || ids == NULL)
    return hs_arena_full(making->arena, "our commissions", err);
  making->ours = lines;
  making->our_ids = ids;
  return HS_OK;
}

/* What the export must know of: its orders, whoever has them with us, and what its partners have in
   its time. */
static int is_for_export(const struct making *making, const struct hs_commission_row *row)
{
  const struct hs_reconcile_page *page = &making->page;
  if (is_among(making->their_orders, page->their_count, row->order_id))
    return 1;
  return row->occurred_at_us >= page->from_us && row->occurred_at_us < page->until_us &&
         is_among(making->their_partners, page->their_count, row->partner);
}

static enum hs_status take_ours(void *context, const struct hs_commission_row *row,
                                struct hs_err *err)
{
  struct making *making = context;
  if (!is_for_export(making, row)) {
    making->page.beside_count++;
    return HS_OK;
  }
  enum hs_status status = make_room(making, err);
  if (status != HS_OK)
    return status;
  struct hs_reconcile_line *line = &making->ours[making->page.our_count];
  *line = (struct hs_reconcile_line){.order_id = row->order_id,
                                     .partner = row->partner,
                                     .agreement = row->agreement,
                                     .currency = row->currency,
                                     .has_base = hs_str_equal(row->type, HS_STR("sale")),
                                     .base_minor = row->base_minor,
                                     .version = row->version,
                                     .at_us = row->occurred_at_us};
  if (!hs_ratio_parse(row->part, &line->part))
    return hs_fail(err, HS_CORRUPT, "the part of commission %s is no fraction: %.*s", row->id.text,
                   HS_STR_ARG(row->part));
  making->our_ids[making->page.our_count++] = row->id;
  struct hs_str *const texts[] = {&line->order_id, &line->partner, &line->agreement};
  return hs_strs_keep(making->arena, texts, sizeof texts / sizeof *texts)
             ? HS_OK
             : hs_arena_full(making->arena, "our commissions", err);
}

static enum hs_reconcile_state our_state(const struct hs_owed *owed)
{
  if (owed->pending > 0)
    return HS_RECONCILE_PENDING;
  if (owed->payable > 0 || owed->disputed > 0)
    return HS_RECONCILE_APPROVED;
  return owed->earned > owed->taken_back ? HS_RECONCILE_PAID : HS_RECONCILE_REVERSED;
}

static enum hs_status list_ours(struct making *making, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &making->programme->book.ledger;
  const struct hs_reconcile_page *page = &making->page;
  int64_t from_us = page->from_us > INT64_MIN + MARGIN_US ? page->from_us - MARGIN_US : INT64_MIN;
  int64_t until_us =
      page->until_us < INT64_MAX - MARGIN_US ? page->until_us + MARGIN_US : INT64_MAX;
  enum hs_status status = ledger->commissions(ledger->self, (struct hs_str){0}, from_us, until_us,
                                              take_ours, making, err);
  for (size_t i = 0; status == HS_OK && i < page->our_count; i++) {
    struct hs_owed owed;
    status = hs_ledger_owed(ledger, &making->our_ids[i], &owed, err);
    if (status != HS_OK)
      break;
    making->ours[i].earned_minor = owed.earned;
    making->ours[i].taken_back_minor = owed.taken_back;
    making->ours[i].state = our_state(&owed);
  }
  return status;
}

/* ---- rates that some version pays ---- */

static int is_of_order(const struct hs_rate *rate)
{
  return rate->structure == HS_STRUCTURE_PERCENTAGE;
}

/* The rates of a version's rules for one partner, or only how many there are (out NULL). */
static size_t add_rates(const struct hs_agreed_version *version, struct hs_str partner,
                        struct hs_reconcile_rate *out)
{
  size_t count = 0;
  for (size_t r = 0; r < version->terms.rule_count; r++) {
    const struct hs_rule *rule = &version->terms.rules[r];
    for (size_t t = 0; t <= rule->tiers.count; t++) {
      const struct hs_rate *rate = t == 0 ? &rule->rate : &rule->tiers.tier[t - 1].rate;
      if (!is_of_order(rate))
        continue;
      if (out != NULL)
        out[count] = (struct hs_reconcile_rate){partner, version->agreement, rule->name,
                                                version->number, rate->percentage};
      count++;
    }
  }
  return count;
}

static size_t all_rates(const struct hs_in_force *in_force, struct hs_reconcile_rate *out)
{
  size_t count = 0;
  for (size_t e = 0; e < in_force->enrolment_count; e++)
    for (size_t v = 0; v < in_force->version_count; v++)
      if (hs_str_equal(in_force->enrolments[e].agreement, in_force->versions[v].agreement))
        count +=
            add_rates(&in_force->versions[v], in_force->partners[in_force->enrolments[e].partner],
                      out != NULL ? out + count : NULL);
  return count;
}

/* ---- both ---- */

static enum hs_status compare(struct making *making, struct hs_err *err)
{
  struct hs_reconcile_page *page = &making->page;
  size_t rate_count = all_rates(&making->in_force, NULL);
  struct hs_reconcile_rate *rates = hs_arena_alloc_raw(making->arena, rate_count, sizeof *rates);
  if (rates == NULL)
    return hs_arena_full(making->arena, "rates", err);
  (void)all_rates(&making->in_force, rates);
  const struct hs_reconcile_options options = {.rates = rates,
                                               .rate_count = rate_count,
                                               .exchanges = making->request->exchanges,
                                               .exchange_count = making->request->exchange_count,
                                               .from_us = page->from_us,
                                               .until_us = page->until_us};
  return hs_reconcile(making->arena, making->ours, page->our_count, making->theirs,
                      page->their_count, &options, &page->found, err);
}

/* Rows against the ledger, in the time that the page says. */
static enum hs_status reconcile_rows(struct making *making, const struct hs_start_rows *rows,
                                     struct hs_err *err)
{
  const struct hs_programme *programme = making->programme;
  making->page.network = rows->network;
  making->page.rows_rejected = rows->rows_rejected;
  making->page.rows_repeated = rows->rows_repeated;
  enum hs_status status =
      hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, UINT64_MAX,
                       making->arena, &making->in_force, err);
  if (status == HS_OK)
    status = list_theirs(making, rows, err);
  if (status == HS_OK)
    status = list_ours(making, err);
  return status == HS_OK ? compare(making, err) : status;
}

/* What an export covers is the time of its rows. */
static void take_time_of(const struct hs_start_rows *rows, struct hs_reconcile_page *page)
{
  page->from_us = INT64_MAX;
  page->until_us = INT64_MIN;
  for (size_t i = 0; i < rows->count; i++) {
    int64_t at_us = rows->rows[i]->created_us;
    page->from_us = at_us < page->from_us ? at_us : page->from_us;
    page->until_us = at_us >= page->until_us ? at_us + 1 : page->until_us;
  }
}

enum hs_status hs_reconcile_export(struct hs_programme *programme, struct hs_arena *arena,
                                   const struct hs_reconcile_request *request,
                                   hs_start_reject_fn on_reject, void *context,
                                   struct hs_reconcile_page *out, struct hs_err *err)
{
  struct making making = {.programme = programme, .arena = arena, .request = request};
  struct hs_start_rows rows;
  enum hs_status status =
      hs_start_read_rows(arena, programme->io, &request->intake, on_reject, context, &rows, err);
  if (status == HS_OK && rows.count == 0)
    status = hs_fail(err, HS_INSUFFICIENT, "the export has no commission that could be used");
  if (status != HS_OK)
    return status;
  take_time_of(&rows, &making.page);
  status = reconcile_rows(&making, &rows, err);
  if (status == HS_OK)
    *out = making.page;
  return status;
}

enum hs_status hs_reconcile_imported(struct hs_programme *programme, struct hs_arena *arena,
                                     const struct hs_period *period, struct hs_reconcile_page *out,
                                     struct hs_err *err)
{
  static const struct hs_reconcile_request PLAIN = {0};
  struct making making = {.programme = programme,
                          .arena = arena,
                          .request = &PLAIN,
                          .page = {.from_us = period->from_us, .until_us = period->until_us}};
  struct hs_start_rows rows = {0};
  enum hs_status status = hs_start_imported_rows(&programme->trail, arena, period, &rows, err);
  if (status == HS_OK && rows.count > 0)
    status = reconcile_rows(&making, &rows, err);
  if (status == HS_OK)
    *out = making.page;
  return status;
}
