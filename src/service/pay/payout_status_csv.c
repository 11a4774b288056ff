/* What PayPal and Wise export of payouts. Exports differ by account and by what was ticked in them,
   so columns are found by the names that are known for them. */
#include "intake/csv.h"
#include "service/pay/payout_status_priv.h"

enum column { COLUMN_ID, COLUMN_STATE, COLUMN_REFERENCE, COLUMN_REASON, COLUMN_DIRECTION };
#define COLUMN_COUNT 5
#define NAMES_MAX 5
#define NO_COLUMN SIZE_MAX

/* Names in order: where several are in one file, the first that is there counts. */
struct form {
  const char *names[COLUMN_COUNT][NAMES_MAX];
  const struct hs_status_word *states;
};

static const struct hs_status_word PAYPAL_STATES[] = {
    {"SUCCESS", HS_PAYMENT_COMPLETED}, {"Completed", HS_PAYMENT_COMPLETED},
    {"FAILED", HS_PAYMENT_FAILED},     {"RETURNED", HS_PAYMENT_FAILED},
    {"REFUNDED", HS_PAYMENT_FAILED},   {"REVERSED", HS_PAYMENT_FAILED},
    {"BLOCKED", HS_PAYMENT_FAILED},    {"DENIED", HS_PAYMENT_FAILED},
    {"CANCELED", HS_PAYMENT_FAILED},   {NULL, HS_PAYMENT_PENDING},
};

static const struct hs_status_word WISE_STATES[] = {
    {"COMPLETED", HS_PAYMENT_COMPLETED},
    {"CANCELLED", HS_PAYMENT_FAILED},
    {"REFUNDED", HS_PAYMENT_FAILED},
    {NULL, HS_PAYMENT_PENDING},
};

static const struct form PAYPAL = {
    .names = {[COLUMN_ID] = {"sender_item_id", "Customer ID", "Unique ID", "Custom Number",
                             "Invoice Number"},
              [COLUMN_STATE] = {"transaction_status", "Status"},
              [COLUMN_REFERENCE] = {"transaction_id", "Transaction ID", "payout_item_id"},
              [COLUMN_REASON] = {"errors", "Error", "Reason", "Reason Code"}},
    .states = PAYPAL_STATES,
};

static const struct form WISE = {
    .names = {[COLUMN_ID] = {"Reference"},
              [COLUMN_STATE] = {"Status"},
              [COLUMN_REFERENCE] = {"ID"},
              [COLUMN_REASON] = {"Failure reason"},
              [COLUMN_DIRECTION] = {"Direction"}},
    .states = WISE_STATES,
};

struct table {
  const struct form *form;
  size_t columns[COLUMN_COUNT];
  size_t field_count;
};

static size_t find(const struct hs_csv_row *header, const char *name)
{
  for (size_t f = 0; f < header->field_count; f++)
    if (hs_str_equal_ascii_fold(hs_str_trim(header->fields[f]), hs_str_of(name)))
      return f;
  return NO_COLUMN;
}

static void map(struct hs_status_reading *reading, const struct hs_csv_row *header,
                enum hs_status_format format, struct table *table)
{
  if (format == HS_STATUS_AUTO)
    format = find(header, "Direction") != NO_COLUMN ? HS_STATUS_WISE : HS_STATUS_PAYPAL;
  reading->statuses.format = format;
  table->form = format == HS_STATUS_WISE ? &WISE : &PAYPAL;
  table->field_count = header->field_count;
  for (size_t c = 0; c < COLUMN_COUNT; c++) {
    table->columns[c] = NO_COLUMN;
    for (size_t n = 0;
         n < NAMES_MAX && table->form->names[c][n] != NULL && table->columns[c] == NO_COLUMN; n++)
      table->columns[c] = find(header, table->form->names[c][n]);
  }
  if (table->columns[COLUMN_ID] == NO_COLUMN)
    hs_status_fault(reading, header->line, NULL, "has no column %s, in which the payment's id is",
                    table->form->names[COLUMN_ID][0]);
  if (table->columns[COLUMN_STATE] == NO_COLUMN)
    hs_status_fault(reading, header->line, NULL, "has no column %s",
                    table->form->names[COLUMN_STATE][0]);
}

static struct hs_str cell(const struct table *table, const struct hs_csv_row *row,
                          enum column column)
{
  struct hs_str text = {0};
  if (table->columns[column] != NO_COLUMN)
    text = hs_str_trim(row->fields[table->columns[column]]);
  return text.length > 0 ? text : (struct hs_str){0};
}

static void take_row(struct hs_status_reading *reading, const struct table *table,
                     const struct hs_csv_row *row)
{
  if (row->problem != NULL) {
    hs_status_fault(reading, row->line, NULL, "%s", row->problem);
    return;
  }
  if (row->field_count != table->field_count) {
    hs_status_fault(reading, row->line, NULL, "has %zu fields; the header has %zu",
                    row->field_count, table->field_count);
    return;
  }
  struct hs_str direction = cell(table, row, COLUMN_DIRECTION);
  struct hs_payout_status_row found = {
      .scope = HS_STATUS_OF_PAYMENT,
      .id = cell(table, row, COLUMN_ID),
      .said = cell(table, row, COLUMN_STATE),
      .reference = cell(table, row, COLUMN_REFERENCE),
      .reason = cell(table, row, COLUMN_REASON),
      .line = row->line,
  };
  if (found.id.data == NULL ||
      (direction.data != NULL && !hs_str_equal_ascii_fold(direction, HS_STR("OUT")))) {
    reading->statuses.passed_over++;
    return;
  }
  if (found.said.data == NULL) {
    hs_status_fault(reading, row->line, NULL, "has no status");
    return;
  }
  found.state = hs_status_of_word(table->form->states, found.said);
  hs_status_add(reading, &found);
}

static enum hs_status read_rows(struct hs_status_reading *reading, struct hs_csv *csv,
                                enum hs_status_format format)
{
  struct table table = {.form = &PAYPAL};
  struct hs_csv_row row;
  enum hs_status status = hs_csv_next(csv, &row, reading->err);
  if (status == HS_END)
    return hs_fail(reading->err, HS_INVALID, "is empty");
  if (status != HS_OK)
    return status;
  if (row.problem != NULL)
    hs_status_fault(reading, row.line, NULL, "%s", row.problem);
  else
    map(reading, &row, format, &table);
  if (reading->fault_count > 0)
    return HS_INVALID;
  while ((status = hs_csv_next(csv, &row, reading->err)) == HS_OK)
    take_row(reading, &table, &row);
  return status == HS_END ? HS_OK : status;
}

enum hs_status hs_status_csv_read(struct hs_status_reading *reading, struct hs_str text,
                                  enum hs_status_format format, char delimiter)
{
  const struct hs_csv_options options = {.delimiter = delimiter};
  struct hs_source *source = NULL;
  struct hs_csv *csv = NULL;
  enum hs_status status = hs_source_of_text(reading->arena, text, &source, reading->err);
  if (status == HS_OK)
    status = hs_csv_open(reading->arena, source, &options, &csv, reading->err);
  if (status == HS_OK)
    status = read_rows(reading, csv, format);
  hs_source_close(source);
  return status;
}
