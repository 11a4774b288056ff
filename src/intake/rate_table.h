/* Exchange rates as central banks publish them: a table with a day a row and a currency a column,
   where our rows are one rate each. The European Central Bank's file of reference rates
   (eurofxref-hist.csv) has the header "Date,USD,JPY,…,ZAR," with nothing behind the last comma,
   "N/A" where there was no rate, and says for one euro what it is worth in the column's currency.
 */
#ifndef HANSA_INTAKE_RATE_TABLE_H
#define HANSA_INTAKE_RATE_TABLE_H

#include "intake/convert.h"

/* More than there are currencies. */
#define HS_RATE_COLUMNS_MAX ((size_t)200)

struct hs_rate_table {
  size_t count; /* 0: the file is no such table, and has a rate a row */
  struct hs_currency base;
  struct hs_str source; /* {NULL, 0} where the file does not say it; lives for ever */
  struct {
    int field;
    struct hs_currency currency;
  } columns[HS_RATE_COLUMNS_MAX];
};

/* Whether the header is that of such a table: its first field means the day, every other one is a
   code of three capitals or empty, and at least one is a currency of ISO 4217. Those that are not
   (currencies that ended long ago) are left out. base is the currency of which one unit is valued;
   the zero value is the euro, and then the source is the bank. */
void hs_rate_table_find(const struct hs_mapping *mapping, const struct hs_str *fields, size_t count,
                        struct hs_currency base, struct hs_rate_table *out);
/* The cells of the rate in a column, from the fields of a row; 0 where the row has none there. */
[[nodiscard]] int hs_rate_table_cells(const struct hs_rate_table *table, size_t column,
                                      const struct hs_str *fields,
                                      struct hs_str cells[HS_TARGET_COUNT]);

#endif
