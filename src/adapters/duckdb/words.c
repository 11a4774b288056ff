/* What the engine says about somebody's statement, as one line for that person. Its own words come
   over several lines: what is wrong behind the kind of error, suggestions, and the line of the
   statement with a mark below the place. */
#include <string.h>

#include "adapters/duckdb/engine.h"

/* Of the statement, from the place on: enough to find it again. */
#define SHOWN_BYTES ((size_t)32)

const char *hs_engine_bare_words(const char *words)
{
  static const char KIND[] = "Error: ";
  const char *kind = strstr(words, KIND);
  const char *line_end = words + strcspn(words, "\n:");
  return kind != NULL && kind + sizeof KIND - 3 == line_end ? kind + sizeof KIND - 1 : words;
}

static int begins_with(struct hs_str text, const char *start)
{
  struct hs_str wanted = hs_str_of(start);
  return text.data != NULL && text.length >= wanted.length &&
         memcmp(text.data, start, wanted.length) == 0;
}

/* Suggestions of what would be refused. */
static int is_of_the_engine(struct hs_str line)
{
  static const char *const STARTS[] = {
      "Did you mean \"pg_",     "Did you mean \"duckdb_", "Did you mean \"sqlite_",
      "Did you mean \"pragma_", "Did you mean \"trail.",  "Did you mean \"information_schema."};
  for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++)
    if (begins_with(line, STARTS[i]))
      return 1;
  return 0;
}

static int is_inside_character(char byte) { return ((unsigned char)byte & 0xC0) == 0x80; }

/* line is "LINE 1: SELECT …", marks has a ^ below the place. */
static void add_place(struct hs_buf *out, struct hs_str line, struct hs_str marks)
{
  const char *mark = marks.length > 0 ? memchr(marks.data, '^', marks.length) : NULL;
  struct hs_str text = line;
  struct hs_str number = hs_str_cut(&text, ':');
  if (mark == NULL || text.data == NULL)
    return;
  /* The mark is set by characters, and the text is cut by bytes. */
  for (ptrdiff_t left = mark - marks.data - (text.data - line.data); left > 0 && text.length > 0;
       left--)
    do {
      text.data++;
      text.length--;
    } while (text.length > 0 && is_inside_character(*text.data));
  size_t shown = text.length;
  if (shown > SHOWN_BYTES)
    for (shown = SHOWN_BYTES; is_inside_character(text.data[shown]); shown--) {
    }
  if (shown > 0)
    hs_buf_printf(out, " (line %.*s, at '%.*s%s')", (int)number.length - 5, number.data + 5,
                  (int)shown, text.data, shown < text.length ? " …" : "");
}

void hs_engine_statement_words(struct hs_buf *out, const char *words)
{
  struct hs_str left = hs_str_of(hs_engine_bare_words(words));
  int is_table = begins_with(left, "Table with name");
  int is_skipping = 0; /* from a list of types that nobody can choose from, to its end */
  int is_first = 1;
  struct hs_str line = {0};
  while (left.data != NULL && !begins_with(line, "LINE ")) {
    line = hs_str_trim(hs_str_cut(&left, '\n'));
    is_skipping |= begins_with(line, "Candidate functions:");
    if (line.length == 0 || is_skipping || is_of_the_engine(line) || begins_with(line, "LINE "))
      continue;
    hs_buf_add_text(out, is_first ? "" : " ");
    hs_buf_add_str(out, line);
    is_first = 0;
  }
  if (is_table)
    hs_buf_add_text(out, " SHOW TABLES lists them.");
  if (begins_with(line, "LINE "))
    add_place(out, line, hs_str_cut(&left, '\n'));
}
