#include "agreement/change.h"

#include "agreement/shape_priv.h"
#include "agreement/terms.h"

/* ---- paths ---- */

static int begins_with(struct hs_str text, struct hs_str start)
{
  return text.length >= start.length &&
         hs_str_equal((struct hs_str){text.data, start.length}, start);
}

/* The field at the front of a path. */
static struct hs_str front_of(struct hs_str path)
{
  size_t end = 0;
  while (end < path.length && path.data[end] != '.' && path.data[end] != '[')
    end++;
  return (struct hs_str){path.data, end};
}

/* Which rule a path begins with, as "sales.": the one with the longest name, since names may hold
   dots. */
static const struct hs_rule_text *rule_of(const struct hs_list *rules, struct hs_str path)
{
  const struct hs_rule_text *items = rules->items;
  const struct hs_rule_text *found = NULL;
  for (size_t r = 0; r < rules->count; r++) {
    struct hs_str name = items[r].name;
    if (begins_with(path, name) && name.length < path.length && path.data[name.length] == '.' &&
        (found == NULL || name.length > found->name.length))
      found = &items[r];
  }
  return found;
}

static void add_rule(struct hs_buf *out, const struct hs_terms_text *terms,
                     const struct hs_rule_text *rule, struct hs_str rest)
{
  hs_buf_printf(out, "terms.rules[%zu].",
                (size_t)(rule - (const struct hs_rule_text *)terms->rules.items));
  hs_buf_add_str(out, rest);
}

/* The path as hs_shape_set reads it. */
static enum hs_status resolve(const struct hs_agreement *agreement, struct hs_str path,
                              struct hs_buf *out, struct hs_err *err)
{
  const struct hs_terms_text *terms = agreement->terms;
  const struct hs_rule_text *rule = rule_of(&terms->rules, path);
  struct hs_str front = front_of(path);
  if (hs_shape_field(&hs_agreement_shape, front) != NULL) {
    hs_buf_add_str(out, path);
  } else if (hs_shape_field(hs_shape_field(&hs_agreement_shape, HS_STR("terms"))->shape, front)) {
    hs_buf_add_text(out, "terms.");
    hs_buf_add_str(out, path);
  } else if (rule != NULL) {
    size_t skipped = rule->name.length + 1;
    add_rule(out, terms, rule, (struct hs_str){path.data + skipped, path.length - skipped});
  } else if (terms->rules.count == 1) {
    add_rule(out, terms, terms->rules.items, path);
  } else {
    return hs_fail(err, HS_INVALID,
                   "%.*s: neither a field nor a rule; a rule's field is written with its name, "
                   "such as \"%.*s.rate\"",
                   HS_STR_ARG(path),
                   HS_STR_ARG(((const struct hs_rule_text *)terms->rules.items)->name));
  }
  return hs_buf_status(out, "a path", err);
}

static enum hs_status apply(struct hs_agreement *agreement, struct hs_str line,
                            struct hs_arena *arena, struct hs_err *err)
{
  struct hs_buf path = hs_buf_in(arena);
  struct hs_str value = line;
  struct hs_str name = hs_str_cut(&value, '=');
  if (value.data == NULL)
    return hs_fail(err, HS_USAGE, "a change is FIELD=VALUE, got \"%.*s\"", HS_STR_ARG(line));
  enum hs_status status = resolve(agreement, hs_str_trim(name), &path, err);
  if (status != HS_OK)
    return status;
  return hs_shape_set(&hs_agreement_shape, agreement, hs_buf_str(&path), hs_str_trim(value), arena,
                      err);
}

enum hs_status hs_agreement_change(struct hs_agreement *agreement, const struct hs_str *lines,
                                   size_t line_count, struct hs_arena *arena,
                                   struct hs_agreement *out, struct hs_terms *terms,
                                   hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_buf form = hs_buf_in(arena);
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < line_count && status == HS_OK; i++)
    status = apply(agreement, lines[i], arena, err);
  if (status != HS_OK)
    return status;
  hs_shape_write(&hs_agreement_shape, agreement, &form);
  status = hs_buf_status(&form, "an agreement", err);
  if (status == HS_OK)
    status = hs_agreement_read(hs_buf_str(&form), arena, out, terms, fault, context, err);
  return status;
}

int32_t hs_agreement_earliest(const struct hs_agreement *agreement, int32_t today)
{
  int64_t notice = agreement->change_notice_days;
  return today + (int32_t)(notice > 0 ? notice : 1);
}
