#include "support/intake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/io_sim.h"

struct told_row {
  int64_t number;
  const char *text;
};

struct told {
  struct hs_arena *arena;
  struct told_row *rows;
  size_t row_count, row_room;
  struct hs_buf rejects;
};

static enum hs_status tell_reject(void *context, const struct hs_intake_reject *reject,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct told *told = context;
  hs_buf_printf(&told->rejects, "!%d %s=", (int)reject->line, reject->column);
  hs_buf_add_str(&told->rejects, reject->value);
  hs_buf_printf(&told->rejects, " (%s) %s\n", hs_intake_reason_code(reject->reason), reject->words);
  return HS_OK;
}

static void add_cell(struct hs_buf *out, const struct hs_vector *vector, size_t row)
{
  char time[HS_TIME_TEXT];
  if (vector->is_absent[row])
    return;
  switch (vector->type) {
  case HS_TYPE_TEXT:
  case HS_TYPE_CURRENCY:
  case HS_TYPE_COUNTRY:
  case HS_TYPE_ITEMS:
  case HS_TYPE_FACTS:
    hs_buf_add_str(out, vector->text[row]);
    return;
  case HS_TYPE_REAL:
    hs_buf_add_double(out, vector->real[row]);
    return;
  case HS_TYPE_TIME:
    hs_format_time(vector->integer[row], time);
    hs_buf_add_text(out, time);
    return;
  case HS_TYPE_DAY:
    hs_format_day((int32_t)vector->integer[row], time);
    hs_buf_add_text(out, time);
    return;
  case HS_TYPE_INTEGER:
  case HS_TYPE_MONEY:
    hs_buf_printf(out, "%lld", (long long)vector->integer[row]);
    return;
  }
}

static void tell_batch(struct told *told, const struct hs_batch *batch)
{
  for (size_t r = 0; r < batch->row_count; r++) {
    struct hs_buf out = hs_buf_in(told->arena);
    hs_buf_printf(&out, "%d:", (int)batch->row_number[r]);
    size_t last = batch->column_count;
    while (last > 0 && batch->columns[last - 1].is_absent[r])
      last--;
    for (size_t c = 0; c < last; c++) {
      if (c > 0)
        hs_buf_add_char(&out, '|');
      add_cell(&out, &batch->columns[c], r);
    }
    if (told->row_count == told->row_room) {
      size_t room = told->row_room == 0 ? 64 : told->row_room * 2;
      told->rows = hs_arena_grow(told->arena, told->rows, told->row_room, room, sizeof *told->rows);
      assert_non_null(told->rows);
      told->row_room = room;
    }
    told->rows[told->row_count++] = (struct told_row){batch->row_number[r], out.data};
  }
}

static int by_number(const void *a, const void *b)
{
  const struct told_row *x = a;
  const struct told_row *y = b;
  return (x->number > y->number) - (x->number < y->number);
}

static enum hs_status pull_all(struct told *told, struct hs_intake *intake, struct hs_err *err)
{
  struct hs_row_source source = hs_intake_rows(intake);
  struct hs_batch *batch = hs_arena_alloc(told->arena, 1, sizeof *batch);
  assert_non_null(batch);
  int is_ended[HS_INTAKE_SLOTS_MAX] = {0};
  for (unsigned ended = 0, slot = 0; ended < source.slot_count;
       slot = (slot + 1) % source.slot_count) {
    if (is_ended[slot])
      continue;
    enum hs_status status = source.next(source.self, slot, batch, err);
    if (status != HS_OK)
      return status;
    is_ended[slot] = batch->row_count == 0;
    ended += (unsigned)is_ended[slot];
    tell_batch(told, batch);
  }
  return HS_OK;
}

static const char *whole_story(struct told *told, enum hs_status status, const struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(told->arena);
  hs_buf_add_text(&out, "");
  if (told->row_count > 0)
    qsort(told->rows, told->row_count, sizeof *told->rows, by_number);
  for (size_t i = 0; i < told->row_count; i++)
    hs_buf_printf(&out, "%s\n", told->rows[i].text);
  hs_buf_add_str(&out, hs_buf_str(&told->rejects));
  if (status != HS_OK)
    hs_buf_printf(&out, "%s: %s", hs_status_code(status), err->text);
  assert_int_equal(hs_buf_status(&out, "a test", NULL), HS_OK);
  return out.data;
}

static void write_file(const struct hs_io *io, const char *path, struct hs_str content)
{
  hs_file file = -1;
  assert_int_equal(io->open(io->self, path, HS_OPEN_CREATE, &file, NULL), HS_OK);
  assert_int_equal(hs_io_write_all(io, file, content.data, content.length, 0, NULL), HS_OK);
  io->close(io->self, file);
}

const char *intake_read(struct hs_arena *arena, struct hs_str content,
                        const struct hs_intake_options *options, struct hs_intake_report *report)
{
  struct told told = {.arena = arena, .rejects = hs_buf_in(arena)};
  struct hs_sim *sim = NULL;
  struct hs_sim_options machine = {.seed = 1, .start_us = INTAKE_NOW_US};
  assert_int_equal(hs_sim_open(&machine, &sim, NULL), HS_OK);
  const struct hs_io *io = hs_sim_io(sim);
  write_file(io, options->path, content);
  struct hs_intake_options telling = *options;
  telling.context = &told;
  telling.reject = tell_reject;
  struct hs_intake *intake = NULL;
  struct hs_err err = {0};
  enum hs_status status = hs_intake_open(arena, io, &telling, &intake, &err);
  if (status == HS_OK)
    status = pull_all(&told, intake, &err);
  hs_intake_close(intake);
  if (report != NULL && intake != NULL)
    hs_intake_report(intake, report);
  hs_sim_close(sim);
  return whole_story(&told, status, &err);
}
