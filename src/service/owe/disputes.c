#include "service/owe/disputes.h"

#include <inttypes.h>

#include "base/room.h"
#include "base/time.h"

#define ARENA_BYTES (64 * HS_MIB)

/* ---- amounts ---- */

/* The commission's currency, or the one that is named, or the programme's. */
static enum hs_status read_amount(struct hs_programme *programme, const struct hs_id *commission,
                                  struct hs_str amount, struct hs_str currency,
                                  struct hs_commission_row *row, struct hs_arena *arena,
                                  struct hs_money *out, struct hs_err *err)
{
  struct hs_currency chosen = programme->currency;
  enum hs_status status = HS_OK;
  if (currency.data != NULL && !hs_currency_parse(currency, &chosen))
    return hs_fail(err, HS_INVALID, "\"%.*s\" is no currency of ISO 4217", HS_STR_ARG(currency));
  if (commission->text[0] != '\0') {
    status = hs_ledger_commission(&programme->book.ledger, commission, arena, row, err);
    if (status == HS_OK && currency.data == NULL)
      chosen = row->currency;
  }
  if (status == HS_OK && amount.length == 0)
    return hs_fail(err, HS_INVALID, "say how much: an amount such as 12.50");
  if (status == HS_OK)
    status = hs_money_parse(amount, chosen, out, err);
  if (status == HS_OK && out->amount_minor == 0)
    return hs_fail(err, HS_INVALID, "an amount of 0 changes nothing");
  return status;
}

static enum hs_status require_person(struct hs_str by, struct hs_err *err)
{
  return by.length == 0 ? hs_fail(err, HS_INVALID, "say who decides it: --by NAME") : HS_OK;
}

static enum hs_status require_two(const char *what, struct hs_str by, struct hs_str second,
                                  struct hs_err *err)
{
  return by.length == 0 || second.length == 0 || hs_str_equal(by, second)
             ? hs_fail(err, HS_INVALID, "%s needs two persons: --by and --second", what)
             : HS_OK;
}

/* ---- opening ---- */

static enum hs_status open_dispute(struct hs_programme *programme,
                                   const struct hs_dispute_opening *opening, struct hs_arena *arena,
                                   struct hs_id *id, struct hs_err *err)
{
  struct hs_commission_row commission = {.partner = opening->partner};
  struct hs_money amount;
  enum hs_status status = read_amount(programme, &opening->commission, opening->amount,
                                      opening->currency, &commission, arena, &amount, err);
  if (status != HS_OK)
    return status;
  if (amount.amount_minor < 0)
    return hs_fail(err, HS_INVALID, "what is disputed must be above 0, got %.*s",
                   HS_STR_ARG(opening->amount));
  struct hs_decision decision = {.kind = HS_DECISION_DISPUTE,
                                 .by = opening->by,
                                 .dispute = hs_id_make(&programme->ids, programme->io, "dsp"),
                                 .party = commission.partner,
                                 .commission = opening->commission,
                                 .order_id = opening->order_id,
                                 .about = opening->about,
                                 .currency = amount.currency,
                                 .amount_minor = amount.amount_minor,
                                 .words = opening->words};
  status = hs_decide(programme, &decision, err);
  *id = decision.dispute;
  return status;
}

enum hs_status hs_dispute_open(struct hs_programme *programme,
                               const struct hs_dispute_opening *opening, struct hs_id *id,
                               struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = require_person(opening->by, err);
  if (status == HS_OK && opening->commission.text[0] == '\0' &&
      (opening->order_id.length == 0 || opening->partner.length == 0))
    return hs_fail(err, HS_INVALID,
                   "a dispute names a commission, or an order and the partner whose it is");
  if (status == HS_OK)
    status = hs_arena_init(&arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = open_dispute(programme, opening, &arena, id, err);
  hs_arena_release(&arena);
  return status;
}

/* ---- deciding ---- */

static enum hs_status decide(struct hs_programme *programme,
                             const struct hs_dispute_verdict *verdict, struct hs_arena *arena,
                             struct hs_err *err)
{
  struct hs_dispute_row dispute;
  int is_upheld = hs_str_equal(verdict->verdict, HS_STR("upheld"));
  enum hs_status status =
      hs_ledger_dispute(&programme->book.ledger, &verdict->dispute, arena, &dispute, err);
  if (status != HS_OK)
    return status;
  struct hs_money amount = {is_upheld ? dispute.amount_minor : 0, dispute.currency};
  if (verdict->amount.data != NULL && !is_upheld)
    return hs_fail(err, HS_INVALID, "only what is upheld has an amount, got %.*s",
                   HS_STR_ARG(verdict->amount));
  if (verdict->amount.data != NULL)
    status = hs_money_parse(verdict->amount, dispute.currency, &amount, err);
  struct hs_decision decision = {.kind = HS_DECISION_JUDGE,
                                 .by = verdict->by,
                                 .seconded_by = verdict->second,
                                 .dispute = verdict->dispute,
                                 .verdict = verdict->verdict,
                                 .amount_minor = amount.amount_minor,
                                 .words = verdict->words};
  if (status == HS_OK)
    status = hs_decide(programme, &decision, err);
  return status;
}

enum hs_status hs_dispute_decide(struct hs_programme *programme,
                                 const struct hs_dispute_verdict *verdict, struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = require_person(verdict->by, err);
  if (status == HS_OK && hs_str_equal(verdict->verdict, HS_STR("upheld")))
    status = require_two("a dispute that is upheld", verdict->by, verdict->second, err);
  if (status == HS_OK)
    status = hs_arena_init(&arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = decide(programme, verdict, &arena, err);
  hs_arena_release(&arena);
  return status;
}

/* ---- adjusting ---- */

static enum hs_status adjust(struct hs_programme *programme, const struct hs_adjustment *adjustment,
                             struct hs_arena *arena, struct hs_id *decision_id,
                             struct hs_id *commission, struct hs_err *err)
{
  struct hs_commission_row row;
  struct hs_money amount;
  int is_partners = adjustment->commission.text[0] == '\0';
  enum hs_status status = read_amount(programme, &adjustment->commission, adjustment->amount,
                                      adjustment->currency, &row, arena, &amount, err);
  if (status != HS_OK)
    return status;
  struct hs_decision decision = {.kind = HS_DECISION_ADJUST,
                                 .by = adjustment->by,
                                 .seconded_by = adjustment->second,
                                 .commission = adjustment->commission,
                                 .party = adjustment->partner,
                                 .currency = amount.currency,
                                 .amount_minor = amount.amount_minor,
                                 .reason = adjustment->reason};
  status = hs_decide(programme, &decision, err);
  *decision_id = decision.id;
  *commission = adjustment->commission;
  if (is_partners && amount.amount_minor > 0)
    *commission = hs_granted_id(&decision);
  return status;
}

enum hs_status hs_adjust(struct hs_programme *programme, const struct hs_adjustment *adjustment,
                         struct hs_id *decision, struct hs_id *commission, struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = require_two("an adjustment", adjustment->by, adjustment->second, err);
  if (status == HS_OK && adjustment->reason.length == 0)
    return hs_fail(err, HS_INVALID, "say why, as it stays in the record: --reason TEXT");
  if (status == HS_OK)
    status = hs_arena_init(&arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = adjust(programme, adjustment, &arena, decision, commission, err);
  hs_arena_release(&arena);
  return status;
}

/* ---- the list ---- */

/* A callback must not read on, so the rows are kept first. */
struct listing {
  struct hs_arena *arena;
  struct hs_dispute_row *rows;
  size_t count, capacity;
};

static enum hs_status list_dispute(void *context, const struct hs_dispute_row *row,
                                   struct hs_err *err)
{
  struct listing *listing = context;
  struct hs_dispute_row kept = *row;
  struct hs_dispute_row *rows = hs_arena_room(listing->arena, listing->rows, listing->count, 1,
                                              &listing->capacity, sizeof *rows);
  if (rows == NULL)
    return hs_arena_full(listing->arena, "disputes", err);
  listing->rows = rows;
  enum hs_status status = hs_ledger_keep_dispute(listing->arena, &kept, err);
  if (status == HS_OK)
    listing->rows[listing->count++] = kept;
  return status;
}

static enum hs_status note_verdict(void *context, const struct hs_dispute_decision_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  static const char *const WORDS[] = {"upheld", "declined", "incomplete"};
  struct hs_str *verdict = context;
  for (size_t w = 0; w < sizeof WORDS / sizeof *WORDS; w++)
    if (hs_str_equal(row->verdict, hs_str_of(WORDS[w])))
      *verdict = hs_str_of(WORDS[w]);
  return HS_OK;
}

static enum hs_status give_line(const struct hs_ledger_reader *ledger,
                                const struct hs_dispute_row *row, enum hs_dispute_choice choice,
                                hs_dispute_line_fn each, void *context, struct hs_err *err)
{
  struct hs_dispute_line line = {.dispute = row, .verdict = HS_STR("open")};
  enum hs_status status =
      ledger->dispute_decisions(ledger->self, &row->id, note_verdict, &line.verdict, err);
  int is_open = hs_str_equal(line.verdict, HS_STR("open")) ||
                hs_str_equal(line.verdict, HS_STR("incomplete"));
  if (status == HS_OK && row->commission.text[0] != '\0')
    status =
        hs_ledger_held(ledger, &row->commission, hs_str_of(row->id.text), &line.held_minor, err);
  return status == HS_OK && (is_open || choice == HS_DISPUTES_ALL) ? each(context, &line, err)
                                                                   : status;
}

enum hs_status hs_dispute_list(struct hs_programme *programme, struct hs_str partner,
                               enum hs_dispute_choice choice, hs_dispute_line_fn each,
                               void *context, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_arena arena = {0};
  struct listing listing = {.arena = &arena};
  enum hs_status status = hs_arena_init(&arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = ledger->disputes(ledger->self, partner, list_dispute, &listing, err);
  for (size_t i = 0; i < listing.count && status == HS_OK; i++)
    status = give_line(ledger, &listing.rows[i], choice, each, context, err);
  hs_arena_release(&arena);
  return status;
}
