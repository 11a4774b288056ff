/* How credits are written: JSON and CSV for machines, tables for people. */
#include "service/believe/attribute.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure/bounds.h"
#include "service/json_member.h"

static int has_intervals(const struct hs_attribute_result *r) { return r->options.level > 0; }

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
    hs_json_number(out, "if_unseen_low", bounds.low);
    hs_json_number(out, "if_unseen_high", bounds.high);
  }
  if (model->model.kind == HS_MODEL_SHAPLEY && r->places != NULL)
    for (size_t place = 0; place < places; place++) {
      hs_buf_add_text(out, place == 0 ? ",\"by_place\":[" : ",");
      hs_buf_add_double(out, r->places[c * places + place]);
      hs_buf_add_text(out, place + 1 == places ? "]" : "");
    }
  if (model->model.kind == HS_MODEL_MARKOV && r->screens != NULL) {
    hs_json_number(out, "screen_conversions", r->screens[m * channel_count + c]);
    hs_json_number(out, "screen_value", r->screens_value[m * channel_count + c]);
  }
}

static void json_credit(const struct hs_attribute_result *r, const struct hs_model_credits *model,
                        size_t c, struct hs_buf *out)
{
  const struct hs_credit *credit = &model->channels[c];
  hs_buf_add_text(out, "{\"channel\":");
  hs_buf_add_json(out, r->sample.paths.channels[c]);
  hs_json_number(out, "conversions", credit->conversions);
  hs_json_number(out, "value", credit->value);
  if (model->model.kind == HS_MODEL_MARKOV) {
    hs_json_number(out, "removal_effect", credit->removal_effect);
    hs_json_number(out, "removal_effect_value", credit->removal_effect_value);
  }
  hs_json_number(out, "share", credit->share_conversions);
  if (has_intervals(r)) {
    hs_json_number(out, "low", credit->conversions_low);
    hs_json_number(out, "high", credit->conversions_high);
    hs_json_number(out, "value_low", credit->value_low);
    hs_json_number(out, "value_high", credit->value_high);
  }
  hs_json_number(out, "converting_journeys", credit->converting_journeys);
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
  hs_json_number(out, "favourite_ratio", claims->favourite_ratio);
  hs_buf_add_text(out, ",\"channels\":[");
  for (size_t c = 0; c < r->sample.paths.channel_count; c++) {
    const struct hs_claim *claim = &claims->channels[c];
    hs_buf_add_text(out, c == 0 ? "{\"channel\":" : ",{\"channel\":");
    hs_buf_add_json(out, r->sample.paths.channels[c]);
    hs_json_number(out, "any_touch", claim->any_touch);
    hs_json_number(out, "favourite", claim->favourite_conversions);
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
  hs_json_number(out, "value", r->sample.value);
  hs_json_number(out, "nulls", r->sample.nulls);
  hs_json_number(out, "journeys", r->sample.conversions + r->sample.nulls);
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

struct page {
  const struct hs_attribute_result *r;
  struct hs_buf *out;
  size_t width;
  size_t name_width;
};

/* What stands beside the name: in a line of credits the rank, and the figures with and without
   intervals and value; in a line of the spread all figures. A name has at least so much room that
   all but the value fit 80 columns. */
enum {
  RANK_WIDTH = 7,
  FIGURES_WIDTH = 24,
  INTERVAL_WIDTH = 28,
  VALUE_WIDTH = 17,
  SPREAD_WIDTH = 58,
  NAME_WIDTH_MIN = 20,
  NAME_WIDTH_MAX = 40
};

static size_t figures_width(const struct hs_attribute_result *r)
{
  return RANK_WIDTH + FIGURES_WIDTH + (has_intervals(r) ? INTERVAL_WIDTH : 0);
}

static struct page page_of(const struct hs_attribute_result *r, int width, struct hs_buf *out)
{
  struct page page = {r, out, (size_t)width, 7 /* of the word "channel" */};
  for (size_t c = 0; c < r->sample.paths.channel_count; c++) {
    size_t length = r->sample.paths.channels[c].length;
    page.name_width = length > page.name_width ? length : page.name_width;
  }
  size_t taken = figures_width(r) + VALUE_WIDTH;
  taken = taken > SPREAD_WIDTH ? taken : SPREAD_WIDTH;
  size_t most = page.width > taken + NAME_WIDTH_MIN ? page.width - taken : NAME_WIDTH_MIN;
  most = most < NAME_WIDTH_MAX ? most : NAME_WIDTH_MAX;
  page.name_width = page.name_width < most ? page.name_width : most;
  return page;
}

static int has_value(const struct page *page)
{
  return figures_width(page->r) + page->name_width + VALUE_WIDTH <= page->width;
}

/* Broken at the edge of the terminal and indented like its first line. */
static void sentence(const struct page *page, size_t indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void sentence(const struct page *page, size_t indent, const char *format, ...)
{
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  HS_ASSERT(length > 0 && (size_t)length < sizeof text);
  hs_buf_printf(page->out, "%*s", (int)indent, "");
  hs_buf_add_wrapped(page->out, hs_str_of(text), page->width, indent);
}

/* Names come from files of anybody. */
static void add_name(const struct page *page, size_t c)
{
  size_t shown = hs_buf_add_shown(page->out, page->r->sample.paths.channels[c], page->name_width);
  hs_buf_printf(page->out, "%*s", (int)(page->name_width - shown), "");
}

static void text_model_head(const struct page *page, const struct hs_model_credits *model)
{
  struct hs_buf *out = page->out;
  hs_buf_add_text(out, hs_model_name(model->model.kind));
  if (model->model.kind == HS_MODEL_MARKOV)
    hs_buf_printf(out, ", order %u, removal: %s", model->model.order,
                  hs_removal_name(model->model.removal));
  hs_buf_add_char(out, '\n');
  sentence(page, 2, "%s", hs_model_meaning(model->model.kind));
  hs_buf_printf(out, "\n    #  %-*s %14s %8s", (int)page->name_width, "channel", "conversions",
                "share");
  if (has_intervals(page->r))
    hs_buf_printf(out, " %27s", "interval");
  if (has_value(page))
    hs_buf_printf(out, " %16s", "value");
  hs_buf_add_char(out, '\n');
}

static void text_credit(const struct page *page, const struct hs_model_credits *model, size_t rank,
                        size_t c)
{
  const struct hs_credit *credit = &model->channels[c];
  char number[24] = "-";
  char interval[64] = "";
  if (!credit->is_insufficient)
    (void)snprintf(number, sizeof number, "%zu", rank);
  (void)snprintf(interval, sizeof interval, "[%.1f, %.1f]", credit->conversions_low,
                 credit->conversions_high);
  hs_buf_printf(page->out, " %4s  ", number);
  add_name(page, c);
  hs_buf_printf(page->out, " %14.1f %7.2f%%", credit->conversions, 100 * credit->share_conversions);
  if (has_intervals(page->r))
    hs_buf_printf(page->out, " %27s", interval);
  if (has_value(page))
    hs_buf_printf(page->out, " %16.2f", credit->value);
  hs_buf_add_char(page->out, '\n');
}

static void text_model(const struct page *page, size_t m)
{
  const struct hs_model_credits *model = &page->r->models[m];
  const size_t *order = ranked(page->out, model);
  int was_insufficient = 0;
  text_model_head(page, model);
  for (size_t i = 0; order != NULL && i < model->channel_count; i++) {
    int is_insufficient = model->channels[order[i]].is_insufficient;
    if (is_insufficient && !was_insufficient)
      sentence(page, 2, "insufficient: fewer than 20 journeys with an order, so no rank");
    was_insufficient = is_insufficient;
    text_credit(page, model, i + 1, order[i]);
  }
  hs_buf_add_char(page->out, '\n');
}

static void text_spread(const struct page *page)
{
  const struct hs_attribute_result *r = page->r;
  sentence(page, 0, "What the choice of the model changes, and what each channel could claim");
  hs_buf_printf(page->out, "\n  %-*s %12s %12s %12s %16s\n", (int)page->name_width, "channel",
                "lowest", "highest", "any touch", "favourite model");
  const size_t *order = ranked(page->out, &r->models[0]);
  for (size_t i = 0; order != NULL && i < r->sample.paths.channel_count; i++) {
    size_t c = order[i];
    struct hs_bounds range = hs_bounds_models(r->models, r->options.model_count, c);
    const struct hs_claim *claim = &r->claims.channels[c];
    hs_buf_add_text(page->out, "  ");
    add_name(page, c);
    hs_buf_printf(page->out, " %12.1f %12.1f %12.1f %16s\n", range.low, range.high,
                  claim->any_touch, hs_model_name(r->models[claim->favourite].model.kind));
  }
  hs_buf_add_char(page->out, '\n');
  sentence(page, 0,
           "Together the channels could claim %.2f times what was sold by any touch, and %.2f "
           "times by each one's favourite model.",
           r->claims.any_touch_ratio, r->claims.favourite_ratio);
}

static void text_name(const struct page *page, size_t c)
{
  hs_buf_add_text(page->out, "       ");
  add_name(page, c);
}

static void text_places(const struct page *page)
{
  const struct hs_attribute_result *r = page->r;
  struct hs_buf *out = page->out;
  size_t places = r->options.place_count;
  if (r->places == NULL)
    return;
  sentence(page, 0,
           "Shapley by place among the distinct channels of a path; the last place holds all "
           "later ones");
  hs_buf_printf(out, "\n       %-*s", (int)page->name_width, "channel");
  for (size_t place = 0; place < places; place++)
    hs_buf_printf(out, " %11zu", place + 1);
  hs_buf_add_char(out, '\n');
  for (size_t c = 0; c < r->sample.paths.channel_count; c++) {
    text_name(page, c);
    for (size_t place = 0; place < places; place++)
      hs_buf_printf(out, " %11.1f", r->places[c * places + place]);
    hs_buf_add_char(out, '\n');
  }
  hs_buf_add_char(out, '\n');
}

static void text_screen(const struct page *page, size_t m)
{
  const struct hs_attribute_result *r = page->r;
  size_t channel_count = r->sample.paths.channel_count;
  if (r->screens == NULL || r->models[m].model.kind != HS_MODEL_MARKOV)
    return;
  sentence(page, 0,
           "Single orders shared by removal effect (order %u): a view of orders, whose totals are "
           "its own and not the Markov figures above",
           r->models[m].model.order);
  hs_buf_add_char(page->out, '\n');
  for (size_t c = 0; c < channel_count; c++) {
    text_name(page, c);
    hs_buf_printf(page->out, " %14.1f %16.2f\n", r->screens[m * channel_count + c],
                  r->screens_value[m * channel_count + c]);
  }
  hs_buf_add_char(page->out, '\n');
}

static void text_unseen(const struct page *page)
{
  const struct hs_attribute_result *r = page->r;
  if (!(r->options.untracked_share > 0))
    return;
  sentence(page, 0, "Bounds if %g %% of touches were never seen, by %s",
           100 * r->options.untracked_share, hs_model_name(r->models[0].model.kind));
  hs_buf_add_char(page->out, '\n');
  for (size_t c = 0; c < r->sample.paths.channel_count; c++) {
    struct hs_bounds bounds = hs_bounds_untracked(
        r->models[0].channels[c].conversions, r->sample.conversions, r->options.untracked_share);
    text_name(page, c);
    hs_buf_printf(page->out, " %14.1f %14.1f\n", bounds.low, bounds.high);
  }
  hs_buf_add_char(page->out, '\n');
}

static void text_totals(const struct page *page)
{
  const struct hs_attribute_result *r = page->r;
  double journeys = r->sample.conversions + r->sample.nulls;
  size_t channels = r->sample.paths.channel_count;
  char rejected[80] = "";
  if (r->reject_count > 0)
    (void)snprintf(rejected, sizeof rejected, "; %llu of %llu %s rejected",
                   (unsigned long long)r->reject_count, (unsigned long long)r->row_count,
                   hs_plural(r->row_count, "row", "rows"));
  sentence(page, 0, "%.0f %s worth %.2f on %.0f %s, %zu %s%s", r->sample.conversions,
           hs_plural_rounded(r->sample.conversions, "conversion", "conversions"), r->sample.value,
           journeys, hs_plural_rounded(journeys, "journey", "journeys"), channels,
           hs_plural(channels, "channel", "channels"), rejected);
}

static void text_intervals(const struct page *page)
{
  const struct hs_attribute_result *r = page->r;
  if (!has_intervals(r))
    return;
  sentence(page, 0, "Intervals: %g %% of the share, from sampling alone, by %s; the unit is %s.",
           100 * r->options.level, r->options.draws == 0 ? "jackknife" : "Bayesian bootstrap",
           r->sample.unit == HS_UNIT_PERSON ? "a customer"
                                            : "a journey: too narrow if customers repeat");
  hs_buf_add_char(page->out, '\n');
}

void hs_attribute_text(const struct hs_attribute_result *r, int width, struct hs_buf *out)
{
  struct page page = page_of(r, width, out);
  text_totals(&page);
  hs_buf_add_char(out, '\n');
  for (size_t m = 0; m < r->options.model_count; m++)
    text_model(&page, m);
  text_intervals(&page);
  text_places(&page);
  for (size_t m = 0; m < r->options.model_count; m++)
    text_screen(&page, m);
  text_unseen(&page);
  text_spread(&page);
}
