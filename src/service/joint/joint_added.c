#include "service/joint/joint_added.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- lines ---- */

static int begins_with(struct hs_str text, struct hs_str beginning)
{
  return text.length >= beginning.length &&
         hs_str_equal((struct hs_str){text.data, beginning.length}, beginning);
}

static int is_name_of_ours(struct hs_str what)
{
  return hs_str_equal(what, HS_STR(HS_LINE_ORDERS)) || hs_str_equal(what, HS_STR(HS_LINE_OWNER)) ||
         begins_with(what, HS_STR(HS_LINE_COMMISSIONS));
}

static int stands_before(const struct hs_joint_line *lines, size_t count,
                         const struct hs_joint_line *line)
{
  for (size_t i = 0; i < count; i++)
    if (lines[i].side == line->side && hs_str_equal(lines[i].what, line->what))
      return 1;
  return 0;
}

/* What is asked beyond a file's lines, because several sides write here, one after the other. */
static void check_added(const struct hs_joint_added *added, size_t index, uint32_t by_side,
                        const struct hs_sheet_place *place, struct hs_sheet_faults *faults)
{
  const struct hs_joint_line *line = &added->lines[index];
  if (is_name_of_ours(line->what))
    hs_sheet_tell(faults, place, "what",
                  "\"%.*s\" is how Hansa calls a line of its own: choose another name",
                  HS_STR_ARG(line->what));
  if (stands_before(added->lines, index, line))
    hs_sheet_tell(faults, place, "what", "\"%.*s\" stands twice for this side",
                  HS_STR_ARG(line->what));
  if (line->is_private && line->side != by_side)
    hs_sheet_tell(faults, place, "private", "only the side itself adds private lines");
  if ((line->confirmed & ~(1U << by_side)) != 0)
    hs_sheet_tell(faults, place, "confirmed_by",
                  "each side confirms for itself, with hansa joint confirm");
}

static void make_lines(const struct hs_added_text *text, const struct hs_line_terms *terms,
                       uint32_t by_side, struct hs_sheet_faults *faults, struct hs_arena *arena,
                       struct hs_joint_added *added)
{
  struct hs_line_text *written = text->lines.items;
  for (size_t i = 0; i < text->lines.count; i++) {
    struct hs_sheet_place place;
    (void)snprintf(place.text, sizeof place.text, "lines[%zu]", i);
    if (written[i].side.data == NULL)
      written[i].side = terms->sides[by_side];
    hs_sheet_line_make(&written[i], &place, terms, faults, arena, &added->lines[i]);
    check_added(added, i, by_side, &place, faults);
    added->lines[i].confirmed = 1U << by_side;
  }
}

enum hs_status hs_joint_added_read(struct hs_str document, const struct hs_joint_terms *terms,
                                   uint32_t by_side, struct hs_arena *arena,
                                   struct hs_joint_added *out, struct hs_str *canonical,
                                   hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_added_text text;
  struct hs_line_terms lines = terms->lines;
  struct hs_sheet_faults faults = {.fault = fault, .context = context, .err = err};
  enum hs_status status =
      hs_shape_read(&hs_added_shape, document, arena, &text, fault, context, err);
  if (status == HS_OK)
    status = hs_shape_complete(&hs_added_shape, &text, 0, fault, context, err);
  if (status != HS_OK)
    return status;
  struct hs_joint_added added = {.count = text.lines.count};
  added.lines = hs_arena_alloc(arena, added.count, sizeof *added.lines);
  if (added.lines == NULL)
    return hs_arena_full(arena, "the lines of a joint P&L", err);
  lines.day_hours = text.day_hours;
  make_lines(&text, &lines, by_side, &faults, arena, &added);
  if (faults.count > 0)
    return HS_INVALID;
  struct hs_buf buf = hs_buf_in(arena);
  hs_shape_write(&hs_added_shape, &text, &buf);
  status = hs_joint_check(added.lines, added.count, lines.side_count, err);
  if (status == HS_OK)
    status = hs_buf_status(&buf, "the lines of a joint P&L", err);
  if (status != HS_OK)
    return status;
  if (canonical != NULL)
    *canonical = hs_buf_str(&buf);
  *out = added;
  return HS_OK;
}

/* ---- confirmations ---- */

struct confirmed_text {
  struct hs_list lines; /* struct hs_joint_stood_by */
};

static const struct hs_field STOOD_BY[] = {
    {.name = "side",
     .kind = HS_FIELD_TEXT,
     .offset = offsetof(struct hs_joint_stood_by, side),
     .required = HS_ALWAYS,
     .meaning = "Whose line it is."},
    {.name = "what",
     .kind = HS_FIELD_TEXT,
     .offset = offsetof(struct hs_joint_stood_by, what),
     .required = HS_ALWAYS,
     .meaning = "Its name."},
    {.name = "amount_minor",
     .kind = HS_FIELD_INTEGER,
     .offset = offsetof(struct hs_joint_stood_by, amount_minor),
     .required = HS_ALWAYS,
     .meaning = "Its amount, in the smallest unit."},
};
static const struct hs_shape STOOD_BY_SHAPE = {"line", sizeof(struct hs_joint_stood_by),
                                               sizeof STOOD_BY / sizeof *STOOD_BY, STOOD_BY};

static const struct hs_field CONFIRMED[] = {
    {.name = "lines",
     .kind = HS_FIELD_LIST,
     .offset = offsetof(struct confirmed_text, lines),
     .shape = &STOOD_BY_SHAPE,
     .required = HS_ALWAYS,
     .meaning = "The lines that a side stands by."},
};
static const struct hs_shape CONFIRMED_SHAPE = {"confirmation", sizeof(struct confirmed_text),
                                                sizeof CONFIRMED / sizeof *CONFIRMED, CONFIRMED};

void hs_joint_stood_by_write(const struct hs_joint_stood_by *lines, size_t count,
                             struct hs_buf *out)
{
  hs_buf_add_text(out, "{\"lines\":[");
  for (size_t i = 0; i < count; i++) {
    hs_buf_add_text(out, i > 0 ? ",{\"side\":" : "{\"side\":");
    hs_buf_add_json(out, lines[i].side);
    hs_buf_add_text(out, ",\"what\":");
    hs_buf_add_json(out, lines[i].what);
    hs_buf_printf(out, ",\"amount_minor\":%" PRId64 "}", lines[i].amount_minor);
  }
  hs_buf_add_text(out, "]}");
}

enum hs_status hs_joint_stood_by_read(struct hs_str document, struct hs_arena *arena,
                                      struct hs_joint_stood_by **lines, size_t *count,
                                      struct hs_err *err)
{
  struct confirmed_text text;
  struct hs_err why;
  enum hs_status status = hs_shape_read(&CONFIRMED_SHAPE, document, arena, &text, NULL, NULL, &why);
  if (status == HS_OK)
    status = hs_shape_complete(&CONFIRMED_SHAPE, &text, 0, NULL, NULL, &why);
  if (status != HS_OK)
    return hs_fail(err, status == HS_INVALID ? HS_CORRUPT : status,
                   "the lines that a side stands by: %s", why.text);
  *lines = text.lines.items;
  *count = text.lines.count;
  return HS_OK;
}
