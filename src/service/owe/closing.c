#include "service/owe/closing.h"

#include <inttypes.h>

#include "measure/reversals.h"
#include "service/post/waiting.h"
#include "service/start/reconcile_export.h"

static const struct {
  const char *word, *says;
} WORDS[HS_OPEN_KIND_COUNT] = {
    [HS_OPEN_PENDING] = {"pending", "earned, in its return period"},
    [HS_OPEN_PAYABLE] = {"payable", "owed and not sent"},
    [HS_OPEN_DISPUTED] = {"disputed", "held while it is disputed"},
    [HS_OPEN_RECEIVABLE] = {"receivable",
                            "owed by partners, for what was taken back after payment"},
    [HS_OPEN_CLEARING] = {"clearing", "sent, without word from the bank"},
    [HS_OPEN_DISPUTES] = {"disputes", "disputes without a decision"},
    [HS_OPEN_REFUSED] = {"refused", "commissions that could not be priced"},
    [HS_OPEN_UNRECONCILED] = {"unreconciled",
                              "imported of networks, without explanation beside ours"},
    [HS_OPEN_REVERSALS] = {"reversals", "expected to be taken back: an estimate"},
};

const char *hs_open_word(enum hs_open_kind kind) { return WORDS[kind].word; }
const char *hs_open_says(enum hs_open_kind kind) { return WORDS[kind].says; }

static void add_number(int64_t amount_minor, struct hs_currency currency, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, currency}, text);
  hs_buf_add_text(out, text);
}

static void add_sample(const struct hs_accrual *accrual, struct hs_buf *out)
{
  hs_buf_printf(out, "%" PRId64 " of %" PRId64 " %s of the last two years",
                accrual->taken_back_count, accrual->order_count,
                hs_plural((uint64_t)accrual->order_count, "order", "orders"));
}

void hs_open_words(const struct hs_open_line *line, struct hs_buf *out)
{
  const struct hs_accrual *accrual = line->accrual;
  if (!hs_accrual_is_told(accrual)) {
    hs_buf_printf(out, "What will be taken back in %s cannot be told yet: something was of ",
                  line->currency.code);
    add_sample(accrual, out);
    hs_buf_printf(out, ", and %d are needed.", HS_REVERSAL_ORDERS_MIN);
    return;
  }
  add_number(accrual->expected_minor, line->currency, out);
  hs_buf_printf(out, " is expected to be taken back within %" PRId64 " %s of the order: ",
                accrual->reach_days, hs_plural((uint64_t)accrual->reach_days, "day", "days"));
  add_number(accrual->of_pending_minor, line->currency, out);
  hs_buf_add_text(out, " of what is pending and ");
  add_number(accrual->of_payable_minor, line->currency, out);
  hs_buf_printf(out, " of what is owed. An estimate, with %" PRId64 " %% between ",
                line->level_percent);
  add_number(accrual->low_minor, line->currency, out);
  hs_buf_add_text(out, " and ");
  add_number(accrual->high_minor, line->currency, out);
  hs_buf_add_text(out, "; something was taken back of ");
  add_sample(accrual, out);
  hs_buf_add_text(out, ". It takes returns to go on as they did.");
}

/* ---- balances ---- */

#define CURRENCIES_MAX 64

struct sums {
  struct hs_currency currency;
  uint64_t count[HS_OPEN_KIND_COUNT];
  int64_t minor[HS_OPEN_KIND_COUNT];
};

struct summing {
  struct sums of[CURRENCIES_MAX];
  size_t currency_count;
};

/* Which accounts are open at the end of a month, and whether what we owe stands in credit. */
static int open_kind_of(enum hs_account_kind account, enum hs_open_kind *out, int *is_credit)
{
  static const struct {
    enum hs_account_kind account;
    enum hs_open_kind kind;
    int is_credit;
  } OPEN[] = {{HS_ACCOUNT_PENDING, HS_OPEN_PENDING, 1},
              {HS_ACCOUNT_PAYABLE, HS_OPEN_PAYABLE, 1},
              {HS_ACCOUNT_DISPUTED, HS_OPEN_DISPUTED, 1},
              {HS_ACCOUNT_RECEIVABLE, HS_OPEN_RECEIVABLE, 0},
              {HS_ACCOUNT_CLEARING, HS_OPEN_CLEARING, 1}};
  for (size_t i = 0; i < sizeof OPEN / sizeof *OPEN; i++)
    if (OPEN[i].account == account) {
      *out = OPEN[i].kind;
      *is_credit = OPEN[i].is_credit;
      return 1;
    }
  return 0;
}

static struct sums *sums_of(struct summing *summing, struct hs_currency currency)
{
  for (size_t i = 0; i < summing->currency_count; i++)
    if (hs_currency_equal(summing->of[i].currency, currency))
      return &summing->of[i];
  if (summing->currency_count == CURRENCIES_MAX)
    return NULL;
  summing->of[summing->currency_count].currency = currency;
  return &summing->of[summing->currency_count++];
}

static enum hs_status add_balance(void *context, const struct hs_balance_row *row,
                                  struct hs_err *err)
{
  enum hs_open_kind kind;
  int is_credit = 0;
  int64_t minor = row->debit_minor - row->credit_minor;
  if (minor == 0 || !open_kind_of(row->account.kind, &kind, &is_credit))
    return HS_OK;
  struct sums *sums = sums_of(context, row->currency);
  if (sums == NULL)
    return hs_fail(err, HS_INVALID, "there are more than %d currencies", CURRENCIES_MAX);
  sums->count[kind]++;
  if (__builtin_add_overflow(sums->minor[kind], is_credit ? -minor : minor, &sums->minor[kind]))
    return hs_fail(err, HS_INVALID, "the balances of %s do not fit", row->currency.code);
  return HS_OK;
}

static enum hs_status give_sums(const struct summing *summing, hs_open_line_fn each, void *context,
                                struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t c = 0; c < summing->currency_count; c++)
    for (int k = 0; k < HS_OPEN_KIND_COUNT && status == HS_OK; k++) {
      struct hs_open_line line = {.kind = (enum hs_open_kind)k,
                                  .currency = summing->of[c].currency,
                                  .count = summing->of[c].count[k],
                                  .amount_minor = summing->of[c].minor[k]};
      if (line.count > 0)
        status = each(context, &line, err);
    }
  return status;
}

/* ---- disputes and what was refused ---- */

#define DISPUTES_MAX 100000

struct open_disputes {
  const struct hs_period *period;
  struct hs_id *ids;
  size_t count;
  int is_decided; /* the one that is looked at */
};

static enum hs_status note_dispute(void *context, const struct hs_dispute_row *row,
                                   struct hs_err *err)
{
  struct open_disputes *disputes = context;
  if (row->opened_at_us >= disputes->period->until_us)
    return HS_OK;
  if (disputes->count == DISPUTES_MAX)
    return hs_fail(err, HS_NOMEM, "there are more than %d disputes", DISPUTES_MAX);
  disputes->ids[disputes->count++] = row->id;
  return HS_OK;
}

static enum hs_status note_verdict(void *context, const struct hs_dispute_decision_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct open_disputes *disputes = context;
  disputes->is_decided |= !hs_str_equal(row->verdict, HS_STR("incomplete"));
  return HS_OK;
}

static enum hs_status count_disputes(const struct hs_ledger_reader *ledger,
                                     struct open_disputes *disputes, uint64_t *open,
                                     struct hs_err *err)
{
  enum hs_status status =
      ledger->disputes(ledger->self, (struct hs_str){0}, note_dispute, disputes, err);
  *open = 0;
  for (size_t i = 0; i < disputes->count && status == HS_OK; i++) {
    disputes->is_decided = 0;
    status =
        ledger->dispute_decisions(ledger->self, &disputes->ids[i], note_verdict, disputes, err);
    *open += !disputes->is_decided;
  }
  return status;
}

/* Address space. */
#define WAITED_BYTES (256 * HS_MIB)

static enum hs_status count_refused(void *context, const struct hs_commission_row *row,
                                    [[maybe_unused]] struct hs_err *err)
{
  *(uint64_t *)context += row->base_minor == 0 && row->amount_minor == 0;
  return HS_OK;
}

/* What waited for an exchange rate and has been judged by one since is refused no more. */
static enum hs_status leave_out_settled(const struct hs_ledger_reader *ledger,
                                        const struct hs_period *period, uint64_t *count,
                                        struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_waiting_list waited = {0};
  enum hs_status status = hs_arena_init(&arena, WAITED_BYTES, err);
  if (status == HS_OK)
    status = hs_waiting_load(ledger, &arena, &waited, err);
  for (size_t w = 0; w < waited.count && status == HS_OK; w++) {
    int waits = 1;
    if (waited.items[w].ordered_us < period->from_us ||
        waited.items[w].ordered_us >= period->until_us)
      continue;
    status = hs_waiting_still(ledger, &waited.items[w], &waits, err);
    *count -= status == HS_OK && !waits;
  }
  hs_arena_release(&arena);
  return status;
}

static enum hs_status give_counts(const struct hs_ledger_reader *ledger,
                                  const struct hs_period *period, hs_open_line_fn each,
                                  void *context, struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_open_line disputes = {.kind = HS_OPEN_DISPUTES};
  struct hs_open_line refused = {.kind = HS_OPEN_REFUSED};
  enum hs_status status = hs_arena_init(&arena, DISPUTES_MAX * sizeof(struct hs_id) + HS_KIB, err);
  if (status != HS_OK)
    return status;
  struct open_disputes open = {.period = period};
  open.ids = hs_arena_alloc_raw(&arena, DISPUTES_MAX, sizeof *open.ids);
  HS_ASSERT(open.ids != NULL);
  status = count_disputes(ledger, &open, &disputes.count, err);
  if (status == HS_OK)
    status = ledger->commissions(ledger->self, (struct hs_str){0}, period->from_us,
                                 period->until_us, count_refused, &refused.count, err);
  if (status == HS_OK && refused.count > 0)
    status = leave_out_settled(ledger, period, &refused.count, err);
  hs_arena_release(&arena);
  if (status == HS_OK && disputes.count > 0)
    status = each(context, &disputes, err);
  return status == HS_OK && refused.count > 0 ? each(context, &refused, err) : status;
}

/* ---- what networks say ---- */

#define RECONCILE_BYTES (4 * HS_GIB)

/* What is in two currencies is counted, and has no difference. */
static enum hs_status add_difference(struct summing *summing, const struct hs_reconcile_pair *pair,
                                     struct hs_err *err)
{
  const struct hs_reconcile_side *ours = &pair->ours;
  const struct hs_reconcile_side *theirs = &pair->theirs;
  struct hs_currency currency = ours->line_count > 0 ? ours->currency : theirs->currency;
  int is_one = !ours->is_mixed && !theirs->is_mixed &&
               (theirs->line_count == 0 || hs_currency_equal(theirs->currency, currency));
  struct sums *sums = sums_of(summing, currency);
  int64_t difference = 0;
  if (sums == NULL)
    return hs_fail(err, HS_INVALID, "there are more than %d currencies", CURRENCIES_MAX);
  int64_t *sum = &sums->minor[HS_OPEN_UNRECONCILED];
  sums->count[HS_OPEN_UNRECONCILED]++;
  if (is_one &&
      (__builtin_sub_overflow(hs_reconcile_net(theirs), hs_reconcile_net(ours), &difference) ||
       __builtin_add_overflow(*sum, difference, sum)))
    return hs_fail(err, HS_INVALID, "what networks say in %s does not fit", currency.code);
  return HS_OK;
}

/* Theirs less ours, of each order and partner that nothing explains. */
static enum hs_status add_unreconciled(struct hs_programme *programme,
                                       const struct hs_period *period, struct summing *summing,
                                       struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_reconcile_page page;
  enum hs_status status = hs_arena_init(&arena, RECONCILE_BYTES, err);
  if (status != HS_OK)
    return status;
  status = hs_reconcile_imported(programme, &arena, period, &page, err);
  for (size_t i = 0; status == HS_OK && i < page.found.pair_count; i++)
    if (!hs_reconcile_is_explained(page.found.pairs[i].reason))
      status = add_difference(summing, &page.found.pairs[i], err);
  hs_arena_release(&arena);
  return status;
}

/* ---- what is expected ---- */

#define ESTIMATE_BYTES (8 * HS_MIB)

/* Nothing is open, or all of it is older than anything that was ever taken back. */
static int is_nothing(const struct hs_accrual *accrual)
{
  return (accrual->pending_minor == 0 && accrual->payable_minor == 0) || accrual->high_minor == 0;
}

static enum hs_status give_accruals(const struct hs_accruals *accruals, hs_open_line_fn each,
                                    void *context, struct hs_err *err)
{
  const struct hs_accrual *items = accruals->accruals.items;
  enum hs_status status = HS_OK;
  for (size_t a = 0; a < accruals->accruals.count && status == HS_OK; a++) {
    struct hs_open_line line = {.kind = HS_OPEN_REVERSALS,
                                .count = (uint64_t)items[a].taken_back_count,
                                .amount_minor = items[a].expected_minor,
                                .accrual = &items[a],
                                .level_percent = accruals->level_percent};
    if (!hs_currency_parse(items[a].currency, &line.currency))
      return hs_fail(err, HS_CORRUPT, "%.*s is no currency", HS_STR_ARG(items[a].currency));
    if (!is_nothing(&items[a]))
      status = each(context, &line, err);
  }
  return status;
}

/* Of a period that is not over as of now. */
static enum hs_status give_reversals(struct hs_programme *programme, const struct hs_period *period,
                                     hs_open_line_fn each, void *context, struct hs_err *err)
{
  int64_t now_us = programme->io->now_us(programme->io->self);
  int64_t until_us = period->until_us < now_us ? period->until_us : now_us;
  struct hs_arena arena = {0};
  struct hs_accruals accruals;
  enum hs_status status = hs_arena_init(&arena, ESTIMATE_BYTES, err);
  if (status != HS_OK)
    return status;
  status = hs_accruals_estimate(&programme->book.ledger, until_us, &arena, &accruals, err);
  if (status == HS_OK)
    status = give_accruals(&accruals, each, context, err);
  hs_arena_release(&arena);
  return status;
}

enum hs_status hs_closing_open(struct hs_programme *programme, const struct hs_period *period,
                               hs_open_line_fn each, void *context, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct summing summing = {0};
  enum hs_status status =
      ledger->balances(ledger->self, period->until_us, add_balance, &summing, err);
  if (status == HS_OK)
    status = add_unreconciled(programme, period, &summing, err);
  if (status == HS_OK)
    status = give_sums(&summing, each, context, err);
  if (status == HS_OK)
    status = give_reversals(programme, period, each, context, err);
  return status == HS_OK ? give_counts(ledger, period, each, context, err) : status;
}

/* ---- closing ---- */

/* What is expected is a part of the decision, so that it is read again and never estimated again:
   by then more is known, and an estimate made of that would be another. */
static enum hs_status decide_close(struct hs_programme *programme, struct hs_decision *decision,
                                   struct hs_arena *arena, struct hs_err *err)
{
  struct hs_accruals accruals;
  struct hs_buf document = hs_buf_in(arena);
  enum hs_status status =
      hs_accruals_estimate(&programme->book.ledger, decision->until_us, arena, &accruals, err);
  if (status != HS_OK)
    return status;
  hs_accruals_write(&accruals, &document);
  decision->document = hs_buf_str(&document);
  status = hs_buf_status(&document, "the estimates of a close", err);
  return status == HS_OK ? hs_decide(programme, decision, err) : status;
}

enum hs_status hs_closing_close(struct hs_programme *programme, struct hs_str name,
                                const struct hs_period *period, struct hs_str by,
                                struct hs_str second, struct hs_hash *hash, struct hs_err *err)
{
  struct hs_decision decision = {.kind = HS_DECISION_CLOSE,
                                 .by = by,
                                 .seconded_by = second,
                                 .period = name,
                                 .from_us = period->from_us,
                                 .until_us = period->until_us};
  struct hs_arena arena = {0};
  if (by.length == 0 || second.length == 0 || hs_str_equal(by, second))
    return hs_fail(err, HS_INVALID, "closing needs two persons: --by and --second");
  if (period->until_us > programme->io->now_us(programme->io->self))
    return hs_fail(err, HS_INVALID, "%.*s is not over", HS_STR_ARG(name));
  enum hs_status status = hs_arena_init(&arena, ESTIMATE_BYTES, err);
  if (status != HS_OK)
    return status;
  status = decide_close(programme, &decision, &arena, err);
  hs_arena_release(&arena);
  return status == HS_OK ? hs_ledger_period_hash(&programme->book.ledger, period->from_us,
                                                 period->until_us, hash, err)
                         : status;
}
