/* What closes expected to be taken back, as entries for the company's bookkeeping: each stands
   until the next close takes it out again. */
#include "base/room.h"
#include "service/owe/accrual.h"
#include "service/owe/general_ledger.h"

struct listing {
  const struct hs_period *period;
  struct hs_arena *arena;
  struct hs_gl_estimate *items;
  size_t count, capacity;
  /* of the close before */
  struct hs_accruals before;
  struct hs_str before_period;
};

static enum hs_status add_estimate(struct listing *listing, const struct hs_gl_estimate *estimate,
                                   struct hs_err *err)
{
  struct hs_gl_estimate *items = hs_arena_room(listing->arena, listing->items, listing->count, 1,
                                               &listing->capacity, sizeof *items);
  if (items == NULL)
    return hs_arena_full(listing->arena, "estimates", err);
  listing->items = items;
  listing->items[listing->count++] = *estimate;
  return HS_OK;
}

static enum hs_status add_estimates(struct listing *listing, const struct hs_accruals *accruals,
                                    struct hs_str period, int64_t at_us, int is_taken_out,
                                    struct hs_err *err)
{
  const struct hs_accrual *items = accruals->accruals.items;
  enum hs_status status = HS_OK;
  for (size_t a = 0; a < accruals->accruals.count && status == HS_OK; a++) {
    struct hs_gl_estimate estimate = {.at_us = at_us,
                                      .period = period,
                                      .amount_minor = items[a].expected_minor,
                                      .low_minor = items[a].low_minor,
                                      .high_minor = items[a].high_minor,
                                      .level_percent = accruals->level_percent,
                                      .is_taken_out = is_taken_out};
    if (!hs_currency_parse(items[a].currency, &estimate.currency))
      return hs_fail(err, HS_CORRUPT, "%.*s is no currency", HS_STR_ARG(items[a].currency));
    if (hs_accrual_is_told(&items[a]) && estimate.amount_minor > 0)
      status = add_estimate(listing, &estimate, err);
  }
  return status;
}

/* Closes come by their beginning. One without a document states nothing, and takes out all the same
   what the one before it had stated. */
static enum hs_status take_close(void *context, const struct hs_close_row *row, struct hs_err *err)
{
  struct listing *listing = context;
  struct hs_accruals accruals = {0};
  int64_t at_us = row->until_us - 1;
  int is_inside = at_us >= listing->period->from_us && at_us < listing->period->until_us;
  const char *name = hs_arena_copy(listing->arena, row->period.data, row->period.length);
  struct hs_str period = {name, row->period.length};
  enum hs_status status = name == NULL ? hs_arena_full(listing->arena, "estimates", err) : HS_OK;
  if (status == HS_OK && row->document.data != NULL)
    status = hs_accruals_read(row->document, listing->arena, &accruals, err);
  if (status == HS_OK && is_inside)
    status = add_estimates(listing, &listing->before, listing->before_period, at_us, 1, err);
  if (status == HS_OK && is_inside)
    status = add_estimates(listing, &accruals, period, at_us, 0, err);
  listing->before = accruals;
  listing->before_period = period;
  return status;
}

enum hs_status hs_gl_estimates_of_book(const struct hs_ledger_reader *ledger,
                                       const struct hs_period *period, struct hs_arena *arena,
                                       struct hs_gl_input *out, struct hs_err *err)
{
  struct listing listing = {.period = period, .arena = arena};
  enum hs_status status = ledger->closes(ledger->self, take_close, &listing, err);
  if (status != HS_OK)
    return status;
  out->estimates = listing.items;
  out->estimate_count = listing.count;
  return HS_OK;
}
