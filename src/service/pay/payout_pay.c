#include "service/pay/payout_pay.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "service/pay/payout_book.h"
#include "service/pay/payout_record.h"

/* ---- the methods ---- */

static const struct method {
  const char *name;
  enum hs_payout_format format;
  enum hs_payee_way way;
} METHODS[] = {{"sepa", HS_PAYOUT_PAIN001, HS_PAYEE_BY_BANK},
               {"paypal", HS_PAYOUT_PAYPAL, HS_PAYEE_BY_EMAIL},
               {"wise", HS_PAYOUT_WISE, HS_PAYEE_ANY_WAY}};

static const struct method *find_method(struct hs_str name)
{
  for (size_t m = 0; m < sizeof METHODS / sizeof *METHODS; m++)
    if (hs_str_equal(name, hs_str_of(METHODS[m].name)))
      return &METHODS[m];
  return NULL;
}

/* ---- one run ---- */

struct paying {
  struct hs_programme *programme;
  const struct hs_paying *asked;
  const struct hs_payees *payees;
  const struct method *method;
  struct hs_arena *arena;
  int64_t until_us;
  int32_t day;
  struct hs_due *dues;
  size_t due_count;
  struct hs_payout_batch batch;
  struct hs_str file; /* the text */
  struct hs_paid *paid;
};

static enum hs_status check_asked(struct paying *paying, struct hs_err *err)
{
  const struct hs_paying *asked = paying->asked;
  const struct hs_programme *programme = paying->programme;
  int64_t now_us = programme->io->now_us(programme->io->self);
  int32_t today = hs_zone_day_of_us(programme->zone, now_us);
  paying->method = find_method(asked->method);
  if (asked->by.length == 0 || asked->second.length == 0 || hs_str_equal(asked->by, asked->second))
    return hs_fail(err, HS_INVALID, "a payout run needs two persons: --by and --second");
  if (paying->method == NULL)
    return hs_fail(err, HS_INVALID, "--method must be sepa, paypal or wise, got \"%.*s\"",
                   HS_STR_ARG(asked->method));
  if (asked->until_day > today)
    return hs_fail(err, HS_INVALID,
                   "what is owed by a day to come is not known: --until lies in "
                   "the future");
  paying->until_us = hs_zone_day_start_us(programme->zone, asked->until_day + 1);
  /* A payment file knows the days of Greenwich, and its day must not be past there either. */
  paying->day = asked->day != HS_ABSENT ? asked->day : today;
  if (asked->day == HS_ABSENT && paying->day < hs_day_of_us(now_us))
    paying->day = hs_day_of_us(now_us);
  return HS_OK;
}

static enum hs_status choose_name(struct paying *paying, struct hs_err *err)
{
  char until[HS_TIME_TEXT];
  struct hs_buf name = hs_buf_in(paying->arena);
  if (paying->asked->name.data != NULL) {
    paying->paid->name = paying->asked->name;
    return HS_OK;
  }
  hs_format_day(paying->asked->until_day, until);
  hs_buf_printf(&name, "%s-%s", until, paying->method->name);
  paying->paid->name = hs_buf_str(&name);
  return hs_buf_status(&name, "a payout run", err);
}

/* ---- a run that is there ---- */

struct found_run {
  struct hs_arena *arena;
  struct hs_str method, kept;
  int64_t until_us;
};

static enum hs_status note_run(void *context, const struct hs_payout_run_row *row,
                               struct hs_err *err)
{
  struct found_run *found = context;
  struct hs_str method = row->method;
  struct hs_str kept = row->kept;
  if (!hs_str_keep(found->arena, &method) || !hs_str_keep(found->arena, &kept))
    return hs_arena_full(found->arena, "a payout run", err);
  found->method = method;
  found->kept = kept;
  found->until_us = row->until_us;
  return HS_OK;
}

static enum hs_status write_file(const struct paying *paying, struct hs_str text,
                                 struct hs_err *err)
{
  const char *path = paying->asked->out;
  return path == NULL
             ? HS_OK
             : hs_io_replace_file(paying->programme->io, path, text.data, text.length, err);
}

/* HS_NOT_FOUND when there is none of that name. */
static enum hs_status write_again(struct paying *paying, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &paying->programme->book.ledger;
  struct found_run found = {.arena = paying->arena};
  struct hs_kept_run kept;
  enum hs_status status =
      ledger->payout_run(ledger->self, paying->paid->name, note_run, &found, err);
  if (status != HS_OK)
    return status;
  if (!hs_str_equal(found.method, hs_str_of(paying->method->name)) ||
      found.until_us != paying->until_us)
    return hs_fail(err, HS_CONFLICT,
                   "payout run %.*s was made by %.*s or for another day; give this one another "
                   "--id",
                   HS_STR_ARG(paying->paid->name), HS_STR_ARG(found.method));
  paying->paid->is_again = 1;
  status = hs_kept_run_read(paying->programme, found.kept, paying->arena, &kept, err);
  if (status == HS_NOT_FOUND && paying->asked->out == NULL)
    return HS_OK;
  if (status == HS_NOT_FOUND)
    return hs_fail(err, HS_CORRUPT, "payout run %.*s was paid, but its file is gone",
                   HS_STR_ARG(paying->paid->name));
  return status == HS_OK ? write_file(paying, kept.file, err) : status;
}

/* ---- planning ---- */

static enum hs_status ask_dues(struct paying *paying, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &paying->programme->book.ledger;
  struct hs_currency only = {0};
  size_t kept = 0;
  if (paying->asked->currency.data != NULL && !hs_currency_parse(paying->asked->currency, &only))
    return hs_fail(err, HS_INVALID, "\"%.*s\" is no currency of ISO 4217",
                   HS_STR_ARG(paying->asked->currency));
  enum hs_status status =
      hs_dues_of_book(ledger, INT64_MAX, paying->arena, &paying->dues, &paying->due_count, err);
  if (status == HS_OK)
    status = hs_dues_until(ledger, paying->until_us, paying->dues, paying->due_count, err);
  for (size_t d = 0; d < paying->due_count && status == HS_OK; d++)
    if (only.code[0] == '\0' || hs_currency_equal(paying->dues[d].currency, only))
      paying->dues[kept++] = paying->dues[d];
  paying->due_count = kept;
  return status;
}

static enum hs_status plan(struct paying *paying, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &paying->programme->book.ledger;
  struct hs_payout_run_options options = {.day = paying->day, .way = paying->method->way};
  struct hs_series series;
  char text[HS_SERIES_TEXT];
  uint64_t last = 0;
  enum hs_status status =
      hs_series_make(paying->payees->series, hs_civil_of_day(paying->day).year, &series, err);
  if (status != HS_OK)
    return status;
  hs_series_format(&series, text);
  status = ledger->last_invoice(ledger->self, hs_str_of(text), &last, err);
  options.next_number = last + 1;
  if (status == HS_OK)
    status = ask_dues(paying, err);
  return status == HS_OK ? hs_payout_run_make(paying->dues, paying->due_count, paying->payees,
                                              &options, paying->arena, &paying->paid->run, err)
                         : status;
}

static enum hs_status make_file(struct paying *paying, hs_fault_fn fault, void *context,
                                struct hs_err *err)
{
  const struct hs_io *io = paying->programme->io;
  struct hs_paid *paid = paying->paid;
  const struct hs_payout_options options = {.format = paying->method->format,
                                            .now_us = io->now_us(io->self),
                                            .has_decimal_comma = paying->asked->has_decimal_comma};
  struct hs_money *sums = NULL;
  enum hs_status status = hs_payout_run_batch(&paid->run, paying->payees, paying->day, paid->name,
                                              paying->arena, &paying->batch, err);
  if (status == HS_OK)
    status = hs_payout_batch_sums(&paying->batch, paying->arena, &sums, &paid->sum_count, err);
  struct hs_buf text = hs_buf_in(paying->arena);
  if (status == HS_OK)
    status =
        hs_payout_file_write(&paying->batch, &options, paying->arena, &text, fault, context, err);
  paying->file = hs_buf_str(&text);
  paid->payment_count = paying->batch.payment_count;
  paid->sums = sums;
  return status;
}

/* ---- recording ---- */

static void keep_payee(const struct hs_planned_payout *planned, struct hs_kept_payee *out)
{
  const struct hs_payee *payee = planned->payee;
  const struct hs_tax_preset *preset = planned->plan.preset;
  *out = (struct hs_kept_payee){.partner = planned->due->partner,
                                .name = payee->name,
                                .street = payee->street,
                                .postcode = payee->postcode,
                                .town = payee->town,
                                .country = preset->country,
                                .treatment = (int32_t)preset->treatment,
                                .rate = preset->rate,
                                .withholding = preset->withholding,
                                .note = preset->note};
}

/* The invoice's tax is of all that was owed, the payment's of what is left of it: the credit note
   has the difference, so that both documents come to the payment to the cent. */
static enum hs_status make_line(struct paying *paying, const struct hs_planned_payout *planned,
                                struct hs_run_line *out, struct hs_err *err)
{
  struct hs_programme *programme = paying->programme;
  const struct hs_payout_plan *plan = &planned->plan;
  struct hs_taxed whole;
  char *id = hs_arena_alloc_raw(paying->arena, HS_ID_TEXT, 1);
  if (id == NULL)
    return hs_arena_full(paying->arena, "a payout run", err);
  memcpy(id, hs_id_make(&programme->ids, programme->io, "pay").text, HS_ID_TEXT);
  enum hs_status status = hs_tax_apply(plan->preset, plan->taxed.net_minor + plan->set_off_minor,
                                       HS_ROUND_HALF_EVEN, &whole, err);
  *out = (struct hs_run_line){.payout = hs_str_of(id),
                              .partner = planned->due->partner,
                              .currency = hs_str_of(planned->due->currency.code),
                              .invoice = hs_str_of(planned->number),
                              .sent = plan->taxed.net_minor,
                              .set_off = plan->set_off_minor,
                              .tax = whole.tax_minor,
                              .withheld = whole.withheld_minor,
                              .credit_tax = whole.tax_minor - plan->taxed.tax_minor,
                              .credit_withheld = whole.withheld_minor - plan->taxed.withheld_minor};
  if (plan->set_off_minor > 0)
    out->credit_note = hs_str_of(planned->credit_note);
  return status;
}

static enum hs_status make_lines(struct paying *paying, struct hs_run_document *document,
                                 struct hs_kept_run *kept, struct hs_err *err)
{
  const struct hs_payout_run *run = &paying->paid->run;
  struct hs_run_line *lines = hs_arena_alloc(paying->arena, run->paid_count, sizeof *lines);
  struct hs_kept_payee *payees = hs_arena_alloc(paying->arena, run->paid_count, sizeof *payees);
  size_t count = 0;
  if (lines == NULL || payees == NULL)
    return hs_arena_full(paying->arena, "a payout run", err);
  enum hs_status status = HS_OK;
  for (size_t r = 0; r < run->row_count && status == HS_OK; r++) {
    if (run->rows[r].plan.verdict != HS_PAYOUT_PAY)
      continue;
    keep_payee(&run->rows[r], &payees[count]);
    status = make_line(paying, &run->rows[r], &lines[count++], err);
  }
  document->lines = (struct hs_list){lines, count};
  kept->payees = (struct hs_list){payees, count};
  return status;
}

static enum hs_status record(struct paying *paying, struct hs_err *err)
{
  struct hs_programme *programme = paying->programme;
  struct hs_run_document document = {0};
  struct hs_kept_run kept = {.run = paying->paid->name, .file = paying->file};
  struct hs_payer payer = paying->batch.payer;
  if (paying->payees->payer != NULL)
    kept.payer = &payer;
  enum hs_status status = make_lines(paying, &document, &kept, err);
  if (status == HS_OK)
    status = hs_kept_run_write(programme, &kept, paying->arena, &document.kept, err);
  if (status != HS_OK)
    return status;
  struct hs_buf text = hs_buf_in(paying->arena);
  hs_shape_write(&hs_run_document_shape, &document, &text);
  struct hs_decision decision = {.kind = HS_DECISION_PAYOUT_RUN,
                                 .by = paying->asked->by,
                                 .seconded_by = paying->asked->second,
                                 .reference = paying->paid->name,
                                 .method = hs_str_of(paying->method->name),
                                 .until_us = paying->until_us,
                                 .document = hs_buf_str(&text)};
  status = hs_buf_status(&text, "a payout run", err);
  return status == HS_OK ? hs_decide(programme, &decision, err) : status;
}

enum hs_status hs_payout_pay(struct hs_programme *programme, const struct hs_paying *asked,
                             const struct hs_payees *payees, struct hs_arena *arena,
                             struct hs_paid *out, hs_fault_fn fault, void *context,
                             struct hs_err *err)
{
  struct paying paying = {
      .programme = programme, .asked = asked, .payees = payees, .arena = arena, .paid = out};
  *out = (struct hs_paid){0};
  enum hs_status status = check_asked(&paying, err);
  if (status == HS_OK)
    status = choose_name(&paying, err);
  if (status != HS_OK)
    return status;
  status = write_again(&paying, err);
  if (status != HS_NOT_FOUND)
    return status;
  status = plan(&paying, err);
  if (status != HS_OK || out->run.paid_count == 0)
    return status;
  status = make_file(&paying, fault, context, err);
  if (status == HS_OK)
    status = record(&paying, err);
  return status == HS_OK ? write_file(&paying, paying.file, err) : status;
}
