/* How lifetimes from a file are written: JSON for machines, tables for people. */
#include "service/decide/lifetime_write.h"
#include "service/decide/ltv.h"
#include "service/page.h"

#include "base/time.h"

static void json_day(struct hs_buf *out, const char *name, int32_t day)
{
  struct hs_civil civil = hs_civil_of_day(day);
  hs_buf_printf(out, ",\"%s\":\"%04d-%02d-%02d\"", name, civil.year, civil.month, civil.day);
}

void hs_ltv_json(const struct hs_ltv *ltv, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_lifetime_json(&ltv->lifetime, out);
  if (ltv->options.form == HS_LTV_LOG) {
    hs_buf_add_text(out, ",\"unit\":\"week\"");
    json_day(out, "first_day", ltv->first_day);
    json_day(out, "last_day", ltv->last_day);
    json_day(out, "holdout_after", ltv->check_day);
  }
  hs_buf_add_text(out, ",\"holdout\":");
  hs_lifetime_json_holdout(&ltv->check, out);
  hs_buf_printf(out, ",\"rows\":%llu,\"rejected_rows\":%llu}\n", (unsigned long long)ltv->row_count,
                (unsigned long long)ltv->reject_count);
}

static struct hs_str unit_of(const struct hs_ltv *ltv)
{
  return ltv->options.form == HS_LTV_LOG ? HS_STR("weeks") : HS_STR("units of the file's time");
}

void hs_ltv_html(const struct hs_ltv *ltv, struct hs_buf *out)
{
  hs_lifetime_html_begin(&ltv->lifetime, unit_of(ltv), out);
  hs_lifetime_html_holdout(&ltv->check, out);
  hs_page_end(out);
}

void hs_ltv_text(const struct hs_ltv *ltv, int width, struct hs_buf *out)
{
  int is_log = ltv->options.form == HS_LTV_LOG;
  hs_lifetime_text(&ltv->lifetime, unit_of(ltv), width, out);
  if (is_log && ltv->check.has_holdout) {
    struct hs_civil day = hs_civil_of_day(ltv->check_day);
    hs_buf_add_char(out, '\n');
    hs_text_sentence(out, width, 0,
                     "Learnt up to %04d-%02d-%02d and held against the %.1f weeks after it: "
                     "purchases, by how often a customer had come back.",
                     day.year, day.month, day.day, (double)(ltv->last_day - ltv->check_day) / 7);
    hs_buf_add_char(out, '\n');
  }
  hs_lifetime_text_holdout(&ltv->check, width, out);
}
