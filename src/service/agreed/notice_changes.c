/* What changes between two versions, in words. */
#include <stdio.h>
#include <string.h>

#include "base/room.h"
#include "service/agreed/agreement_words.h"
#include "service/agreed/notice.h"
#include "service/json_member.h"

#define RULES_PATH "terms.rules"

struct listing {
  struct hs_arena *arena;
  struct hs_term_change *changes;
  size_t count, capacity;
  int has_rules; /* at least one rule differs in words */
  int is_full;
};

static void add(struct listing *listing, struct hs_term_change change)
{
  struct hs_term_change *grown = hs_arena_room(listing->arena, listing->changes, listing->count, 1,
                                               &listing->capacity, sizeof *grown);
  if (grown == NULL) {
    listing->is_full = 1;
    return;
  }
  listing->changes = grown;
  listing->changes[listing->count++] = change;
}

/* ---- rules ---- */

static const struct hs_rule *rule_named(const struct hs_terms *terms, struct hs_str name)
{
  for (size_t r = 0; r < terms->rule_count; r++)
    if (hs_str_equal(terms->rules[r].name, name))
      return &terms->rules[r];
  return NULL;
}

/* A rule in words; its rank besides where that is what changes. */
static struct hs_str rule_words(struct listing *listing, const struct hs_terms *terms,
                                const struct hs_rule *rule, int with_rank)
{
  struct hs_buf words = hs_buf_in(listing->arena);
  if (rule == NULL)
    return (struct hs_str){0};
  if (with_rank)
    hs_buf_printf(&words, "rank %d: ", (int)rule->rank);
  hs_rule_say(terms, rule, &words);
  listing->is_full |= hs_buf_status(&words, "a rule", NULL) != HS_OK;
  return hs_buf_str(&words);
}

static void compare_rule(struct listing *listing, const struct hs_terms *before,
                         const struct hs_terms *after, struct hs_str name)
{
  const struct hs_rule *old = rule_named(before, name);
  const struct hs_rule *new = rule_named(after, name);
  int with_rank = old != NULL && new != NULL && old->rank != new->rank;
  struct hs_term_change change = {name, rule_words(listing, before, old, with_rank),
                                  rule_words(listing, after, new, with_rank)};
  if (hs_str_equal(change.before, change.after))
    return;
  listing->has_rules = 1;
  add(listing, change);
}

static void compare_rules(struct listing *listing, const struct hs_terms *before,
                          const struct hs_terms *after)
{
  for (size_t r = 0; r < after->rule_count; r++)
    compare_rule(listing, before, after, after->rules[r].name);
  for (size_t r = 0; r < before->rule_count; r++)
    if (rule_named(after, before->rules[r].name) == NULL)
      compare_rule(listing, before, after, before->rules[r].name);
}

/* ---- everything else ---- */

/* "hold days" of "terms.hold_days" */
static struct hs_str label_of(struct hs_arena *arena, const char *path)
{
  static const char TERMS[] = "terms.";
  if (strncmp(path, TERMS, sizeof TERMS - 1) == 0)
    path += sizeof TERMS - 1;
  size_t length = strlen(path);
  char *label = hs_arena_copy(arena, path, length);
  for (size_t i = 0; label != NULL && i < length; i++)
    if (label[i] == '_')
      label[i] = ' ';
  return (struct hs_str){label, length};
}

static void note_field(void *context, const char *path, const char *before, const char *after)
{
  struct listing *listing = context;
  struct hs_term_change change = {label_of(listing->arena, path), hs_str_of(before),
                                  hs_str_of(after)};
  int is_rule = strncmp(path, RULES_PATH, sizeof RULES_PATH - 1) == 0;
  listing->is_full |= change.what.data == NULL;
  /* What the sentence of a rule does not say is told as it stands. */
  if (!is_rule || !listing->has_rules)
    add(listing, change);
}

enum hs_status hs_agreed_changes(const struct hs_agreed_change *change, struct hs_arena *arena,
                                 struct hs_term_change **changes, size_t *count, struct hs_err *err)
{
  struct listing listing = {.arena = arena};
  compare_rules(&listing, &change->before.terms, &change->after.terms);
  enum hs_status status =
      hs_shape_compare(&hs_agreement_shape, &change->before.agreement, &change->after.agreement,
                       arena, note_field, &listing, err);
  if (status == HS_OK && listing.is_full)
    return hs_arena_full(arena, "what changes", err);
  *changes = listing.changes;
  *count = listing.count;
  return status;
}

/* ---- for people and machines ---- */

static void say_side(const char *label, struct hs_str words, const char *absent, size_t width,
                     struct hs_buf *out)
{
  struct hs_buf shown = hs_buf_in(out->arena);
  if (words.data == NULL)
    hs_buf_add_text(&shown, absent);
  else
    (void)hs_buf_add_shown(&shown, words, SIZE_MAX);
  hs_buf_fail_with(out, &shown);
  hs_buf_printf(out, "    %-7s ", label);
  hs_buf_add_wrapped(out, hs_buf_str(&shown), width, 12);
}

void hs_changes_say(const struct hs_term_change *changes, size_t count, size_t width,
                    struct hs_buf *out)
{
  for (size_t i = 0; i < count; i++) {
    hs_buf_add_text(out, "  ");
    (void)hs_buf_add_shown(out, changes[i].what, SIZE_MAX);
    hs_buf_add_char(out, '\n');
    say_side("so far", changes[i].before, "nothing", width, out);
    say_side("then", changes[i].after, "no longer", width, out);
  }
}

void hs_changes_json(const struct hs_term_change *changes, size_t count, struct hs_buf *out)
{
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < count; i++) {
    hs_buf_add_text(out, i > 0 ? ",{" : "{");
    hs_json_text(out, "what", changes[i].what);
    hs_json_text(out, "before", changes[i].before);
    hs_json_text(out, "after", changes[i].after);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}
