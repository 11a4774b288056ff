/* hs_agreement_read: what it accepts is written in a form that reads back to the same bytes,
   differs from itself in nothing, and has terms whose figures are in range; what it refuses has a
   fault. */
#include "fuzz.h"

#include <string.h>

#include "agreement/agreement.h"
#include "agreement/rule_check.h"
#include "agreement/terms.h"

static size_t fault_count;

static void note_fault([[maybe_unused]] void *context, const char *path, const char *words)
{
  HS_ASSERT(path != NULL && words[0] != '\0');
  fault_count++;
}

static void count_change(void *context, [[maybe_unused]] const char *path,
                         [[maybe_unused]] const char *before, [[maybe_unused]] const char *after)
{
  ++*(size_t *)context;
}

static void note_objection([[maybe_unused]] void *context, const struct hs_objection *objection)
{
  HS_ASSERT(objection->code != NULL && objection->words[0] != '\0');
}

static void note_guess([[maybe_unused]] void *context, const char *path)
{
  HS_ASSERT(path[0] != '\0');
}

static void note_finding(void *context, const struct hs_finding *finding)
{
  const struct hs_terms *terms = context;
  HS_ASSERT(finding->words[0] != '\0');
  HS_ASSERT(finding->rule == NULL ||
            (finding->rule >= terms->rules && finding->rule < terms->rules + terms->rule_count));
}

static struct hs_str write_form(const struct hs_agreement *agreement, struct hs_arena *arena)
{
  struct hs_buf out = hs_buf_in(arena);
  hs_shape_write(&hs_agreement_shape, agreement, &out);
  HS_ASSERT(hs_buf_status(&out, "an agreement", NULL) == HS_OK);
  return hs_buf_str(&out);
}

static void check_terms(const struct hs_terms *terms)
{
  HS_ASSERT(terms->rule_count > 0 && terms->window_days >= 1 && terms->window_days <= 365);
  for (size_t r = 0; r < terms->rule_count; r++) {
    const struct hs_rule *rule = &terms->rules[r];
    HS_ASSERT(r == 0 || rule->rank > terms->rules[r - 1].rank);
    HS_ASSERT(rule->rate.flat_minor >= 0 && rule->rate.percentage.digits >= 0);
    for (size_t t = 0; t < rule->tiers.count; t++)
      HS_ASSERT(rule->tiers.tier[t].from > (t == 0 ? 0 : rule->tiers.tier[t - 1].from));
    HS_ASSERT(rule->level == HS_LEVEL_ORDER || rule->event == HS_RULE_SALE);
  }
  for (size_t b = 0; b < terms->bonus_count; b++)
    HS_ASSERT(terms->bonuses[b].from > 0 && terms->bonuses[b].amount_minor > 0);
}

static void check(struct hs_str json, struct hs_arena *arena)
{
  struct hs_agreement agreement, again;
  struct hs_terms terms;
  struct hs_err err = {0};
  fault_count = 0;
  if (hs_agreement_read(json, arena, &agreement, &terms, note_fault, NULL, &err) != HS_OK) {
    HS_ASSERT(err.text[0] != '\0' && (err.status != HS_INVALID || fault_count > 0));
    return;
  }
  HS_ASSERT(fault_count == 0);
  check_terms(&terms);
  struct hs_str form = write_form(&agreement, arena);
  HS_ASSERT(hs_agreement_read(form, arena, &again, &terms, NULL, NULL, NULL) == HS_OK);
  HS_ASSERT(hs_str_equal(write_form(&again, arena), form));
  size_t changes = 0;
  HS_ASSERT(hs_shape_compare(&hs_agreement_shape, &agreement, &again, arena, count_change, &changes,
                             NULL) == HS_OK);
  HS_ASSERT(changes == 0);
  hs_agreement_guesses(&agreement, note_guess, NULL);
  HS_ASSERT(hs_terms_check(&terms, arena, note_finding, &terms, NULL) == HS_OK);
  (void)hs_agreement_gate(&agreement, note_objection, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_arena arena = {0};
  if (hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK)
    return 0;
  check((struct hs_str){(const char *)data, size}, &arena);
  hs_arena_release(&arena);
  return 0;
}
