/* A design as it is written down: one flat line of JSON, since only then its bytes can be hashed as
   they stand and read by the reader that keeps numbers as text. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "intake/json_line.h"
#include "service/believe/design.h"
#include "service/json_member.h"

#define FIELDS_MAX 1024
#define FILE_BYTES_MAX ((size_t)256 * 1024)
#define SIGNED_UNTIL ",\"sha256\":\""
#define PAIRS_MAX 400

const char *hs_design_kind_name(enum hs_design_kind kind)
{
  static const char *const NAMES[HS_DESIGN_KIND_COUNT] = {"geo", "switchback", "holdout"};
  return NAMES[kind];
}

const char *hs_design_estimator(enum hs_design_kind kind)
{
  static const char *const WORDS[HS_DESIGN_KIND_COUNT] = {
      "mean over pairs of regions of the difference in growth from base to window, tested by coins",
      "mean over pairs of blocks of on less off, without their first days, tested by coins",
      "sales a unit offered less held over tracked sales a unit offered, with Fieller's interval"};
  return WORDS[kind];
}

/* ---- writing ---- */

static void add_day(struct hs_buf *out, const char *name, int32_t day)
{
  char text[HS_TIME_TEXT];
  hs_format_day(day, text);
  hs_json_text(out, name, hs_str_of(text));
}

static void add_pairs(struct hs_buf *out, const struct hs_design *design)
{
  char name[32];
  for (uint32_t pair = 0; design->with != NULL && pair < design->pair_count; pair++) {
    (void)snprintf(name, sizeof name, "with_%u", pair + 1);
    hs_json_text(out, name, design->with[pair]);
    (void)snprintf(name, sizeof name, "without_%u", pair + 1);
    hs_json_text(out, name, design->without[pair]);
  }
}

void hs_design_write(const struct hs_design *design, struct hs_buf *out, struct hs_hash *hash)
{
  char text[HS_HASH_TEXT];
  size_t begin = out->length;
  hs_buf_printf(out, "{\"hansa_design\":1,\"kind\":\"%s\"", hs_design_kind_name(design->kind));
  hs_json_text(out, "name", design->name);
  add_day(out, "registered", design->registered_day);
  add_day(out, "start", design->first_day);
  add_day(out, "end", design->last_day);
  hs_json_text(out, "outcome", design->outcome);
  hs_json_text(out, "estimator", hs_str_of(hs_design_estimator(design->kind)));
  hs_json_text(out, "date", design->date);
  hs_json_text(out, "unit", design->unit);
  hs_json_text(out, "group", design->group);
  hs_json_text(out, "tracked", design->tracked);
  hs_json_number(out, "level", design->level);
  hs_json_number(out, "power", design->power);
  hs_buf_printf(out, ",\"seed\":%llu", (unsigned long long)design->seed);
  hs_json_number(out, "pairs", design->pair_count);
  hs_json_number(out, "block_days", design->block_days);
  hs_json_number(out, "carry_days", design->carry_days);
  hs_json_number(out, "season", design->season);
  hs_json_number(out, "base_days", design->base_days);
  hs_json_number(out, "held_share", design->held_share);
  hs_json_number(out, "half_width", design->half_width);
  hs_json_number(out, "orders", design->orders);
  add_pairs(out, design);
  *hash = out->is_bad ? (struct hs_hash){0} : hs_sha256(out->data + begin, out->length - begin);
  hs_hash_format(hash, text);
  hs_buf_printf(out, SIGNED_UNTIL "%s\"}\n", text);
}

enum hs_status hs_design_register(struct hs_arena *arena, const struct hs_io *io, const char *path,
                                  const struct hs_design *design, struct hs_hash *hash,
                                  struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(arena);
  hs_file file = -1;
  hs_design_write(design, &text, hash);
  enum hs_status status = hs_buf_status(&text, "the design", err);
  if (status == HS_OK)
    status = io->open(io->self, path, HS_OPEN_CREATE_NEW, &file, err);
  if (status != HS_OK)
    return status;
  status = hs_io_write_all(io, file, text.data, text.length, 0, err);
  if (status == HS_OK)
    status = io->sync_data(io->self, file, err);
  io->close(io->self, file);
  return status == HS_OK ? hs_io_sync_parent(io, path, err) : status;
}

/* ---- reading ---- */

struct reading {
  const char *path;
  const struct hs_json_field *fields;
  size_t count;
  enum hs_status status;
  struct hs_err *err;
};

static struct hs_str member(struct reading *r, const char *name)
{
  for (size_t i = 0; i < r->count; i++)
    if (hs_str_equal(r->fields[i].name, hs_str_of(name)))
      return r->fields[i].value;
  return (struct hs_str){0};
}

static void fault(struct reading *r, const char *name, struct hs_str value)
{
  if (r->status == HS_OK)
    r->status = hs_fail(r->err, HS_INVALID, "%s: member %s of the design is '%.*s'", r->path, name,
                        HS_STR_ARG(value));
}

static double number(struct reading *r, const char *name, double low, double high)
{
  struct hs_str text = member(r, name);
  double value = 0;
  if (!hs_parse_double(text, &value) || !(value >= low && value <= high))
    fault(r, name, text);
  return value;
}

static uint32_t count_of(struct reading *r, const char *name, double low, double high)
{
  double value = number(r, name, low, high);
  return r->status == HS_OK ? (uint32_t)value : 0;
}

static int32_t day_of(struct reading *r, const char *name)
{
  struct hs_str text = member(r, name);
  int32_t day = 0;
  if (!hs_parse_day(text, &day))
    fault(r, name, text);
  return day;
}

static enum hs_design_kind kind_of(struct reading *r)
{
  struct hs_str text = member(r, "kind");
  size_t kind = 0;
  while (kind < HS_DESIGN_KIND_COUNT &&
         !hs_str_equal(text, hs_str_of(hs_design_kind_name((enum hs_design_kind)kind))))
    kind++;
  if (kind == HS_DESIGN_KIND_COUNT)
    fault(r, "kind", text);
  return kind == HS_DESIGN_KIND_COUNT ? HS_DESIGN_GEO : (enum hs_design_kind)kind;
}

static struct hs_str text_of(struct reading *r, const char *name)
{
  struct hs_str text = member(r, name);
  if (text.length == 0)
    fault(r, name, text);
  return text;
}

static void read_columns(struct reading *r, struct hs_design *d)
{
  d->name = member(r, "name");
  d->outcome = text_of(r, "outcome");
  if (d->kind != HS_DESIGN_HOLDOUT)
    d->date = text_of(r, "date");
  if (d->kind == HS_DESIGN_GEO)
    d->unit = text_of(r, "unit");
  if (d->kind == HS_DESIGN_HOLDOUT) {
    d->group = text_of(r, "group");
    d->tracked = text_of(r, "tracked");
  }
}

/* What the arithmetic of a kind asserts is checked here, since a file may say anything. */
static void read_numbers(struct reading *r, struct hs_design *d)
{
  struct hs_str seed = member(r, "seed");
  int is_holdout = d->kind == HS_DESIGN_HOLDOUT;
  int is_switchback = d->kind == HS_DESIGN_SWITCHBACK;
  d->registered_day = day_of(r, "registered");
  d->first_day = day_of(r, "start");
  d->last_day = day_of(r, "end");
  d->level = number(r, "level", .5, .999);
  d->power = number(r, "power", .5, .99);
  if (!hs_parse_u64(seed, &d->seed))
    fault(r, "seed", seed);
  d->pair_count = count_of(r, "pairs", is_holdout ? 0 : 1, PAIRS_MAX);
  d->block_days = count_of(r, "block_days", is_switchback ? 1 : 0, 366);
  d->carry_days = count_of(r, "carry_days", 0, is_switchback ? d->block_days - 1.0 : 366);
  d->season = count_of(r, "season", 0, HS_INFLUENCE_SEASON_MAX);
  d->base_days = count_of(r, "base_days", d->kind == HS_DESIGN_GEO ? 1 : 0, 3660);
  d->held_share = number(r, "held_share", is_holdout ? .01 : 0, .99);
  d->half_width = number(r, "half_width", 0, 1);
  d->orders = number(r, "orders", 0, 1e12);
  if (r->status == HS_OK && d->last_day < d->first_day)
    fault(r, "end", member(r, "end"));
  if (r->status == HS_OK && is_switchback &&
      (int64_t)d->last_day - d->first_day + 1 != 2 * (int64_t)d->pair_count * d->block_days)
    fault(r, "end", member(r, "end"));
}

static void read_pairs(struct reading *r, struct hs_arena *arena, struct hs_design *d)
{
  char name[32];
  if (d->kind != HS_DESIGN_GEO || r->status != HS_OK)
    return;
  d->with = hs_arena_alloc(arena, d->pair_count, sizeof *d->with);
  d->without = hs_arena_alloc(arena, d->pair_count, sizeof *d->without);
  if (d->with == NULL || d->without == NULL) {
    r->status = hs_arena_full(arena, "the pairs of a design", r->err);
    return;
  }
  for (uint32_t pair = 0; pair < d->pair_count; pair++) {
    (void)snprintf(name, sizeof name, "with_%u", pair + 1);
    d->with[pair] = text_of(r, name);
    (void)snprintf(name, sizeof name, "without_%u", pair + 1);
    d->without[pair] = text_of(r, name);
  }
}

/* The hash stands last and covers all before it, so it is looked for from the end. */
static int is_as_signed(struct hs_str text, struct hs_hash *hash)
{
  static const size_t MARK = sizeof SIGNED_UNTIL - 1;
  const size_t tail = MARK + HS_HASH_TEXT - 1;
  struct hs_str whole = hs_str_trim(text);
  if (whole.length < tail + 2)
    return 0;
  size_t at = whole.length - tail - 2;
  if (memcmp(whole.data + at, SIGNED_UNTIL, MARK) != 0 ||
      !hs_hash_parse(whole.data + at + MARK, HS_HASH_TEXT - 1, hash))
    return 0;
  struct hs_hash own = hs_sha256(whole.data, at);
  return hs_hash_equal(&own, hash);
}

enum hs_status hs_design_read(struct hs_arena *arena, const struct hs_io *io, const char *path,
                              struct hs_design *out, struct hs_hash *hash, int *is_altered,
                              struct hs_err *err)
{
  struct hs_str text = {0};
  struct hs_json_fault json_fault = {0};
  struct hs_json_field *fields = hs_arena_alloc(arena, FIELDS_MAX, sizeof *fields);
  struct reading r = {.path = path, .fields = fields, .err = err};
  if (fields == NULL)
    return hs_arena_full(arena, "a registered design", err);
  enum hs_status status = hs_io_read_file(io, arena, path, FILE_BYTES_MAX, &text, err);
  if (status != HS_OK)
    return status;
  *is_altered = !is_as_signed(text, hash);
  char *line = hs_arena_copy(arena, text.data, text.length);
  if (line == NULL)
    return hs_arena_full(arena, "a registered design", err);
  if (!hs_str_is_utf8(text) ||
      !hs_json_line(line, text.length, fields, FIELDS_MAX, &r.count, &json_fault))
    return hs_fail(err, HS_INVALID, "%s is no registered design: %s", path,
                   json_fault.words != NULL ? json_fault.words : "it is not UTF-8");
  if (!hs_str_equal(member(&r, "hansa_design"), HS_STR("1")))
    return hs_fail(err, HS_INVALID, "%s is no registered design", path);
  *out = (struct hs_design){.kind = kind_of(&r)};
  read_columns(&r, out);
  read_numbers(&r, out);
  read_pairs(&r, arena, out);
  return r.status;
}
