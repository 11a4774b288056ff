/* hs_sheet_parse and hs_statement_make: what is refused has a fault; of what is accepted, the parts
   sum to the result and the settlements to nothing, for every viewer the same, and no form lets a
   text act. */
#include "fuzz.h"

#include <string.h>

#include "service/joint/statement_file.h"

static size_t fault_count;

static void note_fault([[maybe_unused]] void *context, const char *path, const char *words)
{
  HS_ASSERT(path != NULL && words[0] != '\0');
  fault_count++;
}

static void check_sums(const struct hs_statement *statement)
{
  hs_wide parts = 0;
  hs_wide settled = 0;
  for (size_t s = 0; s < statement->joint.side_count; s++) {
    parts += statement->joint.parts[s].entitled_minor;
    settled += statement->joint.parts[s].settles_minor;
  }
  HS_ASSERT(parts == statement->joint.result_minor && settled == 0);
  HS_ASSERT(statement->settlement_count < statement->joint.side_count);
  for (size_t i = 0; i < statement->sheet.line_count; i++) {
    const struct hs_joint_line *line = &statement->sheet.lines[i];
    HS_ASSERT(!line->is_private || line->side == statement->viewer);
  }
}

static void check_forms(const struct hs_statement *statement, struct hs_arena *arena)
{
  struct hs_buf out = hs_buf_in(arena);
  hs_statement_text(statement, 100, &out);
  for (size_t i = 0; !out.is_bad && i < out.length; i++)
    HS_ASSERT((unsigned char)out.data[i] >= ' ' || out.data[i] == '\n');
  hs_buf_clear(&out);
  hs_statement_html(statement, &out);
  HS_ASSERT(out.is_bad || strstr(out.data, "<script") == NULL);
  hs_buf_clear(&out);
  hs_statement_csv(statement, &out);
  hs_statement_json(statement, &out);
}

static void check(struct hs_str json, struct hs_arena *arena)
{
  struct hs_sheet sheet;
  struct hs_err err = {0};
  fault_count = 0;
  if (hs_sheet_parse(json, arena, &sheet, note_fault, NULL, &err) != HS_OK) {
    HS_ASSERT(err.text[0] != '\0' && (err.status != HS_INVALID || fault_count > 0));
    return;
  }
  HS_ASSERT(fault_count == 0);
  struct hs_statement everybody, own;
  if (hs_statement_make(&sheet, HS_NOBODY, arena, &everybody, &err) != HS_OK) {
    HS_ASSERT(err.text[0] != '\0');
    return;
  }
  check_sums(&everybody);
  check_forms(&everybody, arena);
  if (hs_statement_make(&sheet, 0, arena, &own, NULL) != HS_OK) /* its private sums may not fit */
    return;
  check_sums(&own);
  HS_ASSERT(own.joint.parts[0].settles_minor == everybody.joint.parts[0].settles_minor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_arena arena = {0};
  if (hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK)
    return 0;
  check((struct hs_str){(const char *)data, size}, &arena);
  hs_arena_release(&arena);
  return 0;
}
