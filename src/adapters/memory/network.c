/* What networks said last of their commissions: of each row, whether a later one is of the same. */
#include "adapters/memory/trail.h"

#define KIND HS_EVENT_NETWORK_COMMISSION

static int is_between(const struct row *row, int64_t from_us, int64_t until_us)
{
  int64_t at_us = integer_of(row, KIND, "created_at");
  return at_us >= from_us && at_us < until_us;
}

static int is_same(const struct row *one, const struct row *other)
{
  return hs_str_equal(text_of(one, KIND, "network"), text_of(other, KIND, "network")) &&
         hs_str_equal(text_of(one, KIND, "commission_id"), text_of(other, KIND, "commission_id")) &&
         (integer_of(one, KIND, "commission") < 0) == (integer_of(other, KIND, "commission") < 0);
}

static int is_last(const struct table *table, size_t index, int64_t from_us, int64_t until_us)
{
  for (size_t i = index + 1; i < table->count; i++)
    if (is_between(table->rows[i], from_us, until_us) &&
        is_same(table->rows[i], table->rows[index]))
      return 0;
  return 1;
}

static struct hs_network_word word_of(const struct row *row)
{
  int has_amount = !cell_of(row, KIND, "amount")->is_absent;
  return (struct hs_network_word){.network = text_of(row, KIND, "network"),
                                  .commission_id = text_of(row, KIND, "commission_id"),
                                  .order_id = text_of(row, KIND, "order_id"),
                                  .partner = text_of(row, KIND, "partner"),
                                  .partner_id = text_of(row, KIND, "partner_id"),
                                  .currency = text_of(row, KIND, "currency"),
                                  .status = text_of(row, KIND, "status"),
                                  .has_amount = has_amount,
                                  .amount_minor = has_amount ? integer_of(row, KIND, "amount") : 0,
                                  .commission_minor = integer_of(row, KIND, "commission"),
                                  .created_us = integer_of(row, KIND, "created_at")};
}

enum hs_status hs_memory_network_words(void *self, int64_t from_us, int64_t until_us,
                                       hs_network_word_fn each, void *context, struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *table = &trail->tables[KIND];
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < table->count && status == HS_OK; i++) {
    if (!is_between(table->rows[i], from_us, until_us) || !is_last(table, i, from_us, until_us))
      continue;
    struct hs_network_word word = word_of(table->rows[i]);
    status = each(context, &word, err);
  }
  return status;
}
