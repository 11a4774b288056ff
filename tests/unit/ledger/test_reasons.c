/* Holds docs/reference/reasons.md to the tables in the code: every verdict stands there with its
   name and its words, in order, and nothing else does. When a table changes, this test prints the
   lines that belong into the document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ledger/allocate.h"
#include "ledger/choose.h"
#include "service/post/actions.h"

static char document[16384];

static int set_up([[maybe_unused]] void **state)
{
  FILE *file = fopen(HANSA_SOURCE_DIR "/docs/reference/reasons.md", "rb");
  if (file == NULL)
    return -1;
  size_t length = fread(document, 1, sizeof document - 1, file);
  document[length] = '\0';
  return fclose(file);
}

typedef const char *(*text_fn)(int verdict);

static void check_table(const char *heading, int last, text_fn name, text_fn words)
{
  char lines[4096] = "| name | words |\n|---|---|\n";
  for (int v = 0; v <= last; v++) {
    size_t used = strlen(lines);
    (void)snprintf(lines + used, sizeof lines - used, "| `%s` | %s |\n", name(v), words(v));
  }
  const char *section = strstr(document, heading);
  assert_non_null(section);
  const char *table = strstr(section, "| name |");
  assert_non_null(table);
  size_t length = strlen(lines);
  if (strncmp(table, lines, length) != 0 || table[length] == '|')
    fail_msg("docs/reference/reasons.md, \"%s\", has to hold:\n%s", heading, lines);
}

static const char *share_name(int v) { return hs_share_verdict_name((enum hs_share_verdict)v); }
static const char *share_words(int v) { return hs_share_verdict_words((enum hs_share_verdict)v); }
static const char *rule_name(int v) { return hs_rule_verdict_name((enum hs_rule_verdict)v); }
static const char *rule_words(int v) { return hs_rule_verdict_words((enum hs_rule_verdict)v); }

static const char *action_name(int v) { return hs_action_verdict_name((enum hs_action_verdict)v); }
static const char *action_words(int v)
{
  return hs_action_verdict_words((enum hs_action_verdict)v);
}

static void the_document_has_every_reason_and_no_other([[maybe_unused]] void **state)
{
  check_table("## Of a touchpoint", HS_SHARE_GIVEN, share_name, share_words);
  check_table("## Of a rule", HS_RULE_HOLDS, rule_name, rule_words);
  check_table("## Of a lead, a click", HS_ACTION_STANDS, action_name, action_words);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_document_has_every_reason_and_no_other)};
  return cmocka_run_group_tests(tests, set_up, NULL);
}
