#include "service/decide/plan.h"

#include <math.h>
#include <string.h>

#include "intake/figures.h"

#define SHARE "incremental_share."

struct rule {
  const char *name, *meaning;
  double least, most; /* what the item may be */
  struct hs_range usual;
  int has_usual;
};

/* clang-format off */
static const struct rule RULES[HS_PLAN_ITEM_COUNT] = {
  [HS_PLAN_YEARS] = {"years", "years that are compared", .1, 30, {3, 3, 3}, 1},
  [HS_PLAN_SWITCH_OVER] = {"switch_over", "part of the partners' customers who would come through what we build", 0, 1, {0, .5, 1}, 1},
  [HS_PLAN_ELASTICITY] = {"elasticity", "by how many per cent the customers grow when the money grows by one per cent", .001, .999, {.2, .5, .9}, 1},
  [HS_PLAN_HOUR_COST] = {"hour_cost", "cost of an hour that has no amount in the record", 0, 1e6, {0, 0, 0}, 1},
  [HS_PLAN_PAID_SPEND] = {"paid.spend", "spent on paid channels in a year", 0, 1e15, {0, 0, 0}, 0},
  [HS_PLAN_PAID_CUSTOMERS] = {"paid.new_customers", "new customers tracked to paid channels in a year", 0, 1e12, {0, 0, 0}, 0},
  [HS_PLAN_PAID_SHARE] = {"paid.incremental_share", "part of the new customers of paid channels who would not have come otherwise", 0, 100, {0, 0, 0}, 0},
  [HS_PLAN_PAID_DEARER] = {"paid.dearer", "cost of the next paid customer over that of those so far", .01, 100, {1, 1.2, 2}, 1},
  [HS_PLAN_BUILD_ONCE] = {"build.once", "spent before what we build begins", 0, 1e15, {0, 0, 0}, 0},
  [HS_PLAN_BUILD_YEARLY] = {"build.yearly", "cost of running it in a year", 0, 1e15, {0, 0, 0}, 0},
  [HS_PLAN_BUILD_MONTHS] = {"build.months", "months until it works", 0, 360, {0, 0, 0}, 0},
  [HS_PLAN_BUILD_CUSTOMERS] = {"build.new_customers", "new customers that it brings by itself in a year", 0, 1e12, {0, 0, 0}, 0},
};
static const struct rule SHARE_RULE = {SHARE "NAME", "part of a partner's tracked customers who would not have come otherwise; above 1 with a halo", 0, 100, {0, 0, 0}, 0};
/* clang-format on */

const char *hs_plan_name(enum hs_plan_item item) { return RULES[item].name; }
const char *hs_plan_meaning(enum hs_plan_item item) { return RULES[item].meaning; }

void hs_plan_usual(struct hs_plan *out)
{
  const double none = (double)NAN;
  *out = (struct hs_plan){0};
  for (size_t i = 0; i < HS_PLAN_ITEM_COUNT; i++)
    out->items[i].range = RULES[i].has_usual ? RULES[i].usual : (struct hs_range){none, none, none};
}

const struct hs_plan_entry *hs_plan_share_of(const struct hs_plan *plan, struct hs_str partner)
{
  for (size_t i = 0; i < plan->share_count; i++)
    if (hs_str_equal(plan->shares[i].partner, partner))
      return &plan->shares[i].entry;
  return NULL;
}

int hs_plan_is_measured(const struct hs_plan_entry *entry)
{
  return entry->is_given && entry->evidence.is_sound;
}

int hs_plan_has_build(const struct hs_plan *plan)
{
  for (int i = HS_PLAN_BUILD_ONCE; i <= HS_PLAN_BUILD_CUSTOMERS; i++)
    if (!plan->items[i].is_given)
      return 0;
  return 1;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

struct row {
  uint64_t line;
  struct hs_str item, source, evidence, sha256;
  double low, likely, high;
};

/* The file, and where what it names is looked for. */
struct reading {
  struct hs_arena *arena;
  const struct hs_io *io;
  struct hs_str folder; /* of the plan, with its slash; empty for the working directory */
};

static enum hs_status unknown_item(const struct row *row, struct hs_err *err)
{
  char names[512] = "";
  size_t used = 0;
  for (size_t i = 0; i < HS_PLAN_ITEM_COUNT; i++) {
    size_t length = strlen(RULES[i].name);
    memcpy(names + used, RULES[i].name, length);
    memcpy(names + used + length, ", ", 3);
    used += length + 2;
  }
  return hs_fail(err, HS_INVALID, "line %llu: there is no item '%.*s'; there are %s%s",
                 (unsigned long long)row->line, HS_STR_ARG(row->item), names, SHARE_RULE.name);
}

static enum hs_status check_range(const struct row *row, const struct rule *rule,
                                  struct hs_range *out, struct hs_err *err)
{
  int has_ends = !isnan(row->low) || !isnan(row->high);
  struct hs_range range = {row->low, row->likely, row->high};
  if (isnan(row->likely) || (has_ends && (isnan(row->low) || isnan(row->high))))
    return hs_fail(err, HS_INVALID, "line %llu, %.*s: give likely alone, or low, likely and high",
                   (unsigned long long)row->line, HS_STR_ARG(row->item));
  if (!has_ends)
    range = (struct hs_range){row->likely, row->likely, row->likely};
  if (!(range.low <= range.likely && range.likely <= range.high))
    return hs_fail(
        err, HS_INVALID, "line %llu, %.*s: low %g, likely %g and high %g must rise in that order",
        (unsigned long long)row->line, HS_STR_ARG(row->item), range.low, range.likely, range.high);
  if (!(range.low >= rule->least && range.high <= rule->most))
    return hs_fail(err, HS_INVALID, "line %llu, %.*s must lie from %g to %g, got %g to %g",
                   (unsigned long long)row->line, HS_STR_ARG(row->item), rule->least, rule->most,
                   range.low, range.high);
  *out = range;
  return HS_OK;
}

static enum hs_status twice(const struct row *row, struct hs_err *err)
{
  return hs_fail(err, HS_INVALID, "line %llu: %.*s stands there twice",
                 (unsigned long long)row->line, HS_STR_ARG(row->item));
}

/* What a hold-out measured is the share itself: a plan that says another one is not read. */
static enum hs_status check_share(const struct row *row, const struct hs_plan_entry *entry,
                                  struct hs_err *err)
{
  const struct hs_evidence *evidence = &entry->evidence;
  if (!evidence->is_sound || evidence->kind != HS_EVIDENCE_HOLDOUT)
    return HS_OK;
  if (entry->range.likely >= evidence->share_low && entry->range.likely <= evidence->share_high)
    return HS_OK;
  return hs_fail(err, HS_INVALID,
                 "line %llu, %.*s: likely is %g, and the hold-out in %.*s found %.3g to %.3g",
                 (unsigned long long)row->line, HS_STR_ARG(row->item), entry->range.likely,
                 HS_STR_ARG(evidence->path), evidence->share_low, evidence->share_high);
}

static enum hs_status read_evidence(const struct reading *reading, const struct row *row,
                                    struct hs_plan_entry *entry, struct hs_err *err)
{
  struct hs_buf path = hs_buf_in(reading->arena);
  if (row->evidence.length == 0 && row->sha256.length == 0)
    return HS_OK;
  if (row->evidence.length == 0 || row->sha256.length == 0)
    return hs_fail(err, HS_INVALID, "line %llu, %.*s: evidence and sha256 go together",
                   (unsigned long long)row->line, HS_STR_ARG(row->item));
  if (row->evidence.data[0] != '/')
    hs_buf_add_str(&path, reading->folder);
  hs_buf_add_str(&path, row->evidence);
  enum hs_status status = hs_buf_status(&path, "the path of evidence", err);
  if (!status)
    status = hs_evidence_read(reading->arena, reading->io, hs_buf_str(&path).data, row->sha256,
                              &entry->evidence, err);
  if (status) {
    hs_err_prefix(err, "line %llu", (unsigned long long)row->line);
    return status;
  }
  entry->evidence.path = row->evidence;
  return check_share(row, entry, err);
}

static enum hs_status take_share(const struct reading *reading, const struct row *row,
                                 struct hs_str partner, struct hs_plan *plan, struct hs_err *err)
{
  struct hs_plan_entry entry = {.source = row->source, .is_given = 1};
  enum hs_status status = check_range(row, &SHARE_RULE, &entry.range, err);
  if (!status && hs_plan_share_of(plan, partner))
    return twice(row, err);
  if (!status)
    status = read_evidence(reading, row, &entry, err);
  if (!status)
    plan->shares[plan->share_count++] = (struct hs_plan_share){partner, entry};
  return status;
}

static enum hs_status take_item(const struct reading *reading, const struct row *row,
                                enum hs_plan_item item, struct hs_plan *plan, struct hs_err *err)
{
  struct hs_plan_entry entry = {.source = row->source, .is_given = 1};
  enum hs_status status = check_range(row, &RULES[item], &entry.range, err);
  if (!status && plan->items[item].is_given)
    return twice(row, err);
  if (!status && item != HS_PLAN_PAID_SHARE && row->evidence.length > 0)
    return hs_fail(
        err, HS_INVALID,
        "line %llu, %.*s: evidence is for incremental shares; a price or a plan rests on "
        "its source",
        (unsigned long long)row->line, HS_STR_ARG(row->item));
  if (!status)
    status = read_evidence(reading, row, &entry, err);
  if (!status)
    plan->items[item] = entry;
  return status;
}

static enum hs_status take_row(const struct reading *reading, const struct row *row,
                               struct hs_plan *plan, struct hs_err *err)
{
  const size_t prefix = sizeof SHARE - 1;
  if (row->item.length > prefix && memcmp(row->item.data, SHARE, prefix) == 0)
    return take_share(reading, row,
                      (struct hs_str){row->item.data + prefix, row->item.length - prefix}, plan,
                      err);
  for (size_t i = 0; i < HS_PLAN_ITEM_COUNT; i++)
    if (hs_str_equal(row->item, hs_str_of(RULES[i].name)))
      return take_item(reading, row, (enum hs_plan_item)i, plan, err);
  return unknown_item(row, err);
}

/* A plan with a row that cannot be read is no plan: the first such row ends it. */
struct rejecting {
  struct hs_err *err;
  int is_told;
};

static void take_reject(void *context, const struct hs_figures_reject *reject)
{
  struct rejecting *rejecting = context;
  if (rejecting->is_told++)
    return;
  if (reject->column.data)
    (void)hs_fail(rejecting->err, HS_INVALID, "line %llu, column %.*s: '%.*s' %s",
                  (unsigned long long)reject->line, HS_STR_ARG(reject->column),
                  HS_STR_ARG(reject->value), reject->reason);
  else
    (void)hs_fail(rejecting->err, HS_INVALID, "line %llu: %s", (unsigned long long)reject->line,
                  reject->reason);
}

static enum hs_status take_rows(const struct reading *reading, const struct hs_figures *figures,
                                struct hs_plan *out, struct hs_err *err)
{
  struct hs_arena *arena = reading->arena;
  const struct hs_figures_column *c = figures->columns;
  struct hs_plan plan;
  hs_plan_usual(&plan);
  plan.shares = hs_arena_alloc(arena, figures->row_count, sizeof *plan.shares);
  if (!plan.shares)
    return hs_arena_full(arena, "the plan", err);
  for (size_t i = 0; i < figures->row_count; i++) {
    const struct row row = {.line = figures->lines[i],
                            .item = c[0].texts[i],
                            .low = c[1].values[i],
                            .likely = c[2].values[i],
                            .high = c[3].values[i],
                            .source = c[4].texts[i],
                            .evidence = c[5].texts[i],
                            .sha256 = c[6].texts[i]};
    enum hs_status status = take_row(reading, &row, &plan, err);
    if (status)
      return status;
  }
  *out = plan;
  return HS_OK;
}

static struct hs_str folder_of(const char *path)
{
  const char *slash = strrchr(path, '/');
  return (struct hs_str){path, slash == NULL ? 0 : (size_t)(slash + 1 - path)};
}

enum hs_status hs_plan_read(struct hs_arena *arena, const struct hs_io *io, const char *path,
                            struct hs_plan *out, struct hs_err *err)
{
  const struct hs_figures_want wants[] = {
      {HS_STR("item"), HS_FIGURES_NAME},     {HS_STR("low"), HS_FIGURES_NUMBER},
      {HS_STR("likely"), HS_FIGURES_NUMBER}, {HS_STR("high"), HS_FIGURES_NUMBER},
      {HS_STR("source"), HS_FIGURES_NAME},   {HS_STR("evidence"), HS_FIGURES_NOTE},
      {HS_STR("sha256"), HS_FIGURES_NOTE}};
  const struct reading reading = {arena, io, folder_of(path)};
  struct hs_source *source = NULL;
  struct hs_figures figures;
  struct hs_err local = {0};
  struct rejecting rejecting = {.err = &local};
  enum hs_status status = hs_source_open(arena, io, path, &source, &local);
  if (!status)
    status = hs_figures_read(arena, source, &(struct hs_figures_options){0}, wants,
                             sizeof wants / sizeof *wants, take_reject, &rejecting, &figures,
                             rejecting.is_told ? NULL : &local);
  hs_source_close(source);
  if (!status && figures.reject_count > 0)
    status = HS_INVALID;
  if (!status)
    status = take_rows(&reading, &figures, out, &local);
  if (status && err) {
    *err = local;
    hs_err_prefix(err, "%s", path);
  }
  return status;
}
