#include "support/sql_reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

const char *sql_reference(void)
{
  static char document[1 << 16];
  FILE *file = fopen(HANSA_SOURCE_DIR "/docs/reference/sql.md", "r");
  assert_non_null(file);
  size_t length = fread(document, 1, sizeof document, file);
  assert_true(length > 0 && length < sizeof document);
  document[length] = 0;
  (void)fclose(file);
  return document;
}

const char *sql_reference_type(enum hs_type type)
{
  static const char *const WORDS[] = {[HS_TYPE_TEXT] = "VARCHAR",
                                      [HS_TYPE_TIME] = "TIMESTAMP",
                                      [HS_TYPE_DAY] = "DATE",
                                      [HS_TYPE_INTEGER] = "BIGINT",
                                      [HS_TYPE_REAL] = "DOUBLE",
                                      [HS_TYPE_MONEY] = "BIGINT, minor units",
                                      [HS_TYPE_CURRENCY] = "VARCHAR",
                                      [HS_TYPE_COUNTRY] = "VARCHAR",
                                      [HS_TYPE_ITEMS] = "VARCHAR, JSON",
                                      [HS_TYPE_FACTS] = "VARCHAR, JSON"};
  return WORDS[type];
}
