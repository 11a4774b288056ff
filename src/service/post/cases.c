#include "service/post/cases_priv.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"

/* Address space of each array; a page's touches are by far the most. */
#define PAGE_ARENA_BYTES (256 * HS_MIB)
#define ROWS_ARENA_BYTES (1 * HS_GIB)
/* The longest window that terms may have (agreement/terms.h). */
#define WINDOW_US (365 * HS_DAY_US)

/* ---- orders ---- */

struct hs_str hs_case_text(struct hs_arena *arena, struct hs_str text, int *is_full)
{
  if (text.data == NULL)
    return text;
  char *copy = hs_arena_copy(arena, text.data, text.length);
  *is_full |= copy == NULL;
  return (struct hs_str){copy, text.length};
}

static enum hs_status add_order(struct hs_case_page *page, const struct hs_new_order_batch *orders,
                                size_t i, struct hs_err *err)
{
  const struct hs_order_batch *batch = &orders->basic;
  struct hs_cases *cases = page->cases;
  struct hs_case *order = &cases->cases[cases->count];
  int is_full = 0;
  *order = (struct hs_case){.id = hs_case_text(&cases->arena, batch->order_id[i], &is_full),
                            .person = batch->person[i] != 0 ? batch->person[i] : batch->customer[i],
                            .at_us = batch->at_us[i],
                            .cart_at_us = orders->cart_at_us[i],
                            .claimed_at_us = batch->at_us[i],
                            .partner = HS_NO_PARTNER,
                            .amount_minor = batch->amount_minor[i],
                            .refunded_minor = batch->refunded_minor[i],
                            .coupon = hs_case_text(&cases->arena, batch->coupon[i], &is_full),
                            .sequence = batch->sequence[i],
                            .row_number = batch->row_number[i]};
  if (is_full)
    return hs_arena_full(&cases->arena, "a page of orders", err);
  if (!hs_currency_parse(batch->currency[i], &order->currency))
    return hs_fail(err, HS_CORRUPT, "order %.*s: no currency is called %.*s", HS_STR_ARG(order->id),
                   HS_STR_ARG(batch->currency[i]));
  page->ids[2 * cases->count] = batch->person[i];
  page->ids[2 * cases->count + 1] = batch->customer[i];
  cases->count++;
  return hs_bought_read(orders, i, &cases->arena, &order->bought, err);
}

static enum hs_status add_orders(void *context, const struct hs_new_order_batch *orders,
                                 struct hs_err *err)
{
  struct hs_case_page *page = context;
  enum hs_status status = HS_OK;
  HS_ASSERT(orders->basic.count <= page->asked->count_max - page->cases->count);
  for (size_t i = 0; i < orders->basic.count && status == HS_OK; i++)
    status = add_order(page, orders, i, err);
  return status;
}

/* ---- leads, events and clicks ---- */

/* A click that its source gave no name is called by its place in the journal. */
static struct hs_str name_of(struct hs_arena *arena, const struct hs_action_batch *batch, size_t i,
                             int *is_full)
{
  char place[48];
  if (batch->name[i].data != NULL)
    return hs_case_text(arena, batch->name[i], is_full);
  (void)snprintf(place, sizeof place, "%" PRIu64 "/%" PRId64, batch->sequence[i],
                 batch->row_number[i]);
  return hs_case_text(arena, hs_str_of(place), is_full);
}

/* What rules may ask of it as metadata: of a lead its status. */
static enum hs_status add_facts(struct hs_case *action, struct hs_str metadata,
                                struct hs_arena *arena, struct hs_err *err)
{
  struct hs_bought *facts = &action->bought;
  enum hs_status status = HS_OK;
  if (metadata.data != NULL)
    status = hs_facts_read(metadata, arena, &facts->facts, &facts->fact_count, err);
  if (status != HS_OK)
    hs_err_prefix(err, "%s %.*s", hs_rule_event_word(action->event), HS_STR_ARG(action->id));
  if (status != HS_OK || action->event != HS_RULE_LEAD || action->word.data == NULL)
    return status;
  facts->facts = hs_arena_alloc(arena, 1, sizeof *facts->facts);
  if (facts->facts == NULL)
    return hs_arena_full(arena, "the status of a lead", err);
  facts->facts[0] = (struct hs_fact){HS_STR("status"), action->word};
  facts->fact_count = 1;
  return HS_OK;
}

static enum hs_status add_action(struct hs_case_page *page, const struct hs_action_batch *batch,
                                 size_t i, struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  struct hs_arena *arena = &cases->arena;
  struct hs_case *action = &cases->cases[cases->count];
  int is_full = 0;
  *action = (struct hs_case){.event = page->event,
                             .id = name_of(arena, batch, i, &is_full),
                             .person = batch->person[i],
                             .at_us = batch->at_us[i],
                             .cart_at_us = INT64_MAX,
                             .claimed_at_us = batch->began_at_us[i],
                             .named = hs_case_text(arena, batch->partner[i], &is_full),
                             .partner = HS_NO_PARTNER,
                             .word = hs_case_text(arena, batch->word[i], &is_full),
                             .is_repeated = batch->is_repeated[i],
                             .sequence = batch->sequence[i],
                             .row_number = batch->row_number[i]};
  if (is_full)
    return hs_arena_full(arena, "a page of leads, events or clicks", err);
  if (action->named.data != NULL)
    action->partner = hs_in_force_partner(page->in_force, action->named);
  page->ids[2 * cases->count] = batch->person[i];
  page->ids[2 * cases->count + 1] = 0;
  cases->count++;
  return add_facts(action, batch->metadata[i], arena, err);
}

static enum hs_status add_actions(void *context, const struct hs_action_batch *batch,
                                  struct hs_err *err)
{
  struct hs_case_page *page = context;
  enum hs_status status = HS_OK;
  HS_ASSERT(batch->count <= page->asked->count_max - page->cases->count);
  for (size_t i = 0; i < batch->count && status == HS_OK; i++)
    status = add_action(page, batch, i, err);
  return status;
}

/* ---- a page of either ---- */

static enum hs_status make_room(struct hs_case_page *page, struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  size_t most = page->asked->count_max;
  hs_arena_reset(&cases->arena, 0);
  hs_arena_reset(&cases->touches, 0);
  hs_arena_reset(&cases->pairs, 0);
  hs_arena_reset(&cases->firsts, 0);
  cases->count = 0;
  cases->cases = hs_arena_alloc_raw(&cases->arena, most, sizeof *cases->cases);
  page->ids = hs_arena_alloc_raw(&cases->arena, 2 * most, sizeof *page->ids);
  return cases->cases == NULL || page->ids == NULL
             ? hs_arena_full(&cases->arena, "a page of orders", err)
             : HS_OK;
}

/* ---- public ---- */

enum hs_status hs_cases_open(struct hs_cases *cases, struct hs_err *err)
{
  *cases = (struct hs_cases){.window_us = WINDOW_US};
  enum hs_status status = hs_arena_init(&cases->arena, PAGE_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&cases->touches, ROWS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&cases->pairs, ROWS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&cases->firsts, ROWS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_rates_open(&cases->rates, err);
  if (status != HS_OK)
    hs_cases_release(cases);
  return status;
}

void hs_cases_release(struct hs_cases *cases)
{
  hs_arena_release(&cases->arena);
  hs_arena_release(&cases->touches);
  hs_arena_release(&cases->pairs);
  hs_arena_release(&cases->firsts);
  hs_rates_release(&cases->rates);
}

enum hs_status hs_cases_load(struct hs_cases *cases, const struct hs_trail *trail,
                             const struct hs_in_force *in_force, const struct hs_order_page *page,
                             struct hs_err *err)
{
  struct hs_case_page loading = {.cases = cases, .in_force = in_force, .asked = page};
  enum hs_status status = make_room(&loading, err);
  if (status == HS_OK)
    status = trail->new_orders(trail->self, page, add_orders, &loading, err);
  return status == HS_OK ? hs_case_page_complete(&loading, trail, err) : status;
}

enum hs_rule_event hs_action_event(enum hs_event_kind kind)
{
  if (kind == HS_EVENT_LEAD)
    return HS_RULE_LEAD;
  if (kind == HS_EVENT_CUSTOM)
    return HS_RULE_CUSTOM;
  return kind == HS_EVENT_TOUCH ? HS_RULE_CLICK : HS_RULE_SALE;
}

/* Leaves out what is not wanted, with the ids that it named. */
static enum hs_status sift_page(struct hs_case_page *page, hs_case_sift_fn sift, void *context,
                                struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  unsigned char *is_wanted = hs_arena_alloc(&cases->arena, cases->count, 1);
  if (is_wanted == NULL)
    return hs_arena_full(&cases->arena, "a page of orders", err);
  enum hs_status status = sift(context, cases->cases, cases->count, is_wanted, err);
  size_t kept = 0;
  for (size_t i = 0; i < cases->count && status == HS_OK; i++) {
    if (!is_wanted[i])
      continue;
    cases->cases[kept] = cases->cases[i];
    page->ids[2 * kept] = page->ids[2 * i];
    page->ids[2 * kept + 1] = page->ids[2 * i + 1];
    kept++;
  }
  cases->count = kept;
  return status;
}

enum hs_status hs_cases_load_span(struct hs_cases *cases, const struct hs_trail *trail,
                                  const struct hs_in_force *in_force, struct hs_order_span *span,
                                  hs_case_sift_fn sift, void *context, int *is_end,
                                  struct hs_err *err)
{
  const struct hs_order_page asked = {.until_sequence = span->until_sequence,
                                      .count_max = span->count_max};
  struct hs_case_page loading = {.cases = cases, .in_force = in_force, .asked = &asked};
  enum hs_status status = make_room(&loading, err);
  if (status == HS_OK)
    status = trail->orders_between(trail->self, span, add_orders, &loading, err);
  if (status != HS_OK)
    return status;
  *is_end = cases->count < span->count_max;
  if (cases->count > 0) {
    const struct hs_case *last = &cases->cases[cases->count - 1];
    span->behind_us = last->at_us;
    span->behind_sequence = last->sequence;
    span->behind_row = last->row_number;
    status = sift_page(&loading, sift, context, err);
  }
  return status == HS_OK ? hs_case_page_complete(&loading, trail, err) : status;
}

enum hs_status hs_cases_load_actions(struct hs_cases *cases, const struct hs_trail *trail,
                                     const struct hs_in_force *in_force,
                                     const struct hs_action_page *page, struct hs_err *err)
{
  const struct hs_order_page asked = {.until_sequence = page->until_sequence,
                                      .count_max = page->count_max};
  struct hs_case_page loading = {
      .cases = cases, .in_force = in_force, .asked = &asked, .event = hs_action_event(page->kind)};
  enum hs_status status = make_room(&loading, err);
  if (status == HS_OK)
    status = trail->new_actions(trail->self, page, add_actions, &loading, err);
  return status == HS_OK && loading.event != HS_RULE_CLICK
             ? hs_case_page_complete(&loading, trail, err)
             : status;
}
