#include "service/agreed/agreement_check.h"

#include <stdio.h>

#include "agreement/rule_check.h"
#include "service/agreed/agreement_growth.h"

struct check {
  const struct hs_agreement *agreement;
  hs_check_fn tell;
  void *context;
  size_t standing;
};

const char *hs_check_level_words(enum hs_check_level level)
{
  static const char *const WORDS[] = {"objection", "set aside", "warning", "remark"};
  return WORDS[level];
}

static void tell_objection(void *context, const struct hs_objection *objection)
{
  struct check *check = context;
  const struct hs_check_row row = {.level = objection->overridden == NULL ? HS_CHECK_OBJECTION
                                                                          : HS_CHECK_SET_ASIDE,
                                   .code = objection->code,
                                   .path = objection->path,
                                   .words = objection->words,
                                   .overridden = objection->overridden};
  check->standing += row.level == HS_CHECK_OBJECTION;
  check->tell(check->context, &row);
}

static void tell_guess(void *context, const char *path)
{
  const struct check *check = context;
  const struct hs_check_row row = {.level = HS_CHECK_REMARK,
                                   .code = "guessing",
                                   .path = path,
                                   .words = "nobody knows yet: what would show it?"};
  check->tell(check->context, &row);
}

static void check_nature(const struct check *check)
{
  struct hs_nature nature;
  char words[HS_NATURE_WORDS];
  struct hs_check_row row = {
      .level = HS_CHECK_WARNING, .code = "other_kind", .path = "kind", .words = words};
  hs_agreement_nature(check->agreement, &nature);
  if (hs_nature_differs_from_name(&nature, words))
    check->tell(check->context, &row);
  row.code = "other_practice";
  row.path = "practice";
  if (hs_nature_differs_in_practice(&nature, words))
    check->tell(check->context, &row);
}

static void tell_finding(void *context, const struct hs_finding *finding)
{
  struct check *check = context;
  char path[64] = "terms.rules";
  if (finding->rule != NULL)
    (void)snprintf(path, sizeof path, "terms.rules[%u]", finding->rule->place);
  if (finding->level == HS_FINDING_ERROR) {
    const struct hs_objection objection = {finding->code, path, finding->words,
                                           hs_agreement_override(check->agreement, finding->code)};
    tell_objection(check, &objection);
    return;
  }
  const struct hs_check_row row = {.level = finding->level == HS_FINDING_WARNING ? HS_CHECK_WARNING
                                                                                 : HS_CHECK_REMARK,
                                   .code = finding->code,
                                   .path = path,
                                   .words = finding->words};
  check->tell(check->context, &row);
}

enum hs_status hs_agreement_check(const struct hs_agreement_file *file, struct hs_arena *arena,
                                  hs_check_fn tell, void *context, size_t *standing,
                                  struct hs_err *err)
{
  struct check check = {.agreement = &file->agreement, .tell = tell, .context = context};
  (void)hs_agreement_gate(&file->agreement, tell_objection, &check);
  hs_agreement_guesses(&file->agreement, tell_guess, &check);
  check_nature(&check);
  enum hs_status status = hs_terms_check(&file->terms, arena, tell_finding, &check, err);
  if (status == HS_OK)
    *standing = check.standing;
  return status;
}

/* Wide enough for "set aside" and a gap. */
#define LEVEL_WIDTH 11
#define SHOWN_MAX ((size_t)2000)

void hs_check_say(const struct hs_check_row *row, size_t width, struct hs_buf *out)
{
  struct hs_buf line = hs_buf_in(out->arena);
  hs_buf_printf(&line, "%s: ", row->path);
  hs_buf_add_shown(&line, hs_str_of(row->words), SHOWN_MAX);
  hs_buf_printf(&line, " (%s)", row->code);
  if (row->overridden != NULL) {
    hs_buf_add_text(&line, "; set aside by ");
    hs_buf_add_shown(&line, row->overridden->by, SHOWN_MAX);
    hs_buf_add_text(&line, ": ");
    hs_buf_add_shown(&line, row->overridden->reason, SHOWN_MAX);
  }
  hs_buf_fail_with(out, &line);
  hs_buf_printf(out, "%-*s", LEVEL_WIDTH, hs_check_level_words(row->level));
  hs_buf_add_wrapped(out, hs_buf_str(&line), width, LEVEL_WIDTH);
}
