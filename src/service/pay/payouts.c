#include "service/pay/payouts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/room.h"
#include "service/json_member.h"
#include "service/pay/payouts_priv.h"

#define ARENA_BYTES (256 * HS_MIB)

/* ---- rows of a list, kept with their texts ---- */

struct keeping {
  struct hs_arena *arena;
  struct hs_list *list;
  size_t capacity, size;
};

static void *next_row(struct keeping *keeping)
{
  struct hs_list *list = keeping->list;
  void *rows =
      hs_arena_room(keeping->arena, list->items, list->count, 1, &keeping->capacity, keeping->size);
  if (rows == NULL)
    return NULL;
  list->items = rows;
  return memset((char *)rows + list->count++ * keeping->size, 0, keeping->size);
}

static enum hs_status full(const struct keeping *keeping, struct hs_err *err)
{
  return hs_arena_full(keeping->arena, "a payout", err);
}

static enum hs_status keep_line(void *context, const struct hs_payout_line_row *row,
                                struct hs_err *err)
{
  struct keeping *keeping = context;
  struct hs_paid_commission *line = next_row(keeping);
  if (line == NULL)
    return full(keeping, err);
  line->line = *row;
  return HS_OK;
}

static enum hs_status keep_state(void *context, const struct hs_payout_state_row *row,
                                 struct hs_err *err)
{
  struct keeping *keeping = context;
  struct hs_payout_state_row *state = next_row(keeping);
  if (state == NULL)
    return full(keeping, err);
  *state = *row;
  return hs_str_keep(keeping->arena, &state->state) &&
                 hs_str_keep(keeping->arena, &state->decided_by) &&
                 hs_str_keep(keeping->arena, &state->reason)
             ? HS_OK
             : full(keeping, err);
}

static enum hs_status keep_invoice(void *context, const struct hs_invoice_row *row,
                                   struct hs_err *err)
{
  struct keeping *keeping = context;
  struct hs_invoice_row *invoice = next_row(keeping);
  if (invoice == NULL)
    return full(keeping, err);
  *invoice = *row;
  return hs_str_keep(keeping->arena, &invoice->series) &&
                 hs_str_keep(keeping->arena, &invoice->kind)
             ? HS_OK
             : full(keeping, err);
}

static enum hs_status keep_payout(void *context, const struct hs_payout_row *row,
                                  struct hs_err *err)
{
  struct keeping *keeping = context;
  struct hs_payout_row *payout = next_row(keeping);
  if (payout == NULL)
    return full(keeping, err);
  struct hs_str *texts[] = {&payout->run, &payout->partner, &payout->decided_by,
                            &payout->seconded_by, &payout->method};
  *payout = *row;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (!hs_str_keep(keeping->arena, texts[i]))
      return full(keeping, err);
  return HS_OK;
}

/* ---- one payout ---- */

void hs_invoice_number(const struct hs_invoice_row *invoice, char out[HS_NUMBER_TEXT])
{
  struct hs_series series = {0};
  (void)hs_series_parse(invoice->series, &series);
  hs_number_format(&series, invoice->number, out);
}

int64_t hs_invoice_total(const struct hs_invoice_row *invoice)
{
  return invoice->net_minor + invoice->tax_minor - invoice->withheld_minor;
}

static enum hs_status note_kept(void *context, const struct hs_payout_run_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  (void)snprintf(context, HS_HASH_TEXT, "%.*s", HS_STR_ARG(row->kept));
  return HS_OK;
}

/* A person's data may have been taken away since: then the figures are all there is. */
static enum hs_status see_kept(struct hs_programme *programme, struct hs_arena *arena,
                               struct hs_payout_seen *seen, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  char hash[HS_HASH_TEXT] = "";
  if (seen->payout.run.data == NULL)
    return HS_OK;
  enum hs_status status = ledger->payout_run(ledger->self, seen->payout.run, note_kept, hash, err);
  if (status == HS_OK)
    status = hs_kept_run_read(programme, hs_str_of(hash), arena, &seen->kept, err);
  seen->has_kept = status == HS_OK;
  if (seen->has_kept)
    seen->payee = hs_kept_run_payee(&seen->kept, seen->payout.partner);
  return status == HS_NOT_FOUND ? HS_OK : status;
}

enum hs_status hs_payout_see(struct hs_programme *programme, const struct hs_id *id,
                             struct hs_arena *arena, struct hs_payout_seen *out, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_list payouts = {0};
  struct keeping one = {arena, &payouts, 0, sizeof(struct hs_payout_row)};
  struct keeping lines = {arena, &out->lines, 0, sizeof(struct hs_paid_commission)};
  struct keeping states = {arena, &out->states, 0, sizeof(struct hs_payout_state_row)};
  struct keeping invoices = {arena, &out->invoices, 0, sizeof(struct hs_invoice_row)};
  *out = (struct hs_payout_seen){0};
  enum hs_status status = ledger->payout(ledger->self, id, keep_payout, &one, err);
  if (status == HS_OK)
    status = ledger->payout_lines(ledger->self, id, keep_line, &lines, err);
  if (status == HS_OK)
    status = ledger->payout_states(ledger->self, id, keep_state, &states, err);
  if (status == HS_OK)
    status = ledger->invoices(ledger->self, id, keep_invoice, &invoices, err);
  if (status != HS_OK)
    return status;
  out->payout = *(const struct hs_payout_row *)payouts.items;
  struct hs_paid_commission *items = out->lines.items;
  for (size_t i = 0; i < out->lines.count && status == HS_OK; i++)
    status =
        hs_ledger_commission(ledger, &items[i].line.commission, arena, &items[i].commission, err);
  return status == HS_OK ? see_kept(programme, arena, out, err) : status;
}

/* ---- the list ---- */

static enum hs_status note_state(void *context, const struct hs_payout_state_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  (void)snprintf(context, 16, "%.*s", HS_STR_ARG(row->state));
  return HS_OK;
}

static enum hs_status add_document(void *context, const struct hs_invoice_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct hs_payout_line *line = context;
  if (hs_str_equal(row->kind, HS_STR("invoice"))) {
    hs_invoice_number(row, line->invoice);
    line->paid_minor += hs_invoice_total(row);
  } else if (hs_str_equal(row->kind, HS_STR("credit_note"))) {
    line->paid_minor -= hs_invoice_total(row);
  }
  return HS_OK;
}

static enum hs_status give_line(const struct hs_ledger_reader *ledger,
                                const struct hs_payout_row *payout, hs_payout_line_fn each,
                                void *context, struct hs_err *err)
{
  struct hs_payout_line line = {.payout = payout};
  char state[16] = "";
  enum hs_status status = ledger->payout_states(ledger->self, &payout->id, note_state, state, err);
  if (status == HS_OK)
    status = ledger->invoices(ledger->self, &payout->id, add_document, &line, err);
  line.state = hs_str_of(state);
  if (line.invoice[0] == '\0')
    line.paid_minor = payout->amount_minor;
  return status == HS_OK ? each(context, &line, err) : status;
}

enum hs_status hs_payout_list(struct hs_programme *programme, struct hs_str partner,
                              struct hs_str run, hs_payout_line_fn each, void *context,
                              struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_arena arena = {0};
  struct hs_list list = {0};
  struct keeping keeping = {&arena, &list, 0, sizeof(struct hs_payout_row)};
  enum hs_status status = hs_arena_init(&arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = run.data != NULL ? ledger->payouts_of_run(ledger->self, run, keep_payout, &keeping, err)
                            : ledger->payouts(ledger->self, partner, keep_payout, &keeping, err);
  const struct hs_payout_row *payouts = list.items;
  for (size_t p = 0; p < list.count && status == HS_OK; p++)
    if (partner.data == NULL || hs_str_equal(partner, payouts[p].partner))
      status = give_line(ledger, &payouts[p], each, context, err);
  hs_arena_release(&arena);
  return status;
}

/* ---- in words ---- */

static void say_money(const struct hs_payout_seen *seen, int64_t amount_minor, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, seen->payout.currency}, text);
  hs_buf_add_text(out, text);
}

static void say_moment(const struct hs_zone *zone, int64_t at_us, struct hs_buf *out)
{
  char text[HS_TIME_TEXT];
  hs_format_time_in(zone, at_us, text);
  hs_buf_printf(out, "%.10s %.5s", text, text + 11);
}

static void say_line(const struct hs_payout_seen *seen, const struct hs_paid_commission *paid,
                     struct hs_buf *out)
{
  hs_buf_add_text(out, "  ");
  say_money(seen, paid->line.amount_minor + paid->line.set_off_minor, out);
  hs_buf_add_text(out, "  ");
  hs_buf_add_shown(out, paid->commission.order_id, 100);
  hs_buf_add_text(out, ", ");
  hs_buf_add_shown(out, paid->commission.agreement, 100);
  hs_buf_printf(out, " %" PRIu64 ", ", paid->commission.version);
  hs_buf_add_shown(out, paid->commission.rule, 100);
  hs_buf_printf(out, " (%s)", paid->commission.id.text);
  if (paid->line.set_off_minor > 0) {
    hs_buf_add_text(out, ", of which ");
    say_money(seen, paid->line.set_off_minor, out);
    hs_buf_add_text(out, " set off");
  }
  hs_buf_add_char(out, '\n');
}

static void say_invoice(const struct hs_payout_seen *seen, const struct hs_invoice_row *invoice,
                        struct hs_buf *out)
{
  static const char *const KINDS[][2] = {
      {"invoice", "invoice"}, {"credit_note", "credit note"}, {"cancellation", "cancellation"}};
  char number[HS_NUMBER_TEXT];
  hs_invoice_number(invoice, number);
  hs_buf_printf(out, "  %s  ", number);
  for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++)
    if (hs_str_equal(invoice->kind, hs_str_of(KINDS[k][0])))
      hs_buf_add_text(out, KINDS[k][1]);
  hs_buf_add_text(out, " over ");
  say_money(seen, invoice->net_minor, out);
  if (invoice->tax_minor > 0) {
    hs_buf_add_text(out, " and tax of ");
    say_money(seen, invoice->tax_minor, out);
  }
  if (invoice->withheld_minor > 0) {
    hs_buf_add_text(out, " less ");
    say_money(seen, invoice->withheld_minor, out);
    hs_buf_add_text(out, " withheld");
  }
  hs_buf_add_char(out, '\n');
}

static void say_heading(const struct hs_payout_seen *seen, struct hs_buf *out)
{
  const struct hs_payout_row *payout = &seen->payout;
  const struct hs_payout_state_row *states = seen->states.items;
  hs_buf_printf(out, "payout %s to ", payout->id.text);
  hs_buf_add_shown(out, payout->partner, 100);
  hs_buf_add_text(out, ": ");
  say_money(seen, payout->amount_minor, out);
  hs_buf_printf(out, " before tax, %.*s\n", HS_STR_ARG(states[seen->states.count - 1].state));
  hs_buf_add_text(out, "decided by ");
  hs_buf_add_shown(out, payout->decided_by, 100);
  hs_buf_add_text(out, " and ");
  hs_buf_add_shown(out, payout->seconded_by, 100);
  if (payout->run.data != NULL) {
    hs_buf_add_text(out, ", in run ");
    hs_buf_add_shown(out, payout->run, 100);
  }
  hs_buf_printf(out, ", by %.*s\n", HS_STR_ARG(payout->method));
}

static void say_states(const struct hs_payout_seen *seen, const struct hs_zone *zone,
                       struct hs_buf *out)
{
  const struct hs_payout_state_row *states = seen->states.items;
  hs_buf_add_text(out, "\nwhat became of it\n");
  for (size_t s = 0; s < seen->states.count; s++) {
    hs_buf_add_text(out, "  ");
    say_moment(zone, states[s].at_us, out);
    hs_buf_printf(out, "  %.*s, by ", HS_STR_ARG(states[s].state));
    hs_buf_add_shown(out, states[s].decided_by, 100);
    if (states[s].reason.data != NULL) {
      hs_buf_add_text(out, ": ");
      hs_buf_add_shown(out, states[s].reason, 400);
    }
    hs_buf_add_char(out, '\n');
  }
}

static void say(const struct hs_payout_seen *seen, const struct hs_zone *zone, struct hs_buf *out)
{
  const struct hs_paid_commission *lines = seen->lines.items;
  const struct hs_invoice_row *invoices = seen->invoices.items;
  say_heading(seen, out);
  hs_buf_add_text(out, "\nfor\n");
  for (size_t i = 0; i < seen->lines.count; i++)
    say_line(seen, &lines[i], out);
  if (seen->invoices.count > 0)
    hs_buf_add_text(out, "\ndocuments\n");
  for (size_t i = 0; i < seen->invoices.count; i++)
    say_invoice(seen, &invoices[i], out);
  say_states(seen, zone, out);
}

/* ---- as JSON ---- */

static void put_number(struct hs_buf *out, const char *name, int64_t value)
{
  hs_json_key(out, name);
  hs_buf_printf(out, "%" PRId64, value);
}

static void put_moment(struct hs_buf *out, const char *name, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time(at_us, text);
  hs_json_text(out, name, hs_str_of(text));
}

static void put_lines(const struct hs_payout_seen *seen, struct hs_buf *out)
{
  const struct hs_paid_commission *lines = seen->lines.items;
  hs_json_key(out, "lines");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < seen->lines.count; i++) {
    hs_buf_add_text(out, i > 0 ? ",{" : "{");
    hs_json_text(out, "commission", hs_str_of(lines[i].line.commission.text));
    hs_json_text(out, "order_id", lines[i].commission.order_id);
    put_number(out, "sent_minor", lines[i].line.amount_minor);
    put_number(out, "set_off_minor", lines[i].line.set_off_minor);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void put_invoices(const struct hs_payout_seen *seen, struct hs_buf *out)
{
  const struct hs_invoice_row *invoices = seen->invoices.items;
  char number[HS_NUMBER_TEXT];
  hs_json_key(out, "invoices");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < seen->invoices.count; i++) {
    hs_buf_add_text(out, i > 0 ? ",{" : "{");
    hs_invoice_number(&invoices[i], number);
    hs_json_text(out, "number", hs_str_of(number));
    hs_json_text(out, "kind", invoices[i].kind);
    put_number(out, "net_minor", invoices[i].net_minor);
    put_number(out, "tax_minor", invoices[i].tax_minor);
    put_number(out, "withheld_minor", invoices[i].withheld_minor);
    put_moment(out, "at", invoices[i].at_us);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void put_states(const struct hs_payout_seen *seen, struct hs_buf *out)
{
  const struct hs_payout_state_row *states = seen->states.items;
  hs_json_key(out, "states");
  hs_buf_add_char(out, '[');
  for (size_t s = 0; s < seen->states.count; s++) {
    hs_buf_add_text(out, s > 0 ? ",{" : "{");
    hs_json_text(out, "state", states[s].state);
    put_moment(out, "at", states[s].at_us);
    hs_json_text(out, "by", states[s].decided_by);
    hs_json_text(out, "reason", states[s].reason);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void put(const struct hs_payout_seen *seen, struct hs_buf *out)
{
  const struct hs_payout_row *payout = &seen->payout;
  const struct hs_payout_state_row *states = seen->states.items;
  hs_buf_add_char(out, '{');
  hs_json_text(out, "id", hs_str_of(payout->id.text));
  hs_json_text(out, "partner", payout->partner);
  hs_json_text(out, "run", payout->run);
  hs_json_text(out, "currency", hs_str_of(payout->currency.code));
  put_number(out, "amount_minor", payout->amount_minor);
  hs_json_text(out, "state", states[seen->states.count - 1].state);
  hs_json_text(out, "method", payout->method);
  hs_json_text(out, "by", payout->decided_by);
  hs_json_text(out, "second", payout->seconded_by);
  put_moment(out, "at", payout->at_us);
  put_lines(seen, out);
  put_invoices(seen, out);
  put_states(seen, out);
  hs_buf_add_text(out, "}\n");
}

/* ---- both ---- */

enum form { WORDS, JSON };

static enum hs_status show(struct hs_programme *programme, const struct hs_id *id, enum form form,
                           struct hs_buf *out, struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_payout_seen seen;
  enum hs_status status = hs_arena_init(&arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = hs_payout_see(programme, id, &arena, &seen, err);
  if (status == HS_OK && form == WORDS)
    say(&seen, programme->zone, out);
  else if (status == HS_OK)
    put(&seen, out);
  hs_arena_release(&arena);
  return status;
}

enum hs_status hs_payout_say(struct hs_programme *programme, const struct hs_id *id,
                             struct hs_buf *out, struct hs_err *err)
{
  return show(programme, id, WORDS, out, err);
}

enum hs_status hs_payout_json(struct hs_programme *programme, const struct hs_id *id,
                              struct hs_buf *out, struct hs_err *err)
{
  return show(programme, id, JSON, out, err);
}
