/* Trends of all agreements, as JSON, text, CSV and a page. */
#include <math.h>

#include "service/decide/trend_programme.h"
#include "service/decide/trend_words.h"
#include "service/json_member.h"
#include "service/page.h"

void hs_trend_programme_json(const struct hs_trend_programme *trends, struct hs_buf *out)
{
  hs_buf_add_text(out, "{\"currency\":");
  hs_buf_add_json(out, trends->currency);
  hs_json_number(out, "false_discovery_rate", 1 - trends->rules.mass);
  hs_buf_add_text(out, ",\"agreements\":[");
  for (size_t i = 0; i < trends->count; i++) {
    const struct hs_trend_agreement *agreement = &trends->agreements[i];
    hs_buf_add_text(out, i == 0 ? "{" : ",{");
    hs_json_text(out, "agreement", agreement->name);
    hs_json_text(out, "partner", agreement->partner);
    hs_json_text(out, "value_is",
                 agreement->is_result_shared ? HS_STR("part_of_joint_result")
                                             : HS_STR("orders_and_commission"));
    hs_json_flag(out, "season_assumed", agreement->is_season_assumed);
    hs_buf_add_text(out, ",\"trend\":");
    hs_trend_json_object(&agreement->answer, out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "]}\n");
}

static const char ASSUMED[] =
    "Two years of months are not there yet: the season is taken for that of the whole company, and "
    "netted out with it.";

/* What holds of all verdicts together. */
static void words_family(const struct hs_trend_programme *trends, struct hs_buf *out)
{
  hs_buf_printf(out, "Of %zu %s together at most %.0f %% of the verdicts are expected to be wrong.",
                trends->count, hs_plural(trends->count, "agreement", "agreements"),
                100 * (1 - trends->rules.mass));
}

static void add_growth(const struct hs_trend *t, struct hs_buf *out)
{
  char mean[HS_TREND_PERCENT_TEXT];
  char low[HS_TREND_PERCENT_TEXT];
  char high[HS_TREND_PERCENT_TEXT];
  hs_trend_percent(t->growth.mean, mean);
  hs_trend_percent(t->growth.low, low);
  hs_trend_percent(t->growth.high, high);
  if (isnan(t->growth.mean))
    hs_buf_add_text(out, "no growth to tell");
  else
    hs_buf_printf(out, "%s a year (%s to %s)", mean, low, high);
}

void hs_trend_programme_text(const struct hs_trend_programme *trends, int width, struct hs_buf *out)
{
  int is_assumed = 0;
  struct hs_buf sentence = hs_buf_in(out->arena);
  for (size_t i = 0; i < trends->count; i++) {
    const struct hs_trend_agreement *agreement = &trends->agreements[i];
    const struct hs_trend_partnership *p = &agreement->answer.partnership;
    is_assumed = is_assumed || agreement->is_season_assumed;
    (void)hs_buf_add_shown(out, agreement->name, 40);
    hs_buf_add_text(out, ", ");
    (void)hs_buf_add_shown(out, agreement->partner, 40);
    hs_buf_printf(out, ": %s\n  %sours ", hs_trend_verdict_words(p->verdict),
                  agreement->is_result_shared ? "of the joint result " : "");
    add_growth(&p->sides[0], out);
    hs_buf_add_text(out, ", theirs ");
    add_growth(&p->sides[1], out);
    hs_buf_add_char(out, '\n');
    hs_buf_clear(&sentence);
    hs_trend_words_stack(&agreement->answer, &sentence);
    if (sentence.length > 0) {
      hs_buf_add_text(out, "  ");
      hs_buf_add_wrapped(out, hs_buf_str(&sentence), (size_t)width, 2);
    }
    hs_buf_clear(&sentence);
    hs_trend_words_reason(&agreement->answer, &sentence);
    if (sentence.length > 0) {
      hs_buf_add_text(out, "  ");
      hs_buf_add_wrapped(out, hs_buf_str(&sentence), (size_t)width, 2);
    }
  }
  hs_buf_add_char(out, '\n');
  hs_buf_clear(&sentence);
  words_family(trends, &sentence);
  hs_buf_add_wrapped(out, hs_buf_str(&sentence), (size_t)width, 0);
  if (is_assumed)
    hs_buf_add_wrapped(out, hs_str_of(ASSUMED), (size_t)width, 0);
  hs_buf_fail_with(out, &sentence);
}

static void csv_number(double value, struct hs_buf *out)
{
  hs_buf_add_char(out, ',');
  if (isfinite(value))
    hs_buf_add_double(out, value);
}

void hs_trend_programme_csv(const struct hs_trend_programme *trends, struct hs_buf *out)
{
  hs_buf_add_text(out, "agreement,partner,side,verdict,growth,low,high,compounding,plateau,fading,"
                       "months,side_verdict\r\n");
  for (size_t i = 0; i < trends->count; i++) {
    const struct hs_trend_agreement *agreement = &trends->agreements[i];
    const struct hs_trend_partnership *p = &agreement->answer.partnership;
    for (size_t s = 0; s < p->side_count; s++) {
      const struct hs_trend *t = &p->sides[s];
      const double numbers[] = {t->growth.mean, t->growth.low, t->growth.high,         t->above,
                                t->within,      t->below,      (double)t->period_count};
      hs_buf_add_csv_safe(out, agreement->name);
      hs_buf_add_char(out, ',');
      hs_buf_add_csv_safe(out, agreement->partner);
      hs_buf_add_char(out, ',');
      hs_buf_add_csv_safe(out, agreement->answer.series.side_names[s]);
      hs_buf_printf(out, ",%s", hs_trend_verdict_name(p->verdict));
      for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
        csv_number(numbers[k], out);
      hs_buf_printf(out, ",%s\r\n", hs_trend_verdict_name(t->verdict));
    }
  }
}

void hs_trend_programme_html(const struct hs_trend_programme *trends, struct hs_buf *out)
{
  int is_assumed = 0;
  hs_trend_html_begin("Which partnerships compound?", out);
  hs_buf_add_text(out, "<p class=\"soft\">");
  words_family(trends, out);
  hs_buf_add_text(out, "</p>\n");
  for (size_t i = 0; i < trends->count; i++) {
    const struct hs_trend_agreement *agreement = &trends->agreements[i];
    is_assumed = is_assumed || agreement->is_season_assumed;
    hs_buf_add_text(out, "<h2>");
    hs_page_text(agreement->name, out);
    hs_buf_add_text(out, ", ");
    hs_page_text(agreement->partner, out);
    hs_buf_add_text(out, "</h2>\n");
    hs_trend_html_answer(&agreement->answer, out);
  }
  if (is_assumed)
    hs_buf_printf(out, "<p class=\"soft\">%s</p>\n", ASSUMED);
  hs_page_end(out);
}
