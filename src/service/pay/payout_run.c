#include "service/pay/payout_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "base/time.h"
#include "intake/csv.h"

/* ---- what is owed, from CSV ---- */

enum column { COLUMN_PARTNER, COLUMN_CURRENCY, COLUMN_PAYABLE, COLUMN_DISPUTED, COLUMN_RECEIVABLE };
#define COLUMN_COUNT 5
#define COLUMN_REQUIRED 3
#define NO_COLUMN SIZE_MAX

static const char *const COLUMNS[COLUMN_COUNT] = {"partner", "currency", "payable", "disputed",
                                                  "receivable"};

struct reading {
  struct hs_arena *arena;
  struct hs_due *dues;
  uint64_t *lines;
  size_t count, capacity;
  size_t columns[COLUMN_COUNT];
  size_t field_count;
  hs_fault_fn fault;
  void *context;
  struct hs_err *err;
  size_t fault_count;
};

static void tell(struct reading *reading, uint64_t line, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void tell(struct reading *reading, uint64_t line, const char *field, const char *format, ...)
{
  char place[64];
  char words[400];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  (void)snprintf(place, sizeof place, "line %llu%s%s", (unsigned long long)line,
                 field != NULL ? ", " : "", field != NULL ? field : "");
  if (reading->fault_count++ == 0)
    (void)hs_fail(reading->err, HS_INVALID, "%s: %s", place, words);
  if (reading->fault != NULL)
    reading->fault(reading->context, place, words);
}

static void map(struct reading *reading, const struct hs_csv_row *header)
{
  reading->field_count = header->field_count;
  for (size_t c = 0; c < COLUMN_COUNT; c++) {
    reading->columns[c] = NO_COLUMN;
    for (size_t f = 0; f < header->field_count && reading->columns[c] == NO_COLUMN; f++)
      if (hs_str_equal_ascii_fold(hs_str_trim(header->fields[f]), hs_str_of(COLUMNS[c])))
        reading->columns[c] = f;
    if (reading->columns[c] == NO_COLUMN && c < COLUMN_REQUIRED)
      tell(reading, header->line, NULL, "there is no column %s", COLUMNS[c]);
  }
}

static struct hs_str cell(const struct reading *reading, const struct hs_csv_row *row,
                          enum column column)
{
  return reading->columns[column] == NO_COLUMN ? (struct hs_str){0}
                                               : hs_str_trim(row->fields[reading->columns[column]]);
}

/* An absent amount is 0. */
static int64_t amount(struct reading *reading, const struct hs_csv_row *row, enum column column,
                      struct hs_currency currency)
{
  struct hs_str text = cell(reading, row, column);
  struct hs_money money = {0};
  struct hs_err why = {0};
  if (text.length == 0)
    return 0;
  if (hs_money_parse(text, currency, &money, &why) != HS_OK)
    tell(reading, row->line, COLUMNS[column], "%s", why.text);
  else if (money.amount_minor < 0)
    tell(reading, row->line, COLUMNS[column], "must be 0 or more, got %.*s", HS_STR_ARG(text));
  return money.amount_minor < 0 ? 0 : money.amount_minor;
}

static enum hs_status make_room(struct reading *reading)
{
  size_t capacity = reading->capacity; /* the two lists grow alike */
  struct hs_due *dues =
      hs_arena_room(reading->arena, reading->dues, reading->count, 1, &capacity, sizeof *dues);
  uint64_t *lines = hs_arena_room(reading->arena, reading->lines, reading->count, 1,
                                  &reading->capacity, sizeof *lines);
  if (dues == NULL || lines == NULL)
    return hs_arena_full(reading->arena, "balances", reading->err);
  reading->dues = dues;
  reading->lines = lines;
  return HS_OK;
}

static enum hs_status take_row(struct reading *reading, const struct hs_csv_row *row)
{
  struct hs_due due = {0};
  if (row->problem != NULL || row->field_count != reading->field_count) {
    if (row->problem != NULL)
      tell(reading, row->line, NULL, "%s", row->problem);
    else
      tell(reading, row->line, NULL, "has %zu fields; the header has %zu", row->field_count,
           reading->field_count);
    return HS_OK;
  }
  struct hs_str partner = cell(reading, row, COLUMN_PARTNER);
  struct hs_str currency = cell(reading, row, COLUMN_CURRENCY);
  if (partner.length == 0)
    tell(reading, row->line, COLUMNS[COLUMN_PARTNER], "is missing");
  if (!hs_currency_parse(currency, &due.currency)) {
    tell(reading, row->line, COLUMNS[COLUMN_CURRENCY], "\"%.*s\" is no currency of ISO 4217",
         HS_STR_ARG(currency));
    return HS_OK;
  }
  due.balance.payable_minor = amount(reading, row, COLUMN_PAYABLE, due.currency);
  due.balance.disputed_minor = amount(reading, row, COLUMN_DISPUTED, due.currency);
  due.balance.receivable_minor = amount(reading, row, COLUMN_RECEIVABLE, due.currency);
  due.partner = partner;
  if (!hs_str_keep(reading->arena, &due.partner) || make_room(reading) != HS_OK)
    return hs_arena_full(reading->arena, "balances", reading->err);
  reading->lines[reading->count] = row->line;
  reading->dues[reading->count++] = due;
  return HS_OK;
}

static int by_partner(const void *left, const void *right)
{
  const struct hs_due *const *a = left;
  const struct hs_due *const *b = right;
  int order = hs_str_compare((*a)->partner, (*b)->partner);
  if (order == 0)
    order = strcmp((*a)->currency.code, (*b)->currency.code);
  return order != 0 ? order : (*a > *b) - (*a < *b);
}

static enum hs_status check_once(struct reading *reading)
{
  const struct hs_due **sorted =
      hs_arena_alloc(reading->arena, reading->count, sizeof(const struct hs_due *));
  if (sorted == NULL)
    return hs_arena_full(reading->arena, "balances", reading->err);
  for (size_t d = 0; d < reading->count; d++)
    sorted[d] = &reading->dues[d];
  if (reading->count > 1)
    qsort(sorted, reading->count, sizeof *sorted, by_partner);
  for (size_t d = 1; d < reading->count; d++)
    if (hs_str_equal(sorted[d]->partner, sorted[d - 1]->partner) &&
        hs_currency_equal(sorted[d]->currency, sorted[d - 1]->currency))
      tell(reading, reading->lines[sorted[d] - reading->dues], NULL,
           "%.*s has a balance in %s on line %llu already", HS_STR_ARG(sorted[d]->partner),
           sorted[d]->currency.code,
           (unsigned long long)reading->lines[sorted[d - 1] - reading->dues]);
  return HS_OK;
}

static enum hs_status read_rows(struct reading *reading, struct hs_csv *csv)
{
  struct hs_csv_row row;
  enum hs_status status = hs_csv_next(csv, &row, reading->err);
  if (status == HS_END)
    return hs_fail(reading->err, HS_INVALID, "is empty");
  if (status != HS_OK)
    return status;
  if (row.problem != NULL)
    tell(reading, row.line, NULL, "%s", row.problem);
  else
    map(reading, &row);
  if (reading->fault_count > 0)
    return HS_INVALID;
  while ((status = hs_csv_next(csv, &row, reading->err)) == HS_OK) {
    status = take_row(reading, &row);
    if (status != HS_OK)
      return status;
  }
  return status == HS_END ? check_once(reading) : status;
}

enum hs_status hs_dues_read(struct hs_str text, struct hs_arena *arena, struct hs_due **out,
                            size_t *count, hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct reading reading = {.arena = arena, .fault = fault, .context = context, .err = err};
  struct hs_source *source = NULL;
  struct hs_csv *csv = NULL;
  enum hs_status status = hs_source_of_text(arena, text, &source, err);
  if (status == HS_OK)
    status = hs_csv_open(arena, source, NULL, &csv, err);
  if (status == HS_OK)
    status = read_rows(&reading, csv);
  hs_source_close(source);
  if (status == HS_OK && reading.fault_count > 0)
    status = HS_INVALID;
  if (status == HS_OK) {
    *out = reading.dues;
    *count = reading.count;
  }
  return status;
}

/* ---- the run ---- */

static void decide(const struct hs_payees *payees, const struct hs_payout_run_options *options,
                   struct hs_planned_payout *row)
{
  const struct hs_payout_rules rules = {.presets = payees->tax.items,
                                        .preset_count = payees->tax.count,
                                        .rounding = options->rounding,
                                        .day = options->day};
  struct hs_payout_payee payee = {.threshold_minor =
                                      hs_payee_threshold(payees, row->payee, row->due->currency)};
  if (row->payee != NULL) {
    row->account = hs_payee_account_for(row->payee, row->due->currency, options->way);
    payee.standings = row->payee->forms.items;
    payee.standing_count = row->payee->forms.count;
    payee.is_on_hold = row->payee->on_hold == 1;
    payee.ignores_threshold = row->payee->leaving == 1;
  }
  payee.has_account = row->account != NULL;
  hs_payout_decide(&row->due->balance, &payee, &rules, &row->plan);
}

enum hs_status hs_payout_run_make(const struct hs_due *dues, size_t count,
                                  const struct hs_payees *payees,
                                  const struct hs_payout_run_options *options,
                                  struct hs_arena *arena, struct hs_payout_run *out,
                                  struct hs_err *err)
{
  struct hs_series series;
  struct hs_payout_run run = {.row_count = count, .next_number = options->next_number};
  enum hs_status status =
      hs_series_make(payees->series, hs_civil_of_day(options->day).year, &series, err);
  if (status != HS_OK)
    return status;
  run.rows = hs_arena_alloc(arena, count, sizeof *run.rows);
  if (run.rows == NULL)
    return hs_arena_full(arena, "a payout run", err);
  for (size_t d = 0; d < count; d++) {
    struct hs_planned_payout *row = &run.rows[d];
    row->due = &dues[d];
    row->payee = hs_payee_of(payees, dues[d].partner);
    decide(payees, options, row);
    if (row->plan.verdict != HS_PAYOUT_PAY)
      continue;
    hs_number_format(&series, run.next_number++, row->number);
    if (row->plan.set_off_minor > 0)
      hs_number_format(&series, run.next_number++, row->credit_note);
    run.paid_count++;
  }
  *out = run;
  return HS_OK;
}

static struct hs_payment payment_of(const struct hs_planned_payout *row, struct hs_str text)
{
  const struct hs_payee *payee = row->payee;
  const struct hs_payee_account *account = row->account;
  return (struct hs_payment){.id = hs_str_of(row->number),
                             .amount = {row->plan.taxed.paid_minor, row->due->currency},
                             .name = payee->name,
                             .is_person = payee->kind == 1,
                             .iban = account->iban,
                             .bic = account->bic,
                             .account = account->account,
                             .clearing = account->clearing,
                             .email = account->email,
                             .street = payee->street,
                             .postcode = payee->postcode,
                             .town = payee->town,
                             .country = payee->country,
                             .text = text};
}

enum hs_status hs_payout_run_batch(const struct hs_payout_run *run, const struct hs_payees *payees,
                                   int32_t day, struct hs_str id, struct hs_arena *arena,
                                   struct hs_payout_batch *out, struct hs_err *err)
{
  struct hs_payment *payments = hs_arena_alloc(arena, run->paid_count, sizeof *payments);
  struct hs_payout_batch batch = {.id = id, .day = day, .payments = payments};
  if (payments == NULL)
    return hs_arena_full(arena, "payments", err);
  if (payees->payer != NULL)
    batch.payer = *payees->payer;
  for (size_t r = 0; r < run->row_count; r++) {
    const struct hs_planned_payout *row = &run->rows[r];
    struct hs_buf text = hs_buf_in(arena);
    if (row->plan.verdict != HS_PAYOUT_PAY || row->plan.taxed.paid_minor == 0)
      continue;
    hs_buf_printf(&text, "Commission, invoice %s", row->number);
    if (hs_buf_status(&text, "payments", err) != HS_OK)
      return HS_NOMEM;
    payments[batch.payment_count++] = payment_of(row, hs_buf_str(&text));
  }
  *out = batch;
  return HS_OK;
}
