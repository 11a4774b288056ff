/* How credits are written: JSON and CSV for machines, tables for people. */
#include "service/attribute.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure/bounds.h"

static int has_intervals(const struct hs_attribute_result *r) { return r->options.level > 0; }

static void add_member(struct hs_buf *out, const char *name, double value)
{
  hs_buf_printf(out, ",\"%s\":", name);
  hs_buf_add_double(out, value);
}

/* What was asked for beside the credit of one channel under one model. */
static void json_extras(const struct hs_attribute_result *r, const struct hs_model_credits *model,
                        size_t c, struct hs_buf *out)
{
  size_t m = (size_t)(model - r->models);
  size_t places = r->options.place_count;
  size_t channel_count = r->sample.paths.channel_count;
  if (r->options.untracked_share > 0) {
    struct hs_bounds bounds = hs_bounds_untracked(
        model->channels[c].conversions, r->sample.conversions, r->options.untracked_share);
    add_member(out, "if_unseen_low", bounds.low);
    add_member(out, "if_unseen_high", bounds.high);
  }
  if (model->model.kind == HS_MODEL_SHAPLEY && r->places != NULL)
    for (size_t place = 0; place < places; place++) {
      hs_buf_add_text(out, place == 0 ? ",\"by_place\":[" : ",");
      hs_buf_add_double(out, r->places[c * places + place]);
      hs_buf_add_text(out, place + 1 == places ? "]" : "");
    }
  if (model->model.kind == HS_MODEL_MARKOV && r->screens != NULL) {
    add_member(out, "screen_conversions", r->screens[m * channel_count + c]);
    add_member(out, "screen_value", r->screens_value[m * channel_count + c]);
  }
}

static void json_credit(const struct hs_attribute_result *r, const struct hs_model_credits *model,
                        size_t c, struct hs_buf *out)
{
  const struct hs_credit *credit = &model->channels[c];
  hs_buf_add_text(out, "{\"channel\":");
  hs_buf_add_json(out, r->sample.paths.channels[c]);
  add_member(out, "conversions", credit->conversions);
  add_member(out, "value", credit->value);
  if (model->model.kind == HS_MODEL_MARKOV) {
    add_member(out, "removal_effect", credit->removal_effect);
    add_member(out, "removal_effect_value", credit->removal_effect_value);
  }
  add_member(out, "share", credit->share_conversions);
  if (has_intervals(r)) {
    add_member(out, "low", credit->conversions_low);
    add_member(out, "high", credit->conversions_high);
    add_member(out, "value_low", credit->value_low);
    add_member(out, "value_high", credit->value_high);
  }
  add_member(out, "converting_journeys", credit->converting_journeys);
  json_extras(r, model, c, out);
  hs_buf_add_text(out, credit->is_insufficient ? ",\"insufficient\":true}" : "}");
}

static void json_model(const struct hs_attribute_result *r, size_t m, struct hs_buf *out)
{
  const struct hs_model_credits *model = &r->models[m];
  hs_buf_printf(out, "{\"model\":\"%s\"", hs_model_name(model->model.kind));
  if (model->model.kind == HS_MODEL_MARKOV)
    hs_buf_printf(out, ",\"order\":%u,\"removal\":\"%s\"", model->model.order,
                  hs_removal_name(model->model.removal));
  hs_buf_add_text(out, ",\"credits\":[");
  for (size_t c = 0; c < model->channel_count; c++) {
    hs_buf_add_text(out, c == 0 ? "" : ",");
    json_credit(r, model, c, out);
  }
  hs_buf_add_text(out, "]}");
}

static void json_interval(const struct hs_attribute_result *r, struct hs_buf *out)
{
  if (!has_intervals(r))
    return;
  hs_buf_add_text(out, ",\"interval\":{\"level\":");
  hs_buf_add_double(out, r->options.level);
  if (r->options.draws == 0)
    hs_buf_add_text(out, ",\"method\":\"jackknife\"");
  else
    hs_buf_printf(out, ",\"method\":\"bootstrap\",\"draws\":%zu,\"seed\":%llu", r->options.draws,
                  (unsigned long long)r->options.seed);
  hs_buf_add_text(out, r->sample.unit == HS_UNIT_PERSON
                           ? ",\"unit\":\"person\"}"
                           : ",\"unit\":\"journey\",\"note\":\"too narrow if persons repeat\"}");
}

static void json_claims(const struct hs_attribute_result *r, struct hs_buf *out)
{
  const struct hs_claims *claims = &r->claims;
  hs_buf_add_text(out, ",\"claims\":{\"any_touch_ratio\":");
  hs_buf_add_double(out, claims->any_touch_ratio);
  add_member(out, "favourite_ratio", claims->favourite_ratio);
  hs_buf_add_text(out, ",\"channels\":[");
  for (size_t c = 0; c < r->sample.paths.channel_count; c++) {
    const struct hs_claim *claim = &claims->channels[c];
    hs_buf_add_text(out, c == 0 ? "{\"channel\":" : ",{\"channel\":");
    hs_buf_add_json(out, r->sample.paths.channels[c]);
    add_member(out, "any_touch", claim->any_touch);
    add_member(out, "favourite", claim->favourite_conversions);
    hs_buf_printf(out, ",\"favourite_model\":\"%s\"}",
                  hs_model_name(r->models[claim->favourite].model.kind));
  }
  hs_buf_add_text(out, "]}");
}

void hs_attribute_json(const struct hs_attribute_result *r, struct hs_buf *out)
{
  hs_buf_add_text(out, "{\"models\":[");
  for (size_t m = 0; m < r->options.model_count; m++) {
    hs_buf_add_text(out, m == 0 ? "" : ",");
    json_model(r, m, out);
  }
  hs_buf_add_text(out, "],\"totals\":{\"conversions\":");
  hs_buf_add_double(out, r->sample.conversions);
  add_member(out, "value", r->sample.value);
  add_member(out, "nulls", r->sample.nulls);
  add_member(out, "journeys", r->sample.conversions + r->sample.nulls);
  hs_buf_printf(out, ",\"rows\":%llu,\"rejected_rows\":%llu}", (unsigned long long)r->row_count,
                (unsigned long long)r->reject_count);
  json_interval(r, out);
  json_claims(r, out);
  hs_buf_add_text(out, "}\n");
}

static void csv_number(struct hs_buf *out, double value)
{
  hs_buf_add_char(out, ',');
  if (isfinite(value))
    hs_buf_add_double(out, value);
}

/* The columns that were asked for beside the usual ones. */
static void csv_extra_names(const struct hs_attribute_result *r, struct hs_buf *out)
{
  if (r->options.untracked_share > 0)
    hs_buf_add_text(out, ",if_unseen_low,if_unseen_high");
  for (size_t place = 0; r->places != NULL && place < r->options.place_count; place++)
    hs_buf_printf(out, ",place_%zu", place + 1);
  if (r->screens != NULL)
    hs_buf_add_text(out, ",screen_conversions,screen_value");
}

static void csv_extras(const struct hs_attribute_result *r, const struct hs_model_credits *model,
                       size_t c, struct hs_buf *out)
{
  const double none = (double)NAN;
  size_t places = r->options.place_count;
  size_t cell = (size_t)(model - r->models) * r->sample.paths.channel_count + c;
  if (r->options.untracked_share > 0) {
    struct hs_bounds bounds = hs_bounds_untracked(
        model->channels[c].conversions, r->sample.conversions, r->options.untracked_share);
    csv_number(out, bounds.low);
    csv_number(out, bounds.high);
  }
  for (size_t place = 0; r->places != NULL && place < places; place++)
    csv_number(out, model->model.kind == HS_MODEL_SHAPLEY ? r->places[c * places + place] : none);
  if (r->screens != NULL) {
    int has_screen = model->model.kind == HS_MODEL_MARKOV;
    csv_number(out, has_screen ? r->screens[cell] : none);
    csv_number(out, has_screen ? r->screens_value[cell] : none);
  }
}

void hs_attribute_csv(const struct hs_attribute_result *r, struct hs_buf *out)
{
  hs_buf_add_text(out, "model,order,channel,conversions,value,removal_effect,share,low,high,"
                       "value_low,value_high,converting_journeys,insufficient,removal");
  csv_extra_names(r, out);
  hs_buf_add_text(out, "\r\n");
  for (size_t m = 0; m < r->options.model_count; m++)
    for (size_t c = 0; c < r->models[m].channel_count; c++) {
      const struct hs_model_credits *model = &r->models[m];
      const struct hs_credit *credit = &model->channels[c];
      hs_buf_printf(out, "%s,", hs_model_name(model->model.kind));
      if (model->model.kind == HS_MODEL_MARKOV)
        hs_buf_printf(out, "%u", model->model.order);
      hs_buf_add_char(out, ',');
      hs_buf_add_csv_safe(out, r->sample.paths.channels[c]);
      const double numbers[] = {
          credit->conversions,       credit->value,           credit->removal_effect,
          credit->share_conversions, credit->conversions_low, credit->conversions_high,
          credit->value_low,         credit->value_high,      credit->converting_journeys};
      for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        csv_number(out, numbers[i]);
      hs_buf_printf(out, ",%s,%s", credit->is_insufficient ? "true" : "false",
                    model->model.kind == HS_MODEL_MARKOV ? hs_removal_name(model->model.removal)
                                                         : "");
      csv_extras(r, model, c, out);
      hs_buf_add_text(out, "\r\n");
    }
}

/* qsort_r's context: what to rank by. */
static int by_credit(const void *left, const void *right, void *context)
{
  const struct hs_credit *credits = context;
  const struct hs_credit *a = &credits[*(const size_t *)left];
  const struct hs_credit *b = &credits[*(const size_t *)right];
  if (a->is_insufficient != b->is_insufficient)
    return a->is_insufficient - b->is_insufficient;
  if (a->conversions < b->conversions || a->conversions > b->conversions)
    return a->conversions < b->conversions ? 1 : -1;
  return a < b ? -1 : 1;
}

static size_t *ranked(struct hs_buf *out, const struct hs_model_credits *model)
{
  size_t *order = hs_arena_alloc_raw(out->arena, model->channel_count, sizeof *order);
  for (size_t c = 0; order != NULL && c < model->channel_count; c++)
    order[c] = c;
  if (order != NULL)
    qsort_r(order, model->channel_count, sizeof *order, by_credit, model->channels);
  else
    out->is_bad = 1;
  return order;
}

/* Names come from files of anybody. */
static void add_name(struct hs_buf *out, struct hs_str name, int width)
{
  size_t shown = hs_buf_add_shown(out, name, (size_t)width);
  hs_buf_printf(out, "%*s", width - (int)shown, "");
}

static int name_width(const struct hs_attribute_result *r)
{
  size_t width = 7; /* of the word "channel" */
  for (size_t c = 0; c < r->sample.paths.channel_count; c++) {
    size_t length = r->sample.paths.channels[c].length;
    width = length > width ? length : width;
  }
  return width < 40 ? (int)width : 40;
}

static void text_model(const struct hs_attribute_result *r, size_t m, struct hs_buf *out)
{
  const struct hs_model_credits *model = &r->models[m];
  int width = name_width(r);
  hs_buf_add_text(out, hs_model_name(model->model.kind));
  if (model->model.kind == HS_MODEL_MARKOV)
    hs_buf_printf(out, ", order %u, removal: %s", model->model.order,
                  hs_removal_name(model->model.removal));
  hs_buf_printf(out, "\n  %s\n\n", hs_model_meaning(model->model.kind));
  hs_buf_printf(out, "    #  %-*s %14s %8s %27s %16s\n", width, "channel", "conversions", "share",
                has_intervals(r) ? "interval" : "", "value");
  const size_t *order = ranked(out, model);
  for (size_t i = 0; order != NULL && i < model->channel_count; i++) {
    const struct hs_credit *credit = &model->channels[order[i]];
    struct hs_str name = r->sample.paths.channels[order[i]];
    char rank[24] = "-";
    char interval[64] = "";
    if (!credit->is_insufficient)
      (void)snprintf(rank, sizeof rank, "%zu", i + 1);
    if (has_intervals(r))
      (void)snprintf(interval, sizeof interval, "[%.1f, %.1f]", credit->conversions_low,
                     credit->conversions_high);
    hs_buf_printf(out, " %4s  ", rank);
    add_name(out, name, width);
    hs_buf_printf(out, " %14.1f %7.2f%% %27s %16.2f%s\n", credit->conversions,
                  100 * credit->share_conversions, interval, credit->value,
                  credit->is_insufficient ? "  insufficient" : "");
  }
  hs_buf_add_char(out, '\n');
}

static void text_spread(const struct hs_attribute_result *r, struct hs_buf *out)
{
  int width = name_width(r);
  hs_buf_printf(out,
                "What the choice of the model changes, and what each channel could claim\n\n"
                "       %-*s %14s %14s %14s %18s\n",
                width, "channel", "lowest", "highest", "any touch", "favourite model");
  const size_t *order = ranked(out, &r->models[0]);
  for (size_t i = 0; order != NULL && i < r->sample.paths.channel_count; i++) {
    size_t c = order[i];
    struct hs_str name = r->sample.paths.channels[c];
    struct hs_bounds range = hs_bounds_models(r->models, r->options.model_count, c);
    const struct hs_claim *claim = &r->claims.channels[c];
    hs_buf_add_text(out, "       ");
    add_name(out, name, width);
    hs_buf_printf(out, " %14.1f %14.1f %14.1f %18s\n", range.low, range.high, claim->any_touch,
                  hs_model_name(r->models[claim->favourite].model.kind));
  }
  hs_buf_printf(out,
                "\nTogether the channels could claim %.2f times what was sold by any touch, and "
                "%.2f times by each one's favourite model.\n",
                r->claims.any_touch_ratio, r->claims.favourite_ratio);
}

static void text_name(const struct hs_attribute_result *r, size_t c, struct hs_buf *out)
{
  hs_buf_add_text(out, "       ");
  add_name(out, r->sample.paths.channels[c], name_width(r));
}

static void text_places(const struct hs_attribute_result *r, struct hs_buf *out)
{
  size_t places = r->options.place_count;
  if (r->places == NULL)
    return;
  hs_buf_printf(out,
                "Shapley by place among the distinct channels of a path; the last place holds "
                "all later ones\n\n       %-*s",
                name_width(r), "channel");
  for (size_t place = 0; place < places; place++)
    hs_buf_printf(out, " %11zu", place + 1);
  hs_buf_add_char(out, '\n');
  for (size_t c = 0; c < r->sample.paths.channel_count; c++) {
    text_name(r, c, out);
    for (size_t place = 0; place < places; place++)
      hs_buf_printf(out, " %11.1f", r->places[c * places + place]);
    hs_buf_add_char(out, '\n');
  }
  hs_buf_add_char(out, '\n');
}

static void text_screen(const struct hs_attribute_result *r, size_t m, struct hs_buf *out)
{
  size_t channel_count = r->sample.paths.channel_count;
  if (r->screens == NULL || r->models[m].model.kind != HS_MODEL_MARKOV)
    return;
  hs_buf_printf(out,
                "Single orders shared by removal effect (order %u): a view of orders, whose "
                "totals are its own and not the Markov figures above\n\n",
                r->models[m].model.order);
  for (size_t c = 0; c < channel_count; c++) {
    text_name(r, c, out);
    hs_buf_printf(out, " %14.1f %16.2f\n", r->screens[m * channel_count + c],
                  r->screens_value[m * channel_count + c]);
  }
  hs_buf_add_char(out, '\n');
}

static void text_unseen(const struct hs_attribute_result *r, struct hs_buf *out)
{
  if (!(r->options.untracked_share > 0))
    return;
  hs_buf_printf(out, "Bounds if %g %% of touches were never seen, by %s\n\n",
                100 * r->options.untracked_share, hs_model_name(r->models[0].model.kind));
  for (size_t c = 0; c < r->sample.paths.channel_count; c++) {
    struct hs_bounds bounds = hs_bounds_untracked(
        r->models[0].channels[c].conversions, r->sample.conversions, r->options.untracked_share);
    text_name(r, c, out);
    hs_buf_printf(out, " %14.1f %14.1f\n", bounds.low, bounds.high);
  }
  hs_buf_add_char(out, '\n');
}

void hs_attribute_text(const struct hs_attribute_result *r, struct hs_buf *out)
{
  double journeys = r->sample.conversions + r->sample.nulls;
  size_t channels = r->sample.paths.channel_count;
  hs_buf_printf(out, "%.0f %s worth %.2f on %.0f %s, %zu %s", r->sample.conversions,
                hs_plural_rounded(r->sample.conversions, "conversion", "conversions"),
                r->sample.value, journeys, hs_plural_rounded(journeys, "journey", "journeys"),
                channels, hs_plural(channels, "channel", "channels"));
  if (r->reject_count > 0)
    hs_buf_printf(out, "; %llu of %llu %s rejected", (unsigned long long)r->reject_count,
                  (unsigned long long)r->row_count, hs_plural(r->row_count, "row", "rows"));
  hs_buf_add_text(out, "\n\n");
  for (size_t m = 0; m < r->options.model_count; m++)
    text_model(r, m, out);
  if (has_intervals(r))
    hs_buf_printf(
        out, "Intervals: %g %% of the share, from sampling alone, by %s; the unit is %s.\n\n",
        100 * r->options.level, r->options.draws == 0 ? "jackknife" : "Bayesian bootstrap",
        r->sample.unit == HS_UNIT_PERSON ? "a customer"
                                         : "a journey: too narrow if customers repeat");
  text_places(r, out);
  for (size_t m = 0; m < r->options.model_count; m++)
    text_screen(r, m, out);
  text_unseen(r, out);
  text_spread(r, out);
}
