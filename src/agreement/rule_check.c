#include "agreement/rule_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agreement/rule_priv.h"

/* Names and cases of one sentence. */
#define WORDS_MAX 1024

void hs_rule_find(const struct hs_rule_checking *checking, struct hs_finding finding,
                  const char *format, ...)
{
  char words[WORDS_MAX];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  finding.words = words;
  checking->tell(checking->context, &finding);
}

/* ---- one event ---- */

/* The rules of one event, and every set of them that holds together somewhere. */
struct event_check {
  struct hs_rule_checking checking;
  enum hs_rule_event event;
  struct hs_rule_space *space;
  hs_rule_set rules;
  const struct hs_rule_meeting *meetings;
  size_t count;
  int64_t
      least_minor[HS_RULES_MAX]; /* the smallest order, or item, that a rule pays for; -1: none */
};

/* ---- cases in words ---- */

static void add_words(char out[WORDS_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add_words(char out[WORDS_MAX], const char *format, ...)
{
  size_t used = strlen(out);
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(out + used, WORDS_MAX - used, format, arguments);
  va_end(arguments);
}

static void say_listed(char out[WORDS_MAX], const char *named, const char *unnamed,
                       struct hs_str text)
{
  if (text.data == NULL)
    add_words(out, " %s", unnamed);
  else
    add_words(out, " %s %.*s", named, HS_STR_ARG(text));
}

static void say_value(const struct hs_terms *terms, const struct hs_rule_case *example,
                      char out[WORDS_MAX])
{
  char text[HS_MONEY_TEXT];
  int has_items = 0;
  for (size_t r = 0; r < terms->rule_count; r++)
    has_items |= terms->rules[r].level == HS_LEVEL_ITEM;
  hs_money_format_grouped((struct hs_money){example->value_minor, terms->currency}, text);
  add_words(out, " of %s", text);
  hs_money_format_grouped((struct hs_money){example->item_minor, terms->currency}, text);
  if (has_items)
    add_words(out, " with an item of %s", text);
}

/* "an order by a returning customer with no code that a rule names" */
static void say_case(const struct event_check *check, const struct hs_rule_case *example,
                     char out[WORDS_MAX])
{
  static const char *const ONE[] = {"an order", "a lead", "a click", "an event"};
  static const char *const ANY[] = {"any order", "any lead", "any click", "any event"};
  unsigned fixed = example->fixed;
  (void)snprintf(out, WORDS_MAX, "%s", fixed == 0 ? ANY[check->event] : ONE[check->event]);
  if (fixed >> HS_AXIS_CUSTOMER & 1)
    add_words(out, " by a %s customer", example->is_new ? "new" : "returning");
  if (fixed >> HS_AXIS_CUSTOMER & 1 && example->months > 0)
    add_words(out, " %u %s after their first", example->months,
              hs_plural(example->months, "month", "months"));
  if (fixed >> HS_AXIS_VALUE & 1)
    say_value(check->checking.terms, example, out);
  if (fixed >> HS_AXIS_COUPON & 1)
    say_listed(out, "with the code", "with no code that a rule names", example->coupon);
  if (fixed >> HS_AXIS_COUNTRY & 1)
    say_listed(out, "from", "from a country that no rule names", example->country);
  if (fixed >> HS_AXIS_PRODUCT & 1)
    say_listed(out, "for", "for a product that no rule names", example->product);
  if (fixed >> HS_AXIS_METADATA & 1)
    say_listed(out, "with", "with no metadata that a rule names", example->metadata);
  if (fixed >> HS_AXIS_NAME & 1)
    say_listed(out, "called", "with a name that no rule has", example->name);
}

/* ---- claims ---- */

static const struct hs_rule_region EVERYWHERE = {{-1, -1, -1, -1, -1, -1, -1}};

/* What a statement about orders says of the rules that hold for one. */
struct claim {
  int first; /* this one comes first; -1: none holds */
  int also;  /* and this one holds as well; -1: no matter */
};

static int is_true(struct claim claim, hs_rule_set rules)
{
  return hs_rule_set_first(rules) == claim.first &&
         (claim.also < 0 || (rules & HS_RULE_BIT(claim.also)) != 0);
}

static int is_true_in(struct event_check *check, struct claim claim,
                      const struct hs_rule_region *region)
{
  const struct hs_rule_meeting *meetings;
  size_t count;
  if (!hs_rule_meetings(check->space, check->rules, region, &meetings, &count))
    return 0;
  for (size_t m = 0; m < count; m++)
    if (!is_true(claim, meetings[m].rules))
      return 0;
  return 1;
}

static struct hs_rule_case case_in(const struct hs_rule_space *space,
                                   const struct hs_rule_region *region)
{
  struct hs_rule_case out = {0};
  const struct hs_rule_cell *cells[HS_RULE_AXIS_COUNT];
  for (size_t a = 0; a < HS_RULE_AXIS_COUNT; a++) {
    cells[a] = &space->axes[a].cells[region->cell[a] < 0 ? 0 : region->cell[a]];
    out.fixed |= region->cell[a] < 0 ? 0 : 1U << a;
  }
  out.is_new = cells[HS_AXIS_CUSTOMER]->is_new;
  out.months = (uint32_t)cells[HS_AXIS_CUSTOMER]->figure;
  out.value_minor = cells[HS_AXIS_VALUE]->figure;
  out.item_minor = cells[HS_AXIS_VALUE]->item;
  out.coupon = cells[HS_AXIS_COUPON]->text;
  out.country = cells[HS_AXIS_COUNTRY]->text;
  out.product = cells[HS_AXIS_PRODUCT]->text;
  out.metadata = cells[HS_AXIS_METADATA]->text;
  out.name = cells[HS_AXIS_NAME]->text;
  return out;
}

static int is_earlier(const struct hs_rule_meeting *a, const struct hs_rule_meeting *b)
{
  for (size_t i = 0; i < HS_RULE_AXIS_COUNT; i++)
    if (a->cell[i] != b->cell[i])
      return a->cell[i] < b->cell[i];
  return 0;
}

/* An order on which a claim is seen, fixed on no more axes than it takes. 0: there is none. */
static int find_case(struct event_check *check, struct claim claim, struct hs_rule_case *out)
{
  const struct hs_rule_meeting *found = NULL;
  struct hs_rule_region region;
  for (size_t m = 0; m < check->count; m++)
    if (is_true(claim, check->meetings[m].rules) &&
        (found == NULL || is_earlier(&check->meetings[m], found)))
      found = &check->meetings[m];
  if (found == NULL)
    return 0;
  for (size_t a = 0; a < HS_RULE_AXIS_COUNT; a++)
    region.cell[a] = (int32_t)found->cell[a];
  for (size_t a = HS_RULE_AXIS_COUNT; a-- > 0;) {
    region.cell[a] = -1;
    if (!is_true_in(check, claim, &region))
      region.cell[a] = (int32_t)found->cell[a];
  }
  *out = case_in(check->space, &region);
  return 1;
}

/* ---- what never pays ---- */

static hs_rule_set first_where(const struct event_check *check, int rule)
{
  hs_rule_set firsts = 0;
  for (size_t m = 0; m < check->count; m++)
    if (check->meetings[m].rules & HS_RULE_BIT(rule))
      firsts |= HS_RULE_BIT(hs_rule_set_first(check->meetings[m].rules));
  return firsts;
}

static void tell_unreachable(const struct event_check *check, int rule)
{
  const struct hs_rule *rules = check->checking.terms->rules;
  struct hs_finding finding = {
      HS_FINDING_ERROR, "unreachable_rule", &rules[rule], NULL, NULL, NULL};
  hs_rule_set before = first_where(check, rule);
  char names[WORDS_MAX / 2] = "";
  if (before == 0) {
    hs_rule_find(&check->checking, finding, "never pays: its conditions exclude each other");
    return;
  }
  for (int r = 0; r < rule; r++) {
    size_t used = strlen(names);
    if (before & HS_RULE_BIT(r))
      (void)snprintf(names + used, sizeof names - used, "%s\"%.*s\"", used > 0 ? ", " : "",
                     HS_STR_ARG(rules[r].name));
  }
  hs_rule_find(&check->checking, finding, "never pays: wherever it holds, %s comes first", names);
}

/* ---- together ---- */

static void tell_overlap(struct event_check *check, int first, int second)
{
  const struct hs_rule *rules = check->checking.terms->rules;
  struct hs_rule_case example;
  char words[WORDS_MAX];
  if (!find_case(check, (struct claim){first, second}, &example))
    return;
  say_case(check, &example, words);
  hs_rule_find(&check->checking,
               (struct hs_finding){HS_FINDING_REMARK, "overlap", &rules[second], &rules[first],
                                   &example, NULL},
               "\"%.*s\" comes first, as for %s", HS_STR_ARG(rules[first].name), words);
}

static void tell_gap(struct event_check *check)
{
  struct hs_rule_case example;
  char words[WORDS_MAX];
  if (!find_case(check, (struct claim){-1, -1}, &example))
    return;
  say_case(check, &example, words);
  hs_rule_find(&check->checking,
               (struct hs_finding){HS_FINDING_REMARK, "gap", NULL, NULL, &example, NULL},
               "no rule pays for %s", words);
}

static void check_together(struct event_check *check)
{
  int count = (int)check->checking.terms->rule_count;
  for (int second = 0; second < count; second++) {
    hs_rule_set firsts = first_where(check, second);
    if (!(check->rules & HS_RULE_BIT(second)) || !(firsts & HS_RULE_BIT(second)))
      continue;
    for (int first = 0; first < second; first++)
      if (firsts & HS_RULE_BIT(first))
        tell_overlap(check, first, second);
  }
  if (check->event == HS_RULE_SALE)
    tell_gap(check);
}

/* ---- the parts of a check ---- */

static void note_least(struct event_check *check, int rule, const struct hs_rule_cell *values)
{
  int is_by_item = check->checking.terms->rules[rule].level == HS_LEVEL_ITEM;
  int64_t value = is_by_item ? values->item : values->figure;
  if (check->least_minor[rule] < 0 || value < check->least_minor[rule])
    check->least_minor[rule] = value;
}

/* Of a rule for items the value is that of the item. Gives 0 when there are too many cases. */
static int find_least(struct event_check *check)
{
  const struct hs_rule_axis_cells *values = &check->space->axes[HS_AXIS_VALUE];
  for (size_t r = 0; r < HS_RULES_MAX; r++)
    check->least_minor[r] = -1;
  for (size_t v = 0; v < values->count; v++) {
    struct hs_rule_region region = EVERYWHERE;
    const struct hs_rule_meeting *meetings;
    size_t count;
    region.cell[HS_AXIS_VALUE] = (int32_t)v;
    if (!hs_rule_meetings(check->space, check->rules, &region, &meetings, &count))
      return 0;
    for (size_t m = 0; m < count; m++) {
      int first = hs_rule_set_first(meetings[m].rules);
      if (first >= 0)
        note_least(check, first, &values->cells[v]);
    }
  }
  return 1;
}

/* The meetings of all orders, kept beside the space's own storage. */
static enum hs_status keep_meetings(struct event_check *check, struct hs_arena *arena,
                                    int *is_known, struct hs_err *err)
{
  const struct hs_rule_meeting *meetings = NULL;
  size_t count = 0;
  *is_known = hs_rule_meetings(check->space, check->rules, &EVERYWHERE, &meetings, &count) != 0;
  if (!*is_known)
    return HS_OK;
  struct hs_rule_meeting *kept = hs_arena_alloc(arena, count, sizeof *kept);
  if (kept == NULL)
    return hs_arena_full(arena, "the cases of an agreement's rules", err);
  memcpy(kept, meetings, count * sizeof *kept);
  check->meetings = kept;
  check->count = count;
  *is_known = find_least(check);
  return HS_OK;
}

static void tell_not_checked(const struct event_check *check)
{
  hs_rule_find(&check->checking,
               (struct hs_finding){HS_FINDING_WARNING, "not_checked", NULL, NULL, NULL, NULL},
               "the conditions meet in too many ways: overlaps, gaps and rules that never pay were "
               "not looked for");
}

static void check_rule(const struct event_check *check, int rule, int is_known)
{
  const struct hs_rule *it = &check->checking.terms->rules[rule];
  int64_t least_minor = is_known ? check->least_minor[rule] : it->when.value_min_minor;
  if (is_known && least_minor < 0)
    tell_unreachable(check, rule);
  if (it->months_max > 0 && (it->is_first_only || it->when.customer == HS_CUSTOMER_NEW))
    hs_rule_find(&check->checking,
                 (struct hs_finding){HS_FINDING_REMARK, "idle_months", it, NULL, NULL, NULL},
                 "its months change nothing: it is for a customer's first order alone");
  hs_rule_check_figures(&check->checking, it, least_minor);
}

static enum hs_status check_event(struct event_check *check, struct hs_arena *arena,
                                  struct hs_err *err)
{
  const struct hs_terms *terms = check->checking.terms;
  int is_known = 0;
  for (size_t r = 0; r < terms->rule_count; r++)
    if (terms->rules[r].event == check->event)
      check->rules |= HS_RULE_BIT(r);
  if (check->rules == 0 && check->event != HS_RULE_SALE)
    return HS_OK;
  enum hs_status status = keep_meetings(check, arena, &is_known, err);
  if (status != HS_OK)
    return status;
  for (int r = 0; r < (int)terms->rule_count; r++)
    if (check->rules & HS_RULE_BIT(r))
      check_rule(check, r, is_known);
  if (is_known)
    check_together(check);
  else
    tell_not_checked(check);
  return HS_OK;
}

enum hs_status hs_terms_check(const struct hs_terms *terms, struct hs_arena *arena,
                              hs_finding_fn tell, void *context, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  struct hs_rule_space space;
  enum hs_status status = hs_rule_space_make(terms, arena, &space, err);
  for (enum hs_rule_event e = HS_RULE_SALE; status == HS_OK && e <= HS_RULE_CUSTOM; e++) {
    struct event_check check = {.checking = {terms, tell, context}, .event = e, .space = &space};
    status = check_event(&check, arena, err);
  }
  hs_arena_reset(arena, mark);
  return status;
}
