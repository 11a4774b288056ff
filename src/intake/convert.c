#include "intake/convert.h"

#include <stdio.h>
#include <string.h>

#include "intake/items.h"
#include "intake/network.h"
#include "intake/rules.h"
#include "intake/text_check.h"
#include "intake/written_time.h"

#define EARLIEST_US (INT64_C(631152000) * HS_SECOND_US) /* 1990-01-01 */
#define LATEST_US (INT64_C(4102444800) * HS_SECOND_US)  /* 2100-01-01, not itself */

struct hs_convert hs_convert_make(const struct hs_intake_options *options,
                                  const struct hs_mapping *mapping, int64_t now_us)
{
  struct hs_convert convert = {.spec = mapping->spec,
                               .mapping = mapping,
                               .kind = options->kind,
                               .currency = mapping->currency,
                               .moment = -1,
                               .time = options->time,
                               .zone = options->zone,
                               .default_currency = options->currency,
                               .latest_us = now_us + HS_INTAKE_FUTURE_US_MAX};
  for (int i = (int)mapping->spec->column_count - 1; i >= 0; i--) {
    enum hs_type type = mapping->spec->columns[i].type;
    if (type == HS_TYPE_TIME || type == HS_TYPE_DAY)
      convert.moment = i;
  }
  return convert;
}

int hs_fault(struct hs_fault *fault, enum hs_intake_reason reason, const char *column,
             struct hs_str value, const char *format, ...)
{
  fault->reason = reason;
  fault->column = column;
  fault->value = value;
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(fault->words, sizeof fault->words, format, arguments);
  va_end(arguments);
  return 0;
}

/* One cell on its way into its vector. */
struct cell {
  const struct hs_convert *convert;
  const struct hs_column_spec *column;
  struct hs_str text; /* trimmed, not empty */
  struct hs_fault *fault;
};

static int fail_cell(const struct cell *cell, enum hs_intake_reason reason, const char *words)
{
  return hs_fault(cell->fault, reason, cell->column->name, cell->text, "%s", words);
}

static int check_text(const struct cell *cell)
{
  size_t most =
      cell->convert->kind == HS_EVENT_PATH ? HS_INTAKE_PATH_BYTES_MAX : HS_INTAKE_TEXT_BYTES_MAX;
  if (cell->text.length > most)
    return hs_fault(cell->fault, HS_REASON_TOO_LONG, cell->column->name, cell->text,
                    "has %zu bytes; %zu are allowed", cell->text.length, most);
  const char *problem = hs_text_problem(cell->text);
  return problem == NULL || fail_cell(cell, HS_REASON_TEXT, problem);
}

/* Gives the word as the spec spells it. */
static int find_word(const struct cell *cell, struct hs_str *out)
{
  struct hs_str rest = hs_str_of(cell->column->words);
  while (rest.length > 0) {
    struct hs_str word = hs_str_cut(&rest, ' ');
    if (!hs_str_equal_ascii_fold(word, cell->text))
      continue;
    *out = word;
    return 1;
  }
  return hs_fault(cell->fault, HS_REASON_WORD, cell->column->name, cell->text,
                  "is none of the words: %s", cell->column->words);
}

static int read_text(const struct cell *cell, struct hs_str *out)
{
  if (!check_text(cell))
    return 0;
  *out = cell->text;
  return cell->column->words == NULL || find_word(cell, out);
}

/* The last day of a cost's period may be still to come: a subscription is booked when it begins. A
   network names the day on which it means to approve or to pay. */
static int may_be_future(const struct cell *cell)
{
  const char *name = cell->column->name;
  if (cell->convert->kind == HS_EVENT_COST)
    return strcmp(name, "to") == 0;
  return cell->convert->kind == HS_EVENT_NETWORK_COMMISSION &&
         (strcmp(name, "approved_at") == 0 || strcmp(name, "paid_at") == 0);
}

static int is_near_now(const struct cell *cell, int64_t at_us)
{
  if (at_us < EARLIEST_US)
    return fail_cell(cell, HS_REASON_TIME_RANGE, "lies before 1990");
  if (at_us >= LATEST_US)
    return fail_cell(cell, HS_REASON_TIME_RANGE, "lies after 2099");
  if (at_us > cell->convert->latest_us && !may_be_future(cell))
    return fail_cell(cell, HS_REASON_TIME_RANGE, "lies more than a day in the future");
  return 1;
}

/* A date as people write it has no offset, and which of its numbers is the day has to be said. */
static int read_written(const struct cell *cell, int64_t *at_us)
{
  enum hs_intake_time time = cell->convert->time;
  if (time == HS_INTAKE_TIME_DMY)
    return hs_written_time_parse(cell->text, HS_WRITTEN_DAY_FIRST, at_us);
  return time == HS_INTAKE_TIME_MDY &&
         hs_written_time_parse(cell->text, HS_WRITTEN_MONTH_FIRST, at_us);
}

static int fail_civil(const struct cell *cell)
{
  int64_t ignored = 0;
  if (cell->convert->time == HS_INTAKE_TIME_RFC3339 &&
      (hs_written_time_parse(cell->text, HS_WRITTEN_DAY_FIRST, &ignored) ||
       hs_written_time_parse(cell->text, HS_WRITTEN_MONTH_FIRST, &ignored)))
    return fail_cell(cell, HS_REASON_TIME,
                     "does not say which number is the day: --time-format dmy or mdy");
  return fail_cell(cell, HS_REASON_TIME, "is no moment such as 2026-03-01T12:00:00Z");
}

static int read_civil(const struct cell *cell, int64_t *out)
{
  enum hs_zone_said said = HS_ZONE_NONE;
  int64_t at_us = 0;
  if (!hs_parse_time(cell->text, &at_us, &said) && !read_written(cell, &at_us))
    return fail_civil(cell);
  if (said == HS_ZONE_NONE && cell->convert->zone == NULL)
    return fail_cell(
        cell, HS_REASON_ZONE,
        "says no time zone; add an offset such as Z or +02:00, or name the zone of all "
        "rows (--time-zone)");
  if (said == HS_ZONE_NONE && !hs_zone_to_utc(cell->convert->zone, at_us, &at_us))
    return fail_cell(cell, HS_REASON_ZONE, "was skipped by the clocks of the time zone");
  *out = at_us;
  return 1;
}

/* Seconds since 1970 with up to six decimals, exactly. */
static int parse_unix(struct hs_str text, int64_t *at_us)
{
  struct hs_str fraction = text;
  struct hs_str whole = hs_str_cut(&fraction, '.');
  int64_t seconds = 0;
  if (!hs_parse_i64(whole, &seconds) || __builtin_mul_overflow(seconds, HS_SECOND_US, &seconds))
    return 0;
  if (fraction.data == NULL) {
    *at_us = seconds;
    return 1;
  }
  uint64_t micro = 0;
  if (fraction.length > 6 || !hs_parse_u64(fraction, &micro))
    return 0;
  for (size_t i = fraction.length; i < 6; i++)
    micro *= 10;
  int64_t part = whole.data[0] == '-' ? -(int64_t)micro : (int64_t)micro;
  return !__builtin_add_overflow(seconds, part, at_us);
}

/* A network that counts milliseconds is read so even where a spreadsheet made a date of some. */
static enum hs_intake_time time_of(const struct cell *cell)
{
  const struct hs_network *network = cell->convert->mapping->network;
  uint64_t count = 0;
  return network != NULL && network->counts_ms && hs_parse_u64(cell->text, &count)
             ? HS_INTAKE_TIME_UNIX_MS
             : cell->convert->time;
}

static int read_moment(const struct cell *cell, int64_t *out)
{
  int64_t at_us = 0;
  switch (time_of(cell)) {
  case HS_INTAKE_TIME_RFC3339:
  case HS_INTAKE_TIME_DMY:
  case HS_INTAKE_TIME_MDY:
    if (!read_civil(cell, &at_us))
      return 0;
    break;
  case HS_INTAKE_TIME_UNIX:
    if (!parse_unix(cell->text, &at_us))
      return fail_cell(cell, HS_REASON_TIME, "is no count of seconds since 1970");
    break;
  case HS_INTAKE_TIME_UNIX_MS:
    if (!hs_parse_i64(cell->text, &at_us) || __builtin_mul_overflow(at_us, 1000, &at_us))
      return fail_cell(cell, HS_REASON_TIME, "is no count of milliseconds since 1970");
    break;
  }
  *out = at_us;
  return is_near_now(cell, at_us);
}

/* A day, or a moment that shows one: the date is taken as it stands there, whatever the offset. */
static int read_day(const struct cell *cell, int64_t *out)
{
  int32_t day = 0;
  int64_t at_us = 0;
  enum hs_zone_said said = HS_ZONE_NONE;
  struct hs_str date = {cell->text.data, cell->text.length < 10 ? cell->text.length : 10};
  if (!hs_parse_day(date, &day) ||
      (cell->text.length > 10 && !hs_parse_time(cell->text, &at_us, &said)))
    return fail_cell(cell, HS_REASON_TIME, "is no day such as 2026-03-01");
  *out = day;
  return is_near_now(cell, day * HS_DAY_US);
}

static int read_integer(const struct cell *cell, int64_t *out)
{
  return hs_parse_i64(cell->text, out) ||
         fail_cell(cell, HS_REASON_NUMBER, "is no whole number that fits 64 bits");
}

static int read_real(const struct cell *cell, double *out)
{
  return hs_parse_double(cell->text, out) ||
         fail_cell(cell, HS_REASON_NUMBER, "is no finite number with a decimal point");
}

static int read_currency(const struct cell *cell, char code[4], struct hs_str *out)
{
  struct hs_currency currency;
  if (!hs_currency_parse(cell->text, &currency))
    return fail_cell(cell, HS_REASON_CURRENCY, "is no currency of ISO 4217 such as EUR");
  memcpy(code, currency.code, 4);
  *out = (struct hs_str){code, 3};
  return 1;
}

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* Two letters; whether there is such a country is not asked, for new ones come. */
static int read_country(const struct cell *cell, struct hs_convert_room *room, struct hs_str *out)
{
  if (cell->text.length != 2 || !is_letter(cell->text.data[0]) || !is_letter(cell->text.data[1]))
    return fail_cell(cell, HS_REASON_WORD, "is no country of ISO 3166 in two letters such as DE");
  HS_ASSERT(room->size - room->length >= 2);
  char *code = room->text + room->length;
  for (size_t i = 0; i < 2; i++)
    code[i] = (char)(cell->text.data[i] & ~0x20);
  room->length += 2;
  *out = (struct hs_str){code, 2};
  return 1;
}

/* The row's currency was read already: it stands before the items in every kind. */
static struct hs_currency currency_of(const struct cell *cell, const struct hs_batch *batch,
                                      size_t row)
{
  struct hs_currency currency = {0};
  memcpy(currency.code, batch->columns[cell->convert->currency].text[row].data, 3);
  return currency;
}

static struct hs_str trimmed(struct hs_str s)
{
  if (s.length == 0 ||
      ((unsigned char)s.data[0] > ' ' && (unsigned char)s.data[s.length - 1] > ' '))
    return s;
  return hs_str_trim(s);
}

/* Whatever the type, a value that is there is one of these; money is read later, when the currency
   is known. An empty list says nothing, as an empty text does. */
static int read_cell(const struct cell *cell, struct hs_batch *batch, int index, size_t row,
                     struct hs_convert_room *room, struct hs_row_sums *sums)
{
  struct hs_vector *vector = &batch->columns[index];
  int is_read = 1;
  switch (cell->column->type) {
  case HS_TYPE_TEXT:
    return read_text(cell, &vector->text[row]);
  case HS_TYPE_TIME:
    return read_moment(cell, &vector->integer[row]);
  case HS_TYPE_DAY:
    return read_day(cell, &vector->integer[row]);
  case HS_TYPE_INTEGER:
    return read_integer(cell, &vector->integer[row]);
  case HS_TYPE_REAL:
    return read_real(cell, &vector->real[row]);
  case HS_TYPE_CURRENCY:
    return read_currency(
        cell, room->codes[HS_CONVERT_CODES_MAX * row + (index != cell->convert->currency)],
        &vector->text[row]);
  case HS_TYPE_COUNTRY:
    return read_country(cell, room, &vector->text[row]);
  case HS_TYPE_ITEMS:
    is_read = hs_items_settle(cell->text, currency_of(cell, batch, row), cell->column->name, room,
                              &vector->text[row], &sums->items_minor, cell->fault);
    break;
  case HS_TYPE_FACTS:
    is_read =
        hs_facts_settle(cell->text, cell->column->name, room, &vector->text[row], cell->fault);
    break;
  case HS_TYPE_MONEY:
    return 1;
  }
  if (is_read)
    vector->is_absent[row] = vector->text[row].data == NULL;
  return is_read;
}

static int fail_missing(const struct hs_convert *convert, int column, struct hs_fault *fault)
{
  return hs_fault(fault, HS_REASON_MISSING, convert->spec->columns[column].name, (struct hs_str){0},
                  "is missing");
}

static int convert_column(const struct hs_convert *convert, int index, struct hs_str text,
                          struct hs_batch *batch, size_t row, struct hs_convert_room *room,
                          struct hs_row_sums *sums, struct hs_fault *fault)
{
  struct hs_vector *vector = &batch->columns[index];
  const struct hs_column_spec *column = &convert->spec->columns[index];
  struct cell cell = {convert, column, trimmed(text), fault};
  if (index == convert->currency && cell.text.length == 0 &&
      convert->default_currency.code[0] != '\0')
    cell.text = hs_str_of(convert->default_currency.code);
  vector->is_absent[row] = cell.text.length == 0;
  if (cell.text.length == 0)
    return !(column->rules & HS_COLUMN_REQUIRED) || fail_missing(convert, index, fault);
  return read_cell(&cell, batch, index, row, room, sums);
}

/* An amount in the currency's unit or in minor units, never both in one row. */
static int convert_money(const struct hs_convert *convert, int column_index,
                         const struct hs_str *cells, struct hs_batch *batch, size_t row,
                         struct hs_fault *fault)
{
  const struct hs_column_spec *column = &convert->spec->columns[column_index];
  struct hs_vector *vector = &batch->columns[column_index];
  const struct hs_vector *codes = &batch->columns[convert->currency];
  const char *minor_name = hs_target_name(convert->mapping, HS_TARGET_MINOR(column_index));
  struct hs_str amount = trimmed(cells[column_index]);
  struct hs_str minor = trimmed(cells[HS_TARGET_MINOR(column_index)]);
  vector->is_absent[row] = amount.length == 0 && minor.length == 0;
  if (vector->is_absent[row])
    return !(column->rules & HS_COLUMN_REQUIRED) || fail_missing(convert, column_index, fault);
  if (amount.length > 0 && minor.length > 0)
    return hs_fault(fault, HS_REASON_RULE, minor_name, minor,
                    "stands beside an amount in the currency's unit; give one of them");
  if (minor.length > 0)
    return hs_parse_i64(minor, &vector->integer[row]) ||
           hs_fault(fault, HS_REASON_MONEY, minor_name, minor, "is no whole number of minor units");
  if (codes->is_absent[row])
    return fail_missing(convert, convert->currency, fault);
  struct hs_currency currency = {0};
  memcpy(currency.code, codes->text[row].data, 3);
  struct hs_money money;
  struct hs_err why = {0};
  if (hs_money_parse(amount, currency, &money, &why) != HS_OK)
    return hs_fault(fault, HS_REASON_MONEY, column->name, amount, "%.150s", why.text);
  vector->integer[row] = money.amount_minor;
  return 1;
}

/* What is still to come has not happened, whatever the status says. */
static void drop_plans(const struct hs_convert *convert, struct hs_batch *batch, size_t row)
{
  static const int MOMENTS[] = {HS_NETWORK_COMMISSION_APPROVED_AT, HS_NETWORK_COMMISSION_PAID_AT};
  for (size_t i = 0; i < sizeof MOMENTS / sizeof *MOMENTS; i++) {
    struct hs_vector *vector = &batch->columns[MOMENTS[i]];
    if (!vector->is_absent[row] && vector->integer[row] > convert->latest_us)
      vector->is_absent[row] = 1;
  }
}

int hs_convert_row(const struct hs_convert *convert, const struct hs_str cells[HS_TARGET_COUNT],
                   struct hs_batch *batch, size_t row, struct hs_convert_room *room,
                   struct hs_fault *fault)
{
  struct hs_row_sums sums = {0};
  for (int i = 0; i < (int)convert->spec->column_count; i++)
    if (convert->spec->columns[i].type != HS_TYPE_MONEY &&
        !convert_column(convert, i, cells[i], batch, row, room, &sums, fault))
      return 0;
  const struct hs_mapping *mapping = convert->mapping;
  for (int m = hs_mapping_money(mapping, -1); m >= 0; m = hs_mapping_money(mapping, m))
    if (!convert_money(convert, m, cells, batch, row, fault))
      return 0;
  if (convert->kind == HS_EVENT_NETWORK_COMMISSION)
    drop_plans(convert, batch, row);
  return hs_rules_check(convert->kind, batch, row, cells, &sums, fault);
}

int hs_convert_moment(const struct hs_convert *convert, const struct hs_batch *batch, size_t row,
                      int64_t *at_us)
{
  if (convert->moment < 0 || batch->columns[convert->moment].is_absent[row])
    return 0;
  int64_t value = batch->columns[convert->moment].integer[row];
  *at_us = convert->spec->columns[convert->moment].type == HS_TYPE_DAY ? value * HS_DAY_US : value;
  return 1;
}
