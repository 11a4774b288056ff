#include "service/pay/payout_batch.h"

#include <stdio.h>

#include "base/room.h"
#include "base/time.h"
#include "intake/csv.h"

/* ---- the form ---- */

/* As it is written, before amounts are money. */
struct written_payment {
  struct hs_str id, amount, currency, name;
  int32_t kind;
  struct hs_str iban, bic, account, clearing, email;
  struct hs_str street, postcode, town, country, text, reference;
};

struct written_batch {
  struct hs_str id;
  int32_t day;
  struct hs_payer *payer;
  struct hs_list payments;
};

static const char *const KINDS[] = {"company", "person", NULL};

static const struct hs_field PAYMENT[] = {
    HS_MEMBER(written_payment, id, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The end-to-end id: unique, at most 35 characters; the status comes back "
                         "with it."),
    HS_MEMBER(written_payment, amount, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What is paid, such as \"1250.00\"."),
    HS_MEMBER(written_payment, currency, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Its code of ISO 4217."),
    HS_MEMBER(written_payment, name, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The owner of the account."),
    HS_MEMBER(written_payment, kind, HS_FIELD_WORD, .words = KINDS, .fallback = "company",
              .meaning = "What the owner is."),
    HS_MEMBER(written_payment, iban, HS_FIELD_TEXT, .meaning = "The account, by ISO 13616."),
    HS_MEMBER(written_payment, bic, HS_FIELD_TEXT, .meaning = "The bank, by ISO 9362."),
    HS_MEMBER(written_payment, account, HS_FIELD_TEXT,
              .meaning = "The number of an account that has no IBAN."),
    HS_MEMBER(written_payment, clearing, HS_FIELD_TEXT,
              .meaning =
                  "The bank in its country's clearing, code and number: \"USABA:021000021\"."),
    HS_MEMBER(written_payment, email, HS_FIELD_TEXT,
              .meaning = "The address that is the account at PayPal, or that Wise writes to."),
    HS_MEMBER(written_payment, street, HS_FIELD_TEXT, .meaning = "The owner's street and number."),
    HS_MEMBER(written_payment, postcode, HS_FIELD_TEXT, .meaning = "The owner's postcode."),
    HS_MEMBER(written_payment, town, HS_FIELD_TEXT, .meaning = "The owner's town."),
    HS_MEMBER(written_payment, country, HS_FIELD_TEXT,
              .meaning = "The owner's country, two letters of ISO 3166."),
    HS_MEMBER(written_payment, text, HS_FIELD_TEXT, .meaning = "For the owner's statement."),
    HS_MEMBER(written_payment, reference, HS_FIELD_TEXT,
              .meaning = "A creditor reference of ISO 11649, instead of the text."),
};
const struct hs_shape hs_payment_shape = HS_SHAPE_OF("payment", written_payment, PAYMENT);

static const struct hs_field PAYER[] = {
    HS_MEMBER(hs_payer, name, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Who pays."),
    HS_MEMBER(hs_payer, iban, HS_FIELD_TEXT, .meaning = "The account that is debited."),
    HS_MEMBER(hs_payer, bic, HS_FIELD_TEXT, .meaning = "Its bank."),
    HS_MEMBER(hs_payer, account, HS_FIELD_TEXT, .meaning = "Its number, where it has no IBAN."),
    HS_MEMBER(hs_payer, currency, HS_FIELD_TEXT,
              .meaning = "The account's currency; for Wise what is paid from."),
    HS_MEMBER(hs_payer, street, HS_FIELD_TEXT, .meaning = "Street and number."),
    HS_MEMBER(hs_payer, postcode, HS_FIELD_TEXT, .meaning = "Postcode."),
    HS_MEMBER(hs_payer, town, HS_FIELD_TEXT, .meaning = "Town."),
    HS_MEMBER(hs_payer, country, HS_FIELD_TEXT, .meaning = "Country, two letters of ISO 3166."),
};
const struct hs_shape hs_payer_shape = HS_SHAPE_OF("payer", hs_payer, PAYER);

static const struct hs_field BATCH[] = {
    HS_MEMBER(written_batch, id, HS_FIELD_TEXT,
              .meaning =
                  "What the file is called at the bank: at most 30 characters, never used twice."),
    HS_MEMBER(written_batch, day, HS_FIELD_DATE, .meaning = "On which day it is to be paid."),
    HS_MEMBER(written_batch, payer, HS_FIELD_OBJECT, .shape = &hs_payer_shape,
              .meaning = "Who pays, and from which account."),
    HS_MEMBER(written_batch, payments, HS_FIELD_LIST, .shape = &hs_payment_shape, .low = 1,
              .high = HS_PAYMENTS_MAX, .required = HS_ALWAYS, .meaning = "What is paid."),
};
const struct hs_shape hs_payout_batch_shape = HS_SHAPE_OF("payout batch", written_batch, BATCH);

/* ---- faults ---- */

#define PLACE_MAX 96
#define WORDS_MAX 512

void hs_payout_fault(struct hs_payout_faults *faults, const struct hs_payout_batch *batch,
                     const struct hs_payment *payment, const char *field, const char *format, ...)
{
  char place[PLACE_MAX] = "";
  char words[WORDS_MAX];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  const char *name = field != NULL ? field : "";
  if (payment == NULL)
    (void)snprintf(place, sizeof place, "%s", name);
  else if (payment->line > 0)
    (void)snprintf(place, sizeof place, "line %llu%s%s", (unsigned long long)payment->line,
                   *name != '\0' ? ", " : "", name);
  else
    (void)snprintf(place, sizeof place, "payments[%zu]%s%s", (size_t)(payment - batch->payments),
                   *name != '\0' ? "." : "", name);
  if (faults->count++ == 0)
    (void)hs_fail(faults->err, HS_INVALID, "%s%s%s", place, *place != '\0' ? ": " : "", words);
  if (faults->fault != NULL)
    faults->fault(faults->context, place, words);
}

/* ---- from what is written to payments ---- */

static void take_amount(struct hs_payout_faults *faults, const struct hs_payout_batch *batch,
                        const struct written_payment *written, struct hs_payment *payment)
{
  struct hs_err why = {0};
  struct hs_currency currency;
  if (written->currency.data == NULL || written->amount.data == NULL)
    return; /* told as missing */
  if (!hs_currency_parse(written->currency, &currency))
    hs_payout_fault(faults, batch, payment, "currency", "\"%.*s\" is no currency of ISO 4217",
                    HS_STR_ARG(written->currency));
  else if (hs_money_parse(written->amount, currency, &payment->amount, &why) != HS_OK)
    hs_payout_fault(faults, batch, payment, "amount", "%s", why.text);
}

static void take_payment(struct hs_payout_faults *faults, const struct hs_payout_batch *batch,
                         const struct written_payment *written, struct hs_payment *payment)
{
  uint64_t line = payment->line;
  *payment = (struct hs_payment){
      .id = written->id,
      .name = written->name,
      .is_person = written->kind == 1,
      .iban = written->iban,
      .bic = written->bic,
      .account = written->account,
      .clearing = written->clearing,
      .email = written->email,
      .street = written->street,
      .postcode = written->postcode,
      .town = written->town,
      .country = written->country,
      .text = written->text,
      .reference = written->reference,
      .line = line,
  };
  for (size_t f = 0; f < sizeof PAYMENT / sizeof *PAYMENT; f++) {
    const struct hs_str *at = (const void *)((const char *)written + PAYMENT[f].offset);
    if (PAYMENT[f].required == HS_ALWAYS && at->data == NULL)
      hs_payout_fault(faults, batch, payment, PAYMENT[f].name, "missing: %s", PAYMENT[f].meaning);
  }
  take_amount(faults, batch, written, payment);
}

static enum hs_status read_json(struct hs_str text, struct hs_arena *arena,
                                struct hs_payout_batch *out, struct hs_payout_faults *faults)
{
  struct written_batch written;
  enum hs_status status = hs_shape_read(&hs_payout_batch_shape, text, arena, &written,
                                        faults->fault, faults->context, faults->err);
  if (status != HS_OK)
    return status;
  const struct written_payment *items = written.payments.items;
  struct hs_payment *payments = hs_arena_alloc(arena, written.payments.count, sizeof *payments);
  if (payments == NULL)
    return hs_arena_full(arena, "payments", faults->err);
  struct hs_payout_batch batch = {.id = written.id,
                                  .day = written.day,
                                  .payments = payments,
                                  .payment_count = written.payments.count};
  if (written.payer != NULL)
    batch.payer = *written.payer;
  if (batch.payment_count == 0)
    hs_payout_fault(faults, &batch, NULL, "payments", "missing: %s", BATCH[3].meaning);
  for (size_t p = 0; p < batch.payment_count; p++)
    take_payment(faults, &batch, &items[p], &payments[p]);
  *out = batch;
  return faults->count == 0 ? HS_OK : HS_INVALID;
}

/* ---- CSV ---- */

struct csv_reading {
  struct hs_arena *arena;
  struct hs_payout_faults *faults;
  struct hs_payout_batch batch;
  struct hs_payment *payments;
  size_t capacity;
  size_t column_count;
  const struct hs_field **columns; /* NULL in a column that nothing reads */
  int is_full;
};

static const struct hs_field *field_called(struct hs_str name)
{
  for (size_t f = 0; f < sizeof PAYMENT / sizeof *PAYMENT; f++)
    if (hs_str_equal_ascii_fold(name, hs_str_of(PAYMENT[f].name)))
      return &PAYMENT[f];
  return NULL;
}

static enum hs_status read_header(struct csv_reading *reading, const struct hs_csv_row *row)
{
  reading->column_count = row->field_count;
  reading->columns =
      hs_arena_alloc(reading->arena, row->field_count, sizeof(const struct hs_field *));
  if (reading->columns == NULL)
    return hs_arena_full(reading->arena, "columns", reading->faults->err);
  for (size_t c = 0; c < row->field_count; c++) {
    struct hs_str name = hs_str_trim(row->fields[c]);
    reading->columns[c] = field_called(name);
    if (reading->columns[c] == NULL)
      hs_payout_fault(reading->faults, &reading->batch, NULL, "header",
                      "there is no column \"%.*s\"; see hansa-payout(1)", HS_STR_ARG(name));
    for (size_t before = 0; before < c; before++)
      if (reading->columns[c] != NULL && reading->columns[before] == reading->columns[c])
        hs_payout_fault(reading->faults, &reading->batch, NULL, "header",
                        "the column \"%.*s\" stands there twice", HS_STR_ARG(name));
  }
  return reading->faults->count == 0 ? HS_OK : HS_INVALID;
}

static void take_cell(struct csv_reading *reading, const struct hs_payment *payment,
                      const struct hs_field *field, struct hs_str cell,
                      struct written_payment *written)
{
  void *at = (char *)written + field->offset;
  cell = hs_str_trim(cell);
  if (cell.length == 0)
    return;
  if (field->kind == HS_FIELD_WORD) {
    int32_t word = 0;
    while (KINDS[word] != NULL && !hs_str_equal_ascii_fold(cell, hs_str_of(KINDS[word])))
      word++;
    if (KINDS[word] == NULL)
      hs_payout_fault(reading->faults, &reading->batch, payment, field->name,
                      "must be company or person, got \"%.*s\"", HS_STR_ARG(cell));
    *(int32_t *)at = word;
    return;
  }
  if (hs_str_keep(reading->arena, &cell))
    *(struct hs_str *)at = cell;
  else
    reading->is_full = 1;
}

static enum hs_status read_row(struct csv_reading *reading, const struct hs_csv_row *row)
{
  struct written_payment written = {0};
  struct hs_payment *payment = &reading->payments[reading->batch.payment_count];
  *payment = (struct hs_payment){.line = row->line};
  if (row->problem != NULL) {
    hs_payout_fault(reading->faults, &reading->batch, payment, NULL, "%s", row->problem);
    return HS_OK;
  }
  if (row->field_count != reading->column_count) {
    hs_payout_fault(reading->faults, &reading->batch, payment, NULL,
                    "has %zu fields; the header has %zu", row->field_count, reading->column_count);
    return HS_OK;
  }
  for (size_t c = 0; c < row->field_count; c++)
    take_cell(reading, payment, reading->columns[c], row->fields[c], &written);
  if (reading->is_full)
    return hs_arena_full(reading->arena, "payments", reading->faults->err);
  take_payment(reading->faults, &reading->batch, &written, payment);
  reading->batch.payment_count++;
  return HS_OK;
}

/* Room for one more. */
static enum hs_status make_room(struct csv_reading *reading)
{
  size_t count = reading->batch.payment_count;
  if (count < reading->capacity)
    return HS_OK;
  if (count == HS_PAYMENTS_MAX)
    return hs_fail(reading->faults->err, HS_INVALID, "has more than %d payments", HS_PAYMENTS_MAX);
  struct hs_payment *grown =
      hs_arena_room(reading->arena, reading->payments, count, 1, &reading->capacity, sizeof *grown);
  if (grown == NULL)
    return hs_arena_full(reading->arena, "payments", reading->faults->err);
  reading->payments = grown;
  reading->batch.payments = grown;
  return HS_OK;
}

static enum hs_status read_rows(struct csv_reading *reading, struct hs_csv *csv)
{
  struct hs_csv_row row;
  struct hs_err *err = reading->faults->err;
  enum hs_status status = hs_csv_next(csv, &row, err);
  if (status == HS_END)
    return hs_fail(err, HS_INVALID, "is empty");
  if (status == HS_OK && row.problem != NULL)
    return hs_fail(err, HS_INVALID, "line %llu: %s", (unsigned long long)row.line, row.problem);
  if (status == HS_OK)
    status = read_header(reading, &row);
  while (status == HS_OK) {
    status = hs_csv_next(csv, &row, err);
    if (status == HS_OK)
      status = make_room(reading);
    if (status == HS_OK)
      status = read_row(reading, &row);
  }
  if (status != HS_END)
    return status;
  if (reading->batch.payment_count == 0 && reading->faults->count == 0)
    return hs_fail(err, HS_INVALID, "has a header and no payment");
  return reading->faults->count == 0 ? HS_OK : HS_INVALID;
}

static enum hs_status read_csv(struct hs_str text, struct hs_arena *arena,
                               struct hs_payout_batch *out, struct hs_payout_faults *faults)
{
  struct csv_reading reading = {.arena = arena, .faults = faults, .batch = {.day = HS_ABSENT}};
  struct hs_source *source = NULL;
  struct hs_csv *csv = NULL;
  enum hs_status status = hs_source_of_text(arena, text, &source, faults->err);
  if (status == HS_OK)
    status = hs_csv_open(arena, source, NULL, &csv, faults->err);
  if (status == HS_OK)
    status = read_rows(&reading, csv);
  if (status == HS_OK)
    *out = reading.batch;
  hs_source_close(source);
  return status;
}

/* ---- the file ---- */

enum hs_status hs_payout_batch_read(struct hs_str text, struct hs_arena *arena,
                                    struct hs_payout_batch *out, hs_fault_fn fault, void *context,
                                    struct hs_err *err)
{
  struct hs_err first = {0};
  struct hs_payout_faults faults = {fault, context, err != NULL ? err : &first, 0};
  struct hs_str trimmed = hs_str_trim(text);
  if (trimmed.length > 0 && trimmed.data[0] == '{')
    return read_json(text, arena, out, &faults);
  return read_csv(text, arena, out, &faults);
}

enum hs_status hs_payout_batch_file(const struct hs_io *io, const char *path,
                                    struct hs_arena *arena, struct hs_payout_batch *out,
                                    hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_str text = {0};
  enum hs_status status = hs_io_read_file(io, arena, path, HS_PAYOUT_BYTES_MAX, &text, err);
  if (status != HS_OK)
    return status;
  status = hs_payout_batch_read(text, arena, out, fault, context, err);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  return status;
}

/* ---- sums ---- */

#define CURRENCIES_MAX ((size_t)256) /* ISO 4217 has fewer */

enum hs_status hs_payout_batch_sums(const struct hs_payout_batch *batch, struct hs_arena *arena,
                                    struct hs_money **out, size_t *count, struct hs_err *err)
{
  struct hs_money *sums = hs_arena_alloc(arena, CURRENCIES_MAX, sizeof *sums);
  size_t found = 0;
  if (sums == NULL)
    return hs_arena_full(arena, "sums", err);
  for (size_t p = 0; p < batch->payment_count; p++) {
    struct hs_money amount = batch->payments[p].amount;
    size_t s = 0;
    while (s < found && !hs_currency_equal(sums[s].currency, amount.currency))
      s++;
    HS_ASSERT(s < CURRENCIES_MAX);
    if (s == found)
      sums[found++] = (struct hs_money){.currency = amount.currency};
    if (!hs_money_add(sums[s], amount, &sums[s]))
      return hs_fail(err, HS_INVALID, "the payments in %s come to more than fits",
                     amount.currency.code);
  }
  *out = sums;
  *count = found;
  return HS_OK;
}
