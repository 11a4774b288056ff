/* From an export to its commissions. */
#include "service/start/start.h"

#include "base/room.h"

struct reading {
  struct hs_arena *arena;
  struct hs_start_row *rows;
  size_t count, room;
  hs_start_reject_fn on_reject;
  void *context;
};

static enum hs_status tell_reject(void *context, const struct hs_intake_reject *reject,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct reading *reading = context;
  if (reading->on_reject != NULL)
    reading->on_reject(reading->context, reject);
  return HS_OK;
}

static const struct hs_vector *column(const struct hs_batch *batch, const char *name)
{
  int index = hs_event_column(HS_EVENT_NETWORK_COMMISSION, name);
  HS_ASSERT(index >= 0);
  return &batch->columns[index];
}

static int64_t number(const struct hs_batch *batch, const char *name, size_t row, int64_t absent)
{
  const struct hs_vector *vector = column(batch, name);
  return vector->is_absent[row] ? absent : vector->integer[row];
}

static int is_there(const struct hs_batch *batch, const char *name, size_t row)
{
  return !column(batch, name)->is_absent[row];
}

static struct hs_str borrowed(const struct hs_batch *batch, const char *name, size_t row)
{
  const struct hs_vector *vector = column(batch, name);
  return vector->is_absent[row] ? (struct hs_str){0} : vector->text[row];
}

static enum hs_start_state state_of(struct hs_str word)
{
  if (hs_str_equal(word, HS_STR("pending")))
    return HS_START_PENDING;
  if (hs_str_equal(word, HS_STR("approved")))
    return HS_START_APPROVED;
  return hs_str_equal(word, HS_STR("paid")) ? HS_START_PAID : HS_START_REVERSED;
}

/* Copies that outlive what was read. 0 when the arena is full. */
static int keep_texts(struct hs_arena *arena, struct hs_start_row *row)
{
  struct hs_str *const texts[] = {&row->commission_id, &row->order_id, &row->partner,
                                  &row->partner_id};
  return hs_strs_keep(arena, texts, sizeof texts / sizeof *texts);
}

static int take_row(struct hs_arena *arena, const struct hs_batch *batch, size_t at,
                    struct hs_start_row *out)
{
  *out = (struct hs_start_row){.state = state_of(borrowed(batch, "status", at)),
                               .commission_id = borrowed(batch, "commission_id", at),
                               .order_id = borrowed(batch, "order_id", at),
                               .partner = borrowed(batch, "partner", at),
                               .partner_id = borrowed(batch, "partner_id", at),
                               .has_amount = is_there(batch, "amount", at),
                               .has_customer = is_there(batch, "customer", at),
                               .has_coupon = is_there(batch, "coupon", at),
                               .has_click = is_there(batch, "clicked_at", at),
                               .amount_minor = number(batch, "amount", at, 0),
                               .commission_minor = number(batch, "commission", at, 0),
                               .created_us = number(batch, "created_at", at, 0),
                               .approved_us = number(batch, "approved_at", at, HS_START_NEVER)};
  HS_ASSERT(hs_currency_parse(borrowed(batch, "currency", at), &out->currency));
  return keep_texts(arena, out);
}

/* NULL when the arena is full. */
static struct hs_start_row *next_row(struct reading *reading)
{
  struct hs_start_row *rows =
      hs_arena_room(reading->arena, reading->rows, reading->count, 1, &reading->room, sizeof *rows);
  if (rows == NULL)
    return NULL;
  reading->rows = rows;
  return &reading->rows[reading->count++];
}

static enum hs_status take_batch(struct reading *reading, const struct hs_batch *batch,
                                 struct hs_err *err)
{
  for (size_t i = 0; i < batch->row_count; i++) {
    struct hs_start_row *row = next_row(reading);
    if (row == NULL || !take_row(reading->arena, batch, i, row))
      return hs_arena_full(reading->arena, "the export", err);
  }
  return HS_OK;
}

static enum hs_status pull(struct reading *reading, struct hs_intake *intake, struct hs_err *err)
{
  struct hs_row_source source = hs_intake_rows(intake);
  struct hs_batch *batch = hs_arena_alloc(reading->arena, 1, sizeof *batch);
  if (batch == NULL)
    return hs_arena_full(reading->arena, "the export", err);
  enum hs_status status = HS_OK;
  do {
    status = source.next(source.self, 0, batch, err);
    if (status == HS_OK)
      status = take_batch(reading, batch, err);
  } while (status == HS_OK && batch->row_count > 0);
  return status;
}

/* The file's rows into reading->rows. */
static enum hs_status read_file(struct reading *reading, const struct hs_io *io,
                                const struct hs_intake_options *intake_options,
                                const struct hs_network **network, uint64_t *rows_rejected,
                                struct hs_err *err)
{
  struct hs_intake_options how = *intake_options;
  struct hs_intake_report report;
  struct hs_intake *intake = NULL;
  how.kind = HS_EVENT_NETWORK_COMMISSION;
  how.slot_count = 1;
  how.reject = tell_reject;
  how.context = reading;
  how.progress = NULL;
  enum hs_status status = hs_intake_open(reading->arena, io, &how, &intake, err);
  if (status != HS_OK)
    return status;
  status = pull(reading, intake, err);
  hs_intake_report(intake, &report);
  hs_intake_close(intake);
  *network = report.network;
  *rows_rejected = report.rows_rejected;
  return status;
}

static enum hs_status list_rows(const struct reading *reading, struct hs_start_rows *out,
                                struct hs_err *err)
{
  out->rows =
      hs_arena_alloc_raw(reading->arena, reading->count, sizeof(const struct hs_start_row *));
  if (out->rows == NULL)
    return hs_arena_full(reading->arena, "the export", err);
  for (size_t i = 0; i < reading->count; i++)
    out->rows[i] = &reading->rows[i];
  out->count = hs_start_drop_repeated(out->rows, reading->count);
  out->rows_repeated = reading->count - out->count;
  return HS_OK;
}

enum hs_status hs_start_read_rows(struct hs_arena *arena, const struct hs_io *io,
                                  const struct hs_intake_options *intake,
                                  hs_start_reject_fn on_reject, void *context,
                                  struct hs_start_rows *out, struct hs_err *err)
{
  struct reading reading = {.arena = arena, .on_reject = on_reject, .context = context};
  struct hs_start_rows read = {0};
  enum hs_status status = read_file(&reading, io, intake, &read.network, &read.rows_rejected, err);
  if (status == HS_OK)
    status = list_rows(&reading, &read, err);
  if (status == HS_OK)
    *out = read;
  return status;
}

static enum hs_status take_word(void *context, const struct hs_network_word *word,
                                struct hs_err *err)
{
  struct reading *reading = context;
  struct hs_start_row *row = next_row(reading);
  if (row == NULL)
    return hs_arena_full(reading->arena, "what networks said", err);
  *row = (struct hs_start_row){.commission_id = word->commission_id,
                               .order_id = word->order_id,
                               .partner = word->partner,
                               .partner_id = word->partner_id,
                               .state = state_of(word->status),
                               .has_amount = word->has_amount,
                               .amount_minor = word->amount_minor,
                               .commission_minor = word->commission_minor,
                               .created_us = word->created_us,
                               .approved_us = HS_START_NEVER};
  int fits = hs_currency_parse(word->currency, &row->currency) && keep_texts(reading->arena, row);
  return fits ? HS_OK : hs_arena_full(reading->arena, "what networks said", err);
}

enum hs_status hs_start_imported_rows(struct hs_trail *trail, struct hs_arena *arena,
                                      const struct hs_period *period, struct hs_start_rows *out,
                                      struct hs_err *err)
{
  struct reading reading = {.arena = arena};
  struct hs_start_rows read = {0};
  enum hs_status status = trail->network_words(trail->self, period->from_us, period->until_us,
                                               take_word, &reading, err);
  if (status == HS_OK)
    status = list_rows(&reading, &read, err);
  if (status == HS_OK)
    *out = read;
  return status;
}

enum hs_status hs_start_read(struct hs_arena *arena, const struct hs_io *io,
                             const struct hs_start_options *options, hs_start_reject_fn on_reject,
                             void *context, struct hs_start *out, struct hs_err *err)
{
  struct reading reading = {.arena = arena, .on_reject = on_reject, .context = context};
  struct hs_start page = {0};
  enum hs_status status =
      read_file(&reading, io, &options->intake, &page.network, &page.rows_rejected, err);
  if (status == HS_OK)
    status = hs_start_sum(arena, reading.rows, reading.count, options, &page, err);
  if (status == HS_OK)
    *out = page;
  return status;
}
