#include "base/status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *code;
  const char *words;
  int http;
  int exit_code;
} STATUSES[] = {
#define HS_STATUS_ROW(symbol, code, http, exit_code, words)                                        \
  [symbol] = {code, words, http, exit_code},
    HS_STATUS_TABLE(HS_STATUS_ROW)
#undef HS_STATUS_ROW
};

const char *hs_status_code(enum hs_status status) { return STATUSES[status].code; }
const char *hs_status_words(enum hs_status status) { return STATUSES[status].words; }
int hs_status_http(enum hs_status status) { return STATUSES[status].http; }
int hs_status_exit(enum hs_status status) { return STATUSES[status].exit_code; }

enum hs_status(hs_fail)(struct hs_err *err, enum hs_status status, const char *format, ...)
{
  if (err != NULL) {
    va_list arguments;
    va_start(arguments, format);
    err->status = status;
    (void)vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
  }
  return status;
}

enum hs_status(hs_fail_errno)(struct hs_err *err, enum hs_status status, int errno_value,
                              const char *format, ...)
{
  if (errno_value == ENOSPC || errno_value == EDQUOT)
    status = HS_FULL;
  if (err != NULL) {
    va_list arguments;
    va_start(arguments, format);
    err->status = status;
    (void)vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    size_t used = strlen(err->text);
    char reason[128];
    (void)snprintf(err->text + used, sizeof err->text - used, ": %s",
                   strerror_r(errno_value, reason, sizeof reason));
  }
  return status;
}

void hs_err_prefix(struct hs_err *err, const char *format, ...)
{
  if (err == NULL)
    return;
  char prefixed[sizeof err->text];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(prefixed, sizeof prefixed, format, arguments);
  va_end(arguments);
  size_t used = strlen(prefixed);
  size_t room = sizeof prefixed - used;
  (void)snprintf(prefixed + used, room, ": %.*s", (int)(room > 3 ? room - 3 : 0), err->text);
  memcpy(err->text, prefixed, sizeof prefixed);
}

void hs_assert_failed(const char *condition, const char *file, int line, const char *function)
{
  (void)fprintf(stderr, "hansa: bug: %s does not hold in %s (%s:%d)\n", condition, function, file,
                line);
  abort();
}
