#include "cli/rejects.h"

#define TOLD_MAX 20

void hs_rejects_tell(void *context, const struct hs_intake_reject *reject)
{
  struct hs_rejects *rejects = context;
  char value[512];
  if (rejects->count++ >= TOLD_MAX)
    return;
  hs_format_shown(reject->value, "", value, sizeof value);
  if (reject->column[0] == '\0')
    hs_cli_note(rejects->cli, "line %llu: %s", (unsigned long long)reject->line, reject->words);
  else
    hs_cli_note(rejects->cli, "line %llu, column %s: '%s' %s", (unsigned long long)reject->line,
                reject->column, value, reject->words);
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
