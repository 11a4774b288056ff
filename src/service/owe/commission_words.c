#include "service/owe/commission_words.h"

#include <string.h>

const struct hs_standing hs_standings[HS_STANDING_COUNT] = {
    {HS_ACCOUNT_PENDING, "in its return period"},
    {HS_ACCOUNT_PAYABLE, "owed to you"},
    {HS_ACCOUNT_DISPUTED, "under investigation"},
    {HS_ACCOUNT_RECEIVABLE, "to be set off, because it was paid and taken back"},
};

void hs_commission_say_heading(const struct hs_commission_statement *statement, struct hs_buf *out)
{
  const struct hs_commission_statement_options *options = &statement->options;
  hs_buf_add_text(out, "Commission statement ");
  hs_buf_add_str(out, options->number);
  hs_buf_add_text(out, options->number.data != NULL ? " of " : "of ");
  hs_buf_add_str(out, options->period_name);
  hs_buf_printf(out, ", in %s", options->currency.code);
}

void hs_commission_say_others(const struct hs_commission_statement *statement, struct hs_buf *out)
{
  if (statement->other_count > 0)
    hs_buf_printf(out, "%zu %s of the period in other currencies: each has a statement of its own.",
                  statement->other_count,
                  hs_plural(statement->other_count, "entry is", "entries are"));
}

void hs_commission_day(const struct hs_commission_statement *statement, int64_t at_us,
                       char out[HS_TIME_TEXT])
{
  char moment[HS_TIME_TEXT];
  hs_format_time_in(statement->options.zone, at_us, moment);
  struct hs_str rest = hs_str_of(moment);
  struct hs_str day = hs_str_cut(&rest, 'T');
  memcpy(out, day.data, day.length);
  out[day.length] = '\0';
}

const char *hs_commission_noun(struct hs_str type)
{
  if (hs_str_equal(type, HS_STR("lead")))
    return "lead";
  if (hs_str_equal(type, HS_STR("click")))
    return "click";
  return hs_str_equal(type, HS_STR("custom")) ? "event" : "order";
}

void hs_commission_say_about(struct hs_str type, const char *words, struct hs_buf *out)
{
  static const char ORDER[] = "order";
  for (const char *at; (at = strstr(words, ORDER)) != NULL; words = at + strlen(ORDER)) {
    hs_buf_add(out, words, (size_t)(at - words));
    hs_buf_add_text(out, hs_commission_noun(type));
  }
  hs_buf_add_text(out, words);
}

void hs_commission_say_name(const struct hs_commission_entry *entry, struct hs_buf *out)
{
  if (entry->type.data != NULL && !hs_str_equal(entry->type, HS_STR("sale")))
    hs_buf_printf(out, "%s ", hs_commission_noun(entry->type));
  hs_buf_add_str(out, entry->order_id);
}

void hs_commission_say_rule(const struct hs_commission_entry *entry, struct hs_buf *out)
{
  if (entry->agreement.data == NULL)
    return;
  hs_buf_add_str(out, entry->agreement);
  hs_buf_printf(out, " %llu, ", (unsigned long long)entry->version);
  hs_buf_add_str(out, entry->rule);
}
