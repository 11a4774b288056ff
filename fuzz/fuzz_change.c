/* hs_agreement_change: whatever lines say, an agreement comes out that has one form and can be read
   again, or an error with words. */
#include "fuzz.h"

#include "agreement/change.h"
#include "agreement/terms.h"

#define LINES_MAX 32

static struct hs_str form_of(const struct hs_agreement *agreement, struct hs_arena *arena)
{
  struct hs_buf out = hs_buf_in(arena);
  hs_shape_write(&hs_agreement_shape, agreement, &out);
  HS_ASSERT(hs_buf_status(&out, "an agreement", NULL) == HS_OK);
  return hs_buf_str(&out);
}

static void check(struct hs_str text, struct hs_arena *arena)
{
  const struct hs_template asked = {HS_STR("brand.example"), HS_STR("trails.example"),
                                    HS_STR("10%"), HS_STR("EUR"), 20000};
  enum hs_agreement_kind kind = (enum hs_agreement_kind)(text.length % 4);
  struct hs_agreement agreement, changed, again;
  struct hs_terms terms;
  struct hs_str lines[LINES_MAX];
  size_t count = 0;
  struct hs_err err = {0};
  HS_ASSERT(hs_agreement_template(kind, &asked, arena, &agreement, &terms, NULL) == HS_OK);
  while (text.data != NULL && count < LINES_MAX)
    lines[count++] = hs_str_cut(&text, '\n');
  enum hs_status status =
      hs_agreement_change(&agreement, lines, count, arena, &changed, &terms, NULL, NULL, &err);
  if (status != HS_OK) {
    HS_ASSERT(err.text[0] != '\0');
    return;
  }
  struct hs_str form = form_of(&changed, arena);
  HS_ASSERT(hs_agreement_read(form, arena, &again, &terms, NULL, NULL, NULL) == HS_OK);
  HS_ASSERT(hs_str_equal(form_of(&again, arena), form));
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
