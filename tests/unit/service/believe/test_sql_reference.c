/* Proves that docs/reference/sql.md names the columns of the tables that stand beside the events as
   the program does: each of them, in order, with its type, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/tables.h"
#include "support/sql_reference.h"

/* The rows of the first table after the heading "### name", without its two head lines. */
static struct hs_str rows_of(const char *name)
{
  char heading[64];
  (void)snprintf(heading, sizeof heading, "\n### %s\n", name);
  const char *section = strstr(sql_reference(), heading);
  if (section == NULL)
    fail_msg("docs/reference/sql.md has no section %s", name);
  const char *first = strstr(section, "|---|---|---|\n");
  assert_non_null(first);
  first += strlen("|---|---|---|\n");
  const char *end = strstr(first, "\n\n");
  return (struct hs_str){first, end != NULL ? (size_t)(end - first) : strlen(first)};
}

static void take_row(struct hs_str row, const struct hs_side_column **column, const char *table)
{
  (void)hs_str_cut(&row, '|');
  struct hs_str names = hs_str_cut(&row, '|');
  struct hs_str type = hs_str_trim(hs_str_cut(&row, '|'));
  /* One row may stand for several columns: `low`, `high`. */
  while (hs_str_cut(&names, '`').length > 0 && names.data != NULL) {
    struct hs_str name = hs_str_cut(&names, '`');
    if ((*column)->name == NULL || !hs_str_equal(name, hs_str_of((*column)->name)))
      fail_msg("%s: the document has %.*s where the program has %s", table, HS_STR_ARG(name),
               (*column)->name != NULL ? (*column)->name : "nothing");
    if (!hs_str_equal(type, hs_str_of(sql_reference_type((*column)->type))))
      fail_msg("%s.%s: the document says %.*s", table, (*column)->name, HS_STR_ARG(type));
    ++*column;
  }
}

static void the_document_names_the_columns_of_every_table([[maybe_unused]] void **state)
{
  for (unsigned kind = 0; kind < HS_TABLE_COUNT; kind++) {
    const char *table = hs_table_name((enum hs_table_kind)kind);
    const struct hs_side_column *column = hs_table_columns((enum hs_table_kind)kind);
    struct hs_str rows = rows_of(table);
    while (rows.length > 0)
      take_row(hs_str_cut(&rows, '\n'), &column, table);
    if (column->name != NULL)
      fail_msg("%s: the document lacks %s", table, column->name);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_document_names_the_columns_of_every_table),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
