/* docs/reference/sql.md, for the tests that hold it to the program. */
#ifndef HANSA_TESTS_SUPPORT_SQL_REFERENCE_H
#define HANSA_TESTS_SUPPORT_SQL_REFERENCE_H

#include "ports/events.h"

/* The whole document; fails the test when it cannot be read. */
const char *sql_reference(void);
/* What the document calls a column's type. */
const char *sql_reference_type(enum hs_type type);

#endif
