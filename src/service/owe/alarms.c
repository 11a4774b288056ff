#include "service/owe/alarms.h"

#include <inttypes.h>
#include <jansson.h>

#include "agreement/agreement.h"
#include "agreement/terms.h"
#include "base/room.h"
#include "service/post/evidence.h"
#include "service/post/waiting.h"

/* ---- words ---- */

/* What to do next stands around the name of what it is about. */
static const struct {
  const char *word, *says, *before, *after;
} WORDS[HS_ALARM_KIND_COUNT] = {
    [HS_ALARM_STOPPED] = {"stopped", "nothing behind it is posted",
                          "Nobody is paid for what came since. Mend what the reason names, or use "
                          "the version of Hansa that wrote it; then: hansa ledger post",
                          ""},
    [HS_ALARM_AGREEMENT] = {"agreement", "a version that cannot be read, and pays nobody",
                            "Propose it anew in a form that can be read: hansa agreement add FILE "
                            "--name ",
                            ""},
    [HS_ALARM_REFUSED] = {"refused", "a commission that could not be priced, and pays nobody",
                          "Mend the terms for what is to come: hansa agreement change. This one "
                          "stays as it was judged; pay it by an adjustment, decided by two: hansa "
                          "adjust ",
                          " AMOUNT"},
    [HS_ALARM_WAITING] = {"waiting",
                          "an order in another currency that has no exchange rate, and "
                          "pays nobody until one comes",
                          "Import one for the day or the days before it: hansa import rates FILE; "
                          "it is about ",
                          ""},
    [HS_ALARM_UNRELEASED] = {"unreleased", "return periods that are over and were not ended",
                             "End them, so that what had them is owed: hansa ledger lock", ""},
    [HS_ALARM_DISPUTE] = {"dispute", "a dispute without a decision",
                          "Decide it: hansa dispute decide ", ""},
    [HS_ALARM_PAYOUT] = {"payout", "sent, and no word of it",
                         "Read what the bank says, or ask it: hansa payout status; it is about ",
                         ""},
    [HS_ALARM_NEGATIVE] = {"negative", "the partner owes more than is owed to it",
                           "The next payouts are lowered by it; where none will come, ask ",
                           " for it"},
};

const char *hs_alarm_word(enum hs_alarm_kind kind) { return WORDS[kind].word; }
const char *hs_alarm_says(enum hs_alarm_kind kind) { return WORDS[kind].says; }

void hs_alarm_next(const struct hs_alarm *alarm, struct hs_buf *out)
{
  struct hs_str name = alarm->kind == HS_ALARM_NEGATIVE ? alarm->partner : alarm->what;
  hs_buf_add_text(out, WORDS[alarm->kind].before);
  if (alarm->kind != HS_ALARM_STOPPED && alarm->kind != HS_ALARM_UNRELEASED)
    (void)hs_buf_add_shown(out, name, SIZE_MAX);
  hs_buf_add_text(out, WORDS[alarm->kind].after);
}

/* ---- the list ---- */

struct listing {
  struct hs_programme *programme;
  const struct hs_ledger_reader *ledger;
  const struct hs_alarm_options *options;
  struct hs_arena *arena;
  int64_t now_us;
  hs_alarm_fn each;
  void *context;
};

/* A reader's callback must not read on: what has to be looked up is kept first. */
struct kept_alarm {
  struct hs_id id;
  struct hs_alarm alarm;
};

struct kept {
  struct hs_arena *arena;
  struct kept_alarm *items;
  size_t count, capacity;
};

/* id may be NULL; otherwise what the alarm is about. */
static enum hs_status keep(struct kept *kept, const struct hs_id *id, const struct hs_alarm *alarm,
                           struct hs_err *err)
{
  struct kept_alarm *items =
      hs_arena_room(kept->arena, kept->items, kept->count, 1, &kept->capacity, sizeof *items);
  if (items == NULL)
    return hs_arena_full(kept->arena, "alarms", err);
  kept->items = items;
  struct kept_alarm *item = &kept->items[kept->count++];
  *item = (struct kept_alarm){.alarm = *alarm};
  if (id != NULL) {
    item->id = *id;
    item->alarm.what = hs_str_of(id->text);
  }
  int fits = hs_str_keep(kept->arena, &item->alarm.what) &&
             hs_str_keep(kept->arena, &item->alarm.partner) &&
             hs_str_keep(kept->arena, &item->alarm.reason);
  return fits ? HS_OK : hs_arena_full(kept->arena, "alarms", err);
}

static enum hs_status give(const struct listing *listing, const struct hs_alarm *alarm,
                           struct hs_err *err)
{
  return listing->each(listing->context, alarm, err);
}

/* ---- what stops the posting ---- */

static enum hs_status list_stopped(const struct listing *listing, struct hs_err *err)
{
  struct hs_err why = {0};
  enum hs_status status = hs_ledger_catch_up(listing->programme, NULL, NULL, NULL, &why);
  struct hs_alarm alarm = {
      .kind = HS_ALARM_STOPPED, .since_us = INT64_MIN, .reason = hs_str_of(why.text)};
  if (status == HS_OK)
    return HS_OK;
  return hs_ledger_is_content(status) ? give(listing, &alarm, err)
                                      : hs_fail(err, status, "%s", why.text);
}

struct reading {
  struct kept kept;
  struct hs_arena *scratch;
};

static enum hs_status try_version(void *context, const struct hs_version_row *row,
                                  struct hs_err *err)
{
  struct reading *reading = context;
  struct hs_agreement agreement;
  struct hs_terms terms;
  struct hs_err why = {0};
  hs_arena_reset(reading->scratch, 0);
  enum hs_status status =
      hs_agreement_read(row->document, reading->scratch, &agreement, &terms, NULL, NULL, &why);
  if (status == HS_OK)
    return HS_OK;
  char reason[sizeof why.text + 40];
  int length = snprintf(reason, sizeof reason, "version %" PRIu64 ": %s", row->number, why.text);
  struct hs_alarm alarm = {.kind = HS_ALARM_AGREEMENT,
                           .what = row->agreement,
                           .since_us = row->proposed_at_us,
                           .reason = {reason, (size_t)length}};
  return status == HS_INVALID ? keep(&reading->kept, NULL, &alarm, err)
                              : hs_fail(err, status, "%s", why.text);
}

static enum hs_status give_kept(const struct listing *listing, const struct kept *kept,
                                struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < kept->count && status == HS_OK; i++)
    status = give(listing, &kept->items[i].alarm, err);
  return status;
}

#define DOCUMENT_BYTES (64 * HS_MIB)

static enum hs_status list_agreements(const struct listing *listing, struct hs_err *err)
{
  struct hs_arena scratch = {0};
  struct reading reading = {.kept = {.arena = listing->arena}, .scratch = &scratch};
  enum hs_status status = hs_arena_init(&scratch, DOCUMENT_BYTES, err);
  if (status != HS_OK)
    return status;
  status = listing->ledger->versions(listing->ledger->self, (struct hs_str){0}, try_version,
                                     &reading, err);
  hs_arena_release(&scratch);
  return status == HS_OK ? give_kept(listing, &reading.kept, err) : status;
}

/* ---- what could not be priced ---- */

static enum hs_status keep_refused(void *context, const struct hs_commission_row *row,
                                   struct hs_err *err)
{
  json_t *evidence = json_loadb(row->evidence.data, row->evidence.length, 0, NULL);
  const char *reason = json_string_value(json_object_get(evidence, "refused"));
  struct hs_alarm alarm = {.kind = HS_ALARM_REFUSED,
                           .partner = row->partner,
                           .since_us = row->occurred_at_us,
                           .reason = reason == NULL ? (struct hs_str){0} : hs_str_of(reason)};
  int is_refused = reason != NULL && !hs_evidence_waits(row->evidence);
  enum hs_status status = !is_refused ? HS_OK : keep(context, &row->id, &alarm, err);
  json_decref(evidence);
  return status;
}

/* Mended is what somebody has granted something for since. */
static enum hs_status list_refused(const struct listing *listing, struct hs_err *err)
{
  struct kept kept = {.arena = listing->arena};
  enum hs_status status =
      listing->ledger->commissions_refused(listing->ledger->self, keep_refused, &kept, err);
  for (size_t i = 0; i < kept.count && status == HS_OK; i++) {
    struct hs_owed owed;
    status = hs_ledger_owed(listing->ledger, &kept.items[i].id, &owed, err);
    if (status == HS_OK && owed.earned == 0)
      status = give(listing, &kept.items[i].alarm, err);
  }
  return status;
}

static enum hs_status list_waiting(const struct listing *listing, struct hs_err *err)
{
  struct hs_waiting_list list;
  enum hs_status status = hs_waiting_load(listing->ledger, listing->arena, &list, err);
  for (size_t i = 0; i < list.count && status == HS_OK; i++) {
    const struct hs_waiting *one = &list.items[i];
    char reason[40];
    int still = 0;
    int length = snprintf(reason, sizeof reason, "from %s to %s", one->from.code, one->to.code);
    struct hs_alarm alarm = {.kind = HS_ALARM_WAITING,
                             .what = hs_str_of(one->commission.text),
                             .partner = one->partner,
                             .since_us = one->ordered_us,
                             .reason = {reason, (size_t)length}};
    status = hs_waiting_still(listing->ledger, one, &still, err);
    if (status == HS_OK && still)
      status = give(listing, &alarm, err);
  }
  return status;
}

/* ---- what waits ---- */

static int64_t days_ago(const struct listing *listing, int64_t days)
{
  return listing->now_us - days * HS_DAY_US;
}

struct overdue {
  int64_t first_us;
  uint64_t count;
};

static enum hs_status note_last(void *context, const struct hs_lock_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  int64_t *last_us = context;
  *last_us = row->until_us > *last_us ? row->until_us : *last_us;
  return HS_OK;
}

static enum hs_status count_overdue(void *context, const struct hs_commission_row *row,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct overdue *overdue = context;
  if (row->amount_minor == 0)
    return HS_OK;
  if (overdue->count++ == 0)
    overdue->first_us = row->locks_at_us;
  return HS_OK;
}

static enum hs_status list_unreleased(const struct listing *listing, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = listing->ledger;
  struct overdue overdue = {0};
  int64_t locked_us = INT64_MIN;
  int64_t until_us = days_ago(listing, listing->options->wait_days);
  char reason[80];
  enum hs_status status = ledger->locks(ledger->self, note_last, &locked_us, err);
  if (status == HS_OK && locked_us < until_us)
    status = ledger->commissions_locking(ledger->self, locked_us, until_us, count_overdue, &overdue,
                                         err);
  if (status != HS_OK || overdue.count == 0)
    return status;
  int length = snprintf(reason, sizeof reason, "%" PRIu64 " %s", overdue.count,
                        hs_plural(overdue.count, "commission", "commissions"));
  struct hs_alarm alarm = {.kind = HS_ALARM_UNRELEASED,
                           .since_us = overdue.first_us,
                           .reason = {reason, (size_t)length}};
  return give(listing, &alarm, err);
}

static enum hs_status keep_dispute(void *context, const struct hs_dispute_row *row,
                                   struct hs_err *err)
{
  struct hs_alarm alarm = {.kind = HS_ALARM_DISPUTE,
                           .partner = row->partner,
                           .currency = row->currency,
                           .amount_minor = row->amount_minor,
                           .since_us = row->opened_at_us,
                           .reason = row->about};
  return keep(context, &row->id, &alarm, err);
}

static enum hs_status note_verdict(void *context, const struct hs_dispute_decision_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  *(int *)context |= !hs_str_equal(row->verdict, HS_STR("incomplete"));
  return HS_OK;
}

static enum hs_status list_disputes(const struct listing *listing, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = listing->ledger;
  struct kept kept = {.arena = listing->arena};
  int64_t due_us = days_ago(listing, listing->options->dispute_days);
  enum hs_status status =
      ledger->disputes(ledger->self, (struct hs_str){0}, keep_dispute, &kept, err);
  for (size_t i = 0; i < kept.count && status == HS_OK; i++) {
    int is_decided = 0;
    if (kept.items[i].alarm.since_us > due_us)
      continue;
    status =
        ledger->dispute_decisions(ledger->self, &kept.items[i].id, note_verdict, &is_decided, err);
    if (status == HS_OK && !is_decided)
      status = give(listing, &kept.items[i].alarm, err);
  }
  return status;
}

static enum hs_status keep_payout(void *context, const struct hs_payout_row *row,
                                  struct hs_err *err)
{
  struct hs_alarm alarm = {.kind = HS_ALARM_PAYOUT,
                           .partner = row->partner,
                           .currency = row->currency,
                           .amount_minor = row->amount_minor,
                           .since_us = row->at_us,
                           .reason = row->method};
  return keep(context, &row->id, &alarm, err);
}

static enum hs_status note_state(void *context, const struct hs_payout_state_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  static const char *const FINAL[] = {"completed", "failed", "canceled"};
  for (size_t f = 0; f < sizeof FINAL / sizeof *FINAL; f++)
    *(int *)context |= hs_str_equal(row->state, hs_str_of(FINAL[f]));
  return HS_OK;
}

static enum hs_status list_payouts(const struct listing *listing, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = listing->ledger;
  struct kept kept = {.arena = listing->arena};
  int64_t due_us = days_ago(listing, listing->options->wait_days);
  enum hs_status status =
      ledger->payouts(ledger->self, (struct hs_str){0}, keep_payout, &kept, err);
  for (size_t i = 0; i < kept.count && status == HS_OK; i++) {
    int is_known = 0;
    if (kept.items[i].alarm.since_us > due_us)
      continue;
    status = ledger->payout_states(ledger->self, &kept.items[i].id, note_state, &is_known, err);
    if (status == HS_OK && !is_known)
      status = give(listing, &kept.items[i].alarm, err);
  }
  return status;
}

/* ---- who owes us ---- */

/* What the partner owes less what is owed to it, account by account. */
static enum hs_status add_balance(void *context, const struct hs_balance_row *row,
                                  struct hs_err *err)
{
  struct kept *kept = context;
  struct hs_alarm alarm = {.kind = HS_ALARM_NEGATIVE,
                           .partner = row->account.party,
                           .currency = row->currency,
                           .amount_minor = row->debit_minor - row->credit_minor,
                           .since_us = INT64_MIN};
  if (row->account.party.data == NULL || alarm.amount_minor == 0)
    return HS_OK;
  for (size_t i = 0; i < kept->count; i++) {
    struct hs_alarm *known = &kept->items[i].alarm;
    if (hs_str_equal(known->partner, alarm.partner) &&
        hs_currency_equal(known->currency, alarm.currency)) {
      known->amount_minor += alarm.amount_minor;
      return HS_OK;
    }
  }
  return keep(kept, NULL, &alarm, err);
}

static enum hs_status list_negative(const struct listing *listing, struct hs_err *err)
{
  struct kept kept = {.arena = listing->arena};
  enum hs_status status =
      listing->ledger->balances(listing->ledger->self, INT64_MAX, add_balance, &kept, err);
  for (size_t i = 0; i < kept.count && status == HS_OK; i++)
    if (kept.items[i].alarm.amount_minor > 0)
      status = give(listing, &kept.items[i].alarm, err);
  return status;
}

/* ---- all of them ---- */

#define ALARM_BYTES (1 * HS_GIB)

enum hs_status hs_alarms_list(struct hs_programme *programme,
                              const struct hs_alarm_options *options, hs_alarm_fn each,
                              void *context, struct hs_err *err)
{
  static enum hs_status (*const LISTS[])(const struct listing *listing, struct hs_err *err) = {
      [HS_ALARM_STOPPED] = list_stopped,       [HS_ALARM_AGREEMENT] = list_agreements,
      [HS_ALARM_REFUSED] = list_refused,       [HS_ALARM_WAITING] = list_waiting,
      [HS_ALARM_UNRELEASED] = list_unreleased, [HS_ALARM_DISPUTE] = list_disputes,
      [HS_ALARM_PAYOUT] = list_payouts,        [HS_ALARM_NEGATIVE] = list_negative,
  };
  struct hs_arena arena = {0};
  struct listing listing = {.programme = programme,
                            .ledger = &programme->book.ledger,
                            .options = options,
                            .arena = &arena,
                            .now_us = programme->io->now_us(programme->io->self),
                            .each = each,
                            .context = context};
  enum hs_status status = hs_arena_init(&arena, ALARM_BYTES, err);
  if (status != HS_OK)
    return status;
  for (size_t k = 0; k < HS_ALARM_KIND_COUNT && status == HS_OK; k++) {
    hs_arena_reset(&arena, 0);
    status = LISTS[k](&listing, err);
  }
  hs_arena_release(&arena);
  return status;
}
