#include "service/believe/looks.h"

#include <math.h>

#include "service/json_member.h"
#include "stats/looks.h"

#define DAYS_IN_WEEK 7.0

struct hs_looks hs_looks_until(size_t planned_count, double days_between, double level)
{
  int is_weekly = days_between < DAYS_IN_WEEK; /* false for NaN */
  double count = (double)planned_count;
  if (is_weekly)
    count = ceil(count * days_between / DAYS_IN_WEEK);
  struct hs_looks looks = {.count = (uint32_t)fmin(fmax(count, 1), HS_LOOKS_MAX),
                           .each = is_weekly ? "week" : "period"};
  looks.false_rate = hs_looks_false_rate(looks.count, 1 - level);
  return looks;
}

void hs_looks_words(const struct hs_looks *looks, double level, struct hs_buf *out)
{
  hs_buf_printf(out,
                "Who looks every %s until then and stops at the first good figures is wrong in "
                "%.0f of 100 cases, not in %.3g.",
                looks->each, 100 * looks->false_rate, 100 * (1 - level));
}

void hs_looks_json(const struct hs_looks *looks, struct hs_buf *out)
{
  hs_json_key(out, "looks");
  hs_buf_add_char(out, '{');
  hs_json_count(out, "count", looks->count);
  hs_json_text(out, "each", hs_str_of(looks->each));
  hs_json_number(out, "false_positive_rate", looks->false_rate);
  hs_buf_add_char(out, '}');
}
