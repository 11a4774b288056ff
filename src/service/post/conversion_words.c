#include "service/post/conversion_words.h"

#include "base/time.h"

/* ---- as evidence ---- */

static void add_rate(const struct hs_currency_rate *rate, struct hs_buf *out)
{
  char day[HS_TIME_TEXT];
  char value[HS_DECIMAL_TEXT];
  hs_format_day((int32_t)rate->day, day);
  hs_decimal_format(rate->rate, value);
  hs_buf_printf(out,
                "{\"day\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"rate\":\"%s\",\"source\":", day,
                rate->from.code, rate->to.code, value);
  if (rate->source.data != NULL)
    hs_buf_add_json(out, rate->source);
  else
    hs_buf_add_text(out, "null");
  hs_buf_add_char(out, '}');
}

void hs_conversion_json(const struct hs_conversion *exchange, struct hs_buf *out)
{
  char per_unit[HS_RATIO_TEXT];
  char per_minor[HS_RATIO_TEXT];
  hs_ratio_format(exchange->per_unit, per_unit);
  hs_ratio_format(exchange->per_minor, per_minor);
  hs_buf_printf(out,
                "{\"from\":\"%s\",\"to\":\"%s\",\"per_unit\":\"%s\",\"per_minor\":\"%s\","
                "\"rates\":[",
                exchange->from.code, exchange->to.code, per_unit, per_minor);
  for (size_t i = 0; i < exchange->leg_count; i++) {
    if (i > 0)
      hs_buf_add_char(out, ',');
    add_rate(exchange->legs[i], out);
  }
  hs_buf_add_text(out, "]}");
}

/* ---- in words ---- */

static const char *text_of(const json_t *object, const char *name)
{
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? text : "";
}

void hs_conversion_say_evidence(const json_t *exchange, const char *indent, struct hs_buf *out)
{
  const json_t *rates = json_object_get(exchange, "rates");
  const json_t *rate;
  size_t index;
  if (exchange == NULL)
    return;
  hs_buf_printf(out, "%s1 %s = %s %s, exactly\n", indent, text_of(exchange, "from"),
                text_of(exchange, "per_unit"), text_of(exchange, "to"));
  json_array_foreach(rates, index, rate)
  {
    hs_buf_printf(out, "%s  1 %s = %s %s on %s, source: ", indent, text_of(rate, "from"),
                  text_of(rate, "rate"), text_of(rate, "to"), text_of(rate, "day"));
    if (json_is_string(json_object_get(rate, "source")))
      hs_buf_add_shown(out, hs_str_of(text_of(rate, "source")), 200);
    else
      hs_buf_add_text(out, "not said");
    hs_buf_add_char(out, '\n');
  }
}

/* By way of the evidence, so that both are told in the same words. */
void hs_conversion_say(const struct hs_conversion *exchange, const char *indent, struct hs_buf *out)
{
  struct hs_buf evidence = hs_buf_in(out->arena);
  hs_conversion_json(exchange, &evidence);
  hs_buf_fail_with(out, &evidence);
  struct hs_str text = hs_buf_str(&evidence);
  json_t *document = json_loadb(text.data, text.length, 0, NULL);
  hs_conversion_say_evidence(document, indent, out);
  json_decref(document);
}
