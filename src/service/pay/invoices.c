/* Invoices that the company writes in its partners' names, as a page for the screen and for paper.
   What they say of people is what the run kept; where that was taken away, the figures stay. */
#include <inttypes.h>

#include "service/agreed/agreement_words.h"
#include "service/joint/statement_page.h"
#include "service/pay/payout_marks.h"
#include "service/pay/payouts_priv.h"

#define ARENA_BYTES (256 * HS_MIB)

enum kind { INVOICE, CREDIT_NOTE, CANCELLATION, KIND_COUNT };
static const struct {
  const char *word, *title, *explains;
} KINDS[KIND_COUNT] = {
    {"invoice", "Invoice", "Self-billed: written by the customer in the supplier's name."},
    {"credit_note", "Credit note",
     "Over what was taken back after it had been paid, set off against this payout. "
     "Written by the customer in the supplier's name."},
    {"cancellation", "Cancellation",
     "The payment came back: what it was for is owed again, and comes into another invoice."},
};

struct page {
  struct hs_programme *programme;
  const struct hs_payout_seen *seen;
  struct hs_buf *out;
};

static enum kind kind_of(const struct hs_invoice_row *invoice)
{
  for (int k = 0; k < KIND_COUNT; k++)
    if (hs_str_equal(invoice->kind, hs_str_of(KINDS[k].word)))
      return (enum kind)k;
  return INVOICE;
}

/* ---- who ---- */

static void add_line(struct hs_str text, struct hs_buf *out)
{
  if (text.data == NULL)
    return;
  hs_buf_add_text(out, "<br>");
  hs_page_text(text, out);
}

static void add_place(struct hs_str postcode, struct hs_str town, struct hs_str country,
                      struct hs_buf *out)
{
  struct hs_buf place = hs_buf_in(out->arena);
  const struct hs_str parts[] = {postcode, town, country};
  for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
    if (parts[p].data == NULL)
      continue;
    if (place.length > 0)
      hs_buf_add_char(&place, ' ');
    hs_buf_add_str(&place, parts[p]);
  }
  hs_page_words(&place, "<br>", "", out);
}

static void add_parties(const struct page *page)
{
  const struct hs_kept_payee *payee = page->seen->payee;
  const struct hs_payer *payer = page->seen->has_kept ? page->seen->kept.payer : NULL;
  struct hs_buf *out = page->out;
  hs_buf_add_text(out, "<p>Supplier<br><strong>");
  hs_page_text(payee != NULL && payee->name.data != NULL ? payee->name : page->seen->payout.partner,
               out);
  hs_buf_add_text(out, "</strong>");
  if (payee != NULL) {
    add_line(payee->street, out);
    add_place(payee->postcode, payee->town, payee->country, out);
  }
  hs_buf_add_text(out, "</p>\n");
  if (payer != NULL) {
    hs_buf_add_text(out, "<p>Customer<br><strong>");
    hs_page_text(payer->name, out);
    hs_buf_add_text(out, "</strong>");
    add_line(payer->street, out);
    add_place(payer->postcode, payer->town, payer->country, out);
    hs_buf_add_text(out, "</p>\n");
  }
}

static void add_dates(const struct page *page, const struct hs_invoice_row *invoice)
{
  char day[HS_TIME_TEXT];
  struct hs_buf words = hs_buf_in(page->out->arena);
  hs_format_day(hs_zone_day_of_us(page->programme->zone, invoice->at_us), day);
  hs_buf_printf(&words, "%s, payout %s", day, page->seen->payout.id.text);
  if (page->seen->payout.run.data != NULL) {
    hs_buf_add_text(&words, " of run ");
    hs_buf_add_str(&words, page->seen->payout.run);
  }
  hs_page_words(&words, "<p class=\"soft\">", "</p>\n", page->out);
}

/* ---- what for ---- */

static void begin_table(const struct page *page, const char *first, const char *second)
{
  hs_buf_printf(page->out,
                "<div class=\"wide\"><table><thead><tr><th>%s</th><th>%s</th>"
                "<th class=\"n\">%s</th></tr></thead><tbody>\n",
                first, second, page->seen->payout.currency.code);
}

/* A commission's whole part in an invoice; in a cancellation what of it had been sent. */
static int64_t part_of(const struct hs_paid_commission *paid, enum kind kind)
{
  return kind == INVOICE ? paid->line.amount_minor + paid->line.set_off_minor
                         : paid->line.amount_minor;
}

static void add_commissions(const struct page *page, enum kind kind)
{
  const struct hs_paid_commission *lines = page->seen->lines.items;
  struct hs_buf *out = page->out;
  begin_table(page, "for", "by");
  for (size_t i = 0; i < page->seen->lines.count; i++) {
    int64_t part = part_of(&lines[i], kind);
    struct hs_buf rule = hs_buf_in(out->arena);
    if (part == 0)
      continue;
    hs_buf_add_text(out, "<tr>");
    hs_page_cell(lines[i].commission.order_id, out);
    hs_buf_add_str(&rule, lines[i].commission.agreement);
    hs_buf_printf(&rule, " %" PRIu64 ", ", lines[i].commission.version);
    hs_buf_add_str(&rule, lines[i].commission.rule);
    hs_page_words(&rule, "<td>", "</td>", out);
    hs_page_amount(page->seen->payout.currency, part, out);
    hs_buf_add_text(out, "</tr>\n");
  }
}

struct credited {
  const struct page *page;
  uint64_t after, until; /* sequences */
};

static enum hs_status add_taken(void *context, const struct hs_transfer_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  const struct credited *credited = context;
  const struct page *page = credited->page;
  char day[HS_TIME_TEXT];
  struct hs_buf words = hs_buf_in(page->out->arena);
  if (!hs_str_equal(row->kind, hs_str_of(hs_transfer_spec(HS_TRANSFER_CLAW_BACK)->word)) ||
      !hs_currency_equal(row->currency, page->seen->payout.currency) ||
      row->sequence <= credited->after || row->sequence > credited->until)
    return HS_OK;
  hs_format_day(hs_zone_day_of_us(page->programme->zone, row->effective_us), day);
  hs_buf_printf(page->out, "<tr><td>%s</td>", day);
  hs_buf_add_str(&words, row->commission.text[0] != '\0' ? hs_str_of(row->commission.text)
                                                         : HS_STR("adjustment"));
  if (row->reference.data != NULL) {
    hs_buf_add_text(&words, ", ");
    hs_buf_add_str(&words, row->reference);
  }
  if (row->reason.data != NULL) {
    hs_buf_add_text(&words, ": ");
    hs_buf_add_str(&words, row->reason);
  }
  hs_page_words(&words, "<td>", "</td>", page->out);
  hs_page_amount(row->currency, row->amount_minor, page->out);
  hs_buf_add_text(page->out, "</tr>\n");
  return HS_OK;
}

static enum hs_status note_set_off(void *context, const struct hs_transfer_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct credited *credited = context;
  if (hs_str_equal(row->kind, hs_str_of(hs_transfer_spec(HS_TRANSFER_SET_OFF)->word)) &&
      hs_currency_equal(row->currency, credited->page->seen->payout.currency) &&
      row->sequence < credited->until)
    credited->after = row->sequence;
  return HS_OK;
}

/* What was taken back since something was set off before; of that a part may be left over, and of
   this a part may be left for the next. */
static enum hs_status add_taken_back(const struct page *page, const struct hs_invoice_row *note,
                                     struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &page->programme->book.ledger;
  struct credited credited = {page, 0, note->sequence};
  enum hs_status status = ledger->transfers(ledger->self, page->seen->payout.partner, INT64_MIN,
                                            INT64_MAX, note_set_off, &credited, err);
  begin_table(page, "day", "taken back after it was paid");
  return status == HS_OK ? ledger->transfers(ledger->self, page->seen->payout.partner, INT64_MIN,
                                             INT64_MAX, add_taken, &credited, err)
                         : status;
}

/* ---- the sums ---- */

static void add_sum(const struct page *page, const struct hs_buf *words, int64_t amount_minor)
{
  hs_page_words(words, "<tr class=\"sum\"><td></td><td>", "</td>", page->out);
  hs_page_amount(page->seen->payout.currency, amount_minor, page->out);
  hs_buf_add_text(page->out, "</tr>\n");
}

static struct hs_buf words_of(const struct page *page, const char *text)
{
  struct hs_buf words = hs_buf_in(page->out->arena);
  hs_buf_add_text(&words, text);
  return words;
}

static void add_sums(const struct page *page, const struct hs_invoice_row *invoice)
{
  const struct hs_kept_payee *payee = page->seen->payee;
  struct hs_buf net = words_of(page, "net");
  struct hs_buf tax = words_of(page, payee != NULL ? "tax of " : "tax");
  if (payee != NULL)
    hs_percentage_say(payee->rate, &tax);
  add_sum(page, &net, invoice->net_minor);
  if (invoice->tax_minor != 0)
    add_sum(page, &tax, invoice->tax_minor);
  struct hs_buf withheld =
      words_of(page, payee != NULL ? "withheld for the tax office, " : "withheld");
  if (payee != NULL)
    hs_percentage_say(payee->withholding, &withheld);
  if (invoice->withheld_minor != 0)
    add_sum(page, &withheld, -invoice->withheld_minor);
  struct hs_buf total = words_of(page, kind_of(invoice) == INVOICE ? "total" : "total credited");
  add_sum(page, &total, hs_invoice_total(invoice));
  hs_buf_add_text(page->out, "</tbody></table></div>\n");
}

static void add_tax_note(const struct page *page)
{
  const struct hs_kept_payee *payee = page->seen->payee;
  if (payee == NULL) {
    hs_buf_add_text(page->out, "<p class=\"soft\">Names, addresses and tax status of this payout "
                               "are not kept any more.</p>\n");
    return;
  }
  hs_buf_printf(page->out, "<p>%s", hs_tax_says((enum hs_tax_treatment)payee->treatment));
  if (payee->note.data != NULL) {
    hs_buf_add_text(page->out, ". ");
    hs_page_text(payee->note, page->out);
  }
  hs_buf_add_text(page->out, "</p>\n");
}

/* ---- the page ---- */

static enum hs_status add_document(const struct page *page, const struct hs_invoice_row *invoice,
                                   struct hs_err *err)
{
  enum kind kind = kind_of(invoice);
  char number[HS_NUMBER_TEXT];
  enum hs_status status = HS_OK;
  hs_invoice_number(invoice, number);
  hs_buf_printf(page->out, "<h2>%s %s</h2>\n<p class=\"soft\">%s</p>\n", KINDS[kind].title, number,
                KINDS[kind].explains);
  add_dates(page, invoice);
  add_parties(page);
  if (kind == CREDIT_NOTE)
    status = add_taken_back(page, invoice, err);
  else
    add_commissions(page, kind);
  add_sums(page, invoice);
  add_tax_note(page);
  return status;
}

static enum hs_status add_documents(const struct page *page, struct hs_str name, struct hs_err *err)
{
  const struct hs_invoice_row *invoices = page->seen->invoices.items;
  enum hs_status status = HS_OK;
  size_t count = 0;
  hs_page_begin(page->seen->payout.partner, page->out);
  for (size_t i = 0; i < page->seen->invoices.count && status == HS_OK; i++) {
    char number[HS_NUMBER_TEXT];
    hs_invoice_number(&invoices[i], number);
    if (!hs_str_equal(name, hs_str_of(page->seen->payout.id.text)) &&
        !hs_str_equal(name, hs_str_of(number)))
      continue;
    status = add_document(page, &invoices[i], err);
    count++;
  }
  hs_page_end(page->out);
  return status == HS_OK && count == 0
             ? hs_fail(err, HS_NOT_FOUND, "payout %s has no invoice: it was made by no run",
                       page->seen->payout.id.text)
             : status;
}

enum hs_status hs_invoice_html(struct hs_programme *programme, struct hs_str name,
                               struct hs_buf *out, struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_payout_seen seen;
  struct hs_id id;
  enum hs_status status = hs_payout_find(&programme->book.ledger, name, &id, err);
  if (status == HS_OK)
    status = hs_arena_init(&arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = hs_payout_see(programme, &id, &arena, &seen, err);
  const struct page page = {programme, &seen, out};
  if (status == HS_OK)
    status = add_documents(&page, name, err);
  hs_arena_release(&arena);
  return status;
}
