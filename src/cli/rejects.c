#include "cli/rejects.h"

#define TOLD_MAX 20

/* column is absent where the whole row is at fault. */
static void tell(struct hs_rejects *rejects, uint64_t line, struct hs_str column,
                 struct hs_str value, const char *words)
{
  char shown[512];
  if (rejects->count++ >= TOLD_MAX)
    return;
  hs_format_shown(value, "", shown, sizeof shown);
  if (column.length == 0)
    hs_cli_note(rejects->cli, "line %llu: %s", (unsigned long long)line, words);
  else
    hs_cli_note(rejects->cli, "line %llu, column %.*s: '%s' %s", (unsigned long long)line,
                HS_STR_ARG(column), shown, words);
}

void hs_rejects_tell(void *context, const struct hs_intake_reject *reject)
{
  tell(context, reject->line, hs_str_of(reject->column), reject->value, reject->words);
}

void hs_rejects_tell_figures(void *context, const struct hs_figures_reject *reject)
{
  tell(context, reject->line, reject->column, reject->value, reject->reason);
}

void hs_rejects_end(const struct hs_rejects *rejects)
{
  if (rejects->count > TOLD_MAX)
    hs_cli_note(rejects->cli, "and %llu more %s", (unsigned long long)(rejects->count - TOLD_MAX),
                hs_plural(rejects->count - TOLD_MAX, "row", "rows"));
}

enum hs_status hs_rejects_status(const struct hs_rejects *rejects, struct hs_err *err)
{
  if (rejects->count == 0)
    return HS_OK;
  return hs_fail(err, HS_REJECTED_ROWS, "%llu %s rejected", (unsigned long long)rejects->count,
                 hs_plural(rejects->count, "row was", "rows were"));
}

enum hs_status hs_rejects_status_of(const struct hs_rejects *rejects, uint64_t row_count,
                                    struct hs_err *err)
{
  if (rejects->count == 0)
    return HS_OK;
  return hs_fail(err, HS_REJECTED_ROWS, "%llu of %llu %s %s rejected",
                 (unsigned long long)rejects->count, (unsigned long long)row_count,
                 hs_plural(row_count, "row", "rows"), hs_plural(rejects->count, "was", "were"));
}
