#include "adapters/duckdb/schema.h"

#include <string.h>

#include "adapters/duckdb/feed.h"

/* Between the parts of a name while it is hashed. The hash only finds suspects; who is equal is
   then decided column by column, so a separator inside a part does no harm. */
#define SEPARATOR "chr(31)"

static size_t key_count(const struct hs_event_spec *spec)
{
  size_t count = 0;
  for (size_t c = 0; c < spec->column_count; c++)
    count += (spec->columns[c].rules & HS_COLUMN_KEY) != 0;
  return count;
}

int hs_schema_has_key(const struct hs_event_spec *spec) { return key_count(spec) > 0; }

int hs_schema_is_person(const struct hs_column_spec *column)
{
  return strcmp(column->name, "person") == 0 || strcmp(column->name, "visitor") == 0 ||
         strcmp(column->name, "customer") == 0;
}

static void add_column(struct hs_buf *sql, const struct hs_column_spec *column)
{
  char name[HS_COLUMN_NAME];
  hs_column_stable_name(column, name);
  hs_sql_name(sql, name);
}

/* The columns that have all bits of rules, with separators between them. */
static void add_columns(struct hs_buf *sql, const struct hs_event_spec *spec, unsigned rules,
                        const char *prefix, const char *separator, const char *suffix)
{
  int is_first = 1;
  for (size_t c = 0; c < spec->column_count; c++) {
    if ((spec->columns[c].rules & rules) != rules)
      continue;
    if (!is_first)
      hs_buf_add_text(sql, separator);
    hs_buf_add_text(sql, prefix);
    add_column(sql, &spec->columns[c]);
    hs_buf_add_text(sql, suffix);
    is_first = 0;
  }
}

void hs_schema_columns(struct hs_buf *sql, const struct hs_event_spec *spec, const char *prefix)
{
  add_columns(sql, spec, 0, prefix, ", ", "");
}

/* ---- tables ---- */

static void create_table(struct hs_buf *sql, const struct hs_event_spec *spec)
{
  hs_buf_printf(sql, "CREATE TABLE %s (", spec->name);
  for (size_t c = 0; c < spec->column_count; c++) {
    add_column(sql, &spec->columns[c]);
    hs_buf_printf(sql, " %s, ", hs_sql_type(spec->columns[c].type));
  }
  hs_buf_add_text(sql, "row_number BIGINT, sequence BIGINT, key_hash BIGINT");
  for (size_t c = 0; c < spec->column_count; c++)
    if (hs_schema_is_person(&spec->columns[c]))
      hs_buf_printf(sql, ", %s_key BIGINT", spec->columns[c].name);
  hs_buf_add_text(sql, ");\n");
}

void hs_schema_create(struct hs_buf *sql)
{
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    create_table(sql, hs_event_spec((enum hs_event_kind)k));
  hs_buf_add_text(sql, "CREATE TABLE conflicts (kind VARCHAR, key VARCHAR, sequence BIGINT, "
                       "row_number BIGINT, first_sequence BIGINT, first_row BIGINT);\n"
                       "CREATE TABLE cursor (layout BIGINT, epoch BIGINT, sequence BIGINT, "
                       "hash BLOB);\n");
  hs_buf_printf(sql, "INSERT INTO cursor VALUES (%d, 0, 0, ''::BLOB);\n", HS_TRAIL_LAYOUT);
}

void hs_schema_drop(struct hs_buf *sql)
{
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    hs_buf_printf(sql, "DROP TABLE %s;\n", hs_event_spec((enum hs_event_kind)k)->name);
  hs_buf_add_text(sql, "DROP TABLE conflicts;\nDROP TABLE cursor;\n");
}

/* ---- loads ---- */

/* All columns, with the rule of trail.h for touches that do not say what they are. */
static void add_ruled_columns(struct hs_buf *sql, enum hs_event_kind kind)
{
  const struct hs_event_spec *spec = hs_event_spec(kind);
  for (size_t c = 0; c < spec->column_count; c++) {
    if (c > 0)
      hs_buf_add_text(sql, ", ");
    if (kind == HS_EVENT_TOUCH && strcmp(spec->columns[c].name, "kind") == 0)
      hs_buf_add_text(sql, "coalesce(kind, CASE WHEN partner IS NULL THEN 'direct' ELSE 'click' "
                           "END) AS kind");
    else
      add_column(sql, &spec->columns[c]);
  }
}

void hs_schema_nameless(struct hs_buf *sql, const struct hs_event_spec *spec)
{
  HS_ASSERT(hs_schema_has_key(spec));
  add_columns(sql, spec, HS_COLUMN_KEY, "", " IS NULL AND ", "");
  hs_buf_add_text(sql, " IS NULL");
}

/* A name of one column, as nearly all are, is hashed where it lies and not copied. */
static void add_name(struct hs_buf *sql, const struct hs_event_spec *spec)
{
  int is_single = key_count(spec) == 1;
  hs_buf_add_text(sql, is_single ? "" : "concat_ws(" SEPARATOR ", ");
  add_columns(sql, spec, HS_COLUMN_KEY, "", ", ", "");
  hs_buf_add_text(sql, is_single ? "" : ")");
}

static void add_key_hash(struct hs_buf *sql, const struct hs_event_spec *spec, enum hs_names names)
{
  if (!hs_schema_has_key(spec)) {
    hs_buf_add_text(sql, "0::BIGINT");
    return;
  }
  hs_buf_add_text(sql, "person_key(");
  if (names == HS_NAMES_MAY_LACK) {
    hs_buf_add_text(sql, "CASE WHEN ");
    hs_schema_nameless(sql, spec);
    hs_buf_add_text(sql, " THEN concat_ws(" SEPARATOR ", '', ");
    add_columns(sql, spec, 0, "", ", ", "");
    hs_buf_add_text(sql, ") ELSE ");
  }
  add_name(sql, spec);
  hs_buf_add_text(sql, names == HS_NAMES_MAY_LACK ? " END)" : ")");
}

void hs_schema_incoming(struct hs_buf *sql, enum hs_event_kind kind, const char *from,
                        const char *sequence, enum hs_names names)
{
  const struct hs_event_spec *spec = hs_event_spec(kind);
  hs_buf_add_text(sql, "SELECT *, ");
  add_key_hash(sql, spec, names);
  hs_buf_add_text(sql, " AS key_hash FROM (SELECT ");
  add_ruled_columns(sql, kind);
  hs_buf_printf(sql, ", row_number, %s AS sequence FROM %s)", sequence, from);
}

void hs_schema_losers(struct hs_buf *sql, enum hs_event_kind kind, const char *incoming)
{
  const struct hs_event_spec *spec = hs_event_spec(kind);
  hs_buf_add_text(sql, "CREATE OR REPLACE TEMP TABLE losers AS WITH contest AS (SELECT ");
  hs_schema_columns(sql, spec, "");
  hs_buf_printf(sql,
                ", row_number, sequence, key_hash FROM main.%s WHERE key_hash IN (FROM suspects) "
                "UNION ALL SELECT ",
                spec->name);
  hs_schema_columns(sql, spec, "");
  hs_buf_printf(sql,
                ", row_number, sequence, key_hash FROM %s WHERE key_hash IN (FROM suspects)), "
                "judged AS (SELECT sequence, contest.row_number, concat_ws(' ', ",
                incoming);
  add_columns(sql, spec, HS_COLUMN_KEY, "", ", ", "");
  hs_buf_add_text(sql, ") AS key, row_number() OVER w AS place, first_value(sequence) OVER w AS "
                       "first_sequence, first_value(contest.row_number) OVER w AS first_row, row(");
  hs_schema_columns(sql, spec, "");
  hs_buf_add_text(sql, ") IS NOT DISTINCT FROM first_value(row(");
  hs_schema_columns(sql, spec, "");
  hs_buf_add_text(sql, ")) OVER w AS is_same FROM contest WINDOW w AS (PARTITION BY key_hash, ");
  add_columns(sql, spec, HS_COLUMN_KEY, "", ", ", "");
  hs_buf_add_text(sql, ", CASE WHEN ");
  add_columns(sql, spec, HS_COLUMN_KEY, "", " IS NULL AND ", "");
  hs_buf_add_text(sql, " IS NULL THEN row(");
  hs_schema_columns(sql, spec, "");
  hs_buf_add_text(sql,
                  ") END ORDER BY sequence, contest.row_number)) SELECT * EXCLUDE (place) FROM "
                  "judged WHERE place > 1;\n");
}

void hs_schema_insert(struct hs_buf *sql, enum hs_event_kind kind, const char *incoming,
                      int has_losers)
{
  const struct hs_event_spec *spec = hs_event_spec(kind);
  hs_buf_printf(sql, "INSERT INTO main.%s SELECT ", spec->name);
  hs_schema_columns(sql, spec, "");
  hs_buf_add_text(sql, ", row_number, sequence, key_hash");
  for (size_t c = 0; c < spec->column_count; c++)
    if (hs_schema_is_person(&spec->columns[c]))
      hs_buf_printf(sql, ", person_key(%s)", spec->columns[c].name);
  hs_buf_printf(sql, " FROM %s", incoming);
  if (has_losers)
    hs_buf_add_text(sql, " ANTI JOIN losers USING (sequence, row_number)");
  hs_buf_add_text(sql, ";\n");
}
