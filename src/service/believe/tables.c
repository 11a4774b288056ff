#include "service/believe/tables.h"

#include <string.h>

#include "measure/rules.h"

/* clang-format off */
static const struct {
  const char *name;
  struct hs_side_column columns[HS_SIDE_COLUMNS_MAX];
} SPECS[HS_TABLE_COUNT] = {
    [HS_TABLE_PARTIES] = {"parties", {{"name", HS_TYPE_TEXT}, {"title", HS_TYPE_TEXT}, {"kind", HS_TYPE_TEXT},
                                      {"enrolment", HS_TYPE_TEXT}, {"created_at", HS_TYPE_TIME}, {"id", HS_TYPE_TEXT}}},
    [HS_TABLE_LINKS] = {"links", {{"name", HS_TYPE_TEXT}, {"partner", HS_TYPE_TEXT}, {"target", HS_TYPE_TEXT},
                                  {"created_at", HS_TYPE_TIME}, {"id", HS_TYPE_TEXT}}},
    [HS_TABLE_COUPONS] = {"coupons", {{"code", HS_TYPE_TEXT}, {"partner", HS_TYPE_TEXT}, {"valid_from", HS_TYPE_TIME},
                                      {"valid_until", HS_TYPE_TIME}, {"created_at", HS_TYPE_TIME}, {"id", HS_TYPE_TEXT}}},
    [HS_TABLE_IMPORTS] = {"imports", {{"id", HS_TYPE_TEXT}, {"kind", HS_TYPE_TEXT}, {"source", HS_TYPE_TEXT},
                                      {"file", HS_TYPE_TEXT}, {"sequence", HS_TYPE_INTEGER}, {"rows", HS_TYPE_INTEGER},
                                      {"rejected", HS_TYPE_INTEGER}, {"created_at", HS_TYPE_TIME}}},
    [HS_TABLE_SETTINGS] = {"settings", {{"name", HS_TYPE_TEXT}, {"value", HS_TYPE_TEXT}, {"valid_from", HS_TYPE_TIME}}},
    [HS_TABLE_JOURNEYS] = {"journeys", {{"journey", HS_TYPE_INTEGER}, {"person", HS_TYPE_INTEGER},
                                        {"order_id", HS_TYPE_TEXT}, {"started_at", HS_TYPE_TIME},
                                        {"ended_at", HS_TYPE_TIME}, {"touches", HS_TYPE_INTEGER},
                                        {"path", HS_TYPE_TEXT}, {"amount_minor", HS_TYPE_MONEY},
                                        {"currency", HS_TYPE_CURRENCY}, {"joined", HS_TYPE_INTEGER}}},
    [HS_TABLE_CREDITS] = {"credits", {{"model", HS_TYPE_TEXT}, {"markov_order", HS_TYPE_INTEGER},
                                      {"channel", HS_TYPE_TEXT}, {"is_partner", HS_TYPE_INTEGER},
                                      {"orders", HS_TYPE_REAL}, {"orders_low", HS_TYPE_REAL},
                                      {"orders_high", HS_TYPE_REAL}, {"revenue", HS_TYPE_REAL},
                                      {"revenue_low", HS_TYPE_REAL}, {"revenue_high", HS_TYPE_REAL},
                                      {"share", HS_TYPE_REAL}, {"removal_effect", HS_TYPE_REAL},
                                      {"converting_journeys", HS_TYPE_REAL}, {"insufficient", HS_TYPE_INTEGER},
                                      {"currency", HS_TYPE_CURRENCY}}},
    [HS_TABLE_ORDER_CREDITS] = {"order_credits", {{"order_id", HS_TYPE_TEXT}, {"model", HS_TYPE_TEXT},
                                                  {"channel", HS_TYPE_TEXT}, {"share", HS_TYPE_REAL},
                                                  {"amount_minor", HS_TYPE_MONEY}, {"currency", HS_TYPE_CURRENCY}}},
};
/* clang-format on */

const char *hs_table_name(enum hs_table_kind kind) { return SPECS[kind].name; }

const struct hs_side_column *hs_table_columns(enum hs_table_kind kind)
{
  return SPECS[kind].columns;
}

int hs_table_parse(struct hs_str name, enum hs_table_kind *out)
{
  for (size_t i = 0; i < HS_TABLE_COUNT; i++)
    if (hs_str_equal(name, hs_str_of(SPECS[i].name))) {
      *out = (enum hs_table_kind)i;
      return 1;
    }
  return 0;
}

/* ---- programme state ---- */

static enum hs_status party_row(void *context, const struct hs_party *party,
                                [[maybe_unused]] struct hs_err *err)
{
  struct hs_side *table = context;
  hs_side_row(table);
  hs_side_text(table, 0, party->name);
  hs_side_text(table, 1, party->title);
  hs_side_text(table, 2, party->kind);
  hs_side_text(table, 3, party->enrolment);
  hs_side_integer(table, 4, party->created_at_us);
  hs_side_text(table, 5, hs_str_of(party->id.text));
  return HS_OK;
}

static enum hs_status link_row(void *context, const struct hs_link *link,
                               [[maybe_unused]] struct hs_err *err)
{
  struct hs_side *table = context;
  hs_side_row(table);
  hs_side_text(table, 0, link->name);
  hs_side_text(table, 1, link->party);
  hs_side_text(table, 2, link->target);
  hs_side_integer(table, 3, link->created_at_us);
  hs_side_text(table, 4, hs_str_of(link->id.text));
  return HS_OK;
}

static enum hs_status coupon_row(void *context, const struct hs_coupon *coupon,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct hs_side *table = context;
  hs_side_row(table);
  hs_side_text(table, 0, coupon->code);
  hs_side_text(table, 1, coupon->party);
  if (coupon->valid_from_us != INT64_MIN)
    hs_side_integer(table, 2, coupon->valid_from_us);
  if (coupon->valid_until_us != INT64_MAX)
    hs_side_integer(table, 3, coupon->valid_until_us);
  hs_side_integer(table, 4, coupon->created_at_us);
  hs_side_text(table, 5, hs_str_of(coupon->id.text));
  return HS_OK;
}

static enum hs_status import_row(void *context, const struct hs_import *import,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct hs_side *table = context;
  hs_side_row(table);
  hs_side_text(table, 0, hs_str_of(import->id.text));
  hs_side_text(table, 1, import->kind);
  hs_side_text(table, 2, import->source);
  hs_side_text(table, 3, import->file);
  hs_side_integer(table, 4, (int64_t)import->sequence);
  hs_side_integer(table, 5, (int64_t)import->row_count);
  hs_side_integer(table, 6, (int64_t)import->rejected_count);
  hs_side_integer(table, 7, import->created_at_us);
  return HS_OK;
}

static enum hs_status setting_row(void *context, const struct hs_setting *setting,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct hs_side *table = context;
  hs_side_row(table);
  hs_side_text(table, 0, setting->name);
  hs_side_text(table, 1, setting->value);
  if (setting->from_us != INT64_MIN)
    hs_side_integer(table, 2, setting->from_us);
  return HS_OK;
}

static enum hs_status fill_state(struct hs_programme *programme, enum hs_table_kind kind,
                                 struct hs_side *table, struct hs_err *err)
{
  struct hs_book *book = &programme->book;
  switch (kind) {
  case HS_TABLE_PARTIES:
    return book->parties(book->self, party_row, table, err);
  case HS_TABLE_LINKS:
    return book->links(book->self, link_row, table, err);
  case HS_TABLE_COUPONS:
    return book->coupons(book->self, coupon_row, table, err);
  case HS_TABLE_IMPORTS:
    return book->imports(book->self, import_row, table, err);
  case HS_TABLE_SETTINGS:
    return book->settings(book->self, setting_row, table, err);
  case HS_TABLE_JOURNEYS:
  case HS_TABLE_CREDITS:
  case HS_TABLE_ORDER_CREDITS:
  case HS_TABLE_COUNT:
    break;
  }
  return HS_OK;
}

/* ---- journeys ---- */

struct journey_tables {
  const struct hs_analysis *analysis;
  struct hs_currency currency;
  struct hs_side *journeys; /* NULL when not wanted */
  struct hs_side *order_credits;
  struct hs_arena scratch;
  const unsigned char *is_direct; /* per channel */
};

static enum hs_status add_journey_row(struct journey_tables *t, const struct hs_journey *journey,
                                      struct hs_err *err)
{
  struct hs_side *table = t->journeys;
  struct hs_buf path = hs_buf_in(&t->scratch);
  for (size_t i = 0; i < journey->step_count; i++) {
    hs_buf_add_text(&path, i == 0 ? "" : " > ");
    hs_buf_add_str(&path, t->analysis->channels[journey->channels[i]]);
  }
  hs_side_row(table);
  hs_side_integer(table, 0, (int64_t)table->side.row_count);
  hs_side_integer(table, 1, (int64_t)journey->person); /* as the engine's person_key() gives it */
  hs_side_text(table, 2, journey->order_id);
  hs_side_integer(table, 3, journey->at_us[0]);
  hs_side_integer(table, 4, journey->end_us);
  hs_side_integer(table, 5, (int64_t)journey->step_count);
  hs_side_text(table, 6, hs_buf_str(&path));
  if (journey->order_id.data != NULL) {
    hs_side_integer(table, 7, journey->value_minor);
    hs_side_text(table, 8, hs_str_of(t->currency.code));
  }
  hs_side_integer(table, 9, journey->is_joined != 0);
  return hs_buf_status(&path, "one path", err);
}

/* ---- credits of single orders ---- */

/* What a model gives each step, as whole parts of 2^40: fine enough that the cents are those of the
   exact shares, and whole numbers, which is what money is split by. */
#define PARTS ((double)(UINT64_C(1) << 40))

static enum hs_status add_model_rows(struct journey_tables *t, const struct hs_journey *journey,
                                     const struct hs_model *model, struct hs_err *err)
{
  size_t count = journey->step_count;
  double *shares = hs_arena_alloc(&t->scratch, count, sizeof *shares);
  uint32_t *ages = hs_arena_alloc(&t->scratch, count, sizeof *ages);
  uint64_t *weights = hs_arena_alloc(&t->scratch, count, sizeof *weights);
  int64_t *parts = hs_arena_alloc(&t->scratch, count, sizeof *parts);
  if (shares == NULL || ages == NULL || weights == NULL || parts == NULL)
    return hs_arena_full(&t->scratch, "the credits of one order", err);
  for (size_t i = 0; i < count; i++)
    ages[i] = (uint32_t)((journey->end_us - journey->at_us[i]) / HS_SECOND_US);
  hs_rule_split(model, t->is_direct, journey->channels, ages, count, shares);
  for (size_t i = 0; i < count; i++) {
    size_t first = i; /* a channel's steps are one row */
    for (size_t k = 0; k < i && first == i; k++)
      if (journey->channels[k] == journey->channels[i])
        first = k;
    weights[first] += (uint64_t)(shares[i] * PARTS + 0.5);
    if (first != i)
      shares[first] += shares[i];
  }
  enum hs_status status = hs_money_split(journey->value_minor, weights, count, parts, err);
  for (size_t i = 0; i < count && status == HS_OK; i++) {
    if (weights[i] == 0)
      continue;
    struct hs_side *table = t->order_credits;
    hs_side_row(table);
    hs_side_text(table, 0, journey->order_id);
    hs_side_text(table, 1, hs_str_of(hs_model_name(model->kind)));
    hs_side_text(table, 2, t->analysis->channels[journey->channels[i]]);
    hs_side_real(table, 3, shares[i]);
    hs_side_integer(table, 4, parts[i]);
    hs_side_text(table, 5, hs_str_of(t->currency.code));
  }
  return status;
}

static enum hs_status take_journey(void *context, const struct hs_journey *journey,
                                   struct hs_err *err)
{
  struct journey_tables *t = context;
  enum hs_status status = HS_OK;
  size_t mark = hs_arena_mark(&t->scratch);
  if (t->journeys != NULL)
    status = add_journey_row(t, journey, err);
  for (size_t i = 0; i < t->analysis->model_count && status == HS_OK; i++) {
    const struct hs_model *model = &t->analysis->options.models[i];
    hs_arena_reset(&t->scratch, mark);
    if (t->order_credits != NULL && journey->order_id.data != NULL && hs_rule_is_rule(model->kind))
      status = add_model_rows(t, journey, model, err);
  }
  hs_arena_reset(&t->scratch, mark);
  return status;
}

static enum hs_status fill_from_journeys(struct hs_programme *programme,
                                         struct hs_analysis *analysis, struct hs_side *journeys,
                                         struct hs_side *order_credits, struct hs_err *err)
{
  struct journey_tables t = {.analysis = analysis,
                             .currency = programme->currency,
                             .journeys = journeys,
                             .order_credits = order_credits};
  enum hs_status status = hs_arena_init(&t.scratch, 64 * HS_MIB, err);
  unsigned char *is_direct =
      status == HS_OK ? hs_arena_alloc(&t.scratch, analysis->channel_count, 1) : NULL;
  for (size_t i = 0; is_direct != NULL && i < analysis->channel_count; i++)
    is_direct[i] = (unsigned char)hs_str_equal(analysis->channels[i], HS_STR("direct"));
  t.is_direct = is_direct;
  if (status == HS_OK)
    status = hs_analysis_journeys(programme, analysis, take_journey, &t, err);
  hs_arena_release(&t.scratch);
  return status;
}

/* ---- credits of the period ---- */

static void fill_credits(const struct hs_analysis *analysis, struct hs_currency currency,
                         struct hs_side *table)
{
  for (size_t m = 0; analysis->credits != NULL && m < analysis->model_count; m++)
    for (size_t i = 0; i < analysis->channel_count; i++) {
      const struct hs_model_credits *model = &analysis->credits[m];
      const struct hs_credit *credit = &model->channels[i];
      hs_side_row(table);
      hs_side_text(table, 0, hs_str_of(hs_model_name(model->model.kind)));
      if (model->model.kind == HS_MODEL_MARKOV)
        hs_side_integer(table, 1, model->model.order);
      hs_side_text(table, 2, analysis->channels[i]);
      hs_side_integer(table, 3, analysis->facts[i].is_partner);
      hs_side_real(table, 4, credit->conversions);
      hs_side_real(table, 5, credit->conversions_low);
      hs_side_real(table, 6, credit->conversions_high);
      hs_side_real(table, 7, credit->value);
      hs_side_real(table, 8, credit->value_low);
      hs_side_real(table, 9, credit->value_high);
      hs_side_real(table, 10, credit->share_value);
      hs_side_real(table, 11, credit->removal_effect);
      hs_side_real(table, 12, credit->converting_journeys);
      hs_side_integer(table, 13, credit->is_insufficient);
      hs_side_text(table, 14, hs_str_of(currency.code));
    }
}

#define BIT(kind) (1U << (kind))
#define COMPUTED (BIT(HS_TABLE_JOURNEYS) | BIT(HS_TABLE_CREDITS) | BIT(HS_TABLE_ORDER_CREDITS))

static enum hs_status fill_computed(struct hs_programme *programme, unsigned wanted,
                                    const struct hs_analysis_options *options,
                                    struct hs_tables *out, struct hs_err *err)
{
  struct hs_analysis analysis;
  enum hs_status status = hs_analysis_run(programme, options, &analysis, err);
  if (status != HS_OK)
    return status;
  if (wanted & BIT(HS_TABLE_CREDITS))
    fill_credits(&analysis, programme->currency, &out->tables[HS_TABLE_CREDITS]);
  if (wanted & (BIT(HS_TABLE_JOURNEYS) | BIT(HS_TABLE_ORDER_CREDITS)))
    status = fill_from_journeys(
        programme, &analysis,
        wanted & BIT(HS_TABLE_JOURNEYS) ? &out->tables[HS_TABLE_JOURNEYS] : NULL,
        wanted & BIT(HS_TABLE_ORDER_CREDITS) ? &out->tables[HS_TABLE_ORDER_CREDITS] : NULL, err);
  hs_analysis_release(&analysis);
  return status;
}

enum hs_status hs_tables_make(struct hs_programme *programme, unsigned wanted,
                              const struct hs_analysis_options *options, struct hs_tables *out,
                              struct hs_err *err)
{
  enum hs_status status = HS_OK;
  *out = (struct hs_tables){0};
  for (unsigned kind = 0; kind < HS_TABLE_COUNT && status == HS_OK; kind++) {
    hs_side_declare(&out->tables[kind], SPECS[kind].name, SPECS[kind].columns);
    if (!(wanted & BIT(kind)))
      continue;
    status = hs_side_open(&out->tables[kind], SPECS[kind].name, SPECS[kind].columns, err);
    if (status == HS_OK)
      status = fill_state(programme, (enum hs_table_kind)kind, &out->tables[kind], err);
  }
  /* An empty programme has no period to compute anything for; its tables are empty. */
  if (status == HS_OK && (wanted & COMPUTED) && options->period.from_us < options->period.until_us)
    status = fill_computed(programme, wanted, options, out, err);
  for (unsigned kind = 0; kind < HS_TABLE_COUNT && status == HS_OK; kind++) {
    status = hs_side_status(&out->tables[kind], err);
    out->sides[kind] = out->tables[kind].side;
  }
  if (status != HS_OK)
    hs_tables_release(out);
  return status;
}

void hs_tables_release(struct hs_tables *tables)
{
  for (size_t i = 0; i < HS_TABLE_COUNT; i++)
    hs_side_release(&tables->tables[i]);
  *tables = (struct hs_tables){0};
}

unsigned hs_tables_named_in(struct hs_str text)
{
  unsigned wanted = 0;
  for (unsigned kind = 0; kind < HS_TABLE_COUNT; kind++) {
    struct hs_str name = hs_str_of(SPECS[kind].name);
    for (size_t i = 0; i + name.length <= text.length; i++)
      if (hs_str_equal_ascii_fold((struct hs_str){text.data + i, name.length}, name))
        wanted |= BIT(kind);
  }
  return wanted;
}

enum hs_status hs_tables_options(struct hs_programme *programme, struct hs_analysis_options *out,
                                 struct hs_err *err)
{
  int64_t first_us = 0;
  int64_t last_us = -1;
  enum hs_status status = programme->trail.range(programme->trail.self, &first_us, &last_us, err);
  if (status != HS_OK && status != HS_NOT_FOUND)
    return status;
  *out = (struct hs_analysis_options){.period = {first_us, last_us + 1},
                                      .look_back_us = HS_LOOK_BACK_DAYS_DEFAULT * HS_DAY_US,
                                      .level = 0.9};
  return HS_OK;
}
