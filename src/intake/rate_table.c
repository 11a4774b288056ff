#include "intake/rate_table.h"

#include <string.h>

#include "intake/rules.h"

#define BANK HS_STR("European Central Bank, reference rates")

static int is_code(struct hs_str field)
{
  for (size_t i = 0; i < field.length; i++)
    if (field.data[i] < 'A' || field.data[i] > 'Z')
      return 0;
  return field.length == 3;
}

static int is_table(const struct hs_mapping *mapping, const struct hs_str *fields, size_t count)
{
  if (count < 2 || hs_mapping_find(mapping, fields[0]).index != HS_RATE_DAY)
    return 0;
  for (size_t i = 1; i < count; i++)
    if (fields[i].length > 0 && !is_code(fields[i]))
      return 0;
  return 1;
}

void hs_rate_table_find(const struct hs_mapping *mapping, const struct hs_str *fields, size_t count,
                        struct hs_currency base, struct hs_rate_table *out)
{
  memset(out, 0, sizeof *out);
  if (!is_table(mapping, fields, count))
    return;
  if (base.code[0] == '\0') {
    HS_ASSERT(hs_currency_parse(HS_STR("EUR"), &base));
    out->source = BANK;
  }
  out->base = base;
  for (size_t i = 1; i < count && out->count < HS_RATE_COLUMNS_MAX; i++) {
    struct hs_currency currency;
    if (!hs_currency_parse(fields[i], &currency) || hs_currency_equal(currency, base))
      continue;
    out->columns[out->count].field = (int)i;
    out->columns[out->count++].currency = currency;
  }
}

/* The bank writes N/A; a spreadsheet that kept a part of its file leaves the cell empty. */
int hs_rate_table_cells(const struct hs_rate_table *table, size_t column,
                        const struct hs_str *fields, struct hs_str cells[HS_TARGET_COUNT])
{
  struct hs_str rate = hs_str_trim(fields[table->columns[column].field]);
  if (rate.length == 0 || hs_str_equal(rate, HS_STR("N/A")))
    return 0;
  cells[HS_RATE_DAY] = fields[0];
  cells[HS_RATE_FROM] = hs_str_of(table->base.code);
  cells[HS_RATE_TO] = hs_str_of(table->columns[column].currency.code);
  cells[HS_RATE_RATE] = rate;
  cells[HS_RATE_SOURCE] = table->source;
  return 1;
}
