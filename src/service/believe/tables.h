/* The tables that `hansa sql` and `hansa export` show beside the trail's own: programme state from
   the book, and journeys and credits, computed when somebody asks for them. docs/reference/sql.md
   describes each column. */
#ifndef HANSA_SERVICE_BELIEVE_TABLES_H
#define HANSA_SERVICE_BELIEVE_TABLES_H

#include "service/believe/analysis.h"
#include "service/track/side.h"

enum hs_table_kind {
  HS_TABLE_PARTIES,
  HS_TABLE_LINKS,
  HS_TABLE_COUPONS,
  HS_TABLE_IMPORTS,
  HS_TABLE_SETTINGS,
  HS_TABLE_JOURNEYS,      /* one row a journey */
  HS_TABLE_CREDITS,       /* one row a model and channel */
  HS_TABLE_ORDER_CREDITS, /* one row an order, rule model and channel; they sum to the order to the
                             cent */
  HS_TABLE_COUNT
};

const char *hs_table_name(enum hs_table_kind kind);
/* Its columns in order, with a row whose name is NULL at the end; lives for ever. */
const struct hs_side_column *hs_table_columns(enum hs_table_kind kind);
[[nodiscard]] int hs_table_parse(struct hs_str name, enum hs_table_kind *out);

struct hs_tables {
  struct hs_side tables[HS_TABLE_COUNT];
  struct hs_side_table sides[HS_TABLE_COUNT];
};

/* Makes every table, so that all can be listed, and fills those whose bit (1 << kind) is set in
   wanted; the others have no rows. What is computed covers the options' period. */
[[nodiscard]] enum hs_status hs_tables_make(struct hs_programme *programme, unsigned wanted,
                                            const struct hs_analysis_options *options,
                                            struct hs_tables *out, struct hs_err *err);
void hs_tables_release(struct hs_tables *tables);
/* The bits of the tables whose name stands in a text: a superset of what a query reads. */
unsigned hs_tables_named_in(struct hs_str text);
/* From the first to the last event, with the usual look-back, models and 90 % intervals. */
[[nodiscard]] enum hs_status hs_tables_options(struct hs_programme *programme,
                                               struct hs_analysis_options *out, struct hs_err *err);

#endif
