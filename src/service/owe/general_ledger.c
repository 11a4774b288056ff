#include "service/owe/general_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines ---- */

/* The row that says most of an account: 2 for the party and 1 for the currency. Each kind has one
   that holds for all of it. */
static const struct hs_gl_account *find(const struct hs_gl_mapping *mapping,
                                        const struct hs_account *account,
                                        struct hs_currency currency)
{
  const struct hs_gl_account *best = NULL;
  int best_points = -1;
  for (size_t a = 0; a < mapping->count; a++) {
    const struct hs_gl_account *row = &mapping->accounts[a];
    if (row->kind != account->kind ||
        (row->party.data != NULL && !hs_str_equal(row->party, account->party)) ||
        (row->currency.data != NULL && !hs_str_equal(row->currency, hs_str_of(currency.code))))
      continue;
    int points = (row->party.data != NULL ? 2 : 0) + (row->currency.data != NULL ? 1 : 0);
    if (points > best_points) {
      best_points = points;
      best = row;
    }
  }
  HS_ASSERT(best != NULL); /* hs_gl_mapping_read saw to it */
  return best;
}

static struct hs_str format_text(struct hs_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Absent when the arena is full. */
static struct hs_str format_text(struct hs_arena *arena, const char *format, ...)
{
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  size_t kept = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
  char *copy = hs_arena_copy(arena, text, kept);
  return copy == NULL ? (struct hs_str){0} : (struct hs_str){copy, kept};
}

/* "owed from now on (pay_…)": what the transfer does, and what it belongs to. */
static struct hs_str say(const struct hs_transfer_row *transfer, struct hs_arena *arena)
{
  enum hs_transfer_kind kind;
  struct hs_str what = transfer->kind;
  if (hs_transfer_kind_parse(transfer->kind, &kind))
    what = hs_str_of(hs_transfer_spec(kind)->says);
  if (transfer->reference.data != NULL)
    return format_text(arena, "%.*s (%.*s)", HS_STR_ARG(what), HS_STR_ARG(transfer->reference));
  if (transfer->commission.text[0] != '\0')
    return format_text(arena, "%.*s (%s)", HS_STR_ARG(what), transfer->commission.text);
  return what;
}

static struct hs_gl_line line_of(const struct hs_gl_mapping *mapping,
                                 const struct hs_account *account, struct hs_currency currency,
                                 int32_t day)
{
  const struct hs_gl_account *row = find(mapping, account, currency);
  return (struct hs_gl_line){.day = day,
                             .currency = currency,
                             .account = row->number,
                             .cost_centre = row->cost_centre,
                             .party = account->party};
}

static int32_t day_in(const struct hs_zone *zone, int64_t at_us)
{
  return hs_day_of_us(at_us + (int64_t)hs_zone_offset_s(zone, at_us) * HS_SECOND_US);
}

/* Both lines of a document have its name and text. */
static enum hs_status name_pair(struct hs_gl_line *pair, struct hs_str document, struct hs_str text,
                                struct hs_arena *arena, struct hs_err *err)
{
  if (document.data == NULL || text.data == NULL)
    return hs_arena_full(arena, "postings", err);
  pair[0].document = pair[1].document = document;
  pair[0].text = pair[1].text = text;
  return HS_OK;
}

/* Two lines for each transfer, its debit first. */
static enum hs_status make_lines(const struct hs_gl_input *input,
                                 const struct hs_gl_mapping *mapping, enum hs_gl_detail detail,
                                 const struct hs_zone *zone, struct hs_arena *arena,
                                 struct hs_gl_line *lines, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t t = 0; t < input->transfer_count && status == HS_OK; t++) {
    const struct hs_transfer_row *transfer = &input->transfers[t];
    struct hs_gl_line *pair = &lines[2 * t];
    int32_t day = day_in(zone, transfer->effective_us);
    pair[0] = line_of(mapping, &transfer->debit, transfer->currency, day);
    pair[1] = line_of(mapping, &transfer->credit, transfer->currency, day);
    pair[0].debit_minor = transfer->amount_minor;
    pair[1].credit_minor = transfer->amount_minor;
    if (detail == HS_GL_TRANSFERS)
      status = name_pair(pair, format_text(arena, "T%llu", (unsigned long long)transfer->number),
                         say(transfer, arena), arena, err);
  }
  return status;
}

/* ---- estimates ---- */

static int has_reversals(const struct hs_gl_mapping *mapping)
{
  for (size_t a = 0; a < mapping->count; a++)
    if (mapping->accounts[a].kind == HS_GL_REVERSALS)
      return 1;
  return 0;
}

static struct hs_str say_estimate(const struct hs_gl_estimate *estimate, struct hs_arena *arena)
{
  char low[HS_MONEY_TEXT];
  char high[HS_MONEY_TEXT];
  hs_money_format_number((struct hs_money){estimate->low_minor, estimate->currency}, low);
  hs_money_format_number((struct hs_money){estimate->high_minor, estimate->currency}, high);
  return estimate->is_taken_out
             ? format_text(arena, "estimate of %.*s taken out again", HS_STR_ARG(estimate->period))
             : format_text(arena, "estimate: expected to be taken back, %s to %s at %lld %%", low,
                           high, (long long)estimate->level_percent);
}

static enum hs_status make_estimate(const struct hs_gl_estimate *estimate,
                                    const struct hs_gl_mapping *mapping, const struct hs_zone *zone,
                                    struct hs_arena *arena, struct hs_gl_line *pair,
                                    struct hs_err *err)
{
  const struct hs_account reversals = {.kind = HS_GL_REVERSALS};
  const struct hs_account expense = {.kind = HS_ACCOUNT_EXPENSE};
  int is_out = estimate->is_taken_out;
  int32_t day = day_in(zone, estimate->at_us);
  pair[0] = line_of(mapping, is_out ? &expense : &reversals, estimate->currency, day);
  pair[1] = line_of(mapping, is_out ? &reversals : &expense, estimate->currency, day);
  pair[0].debit_minor = pair[1].credit_minor = estimate->amount_minor;
  pair[0].is_estimate = pair[1].is_estimate = 1;
  return name_pair(pair,
                   format_text(arena, "%c-%.*s-%s", is_out ? 'R' : 'E',
                               HS_STR_ARG(estimate->period), estimate->currency.code),
                   say_estimate(estimate, arena), arena, err);
}

/* ---- order ---- */

static int compare_day(const struct hs_gl_line *a, const struct hs_gl_line *b)
{
  if (a->day != b->day)
    return a->day < b->day ? -1 : 1;
  return strcmp(a->currency.code, b->currency.code);
}

/* Single transfers keep their order within a day and a currency: lines stand in one array. */
static int by_day(const void *left, const void *right)
{
  const struct hs_gl_line *const *a = left;
  const struct hs_gl_line *const *b = right;
  int order = compare_day(*a, *b);
  return order != 0 ? order : (*a > *b) - (*a < *b);
}

/* Of whole days only estimates have a document yet. */
static int compare_account(const struct hs_gl_line *a, const struct hs_gl_line *b)
{
  int order = compare_day(a, b);
  if (order == 0)
    order = hs_str_compare(a->document, b->document);
  if (order == 0)
    order = (a->credit_minor > 0) - (b->credit_minor > 0);
  if (order == 0)
    order = hs_str_compare(a->account, b->account);
  return order != 0 ? order : hs_str_compare(a->cost_centre, b->cost_centre);
}

static int by_account(const void *left, const void *right)
{
  const struct hs_gl_line *const *a = left;
  const struct hs_gl_line *const *b = right;
  int order = compare_account(*a, *b);
  return order != 0 ? order : (*a > *b) - (*a < *b);
}

static enum hs_status sort_lines(struct hs_gl_line *lines, size_t count, enum hs_gl_detail detail,
                                 struct hs_arena *arena, const struct hs_gl_line **out,
                                 struct hs_err *err)
{
  const struct hs_gl_line **order = hs_arena_alloc(arena, count, sizeof(struct hs_gl_line *));
  struct hs_gl_line *sorted = hs_arena_alloc(arena, count, sizeof *sorted);
  if (order == NULL || sorted == NULL)
    return hs_arena_full(arena, "postings", err);
  for (size_t i = 0; i < count; i++)
    order[i] = &lines[i];
  if (count > 1)
    qsort(order, count, sizeof *order, detail == HS_GL_DAYS ? by_account : by_day);
  for (size_t i = 0; i < count; i++)
    sorted[i] = *order[i];
  *out = sorted;
  return HS_OK;
}

/* ---- days ---- */

static enum hs_status add(int64_t *sum, int64_t amount, struct hs_currency currency,
                          struct hs_err *err)
{
  if (__builtin_add_overflow(*sum, amount, sum))
    return hs_fail(err, HS_INVALID, "the postings in %s come to more than fits", currency.code);
  return HS_OK;
}

static enum hs_status name_day(struct hs_gl_line *line, size_t postings, struct hs_arena *arena,
                               struct hs_err *err)
{
  char day[HS_TIME_TEXT];
  if (line->is_estimate)
    return HS_OK;
  hs_format_day(line->day, day);
  line->document = format_text(arena, "%s-%s", day, line->currency.code);
  line->text =
      format_text(arena, "partners: %zu %s", postings, hs_plural(postings, "posting", "postings"));
  line->party = (struct hs_str){0};
  if (line->document.data == NULL || line->text.data == NULL)
    return hs_arena_full(arena, "postings", err);
  return HS_OK;
}

/* Sorted lines of one day, currency, side and account become one. */
static enum hs_status fold_days(const struct hs_gl_line *sorted, size_t count,
                                struct hs_arena *arena, struct hs_gl *out, struct hs_err *err)
{
  struct hs_gl_line *lines = hs_arena_alloc(arena, count, sizeof *lines);
  size_t kept = 0;
  enum hs_status status = HS_OK;
  if (lines == NULL)
    return hs_arena_full(arena, "postings", err);
  for (size_t i = 0; i < count && status == HS_OK;) {
    struct hs_gl_line *line = &lines[kept++];
    size_t first = i;
    *line = sorted[i++];
    while (i < count && status == HS_OK && compare_account(&sorted[first], &sorted[i]) == 0) {
      status = add(&line->debit_minor, sorted[i].debit_minor, line->currency, err);
      if (status == HS_OK)
        status = add(&line->credit_minor, sorted[i].credit_minor, line->currency, err);
      i++;
    }
    if (status == HS_OK)
      status = name_day(line, i - first, arena, err);
  }
  out->lines = lines;
  out->line_count = kept;
  return status;
}

/* ---- totals ---- */

static int by_code(const void *left, const void *right)
{
  const struct hs_gl_total *a = left;
  const struct hs_gl_total *b = right;
  return strcmp(a->currency.code, b->currency.code);
}

#define CURRENCIES_MAX ((size_t)256) /* ISO 4217 has fewer */

static enum hs_status make_totals(struct hs_gl *gl, struct hs_arena *arena, struct hs_err *err)
{
  struct hs_gl_total *totals = hs_arena_alloc(arena, CURRENCIES_MAX, sizeof *totals);
  enum hs_status status = HS_OK;
  size_t count = 0;
  if (totals == NULL)
    return hs_arena_full(arena, "totals", err);
  for (size_t i = 0; i < gl->line_count && status == HS_OK; i++) {
    const struct hs_gl_line *line = &gl->lines[i];
    size_t t = 0;
    while (t < count && !hs_currency_equal(totals[t].currency, line->currency))
      t++;
    HS_ASSERT(t < CURRENCIES_MAX);
    if (t == count)
      totals[count++] = (struct hs_gl_total){.currency = line->currency};
    status = add(&totals[t].debit_minor, line->debit_minor, line->currency, err);
    if (status == HS_OK)
      status = add(&totals[t].credit_minor, line->credit_minor, line->currency, err);
  }
  if (status != HS_OK)
    return status;
  for (size_t t = 0; t < count; t++)
    HS_ASSERT(totals[t].debit_minor == totals[t].credit_minor);
  if (count > 1)
    qsort(totals, count, sizeof *totals, by_code);
  gl->totals = totals;
  gl->total_count = count;
  return HS_OK;
}

enum hs_status hs_gl_make(const struct hs_gl_input *input, const struct hs_gl_mapping *mapping,
                          enum hs_gl_detail detail, const struct hs_zone *zone,
                          struct hs_arena *arena, struct hs_gl *out, struct hs_err *err)
{
  size_t estimate_count = has_reversals(mapping) ? input->estimate_count : 0;
  struct hs_gl gl = {.line_count = 2 * (input->transfer_count + estimate_count),
                     .estimates_left_out = input->estimate_count - estimate_count};
  struct hs_gl_line *lines = hs_arena_alloc(arena, gl.line_count, sizeof *lines);
  if (lines == NULL)
    return hs_arena_full(arena, "postings", err);
  enum hs_status status = make_lines(input, mapping, detail, zone, arena, lines, err);
  for (size_t e = 0; e < estimate_count && status == HS_OK; e++)
    status = make_estimate(&input->estimates[e], mapping, zone, arena,
                           &lines[2 * (input->transfer_count + e)], err);
  if (status == HS_OK)
    status = sort_lines(lines, gl.line_count, detail, arena, &gl.lines, err);
  if (status == HS_OK && detail == HS_GL_DAYS)
    status = fold_days(gl.lines, gl.line_count, arena, &gl, err);
  if (status == HS_OK)
    status = make_totals(&gl, arena, err);
  if (status == HS_OK)
    *out = gl;
  return status;
}

/* ---- forms ---- */

/* "1250.00", or nothing for 0. */
static void add_amount(struct hs_buf *out, int64_t amount_minor, struct hs_currency currency)
{
  char text[HS_MONEY_TEXT];
  if (amount_minor == 0)
    return;
  hs_money_format_number((struct hs_money){amount_minor, currency}, text);
  hs_buf_add_text(out, text);
}

void hs_gl_csv(const struct hs_gl *gl, struct hs_buf *out)
{
  hs_buf_add_text(out, "date,document,account,cost_centre,debit,credit,currency,text,party\n");
  for (size_t i = 0; i < gl->line_count; i++) {
    const struct hs_gl_line *line = &gl->lines[i];
    char day[HS_TIME_TEXT];
    hs_format_day(line->day, day);
    hs_buf_printf(out, "%s,", day);
    hs_buf_add_csv_safe(out, line->document);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv_safe(out, line->account);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv_safe(out, line->cost_centre);
    hs_buf_add_char(out, ',');
    add_amount(out, line->debit_minor, line->currency);
    hs_buf_add_char(out, ',');
    add_amount(out, line->credit_minor, line->currency);
    hs_buf_printf(out, ",%s,", line->currency.code);
    hs_buf_add_csv_safe(out, line->text);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv_safe(out, line->party);
    hs_buf_add_char(out, '\n');
  }
}

static void add_member(struct hs_buf *out, const char *name, struct hs_str text)
{
  hs_buf_printf(out, "\"%s\": ", name);
  if (text.data == NULL)
    hs_buf_add_text(out, "null");
  else
    hs_buf_add_json(out, text);
  hs_buf_add_text(out, ", ");
}

static void add_sides(struct hs_buf *out, struct hs_currency currency, int64_t debit_minor,
                      int64_t credit_minor)
{
  hs_buf_printf(out, "\"currency\": \"%s\", \"debit_minor\": %lld, \"credit_minor\": %lld}",
                currency.code, (long long)debit_minor, (long long)credit_minor);
}

void hs_gl_json(const struct hs_gl *gl, struct hs_buf *out)
{
  hs_buf_add_text(out, "{\"lines\": [");
  for (size_t i = 0; i < gl->line_count; i++) {
    const struct hs_gl_line *line = &gl->lines[i];
    char day[HS_TIME_TEXT];
    hs_format_day(line->day, day);
    hs_buf_printf(out, "%s\n  {\"date\": \"%s\", ", i > 0 ? "," : "", day);
    add_member(out, "document", line->document);
    add_member(out, "account", line->account);
    add_member(out, "cost_centre", line->cost_centre);
    add_member(out, "text", line->text);
    add_member(out, "party", line->party);
    hs_buf_printf(out, "\"estimate\": %s, ", line->is_estimate ? "true" : "false");
    add_sides(out, line->currency, line->debit_minor, line->credit_minor);
  }
  hs_buf_add_text(out, "],\n \"totals\": [");
  for (size_t t = 0; t < gl->total_count; t++) {
    hs_buf_printf(out, "%s\n  {", t > 0 ? "," : "");
    add_sides(out, gl->totals[t].currency, gl->totals[t].debit_minor, gl->totals[t].credit_minor);
  }
  hs_buf_add_text(out, "]}\n");
}
