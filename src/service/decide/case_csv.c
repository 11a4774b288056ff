/* The lines of the case as CSV, one a partner or for the paid channels; an empty cell where there
   is no figure. */
#include "service/decide/case_words.h"

#include <math.h>

static void number(struct hs_buf *out, double value)
{
  hs_buf_add_char(out, ',');
  if (isfinite(value))
    hs_buf_add_double(out, value);
}

static void estimate(struct hs_buf *out, const struct hs_estimate *e)
{
  number(out, e->middle);
  number(out, e->low);
  number(out, e->high);
}

void hs_capital_csv(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out, "name,basis,verdict,cost,commission,discount,spent,joint,hours,"
                       "tracked_customers,cost_per_tracked_customer,customer_value,"
                       "customer_value_low,customer_value_high,incremental_customers,"
                       "incremental_customers_low,incremental_customers_high,net_present_value,"
                       "net_present_value_low,net_present_value_high,p_pays,share_needed,"
                       "share_needed_low,share_needed_high,cost_per_incremental_customer,"
                       "cost_per_incremental_customer_low,cost_per_incremental_customer_high,"
                       "payback_weeks,payback_weeks_low,payback_weeks_high,grade,next_amount,"
                       "next_returns,next_returns_low,next_returns_high\r\n");
  for (size_t i = 0; i < case_->count; i++) {
    const struct hs_capital_line *line = &case_->lines[i];
    hs_buf_add_csv_safe(out, line->name);
    hs_buf_printf(out, ",%s,%s", hs_capital_is_defensible(line) ? "defensible" : "context",
                  hs_capital_verdict_name(line->verdict));
    const double figures[] = {line->total,         line->cost.commission,
                              line->cost.discount, line->cost.spent,
                              line->cost.joint,    line->cost.hours,
                              line->tracked,       line->economics.cost_each_tracked};
    for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
      number(out, figures[k]);
    estimate(out, &line->economics.value);
    estimate(out, &line->economics.incremental);
    estimate(out, &line->economics.net);
    number(out, line->economics.p_pays);
    estimate(out, &line->economics.share_needed);
    estimate(out, &line->economics.cost_each);
    estimate(out, &line->economics.payback_weeks);
    hs_buf_printf(out, ",%s", line->is_measured ? hs_grade_name(line->evidence.grade) : "");
    number(out, line->next.amount);
    estimate(out, &line->next.returns);
    hs_buf_add_text(out, "\r\n");
  }
}
