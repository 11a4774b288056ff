#include "service/pay/payout_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "service/pay/payout_status_priv.h"

const char *hs_payment_state_word(enum hs_payment_state state)
{
  static const char *const WORDS[] = {"pending", "completed", "failed"};
  return WORDS[state];
}

const char *hs_status_scope_word(enum hs_status_scope scope)
{
  static const char *const WORDS[] = {"payment", "block", "file"};
  return WORDS[scope];
}

const char *hs_status_format_name(enum hs_status_format format)
{
  static const char *const NAMES[HS_STATUS_FORMAT_COUNT] = {"auto", "pain.002", "wise", "paypal"};
  return NAMES[format];
}

/* ---- rows and faults ---- */

void hs_status_fault(struct hs_status_reading *reading, uint64_t line, const char *field,
                     const char *format, ...)
{
  char place[96] = "";
  char words[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  if (line > 0)
    (void)snprintf(place, sizeof place, "line %llu%s%s", (unsigned long long)line,
                   field != NULL ? ", " : "", field != NULL ? field : "");
  if (reading->fault_count++ == 0)
    (void)hs_fail(reading->err, HS_INVALID, "%s%s%s", place, *place != '\0' ? ": " : "", words);
  if (reading->fault != NULL)
    reading->fault(reading->context, place, words);
}

void hs_status_add(struct hs_status_reading *reading, const struct hs_payout_status_row *row)
{
  struct hs_payout_status_row kept = *row;
  struct hs_str *const texts[] = {&kept.id,     &kept.said,  &kept.reference,
                                  &kept.reason, &kept.batch, &kept.block};
  if (reading->is_full)
    return;
  struct hs_payout_status_row *rows =
      hs_arena_room(reading->arena, reading->statuses.rows, reading->statuses.row_count, 1,
                    &reading->capacity, sizeof *rows);
  if (rows == NULL || !hs_strs_keep(reading->arena, texts, sizeof texts / sizeof *texts)) {
    reading->is_full = 1;
    return;
  }
  reading->statuses.rows = rows;
  reading->statuses.rows[reading->statuses.row_count++] = kept;
}

enum hs_payment_state hs_status_of_word(const struct hs_status_word *table, struct hs_str word)
{
  for (; table->word != NULL; table++)
    if (hs_str_equal_ascii_fold(word, hs_str_of(table->word)))
      return table->state;
  return HS_PAYMENT_PENDING;
}

/* ---- one state a payment ---- */

static int by_id(const void *a, const void *b)
{
  const struct hs_payout_status_row *const *left = a;
  const struct hs_payout_status_row *const *right = b;
  int order = hs_str_compare((*left)->id, (*right)->id);
  return order != 0 ? order : (*left > *right) - (*left < *right);
}

/* Rows that say what an earlier row said of the same payment lose their scope's place: marked by an
   absent word, they are taken out afterwards. */
static void mark_repetitions(struct hs_status_reading *reading,
                             struct hs_payout_status_row **sorted, size_t count)
{
  for (size_t first = 0, i = 1; i < count; i++) {
    if (!hs_str_equal(sorted[i]->id, sorted[first]->id)) {
      first = i;
      continue;
    }
    if (sorted[i]->state != sorted[first]->state)
      hs_status_fault(reading, sorted[i]->line, NULL,
                      "%.*s is %s here and %s on line %llu: what became of it has to be found out",
                      HS_STR_ARG(sorted[i]->id), hs_payment_state_word(sorted[i]->state),
                      hs_payment_state_word(sorted[first]->state),
                      (unsigned long long)sorted[first]->line);
    sorted[i]->said = (struct hs_str){0};
  }
}

static enum hs_status settle_repetitions(struct hs_status_reading *reading)
{
  struct hs_payout_statuses *statuses = &reading->statuses;
  struct hs_payout_status_row **sorted =
      hs_arena_alloc(reading->arena, statuses->row_count, sizeof(struct hs_payout_status_row *));
  size_t count = 0;
  size_t kept = 0;
  if (sorted == NULL)
    return hs_arena_full(reading->arena, "statuses", reading->err);
  for (size_t r = 0; r < statuses->row_count; r++)
    if (statuses->rows[r].scope == HS_STATUS_OF_PAYMENT)
      sorted[count++] = &statuses->rows[r];
  if (count > 1)
    qsort(sorted, count, sizeof *sorted, by_id);
  mark_repetitions(reading, sorted, count);
  for (size_t r = 0; r < statuses->row_count; r++)
    if (statuses->rows[r].said.data != NULL)
      statuses->rows[kept++] = statuses->rows[r];
  statuses->row_count = kept;
  return HS_OK;
}

/* ---- formats ---- */

static enum hs_status read_format(struct hs_status_reading *reading, struct hs_str text,
                                  enum hs_status_format format, char delimiter)
{
  static const struct hs_str MARK = {"\xef\xbb\xbf", 3};
  struct hs_str begin = text;
  if (begin.length >= MARK.length && memcmp(begin.data, MARK.data, MARK.length) == 0) {
    begin.data += MARK.length;
    begin.length -= MARK.length;
  }
  begin = hs_str_trim(begin);
  if (format == HS_STATUS_AUTO && begin.length > 0 && begin.data[0] == '<')
    format = HS_STATUS_PAIN002;
  if (format == HS_STATUS_PAIN002)
    return hs_pain002_read(reading, text);
  return hs_status_csv_read(reading, text, format, delimiter);
}

enum hs_status hs_payout_status_read(struct hs_str text, enum hs_status_format format,
                                     char delimiter, struct hs_arena *arena,
                                     struct hs_payout_statuses *out, hs_fault_fn fault,
                                     void *context, struct hs_err *err)
{
  struct hs_status_reading reading = {
      .arena = arena, .fault = fault, .context = context, .err = err};
  enum hs_status status = read_format(&reading, text, format, delimiter);
  if (reading.is_full)
    return hs_arena_full(arena, "statuses", err);
  if (status == HS_OK && reading.fault_count == 0)
    status = settle_repetitions(&reading);
  if (status == HS_OK && reading.fault_count > 0)
    status = HS_INVALID;
  if (status == HS_OK)
    *out = reading.statuses;
  return status;
}
