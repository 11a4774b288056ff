/* The tables and the texts of statements, generated from hs_event_spec. For this folder alone. */
#ifndef HANSA_ADAPTERS_DUCKDB_SCHEMA_H
#define HANSA_ADAPTERS_DUCKDB_SCHEMA_H

#include "ports/events.h"

/* Raised when the tables change: a file of another layout is replayed and not converted. */
#define HS_TRAIL_LAYOUT 6

/* Statements that make all tables in an empty database, the cursor at zero in it. */
void hs_schema_create(struct hs_buf *sql);
void hs_schema_drop(struct hs_buf *sql);
/* "a, b, c": the kind's columns under their stable names, each after prefix (may be ""). */
void hs_schema_columns(struct hs_buf *sql, const struct hs_event_spec *spec, const char *prefix);
/* Whether rows of the kind have names at all. */
int hs_schema_has_key(const struct hs_event_spec *spec);
/* Whether a column names a person, and has its key beside it as <column>_key. */
int hs_schema_is_person(const struct hs_column_spec *column);

/* Whether a row may be without a name, and is named by all its columns then. */
enum hs_names { HS_NAMES_ALL_GIVEN, HS_NAMES_MAY_LACK };
/* The condition under which a row has no name. The kind must have keys. */
void hs_schema_nameless(struct hs_buf *sql, const struct hs_event_spec *spec);
/* SELECT of everything that a load brings, keyed: the kind's columns, row_number, sequence and
   key_hash. from is a relation with the kind's columns and row_number; sequence is an expression.
   When all names are given, the hash reads the columns of the key and no others. */
void hs_schema_incoming(struct hs_buf *sql, enum hs_event_kind kind, const char *from,
                        const char *sequence, enum hs_names names);
/* The statement that finds, among incoming and what is stored, rows that lost their name to an
   earlier row; it fills the temporary table losers. Only names in suspects are looked at. */
void hs_schema_losers(struct hs_buf *sql, enum hs_event_kind kind, const char *incoming);
/* The statement that stores incoming without the losers (all of it when has_losers is 0). */
void hs_schema_insert(struct hs_buf *sql, enum hs_event_kind kind, const char *incoming,
                      int has_losers);

#endif
