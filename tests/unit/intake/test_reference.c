/* Holds docs/reference/import.md to the tables in the code: the columns of every kind and the
   reasons of rejects stand there word for word. When a table changes, this test prints the lines
   that belong into the document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "intake/convert.h"

static struct hs_arena arena;
static const char *document;

static int set_up([[maybe_unused]] void **state)
{
  static const char PATH[] = HANSA_SOURCE_DIR "/docs/reference/import.md";
  const struct hs_io *io = hs_io_real();
  struct hs_file_info info;
  hs_file file = -1;
  if (hs_arena_init(&arena, 4 * HS_MIB, NULL) != HS_OK ||
      io->info(io->self, PATH, &info, NULL) != HS_OK ||
      io->open(io->self, PATH, HS_OPEN_READ, &file, NULL) != HS_OK)
    return -1;
  char *text = hs_arena_alloc(&arena, (size_t)info.size_bytes + 1, 1);
  if (text == NULL || hs_io_read_all(io, file, text, (size_t)info.size_bytes, 0, NULL) != HS_OK)
    return -1;
  io->close(io->self, file);
  document = text;
  return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static void check_has(const char *lines)
{
  if (strstr(document, lines) == NULL)
    fail_msg("docs/reference/import.md lacks:\n%s", lines);
}

static const char *type_words(const struct hs_column_spec *column)
{
  switch (column->type) {
  case HS_TYPE_TEXT:
    return column->words == NULL ? "text" : "word";
  case HS_TYPE_TIME:
    return "moment";
  case HS_TYPE_DAY:
    return "day";
  case HS_TYPE_INTEGER:
    return "integer";
  case HS_TYPE_REAL:
    return "number";
  case HS_TYPE_MONEY:
    return "amount";
  case HS_TYPE_CURRENCY:
    return "currency";
  case HS_TYPE_COUNTRY:
    return "country";
  case HS_TYPE_ITEMS:
    return "items";
  case HS_TYPE_FACTS:
    return "facts";
  }
  return "";
}

static void add_rules(struct hs_buf *out, unsigned rules)
{
  static const struct {
    unsigned rule;
    const char *word;
  } WORDS[] = {
      {HS_COLUMN_REQUIRED, "required"}, {HS_COLUMN_KEY, "key"}, {HS_COLUMN_PERSONAL, "personal"}};
  int is_first = 1;
  for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
    if (rules & WORDS[i].rule) {
      hs_buf_printf(out, "%s%s", is_first ? "" : ", ", WORDS[i].word);
      is_first = 0;
    }
}

static void add_column(struct hs_buf *out, const struct hs_column_spec *column)
{
  hs_buf_printf(out, "| `%s` | %s | ", column->name, type_words(column));
  add_rules(out, column->rules);
  hs_buf_add_text(out, " | ");
  for (size_t i = 0; i < HS_ALIASES_MAX && column->aliases[i] != NULL; i++)
    hs_buf_printf(out, "%s`%s`", i == 0 ? "" : " ", column->aliases[i]);
  hs_buf_printf(out, " | %s |\n", column->meaning);
}

static void every_column_stands_in_the_reference([[maybe_unused]] void **state)
{
  for (int kind = 0; kind < HS_EVENT_KIND_COUNT; kind++) {
    const struct hs_event_spec *spec = hs_event_spec((enum hs_event_kind)kind);
    struct hs_buf out = hs_buf_in(&arena);
    hs_buf_printf(&out,
                  "### %s\n| column | type | | also read from | meaning |\n|---|---|---|---|---|\n",
                  spec->name);
    for (size_t i = 0; i < spec->column_count; i++)
      add_column(&out, &spec->columns[i]);
    assert_int_equal(hs_buf_status(&out, "a test", NULL), HS_OK);
    check_has(out.data);
  }
}

static void every_reason_stands_in_the_reference([[maybe_unused]] void **state)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "| code | reason |\n|---|---|\n");
  for (int i = 0; i < HS_INTAKE_REASON_COUNT; i++)
    hs_buf_printf(&out, "| `%s` | %s |\n", hs_intake_reason_code((enum hs_intake_reason)i),
                  hs_intake_reason_words((enum hs_intake_reason)i));
  check_has(out.data);
}

/* What the code around the table takes for granted. */
static void the_table_of_columns_is_as_intake_needs_it([[maybe_unused]] void **state)
{
  for (int kind = 0; kind < HS_EVENT_KIND_COUNT; kind++) {
    const struct hs_event_spec *spec = hs_event_spec((enum hs_event_kind)kind);
    size_t money = 0;
    size_t currencies = 0;
    for (size_t i = 0; i < spec->column_count; i++) {
      const struct hs_column_spec *column = &spec->columns[i];
      money += column->type == HS_TYPE_MONEY;
      currencies += column->type == HS_TYPE_CURRENCY;
      for (size_t a = 0; a < HS_ALIASES_MAX && column->aliases[a] != NULL; a++)
        for (size_t other = 0; other < spec->column_count; other++)
          for (size_t b = 0; b < HS_ALIASES_MAX && spec->columns[other].aliases[b] != NULL; b++)
            assert_true((other == i && a == b) ||
                        !hs_str_equal_ascii_fold(hs_str_of(column->aliases[a]),
                                                 hs_str_of(spec->columns[other].aliases[b])));
    }
    /* Every amount of a row is in the row's one currency; a rate stands between two. */
    assert_int_equal(currencies, kind == HS_EVENT_RATE ? 2 : money > 0);
    assert_true(currencies <= HS_CONVERT_CODES_MAX);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_column_stands_in_the_reference),
      cmocka_unit_test(every_reason_stands_in_the_reference),
      cmocka_unit_test(the_table_of_columns_is_as_intake_needs_it),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
