/* Proves that docs/reference/sql.md says of every view what hs_event_spec says: the table of each
   is made here anew and looked for in the document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "ports/events.h"
#include "support/sql_reference.h"

static void add_section(struct hs_buf *out, const struct hs_event_spec *spec)
{
  hs_buf_printf(out, "### %s\n| column | type | meaning |\n|---|---|---|\n", spec->name);
  for (size_t c = 0; c < spec->column_count; c++) {
    char name[HS_COLUMN_NAME];
    hs_column_stable_name(&spec->columns[c], name);
    hs_buf_printf(out, "| `%s` | %s | %s |\n", name, sql_reference_type(spec->columns[c].type),
                  spec->columns[c].meaning);
  }
}

static void the_document_holds_every_view_and_column([[maybe_unused]] void **state)
{
  const char *document = sql_reference();
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++) {
    struct hs_buf section = hs_buf_in(&arena);
    add_section(&section, hs_event_spec((enum hs_event_kind)k));
    assert_int_equal(hs_buf_status(&section, "a section", NULL), HS_OK);
    if (!strstr(document, section.data))
      fail_msg("docs/reference/sql.md lacks:\n%s", section.data);
  }
  hs_arena_release(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_document_holds_every_view_and_column),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
